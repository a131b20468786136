/* Safe telling: how many documents an hour are told of, and the one question that the others are. And pauses: stages
 * that nothing is handed out for. */
#include "base/error.h"
#include "base/memory.h"
#include "broker/moves.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 2 };
static const int64_t hour_us = 3600 * RF_SECOND;

static int setup_limited(void **state)
{
	rig_setup_unstarted(state);
	struct rig *rig = *state;
	rig->pipeline.max_documents_per_hour = MOST;
	rig_start_core(rig);
	rig_join_all(rig);
	return 0;
}

/* A document that is published and comes to be told of. */
static char *publish(struct rig *rig, const char *key)
{
	char *id = rf_strdup(rig_put(rig, key, "1"));
	for (rf_peer stage = INGEST; stage <= PUBLISH; stage++)
		rig_run(rig, stage);
	return id;
}

/* The notify stage's next task asks to tell a recipient; the answer. */
static enum rf_verb ask_to_tell(struct rig *rig, const char *recipient, struct rig_token *token)
{
	const Referat__Wire__Item *item = rig_work(rig, NOTIFY);
	assert_non_null(item);
	*token = rig_token_of(item);
	rf_autofree char *key = rf_format("notify:%s:0:%s", item->document, recipient);
	return rig_intend(rig, NOTIFY, *token, key, "d", false, NULL);
}

static void assert_told(struct rig *rig, const char *id)
{
	struct rig_token token;
	assert_int_equal(ask_to_tell(rig, "anna", &token), RF_VERB_GO);
	rf_autofree char *key = rf_format("notify:%s:0:anna", id);
	assert_int_equal(rig_done_effect(rig, NOTIFY, token, key, "d", "1"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
}

static void assert_waits(struct rig *rig, const char *id)
{
	struct rig_token token;
	assert_int_equal(ask_to_tell(rig, "anna", &token), RF_VERB_NONE);
	assert_int_equal(rig_ack(rig, NOTIFY)->outcome, REFERAT__WIRE__OUTCOME__STALE);
	rig_credit(rig, NOTIFY, 1);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, id, 1, NOTIFY).code, "many-documents");
}

static void fill(struct rig *rig)
{
	for (int i = 0; i < MOST; i++) {
		rf_autofree char *key = rf_format("first-%d", i), *id = publish(rig, key);
		assert_told(rig, id);
	}
}

static void more_than_the_limit_wait_and_are_one_question(void **state)
{
	struct rig *rig = *state;
	fill(rig);
	rf_autofree char *a = publish(rig, "a"), *b = publish(rig, "b");
	assert_waits(rig, a);
	assert_waits(rig, b);
	const char *status = rig_ask(rig, "status", NULL, NULL);
	assert_non_null(strstr(status, "\"questions\":[{\"question\":\"many-documents\",\"documents\":2,"));
}

static void an_hour_later_others_are_told_again(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *first = publish(rig, "first");
	assert_told(rig, first);
	rig_pass(rig, hour_us / 2);
	rig_join_all(rig);
	rf_autofree char *second = publish(rig, "second");
	assert_told(rig, second);
	rig_pass(rig, hour_us / 2 - 1);
	rig_join_all(rig);
	rf_autofree char *third = publish(rig, "third");
	assert_waits(rig, third);
	rig_pass(rig, 1);
	rf_autofree char *fourth = publish(rig, "fourth");
	assert_told(rig, fourth);
	rf_autofree char *fifth = publish(rig, "fifth");
	assert_waits(rig, fifth);
}

static void the_limit_outlives_a_restart(void **state)
{
	struct rig *rig = *state;
	fill(rig);
	rig_restart(rig);
	rig_join_all(rig);
	rf_autofree char *id = publish(rig, "a");
	assert_waits(rig, id);
}

static void who_tells_nobody_neither_counts_nor_waits(void **state)
{
	struct rig *rig = *state;
	fill(rig);
	rf_autofree char *old = publish(rig, "old");
	rig_run(rig, NOTIFY);
	assert_int_equal(rig_task(rig, old, 1, NOTIFY).state, RF_TASK_DONE);
}

