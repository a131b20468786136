/* Effects happen once: GO, ALREADY, LOOKUP. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { KEY_SIZE = 64 };

/* Brings a document to the publish stage. */
static const char *bring(struct rig *rig, const char *key, char effect[KEY_SIZE])
{
	const char *id = rig_put(rig, key, "Protokoll");
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
	snprintf(effect, KEY_SIZE, "publish/web:%s", id);
	return id;
}

/* A newer revision of what is there, brought to the publish stage. */
static void bring_revision(struct rig *rig, const char *key, const char *bytes)
{
	rig_put(rig, key, bytes);
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
}

static void an_effect_that_nobody_began_may_go(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	const char *id = bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	struct rf_effect effect;
	assert_int_equal(rf_store_get_effect(rig->store, key, &effect, NULL), 0);
	assert_int_equal(effect.state, RF_EFFECT_DONE);
	assert_string_equal(effect.standing, "d1");
	assert_string_equal(effect.remote_id, "page-7");
	assert_string_equal(effect.document, id);
}

static void the_intent_is_on_disk_before_go_is_said(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	struct rf_message start = rig_answer(RF_VERB_START, token);
	rig_add_effect(&start, key, "d1");
	rig_receive(rig, PUBLISH, &start);
	struct rf_effect effect;
	assert_int_equal(rf_store_get_effect(rig->store, key, &effect, NULL), RF_STORE_NONE);
	assert_null(rig_take(rig, PUBLISH, RF_VERB_GO));
	rig_flush(rig);
	assert_int_equal(rf_store_get_effect(rig->store, key, &effect, NULL), 0);
	assert_non_null(rig_take(rig, PUBLISH, RF_VERB_GO));
}

static void what_stands_there_is_not_put_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, key, "d1", false, NULL);
	rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7");
	bring_revision(rig, "a", "Protokoll, nytt");
	token = rig_begin(rig, PUBLISH);
	const Referat__Wire__Effect *answer;
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, &answer), RF_VERB_ALREADY);
	assert_string_equal(answer->remote_id, "page-7");
	assert_int_equal(rig_done(rig, PUBLISH, token), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void other_content_goes_to_where_the_old_one_stands(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, key, "d1", false, NULL);
	rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7");
	bring_revision(rig, "a", "Protokoll, nytt");
	token = rig_begin(rig, PUBLISH);
	const Referat__Wire__Effect *answer;
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d2", false, &answer), RF_VERB_GO);
	assert_string_equal(answer->remote_id, "page-7");
}

