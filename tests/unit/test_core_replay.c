/* Replays: a stage and what is behind it run once more, from the parts that were there. */
#include "base/error.h"
#include "base/memory.h"
#include "tests/support/rig.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

static size_t both[] = {RENDER, PUBLISH};
static struct rf_condition when_summary = {(char *)"kind", (char *)"summary"};

/* A document that has been through all stages; what publish put outside has this digest. */
static const char *bring(struct rig *rig, const char *key, const char *digest)
{
	const char *id = rig_put(rig, key, "1");
	for (rf_peer stage = INGEST; stage < PUBLISH; stage++)
		rig_run(rig, stage);
	rf_autofree char *effect = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, effect, digest, false, NULL), RF_VERB_GO);
	rig_done_effect(rig, PUBLISH, token, effect, digest, "42");
	rig_run(rig, NOTIFY);
	return id;
}

/* more: further arguments, each with a comma before it. */
static const char *replay(struct rig *rig, const char *id, const char *from, const char *more)
{
	rf_autofree char *json = rf_format(
	    "{\"documents\":[\"%s\"],\"from\":\"%s\",\"who\":\"anna\",\"reason\":\"new template\"%s}", id, from, more);
	return rig_ask(rig, "replay", json, NULL);
}

static void assert_replayed(const char *answer)
{
	if (!strstr(answer, "\"outcome\":\"replayed\""))
		fail_msg("%s", answer);
}

static void assert_refused(const char *answer, const char *reason)
{
	if (!strstr(answer, "\"outcome\":\"refused\"") || !strstr(answer, reason))
		fail_msg("%s", answer);
}

static struct rf_revision newest(struct rig *rig, const char *id)
{
	struct rf_revision revision;
	assert_int_equal(rf_store_get_revision(rig->store, id, 0, &revision, NULL), 0);
	return revision;
}

/* ---- what runs ----------------------------------------------------------------------------------------------------
 */

static void the_stage_runs_again_and_what_is_behind_it_waits_for_it(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	assert_replayed(replay(rig, id, "render", ""));
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_SUPERSEDED);
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_SUPERSEDED);
	rig_run(rig, PUBLISH);
	rig_run(rig, NOTIFY);
	for (int stage = INGEST; stage <= NOTIFY; stage++)
		assert_int_equal(rig_task(rig, id, 1, stage).state, RF_TASK_DONE);
}

static void the_history_says_who_asked_and_why(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "render", "");
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	const char *shown = rig_ask(rig, "show", which, NULL);
	assert_non_null(strstr(shown, "\"what\":\"replayed\",\"detail\":\"by anna: new template"));
}

static void what_is_dead_or_held_behind_it_runs_again_too(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (rf_peer stage = INGEST; stage < PUBLISH; stage++)
		rig_run(rig, stage);
	struct rf_message fail = rig_answer(RF_VERB_FAIL, rig_begin(rig, PUBLISH));
	rig_say(rig, PUBLISH, &fail);
	rig_credit(rig, PUBLISH, 1);
	assert_replayed(replay(rig, id, "render", ""));
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).failures, 0);
}

/* It is no older than since it was opened again. */
static void an_old_document_is_tried_as_long_as_a_fresh_one(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	rig_pass(rig, 400 * INT64_C(86400) * RF_SECOND);
	rig_join_all(rig);
	assert_replayed(replay(rig, id, "render", ""));
	struct rf_message retry = rig_answer(RF_VERB_RETRY, rig_begin(rig, RENDER));
	rig_say(rig, RENDER, &retry);
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_DELAYED);
}

static void a_join_waits_for_all_that_run_again(void **state)
{
	struct rig *rig = *state;
	rig->from[PUBLISH] = VALIDATE;
	rig->stages[NOTIFY].from = both;
	rig->stages[NOTIFY].n_from = 2;
	rig->stages[NOTIFY].join = true;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (rf_peer stage = INGEST; stage <= NOTIFY; stage++)
		rig_run(rig, stage);
	assert_replayed(replay(rig, id, "validate", ""));
	rig_run(rig, VALIDATE);
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_SUPERSEDED);
	rig_run(rig, PUBLISH);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_READY);
	rig_run(rig, NOTIFY);
	/* One branch alone: the other one is still done. */
	assert_replayed(replay(rig, id, "render", ""));
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_DONE);
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_READY);
}

