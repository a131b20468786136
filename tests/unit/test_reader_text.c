/* reader.text: what it reads out of the samples (golden: one record a sample), which bytes it takes and which it
 * refuses, and that no text brings it down. */
#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/mutate.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"
#include "tests/support/record.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
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

/* ---- golden ----------------------------------------------------------------------------------------------------- */

static void check_golden(const char *name)
{
	rf_autofree char *sample = rf_format("%s.txt", name);
	rf_autofree char *record = rf_format("%s.record", name);
	test_record_golden(&reader, sample, record);
}

static void a_dash_short_form_and_a_list_of_decisions(void **state)
{
	(void)state;
	check_golden("kommunstyrelsen-2022-05");
}

static void the_day_in_the_title_is_read(void **state)
{
	(void)state;
	check_golden("byggnadsnamnden-2023-03-07");
}

static void a_sentence_before_a_list_is_no_heading(void **state)
{
	(void)state;
	check_golden("namnden-i-full-form-2024-04");
}

static void decisions_are_told_in_many_ways(void **state)
{
	(void)state;
	check_golden("skiftande-2022-06");
}

static void a_title_without_board_has_none(void **state)
{
	(void)state;
	check_golden("utan-namnd-2018-12");
}

static void an_extra_meeting_is_marked(void **state)
{
	(void)state;
	check_golden("extra-2022-11");
}

static void the_oldest_titles_are_known(void **state)
{
	(void)state;
	check_golden("arenden-2017-12-06");
}

static void captions_and_lone_lines_are_doubtful(void **state)
{
	(void)state;
	check_golden("bildtexter-2023-05-31");
}

static void wrapped_lines_are_joined(void **state)
{
	(void)state;
	check_golden("radbruten-2021-09");
}

static void a_correction_is_read(void **state)
{
	(void)state;
	check_golden("rattelse-2024-04");
}

static void earlier_decisions_and_those_of_others_are_background(void **state)
{
	(void)state;
	check_golden("bakgrund-2024-02");
}

static void a_lead_that_disagrees_makes_the_day_doubtful(void **state)
{
	(void)state;
	check_golden("olika-manader-2023-09");
}

static void plain_minutes_are_read(void **state)
{
	(void)state;
	check_golden("protokoll-2024-03-12");
}

static void an_agenda_has_items_and_no_decisions(void **state)
{
	(void)state;
	check_golden("kallelse-2024-05-14");
}

