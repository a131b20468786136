/* check.links: where a link leads, what its label says, and lines that have lost theirs. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/findings.h"
#include "tests/support/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WHERE "I avsnittet ”Detaljplan”, stycke 2, "

static struct test_plugin check;

static int set_up(void **state)
{
	(void)state;
	test_plugin_init(&check);
	free((void *)check.host.publisher.data); /* one that says nothing of itself */
	check.host.publisher = (struct referat_bytes){0};
	test_plugin_load(&check, "check.links", NULL, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&check);
	return 0;
}

/* A sheet whose second paragraph has the link. */
static void link_init(struct sheet *sheet, const char *label, const char *href)
{
	*sheet = (struct sheet){0};
	sheet_init(sheet, "Detaljplan", "Planen antas.",
		   "Se planen, klicka här, Läs mer …, www.lund.se eller på webben.");
	sheet_link(sheet, 1, label, href);
}

static void assert_link(const char *label, const char *href, const char *rule, Referat__Severity severity,
			const char *text)
{
	struct sheet sheet;
	link_init(&sheet, label, href);
	assert_finds(&check, &sheet, rule, severity, text);
}

static void a_good_link_is_left_alone(void **state)
{
	(void)state;
	static const char *const addresses[] = {"https://lund.se/plan", "http://lund.se", "HTTPS://LUND.SE/å",
						"mailto:a@lund.se", "tel:+46463555000"};
	for (size_t i = 0; i < RF_COUNT(addresses); i++) {
		struct sheet sheet;
		link_init(&sheet, "planen", addresses[i]);
		assert_finds_nothing(&check, &sheet);
	}
}

static void a_link_without_an_address_is_told(void **state)
{
	(void)state;
	static const char *const addresses[] = {NULL, "", " ", "#"};
	for (size_t i = 0; i < RF_COUNT(addresses); i++)
		assert_link("planen", addresses[i], "address-missing", REFERAT__SEVERITY__WARNING,
			    WHERE "leder länken ”planen” ingenstans: den har ingen adress. Lägg till adressen, eller "
				  "ta bort länken.");
}

static void a_part_of_an_address_is_told(void **state)
{
	(void)state;
	static const char *const addresses[] = {"/planer", "www.lund.se/planer", "plan.html",
						"#planen", "//lund.se",          "../a:b"};
	for (size_t i = 0; i < RF_COUNT(addresses); i++)
		assert_link("planen", addresses[i], "address-relative", REFERAT__SEVERITY__WARNING,
			    WHERE "har länken ”planen” bara en del av en adress. Skriv hela adressen, med https:// "
				  "först.");
}

static void a_broken_address_is_told(void **state)
{
	(void)state;
	static const char *const addresses[] = {"https://", "https:/lund.se", "https:///plan", "https://lund.se/a b",
						"mailto:"};
	for (size_t i = 0; i < RF_COUNT(addresses); i++)
		assert_link("planen", addresses[i], "address-broken", REFERAT__SEVERITY__WARNING,
			    WHERE "har länken ”planen” en adress som inte går att följa: den är ofullständig, eller "
				  "har mellanslag i sig. Kopiera adressen på nytt.");
}

static void another_scheme_holds_the_document(void **state)
{
	(void)state;
	static const char *const addresses[] = {"javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:x",
						"\x01javascript:x"};
	for (size_t i = 0; i < RF_COUNT(addresses); i++)
		assert_link("planen", addresses[i], "address-refused", REFERAT__SEVERITY__ERROR,
			    WHERE "leder länken ”planen” till en adress som börjar med ”javascript:”. En länk får "
				  "börja med https:, http:, mailto: eller tel:. Byt adressen, eller ta bort länken.");
	assert_link("planen", "C:\\Users\\anna\\plan.docx", "address-refused", REFERAT__SEVERITY__ERROR,
		    WHERE "leder länken ”planen” till en adress som börjar med ”c:”. En länk får börja med https:, "
			  "http:, mailto: eller tel:. Byt adressen, eller ta bort länken.");
}