static void what_when_leaves_out_this_time_is_not_waited_for(void **state)
{
	struct rig *rig = *state;
	rig->stages[PUBLISH].conditions = &when_summary;
	rig->stages[PUBLISH].n_conditions = 1;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, VALIDATE));
	rig_add_attribute(&done, "kind", "summary");
	rig_say(rig, VALIDATE, &done);
	rig_credit(rig, VALIDATE, 1);
	for (rf_peer stage = RENDER; stage <= NOTIFY; stage++)
		rig_run(rig, stage);
	assert_replayed(replay(rig, id, "validate", ""));
	done = rig_answer(RF_VERB_DONE, rig_begin(rig, VALIDATE));
	rig_add_attribute(&done, "kind", "agenda");
	rig_say(rig, VALIDATE, &done);
	rig_run(rig, RENDER);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_SUPERSEDED);
	assert_non_null(strstr(rig_ask(rig, "list", NULL, NULL), "\"status\":\"done\""));
}

static void a_stage_that_is_new_in_the_definition_gets_what_has_been_through(void **state)
{
	struct rig *rig = *state;
	rig->pipeline.n_stages = PUBLISH;
	rig_start_core(rig);
	for (rf_peer stage = INGEST; stage < PUBLISH; stage++)
		rig_join(rig, stage, 10);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	for (rf_peer stage = INGEST; stage < PUBLISH; stage++)
		rig_run(rig, stage);
	rig->pipeline.n_stages = RIG_STAGES;
	rig_restart(rig);
	rig_join_all(rig);
	assert_replayed(replay(rig, id, "publish/web", ""));
	rig_run(rig, PUBLISH);
	assert_true(rig_work(rig, NOTIFY)->quiet);
}

/* ---- what stands outside ------------------------------------------------------------------------------------------
 */

static enum rf_verb publish_again(struct rig *rig, const char *id, const char *digest)
{
	rf_autofree char *effect = rf_format("publish/web:%s", id);
	const Referat__Wire__Effect *answer;
	struct rig_token token = rig_begin(rig, PUBLISH);
	enum rf_verb verb = rig_intend(rig, PUBLISH, token, effect, digest, false, &answer);
	if (verb == RF_VERB_GO)
		assert_string_equal(answer->remote_id, "42");
	return verb;
}

static void what_comes_out_the_same_is_not_published_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "render", "");
	rig_run(rig, RENDER);
	assert_int_equal(publish_again(rig, id, "d1"), RF_VERB_ALREADY);
}

static void what_comes_out_otherwise_is_published_in_its_place(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "render", "");
	rig_run(rig, RENDER);
	assert_int_equal(publish_again(rig, id, "d2"), RF_VERB_GO);
}

static void a_target_is_looked_at_when_the_replay_begins_there(void **state)
{
	struct rig *rig = *state;
	rig->info.has_lookup = true;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "publish/web", "");
	rf_autofree char *effect = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, effect, "d1", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, token, effect, "d1", true, NULL), RF_VERB_GO);
}

static void a_target_that_cannot_be_looked_at_gets_it_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "publish/web", "");
	assert_int_equal(publish_again(rig, id, "d1"), RF_VERB_GO);
}

static void force_publishes_even_what_comes_out_the_same(void **state)
{
	struct rig *rig = *state;
	rig->info.has_lookup = true;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "render", ",\"force\":true");
	rig_run(rig, RENDER);
	assert_int_equal(publish_again(rig, id, "d1"), RF_VERB_GO);
}

/* ---- who is told --------------------------------------------------------------------------------------------------
 */

