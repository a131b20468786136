/* What the broker promises about documents: durable yes, once, never lost, exactly counted. */
#include "base/memory.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

static void a_document_passes_all_stages(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "folder:april.txt", "Protokoll");
	assert_int_equal(strlen(id), 12);
	for (rf_peer stage = INGEST; stage <= NOTIFY; stage++) {
		assert_int_equal(rig_task(rig, id, 1, (int)stage).state, RF_TASK_READY);
		rig_run(rig, stage);
		assert_int_equal(rig_task(rig, id, 1, (int)stage).state, RF_TASK_DONE);
	}
}

static void work_carries_what_the_stage_needs(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "folder:april.txt", "Protokoll");
	const Referat__Wire__Item *work = rig_work(rig, INGEST);
	assert_string_equal(work->document, id);
	assert_int_equal(work->revision, 1);
	assert_int_equal(work->attempt, 1);
	assert_false(work->alone);
	assert_int_equal(work->n_parts, 1);
	assert_string_equal(work->parts[0]->name, "source");
	assert_int_equal(work->parts[0]->size, strlen("Protokoll"));
	assert_string_equal(work->source_key, "folder:april.txt");
}

static void the_same_bytes_from_the_same_source_do_nothing(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "folder:april.txt", "Protokoll");
	const Referat__Wire__Item *again = rig_put_item(rig, "folder:april.txt", "Protokoll");
	assert_int_equal(again->outcome, REFERAT__WIRE__OUTCOME__DUPLICATE);
	assert_string_equal(again->document, id);
	assert_int_equal(again->revision, 1);
}

static void ids_depend_on_the_source_alone(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *first = rig_put(rig, "folder:april.txt", "Protokoll");
	const char *second = rig_put(rig, "folder:maj.txt", "Protokoll");
	assert_string_not_equal(first, second);
	assert_string_equal(first, "tfolsmlji7dy");
}

static void a_late_answer_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "folder:april.txt", "Protokoll");
	struct rig_token token = rig_begin(rig, INGEST);
	assert_int_equal(rig_done(rig, INGEST, token), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_done(rig, INGEST, token), REFERAT__WIRE__OUTCOME__STALE);
}

static void an_answer_of_somebody_else_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "folder:april.txt", "Protokoll");
	struct rig_token token = rig_begin(rig, INGEST);
	assert_int_equal(rig_done(rig, VALIDATE, token), REFERAT__WIRE__OUTCOME__STALE);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_READY);
}

static void work_stays_within_the_credit(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 2);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	rig_put(rig, "c", "3");
	assert_non_null(rig_work(rig, INGEST));
	assert_non_null(rig_work(rig, INGEST));
	assert_null(rig_work(rig, INGEST));
	rig_credit(rig, INGEST, 1);
	assert_non_null(rig_work(rig, INGEST));
}

static void work_stays_within_the_credit_of_bytes(void **state)
{
	struct rig *rig = *state;
	enum { SIZE = 600 * 1000 };
	rf_autofree char *bytes = rf_alloc(SIZE + 1);
	memset(bytes, 'x', SIZE);
	rig_join(rig, INGEST, 1); /* and 1 MiB */
	for (int i = 0; i < 4; i++) {
		bytes[0] = (char)('0' + i);
		rf_autofree char *key = rf_format("document-%d", i);
		rig_put(rig, key, bytes);
	}
	assert_non_null(rig_work(rig, INGEST));
	struct rf_message message = rf_message_make(RF_VERB_CREDIT);
	message.header->credit = rf_alloc(sizeof *message.header->credit);
	referat__wire__credit__init(message.header->credit);
	message.header->credit->has_tasks = true;
	message.header->credit->tasks = 10;
	rig_receive(rig, INGEST, &message);
	assert_null(rig_work(rig, INGEST));
	rig_credit(rig, INGEST, 1);
	assert_non_null(rig_work(rig, INGEST));
	assert_non_null(rig_work(rig, INGEST));
	assert_null(rig_work(rig, INGEST));
}

static void what_waited_is_handed_out_after_a_restart(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 1);
	const char *id = rig_put(rig, "a", "1");
	rf_autofree char *kept = rf_strdup(id);
	rig_restart(rig);
	rig_join(rig, INGEST, 1);
	assert_string_equal(rig_work(rig, INGEST)->document, kept);
}

