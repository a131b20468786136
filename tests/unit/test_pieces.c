/* What was read from several files of one meeting's minutes, made one document (stages/ingest/pieces.c over
 * referat_merge). */
#include "base/memory.h"
#include "document/unpack.h"
#include "stages/ingest/paragraphs.h"
#include "stages/ingest/pieces.h"
#include "tests/support/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- which paragraphs ----------------------------------------------------------------------------------------------
 */

static void paragraphs_are_named_by_their_ranges(void **state)
{
	static const char *const cases[][2] = {
	    {"§ 20", "20"},
	    {"§§ 20–22", "20-22"},
	    {"§§ 20 - 22", "20-22"},
	    {"20-22", "20-22"},
	    {"§§ 1–19, 21–40", "1-19_21-40"},
	    {"§§ 21–40 och 1–19", "1-19_21-40"},
	    {"§ 20, §§ 1–19, §§ 21–40", "1-40"}, /* ranges that touch are one */
	    {"§ 20, §§ 19–21", "19-21"},
	    {"§§ 1/24–40/24", "1-40"},
	    {"§ 1 – § 40", "1-40"},
	    {"§ 1 t.o.m. § 40", "1-40"},
	    {"§ 20 – omedelbar justering", "20"},
	    {"§ 20 och § 22", "20_22"},
	    {"§§ 7–9 (3 sidor)", "7-9"},
	};
	(void)state;
	for (size_t i = 0; i < RF_COUNT(cases); i++) {
		rf_autofree char *read = paragraphs_read(cases[i][0]);
		assert_non_null(read);
		assert_string_equal(read, cases[i][1]);
	}
}

static void what_is_no_list_of_paragraphs_is_not_known(void **state)
{
	static const char *const cases[] = {"", "samtliga", "§§ 22–20", "§ 12345678"};
	(void)state;
	assert_null(paragraphs_read(NULL));
	for (size_t i = 0; i < RF_COUNT(cases); i++)
		assert_null(paragraphs_read(cases[i]));
	char many[33 * 5 + 1] = "";
	for (unsigned i = 0; i < 33; i++)
		strcat(many, i % 2 ? "9, " : "11, ");
	assert_null(paragraphs_read(many));
}

static void paragraphs_are_told_of_in_few_words(void **state)
{
	static const unsigned one[] = {7}, many[] = {1, 2, 3, 5, 7, 8};
	(void)state;
	rf_autofree char *single = paragraphs_words(one, 1), *several = paragraphs_words(many, RF_COUNT(many));
	assert_string_equal(single, "§ 7");
	assert_string_equal(several, "§§ 1–3, 5, 7–8");
}

/* ---- pieces --------------------------------------------------------------------------------------------------------
 */

struct minutes {
	struct piece pieces[4];
	size_t n;
	struct rf_arena arena;
	struct referat_merge merge;
};

static int set_up(void **state)
{
	*state = rf_alloc(sizeof(struct minutes));
	return 0;
}

static int tear_down(void **state)
{
	struct minutes *minutes = *state;
	for (size_t i = 0; i < minutes->n; i++)
		rf_unpack_free(&minutes->pieces[i].document->base);
	rf_arena_clear(&minutes->arena);
	free(minutes);
	return 0;
}

/* What was read from a part: items, as "20 heading|decision" each, and more of the document and of the meeting in JSON.
 */
struct read {
	const char *part, *items[4], *document, *meeting;
};

