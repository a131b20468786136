/* Bytes that several hold (lib/base/shared.h). That the last one frees them is seen by the sanitizers. */
#include "base/shared.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void bytes_are_there_while_anybody_holds_them(void **state)
{
	(void)state;
	struct rf_shared *first = rf_shared_copy("hello", 5);
	struct rf_shared *second = rf_shared_hold(first);
	rf_shared_drop(first);
	assert_int_equal(second->size, 5);
	assert_memory_equal(second->data, "hello", 5);
	rf_shared_drop(second);
}

static void no_bytes_are_held_as_well(void **state)
{
	(void)state;
	struct rf_shared *none = rf_shared_copy(NULL, 0);
	assert_int_equal(none->size, 0);
	rf_shared_drop(none);
	rf_shared_drop(NULL);
}

static void *drop(void *shared)
{
	rf_shared_drop(shared);
	return NULL;
}

static void whichever_thread_is_last_frees_them(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct rf_shared *shared = rf_shared_copy("hello", 5);
		pthread_t other;
		assert_int_equal(pthread_create(&other, NULL, drop, rf_shared_hold(shared)), 0);
		rf_shared_drop(shared);
		assert_int_equal(pthread_join(other, NULL), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes_are_there_while_anybody_holds_them),
	    cmocka_unit_test(no_bytes_are_held_as_well),
	    cmocka_unit_test(whichever_thread_is_last_frees_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