static void a_replay_tells_nobody(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "publish/web", "");
	rig_run(rig, PUBLISH);
	assert_true(rig_work(rig, NOTIFY)->quiet);
}

static void who_was_still_to_be_told_is_told_after_a_replay(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (rf_peer stage = INGEST; stage < PUBLISH; stage++)
		rig_run(rig, stage);
	struct rf_message fail = rig_answer(RF_VERB_FAIL, rig_begin(rig, PUBLISH));
	rig_say(rig, PUBLISH, &fail);
	rig_credit(rig, PUBLISH, 1);
	assert_replayed(replay(rig, id, "render", ""));
	rig_run(rig, RENDER);
	rig_run(rig, PUBLISH);
	assert_false(rig_work(rig, NOTIFY)->quiet);
	assert_replayed(replay(rig, id, "render", ",\"quiet\":true"));
	assert_true(newest(rig, id).quiet);
}

static void a_newer_revision_is_not_quiet_because_the_older_one_was_replayed(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "render", "");
	rig_put(rig, "a", "2");
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_SUPERSEDED);
	assert_int_equal(rig_task(rig, id, 2, INGEST).state, RF_TASK_READY);
	assert_false(newest(rig, id).quiet);
}

/* ---- the bulk lane ------------------------------------------------------------------------------------------------
 */

static void fresh_documents_go_before_replays(void **state)
{
	struct rig *rig = *state;
	enum { OLD = 6 };
	rig_join_all(rig);
	for (int i = 0; i < OLD; i++) {
		rf_autofree char *key = rf_format("old-%d", i);
		bring(rig, key, "d1");
	}
	assert_replayed(rig_ask(rig, "replay", "{\"all\":true,\"from\":\"render\"}", NULL));
	/* Two are sent beforehand, the others wait in the store. */
	struct rig_token old = rig_token_of(rig_work(rig, RENDER));
	assert_non_null(rig_work(rig, RENDER));
	assert_null(rig_work(rig, RENDER));
	const char *fresh = rig_put(rig, "fresh", "1");
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	const Referat__Wire__Item *next = rig_work(rig, RENDER);
	assert_string_equal(next->document, fresh);
	rig_done(rig, RENDER, rig_token_of(next));
	rig_done(rig, RENDER, old);
	assert_string_not_equal(rig_work(rig, RENDER)->document, fresh);
}

/* Also where a batch of replays had been read from the store before the fresh one came. */
static void a_fresh_document_overtakes_what_was_read_before_it_came(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	for (int i = 0; i < 4; i++) {
		rf_autofree char *key = rf_format("old-%d", i);
		bring(rig, key, "d1");
	}
	rig_ask(rig, "replay", "{\"all\":true,\"from\":\"ingest\"}", NULL);
	struct rig_token first = rig_begin(rig, INGEST);
	rig_begin(rig, INGEST);
	const char *fresh = rig_put(rig, "fresh", "1");
	rig_done(rig, INGEST, first);
	assert_string_equal(rig_work(rig, INGEST)->document, fresh);
}

static void what_is_behind_a_replay_stays_in_its_lane(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "validate", "");
	rig_run(rig, VALIDATE);
	struct rf_task task;
	assert_int_equal(rf_store_find_task(rig->store, id, 1, "render", &task, NULL), 0);
	assert_true(task.priority < 0);
}

static void replays_begin_at_the_rate_asked_for(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	for (int i = 0; i < 3; i++) {
		rf_autofree char *key = rf_format("old-%d", i);
		bring(rig, key, "d1");
	}
	rig_ask(rig, "replay", "{\"all\":true,\"from\":\"render\",\"interval_us\":2000000}", NULL);
	rig_run(rig, RENDER);
	assert_null(rig_work(rig, RENDER));
	assert_non_null(strstr(rig_ask(rig, "status", NULL, NULL), "\"bulk_wait_us\":4000000"));
	rig_pass(rig, 2 * RF_SECOND);
	rig_run(rig, RENDER);
	assert_null(rig_work(rig, RENDER));
	rig_restart(rig);
	rig_join_all(rig);
	assert_null(rig_work(rig, RENDER));
	rig_pass(rig, 2 * RF_SECOND);
	rig_run(rig, RENDER);
}

