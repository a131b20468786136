/* base/fault.h: where a test lets a process die, and that nothing happens where there is no test. */
#include "base/fault.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"

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

enum { LIVES = 0 };

static int make_folder(void **state)
{
	*state = test_folder_make();
	return setenv("REFERAT_FAULT_POINTS", *state, 1);
}

static int remove_folder(void **state)
{
	test_folder_remove(*state);
	return unsetenv("REFERAT_FAULT_POINTS");
}

/* The signal that ended a process that passes the point so often; LIVES. */
static int pass(unsigned times)
{
	pid_t child = fork();
	if (child == 0) {
		rf_fault_open("tester");
		for (unsigned i = 0; i < times; i++)
			rf_fault_point("here");
		_exit(0);
	}
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : LIVES;
}

static void arm(const char *folder, const char *passes)
{
	rf_autofree char *path = rf_path_join(folder, "tester.here");
	assert_int_equal(rf_file_write(path, passes, strlen(passes), false, NULL), 0);
}

static size_t passed(const char *folder)
{
	rf_autofree char *path = rf_path_join(folder, "tester.here.passed"), *bytes = NULL;
	size_t size = 0;
	return rf_file_read(path, 100, &bytes, &size, NULL) == 0 ? size : 0;
}

static void each_passing_is_noted(void **state)
{
	assert_int_equal(pass(2), LIVES);
	assert_int_equal(pass(1), LIVES);
	assert_int_equal(passed(*state), 3);
}

static void a_process_dies_at_the_point_and_the_next_one_lives(void **state)
{
	arm(*state, "");
	assert_int_equal(pass(1), SIGKILL);
	assert_int_equal(pass(1), LIVES);
}

static void it_dies_at_a_later_passing(void **state)
{
	arm(*state, "..");
	assert_int_equal(pass(1), LIVES);
	assert_int_equal(pass(10), SIGKILL);
	assert_int_equal(passed(*state), 3);
}

static void without_a_test_nothing_happens(void **state)
{
	arm(*state, "");
	unsetenv("REFERAT_FAULT_POINTS");
	assert_int_equal(pass(10), LIVES);
	assert_int_equal(passed(*state), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_passing_is_noted),
	    TEST(a_process_dies_at_the_point_and_the_next_one_lives),
	    TEST(it_dies_at_a_later_passing),
	    TEST(without_a_test_nothing_happens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