static void an_intent_without_a_result_is_looked_up(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	rig_obituary(rig, PUBLISH, 9);
	rig_join(rig, 13, 10);
	token = rig_begin(rig, 13);
	assert_int_equal(rig_intend(rig, 13, token, key, "d1", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, 13, token, key, "d1", true, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, 13, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static Referat__Wire__Outcome withdraw(struct rig *rig, struct rig_token token, const char *key, const char *digest)
{
	struct rf_message result = rig_answer(RF_VERB_RESULT, token);
	Referat__Wire__Effect *effect = rig_add_effect(&result, key, digest);
	effect->has_looked_up = effect->looked_up = true;
	return rig_say(rig, PUBLISH, &result);
}

static void an_intent_that_came_to_nothing_is_withdrawn(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(withdraw(rig, token, key, "d1"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void only_who_had_go_withdraws_an_intent(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d1", false, NULL);
	rig_obituary(rig, PUBLISH, 9);
	rig_join(rig, PUBLISH, 10);
	struct rig_token token = rig_begin(rig, PUBLISH);
	withdraw(rig, token, key, "d1");
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_LOOKUP);
}

static void a_lookup_cannot_be_skipped_by_saying_so(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d1", false, NULL);
	rig_obituary(rig, PUBLISH, 9);
	rig_join(rig, 13, 10);
	assert_int_equal(rig_intend(rig, 13, rig_begin(rig, 13), key, "d1", true, NULL), RF_VERB_LOOKUP);
}

static void what_a_lookup_finds_is_recorded(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	const char *id = bring(rig, "a", key);
	rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d1", false, NULL);
	rig_obituary(rig, PUBLISH, 9);
	rig_join(rig, 13, 10);
	struct rig_token token = rig_begin(rig, 13);
	rig_intend(rig, 13, token, key, "d1", false, NULL);
	assert_int_equal(rig_done_effect(rig, 13, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
}

static void a_lookup_that_finds_older_content_is_followed_by_the_new(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	const char *id = bring(rig, "a", key);
	rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d1", false, NULL);
	rig_obituary(rig, PUBLISH, 9);
	bring_revision(rig, "a", "Protokoll, nytt");
	rig_join(rig, 13, 10);
	struct rig_token token = rig_begin(rig, 13);
	const Referat__Wire__Effect *answer;
	assert_int_equal(rig_intend(rig, 13, token, key, "d2", false, &answer), RF_VERB_LOOKUP);
	assert_string_equal(answer->digest, "d1");
	assert_int_equal(rig_done_effect(rig, 13, token, key, "d2", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, id, 2, PUBLISH).state, RF_TASK_READY);
	token = rig_begin(rig, 13);
	assert_int_equal(rig_intend(rig, 13, token, key, "d2", false, &answer), RF_VERB_GO);
	assert_string_equal(answer->remote_id, "page-7");
}

static void the_result_of_a_superseded_revision_is_not_lost(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, key, "d1", false, NULL);
	bring_revision(rig, "a", "Protokoll, nytt");
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__STALE);
	struct rf_effect effect;
	assert_int_equal(rf_store_get_effect(rig->store, key, &effect, NULL), 0);
	assert_int_equal(effect.state, RF_EFFECT_DONE);
	assert_string_equal(effect.standing, "d1");
	const Referat__Wire__Effect *answer;
	assert_int_equal(rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d2", false, &answer), RF_VERB_GO);
	assert_string_equal(answer->remote_id, "page-7");
}

static void a_newer_revision_waits_while_the_older_one_acts(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, key, "d1", false, NULL);
	bring_revision(rig, "a", "Protokoll, nytt");
	assert_null(rig_work(rig, PUBLISH));
	rig_join(rig, 13, 10);
	assert_null(rig_work(rig, 13));
	rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7");
	assert_true(rig_work(rig, PUBLISH) || rig_work(rig, 13));
}

static void nobody_is_told_twice_whatever_the_content(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	rig_run(rig, PUBLISH);
	struct rig_token token = rig_begin(rig, NOTIFY);
	assert_int_equal(rig_intend(rig, NOTIFY, token, "notify:a:0:anna", "d1", false, NULL), RF_VERB_GO);
	struct rf_message result = rig_answer(RF_VERB_RESULT, token);
	rig_add_effect(&result, "notify:a:0:anna", "d1");
	assert_int_equal(rig_say(rig, NOTIFY, &result), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_intend(rig, NOTIFY, token, "notify:a:0:bertil", "d1", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_intend(rig, NOTIFY, token, "notify:a:0:anna", "d2", false, NULL), RF_VERB_ALREADY);
}

static void a_result_without_a_start_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	const char *id = bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "x"), REFERAT__WIRE__OUTCOME__REFUSED);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DEAD);
}

static void a_key_of_another_document_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE], other[KEY_SIZE];
	bring(rig, "a", key);
	rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d1", false, NULL);
	bring(rig, "b", other);
	assert_int_equal(rig_intend(rig, PUBLISH, rig_begin(rig, PUBLISH), key, "d1", false, NULL), RF_VERB_NONE);
	assert_int_equal(rig_ack(rig, PUBLISH)->outcome, REFERAT__WIRE__OUTCOME__REFUSED);
}

static void an_intent_outlives_the_broker(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	char key[KEY_SIZE];
	bring(rig, "a", key);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, key, "d1", false, NULL);
	rig_restart(rig);
	rig_return(rig, PUBLISH, PUBLISH, &token, 1);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d1", "page-7"), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

