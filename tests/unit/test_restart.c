/* cli/restart.h: back-off, and what an exit status means. */
#include "base/clock.h"
#include "base/memory.h"
#include "cli/restart.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct rf_restart_policy policy = {.base_us = RF_SECOND, .cap_us = 5 * RF_SECOND};

/* As waitpid gives them: the status in the second byte, the signal in the first. */
static int exited(int status)
{
	return status << 8;
}

static void the_delay_doubles_up_to_the_cap(void **state)
{
	(void)state;
	struct rf_restart restart = {0};
	static const int64_t seconds[] = {1, 2, 4, 5, 5};
	for (size_t i = 0; i < RF_COUNT(seconds); i++)
		assert_int_equal(rf_restart_delay(&restart, &policy, 0), seconds[i] * RF_SECOND);
}

static void a_healthy_life_resets_the_delay(void **state)
{
	(void)state;
	struct rf_restart restart = {0};
	for (int i = 0; i < 4; i++)
		rf_restart_delay(&restart, &policy, 9 * RF_SECOND);
	assert_int_equal(restart.delay_us, 5 * RF_SECOND);
	assert_int_equal(rf_restart_delay(&restart, &policy, 10 * RF_SECOND), RF_SECOND);
	assert_int_equal(rf_restart_delay(&restart, &policy, 0), 2 * RF_SECOND);
}

static void a_base_over_the_cap_is_cut(void **state)
{
	(void)state;
	struct rf_restart restart = {0};
	const struct rf_restart_policy odd = {.base_us = 7, .cap_us = 3};
	assert_int_equal(rf_restart_delay(&restart, &odd, 0), 3);
}

static void only_status_125_refuses(void **state)
{
	(void)state;
	assert_true(rf_exit_is_refusal(exited(125)));
	assert_false(rf_exit_is_refusal(exited(0)));
	assert_false(rf_exit_is_refusal(exited(78)));
	assert_false(rf_exit_is_refusal(125)); /* a signal of that number */
	assert_false(rf_exit_is_refusal(SIGKILL));
}

static void an_end_is_told_in_words(void **state)
{
	(void)state;
	rf_autofree char *status = rf_exit_describe(exited(70));
	rf_autofree char *signal = rf_exit_describe(SIGKILL);
	rf_autofree char *core = rf_exit_describe(SIGSEGV | 0x80);
	assert_string_equal(status, "ended with status 70");
	assert_string_equal(signal, "was killed by signal 9 (Killed)");
	assert_string_equal(core, "was killed by signal 11 (Segmentation fault)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_delay_doubles_up_to_the_cap), cmocka_unit_test(a_healthy_life_resets_the_delay),
	    cmocka_unit_test(a_base_over_the_cap_is_cut),      cmocka_unit_test(only_status_125_refuses),
	    cmocka_unit_test(an_end_is_told_in_words),
	};
	return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
