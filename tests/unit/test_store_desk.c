/* What waits on the store's desk (lib/store/desk.h): everybody is told of it, and a process that is killed leaves a
 * file in which each document is as it was at some moment, with counts that fit. A killed process is a copy of the
 * files, as they lie there between two calls. Every test runs over every implementation that lies in files. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/desk.h"
#include "store/store.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STAGES = 4, DOCUMENTS = 30, ROUNDS = 300, MOST_FILE = 64 * 1024 * 1024 };

static const char *const stages[STAGES] = {"ingest", "validate", "render", "notify"};

/* ---- hops ---------------------------------------------------------------------------------------------------------
 */

static void put_document(struct test_store *fixture, const char *document)
{
	test_store_add_revision(fixture, document, 1);
	test_store_put_part(fixture, document, "source", document);
	test_store_add_task(fixture, document, stages[0], RF_TASK_READY);
}

/* The task of the stage is done, with a part and an attribute, and the next one is ready. */
static void hop(struct test_store *fixture, const char *document, unsigned stage)
{
	struct rf_task task;
	OK(rf_store_find_task(fixture->store, document, 1, stages[stage], &task, &fixture->error));
	assert_int_equal(task.state, RF_TASK_READY);
	test_store_put_part(fixture, document, stages[stage], "what it added");
	OK(rf_store_set_attribute(fixture->store, document, 1, "last", stages[stage], &fixture->error));
	task.state = RF_TASK_DONE;
	OK(rf_store_update_task(fixture->store, &task, &fixture->error));
	if (stage + 1 < STAGES)
		test_store_add_task(fixture, document, stages[stage + 1], RF_TASK_READY);
}

static void patient_hop(struct test_store *fixture, const char *document, unsigned stage)
{
	rf_store_let_wait(fixture->store, document);
	hop(fixture, document, stage);
	rf_store_let_wait(fixture->store, NULL);
}

static void put_and_hop(struct test_store *fixture, const char *document)
{
	test_store_begin(fixture);
	put_document(fixture, document);
	test_store_commit(fixture);
	test_store_begin(fixture);
	patient_hop(fixture, document, 0);
	test_store_commit(fixture);
}