static void questions_abbreviations_and_the_follow_block(void **state)
{
	(void)state;
	check_golden("bibehallna-ord-2020-03");
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static const char page[] = "Miljönämnden – aktuella beslut maj 2024\n\nMöte den 7 maj.\n\nNya träd i Söderby\n\n"
			   "Nämnden godkände planen.\n";

static char *record_of(struct referat_bytes bytes)
{
	Referat__Document *document = test_read(&reader, bytes);
	assert_non_null(document);
	char *record = test_record(document);
	rf_unpack_free(&document->base);
	return record;
}

static void assert_same_record(const char *bytes, size_t size)
{
	rf_autofree char *expected = record_of(test_bytes(page));
	rf_autofree char *record = record_of((struct referat_bytes){(const uint8_t *)bytes, size});
	assert_string_equal(record, expected);
}

static void a_byte_order_mark_is_no_letter(void **state)
{
	(void)state;
	rf_autofree char *bytes = rf_format("\xEF\xBB\xBF%s", page);
	assert_same_record(bytes, strlen(bytes));
}

static void line_ends_of_windows_are_line_ends(void **state)
{
	(void)state;
	rf_autobuffer struct rf_buffer bytes = RF_BUFFER_INIT;
	for (const char *at = page; *at; at++)
		rf_buffer_add(&bytes, *at == '\n' ? "\r\n" : at, *at == '\n' ? 2 : 1);
	assert_same_record((const char *)bytes.data, bytes.size);
}

static void windows_1252_is_converted(void **state)
{
	(void)state;
	static const char bytes[] =
	    "Milj\xF6n\xE4mnden \x96 aktuella beslut maj 2024\n\nM\xF6te den 7 maj.\n\nNya tr\xE4"
	    "d i S\xF6"
	    "derby\n\n"
	    "N\xE4mnden godk\xE4nde planen.\n";
	assert_same_record(bytes, sizeof(bytes) - 1);
}

static void decomposed_letters_are_composed(void **state)
{
	(void)state;
	static const char bytes[] =
	    "Miljo\xCC\x88na\xCC\x88mnden – aktuella beslut maj 2024\n\nMo\xCC\x88te den 7 maj.\n\n"
	    "Nya tra\xCC\x88"
	    "d i So\xCC\x88"
	    "derby\n\nNa\xCC\x88mnden godka\xCC\x88nde planen.\n";
	assert_same_record(bytes, sizeof(bytes) - 1);
}

static void hidden_characters_hide_nothing(void **state)
{
	(void)state;
	static const char bytes[] = "Miljö\xC2\xADnämnden – aktuella\xC2\xA0"
				    "beslut maj 2024\n\nMöte den\xE2\x80\xAF"
				    "7 maj.\n\n"
				    "Nya träd i Sö\xE2\x80\x8B"
				    "derby\n\nNämnden godkände planen.\n";
	assert_same_record(bytes, sizeof(bytes) - 1);
}

/* ---- refusals ---------------------------------------------------------------------------------------------------- */

static void assert_refused(const void *bytes, size_t size, enum referat_result wanted, const char *words)
{
	enum referat_result result;
	struct rf_call *call =
	    test_plugin_run(&reader, "source", "text/plain", (struct referat_bytes){bytes, size}, &result);
	assert_int_equal(result, wanted);
	assert_non_null(strstr(rf_call_reason(call), words));
	const struct rf_part_view *parts;
	assert_int_equal(rf_call_outputs(call, &parts), 0);
	rf_call_free(call);
}

static void an_empty_file_is_refused(void **state)
{
	(void)state;
	assert_refused("", 0, REFERAT_FAIL, "Filen är tom");
	assert_refused(" \r\n\t\n", 5, REFERAT_FAIL, "Filen är tom");
	assert_refused("\xEF\xBB\xBF", 3, REFERAT_FAIL, "Filen är tom");
}

static void what_is_no_text_is_refused(void **state)
{
	(void)state;
	assert_refused("PK\x03\x04\x14\0\6\0", 8, REFERAT_FAIL, "ingen textfil");
	assert_refused("Nämnden\x01", 9, REFERAT_FAIL, "ingen textfil");
	assert_refused("\xFF\xFEN\0", 4, REFERAT_FAIL, "UTF-16");
}

static void damaged_letters_are_held(void **state)
{
	(void)state;
	static const char mixed[] = "Nämnden godkände åtgärderna f\xF6r Söderby";
	static const char lost[] = "N\xEF\xBF\xBDmnden";
	assert_refused(mixed, sizeof(mixed) - 1, REFERAT_HOLD, "teckenkodningar");
	assert_refused(lost, sizeof(lost) - 1, REFERAT_HOLD, "gått förlorade");
}

static void a_line_without_end_is_held(void **state)
{
	(void)state;
	enum { SIZE = 1024 * 1024 };
	rf_autofree char *line = rf_alloc(SIZE + 1);
	memset(line, 'a', SIZE);
	assert_refused(line, SIZE, REFERAT_HOLD, "Rad 1 är för lång");
	for (size_t i = 1; i < SIZE; i += 2)
		line[i] = '\n';
	assert_refused(line, SIZE, REFERAT_HOLD, "för många rader");
}

static void a_file_beyond_the_option_is_held(void **state)
{
	(void)state;
	struct test_plugin small;
	const struct rf_plugin_setting setting = {"max_size", "10", false};
	test_plugin_init(&small);
	test_plugin_load(&small, "reader.text", &setting, 1);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&small, "source", "text/plain", test_bytes(page), &result);
	assert_int_equal(result, REFERAT_HOLD);
	assert_non_null(strstr(rf_call_reason(call), "större än 10 byte"));
	rf_call_free(call);
	test_plugin_unload(&small);
}

static void what_is_no_meeting_is_refused(void **state)
{
	(void)state;
	rf_autofree char *blog = test_sample("blogg.txt");
	assert_refused(blog, strlen(blog), REFERAT_FAIL, "handlar om ett möte");
	static const char cancelled[] = "Socialnämnden – inställt sammanträde\n\nSammanträdet den 3 maj är inställt.\n";
	assert_refused(cancelled, sizeof(cancelled) - 1, REFERAT_FAIL, "handlar om ett möte");
}

