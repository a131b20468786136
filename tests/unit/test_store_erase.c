/* Erasing in the store: what a document said is in no row afterwards, and after a scrub in no byte of any file. Every
 * test runs over every implementation. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/store.h"
#include "tests/support/search.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char marker[] = "Amanda Hemlig";

static void add_document(struct test_store *fixture, const char *document, const char *text)
{
	struct rf_revision revision = test_store_revision(document, 1);
	rf_autofree char *name = rf_format("%s.txt", text), *key = rf_format("folder:%s.txt", text);
	revision.name = name;
	revision.source_key = key;
	struct rf_event event = {.document = document, .revision = 1, .what = "held", .detail = text};
	struct rf_effect effect = {.key = document,
				   .document = document,
				   .stage = "publish/web",
				   .state = RF_EFFECT_DONE,
				   .remote_id = "page-7",
				   .location = text};
	struct rf_task task = {
	    .document = document, .revision = 1, .stage = "validate", .state = RF_TASK_HELD, .reason = text};
	uint64_t id;
	OK(rf_store_add_revision(fixture->store, &revision, &fixture->error));
	test_store_put_part(fixture, document, "source", text);
	OK(rf_store_set_attribute(fixture->store, document, 1, "title", text, &fixture->error));
	OK(rf_store_bind_source(fixture->store, key, document, &fixture->error));
	OK(rf_store_bind_subject(fixture->store, text, document, &fixture->error));
	OK(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
	OK(rf_store_put_effect(fixture->store, &effect, &fixture->error));
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
}

static struct rf_erased erase(struct test_store *fixture, const char *document)
{
	const struct rf_erasure erasure = {
	    .document = document, .at_us = 42, .who = "eva", .reason = "asked for by the person"};
	struct rf_erased erased;
	OK(rf_store_erase(fixture->store, &erasure, &erased, &fixture->error));
	return erased;
}

static void an_erased_document_is_in_no_byte_of_any_file(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	add_document(fixture, "doc", marker);
	test_store_commit(fixture);
	assert_true(search_folder(fixture->folder, marker) > 0);
	test_store_begin(fixture);
	struct rf_erased erased = erase(fixture, "doc");
	test_store_commit(fixture);
	assert_int_equal(erased.revisions, 1);
	assert_int_equal(erased.parts, 1);
	assert_int_equal(erased.bytes, strlen(marker));
	assert_int_equal(erased.attributes, 1);
	struct rf_scrubbed scrubbed;
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	assert_int_equal(scrubbed.free_pages, 0);
	assert_int_equal(scrubbed.log_bytes, 0);
	assert_int_equal(search_folder(fixture->folder, marker), 0);
}

/* Rows that moved between pages leave copies behind, which no deletion finds: of these hundred documents SQLite alone
 * leaves parts of several. */
static void copies_that_moving_rows_left_behind_go_too(void **state)
{
	enum { DOCUMENTS = 200, STRIDE = 77 }; /* without a common divisor: each number comes once, in no order */
	struct test_store *fixture = *state;
	char document[16], text[1000];
	test_store_begin(fixture);
	for (int i = 0; i < DOCUMENTS; i++) {
		snprintf(document, sizeof document, "doc-%03d", i);
		test_store_add_revision(fixture, document, 1);
	}
	for (int i = 0; i < 2 * DOCUMENTS; i++) {
		int n = i * STRIDE % DOCUMENTS;
		snprintf(document, sizeof document, "doc-%03d", n);
		snprintf(text, sizeof text, "%s no %03d%*d", n % 2 ? "Anna Offentlig" : marker, n, 10 + (i * 331) % 900,
			 i);
		OK(rf_store_set_attribute(fixture->store, document, 1, "title", text, &fixture->error));
	}
	test_store_commit(fixture);
	test_store_begin(fixture);
	for (int n = 0; n < DOCUMENTS; n += 2) {
		snprintf(document, sizeof document, "doc-%03d", n);
		erase(fixture, document);
	}
	test_store_commit(fixture);
	struct rf_scrubbed scrubbed;
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	assert_int_equal(search_folder(fixture->folder, marker), 0);
	assert_int_equal(search_folder(fixture->folder, "Anna Offentlig"), 1);
}

