/* The store's interface (lib/store/store.h): opening, transactions, savepoints, walks. Documents and tasks have files
 * of their own. Every test runs over every implementation. */
#include "base/error.h"
#include "base/memory.h"
#include "store/store.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static void a_url_of_no_implementation_is_refused(void **state)
{
	struct test_store *fixture = *state;
	struct rf_store *store = NULL;
	FAULT(rf_store_open("oracle:somewhere", &store, &fixture->error));
	assert_string_equal(fixture->error.text,
			    "\"oracle:somewhere\" is not the URL of a store; expected sqlite:PATH");
	FAULT(rf_store_open(":", &store, &fixture->error));
	FAULT(rf_store_open("", &store, &fixture->error));
	assert_null(store);
}

static void a_second_one_who_opens_is_told_that_it_is_busy(void **state)
{
	struct test_store *fixture = *state;
	struct rf_store *second = NULL;
	test_store_expect(fixture, RF_STORE_BUSY, rf_store_open(fixture->url, &second, &fixture->error), "open",
			  __LINE__);
	assert_non_null(strstr(fixture->error.text, "another process has the store open"));
	assert_null(second);
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	test_store_put_part(fixture, "doc", "source", "hello");
	uint64_t id = test_store_add_task(fixture, "doc", "ingest", RF_TASK_READY);
	test_store_commit(fixture);
	test_store_reopen(fixture);
	struct rf_part part;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &part, &fixture->error));
	assert_memory_equal(part.data, "hello", 5);
	assert_string_equal(test_store_get_task(fixture, id).stage, "ingest");
}

static void closing_rolls_back_what_is_open(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	test_store_reopen(fixture);
	struct rf_revision revision;
	NONE(rf_store_get_revision(fixture->store, "doc", 0, &revision, &fixture->error));
}

static void states_have_names(void **state)
{
	(void)state;
	assert_string_equal(rf_task_state_name(RF_TASK_READY), "ready");
	assert_string_equal(rf_task_state_name(RF_TASK_ERASED), "erased");
	assert_string_equal(rf_task_state_name(0), "?");
	assert_string_equal(rf_task_state_name(RF_TASK_STATES), "?");
}

/* ---- transactions ----------------------------------------------------------------------------------------------- */

static void rollback_leaves_nothing(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "kept", 1);
	test_store_add_task(fixture, "kept", "ingest", RF_TASK_READY);
	test_store_commit(fixture);
	test_store_begin(fixture);
	test_store_add_revision(fixture, "lost", 1);
	test_store_add_task(fixture, "lost", "ingest", RF_TASK_READY);
	OK(rf_store_bind_source(fixture->store, "key", "lost", &fixture->error));
	rf_store_rollback(fixture->store);
	struct rf_revision revision;
	const char *document;
	NONE(rf_store_get_revision(fixture->store, "lost", 1, &revision, &fixture->error));
	NONE(rf_store_find_source(fixture->store, "key", &document, &fixture->error));
	ASSERT_COUNTS("ingest/ready=1 ");
}

static void a_document_that_was_rolled_back_can_be_made_again(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	rf_store_rollback(fixture->store);
	test_store_begin(fixture);
	test_store_add_revision(fixture, "other", 1);
	test_store_add_revision(fixture, "doc", 1);
	test_store_commit(fixture);
	struct rf_revision revision;
	OK(rf_store_get_revision(fixture->store, "doc", 1, &revision, &fixture->error));
	assert_string_equal(revision.document, "doc");
}

static void a_savepoint_is_undone_alone(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_task(fixture, "doc", "ingest", RF_TASK_READY);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "validate", RF_TASK_READY);
	test_store_add_task(fixture, "other", "ingest", RF_TASK_READY);
	OK(rf_store_undo(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "render", RF_TASK_HELD);
	test_store_commit(fixture);
	ASSERT_COUNTS("ingest/ready=1 render/held=1 ");
}

static void savepoints_nest(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "a", RF_TASK_READY);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "b", RF_TASK_READY);
	OK(rf_store_undo(fixture->store, &fixture->error));
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "c", RF_TASK_READY);
	OK(rf_store_release(fixture->store, &fixture->error));
	OK(rf_store_release(fixture->store, &fixture->error));
	test_store_commit(fixture);
	ASSERT_COUNTS("a/ready=1 c/ready=1 ");
}

static void what_was_released_is_undone_with_what_is_around_it(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "a", RF_TASK_READY);
	OK(rf_store_release(fixture->store, &fixture->error));
	OK(rf_store_undo(fixture->store, &fixture->error));
	test_store_commit(fixture);
	ASSERT_COUNTS("");
}

static void ending_a_savepoint_that_is_not_there_is_refused(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	FAULT(rf_store_undo(fixture->store, &fixture->error));
	FAULT(rf_store_release(fixture->store, &fixture->error));
	test_store_add_task(fixture, "doc", "ingest", RF_TASK_READY);
	test_store_commit(fixture);
	FAULT(rf_store_savepoint(fixture->store, &fixture->error));
	ASSERT_COUNTS("ingest/ready=1 ");
}

