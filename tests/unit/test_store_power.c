/* What the store promises when the power goes: after a durable commit, or a sync, everything up to there is on the
 * disk, and whatever is there of later transactions is whole, in order and without gaps. The power goes at every sync
 * of a run that makes, fills, empties, closes and opens a store. */
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/sqlite-private.h"
#include "store/store.h"
#include "tests/support/fake_disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TRANSACTIONS = 40, SEEDS = 4, PART_SIZE = 6000, LOG_PAGES = 24 };

static const char path[] = "power.db";
static const char url[] = "sqlite:power.db";

/* ---- one transaction -------------------------------------------------------------------------------------------- */

/* Transaction n writes document n, moves the task of document n - 1 and says that n was the last one. */

static char *document_name(int64_t n)
{
	return rf_format("document-%03d", (int)n);
}

static void fill(char bytes[PART_SIZE], int64_t n)
{
	memset(bytes, 'a' + (int)(n % 26), PART_SIZE);
}

static int write_document(struct rf_store *store, int64_t n, struct rf_error *error)
{
	rf_autofree char *name = document_name(n);
	char bytes[PART_SIZE];
	fill(bytes, n);
	struct rf_revision revision = {.document = name, .number = 1, .source = rf_digest_of(bytes, sizeof bytes)};
	struct rf_part part = {.document = name,
			       .revision = 1,
			       .name = "source",
			       .digest = revision.source,
			       .size = sizeof bytes,
			       .data = bytes};
	struct rf_task task = {.document = name, .revision = 1, .stage = "ingest", .state = RF_TASK_READY};
	if (rf_store_add_revision(store, &revision, error) < 0 || rf_store_put_part(store, &part, error) < 0)
		return -1;
	return rf_store_add_task(store, &task, &task.id, error);
}

static int finish_document(struct rf_store *store, int64_t n, struct rf_error *error)
{
	rf_autofree char *name = document_name(n);
	struct rf_task task;
	if (rf_store_find_task(store, name, 1, "ingest", &task, error) != 0)
		return -1;
	task.state = RF_TASK_DONE;
	return rf_store_update_task(store, &task, error);
}

static int run_transaction(struct rf_store *store, int64_t n, enum rf_durability durability, struct rf_error *error)
{
	if (rf_store_begin(store, durability, error) < 0 || write_document(store, n, error) < 0 ||
	    (n > 1 && finish_document(store, n - 1, error) < 0) || rf_store_set_setting(store, "last", n, error) < 0 ||
	    rf_store_commit(store, error) < 0) {
		rf_store_rollback(store);
		return -1;
	}
	return 0;
}

/* ---- the run ---------------------------------------------------------------------------------------------------- */

static int open_store(struct rf_store **store, struct rf_error *error)
{
	int result = rf_store_open(url, store, error);
	if (result == 0)
		((struct rf_sqlite *)*store)->most_log_pages = LOG_PAGES; /* so that the log is moved often */
	return result;
}

/* Runs until all is done or the power is gone; gives the number of the last transaction that was promised. */
static int64_t run_until_power_goes(void)
{
	struct rf_error error;
	struct rf_store *store = NULL;
	int64_t promised = 0;
	int result = open_store(&store, &error);
	for (int64_t n = 1; result == 0 && n <= TRANSACTIONS; n++) {
		enum rf_durability durability = n % 5 == 0 ? RF_DURABLE : RF_RELAXED;
		result = run_transaction(store, n, durability, &error);
		if (result == 0 && n % 7 == 0)
			result = rf_store_sync(store, &error);
		if (result == 0 && (durability == RF_DURABLE || n % 7 == 0))
			promised = n;
		if (result == 0 && n % 16 == 0) {
			rf_store_close(rf_steal(store));
			result = open_store(&store, &error);
		}
	}
	rf_store_close(store);
	return promised;
}

/* ---- what must hold afterwards ---------------------------------------------------------------------------------- */

static void check_integrity(void)
{
	sqlite3 *database;
	sqlite3_stmt *answer;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(database, "PRAGMA integrity_check", -1, &answer, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(answer), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(answer, 0), "ok");
	sqlite3_finalize(answer);
	sqlite3_close(database);
}

static int add_count(void *context, const struct rf_count *count)
{
	uint64_t *counts = context;
	counts[count->state] += count->n;
	return 0;
}

