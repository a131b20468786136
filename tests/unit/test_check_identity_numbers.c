/* check.identity-numbers: what is one, what only looks like one, how they are written and broken, and that a finding
 * says where and never which. The numbers are the tax agency's and the public test vectors, not persons'. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin check;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&check, "check.identity-numbers");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&check);
	return 0;
}

static Referat__Block block_of(const char *text)
{
	Referat__Block block = REFERAT__BLOCK__INIT;
	block.has_kind = true;
	block.kind = REFERAT__BLOCK_KIND__PARAGRAPH;
	block.text = (char *)text;
	return block;
}

/* The findings about a document with one item of two paragraphs (the second may be NULL). */
static Referat__Findings *check_item(const char *heading, const char *first, const char *second)
{
	Referat__Block blocks[2] = {block_of(first), block_of(second)};
	Referat__Block *list[2] = {&blocks[0], &blocks[1]};
	Referat__Item item = REFERAT__ITEM__INIT;
	item.heading = (char *)heading;
	item.blocks = list;
	item.n_blocks = second ? 2 : 1;
	Referat__Item *items[1] = {&item};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.items = items;
	document.n_items = 1;
	return test_check(&check, &document);
}

static size_t count(const char *text)
{
	Referat__Findings *findings = check_item("Bidrag till föreningar", text, NULL);
	size_t n = findings ? findings->n_findings : 0;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(findings->findings[i]->severity, REFERAT__SEVERITY__FORBIDDEN);
	if (findings)
		rf_unpack_free(&findings->base);
	return n;
}

static void assert_found(const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (count(texts[i]) != 1)
			fail_msg("not found: %s", texts[i]);
}

static void assert_clean(const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (count(texts[i]) != 0)
			fail_msg("found: %s", texts[i]);
}

static void identity_numbers_are_found(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "090527-1474",     "Sökanden (090527-1474) bor i Norrby.",
	    "0905271474",      "20090527-1474",
	    "200905271474",    "000229-2399",
	    "570428-9999",     "090527+1474",
	    "pnr:090527-1474", "Personnummer 090527-1474.",
	};
	assert_found(texts, RF_COUNT(texts));
}

static void coordination_and_interim_numbers_are_found(void **state)
{
	(void)state;
	static const char *const texts[] = {"701063-2391", "640883-3231", "20000101-T220", "000101-r220"};
	assert_found(texts, RF_COUNT(texts));
}

static void broken_numbers_are_found(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "090527 1474",   "090527 - 1474",   "090527–1474",      "090527—1474",
	    "090527‑1474",   "090527\n1474",    "090527-\n1474",    "0905\n27-1474",
	    "09 05 27-1474", "2009-05-27-1474", "2009 05 27 1474",  "0905 27-1474",
	    "090527-14 74",  "090527-147\n4",   "090527\u00A01474", "０９０５２７-1474",
	};
	assert_found(texts, RF_COUNT(texts));
}

static void what_only_looks_like_one_is_left_alone(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "150916-0006",         /* birth number 000 */
	    "700428-9895",         /* check digit */
	    "857209-0606",         /* organisation number */
	    "556036-0793",         /* organisation number */
	    "802411-8310",         /* organisation number */
	    "090631-1477",         /* no such day */
	    "010229-2398",         /* no leap year */
	    "22090527-1474",       /* no such century */
	    "12090527-14741",      /* longer */
	    "1090527-1474",        /* longer */
	    "Dnr 090527-1474",     /* case number */
	    "KS 2018/090527-1474", /* case number */
	    "SN090527-1474",       /* case number */
	    "tel. 090527-1474",    /* telephone */
	    "1 250 000 kronor och 2 340 000 kronor",
	    "046-35 50 00, 070-123 45 67, 08-508 36 206",
	    "den 9 maj 2009, 27 personer, 1 474 kronor",
	    "2024-04-17 kl. 18.30",
	    "§§ 142–148, 150–166",
	};
	assert_clean(texts, RF_COUNT(texts));
}

static void each_number_is_a_finding(void **state)
{
	(void)state;
	assert_int_equal(count("090527-1474 och 000229-2399, samt 570428-9999"), 3);
}

