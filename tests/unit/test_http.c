/* plugin/http.h against a server of the test's own: a thread that gives the answers it was told to, byte for byte. */
#include "plugin/http.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "plugin/url.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWERS_MOST = 8 };

struct server {
	int listener;
	uint16_t port;
	pthread_t thread;
	const char *answers[ANSWERS_MOST]; /* "": close without one; "wait": until the client goes; "keep …" */
	struct rf_buffer requests[ANSWERS_MOST];
	size_t n_answers;
};

static const char keeps[] = "keep ";
static struct rf_arena arena;
static struct rf_http_client *client;
static struct server server, other;

/* ---- the server -------------------------------------------------------------------------------------------------- */

/* Reads one request: its head, and a body of the length that it says. */
static bool read_request(int connection, struct rf_buffer *request)
{
	for (;;) {
		char piece[4096];
		const char *end = request->data ? strstr(request->data, "\r\n\r\n") : NULL;
		const char *length = end ? strcasestr(request->data, "\r\nContent-Length: ") : NULL;
		size_t body = length ? strtoul(length + 18, NULL, 10) : 0;
		if (end && request->size >= (size_t)(end - request->data) + 4 + body)
			return true;
		ssize_t n = read(connection, piece, sizeof piece);
		if (n <= 0)
			return false;
		rf_buffer_add(request, piece, (size_t)n);
	}
}

/* Sends an answer, or does not; true: the connection is kept for the next request. */
static bool give(int connection, const char *answer)
{
	char byte;
	bool keep = strncmp(answer, keeps, strlen(keeps)) == 0;
	if (keep)
		answer += strlen(keeps);
	if (!strcmp(answer, "wait"))
		while (read(connection, &byte, 1) > 0)
			;
	else
		send(connection, answer, strlen(answer), MSG_NOSIGNAL);
	return keep;
}

/* The kept connection when a request comes on it, else a new one; -1: the test ends. */
static int next_connection(const struct server *self, int kept)
{
	struct pollfd ready[] = {{.fd = self->listener, .events = POLLIN}, {.fd = kept, .events = POLLIN}};
	if (poll(ready, 2, -1) < 0 || (kept >= 0 && !ready[0].revents))
		return kept;
	if (kept >= 0)
		close(kept);
	return accept(self->listener, NULL, NULL);
}

/* Each answer has a connection of its own, unless the one before kept it and the client uses it. */
static void *serve(void *context)
{
	struct server *self = context;
	int connection = -1;
	for (size_t i = 0; i < self->n_answers; i++) {
		connection = next_connection(self, connection);
		if (connection < 0)
			break;
		if (read_request(connection, &self->requests[i]) && give(connection, self->answers[i]))
			continue;
		close(connection);
		connection = -1;
	}
	if (connection >= 0)
		close(connection);
	return NULL;
}

static void start(struct server *self, const char *const *answers, size_t n)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	*self = (struct server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .n_answers = n};
	assert_int_equal(bind(self->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(self->listener, 4), 0);
	assert_int_equal(getsockname(self->listener, (struct sockaddr *)&address, &size), 0);
	self->port = ntohs(address.sin_port);
	for (size_t i = 0; i < n; i++)
		self->answers[i] = answers[i];
	assert_int_equal(pthread_create(&self->thread, NULL, serve, self), 0);
}

static void stop(struct server *self)
{
	if (self->listener <= 0)
		return;
	shutdown(self->listener, SHUT_RDWR);
	pthread_join(self->thread, NULL);
	close(self->listener);
	for (size_t i = 0; i < self->n_answers; i++)
		rf_buffer_deinit(&self->requests[i]);
	*self = (struct server){0};
}

