/* What goes by itself: blobs that nothing names, and the parts of revisions that were superseded long ago. */
#include "base/error.h"
#include "base/memory.h"
#include "tests/support/rig.h"
#include "tests/support/rig_blob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define A_WHILE (15 * 60 * RF_SECOND)
#define DAY     (24 * 3600 * RF_SECOND)

/* ---- blobs ------------------------------------------------------------------------------------------------------ */

static bool is_there(const struct rig *rig, const char *blob)
{
	rf_autofree char *path = rig_blob_path(rig, blob);
	return access(path, F_OK) == 0;
}

static void a_blob_that_nothing_names_goes_at_the_second_look(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *blob = rig_blob_make(rig, "of a document that never came");
	rig_pass(rig, 0);
	assert_true(is_there(rig, blob));
	rig_pass(rig, A_WHILE - RF_SECOND);
	assert_true(is_there(rig, blob));
	rig_pass(rig, RF_SECOND);
	assert_false(is_there(rig, blob));
}

static void a_blob_that_a_part_names_stays(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *blob = rig_blob_make(rig, "a large document");
	rf_autofree char *id = rig_blob_put(rig, "a", blob);
	assert_non_null(id);
	for (int i = 0; i < 5; i++)
		rig_pass(rig, A_WHILE);
	assert_true(is_there(rig, blob));
}

/* A stage that is told FULL asks again and again with the same blob. */
static void a_blob_that_somebody_still_asks_for_stays(void **state)
{
	struct rig *rig = *state;
	rig->options.most_tasks = 1;
	rig_start_core(rig);
	rig_join_all(rig);
	rig_put(rig, "in the way", "1");
	rf_autofree char *blob = rig_blob_make(rig, "a large document");
	for (int i = 0; i < 5; i++) {
		rig_pass(rig, A_WHILE);
		rig_join(rig, INGEST, 1);
		rf_autofree char *refused = rig_blob_put(rig, "a", blob);
		assert_null(refused);
	}
	assert_true(is_there(rig, blob));
}

/* What it was about to do is not remembered: nothing goes that was looked at once. */
static void a_new_broker_looks_twice_again(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *blob = rig_blob_make(rig, "of a document that never came");
	for (int i = 0; i < 5; i++) {
		rig_pass(rig, A_WHILE);
		rig_restart(rig);
	}
	assert_true(is_there(rig, blob));
}

static void a_clock_that_jumps_removes_no_blob(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *blob = rig_blob_make(rig, "of a document that never came");
	rig_pass(rig, 0);
	rig->clock.wall_us += 365 * DAY;
	rig_pass(rig, RF_SECOND);
	assert_true(is_there(rig, blob));
}

/* ---- superseded revisions ---------------------------------------------------------------------------------------- */

static int count_part(void *context, const struct rf_part *part)
{
	(void)part;
	++*(int *)context;
	return 0;
}

static int count_attribute(void *context, const char *name, const char *value)
{
	(void)name;
	(void)value;
	++*(int *)context;
	return 0;
}

/* Parts and attributes. */
static int count_of(struct rig *rig, const char *document, uint32_t revision)
{
	struct rf_error error = {""};
	int n = 0;
	assert_int_equal(rf_store_each_part(rig->store, document, revision, count_part, &n, &error), 0);
	assert_int_equal(rf_store_each_attribute(rig->store, document, revision, count_attribute, &n, &error), 0);
	return n;
}

/* A document with two revisions, kept ten days. */
static char *revise(struct rig *rig)
{
	rig->pipeline.keep_superseded_us = 10 * DAY;
	rig_start_core(rig);
	rig_join_all(rig);
	char *id = rf_strdup(rig_put(rig, "a", "first"));
	rig_pass(rig, DAY);
	rig_join(rig, INGEST, 10);
	rig_put(rig, "a", "second");
	return id;
}