static char *items_json(const struct read *read)
{
	char *all = rf_strdup("");
	for (size_t i = 0; i < RF_COUNT(read->items) && read->items[i]; i++) {
		const char *heading = strchr(read->items[i], ' ') + 1, *decision = strchr(read->items[i], '|');
		int number = (int)(heading - 1 - read->items[i]),
		    words = decision ? (int)(decision - heading) : (int)strlen(heading);
		char *text = decision ? rf_format(", \"blocks\": [{\"text\": \"%s\", \"place\": {\"part\": \"source\","
						  " \"line\": %zu}}], \"decisions\": [{\"text\": \"%s\", \"place\":"
						  " {\"part\": \"document\", \"item\": %zu, \"block\": 0}}]",
						  decision + 1, i + 1, decision + 1, i)
				      : rf_strdup("");
		char *more = rf_format("%s%s{\"number\": \"§ %.*s\", \"heading\": \"%.*s\", \"heading_place\":"
				       " {\"part\": \"source\", \"line\": %zu}%s}",
				       all, i ? ", " : "", number, read->items[i], words, heading, i + 1, text);
		free(all);
		free(text);
		all = more;
	}
	return all;
}

static void add(struct minutes *minutes, struct read read)
{
	rf_autofree char *items = items_json(&read);
	rf_autofree char *json =
	    rf_format("{\"kind\": \"MINUTES\", \"board\": {\"id\": \"ks\", \"name\": \"Kommunstyrelsen\", \"place\":"
		      " {\"part\": \"source\", \"line\": 1}}, \"meeting\": {\"day\": {\"date\": \"2024-04-17\"}%s%s},"
		      " \"items\": [%s]%s%s}",
		      read.meeting ? ", " : "", read.meeting ? read.meeting : "", items, read.document ? ", " : "",
		      read.document ? read.document : "");
	struct referat_bytes packed = test_message(&referat__document__descriptor, json);
	struct piece *piece = &minutes->pieces[minutes->n++];
	*piece = (struct piece){read.part, test_unpack(&referat__document__descriptor, packed)};
	free((void *)packed.data);
	if (minutes->n > 1)
		piece_mark(piece);
}

static const Referat__Document *merged(struct minutes *minutes, const char *added, bool agree)
{
	assert_int_equal(pieces_merge(minutes->pieces, minutes->n, added, &minutes->arena, &minutes->merge), agree);
	return &minutes->merge.together;
}

static void assert_numbers(const Referat__Document *document, const char *expected)
{
	rf_autofree char *numbers = rf_strdup("");
	for (size_t i = 0; i < document->n_items; i++) {
		char *more = rf_format("%s%s%s", numbers, i ? " " : "", document->items[i]->number + strlen("§ "));
		free(numbers);
		numbers = more;
	}
	assert_string_equal(numbers, expected);
}

static void items_stand_in_the_order_of_their_numbers(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source",
				   .items = {"1 Upprop", "19 Skola|godkänna", "21 Bro|avslå", "116b Ett|anta"}});
	add(minutes,
	    (struct read){.part = "source/20", .items = {"20 Snö|godkänna avtalet", "116a Två|anta", "116 Tre|anta"}});
	const Referat__Document *document = merged(minutes, "", true);
	assert_numbers(document, "1 19 20 21 116 116a 116b");
	for (size_t i = 0; i < document->n_items; i++)
		if (document->items[i]->n_decisions)
			assert_int_equal(document->items[i]->decisions[0]->place->item, i);
}

static void places_say_the_file_that_they_were_read_in(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source", .items = {"19 Skola|godkänna"}});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Snö|godkänna avtalet", "21 Is|avslå"}});
	const Referat__Document *document = merged(minutes, "", true);
	assert_string_equal(document->items[0]->heading_place->part, "source");
	assert_string_equal(document->items[1]->heading_place->part, "source/20");
	assert_string_equal(document->items[1]->blocks[0]->place->part, "source/20");
	assert_string_equal(document->items[1]->decisions[0]->place->part, "document");
	assert_string_equal(document->board->place->part, "source/20"); /* the cover of the larger piece */
}

