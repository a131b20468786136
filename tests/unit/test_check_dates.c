/* check.dates: what no calendar has, what contradicts itself, and what can't be so yet. The clock stands on the day
 * after a meeting of Wednesday 17 April 2024. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin check;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&check, "check.dates");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&check);
	return 0;
}

static void assert_clean(const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sheet sheet = {0};
		sheet_init(&sheet, "Bidrag", texts[i], NULL);
		sheet_meet(&sheet, "2024-04-17");
		assert_finds_nothing(&check, &sheet);
	}
}

static void assert_found(const char *text, const char *rule, const char *words)
{
	struct sheet sheet = {0};
	sheet_init(&sheet, "Bidrag", "Två ansökningar.", text);
	sheet_meet(&sheet, "2024-04-17");
	assert_finds(&check, &sheet, rule, REFERAT__SEVERITY__WARNING, words);
}

static void a_day_that_no_calendar_has_is_told(void **state)
{
	(void)state;
	assert_found("Svar lämnas den 31 april.", "impossible",
		     "I avsnittet ”Bidrag”, stycke 2, står ”31 april”, men den dagen finns inte. Rätta datumet.");
	assert_found("Svar lämnas den 30 Februari 2024.", "impossible",
		     "I avsnittet ”Bidrag”, stycke 2, står ”30 Februari 2024”, men den dagen finns inte. Rätta "
		     "datumet.");
	assert_found("Svar lämnas 2023-02-29.", "impossible",
		     "I avsnittet ”Bidrag”, stycke 2, står ”2023-02-29”, men den dagen finns inte. Rätta datumet.");
	assert_found("Svar lämnas 2024-13-01.", "impossible",
		     "I avsnittet ”Bidrag”, stycke 2, står ”2024-13-01”, men den dagen finns inte. Rätta datumet.");
}

static void a_day_that_a_calendar_has_is_left_alone(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "Den 29 februari 2024, den 29 februari, 2024-02-29 och den 31 mars.",
	    "Planen från 2024 april blev klar, och 1 000 mars muggar köptes in.",
	    "I april 2024 och i maj.",
	    "Jan Maj kom den 1 jan 2024.",
	};
	assert_clean(texts, RF_COUNT(texts));
}

static void what_may_be_an_identity_number_is_not_quoted(void **state)
{
	(void)state;
	static const char *const texts[] = {"Ansökan från 1970-10-63-2391.", "Ansökan från 1970-10-63 2391.",
					    "Ansökan från 1970-02-30-2391."};
	assert_clean(texts, RF_COUNT(texts));
}

static void a_weekday_that_does_not_fit_is_told(void **state)
{
	(void)state;
	assert_found("Mötet var torsdagen den 17 april 2024.", "weekday",
		     "I avsnittet ”Bidrag”, stycke 2, står ”torsdagen den 17 april 2024”, men 17 april 2024 är en "
		     "onsdag. Rätta veckodagen eller datumet.");
	assert_found("Nästa möte är fredag 16 maj.", "weekday",
		     "I avsnittet ”Bidrag”, stycke 2, står ”fredag 16 maj”, men 16 maj 2024 är en torsdag. Rätta "
		     "veckodagen eller datumet.");
	assert_found("Nästa möte är måndag, 2024-05-14.", "weekday",
		     "I avsnittet ”Bidrag”, stycke 2, står ”måndag, 2024-05-14”, men 14 maj 2024 är en tisdag. Rätta "
		     "veckodagen eller datumet.");
}

static void a_weekday_that_can_fit_is_left_alone(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "Onsdagen den 17 april 2024, onsdag 17 april och torsdagens möte den 18 april.",
	    "Lördagen den 14 oktober var det valdag.", /* 2023 */
	    "Måndagen den 14 oktober är det stängt.",  /* 2024 */
	    "Torsdagen i april.",
	};
	assert_clean(texts, RF_COUNT(texts));
}

