/* writer.text: text → document → text → document is equal, and the text equals the golden file. Lines of the source are
 * left out of the comparison: the first text may lack blank lines or be wrapped, the second never is. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/golden.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader, writer;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.text");
	test_plugin_start(&writer, "writer.text");
	test_plugin_set_now(&writer, "2017-12-07T09:00:00Z");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	test_plugin_unload(&writer);
	return 0;
}

static void forget_place(Referat__Place *place)
{
	if (place)
		place->has_line = place->has_last_line = 0;
}

static void forget_blocks(size_t n, Referat__Block **blocks)
{
	for (size_t i = 0; i < n; i++)
		forget_place(blocks[i]->place);
}

static void forget_item(Referat__Item *item)
{
	forget_place(item->heading_place);
	forget_blocks(item->n_blocks, item->blocks);
	for (size_t i = 0; i < item->n_decisions; i++) {
		forget_place(item->decisions[i]->place);
		forget_place(item->decisions[i]->resolved_place);
	}
}

static struct referat_bytes pack_without_lines(Referat__Document *document)
{
	if (document->board)
		forget_place(document->board->place);
	if (document->meeting && document->meeting->day)
		forget_place(document->meeting->day->place);
	forget_blocks(document->n_lead, document->lead);
	for (size_t i = 0; i < document->n_items; i++)
		forget_item(document->items[i]);
	for (size_t i = 0; i < document->n_notices; i++)
		forget_blocks(document->notices[i]->n_blocks, document->notices[i]->blocks);
	return test_pack(&document->base);
}

static void check_round_trip(const char *name)
{
	rf_autofree char *file = rf_format("%s.txt", name);
	rf_autofree char *source = test_sample(file);
	Referat__Document *first = test_read(&reader, test_bytes(source));
	assert_non_null(first);
	rf_autofree char *text = test_write(&writer, first);
	Referat__Document *second = test_read(&reader, test_bytes(text));
	assert_non_null(second);
	struct referat_bytes a = pack_without_lines(first);
	struct referat_bytes b = pack_without_lines(second);
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.data, b.data, a.size);
	rf_unpack_free(&first->base);
	rf_unpack_free(&second->base);
	free((void *)a.data);
	free((void *)b.data);
}

static void what_was_written_reads_as_what_was_read(void **state)
{
	(void)state;
	static const char *const names[] = {
	    "arenden-2017-12-06",         "bakgrund-2024-02", "bibehallna-ord-2020-03",  "bildtexter-2023-05-31",
	    "byggnadsnamnden-2023-03-07", "extra-2022-11",    "kommunstyrelsen-2022-05", "olika-manader-2023-09",
	    "radbruten-2021-09",          "rattelse-2024-04", "utan-namnd-2018-12",      "skiftande-2022-06",
	    "namnden-i-full-form-2024-04"};
	for (size_t i = 0; i < RF_COUNT(names); i++)
		check_round_trip(names[i]);
}

static char *rewrite(const char *name)
{
	rf_autofree char *file = rf_format("%s.txt", name);
	rf_autofree char *source = test_sample(file);
	Referat__Document *document = test_read(&reader, test_bytes(source));
	assert_non_null(document);
	char *text = test_write(&writer, document);
	rf_unpack_free(&document->base);
	return text;
}

static void check_golden(const char *name)
{
	rf_autofree char *text = rewrite(name);
	rf_autofree char *file = rf_format("%s.text", name);
	test_golden(file, text, strlen(text));
}

static void the_layout_is_the_one_that_pages_have(void **state)
{
	(void)state;
	check_golden("kommunstyrelsen-2022-05");
	check_golden("radbruten-2021-09");
	check_golden("rattelse-2024-04");
}

/* A page that stands in the layout already comes back byte for byte. */
static void a_page_in_the_layout_is_unchanged(void **state)
{
	(void)state;
	rf_autofree char *source = test_sample("namnden-i-full-form-2024-04.txt");
	test_plugin_set_now(&writer, "2024-04-18T09:00:00Z");
	rf_autofree char *text = rewrite("namnden-i-full-form-2024-04");
	test_plugin_set_now(&writer, "2017-12-07T09:00:00Z");
	assert_string_equal(text, source);
}

static bool is_old_at(const char *now)
{
	test_plugin_set_now(&writer, now);
	rf_autofree char *text = rewrite("namnden-i-full-form-2024-04");
	test_plugin_set_now(&writer, "2017-12-07T09:00:00Z");
	return strstr(text, "äldre än 6 månader") != NULL;
}

/* The meeting was on 17 April 2024; 17 October is the last day, by the publisher's clock. */
static void the_age_notice_comes_after_six_months(void **state)
{
	(void)state;
	assert_false(is_old_at("2024-04-17T00:00:00Z"));
	assert_false(is_old_at("2024-10-17T21:59:59Z"));
	assert_true(is_old_at("2024-10-17T22:00:00Z"));
	assert_true(is_old_at("2030-01-01T00:00:00Z"));
}

static void a_broken_document_is_refused(void **state)
{
	(void)state;
	enum referat_result result;
	struct rf_call *call =
	    test_plugin_run(&writer, "document", "referat.document/1", test_bytes("\x0A\xFF"), &result);
	assert_int_equal(result, REFERAT_FAIL);
	assert_true(rf_call_reason(call)[0] != '\0');
	rf_call_free(call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_written_reads_as_what_was_read),
	    cmocka_unit_test(the_layout_is_the_one_that_pages_have),
	    cmocka_unit_test(a_page_in_the_layout_is_unchanged),
	    cmocka_unit_test(the_age_notice_comes_after_six_months),
	    cmocka_unit_test(a_broken_document_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
