/* Erasing a document as an operator asks for it: what is refused, what becomes of work in hand, what is left in the
 * files, and what happens when the same source comes again. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/rig.h"
#include "tests/support/rig_blob.h"
#include "tests/support/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

static const char marker[] = "Amanda Hemlig";

static const char *ask_to_erase(struct rig *rig, const char *document, int *status)
{
	rf_autofree char *arguments =
	    rf_format("{\"document\": \"%s\", \"who\": \"eva\", \"reason\": \"asked for\"}", document);
	return rig_ask(rig, "erase", arguments, status);
}

static const char *erase(struct rig *rig, const char *document)
{
	int status;
	const char *answer = ask_to_erase(rig, document, &status);
	if (status != 0)
		fail_msg("%s", answer);
	return answer;
}

static void assert_refused(struct rig *rig, const char *document, const char *reason)
{
	int status;
	const char *answer = ask_to_erase(rig, document, &status);
	assert_int_equal(status, EX_USAGE);
	if (!strstr(answer, reason))
		fail_msg("%s does not say \"%s\"", answer, reason);
}

static char *put(struct rig *rig, const char *key, const char *bytes)
{
	return rf_strdup(rig_put(rig, key, bytes));
}

static void what_it_said_is_in_no_file_of_the_state_folder(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "folder:Amanda Hemlig.txt", marker);
	struct rf_message held = rig_answer(RF_VERB_HOLD, rig_begin(rig, INGEST));
	rig_add_reason(&held, "note", marker);
	rig_add_attribute(&held, "title", marker);
	rig_say(rig, INGEST, &held);
	assert_true(search_folder(rig->folder, marker) > 0);
	const char *answer = erase(rig, id);
	assert_non_null(strstr(answer, "\"parts\":1,\"bytes\":13"));
	assert_non_null(strstr(answer, "\"free_pages\":0,\"log_bytes\":0"));
	assert_int_equal(search_folder(rig->folder, marker), 0);
}

/* Writing the files anew may take minutes, in which nobody is answered. */
static void who_would_take_the_broker_for_dead_hears_of_it(void **state)
{
	struct rig *rig = *state;
	struct rf_message hello = rig_hello_message("supervisor", NULL, NULL);
	rig_receive(rig, SUPERVISOR, &hello);
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "a", "1");
	for (unsigned i = 0; i < 50; i++) {
		rf_autofree char *key = rf_format("document-%u", i);
		rig_put(rig, key, key);
	}
	rig_forget_sent(rig);
	erase(rig, id);
	assert_non_null(rig_take(rig, SUPERVISOR, RF_VERB_PONG));
	assert_non_null(rig_take(rig, INGEST, RF_VERB_PONG));
}

static void a_tombstone_says_who_and_why(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "a", "1");
	erase(rig, id);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_ERASED);
	rf_autofree char *arguments = rf_format("{\"document\": \"%s\"}", id);
	const char *shown = rig_ask(rig, "show", arguments, NULL);
	assert_non_null(strstr(shown, "\"what\":\"erased\",\"detail\":\"by eva: asked for\""));
	assert_non_null(strstr(rig_ask(rig, "list", "{}", NULL), "\"status\":\"erased\""));
}

static void work_in_hand_is_called_back(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	erase(rig, id);
	const struct rf_message *revoked = rig_take(rig, INGEST, RF_VERB_REVOKE);
	assert_non_null(revoked);
	assert_int_equal(revoked->header->items[0]->token->task, token.task);
	assert_int_equal(rig_done(rig, INGEST, token), REFERAT__WIRE__OUTCOME__STALE);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, 0);
}

static void a_document_that_is_published_is_withdrawn_first(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "a", "1");
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_GO);
	assert_refused(rig, id, "is being published by publish\\/web: withdraw it first");
	rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7");
	assert_refused(rig, id, "withdraw it first with `referat withdraw --purge`");
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DONE);
}

static void what_cannot_be_erased_is_said(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	assert_refused(rig, "nothing", "there is no document nothing");
	rf_autofree char *id = put(rig, "a", "1");
	erase(rig, id);
	assert_refused(rig, id, "was erased before");
	int status;
	assert_non_null(strstr(rig_ask(rig, "erase", "{\"document\": \"x\"}", &status), "a document and a reason"));
	assert_int_equal(status, EX_USAGE);
}

static void the_same_file_is_not_taken_in_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "folder:april.txt", marker);
	erase(rig, id);
	const Referat__Wire__Item *again = rig_put_item(rig, "folder:april.txt", marker);
	assert_int_equal(again->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
	assert_string_equal(again->document, id);
	assert_int_equal(search_folder(rig->folder, marker), 0);
}

