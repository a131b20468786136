/* The two pages that the project started from, byte for byte as they are: read from $REFERAT_SAMPLES/seeds, which is
 * not in the tree. */
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

static const char *const names[] = {"seeds/socialnamnden-2021-04.txt",
				    "seeds/arbetsmarknads-och-socialnamnden-2024-04.txt"};
enum { SEED_2021, SEED_2024 };

struct fixture {
	struct test_plugin reader, writer, summariser;
	char *source[2];
	Referat__Document *document[2];
};

static int set_up(void **state)
{
	if (!test_has_real_samples())
		return 0;
	struct fixture *f = rf_alloc(sizeof(*f));
	test_plugin_start(&f->reader, "reader.text");
	test_plugin_start(&f->writer, "writer.text");
	test_plugin_start(&f->summariser, "summariser.decisions");
	for (int i = 0; i < 2; i++) {
		f->source[i] = (char *)test_real_sample(names[i]).data;
		f->document[i] = test_read(&f->reader, test_bytes(f->source[i]));
		assert_non_null(f->document[i]);
	}
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	if (!f)
		return 0;
	for (int i = 0; i < 2; i++) {
		rf_unpack_free(&f->document[i]->base);
		free(f->source[i]);
	}
	test_plugin_unload(&f->reader);
	test_plugin_unload(&f->writer);
	test_plugin_unload(&f->summariser);
	free(f);
	return 0;
}

static struct fixture *need_seeds(void **state)
{
	if (!*state)
		skip();
	return *state;
}

static void the_page_of_2021_is_read(void **state)
{
	const Referat__Document *d = need_seeds(state)->document[SEED_2021];
	assert_int_equal(d->kind, REFERAT__KIND__SUMMARY);
	assert_string_equal(d->board->name, "Socialnämnden");
	assert_string_equal(d->meeting->day->date, "2021-04-21");
	assert_int_equal(d->meeting->day->sureness, REFERAT__SURENESS__DERIVED);
	assert_int_equal(d->n_items, 3);
	for (size_t i = 0; i < d->n_items; i++) {
		assert_int_equal(d->items[i]->n_decisions, 1);
		assert_int_equal(d->items[i]->decisions[0]->outcome, REFERAT__OUTCOME__ADOPTED);
		assert_int_equal(d->items[i]->decisions[0]->place->block, 0);
		assert_false(d->items[i]->decisions[0]->by_reference);
	}
	size_t list = 0;
	for (size_t i = 0; i < d->items[0]->n_blocks; i++)
		list += d->items[0]->blocks[i]->kind == REFERAT__BLOCK_KIND__LIST_ITEM;
	assert_int_equal(list, 6);
}

static void the_page_of_2024_is_read(void **state)
{
	const Referat__Document *d = need_seeds(state)->document[SEED_2024];
	assert_int_equal(d->kind, REFERAT__KIND__SUMMARY);
	assert_string_equal(d->board->name, "Arbetsmarknads- och socialnämnden");
	assert_string_equal(d->meeting->day->date, "2024-04-17");
	assert_int_equal(d->meeting->day->sureness, REFERAT__SURENESS__DERIVED);
	assert_int_equal(d->n_items, 4);
	for (size_t i = 0; i < d->n_items; i++) {
		assert_int_equal(d->items[i]->n_decisions, 1);
		assert_int_equal(d->items[i]->sureness, REFERAT__SURENESS__READ);
		assert_int_equal(d->items[i]->decisions[0]->by_reference, i >= 2);
	}
	assert_string_equal(d->items[0]->decisions[0]->text, "Nämnden beslutade att godkänna rapporten.");
	assert_non_null(strstr(d->items[2]->decisions[0]->resolved_text, "föreslår att driften ska upphandlas."));
	assert_non_null(strstr(d->items[3]->decisions[0]->resolved_text, "Därför föreslår förvaltningen att medel"));
	assert_int_equal(d->items[3]->decisions[0]->resolved_place->block, 1);
	assert_non_null(strstr(d->items[2]->decisions[0]->resolved_clause, "driften ska upphandlas"));
	assert_memory_equal(d->items[3]->decisions[0]->resolved_clause, "medel", 5);
}

static bool has_role(const Referat__Document *document, Referat__NoticeRole role)
{
	for (size_t i = 0; i < document->n_notices; i++)
		if (document->notices[i]->role == role)
			return true;
	return false;
}