static void a_weekday_without_a_year_needs_a_meeting(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Bidrag", "Torsdagen den 17 april.", NULL);
	assert_finds_nothing(&check, &sheet);
}

static void a_range_that_ends_before_it_begins_is_told(void **state)
{
	(void)state;
	assert_found("Badet är stängt den 22–12 augusti.", "range",
		     "I avsnittet ”Bidrag”, stycke 2, står ”22–12 augusti”, men den tiden slutar innan den börjar. "
		     "Rätta dagarna.");
	assert_found("Badet är stängt den 9-2 juli 2024.", "range",
		     "I avsnittet ”Bidrag”, stycke 2, står ”9-2 juli 2024”, men den tiden slutar innan den börjar. "
		     "Rätta dagarna.");
	assert_found("Från den 22 augusti till den 12 augusti.", "range",
		     "I avsnittet ”Bidrag”, stycke 2, står ”22 augusti till den 12 augusti”, men den tiden slutar "
		     "innan den börjar. Rätta dagarna.");
	assert_found("Anslaget: 2013-05-03 – 2013-04-11.", "range",
		     "I avsnittet ”Bidrag”, stycke 2, står ”2013-05-03 – 2013-04-11”, men den tiden slutar innan den "
		     "börjar. Rätta dagarna.");
}

static void a_range_in_order_is_left_alone(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "Den 12–22 augusti, 1-2 november, 15 november till 3 mars.",
	    "Från den 15 november 2023 till den 3 mars 2024 och 2013-04-11 -- 2013-05-03.",
	    "Den 25 november, 2 och 9 december 2013, 16 juni och 4 juni.",
	    "Enligt §§ 142–8 maj och dnr 24-22-12 augusti.",
	};
	assert_clean(texts, RF_COUNT(texts));
}

static void a_meeting_of_another_age_is_told(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Bidrag", "Två ansökningar.", NULL);
	sheet_meet(&sheet, "1924-04-17");
	assert_finds(&check, &sheet, "meeting-old", REFERAT__SEVERITY__WARNING,
		     "Mötesdagen är 17 april 1924, för 100 år sedan. Kontrollera att året stämmer.");
	sheet_meet(&sheet, "2014-04-17");
	assert_finds_nothing(&check, &sheet);
}

static void legal_force_before_its_time_is_told(void **state)
{
	(void)state;
	static const char words[] = "I avsnittet ”Bidrag”, stycke 2, står att något har vunnit laga kraft. Ett beslut "
				    "från det här mötet kan överklagas till och med 8 maj 2024, kanske längre. Ta bort "
				    "orden om de gäller ett sådant beslut.";
	assert_found("Beslutet har vunnit laga kraft.", "legal-force", words);
	assert_found("Beslutet har vunnit laga kraft 2024-05-02.", "legal-force", words);
	assert_found("Inget mer. Beslutet om parken vann laga kraft den 2 maj.", "legal-force", words);
}

static void legal_force_in_its_time_is_left_alone(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "Beslutet har inte vunnit laga kraft.",
	    "Bygget börjar när planen har vunnit laga kraft.",
	    "Det är klart. Om planen har vunnit laga kraft börjar bygget.",
	    "Beslutet vinner laga kraft om tre veckor.",
	    "Planen vann laga kraft den 3 maj 2012.",
	    "Planen har vunnit laga kraft (2024-03-01).",
	    "Planen vann laga kraft år 2012.",
	};
	assert_clean(texts, RF_COUNT(texts));
	struct sheet sheet = {0};
	sheet_init(&sheet, "Bidrag", "Beslutet har vunnit laga kraft.", NULL);
	assert_finds_nothing(&check, &sheet); /* no day of a meeting */
	sheet_meet(&sheet, "2024-03-27");
	assert_finds_nothing(&check, &sheet); /* its last day was yesterday */
}