/* Begins to tell somebody, is lost, and is held because nobody can be asked. */
static const char *hold_unknown(struct rig *rig, char key[KEY_SIZE])
{
	rig_join_all(rig);
	const char *id = bring(rig, "a", key);
	rig_run(rig, PUBLISH);
	struct rig_token token = rig_begin(rig, NOTIFY);
	snprintf(key, KEY_SIZE, "notify:%s:0:anna", id);
	assert_int_equal(rig_intend(rig, NOTIFY, token, key, "d1", false, NULL), RF_VERB_GO);
	rig_obituary(rig, NOTIFY, SIGKILL);
	rig_join(rig, 10 + NOTIFY, 10);
	token = rig_begin(rig, 10 + NOTIFY);
	assert_int_equal(rig_intend(rig, 10 + NOTIFY, token, key, "d1", false, NULL), RF_VERB_LOOKUP);
	struct rf_message hold = rig_answer(RF_VERB_HOLD, token);
	rig_add_reason(&hold, RF_CODE_UNKNOWN_EFFECT, "1 mejl kan ha skickats");
	assert_int_equal(rig_say(rig, 10 + NOTIFY, &hold), REFERAT__WIRE__OUTCOME__ACCEPTED);
	return id;
}

static enum rf_effect_state state_of(struct rig *rig, const char *key, bool *stands)
{
	struct rf_effect effect;
	assert_int_equal(rf_store_get_effect(rig->store, key, &effect, NULL), 0);
	*stands = effect.standing != NULL;
	return effect.state;
}

static void decide(struct rig *rig, const char *command, const char *document)
{
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", document);
	int status;
	rig_ask(rig, command, which, &status);
	assert_int_equal(status, 0);
}

static void releasing_what_may_have_been_sent_counts_it_as_sent(void **state)
{
	struct rig *rig = *state;
	char key[KEY_SIZE];
	bool stands;
	decide(rig, "release", hold_unknown(rig, key));
	assert_int_equal(state_of(rig, key, &stands), RF_EFFECT_DONE);
	assert_true(stands);
}

static void retrying_what_may_have_been_sent_sends_it_again(void **state)
{
	struct rig *rig = *state;
	char key[KEY_SIZE];
	bool stands;
	decide(rig, "retry", hold_unknown(rig, key));
	assert_int_equal(state_of(rig, key, &stands), RF_EFFECT_DONE);
	assert_false(stands);
	struct rig_token token = rig_begin(rig, 10 + NOTIFY);
	assert_int_equal(rig_intend(rig, 10 + NOTIFY, token, key, "d1", false, NULL), RF_VERB_GO);
}

static void retrying_what_died_while_it_acted_looks_up_all_the_same(void **state)
{
	struct rig *rig = *state;
	char key[KEY_SIZE];
	rig_join_all(rig);
	const char *id = bring(rig, "a", key);
	for (rf_peer peer = PUBLISH; peer <= 10 + PUBLISH; peer += 10) {
		if (peer != PUBLISH)
			rig_join(rig, peer, 10);
		struct rig_token token = rig_begin(rig, peer);
		assert_int_equal(rig_intend(rig, peer, token, key, "d1", false, NULL),
				 peer == PUBLISH ? RF_VERB_GO : RF_VERB_LOOKUP);
		rig_obituary(rig, peer, SIGSEGV);
	}
	decide(rig, "retry", id);
	rig_join(rig, 20 + PUBLISH, 10);
	struct rig_token token = rig_begin(rig, 20 + PUBLISH);
	assert_int_equal(rig_intend(rig, 20 + PUBLISH, token, key, "d1", false, NULL), RF_VERB_LOOKUP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_effect_that_nobody_began_may_go),
	    TEST(the_intent_is_on_disk_before_go_is_said),
	    TEST(what_stands_there_is_not_put_again),
	    TEST(other_content_goes_to_where_the_old_one_stands),
	    TEST(an_intent_without_a_result_is_looked_up),
	    TEST(an_intent_that_came_to_nothing_is_withdrawn),
	    TEST(only_who_had_go_withdraws_an_intent),
	    TEST(a_lookup_cannot_be_skipped_by_saying_so),
	    TEST(what_a_lookup_finds_is_recorded),
	    TEST(a_lookup_that_finds_older_content_is_followed_by_the_new),
	    TEST(the_result_of_a_superseded_revision_is_not_lost),
	    TEST(a_newer_revision_waits_while_the_older_one_acts),
	    TEST(nobody_is_told_twice_whatever_the_content),
	    TEST(a_result_without_a_start_is_refused),
	    TEST(a_key_of_another_document_is_refused),
	    TEST(an_intent_outlives_the_broker),
	    TEST(releasing_what_may_have_been_sent_counts_it_as_sent),
	    TEST(retrying_what_may_have_been_sent_sends_it_again),
	    TEST(retrying_what_died_while_it_acted_looks_up_all_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
