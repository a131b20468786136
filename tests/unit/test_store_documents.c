/* The store's interface (lib/store/store.h): documents, parts, effects, history, settings. Every test runs over every
 * implementation. */
#include "base/error.h"
#include "base/memory.h"
#include "store/store.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int note_document(void *context, const struct rf_revision *newest)
{
	char name[64];
	snprintf(name, sizeof name, "%s/%u", newest->document, newest->number);
	return test_trail_add(context, name);
}

static int note_attribute(void *context, const char *name, const char *value)
{
	char both[64];
	snprintf(both, sizeof both, "%s=%s", name, value);
	return test_trail_add(context, both);
}

static int note_part(void *context, const struct rf_part *part)
{
	assert_null(part->data);
	return test_trail_add(context, part->name);
}

static int note_effect(void *context, const struct rf_effect *effect)
{
	return test_trail_add(context, effect->key);
}

static int note_event(void *context, const struct rf_event *event)
{
	return test_trail_add(context, event->what);
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

static void keys_are_found_and_moved(void **state)
{
	struct test_store *fixture = *state;
	const char *document = NULL;
	NONE(rf_store_find_source(fixture->store, "key", &document, &fixture->error));
	NONE(rf_store_find_subject(fixture->store, "key", &document, &fixture->error));
	test_store_begin(fixture);
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
	test_store_commit(fixture);
}

static void a_revision_comes_back_as_it_was_given(void **state)
{
	struct test_store *fixture = *state;
	struct rf_revision given = test_store_revision("doc", 3);
	given.major = 2;
	given.quiet = true;
	test_store_begin(fixture);
	OK(rf_store_add_revision(fixture->store, &given, &fixture->error));
	test_store_commit(fixture);
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
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	test_store_add_revision(fixture, "doc", 2);
	test_store_commit(fixture);
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
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	OK(rf_store_set_major(fixture->store, "doc", 1, 5, &fixture->error));
	test_store_commit(fixture);
	struct rf_revision got;
	OK(rf_store_get_revision(fixture->store, "doc", 1, &got, &fixture->error));
	assert_int_equal(got.major, 5);
	test_store_begin(fixture);
	FAULT(rf_store_set_major(fixture->store, "doc", 2, 5, &fixture->error));
	assert_string_equal(fixture->error.text, "document doc has no revision 2");
	FAULT(rf_store_set_major(fixture->store, "other", 1, 5, &fixture->error));
}

static void a_revision_is_made_quiet(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	OK(rf_store_set_quiet(fixture->store, "doc", 1, true, &fixture->error));
	test_store_commit(fixture);
	struct rf_revision got;
	OK(rf_store_get_revision(fixture->store, "doc", 1, &got, &fixture->error));
	assert_true(got.quiet);
	test_store_begin(fixture);
	FAULT(rf_store_set_quiet(fixture->store, "doc", 2, true, &fixture->error));
}

static void documents_are_walked_by_id_with_their_newest_revision(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "b", 1);
	test_store_add_revision(fixture, "a", 1);
	test_store_add_revision(fixture, "c", 1);
	test_store_add_revision(fixture, "b", 2);
	OK(rf_store_bind_source(fixture->store, "key", "without revision", &fixture->error));
	test_store_commit(fixture);
	struct test_trail all = {0}, page = {0}, rest = {0};
	OK(rf_store_each_document(fixture->store, NULL, 0, note_document, &all, &fixture->error));
	assert_string_equal(all.text, "a/1 b/2 c/1 ");
	OK(rf_store_each_document(fixture->store, NULL, 2, note_document, &page, &fixture->error));
	assert_string_equal(page.text, "a/1 b/2 ");
	OK(rf_store_each_document(fixture->store, "b", 2, note_document, &rest, &fixture->error));
	assert_string_equal(rest.text, "c/1 ");
}

