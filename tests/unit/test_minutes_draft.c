/* The draft of a summary of minutes, as a person reads it before it is approved: the text, what to look at, what is not
 * told of and why, and which words were replaced. */
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

static const char head[] = "Exempelby kommun\n\nKommunstyrelsen\n\nSammanträdesprotokoll\n\n"
			   "Sammanträdesdatum: 2024-05-07\n\n";

/* The part `draft` of a whole document. The caller frees. */
static char *draft_of_all(const char *text)
{
	struct test_plugin reader;
	struct test_plugin summariser;
	test_plugin_start(&reader, "reader.text");
	test_plugin_start(&summariser, "summariser.decisions");
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	struct referat_bytes packed = test_pack(&document->base);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&summariser, "document", "referat.document/1", packed, &result);
	assert_int_equal(result, REFERAT_HOLD);
	struct referat_bytes draft = test_output(call, "draft");
	char *copy = rf_strndup((const char *)draft.data, draft.size);
	rf_call_free(call);
	free((void *)packed.data);
	rf_unpack_free(&document->base);
	test_plugin_unload(&reader);
	test_plugin_unload(&summariser);
	return copy;
}

static char *draft_of(const char *items)
{
	rf_autofree char *text = rf_format("%s%s", head, items);
	return draft_of_all(text);
}

static void assert_says(const char *draft, const char *text)
{
	if (!strstr(draft, text))
		fail_msg("\"%s\" does not stand in\n%s", text, draft);
}

static void assert_silent(const char *draft, const char *text)
{
	if (strstr(draft, text))
		fail_msg("\"%s\" stands in\n%s", text, draft);
}

static void it_has_the_whole_summary_with_paragraphs_and_outcomes(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of("§ 5 Svar på motion om bad\n\nBeslut\n\nMotionen avslås.\n\n"
					   "Ärendebeskrivning\n\nMotionen handlar om ett utebad vid sjön i Norrby.\n\n"
					   "§ 6 Avtal om snöröjning\n\nBeslut\n\nKommunstyrelsen godkänner avtalet.\n");
	assert_says(draft, "\nKommunstyrelsen – aktuella beslut 7 maj 2024\n");
	assert_says(draft, "Motion om bad och avtal om snöröjning är några av de ärenden");
	assert_says(draft, "\nNej till motion om bad (§ 5)\n\n  [Avslås] Kommunstyrelsen säger nej till motionen.\n"
			   "  Motionen handlar om ett utebad vid sjön i Norrby.\n");
	assert_says(draft, "\nAvtal om snöröjning (§ 6)\n\n  [Godkänns] Kommunstyrelsen godkänner avtalet.\n");
}

static void it_says_what_is_left_out_and_why(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of("§ 1 Val av justerare\n\nBeslut\n\nEva Exempel (S) utses.\n\n"
					   "§ 2 Avtal\n\nBeslut\n\nAvtalet godkänns.\n");
	assert_says(draft,
		    "\nINTE MED, OCH VARFÖR\n\n  § 1 Val av justerare: Ärendet hör till sammanträdets rutiner.\n");
}

static void what_is_left_out_for_a_person_is_told_by_its_number_alone(void **state)
{
	(void)state;
	rf_autofree char *draft =
	    draft_of("§ 3 Dispens för Rut Exempelsson\n\nBeslut\n\nRut Exempelsson beviljas dispens.\n\n"
		     "§ 4 Ansökan om vård enligt LVU, Bo Exempelsson\n\nÄrendet omfattas av sekretess.\n");
	assert_says(draft, "\n  § 3: Beslutet kan nämna en privatperson.");
	assert_says(draft, "\n  § 4: Ärendet rör en enskild person");
	assert_silent(draft, "Exempelsson");
}

static void it_says_which_words_were_replaced_and_where(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of("§ 5 Avtal\n\nBeslut\n\nAvtalet godkänns i enlighet med förslaget.\n\n"
					   "§ 6 Plan\n\nBeslut\n\nPlanen antas i enlighet med förslaget.\n");
	assert_says(draft, "\nORD SOM HAR BYTTS UT\n\n  i enlighet med → enligt (§ 5, § 6)\n");
}

static void it_says_how_hard_it_is_to_read_before_and_after(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of("§ 5 Avtal\n\nBeslut\n\nAvtalet godkänns.\n");
	assert_says(draft, "Läsbarhetsindex (LIX) 102 i protokollet, 102 i utkastet. "
			   "Ord per mening 2 i protokollet, 2 i utkastet.");
}

static void a_sentence_that_stayed_long_is_told(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of(
	    "§ 7 Vägen\n\nBeslut\n\nVägen mellan skolan och badet byggs om med en ny bana för dem som cyklar, en bred "
	    "bana "
	    "för dem som går, nya lampor längs hela sträckan, två nya hållplatser för bussen vid skolan och ett räcke "
	    "av trä mot ån.\n");
	assert_says(draft, "\nATT SE ÖVER\n\n  § 7: En mening har 41 ord och kan behöva delas: "
			   "”Vägen mellan skolan och badet byggs …”\n");
}

static void thousands_of_thousands_stand_as_they_are_and_are_told(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of("§ 8 Budget\n\nBeslut\n\n1. Skolan tilldelas 31 000 tkr.\n\n"
					   "2. Badet tilldelas 250 tkr.\n");
	assert_says(draft, "Skolan tilldelas 31 000 tkr.");
	assert_says(draft, "Badet tilldelas 250 tusen kronor.");
	assert_says(draft, "\n  § 8: Beloppet ”31 000 tkr” står som i protokollet.");
	rf_autofree char *misprint = draft_of("§ 8 Budget\n\nBeslut\n\nSkolan tilldelas 31 000 tusen kronor.\n");
	assert_says(misprint, "\n  § 8: Beloppet ”31 000 tusen kronor” står som i protokollet.");
	rf_autofree char *plain = draft_of("§ 8 Budget\n\nBeslut\n\nSkolan tilldelas 31 tusen kronor.\n");
	assert_silent(plain, "Beloppet");
}

static void a_board_or_a_day_that_is_not_known_is_told(void **state)
{
	(void)state;
	rf_autofree char *draft = draft_of_all(
	    "Protokoll\n\n§ 5 Avtal\n\nBeslut\n\nAvtalet godkänns.\n\n§ 6 Plan\n\nBeslut\n\nPlanen antas.\n");
	assert_says(draft, "\n  Hela: Det framgår inte av protokollet vilken nämnd det är.");
	assert_says(draft, "\n  Hela: Det framgår inte av protokollet vilken dag sammanträdet var.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_has_the_whole_summary_with_paragraphs_and_outcomes),
	    cmocka_unit_test(it_says_what_is_left_out_and_why),
	    cmocka_unit_test(what_is_left_out_for_a_person_is_told_by_its_number_alone),
	    cmocka_unit_test(it_says_which_words_were_replaced_and_where),
	    cmocka_unit_test(it_says_how_hard_it_is_to_read_before_and_after),
	    cmocka_unit_test(a_sentence_that_stayed_long_is_told),
	    cmocka_unit_test(thousands_of_thousands_stand_as_they_are_and_are_told),
	    cmocka_unit_test(a_board_or_a_day_that_is_not_known_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
