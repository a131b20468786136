/* cli/child.h: real processes, /bin/sh, and what they leave behind. */
#include "base/error.h"
#include "base/memory.h"
#include "cli/child.h"
#include "cli/restart.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct heard {
	struct rf_buffer text; /* lines, each in brackets */
};

static void hear(void *context, const char *line, size_t size)
{
	struct heard *heard = context;
	rf_buffer_format(&heard->text, "[%.*s]", (int)size, line);
}

static const struct rf_child_inherits nothing = {.ready = -1};

static void start(struct rf_child *child, const char *script, const struct rf_child_inherits *inherits)
{
	struct rf_error error;
	char *arguments[] = {"sh", "-c", (char *)script, NULL};
	assert_int_equal(rf_child_start(child, "/bin/sh", arguments, inherits, &error), 0);
}

/* Reads until the process has closed its end, buries it. */
static int finish(struct rf_child *child, struct heard *heard)
{
	int wait_status;
	struct pollfd end = {.fd = child->output, .events = POLLIN};
	do
		assert_true(poll(&end, 1, 10000) > 0);
	while (rf_child_read(child, hear, heard) == 0);
	assert_int_equal(waitpid(child->pid, &wait_status, 0), child->pid);
	rf_child_finish(child, hear, heard);
	assert_int_equal(child->pid, 0);
	return wait_status;
}

static void what_it_writes_comes_line_by_line(void **state)
{
	(void)state;
	struct rf_child child = RF_CHILD_INIT;
	struct heard heard = {RF_BUFFER_INIT};
	start(&child, "echo one; echo two >&2; printf three", &nothing);
	assert_int_equal(finish(&child, &heard), 0);
	assert_string_equal(heard.text.data, "[one\n][two\n][three\n]");
	rf_buffer_deinit(&heard.text);
	rf_child_deinit(&child);
}

static void the_last_8_KiB_are_kept_as_valid_text(void **state)
{
	(void)state;
	struct rf_child child = RF_CHILD_INIT;
	struct heard heard = {RF_BUFFER_INIT};
	start(&child, "i=0; while [ $i -lt 2000 ]; do echo 'åäö åäö'; i=$((i+1)); done; printf 'end\\377\\000'",
	      &nothing);
	finish(&child, &heard);
	rf_autofree char *tail = rf_child_tail(&child);
	assert_int_equal(child.tail.size, RF_CHILD_TAIL);
	assert_true(strlen(tail) <= RF_CHILD_TAIL);
	assert_string_equal(tail + strlen(tail) - 8, "ö\nend??");
	rf_buffer_deinit(&heard.text);
	rf_child_deinit(&child);
}

static void a_program_that_is_not_there_refuses(void **state)
{
	(void)state;
	struct rf_child child = RF_CHILD_INIT;
	struct heard heard = {RF_BUFFER_INIT};
	struct rf_error error;
	char *arguments[] = {"x", NULL};
	assert_int_equal(rf_child_start(&child, "/nowhere/x", arguments, &nothing, &error), 0);
	assert_true(rf_exit_is_refusal(finish(&child, &heard)));
	assert_string_equal(heard.text.data, "[/nowhere/x: cannot be started: No such file or directory\n]");
	rf_buffer_deinit(&heard.text);
	rf_child_deinit(&child);
}

static void readiness_is_heard_on_descriptor_3(void **state)
{
	(void)state;
	struct rf_child child = RF_CHILD_INIT;
	struct heard heard = {RF_BUFFER_INIT};
	int ends[2];
	char said = 0;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	start(&child, "echo >&3", &(struct rf_child_inherits){.ready = ends[1]});
	close(ends[1]);
	assert_int_equal(read(ends[0], &said, 1), 1);
	assert_int_equal(said, '\n');
	close(ends[0]);
	finish(&child, &heard);
	rf_buffer_deinit(&heard.text);
	rf_child_deinit(&child);
}

static void it_has_no_input_no_blocked_signals_and_a_group_of_its_own(void **state)
{
	(void)state;
	struct rf_child child = RF_CHILD_INIT;
	struct heard heard = {RF_BUFFER_INIT};
	sigset_t blocked, before;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	start(&child, "cat; kill -TERM $$; sleep 10", &nothing);
	sigprocmask(SIG_SETMASK, &before, NULL);
	int wait_status = finish(&child, &heard);
	assert_true(WIFSIGNALED(wait_status));
	assert_int_equal(WTERMSIG(wait_status), SIGTERM);
	assert_int_equal(heard.text.size, 0);
	rf_child_deinit(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_it_writes_comes_line_by_line),
	    cmocka_unit_test(the_last_8_KiB_are_kept_as_valid_text),
	    cmocka_unit_test(a_program_that_is_not_there_refuses),
	    cmocka_unit_test(readiness_is_heard_on_descriptor_3),
	    cmocka_unit_test(it_has_no_input_no_blocked_signals_and_a_group_of_its_own),
	};
	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
