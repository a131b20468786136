/* What stages make of a document anew to be looked at: it goes the way of a replay, and nothing of it is kept. */
#include "base/error.h"
#include "base/memory.h"
#include "store/store.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

/* A document whose page says "old", and stands at the target as "d1". */
static const char *publish(struct rig *rig)
{
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "Protokoll");
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, RENDER));
	rig_add_part(&done, "rendition/page", "old");
	rig_add_part(&done, "rendition/mail", "as before");
	assert_int_equal(rig_say(rig, RENDER, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rf_autofree char *key = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	for (int stage = INGEST; stage <= NOTIFY; stage++)
		rig_credit(rig, (rf_peer)stage, 4);
	rig_run(rig, NOTIFY);
	return id;
}

static void preview(struct rig *rig, const char *id, const char *from, const char *more)
{
	rf_autofree char *arguments = rf_format("{\"documents\":[\"%s\"],\"from\":\"%s\"%s}", id, from, more);
	rig_question(rig, "preview", arguments);
}

static void assert_reply(struct rig *rig, const char *text)
{
	int status = -1;
	const char *answer = rig_reply(rig, &status);
	assert_non_null(answer);
	if (status != EX_OK || !strstr(answer, text))
		fail_msg("%s\ndoes not say: %s", answer, text);
}

/* The stage works on the draft, as on a task, and answers with a page. */
static void draft(struct rig *rig, int stage, enum rf_verb verb, const char *page)
{
	const Referat__Wire__Item *item = rig_work(rig, (rf_peer)stage);
	assert_non_null(item);
	assert_false(item->compare || item->preview || item->weigh);
	struct rf_message answer = rig_answer(verb, rig_token_of(item));
	if (page)
		rig_add_part(&answer, "rendition/page", page);
	rig_add_reason(&answer, "why", "because");
	assert_int_equal(rig_say(rig, (rf_peer)stage, &answer), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void answer_look(struct rig *rig, const Referat__Wire__Item *item, const char *found)
{
	assert_non_null(item);
	assert_true(item->compare && item->preview);
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_token_of(item));
	rig_add_attribute(&done, "found", found);
	assert_int_equal(rig_say(rig, PUBLISH, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

/* The bytes of a part as they were sent with the item. */
static void assert_sent(const struct rig *rig, const Referat__Wire__Item *item, const char *name, const char *text)
{
	for (size_t i = 0; i < rig->n_sent; i++) {
		const struct rf_message *message = &rig->sent[i].message;
		if (message->verb != RF_VERB_WORK || message->header->items[0] != item)
			continue;
		for (size_t j = 0; j < item->n_parts; j++) {
			if (strcmp(item->parts[j]->name, name) != 0)
				continue;
			assert_int_equal(message->frames[j].size, strlen(text));
			assert_memory_equal(message->frames[j].data, text, strlen(text));
			return;
		}
	}
	fail_msg("%s was not sent", name);
}

static void assert_stored(struct rig *rig, const char *id, const char *name, const char *text)
{
	struct rf_part part;
	struct rf_error error;
	assert_int_equal(rf_store_get_part(rig->store, id, 1, name, &part, &error), 0);
	assert_int_equal(part.size, strlen(text));
	assert_memory_equal(part.data, text, part.size);
}

static void the_target_is_asked_about_what_the_stages_before_it_made_anew(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	preview(rig, id, "validate", "");
	draft(rig, VALIDATE, RF_VERB_DONE, NULL);
	draft(rig, RENDER, RF_VERB_DONE, "new page");
	const Referat__Wire__Item *item = rig_work(rig, PUBLISH);
	assert_non_null(item);
	assert_sent(rig, item, "rendition/page", "new page");
	assert_sent(rig, item, "rendition/mail", "as before");
	assert_string_equal(item->effects[0]->digest, "d1");
	assert_string_equal(item->effects[0]->remote_id, "page-7");
	answer_look(rig, item, "changes");
	assert_reply(rig, "\"stage\":\"publish\\/web\",\"found\":\"changes\"");
}

static void nothing_of_a_draft_is_kept(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	struct rig_task before = rig_task(rig, id, 1, RENDER);
	preview(rig, id, "render", "");
	draft(rig, RENDER, RF_VERB_DONE, "new page");
	answer_look(rig, rig_work(rig, PUBLISH), "changes");
	assert_reply(rig, "\"found\":\"changes\"");
	assert_stored(rig, id, "rendition/page", "old");
	struct rig_task after = rig_task(rig, id, 1, RENDER);
	assert_int_equal(after.state, before.state);
	assert_int_equal(after.attempts, before.attempts);
	for (int stage = INGEST; stage <= NOTIFY; stage++)
		assert_null(rig_work(rig, (rf_peer)stage));
	preview(rig, id, "render", ""); /* the next one begins anew */
	draft(rig, RENDER, RF_VERB_DONE, "newer still");
	answer_look(rig, rig_work(rig, PUBLISH), "changes");
	assert_reply(rig, "\"found\":\"changes\"");
}

static void the_answer_has_what_goes_out_before_and_after(void **state)
{
	struct rig *rig = *state;
	preview(rig, publish(rig), "render", ",\"differences\":true");
	draft(rig, RENDER, RF_VERB_DONE, "new page");
	answer_look(rig, rig_work(rig, PUBLISH), "changes");
	assert_reply(rig, "\"name\":\"rendition\\/page\",\"before\":\"old\",\"after\":\"new page\"}]");
}

static void a_part_that_comes_out_as_it_was_is_no_difference(void **state)
{
	struct rig *rig = *state;
	preview(rig, publish(rig), "render", ",\"differences\":true");
	draft(rig, RENDER, RF_VERB_DONE, "old");
	answer_look(rig, rig_work(rig, PUBLISH), "same");
	assert_reply(rig, "\"differences\":[]");
}

static void what_would_wait_for_a_person_is_shown_as_though_it_were_released(void **state)
{
	struct rig *rig = *state;
	preview(rig, publish(rig), "validate", "");
	draft(rig, VALIDATE, RF_VERB_HOLD, NULL);
	draft(rig, RENDER, RF_VERB_DONE, "new page");
	answer_look(rig, rig_work(rig, PUBLISH), "changes");
	assert_reply(rig, "\"held_at\":\"validate\",\"held_for\":\"because\",\"found\":\"changes\"");
}

static void a_draft_that_fails_is_told_of_each_target(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	preview(rig, id, "render", "");
	draft(rig, RENDER, RF_VERB_FAIL, NULL);
	assert_reply(rig, "\"stage\":\"publish\\/web\",\"found\":\"fails\",\"reason\":\"render: because\"");
	preview(rig, id, "render", "");
	draft(rig, RENDER, RF_VERB_RETRY, NULL);
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"render: because\"");
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_DONE);
}

static void a_draft_that_breaks_a_rule_is_not_passed_on(void **state)
{
	struct rig *rig = *state;
	preview(rig, publish(rig), "render", "");
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_token_of(rig_work(rig, RENDER)));
	rig_add_part(&done, "source", "another one");
	assert_int_equal(rig_say(rig, RENDER, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"part source is what came in: no stage replaces it\"");
	assert_null(rig_work(rig, PUBLISH));
}

static void a_stage_that_ends_over_a_draft_leaves_an_answer_and_no_crash(void **state)
{
	struct rig *rig = *state;
	const char *id = publish(rig);
	preview(rig, id, "render", "");
	assert_non_null(rig_work(rig, RENDER));
	rig_obituary(rig, RENDER, 11);
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"the stage ended while it looked\"");
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_DONE);
	preview(rig, id, "render", "");
	assert_reply(rig, "\"reason\":\"render is not running\"");
}

static void to_weigh_asks_the_target_for_no_requests(void **state)
{
	struct rig *rig = *state;
	preview(rig, publish(rig), "render", ",\"weigh\":true");
	draft(rig, RENDER, RF_VERB_DONE, "new page");
	const Referat__Wire__Item *item = rig_work(rig, PUBLISH);
	assert_non_null(item);
	assert_true(item->weigh);
	answer_look(rig, item, "changes");
	assert_reply(rig, "\"found\":\"changes\"");
}

static void with_force_the_stage_is_not_told_what_stands_there_only_where(void **state)
{
	struct rig *rig = *state;
	preview(rig, publish(rig), "render", ",\"force\":true");
	draft(rig, RENDER, RF_VERB_DONE, "old");
	const Referat__Wire__Item *item = rig_work(rig, PUBLISH);
	assert_non_null(item);
	assert_null(item->effects[0]->digest);
	assert_string_equal(item->effects[0]->remote_id, "page-7");
	answer_look(rig, item, "requests");
	assert_reply(rig, "\"found\":\"requests\"");
}

static void the_conditions_of_stages_see_what_the_draft_says(void **state)
{
	struct rig *rig = *state;
	struct rf_condition when = {(char *)"kind", (char *)"summary"};
	rig->stages[PUBLISH].conditions = &when;
	rig->stages[PUBLISH].n_conditions = 1;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "Protokoll");
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	rig_add_attribute(&done, "kind", "summary");
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
	rf_autofree char *key = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", ""), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, RENDER, 1);
	preview(rig, id, "render", "");
	struct rf_message anew = rig_answer(RF_VERB_DONE, rig_token_of(rig_work(rig, RENDER)));
	rig_add_attribute(&anew, "kind", "minutes");
	assert_int_equal(rig_say(rig, RENDER, &anew), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"it would not come here any more;");
}

