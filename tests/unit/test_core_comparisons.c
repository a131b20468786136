/* Looks at what stands at a target: they are no tasks, leave nothing behind, and are answered whatever becomes of the
 * stage. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

/* A document that stands at the target as "d1", as page-7. */
static const char *publish(struct rig *rig)
{
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "Protokoll");
	for (int stage = INGEST; stage <= RENDER; stage++)
		rig_run(rig, (rf_peer)stage);
	rf_autofree char *key = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, PUBLISH, 1);
	return id;
}

static void question(struct rig *rig, const char *command, const char *id)
{
	rf_autofree char *arguments = rf_format("{\"documents\":[\"%s\"]}", id);
	rig_question(rig, command, arguments);
}

static void answer_look(struct rig *rig, const Referat__Wire__Item *item, const char *found, const char *requests)
{
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_token_of(item));
	rig_add_attribute(&done, RF_ATTRIBUTE_FOUND, found);
	if (requests)
		rig_add_attribute(&done, RF_ATTRIBUTE_REQUESTS, requests);
	rig_add_reason(&done, "compare", "why");
	assert_int_equal(rig_say(rig, PUBLISH, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void assert_reply(struct rig *rig, const char *text)
{
	int status = -1;
	const char *answer = rig_reply(rig, &status);
	assert_non_null(answer);
	if (status != EX_OK || !strstr(answer, text))
		fail_msg("%s\ndoes not say: %s", answer, text);
}

static void a_stage_is_asked_about_the_page_that_it_put_there(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	struct rig_task before = rig_task(rig, id, 1, PUBLISH);
	question(rig, "compare", id);
	assert_null(rig_reply(rig, NULL)); /* until the stage has looked */
	const Referat__Wire__Item *item = rig_work(rig, PUBLISH);
	assert_non_null(item);
	assert_true(item->compare && !item->preview);
	assert_string_equal(item->document, id);
	assert_int_equal(item->n_effects, 1);
	assert_string_equal(item->effects[0]->digest, "d1");
	assert_string_equal(item->effects[0]->remote_id, "page-7");
	answer_look(rig, item, "changed", NULL);
	assert_reply(rig, "\"found\":\"changed\",\"reason\":\"why\"");
	struct rig_task after = rig_task(rig, id, 1, PUBLISH);
	assert_int_equal(after.state, before.state);
	assert_int_equal(after.attempts, before.attempts);
}

static void a_preview_brings_the_requests_of_the_stage(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	question(rig, "preview", id);
	const Referat__Wire__Item *item = rig_work(rig, PUBLISH);
	assert_non_null(item);
	assert_true(item->compare && item->preview);
	answer_look(rig, item, "requests", "[{\"method\":\"PUT\"}]");
	assert_reply(rig, "\"requests\":[{\"method\":\"PUT\"}],\"found\":\"requests\"");
}

static void a_preview_of_what_has_not_come_so_far_is_answered_at_once(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	question(rig, "preview", rig_put(rig, "a", "Protokoll"));
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"the document does not go there, or has not come so far");
	assert_null(rig_work(rig, PUBLISH));
}

static void requests_that_are_no_json_are_left_out(void **state)
{
	struct rig *rig = *state;
	question(rig, "preview", publish(rig));
	answer_look(rig, rig_work(rig, PUBLISH), "requests", "[{");
	assert_reply(rig, "\"found\":\"requests\",\"reason\":\"why\"");
}

static void a_paused_stage_is_asked_for_a_preview_and_not_to_compare(void **state)
{
	struct rig *rig = *state;
	int status;
	const char *id = publish(rig);
	rig_ask(rig, "pause", "{\"stage\":\"publish/web\",\"who\":\"Eva\"}", &status);
	assert_int_equal(status, EX_OK);
	question(rig, "compare", id);
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"the stage is paused\"");
	question(rig, "preview", id);
	answer_look(rig, rig_work(rig, PUBLISH), "same", NULL);
	assert_reply(rig, "\"found\":\"same\"");
}

static void a_stage_that_ends_while_it_looks_leaves_an_answer_and_no_crash(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	question(rig, "compare", id);
	assert_non_null(rig_work(rig, PUBLISH));
	rig_obituary(rig, PUBLISH, 11);
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"the stage ended while it looked\"");
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
}

static void an_answer_to_a_look_that_nobody_remembers_is_stale(void **state)
{
	struct rig *rig = *state;
	question(rig, "compare", publish(rig));
	const Referat__Wire__Item *item = rig_work(rig, PUBLISH);
	struct rig_token token = rig_token_of(item);
	answer_look(rig, item, "same", NULL);
	struct rf_message again = rig_answer(RF_VERB_DONE, token);
	assert_int_equal(rig_say(rig, PUBLISH, &again), REFERAT__WIRE__OUTCOME__STALE);
}

static void a_question_that_names_nothing_that_there_is_is_refused(void **state)
{
	static const char *const questions[] = {"{\"documents\":[\"nosuch\"]}", "{\"documents\":[]}",
						"{\"documents\":7}", "{\"target\":\"render\"}",
						"{\"target\":\"publish/wb\"}"};
	struct rig *rig = *state;
	rig_join_all(rig);
	for (size_t i = 0; i < RF_COUNT(questions); i++) {
		int status = EX_OK;
		rig_ask(rig, "compare", questions[i], &status);
		assert_int_equal(status, EX_USAGE);
	}
	int status = EX_OK;
	rig_ask(rig, "preview", "{}", &status);
	assert_int_equal(status, EX_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_stage_is_asked_about_the_page_that_it_put_there),
	    TEST(a_preview_brings_the_requests_of_the_stage),
	    TEST(a_preview_of_what_has_not_come_so_far_is_answered_at_once),
	    TEST(requests_that_are_no_json_are_left_out),
	    TEST(a_paused_stage_is_asked_for_a_preview_and_not_to_compare),
	    TEST(a_stage_that_ends_while_it_looks_leaves_an_answer_and_no_crash),
	    TEST(an_answer_to_a_look_that_nobody_remembers_is_stale),
	    TEST(a_question_that_names_nothing_that_there_is_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
