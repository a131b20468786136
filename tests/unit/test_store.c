/* The store's interface (lib/store/store.h). Every test runs over every implementation. */
#include "base/error.h"
#include "base/memory.h"
#include "store/store.h"
#include "tests/support/folder.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- implementations -------------------------------------------------------------------------------------------- */

struct implementation {
	const char *name;
	char *(*new_url)(const char *folder); /* of a store that is not there yet; the caller frees */
};

static char *sqlite_url(const char *folder)
{
	return rf_format("sqlite:%s/referat.db", folder);
}

static const struct implementation implementations[] = {{"store in SQLite", sqlite_url}};
static const struct implementation *implementation;

struct fixture {
	char *folder;
	char *url;
	struct rf_store *store;
	struct rf_error error;
};

static int set_up(void **state)
{
	struct fixture *fixture = rf_alloc(sizeof *fixture);
	*state = fixture;
	fixture->folder = test_folder_make();
	fixture->url = implementation->new_url(fixture->folder);
	return rf_store_open(fixture->url, &fixture->store, &fixture->error);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	rf_store_close(fixture->store);
	test_folder_remove(fixture->folder);
	free(fixture->url);
	free(fixture);
	return 0;
}

/* ---- helpers ---------------------------------------------------------------------------------------------------- */

#define OK(call)    expect_result(fixture, 0, call, #call, __LINE__)
#define NONE(call)  expect_result(fixture, RF_STORE_NONE, call, #call, __LINE__)
#define FAULT(call) expect_result(fixture, -1, call, #call, __LINE__)

static void expect_result(const struct fixture *fixture, int expected, int result, const char *call, int line)
{
	if (result != expected)
		fail_msg("line %d: %s is %d, not %d: %s", line, call, result, expected, fixture->error.text);
}

static void begin(struct fixture *fixture)
{
	OK(rf_store_begin(fixture->store, RF_RELAXED, &fixture->error));
}

static void commit(struct fixture *fixture)
{
	OK(rf_store_commit(fixture->store, &fixture->error));
}

static void reopen(struct fixture *fixture)
{
	rf_store_close(rf_steal(fixture->store));
	OK(rf_store_open(fixture->url, &fixture->store, &fixture->error));
}

static struct rf_revision revision_of(const char *document, uint32_t number)
{
	return (struct rf_revision){.document = document,
				    .number = number,
				    .source_key = "source.folder:kf/protokoll.txt",
				    .name = "protokoll.txt",
				    .source = rf_digest_of("bytes", 5),
				    .received_us = 1000 + number};
}

static void add_revision(struct fixture *fixture, const char *document, uint32_t number)
{
	struct rf_revision revision = revision_of(document, number);
	OK(rf_store_add_revision(fixture->store, &revision, &fixture->error));
}

static struct rf_part part_of(const char *document, const char *name, const char *text)
{
	return (struct rf_part){.document = document,
				.revision = 1,
				.name = name,
				.type = "text/plain",
				.digest = rf_digest_of(text, strlen(text)),
				.size = strlen(text),
				.data = text};
}

static void put_part(struct fixture *fixture, const char *document, const char *name, const char *text)
{
	struct rf_part part = part_of(document, name, text);
	OK(rf_store_put_part(fixture->store, &part, &fixture->error));
}

