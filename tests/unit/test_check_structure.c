/* check.structure: each rule has a text that breaks it, read by reader.text as a publisher's file would be, and a text
 * of its own in Swedish that says what to do. */
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader, check;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.text");
	test_plugin_start(&check, "check.structure");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	test_plugin_unload(&check);
	return 0;
}

static Referat__Findings *check_text(const char *text)
{
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	Referat__Findings *findings = test_check(&check, document);
	rf_unpack_free(&document->base);
	return findings;
}

/* The text breaks the one rule, with that severity, and the finding has the words. */
static void assert_breaks(const char *text, const char *rule, Referat__Severity severity, const char *words)
{
	Referat__Findings *findings = check_text(text);
	const Referat__Finding *found = NULL;
	for (size_t i = 0; findings && i < findings->n_findings; i++)
		if (strcmp(findings->findings[i]->rule, rule) == 0)
			found = findings->findings[i];
	if (!found) {
		fail_msg("%s was not found", rule);
		return;
	}
	assert_int_equal(found->severity, severity);
	if (!strstr(found->text, words))
		fail_msg("%s says: %s", rule, found->text);
	rf_unpack_free(&findings->base);
}

/* Readers of files with pages say which they could not read. */
static void assert_unread(size_t n, const char *rule, const char *words)
{
	static uint32_t pages[] = {2, 5, 7};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.unread_pages = pages;
	document.n_unread_pages = n;
	Referat__Findings *findings = test_check(&check, &document);
	const Referat__Finding *last = findings->findings[findings->n_findings - 1];
	assert_string_equal(last->rule, rule);
	assert_int_equal(last->severity, REFERAT__SEVERITY__ERROR);
	assert_non_null(strstr(last->text, words));
	rf_unpack_free(&findings->base);
}

static void pages_that_could_not_be_read_are_told_of(void **state)
{
	(void)state;
	assert_unread(1, "page-unread", "Sidan 2 är en bild");
	assert_unread(3, "pages-unread", "Sidorna 2, 5, 7 är bilder");
}

#define TITLE "Byggnadsnämnden – aktuella beslut mars 2024\n\n"
#define LEAD  "Ett bygglov togs upp på byggnadsnämnden under sammanträdet den 7 mars.\n\n"
#define ITEM  "Bygglov för ett torn i Norrby\n\nNämnden beviljade bygglov för tornet.\n"

static void a_whole_page_has_no_findings(void **state)
{
	(void)state;
	assert_null(check_text(TITLE LEAD ITEM));
}

static void a_missing_title_is_an_error(void **state)
{
	(void)state;
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	Referat__Findings *findings = test_check(&check, &document);
	assert_non_null(findings);
	assert_string_equal(findings->findings[0]->rule, "title-missing");
	assert_int_equal(findings->findings[0]->severity, REFERAT__SEVERITY__ERROR);
	rf_unpack_free(&findings->base);
}

static void a_missing_board_is_a_warning(void **state)
{
	(void)state;
	assert_breaks("Aktuella beslut i mars 2024\n\n" LEAD ITEM, "board-missing", REFERAT__SEVERITY__WARNING,
		      "Skriv nämndens namn först i rubriken");
}

static void an_unknown_board_holds_and_the_nearest_is_named(void **state)
{
	(void)state;
	assert_breaks("Bygnadsnämden – aktuella beslut mars 2024\n\n" LEAD ITEM, "board-unknown",
		      REFERAT__SEVERITY__ERROR, "Menade du ”Byggnadsnämnden”?");
	assert_breaks("Räddningsstyrelsen – aktuella beslut mars 2024\n\n" LEAD ITEM, "board-unknown",
		      REFERAT__SEVERITY__ERROR, "be driften lägga till den i utgivarfilen");
}

static void a_name_of_another_time_is_noted(void **state)
{
	(void)state;
	assert_breaks("Socialnämnden – aktuella beslut mars 2024\n\nMöte den 7 mars.\n\n" ITEM, "board-name-old",
		      REFERAT__SEVERITY__NOTE, "hette inte ”Socialnämnden” den 2024-03-07");
	assert_null(check_text("Socialnämnden – aktuella beslut mars 2021\n\nMöte den 7 mars.\n\n" ITEM));
}

static void a_missing_day_is_a_warning(void **state)
{
	(void)state;
	assert_breaks(TITLE "Ett bygglov togs upp.\n\n" ITEM, "day-missing", REFERAT__SEVERITY__WARNING,
		      "Skriv dagen i ingressen");
}

static void a_title_and_a_lead_that_disagree_are_named(void **state)
{
	(void)state;
	assert_breaks("Byggnadsnämnden – aktuella beslut februari 2024\n\n" LEAD ITEM, "month-disagrees",
		      REFERAT__SEVERITY__WARNING, "Rubriken säger februari 2024 men ingressen säger mars 2024.");
	assert_breaks("Byggnadsnämnden – aktuella beslut 6 mars 2024\n\n" LEAD ITEM, "day-doubtful",
		      REFERAT__SEVERITY__WARNING, "2024-03-07 är osäker");
}