/* A replay from the target on finds that its page can't be put: the target was busy, or a person has changed it. */
static struct rig_token put_in_vain(struct rig *rig, const char *id, const char *key, enum rf_verb end)
{
	replay(rig, id, "publish/web", "");
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d1", true, NULL), RF_VERB_GO);
	struct rf_message in_vain = rig_answer(RF_VERB_RESULT, token);
	Referat__Wire__Effect *effect = rig_add_effect(&in_vain, key, "d1");
	effect->has_looked_up = effect->looked_up = true;
	rig_say(rig, PUBLISH, &in_vain);
	struct rf_message answer = rig_answer(end, token);
	rig_add_reason(&answer, "target.test", "not now");
	rig_say(rig, PUBLISH, &answer);
	return token;
}

static void a_page_that_could_not_be_put_again_is_still_doubted(void **state)
{
	struct rig *rig = *state;
	rig->info.has_lookup = true;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	rf_autofree char *key = rf_format("publish/web:%s", id);
	put_in_vain(rig, id, key, RF_VERB_RETRY);
	rig_pass(rig, 4 * RF_SECOND);
	struct rig_token again = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, again, key, "d1", false, NULL), RF_VERB_LOOKUP);
	assert_int_equal(rig_intend(rig, PUBLISH, again, key, "d1", true, NULL), RF_VERB_GO);
	rig_done_effect(rig, PUBLISH, again, key, "d1", "43");
}

static void a_person_who_has_it_replaced_gets_that_and_one_who_keeps_it_is_not_asked_again(void **state)
{
	static const char *const commands[] = {"retry", "release"};
	struct rig *rig = *state;
	rig->info.has_lookup = true;
	rig_join_all(rig);
	for (size_t i = 0; i < RF_COUNT(commands); i++) {
		const char *id = bring(rig, commands[i], "d1");
		rf_autofree char *key = rf_format("publish/web:%s", id);
		rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
		put_in_vain(rig, id, key, RF_VERB_HOLD);
		rig_ask(rig, commands[i], which, NULL);
		if (i == 1)
			replay(rig, id, "render", "");
		if (i == 1)
			rig_run(rig, RENDER);
		struct rig_token then = rig_begin(rig, PUBLISH);
		assert_int_equal(rig_intend(rig, PUBLISH, then, key, "d1", false, NULL),
				 i == 0 ? RF_VERB_LOOKUP : RF_VERB_ALREADY);
		rig_done(rig, PUBLISH, then);
	}
}

static void what_has_become_of_documents_that_ran_again_is_told(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	rf_autofree char *question =
	    rf_format("{\"documents\":[\"%s\"],\"since_us\":%lld}", id, (long long)rf_clock_wall(&rig->clock));
	rig_pass(rig, RF_SECOND);
	replay(rig, id, "render", "");
	assert_non_null(strstr(rig_ask(rig, "replayed", question, NULL), "\"status\":\"open\",\"put\":0"));
	rig_run(rig, RENDER);
	rf_autofree char *key = rf_format("publish/web:%s", id);
	struct rig_token token = rig_begin(rig, PUBLISH);
	assert_int_equal(rig_intend(rig, PUBLISH, token, key, "d2", false, NULL), RF_VERB_GO);
	assert_int_equal(rig_done_effect(rig, PUBLISH, token, key, "d2", ""), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_run(rig, NOTIFY);
	assert_non_null(strstr(rig_ask(rig, "replayed", question, NULL), "\"status\":\"published\",\"put\":1"));
	int status = EX_OK;
	rig_ask(rig, "replayed", "{\"documents\":[\"nosuch\"]}", &status);
	assert_int_equal(status, EX_USAGE);
}

static void a_replay_leaves_room_for_fresh_documents(void **state)
{
	struct rig *rig = *state;
	rig->options.most_tasks = 4;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	rig_put(rig, "b", "1");
	rig_put(rig, "c", "1");
	assert_non_null(strstr(replay(rig, id, "render", ""), "\"full\":true"));
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_DONE);
	rig_put(rig, "d", "1");
}