static void an_empty_label_is_told(void **state)
{
	(void)state;
	static const char *const labels[] = {"", " "};
	for (size_t i = 0; i < 2; i++)
		assert_link(labels[i], "https://lund.se", "label-empty", REFERAT__SEVERITY__WARNING,
			    WHERE "finns en länk utan text. Skriv vad den leder till, eller ta bort länken.");
}

static void a_label_that_says_nothing_is_told(void **state)
{
	(void)state;
	assert_link("klicka här", "https://lund.se", "label-vague", REFERAT__SEVERITY__WARNING,
		    WHERE
		    "heter en länk ”klicka här”, och det säger inte vart den leder. Skriv vad som finns där, till "
		    "exempel ”Läs mer om detaljplanen”.");
	assert_link("Läs mer …", "https://lund.se", "label-vague", REFERAT__SEVERITY__WARNING,
		    WHERE "heter en länk ”Läs mer …”, och det säger inte vart den leder. Skriv vad som finns där, till "
			  "exempel ”Läs mer om detaljplanen”.");
}

static void a_label_that_is_an_address_is_noted(void **state)
{
	(void)state;
	assert_link("www.lund.se", "https://www.lund.se", "label-address", REFERAT__SEVERITY__NOTE,
		    WHERE "är en adress utskriven som länkens text. Skriv vad som finns där i stället, till exempel "
			  "”Alla handlingar från mötet”.");
}

static void one_label_with_two_addresses_is_told_once(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Detaljplan", "Planen antas.", "Planen, planen och planen");
	sheet_link(&sheet, 0, "Planen", "https://lund.se/a");
	sheet_link(&sheet, 1, "Planen", "https://lund.se/a");
	assert_finds_nothing(&check, &sheet);
	sheet_link(&sheet, 1, "planen", "https://lund.se/b");
	sheet_link(&sheet, 1, "planen", "https://lund.se/c");
	assert_finds(&check, &sheet, "label-repeated", REFERAT__SEVERITY__WARNING,
		     WHERE "leder länken ”planen” till en annan adress än en tidigare länk med samma text. Skriv "
			   "texter som skiljer länkarna åt, eller rätta adressen.");
}

static void a_line_that_has_lost_its_link_is_told(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Detaljplan", "Planen antas.", "Läs mer om planen");
	assert_finds(&check, &sheet, "address-lost", REFERAT__SEVERITY__WARNING,
		     WHERE "ser ”Läs mer om planen” ut som en länk men har ingen adress. Lägg till länken, eller skriv "
			   "om raden.");
	sheet_link(&sheet, 1, "Läs mer om planen", "https://lund.se/plan");
	assert_finds_nothing(&check, &sheet);
}

/* What the publisher file has an address for, the page links. */
static void a_line_of_the_page_needs_the_publishers_address(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Detaljplan", "Här hittar du alla handlingar", NULL);
	sheet.blocks[0].kind = REFERAT__BLOCK_KIND__LINK_LINE;
	Referat__Notice notice = REFERAT__NOTICE__INIT;
	notice.has_role = true;
	notice.role = REFERAT__NOTICE_ROLE__DOCUMENTS;
	notice.blocks = sheet.block_list;
	notice.n_blocks = 1;
	Referat__Notice *notices[] = {&notice};
	sheet.document.notices = notices;
	sheet.document.n_notices = 1;
	sheet.document.n_items = 0;
	assert_finds(&check, &sheet, "address-lost", REFERAT__SEVERITY__NOTE,
		     "Bland raderna före eller efter ärendena ser ”Här hittar du alla handlingar” ut som en länk men "
		     "har ingen adress. Lägg till länken, eller skriv om raden.");
	notice.role = REFERAT__NOTICE_ROLE__SHARE;
	assert_finds_nothing(&check, &sheet);
	notice.role = REFERAT__NOTICE_ROLE__DOCUMENTS;

	struct referat_bytes publisher =
	    test_message(&referat__publisher__descriptor, "{\"documents\": \"https://lund.se/handlingar\"}");
	struct referat_bytes document = test_pack(&sheet.document.base);
	struct rf_call *call = rf_call_new();
	rf_call_add_input(call, "document", "referat.document/1", document);
	rf_call_add_input(call, "publisher", "referat.publisher/1", publisher);
	assert_int_equal(rf_call_run(call, check.plugin, check.descriptor->run), REFERAT_OK);
	assert_null(rf_call_findings(call).data);
	rf_call_free(call);
	free((void *)publisher.data);
	free((void *)document.data);
}

