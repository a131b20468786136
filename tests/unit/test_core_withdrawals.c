/* What was published is taken away again: once, everywhere, and it does not come back by itself. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

/* ---- what happens ------------------------------------------------------------------------------------------------ */

static char *key_of(const char *id)
{
	return rf_format("publish/web:%s", id);
}

/* The peer's next task up to GO, and done. */
static void put_page(struct rig *rig, const char *id, const char *digest)
{
	rf_autofree char *key = key_of(id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, digest, false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, digest, "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, PUBLISH, 1);
}

static const char *bring(struct rig *rig, const char *source)
{
	const char *id = rig_put(rig, source, "Protokoll");
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, RENDER));
	rig_add_part(&done, "card", "a card");
	rig_say(rig, RENDER, &done);
	for (int stage = INGEST; stage <= RENDER; stage++)
		rig_credit(rig, (rf_peer)stage, 1);
	return id;
}

static const char *publish(struct rig *rig, const char *source)
{
	const char *id = bring(rig, source);
	put_page(rig, id, "d1");
	return id;
}

static const char *act(struct rig *rig, const char *command, const char *id, const char *more, int expected)
{
	int status = -1;
	rf_autofree char *arguments =
	    rf_format("{\"document\":\"%s\",\"who\":\"Eva\",\"reason\":\"a slip\"%s}", id, more ? more : "");
	const char *answer = rig_ask(rig, command, arguments, &status);
	if (status != expected)
		fail_msg("%s: %s", command, answer);
	return answer;
}

static const char *withdraw(struct rig *rig, const char *id)
{
	return act(rig, "withdraw", id, NULL, EX_OK);
}

static const char *attribute_of(const Referat__Wire__Item *work, const char *name)
{
	for (size_t i = 0; i < work->n_attributes; i++)
		if (strcmp(work->attributes[i]->name, name) == 0)
			return work->attributes[i]->value;
	return "";
}

static void assert_listed(struct rig *rig, const char *id, const char *status)
{
	int code;
	rf_autofree char *arguments = rf_format("{\"status\":\"%s\"}", status);
	const char *answer = rig_ask(rig, "list", arguments, &code);
	if (!strstr(answer, id))
		fail_msg("%s is not %s: %s", id, status, rig_ask(rig, "list", "{}", &code));
}

/* ---- withdrawing ------------------------------------------------------------------------------------------------- */

static void what_stands_somewhere_is_taken_away_by_a_task(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	assert_listed(rig, id, "open");
	const Referat__Wire__Item *work = rig_work(rig, PUBLISH);
	assert_non_null(work);
	assert_int_equal(work->revision, 2);
	assert_string_equal(attribute_of(work, "withdrawn"), "2023-11-14");
	assert_string_equal(attribute_of(work, "withdrawn.reason"), "");
	rf_autofree char *key = key_of(id);
	const Referat__Wire__Effect *known;
	struct rig_token token = rig_token_of(work);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "gone", false, &known), RF_VERB_GO);
	assert_string_equal(known->remote_id, "page-7");
	rig_done_effect(rig, PUBLISH, token, key, "gone", NULL);
	assert_listed(rig, id, "withdrawn");
	struct rf_effect effect;
	assert_int_equal(rf_store_get_effect(rig->store, key, &effect, NULL), 0);
	assert_null(effect.standing);
	assert_string_equal(effect.remote_id, "page-7");
	assert_non_null(strstr(withdraw(rig, id), "\"tasks\":1")); /* to leave another word there */
}

static void nobody_is_told_of_it_nor_of_what_is_gone(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_READY);
	withdraw(rig, id);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_SUPERSEDED);
	put_page(rig, id, "gone");
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, id, 2, NOTIFY).state, 0);
}

static void mails_that_are_being_sent_stop_at_the_next_recipient(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	struct rig_token token = rig_begin(rig, NOTIFY);
	rf_autofree char *first = rf_format("notify:%s:0:anna", id), *second = rf_format("notify:%s:0:bo", id);
	assert_int_equal(rig_intend(rig, NOTIFY, token, first, "m", false, NULL), RF_VERB_GO);
	withdraw(rig, id);
	struct rf_message start = rig_answer(RF_VERB_START, token);
	rig_add_effect(&start, second, "m");
	assert_int_equal(rig_say(rig, NOTIFY, &start), REFERAT__WIRE__OUTCOME__STALE);
}