/* ---- which ones ---------------------------------------------------------------------------------------------------
 */

static void describe(struct rig *rig, const char *id, const char *board, const char *day)
{
	struct rf_error error;
	assert_int_equal(rf_store_begin(rig->store, RF_RELAXED, &error), 0);
	assert_int_equal(rf_store_set_attribute(rig->store, id, 1, "board_id", board, &error), 0);
	assert_int_equal(rf_store_set_attribute(rig->store, id, 1, "day", day, &error), 0);
	assert_int_equal(rf_store_commit(rig->store, &error), 0);
}

static void all_can_be_narrowed_to_a_board_and_a_day(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *old = bring(rig, "a", "d1"), *other = bring(rig, "b", "d1"), *meant = bring(rig, "c", "d1");
	describe(rig, old, "ks", "2023-12-31");
	describe(rig, other, "bn", "2024-02-01");
	describe(rig, meant, "ks", "2024-01-01");
	rig_ask(rig, "replay", "{\"all\":true,\"from\":\"render\",\"board\":\"ks\",\"since\":\"2024-01-01\"}", NULL);
	assert_int_equal(rig_task(rig, old, 1, RENDER).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, other, 1, RENDER).state, RF_TASK_DONE);
	assert_int_equal(rig_task(rig, meant, 1, RENDER).state, RF_TASK_READY);
}

static void a_dry_run_changes_nothing(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	assert_replayed(replay(rig, id, "render", ",\"dry_run\":true"));
	assert_int_equal(rig_task(rig, id, 1, RENDER).state, RF_TASK_DONE);
	assert_false(newest(rig, id).quiet);
}

/* ---- refusals -----------------------------------------------------------------------------------------------------
 */

static void a_stage_that_is_not_there_is_told_its_neighbour(void **state)
{
	struct rig *rig = *state;
	int status;
	assert_non_null(strstr(rig_ask(rig, "replay", "{\"all\":true,\"from\":\"rendr\"}", &status),
			       "there is no stage 'rendr'; did you mean 'render'?"));
	assert_int_not_equal(status, 0);
}

static void a_replay_of_telling_is_refused(void **state)
{
	struct rig *rig = *state;
	int status;
	assert_non_null(
	    strstr(rig_ask(rig, "replay", "{\"all\":true,\"from\":\"notify\"}", &status), "a replay tells nobody"));
	assert_int_not_equal(status, 0);
}

static void a_document_that_has_not_come_so_far_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	assert_refused(replay(rig, id, "publish/web", ""), "it has not come as far as publish");
	assert_refused(replay(rig, "nobody", "render", ""), "there is no such document");
}

static void an_erased_document_is_refused(void **state)
{
	struct rig *rig = *state;
	struct rf_error error;
	struct rf_task task;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	assert_int_equal(rf_store_begin(rig->store, RF_RELAXED, &error), 0);
	assert_int_equal(rf_store_find_task(rig->store, id, 1, "render", &task, &error), 0);
	task.state = RF_TASK_ERASED;
	assert_int_equal(rf_store_update_task(rig->store, &task, &error), 0);
	assert_int_equal(rf_store_commit(rig->store, &error), 0);
	assert_refused(replay(rig, id, "render", ""), "it is erased");
}

static void a_document_that_was_given_up_is_refused(void **state)
{
	struct rig *rig = *state;
	int status;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	rf_autofree char *which = rf_format("{\"document\":\"%s\",\"reason\":\"a menu\"}", id);
	rig_ask(rig, "hold", which, &status);
	assert_int_equal(status, 0);
	rig_ask(rig, "delete", which, &status);
	assert_int_equal(status, 0);
	assert_refused(replay(rig, id, "ingest", ""), "it was given up for good");
}