static void what_belongs_to_the_page_is_set_apart(void **state)
{
	struct fixture *f = need_seeds(state);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(f->document[i]->n_lead, 1);
		assert_true(has_role(f->document[i], REFERAT__NOTICE_ROLE__HOME_LINK));
		assert_true(has_role(f->document[i], REFERAT__NOTICE_ROLE__DOCUMENTS));
		assert_true(has_role(f->document[i], REFERAT__NOTICE_ROLE__UPDATED));
		assert_true(has_role(f->document[i], REFERAT__NOTICE_ROLE__SHARE));
		assert_false(has_role(f->document[i], REFERAT__NOTICE_ROLE__AGE_NOTICE));
	}
	assert_true(has_role(f->document[SEED_2021], REFERAT__NOTICE_ROLE__MINUTES_DELAY));
	assert_true(has_role(f->document[SEED_2021], REFERAT__NOTICE_ROLE__MEETINGS));
	assert_true(has_role(f->document[SEED_2024], REFERAT__NOTICE_ROLE__FOLLOW));
}

/* The page of 2021 was saved when it was old, that of 2024 when it was new. */
static void each_page_is_written_as_it_was_saved(void **state)
{
	struct fixture *f = need_seeds(state);
	for (int i = 0; i < 2; i++) {
		rf_autofree char *text = test_write(&f->writer, f->document[i]);
		assert_string_equal(text, f->source[i]);
	}
}

static void in_its_own_month_a_page_has_no_age_notice(void **state)
{
	struct fixture *f = need_seeds(state);
	static const char notice[] = "Denna artikel är äldre än 6 månader och är kanske inte längre aktuell.\n\n";
	const char *at = strstr(f->source[SEED_2021], notice);
	assert_non_null(at);
	rf_autofree char *expected =
	    rf_format("%.*s%s", (int)(at - f->source[SEED_2021]), f->source[SEED_2021], at + strlen(notice));
	test_plugin_set_now(&f->writer, "2021-04-22T09:00:00Z");
	rf_autofree char *text = test_write(&f->writer, f->document[SEED_2021]);
	test_plugin_set_now(&f->writer, "2024-04-18T09:00:00Z");
	assert_string_equal(text, expected);
}

static void text_document_text_document_is_equal(void **state)
{
	struct fixture *f = need_seeds(state);
	for (int i = 0; i < 2; i++) {
		rf_autofree char *text = test_write(&f->writer, f->document[i]);
		Referat__Document *again = test_read(&f->reader, test_bytes(text));
		struct referat_bytes first = test_pack(&f->document[i]->base);
		struct referat_bytes second = test_pack(&again->base);
		assert_int_equal(first.size, second.size);
		assert_memory_equal(first.data, second.data, first.size);
		free((void *)first.data);
		free((void *)second.data);
		rf_unpack_free(&again->base);
	}
}

static void the_short_form_has_the_lead_and_every_decision(void **state)
{
	struct fixture *f = need_seeds(state);
	static const char *const ends[] = {"under sammanträdet den 21 april.", "under sammanträdet den 17 april."};
	for (int i = 0; i < 2; i++) {
		Referat__Summary *summary = test_summarise(&f->summariser, f->document[i], REFERAT_OK);
		assert_false(summary->generated);
		size_t size = strlen(summary->short_text);
		assert_string_equal(summary->short_text + size - strlen(ends[i]), ends[i]);
		assert_int_equal(summary->n_items, f->document[i]->n_items);
		for (size_t k = 0; k < summary->n_items; k++) {
			assert_int_equal(summary->items[k]->n_outcomes, 1);
			assert_int_equal(summary->items[k]->n_sentences, i == SEED_2024 && k >= 2 ? 2 : 1);
		}
		rf_unpack_free(&summary->base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_page_of_2021_is_read),
	    cmocka_unit_test(the_page_of_2024_is_read),
	    cmocka_unit_test(what_belongs_to_the_page_is_set_apart),
	    cmocka_unit_test(each_page_is_written_as_it_was_saved),
	    cmocka_unit_test(in_its_own_month_a_page_has_no_age_notice),
	    cmocka_unit_test(text_document_text_document_is_equal),
	    cmocka_unit_test(the_short_form_has_the_lead_and_every_decision),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
