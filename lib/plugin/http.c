#include "plugin/http.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin/call.h"
#include "plugin/url.h"

#include <ctype.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { REDIRECTS_MOST = 5, ANSWER_MOST = 1024 * 1024, HEADER_MOST = 8192, HEADERS_MOST = 256 * 1024 };

static const int64_t retry_after_most_s = INT64_C(366) * 86400;

const struct rf_http_limits rf_http_default_limits = {.connect_us = INT64_C(10000000), .total_us = INT64_C(60000000)};

struct rf_http_client {
	CURL *curl;
	struct rf_http_limits limits;
	bool warned; /* that credentials go in clear */
};

/* One exchange: one request on the wire and what came back. */
struct exchange {
	struct rf_arena *arena;
	struct rf_buffer body;
	uint64_t most;
	size_t n_headers; /* bytes of all header lines, those of interim answers too */
	bool too_large, too_many;
	const char *location, *etag, *type, *link; /* NULL: the answer has none */
};

struct rf_http_client *rf_http_client_new(const struct rf_http_limits *limits)
{
	struct rf_http_client *client = rf_alloc(sizeof *client);
	client->limits = *limits;
	client->curl = curl_easy_init();
	return client;
}

void rf_http_client_free(struct rf_http_client *client)
{
	if (client)
		curl_easy_cleanup(client->curl);
	free(client);
}

/* ---- what is asked ----------------------------------------------------------------------------------------------- */

static const char *method_of(const struct referat_http *request)
{
	return request->method ? request->method : "GET";
}

static bool only_reads(const struct referat_http *request)
{
	return !strcmp(method_of(request), "GET") || !strcmp(method_of(request), "HEAD");
}

static bool is_one_line(const char *text)
{
	for (const char *c = text; c && *c; c++)
		if (iscntrl((unsigned char)*c) && *c != '\t')
			return false;
	return true;
}

static bool is_token(const char *text)
{
	for (const char *c = text; *c; c++)
		if (!isupper((unsigned char)*c))
			return false;
	return text[0];
}

/* What would let a plugin, or a text that it passes on, break out of the request. NULL: nothing. */
static const char *refuse(const struct referat_http *request)
{
	if (!request->url || !rf_url_is_http(request->url))
		return "the address must start with http:// or https:// and name a host, without user and password";
	if (!is_token(method_of(request)))
		return "the method must be upper-case letters";
	const char *lines[] = {request->type, request->bearer, request->user, request->password, request->s3_region};
	for (size_t i = 0; i < RF_COUNT(lines); i++)
		if (!is_one_line(lines[i]))
			return "a header would hold a control character";
	for (size_t i = 0; request->headers && request->headers[i]; i++)
		if (!is_one_line(request->headers[i]) || !strchr(request->headers[i], ':'))
			return "a header is not one line 'Name: value'";
	return NULL;
}

/* "PUT https://host/path": without query and credentials, for messages. */
static const char *name_of(struct rf_arena *arena, const struct referat_http *request)
{
	const char *url = request->url ? request->url : "";
	return rf_arena_format(arena, "%s %.*s", method_of(request), (int)strcspn(url, "?#"), url);
}

/* ---- what comes back --------------------------------------------------------------------------------------------- */

static size_t take_body(char *data, size_t one, size_t size, void *context)
{
	struct exchange *exchange = context;
	(void)one;
	if (size > exchange->most - exchange->body.size) {
		exchange->too_large = true;
		return 0;
	}
	rf_buffer_add(&exchange->body, data, size);
	return size;
}