static uint64_t add_task(struct fixture *fixture, const char *document, const char *stage, enum rf_task_state state)
{
	struct rf_task task = {.document = document, .revision = 1, .stage = stage, .state = state};
	uint64_t id = 0;
	OK(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
	return id;
}

static struct rf_task get_task(struct fixture *fixture, uint64_t id)
{
	struct rf_task task = {0};
	OK(rf_store_get_task(fixture->store, id, &task, &fixture->error));
	return task;
}

/* What a walk came by, as a text: names with a blank after each. */
struct trail {
	char text[1024];
	int stop_after; /* 0: never */
	int answer;     /* given then */
	int n;
};

static int note(struct trail *trail, const char *name)
{
	size_t length = strlen(trail->text);
	snprintf(trail->text + length, sizeof trail->text - length, "%s ", name);
	return ++trail->n == trail->stop_after ? trail->answer : 0;
}

static int note_task(void *context, const struct rf_task *task)
{
	char name[32];
	snprintf(name, sizeof name, "%" PRIu64, task->id);
	return note(context, name);
}

static int note_document(void *context, const struct rf_revision *newest)
{
	char name[64];
	snprintf(name, sizeof name, "%s/%u", newest->document, newest->number);
	return note(context, name);
}

static int note_attribute(void *context, const char *name, const char *value)
{
	char both[64];
	snprintf(both, sizeof both, "%s=%s", name, value);
	return note(context, both);
}

static int note_part(void *context, const struct rf_part *part)
{
	assert_null(part->data);
	return note(context, part->name);
}

static int note_effect(void *context, const struct rf_effect *effect)
{
	return note(context, effect->key);
}

static int note_event(void *context, const struct rf_event *event)
{
	return note(context, event->what);
}

static int note_count(void *context, const struct rf_count *count)
{
	char text[64];
	snprintf(text, sizeof text, "%s/%s=%" PRIu64, count->stage, rf_task_state_name(count->state), count->n);
	return note(context, text);
}

/* The ids that a filter gives, in order. */
#define ASSERT_TASKS(expected, ...)                                                                                    \
	do {                                                                                                           \
		struct trail trail = {0};                                                                              \
		OK(rf_store_each_task(fixture->store, &(struct rf_task_filter){__VA_ARGS__}, note_task, &trail,        \
				      &fixture->error));                                                               \
		assert_string_equal(trail.text, expected);                                                             \
	} while (0)

#define ASSERT_COUNTS(expected)                                                                                        \
	do {                                                                                                           \
		struct trail trail = {0};                                                                              \
		OK(rf_store_each_count(fixture->store, note_count, &trail, &fixture->error));                          \
		assert_string_equal(trail.text, expected);                                                             \
	} while (0)

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static void a_url_of_no_implementation_is_refused(void **state)
{
	struct fixture *fixture = *state;
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
	struct fixture *fixture = *state;
	struct rf_store *second = NULL;
	expect_result(fixture, RF_STORE_BUSY, rf_store_open(fixture->url, &second, &fixture->error), "open", __LINE__);
	assert_non_null(strstr(fixture->error.text, "another process has the store open"));
	assert_null(second);
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "doc", 1);
	put_part(fixture, "doc", "source", "hello");
	uint64_t id = add_task(fixture, "doc", "ingest", RF_TASK_READY);
	commit(fixture);
	reopen(fixture);
	struct rf_part part;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &part, &fixture->error));
	assert_memory_equal(part.data, "hello", 5);
	assert_string_equal(get_task(fixture, id).stage, "ingest");
}

static void closing_rolls_back_what_is_open(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "doc", 1);
	reopen(fixture);
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
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "kept", 1);
	add_task(fixture, "kept", "ingest", RF_TASK_READY);
	commit(fixture);
	begin(fixture);
	add_revision(fixture, "lost", 1);
	add_task(fixture, "lost", "ingest", RF_TASK_READY);
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
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "doc", 1);
	rf_store_rollback(fixture->store);
	begin(fixture);
	add_revision(fixture, "other", 1);
	add_revision(fixture, "doc", 1);
	commit(fixture);
	struct rf_revision revision;
	OK(rf_store_get_revision(fixture->store, "doc", 1, &revision, &fixture->error));
	assert_string_equal(revision.document, "doc");
}

static void a_savepoint_is_undone_alone(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_task(fixture, "doc", "ingest", RF_TASK_READY);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	add_task(fixture, "doc", "validate", RF_TASK_READY);
	add_task(fixture, "other", "ingest", RF_TASK_READY);
	OK(rf_store_undo(fixture->store, &fixture->error));
	add_task(fixture, "doc", "render", RF_TASK_HELD);
	commit(fixture);
	ASSERT_COUNTS("ingest/ready=1 render/held=1 ");
}