static void a_meeting_to_come_is_a_warning(void **state)
{
	(void)state;
	assert_breaks("Byggnadsnämnden – aktuella beslut 7 mars 2042\n\nEtt bygglov.\n\n" ITEM, "day-future",
		      REFERAT__SEVERITY__WARNING, "har inte varit ännu");
}

static void a_missing_lead_is_noted(void **state)
{
	(void)state;
	assert_breaks("Byggnadsnämnden – aktuella beslut 7 mars 2024\n\n" ITEM, "lead-missing", REFERAT__SEVERITY__NOTE,
		      "saknar ingress");
}

static void a_page_without_items_is_an_error(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD, "no-items", REFERAT__SEVERITY__ERROR, "har inga ärenden");
}

static void an_item_without_text_or_decision_is_told(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD ITEM "\nNy lekplats vid skolan i Söderby\n", "item-empty", REFERAT__SEVERITY__WARNING,
		      "Under rubriken ”Ny lekplats vid skolan i Söderby” står ingen text");
	assert_breaks(TITLE LEAD "Lekplatsen vid skolan\n\nEn ny lekplats planeras.\n", "item-without-decision",
		      REFERAT__SEVERITY__NOTE, "I avsnittet ”Lekplatsen vid skolan” hittades inget beslut");
}

static void a_line_that_may_be_a_caption_is_a_warning(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD ITEM "\nNorrby\n\nTornet blir högt.\n", "heading-doubtful", REFERAT__SEVERITY__WARNING,
		      "Raden ”Norrby”");
}

static void a_decision_by_reference_to_nothing_is_a_warning(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD "Torn i Norrby\n\nTornet blir högt. Nämnden beslutade enligt förslaget.\n",
		      "decision-unresolved", REFERAT__SEVERITY__WARNING, "vad förslaget var");
}

static void an_empty_heading_is_a_warning(void **state)
{
	(void)state;
	Referat__Item item = REFERAT__ITEM__INIT;
	item.heading = (char *)"";
	Referat__Item *items[] = {&item};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.title = (char *)"Byggnadsnämnden – aktuella beslut 7 mars 2024";
	document.items = items;
	document.n_items = 1;
	Referat__Findings *findings = test_check(&check, &document);
	assert_non_null(findings);
	bool found = false;
	for (size_t i = 0; i < findings->n_findings; i++)
		found = found || strcmp(findings->findings[i]->rule, "heading-empty") == 0;
	assert_true(found);
	rf_unpack_free(&findings->base);
}

static void two_items_of_one_heading_are_noted(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD ITEM "\n" ITEM, "heading-repeated", REFERAT__SEVERITY__NOTE, "flera ärenden");
}

static void a_correction_without_a_date_is_a_warning(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD "Rättelse: tornet är i Söderby.\n\n" ITEM, "correction-undated",
		      REFERAT__SEVERITY__WARNING, "saknar datum");
}

/* A finding never holds what may be an identity number. */
static void a_heading_with_many_digits_is_not_quoted(void **state)
{
	(void)state;
	assert_breaks(TITLE LEAD "Ansökan från 090527-1474\n\nEn ansökan har kommit.\n", "item-without-decision",
		      REFERAT__SEVERITY__NOTE, "I avsnittet ”1”");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_that_could_not_be_read_are_told_of),
	    cmocka_unit_test(a_whole_page_has_no_findings),
	    cmocka_unit_test(a_missing_title_is_an_error),
	    cmocka_unit_test(a_missing_board_is_a_warning),
	    cmocka_unit_test(an_unknown_board_holds_and_the_nearest_is_named),
	    cmocka_unit_test(a_name_of_another_time_is_noted),
	    cmocka_unit_test(a_missing_day_is_a_warning),
	    cmocka_unit_test(a_title_and_a_lead_that_disagree_are_named),
	    cmocka_unit_test(a_meeting_to_come_is_a_warning),
	    cmocka_unit_test(a_missing_lead_is_noted),
	    cmocka_unit_test(a_page_without_items_is_an_error),
	    cmocka_unit_test(an_item_without_text_or_decision_is_told),
	    cmocka_unit_test(a_line_that_may_be_a_caption_is_a_warning),
	    cmocka_unit_test(a_decision_by_reference_to_nothing_is_a_warning),
	    cmocka_unit_test(an_empty_heading_is_a_warning),
	    cmocka_unit_test(two_items_of_one_heading_are_noted),
	    cmocka_unit_test(a_correction_without_a_date_is_a_warning),
	    cmocka_unit_test(a_heading_with_many_digits_is_not_quoted),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
