/* plugin/exec.h through the host: programs that answer well, badly, late, and not at all. */
#include "plugin/host.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/folder.h"

#include <referat/document.pb-c.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

static char *folder;
static struct rf_clock clock_given;
static struct rf_host host;
static struct rf_plugin *plugin;
static struct rf_call *call;

static int set_up(void **state)
{
	(void)state;
	folder = test_folder_make();
	clock_given = rf_clock_manual(INT64_C(1713340800000000), 0);
	host = (struct rf_host){.clock = &clock_given};
	call = rf_call_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	rf_call_free(call);
	rf_plugin_unload(plugin);
	plugin = NULL;
	test_folder_remove(folder);
	return 0;
}

/* Loads target.test.exec: a shell script that describes itself, and else does what body says. */
static void load(const char *body)
{
	rf_autofree char *path = rf_path_join(folder, "target.test.exec");
	rf_autofree char *script = rf_format(
	    "#!/bin/sh\n"
	    "if [ \"$1\" = --describe ]; then\n"
	    "echo '{\"abi\": \"1.0\", \"kind\": \"target\", \"name\": \"target.test\",'\n"
	    "echo '\"functions\": [\"run\", \"put\", \"lookup\", \"recipients\"], \"options\": [{\"name\": \"a\"}]}'\n"
	    "exit; fi\n"
	    "cd '%s'\n%s\n",
	    folder, body);
	struct rf_error error = {0};
	struct rf_plugin_setting setting = {"a", "1 \"å\"", false};
	assert_int_equal(rf_file_write(path, script, strlen(script), false, &error), 0);
	assert_int_equal(chmod(path, 0755), 0);
	if (rf_plugin_load(path, &host, &setting, 1, &plugin, &error))
		fail_msg("%s", error.text);
}

static enum referat_result put(void)
{
	return rf_call_run(call, plugin, rf_plugin_descriptor(plugin)->put);
}

static enum referat_result run(void)
{
	return rf_call_run(call, plugin, rf_plugin_descriptor(plugin)->run);
}

static char *read_back(const char *name)
{
	rf_autofree char *path = rf_path_join(folder, name);
	char *text = NULL;
	size_t size = 0;
	struct rf_error error = {0};
	assert_int_equal(rf_file_read(path, 1 << 20, &text, &size, &error), 0);
	return text;
}

static void a_call_is_one_json_object(void **state)
{
	(void)state;
	load("cat >request; echo '{}'");
	rf_call_set_value(call, "id", "k7");
	rf_call_add_input(call, "rendition/page", "text/html",
			  (struct referat_bytes){(const uint8_t *)"<p>é</p>xx", 9});
	rf_call_add_input(call, "source", "application/pdf", (struct referat_bytes){(const uint8_t *)"\x00\xff", 2});
	assert_int_equal(put(), REFERAT_OK);
	rf_autofree char *request = read_back("request");
	assert_string_equal(request, "{\"referat\":1,\"function\":\"put\",\"now\":\"2024-04-17T08:00:00Z\","
				     "\"options\":{\"a\":\"1 \\\"å\\\"\"},\"values\":{\"id\":\"k7\"},"
				     "\"parts\":{\"rendition/page\":{\"type\":\"text/html\",\"text\":\"<p>é</p>\"},"
				     "\"source\":{\"type\":\"application/pdf\",\"base64\":\"AP8=\"}}}");
}

static void a_result_may_hold_everything(void **state)
{
	(void)state;
	load("cat >/dev/null; cat <<'END'\n"
	     "{\"parts\": {\"rendition/x\": {\"type\": \"text/plain\", \"text\": \"hej\"},"
	     " \"raw\": {\"type\": \"image/png\", \"base64\": \"AP8=\"},"
	     " \"card\": {\"type\": \"referat.card/1\", \"json\": {\"title\": \"T\"}}},"
	     " \"attributes\": {\"kind\": \"summary\"}, \"recipients\": [\"a@b.se\"],"
	     " \"findings\": [{\"rule\": \"r\", \"severity\": \"error\", \"text\": \"Fel.\", \"line\": 3}],"
	     " \"published\": {\"remote_id\": \"7\", \"url\": \"https://e.org/7\"}}\n"
	     "END");
	assert_int_equal(put(), REFERAT_OK);
	const struct rf_part_view *parts = NULL;
	assert_int_equal(rf_call_outputs(call, &parts), 3);
	assert_string_equal((const char *)parts[0].bytes.data, "hej");
	assert_int_equal(parts[1].bytes.size, 2);
	ProtobufCMessage *card = NULL;
	assert_int_equal(rf_unpack(&referat__card__descriptor, parts[2].bytes.data, parts[2].bytes.size, &card, NULL),
			 0);
	assert_string_equal(((Referat__Card *)card)->title, "T");
	rf_unpack_free(card);
	assert_string_equal(rf_call_published(call).url, "https://e.org/7");
	const char *const *addresses = NULL;
	assert_int_equal(rf_call_recipients(call, &addresses), 1);
	assert_non_null(rf_call_findings(call).data);
}