static void what_may_stand_there_is_taken_away_too(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a");
	rf_autofree char *key = key_of(id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	withdraw(rig, id);
	rig_credit(rig, PUBLISH, 1);
	assert_null(rig_work(rig, PUBLISH)); /* while the first acts */
	rig_obituary(rig, PUBLISH, 9);
	rig_join(rig, PUBLISH + 10, 4);
	struct rig_token again = rig_begin(rig, PUBLISH + 10);
	assert_int_equal(rig_intend(rig, PUBLISH + 10, again, key, "gone", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH + 10, again, key, "gone", true, NULL), RF_VERB_GO);
	rig_done_effect(rig, PUBLISH + 10, again, key, "gone", NULL);
	assert_listed(rig, id, "withdrawn");
}

static void what_stood_nowhere_just_ends(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a");
	assert_non_null(strstr(withdraw(rig, id), "\"tasks\":0"));
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_SUPERSEDED);
	assert_listed(rig, id, "withdrawn");
}

static void a_withdrawal_carries_the_card_reason_and_replacement(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	act(rig, "withdraw", id, ",\"show_reason\":true,\"replacement\":\"https://b.se/\"", EX_OK);
	const Referat__Wire__Item *work = rig_work(rig, PUBLISH);
	assert_string_equal(attribute_of(work, "withdrawn.reason"), "a slip");
	assert_string_equal(attribute_of(work, "withdrawn.replacement"), "https://b.se/");
	struct rf_part card;
	assert_int_equal(rf_store_get_part(rig->store, id, 2, "card", &card, NULL), 0);
	assert_int_equal(card.size, strlen("a card"));
}

static void only_what_is_published_takes_its_place(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a"), *other = bring(rig, "b");
	rf_autofree char *itself = rf_format(",\"replacement\":\"%s\"", id);
	rf_autofree char *unpublished = rf_format(",\"replacement\":\"%s\"", other);
	assert_non_null(strstr(act(rig, "withdraw", id, itself, EX_USAGE), "not published"));
	assert_non_null(strstr(act(rig, "withdraw", id, unpublished, EX_USAGE), "not published"));
	act(rig, "withdraw", id, ",\"replacement\":\"https://b.se/ x\"", EX_USAGE);
	assert_non_null(strstr(act(rig, "withdraw", "nobody", NULL, EX_USAGE), "there is no document nobody"));
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, 0);
	assert_listed(rig, other, "open");
}

static void a_withdrawal_outlives_the_broker(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(publish(rig, "a"));
	withdraw(rig, id);
	rig_restart(rig);
	rig_join_all(rig);
	put_page(rig, id, "gone");
	assert_listed(rig, id, "withdrawn");
}

static void no_stage_says_what_the_broker_says(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	rig_add_attribute(&done, "withdrawn", "2024-01-01");
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__REFUSED);
	assert_string_equal(rig_task(rig, id, 1, INGEST).reason, "attribute withdrawn is the broker's");
}

/* ---- afterwards -------------------------------------------------------------------------------------------------- */

static void the_same_file_does_not_bring_it_back(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	assert_int_equal(rig_put_item(rig, "a", "Protokoll")->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
	put_page(rig, id, "gone");
	assert_listed(rig, id, "withdrawn");
}

static void a_file_saved_again_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	put_page(rig, id, "gone");
	for (int i = 0; i < 2; i++) { /* the second takes the place of the first, and waits as well */
		rig_put(rig, "a", i ? "Protokoll, rättat" : "Protokoll.");
		struct rig_task held = rig_task(rig, id, (uint32_t)(3 + i), INGEST);
		assert_int_equal(held.state, RF_TASK_HELD);
		assert_string_equal(held.reason, "withdrawn 2023-11-14");
	}
	assert_int_equal(rig_task(rig, id, 3, INGEST).state, RF_TASK_SUPERSEDED);
	assert_non_null(strstr(act(rig, "retry", id, NULL, EX_USAGE), "referat release"));
	act(rig, "release", id, NULL, EX_OK);
	for (int stage = INGEST; stage <= RENDER; stage++)
		rig_run(rig, (rf_peer)stage);
	put_page(rig, id, "d2");
	assert_int_equal(rig_task(rig, id, 4, PUBLISH).state, RF_TASK_DONE);
}

static void an_unfinished_withdrawal_goes_on_until_the_new_file_is_released(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	rig_put(rig, "a", "Protokoll.");
	assert_listed(rig, id, "held");
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_READY);
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	const char *why = rig_ask(rig, "why", which, NULL);
	assert_non_null(strstr(why, "\"revision\":2,\"stage\":\"publish\\/web\""));
	assert_non_null(strstr(why, "\"revision\":3,\"stage\":\"ingest\""));
	act(rig, "release", id, NULL, EX_OK);
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, id, 3, INGEST).state, RF_TASK_READY);
}