static void writing_outside_a_transaction_is_refused(void **state)
{
	struct test_store *fixture = *state;
	struct rf_revision revision = test_store_revision("doc", 1);
	FAULT(rf_store_add_revision(fixture->store, &revision, &fixture->error));
	assert_string_equal(fixture->error.text, "the store is written in a transaction only");
	FAULT(rf_store_commit(fixture->store, &fixture->error));
	test_store_begin(fixture);
	FAULT(rf_store_begin(fixture->store, RF_RELAXED, &fixture->error));
	FAULT(rf_store_sync(fixture->store, &fixture->error));
	test_store_commit(fixture);
	OK(rf_store_sync(fixture->store, &fixture->error));
}

static void after_a_fault_the_transaction_can_only_be_rolled_back(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	struct rf_revision again = test_store_revision("doc", 1);
	FAULT(rf_store_add_revision(fixture->store, &again, &fixture->error));
	struct rf_revision other = test_store_revision("other", 1);
	FAULT(rf_store_add_revision(fixture->store, &other, &fixture->error));
	FAULT(rf_store_commit(fixture->store, &fixture->error));
	rf_store_rollback(fixture->store);
	struct rf_revision revision;
	NONE(rf_store_get_revision(fixture->store, "doc", 1, &revision, &fixture->error));
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	test_store_commit(fixture);
}

static int call_the_store(void *context, const struct rf_task *task)
{
	struct test_store *fixture = context;
	struct rf_task again;
	FAULT(rf_store_get_task(fixture->store, task->id, &again, &fixture->error));
	return 0;
}

static void a_walk_may_not_call_the_store(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	uint64_t id = test_store_add_task(fixture, "doc", "ingest", RF_TASK_READY);
	test_store_commit(fixture);
	OK(rf_store_each_task(fixture->store, &(struct rf_task_filter){0}, call_the_store, fixture, &fixture->error));
	test_store_get_task(fixture, id);
}

static void a_walk_ends_as_its_callback_says(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	for (int i = 0; i < 3; i++)
		test_store_add_task(fixture, (const char *[]){"a", "b", "c"}[i], "ingest", RF_TASK_READY);
	test_store_commit(fixture);
	struct test_trail stopped = {.stop_after = 2, .answer = 1};
	OK(rf_store_each_task(fixture->store, &(struct rf_task_filter){0}, test_trail_task, &stopped, &fixture->error));
	assert_string_equal(stopped.text, "1 2 ");
	struct test_trail failed = {.stop_after = 1, .answer = -7};
	assert_int_equal(
	    rf_store_each_task(fixture->store, &(struct rf_task_filter){0}, test_trail_task, &failed, &fixture->error),
	    -7);
}

static void what_was_handed_out_may_be_given_to_the_next_call(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	for (int i = 0; i < 2; i++) {
		const char *document = i ? "second" : "first";
		test_store_add_revision(fixture, document, 1);
		test_store_add_task(fixture, document, i ? "first" : "second",
				    RF_TASK_READY); /* the other one's name */
		test_store_add_task(fixture, document, "ingest", RF_TASK_READY);
		test_store_put_part(fixture, document, "source", document);
	}
	test_store_commit(fixture);
	struct rf_task task;
	OK(rf_store_find_task(fixture->store, "first", 1, "second", &task, &fixture->error));
	OK(rf_store_find_task(fixture->store, task.stage, 1, "ingest", &task, &fixture->error));
	assert_string_equal(task.document, "second");
	struct rf_part part;
	OK(rf_store_get_part(fixture->store, task.document, 1, "source", &part, &fixture->error));
	OK(rf_store_get_part(fixture->store, part.document, 1, part.name, &part, &fixture->error));
	assert_memory_equal(part.data, "second", 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_url_of_no_implementation_is_refused),
	    STORE_TEST(a_second_one_who_opens_is_told_that_it_is_busy),
	    STORE_TEST(what_was_committed_is_there_after_opening_again),
	    STORE_TEST(closing_rolls_back_what_is_open),
	    STORE_TEST(states_have_names),
	    STORE_TEST(rollback_leaves_nothing),
	    STORE_TEST(a_document_that_was_rolled_back_can_be_made_again),
	    STORE_TEST(a_savepoint_is_undone_alone),
	    STORE_TEST(savepoints_nest),
	    STORE_TEST(what_was_released_is_undone_with_what_is_around_it),
	    STORE_TEST(ending_a_savepoint_that_is_not_there_is_refused),
	    STORE_TEST(writing_outside_a_transaction_is_refused),
	    STORE_TEST(after_a_fault_the_transaction_can_only_be_rolled_back),
	    STORE_TEST(a_walk_may_not_call_the_store),
	    STORE_TEST(a_walk_ends_as_its_callback_says),
	    STORE_TEST(what_was_handed_out_may_be_given_to_the_next_call),
	};
	return RUN_STORE_TESTS(tests);
}