static void all_recipients_of_a_document_that_was_begun_are_told(void **state)
{
	struct rig *rig = *state;
	for (int i = 0; i < MOST - 1; i++) {
		rf_autofree char *id = publish(rig, "first");
		assert_told(rig, id);
	}
	rig_pass(rig, RF_SECOND);
	rf_autofree char *id = publish(rig, "a"), *anna = rf_format("notify:%s:0:anna", id);
	struct rig_token token;
	assert_int_equal(ask_to_tell(rig, "anna", &token), RF_VERB_GO);
	struct rf_message result = rig_answer(RF_VERB_RESULT, token);
	rig_add_effect(&result, anna, "d");
	rig_say(rig, NOTIFY, &result);
	/* The other one's server is away: the task comes again later, and is still the same document. */
	struct rf_message retry = rig_answer(RF_VERB_RETRY, token);
	rig_say(rig, NOTIFY, &retry);
	rig_credit(rig, NOTIFY, 1);
	rig_pass(rig, 4 * RF_SECOND);
	assert_int_equal(ask_to_tell(rig, "bo", &token), RF_VERB_GO);
}

static void yes_tells_of_all_that_wait_and_no_others(void **state)
{
	struct rig *rig = *state;
	fill(rig);
	rf_autofree char *a = publish(rig, "a"), *b = publish(rig, "b");
	assert_waits(rig, a);
	assert_waits(rig, b);
	const char *answer =
	    rig_ask(rig, "answer", "{\"question\":\"many-documents\",\"yes\":true,\"who\":\"anna\"}", NULL);
	assert_non_null(strstr(answer, "\"documents\":2"));
	assert_told(rig, a);
	assert_told(rig, b);
	rf_autofree char *c = publish(rig, "c");
	assert_waits(rig, c);
}

static void no_tells_nobody_and_the_history_knows_who_said_so(void **state)
{
	struct rig *rig = *state;
	fill(rig);
	rf_autofree char *id = publish(rig, "a");
	assert_waits(rig, id);
	rig_ask(rig, "answer",
		"{\"question\":\"many-documents\",\"yes\":false,\"who\":\"anna\",\"reason\":\"archive\"}", NULL);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
	assert_null(rig_work(rig, NOTIFY));
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	assert_non_null(strstr(rig_ask(rig, "show", which, NULL), "by anna: archive (was many-documents)"));
}

static void one_of_them_can_be_told_of_alone(void **state)
{
	struct rig *rig = *state;
	fill(rig);
	rf_autofree char *a = publish(rig, "a"), *b = publish(rig, "b");
	assert_waits(rig, a);
	assert_waits(rig, b);
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", b);
	rig_ask(rig, "retry", which, NULL);
	assert_told(rig, b);
	assert_int_equal(rig_task(rig, a, 1, NOTIFY).state, RF_TASK_HELD);
}

static void an_answer_to_no_question_is_refused(void **state)
{
	struct rig *rig = *state;
	int status;
	assert_non_null(strstr(rig_ask(rig, "answer", "{\"question\":\"many-documents\",\"yes\":true}", &status),
			       "nobody asks 'many-documents'"));
	assert_int_not_equal(status, 0);
	assert_non_null(strstr(rig_ask(rig, "answer", "{\"question\":\"many-documents\"}", &status), "yes or no"));
	assert_int_not_equal(status, 0);
}

static void without_a_limit_all_are_told(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	for (int i = 0; i < 4 * MOST; i++) {
		rf_autofree char *key = rf_format("k-%d", i), *id = publish(rig, key);
		assert_told(rig, id);
	}
}

/* ---- pauses -------------------------------------------------------------------------------------------------------
 */

static const char pause_render[] = "{\"stage\":\"render\",\"who\":\"anna\",\"reason\":\"new template\"}";

static char *bring_to_render(struct rig *rig, const char *key)
{
	char *id = rf_strdup(rig_put(rig, key, "1"));
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	return id;
}

static void nothing_is_handed_out_for_a_paused_stage(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_ask(rig, "pause", pause_render, NULL);
	rf_autofree char *id = bring_to_render(rig, "a");
	assert_null(rig_work(rig, RENDER));
	rig_ask(rig, "resume", pause_render, NULL);
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_READY);
}