static void deleting_the_new_file_does_not_open_the_door(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	put_page(rig, id, "gone");
	rig_put(rig, "a", "Protokoll.");
	act(rig, "delete", id, NULL, EX_OK);
	rig_put(rig, "a", "Protokoll!");
	assert_int_equal(rig_task(rig, id, 4, INGEST).state, RF_TASK_HELD);
}

static void deleting_the_new_file_does_not_end_the_withdrawal(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	rig_put(rig, "a", "Protokoll.");
	act(rig, "delete", id, NULL, EX_OK);
	assert_int_equal(rig_task(rig, id, 3, INGEST).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_READY);
	put_page(rig, id, "gone");
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_DONE);
}

static void a_replay_is_no_way_around_a_persons_word(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	put_page(rig, id, "gone");
	rig_put(rig, "a", "Protokoll.");
	rf_autofree char *replay = rf_format("{\"documents\":[\"%s\"],\"from\":\"ingest\"}", id);
	assert_non_null(strstr(rig_ask(rig, "replay", replay, NULL), "it waits for a person's word"));
	assert_int_equal(rig_task(rig, id, 3, INGEST).state, RF_TASK_HELD);
}

static void another_file_about_the_meeting_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	done.header->items[0]->subject_key = rf_strdup("ks/2024-04-17/minutes/1");
	rig_say(rig, INGEST, &done);
	withdraw(rig, id);
	rig_credit(rig, INGEST, 1);
	const char *renamed = rig_put(rig, "b", "1");
	done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	done.header->items[0]->subject_key = rf_strdup("ks/2024-04-17/minutes/1");
	rig_say(rig, INGEST, &done);
	struct rig_task held = rig_task(rig, renamed, 1, INGEST);
	assert_int_equal(held.state, RF_TASK_HELD);
	rf_autofree char *note = rf_format("%s withdrawn 2023-11-14", id);
	assert_string_equal(held.reason, note);
	act(rig, "release", renamed, NULL, EX_OK);
	assert_int_equal(rig_task(rig, renamed, 1, VALIDATE).state, RF_TASK_READY);
}

static void what_a_person_took_away_by_hand_is_put_again_later(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = publish(rig, "a");
	withdraw(rig, id);
	struct rf_message hold = rig_answer(RF_VERB_HOLD, rig_begin(rig, PUBLISH));
	rig_add_reason(&hold, "no-withdraw", "by hand");
	rig_say(rig, PUBLISH, &hold);
	assert_listed(rig, id, "held");
	act(rig, "release", id, NULL, EX_OK);
	assert_listed(rig, id, "withdrawn");
	rig_put(rig, "a", "Protokoll.");
	act(rig, "release", id, NULL, EX_OK);
	for (int stage = INGEST; stage <= RENDER; stage++)
		rig_run(rig, (rf_peer)stage);
	rig_credit(rig, PUBLISH, 1);
	put_page(rig, id, "d1"); /* GO, though it is the digest that stood there before */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_stands_somewhere_is_taken_away_by_a_task),
	    TEST(nobody_is_told_of_it_nor_of_what_is_gone),
	    TEST(mails_that_are_being_sent_stop_at_the_next_recipient),
	    TEST(what_may_stand_there_is_taken_away_too),
	    TEST(what_stood_nowhere_just_ends),
	    TEST(a_withdrawal_carries_the_card_reason_and_replacement),
	    TEST(only_what_is_published_takes_its_place),
	    TEST(a_withdrawal_outlives_the_broker),
	    TEST(no_stage_says_what_the_broker_says),
	    TEST(the_same_file_does_not_bring_it_back),
	    TEST(a_file_saved_again_waits_for_a_person),
	    TEST(an_unfinished_withdrawal_goes_on_until_the_new_file_is_released),
	    TEST(deleting_the_new_file_does_not_open_the_door),
	    TEST(deleting_the_new_file_does_not_end_the_withdrawal),
	    TEST(a_replay_is_no_way_around_a_persons_word),
	    TEST(another_file_about_the_meeting_waits_for_a_person),
	    TEST(what_a_person_took_away_by_hand_is_put_again_later),
	};
	return cmocka_run_group_tests_name("core withdrawals", tests, NULL, NULL);
}