static void savepoints_nest(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	add_task(fixture, "doc", "a", RF_TASK_READY);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	add_task(fixture, "doc", "b", RF_TASK_READY);
	OK(rf_store_undo(fixture->store, &fixture->error));
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	add_task(fixture, "doc", "c", RF_TASK_READY);
	OK(rf_store_release(fixture->store, &fixture->error));
	OK(rf_store_release(fixture->store, &fixture->error));
	commit(fixture);
	ASSERT_COUNTS("a/ready=1 c/ready=1 ");
}

static void what_was_released_is_undone_with_what_is_around_it(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	OK(rf_store_savepoint(fixture->store, &fixture->error));
	add_task(fixture, "doc", "a", RF_TASK_READY);
	OK(rf_store_release(fixture->store, &fixture->error));
	OK(rf_store_undo(fixture->store, &fixture->error));
	commit(fixture);
	ASSERT_COUNTS("");
}

static void ending_a_savepoint_that_is_not_there_is_refused(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	FAULT(rf_store_undo(fixture->store, &fixture->error));
	FAULT(rf_store_release(fixture->store, &fixture->error));
	add_task(fixture, "doc", "ingest", RF_TASK_READY);
	commit(fixture);
	FAULT(rf_store_savepoint(fixture->store, &fixture->error));
	ASSERT_COUNTS("ingest/ready=1 ");
}

static void writing_outside_a_transaction_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct rf_revision revision = revision_of("doc", 1);
	FAULT(rf_store_add_revision(fixture->store, &revision, &fixture->error));
	assert_string_equal(fixture->error.text, "the store is written in a transaction only");
	FAULT(rf_store_commit(fixture->store, &fixture->error));
	begin(fixture);
	FAULT(rf_store_begin(fixture->store, RF_RELAXED, &fixture->error));
	FAULT(rf_store_sync(fixture->store, &fixture->error));
	commit(fixture);
	OK(rf_store_sync(fixture->store, &fixture->error));
}

static void after_a_fault_the_transaction_can_only_be_rolled_back(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "doc", 1);
	struct rf_revision again = revision_of("doc", 1);
	FAULT(rf_store_add_revision(fixture->store, &again, &fixture->error));
	struct rf_revision other = revision_of("other", 1);
	FAULT(rf_store_add_revision(fixture->store, &other, &fixture->error));
	FAULT(rf_store_commit(fixture->store, &fixture->error));
	rf_store_rollback(fixture->store);
	struct rf_revision revision;
	NONE(rf_store_get_revision(fixture->store, "doc", 1, &revision, &fixture->error));
	begin(fixture);
	add_revision(fixture, "doc", 1);
	commit(fixture);
}

static int call_the_store(void *context, const struct rf_task *task)
{
	struct fixture *fixture = context;
	struct rf_task again;
	FAULT(rf_store_get_task(fixture->store, task->id, &again, &fixture->error));
	return 0;
}

static void a_walk_may_not_call_the_store(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	uint64_t id = add_task(fixture, "doc", "ingest", RF_TASK_READY);
	commit(fixture);
	OK(rf_store_each_task(fixture->store, &(struct rf_task_filter){0}, call_the_store, fixture, &fixture->error));
	get_task(fixture, id);
}

static void a_walk_ends_as_its_callback_says(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	for (int i = 0; i < 3; i++)
		add_task(fixture, (const char *[]){"a", "b", "c"}[i], "ingest", RF_TASK_READY);
	commit(fixture);
	struct trail stopped = {.stop_after = 2, .answer = 1};
	OK(rf_store_each_task(fixture->store, &(struct rf_task_filter){0}, note_task, &stopped, &fixture->error));
	assert_string_equal(stopped.text, "1 2 ");
	struct trail failed = {.stop_after = 1, .answer = -7};
	assert_int_equal(
	    rf_store_each_task(fixture->store, &(struct rf_task_filter){0}, note_task, &failed, &fixture->error), -7);
}

