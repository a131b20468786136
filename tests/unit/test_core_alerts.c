/* Who is told of what: once for a cause, once when it is over, whatever restarts meanwhile. */
#include "base/error.h"
#include "base/memory.h"
#include "broker/alerts.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_S = 3600, DAY_S = 86400 };

static int set_up(void **state)
{
	if (rig_setup_unstarted(state))
		return -1;
	struct rig *rig = *state;
	rig->pipeline.alert_operator = (char *)"drift@exempelby.se";
	rig_start_core(rig);
	return 0;
}

static void look(struct rig *rig)
{
	struct rf_error error = {""};
	if (rf_alerts_look(rig->core, &error) < 0)
		fail_msg("%s", error.text);
}

static void settle(struct rig *rig, const char *cause, bool told)
{
	struct rf_error error = {""};
	if (rf_alerts_settle(rig->core, cause, told, &error) < 0)
		fail_msg("%s", error.text);
}

/* Takes the next mail; cause NULL: there is none. */
static struct rf_alert_mail take(struct rig *rig)
{
	struct rf_error error = {""};
	struct rf_alert_mail mail;
	if (rf_alerts_take(rig->core, &mail, &error) < 0)
		fail_msg("%s", error.text);
	return mail;
}

static void assert_told(struct rig *rig, const char *cause, const char *subject)
{
	look(rig);
	struct rf_alert_mail mail = take(rig);
	assert_non_null(mail.cause);
	assert_string_equal(mail.cause, cause);
	assert_non_null(strstr(mail.subject, subject));
	settle(rig, mail.cause, true);
	rf_alert_mail_deinit(&mail);
}

static void assert_silent(struct rig *rig)
{
	look(rig);
	struct rf_alert_mail mail = take(rig);
	assert_null(mail.cause);
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

static void end_with(struct rig *rig, enum rf_verb verb)
{
	rig_join(rig, INGEST, 10);
	struct rf_message message = rig_answer(verb, rig_begin(rig, INGEST));
	rig_add_reason(&message, "why", "because");
	assert_int_equal(rig_say(rig, INGEST, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static const char *put(struct rig *rig, const char *key)
{
	rig_join(rig, INGEST, 0);
	return rig_put(rig, key, key);
}

/* A dead document runs again, and this time all is well. */
static void mend(struct rig *rig, const char *document)
{
	rf_autofree char *arguments = rf_format("{\"document\":\"%s\"}", document);
	rig_ask(rig, "retry", arguments, NULL);
	rig_run(rig, INGEST);
}

static void dead_documents_are_told_once_and_once_when_none_is_left(void **state)
{
	struct rig *rig = *state;
	assert_silent(rig);
	rf_autofree char *a = rf_strdup(put(rig, "a"));
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "alert.dead.subject");
	assert_silent(rig);
	rf_autofree char *b = rf_strdup(put(rig, "b"));
	end_with(rig, RF_VERB_FAIL);
	assert_silent(rig);
	mend(rig, a);
	assert_silent(rig);
	mend(rig, b);
	assert_told(rig, "operator:dead:ingest", "alert.over.subject");
	assert_silent(rig);
}

static void more_dead_documents_are_told_of_a_day_after_the_last_mail(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "alert.dead.subject");
	rig_pass(rig, DAY_S * RF_SECOND);
	assert_silent(rig);
	put(rig, "b");
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "alert.dead.subject");
	rig_pass(rig, RF_SECOND);
	put(rig, "c");
	end_with(rig, RF_VERB_FAIL);
	rig_pass(rig, 23 * HOUR_S * RF_SECOND);
	assert_silent(rig);
	rig_pass(rig, HOUR_S * RF_SECOND);
	assert_told(rig, "operator:dead:ingest", "alert.dead.subject");
	assert_silent(rig);
}

static void what_was_told_and_is_over_before_it_is_told_again_is_told_to_be_over(void **state)
{
	struct rig *rig = *state;
	rf_autofree char *a = rf_strdup(put(rig, "a"));
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "alert.dead.subject");
	rig_pass(rig, RF_SECOND);
	rf_autofree char *b = rf_strdup(put(rig, "b"));
	end_with(rig, RF_VERB_FAIL);
	rig_pass(rig, DAY_S * RF_SECOND);
	look(rig);
	struct rf_alert_mail mail = take(rig);
	settle(rig, mail.cause, false);
	rf_alert_mail_deinit(&mail);
	rig_join(rig, INGEST, 10);
	mend(rig, a);
	mend(rig, b);
	rig_pass(rig, 301 * RF_SECOND);
	assert_told(rig, "operator:dead:ingest", "alert.over.subject");
}

