/* channel.smtp against a real mail server on the loopback (tests/process/support/smtp_sink.py): TLS, log-in, and what
 * each reply comes to. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char plain[] = "Nämnden beslutade.\n.\n..\nLäs mer: {{url}}\n";

struct server {
	pid_t pid;
	char *folder, *certificate, *secrets;
	int guarded_port, port;
	struct test_plugin test;
};
static struct server server;

static void make_certificate(const char *folder)
{
	rf_autofree char *command = rf_format(
	    "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
	    " -keyout %s/key.pem -out %s/cert.pem 2>/dev/null && mkdir %s/secrets && umask 077 &&"
	    " printf hemligt >%s/secrets/mail && printf falskt >%s/secrets/wrong",
	    folder, folder, folder, folder, folder);
	assert_int_equal(system(command), 0); // NOLINT(cert-env33-c,concurrency-mt-unsafe): a test, one thread
}

static int start_server(void **state)
{
	(void)state;
	int ends[2];
	server.folder = test_folder_make();
	server.certificate = rf_format("%s/cert.pem", server.folder);
	server.secrets = rf_format("%s/secrets", server.folder);
	rf_autofree char *key = rf_format("%s/key.pem", server.folder);
	make_certificate(server.folder);
	if (pipe(ends))
		return -1;
	server.pid = fork();
	if (!server.pid) {
		dup2(ends[1], STDOUT_FILENO);
		if (!freopen("/dev/null", "w", stderr)) /* it tells of every client that breaks off */
			_exit(126);
		close(ends[0]);
		execl("/usr/bin/python3", "python3", "tests/process/support/smtp_sink.py", server.folder,
		      server.certificate, key, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	FILE *ports = fdopen(ends[0], "r");
	int n = fscanf(ports, "%d %d", &server.guarded_port, &server.port); // NOLINT(cert-err34-c)
	fclose(ports);
	return n == 2 ? 0 : -1;
}

static int stop_server(void **state)
{
	(void)state;
	kill(server.pid, SIGTERM);
	waitpid(server.pid, NULL, 0);
	free(server.certificate);
	free(server.secrets);
	test_folder_remove(server.folder);
	return 0;
}

static void load(int port, const char *user, const char *secret, const char *starttls)
{
	rf_autofree char *url = rf_format("smtp://localhost:%d", port);
	const struct rf_plugin_setting settings[] = {
	    {.name = "url", .value = url},           {.name = "from", .value = "beslut@exempelby.example"},
	    {.name = "starttls", .value = starttls}, {.name = "ca_file", .value = server.certificate},
	    {.name = "user", .value = user},         {.name = "password", .value = secret, .secret = true},
	};
	test_plugin_init(&server.test);
	server.test.host.secrets = server.secrets;
	test_plugin_load(&server.test, "channel.smtp", settings, secret ? RF_COUNT(settings) : RF_COUNT(settings) - 2);
}

static enum referat_result put(const char *recipient, const char *why)
{
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "key", "notify:abcdefghijkl:1:0123456789abcdef");
	rf_call_set_value(call, "recipient", recipient);
	rf_call_set_value(call, "mail_subject", "Beslut");
	rf_call_set_value(call, "url", "https://exempelby.example/");
	rf_call_add_input(call, "rendition/mail-text", "text/plain",
			  (struct referat_bytes){(const uint8_t *)plain, strlen(plain)});
	enum referat_result result = rf_call_run(call, server.test.plugin, server.test.descriptor->put);
	if (why)
		assert_non_null(strstr(rf_call_reason(call), why));
	assert_null(strstr(rf_call_reason(call), recipient)); /* nobody's address stands in a log */
	rf_call_free(call);
	return result;
}

static char *read_taken(const char *ending)
{
	for (int i = 99; i > 0; i--) { /* the last one */
		rf_autofree char *path = rf_format("%s/%06d.%s", server.folder, i, ending);
		char *data = NULL;
		size_t size = 0;
		if (!rf_file_read(path, 100000, &data, &size, NULL))
			return data;
	}
	fail_msg("no mail came");
	return NULL;
}