static void add_event(struct test_store *fixture, const char *document)
{
	const struct rf_event event = {.document = document, .revision = 1, .what = "noted"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
}

/* ---- what a killed process leaves ---------------------------------------------------------------------------------
 */

static void copy_file(const struct test_store *fixture, const char *name, const char *folder)
{
	rf_autofree char *from = rf_path_join(fixture->folder, name), *to = rf_path_join(folder, name);
	rf_autofree char *bytes = NULL;
	size_t size = 0;
	struct rf_error error;
	if (rf_file_read(from, MOST_FILE, &bytes, &size, &error) == 0)
		assert_int_equal(rf_file_write(to, bytes, size, false, &error), 0);
}

static int fail_fault(void *context, const char *fault)
{
	(void)context;
	fail_msg("%s", fault);
	return -1;
}

/* Another store, as a new process finds it. Everything in it fits together. */
static struct rf_store *open_left(struct test_store *fixture)
{
	rf_autofree char *folder = rf_path_join(fixture->folder, "left");
	rf_autofree char *url = rf_format("sqlite:%s/referat.db", folder);
	struct rf_store *left = NULL;
	OK(rf_folder_make(folder, &fixture->error));
	copy_file(fixture, "referat.db", folder);
	copy_file(fixture, "referat.db-wal", folder);
	OK(rf_store_open(url, &left, &fixture->error));
	OK(rf_store_check(left, fail_fault, NULL, &fixture->error));
	return left;
}

static enum rf_task_state state_in(struct rf_store *store, const char *document, unsigned stage)
{
	struct rf_error error;
	struct rf_task task;
	int status = rf_store_find_task(store, document, 1, stages[stage], &task, &error);
	assert_true(status >= 0);
	return status == 0 ? task.state : 0;
}

static void what_may_wait_is_not_in_the_file_and_everybody_is_told_of_it(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	struct test_trail found = {0};
	struct rf_task_filter ready = {.states = 1 << RF_TASK_READY};
	ASSERT_COUNTS("ingest/done=1 validate/ready=1 ");
	assert_true(rf_store_waits(fixture->store));
	struct rf_store *left = open_left(fixture);
	assert_int_equal(state_in(left, "doc", 0), RF_TASK_READY);
	assert_int_equal(state_in(left, "doc", 1), 0);
	rf_store_close(left);
	OK(rf_store_each_task(fixture->store, &ready, test_trail_task, &found, &fixture->error));
	assert_string_equal(found.text, "2 ");
	assert_false(rf_store_waits(fixture->store)); /* a walk goes over what is in the file */
}

static void what_waited_is_written_by_a_sync(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	OK(rf_store_sync(fixture->store, &fixture->error));
	struct rf_store *left = open_left(fixture);
	assert_int_equal(state_in(left, "doc", 1), RF_TASK_READY);
	rf_store_close(left);
}

static void what_waited_is_written_when_the_store_is_closed(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	test_store_reopen(fixture);
	assert_int_equal(state_in(fixture->store, "doc", 1), RF_TASK_READY);
	ASSERT_COUNTS("ingest/done=1 validate/ready=1 ");
}

static void what_waited_is_written_with_whatever_else_is_about_the_document(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	put_and_hop(fixture, "other");
	test_store_begin(fixture);
	add_event(fixture, "doc");
	test_store_commit(fixture);
	struct rf_store *left = open_left(fixture);
	assert_int_equal(state_in(left, "doc", 1), RF_TASK_READY);
	assert_int_equal(state_in(left, "other", 1), 0);
	rf_store_close(left);
}

static void a_change_that_comes_with_something_else_does_not_wait(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	put_document(fixture, "doc");
	put_document(fixture, "other");
	test_store_commit(fixture);
	test_store_begin(fixture);
	rf_store_let_wait(fixture->store, "doc");
	hop(fixture, "doc", 0);
	add_event(fixture, "other");
	hop(fixture, "doc", 1);
	rf_store_let_wait(fixture->store, NULL);
	test_store_commit(fixture);
	struct rf_store *left = open_left(fixture);
	assert_int_equal(state_in(left, "doc", 2), RF_TASK_READY);
	rf_store_close(left);
}

static void an_id_that_was_given_to_what_was_lost_is_given_to_no_other(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	struct rf_task lost;
	OK(rf_store_find_task(fixture->store, "doc", 1, "validate", &lost, &fixture->error));
	struct rf_task added = {.document = "new", .revision = 1, .stage = "ingest", .state = RF_TASK_READY};
	struct rf_store *left = open_left(fixture);
	OK(rf_store_begin(left, RF_RELAXED, &fixture->error));
	OK(rf_store_add_task(left, &added, &added.id, &fixture->error));
	OK(rf_store_commit(left, &fixture->error));
	assert_true(added.id > lost.id);
	rf_store_close(left);
}

static void ids_are_reserved_by_the_first_durable_commit(void **state)
{
	struct test_store *fixture = *state;
	struct rf_task task = {.document = "doc", .revision = 1, .stage = "ingest", .state = RF_TASK_READY};
	OK(rf_store_begin(fixture->store, RF_DURABLE, &fixture->error));
	OK(rf_store_set_setting(fixture->store, "epoch", 1, &fixture->error));
	OK(rf_store_commit(fixture->store, &fixture->error));
	struct rf_store *left = open_left(fixture);
	uint64_t given, given_again;
	test_store_begin(fixture);
	OK(rf_store_add_task(fixture->store, &task, &given, &fixture->error));
	OK(rf_store_begin(left, RF_RELAXED, &fixture->error));
	OK(rf_store_add_task(left, &task, &given_again, &fixture->error));
	assert_true(given_again > given);
	rf_store_close(left);
}

static void ids_go_on_after_a_clean_end(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	test_store_reopen(fixture);
	test_store_begin(fixture);
	assert_int_equal(test_store_add_task(fixture, "new", "ingest", RF_TASK_READY), 3);
	test_store_commit(fixture);
}

static void a_rollback_takes_what_waited_with_it(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	test_store_begin(fixture);
	patient_hop(fixture, "doc", 1);
	rf_store_rollback(fixture->store);
	assert_int_equal(state_in(fixture->store, "doc", 0), RF_TASK_READY);
	ASSERT_COUNTS("ingest/ready=1 ");
}

static void what_a_savepoint_undoes_is_undone_on_the_desk_too(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	test_store_begin(fixture);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	hop(fixture, "doc", 1);
	OK(rf_store_undo(fixture->store, &fixture->error));
	assert_int_equal(state_in(fixture->store, "doc", 1), RF_TASK_READY);
	test_store_commit(fixture);
	ASSERT_COUNTS("ingest/done=1 validate/ready=1 ");
}

static void a_newer_revision_takes_the_place_of_the_one_before(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 2);
	test_store_commit(fixture);
	struct rf_store *left = open_left(fixture);
	assert_int_equal(state_in(left, "doc", 1), RF_TASK_READY);
	rf_store_close(left);
	assert_int_equal(state_in(fixture->store, "doc", 1), RF_TASK_READY);
	OK(rf_store_take_up(fixture->store, "doc", 1, &fixture->error));
	test_store_begin(fixture);
	patient_hop(fixture, "doc", 1);
	test_store_commit(fixture);
	assert_int_equal(state_in(fixture->store, "doc", 2), RF_TASK_READY);
}