static void attributes_belong_to_a_revision_and_can_be_changed(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	OK(rf_store_set_attribute(fixture->store, "doc", 1, "title", "Protokoll", &fixture->error));
	OK(rf_store_set_attribute(fixture->store, "doc", 1, "board", "KS", &fixture->error));
	OK(rf_store_set_attribute(fixture->store, "doc", 2, "board", "KF", &fixture->error));
	OK(rf_store_set_attribute(fixture->store, "doc", 1, "title", "Rättat", &fixture->error));
	test_store_commit(fixture);
	struct test_trail first = {0}, none = {0};
	OK(rf_store_each_attribute(fixture->store, "doc", 1, note_attribute, &first, &fixture->error));
	assert_string_equal(first.text, "board=KS title=Rättat ");
	OK(rf_store_each_attribute(fixture->store, "other", 1, note_attribute, &none, &fixture->error));
	assert_string_equal(none.text, "");
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static void a_part_comes_back_as_it_was_given(void **state)
{
	struct test_store *fixture = *state;
	static const char bytes[] = "a\0b\xff";
	struct rf_part given = test_store_part("doc", "source", "");
	given.data = bytes;
	given.size = sizeof bytes;
	given.digest = rf_digest_of(bytes, sizeof bytes);
	test_store_begin(fixture);
	OK(rf_store_put_part(fixture->store, &given, &fixture->error));
	test_store_commit(fixture);
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
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_put_part(fixture, "doc", "source", "");
	test_store_commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_int_equal(got.size, 0);
	assert_non_null(got.data);
}

static void a_part_may_lie_in_a_blob(void **state)
{
	struct test_store *fixture = *state;
	struct rf_part given = test_store_part("doc", "source", "x");
	given.data = NULL;
	given.blob = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
	given.size = 2000000;
	test_store_begin(fixture);
	OK(rf_store_put_part(fixture->store, &given, &fixture->error));
	test_store_commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_null(got.data);
	assert_string_equal(got.blob, given.blob);
	assert_int_equal(got.size, 2000000);
}

static void a_part_takes_the_place_of_the_one_before(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_put_part(fixture, "doc", "summary", "first");
	test_store_put_part(fixture, "doc", "summary", "second");
	test_store_put_part(fixture, "doc", "card", "x");
	test_store_commit(fixture);
	struct rf_part got;
	OK(rf_store_get_part(fixture->store, "doc", 1, "summary", &got, &fixture->error));
	assert_memory_equal(got.data, "second", 6);
	struct test_trail parts = {0};
	OK(rf_store_each_part(fixture->store, "doc", 1, note_part, &parts, &fixture->error));
	assert_string_equal(parts.text, "card summary ");
}

static void a_part_that_does_not_fit_its_digest_is_not_given_out(void **state)
{
	struct test_store *fixture = *state;
	struct rf_part wrong = test_store_part("doc", "source", "what came back");
	wrong.digest = rf_digest_of("what was put", 12);
	test_store_begin(fixture);
	OK(rf_store_put_part(fixture->store, &wrong, &fixture->error));
	struct rf_part got;
	FAULT(rf_store_get_part(fixture->store, "doc", 1, "source", &got, &fixture->error));
	assert_non_null(strstr(fixture->error.text, "part source of document doc revision 1 does not fit its SHA-256"));
	test_store_put_part(fixture, "doc", "summary", "the transaction goes on");
	test_store_commit(fixture);
}

/* ---- effects, history, settings --------------------------------------------------------------------------------- */

static void an_effect_comes_back_as_it_was_given(void **state)
{
	struct test_store *fixture = *state;
	struct rf_effect intended = {.key = "publish/web:doc",
				     .document = "doc",
				     .stage = "publish/web",
				     .state = RF_EFFECT_INTENDED,
				     .intended = "digest",
				     .changed_us = 5};
	struct rf_effect got;
	NONE(rf_store_get_effect(fixture->store, intended.key, &got, &fixture->error));
	test_store_begin(fixture);
	OK(rf_store_put_effect(fixture->store, &intended, &fixture->error));
	test_store_commit(fixture);
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
	test_store_begin(fixture);
	OK(rf_store_put_effect(fixture->store, &done, &fixture->error));
	test_store_commit(fixture);
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
	struct test_store *fixture = *state;
	static const char *const keys[] = {"notify:a:2", "notify:b:1", "notify:a:1"};
	test_store_begin(fixture);
	for (size_t i = 0; i < RF_COUNT(keys); i++) {
		struct rf_effect effect = {.key = keys[i],
					   .document = strstr(keys[i], ":a:") ? "a" : "b",
					   .stage = "notify",
					   .state = RF_EFFECT_DONE};
		OK(rf_store_put_effect(fixture->store, &effect, &fixture->error));
	}
	test_store_commit(fixture);
	struct test_trail effects = {0}, none = {0};
	OK(rf_store_each_effect(fixture->store, "a", note_effect, &effects, &fixture->error));
	assert_string_equal(effects.text, "notify:a:1 notify:a:2 ");
	OK(rf_store_each_effect(fixture->store, "c", note_effect, &none, &fixture->error));
	assert_string_equal(none.text, "");
}

static void history_is_walked_from_the_oldest(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	struct rf_event event = {.at_us = 9, .document = "a", .revision = 1, .what = "received", .detail = "x.txt"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	event = (struct rf_event){.at_us = 8, .document = "b", .revision = 1, .what = "released"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	event = (struct rf_event){.at_us = 7, .document = "a", .revision = 1, .stage = "ingest", .what = "done"};
	OK(rf_store_add_event(fixture->store, &event, &fixture->error));
	test_store_commit(fixture);
	struct test_trail one = {0}, all = {0}, none = {0};
	OK(rf_store_each_event(fixture->store, "a", note_event, &one, &fixture->error));
	assert_string_equal(one.text, "received done ");
	OK(rf_store_each_event(fixture->store, NULL, note_event, &all, &fixture->error));
	assert_string_equal(all.text, "received released done ");
	OK(rf_store_each_event(fixture->store, "c", note_event, &none, &fixture->error));
	assert_string_equal(none.text, "");
}

static void settings_are_kept(void **state)
{
	struct test_store *fixture = *state;
	int64_t value = 0;
	NONE(rf_store_get_setting(fixture->store, "epoch", &value, &fixture->error));
	test_store_begin(fixture);
	OK(rf_store_set_setting(fixture->store, "epoch", 1, &fixture->error));
	OK(rf_store_set_setting(fixture->store, "epoch", INT64_MIN, &fixture->error));
	test_store_commit(fixture);
	test_store_reopen(fixture);
	OK(rf_store_get_setting(fixture->store, "epoch", &value, &fixture->error));
	assert_int_equal(value, INT64_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(keys_are_found_and_moved),
	    STORE_TEST(a_revision_comes_back_as_it_was_given),
	    STORE_TEST(revision_0_is_the_newest),
	    STORE_TEST(the_major_change_of_a_revision_is_set),
	    STORE_TEST(a_revision_is_made_quiet),
	    STORE_TEST(documents_are_walked_by_id_with_their_newest_revision),
	    STORE_TEST(attributes_belong_to_a_revision_and_can_be_changed),
	    STORE_TEST(a_part_comes_back_as_it_was_given),
	    STORE_TEST(an_empty_part_is_a_part),
	    STORE_TEST(a_part_may_lie_in_a_blob),
	    STORE_TEST(a_part_takes_the_place_of_the_one_before),
	    STORE_TEST(a_part_that_does_not_fit_its_digest_is_not_given_out),
	    STORE_TEST(an_effect_comes_back_as_it_was_given),
	    STORE_TEST(effects_of_a_document_are_walked_by_key),
	    STORE_TEST(history_is_walked_from_the_oldest),
	    STORE_TEST(settings_are_kept),
	};
	return RUN_STORE_TESTS(tests);
}