static void each_reader_is_told(void **state)
{
	struct rig *rig = *state;
	rig->pipeline.alert_publisher = (char *)"kommunikation@exempelby.se";
	put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "dead");
	assert_told(rig, "publisher:dead:ingest", "dead");
	assert_silent(rig);
}

static void what_is_held_is_told_after_a_day(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	end_with(rig, RF_VERB_HOLD);
	assert_silent(rig);
	rig_pass(rig, 23 * HOUR_S * RF_SECOND);
	assert_silent(rig);
	rig_pass(rig, 2 * HOUR_S * RF_SECOND);
	assert_told(rig, "operator:held:ingest", "alert.held.subject");
}

/* ---- destinations ------------------------------------------------------------------------------------------------ */

static void yield(struct rig *rig, const char *code)
{
	rig_join(rig, INGEST, 10);
	struct rf_message message = rig_answer(RF_VERB_RETRY, rig_begin(rig, INGEST));
	Referat__Wire__Item *item = message.header->items[0];
	item->has_yield = item->yield = true;
	item->destination = rf_strdup("ingest");
	rig_add_reason(&message, code, "no answer");
	assert_int_equal(rig_say(rig, INGEST, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void a_destination_is_told_of_after_half_an_hour(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	yield(rig, "target.test");
	assert_silent(rig);
	rig_pass(rig, 29 * 60 * RF_SECOND);
	assert_silent(rig);
	rig_pass(rig, 2 * 60 * RF_SECOND);
	assert_told(rig, "operator:down:ingest", "alert.down.subject");
	rig_join(rig, INGEST, 10);
	rig_run(rig, INGEST);
	assert_told(rig, "operator:down:ingest", "alert.over.subject");
}

static void refused_credentials_are_told_at_once(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	yield(rig, RF_CODE_CREDENTIALS);
	assert_told(rig, "operator:credentials:ingest", "alert.credentials.subject");
}

static char *key_of_next(struct rig *rig, bool told)
{
	look(rig);
	struct rf_alert_mail mail = take(rig);
	assert_non_null(mail.key);
	char *key = rf_strdup(mail.key);
	settle(rig, mail.cause, told);
	rf_alert_mail_deinit(&mail);
	return key;
}

/* Else a mail program, or a maildir, would take the later one for one that it has. */
static void no_two_mails_of_a_cause_have_the_same_key_and_one_tried_again_keeps_its(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	yield(rig, RF_CODE_CREDENTIALS);
	rf_autofree char *lost = key_of_next(rig, false);
	rig_pass(rig, 301 * RF_SECOND);
	rf_autofree char *raised = key_of_next(rig, true);
	assert_string_equal(lost, raised);
	rig_join(rig, INGEST, 10);
	rig_run(rig, INGEST);
	rf_autofree char *over = key_of_next(rig, true);
	assert_string_not_equal(over, raised);
	put(rig, "b");
	yield(rig, RF_CODE_CREDENTIALS);
	rf_autofree char *again = key_of_next(rig, true);
	assert_string_not_equal(again, raised);
	assert_string_not_equal(again, over);
}

static void a_destination_is_not_taken_for_mended_because_the_broker_was_restarted(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	yield(rig, "target.test");
	rig_pass(rig, 31 * 60 * RF_SECOND);
	assert_told(rig, "operator:down:ingest", "alert.down.subject");
	rig_restart(rig);
	assert_silent(rig);
	rig_join(rig, INGEST, 10);
	rig_run(rig, INGEST);
	assert_told(rig, "operator:down:ingest", "alert.over.subject");
}

/* ---- the disk, and silence --------------------------------------------------------------------------------------- */

static void a_disk_without_its_reserve_is_told(void **state)
{
	struct rig *rig = *state;
	rig->options.least_free = UINT64_MAX;
	rig_restart(rig);
	assert_told(rig, "operator:disk", "alert.disk.subject");
	rig->options.least_free = 1;
	rig_restart(rig);
	assert_told(rig, "operator:disk", "alert.over.subject");
}

static void an_inbox_that_is_silent_for_long_is_told(void **state)
{
	struct rig *rig = *state;
	rig->pipeline.alert_silent_us = 14 * DAY_S * RF_SECOND;
	assert_silent(rig);
	rig_pass(rig, 10 * DAY_S * RF_SECOND);
	put(rig, "a");
	rig_pass(rig, 13 * DAY_S * RF_SECOND);
	assert_silent(rig);
	rig_pass(rig, 2 * DAY_S * RF_SECOND);
	assert_told(rig, "operator:silent", "alert.silent.subject");
	put(rig, "b");
	assert_told(rig, "operator:silent", "alert.over.subject");
}

/* ---- never twice ------------------------------------------------------------------------------------------------- */

static void what_was_told_is_not_told_again_after_a_restart(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "dead");
	rig_restart(rig);
	assert_silent(rig);
}

static void a_mail_that_was_on_its_way_when_the_broker_ended_counts_as_told(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	look(rig);
	struct rf_alert_mail mail = take(rig);
	assert_non_null(mail.cause);
	rf_alert_mail_deinit(&mail);
	rig_restart(rig);
	assert_silent(rig);
}

static void a_mail_that_could_not_be_sent_is_sent_again_and_status_says_so(void **state)
{
	struct rig *rig = *state;
	put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	look(rig);
	struct rf_alert_mail mail = take(rig);
	settle(rig, mail.cause, false);
	rf_alert_mail_deinit(&mail);
	assert_non_null(strstr(rig_ask(rig, "status", NULL, NULL), "\"alerts_unsent\":true"));
	assert_silent(rig);
	rig_pass(rig, 301 * RF_SECOND);
	assert_told(rig, "operator:dead:ingest", "dead");
	assert_non_null(strstr(rig_ask(rig, "status", NULL, NULL), "\"alerts_unsent\":false"));
}

static void what_is_over_before_anybody_was_told_is_not_told(void **state)
{
	struct rig *rig = *state;
	const char *id = put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	look(rig);
	mend(rig, id);
	assert_silent(rig);
}

static void what_comes_back_before_its_end_was_told_is_not_told_again(void **state)
{
	struct rig *rig = *state;
	const char *id = put(rig, "a");
	end_with(rig, RF_VERB_FAIL);
	assert_told(rig, "operator:dead:ingest", "dead");
	mend(rig, id);
	look(rig);
	put(rig, "b");
	end_with(rig, RF_VERB_FAIL);
	assert_silent(rig);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(dead_documents_are_told_once_and_once_when_none_is_left),
	    TEST(more_dead_documents_are_told_of_a_day_after_the_last_mail),
	    TEST(what_was_told_and_is_over_before_it_is_told_again_is_told_to_be_over),
	    TEST(each_reader_is_told),
	    TEST(what_is_held_is_told_after_a_day),
	    TEST(a_destination_is_told_of_after_half_an_hour),
	    TEST(refused_credentials_are_told_at_once),
	    TEST(no_two_mails_of_a_cause_have_the_same_key_and_one_tried_again_keeps_its),
	    TEST(a_destination_is_not_taken_for_mended_because_the_broker_was_restarted),
	    TEST(a_disk_without_its_reserve_is_told),
	    TEST(an_inbox_that_is_silent_for_long_is_told),
	    TEST(what_was_told_is_not_told_again_after_a_restart),
	    TEST(a_mail_that_was_on_its_way_when_the_broker_ended_counts_as_told),
	    TEST(a_mail_that_could_not_be_sent_is_sent_again_and_status_says_so),
	    TEST(what_is_over_before_anybody_was_told_is_not_told),
	    TEST(what_comes_back_before_its_end_was_told_is_not_told_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