static void what_is_erased_is_no_longer_on_the_desk(void **state)
{
	struct test_store *fixture = *state;
	put_and_hop(fixture, "doc");
	const struct rf_erasure erasure = {.document = "doc", .who = "a", .reason = "b"};
	struct rf_erased erased;
	struct rf_part part;
	test_store_begin(fixture);
	OK(rf_store_erase(fixture->store, &erasure, &erased, &fixture->error));
	test_store_commit(fixture);
	assert_int_equal(erased.parts, 2);
	NONE(rf_store_get_part(fixture->store, "doc", 1, "source", &part, &fixture->error));
	ASSERT_COUNTS("ingest/erased=1 validate/erased=1 ");
}

static void why_a_task_waits_counts_as_bytes_on_the_desk(void **state)
{
	(void)state;
	struct rf_desk *desk = rf_desk_new();
	struct rf_dossier *dossier = rf_desk_open(desk, "doc", 1);
	struct rf_task task = {.id = 1, .stage = "publish", .state = RF_TASK_READY};
	rf_dossier_add_task(desk, dossier, &task, RF_TASK_READY);
	size_t without = desk->bytes;
	task.code = "yield";
	task.reason = "the target said why, at length";
	rf_desk_change_task(desk, rf_desk_find_task(desk, 1), &task);
	assert_int_equal(desk->bytes, without + strlen(task.code) + strlen(task.reason));
	task.code = task.reason = NULL;
	rf_desk_change_task(desk, rf_desk_find_task(desk, 1), &task);
	assert_int_equal(desk->bytes, without);
	rf_desk_free(desk);
}

/* ---- any sequence -------------------------------------------------------------------------------------------------
 */

struct passage {
	unsigned steps;   /* hops that were made */
	unsigned written; /* of them so many are in the file for certain */
};

struct model {
	struct passage documents[DOCUMENTS];
	unsigned n;
};

static char *name_of(unsigned document)
{
	return rf_format("document-%u", document);
}

static unsigned pick(unsigned *seed, unsigned n)
{
	return (unsigned)rand_r(seed) % n;
}

static void put_next(struct test_store *fixture, struct model *model)
{
	rf_autofree char *name = name_of(model->n++);
	put_document(fixture, name);
}

