/* check.personal-data: what may point out a private person, what may not, and that a finding never says what it found.
 */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Referat__Findings *check_item(const char *heading, const char *text)
{
	struct test_plugin reader;
	struct test_plugin check;
	test_plugin_start(&reader, "reader.text");
	test_plugin_start(&check, "check.personal-data");
	rf_autofree char *minutes = rf_format("Exempelby kommun\n\nSocialnämnden\n\nProtokoll\n\nSammanträdesdatum: "
					      "2024-05-07\n\n§ 1 %s\n\nBeslut\n\n%s\n",
					      heading, text);
	Referat__Document *document = test_read(&reader, test_bytes(minutes));
	assert_non_null(document);
	Referat__Findings *findings = test_check(&check, document);
	rf_unpack_free(&document->base);
	test_plugin_unload(&reader);
	test_plugin_unload(&check);
	return findings;
}

static Referat__Findings *check_text(const char *text)
{
	return check_item("Svar på skrivelse", text);
}

static void assert_found(const char *text, const char *rule, Referat__Severity severity)
{
	Referat__Findings *findings = check_text(text);
	assert_non_null(findings);
	assert_string_equal(findings->findings[0]->rule, rule);
	assert_int_equal(findings->findings[0]->severity, severity);
	assert_null(strstr(findings->findings[0]->text, "Exempelsson"));
	rf_unpack_free(&findings->base);
}

static void assert_clean(const char *text)
{
	Referat__Findings *findings = check_text(text);
	assert_true(!findings || findings->n_findings == 0);
	if (findings)
		rf_unpack_free(&findings->base);
}

static void health_and_family_beside_a_name_hold_the_document(void **state)
{
	(void)state;
	assert_found("Nämnden beviljar Rut Exempelsson stöd för hennes missbruk.", "sensitive",
		     REFERAT__SEVERITY__ERROR);
	assert_found("Faderskap för Bo Exempelsson godkänns.", "sensitive", REFERAT__SEVERITY__ERROR);
}

static void an_address_or_a_telephone_number_beside_a_name_holds_it(void **state)
{
	(void)state;
	assert_found("Svaret skickas till Rut Exempelsson, Storgatan 12.", "address", REFERAT__SEVERITY__ERROR);
	assert_found("Kontakta Rut Exempelsson, 070-123 45 67.", "telephone", REFERAT__SEVERITY__ERROR);
}

static void what_stands_beside_the_sentence_of_a_name_is_told_of_the_same_person(void **state)
{
	(void)state;
	assert_found("Rut Exempelsson har sökt stöd. Hon har en svår sjukdom.", "sensitive", REFERAT__SEVERITY__ERROR);
	assert_found("Utredningen visar ett missbruk. Rut Exempelsson får stöd.", "sensitive",
		     REFERAT__SEVERITY__ERROR);
	assert_clean("Rut Exempelsson tackar nämnden. Vägen är sex meter bred. Planen mot missbruk antas.");
}

/* The heading is not quoted when it says who it is. */
static void a_name_in_the_heading_goes_for_the_whole_item(void **state)
{
	(void)state;
	Referat__Findings *findings = check_item("Skrivelse från Rut Exempelsson", "Nämnden beviljar färdtjänst.");
	assert_non_null(findings);
	assert_string_equal(findings->findings[0]->rule, "sensitive");
	assert_non_null(strstr(findings->findings[0]->text, "I avsnitt 1, stycke 2,"));
	rf_unpack_free(&findings->base);
}

static void the_heading_of_a_secret_item_is_not_quoted(void **state)
{
	(void)state;
	Referat__Findings *findings =
	    check_item("Ansökan om vård enligt LVU för Rut", "Ärendet omfattas av sekretess.");
	assert_non_null(findings);
	assert_string_equal(findings->findings[0]->rule, "confidential");
	assert_null(strstr(findings->findings[0]->text, "Rut"));
	assert_null(strstr(findings->findings[0]->text, "LVU"));
	rf_unpack_free(&findings->base);
}

static void an_elected_person_is_known_where_the_party_is_not_said(void **state)
{
	(void)state;
	assert_clean("Eva Exempel (S) svarar. Eva Exempel talar om missbruk bland unga.");
}

static void elected_persons_places_and_organisations_are_no_private_persons(void **state)
{
	(void)state;
	assert_clean("Eva Exempel (S) svarar på frågor om missbruk.");
	assert_clean("Norra Skolan byggs om vid Storgatan 12.");
	assert_clean("Nämnden antar planen mot missbruk.");
	assert_clean("Exempelby Idrottsförening får 20 000 kronor.");
}

static void a_secret_item_is_noted_once(void **state)
{
	(void)state;
	assert_found("Ärendet omfattas av sekretess.", "confidential", REFERAT__SEVERITY__NOTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(health_and_family_beside_a_name_hold_the_document),
	    cmocka_unit_test(an_address_or_a_telephone_number_beside_a_name_holds_it),
	    cmocka_unit_test(what_stands_beside_the_sentence_of_a_name_is_told_of_the_same_person),
	    cmocka_unit_test(a_name_in_the_heading_goes_for_the_whole_item),
	    cmocka_unit_test(the_heading_of_a_secret_item_is_not_quoted),
	    cmocka_unit_test(an_elected_person_is_known_where_the_party_is_not_said),
	    cmocka_unit_test(elected_persons_places_and_organisations_are_no_private_persons),
	    cmocka_unit_test(a_secret_item_is_noted_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