static void check_document(struct rf_store *store, int64_t n, int64_t last)
{
	struct rf_error error;
	rf_autofree char *name = document_name(n);
	struct rf_revision revision;
	struct rf_part part;
	struct rf_task task;
	int expected = n <= last ? 0 : RF_STORE_NONE;
	assert_int_equal(rf_store_get_revision(store, name, 0, &revision, &error), expected);
	assert_int_equal(rf_store_find_task(store, name, 1, "ingest", &task, &error), expected);
	if (expected == 0)
		assert_int_equal(task.state, n < last ? RF_TASK_DONE : RF_TASK_READY);
	assert_int_equal(rf_store_get_part(store, name, 1, "source", &part, &error), expected);
	if (expected == 0) {
		char bytes[PART_SIZE];
		fill(bytes, n);
		assert_int_equal(part.size, sizeof bytes);
		assert_memory_equal(part.data, bytes, sizeof bytes);
	}
}

static void check_store(int64_t promised)
{
	struct rf_error error;
	struct rf_store *store;
	if (open_store(&store, &error) != 0)
		fail_msg("the store can't be opened: %s", error.text);
	int64_t last = 0;
	assert_true(rf_store_get_setting(store, "last", &last, &error) >= 0);
	assert_in_range(last, promised, TRANSACTIONS);
	for (int64_t n = 1; n <= TRANSACTIONS; n++)
		check_document(store, n, last);
	uint64_t counts[RF_TASK_STATES] = {0};
	assert_int_equal(rf_store_each_count(store, add_count, counts, &error), 0);
	assert_int_equal(counts[RF_TASK_READY], last > 0);
	assert_int_equal(counts[RF_TASK_DONE], last > 0 ? last - 1 : 0);
	assert_int_equal(run_transaction(store, last + 1, RF_DURABLE, &error), 0);
	rf_store_close(store);
	check_integrity();
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static unsigned syncs_of_a_run(void)
{
	fake_disk_install();
	assert_int_equal(run_until_power_goes(), TRANSACTIONS);
	unsigned syncs = fake_disk_syncs();
	fake_disk_remove();
	return syncs;
}

static void what_was_promised_survives_a_power_cut_at_every_sync(void **state)
{
	(void)state;
	unsigned syncs = syncs_of_a_run();
	assert_in_range(syncs, 40, 1000);
	for (unsigned cut = 1; cut <= syncs; cut++) {
		for (unsigned seed = 1; seed <= SEEDS; seed++) {
			fake_disk_install();
			fake_disk_cut_power(cut, seed * 1000 + cut);
			int64_t promised = run_until_power_goes();
			assert_false(fake_disk_has_power());
			fake_disk_restart();
			check_store(promised);
			fake_disk_remove();
		}
	}
}

/* This shows as well that the disk is no kinder than disks are. */
static void relaxed_transactions_are_lost_from_the_end(void **state)
{
	(void)state;
	bool was_last[5] = {false};
	for (unsigned seed = 1; seed <= 50; seed++) {
		struct rf_error error;
		struct rf_store *store;
		fake_disk_install();
		assert_int_equal(rf_store_open(url, &store, &error), 0);
		assert_int_equal(run_transaction(store, 1, RF_DURABLE, &error), 0);
		for (int64_t n = 2; n <= 4; n++)
			assert_int_equal(run_transaction(store, n, RF_RELAXED, &error), 0);
		fake_disk_cut_power(1, seed);
		rf_store_close(store); /* moves the log, which starts with a sync */
		assert_false(fake_disk_has_power());
		fake_disk_restart();
		assert_int_equal(rf_store_open(url, &store, &error), 0);
		int64_t last = 0;
		assert_int_equal(rf_store_get_setting(store, "last", &last, &error), 0);
		was_last[last] = true;
		rf_store_close(store);
		check_store(1);
		fake_disk_remove();
	}
	assert_true(was_last[1]);
	assert_true(was_last[2] || was_last[3]);
}

static void a_full_disk_is_said_and_costs_nothing_but_the_transaction(void **state)
{
	(void)state;
	struct rf_error error = {0};
	struct rf_store *store;
	fake_disk_install();
	assert_int_equal(open_store(&store, &error), 0);
	assert_int_equal(run_transaction(store, 1, RF_DURABLE, &error), 0);
	fake_disk_bound("power.db-wal", 1);
	assert_int_equal(run_transaction(store, 2, RF_DURABLE, &error), -1);
	assert_string_equal(error.text, "power.db: the disk is full");
	fake_disk_bound(NULL, 0);
	assert_int_equal(run_transaction(store, 2, RF_DURABLE, &error), 0);
	rf_store_close(store);
	check_store(2);
	fake_disk_remove();
}

static int note_nothing(void *context, const struct rf_task *task)
{
	(void)context;
	(void)task;
	return 0;
}

static void nothing_goes_on_when_what_waited_could_not_be_written_between_transactions(void **state)
{
	(void)state;
	struct rf_error error = {0};
	struct rf_store *store;
	const struct rf_task_filter ready = {.states = 1 << RF_TASK_READY};
	fake_disk_install();
	assert_int_equal(open_store(&store, &error), 0);
	assert_int_equal(run_transaction(store, 1, RF_DURABLE, &error), 0);
	assert_int_equal(rf_store_begin(store, RF_RELAXED, &error), 0);
	rf_store_let_wait(store, "document-001");
	assert_int_equal(finish_document(store, 1, &error), 0);
	assert_int_equal(rf_store_commit(store, &error), 0);
	assert_true(rf_store_waits(store));
	fake_disk_bound("power.db-wal", 1);
	assert_int_equal(rf_store_each_task(store, &ready, note_nothing, NULL, &error), -1);
	assert_string_equal(error.text, "power.db: the disk is full");
	fake_disk_bound(NULL, 0);
	assert_int_equal(rf_store_begin(store, RF_RELAXED, &error), -1);
	assert_string_equal(error.text,
			    "the store could not be written: what is on the disk is not known; start again");
	rf_store_close(store);
	check_store(1);
	fake_disk_remove();
}

static void what_is_committed_stays_when_its_log_cannot_be_moved(void **state)
{
	(void)state;
	struct rf_error error = {0};
	struct rf_store *store;
	fake_disk_install();
	assert_int_equal(open_store(&store, &error), 0);
	fake_disk_bound("power.db", 1);
	for (int64_t n = 1; n <= 10; n++)
		assert_int_equal(run_transaction(store, n, RF_DURABLE, &error), 0);
	assert_true(((struct rf_sqlite *)store)->log_pages > LOG_PAGES);
	fake_disk_bound(NULL, 0);
	assert_int_equal(run_transaction(store, 11, RF_DURABLE, &error), 0);
	assert_int_equal(((struct rf_sqlite *)store)->log_pages, 0);
	rf_store_close(store);
	check_store(11);
	fake_disk_remove();
}

static void after_a_sync_that_failed_the_store_does_nothing_more(void **state)
{
	(void)state;
	struct rf_error error = {0};
	struct rf_store *store;
	fake_disk_install();
	assert_int_equal(open_store(&store, &error), 0);
	assert_int_equal(run_transaction(store, 1, RF_DURABLE, &error), 0);
	assert_int_equal(run_transaction(store, 2, RF_RELAXED, &error), 0);
	fake_disk_cut_power(1, 3);
	assert_int_equal(rf_store_sync(store, &error), -1);
	assert_int_equal(rf_store_begin(store, RF_RELAXED, &error), -1);
	assert_string_equal(error.text,
			    "the store could not be written: what is on the disk is not known; start again");
	int64_t last;
	assert_int_equal(rf_store_get_setting(store, "last", &last, &error), -1);
	rf_store_close(store);
	fake_disk_restart();
	check_store(1);
	fake_disk_remove();
}

int main(void)
{
	rf_log_open("test_store_power", RF_LOG_ERROR);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_promised_survives_a_power_cut_at_every_sync),
	    cmocka_unit_test(relaxed_transactions_are_lost_from_the_end),
	    cmocka_unit_test(a_full_disk_is_said_and_costs_nothing_but_the_transaction),
	    cmocka_unit_test(nothing_goes_on_when_what_waited_could_not_be_written_between_transactions),
	    cmocka_unit_test(what_is_committed_stays_when_its_log_cannot_be_moved),
	    cmocka_unit_test(after_a_sync_that_failed_the_store_does_nothing_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