/* A revision that was replaced by one without the name. */
static void add_earlier(struct test_store *fixture, const char *document)
{
	struct rf_revision revision = test_store_revision(document, 1);
	revision.name = marker;
	struct rf_event event = {.document = document, .revision = 1, .what = "held", .detail = marker};
	struct rf_task task = {
	    .document = document, .revision = 1, .stage = "validate", .state = RF_TASK_SUPERSEDED, .reason = marker};
	struct rf_effect effect = {.key = document,
				   .document = document,
				   .stage = "publish/web",
				   .state = RF_EFFECT_DONE,
				   .standing = "d2",
				   .location = "https://exempelby.example/april/"};
	uint64_t id;
	OK(rf_store_add_revision(fixture->store, &revision, &fixture->error));
	test_store_put_part(fixture, document, "source", marker);
	OK(rf_store_set_attribute(fixture->store, document, 1, "title", marker, &fixture->error));
	OK(rf_store_add_task(fixture->store, &task, &id, &fixture->error));
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	OK(rf_store_put_effect(fixture->store, &effect, &fixture->error));
	test_store_add_revision(fixture, document, 2);
	OK(rf_store_set_attribute(fixture->store, document, 2, "title", "Anna Offentlig", &fixture->error));
}

static void what_earlier_revisions_said_is_in_no_byte_of_any_file(void **state)
{
	struct test_store *fixture = *state;
	struct rf_erased erased;
	struct rf_scrubbed scrubbed;
	test_store_begin(fixture);
	add_earlier(fixture, "doc");
	test_store_commit(fixture);
	assert_true(search_folder(fixture->folder, marker) > 0);
	test_store_begin(fixture);
	OK(rf_store_erase_before(fixture->store, "doc", 2, &erased, &fixture->error));
	test_store_commit(fixture);
	assert_int_equal(erased.revisions, 1);
	assert_int_equal(erased.parts, 1);
	assert_int_equal(erased.attributes, 1);
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	assert_int_equal(search_folder(fixture->folder, marker), 0);
}

static void the_newest_revision_stays(void **state)
{
	struct test_store *fixture = *state;
	struct rf_erased erased;
	struct rf_effect effect;
	struct rf_revision first;
	test_store_begin(fixture);
	add_earlier(fixture, "doc");
	OK(rf_store_erase_before(fixture->store, "doc", 2, &erased, &fixture->error));
	test_store_commit(fixture);
	assert_true(search_folder(fixture->folder, "Anna Offentlig") > 0);
	OK(rf_store_get_effect(fixture->store, "doc", &effect, &fixture->error));
	assert_string_equal(effect.standing, "d2");
	assert_string_equal(effect.location, "https://exempelby.example/april/");
	OK(rf_store_get_revision(fixture->store, "doc", 1, &first, &fixture->error));
	assert_string_equal(first.name, "");
	struct rf_task task;
	OK(rf_store_find_task(fixture->store, "doc", 1, "validate", &task, &fixture->error));
	assert_int_equal(task.state, RF_TASK_SUPERSEDED);
	assert_null(task.reason);
}

static void that_there_was_a_document_stays(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	add_document(fixture, "doc", marker);
	erase(fixture, "doc");
	test_store_commit(fixture);
	struct rf_scrubbed scrubbed;
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	struct rf_erasure erasure;
	OK(rf_store_get_erasure(fixture->store, "doc", &erasure, &fixture->error));
	assert_int_equal(erasure.at_us, 42);
	assert_string_equal(erasure.who, "eva");
	assert_string_equal(erasure.reason, "asked for by the person");
	struct rf_task task;
	OK(rf_store_find_task(fixture->store, "doc", 1, "validate", &task, &fixture->error));
	assert_int_equal(task.state, RF_TASK_ERASED);
	ASSERT_COUNTS("validate/erased=1 ");
	struct rf_effect effect;
	OK(rf_store_get_effect(fixture->store, "doc", &effect, &fixture->error));
	assert_string_equal(effect.remote_id, "page-7");
	assert_null(effect.location);
}

