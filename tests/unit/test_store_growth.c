/* What a document costs does not grow with the number of documents that are stored: the same calls run the same number
 * of instructions of SQLite's machine, whatever lies in the tables. A query that reads a whole table shows here. */
#include "base/error.h"
#include "base/memory.h"
#include "store/sqlite-private.h"
#include "store/store.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FEW = 50, MANY = 2000, HELD_EVERY = 500 };

static const char *const stages[] = {"ingest", "validate", "summarise", "render", "publish/web", "notify"};

struct fixture {
	char *folder;
	struct rf_store *store;
	struct rf_error error;
	int64_t documents;
	uint64_t steps;
};

static int set_up(void **state)
{
	struct fixture *fixture = rf_alloc(sizeof *fixture);
	*state = fixture;
	fixture->folder = test_folder_make();
	rf_autofree char *url = rf_format("sqlite:%s/referat.db", fixture->folder);
	return rf_store_open(url, &fixture->store, &fixture->error);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	rf_store_close(fixture->store);
	test_folder_remove(fixture->folder);
	free(fixture);
	return 0;
}

#define OK(call)                                                                                                       \
	do {                                                                                                           \
		if ((call) != 0)                                                                                       \
			fail_msg("%s: %s", #call, fixture->error.text);                                                \
	} while (0)

static int count_step(void *context)
{
	((struct fixture *)context)->steps++;
	return 0;
}

static int take_one(void *context, const struct rf_task *task)
{
	*(uint64_t *)context = task->id;
	return 0;
}

/* The ready task of a stage, found as the broker finds it. */
static struct rf_task take_ready(struct fixture *fixture, const char *stage)
{
	uint64_t id = 0;
	struct rf_task_filter filter = {.states = 1 << RF_TASK_READY, .stage = stage, .by_priority = true, .most = 16};
	OK(rf_store_each_task(fixture->store, &filter, take_one, &id, &fixture->error));
	struct rf_task task = {0};
	OK(rf_store_get_task(fixture->store, id, &task, &fixture->error));
	return task;
}

static void add_task(struct fixture *fixture, const char *document, const char *stage)
{
	struct rf_task task = {.document = document, .revision = 1, .stage = stage, .state = RF_TASK_READY};
	OK(rf_store_add_task(fixture->store, &task, &task.id, &fixture->error));
}

/* One document from its arrival to its end, in one transaction. */
static void pass_document(struct fixture *fixture)
{
	int64_t n = fixture->documents++;
	rf_autofree char *name = rf_format("%08x", (unsigned)n * 2654435761U); /* ids come in no order */
	rf_autofree char *key = rf_format("source.folder:%s", name);
	struct rf_revision revision = {.document = name, .number = 1, .source = rf_digest_of("x", 1)};
	struct rf_part part = {.document = name, .revision = 1, .digest = revision.source, .size = 1, .data = "x"};
	struct rf_part got;
	int64_t due;
	OK(rf_store_begin(fixture->store, RF_RELAXED, &fixture->error));
	OK(rf_store_add_revision(fixture->store, &revision, &fixture->error));
	OK(rf_store_bind_source(fixture->store, key, name, &fixture->error));
	add_task(fixture, name, stages[0]);
	for (size_t i = 0; i < RF_COUNT(stages); i++) {
		struct rf_task task = take_ready(fixture, stages[i]);
		task.state = n % HELD_EVERY == 0 ? RF_TASK_HELD : RF_TASK_DONE;
		struct rf_event event = {.document = name, .revision = 1, .stage = stages[i], .what = "done"};
		struct rf_effect effect = {.key = key, .document = name, .stage = stages[i], .state = RF_EFFECT_DONE};
		part.name = stages[i];
		OK(rf_store_update_task(fixture->store, &task, &fixture->error));
		OK(rf_store_put_part(fixture->store, &part, &fixture->error));
		OK(rf_store_get_part(fixture->store, name, 1, stages[i], &got, &fixture->error));
		OK(rf_store_add_event(fixture->store, &event, &fixture->error));
		OK(rf_store_put_effect(fixture->store, &effect, &fixture->error));
		assert_int_equal(rf_store_next_due(fixture->store, &due, &fixture->error), RF_STORE_NONE);
		if (i + 1 < RF_COUNT(stages))
			add_task(fixture, name, stages[i + 1]);
	}
	OK(rf_store_commit(fixture->store, &fixture->error));
}

static uint64_t steps_of_a_document(struct fixture *fixture)
{
	sqlite3 *database = ((struct rf_sqlite *)fixture->store)->database;
	fixture->steps = 0;
	sqlite3_progress_handler(database, 1, count_step, fixture);
	pass_document(fixture);
	sqlite3_progress_handler(database, 0, NULL, NULL);
	return fixture->steps;
}

static void a_document_costs_the_same_among_few_and_among_many(void **state)
{
	struct fixture *fixture = *state;
	while (fixture->documents < FEW)
		pass_document(fixture);
	uint64_t among_few = steps_of_a_document(fixture);
	while (fixture->documents < MANY)
		pass_document(fixture);
	fixture->documents++; /* not one of the held */
	uint64_t among_many = steps_of_a_document(fixture);
	assert_true(among_few > 500);
	assert_true(among_many <= among_few + among_few / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_document_costs_the_same_among_few_and_among_many, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
