/* What happens because time passes: retries, embargoes, destinations that fail. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <malloc.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define YEAR_US (INT64_C(365) * 86400 * RF_SECOND)

static void retry(struct rig *rig, rf_peer peer, struct rig_token token)
{
	struct rf_message message = rig_answer(RF_VERB_RETRY, token);
	rig_add_reason(&message, "http-503", "busy");
	assert_int_equal(rig_say(rig, peer, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, peer, 1);
}

static void yield_until(struct rig *rig, rf_peer peer, struct rig_token token, int64_t due_us)
{
	struct rf_message message = rig_answer(RF_VERB_RETRY, token);
	Referat__Wire__Item *item = message.header->items[0];
	item->has_yield = item->yield = true;
	item->destination = rf_strdup("cms.exempelby.se");
	item->has_due = due_us > 0;
	item->due = due_us;
	assert_int_equal(rig_say(rig, peer, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, peer, 1);
}

static void yield(struct rig *rig, rf_peer peer, struct rig_token token)
{
	yield_until(rig, peer, token, 0);
}

static void a_retry_comes_back_after_a_delay(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	struct rig_task task = rig_task(rig, id, 1, INGEST);
	assert_int_equal(task.state, RF_TASK_DELAYED);
	assert_int_equal(task.failures, 1);
	assert_true(task.due_us > rig->clock.wall_us && task.due_us <= rig->clock.wall_us + RF_SECOND);
	assert_null(rig_work(rig, INGEST));
	rig_pass(rig, RF_SECOND);
	assert_int_equal(rig_work(rig, INGEST)->attempt, 2);
}

static void what_waits_for_its_time_is_not_charged(void **state)
{
	struct rig *rig = *state;
	rig->stages[INGEST].max_age_us = RF_SECOND;
	rig->stages[INGEST].max_failures = 1;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (int i = 0; i < 3; i++) {
		struct rf_message message = rig_answer(RF_VERB_RETRY, rig_begin(rig, INGEST));
		Referat__Wire__Item *item = message.header->items[0];
		item->has_waits = item->waits = item->has_due = true;
		item->due = rig->clock.wall_us + 3600 * RF_SECOND;
		rig_add_reason(&message, "target.x", "shown at ten");
		assert_int_equal(rig_say(rig, INGEST, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
		rig_credit(rig, INGEST, 1);
		struct rig_task task = rig_task(rig, id, 1, INGEST);
		assert_int_equal(task.state, RF_TASK_DELAYED);
		assert_int_equal(task.failures, 0);
		assert_int_equal(task.due_us, rig->clock.wall_us + 3600 * RF_SECOND);
		rig_pass(rig, 3599 * RF_SECOND);
		assert_null(rig_work(rig, INGEST));
		rig_pass(rig, RF_SECOND);
	}
}

static void a_wait_has_an_end(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message message = rig_answer(RF_VERB_RETRY, rig_begin(rig, INGEST));
	Referat__Wire__Item *item = message.header->items[0];
	item->has_waits = item->waits = item->has_due = true;
	item->due = INT64_MAX;
	assert_int_equal(rig_say(rig, INGEST, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_true(rig_task(rig, id, 1, INGEST).due_us <= rig->clock.wall_us + INT64_C(366) * 86400 * RF_SECOND);
}

static void a_document_is_not_retried_for_ever(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (int i = 0; i < 3; i++) {
		retry(rig, INGEST, rig_begin(rig, INGEST));
		assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DELAYED);
		rig_pass(rig, 4 * RF_SECOND);
	}
	retry(rig, INGEST, rig_begin(rig, INGEST));
	struct rig_task task = rig_task(rig, id, 1, INGEST);
	assert_int_equal(task.state, RF_TASK_DEAD);
	assert_string_equal(task.code, "http-503");
}

static void a_document_is_given_up_when_it_failed_for_max_age(void **state)
{
	struct rig *rig = *state;
	rig->stages[INGEST].max_age_us = 10 * RF_SECOND;
	rig->stages[INGEST].max_failures = 1000;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	for (int i = 0; i < 2; i++) {
		rig_pass(rig, 4 * RF_SECOND);
		retry(rig, INGEST, rig_begin(rig, INGEST));
		assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DELAYED);
	}
	rig_pass(rig, 4 * RF_SECOND);
	retry(rig, INGEST, rig_begin(rig, INGEST));
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DEAD);
}

static void what_it_waited_before_it_failed_is_not_counted(void **state)
{
	struct rig *rig = *state;
	rig->stages[INGEST].max_age_us = 10 * RF_SECOND;
	rig_start_core(rig);
	rig_join(rig, INGEST, 0);
	const char *id = rig_put(rig, "a", "1");
	rig_pass(rig, 100 * RF_SECOND);
	rig_join(rig, INGEST, 10);
	for (int i = 0; i < 2; i++) {
		retry(rig, INGEST, rig_begin(rig, INGEST));
		assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DELAYED);
		rig_pass(rig, 4 * RF_SECOND);
	}
}

static void a_clean_sheet_is_clean_of_age_too(void **state)
{
	struct rig *rig = *state;
	rig->stages[INGEST].max_age_us = 10 * RF_SECOND;
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	rig_pass(rig, 100 * RF_SECOND);
	retry(rig, INGEST, rig_begin(rig, INGEST));
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DEAD);
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	rig_ask(rig, "retry", which, NULL);
	for (int i = 0; i < 2; i++) {
		retry(rig, INGEST, rig_begin(rig, INGEST));
		assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DELAYED);
		rig_pass(rig, 4 * RF_SECOND);
	}
}

static void a_clock_that_jumps_ahead_ends_no_lease_and_charges_nobody(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	rig->clock.wall_us += YEAR_US;
	rig_pass(rig, RF_SECOND);
	assert_null(rig_take(rig, INGEST, RF_VERB_REVOKE));
	assert_int_equal(rig_done(rig, INGEST, token), REFERAT__WIRE__OUTCOME__ACCEPTED);
	struct rig_task task = rig_task(rig, id, 1, INGEST);
	assert_int_equal(task.timeouts + task.kills + task.crashes, 0);
}

static void a_clock_that_jumps_back_delays_no_retry(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	rig->clock.wall_us -= YEAR_US;
	rig_pass(rig, RF_SECOND);
	assert_non_null(rig_work(rig, INGEST));
}

static void a_retry_comes_due_where_the_wall_clock_stands_still(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	int64_t wall_us = rig->clock.wall_us;
	rig_pass(rig, RF_SECOND);
	rig->clock.wall_us = wall_us;
	assert_non_null(rig_work(rig, INGEST));
}

static void a_delay_outlives_the_broker(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	rig_restart(rig);
	rig_join(rig, INGEST, 10);
	assert_null(rig_work(rig, INGEST));
	rig_pass(rig, RF_SECOND);
	assert_non_null(rig_work(rig, INGEST));
}

static void put_until(struct rig *rig, const char *key, int64_t due_us)
{
	struct rf_message put = rf_message_make(RF_VERB_PUT);
	Referat__Wire__Item *item = rf_message_add_item(&put);
	item->source_key = rf_strdup(key);
	item->has_due = true;
	item->due = due_us;
	rig_add_part(&put, "source", "1");
	assert_int_equal(rig_say(rig, INGEST, &put), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

/* The broker is not there while the clock is set. */
static void set_clock_and_restart(struct rig *rig, int64_t by_us)
{
	rig->clock.wall_us += by_us;
	rig_restart(rig);
	rig_join_all(rig);
}