static void ends_with(const char *body, enum referat_result result, const char *reason)
{
	load(body);
	assert_int_equal(run(), result);
	assert_string_equal(rf_call_reason(call), reason);
	rf_plugin_unload(plugin);
	plugin = NULL;
}

static void exit_statuses_are_those_of_sysexits(void **state)
{
	(void)state;
	ends_with("echo 'busy' >&2; exit 75", REFERAT_RETRY, "busy");
	ends_with("echo 'down' >&2; exit 69", REFERAT_YIELD, "down");
	ends_with("echo 'no key' >&2; exit 78", REFERAT_YIELD, "no key");
	ends_with("exit 65", REFERAT_FAIL, "plugin target.test gave no reason");
	ends_with("echo '{\"reason\": \"in words\"}'; echo noise >&2; exit 65", REFERAT_FAIL, "in words");
	ends_with("echo traceback >&2; exit 1", REFERAT_FAIL, "target.test: exited with 1: traceback");
}

static void a_result_may_name_what_an_exit_status_can_not(void **state)
{
	(void)state;
	ends_with("echo '{\"result\": \"hold\", \"reason\": \"Vem?\"}'", REFERAT_HOLD, "Vem?");
	ends_with("echo '{\"result\": \"not-found\"}'", REFERAT_NOT_FOUND, "");
	ends_with("echo '{\"result\": \"done\"}'", REFERAT_FAIL,
		  "target.test: gave a result that can't be read: 'result' is not one of ok, retry, yield, fail, hold, "
		  "not-found, unknown");
}

static void a_reason_for_the_publisher_comes_from_the_language_file(void **state)
{
	(void)state;
	ends_with("echo '{\"result\": \"hold\", \"say\": {\"key\": \"reader.ocr.too_many\", \"pages\": \"300\"}}'",
		  REFERAT_HOLD,
		  "Dokumentet har 300 inskannade sidor, och det är för många. Spara det som PDF från ordbehandlaren i "
		  "stället, eller dela det.");
	ends_with("echo '{\"result\": \"hold\", \"say\": {\"key\": \"no.such.key\"}}'", REFERAT_HOLD, "no.such.key");
}

static void waiting_times_are_taken(void **state)
{
	(void)state;
	load("echo '{\"retry_after\": 1.5}'; exit 75");
	assert_int_equal(run(), REFERAT_RETRY);
	assert_int_equal(rf_call_retry_after(call), 1500000);
}

static void a_program_says_that_its_credentials_were_refused(void **state)
{
	(void)state;
	load("echo '{\"reason\": \"the key has expired\"}'; exit 77");
	assert_int_equal(run(), REFERAT_YIELD);
	assert_true(rf_call_was_refused(call));
	rf_plugin_unload(plugin);
	load("exit 69");
	assert_int_equal(run(), REFERAT_YIELD);
	assert_false(rf_call_was_refused(call));
}

static void a_crash_fails_the_call_with_what_was_said_last(void **state)
{
	(void)state;
	ends_with("printf 'one\\ntwo\\033[1m' >&2; kill -SEGV $$", REFERAT_FAIL,
		  "target.test: crashed: Segmentation fault (signal 11): one two?[1m");
}

static void a_crash_in_an_effect_leaves_it_unknown(void **state)
{
	(void)state;
	load("kill -KILL $$");
	assert_int_equal(put(), REFERAT_UNKNOWN);
	assert_string_equal(rf_call_reason(call), "target.test: crashed: Killed (signal 9)");
}