static void what_is_withdrawn_is_shown_as_it_is_taken_away(void **state)
{
	struct rig *rig = *state;
	int status;
	const char *id = publish(rig);
	rf_autofree char *withdrawal = rf_format("{\"document\":\"%s\",\"who\":\"Eva\",\"reason\":\"a name\"}", id);
	rig_ask(rig, "withdraw", withdrawal, &status);
	assert_int_equal(status, EX_OK);
	preview(rig, id, "render", "");
	assert_null(rig_work(rig, RENDER));
	rig_work(rig, PUBLISH); /* the task itself */
	answer_look(rig, rig_work(rig, PUBLISH), "requests");
	assert_reply(rig, "\"found\":\"requests\"");
}

static void only_a_stage_that_makes_something_can_be_drafted_from(void **state)
{
	static const struct {
		const char *from, *reason;
	} wrong[] = {{"publish/web", "web makes nothing of a document"},
		     {"notify", "notify makes nothing of a document"},
		     {"rendr", "did you mean 'render'?"}};
	struct rig *rig = *state;
	const char *id = publish(rig);
	for (size_t i = 0; i < RF_COUNT(wrong); i++) {
		int status = EX_OK;
		rf_autofree char *arguments = rf_format("{\"documents\":[\"%s\"],\"from\":\"%s\"}", id, wrong[i].from);
		const char *answer = rig_ask(rig, "preview", arguments, &status);
		assert_int_equal(status, EX_USAGE);
		assert_non_null(strstr(answer, wrong[i].reason));
	}
	const char *unread = rig_put(rig, "b", "Kallelse");
	preview(rig, unread, "render", "");
	assert_reply(rig, "\"found\":\"unknown\",\"reason\":\"it has not come as far as that stage");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_target_is_asked_about_what_the_stages_before_it_made_anew),
	    TEST(nothing_of_a_draft_is_kept),
	    TEST(the_answer_has_what_goes_out_before_and_after),
	    TEST(a_part_that_comes_out_as_it_was_is_no_difference),
	    TEST(what_would_wait_for_a_person_is_shown_as_though_it_were_released),
	    TEST(a_draft_that_fails_is_told_of_each_target),
	    TEST(a_draft_that_breaks_a_rule_is_not_passed_on),
	    TEST(a_stage_that_ends_over_a_draft_leaves_an_answer_and_no_crash),
	    TEST(to_weigh_asks_the_target_for_no_requests),
	    TEST(with_force_the_stage_is_not_told_what_stands_there_only_where),
	    TEST(the_conditions_of_stages_see_what_the_draft_says),
	    TEST(what_is_withdrawn_is_shown_as_it_is_taken_away),
	    TEST(only_a_stage_that_makes_something_can_be_drafted_from),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