static void parts_of_a_superseded_revision_go_after_their_time(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = revise(rig);
	rig_pass(rig, 10 * DAY - RF_SECOND);
	assert_int_equal(count_of(rig, id, 1), 2);
	rig_pass(rig, A_WHILE);
	assert_int_equal(count_of(rig, id, 1), 0);
	assert_int_equal(count_of(rig, id, 2), 2);
	rf_autofree char *arguments = rf_format("{\"document\": \"%s\"}", id);
	assert_non_null(strstr(rig_ask(rig, "show", arguments, NULL), "\"what\":\"parts-removed\""));
}

static void the_same_bytes_are_known_after_their_parts_went(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = revise(rig);
	rig_pass(rig, 11 * DAY);
	assert_int_equal(count_of(rig, id, 1), 0);
	rig_join(rig, INGEST, 10);
	assert_int_equal(rig_put_item(rig, "a", "second")->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
}

static void without_a_time_everything_is_kept(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = revise(rig);
	rig->pipeline.keep_superseded_us = 0;
	rig_pass(rig, 1000 * DAY);
	assert_int_equal(count_of(rig, id, 1), 2);
}

static void a_clock_set_forward_removes_nothing_early(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = revise(rig);
	rig->clock.wall_us += 365 * DAY;
	rig_pass(rig, A_WHILE);
	assert_int_equal(count_of(rig, id, 1), 2);
}

static void a_clock_set_back_only_delays(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = revise(rig);
	rig->clock.wall_us -= 5 * DAY;
	rig_pass(rig, 11 * DAY);
	assert_int_equal(count_of(rig, id, 1), 2);
	rig_pass(rig, 5 * DAY);
	assert_int_equal(count_of(rig, id, 1), 0);
}

static void weeks_switched_off_count(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = revise(rig);
	rf_core_free(rf_steal(rig->core));
	rig_forget_sent(rig);
	rig->clock.wall_us += 30 * DAY;
	rig_start_core(rig);
	rig_pass(rig, 0);
	assert_int_equal(count_of(rig, id, 1), 0);
}

static void many_at_once_are_taken_in_turns(void **state)
{
	enum { MANY = 150 };
	struct rig *rig = *state;
	rig->pipeline.keep_superseded_us = DAY;
	rig_start_core(rig);
	rig_join_all(rig);
	char key[16], *ids[MANY];
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof key, "key %d", i);
		rig_put(rig, key, "first");
		rig->clock.wall_us += RF_SECOND;
		rig->clock.monotonic_us += RF_SECOND;
		ids[i] = rf_strdup(rig_put(rig, key, "second"));
		rig_forget_sent(rig);
		rig_join(rig, INGEST, 1);
	}
	for (int i = 0; i < 3; i++)
		rig_pass(rig, 2 * DAY);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(count_of(rig, ids[i], 1), 0);
		assert_int_equal(count_of(rig, ids[i], 2), 2);
		free(ids[i]);
	}
}

int main(void)
{
#define TEST(name)           cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
#define UNSTARTED_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_blob_that_nothing_names_goes_at_the_second_look),
	    TEST(a_blob_that_a_part_names_stays),
	    UNSTARTED_TEST(a_blob_that_somebody_still_asks_for_stays),
	    TEST(a_new_broker_looks_twice_again),
	    TEST(a_clock_that_jumps_removes_no_blob),
	    UNSTARTED_TEST(parts_of_a_superseded_revision_go_after_their_time),
	    UNSTARTED_TEST(the_same_bytes_are_known_after_their_parts_went),
	    UNSTARTED_TEST(without_a_time_everything_is_kept),
	    UNSTARTED_TEST(a_clock_set_forward_removes_nothing_early),
	    UNSTARTED_TEST(a_clock_set_back_only_delays),
	    UNSTARTED_TEST(weeks_switched_off_count),
	    UNSTARTED_TEST(many_at_once_are_taken_in_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