#define START(self, ...)                                                                                               \
	start(self, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *url(const struct server *self, const char *path)
{
	return rf_arena_format(&arena, "http://127.0.0.1:%u%s", (unsigned)self->port, path);
}

static struct referat_answer request(struct referat_http asked)
{
	return rf_http_request(client, &arena, &asked);
}

static int set_up(void **state)
{
	(void)state;
	const struct rf_http_limits limits = {.connect_us = 2000000, .total_us = 2000000};
	setenv("no_proxy", "*", 1); /* whatever the machine has set */
	client = rf_http_client_new(&limits);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stop(&server);
	stop(&other);
	rf_http_client_free(client);
	rf_arena_clear(&arena);
	return 0;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static void a_request_goes_out_as_it_was_asked(void **state)
{
	(void)state;
	START(&server, "HTTP/1.1 201 Created\r\nLocation: ../notices/5\r\nETag: \"a1\"\r\nContent-Type: text/plain\r\n"
		       "Content-Length: 2\r\nConnection: close\r\n\r\nok");
	const char *headers[] = {"X-Board: north", NULL};
	struct referat_answer answer = request((struct referat_http){.method = "PUT",
								     .url = url(&server, "/api/notice?x=1"),
								     .type = "application/json",
								     .body = "{\"a\":1}",
								     .bearer = "s3cret",
								     .headers = headers});
	assert_int_equal(answer.status, 201);
	assert_string_equal(answer.location, url(&server, "/notices/5"));
	assert_string_equal(answer.etag, "\"a1\"");
	assert_string_equal(answer.type, "text/plain");
	assert_string_equal((const char *)answer.body.data, "ok");
	assert_string_equal(answer.problem, "");
	const char *sent = server.requests[0].data;
	assert_memory_equal(sent, "PUT /api/notice?x=1 HTTP/1.1\r\n", 30);
	assert_non_null(strstr(sent, "\r\nAuthorization: Bearer s3cret\r\n"));
	assert_non_null(strstr(sent, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(sent, "\r\nX-Board: north\r\n"));
	assert_non_null(strstr(sent, "\r\n\r\n{\"a\":1}"));
	assert_null(strstr(sent, "Expect:"));
}

static void an_answer_that_is_not_good_says_what_was_asked(void **state)
{
	(void)state;
	START(&server, "HTTP/1.1 503 No\r\nRetry-After: 90\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	struct referat_answer answer =
	    request((struct referat_http){.url = url(&server, "/a?key=secret"), .user = "u", .password = "p"});
	assert_int_equal(answer.status, 503);
	assert_int_equal(answer.retry_after_us, INT64_C(90000000));
	assert_string_equal(answer.problem, rf_arena_format(&arena, "GET %s: answered 503", url(&server, "/a")));
	assert_non_null(strstr(server.requests[0].data, "\r\nAuthorization: Basic dTpw\r\n"));
}

/* ---- no answer --------------------------------------------------------------------------------------------------- */

static void what_never_left_was_not_sent(void **state)
{
	(void)state;
	struct referat_answer answer =
	    request((struct referat_http){.method = "PUT", .url = "http://127.0.0.1:1/", .body = "x"});
	assert_int_equal(answer.status, 0);
	assert_false(answer.sent);
	assert_true(answer.unreachable);
	assert_non_null(strstr(answer.problem, "PUT http://127.0.0.1:1/: Failed to connect"));
	answer = request((struct referat_http){.method = "PUT", .url = "http://nowhere.invalid/", .body = "x"});
	assert_int_equal(answer.status, 0);
	assert_false(answer.sent);
	assert_true(answer.unreachable);
	answer = request((struct referat_http){.method = "PUT", .url = "ftp://127.0.0.1/", .body = "x"});
	assert_false(answer.sent || answer.unreachable); /* it is the request that is wrong */
}

static void what_left_without_an_answer_may_have_been_done(void **state)
{
	(void)state;
	START(&server, "", "", "wait");
	struct referat_answer answer =
	    request((struct referat_http){.method = "PUT", .url = url(&server, "/"), .body = "x"});
	assert_int_equal(answer.status, 0);
	assert_true(answer.sent);
	assert_non_null(strstr(answer.problem, "sent, but no whole answer came"));
	answer = request((struct referat_http){.url = url(&server, "/")});
	assert_int_equal(answer.status, 0);
	assert_false(answer.sent); /* what only reads changes nothing */
	assert_false(answer.unreachable);
	answer = request((struct referat_http){.method = "DELETE", .url = url(&server, "/")});
	assert_true(answer.sent);
	assert_non_null(strstr(answer.problem, "timed out"));
}

/* On a connection that was kept, the library would send it once more by itself. */
static void what_left_without_an_answer_is_not_sent_again(void **state)
{
	(void)state;
	static const char ok[] = "keep HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	static const char *const methods[] = {"POST", "PUT", "DELETE"};
	for (size_t i = 0; i < 2 * sizeof methods / sizeof *methods; i++) {
		START(&server, ok, "", ok);
		assert_int_equal(request((struct referat_http){.url = url(&server, "/")}).status, 200);
		struct referat_answer answer = request((struct referat_http){
		    .method = methods[i / 2], .url = url(&server, "/articles"), .body = i % 2 ? "{}" : NULL});
		assert_int_equal(answer.status, 0);
		assert_true(answer.sent);
		stop(&server);
	}
}

static void an_answer_that_breaks_off_is_none(void **state)
{
	(void)state;
	START(&server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf");
	struct referat_answer answer =
	    request((struct referat_http){.method = "POST", .url = url(&server, "/"), .body = "x"});
	assert_int_equal(answer.status, 0);
	assert_true(answer.sent);
}

static void a_long_answer_is_cut_off(void **state)
{
	(void)state;
	START(&server, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789",
	      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789");
	struct referat_answer answer = request((struct referat_http){.url = url(&server, "/"), .most = 9});
	assert_int_equal(answer.status, 0);
	assert_non_null(strstr(answer.problem, "the answer is longer than 9 bytes"));
	answer = request((struct referat_http){.url = url(&server, "/"), .most = 10});
	assert_int_equal(answer.status, 200);
}

static void headers_without_end_are_cut_off(void **state)
{
	(void)state;
	static const char line[] = "Location: /a-place-of-some-forty-bytes-or-so/\r\n";
	struct rf_buffer many = RF_BUFFER_INIT, interim = RF_BUFFER_INIT;
	rf_buffer_add_text(&many, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 20000; i++) {
		rf_buffer_add_text(&many, line);
		rf_buffer_add_text(&interim, "HTTP/1.1 100 Continue\r\n\r\n");
	}
	rf_buffer_add(&many, "", 1);
	rf_buffer_add(&interim, "", 1);
	START(&server, (const char *)many.data, (const char *)interim.data);
	for (int i = 0; i < 2; i++) {
		struct referat_answer answer = request((struct referat_http){.url = url(&server, "/")});
		assert_int_equal(answer.status, 0);
		assert_non_null(strstr(answer.problem, "the answer has more than 262144 bytes of headers"));
	}
	stop(&server);
	rf_buffer_deinit(&many);
	rf_buffer_deinit(&interim);
}

static void nobody_is_made_to_wait_for_ever(void **state)
{
	(void)state;
	START(
	    &server,
	    "HTTP/1.1 503 Busy\r\nRetry-After: 9223372036854775807\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	struct referat_answer answer = request((struct referat_http){.url = url(&server, "/")});
	assert_int_equal(answer.status, 503);
	assert_int_equal(answer.retry_after_us, INT64_C(366) * 86400 * 1000000);
}

static void a_server_without_tls_is_not_spoken_to_in_clear(void **state)
{
	(void)state;
	START(&server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	struct referat_answer answer = request(
	    (struct referat_http){.method = "PUT",
				  .url = rf_arena_format(&arena, "https://127.0.0.1:%u/", (unsigned)server.port),
				  .bearer = "s3cret"});
	assert_int_equal(answer.status, 0);
	assert_false(answer.sent);
}

/* ---- redirection ------------------------------------------------------------------------------------------------- */

static void reading_is_redirected_and_credentials_stay(void **state)
{
	(void)state;
	START(&other, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere");
	const char *moved = rf_arena_format(
	    &arena, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
	    url(&other, "/b"));
	START(&server, "HTTP/1.1 301 Moved\r\nLocation: /a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", moved);
	const char *headers[] = {"X-Api-Key: k3y", NULL};
	struct referat_answer answer =
	    request((struct referat_http){.url = url(&server, "/"), .bearer = "s3cret", .headers = headers});
	assert_int_equal(answer.status, 200);
	assert_string_equal((const char *)answer.body.data, "here");
	assert_string_equal(answer.location, url(&other, "/b"));
	assert_non_null(strstr(server.requests[1].data, "s3cret"));
	assert_null(strstr(other.requests[0].data, "s3cret"));
	assert_null(strstr(other.requests[0].data, "k3y"));
}

static void changing_is_redirected_only_by_307_within_the_origin(void **state)
{
	(void)state;
	const char *away = rf_arena_format(
	    &arena,
	    "HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	START(&server, "HTTP/1.1 307 There\r\nLocation: /b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
	      "HTTP/1.1 204 Done\r\nConnection: close\r\n\r\n",
	      "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", away);
	struct referat_http put = {.method = "PUT", .url = url(&server, "/"), .body = "x"};
	assert_int_equal(request(put).status, 204);
	assert_memory_equal(server.requests[1].data, "PUT /b ", 7);
	struct referat_answer answer = request(put);
	assert_int_equal(answer.status, 302);
	assert_non_null(strstr(answer.problem, "it has moved to"));
	assert_int_equal(request(put).status, 307);
}

static void circles_end(void **state)
{
	(void)state;
	static const char again[] =
	    "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	START(&server, again, again, again, again, again, again, again);
	struct referat_answer answer = request((struct referat_http){.url = url(&server, "/")});
	assert_int_equal(answer.status, 0);
	assert_non_null(strstr(answer.problem, "redirected too often"));
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

static void is_refused(struct referat_http asked)
{
	struct referat_answer answer = request(asked);
	assert_int_equal(answer.status, 0);
	assert_false(answer.sent);
}

static void nothing_breaks_out_of_a_request(void **state)
{
	(void)state;
	const char *split[] = {"X: a\r\nY: b", NULL};
	const char *nameless[] = {"no colon", NULL};
	is_refused((struct referat_http){.url = NULL});
	is_refused((struct referat_http){.url = "file:///etc/passwd"});
	is_refused((struct referat_http){.url = "ftp://127.0.0.1/"});
	is_refused((struct referat_http){.url = "http://user:pass@127.0.0.1/"});
	is_refused((struct referat_http){.url = "127.0.0.1"});
	is_refused((struct referat_http){.url = "http://127.0.0.1:1/", .method = "GET / HTTP/1.1\r\nX:"});
	is_refused((struct referat_http){.url = "http://127.0.0.1:1/", .bearer = "a\r\nX: b"});
	is_refused((struct referat_http){.url = "http://127.0.0.1:1/", .type = "a\nb"});
	is_refused((struct referat_http){.url = "http://127.0.0.1:1/", .headers = split});
	is_refused((struct referat_http){.url = "http://127.0.0.1:1/", .headers = nameless});
}

static void addresses_are_understood(void **state)
{
	(void)state;
	assert_true(rf_url_same_origin("https://Example.org/a", "https://example.org:443/b"));
	assert_false(rf_url_same_origin("https://example.org/", "http://example.org/"));
	assert_false(rf_url_same_origin("https://example.org/", "https://example.org:8443/"));
	assert_false(rf_url_same_origin("https://example.org/", "https://example.org.evil.test/"));
	assert_true(rf_url_is_open("http://intra.example.org/"));
	assert_false(rf_url_is_open("http://LocalHost:8080/"));
	assert_false(rf_url_is_open("http://[::1]/"));
	assert_false(rf_url_is_open("https://intra.example.org/"));
	assert_string_equal(rf_url_resolve(&arena, "https://a.test/x/y", "../z"), "https://a.test/z");
	assert_string_equal(rf_url_resolve(&arena, "https://a.test/x", "http://["), "https://a.test/x");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_request_goes_out_as_it_was_asked),
	    TEST(an_answer_that_is_not_good_says_what_was_asked),
	    TEST(what_never_left_was_not_sent),
	    TEST(what_left_without_an_answer_may_have_been_done),
	    TEST(what_left_without_an_answer_is_not_sent_again),
	    TEST(an_answer_that_breaks_off_is_none),
	    TEST(a_long_answer_is_cut_off),
	    TEST(headers_without_end_are_cut_off),
	    TEST(nobody_is_made_to_wait_for_ever),
	    TEST(a_server_without_tls_is_not_spoken_to_in_clear),
	    TEST(reading_is_redirected_and_credentials_stay),
	    TEST(changing_is_redirected_only_by_307_within_the_origin),
	    TEST(circles_end),
	    TEST(nothing_breaks_out_of_a_request),
	    TEST(addresses_are_understood),
	};
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
