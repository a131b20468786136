/* reader.markdown: what it reads out of the samples, what it leaves out, and that no text brings it down. */
#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/mutate.h"
#include "tests/support/parts.h"
#include "tests/support/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.markdown");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	return 0;
}

/* ---- golden ----------------------------------------------------------------------------------------------------- */

static void headings_lists_and_links_are_believed(void **state)
{
	(void)state;
	test_record_golden(&reader, "kommunstyrelsen-2022-05.md", "kommunstyrelsen-2022-05.md.record");
}

static void every_kind_of_block_is_known(void **state)
{
	(void)state;
	test_record_golden(&reader, "notiser-2024-02.md", "notiser-2024-02.md.record");
}

static void minutes_are_read(void **state)
{
	(void)state;
	test_record_golden(&reader, "protokoll-2024-03-12.md", "protokoll-2024-03-12.md.record");
}

/* As a clerk's style for subheadings has it. */
static void a_heading_that_says_who_decides_opens_the_decision(void **state)
{
	(void)state;
	static const char text[] = "# Sammanträdesprotokoll\n\nExempelby kommun\n\nKommunstyrelsen\n\n"
				   "Sammanträdesdatum: 2024-05-07\n\n## § 5 Ny väg\n\n### Kommunstyrelsen beslutar\n\n"
				   "1. att godkänna vägen, samt\n2. att avsätta 4 miljoner kronor.\n\n"
				   "### Ärendebeskrivning\n\nVägen är smal.\n\n"
				   "## § 6 Stöd\n\n### Kommunstyrelsen beslutar\n\natt godkänna stödet.\n";
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_int_equal(document->n_items, 2);
	assert_int_equal(document->items[0]->n_decisions, 2);
	assert_int_equal(document->items[0]->decisions[0]->outcome, REFERAT__OUTCOME__APPROVED);
	assert_int_equal(document->items[1]->n_decisions, 1);
	rf_unpack_free(&document->base);
}

/* Programs that take text out of printed pages save it with the ending of Markdown. */
static void printed_pages_are_read_line_by_line(void **state)
{
	(void)state;
	static const char text[] =
	    "---\nkommun: exempelby\n---\n\n<!-- sida 1 -->\n\nExempelby kommun   PROTOKOLL   1 (2)\nKommunstyrelsen\n"
	    "2024-05-07\n\n<!-- sida 2 -->\n\nExempelby kommun   PROTOKOLL   2 (2)\nKommunstyrelsen\n2024-05-07\n\n"
	    "\302\247 5      Dnr KS 2024/9\nAvtal om vatten\n\nBeslut\nAvtalet godk\303\244nns.\n";
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_int_equal(document->kind, REFERAT__KIND__MINUTES);
	assert_string_equal(document->items[0]->heading, "Avtal om vatten");
	assert_string_equal(document->items[0]->case_number, "KS 2024/9");
	assert_int_equal(document->items[0]->n_decisions, 1);
	rf_unpack_free(&document->base);
}

/* Such a program sets tables and files of its own between the lines, and escapes what Markdown might mean otherwise. */
static void what_markdown_adds_to_printed_pages_is_taken_off(void **state)
{
	(void)state;
	static const char text[] =
	    "<!-- sida 1 -->\n\nExempelby kommun   PROTOKOLL   1 (2)\nKommunrevisionen\n2024-05-07\n\n"
	    "<!-- sida 2 -->\n\nExempelby kommun   PROTOKOLL   2 (2)\nKommunrevisionen\n2024-05-07\n\n"
	    "\302\247 5      Dnr KR 2024/9\nGranskning av patientn\303\244mnden\n\nBeslut\n"
	    "Granskningen godk\303\244nns f\303\266r 2023\\.\n\n[Tabell 2-1](protokoll.tabeller/2-1.csv)\n\n"
	    "| Ledamot | Ja-<br>r\303\266st |\n| --- | --- |\n| Eva Ek (M) | X |\n|\n";
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_string_equal(document->board->name, "Kommunrevisionen");
	assert_int_equal(document->n_items, 1);
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_decisions, 1);
	assert_string_equal(item->decisions[0]->text, "Granskningen godk\303\244nns f\303\266r 2023.");
	for (size_t i = 0; i < item->n_blocks; i++) {
		assert_null(strpbrk(item->blocks[i]->text, "|[\\"));
		assert_null(strstr(item->blocks[i]->text, "---"));
	}
	rf_unpack_free(&document->base);
}

