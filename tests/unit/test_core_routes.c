/* Which tasks follow: from any, all joined, when; and which document a meeting's minutes are. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static size_t both[] = {RENDER, PUBLISH};
static struct rf_condition when_summary = {(char *)"kind", (char *)"summary"};

/* ingest -> validate -> {render, publish/web} -> notify */
static void branch(struct rig *rig, bool join)
{
	rig->from[PUBLISH] = VALIDATE;
	rig->stages[NOTIFY].from = both;
	rig->stages[NOTIFY].n_from = 2;
	rig->stages[NOTIFY].join = join;
}

static const char *bring(struct rig *rig, const char *kind)
{
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, VALIDATE));
	rig_add_attribute(&done, "kind", kind);
	rig_say(rig, VALIDATE, &done);
	return id;
}

static void any_needs_one(void **state)
{
	struct rig *rig = *state;
	branch(rig, false);
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = bring(rig, "summary");
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_READY);
	rig_run(rig, NOTIFY);
	rig_run(rig, PUBLISH);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
}

static void all_needs_each(void **state)
{
	struct rig *rig = *state;
	branch(rig, true);
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = bring(rig, "summary");
	rig_run(rig, PUBLISH);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, 0);
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_READY);
}

static void when_is_asked_before_a_task_is_made(void **state)
{
	struct rig *rig = *state;
	branch(rig, false);
	rig->stages[PUBLISH].conditions = &when_summary;
	rig->stages[PUBLISH].n_conditions = 1;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = bring(rig, "agenda");
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, 0);
}

static void a_join_does_not_wait_for_what_when_left_out(void **state)
{
	struct rig *rig = *state;
	branch(rig, true);
	rig->stages[PUBLISH].conditions = &when_summary;
	rig->stages[PUBLISH].n_conditions = 1;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = bring(rig, "agenda");
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_READY);
}

/* ---- subjects ------------------------------------------------------------------------------------------------------
 */

static void read_as(struct rig *rig, const char *subject, bool correction)
{
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	done.header->items[0]->subject_key = rf_strdup(subject);
	rig_add_attribute(&done, "title", subject);
	if (correction)
		rig_add_attribute(&done, "correction", "true");
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, INGEST, 1);
}

static void a_second_document_about_a_meeting_is_held(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *first = rig_put(rig, "a", "1");
	read_as(rig, "ks/2024-04-17/minutes/1", false);
	const char *second = rig_put(rig, "b", "2");
	read_as(rig, "ks/2024-04-17/minutes/1", false);
	struct rig_task task = rig_task(rig, second, 1, INGEST);
	assert_int_equal(task.state, RF_TASK_HELD);
	assert_string_equal(task.code, "subject-taken");
	rf_autofree char *note = rf_format("%s before %s", first, second);
	assert_string_equal(task.reason, note);
	assert_int_equal(rig_task(rig, first, 1, VALIDATE).state, RF_TASK_READY);
}

static void a_correction_is_the_next_revision_and_a_major_change(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *first = rig_put(rig, "a", "1");
	read_as(rig, "ks/2024-04-17/minutes/1", false);
	const char *second = rig_put(rig, "b", "2");
	read_as(rig, "ks/2024-04-17/minutes/1", true);
	assert_int_equal(rig_task(rig, second, 1, INGEST).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, first, 1, VALIDATE).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, first, 2, INGEST).state, RF_TASK_READY);
	read_as(rig, "ks/2024-04-17/minutes/1", true);
	struct rf_revision revision;
	assert_int_equal(rf_store_get_revision(rig->store, first, 0, &revision, NULL), 0);
	assert_int_equal(revision.number, 2);
	assert_int_equal(revision.major, 1);
	assert_string_equal(revision.source_key, "b");
	assert_int_equal(rig_put_item(rig, "a", "1")->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
	assert_int_equal(rig_put_item(rig, "b", "2")->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
}

/* Reads the newest revision of the only document, whose file has a line with that correction; its major change. */
static uint32_t read_corrected(struct rig *rig, const char *id, const char *bytes, const char *correction)
{
	rig_put(rig, "a", bytes);
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	if (correction) {
		rig_add_attribute(&done, "correction", "true");
		rig_add_attribute(&done, "correction_id", correction);
	}
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, INGEST, 1);
	struct rf_revision revision;
	assert_int_equal(rf_store_get_revision(rig->store, id, 0, &revision, NULL), 0);
	return revision.major;
}