static void a_hostile_span_is_no_harm(void **state)
{
	(void)state;
	static const uint32_t bounds[][2] = {{0, UINT32_MAX}, {UINT32_MAX, UINT32_MAX}, {5, 2}, {1, 1}};
	for (size_t i = 0; i < RF_COUNT(bounds); i++) {
		struct sheet sheet;
		link_init(&sheet, "planen", "https://lund.se");
		sheet.spans[1][0].start = bounds[i][0];
		sheet.spans[1][0].end = bounds[i][1];
		assert_finds(&check, &sheet, "label-empty", REFERAT__SEVERITY__WARNING,
			     WHERE "finns en länk utan text. Skriv vad den leder till, eller ta bort länken.");
	}
	struct sheet sheet;
	link_init(&sheet, "på webben", NULL);
	sheet.spans[1][0].start += 2; /* inside the å */
	assert_finds(&check, &sheet, "address-missing", REFERAT__SEVERITY__WARNING,
		     WHERE "leder länken ”…” ingenstans: den har ingen adress. Lägg till adressen, eller ta bort "
			   "länken.");
}

static void a_label_with_many_digits_is_not_quoted(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Detaljplan", "Ansökan 090527-1474", NULL);
	sheet_link(&sheet, 0, "Ansökan 090527-1474", NULL);
	assert_finds(&check, &sheet, "address-missing", REFERAT__SEVERITY__WARNING,
		     "I avsnittet ”Detaljplan”, stycke 1, leder länken ”…” ingenstans: den har ingen adress. Lägg till "
		     "adressen, eller ta bort länken.");
}

/* Each link of very many spans the whole of a large paragraph. */
static void work_is_bounded(void **state)
{
	(void)state;
	enum { SIZE = 1 << 20, MANY = 100000 };
	rf_autofree char *text = rf_alloc(SIZE + 1);
	memset(text, 'a', SIZE);
	Referat__Span span = REFERAT__SPAN__INIT;
	span.has_kind = span.has_end = true;
	span.kind = REFERAT__SPAN_KIND__LINK;
	span.end = SIZE;
	rf_autofree Referat__Span **spans = rf_alloc(MANY * sizeof(Referat__Span *));
	for (size_t i = 0; i < MANY; i++)
		spans[i] = &span;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Detaljplan", text, NULL);
	sheet.blocks[0].spans = spans;
	sheet.blocks[0].n_spans = MANY;
	Referat__Findings *findings = test_check(&check, &sheet.document);
	assert_non_null(findings);
	assert_int_equal(findings->n_findings, 101);
	rf_unpack_free(&findings->base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_link_is_left_alone),
	    cmocka_unit_test(a_link_without_an_address_is_told),
	    cmocka_unit_test(a_part_of_an_address_is_told),
	    cmocka_unit_test(a_broken_address_is_told),
	    cmocka_unit_test(another_scheme_holds_the_document),
	    cmocka_unit_test(an_empty_label_is_told),
	    cmocka_unit_test(a_label_that_says_nothing_is_told),
	    cmocka_unit_test(a_label_that_is_an_address_is_noted),
	    cmocka_unit_test(one_label_with_two_addresses_is_told_once),
	    cmocka_unit_test(a_line_that_has_lost_its_link_is_told),
	    cmocka_unit_test(a_line_of_the_page_needs_the_publishers_address),
	    cmocka_unit_test(a_hostile_span_is_no_harm),
	    cmocka_unit_test(a_label_with_many_digits_is_not_quoted),
	    cmocka_unit_test(work_is_bounded),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
