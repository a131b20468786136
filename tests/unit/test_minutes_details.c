/* What minutes say beside their items and decisions: on the cover, and of who proposed what. */
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

/* Minutes with these lines on the cover, and this text of their only item. The caller frees with rf_unpack_free. */
static Referat__Document *read_minutes(const char *cover, const char *item)
{
	rf_autofree char *text =
	    rf_format("Sammanträdesprotokoll    Sida 1 (4)\n\nTekniska nämnden\n\n2024-03-05\n\n"
		      "Plats och tid: Kommunhuset kl. 09.00\n\nBeslutande: Eva Exempel (S)\n\n%s\n\n"
		      "§ 12 Hastighet på Byvägen\n\n%s\n",
		      cover, item);
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_int_equal(document->n_items, 1);
	return document;
}

static const char decided[] = "Beslut\n\nTekniska nämnden antar planen.";

static void the_title_has_no_number_of_a_page(void **state)
{
	(void)state;
	Referat__Document *document = read_minutes("", decided);
	assert_string_equal(document->title, "Sammanträdesprotokoll");
	rf_unpack_free(&document->base);
}

static void a_line_of_the_cover_may_have_several_labels(void **state)
{
	(void)state;
	Referat__Document *document =
	    read_minutes("Anslaget sätts upp: 2024-03-11 Anslaget tas ned: 2024-04-02 Förvaringsplats för protokollet: "
			 "Tekniska kontoret",
			 decided);
	const Referat__Posting *posting = document->meeting->posting;
	assert_string_equal(posting->up, "2024-03-11");
	assert_string_equal(posting->down, "2024-04-02");
	assert_string_equal(posting->kept_at, "Tekniska kontoret");
	rf_unpack_free(&document->base);
}

static void the_paragraphs_may_stand_in_a_column_or_above_their_label(void **state)
{
	(void)state;
	static const struct {
		const char *cover, *paragraphs;
	} covers[] = {{"Sekreterare   Nils Ek               Paragrafer 12–14, 16", "12–14, 16"},
		      {"Sekreterare   Nils Ek               Paragrafer §§ 12-14", "§§ 12-14"},
		      {"Sekreterare   Nils Ek                          § 12-14\nParagrafer", "§ 12-14"}};
	for (size_t i = 0; i < RF_COUNT(covers); i++) {
		Referat__Document *document = read_minutes(covers[i].cover, decided);
		assert_string_equal(document->meeting->paragraphs, covers[i].paragraphs);
		rf_unpack_free(&document->base);
	}
}

/* Only what says where the decision goes is a label: the rest is text of the item. */
static void a_word_behind_a_decision_is_no_label_by_itself(void **state)
{
	(void)state;
	static const char *const texts[] = {"Beslut – x", "Beslut – f", "Beslut – för",
					    "Beslut – förskolan i Teknikbyn"};
	for (size_t i = 0; i < RF_COUNT(texts); i++) {
		Referat__Document *document = read_minutes("", texts[i]);
		const Referat__Item *item = document->items[0];
		for (size_t k = 0; k < item->n_blocks; k++)
			assert_int_not_equal(item->blocks[k]->kind, REFERAT__BLOCK_KIND__SUBHEADING);
		rf_unpack_free(&document->base);
	}
}

static void who_signs_is_none_of_the_paragraphs(void **state)
{
	(void)state;
	Referat__Document *document =
	    read_minutes("Paragrafer: 12 – 14 My Exempel Ordförande Bo Exempel (M)\n\nFörvaringsplats för protokollet: "
			 "Stadshuset Sista datum för överklagande 2024-04-01",
			 decided);
	assert_string_equal(document->meeting->paragraphs, "12 – 14");
	assert_string_equal(document->meeting->posting->kept_at, "Stadshuset");
	rf_unpack_free(&document->base);
}

static void a_label_alone_below_the_number_is_the_heading(void **state)
{
	(void)state;
	rf_autofree char *text = rf_strdup("Sammanträdesprotokoll\n\nTekniska nämnden\n\n2024-03-05\n\n§ 12\n\n"
					   "Information\n\nTekniska chefen informerar om vintern.\n\nBeslut\n\n"
					   "Tekniska nämnden noterar informationen.\n\n§ 13\n\nInformation\n\n"
					   "Nya cykelvägar\n\nBeslut\n\nTekniska nämnden antar planen.\n");
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_int_equal(document->n_items, 2);
	assert_string_equal(document->items[0]->heading, "Information");
	assert_int_equal(document->items[0]->n_decisions, 1);
	rf_unpack_free(&document->base);
}

static void signatures_name_no_further_adjusters(void **state)
{
	(void)state;
	Referat__Document *document = read_minutes("Utses att justera: Bo Exempel (M)\n\nUnderskrifter\n\nSekreterare "
						   "...\n\nMy Exempel\n\nJusterande ...\n\nBo Exempel\n\n(2)",
						   decided);
	assert_int_equal(document->meeting->n_adjusters, 1);
	assert_string_equal(document->meeting->adjusters[0], "Bo Exempel (M)");
	rf_unpack_free(&document->base);
}

static void who_moved_may_stand_behind_the_verb(void **state)
{
	(void)state;
	Referat__Document *document = read_minutes(
	    "", "Yrkanden\n\nEva Exempel (S) yrkar bifall till förslaget.\n\nVidare yrkar Bo Exempel (M) och "
		"My Ek (C) att farten sänks.\n\nBeslut\n\nTekniska nämnden antar planen.");
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_proposals, 2);
	assert_string_equal(item->proposals[0]->by, "Eva Exempel (S)");
	assert_string_equal(item->proposals[1]->by, "Bo Exempel (M) och My Ek (C)");
	rf_unpack_free(&document->base);
}

static void a_reservation_at_another_bodys_meeting_is_none_here(void **state)
{
	(void)state;
	Referat__Document *document = read_minutes(
	    "", "Reservation i arbetsutskottet\n\nBo Exempel (M) reserverar sig mot beslutet.\n\nBeslut\n\n"
		"Tekniska nämnden antar planen.\n\nReservation\n\nMy Ek (C) reserverar sig mot beslutet.");
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_remarks, 1);
	assert_string_equal(item->remarks[0]->text, "My Ek (C) reserverar sig mot beslutet.");
	rf_unpack_free(&document->base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_title_has_no_number_of_a_page),
	    cmocka_unit_test(a_line_of_the_cover_may_have_several_labels),
	    cmocka_unit_test(the_paragraphs_may_stand_in_a_column_or_above_their_label),
	    cmocka_unit_test(a_word_behind_a_decision_is_no_label_by_itself),
	    cmocka_unit_test(who_signs_is_none_of_the_paragraphs),
	    cmocka_unit_test(a_label_alone_below_the_number_is_the_heading),
	    cmocka_unit_test(signatures_name_no_further_adjusters),
	    cmocka_unit_test(who_moved_may_stand_behind_the_verb),
	    cmocka_unit_test(a_reservation_at_another_bodys_meeting_is_none_here),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