static void a_withdrawn_document_is_refused(void **state)
{
	struct rig *rig = *state;
	int status;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	rf_autofree char *which = rf_format("{\"document\":\"%s\",\"reason\":\"wrong minutes\"}", id);
	rig_ask(rig, "withdraw", which, &status);
	assert_int_equal(status, 0);
	assert_refused(replay(rig, id, "render", ""), "it is withdrawn");
}

static void what_is_in_hand_is_to_be_asked_for_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "render", "");
	struct rig_token token = rig_begin(rig, RENDER);
	const char *answer = replay(rig, id, "validate", "");
	assert_non_null(strstr(answer, "\"outcome\":\"in-hand\",\"reason\":\"it is in hand at render"));
	assert_int_equal(rig_done(rig, RENDER, token), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_replayed(replay(rig, id, "validate", ""));
}

static void what_was_only_sent_to_a_stage_comes_back(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = bring(rig, "a", "d1");
	replay(rig, id, "publish/web", "");
	struct rig_token sent = rig_token_of(rig_work(rig, PUBLISH));
	assert_replayed(replay(rig, id, "validate", ""));
	assert_non_null(rig_take(rig, PUBLISH, RF_VERB_REVOKE));
	assert_int_equal(rig_done(rig, PUBLISH, sent), REFERAT__WIRE__OUTCOME__STALE);
	assert_int_equal(rig_task(rig, id, 1, PUBLISH).state, RF_TASK_SUPERSEDED);
}

#define TEST(name)     cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
#define OWN_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_stage_runs_again_and_what_is_behind_it_waits_for_it),
	    TEST(the_history_says_who_asked_and_why),
	    TEST(what_is_dead_or_held_behind_it_runs_again_too),
	    TEST(an_old_document_is_tried_as_long_as_a_fresh_one),
	    OWN_TEST(a_join_waits_for_all_that_run_again),
	    OWN_TEST(what_when_leaves_out_this_time_is_not_waited_for),
	    OWN_TEST(a_stage_that_is_new_in_the_definition_gets_what_has_been_through),
	    TEST(what_comes_out_the_same_is_not_published_again),
	    TEST(what_comes_out_otherwise_is_published_in_its_place),
	    TEST(a_target_is_looked_at_when_the_replay_begins_there),
	    TEST(a_target_that_cannot_be_looked_at_gets_it_again),
	    TEST(force_publishes_even_what_comes_out_the_same),
	    TEST(a_replay_tells_nobody),
	    TEST(who_was_still_to_be_told_is_told_after_a_replay),
	    TEST(a_newer_revision_is_not_quiet_because_the_older_one_was_replayed),
	    TEST(fresh_documents_go_before_replays),
	    TEST(a_fresh_document_overtakes_what_was_read_before_it_came),
	    TEST(what_is_behind_a_replay_stays_in_its_lane),
	    TEST(replays_begin_at_the_rate_asked_for),
	    TEST(a_page_that_could_not_be_put_again_is_still_doubted),
	    TEST(a_person_who_has_it_replaced_gets_that_and_one_who_keeps_it_is_not_asked_again),
	    TEST(what_has_become_of_documents_that_ran_again_is_told),
	    OWN_TEST(a_replay_leaves_room_for_fresh_documents),
	    TEST(all_can_be_narrowed_to_a_board_and_a_day),
	    TEST(a_dry_run_changes_nothing),
	    TEST(a_stage_that_is_not_there_is_told_its_neighbour),
	    TEST(a_replay_of_telling_is_refused),
	    TEST(a_document_that_has_not_come_so_far_is_refused),
	    TEST(an_erased_document_is_refused),
	    TEST(a_document_that_was_given_up_is_refused),
	    TEST(a_withdrawn_document_is_refused),
	    TEST(what_is_in_hand_is_to_be_asked_for_again),
	    TEST(what_was_only_sent_to_a_stage_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