static void a_source_is_known_by_its_hidden_key(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	add_document(fixture, "doc", marker);
	erase(fixture, "doc");
	test_store_commit(fixture);
	char key[RF_ERASED_KEY_SIZE];
	const char *document;
	struct rf_revision revision;
	NONE(rf_store_find_source(fixture->store, "folder:Amanda Hemlig.txt", &document, &fixture->error));
	rf_store_erased_key("folder:Amanda Hemlig.txt", key);
	OK(rf_store_find_source(fixture->store, key, &document, &fixture->error));
	assert_string_equal(document, "doc");
	OK(rf_store_get_revision(fixture->store, "doc", 1, &revision, &fixture->error));
	assert_string_equal(revision.source_key, key);
	assert_string_equal(revision.name, "");
}

static void other_documents_are_as_they_were(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	add_document(fixture, "doc", marker);
	add_document(fixture, "other", "Beslut om skolan");
	erase(fixture, "doc");
	test_store_commit(fixture);
	struct rf_scrubbed scrubbed;
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	struct rf_part part;
	const char *document;
	OK(rf_store_get_part(fixture->store, "other", 1, "source", &part, &fixture->error));
	assert_memory_equal(part.data, "Beslut om skolan", part.size);
	OK(rf_store_find_subject(fixture->store, "Beslut om skolan", &document, &fixture->error));
	struct rf_erasure erasure;
	NONE(rf_store_get_erasure(fixture->store, "other", &erasure, &fixture->error));
	ASSERT_COUNTS("validate/held=1 validate/erased=1 ");
}

static void the_store_goes_on_after_a_scrub(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	add_document(fixture, "doc", "before");
	test_store_commit(fixture);
	struct rf_scrubbed scrubbed;
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	test_store_begin(fixture);
	add_document(fixture, "later", "after");
	test_store_commit(fixture);
	test_store_reopen(fixture);
	struct rf_part part;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &part, &fixture->error));
	OK(rf_store_get_part(fixture->store, "later", 1, "source", &part, &fixture->error));
}

static void copies_of_older_versions_are_removed(void **state)
{
	struct test_store *fixture = *state;
	rf_autofree char *copy = rf_format("%s/referat.db.version-1", fixture->folder);
	OK(rf_file_write(copy, marker, strlen(marker), false, &fixture->error));
	struct rf_scrubbed scrubbed;
	OK(rf_store_scrub(fixture->store, NULL, &scrubbed, &fixture->error));
	assert_int_equal(scrubbed.copies, 1);
	assert_int_equal(search_folder(fixture->folder, marker), 0);
}

static int note_blob(void *context, const char *blob)
{
	return test_trail_add(context, blob);
}

static void blobs_are_found_by_name(void **state)
{
	struct test_store *fixture = *state;
	struct rf_part part = test_store_part("doc", "source", "");
	test_store_begin(fixture);
	part.data = NULL;
	part.blob = "bbb";
	OK(rf_store_put_part(fixture->store, &part, &fixture->error));
	part.name = "rendition/page";
	OK(rf_store_put_part(fixture->store, &part, &fixture->error));
	part.document = "other";
	part.blob = "aaa";
	OK(rf_store_put_part(fixture->store, &part, &fixture->error));
	test_store_commit(fixture);
	OK(rf_store_find_blob(fixture->store, "bbb", &fixture->error));
	NONE(rf_store_find_blob(fixture->store, "ccc", &fixture->error));
	struct test_trail all = {0}, later = {0};
	OK(rf_store_each_blob(fixture->store, NULL, 0, note_blob, &all, &fixture->error));
	assert_string_equal(all.text, "aaa bbb ");
	OK(rf_store_each_blob(fixture->store, "aaa", 10, note_blob, &later, &fixture->error));
	assert_string_equal(later.text, "bbb ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(an_erased_document_is_in_no_byte_of_any_file),
	    STORE_TEST(copies_that_moving_rows_left_behind_go_too),
	    STORE_TEST(what_earlier_revisions_said_is_in_no_byte_of_any_file),
	    STORE_TEST(the_newest_revision_stays),
	    STORE_TEST(that_there_was_a_document_stays),
	    STORE_TEST(a_source_is_known_by_its_hidden_key),
	    STORE_TEST(other_documents_are_as_they_were),
	    STORE_TEST(the_store_goes_on_after_a_scrub),
	    STORE_TEST(copies_of_older_versions_are_removed),
	    STORE_TEST(blobs_are_found_by_name),
	};
	return RUN_STORE_TESTS(tests);
}