static void what_was_only_sent_comes_back_and_what_is_in_hand_is_finished(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *a = bring_to_render(rig, "a"), *b = bring_to_render(rig, "b");
	struct rig_token token = rig_begin(rig, RENDER);
	assert_non_null(rig_work(rig, RENDER));
	rig_ask(rig, "pause", pause_render, NULL);
	assert_non_null(rig_take(rig, RENDER, RF_VERB_REVOKE));
	assert_int_equal(rig_done(rig, RENDER, token), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, a, 1, RENDER).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, b, 1, RENDER).state, RF_TASK_READY);
	assert_null(rig_work(rig, RENDER));
}

static void a_pause_outlives_a_restart_and_status_says_who_and_why(void **state)
{
	struct rig *rig = *state;
	rig_ask(rig, "pause", pause_render, NULL);
	rig_restart(rig);
	rig_join_all(rig);
	rf_autofree char *id = bring_to_render(rig, "a");
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_READY);
	assert_null(rig_work(rig, RENDER));
	assert_non_null(strstr(rig_ask(rig, "status", NULL, NULL), "\"paused_why\":\"by anna: new template\""));
	assert_null(strstr(rig_ask(rig, "list", NULL, NULL), "stage:render"));
}

static void a_pause_goes_with_the_tasks_to_another_stage(void **state)
{
	struct rig *rig = *state;
	struct rf_error error = {""};
	struct rf_stage_moves moves = {.n = 0};
	rig_ask(rig, "pause", pause_render, NULL);
	rf_core_free(rig->core);
	assert_int_equal(rf_stage_moves_read("render=publish/web", &moves, &error), 0);
	assert_int_equal(rf_moves_carry_out(rig->store, &moves, &error), 0);
	rf_stage_moves_deinit(&moves);
	rig_start_core(rig);
	rig_join_all(rig);
	assert_non_null(strstr(rig_ask(rig, "resume", pause_render, NULL), "render is not paused"));
	const char *status = rig_ask(rig, "status", NULL, NULL);
	const char *stage = strstr(status, "\"publish\\/web\"");
	assert_non_null(stage);
	assert_non_null(strstr(stage, "\"paused_why\":\"by anna: new template\""));
}

static void a_pause_that_can_not_be_is_refused(void **state)
{
	struct rig *rig = *state;
	int status;
	assert_non_null(strstr(rig_ask(rig, "pause", "{\"stage\":\"rendr\"}", &status), "did you mean 'render'?"));
	assert_int_not_equal(status, 0);
	assert_non_null(strstr(rig_ask(rig, "resume", pause_render, NULL), "render is not paused"));
	rig_ask(rig, "pause", pause_render, NULL);
	assert_non_null(strstr(rig_ask(rig, "pause", pause_render, NULL), "render is paused already"));
}

#define LIMITED(name) cmocka_unit_test_setup_teardown(name, setup_limited, rig_teardown)
#define TEST(name)    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LIMITED(more_than_the_limit_wait_and_are_one_question),
	    LIMITED(an_hour_later_others_are_told_again),
	    LIMITED(the_limit_outlives_a_restart),
	    LIMITED(who_tells_nobody_neither_counts_nor_waits),
	    LIMITED(all_recipients_of_a_document_that_was_begun_are_told),
	    LIMITED(yes_tells_of_all_that_wait_and_no_others),
	    LIMITED(no_tells_nobody_and_the_history_knows_who_said_so),
	    LIMITED(one_of_them_can_be_told_of_alone),
	    LIMITED(an_answer_to_no_question_is_refused),
	    TEST(without_a_limit_all_are_told),
	    TEST(nothing_is_handed_out_for_a_paused_stage),
	    TEST(what_was_only_sent_comes_back_and_what_is_in_hand_is_finished),
	    TEST(a_pause_outlives_a_restart_and_status_says_who_and_why),
	    TEST(a_pause_goes_with_the_tasks_to_another_stage),
	    TEST(a_pause_that_can_not_be_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
