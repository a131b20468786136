/* What those who look on are told: why, trace, lists, passings; and that looking costs what it shows. */
#include "base/memory.h"
#include "broker/passings.h"
#include "store/sqlite-private.h"
#include "tests/support/rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

enum { FEW = 20, MANY = 400 };

static void assert_says(const char *answer, const char *text)
{
	if (!strstr(answer, text))
		fail_msg("%s\ndoes not say: %s", answer, text);
}

static void assert_says_not(const char *answer, const char *text)
{
	if (strstr(answer, text))
		fail_msg("%s\nsays: %s", answer, text);
}

static const char *ask_about(struct rig *rig, const char *command, const char *document)
{
	int status;
	rf_autofree char *arguments = rf_format("{\"document\":\"%s\"}", document);
	const char *answer = rig_ask(rig, command, arguments, &status);
	assert_int_equal(status, EX_OK);
	return answer;
}

static void end_with(struct rig *rig, rf_peer peer, enum rf_verb verb, const char *code, const char *reason)
{
	struct rf_message message = rig_answer(verb, rig_begin(rig, peer));
	rig_add_reason(&message, code, reason);
	assert_int_equal(rig_say(rig, peer, &message), REFERAT__WIRE__OUTCOME__ACCEPTED);
	rig_credit(rig, peer, 1);
}

/* ---- why and trace ----------------------------------------------------------------------------------------------- */

static void why_tells_what_the_last_attempt_met_and_when_the_next_comes(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	end_with(rig, INGEST, RF_VERB_RETRY, "http-503", "busy");
	const char *answer = ask_about(rig, "why", id);
	assert_says(answer, "\"stage\":\"ingest\",\"state\":\"delayed\"");
	assert_says(answer, "\"failures\":1,\"code\":\"http-503\",\"reason\":\"busy\",\"next\":\"");
}

static void why_tells_which_destination_fails(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	struct rf_message message = rig_answer(RF_VERB_RETRY, rig_begin(rig, INGEST));
	message.header->items[0]->has_yield = message.header->items[0]->yield = true;
	message.header->items[0]->destination = rf_strdup("cms.exempelby.se");
	rig_say(rig, INGEST, &message);
	assert_says(ask_about(rig, "why", id), "\"destination\":{\"name\":\"cms.exempelby.se\",\"next\":\"");
}

static void why_tells_that_a_task_is_in_hand(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	rig_begin(rig, INGEST);
	assert_says(ask_about(rig, "why", id), "\"state\":\"started\"");
}

static void trace_tells_how_long_a_stage_waited_and_took_and_with_what(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 10);
	const char *id = rig_put(rig, "a", "1");
	struct rig_token token = rig_begin(rig, INGEST);
	rig_pass(rig, 250 * RF_MILLISECOND);
	rig_done(rig, INGEST, token);
	rig_pass(rig, 3 * RF_SECOND);
	rig_join(rig, VALIDATE, 10);
	token = rig_begin(rig, VALIDATE);
	rig_pass(rig, 500 * RF_MILLISECOND);
	rig_done(rig, VALIDATE, token);
	const char *answer = ask_about(rig, "trace", id);
	assert_says(answer, "\"wait_us\":0,\"run_us\":250000,\"attempts\":1");
	assert_says(answer, "\"wait_us\":3000000,\"run_us\":500000,\"attempts\":1");
	assert_says(answer, "\"size\":1,\"sha256\":\"6b86b273ff34");
}

