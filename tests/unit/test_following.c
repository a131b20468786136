/* cli/following.h: the estimate is no promise that nobody can keep. */
#include "base/clock.h"
#include "cli/following.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_pace_so_far_tells_how_long_the_rest_takes(void **state)
{
	(void)state;
	assert_int_equal(rf_following_left(50, 200, 10 * RF_SECOND, 0), 30 * RF_SECOND);
	assert_int_equal(rf_following_left(200, 200, 10 * RF_SECOND, 0), 0);
}

static void before_enough_are_through_nothing_is_estimated(void **state)
{
	(void)state;
	assert_int_equal(rf_following_left(0, 200, 10 * RF_SECOND, 0), 0);
	assert_int_equal(rf_following_left(9, 200, 10 * RF_SECOND, 0), 0);
	assert_int_equal(rf_following_left(100, 200, RF_SECOND / 2, 0), 0);
}

static void it_is_never_shorter_than_the_rate_allows(void **state)
{
	(void)state;
	assert_int_equal(rf_following_left(50, 200, 10 * RF_SECOND, 3600 * RF_SECOND), 3600 * RF_SECOND);
	assert_int_equal(rf_following_left(0, 200, 0, 3600 * RF_SECOND), 3600 * RF_SECOND);
	assert_int_equal(rf_following_left(50, 200, 10 * RF_SECOND, RF_SECOND), 30 * RF_SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_pace_so_far_tells_how_long_the_rest_takes),
	    cmocka_unit_test(before_enough_are_through_nothing_is_estimated),
	    cmocka_unit_test(it_is_never_shorter_than_the_rate_allows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