static void a_full_store_refuses_new_documents_and_finishes_old_ones(void **state)
{
	struct rig *rig = *state;
	rig->options.most_tasks = 1;
	rig_start_core(rig);
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	const Referat__Wire__Item *ack = rig_put_item(rig, "b", "2");
	assert_int_equal(ack->outcome, REFERAT__WIRE__OUTCOME__FULL);
	assert_true(ack->due > rig->clock.wall_us);
	for (rf_peer stage = INGEST; stage <= NOTIFY; stage++)
		rig_run(rig, stage);
	assert_int_equal(rig_put_item(rig, "b", "2")->outcome, REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void a_full_disk_refuses_new_documents(void **state)
{
	struct rig *rig = *state;
	rig->options.least_free = UINT64_MAX;
	rig_start_core(rig);
	rig_join_all(rig);
	assert_int_equal(rig_put_item(rig, "a", "1")->outcome, REFERAT__WIRE__OUTCOME__FULL);
}

static void a_blob_that_is_not_there_is_refused(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	struct rf_message put = rf_message_make(RF_VERB_PUT);
	rf_message_add_item(&put)->source_key = rf_strdup("a");
	Referat__Wire__Part *part = rf_message_add_part(&put, "source", "text/plain", (struct rf_frame){0});
	part->blob = rf_strdup("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	part->has_sha256 = true;
	free(part->sha256.data);
	part->sha256 = (ProtobufCBinaryData){RF_DIGEST_SIZE, rf_alloc(RF_DIGEST_SIZE)};
	assert_int_equal(rig_say(rig, INGEST, &put), REFERAT__WIRE__OUTCOME__REFUSED);
}

static void a_held_task_keeps_its_parts_and_waits_for_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	struct rf_message hold = rig_answer(RF_VERB_HOLD, rig_begin(rig, VALIDATE));
	rig_add_part(&hold, "findings", "något");
	rig_add_reason(&hold, "findings", "Nämnden saknas.");
	assert_int_equal(rig_say(rig, VALIDATE, &hold), REFERAT__WIRE__OUTCOME__ACCEPTED);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_HELD);
	assert_string_equal(rig_task(rig, id, 1, VALIDATE).reason, "Nämnden saknas.");
	struct rf_part part;
	assert_int_equal(rf_store_get_part(rig->store, id, 1, "findings", &part, NULL), 0);
	assert_null(rig_work(rig, RENDER));

	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	int status;
	rig_ask(rig, "release", which, &status);
	assert_int_equal(status, EX_OK);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_DONE);
	rig_run(rig, RENDER);
}

static void what_must_not_be_published_is_not_released(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	struct rf_message hold = rig_answer(RF_VERB_HOLD, rig_begin(rig, VALIDATE));
	rig_add_reason(&hold, RF_CODE_FORBIDDEN "identity-number", "Personnummer.");
	rig_say(rig, VALIDATE, &hold);
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	int status;
	rig_ask(rig, "release", which, &status);
	assert_int_equal(status, EX_USAGE);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_HELD);
}

/* A page that stands and a mail that was refused for good: nothing can be done, and nobody need be alarmed. */
static void a_dead_stage_of_a_published_document_is_given_up_by_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	for (rf_peer stage = INGEST; stage < PUBLISH; stage++)
		rig_run(rig, stage);
	struct rig_token token = rig_begin(rig, PUBLISH);
	rig_intend(rig, PUBLISH, token, "web:a", "digest", false, NULL);
	rig_done_effect(rig, PUBLISH, token, "web:a", "digest", "page-7");
	struct rf_message failed = rig_answer(RF_VERB_FAIL, rig_begin(rig, NOTIFY));
	rig_say(rig, NOTIFY, &failed);
	rf_autofree char *whole = rf_format("{\"document\":\"%s\",\"reason\":\"told by phone\"}", id);
	assert_non_null(strstr(rig_ask(rig, "delete", whole, NULL), "give up with --stage"));
	rf_autofree char *stage =
	    rf_format("{\"document\":\"%s\",\"stage\":\"notify\",\"reason\":\"told by phone\"}", id);
	assert_non_null(strstr(rig_ask(rig, "delete", stage, NULL), "\"tasks\":1"));
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_SUPERSEDED);
	assert_string_equal(rig_task(rig, id, 1, NOTIFY).reason, "told by phone");
	assert_non_null(strstr(rig_ask(rig, "list", NULL, NULL), "\"status\":\"published\""));
}

static void a_dead_task_is_sent_on_by_a_person(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message fail = rig_answer(RF_VERB_FAIL, rig_begin(rig, INGEST));
	rig_add_reason(&fail, "format", "not a format of ours");
	rig_say(rig, INGEST, &fail);
	rig_credit(rig, INGEST, 1);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DEAD);
	assert_non_null(strstr(rig_ask(rig, "dead", "{}", NULL), id));
	rf_autofree char *which = rf_format("{\"document\":\"%s\"}", id);
	rig_ask(rig, "retry", which, NULL);
	rig_run(rig, INGEST);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DONE);
}

