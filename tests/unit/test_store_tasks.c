/* The store's interface (lib/store/store.h): tasks and their counts. Every test runs over every implementation. */
#include "base/error.h"
#include "base/memory.h"
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

/* The ids that a filter gives, in order. */
#define ASSERT_TASKS(expected, ...)                                                                                    \
	do {                                                                                                           \
		struct test_trail trail = {0};                                                                         \
		OK(rf_store_each_task(fixture->store, &(struct rf_task_filter){__VA_ARGS__}, test_trail_task, &trail,  \
				      &fixture->error));                                                               \
		assert_string_equal(trail.text, expected);                                                             \
	} while (0)

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

static void a_task_comes_back_as_it_was_given(void **state)
{
	struct test_store *fixture = *state;
	struct rf_task given = {.document = "doc",
				.revision = 2,
				.stage = "publish/web",
				.state = RF_TASK_DELAYED,
				.due_us = 11,
				.created_us = 12,
				.changed_us = 13,
				.attempts = 1,
				.failures = 2,
				.crashes = 3,
				.kills = 4,
				.timeouts = 5,
				.priority = -6,
				.code = "http-503",
				.reason = "the site was away"};
	test_store_begin(fixture);
	OK(rf_store_add_task(fixture->store, &given, &given.id, &fixture->error));
	test_store_commit(fixture);
	struct rf_task got;
	OK(rf_store_find_task(fixture->store, "doc", 2, "publish/web", &got, &fixture->error));
	assert_int_equal(got.id, given.id);
	got = test_store_get_task(fixture, given.id);
	assert_string_equal(got.document, "doc");
	assert_string_equal(got.stage, "publish/web");
	assert_string_equal(got.code, "http-503");
	assert_string_equal(got.reason, "the site was away");
	assert_int_equal(got.revision, 2);
	assert_int_equal(got.state, RF_TASK_DELAYED);
	assert_int_equal(got.due_us, 11);
	assert_int_equal(got.created_us, 12);
	assert_int_equal(got.changed_us, 13);
	assert_int_equal(got.attempts, 1);
	assert_int_equal(got.failures, 2);
	assert_int_equal(got.crashes, 3);
	assert_int_equal(got.kills, 4);
	assert_int_equal(got.timeouts, 5);
	assert_int_equal(got.priority, -6);
}

static void an_update_keeps_what_names_the_task(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	uint64_t id = test_store_add_task(fixture, "doc", "render", RF_TASK_READY);
	struct rf_task change = {.id = id,
				 .document = "other",
				 .revision = 9,
				 .stage = "notify",
				 .state = RF_TASK_DEAD,
				 .created_us = 99,
				 .changed_us = 7,
				 .crashes = 2,
				 .reason = "it crashed"};
	OK(rf_store_update_task(fixture->store, &change, &fixture->error));
	test_store_commit(fixture);
	struct rf_task got = test_store_get_task(fixture, id);
	assert_string_equal(got.document, "doc");
	assert_int_equal(got.revision, 1);
	assert_string_equal(got.stage, "render");
	assert_int_equal(got.created_us, 99);
	assert_int_equal(got.state, RF_TASK_DEAD);
	assert_int_equal(got.crashes, 2);
	assert_int_equal(got.changed_us, 7);
	assert_null(got.code);
	assert_string_equal(got.reason, "it crashed");
}

static void a_task_that_is_not_there_is_not_updated(void **state)
{
	struct test_store *fixture = *state;
	struct rf_task task = {.id = 77, .state = RF_TASK_DONE};
	NONE(rf_store_get_task(fixture->store, 77, &task, &fixture->error));
	NONE(rf_store_find_task(fixture->store, "doc", 1, "ingest", &task, &fixture->error));
	test_store_begin(fixture);
	FAULT(rf_store_update_task(fixture->store, &task, &fixture->error));
	assert_string_equal(fixture->error.text, "there is no task 77");
}

static void there_is_one_task_for_a_revision_and_stage(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	uint64_t first = test_store_add_task(fixture, "doc", "ingest", RF_TASK_READY);
	assert_true(test_store_add_task(fixture, "doc", "validate", RF_TASK_READY) > first);
	struct rf_task again = {.document = "doc", .revision = 1, .stage = "ingest", .state = RF_TASK_READY};
	uint64_t id;
	FAULT(rf_store_add_task(fixture->store, &again, &id, &fixture->error));
}