static void a_retry_of_a_clock_that_ran_ahead_comes_when_it_is_set_back(void **state)
{
	struct rig *rig = *state;
	set_clock_and_restart(rig, 10 * YEAR_US);
	rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	set_clock_and_restart(rig, -10 * YEAR_US);
	assert_null(rig_work(rig, INGEST));
	rig_pass(rig, RF_SECOND);
	assert_non_null(rig_work(rig, INGEST));
}

static void so_does_one_that_was_written_after_it_was_set_back_under_a_broker_that_ran(void **state)
{
	struct rig *rig = *state;
	set_clock_and_restart(rig, 10 * YEAR_US);
	rig->clock.wall_us -= 10 * YEAR_US;
	rig_put(rig, "a", "1");
	retry(rig, INGEST, rig_begin(rig, INGEST));
	rig_restart(rig);
	rig_join_all(rig);
	rig_pass(rig, RF_SECOND);
	assert_non_null(rig_work(rig, INGEST));
}

static void an_embargo_stays_when_the_clock_is_set_back(void **state)
{
	struct rig *rig = *state;
	int64_t right_us = rig->clock.wall_us;
	set_clock_and_restart(rig, YEAR_US);
	put_until(rig, "a", right_us + 2 * YEAR_US);
	set_clock_and_restart(rig, -YEAR_US);
	rig_pass(rig, YEAR_US);
	rig_join_all(rig);
	assert_null(rig_work(rig, INGEST));
	rig_pass(rig, YEAR_US);
	rig_join_all(rig);
	assert_non_null(rig_work(rig, INGEST));
}

