/* The same facts as text, HTML and Markdown: every reader finds the same board, day, items and decisions. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Referat__Document *read_as(const char *reader, const char *name, const char *ending)
{
	struct test_plugin plugin;
	test_plugin_start(&plugin, reader);
	rf_autofree char *sample = rf_format("%s.%s", name, ending);
	rf_autofree char *source = test_sample(sample);
	Referat__Document *document = test_read(&plugin, test_bytes(source));
	test_plugin_unload(&plugin);
	assert_non_null(document);
	return document;
}

static void assert_same_decision(const Referat__Decision *one, const Referat__Decision *other)
{
	assert_string_equal(one->text, other->text);
	assert_int_equal(one->outcome, other->outcome);
	assert_int_equal(one->by_reference, other->by_reference);
}

static void assert_same_item(const Referat__Item *one, const Referat__Item *other)
{
	assert_string_equal(one->heading, other->heading);
	assert_string_equal(one->number ? one->number : "", other->number ? other->number : "");
	assert_string_equal(one->case_number ? one->case_number : "", other->case_number ? other->case_number : "");
	assert_int_equal(one->n_blocks, other->n_blocks);
	for (size_t i = 0; i < one->n_blocks; i++) {
		assert_int_equal(one->blocks[i]->kind, other->blocks[i]->kind);
		assert_string_equal(one->blocks[i]->text, other->blocks[i]->text);
	}
	assert_int_equal(one->n_decisions, other->n_decisions);
	for (size_t i = 0; i < one->n_decisions; i++)
		assert_same_decision(one->decisions[i], other->decisions[i]);
}

static void assert_same_facts(const Referat__Document *one, const Referat__Document *other)
{
	assert_int_equal(one->kind, other->kind);
	assert_string_equal(one->title, other->title);
	assert_string_equal(one->board->name, other->board->name);
	assert_string_equal(one->meeting->day->date, other->meeting->day->date);
	assert_int_equal(one->meeting->day->sureness, other->meeting->day->sureness);
	assert_int_equal(one->n_lead, other->n_lead);
	assert_int_equal(one->n_items, other->n_items);
	for (size_t i = 0; i < one->n_items; i++)
		assert_same_item(one->items[i], other->items[i]);
	assert_int_equal(one->n_notices, other->n_notices);
	for (size_t i = 0; i < one->n_notices; i++)
		assert_int_equal(one->notices[i]->role, other->notices[i]->role);
}

static void assert_readers_agree(const char *name)
{
	Referat__Document *text = read_as("reader.text", name, "txt");
	Referat__Document *html = read_as("reader.html", name, "html");
	Referat__Document *markdown = read_as("reader.markdown", name, "md");
	assert_same_facts(text, html);
	assert_same_facts(text, markdown);
	rf_unpack_free(&text->base);
	rf_unpack_free(&html->base);
	rf_unpack_free(&markdown->base);
}

static void a_summary_is_the_same_in_every_format(void **state)
{
	(void)state;
	assert_readers_agree("kommunstyrelsen-2022-05");
}

static void minutes_are_the_same_in_every_format(void **state)
{
	(void)state;
	assert_readers_agree("protokoll-2024-03-12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_summary_is_the_same_in_every_format),
	    cmocka_unit_test(minutes_are_the_same_in_every_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
