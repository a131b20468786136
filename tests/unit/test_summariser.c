/* summariser.decisions: golden summaries of the samples, the places that each sentence comes from, and who has to
 * approve. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/golden.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader, summariser;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.text");
	test_plugin_start(&summariser, "summariser.decisions");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	test_plugin_unload(&summariser);
	return 0;
}

static Referat__Document *read_named(const char *name)
{
	rf_autofree char *file = rf_format("%s.txt", name);
	rf_autofree char *source = test_sample(file);
	Referat__Document *document = test_read(&reader, test_bytes(source));
	assert_non_null(document);
	return document;
}

static char *describe(const Referat__Summary *summary)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "%s\n", summary->generated ? "generated" : "written by a person");
	fprintf(out, "short: %s\n", summary->short_text ? summary->short_text : "-");
	for (size_t i = 0; i < summary->n_items; i++) {
		const Referat__SummaryItem *item = summary->items[i];
		fprintf(out, "%u %s", item->item, item->heading);
		for (size_t k = 0; k < item->n_outcomes; k++) {
			const ProtobufCEnumValue *value =
			    protobuf_c_enum_descriptor_get_value(&referat__outcome__descriptor, item->outcomes[k]);
			fprintf(out, " %s", value->name);
		}
		fprintf(out, "\n");
		for (size_t k = 0; k < item->n_sentences; k++)
			fprintf(out, "  %s\n", item->sentences[k]->text);
	}
	fclose(out);
	return text;
}

/* What of a sentence stands in the document: of a proposal what it proposes, of a point of a list that point. The
 * caller frees. */
static char *own_words(const char *text, const Referat__Block *block)
{
	static const char *const openings[] = {"Förslaget var att ", "Kommunstyrelsen beslutade att "};
	bool point = block->kind == REFERAT__BLOCK_KIND__LIST_ITEM;
	size_t size = strlen(openings[point]);
	return strncmp(text, openings[point], size) == 0 ? strndup(text + size, strlen(text) - size - 1) : NULL;
}

/* The sentence stands in the document, where its place says, or what is its own of it does. */
static void assert_stands_there(const Referat__Document *document, const Referat__Sentence *sentence)
{
	const Referat__Place *place = sentence->place;
	assert_non_null(place);
	const Referat__Block *block =
	    place->has_item ? document->items[place->item]->blocks[place->block] : document->lead[place->block];
	char *own = place->has_item ? own_words(sentence->text, block) : NULL;
	bool whole = own && strlen(sentence->text) == place->end - place->start;
	if (own && !whole) {
		const char *found = strstr(block->text + place->start, own);
		assert_true(found && found + strlen(own) <= block->text + place->end);
		free(own);
		return;
	}
	free(own);
	assert_int_equal(strlen(sentence->text), place->end - place->start);
	assert_memory_equal(block->text + place->start, sentence->text, place->end - place->start);
}

/* What a program wrote points to what it was written from. */
static void assert_points_there(const Referat__Document *document, const Referat__SummaryItem *item,
				const Referat__Sentence *sentence)
{
	const Referat__Place *place = sentence->place;
	assert_non_null(place);
	assert_int_equal(place->item, item->item);
	assert_true(place->block < document->items[place->item]->n_blocks);
	assert_true(place->end <= strlen(document->items[place->item]->blocks[place->block]->text));
}

static void assert_all_point_there(const Referat__Document *document, const Referat__Summary *summary)
{
	for (size_t i = 0; i < summary->n_items; i++)
		for (size_t k = 0; k < summary->items[i]->n_sentences; k++)
			assert_points_there(document, summary->items[i], summary->items[i]->sentences[k]);
}

static void assert_all_stand_there(const Referat__Document *document, const Referat__Summary *summary)
{
	for (size_t i = 0; i < summary->n_short_sources; i++)
		assert_stands_there(document, summary->short_sources[i]);
	for (size_t i = 0; i < summary->n_items; i++)
		for (size_t k = 0; k < summary->items[i]->n_sentences; k++)
			assert_stands_there(document, summary->items[i]->sentences[k]);
}

static void check_golden(const char *name, enum referat_result wanted)
{
	Referat__Document *document = read_named(name);
	Referat__Summary *summary = test_summarise(&summariser, document, wanted);
	if (summary->generated)
		assert_all_point_there(document, summary);
	else
		assert_all_stand_there(document, summary);
	rf_autofree char *record = describe(summary);
	rf_unpack_free(&summary->base);
	rf_unpack_free(&document->base);
	rf_autofree char *file = rf_format("%s.summary", name);
	test_golden(file, record, strlen(record));
}

