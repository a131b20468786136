/* cli/reasons.h: what an operator is told of where a document is. */
#include "base/memory.h"
#include "cli/reasons.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* tasks and rest are JSON: the objects of the list, and further members of the answer. */
static void assert_reasons(const char *tasks, const char *rest, const char *state, const char *expected)
{
	rf_autofree char *json = rf_format("{\"document\":\"3kz5\",\"revision\":1,\"name\":\"maj.txt\","
					   "\"now\":\"2024-05-08T09:30:00Z\",\"tasks\":[%s]%s}",
					   tasks, rest);
	json_object *answer = json_tokener_parse(json);
	assert_non_null(answer);
	rf_autofree char *text = rf_reasons_text(answer, state);
	rf_autofree char *whole = rf_format("3kz5 (maj.txt), revision 1: %s (Times are UTC.)", expected);
	assert_string_equal(text, whole);
	json_object_put(answer);
}

#define TASK(state, rest)                                                                                              \
	"{\"stage\":\"publish/cms\",\"revision\":1,\"since\":\"2024-05-08T09:12:00Z\",\"state\":\"" state "\"" rest "}"

static void a_failed_attempt_is_told_with_the_next_one_and_what_the_last_met(void **state)
{
	(void)state;
	assert_reasons(TASK("delayed", ",\"failures\":3,\"most_failures\":19,\"next\":\"2024-05-08T09:41:00Z\","
				       "\"reason\":\"503 from cms.exempelby.se.\""),
		       "", NULL,
		       "In publish/cms since 09:12:00, failed 3 of at most 20 times, next 09:41:00; last: 503 from "
		       "cms.exempelby.se.");
}

static void what_an_older_revision_waits_for_is_told_as_its_own(void **state)
{
	(void)state;
	assert_reasons(
	    "{\"stage\":\"publish/cms\",\"revision\":0,\"since\":\"2024-05-08T09:12:00Z\","
	    "\"state\":\"delayed\",\"failures\":1,\"most_failures\":19,\"next\":\"2024-05-08T09:41:00Z\"}",
	    "", NULL,
	    "Revision 0, which is not finished either: In publish/cms since 09:12:00, failed 1 of at most 20 times, "
	    "next 09:41:00.");
}

static void a_destination_that_does_not_work_is_named(void **state)
{
	(void)state;
	assert_reasons(TASK("ready", ",\"workers\":1,\"reason\":\"no answer\",\"destination\":"
				     "{\"name\":\"cms.exempelby.se\",\"next\":\"2024-05-08T09:31:00Z\"}"),
		       "", NULL,
		       "In publish/cms since 09:12:00, waiting for a process of the stage; cms.exempelby.se does not "
		       "work, and nothing is sent there before 09:31:00 ('referat resume publish/cms' tries it at "
		       "once); last: no answer.");
}

static void a_stage_without_a_process_is_told(void **state)
{
	(void)state;
	assert_reasons(
	    TASK("ready", ",\"workers\":0"), "", NULL,
	    "In publish/cms since 09:12:00, waiting for a process of the stage, of which none is connected.");
}

static void what_is_in_hand_is_told_with_its_attempt(void **state)
{
	(void)state;
	assert_reasons(TASK("started", ",\"attempts\":2"), "", NULL,
		       "In publish/cms since 09:12:00, in hand, attempt 3.");
}

static void an_embargo_is_told_with_the_day(void **state)
{
	(void)state;
	assert_reasons(TASK("delayed", ",\"next\":\"2024-05-09T07:00:00Z\""), "", NULL,
		       "In publish/cms since 09:12:00, not before 2024-05-09 07:00:00.");
}

static void of_what_is_held_the_commands_are_told(void **state)
{
	(void)state;
	assert_reasons(TASK("held", ",\"code\":\"approval\",\"reason\":\"en person läser\""), "", "var/demo",
		       "In publish/cms since 09:12:00, held for a person to decide: en person läser. To let it go on "
		       "as it is: `referat release 3kz5 --reason '...' --state var/demo`; to run the stage again: "
		       "`referat retry 3kz5 --state var/demo`.");
}

static void of_what_must_not_be_published_no_release_is_offered(void **state)
{
	(void)state;
	assert_reasons(TASK("held", ",\"code\":\"forbidden/identity-number\",\"reason\":\"ett nummer\""), "", NULL,
		       "In publish/cms since 09:12:00, held for a person to decide: ett nummer. It can't be released: "
		       "the publisher takes out what must not be published, and saves the file again.");
}

static void what_is_dead_is_told_with_its_attempts(void **state)
{
	(void)state;
	assert_reasons(TASK("dead", ",\"attempts\":2,\"code\":\"crash\""), "", NULL,
		       "In publish/cms since 09:12:00, given up after 2 attempts: crash. All that happened: "
		       "`referat trace 3kz5`; when the cause is gone: `referat retry 3kz5`.");
}

static void what_is_done_is_told_with_its_page_and_how_many_know(void **state)
{
	(void)state;
	assert_reasons(
	    "",
	    ",\"told\":214,\"maybe_told\":1,\"published\":[{\"stage\":\"publish/web\","
	    "\"url\":\"https://exempelby.se/1\",\"since\":\"2024-05-08T09:13:00Z\"}]",
	    NULL,
	    "Published by publish/web since 09:13:00: https://exempelby.se/1. 214 recipients were told. Of 1 "
	    "it is not known whether they were told. All stages are done: there is nothing to do.");
}

static void what_is_withdrawn_is_not_told_to_be_done(void **state)
{
	(void)state;
	assert_reasons(
	    "", ",\"told\":3,\"status\":\"withdrawn\"", NULL,
	    "3 recipients were told. It was withdrawn, and stands nowhere any more; 'referat erase' takes out "
	    "of the store what it says.");
	assert_reasons("", ",\"status\":\"deleted\"", NULL, "It was given up with 'referat delete'.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_failed_attempt_is_told_with_the_next_one_and_what_the_last_met),
	    cmocka_unit_test(what_an_older_revision_waits_for_is_told_as_its_own),
	    cmocka_unit_test(a_destination_that_does_not_work_is_named),
	    cmocka_unit_test(a_stage_without_a_process_is_told),
	    cmocka_unit_test(what_is_in_hand_is_told_with_its_attempt),
	    cmocka_unit_test(an_embargo_is_told_with_the_day),
	    cmocka_unit_test(of_what_is_held_the_commands_are_told),
	    cmocka_unit_test(of_what_must_not_be_published_no_release_is_offered),
	    cmocka_unit_test(what_is_dead_is_told_with_its_attempts),
	    cmocka_unit_test(what_is_done_is_told_with_its_page_and_how_many_know),
	    cmocka_unit_test(what_is_withdrawn_is_not_told_to_be_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