static void a_line_that_stays_is_no_new_correction(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	rig_run(rig, INGEST);
	rig_credit(rig, INGEST, 1);
	assert_int_equal(read_corrected(rig, id, "2", NULL), 0);
	assert_int_equal(read_corrected(rig, id, "3", "april"), 1);
	assert_int_equal(read_corrected(rig, id, "4", "april"), 1); /* a slip of the pen, put right */
	assert_int_equal(read_corrected(rig, id, "5", "maj"), 2);
}

static void the_successor_of_a_held_document_is_its_next_revision(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *first = rig_put(rig, "a", "1");
	read_as(rig, "ks/2024-04-17/minutes/1", false);
	struct rf_message hold = rig_answer(RF_VERB_HOLD, rig_begin(rig, VALIDATE));
	rig_say(rig, VALIDATE, &hold);
	rig_put(rig, "b", "2");
	read_as(rig, "ks/2024-04-17/minutes/1", false);
	assert_int_equal(rig_task(rig, first, 1, VALIDATE).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, first, 2, INGEST).state, RF_TASK_READY);
}

static void without_a_subject_nothing_is_bound(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	const char *second = rig_put(rig, "b", "2");
	rig_run(rig, INGEST);
	assert_int_equal(rig_task(rig, second, 1, VALIDATE).state, RF_TASK_READY);
}

/* ---- supersession ---------------------------------------------------------------------------------------------------
 */

static void a_newer_revision_takes_the_place_of_open_tasks(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	assert_non_null(rig_work(rig, VALIDATE));
	rig_put(rig, "a", "2");
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_SUPERSEDED);
	assert_non_null(rig_take(rig, VALIDATE, RF_VERB_REVOKE));
	assert_int_equal(rig_task(rig, id, 2, INGEST).state, RF_TASK_READY);
}

static void what_was_started_ends_as_a_late_answer(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	rig_put(rig, "a", "2");
	assert_null(rig_take(rig, INGEST, RF_VERB_REVOKE));
	assert_int_equal(rig_done(rig, INGEST, token), REFERAT__WIRE__OUTCOME__STALE);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, 0);
	rig_run(rig, INGEST);
	assert_int_equal(rig_task(rig, id, 2, VALIDATE).state, RF_TASK_READY);
}

static void a_dead_document_is_revived_by_a_newer_revision(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message fail = rig_answer(RF_VERB_FAIL, rig_begin(rig, INGEST));
	rig_say(rig, INGEST, &fail);
	rig_put(rig, "a", "2");
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_SUPERSEDED);
	assert_null(strstr(rig_ask(rig, "dead", NULL, NULL), id));
	assert_non_null(strstr(rig_ask(rig, "list", "{\"status\":\"open\"}", NULL), id));
}

#define TEST(name)     cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
#define OWN_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OWN_TEST(any_needs_one),
	    OWN_TEST(all_needs_each),
	    OWN_TEST(when_is_asked_before_a_task_is_made),
	    OWN_TEST(a_join_does_not_wait_for_what_when_left_out),
	    TEST(a_second_document_about_a_meeting_is_held),
	    TEST(a_correction_is_the_next_revision_and_a_major_change),
	    TEST(a_line_that_stays_is_no_new_correction),
	    TEST(the_successor_of_a_held_document_is_its_next_revision),
	    TEST(without_a_subject_nothing_is_bound),
	    TEST(a_newer_revision_takes_the_place_of_open_tasks),
	    TEST(what_was_started_ends_as_a_late_answer),
	    TEST(a_dead_document_is_revived_by_a_newer_revision),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