static void a_state_that_is_none_is_refused(void **state)
{
	struct test_store *fixture = *state;
	struct rf_task task = {.document = "doc", .revision = 1, .stage = "ingest", .state = 0};
	uint64_t id;
	test_store_begin(fixture);
	FAULT(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
}

/* Tasks 1 to 6, of two documents and two stages, in several states. */
static void add_several_tasks(struct test_store *fixture)
{
	static const struct rf_task tasks[] = {
	    {.document = "a", .stage = "render", .state = RF_TASK_READY, .priority = 0},
	    {.document = "b", .stage = "render", .state = RF_TASK_READY, .priority = 5},
	    {.document = "a", .stage = "notify", .state = RF_TASK_DELAYED, .due_us = 300},
	    {.document = "b", .stage = "notify", .state = RF_TASK_DELAYED, .due_us = 100},
	    {.document = "c", .stage = "render", .state = RF_TASK_READY, .priority = -1},
	    {.document = "c", .stage = "notify", .state = RF_TASK_DONE},
	};
	test_store_begin(fixture);
	for (size_t i = 0; i < RF_COUNT(tasks); i++) {
		struct rf_task task = tasks[i];
		task.revision = 1;
		OK(rf_store_add_task(fixture->store, &task, &task.id, &fixture->error));
		assert_int_equal(task.id, i + 1);
	}
	test_store_commit(fixture);
}

enum { READY = 1 << RF_TASK_READY, DELAYED = 1 << RF_TASK_DELAYED, HELD = 1 << RF_TASK_HELD, DONE = 1 << RF_TASK_DONE };

static void tasks_are_filtered(void **state)
{
	struct test_store *fixture = *state;
	add_several_tasks(fixture);
	ASSERT_TASKS("1 2 3 4 5 6 ", 0);
	ASSERT_TASKS("1 2 5 ", .states = READY);
	ASSERT_TASKS("1 2 3 4 5 ", .states = READY | DELAYED);
	ASSERT_TASKS("6 ", .states = DONE);
	ASSERT_TASKS("1 2 5 6 ", .states = READY | DONE);
	ASSERT_TASKS("", .states = HELD);
	ASSERT_TASKS("3 4 6 ", .stage = "notify");
	ASSERT_TASKS("3 4 ", .stage = "notify", .states = DELAYED);
	ASSERT_TASKS("2 4 ", .document = "b");
	ASSERT_TASKS("2 ", .document = "b", .states = READY);
	ASSERT_TASKS("4 ", .document = "b", .stage = "notify", .states = READY | DELAYED);
	ASSERT_TASKS("", .document = "nobody");
	ASSERT_TASKS("", .stage = "nowhere", .states = READY);
}

static void tasks_are_ordered_and_paged(void **state)
{
	struct test_store *fixture = *state;
	add_several_tasks(fixture);
	ASSERT_TASKS("2 1 5 ", .states = READY, .by_priority = true);
	ASSERT_TASKS("2 1 5 ", .states = READY, .stage = "render", .by_priority = true);
	ASSERT_TASKS("2 1 ", .states = READY, .stage = "render", .by_priority = true, .most = 2);
	ASSERT_TASKS("1 2 ", .most = 2);
	ASSERT_TASKS("3 4 ", .most = 2, .after_id = 2);
	ASSERT_TASKS("5 ", .states = READY, .after_id = 2);
	ASSERT_TASKS("2 5 ", .states = READY, .stage = "render", .after_id = 1);
}

static void delayed_tasks_are_found_when_due(void **state)
{
	struct test_store *fixture = *state;
	int64_t due = 0;
	NONE(rf_store_next_due(fixture->store, &due, &fixture->error));
	add_several_tasks(fixture);
	OK(rf_store_next_due(fixture->store, &due, &fixture->error));
	assert_int_equal(due, 100);
	ASSERT_TASKS("", .states = DELAYED, .due_by_us = 99);
	ASSERT_TASKS("4 ", .states = DELAYED, .due_by_us = 100);
	ASSERT_TASKS("3 4 ", .states = DELAYED, .due_by_us = 300);
	ASSERT_TASKS("1 2 4 5 ", .states = READY | DELAYED, .due_by_us = 100);
	ASSERT_TASKS("4 ", .states = DELAYED, .due_by_us = 300, .document = "b");
	struct rf_task task = test_store_get_task(fixture, 4);
	test_store_begin(fixture);
	task.state = RF_TASK_READY;
	OK(rf_store_update_task(fixture->store, &task, &fixture->error));
	test_store_commit(fixture);
	OK(rf_store_next_due(fixture->store, &due, &fixture->error));
	assert_int_equal(due, 300);
}

/* Whatever their priorities, and without those of other stages and states. */
static void the_oldest_task_of_a_stage_is_found(void **state)
{
	struct test_store *fixture = *state;
	int64_t created_us = 0;
	NONE(rf_store_oldest_task(fixture->store, RF_TASK_READY, "render", &created_us, &fixture->error));
	test_store_begin(fixture);
	for (int i = 0; i < 6; i++) {
		rf_autofree char *name = rf_format("document-%d", i);
		struct rf_task task = {.document = name,
				       .revision = 1,
				       .stage = i == 0 ? "ingest" : "render",
				       .state = i == 1 ? RF_TASK_HELD : RF_TASK_READY,
				       .priority = 3 - i,
				       .created_us = 100 * (i + 1)};
		uint64_t id;
		OK(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
	}
	test_store_commit(fixture);
	OK(rf_store_oldest_task(fixture->store, RF_TASK_READY, "render", &created_us, &fixture->error));
	assert_int_equal(created_us, 300);
	OK(rf_store_oldest_task(fixture->store, RF_TASK_HELD, "render", &created_us, &fixture->error));
	assert_int_equal(created_us, 200);
}

static void the_same_plugins_have_the_same_number(void **state)
{
	struct test_store *fixture = *state;
	uint32_t first = 0, other = 0, again = 0;
	const char *plugins;
	test_store_begin(fixture);
	OK(rf_store_need_toolset(fixture->store, "writer.html 1.0", &first, &fixture->error));
	OK(rf_store_need_toolset(fixture->store, "writer.html 1.1", &other, &fixture->error));
	test_store_commit(fixture);
	test_store_reopen(fixture);
	test_store_begin(fixture);
	OK(rf_store_need_toolset(fixture->store, "writer.html 1.0", &again, &fixture->error));
	test_store_commit(fixture);
	assert_true(first > 0 && other > 0 && first != other);
	assert_int_equal(again, first);
	OK(rf_store_get_toolset(fixture->store, other, &plugins, &fixture->error));
	assert_string_equal(plugins, "writer.html 1.1");
	NONE(rf_store_get_toolset(fixture->store, 99, &plugins, &fixture->error));
}

/* ---- counts ----------------------------------------------------------------------------------------------------- */

enum { N_STAGES = 3, N_DOCUMENTS = 40, N_ROUNDS = 400 };

/* What the store should hold: the state of each task, 0 where there is none. */
struct model {
	enum rf_task_state states[N_DOCUMENTS][N_STAGES];
};

static const char *const stage_names[N_STAGES] = {"ingest", "publish/web", "render"};

struct count_check {
	const struct model *model;
	uint64_t total;
};

static int check_count(void *context, const struct rf_count *count)
{
	struct count_check *check = context;
	uint64_t expected = 0;
	for (int stage = 0; stage < N_STAGES; stage++) {
		for (int document = 0; document < N_DOCUMENTS; document++)
			expected += strcmp(stage_names[stage], count->stage) == 0 &&
				    check->model->states[document][stage] == count->state;
	}
	assert_int_equal(count->n, expected);
	check->total += count->n;
	return 0;
}

static void check_counts(struct test_store *fixture, const struct model *model)
{
	struct count_check check = {model, 0};
	OK(rf_store_each_count(fixture->store, check_count, &check, &fixture->error));
	uint64_t tasks = 0;
	for (int stage = 0; stage < N_STAGES; stage++) {
		for (int document = 0; document < N_DOCUMENTS; document++)
			tasks += model->states[document][stage] != 0;
	}
	assert_int_equal(check.total, tasks);
}

static unsigned pick(unsigned *seed, unsigned n)
{
	return (unsigned)rand_r(seed) % n;
}

/* Makes or changes a task that was picked. */
static void change_something(struct test_store *fixture, struct model *model, unsigned *seed)
{
	unsigned document = pick(seed, N_DOCUMENTS), stage = pick(seed, N_STAGES);
	enum rf_task_state *known = &model->states[document][stage];
	enum rf_task_state next = 1 + pick(seed, RF_TASK_STATES - 1);
	char id[16];
	snprintf(id, sizeof id, "document-%u", document);
	if (!*known) {
		test_store_add_task(fixture, id, stage_names[stage], next);
	} else {
		struct rf_task task;
		OK(rf_store_find_task(fixture->store, id, 1, stage_names[stage], &task, &fixture->error));
		assert_int_equal(task.state, *known);
		task.state = next;
		OK(rf_store_update_task(fixture->store, &task, &fixture->error));
	}
	*known = next;
}

static void counts_are_the_sums_of_tasks_whatever_happens(void **state)
{
	struct test_store *fixture = *state;
	unsigned seed = 20240417;
	struct model committed = {0};
	for (int round = 0; round < N_ROUNDS; round++) {
		struct model model = committed;
		test_store_begin(fixture);
		for (unsigned i = pick(&seed, 6); i > 0; i--) {
			struct model before = model;
			OK(rf_store_savepoint(fixture->store, &fixture->error));
			change_something(fixture, &model, &seed);
			if (pick(&seed, 4) == 0) {
				OK(rf_store_undo(fixture->store, &fixture->error));
				model = before;
			} else {
				OK(rf_store_release(fixture->store, &fixture->error));
			}
			check_counts(fixture, &model);
		}
		if (pick(&seed, 5) == 0) {
			rf_store_rollback(fixture->store);
		} else {
			test_store_commit(fixture);
			committed = model;
		}
		if (pick(&seed, 40) == 0)
			test_store_reopen(fixture);
		check_counts(fixture, &committed);
	}
}

static void a_stage_of_another_name_has_its_tasks_and_its_effects(void **state)
{
	struct test_store *fixture = *state;
	uint64_t moved = 0;
	struct rf_task task;
	struct rf_effect effect = {.key = "publish/web:doc",
				   .document = "doc",
				   .stage = "publish/web",
				   .state = RF_EFFECT_DONE,
				   .standing = "digest",
				   .location = "https://example.org/a"};
	test_store_begin(fixture);
	test_store_add_task(fixture, "doc", "publish/web", RF_TASK_HELD);
	OK(rf_store_put_effect(fixture->store, &effect, &fixture->error));
	OK(rf_store_rename_stage(fixture->store, "publish/web", "publish/site", &moved, &fixture->error));
	test_store_commit(fixture);
	assert_int_equal(moved, 1);
	NONE(rf_store_find_task(fixture->store, "doc", 1, "publish/web", &task, &fixture->error));
	OK(rf_store_find_task(fixture->store, "doc", 1, "publish/site", &task, &fixture->error));
	assert_int_equal(task.state, RF_TASK_HELD);
	NONE(rf_store_get_effect(fixture->store, "publish/web:doc", &effect, &fixture->error));
	OK(rf_store_get_effect(fixture->store, "publish/site:doc", &effect, &fixture->error));
	assert_string_equal(effect.stage, "publish/site");
	assert_string_equal(effect.standing, "digest");
}

static void a_stage_that_has_tasks_takes_no_others(void **state)
{
	struct test_store *fixture = *state;
	uint64_t moved;
	struct rf_task task;
	test_store_begin(fixture);
	test_store_add_task(fixture, "doc", "publish/web", RF_TASK_READY);
	test_store_add_task(fixture, "doc", "publish/site", RF_TASK_DONE);
	assert_int_equal(rf_store_rename_stage(fixture->store, "publish/web", "publish/site", &moved, &fixture->error),
			 RF_STORE_TAKEN);
	test_store_commit(fixture);
	OK(rf_store_find_task(fixture->store, "doc", 1, "publish/web", &task, &fixture->error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_task_comes_back_as_it_was_given),
	    STORE_TEST(an_update_keeps_what_names_the_task),
	    STORE_TEST(a_task_that_is_not_there_is_not_updated),
	    STORE_TEST(there_is_one_task_for_a_revision_and_stage),
	    STORE_TEST(a_state_that_is_none_is_refused),
	    STORE_TEST(tasks_are_filtered),
	    STORE_TEST(tasks_are_ordered_and_paged),
	    STORE_TEST(delayed_tasks_are_found_when_due),
	    STORE_TEST(the_oldest_task_of_a_stage_is_found),
	    STORE_TEST(a_stage_of_another_name_has_its_tasks_and_its_effects),
	    STORE_TEST(a_stage_that_has_tasks_takes_no_others),
	    STORE_TEST(the_same_plugins_have_the_same_number),
	    STORE_TEST(counts_are_the_sums_of_tasks_whatever_happens),
	};
	return RUN_STORE_TESTS(tests);
}
