/* Who pays when a process dies: the document in hand alone. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void only_the_document_in_hand_is_charged(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1"), *b = rig_put(rig, "b", "2");
	rig_begin(rig, INGEST);
	rig_obituary(rig, INGEST, SIGSEGV);
	assert_int_equal(rig_task(rig, a, 1, INGEST).crashes, 1);
	assert_int_equal(rig_task(rig, b, 1, INGEST).crashes, 0);
	assert_int_equal(rig_task(rig, b, 1, INGEST).attempts, 0);
}

static void after_a_crash_a_document_runs_alone(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	rig_begin(rig, INGEST);
	rig_obituary(rig, INGEST, SIGSEGV);
	rig_join(rig, 10, 10);
	const Referat__Wire__Item *work = rig_work(rig, 10);
	assert_string_equal(work->document, a);
	assert_true(work->alone);
	assert_int_equal(work->attempt, 2);
	assert_null(rig_work(rig, 10));
	rig_done(rig, 10, rig_token_of(work));
	assert_false(rig_work(rig, 10)->alone);
}

static void the_second_crash_is_the_end_with_the_evidence(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1");
	rig_begin(rig, INGEST);
	rig_obituary(rig, INGEST, SIGSEGV);
	rig_join(rig, 10, 10);
	rig_begin(rig, 10);
	rig_obituary(rig, 10, SIGSEGV);
	struct rig_task task = rig_task(rig, a, 1, INGEST);
	assert_int_equal(task.state, RF_TASK_DEAD);
	assert_string_equal(task.code, "crash");
	assert_non_null(strstr(task.reason, "signal 11 (SEGV)"));
	assert_non_null(strstr(task.reason, "last words"));
}

static void the_history_keeps_every_attempt(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", rig_put(rig, "a", "1"));
	static const int signals[] = {SIGKILL, SIGSEGV, SIGABRT};
	for (rf_peer peer = 10; peer <= 30; peer += 10) {
		rf_core_lost(rig->core, peer - 10);
		rig_join(rig, peer, 1);
		rig_begin(rig, peer);
		rig_obituary(rig, peer, signals[peer / 10 - 1]);
	}
	const char *json = rig_ask(rig, "show", which, NULL);
	static const char *const attempts[] = {"\"killed\",\"detail\":\"the process was ended by signal 9 (KILL)",
					       "\"crash\",\"detail\":\"the process was ended by signal 11 (SEGV)",
					       "\"dead\",\"detail\":\"the process was ended by signal 6 (ABRT)"};
	for (size_t i = 0; i < RF_COUNT(attempts); i++) {
		json = strstr(json, attempts[i]);
		assert_non_null(json);
	}
}

static void being_killed_is_charged_but_ends_nothing_soon(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1");
	rig_begin(rig, INGEST);
	rig_obituary(rig, INGEST, SIGKILL);
	for (rf_peer peer = 10; peer < 90; peer += 10) {
		rig_join(rig, peer, 1);
		rig_begin(rig, peer);
		rig_obituary(rig, peer, SIGTERM);
	}
	struct rig_task task = rig_task(rig, a, 1, INGEST);
	assert_int_equal(task.kills, 9);
	assert_int_equal(task.crashes, 0);
	assert_int_equal(task.state, RF_TASK_READY);
	rig_join(rig, 100, 1);
	rig_begin(rig, 100);
	rig_obituary(rig, 100, SIGKILL);
	assert_int_equal(rig_task(rig, a, 1, INGEST).state, RF_TASK_DEAD);
}

static void a_silent_peer_loses_what_it_had_not_started_at_once(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, VALIDATE, 10);
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	assert_non_null(rig_work(rig, VALIDATE));
	rig_pass(rig, 4 * RF_SECOND);
	rig_join(rig, 11, 10);
	assert_null(rig_work(rig, 11));
	rig_pass(rig, 2 * RF_SECOND);
	assert_non_null(rig_work(rig, 11));
}

static void what_a_silent_peer_had_started_is_withheld_for_a_while(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	rig_begin(rig, VALIDATE);
	rf_core_lost(rig->core, VALIDATE);
	rig_join(rig, 11, 10);
	assert_null(rig_work(rig, 11));
	rig_pass(rig, 4 * RF_SECOND);
	rig_join(rig, 11, 10);
	assert_null(rig_work(rig, 11));
	rig_pass(rig, 2 * RF_SECOND);
	assert_non_null(rig_work(rig, 11));
	assert_int_equal(rig_task(rig, a, 1, VALIDATE).kills, 1);
	assert_string_equal(rig_task(rig, a, 1, VALIDATE).code, "lost");
}

static void a_peer_that_comes_back_goes_on_with_its_work(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	rf_core_lost(rig->core, INGEST);
	rig_return(rig, INGEST, 10, &token, 1);
	assert_int_equal(rig_done(rig, 10, token), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void somebody_else_cannot_adopt_it(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	rf_core_lost(rig->core, INGEST);
	rig_return(rig, 20, 20, &token, 1);
	assert_non_null(rig_take(rig, 20, RF_VERB_REVOKE));
	assert_int_equal(rig_done(rig, 20, token), REFERAT__WIRE__OUTCOME__STALE);
}

static void after_a_restart_of_the_broker_nobody_is_charged(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *a = rf_strdup(rig_put(rig, "a", "1")), *b = rf_strdup(rig_put(rig, "b", "2"));
	struct rig_token held[2] = {rig_begin(rig, INGEST), rig_token_of(rig_work(rig, INGEST))};
	rig_restart(rig);
	rig_return(rig, INGEST, INGEST, held, 2);
	assert_int_equal(rig_done(rig, INGEST, held[0]), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_done(rig, INGEST, held[1]), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, a, 1, INGEST).kills, 0);
	assert_int_equal(rig_task(rig, b, 1, INGEST).kills, 0);
}

/* Its broker had listed the task as ready before the stage came back with it. */
static void what_a_stage_came_back_with_is_handed_to_nobody_else(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	rig_work(rig, INGEST);
	struct rig_token second = rig_token_of(rig_work(rig, INGEST));
	rig_restart(rig);
	rig_join(rig, 10, 1);
	assert_non_null(rig_work(rig, 10));
	rig_return(rig, INGEST, INGEST, &second, 1);
	rig_credit(rig, 10, 1);
	rig_flush(rig);
	assert_null(rig_work(rig, 10));
	assert_int_equal(rig_done(rig, INGEST, second), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void started_work_waits_for_its_worker_after_a_restart(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_begin(rig, INGEST);
	rig_restart(rig);
	rig_join(rig, 10, 10);
	assert_null(rig_work(rig, 10));
	rig_obituary(rig, INGEST, SIGSEGV);
	const Referat__Wire__Item *work = rig_work(rig, 10);
	assert_true(work->alone);
}

static void a_machine_that_went_down_charges_what_was_in_hand(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *a = rf_strdup(rig_put(rig, "a", "1")), *b = rf_strdup(rig_put(rig, "b", "2"));
	rig_begin(rig, INGEST);
	rig->options.boot_id = "boot-2";
	rig_restart(rig);
	assert_int_equal(rig_task(rig, a, 1, INGEST).crashes, 1);
	assert_int_equal(rig_task(rig, b, 1, INGEST).crashes, 0);
	rig_join(rig, 10, 10);
	assert_true(rig_work(rig, 10)->alone);
}

static void pass_alive(struct rig *rig, rf_peer peer, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		struct rf_message ping = rf_message_make(RF_VERB_PING);
		rig_receive(rig, peer, &ping);
		rig_pass(rig, RF_SECOND);
	}
}

static void work_without_progress_is_taken_back(void **state)
{
	struct rig *rig = *state;
	rig->stages[INGEST].max_runtime_us = 10 * RF_SECOND;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	pass_alive(rig, INGEST, 14);
	struct rf_message extend = rig_answer(RF_VERB_EXTEND, token);
	rig_receive(rig, INGEST, &extend);
	pass_alive(rig, INGEST, 14);
	assert_null(rig_take(rig, INGEST, RF_VERB_REVOKE));
	pass_alive(rig, INGEST, 3);
	assert_non_null(rig_take(rig, INGEST, RF_VERB_REVOKE));
	assert_int_equal(rig_task(rig, a, 1, INGEST).timeouts, 1);
	assert_int_equal(rig_done(rig, INGEST, token), REFERAT__WIRE__OUTCOME__STALE);
}

static void documents_are_read_in_order_after_a_crash(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 1);
	rig_join(rig, 10, 0);
	const char *a = rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	rig_begin(rig, INGEST);
	rf_core_lost(rig->core, INGEST);
	rig_credit(rig, 10, 5);
	assert_null(rig_work(rig, 10));
	rig_obituary(rig, INGEST, SIGKILL);
	assert_string_equal(rig_work(rig, 10)->document, a);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(only_the_document_in_hand_is_charged),
	    TEST(after_a_crash_a_document_runs_alone),
	    TEST(the_second_crash_is_the_end_with_the_evidence),
	    TEST(the_history_keeps_every_attempt),
	    TEST(being_killed_is_charged_but_ends_nothing_soon),
	    TEST(a_silent_peer_loses_what_it_had_not_started_at_once),
	    TEST(what_a_silent_peer_had_started_is_withheld_for_a_while),
	    TEST(a_peer_that_comes_back_goes_on_with_its_work),
	    TEST(somebody_else_cannot_adopt_it),
	    TEST(after_a_restart_of_the_broker_nobody_is_charged),
	    TEST(what_a_stage_came_back_with_is_handed_to_nobody_else),
	    TEST(started_work_waits_for_its_worker_after_a_restart),
	    TEST(a_machine_that_went_down_charges_what_was_in_hand),
	    cmocka_unit_test_setup_teardown(work_without_progress_is_taken_back, rig_setup_unstarted, rig_teardown),
	    TEST(documents_are_read_in_order_after_a_crash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