static void what_is_not_json_is_told(void **state)
{
	(void)state;
	ends_with("echo 'done!'", REFERAT_FAIL,
		  "target.test: gave a result that can't be read: not JSON: unexpected character at byte 0");
	ends_with(
	    "echo '{} {}'", REFERAT_FAIL,
	    "target.test: gave a result that can't be read: not one JSON value alone: something follows at byte 3");
	ends_with("echo '[]'", REFERAT_FAIL,
		  "target.test: gave a result that can't be read: the result is not an object");
	ends_with("echo '{\"parts\": {\"x\": {\"type\": \"text/plain\"}}}'", REFERAT_FAIL,
		  "target.test: gave a result that can't be read: part 'x': expected one of json, text and base64");
	ends_with("exit 0", REFERAT_FAIL, "target.test: gave a result that can't be read: nothing; expected JSON");
}

static void depth_is_bounded(void **state)
{
	(void)state;
	load("printf '%0100d' 0 | tr 0 '['");
	assert_int_equal(run(), REFERAT_FAIL);
	assert_non_null(strstr(rf_call_reason(call), "nesting too deep"));
}

static void a_program_that_takes_too_long_is_ended_with_its_children(void **state)
{
	(void)state;
	host.max_runtime_us = 300000;
	load("sleep 1000 & echo $! >child; wait");
	assert_int_equal(run(), REFERAT_RETRY);
	assert_non_null(strstr(rf_call_reason(call), "did not end within"));
	rf_autofree char *text = read_back("child");
	pid_t pid = (pid_t)strtol(text, NULL, 10);
	struct timespec moment = {.tv_nsec = 10000000};
	int left = 100; /* the system takes a moment to bury it */
	while (left-- && !kill(pid, 0))
		nanosleep(&moment, NULL);
	rf_autofree char *stat_path = rf_format("/proc/%d/stat", (int)pid);
	char *stat_text = NULL;
	size_t size = 0;
	struct rf_error error;
	if (!rf_file_read(stat_path, 4096, &stat_text, &size, &error))
		assert_non_null(strstr(stat_text, ") Z ")); /* dead; nobody has waited for it in a container */
	free(stat_text);
}

static void a_child_left_behind_does_not_keep_the_call(void **state)
{
	(void)state;
	load("sleep 1000 & echo '{}'");
	assert_int_equal(run(), REFERAT_OK);
}

static void a_program_need_not_read_its_input(void **state)
{
	(void)state;
	size_t size = (size_t)4 << 20;
	rf_autofree uint8_t *large = rf_alloc(size);
	rf_call_add_input(call, "source", "application/pdf", (struct referat_bytes){large, size});
	load("exec <&-; echo '{}'");
	assert_int_equal(run(), REFERAT_OK);
}

static void a_large_call_and_a_large_result_pass(void **state)
{
	(void)state;
	size_t size = (size_t)3 << 20;
	rf_autofree char *large = rf_alloc(size + 1);
	memset(large, 'x', size);
	rf_call_add_input(call, "source", "text/plain", (struct referat_bytes){(const uint8_t *)large, size});
	load("printf '{\"parts\": {\"copy\": {\"type\": \"text/plain\", \"text\": \"'\n"
	     "tr -cd x\n"
	     "echo '\"}}}'");
	assert_int_equal(run(), REFERAT_OK);
	const struct rf_part_view *parts = NULL;
	assert_int_equal(rf_call_outputs(call, &parts), 1);
	assert_in_range(parts[0].bytes.size, size, size + 16);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_call_is_one_json_object),
	    TEST(a_result_may_hold_everything),
	    TEST(exit_statuses_are_those_of_sysexits),
	    TEST(a_result_may_name_what_an_exit_status_can_not),
	    TEST(a_reason_for_the_publisher_comes_from_the_language_file),
	    TEST(waiting_times_are_taken),
	    TEST(a_program_says_that_its_credentials_were_refused),
	    TEST(a_crash_fails_the_call_with_what_was_said_last),
	    TEST(a_crash_in_an_effect_leaves_it_unknown),
	    TEST(what_is_not_json_is_told),
	    TEST(depth_is_bounded),
	    TEST(a_program_that_takes_too_long_is_ended_with_its_children),
	    TEST(a_child_left_behind_does_not_keep_the_call),
	    TEST(a_program_need_not_read_its_input),
	    TEST(a_large_call_and_a_large_result_pass),
	};
	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