static void what_was_handed_out_may_be_given_to_the_next_call(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	for (int i = 0; i < 2; i++) {
		const char *document = i ? "second" : "first";
		add_revision(fixture, document, 1);
		add_task(fixture, document, i ? "first" : "second", RF_TASK_READY); /* the other one's name */
		add_task(fixture, document, "ingest", RF_TASK_READY);
		put_part(fixture, document, "source", document);
	}
	commit(fixture);
	struct rf_task task;
	OK(rf_store_find_task(fixture->store, "first", 1, "second", &task, &fixture->error));
	OK(rf_store_find_task(fixture->store, task.stage, 1, "ingest", &task, &fixture->error));
	assert_string_equal(task.document, "second");
	struct rf_part part;
	OK(rf_store_get_part(fixture->store, task.document, 1, "source", &part, &fixture->error));
	OK(rf_store_get_part(fixture->store, part.document, 1, part.name, &part, &fixture->error));
	assert_memory_equal(part.data, "second", 6);
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

static void keys_are_found_and_moved(void **state)
{
	struct fixture *fixture = *state;
	const char *document = NULL;
	NONE(rf_store_find_source(fixture->store, "key", &document, &fixture->error));
	NONE(rf_store_find_subject(fixture->store, "key", &document, &fixture->error));
	begin(fixture);
	OK(rf_store_bind_source(fixture->store, "key", "first", &fixture->error));
	OK(rf_store_bind_source(fixture->store, "other key", "first", &fixture->error));
	OK(rf_store_bind_subject(fixture->store, "key", "second", &fixture->error));
	OK(rf_store_find_source(fixture->store, "other key", &document, &fixture->error));
	assert_string_equal(document, "first");
	OK(rf_store_find_subject(fixture->store, "key", &document, &fixture->error));
	assert_string_equal(document, "second");
	OK(rf_store_bind_source(fixture->store, "key", "third", &fixture->error));
	OK(rf_store_find_source(fixture->store, "key", &document, &fixture->error));
	assert_string_equal(document, "third");
	commit(fixture);
}

static void a_revision_comes_back_as_it_was_given(void **state)
{
	struct fixture *fixture = *state;
	struct rf_revision given = revision_of("doc", 3);
	given.major = 2;
	given.quiet = true;
	begin(fixture);
	OK(rf_store_add_revision(fixture->store, &given, &fixture->error));
	commit(fixture);
	struct rf_revision got;
	OK(rf_store_get_revision(fixture->store, "doc", 3, &got, &fixture->error));
	assert_string_equal(got.document, "doc");
	assert_int_equal(got.number, 3);
	assert_int_equal(got.major, 2);
	assert_true(got.quiet);
	assert_string_equal(got.source_key, given.source_key);
	assert_string_equal(got.name, given.name);
	assert_memory_equal(got.source.bytes, given.source.bytes, RF_DIGEST_SIZE);
	assert_int_equal(got.received_us, 1003);
}

static void revision_0_is_the_newest(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "doc", 1);
	add_revision(fixture, "doc", 2);
	commit(fixture);
	struct rf_revision got;
	OK(rf_store_get_revision(fixture->store, "doc", 0, &got, &fixture->error));
	assert_int_equal(got.number, 2);
	OK(rf_store_get_revision(fixture->store, "doc", 1, &got, &fixture->error));
	assert_int_equal(got.number, 1);
	NONE(rf_store_get_revision(fixture->store, "doc", 3, &got, &fixture->error));
	NONE(rf_store_get_revision(fixture->store, "other", 0, &got, &fixture->error));
}

static void the_major_change_of_a_revision_is_set(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "doc", 1);
	OK(rf_store_set_major(fixture->store, "doc", 1, 5, &fixture->error));
	commit(fixture);
	struct rf_revision got;
	OK(rf_store_get_revision(fixture->store, "doc", 1, &got, &fixture->error));
	assert_int_equal(got.major, 5);
	begin(fixture);
	FAULT(rf_store_set_major(fixture->store, "doc", 2, 5, &fixture->error));
	assert_string_equal(fixture->error.text, "document doc has no revision 2");
	FAULT(rf_store_set_major(fixture->store, "other", 1, 5, &fixture->error));
}