static void what_a_person_wrote_is_taken_as_it_stands(void **state)
{
	(void)state;
	static const char *const names[] = {
	    "arenden-2017-12-06",         "bakgrund-2024-02",      "bibehallna-ord-2020-03",
	    "bildtexter-2023-05-31",      "extra-2022-11",         "byggnadsnamnden-2023-03-07",
	    "kommunstyrelsen-2022-05",    "olika-manader-2023-09", "radbruten-2021-09",
	    "rattelse-2024-04",           "utan-namnd-2018-12",    "skiftande-2022-06",
	    "namnden-i-full-form-2024-04"};
	for (size_t i = 0; i < RF_COUNT(names); i++)
		check_golden(names[i], REFERAT_OK);
}

static void what_is_taken_from_minutes_waits_for_a_person(void **state)
{
	(void)state;
	check_golden("protokoll-2024-03-12", REFERAT_HOLD);
}

static void approval_is_an_option(void **state)
{
	(void)state;
	static const struct {
		const char *approve;
		enum referat_result written, generated;
	} rows[] = {{"generated", REFERAT_OK, REFERAT_HOLD},
		    {"always", REFERAT_HOLD, REFERAT_HOLD},
		    {"never", REFERAT_OK, REFERAT_OK}};
	Referat__Document *written = read_named("extra-2022-11");
	Referat__Document *minutes = read_named("protokoll-2024-03-12");
	for (size_t i = 0; i < RF_COUNT(rows); i++) {
		const struct rf_plugin_setting setting = {"approve", rows[i].approve, false};
		struct test_plugin strict;
		test_plugin_init(&strict);
		test_plugin_load(&strict, "summariser.decisions", &setting, 1);
		rf_unpack_free(&test_summarise(&strict, written, rows[i].written)->base);
		rf_unpack_free(&test_summarise(&strict, minutes, rows[i].generated)->base);
		test_plugin_unload(&strict);
	}
	rf_unpack_free(&written->base);
	rf_unpack_free(&minutes->base);
}

static char *short_text_of(const char *lead)
{
	rf_autofree char *source = rf_format(
	    "Miljönämnden – aktuella beslut maj 2024\n\n%s\n\nNya träd i Söderby\n\nNämnden godkände planen.\n", lead);
	Referat__Document *document = test_read(&reader, test_bytes(source));
	assert_non_null(document);
	Referat__Summary *summary = test_summarise(&summariser, document, REFERAT_OK);
	char *text = rf_strdup(summary->short_text);
	rf_unpack_free(&summary->base);
	rf_unpack_free(&document->base);
	return text;
}

static void the_short_text_is_whole_sentences_that_fit(void **state)
{
	(void)state;
	rf_autofree char *page = short_text_of("Träd, vatten och buller. Här kan du läsa en sammanfattning.");
	assert_string_equal(page, "Träd, vatten och buller.");

	rf_autofree char *long_word = rf_alloc(400);
	for (int i = 0; i < 66; i++)
		strcat(long_word, "träd ");
	rf_autofree char *second_too_long = rf_format("Möte den 7 maj. Det gällde %som tog slut.", long_word);
	rf_autofree char *first = short_text_of(second_too_long);
	assert_string_equal(first, "Möte den 7 maj.");

	rf_autofree char *all_too_long = rf_format("Det gällde %som tog slut.", long_word);
	rf_autofree char *decision = short_text_of(all_too_long);
	assert_string_equal(decision, "Nämnden godkände planen.");
}

static void abbreviations_end_no_sentence(void **state)
{
	(void)state;
	rf_autofree char *text =
	    short_text_of("Bl.a. Norrby, t.ex. Storgatan 1, får träd kl. 8 den 7 maj enl. A. Ek, dvs. Anna Ek. Slut.");
	assert_string_equal(
	    text, "Bl.a. Norrby, t.ex. Storgatan 1, får träd kl. 8 den 7 maj enl. A. Ek, dvs. Anna Ek. Slut.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_person_wrote_is_taken_as_it_stands),
	    cmocka_unit_test(what_is_taken_from_minutes_waits_for_a_person),
	    cmocka_unit_test(approval_is_an_option),
	    cmocka_unit_test(the_short_text_is_whole_sentences_that_fit),
	    cmocka_unit_test(abbreviations_end_no_sentence),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
