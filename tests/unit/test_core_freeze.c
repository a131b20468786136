/* After a restore nothing goes out until a person says so: targets are asked, mail that nobody can prove is held. */
#include "base/error.h"
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

static void freeze(struct rig *rig)
{
	struct rf_error error;
	assert_int_equal(rf_store_begin(rig->store, RF_DURABLE, &error), 0);
	assert_int_equal(rf_store_set_setting(rig->store, "frozen", 1, &error), 0);
	assert_int_equal(rf_store_commit(rig->store, &error), 0);
}

static int start_frozen(void **state)
{
	rig_setup_unstarted(state);
	struct rig *rig = *state;
	rig->info.has_lookup = true;
	freeze(rig);
	rig_start_core(rig);
	rig_join_all(rig);
	return 0;
}

/* A document up to the stage that publishes it. */
static char *put_rendered(struct rig *rig)
{
	char *id = rf_strdup(rig_put(rig, "a", "1"));
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
	return id;
}

static const char *ask(struct rig *rig, const char *command, const char *arguments, int expected)
{
	int status;
	const char *answer = rig_ask(rig, command, arguments, &status);
	if (status != expected)
		fail_msg("%s: %s", command, answer);
	return answer;
}

static void a_frozen_store_publishes_nothing(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_rendered(rig);
	assert_null(rig_work(rig, PUBLISH));
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_READY);
	assert_non_null(strstr(ask(rig, "status", "{}", 0), "\"frozen\":true"));
	rig_restart(rig);
	rig_join_all(rig);
	assert_null(rig_work(rig, PUBLISH));
}

static void a_page_that_a_lookup_finds_is_taken_as_done(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_rendered(rig);
	ask(rig, "reconcile", "{}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7"),
			 REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
}

static void a_page_that_is_not_there_waits_for_the_thaw(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_rendered(rig);
	ask(rig, "reconcile", "{}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", true, NULL), RF_VERB_NONE);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_HELD);
	assert_non_null(strstr(ask(rig, "reconcile", "{}", 0), id));
	ask(rig, "thaw", "{}", 0);
	token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", true, NULL), RF_VERB_GO);
}

/* What the store says stands there may have been changed since the backup. */
static void what_the_store_says_is_asked_for_all_the_same(void **state)
{
	struct rig *rig = *state;
	struct rf_error error;
	rf_autofree char *id = put_rendered(rig);
	struct rf_effect effect = {
	    .key = "web:a", .document = id, .stage = "publish/web", .state = RF_EFFECT_DONE, .standing = "digest"};
	assert_int_equal(rf_store_begin(rig->store, RF_DURABLE, &error), 0);
	assert_int_equal(rf_store_put_effect(rig->store, &effect, &error), 0);
	assert_int_equal(rf_store_commit(rig->store, &error), 0);
	ask(rig, "reconcile", "{}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
}

static void a_target_that_can_not_be_asked_is_left_to_a_person(void **state)
{
	struct rig *rig = *state;
	rig->info.has_lookup = false;
	rf_autofree char *id = put_rendered(rig);
	ask(rig, "reconcile", "{}", 0);
	assert_null(rig_work(rig, PUBLISH));
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, id, 1, PUBLISH).code, "unproved");
}

/* A document that is published, and whose mail may have been sent. */
static char *put_published(struct rig *rig)
{
	char *id = put_rendered(rig);
	ask(rig, "reconcile", "{}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL);
	rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7");
	return id;
}

static void mail_is_held_until_somebody_says_send_or_skip(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_published(rig);
	assert_null(rig_work(rig, NOTIFY));
	assert_string_equal(rig_task(rig, id, 1, NOTIFY).code, "unproved");
	assert_non_null(strstr(ask(rig, "thaw", "{}", EX_USAGE), "say --mail skip"));
	assert_non_null(strstr(ask(rig, "thaw", "{\"mail\": \"perhaps\"}", EX_USAGE), "say --mail skip"));
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_HELD);
}

static void skipped_mail_counts_as_sent(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_published(rig);
	ask(rig, "thaw", "{\"mail\": \"skip\"}", 0);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
	assert_non_null(strstr(ask(rig, "status", "{}", 0), "\"frozen\":false"));
}

static void mail_that_is_to_be_sent_is_sent(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_published(rig);
	ask(rig, "thaw", "{\"mail\": \"send\"}", 0);
	assert_string_equal(rig_work(rig, NOTIFY)->document, id);
}

/* ---- pages that stood when the backup was taken -------------------------------------------------------------------
 */

/* A store with a page that stands and a mail that went out, restored. */
static char *put_and_restore(struct rig *rig)
{
	ask(rig, "thaw", "{\"now\": true}", 0);
	char *id = put_rendered(rig);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL);
	rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7");
	rig_run(rig, NOTIFY);
	rf_core_free(rig->core);
	freeze(rig);
	rig_start_core(rig);
	rig_join_all(rig);
	return id;
}