static void a_mail_goes_over_tls_after_logging_in(void **state)
{
	(void)state;
	load(server.guarded_port, "referat", "mail", "offered");
	assert_int_equal(put("anna@mejl.example", NULL), REFERAT_OK);
	assert_int_equal(put("bo@mejl.example", NULL), REFERAT_OK); /* over the same connection */
	rf_autofree char *to = read_taken("to");
	rf_autofree char *mail = read_taken("eml");
	assert_string_equal(to, "bo@mejl.example True True\n");
	assert_non_null(strstr(mail, "To: <bo@mejl.example>\r\n"));
	assert_non_null(strstr(mail, "Message-ID: <notify.abcdefghijkl.1.0123456789abcdef@exempelby.example>\r\n"));
	assert_non_null(strstr(mail, "N=C3=A4mnden beslutade.\r\n=2E\r\n=2E.\r\n"));
	test_plugin_unload(&server.test);
}

static void a_wrong_password_is_the_destinations_fault(void **state)
{
	(void)state;
	load(server.guarded_port, "referat", "wrong", "offered");
	assert_int_equal(put("anna@mejl.example", "does not take our log-in"), REFERAT_YIELD);
	test_plugin_unload(&server.test);
}

static void no_password_goes_without_tls(void **state)
{
	(void)state;
	load(server.port, "referat", "mail", "never");
	assert_int_equal(put("anna@mejl.example", "can't be used"), REFERAT_YIELD);
	test_plugin_unload(&server.test);
}

static void a_certificate_that_is_not_trusted_is_refused(void **state)
{
	(void)state;
	rf_autofree char *trusted = rf_steal(server.certificate);
	server.certificate = rf_strdup("/dev/null");
	load(server.guarded_port, "referat", "mail", "required");
	assert_int_equal(put("anna@mejl.example", "can't be used"), REFERAT_YIELD);
	test_plugin_unload(&server.test);
	free(server.certificate);
	server.certificate = rf_steal(trusted);
}

static void the_servers_reply_decides(void **state)
{
	(void)state;
	static const struct {
		const char *recipient;
		enum referat_result result;
	} cases[] = {
	    {"later@mejl.example", REFERAT_RETRY},  {"never@mejl.example", REFERAT_FAIL},
	    {"busy@mejl.example", REFERAT_YIELD},   {"temp@mejl.example", REFERAT_RETRY},
	    {"refused@mejl.example", REFERAT_FAIL}, {"silent@mejl.example", REFERAT_UNKNOWN},
	    {"anna@mejl.example", REFERAT_OK},
	};
	load(server.port, NULL, NULL, "offered");
	for (size_t i = 0; i < RF_COUNT(cases); i++) {
		enum referat_result result = put(cases[i].recipient, NULL);
		if (result != cases[i].result)
			fail_msg("%s: %d instead of %d", cases[i].recipient, (int)result, (int)cases[i].result);
	}
	test_plugin_unload(&server.test);
}

static void a_server_that_is_not_there_charges_no_document(void **state)
{
	(void)state;
	load(1, NULL, NULL, "offered");
	assert_int_equal(put("anna@mejl.example", "can't be used"), REFERAT_YIELD);
	test_plugin_unload(&server.test);
}

static void a_probe_sends_nothing(void **state)
{
	(void)state;
	load(server.guarded_port, "referat", "mail", "required");
	struct rf_call *call = rf_call_new();
	rf_autofree char *before = read_taken("to");
	assert_int_equal(rf_call_run(call, server.test.plugin, server.test.descriptor->probe), REFERAT_OK);
	rf_autofree char *after = read_taken("to");
	assert_string_equal(before, after);
	rf_call_free(call);
	test_plugin_unload(&server.test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mail_goes_over_tls_after_logging_in),
	    cmocka_unit_test(a_wrong_password_is_the_destinations_fault),
	    cmocka_unit_test(no_password_goes_without_tls),
	    cmocka_unit_test(a_certificate_that_is_not_trusted_is_refused),
	    cmocka_unit_test(the_servers_reply_decides),
	    cmocka_unit_test(a_server_that_is_not_there_charges_no_document),
	    cmocka_unit_test(a_probe_sends_nothing),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
