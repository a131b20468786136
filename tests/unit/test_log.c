/* base/log.h and base/service.h: what a line looks like on a terminal and below a supervisor, and what the journal is
 * given. Standard error is a pipe here, and the journal a socket. */
#include "base/log.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/service.h"
#include "tests/support/folder.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder, *path;
static int journal, written, kept_stderr;

static int open_journal(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static int set_up(void **state)
{
	(void)state;
	int ends[2];
	folder = test_folder_make();
	path = rf_path_join(folder, "journal");
	journal = open_journal();
	rf_service_use_journal(path);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0); /* a test that fails must not wait */
	kept_stderr = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	written = ends[0];
	unsetenv("JOURNAL_STREAM");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	close(written);
	close(journal);
	unsetenv("JOURNAL_STREAM");
	free(path);
	test_folder_remove(folder);
	return 0;
}

static void stderr_is_the_journal(void)
{
	struct stat at;
	char stream[64];
	assert_int_equal(fstat(STDERR_FILENO, &at), 0);
	snprintf(stream, sizeof stream, "%" PRIu64 ":%" PRIu64, (uint64_t)at.st_dev, (uint64_t)at.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
}

/* What was written to standard error, or what the journal got. */
static const char *taken(int fd)
{
	static char text[1024];
	ssize_t size = read(fd, text, sizeof text - 1);
	text[size > 0 ? size : 0] = '\0';
	return text;
}

static void on_a_terminal_a_line_has_time_level_and_process(void **state)
{
	(void)state;
	char expected[64];
	rf_log_open("referat-x", RF_LOG_INFO);
	rf_log(RF_LOG_WARNING, "abc", "a\nb");
	const char *line = taken(written);
	snprintf(expected, sizeof expected, "Z warning referat-x[%d] doc=abc: a\\x0ab\n", (int)getpid());
	assert_int_equal(line[10], 'T');
	assert_string_equal(line + 23, expected);
}

static void the_journal_gets_fields(void **state)
{
	(void)state;
	stderr_is_the_journal();
	rf_log_open("referat-x", RF_LOG_INFO);
	rf_log(RF_LOG_WARNING, "abc", "a\nb");
	assert_string_equal(taken(journal), "PRIORITY=4\nSYSLOG_IDENTIFIER=referat-x\nREFERAT_DOCUMENT=abc\n"
					    "MESSAGE=a\\x0ab\n");
	rf_log(RF_LOG_INFO, NULL, "c");
	assert_string_equal(taken(journal), "PRIORITY=6\nSYSLOG_IDENTIFIER=referat-x\nMESSAGE=c\n");
}

static void without_a_journal_nothing_is_lost(void **state)
{
	(void)state;
	stderr_is_the_journal();
	rf_log_open("referat-x", RF_LOG_INFO);
	rf_service_use_journal("/nowhere/journal");
	rf_log(RF_LOG_ERROR, NULL, "still here");
	assert_non_null(strstr(taken(written), "still here\n"));
}

/* A child of the supervisor has the variable, but a pipe to its parent. */
static void a_childs_line_becomes_an_entry_of_the_child(void **state)
{
	(void)state;
	char expected[128];
	setenv("JOURNAL_STREAM", "1:2", 1);
	rf_log_open("referat-x", RF_LOG_INFO);
	rf_log(RF_LOG_ERROR, "abc", "it broke: badly");
	char line[256];
	snprintf(line, sizeof line, "%s", taken(written));
	stderr_is_the_journal();
	rf_log_open("referat", RF_LOG_INFO);
	rf_log_pass_on(line, strlen(line));
	snprintf(expected, sizeof expected,
		 "PRIORITY=3\nSYSLOG_PID=%d\nSYSLOG_IDENTIFIER=referat-x\nREFERAT_DOCUMENT=abc\n"
		 "MESSAGE=it broke: badly\n",
		 (int)getpid());
	assert_string_equal(taken(journal), expected);
}

static void what_is_no_line_of_a_log_is_handed_on_as_it_is(void **state)
{
	(void)state;
	static const char *const lines[] = {
	    "free(): invalid pointer\n", "<3>\n", "<9>x[1] y\n", "<3>x[1\n", "<3>x[] y\n", "\n"};
	stderr_is_the_journal();
	rf_log_open("referat", RF_LOG_INFO);
	for (size_t i = 0; i < RF_COUNT(lines); i++) {
		rf_log_pass_on(lines[i], strlen(lines[i]));
		assert_string_equal(taken(written), lines[i]);
		assert_string_equal(taken(journal), "");
	}
}

static void the_watchdog_is_for_the_process_that_is_named(void **state)
{
	(void)state;
	char pid[32];
	assert_int_equal(rf_service_watchdog_us(), 0);
	setenv("WATCHDOG_USEC", "5000000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(rf_service_watchdog_us(), 0);
	snprintf(pid, sizeof pid, "%d", (int)getpid());
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(rf_service_watchdog_us(), 5000000);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(on_a_terminal_a_line_has_time_level_and_process),
	    TEST(the_journal_gets_fields),
	    TEST(without_a_journal_nothing_is_lost),
	    TEST(a_childs_line_becomes_an_entry_of_the_child),
	    TEST(what_is_no_line_of_a_log_is_handed_on_as_it_is),
	    TEST(the_watchdog_is_for_the_process_that_is_named),
	};
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