/* The value of the header line when it has that name, trimmed. */
static const char *header_value(struct exchange *exchange, const char *line, size_t size, const char *name)
{
	size_t n = strlen(name);
	if (size <= n || size > HEADER_MOST || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	rf_autofree char *value = rf_text_trim(line + n + 1, size - n - 1);
	return rf_text_is_utf8(value, strlen(value)) ? rf_arena_text(exchange->arena, value) : NULL;
}

/* There may be several such headers, and together they are bounded as one is. */
static bool links_fit(const struct exchange *exchange, const char *value)
{
	return (exchange->link ? strlen(exchange->link) : 0) + strlen(value) < HEADER_MOST;
}

static size_t take_header(char *line, size_t one, size_t size, void *context)
{
	struct exchange *exchange = context;
	(void)one;
	exchange->n_headers += size;
	exchange->too_many = exchange->n_headers > HEADERS_MOST;
	if (exchange->too_many)
		return 0;
	if (size > 5 && !strncmp(line, "HTTP/", 5)) { /* a further answer: what 100 Continue said is void */
		exchange->location = exchange->etag = exchange->type = exchange->link = NULL;
		return size;
	}
	const char *value = NULL;
	if ((value = header_value(exchange, line, size, "Location")))
		exchange->location = value;
	else if ((value = header_value(exchange, line, size, "ETag")))
		exchange->etag = value;
	else if ((value = header_value(exchange, line, size, "Content-Type")))
		exchange->type = value;
	else if ((value = header_value(exchange, line, size, "Link")) && links_fit(exchange, value))
		exchange->link =
		    exchange->link ? rf_arena_format(exchange->arena, "%s, %s", exchange->link, value) : value;
	return size;
}

/* ---- one exchange ------------------------------------------------------------------------------------------------ */

static struct referat_bytes body_of(const struct referat_http *request)
{
	if (!request->body)
		return request->data;
	return (struct referat_bytes){(const uint8_t *)request->body, strlen(request->body)};
}

static size_t give_body(char *buffer, size_t one, size_t most, void *context)
{
	struct referat_bytes *left = context;
	(void)one;
	size_t size = left->size < most ? left->size : most;
	if (size)
		memcpy(buffer, left->data, size);
	left->data += size;
	left->size -= size;
	return size;
}

/* When a connection that was used before ends without an answer, libcurl sends the request once more by itself: the
 * other side may have acted on the first. What changes something must go out once, so its body can't be read again, and
 * what has none takes a connection of its own. `left` is what is to be sent; it lives as long as the exchange. */
static void set_body(CURL *curl, const struct referat_http *request, struct referat_bytes *left)
{
	if (!strcmp(method_of(request), "HEAD"))
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (!left->data && only_reads(request))
		return;
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)left->size);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, left);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method_of(request));
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, left->size == 0 ? 1L : 0L);
}

static bool is_signed(const struct referat_http *request)
{
	return request->s3_region && request->s3_region[0];
}

static void set_credentials(CURL *curl, const struct referat_http *request)
{
	if (is_signed(request)) {
		rf_autofree char *scope = rf_format("aws:amz:%s:s3", request->s3_region);
		curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope);
	}
	if (request->bearer && request->bearer[0]) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request->bearer);
	} else if (request->user && request->user[0]) {
		if (!is_signed(request))
			curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, request->password ? request->password : "");
	}
}

/* Some intranets have no TLS, so it is not refused; but it is told. */
static void warn_of_clear_text(struct rf_http_client *client, struct rf_arena *arena,
			       const struct referat_http *request)
{
	bool basic =
	    request->user && request->user[0] && !is_signed(request); /* what is signed does not send its secret */
	bool credentials = (request->bearer && request->bearer[0]) || basic;
	if (client->warned || !credentials || !rf_url_is_open(request->url))
		return;
	client->warned = true;
	rf_log(RF_LOG_WARNING, NULL, "%s: the credentials can be read on the way; use https", name_of(arena, request));
}

/* libcurl signs every header of the list, those too that say "none" and are not sent: here is none of them. */
static struct curl_slist *signed_headers(const struct referat_http *request)
{
	struct referat_bytes body = body_of(request);
	struct rf_digest digest = rf_digest_of(body.data, body.size);
	char digits[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&digest, digits);
	rf_autofree char *sum = rf_format("x-amz-content-sha256: %s", digits);
	struct curl_slist *list = curl_slist_append(NULL, sum);
	rf_autofree char *type = request->type ? rf_format("Content-Type: %s", request->type) : NULL;
	return type ? curl_slist_append(list, type) : list;
}