static void a_cover_gives_what_the_other_does_not_say(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source",
				   .items = {"20 Snö|godkänna"},
				   .document = "\"municipality\": \"Exempelby\", \"title\": \"Omedelbar justering\"",
				   .meeting = "\"paragraphs\": \"§ 20\", \"location\": \"Rådhuset\","
					      " \"adjusters\": [\"Bo Exempel\"], \"participants\": [{\"name\": \"Eva "
					      "Exempel\"}, {\"name\": \"Bo Exempel\"}]"});
	add(minutes,
	    (struct read){.part = "source/1-19",
			  .items = {"1 Upprop", "19 Skola|godkänna"},
			  .document = "\"title\": \"Protokoll\"",
			  .meeting = "\"paragraphs\": \"§§ 1–19\", \"adjusters\": [\"Bo Exempel\"], \"participants\":"
				     " [{\"name\": \"Eva Exempel\", \"party\": \"S\"}, {\"name\": \"Ada Exempel\"}]"});
	const Referat__Document *document = merged(minutes, "", true);
	assert_string_equal(document->title, "Protokoll");
	assert_string_equal(document->municipality, "Exempelby");
	assert_string_equal(document->meeting->location, "Rådhuset");
	assert_string_equal(document->meeting->paragraphs, "§ 20, §§ 1–19");
	assert_int_equal(document->meeting->n_adjusters, 1);
	assert_int_equal(document->meeting->n_participants, 3);
	assert_string_equal(document->meeting->participants[0]->party, "S");
}

static void each_notice_keeps_its_days(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source",
				   .items = {"1 Upprop", "19 Skola|godkänna"},
				   .meeting = "\"paragraphs\": \"§§ 1–19\", \"posting\": {\"up\": \"2024-04-25\"}"});
	add(minutes, (struct read){.part = "source/20",
				   .items = {"20 Snö|godkänna"},
				   .meeting = "\"paragraphs\": \"§ 20\", \"posting\": {\"up\": \"2024-04-17\","
					      " \"down\": \"2024-05-09\"}"});
	const Referat__Meeting *meeting = merged(minutes, "", true)->meeting;
	assert_string_equal(meeting->posting->up, "2024-04-25");
	assert_null(meeting->posting->down);
	assert_int_equal(meeting->n_postings, 2);
	assert_string_equal(meeting->postings[1]->paragraphs, "§ 20");
	assert_string_equal(meeting->postings[1]->down, "2024-05-09");
}

/* ---- a paragraph in two files --------------------------------------------------------------------------------------
 */

static void a_paragraph_that_two_files_have_in_the_same_words_stands_once(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source", .items = {"19 Skola|avslå", "20 Avtal – snö|Godkänna  avtalet."}});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Avtal - snö|godkänna avtalet"}});
	assert_numbers(merged(minutes, "", true), "19 20");
}

static void one_that_only_points_to_the_other_file_gives_way(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source", .items = {"19 Skola|avslå", "20 Omedelbart justerad"}});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Snö|godkänna avtalet"}});
	const Referat__Document *document = merged(minutes, "", true);
	assert_numbers(document, "19 20");
	assert_int_equal(document->items[1]->n_decisions, 1);
}

static void other_words_are_for_a_person_to_judge(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source", .items = {"19 Skola|avslå", "20 Snö|avslå avtalet"}});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Snö|godkänna avtalet"}});
	const Referat__Document *document = merged(minutes, "", false);
	assert_string_equal(document->items[1]->decisions[0]->text, "avslå avtalet"); /* should it be released */
	assert_string_equal(minutes->merge.difference.kept->number, "§ 20");
	assert_string_equal(item_part(minutes->merge.difference.kept), "source");
	assert_string_equal(item_part(minutes->merge.difference.other), "source/20");
}

static void a_correction_is_right(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source",
				   .items = {"20 Snö|avslå avtalet"},
				   .document = "\"correction\": {\"note\": \"avslag\", \"date\": \"2024-04-22\"}"});
	add(minutes, (struct read){.part = "source/19-20", .items = {"19 Skola|avslå", "20 Snö|godkänna avtalet"}});
	const Referat__Document *document = merged(minutes, "", true);
	assert_string_equal(document->items[1]->decisions[0]->text, "avslå avtalet");
	assert_string_equal(document->correction->note, "avslag");
}

