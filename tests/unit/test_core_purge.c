/* What earlier versions of a document said is taken away, here and at every target, while the newest one stands. */
#include "base/memory.h"
#include "tests/support/rig.h"
#include "tests/support/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

static const char marker[] = "Amanda Hemlig";

/* ---- what happens ------------------------------------------------------------------------------------------------ */

static struct rig_token begin_page(struct rig *rig, const char *id, const char *digest)
{
	rf_autofree char *key = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, digest, false, NULL), RF_VERB_GO);
	return token;
}

static void end_page(struct rig *rig, const char *id, struct rig_token token, const char *digest)
{
	rf_autofree char *key = rf_format("publish/web:%s", id);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, digest, "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, PUBLISH, 1);
}

static void put_page(struct rig *rig, const char *id, const char *digest)
{
	end_page(rig, id, begin_page(rig, id, digest), digest);
}

/* A version of the document, up to its place before the publish stage. */
static char *bring(struct rig *rig, const char *text)
{
	const char *id = rig_put(rig, "folder:april.txt", text);
	for (int stage = INGEST; stage <= RENDER; stage++) {
		rig_run(rig, (rf_peer)stage);
		rig_credit(rig, (rf_peer)stage, 1);
	}
	return rf_strdup(id);
}

static void bring_next(struct rig *rig, const char *text)
{
	free(bring(rig, text));
}

/* Published with a name in it, and once more without. */
static char *publish_twice(struct rig *rig)
{
	rig_join_all(rig);
	rf_autofree char *first = bring(rig, marker);
	put_page(rig, first, "d1");
	char *id = bring(rig, "utan namn");
	put_page(rig, id, "d2");
	assert_string_equal(first, id);
	return id;
}

static const char *act(struct rig *rig, const char *command, const char *id, const char *more, int expected)
{
	int status = -1;
	rf_autofree char *arguments =
	    rf_format("{\"document\":\"%s\",\"who\":\"eva\",\"reason\":\"case 7\"%s}", id, more);
	const char *answer = rig_ask(rig, command, arguments, &status);
	if (status != expected)
		fail_msg("%s: %s", command, answer);
	return answer;
}

static const char *erase_earlier(struct rig *rig, const char *id, int expected)
{
	return act(rig, "erase", id, ",\"earlier\":true", expected);
}

static const char *purge_of(const Referat__Wire__Item *work)
{
	for (size_t i = 0; work && i < work->n_attributes; i++)
		if (strcmp(work->attributes[i]->name, "purge") == 0)
			return work->attributes[i]->value;
	return "";
}

static void assert_says(const char *answer, const char *text)
{
	if (!strstr(answer, text))
		fail_msg("%s does not say \"%s\"", answer, text);
}

/* ---- earlier versions ----------------------------------------------------------------------------------------------
 */

static void the_newest_version_is_put_once_more_with_nothing_of_earlier_ones(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	assert_says(erase_earlier(rig, id, EX_OK), "\"tasks\":1");
	const Referat__Wire__Item *work = rig_work(rig, PUBLISH);
	assert_non_null(work);
	assert_int_equal(work->revision, 2);
	assert_string_equal(purge_of(work), "2023-11-14T22:13:20Z");
	struct rig_token token = rig_token_of(work);
	rf_autofree char *key = rf_format("publish/web:%s", id);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d2-purged", false, NULL), RF_VERB_GO);
	end_page(rig, id, token, "d2-purged");
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_DONE);
}

static void nobody_is_told_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, "utan namn");
	put_page(rig, id, "d1");
	rig_run(rig, NOTIFY);
	erase_earlier(rig, id, EX_OK);
	put_page(rig, id, "d1-purged");
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
}

static void what_they_said_is_in_no_file_and_the_newest_stays(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	assert_true(search_folder(rig->folder, marker) > 0);
	const char *answer = erase_earlier(rig, id, EX_OK);
	assert_says(answer, "\"revisions\":1,\"parts\":1,\"bytes\":13");
	assert_says(answer, "\"free_pages\":0,\"log_bytes\":0");
	assert_int_equal(search_folder(rig->folder, marker), 0);
	assert_true(search_folder(rig->folder, "utan namn") > 0);
	rf_autofree char *arguments = rf_format("{\"document\": \"%s\"}", id);
	assert_says(rig_ask(rig, "show", arguments, NULL), "\"detail\":\"what earlier versions said, by eva: case 7\"");
}

