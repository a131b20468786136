/* Files that hold more than one thing: an agenda and the minutes of its meeting, minutes of one meeting that were
 * adjusted apart, minutes of several meetings. */
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

static struct test_plugin reader;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.text");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	return 0;
}

static const char agenda[] =
    "Exempelby kommun\n\nKallelse\n\nTekniska nämnden\n\nTisdagen den 5 mars 2024 kl. 09.00\n\n"
    "§ 11 Upprop\n\n§ 12 Hastighet på Byvägen\nDnr TN 2024/11\n\nFörslag till beslut\n\n"
    "Tekniska nämnden beslutar att sänka hastigheten till 40 km/tim.\n\n";

/* The caller frees. */
static char *minutes(const char *day, const char *paragraphs, const char *items)
{
	return rf_format("Sammanträdesprotokoll\n\nTekniska nämnden\n\n%s\n\nPlats och tid: Kommunhuset kl. 09.00\n\n"
			 "Beslutande: Eva Exempel (S)\n\nUtses att justera: Bo Exempel\n\nParagrafer: %s\n\n%s\n\n",
			 day, paragraphs, items);
}

static Referat__Document *read_text(const char *text)
{
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	return document;
}

static void an_agenda_before_the_minutes_is_left_aside(void **state)
{
	(void)state;
	rf_autofree char *decided = minutes("2024-03-05", "§§ 11–12",
					    "§ 11 Upprop\n\nUpprop förrättas.\n\n§ 12 Hastighet på Byvägen\n"
					    "Dnr TN 2024/11\n\nBeslut\n\n"
					    "Tekniska nämnden beslutar att sänka hastigheten till 30 km/tim.");
	rf_autofree char *text = rf_format("%s%s", agenda, decided);
	Referat__Document *document = read_text(text);
	assert_int_equal(document->kind, REFERAT__KIND__MINUTES);
	assert_int_equal(document->n_items, 2);
	assert_int_equal(document->items[1]->n_decisions, 1);
	assert_non_null(strstr(document->items[1]->decisions[0]->text, "30 km/tim"));
	rf_unpack_free(&document->base);
}

static void what_was_adjusted_at_once_takes_its_place_among_the_others(void **state)
{
	(void)state;
	rf_autofree char *first =
	    minutes("2024-03-05", "§ 13", "§ 13 Avtal om snöröjning\n\nBeslut\n\nTekniska nämnden godkänner avtalet.");
	rf_autofree char *rest = minutes("2024-03-05", "§§ 12–14",
					 "§ 12 Hastighet på Byvägen\n\nBeslut\n\nTekniska nämnden avslår förslaget.\n\n"
					 "§ 13 Avtal om snöröjning\n\nParagrafen är justerad i ett eget protokoll.\n\n"
					 "§ 14 Gatubelysning\n\nBeslut\n\nTekniska nämnden bordlägger ärendet.");
	rf_autofree char *text = rf_format("%s%s", first, rest);
	Referat__Document *document = read_text(text);
	static const char *const numbers[] = {"§ 12", "§ 13", "§ 14"};
	assert_int_equal(document->n_items, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_string_equal(document->items[i]->number, numbers[i]);
		assert_int_equal(document->items[i]->n_decisions, 1);
		assert_int_equal(document->items[i]->decisions[0]->place->item, i);
	}
	assert_int_equal(document->items[1]->decisions[0]->outcome, REFERAT__OUTCOME__APPROVED);
	assert_string_equal(document->meeting->paragraphs, "§ 13, §§ 12–14");
	rf_unpack_free(&document->base);
}

static void minutes_of_two_meetings_are_held_with_both_named(void **state)
{
	(void)state;
	rf_autofree char *first =
	    minutes("2024-02-06", "§ 5", "§ 5 Gatubelysning\n\nBeslut\n\nTekniska nämnden bordlägger ärendet.");
	rf_autofree char *second =
	    minutes("2024-03-05", "§ 13", "§ 13 Snöröjning\n\nBeslut\n\nTekniska nämnden godkänner avtalet.");
	rf_autofree char *text = rf_format("%s%s", first, second);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&reader, "source", "text/plain", test_bytes(text), &result);
	assert_int_equal(result, REFERAT_HOLD);
	assert_non_null(strstr(rf_call_reason(call), "Tekniska nämnden 2024-02-06"));
	assert_non_null(strstr(rf_call_reason(call), "Tekniska nämnden 2024-03-05"));
	rf_call_free(call);
}

static void minutes_whose_day_is_not_said_are_not_taken_for_the_same_meetings(void **state)
{
	(void)state;
	rf_autofree char *first =
	    minutes("2024-02-06", "§ 5", "§ 5 Gatubelysning\n\nBeslut\n\nTekniska nämnden bordlägger ärendet.");
	rf_autofree char *second =
	    minutes("", "§ 13", "§ 13 Snöröjning\n\nBeslut\n\nTekniska nämnden godkänner avtalet.");
	rf_autofree char *text = rf_format("%s%s", first, second);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&reader, "source", "text/plain", test_bytes(text), &result);
	assert_int_equal(result, REFERAT_HOLD);
	rf_call_free(call);
}

static void the_notice_behind_the_minutes_belongs_to_them(void **state)
{
	(void)state;
	rf_autofree char *decided =
	    minutes("2024-03-05", "§ 13", "§ 13 Snöröjning\n\nBeslut\n\nTekniska nämnden godkänner avtalet.");
	rf_autofree char *text =
	    rf_format("%sAnslag/Bevis\n\nOrgan: Tekniska nämnden\n\nSammanträdesdatum: 2024-03-05\n\n"
		      "Anslaget sätts upp: 2024-03-12\n\nAnslaget tas ned: 2024-04-03\n",
		      decided);
	Referat__Document *document = read_text(text);
	assert_int_equal(document->kind, REFERAT__KIND__MINUTES);
	assert_int_equal(document->n_items, 1);
	assert_int_equal(document->items[0]->n_decisions, 1);
	rf_unpack_free(&document->base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_agenda_before_the_minutes_is_left_aside),
	    cmocka_unit_test(what_was_adjusted_at_once_takes_its_place_among_the_others),
	    cmocka_unit_test(minutes_of_two_meetings_are_held_with_both_named),
	    cmocka_unit_test(minutes_whose_day_is_not_said_are_not_taken_for_the_same_meetings),
	    cmocka_unit_test(the_notice_behind_the_minutes_belongs_to_them),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