static void a_finding_says_where_and_never_which(void **state)
{
	(void)state;
	Referat__Findings *findings =
	    check_item("Bidrag till föreningar", "Två ansökningar.", "En kom från 090527-1474.");
	assert_non_null(findings);
	assert_int_equal(findings->n_findings, 1);
	const Referat__Finding *finding = findings->findings[0];
	assert_string_equal(finding->rule, "identity-number");
	static const char words[] =
	    "I avsnittet 'Bidrag till föreningar', stycke 2, står något som liknar ett personnummer "
	    "(visas inte här). Ta bort det och spara filen igen, så publiceras den.";
	assert_memory_equal(finding->text, words, sizeof(words) - 1);
	assert_null(strstr(finding->text, "1474"));
	assert_int_equal(finding->place->item, 0);
	assert_int_equal(finding->place->block, 1);
	assert_int_equal(finding->place->start, strlen("En kom från "));
	assert_int_equal(finding->place->end, strlen("En kom från 090527-1474"));
	rf_unpack_free(&findings->base);
}

static void a_number_broken_between_paragraphs_is_found(void **state)
{
	(void)state;
	Referat__Findings *findings = check_item("Bidrag", "Ansökan från 090527-", "1474 har kommit in.");
	assert_non_null(findings);
	assert_int_equal(findings->findings[0]->place->block, 0);
	rf_unpack_free(&findings->base);
}

static void a_heading_with_a_number_is_not_quoted(void **state)
{
	(void)state;
	Referat__Findings *findings = check_item("Ansökan från 090527-1474", "Se 000229-2399.", NULL);
	assert_non_null(findings);
	assert_int_equal(findings->n_findings, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_null(strstr(findings->findings[i]->text, "1474"));
		assert_non_null(strstr(findings->findings[i]->text, "avsnitt 1"));
	}
	rf_unpack_free(&findings->base);
}

static void every_part_of_the_page_is_looked_at(void **state)
{
	(void)state;
	Referat__Block block = block_of("Se 090527-1474.");
	Referat__Block *blocks[] = {&block};
	Referat__Block linked = block_of("Ansökan");
	Referat__Span span = REFERAT__SPAN__INIT;
	span.href = (char *)"https://exempelby.se/?id=090527-1474";
	Referat__Span *spans[] = {&span};
	linked.spans = spans;
	linked.n_spans = 1;
	Referat__Block *links[] = {&linked};
	Referat__Notice notice = REFERAT__NOTICE__INIT;
	notice.blocks = blocks;
	notice.n_blocks = 1;
	Referat__Notice *notices[] = {&notice};
	Referat__Item item = REFERAT__ITEM__INIT;
	item.blocks = links;
	item.n_blocks = 1;
	Referat__Item *items[] = {&item};
	Referat__Document document = REFERAT__DOCUMENT__INIT;
	document.title = (char *)"Beslut om 090527-1474";
	document.lead = blocks;
	document.n_lead = 1;
	document.notices = notices;
	document.n_notices = 1;
	document.items = items;
	document.n_items = 1;
	Referat__Findings *findings = test_check(&check, &document);
	assert_non_null(findings);
	assert_int_equal(findings->n_findings, 4);
	rf_unpack_free(&findings->base);
}

static void findings_have_an_end(void **state)
{
	(void)state;
	enum { MANY = 150 };
	rf_autofree char *text = rf_alloc(MANY * sizeof("090527-1474 "));
	for (int i = 0; i < MANY; i++)
		strcat(text, "090527-1474 ");
	assert_int_equal(count(text), 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(identity_numbers_are_found),
	    cmocka_unit_test(coordination_and_interim_numbers_are_found),
	    cmocka_unit_test(broken_numbers_are_found),
	    cmocka_unit_test(what_only_looks_like_one_is_left_alone),
	    cmocka_unit_test(each_number_is_a_finding),
	    cmocka_unit_test(a_finding_says_where_and_never_which),
	    cmocka_unit_test(a_number_broken_between_paragraphs_is_found),
	    cmocka_unit_test(a_heading_with_a_number_is_not_quoted),
	    cmocka_unit_test(every_part_of_the_page_is_looked_at),
	    cmocka_unit_test(findings_have_an_end),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