static void documents_are_walked_by_id_with_their_newest_revision(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	add_revision(fixture, "b", 1);
	add_revision(fixture, "a", 1);
	add_revision(fixture, "c", 1);
	add_revision(fixture, "b", 2);
	OK(rf_store_bind_source(fixture->store, "key", "without revision", &fixture->error));
	commit(fixture);
	struct trail all = {0}, page = {0}, rest = {0};
	OK(rf_store_each_document(fixture->store, NULL, 0, note_document, &all, &fixture->error));
	assert_string_equal(all.text, "a/1 b/2 c/1 ");
	OK(rf_store_each_document(fixture->store, NULL, 2, note_document, &page, &fixture->error));
	assert_string_equal(page.text, "a/1 b/2 ");
	OK(rf_store_each_document(fixture->store, "b", 2, note_document, &rest, &fixture->error));
	assert_string_equal(rest.text, "c/1 ");
}

static void attributes_belong_to_a_revision_and_can_be_changed(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	OK(rf_store_set_attribute(fixture->store, "doc", 1, "title", "Protokoll", &fixture->error));
	OK(rf_store_set_attribute(fixture->store, "doc", 1, "board", "KS", &fixture->error));
	OK(rf_store_set_attribute(fixture->store, "doc", 2, "board", "KF", &fixture->error));
	OK(rf_store_set_attribute(fixture->store, "doc", 1, "title", "Rättat", &fixture->error));
	commit(fixture);
	struct trail first = {0}, none = {0};
	OK(rf_store_each_attribute(fixture->store, "doc", 1, note_attribute, &first, &fixture->error));
	assert_string_equal(first.text, "board=KS title=Rättat ");
	OK(rf_store_each_attribute(fixture->store, "other", 1, note_attribute, &none, &fixture->error));
	assert_string_equal(none.text, "");
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static void a_part_comes_back_as_it_was_given(void **state)
{
	struct fixture *fixture = *state;
	static const char bytes[] = "a\0b\xff";
	struct rf_part given = part_of("doc", "source", "");
	given.data = bytes;
	given.size = sizeof bytes;
	given.digest = rf_digest_of(bytes, sizeof bytes);
	begin(fixture);
	OK(rf_store_put_part(fixture->store, &given, &fixture->error));
	commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_string_equal(got.document, "doc");
	assert_int_equal(got.revision, 1);
	assert_string_equal(got.name, "source");
	assert_string_equal(got.type, "text/plain");
	assert_int_equal(got.size, sizeof bytes);
	assert_memory_equal(got.data, bytes, sizeof bytes);
	assert_memory_equal(got.digest.bytes, given.digest.bytes, RF_DIGEST_SIZE);
	assert_null(got.blob);
	NONE(rf_store_get_part(fixture->store, "doc", 2, "source", &got, &fixture->error));
	NONE(rf_store_get_part(fixture->store, "doc", 1, "summary", &got, &fixture->error));
	NONE(rf_store_get_part(fixture->store, "other", 1, "source", &got, &fixture->error));
}

static void an_empty_part_is_a_part(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	put_part(fixture, "doc", "source", "");
	commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_int_equal(got.size, 0);
	assert_non_null(got.data);
}

static void a_part_may_lie_in_a_blob(void **state)
{
	struct fixture *fixture = *state;
	struct rf_part given = part_of("doc", "source", "x");
	given.data = NULL;
	given.blob = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
	given.size = 2000000;
	begin(fixture);
	OK(rf_store_put_part(fixture->store, &given, &fixture->error));
	commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_null(got.data);
	assert_string_equal(got.blob, given.blob);
	assert_int_equal(got.size, 2000000);
}

static void a_part_takes_the_place_of_the_one_before(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	put_part(fixture, "doc", "summary", "first");
	put_part(fixture, "doc", "summary", "second");
	put_part(fixture, "doc", "card", "x");
	commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "summary", &got, &fixture->error));
	assert_memory_equal(got.data, "second", 6);
	struct trail parts = {0};
	OK(rf_store_each_part(fixture->store, "doc", 1, note_part, &parts, &fixture->error));
	assert_string_equal(parts.text, "card summary ");
}