static void every_area_has_its_words(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Lov till den 31 april", "Tornet.", NULL);
	assert_finds(&check, &sheet, "impossible", REFERAT__SEVERITY__WARNING,
		     "I rubriken ”Lov till den 31 april” står ”31 april”, men den dagen finns inte. Rätta datumet.");
	sheet_init(&sheet, "Tornet", "Byggs.", NULL);
	sheet.document.title = (char *)"Bygg 31 april 2024";
	assert_finds(&check, &sheet, "impossible", REFERAT__SEVERITY__WARNING,
		     "I dokumentets rubrik står ”31 april 2024”, men den dagen finns inte. Rätta datumet.");
	sheet_init(&sheet, NULL, "Byggs före den 31 april.", NULL);
	assert_finds(&check, &sheet, "impossible", REFERAT__SEVERITY__WARNING,
		     "I avsnitt 1, stycke 1, står ”31 april”, men den dagen finns inte. Rätta datumet.");
	sheet.document.lead = sheet.block_list;
	sheet.document.n_lead = 1;
	sheet.document.n_items = 0;
	assert_finds(&check, &sheet, "impossible", REFERAT__SEVERITY__WARNING,
		     "I ingressen, stycke 1, står ”31 april”, men den dagen finns inte. Rätta datumet.");
	Referat__Notice notice = REFERAT__NOTICE__INIT;
	Referat__Notice *notices[] = {&notice};
	notice.blocks = sheet.block_list;
	notice.n_blocks = 1;
	sheet.document.notices = notices;
	sheet.document.n_notices = 1;
	sheet.document.n_lead = 0;
	assert_finds(&check, &sheet, "impossible", REFERAT__SEVERITY__WARNING,
		     "Bland raderna före eller efter ärendena står ”31 april”, men den dagen finns inte. Rätta "
		     "datumet.");
}

static void a_place_is_given(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_init(&sheet, "Bidrag", "Två ansökningar.", "Räkna på den 31 april.");
	Referat__Findings *findings = test_check(&check, &sheet.document);
	assert_non_null(findings);
	const Referat__Place *place = findings->findings[0]->place;
	assert_int_equal(place->item, 0);
	assert_int_equal(place->block, 1);
	assert_int_equal(place->start, strlen("Räkna på den "));
	assert_int_equal(place->end, strlen("Räkna på den 31 april"));
	rf_unpack_free(&findings->base);
}

static void findings_have_an_end(void **state)
{
	(void)state;
	enum { MANY = 150 };
	rf_autofree char *text = rf_alloc(MANY * sizeof("31 april, "));
	for (int i = 0; i < MANY; i++)
		strcat(text, "31 april, ");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Bidrag", text, NULL);
	Referat__Findings *findings = test_check(&check, &sheet.document);
	assert_non_null(findings);
	assert_int_equal(findings->n_findings, 101);
	assert_string_equal(findings->findings[100]->text,
			    "Fler än 100 datum i dokumentet kan inte stämma; resten räknas inte upp. Kontrollera att "
			    "det är rätt fil.");
	rf_unpack_free(&findings->base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_day_that_no_calendar_has_is_told),
	    cmocka_unit_test(a_day_that_a_calendar_has_is_left_alone),
	    cmocka_unit_test(what_may_be_an_identity_number_is_not_quoted),
	    cmocka_unit_test(a_weekday_that_does_not_fit_is_told),
	    cmocka_unit_test(a_weekday_that_can_fit_is_left_alone),
	    cmocka_unit_test(a_weekday_without_a_year_needs_a_meeting),
	    cmocka_unit_test(a_range_that_ends_before_it_begins_is_told),
	    cmocka_unit_test(a_range_in_order_is_left_alone),
	    cmocka_unit_test(a_meeting_of_another_age_is_told),
	    cmocka_unit_test(legal_force_before_its_time_is_told),
	    cmocka_unit_test(legal_force_in_its_time_is_left_alone),
	    cmocka_unit_test(every_area_has_its_words),
	    cmocka_unit_test(a_place_is_given),
	    cmocka_unit_test(findings_have_an_end),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