static void a_document_under_embargo_waits(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	put_until(rig, "a", rig->clock.wall_us + 4 * RF_SECOND);
	rig_pass(rig, 3 * RF_SECOND);
	assert_null(rig_work(rig, INGEST));
	rig_pass(rig, RF_SECOND);
	assert_non_null(rig_work(rig, INGEST));
}

static void a_failing_destination_charges_no_document(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	yield(rig, INGEST, rig_begin(rig, INGEST));
	assert_int_equal(rig_task(rig, a, 1, INGEST).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, a, 1, INGEST).failures, 0);
	assert_non_null(rig_take(rig, INGEST, RF_VERB_REVOKE));
}

static void a_failing_destination_is_tried_with_one_document(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	yield(rig, INGEST, rig_begin(rig, INGEST));
	assert_non_null(rig_take(rig, INGEST, RF_VERB_WORK)); /* b, revoked since */
	assert_null(rig_work(rig, INGEST));
	rig_pass(rig, RF_SECOND);
	struct rig_token probe = rig_begin(rig, INGEST);
	assert_null(rig_work(rig, INGEST));
	rig_done(rig, INGEST, probe);
	assert_non_null(rig_work(rig, INGEST));
}

/* Heartbeats meanwhile, so that nobody is taken for gone. */
static void pass_seconds(struct rig *rig, int seconds)
{
	for (int i = 0; i < seconds; i += 4) {
		rig_pass(rig, 4 * RF_SECOND);
		struct rf_message ping = rf_message_make(RF_VERB_PING);
		rig_receive(rig, INGEST, &ping);
	}
}

static void a_probe_that_fails_waits_longer(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (int i = 0; i < 8; i++) {
		yield(rig, INGEST, rig_begin(rig, INGEST));
		pass_seconds(rig, 64);
	}
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, id, 1, INGEST).failures, 0);
}

static void a_destination_that_asks_for_a_pause_gets_it(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	yield_until(rig, INGEST, rig_begin(rig, INGEST), rig->clock.wall_us + 600 * RF_SECOND);
	pass_seconds(rig, 596);
	assert_null(rig_work(rig, INGEST));
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	assert_non_null(strstr(rig_ask(rig, "why", which, NULL), "\"asked\":true"));
	pass_seconds(rig, 8);
	assert_non_null(rig_work(rig, INGEST));
}

static void a_destination_that_a_person_has_mended_is_tried_at_once(void **state)
{
	static const char ingest[] = "{\"stage\":\"ingest\",\"who\":\"anna\"}";
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "1");
	yield_until(rig, INGEST, rig_begin(rig, INGEST), rig->clock.wall_us + 600 * RF_SECOND);
	assert_non_null(rig_take(rig, INGEST, RF_VERB_WORK)); /* b, revoked since */
	assert_null(rig_work(rig, INGEST));
	assert_non_null(strstr(rig_ask(rig, "resume", ingest, NULL), "\"tried\":true"));
	struct rig_token probe = rig_begin(rig, INGEST);
	assert_null(rig_work(rig, INGEST)); /* one shows whether it works */
	rig_done(rig, INGEST, probe);
	assert_non_null(rig_work(rig, INGEST));
	int status = 0;
	assert_non_null(strstr(rig_ask(rig, "resume", ingest, &status), "its destination works"));
	assert_int_not_equal(status, 0);
}