static void do_something(struct test_store *fixture, struct model *model, unsigned *seed)
{
	unsigned document = model->n ? pick(seed, model->n) : 0;
	struct passage *passage = &model->documents[document];
	rf_autofree char *name = name_of(document);
	switch (pick(seed, 8)) {
	case 0:
		if (model->n < DOCUMENTS)
			put_next(fixture, model);
		return;
	case 1:
		if (model->n == 0)
			return;
		add_event(fixture, name);
		passage->written = passage->steps;
		return;
	case 2:
		if (model->n > 0)
			OK(rf_store_take_up(fixture->store, name, 1, &fixture->error));
		return;
	default:
		if (model->n > 0 && passage->steps < STAGES)
			patient_hop(fixture, name, passage->steps++);
	}
}

static int count_part(void *context, const struct rf_part *part)
{
	(void)part;
	++*(unsigned *)context;
	return 0;
}

/* It is there as it was after some step, neither before what was written for certain nor ahead of what was done. */
static void check_document(struct test_store *fixture, struct rf_store *left, const char *name,
			   const struct passage *passage)
{
	unsigned step = 0, parts = 0;
	while (step < STAGES && state_in(left, name, step) == RF_TASK_DONE)
		step++;
	assert_in_range(step, passage->written, passage->steps);
	if (step < STAGES)
		assert_int_equal(state_in(left, name, step), RF_TASK_READY);
	for (unsigned later = step + 1; later < STAGES; later++)
		assert_int_equal(state_in(left, name, later), 0);
	OK(rf_store_each_part(left, name, 1, count_part, &parts, &fixture->error));
	assert_int_equal(parts, step + 1);
}

static void a_killed_process_leaves_each_document_as_it_was_at_some_moment(void **state)
{
	struct test_store *fixture = *state;
	unsigned seed = 20240417;
	struct model model = {.n = 0};
	for (int round = 0; round < ROUNDS; round++) {
		test_store_begin(fixture);
		for (unsigned i = pick(&seed, 8); i > 0; i--)
			do_something(fixture, &model, &seed);
		test_store_commit(fixture);
		if (pick(&seed, 20) == 0) {
			OK(rf_store_sync(fixture->store, &fixture->error));
			for (unsigned i = 0; i < model.n; i++)
				model.documents[i].written = model.documents[i].steps;
		}
		if (pick(&seed, 10) != 0)
			continue;
		struct rf_store *left = open_left(fixture);
		for (unsigned i = 0; i < model.n; i++) {
			rf_autofree char *name = name_of(i);
			check_document(fixture, left, name, &model.documents[i]);
		}
		rf_store_close(left);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    STORE_TEST(what_may_wait_is_not_in_the_file_and_everybody_is_told_of_it),
	    STORE_TEST(what_waited_is_written_by_a_sync),
	    STORE_TEST(what_waited_is_written_when_the_store_is_closed),
	    STORE_TEST(what_waited_is_written_with_whatever_else_is_about_the_document),
	    STORE_TEST(a_change_that_comes_with_something_else_does_not_wait),
	    STORE_TEST(an_id_that_was_given_to_what_was_lost_is_given_to_no_other),
	    STORE_TEST(ids_are_reserved_by_the_first_durable_commit),
	    STORE_TEST(ids_go_on_after_a_clean_end),
	    STORE_TEST(a_rollback_takes_what_waited_with_it),
	    STORE_TEST(what_a_savepoint_undoes_is_undone_on_the_desk_too),
	    STORE_TEST(a_newer_revision_takes_the_place_of_the_one_before),
	    STORE_TEST(what_is_erased_is_no_longer_on_the_desk),
	    STORE_TEST(why_a_task_waits_counts_as_bytes_on_the_desk),
	    STORE_TEST(a_killed_process_leaves_each_document_as_it_was_at_some_moment),
	};
	return RUN_STORE_TESTS(tests);
}
