/* Titles of summaries as boards have written them since 2017: whose meeting it was, and when. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct variant {
	const char *title;
	const char *lead;  /* what says the day; NULL: the title says all */
	const char *board; /* NULL: it is not said */
	const char *day;   /* NULL: not enough is said of it */
	bool extra;
} variants[] = {
    {"Socialnämnden – aktuella beslut april 2021", "den 21 april", "Socialnämnden", "2021-04-21", false},
    {"Socialnämnden – aktuella beslut i april 2021", "den 21 april", "Socialnämnden", "2021-04-21", false},
    {"Kommunfullmäktige – aktuella beslut i korthet februari 2020", "den 27 februari", "Kommunfullmäktige",
     "2020-02-27", false},
    {"Kommunfullmäktige – aktuella beslut i korthet i februari 2020", "den 27 februari", "Kommunfullmäktige",
     "2020-02-27", false},
    {"Kommunfullmäktige - aktuella beslut oktober 2024", "den 17 oktober", "Kommunfullmäktige", "2024-10-17", false},
    {"Kommunfullmäktige- aktuella beslut oktober 2024", "den 17 oktober", "Kommunfullmäktige", "2024-10-17", false},
    {"Kommunfullmäktige — aktuella beslut oktober 2024", "den 17 oktober", "Kommunfullmäktige", "2024-10-17", false},
    {"Kommunfullmäktige: aktuella beslut oktober 2024", "den 17 oktober", "Kommunfullmäktige", "2024-10-17", false},
    {"Kommunstyrelsen – aktuella beslut 31 maj 2023", NULL, "Kommunstyrelsen", "2023-05-31", false},
    {"Byggnadsnämnden – aktuella beslut 7 mars 2023", NULL, "Byggnadsnämnden", "2023-03-07", false},
    {"Arbetsmarknads- och socialnämnden – aktuella beslut april 2024", "den 17 april",
     "Arbetsmarknads- och socialnämnden", "2024-04-17", false},
    {"Socialnämnden – aktuella beslut vid extrainsatt sammanträde november 2022", "den 30 november", "Socialnämnden",
     "2022-11-30", true},
    {"Aktuella beslut i december 2018", "den 13 december", NULL, "2018-12-13", false},
    {"Ärenden kommunstyrelsen 6 december 2017", NULL, "Kommunstyrelsen", "2017-12-06", false},
    {"Ärenden kommunstyrelsen 6 december", NULL, "Kommunstyrelsen", NULL, false},
    {"SOCIALNÄMNDEN – AKTUELLA BESLUT APRIL 2021", "den 21 april", "SOCIALNÄMNDEN", "2021-04-21", false},
};

static const char *or_none(const char *text)
{
	return text ? text : "none";
}

static void assert_reads(struct test_plugin *reader, const struct variant *variant)
{
	rf_autofree char *text =
	    rf_format("%s\n\nNya träd togs upp på sammanträdet %s.\n\nTräd i Söderby\n\nNämnden beslutade att godkänna "
		      "planen.\n",
		      variant->title, variant->lead ? variant->lead : "i stadshuset");
	Referat__Document *document = test_read(reader, test_bytes(text));
	if (!document) {
		fail_msg("not read: %s", variant->title);
		return;
	}
	const Referat__Meeting *meeting = document->meeting;
	const char *board = or_none(document->board ? document->board->name : NULL);
	const char *day = or_none(meeting && meeting->day ? meeting->day->date : NULL);
	bool extra = meeting && meeting->extra;
	if (strcmp(document->title, variant->title) != 0 || strcmp(board, or_none(variant->board)) != 0 ||
	    strcmp(day, or_none(variant->day)) != 0 || extra != variant->extra || document->n_items != 1)
		fail_msg("%s: got %s, %s, %zu items%s", variant->title, board, day, document->n_items,
			 extra ? ", extra" : "");
	rf_unpack_free(&document->base);
}

static void every_way_to_write_a_title_is_read(void **state)
{
	(void)state;
	struct test_plugin reader;
	test_plugin_start(&reader, "reader.text");
	for (size_t i = 0; i < RF_COUNT(variants); i++)
		assert_reads(&reader, &variants[i]);
	test_plugin_unload(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_way_to_write_a_title_is_read)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