static void a_pause_that_makes_no_sense_is_an_hour(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	yield_until(rig, INGEST, rig_begin(rig, INGEST), rig->clock.wall_us + YEAR_US);
	pass_seconds(rig, 3596);
	assert_null(rig_work(rig, INGEST));
	pass_seconds(rig, 8);
	assert_non_null(rig_work(rig, INGEST));
}

static void a_destination_that_is_down_stops_no_other_stage(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	rig_run(rig, INGEST);
	yield(rig, VALIDATE, rig_begin(rig, VALIDATE));
	rig_run(rig, INGEST);
	assert_null(rig_work(rig, VALIDATE));
}

/* Bytes that the allocator has given out, without SQLite's, whose cache has a bound of its own. */
static int64_t memory_in_use(void)
{
	struct mallinfo2 memory = mallinfo2();
	return (int64_t)(memory.uordblks + memory.hblkhd) - sqlite3_memory_used();
}

static void put_many(struct rig *rig, unsigned from, unsigned n)
{
	for (unsigned i = from; i < from + n; i++) {
		rf_autofree char *key = rf_format("document-%u", i);
		rig_put(rig, key, "Protokoll");
		rig_run(rig, INGEST);
		rig_forget_sent(rig);
	}
}

/* What nobody asks for is not kept in memory. */
static void let_the_desk_be_cleared(struct rig *rig, unsigned from)
{
	for (unsigned i = from; i < from + 2; i++) {
		put_many(rig, i, 1);
		rig_pass(rig, RF_SECOND);
	}
}

static void a_destination_that_is_down_costs_no_memory_for_what_waits_for_it(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 10);
	rig_join(rig, VALIDATE, 10);
	rig_put(rig, "first", "Protokoll");
	rig_run(rig, INGEST);
	yield(rig, VALIDATE, rig_begin(rig, VALIDATE));
	put_many(rig, 0, 500);
	let_the_desk_be_cleared(rig, 500);
	int64_t before = memory_in_use();
	put_many(rig, 502, 1000);
	let_the_desk_be_cleared(rig, 1502);
	assert_true(memory_in_use() - before < 64 * 1024);
}

#define TEST(name)           cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
#define UNSTARTED_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_retry_comes_back_after_a_delay),
	    UNSTARTED_TEST(what_waits_for_its_time_is_not_charged),
	    TEST(a_wait_has_an_end),
	    TEST(a_document_is_not_retried_for_ever),
	    UNSTARTED_TEST(a_document_is_given_up_when_it_failed_for_max_age),
	    UNSTARTED_TEST(what_it_waited_before_it_failed_is_not_counted),
	    UNSTARTED_TEST(a_clean_sheet_is_clean_of_age_too),
	    TEST(a_clock_that_jumps_ahead_ends_no_lease_and_charges_nobody),
	    TEST(a_clock_that_jumps_back_delays_no_retry),
	    TEST(a_retry_comes_due_where_the_wall_clock_stands_still),
	    TEST(a_delay_outlives_the_broker),
	    TEST(a_retry_of_a_clock_that_ran_ahead_comes_when_it_is_set_back),
	    TEST(so_does_one_that_was_written_after_it_was_set_back_under_a_broker_that_ran),
	    TEST(an_embargo_stays_when_the_clock_is_set_back),
	    TEST(a_document_under_embargo_waits),
	    TEST(a_failing_destination_charges_no_document),
	    TEST(a_failing_destination_is_tried_with_one_document),
	    TEST(a_probe_that_fails_waits_longer),
	    TEST(a_destination_that_asks_for_a_pause_gets_it),
	    TEST(a_destination_that_a_person_has_mended_is_tried_at_once),
	    TEST(a_pause_that_makes_no_sense_is_an_hour),
	    TEST(a_destination_that_is_down_stops_no_other_stage),
	    TEST(a_destination_that_is_down_costs_no_memory_for_what_waits_for_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