/* "Expect:" is left out, so that a body is not held back for a second; "Content-Type:" stands for "none". */
static struct curl_slist *plain_headers(const struct referat_http *request)
{
	rf_autofree char *type =
	    rf_format("Content-Type:%s%s", request->type ? " " : "", request->type ? request->type : "");
	return curl_slist_append(curl_slist_append(NULL, "Expect:"), type);
}

static struct curl_slist *header_list(const struct referat_http *request, bool same_origin)
{
	struct curl_slist *list = same_origin && is_signed(request) ? signed_headers(request) : plain_headers(request);
	for (size_t i = 0; same_origin && request->headers && request->headers[i]; i++)
		list = curl_slist_append(list, request->headers[i]);
	return list;
}

static CURLcode perform(struct rf_http_client *client, const struct referat_http *request, const char *url,
			int64_t left_us, struct exchange *exchange, char problem[CURL_ERROR_SIZE])
{
	CURL *curl = client->curl;
	bool same_origin = rf_url_same_origin(request->url, url);
	curl_easy_reset(curl); /* keeps the connections */
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(client->limits.connect_us / 1000));
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(left_us / 1000));
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Referat/" REFERAT_VERSION);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
	struct referat_bytes left = body_of(request);
	set_body(curl, request, &left);
	if (same_origin)
		set_credentials(curl, request);
	struct curl_slist *headers = header_list(request, same_origin);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	CURLcode code = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	return code;
}

/* Where the answer sends us and we may go; NULL: nowhere. */
static const char *redirection(struct rf_arena *arena, CURL *curl, const struct referat_http *request, const char *url,
			       long status)
{
	char *next = NULL;
	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next);
	if (!next || !rf_url_is_http(next) || (rf_text_starts(url, "https:") && !rf_text_starts(next, "https:")))
		return NULL;
	bool again_there = status == 307 || status == 308;
	if (!only_reads(request) && !(again_there && rf_url_same_origin(request->url, next)))
		return NULL;
	return rf_arena_text(arena, next);
}

/* ---- the answer -------------------------------------------------------------------------------------------------- */

/* Whether the request had left when it failed: then the other side may have acted on it. */
static bool has_left(CURL *curl, CURLcode code)
{
	static const CURLcode before[] = {CURLE_URL_MALFORMAT,           CURLE_UNSUPPORTED_PROTOCOL,
					  CURLE_COULDNT_RESOLVE_PROXY,   CURLE_COULDNT_RESOLVE_HOST,
					  CURLE_COULDNT_CONNECT,         CURLE_SSL_CONNECT_ERROR,
					  CURLE_PEER_FAILED_VERIFICATION};
	for (size_t i = 0; i < RF_COUNT(before); i++)
		if (code == before[i])
			return false;
	long sent = 0;
	curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
	return sent > 0;
}

/* Whether nobody could be spoken to at all: so it is with everything that is to go there. */
static bool is_unreachable(CURL *curl, CURLcode code)
{
	static const CURLcode codes[] = {CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
					 CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION};
	curl_off_t connected_us = 0;
	for (size_t i = 0; i < RF_COUNT(codes); i++)
		if (code == codes[i])
			return true;
	curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected_us);
	return code == CURLE_OPERATION_TIMEDOUT && connected_us == 0;
}

static struct referat_answer no_answer(struct rf_arena *arena, const struct referat_http *request, bool sent,
				       const char *problem)
{
	const char *name = name_of(arena, request);
	bool unsure = sent && !only_reads(request);
	return (struct referat_answer){
	    .location = "",
	    .etag = "",
	    .type = "",
	    .link = "",
	    .sent = unsure,
	    .problem =
		rf_arena_format(arena, "%s: %s%s", name, unsure ? "sent, but no whole answer came: " : "", problem)};
}

