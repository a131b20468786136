/* What a commit costs: the calls of fdatasync and fsync that the process really makes. A build of SQLite that did not
 * sync, or a level of `synchronous` that did not act, shows here.
 *
 * The functions stand in for libc's in this program and count. */
#include "base/error.h"
#include "base/memory.h"
#include "store/store.h"
#include "tests/support/folder.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static int syncs;
static bool failing;

static int count_and_call(long number, int fd)
{
	syncs++;
	if (failing) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(number, fd);
}

int fdatasync(int fd)
{
	return count_and_call(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	return count_and_call(SYS_fsync, fd);
}

struct fixture {
	char *folder;
	char *url;
	struct rf_store *store;
	struct rf_error error;
	int64_t transaction; /* number of the last one */
};

static int run_transaction(struct fixture *fixture, enum rf_durability durability)
{
	if (rf_store_begin(fixture->store, durability, &fixture->error) < 0 ||
	    rf_store_set_setting(fixture->store, "n", ++fixture->transaction, &fixture->error) < 0)
		return -1;
	return rf_store_commit(fixture->store, &fixture->error);
}

static int set_up(void **state)
{
	struct fixture *fixture = rf_alloc(sizeof *fixture);
	*state = fixture;
	failing = false;
	fixture->folder = test_folder_make();
	fixture->url = rf_format("sqlite:%s/referat.db", fixture->folder);
	if (rf_store_open(fixture->url, &fixture->store, &fixture->error) != 0)
		return -1;
	int result =
	    run_transaction(fixture, RF_DURABLE); /* the first one syncs the head of the log and the folder too */
	syncs = 0;
	return result;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	failing = false;
	rf_store_close(fixture->store);
	test_folder_remove(fixture->folder);
	free(fixture->url);
	free(fixture);
	return 0;
}

static void a_relaxed_commit_costs_no_sync(void **state)
{
	for (int i = 0; i < 20; i++)
		assert_int_equal(run_transaction(*state, RF_RELAXED), 0);
	assert_int_equal(syncs, 0);
}

static void a_durable_commit_costs_one_sync(void **state)
{
	for (int i = 1; i <= 20; i++) {
		assert_int_equal(run_transaction(*state, RF_DURABLE), 0);
		assert_int_equal(syncs, i);
	}
}

static void the_levels_act_whatever_came_before(void **state)
{
	for (int i = 1; i <= 10; i++) {
		assert_int_equal(run_transaction(*state, RF_RELAXED), 0);
		assert_int_equal(run_transaction(*state, RF_RELAXED), 0);
		assert_int_equal(syncs, i - 1);
		assert_int_equal(run_transaction(*state, RF_DURABLE), 0);
		assert_int_equal(syncs, i);
	}
}

static void a_durable_commit_that_wrote_nothing_covers_what_came_before(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(run_transaction(fixture, RF_RELAXED), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(rf_store_begin(fixture->store, RF_DURABLE, &fixture->error), 0);
		assert_int_equal(rf_store_commit(fixture->store, &fixture->error), 0);
		assert_int_equal(syncs, 1);
	}
}

static void a_sync_costs_one_where_there_is_something_to_sync(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(rf_store_sync(fixture->store, &fixture->error), 0);
	assert_int_equal(syncs, 0);
	assert_int_equal(run_transaction(fixture, RF_RELAXED), 0);
	assert_int_equal(run_transaction(fixture, RF_RELAXED), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(rf_store_sync(fixture->store, &fixture->error), 0);
		assert_int_equal(syncs, 1);
	}
}

static void what_was_rolled_back_costs_no_sync(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(rf_store_begin(fixture->store, RF_DURABLE, &fixture->error), 0);
	assert_int_equal(rf_store_set_setting(fixture->store, "n", 0, &fixture->error), 0);
	rf_store_rollback(fixture->store);
	assert_int_equal(syncs, 0);
}

static void a_commit_whose_sync_fails_says_no(void **state)
{
	struct fixture *fixture = *state;
	failing = true;
	assert_int_equal(run_transaction(fixture, RF_DURABLE), -1);
	assert_int_equal(syncs, 1);
	rf_store_rollback(fixture->store);
	failing = false;
	assert_int_equal(run_transaction(fixture, RF_DURABLE), -1);
	assert_int_equal(syncs, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_relaxed_commit_costs_no_sync),
	    TEST(a_durable_commit_costs_one_sync),
	    TEST(the_levels_act_whatever_came_before),
	    TEST(a_durable_commit_that_wrote_nothing_covers_what_came_before),
	    TEST(a_sync_costs_one_where_there_is_something_to_sync),
	    TEST(what_was_rolled_back_costs_no_sync),
	    TEST(a_commit_whose_sync_fails_says_no),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