static void another_file_from_the_same_source_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "folder:april.txt", marker);
	rig_begin(rig, INGEST);
	erase(rig, id);
	rf_autofree char *second = put(rig, "folder:april.txt", "without the name");
	assert_string_not_equal(second, id);
	assert_int_equal(rig_task(rig, second, 1, INGEST).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, second, 1, INGEST).code, "erased-source");
	assert_null(rig_work(rig, INGEST));
	rf_autofree char *arguments = rf_format("{\"document\": \"%s\", \"reason\": \"it is clean\"}", second);
	rig_ask(rig, "release", arguments, NULL);
	assert_string_equal(rig_work(rig, INGEST)->document, second);
	rf_autofree char *third = put(rig, "folder:april.txt", "once more");
	assert_string_equal(third, second);
}

static void a_blob_goes_unless_another_document_has_it(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *blob = rig_blob_make(rig, marker), *path = rig_blob_path(rig, blob);
	rf_autofree char *first = rig_blob_put(rig, "a", blob), *second = rig_blob_put(rig, "b", blob);
	assert_non_null(strstr(erase(rig, first), "\"blobs\":0"));
	assert_int_equal(access(path, F_OK), 0);
	assert_non_null(strstr(erase(rig, second), "\"blobs\":1"));
	assert_int_equal(access(path, F_OK), -1);
}

static void a_blob_that_comes_again_does_not_stay(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *blob = rig_blob_make(rig, marker), *path = rig_blob_path(rig, blob);
	rf_autofree char *id = rig_blob_put(rig, "a", blob);
	erase(rig, id);
	rf_autofree char *again = rig_blob_make(rig, marker);
	rf_autofree char *same = rig_blob_put(rig, "a", again);
	assert_string_equal(same, id);
	assert_int_equal(access(path, F_OK), -1);
}

/* The broker died after the commit: its successor finds in the store that the files are still to be written anew. */
static void what_a_broker_left_to_do_is_done_by_the_next(void **state)
{
	struct rig *rig = *state;
	struct rf_error error = {""};
	struct rf_erasure erasure = {.at_us = 1, .who = "eva", .reason = "asked for"};
	struct rf_erased erased;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "a", marker);
	erasure.document = id;
	assert_int_equal(rf_store_begin(rig->store, RF_DURABLE, &error), 0);
	assert_int_equal(rf_store_erase(rig->store, &erasure, &erased, &error), 0);
	assert_int_equal(rf_store_set_setting(rig->store, "scrub_due", 1, &error), 0);
	assert_int_equal(rf_store_commit(rig->store, &error), 0);
	assert_true(search_folder(rig->folder, marker) > 0);
	rig_restart(rig);
	assert_int_equal(search_folder(rig->folder, marker), 0);
	int64_t due;
	assert_int_equal(rf_store_get_setting(rig->store, "scrub_due", &due, &error), 0);
	assert_int_equal(due, 0);
}

/* Something lies where the new file is to be written. */
static void what_could_not_be_done_is_said(void **state)
{
	struct rig *rig = *state;
	struct rf_error error;
	rig_join_all(rig);
	rf_autofree char *id = put(rig, "a", marker);
	rf_autofree char *in_the_way = rf_format("%s/referat.db.new.part/x", rig->folder);
	assert_int_equal(rf_folder_make(in_the_way, &error), 0);
	assert_non_null(strstr(erase(rig, id), "\"unfinished\":\""));
	rf_autofree char *folder = rf_path_folder(in_the_way);
	assert_int_equal(rmdir(in_the_way), 0);
	assert_int_equal(rmdir(folder), 0);
	rig_restart(rig);
	assert_int_equal(search_folder(rig->folder, marker), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(what_it_said_is_in_no_file_of_the_state_folder),
	    TEST(who_would_take_the_broker_for_dead_hears_of_it),
	    TEST(a_tombstone_says_who_and_why),
	    TEST(work_in_hand_is_called_back),
	    TEST(a_document_that_is_published_is_withdrawn_first),
	    TEST(what_cannot_be_erased_is_said),
	    TEST(the_same_file_is_not_taken_in_again),
	    TEST(another_file_from_the_same_source_waits_for_a_person),
	    TEST(a_blob_goes_unless_another_document_has_it),
	    TEST(a_blob_that_comes_again_does_not_stay),
	    TEST(what_a_broker_left_to_do_is_done_by_the_next),
	    TEST(what_could_not_be_done_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