static void another_media_type_is_left_to_the_next_reader(void **state)
{
	(void)state;
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "type", "text/html");
	rf_call_add_input(call, "source", "text/html", test_bytes(page));
	enum referat_result result = rf_call_run(call, reader.plugin, rf_plugin_descriptor(reader.plugin)->run);
	assert_int_equal(result, REFERAT_NOT_FOUND);
	rf_call_free(call);
}

/* ---- any bytes -------------------------------------------------------------------------------------------------- */

static void no_text_brings_the_reader_down(void **state)
{
	(void)state;
	static const char *const names[] = {"kommunstyrelsen-2022-05.txt", "bakgrund-2024-02.txt",
					    "radbruten-2021-09.txt", "protokoll-2024-03-12.txt",
					    "bildtexter-2023-05-31.txt"};
	static const char *const pieces[] = {"\n\n",       " ",
					     "•",          "  • ",
					     "§ 1 ",       "Beslut\n",
					     "\xC3",       "den 31 februari ",
					     "\r",         "Nämnden beslutade enligt förslaget. ",
					     "beslutade ", "- ",
					     "."};
	enum { ROUNDS = 300 };
	struct test_mutator mutator = {.seed = 20240417, .pieces = pieces, .n_pieces = RF_COUNT(pieces)};
	for (size_t i = 0; i < RF_COUNT(names); i++)
		test_mutated(&reader, &mutator, names[i], ROUNDS);
}

/* Each decision by reference takes all points of the proposal: there is a limit to it. */
static void decisions_by_reference_do_not_multiply(void **state)
{
	(void)state;
	enum { MANY = 600, MOST = 501 };
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	rf_buffer_add_text(&text, "Protokoll\n\nKommunstyrelsen\n\n§ 1 Budget\n\nFörslag till beslut\n\n");
	for (int i = 0; i < MANY; i++)
		rf_buffer_add_text(&text, "att godkänna planen.\n\n");
	rf_buffer_add_text(&text, "Beslut\n\n");
	for (int i = 0; i < MANY; i++)
		rf_buffer_add_text(&text, "Nämnden beslutar enligt förslaget.\n\n");
	Referat__Document *document = test_read(&reader, (struct referat_bytes){(const uint8_t *)text.data, text.size});
	assert_non_null(document);
	assert_in_range(document->items[0]->n_decisions, 1, MOST);
	rf_unpack_free(&document->base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_dash_short_form_and_a_list_of_decisions),
	    cmocka_unit_test(the_day_in_the_title_is_read),
	    cmocka_unit_test(a_sentence_before_a_list_is_no_heading),
	    cmocka_unit_test(decisions_are_told_in_many_ways),
	    cmocka_unit_test(a_title_without_board_has_none),
	    cmocka_unit_test(an_extra_meeting_is_marked),
	    cmocka_unit_test(the_oldest_titles_are_known),
	    cmocka_unit_test(captions_and_lone_lines_are_doubtful),
	    cmocka_unit_test(wrapped_lines_are_joined),
	    cmocka_unit_test(a_correction_is_read),
	    cmocka_unit_test(earlier_decisions_and_those_of_others_are_background),
	    cmocka_unit_test(a_lead_that_disagrees_makes_the_day_doubtful),
	    cmocka_unit_test(plain_minutes_are_read),
	    cmocka_unit_test(an_agenda_has_items_and_no_decisions),
	    cmocka_unit_test(questions_abbreviations_and_the_follow_block),
	    cmocka_unit_test(a_byte_order_mark_is_no_letter),
	    cmocka_unit_test(line_ends_of_windows_are_line_ends),
	    cmocka_unit_test(windows_1252_is_converted),
	    cmocka_unit_test(decomposed_letters_are_composed),
	    cmocka_unit_test(hidden_characters_hide_nothing),
	    cmocka_unit_test(an_empty_file_is_refused),
	    cmocka_unit_test(what_is_no_text_is_refused),
	    cmocka_unit_test(damaged_letters_are_held),
	    cmocka_unit_test(a_line_without_end_is_held),
	    cmocka_unit_test(a_file_beyond_the_option_is_held),
	    cmocka_unit_test(what_is_no_meeting_is_refused),
	    cmocka_unit_test(another_media_type_is_left_to_the_next_reader),
	    cmocka_unit_test(no_text_brings_the_reader_down),
	    cmocka_unit_test(decisions_by_reference_do_not_multiply),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