/* What is called to a meeting has decided nothing, even where it can't be made out. */
static void an_agenda_in_a_table_is_no_summary(void **state)
{
	(void)state;
	static const char text[] =
	    "<!-- sida 1 "
	    "-->\n\nKALLELSE/UNDERR\303\204TTELSE\n\nUppr\303\244ttad\n2025-05-08\n\nSocialn\303\244mnden\n\n"
	    "Sammantr\303\244de onsdagen den 14 maj 2025 kl. 16:00\n\n"
	    "|  | \303\204rende | F\303\266rslag |\n| --- | --- | --- |\n"
	    "| 1. | Budget | Socialn\303\244mnden antar<br>budgeten. |\n| 2. | Hyra | Hyran h\303\266js. |\n\n"
	    "<!-- sida 2 -->\n\nEXEMPELBY  KOMMUN\n\n2(2)\n";
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_int_equal(document->kind, REFERAT__KIND__AGENDA);
	for (size_t i = 0; i < document->n_items; i++)
		assert_int_equal(document->items[i]->n_decisions, 0);
	rf_unpack_free(&document->base);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

static enum referat_result result_of(const char *text, size_t size, char **reason)
{
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&reader, "source", "text/markdown",
					       (struct referat_bytes){(const uint8_t *)text, size}, &result);
	*reason = rf_format("%s", rf_call_reason(call));
	rf_call_free(call);
	return result;
}

static void assert_refused(const char *text, size_t size, enum referat_result wanted, const char *words)
{
	rf_autofree char *reason = NULL;
	assert_int_equal(result_of(text, size, &reason), wanted);
	assert_non_null(strstr(reason, words));
}

static void what_says_nothing_is_refused(void **state)
{
	(void)state;
	static const char html[] = "<p>Socialnämnden – aktuella beslut maj 2024</p>\n";
	static const char recipe[] = "# Pannkakor\n\nVispa mjölk och mjöl.\n";
	assert_refused("", 0, REFERAT_FAIL, "Filen är tom");
	assert_refused(html, sizeof(html) - 1, REFERAT_FAIL, "Filen är tom");
	assert_refused(recipe, sizeof(recipe) - 1, REFERAT_FAIL, "handlar om ett möte");
	assert_refused("# N\0", 4, REFERAT_FAIL, "ingen textfil");
}

static void another_media_type_is_left_to_the_next_reader(void **state)
{
	(void)state;
	static const char *const types[] = {"text/html", "text/plain", "", "text/markdownish"};
	for (size_t i = 0; i < RF_COUNT(types); i++) {
		struct rf_call *call = rf_call_new();
		rf_call_set_value(call, "type", types[i]);
		rf_call_add_input(call, "source", types[i], test_bytes("# Socialnämnden – aktuella beslut maj 2024"));
		assert_int_equal(rf_call_run(call, reader.plugin, reader.descriptor->run), REFERAT_NOT_FOUND);
		rf_call_free(call);
	}
}

/* ---- any bytes -------------------------------------------------------------------------------------------------- */

static void no_text_brings_the_reader_down(void **state)
{
	(void)state;
	static const char *const names[] = {"kommunstyrelsen-2022-05.md", "notiser-2024-02.md",
					    "protokoll-2024-03-12.md"};
	static const char *const pieces[] = {"\n\n", "# ", "## ", "> ",    "* ",  "1. ", "[",    "](",    "![",   "|",
					     "~~",   "**", "`",   "```\n", "<b>", "\\",  "\xC3", "---\n", "&#0;", "\t"};
	enum { ROUNDS = 200 };
	struct test_mutator mutator = {.seed = 20240213, .pieces = pieces, .n_pieces = RF_COUNT(pieces)};
	for (size_t i = 0; i < RF_COUNT(names); i++)
		test_mutated(&reader, &mutator, names[i], ROUNDS);
}

/* What is repeated without end is refused or read: in seconds, and without overrunning anything. */
static void repetition_is_survived(void **state)
{
	(void)state;
	static const char *const pieces[] = {"> ",   "- ",       "* a ",  "[",      "![",   "[a](",
					     "**a ", "_a*",      "`a ``", "<a ",    "&",    "|a|\n",
					     "\\",   "1. a\n  ", "~~a ",  "www.a@", "<!--", "[a]: b\n"};
	enum { SIZE = 100000 };
	for (size_t i = 0; i < RF_COUNT(pieces); i++) {
		rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
		rf_buffer_add_text(&text, "# Socialnämnden – aktuella beslut maj 2024\n\n");
		while (text.size < SIZE)
			rf_buffer_add_text(&text, pieces[i]);
		rf_autofree char *reason = NULL;
		if (result_of((const char *)text.data, text.size, &reason) != REFERAT_OK)
			assert_true(reason[0] != '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(headings_lists_and_links_are_believed),
	    cmocka_unit_test(every_kind_of_block_is_known),
	    cmocka_unit_test(minutes_are_read),
	    cmocka_unit_test(a_heading_that_says_who_decides_opens_the_decision),
	    cmocka_unit_test(printed_pages_are_read_line_by_line),
	    cmocka_unit_test(what_markdown_adds_to_printed_pages_is_taken_off),
	    cmocka_unit_test(an_agenda_in_a_table_is_no_summary),
	    cmocka_unit_test(what_says_nothing_is_refused),
	    cmocka_unit_test(another_media_type_is_left_to_the_next_reader),
	    cmocka_unit_test(no_text_brings_the_reader_down),
	    cmocka_unit_test(repetition_is_survived),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