static void trace_tells_the_versions_of_the_plugins(void **state)
{
	struct rig *rig = *state;
	rig->info.version = (char *)"1.2.3";
	rig_start_core(rig);
	rig_join_all(rig);
	const char *id = rig_put(rig, "a", "1");
	for (rf_peer stage = INGEST; stage <= PUBLISH; stage++)
		rig_run(rig, stage);
	assert_says(ask_about(rig, "trace", id), "\"plugins\":\"target.test 1.2.3\"");
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static const char *list(struct rig *rig, const char *status, const char *after, int most)
{
	rf_autofree char *from = after ? rf_format(",\"after\":\"%s\"", after) : rf_strdup("");
	rf_autofree char *arguments = rf_format("{\"status\":\"%s\",\"most\":%d%s}", status, most, from);
	return rig_ask(rig, "list", arguments, NULL);
}

/* The value of a text member. The caller frees. */
static char *member(const char *answer, const char *name)
{
	rf_autofree char *start = rf_format("\"%s\":\"", name);
	const char *found = strstr(answer, start);
	if (!found)
		return NULL;
	found += strlen(start);
	return rf_strndup(found, strcspn(found, "\""));
}

static void a_list_goes_on_where_its_page_ended(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	const char *a = rf_strdup(rig_put(rig, "a", "1"));
	end_with(rig, INGEST, RF_VERB_HOLD, "why", "a");
	const char *b = rf_strdup(rig_put(rig, "b", "2"));
	end_with(rig, INGEST, RF_VERB_HOLD, "why", "b");
	const char *first = list(rig, "held", NULL, 1);
	assert_says(first, a);
	rf_autofree char *next = member(first, "next");
	const char *second = list(rig, "held", next, 1);
	assert_says(second, b);
	assert_says_not(second, a);
	rf_autofree char *last = member(second, "next");
	assert_string_equal(list(rig, "held", last, 1), "{\"documents\":[]}");
	free((char *)a);
	free((char *)b);
}

static int count_step(void *context)
{
	++*(uint64_t *)context;
	return 0;
}

/* Instructions of SQLite's machine that the question costs. */
static uint64_t steps_of(struct rig *rig, const char *command, const char *arguments)
{
	sqlite3 *database = ((struct rf_sqlite *)rig->store)->database;
	uint64_t steps = 0;
	sqlite3_progress_handler(database, 1, count_step, &steps);
	rig_ask(rig, command, arguments, NULL);
	sqlite3_progress_handler(database, 0, NULL, NULL);
	return steps;
}

static void add_documents(struct rig *rig, int from, int to)
{
	for (int i = from; i < to; i++) {
		rf_autofree char *key = rf_format("document-%d", i);
		rig_put(rig, key, key);
		rig_run(rig, INGEST);
		rig_forget_sent(rig);
	}
	rig_pass(rig, RF_SECOND); /* what waited in memory is written */
}

static void looking_costs_what_it_shows_however_many_documents_there_are(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *command, *arguments;
	} questions[] = {{"status", NULL},
			 {"list", "{\"status\":\"held\"}"},
			 {"list", "{\"status\":\"dead\"}"},
			 {"list", "{\"most\":5}"},
			 {"list", "{\"most\":5,\"status\":\"published\"}"}};
	uint64_t among_few[RF_COUNT(questions)];
	rig_join(rig, INGEST, 10000);
	rig_put(rig, "held", "1");
	end_with(rig, INGEST, RF_VERB_HOLD, "why", "held");
	rig_put(rig, "dead", "2");
	end_with(rig, INGEST, RF_VERB_FAIL, "why", "dead");
	add_documents(rig, 0, FEW);
	for (size_t i = 0; i < RF_COUNT(questions); i++)
		among_few[i] = steps_of(rig, questions[i].command, questions[i].arguments);
	add_documents(rig, FEW, MANY);
	for (size_t i = 0; i < RF_COUNT(questions); i++) {
		uint64_t among_many = steps_of(rig, questions[i].command, questions[i].arguments);
		if (among_many > among_few[i] + among_few[i] / 20)
			fail_msg("%s %s: %d steps among few, %d among many", questions[i].command,
				 questions[i].arguments ? questions[i].arguments : "", (int)among_few[i],
				 (int)among_many);
	}
}

/* ---- tap and age ------------------------------------------------------------------------------------------------- */

static void a_tap_begins_with_what_passes_from_now_on(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	assert_string_equal(rig_ask(rig, "tap", NULL, NULL), "{\"passings\":[],\"seen\":1,\"missed\":0}");
	end_with(rig, VALIDATE, RF_VERB_RETRY, "http-503", "busy");
	const char *answer = rig_ask(rig, "tap", "{\"after\":1}", NULL);
	assert_says(answer, "\"number\":2,");
	assert_says(answer, "\"stage\":\"validate\",\"outcome\":\"retry\",\"code\":\"http-503\"");
	assert_says(answer, "\"seen\":2,\"missed\":0");
	assert_says_not(answer, "busy");
}

static void a_tap_of_a_stage_passes_over_the_others(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	rig_run(rig, VALIDATE);
	const char *answer = rig_ask(rig, "tap", "{\"after\":0,\"stage\":\"validate\"}", NULL);
	assert_says(answer, "\"stage\":\"validate\"");
	assert_says_not(answer, "\"stage\":\"ingest\"");
	assert_says(answer, "\"seen\":2");
}

