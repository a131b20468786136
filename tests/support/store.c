#include "tests/support/store.h"

#include "base/memory.h"
#include "tests/support/folder.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct implementation {
	const char *name;
	char *(*new_url)(const char *folder); /* of a store that is not there yet; the caller frees */
};

static char *sqlite_url(const char *folder)
{
	return rf_format("sqlite:%s/referat.db", folder);
}

static const struct implementation implementations[] = {{"store in SQLite", sqlite_url}};
static size_t used; /* so many were named; the last of them is tested now */

const char *test_store_next_implementation(void)
{
	return used < RF_COUNT(implementations) ? implementations[used++].name : NULL;
}

int test_store_set_up(void **state)
{
	struct test_store *fixture = rf_alloc(sizeof *fixture);
	*state = fixture;
	fixture->folder = test_folder_make();
	fixture->url = implementations[used - 1].new_url(fixture->folder);
	return rf_store_open(fixture->url, &fixture->store, &fixture->error);
}

int test_store_tear_down(void **state)
{
	struct test_store *fixture = *state;
	rf_store_close(fixture->store);
	test_folder_remove(fixture->folder);
	free(fixture->url);
	free(fixture);
	return 0;
}

void test_store_expect(const struct test_store *fixture, int expected, int result, const char *call, int line)
{
	if (result != expected)
		fail_msg("line %d: %s is %d, not %d: %s", line, call, result, expected, fixture->error.text);
}

void test_store_begin(struct test_store *fixture)
{
	OK(rf_store_begin(fixture->store, RF_RELAXED, &fixture->error));
}

void test_store_commit(struct test_store *fixture)
{
	OK(rf_store_commit(fixture->store, &fixture->error));
}

void test_store_reopen(struct test_store *fixture)
{
	rf_store_close(rf_steal(fixture->store));
	OK(rf_store_open(fixture->url, &fixture->store, &fixture->error));
}

struct rf_revision test_store_revision(const char *document, uint32_t number)
{
	return (struct rf_revision){.document = document,
				    .number = number,
				    .source_key = "source.folder:kf/protokoll.txt",
				    .name = "protokoll.txt",
				    .source = rf_digest_of("bytes", 5),
				    .received_us = 1000 + number};
}

void test_store_add_revision(struct test_store *fixture, const char *document, uint32_t number)
{
	struct rf_revision revision = test_store_revision(document, number);
	OK(rf_store_add_revision(fixture->store, &revision, &fixture->error));
}

struct rf_part test_store_part(const char *document, const char *name, const char *text)
{
	return (struct rf_part){.document = document,
				.revision = 1,
				.name = name,
				.type = "text/plain",
				.digest = rf_digest_of(text, strlen(text)),
				.size = strlen(text),
				.data = text};
}

void test_store_put_part(struct test_store *fixture, const char *document, const char *name, const char *text)
{
	struct rf_part part = test_store_part(document, name, text);
	OK(rf_store_put_part(fixture->store, &part, &fixture->error));
}

uint64_t test_store_add_task(struct test_store *fixture, const char *document, const char *stage,
			     enum rf_task_state state)
{
	struct rf_task task = {.document = document, .revision = 1, .stage = stage, .state = state};
	uint64_t id = 0;
	OK(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
	return id;
}

struct rf_task test_store_get_task(struct test_store *fixture, uint64_t id)
{
	struct rf_task task = {0};
	OK(rf_store_get_task(fixture->store, id, &task, &fixture->error));
	return task;
}

int test_trail_add(struct test_trail *trail, const char *name)
{
	size_t length = strlen(trail->text);
	snprintf(trail->text + length, sizeof trail->text - length, "%s ", name);
	return ++trail->n == trail->stop_after ? trail->answer : 0;
}

int test_trail_task(void *context, const struct rf_task *task)
{
	char name[32];
	snprintf(name, sizeof name, "%" PRIu64, task->id);
	return test_trail_add(context, name);
}

int test_trail_count(void *context, const struct rf_count *count)
{
	char text[64];
	snprintf(text, sizeof text, "%s/%s=%" PRIu64, count->stage, rf_task_state_name(count->state), count->n);
	return test_trail_add(context, text);
}