static struct referat_answer whole_answer(CURL *curl, const struct referat_http *request, const char *url,
					  struct exchange *exchange)
{
	struct rf_arena *arena = exchange->arena;
	long status = 0;
	curl_off_t retry_after = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
	if (retry_after > retry_after_most_s)
		retry_after = retry_after_most_s;
	const char *location = exchange->location ? rf_url_resolve(arena, url, exchange->location) : url;
	const char *body = rf_arena_copy(arena, exchange->body.data, exchange->body.size);
	struct referat_answer answer = {.status = (int)status,
					.location = location,
					.etag = exchange->etag ? exchange->etag : "",
					.type = exchange->type ? exchange->type : "",
					.link = exchange->link ? exchange->link : "",
					.body = {(const uint8_t *)body, exchange->body.size},
					.retry_after_us = retry_after * INT64_C(1000000),
					.problem = ""};
	const char *name = name_of(arena, request);
	if (status >= 300 && status < 400 && exchange->location)
		answer.problem = rf_arena_format(arena, "%s: answered %ld: it has moved to %s; set that address", name,
						 status, location);
	else if (status < 200 || status > 299)
		answer.problem = rf_arena_format(arena, "%s: answered %ld", name, status);
	return answer;
}

static const char *failure(struct rf_arena *arena, CURLcode code, const struct exchange *exchange, const char *problem)
{
	if (exchange->too_many)
		return rf_arena_format(arena, "the answer has more than %d bytes of headers", HEADERS_MOST);
	if (exchange->too_large)
		return rf_arena_format(arena, "the answer is longer than %" PRIu64 " bytes", exchange->most);
	return rf_arena_text(arena, problem[0] ? problem : curl_easy_strerror(code));
}

struct referat_answer rf_http_request(struct rf_http_client *client, struct rf_arena *arena,
				      const struct referat_http *request)
{
	const char *refused = client->curl ? refuse(request) : "libcurl can't start";
	if (refused)
		return no_answer(arena, request, false, refused);
	warn_of_clear_text(client, arena, request);
	const char *url = request->url;
	int64_t left_us = client->limits.total_us;
	for (int hops = 0;; hops++) {
		struct exchange exchange = {.arena = arena, .most = request->most ? request->most : ANSWER_MOST};
		char problem[CURL_ERROR_SIZE] = "";
		CURLcode code = perform(client, request, url, left_us, &exchange, problem);
		struct referat_answer answer;
		const char *next = NULL;
		if (code != CURLE_OK) {
			answer = no_answer(arena, request, has_left(client->curl, code),
					   failure(arena, code, &exchange, problem));
			answer.unreachable = hops == 0 && is_unreachable(client->curl, code);
		} else {
			answer = whole_answer(client->curl, request, url, &exchange);
			next = redirection(arena, client->curl, request, url, answer.status);
		}
		rf_buffer_deinit(&exchange.body);
		curl_off_t taken_us = 0;
		curl_easy_getinfo(client->curl, CURLINFO_TOTAL_TIME_T, &taken_us);
		left_us -= taken_us;
		if (!next)
			return answer;
		if (hops == REDIRECTS_MOST || left_us < 1000)
			return no_answer(arena, request, true, "redirected too often");
		url = next;
	}
}

struct referat_answer rf_call_http(struct rf_call *call, const struct referat_http *request)
{
	const struct rf_host *host = call->plugin->host;
	struct referat_answer answer = {0};
	if (call->locked)
		answer = no_answer(&call->arena, request, false, call->locked);
	else if (!host->intercept || !host->intercept(host->context, request, &answer)) {
		if (!call->plugin->http)
			call->plugin->http = rf_http_client_new(&rf_http_default_limits);
		answer = rf_http_request(call->plugin->http, &call->arena, request);
	}
	call->refused = answer.status == 401 || answer.status == 403;
	call->retry_after_us = answer.retry_after_us;
	return answer;
}