static void a_page_that_stood_is_asked_for_and_what_follows_it_is_left_alone(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	ask(rig, "reconcile", "{}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
	rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7");
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
	ask(rig, "thaw", "{}", 0);
	assert_null(rig_work(rig, PUBLISH));
	assert_null(rig_work(rig, NOTIFY));
}

/* Asks for the page that stood, which the target does not have like that any more. */
static void find_changed(struct rig *rig)
{
	ask(rig, "reconcile", "{}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", true, NULL), RF_VERB_NONE);
}

static void a_page_that_does_not_stand_as_it_did_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	find_changed(rig);
	assert_string_equal(rig_task(rig, id, 1, PUBLISH).code, "changed-since");
	assert_non_null(strstr(ask(rig, "reconcile", "{}", 0), id));
	assert_non_null(strstr(ask(rig, "thaw", "{}", EX_USAGE), "1 pages do not stand there as they did"));
}

static void a_page_that_was_changed_since_is_left_as_it_is(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	find_changed(rig);
	ask(rig, "thaw", "{\"pages\": \"leave\"}", 0);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
	assert_null(rig_work(rig, PUBLISH));
}

static void a_page_that_was_lost_since_is_put_there_again_and_nobody_is_told_twice(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	find_changed(rig);
	ask(rig, "thaw", "{\"pages\": \"publish\"}", 0);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, token, "web:a", "digest", true, NULL), RF_VERB_GO);
	rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7");
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
	assert_null(rig_work(rig, NOTIFY));
}

/* At most one task of a document and a stage is open: the newer one publishes, or looks, by itself. */
static void a_page_whose_newer_version_waits_is_left_to_that_one(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	rig_put(rig, "a", "2");
	ask(rig, "reconcile", "{}", 0);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
	assert_null(rig_work(rig, PUBLISH));
}

static void a_target_that_can_not_be_asked_is_named(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	rig->info.has_lookup = false;
	assert_non_null(strstr(ask(rig, "reconcile", "{}", 0), "\"mute\":[\"publish\\/web\"]"));
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
}

static void pages_that_were_being_asked_for_are_asked_for_after_a_restart(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_and_restore(rig);
	ask(rig, "reconcile", "{}", 0);
	rig_restart(rig);
	rig_join_all(rig);
	find_changed(rig);
	rig_restart(rig);
	rig_join_all(rig);
	assert_null(rig_work(rig, PUBLISH));
	assert_string_equal(rig_task(rig, id, 1, PUBLISH).code, "changed-since");
}

static void a_thaw_waits_until_all_was_asked(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *id = put_rendered(rig);
	assert_non_null(strstr(ask(rig, "thaw", "{}", EX_USAGE), "`referat reconcile` does"));
	ask(rig, "reconcile", "{}", 0);
	assert_non_null(strstr(ask(rig, "thaw", "{}", EX_USAGE), "1 tasks are on their way"));
	ask(rig, "thaw", "{\"now\": true}", 0);
	assert_string_equal(rig_work(rig, PUBLISH)->document, id);
}

static void a_store_that_is_not_frozen_is_not_thawed(void **state)
{
	struct rig *rig = *state;
	ask(rig, "thaw", "{\"now\": true}", 0);
	assert_non_null(strstr(ask(rig, "thaw", "{}", EX_USAGE), "is not frozen"));
	assert_non_null(strstr(ask(rig, "reconcile", "{}", EX_USAGE), "is not frozen"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_frozen, rig_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_frozen_store_publishes_nothing),
	    TEST(a_page_that_a_lookup_finds_is_taken_as_done),
	    TEST(a_page_that_is_not_there_waits_for_the_thaw),
	    TEST(what_the_store_says_is_asked_for_all_the_same),
	    TEST(a_target_that_can_not_be_asked_is_left_to_a_person),
	    TEST(mail_is_held_until_somebody_says_send_or_skip),
	    TEST(skipped_mail_counts_as_sent),
	    TEST(mail_that_is_to_be_sent_is_sent),
	    TEST(a_page_that_stood_is_asked_for_and_what_follows_it_is_left_alone),
	    TEST(a_page_that_does_not_stand_as_it_did_waits_for_a_person),
	    TEST(a_page_that_was_changed_since_is_left_as_it_is),
	    TEST(a_page_that_was_lost_since_is_put_there_again_and_nobody_is_told_twice),
	    TEST(a_page_whose_newer_version_waits_is_left_to_that_one),
	    TEST(a_target_that_can_not_be_asked_is_named),
	    TEST(pages_that_were_being_asked_for_are_asked_for_after_a_restart),
	    TEST(a_thaw_waits_until_all_was_asked),
	    TEST(a_store_that_is_not_frozen_is_not_thawed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
