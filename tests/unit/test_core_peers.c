/* Peers that come, go, and misbehave. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

static struct rf_message *hear_error(struct rig *rig, rf_peer peer, const char *code)
{
	rig_flush(rig);
	struct rf_message *error = rig_take(rig, peer, RF_VERB_ERROR);
	if (error)
		assert_string_equal(error->header->error->code, code);
	return error;
}

static void who_says_no_hello_is_told_once(void **state)
{
	struct rig *rig = *state;
	rig_credit(rig, 7, 1);
	assert_non_null(hear_error(rig, 7, "hello-first"));
	rig_credit(rig, 7, 1);
	assert_null(hear_error(rig, 7, "hello-first"));
}

static void garbage_is_answered_once_and_then_ignored_until_hello(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_core_reject(rig->core, VALIDATE, "malformed", "no message");
	rf_core_reject(rig->core, VALIDATE, "malformed", "no message");
	assert_non_null(hear_error(rig, VALIDATE, "malformed"));
	assert_null(hear_error(rig, VALIDATE, "malformed"));
	struct rf_message ping = rf_message_make(RF_VERB_PING);
	rig_receive(rig, VALIDATE, &ping);
	rig_flush(rig);
	assert_null(rig_take(rig, VALIDATE, RF_VERB_PONG));
	rig_join(rig, VALIDATE, 1);
}

static void garbage_costs_a_peer_its_work(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 1);
	rig_put(rig, "a", "1");
	assert_non_null(rig_work(rig, INGEST));
	rig_join(rig, 10, 1);
	rf_core_reject(rig->core, INGEST, "malformed", "no message");
	assert_non_null(rig_work(rig, 10));
}

static void an_unknown_stage_is_refused(void **state)
{
	struct rig *rig = *state;
	struct rf_message hello = rig_hello_message("stage", "publish/cms", "x");
	rig_receive(rig, 7, &hello);
	assert_non_null(hear_error(rig, 7, "unknown-stage"));
}

static void a_peer_of_another_version_is_refused(void **state)
{
	struct rig *rig = *state;
	struct rf_message hello = rig_hello_message("stage", "ingest", "x");
	hello.header->hello->version_min = hello.header->hello->version_max = 2;
	rig_receive(rig, 7, &hello);
	assert_non_null(hear_error(rig, 7, "version"));
}

static void an_instance_that_could_forge_the_journal_is_refused(void **state)
{
	struct rig *rig = *state;
	struct rf_message hello = rig_hello_message("stage", "ingest", "x\n-1");
	rig_receive(rig, 7, &hello);
	assert_non_null(hear_error(rig, 7, "malformed"));
}

static void a_stage_does_not_speak_for_the_supervisor(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	struct rf_message obituary = rf_message_make(RF_VERB_OBITUARY);
	rig_receive(rig, VALIDATE, &obituary);
	assert_non_null(hear_error(rig, VALIDATE, "malformed"));
}

static void only_ingest_puts_documents_in(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	struct rf_message put = rf_message_make(RF_VERB_PUT);
	rf_message_add_item(&put)->source_key = rf_strdup("a");
	rig_add_part(&put, "source", "1");
	assert_int_equal(rig_say(rig, VALIDATE, &put), REFERAT__WIRE__OUTCOME__REFUSED);
}

static void a_put_without_its_key_or_part_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	struct rf_message put = rf_message_make(RF_VERB_PUT);
	rf_message_add_item(&put);
	rig_add_part(&put, "source", "1");
	rf_message_add_item(&put)->source_key = rf_strdup("a");
	rf_message_add_item(&put)->source_key = rf_strdup("a");
	rig_add_part(&put, "document", "1");
	rf_message_add_item(&put)->source_key = rf_strdup("good");
	rig_add_part(&put, "source", "1");
	rig_receive(rig, INGEST, &put);
	rig_flush(rig);
	struct rf_message *ack = rig_take(rig, INGEST, RF_VERB_ACK);
	assert_int_equal(ack->header->n_items, 4);
	for (int i = 0; i < 3; i++)
		assert_int_equal(ack->header->items[i]->outcome, REFERAT__WIRE__OUTCOME__REFUSED);
	assert_int_equal(ack->header->items[3]->outcome, REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void items_of_a_round_are_bundled(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 40);
	for (int i = 0; i < 20; i++) {
		rf_autofree char *key = rf_format("%d", i);
		struct rf_message put = rf_message_make(RF_VERB_PUT);
		rf_message_add_item(&put)->source_key = rf_strdup(key);
		rig_add_part(&put, "source", key);
		rig_receive(rig, INGEST, &put);
	}
	rig_flush(rig);
	assert_int_equal(rig_take(rig, INGEST, RF_VERB_ACK)->header->n_items, 16);
	assert_int_equal(rig_take(rig, INGEST, RF_VERB_ACK)->header->n_items, 4);
	assert_int_equal(rig_take(rig, INGEST, RF_VERB_WORK)->header->n_items, 16);
	assert_int_equal(rig_take(rig, INGEST, RF_VERB_WORK)->header->n_items, 4);
}

static void work_is_spread(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 10);
	rig_join(rig, 10, 10);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	assert_non_null(rig_work(rig, INGEST));
	assert_non_null(rig_work(rig, 10));
}

static void a_serial_plugin_runs_in_one_process_at_a_time(void **state)
{
	struct rig *rig = *state;
	rig->info.capabilities = REFERAT_SERIAL;
	rig_start_core(rig);
	rig_join(rig, INGEST, 1);
	rig_join(rig, 10, 10);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	int handed = (rig_work(rig, INGEST) ? 1 : 0) + (rig_work(rig, 10) ? 2 : 0);
	assert_true(handed == 1 || handed == 2);
}

static void who_leaves_is_handed_nothing_more(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 1);
	rig_put(rig, "a", "1");
	assert_non_null(rig_work(rig, INGEST));
	rig_join(rig, 10, 1);
	struct rf_message drain = rf_message_make(RF_VERB_DRAIN), bye = rf_message_make(RF_VERB_BYE);
	rig_receive(rig, INGEST, &drain);
	rig_receive(rig, INGEST, &bye);
	assert_non_null(rig_work(rig, 10));
}

static void draining_asks_all_and_takes_nothing_new(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	assert_false(rf_core_is_idle(rig->core));
	rf_core_drain(rig->core);
	assert_int_equal(rig_put_item(rig, "a", "1")->outcome, REFERAT__WIRE__OUTCOME__FULL);
	for (rf_peer stage = INGEST; stage <= NOTIFY; stage++) {
		assert_non_null(rig_take(rig, stage, RF_VERB_DRAIN));
		struct rf_message bye = rf_message_make(RF_VERB_BYE);
		rig_receive(rig, stage, &bye);
	}
	rig_flush(rig);
	assert_true(rf_core_is_idle(rig->core));
}

static void the_stage_learns_its_options(void **state)
{
	struct rig *rig = *state;
	rig->stages[PUBLISH].on_unknown = RF_UNKNOWN_SKIP;
	rig_start_core(rig);
	struct rf_message hello = rig_hello_message("stage", "publish/web", "x");
	rig_receive(rig, PUBLISH, &hello);
	rig_flush(rig);
	const Referat__Wire__Welcome *welcome = rig_take(rig, PUBLISH, RF_VERB_WELCOME)->header->welcome;
	assert_int_equal(welcome->epoch, 1);
	assert_string_equal(welcome->stage->name, "publish/web");
	assert_string_equal(welcome->stage->plugins[0]->name, "target.test");
	assert_string_equal(welcome->stage->on_unknown, "skip");
	assert_true(welcome->lease_us > rig->stages[PUBLISH].max_runtime_us);
}

static void a_source_says_when_it_has_caught_up(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	struct rf_message ping = rf_message_make(RF_VERB_PING);
	ping.header->has_caught_up = ping.header->caught_up = true;
	rig_receive(rig, INGEST, &ping);
	assert_non_null(strstr(rig_ask(rig, "status", NULL, NULL), "\"caught_up\":true"));
}

static void a_question_that_is_none_is_answered_with_usage(void **state)
{
	struct rig *rig = *state;
	int status;
	rig_ask(rig, "make-coffee", NULL, &status);
	assert_int_equal(status, EX_USAGE);
	rig_ask(rig, "show", "[]", &status);
	assert_int_equal(status, EX_USAGE);
	rig_ask(rig, "show", "{\"document\":\"none\"}", &status);
	assert_int_equal(status, EX_USAGE);
}

#define TEST(name)     cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
#define OWN_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_says_no_hello_is_told_once),
	    TEST(garbage_is_answered_once_and_then_ignored_until_hello),
	    TEST(garbage_costs_a_peer_its_work),
	    TEST(an_unknown_stage_is_refused),
	    TEST(a_peer_of_another_version_is_refused),
	    TEST(an_instance_that_could_forge_the_journal_is_refused),
	    TEST(a_stage_does_not_speak_for_the_supervisor),
	    TEST(only_ingest_puts_documents_in),
	    TEST(a_put_without_its_key_or_part_is_refused),
	    TEST(items_of_a_round_are_bundled),
	    TEST(work_is_spread),
	    OWN_TEST(a_serial_plugin_runs_in_one_process_at_a_time),
	    TEST(who_leaves_is_handed_nothing_more),
	    TEST(draining_asks_all_and_takes_nothing_new),
	    OWN_TEST(the_stage_learns_its_options),
	    TEST(a_source_says_when_it_has_caught_up),
	    TEST(a_question_that_is_none_is_answered_with_usage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