static void it_is_done_again_when_it_is_asked_for_again(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	erase_earlier(rig, id, EX_OK);
	put_page(rig, id, "d2-purged");
	rig_pass(rig, 1000000);
	erase_earlier(rig, id, EX_OK);
	assert_string_equal(purge_of(rig_work(rig, PUBLISH)), "2023-11-14T22:13:21Z");
}

static void what_is_owed_goes_over_to_the_next_version(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	erase_earlier(rig, id, EX_OK);
	bring_next(rig, "utan namn, rättad");
	rig_work(rig, PUBLISH); /* of the second version: it was handed out, and is called back */
	const Referat__Wire__Item *work = rig_work(rig, PUBLISH);
	assert_non_null(work);
	assert_int_equal(work->revision, 3);
	assert_string_equal(purge_of(work), "2023-11-14T22:13:20Z");
}

static void what_is_done_does_not(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	erase_earlier(rig, id, EX_OK);
	put_page(rig, id, "d2-purged");
	bring_next(rig, "utan namn, rättad");
	assert_string_equal(purge_of(rig_work(rig, PUBLISH)), "");
}

static void the_old_file_that_comes_again_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	erase_earlier(rig, id, EX_OK);
	put_page(rig, id, "d2-purged");
	rig_put(rig, "folder:april.txt", marker);
	assert_int_equal(rig_task(rig, id, 3, INGEST).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, id, 3, INGEST).code, "erased-source");
	act(rig, "release", id, "", EX_OK);
	assert_int_equal(rig_work(rig, INGEST)->revision, 3);
}

static void while_an_earlier_version_stands_somewhere_it_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, marker);
	put_page(rig, id, "d1");
	bring_next(rig, "utan namn");
	assert_says(erase_earlier(rig, id, EX_USAGE), "does not stand at publish\\/web: publish it first");
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
	assert_true(search_folder(rig->folder, marker) > 0);
}

static void of_what_stands_nowhere_they_go_without_a_task(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = bring(rig, marker);
	bring_next(rig, "utan namn");
	assert_says(erase_earlier(rig, id, EX_OK), "\"tasks\":0");
	assert_int_equal(search_folder(rig->folder, marker), 0);
}

static void no_stage_says_that_it_is_done(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "folder:april.txt", marker));
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	rig_add_attribute(&done, "purge", "x");
	rig_say(rig, INGEST, &done);
	assert_string_equal(rig_task(rig, id, 1, INGEST).reason, "attribute purge is the broker's");
}

/* ---- a withdrawal --------------------------------------------------------------------------------------------------
 */

static void what_was_withdrawn_is_erased_when_no_target_can_have_kept_it(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	act(rig, "withdraw", id, "", EX_OK);
	put_page(rig, id, "gone");
	assert_says(act(rig, "erase", id, "", EX_USAGE), "more with `referat withdraw --purge`");
	act(rig, "withdraw", id, ",\"purge\":true", EX_OK);
	assert_says(act(rig, "erase", id, "", EX_USAGE), "and erase it when that is done");
	put_page(rig, id, "gone-purged");
	act(rig, "erase", id, "", EX_OK);
}

static void a_withdrawal_that_purges_says_so_to_the_target(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = publish_twice(rig);
	act(rig, "withdraw", id, ",\"purge\":true", EX_OK);
	const Referat__Wire__Item *work = rig_work(rig, PUBLISH);
	assert_string_equal(purge_of(work), "2023-11-14T22:13:20Z");
	struct rig_token token = rig_token_of(work);
	rf_autofree char *key = rf_format("publish/web:%s", id);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "gone", false, NULL), RF_VERB_GO);
	assert_says(erase_earlier(rig, id, EX_USAGE), "is withdrawn");
	end_page(rig, id, token, "gone");
	act(rig, "erase", id, "", EX_OK);
	assert_int_equal(search_folder(rig->folder, marker), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(the_newest_version_is_put_once_more_with_nothing_of_earlier_ones),
	    TEST(nobody_is_told_again),
	    TEST(what_they_said_is_in_no_file_and_the_newest_stays),
	    TEST(it_is_done_again_when_it_is_asked_for_again),
	    TEST(what_is_owed_goes_over_to_the_next_version),
	    TEST(what_is_done_does_not),
	    TEST(the_old_file_that_comes_again_waits_for_a_person),
	    TEST(while_an_earlier_version_stands_somewhere_it_is_refused),
	    TEST(of_what_stands_nowhere_they_go_without_a_task),
	    TEST(no_stage_says_that_it_is_done),
	    TEST(what_was_withdrawn_is_erased_when_no_target_can_have_kept_it),
	    TEST(a_withdrawal_that_purges_says_so_to_the_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