static void a_part_that_does_not_fit_its_digest_is_not_given_out(void **state)
{
	struct fixture *fixture = *state;
	struct rf_part wrong = part_of("doc", "source", "what came back");
	wrong.digest = rf_digest_of("what was put", 12);
	begin(fixture);
	OK(rf_store_put_part(fixture->store, &wrong, &fixture->error));
	struct rf_part got;
	FAULT(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_non_null(strstr(fixture->error.text, "part source of document doc revision 1 does not fit its SHA-256"));
	put_part(fixture, "doc", "summary", "the transaction goes on");
	commit(fixture);
}

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

static void a_task_comes_back_as_it_was_given(void **state)
{
	struct fixture *fixture = *state;
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
	begin(fixture);
	OK(rf_store_add_task(fixture->store, &given, &given.id, &fixture->error));
	commit(fixture);
	struct rf_task got;
	OK(rf_store_find_task(fixture->store, "doc", 2, "publish/web", &got, &fixture->error));
	assert_int_equal(got.id, given.id);
	got = get_task(fixture, given.id);
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
	struct fixture *fixture = *state;
	begin(fixture);
	uint64_t id = add_task(fixture, "doc", "render", RF_TASK_READY);
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
	commit(fixture);
	struct rf_task got = get_task(fixture, id);
	assert_string_equal(got.document, "doc");
	assert_int_equal(got.revision, 1);
	assert_string_equal(got.stage, "render");
	assert_int_equal(got.created_us, 0);
	assert_int_equal(got.state, RF_TASK_DEAD);
	assert_int_equal(got.crashes, 2);
	assert_int_equal(got.changed_us, 7);
	assert_null(got.code);
	assert_string_equal(got.reason, "it crashed");
}

static void a_task_that_is_not_there_is_not_updated(void **state)
{
	struct fixture *fixture = *state;
	struct rf_task task = {.id = 77, .state = RF_TASK_DONE};
	NONE(rf_store_get_task(fixture->store, 77, &task, &fixture->error));
	NONE(rf_store_find_task(fixture->store, "doc", 1, "ingest", &task, &fixture->error));
	begin(fixture);
	FAULT(rf_store_update_task(fixture->store, &task, &fixture->error));
	assert_string_equal(fixture->error.text, "there is no task 77");
}

static void there_is_one_task_for_a_revision_and_stage(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	uint64_t first = add_task(fixture, "doc", "ingest", RF_TASK_READY);
	assert_true(add_task(fixture, "doc", "validate", RF_TASK_READY) > first);
	struct rf_task again = {.document = "doc", .revision = 1, .stage = "ingest", .state = RF_TASK_READY};
	uint64_t id;
	FAULT(rf_store_add_task(fixture->store, &again, &id, &fixture->error));
}

static void a_state_that_is_none_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct rf_task task = {.document = "doc", .revision = 1, .stage = "ingest", .state = 0};
	uint64_t id;
	begin(fixture);
	FAULT(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
}

/* Tasks 1 to 6, of two documents and two stages, in several states. */
static void add_several_tasks(struct fixture *fixture)
{
	static const struct rf_task tasks[] = {
	    {.document = "a", .stage = "render", .state = RF_TASK_READY, .priority = 0},
	    {.document = "b", .stage = "render", .state = RF_TASK_READY, .priority = 5},
	    {.document = "a", .stage = "notify", .state = RF_TASK_DELAYED, .due_us = 300},
	    {.document = "b", .stage = "notify", .state = RF_TASK_DELAYED, .due_us = 100},
	    {.document = "c", .stage = "render", .state = RF_TASK_READY, .priority = -1},
	    {.document = "c", .stage = "notify", .state = RF_TASK_DONE},
	};
	begin(fixture);
	for (size_t i = 0; i < RF_COUNT(tasks); i++) {
		struct rf_task task = tasks[i];
		task.revision = 1;
		OK(rf_store_add_task(fixture->store, &task, &task.id, &fixture->error));
		assert_int_equal(task.id, i + 1);
	}
	commit(fixture);
}

enum { READY = 1 << RF_TASK_READY, DELAYED = 1 << RF_TASK_DELAYED, HELD = 1 << RF_TASK_HELD, DONE = 1 << RF_TASK_DONE };

static void tasks_are_filtered(void **state)
{
	struct fixture *fixture = *state;
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
	struct fixture *fixture = *state;
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
	struct fixture *fixture = *state;
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
	struct rf_task task = get_task(fixture, 4);
	begin(fixture);
	task.state = RF_TASK_READY;
	OK(rf_store_update_task(fixture->store, &task, &fixture->error));
	commit(fixture);
	OK(rf_store_next_due(fixture->store, &due, &fixture->error));
	assert_int_equal(due, 300);
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

static void check_counts(struct fixture *fixture, const struct model *model)
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
static void change_something(struct fixture *fixture, struct model *model, unsigned *seed)
{
	unsigned document = pick(seed, N_DOCUMENTS), stage = pick(seed, N_STAGES);
	enum rf_task_state *known = &model->states[document][stage];
	enum rf_task_state next = 1 + pick(seed, RF_TASK_STATES - 1);
	char id[16];
	snprintf(id, sizeof id, "document-%u", document);
	if (!*known) {
		add_task(fixture, id, stage_names[stage], next);
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
	struct fixture *fixture = *state;
	unsigned seed = 20240417;
	struct model committed = {0};
	for (int round = 0; round < N_ROUNDS; round++) {
		struct model model = committed;
		begin(fixture);
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
			commit(fixture);
			committed = model;
		}
		if (pick(&seed, 40) == 0)
			reopen(fixture);
		check_counts(fixture, &committed);
	}
}

/* ---- effects, history, settings --------------------------------------------------------------------------------- */

static void an_effect_comes_back_as_it_was_given(void **state)
{
	struct fixture *fixture = *state;
	struct rf_effect intended = {.key = "publish/web:doc",
				     .document = "doc",
				     .stage = "publish/web",
				     .state = RF_EFFECT_INTENDED,
				     .intended = "digest",
				     .changed_us = 5};
	struct rf_effect got;
	NONE(rf_store_get_effect(fixture->store, intended.key, &got, &fixture->error));
	begin(fixture);
	OK(rf_store_put_effect(fixture->store, &intended, &fixture->error));
	commit(fixture);
	OK(rf_store_get_effect(fixture->store, intended.key, &got, &fixture->error));
	assert_int_equal(got.state, RF_EFFECT_INTENDED);
	assert_string_equal(got.intended, "digest");
	assert_null(got.standing);
	assert_null(got.remote_id);
	struct rf_effect done = {.key = "publish/web:doc",
				 .document = "doc",
				 .stage = "publish/web",
				 .state = RF_EFFECT_DONE,
				 .standing = "digest",
				 .remote_id = "17",
				 .location = "https://exempelby.se/beslut/17",
				 .remote_revision = "\"3\"",
				 .changed_us = 6};
	begin(fixture);
	OK(rf_store_put_effect(fixture->store, &done, &fixture->error));
	commit(fixture);
	OK(rf_store_get_effect(fixture->store, intended.key, &got, &fixture->error));
	assert_int_equal(got.state, RF_EFFECT_DONE);
	assert_string_equal(got.document, "doc");
	assert_string_equal(got.stage, "publish/web");
	assert_null(got.intended);
	assert_string_equal(got.standing, "digest");
	assert_string_equal(got.remote_id, "17");
	assert_string_equal(got.location, done.location);
	assert_string_equal(got.remote_revision, "\"3\"");
	assert_int_equal(got.changed_us, 6);
}

static void effects_of_a_document_are_walked_by_key(void **state)
{
	struct fixture *fixture = *state;
	static const char *const keys[] = {"notify:a:2", "notify:b:1", "notify:a:1"};
	begin(fixture);
	for (size_t i = 0; i < RF_COUNT(keys); i++) {
		struct rf_effect effect = {.key = keys[i],
					   .document = strstr(keys[i], ":a:") ? "a" : "b",
					   .stage = "notify",
					   .state = RF_EFFECT_DONE};
		OK(rf_store_put_effect(fixture->store, &effect, &fixture->error));
	}
	commit(fixture);
	struct trail effects = {0}, none = {0};
	OK(rf_store_each_effect(fixture->store, "a", note_effect, &effects, &fixture->error));
	assert_string_equal(effects.text, "notify:a:1 notify:a:2 ");
	OK(rf_store_each_effect(fixture->store, "c", note_effect, &none, &fixture->error));
	assert_string_equal(none.text, "");
}

static void history_is_walked_from_the_oldest(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture);
	struct rf_event event = {.at_us = 9, .document = "a", .revision = 1, .what = "received", .detail = "x.txt"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	event = (struct rf_event){.at_us = 8, .document = "b", .revision = 1, .what = "released"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	event = (struct rf_event){.at_us = 7, .document = "a", .revision = 1, .stage = "ingest", .what = "done"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	commit(fixture);
	struct trail one = {0}, all = {0}, none = {0};
	OK(rf_store_each_event(fixture->store, "a", note_event, &one, &fixture->error));
	assert_string_equal(one.text, "received done ");
	OK(rf_store_each_event(fixture->store, NULL, note_event, &all, &fixture->error));
	assert_string_equal(all.text, "received released done ");
	OK(rf_store_each_event(fixture->store, "c", note_event, &none, &fixture->error));
	assert_string_equal(none.text, "");
}

static void settings_are_kept(void **state)
{
	struct fixture *fixture = *state;
	int64_t value = 0;
	NONE(rf_store_get_setting(fixture->store, "epoch", &value, &fixture->error));
	begin(fixture);
	OK(rf_store_set_setting(fixture->store, "epoch", 1, &fixture->error));
	OK(rf_store_set_setting(fixture->store, "epoch", INT64_MIN, &fixture->error));
	commit(fixture);
	reopen(fixture);
	OK(rf_store_get_setting(fixture->store, "epoch", &value, &fixture->error));
	assert_int_equal(value, INT64_MIN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_url_of_no_implementation_is_refused),
	    TEST(a_second_one_who_opens_is_told_that_it_is_busy),
	    TEST(what_was_committed_is_there_after_opening_again),
	    TEST(closing_rolls_back_what_is_open),
	    TEST(states_have_names),
	    TEST(rollback_leaves_nothing),
	    TEST(a_document_that_was_rolled_back_can_be_made_again),
	    TEST(a_savepoint_is_undone_alone),
	    TEST(savepoints_nest),
	    TEST(what_was_released_is_undone_with_what_is_around_it),
	    TEST(ending_a_savepoint_that_is_not_there_is_refused),
	    TEST(writing_outside_a_transaction_is_refused),
	    TEST(after_a_fault_the_transaction_can_only_be_rolled_back),
	    TEST(a_walk_may_not_call_the_store),
	    TEST(a_walk_ends_as_its_callback_says),
	    TEST(what_was_handed_out_may_be_given_to_the_next_call),
	    TEST(keys_are_found_and_moved),
	    TEST(a_revision_comes_back_as_it_was_given),
	    TEST(revision_0_is_the_newest),
	    TEST(the_major_change_of_a_revision_is_set),
	    TEST(documents_are_walked_by_id_with_their_newest_revision),
	    TEST(attributes_belong_to_a_revision_and_can_be_changed),
	    TEST(a_part_comes_back_as_it_was_given),
	    TEST(an_empty_part_is_a_part),
	    TEST(a_part_may_lie_in_a_blob),
	    TEST(a_part_takes_the_place_of_the_one_before),
	    TEST(a_part_that_does_not_fit_its_digest_is_not_given_out),
	    TEST(a_task_comes_back_as_it_was_given),
	    TEST(an_update_keeps_what_names_the_task),
	    TEST(a_task_that_is_not_there_is_not_updated),
	    TEST(there_is_one_task_for_a_revision_and_stage),
	    TEST(a_state_that_is_none_is_refused),
	    TEST(tasks_are_filtered),
	    TEST(tasks_are_ordered_and_paged),
	    TEST(delayed_tasks_are_found_when_due),
	    TEST(counts_are_the_sums_of_tasks_whatever_happens),
	    TEST(an_effect_comes_back_as_it_was_given),
	    TEST(effects_of_a_document_are_walked_by_key),
	    TEST(history_is_walked_from_the_oldest),
	    TEST(settings_are_kept),
	};
	int failed = 0;
	for (size_t i = 0; i < RF_COUNT(implementations); i++) {
		implementation = &implementations[i];
		failed += cmocka_run_group_tests_name(implementation->name, tests, NULL, NULL);
	}
	return failed;
}
