/* cli/table.h: widths, wrapping, harmless cells. */
#include "base/memory.h"
#include "cli/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const headings[] = {"document", "reason"};

static void assert_printed(const char *const *cells, size_t indent, size_t width, const char *expected)
{
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	rf_table_add(table, cells);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	rf_table_print(table, out, indent, width, false);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	rf_table_free(table);
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
	(void)state;
	const char *const cells[] = {"a", "något är fel"};
	assert_printed(cells, 0, 0, "document  reason\na         något är fel\n");
	assert_printed(cells, 2, 80, "  document  reason\n  a         något är fel\n");
}

static void a_cell_that_does_not_fit_is_broken_between_words(void **state)
{
	(void)state;
	const char *const cells[] = {"abc", "ett skäl som är för långt"};
	assert_printed(cells, 0, 22, "document  reason\nabc       ett skäl som\n          är för långt\n");
}

static void a_word_without_spaces_is_cut(void **state)
{
	(void)state;
	const char *const cells[] = {"abc", "aaaaaaaaaaaabbbb"};
	assert_printed(cells, 0, 20, "document  reason\nabc       aaaaaaaaaaaa\n          bbbb\n");
}

static void what_would_steer_the_terminal_becomes_a_space(void **state)
{
	(void)state;
	const char *const cells[] = {"a\033[2Jb\nc", "\u202edroppad\xff"};
	assert_printed(cells, 0, 0, "document  reason\na [2Jb c   droppad\n");
}

static void an_empty_cell_leaves_a_gap_and_no_spaces_behind(void **state)
{
	(void)state;
	const char *const cells[] = {"abc", NULL};
	assert_printed(cells, 0, 0, "document  reason\nabc\n");
}

static void letters_are_counted_as_they_are_seen(void **state)
{
	(void)state;
	assert_int_equal(rf_text_width("Överförmyndarnämnden"), 20);
	assert_int_equal(rf_text_width("e\u0301"), 1);
	assert_int_equal(rf_text_width("議事"), 4);
}

static void an_age_is_told_in_the_unit_that_says_enough(void **state)
{
	(void)state;
	static const struct {
		int64_t seconds;
		const char *text;
	} ages[] = {{0, "0 s"},    {119, "119 s"},   {120, "2 min"},    {7199, "119 min"},
		    {7200, "2 h"}, {172799, "47 h"}, {9 * 86400, "9 d"}};
	for (size_t i = 0; i < RF_COUNT(ages); i++) {
		rf_autofree char *text = rf_age_text(ages[i].seconds * 1000000);
		assert_string_equal(text, ages[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_age_is_told_in_the_unit_that_says_enough),
	    cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
	    cmocka_unit_test(a_cell_that_does_not_fit_is_broken_between_words),
	    cmocka_unit_test(a_word_without_spaces_is_cut),
	    cmocka_unit_test(what_would_steer_the_terminal_becomes_a_space),
	    cmocka_unit_test(an_empty_cell_leaves_a_gap_and_no_spaces_behind),
	    cmocka_unit_test(letters_are_counted_as_they_are_seen),
	};
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