static void a_correction_of_one_file_does_not_settle_what_two_others_say(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source",
				   .items = {"1 Upprop|anta"},
				   .document = "\"correction\": {\"note\": \"stavfel\", \"date\": \"2024-04-22\"}"});
	add(minutes, (struct read){.part = "source/19-20", .items = {"19 Skola|avslå", "20 Snö|godkänna avtalet"}});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Snö|avslå avtalet"}});
	assert_numbers(merged(minutes, "", false), "1 19 20");
}

/* ---- do they belong together? --------------------------------------------------------------------------------------
 */

static void only_minutes_of_one_meeting_are_put_together(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source", .items = {"19 Skola|avslå"}});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Snö|godkänna"}});
	assert_true(pieces_stranger(minutes->pieces, 2) == SIZE_MAX);
	Referat__Document *other = minutes->pieces[1].document;
	other->meeting->day->has_sureness = true;
	other->meeting->day->sureness = REFERAT__SURENESS__DOUBTFUL;
	assert_int_equal(pieces_stranger(minutes->pieces, 2), 1);
	other->meeting->day->sureness = REFERAT__SURENESS__READ;
	other->kind = REFERAT__KIND__AGENDA;
	assert_int_equal(pieces_stranger(minutes->pieces, 2), 1);
	minutes->pieces[0].document->kind = REFERAT__KIND__AGENDA;
	assert_int_equal(pieces_stranger(minutes->pieces, 2), 0);
}

/* ---- what came to a page that stood --------------------------------------------------------------------------------
 */

static void what_came_later_is_named_with_the_day_it_was_adjusted(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source",
				   .items = {"18 Upprop", "19 Skola|avslå", "20 Snö|godkänna", "21 Bro|anta"},
				   .meeting = "\"posting\": {\"adjusted\": \"2024-04-25\"}"});
	add(minutes, (struct read){.part = "source/20", .items = {"20 Snö|godkänna"}});
	const Referat__Document *document = merged(minutes, "source", true);
	assert_string_equal(document->completion->paragraphs, "§§ 18–19, 21");
	assert_string_equal(document->completion->date, "2024-04-25");
}

static void what_stood_there_all_along_is_no_completion(void **state)
{
	struct minutes *minutes = *state;
	add(minutes, (struct read){.part = "source", .items = {"20 Snö|godkänna"}});
	add(minutes, (struct read){.part = "source/19-20", .items = {"19 Skola|avslå", "20 Snö|godkänna"}});
	assert_null(merged(minutes, "source", true)->completion);
	assert_null(merged(minutes, "", true)->completion);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(paragraphs_are_named_by_their_ranges),
	    cmocka_unit_test(what_is_no_list_of_paragraphs_is_not_known),
	    cmocka_unit_test(paragraphs_are_told_of_in_few_words),
	    TEST(items_stand_in_the_order_of_their_numbers),
	    TEST(places_say_the_file_that_they_were_read_in),
	    TEST(a_cover_gives_what_the_other_does_not_say),
	    TEST(each_notice_keeps_its_days),
	    TEST(a_paragraph_that_two_files_have_in_the_same_words_stands_once),
	    TEST(one_that_only_points_to_the_other_file_gives_way),
	    TEST(other_words_are_for_a_person_to_judge),
	    TEST(a_correction_is_right),
	    TEST(a_correction_of_one_file_does_not_settle_what_two_others_say),
	    TEST(only_minutes_of_one_meeting_are_put_together),
	    TEST(what_came_later_is_named_with_the_day_it_was_adjusted),
	    TEST(what_stood_there_all_along_is_no_completion),
	};
	return cmocka_run_group_tests_name("pieces", tests, NULL, NULL);
}