static void an_answer_that_breaks_a_rule_changes_nothing_but_the_task(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message done = rig_answer(RF_VERB_DONE, rig_begin(rig, INGEST));
	rig_add_part(&done, "document", "gelesen");
	rig_add_part(&done, "source", "andere");
	assert_int_equal(rig_say(rig, INGEST, &done), REFERAT__WIRE__OUTCOME__REFUSED);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_DEAD);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, 0);
	struct rf_part part;
	assert_int_equal(rf_store_get_part(rig->store, id, 1, "document", &part, NULL), RF_STORE_NONE);
}

static void status_counts_what_is_in_hand(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_put(rig, "b", "2");
	rig_begin(rig, INGEST);
	const char *json = rig_ask(rig, "status", NULL, NULL);
	assert_non_null(strstr(json, "{\"name\":\"ingest\",\"ready\":0,\"delayed\":0,\"held\":0,\"dead\":0,\"done\":0,"
				     "\"superseded\":0,\"erased\":0,\"leased\":1,\"started\":1,\"workers\":1"));
	assert_non_null(strstr(json, "\"open\":2,"));
	assert_non_null(strstr(json, "\"documents\":2,"));
	assert_non_null(strstr(json, "\"caught_up\":false"));
}

static void documents_are_counted_although_nobody_asked_before_the_broker_ended(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_kill(rig);
	rig_join_all(rig);
	rig_put(rig, "b", "2");
	rig_restart(rig);
	assert_non_null(strstr(rig_ask(rig, "status", NULL, NULL), "\"documents\":2,"));
}

static void what_a_killed_broker_lost_is_done_again(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	rig_kill(rig);
	assert_int_equal(rig_task(rig, id, 1, INGEST).state, RF_TASK_READY);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, 0);
	rig_join_all(rig);
	for (rf_peer stage = INGEST; stage <= NOTIFY; stage++)
		rig_run(rig, stage);
	assert_int_equal(rig_task(rig, id, 1, NOTIFY).state, RF_TASK_DONE);
}

static void who_comes_back_with_a_task_that_was_lost_is_told_so(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	rig_run(rig, INGEST);
	const struct rig_token lost = rig_begin(rig, VALIDATE);
	rig_kill(rig);
	rig_return(rig, VALIDATE, VALIDATE, &lost, 1);
	assert_non_null(rig_take(rig, VALIDATE, RF_VERB_REVOKE));
	rig_join(rig, INGEST, 1);
	rig_run(rig, INGEST);
	assert_int_equal(rig_done(rig, VALIDATE, lost), REFERAT__WIRE__OUTCOME__STALE);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, RF_TASK_READY);
}

static void a_task_over_which_brokers_die_is_charged_from_the_second_time_on(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rf_autofree char *id = rf_strdup(rig_put(rig, "a", "1"));
	for (uint32_t deaths = 1; deaths <= 2; deaths++) {
		rig_run(rig, INGEST);
		rig_begin(rig, VALIDATE);
		rig_kill(rig);
		assert_int_equal(rig_task(rig, id, 1, VALIDATE).state, deaths == 1 ? 0 : RF_TASK_READY);
		if (deaths == 1)
			rig_join_all(rig);
	}
	rig_pass(rig, 6 * RF_SECOND);
	assert_int_equal(rig_task(rig, id, 1, VALIDATE).kills, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_document_passes_all_stages, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(work_carries_what_the_stage_needs, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(the_same_bytes_from_the_same_source_do_nothing, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(ids_depend_on_the_source_alone, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_late_answer_is_refused, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(an_answer_of_somebody_else_is_refused, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(work_stays_within_the_credit, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(work_stays_within_the_credit_of_bytes, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(what_waited_is_handed_out_after_a_restart, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_full_store_refuses_new_documents_and_finishes_old_ones,
					    rig_setup_unstarted, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_full_disk_refuses_new_documents, rig_setup_unstarted, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_blob_that_is_not_there_is_refused, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_held_task_keeps_its_parts_and_waits_for_a_person, rig_setup,
					    rig_teardown),
	    cmocka_unit_test_setup_teardown(what_must_not_be_published_is_not_released, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_dead_stage_of_a_published_document_is_given_up_by_a_person, rig_setup,
					    rig_teardown),
	    cmocka_unit_test_setup_teardown(a_dead_task_is_sent_on_by_a_person, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(an_answer_that_breaks_a_rule_changes_nothing_but_the_task, rig_setup,
					    rig_teardown),
	    cmocka_unit_test_setup_teardown(status_counts_what_is_in_hand, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(documents_are_counted_although_nobody_asked_before_the_broker_ended,
					    rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(what_a_killed_broker_lost_is_done_again, rig_setup, rig_teardown),
	    cmocka_unit_test_setup_teardown(a_task_over_which_brokers_die_is_charged_from_the_second_time_on, rig_setup,
					    rig_teardown),
	    cmocka_unit_test_setup_teardown(who_comes_back_with_a_task_that_was_lost_is_told_so, rig_setup,
					    rig_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