static void a_tap_of_a_stage_that_is_not_there_is_refused(void **state)
{
	struct rig *rig = *state;
	int status = 0;
	const char *answer = rig_ask(rig, "tap", "{\"stage\":\"validat\"}", &status);
	assert_int_not_equal(status, 0);
	assert_says(answer, "there is no stage 'validat'; did you mean 'validate'?");
}

static void a_tap_from_before_a_restart_begins_anew(void **state)
{
	struct rig *rig = *state;
	rig_join_all(rig);
	rig_put(rig, "a", "1");
	rig_run(rig, INGEST);
	assert_says(rig_ask(rig, "tap", "{\"after\":4711}", NULL), "\"number\":1,");
}

static void age_tells_the_oldest_and_the_median_of_a_stage(void **state)
{
	struct rig *rig = *state;
	rig_join(rig, INGEST, 0);
	rig_put(rig, "a", "1");
	rig_pass(rig, 50 * 3600 * RF_SECOND);
	rig_join(rig, INGEST, 0);
	rig_put(rig, "b", "2");
	rig_pass(rig, 3600 * RF_SECOND);
	rig_join(rig, INGEST, 0);
	rig_put(rig, "c", "3");
	rig_pass(rig, 60 * RF_SECOND);
	assert_says(rig_ask(rig, "age", NULL, NULL),
		    "{\"name\":\"ingest\",\"tasks\":3,\"minutes\":1,\"hours\":1,\"days\":1,\"weeks\":0,"
		    "\"oldest_us\":183660000000,\"median_us\":3660000000}");
}

/* ---- passings ---------------------------------------------------------------------------------------------------- */

static void who_reads_too_slowly_misses_the_oldest_and_can_tell(void **state)
{
	(void)state;
	struct rf_passings *passings = rf_passings_new();
	assert_null(rf_passings_after(passings, 0));
	for (int i = 0; i < 3000; i++)
		rf_passings_add(passings, &(struct rf_passing){.run_us = i});
	assert_int_equal(rf_passings_last(passings), 3000);
	const struct rf_passing *oldest = rf_passings_after(passings, 10);
	assert_true(oldest->number > 11);
	assert_int_equal(oldest->run_us, (int)oldest->number - 1);
	assert_int_equal(rf_passings_after(passings, 2999)->number, 3000);
	assert_null(rf_passings_after(passings, 3000));
	assert_null(rf_passings_after(passings, 9999));
	rf_passings_free(passings);
}

static void a_time_is_counted_in_the_bucket_that_holds_it(void **state)
{
	(void)state;
	struct rf_histogram histogram = {0};
	rf_histogram_add(&histogram, 0);
	rf_histogram_add(&histogram, RF_MILLISECOND);
	rf_histogram_add(&histogram, RF_MILLISECOND + 1);
	rf_histogram_add(&histogram, 24 * 3600 * RF_SECOND);
	assert_int_equal(histogram.buckets[0], 2);
	assert_int_equal(histogram.buckets[1], 1);
	assert_int_equal(histogram.buckets[RF_HISTOGRAM_BOUNDS], 1);
	assert_int_equal(histogram.n, 4);
}

#define TEST(name)     cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
#define OWN_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_unstarted, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(why_tells_what_the_last_attempt_met_and_when_the_next_comes),
	    TEST(why_tells_which_destination_fails),
	    TEST(why_tells_that_a_task_is_in_hand),
	    TEST(trace_tells_how_long_a_stage_waited_and_took_and_with_what),
	    OWN_TEST(trace_tells_the_versions_of_the_plugins),
	    TEST(a_list_goes_on_where_its_page_ended),
	    TEST(looking_costs_what_it_shows_however_many_documents_there_are),
	    TEST(a_tap_begins_with_what_passes_from_now_on),
	    TEST(a_tap_of_a_stage_passes_over_the_others),
	    TEST(a_tap_of_a_stage_that_is_not_there_is_refused),
	    TEST(a_tap_from_before_a_restart_begins_anew),
	    TEST(age_tells_the_oldest_and_the_median_of_a_stage),
	    cmocka_unit_test(who_reads_too_slowly_misses_the_oldest_and_can_tell),
	    cmocka_unit_test(a_time_is_counted_in_the_bucket_that_holds_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
