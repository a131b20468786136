/* target.site: the same bytes whatever the order; put again, interrupted, moved, withdrawn; a feed that is Atom. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/golden.h"
#include "tests/support/parts.h"
#include "tests/support/site.h"

#include <ftw.h>
#include <referat/document.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CARDS = 4, FILE_MOST = 1024 * 1024 };

/* The third and fourth want the same path: that of the older document is plain. */
static const char *const cards[CARDS] = {
    "{\"document\": \"aaaaaaaaaaaa\", \"title\": \"Socialnämnden – aktuella beslut april 2021\","
    " \"board_id\": \"socialnamnden\", \"board_name\": \"Socialnämnden\", \"day\": \"2021-04-21\","
    " \"outcomes\": [\"ADOPTED\"], \"short_text\": \"Statistiken antogs.\","
    " \"path\": \"2021/socialnamnden-2021-04-21/\", \"received\": \"2024-04-18T07:00:00Z\","
    " \"updated\": \"2024-04-18T07:00:00Z\"}",
    "{\"document\": \"bbbbbbbbbbbb\", \"title\": \"Nämnden <script> & ]]> \\\"x\\\"\","
    " \"board_id\": \"socialnamnden\", \"board_name\": \"Arbetsmarknads- och socialnämnden\", \"day\": \"2024-04-17\","
    " \"outcomes\": [\"APPROVED\", \"REJECTED\"], \"short_text\": \"Ett & två <b>\\u0001 ]]>\","
    " \"path\": \"2024/arbetsmarknads-och-socialnamnden-2024-04-17/\", \"received\": \"2024-04-18T07:00:01Z\","
    " \"updated\": \"2024-04-20T07:00:00Z\", \"change\": {\"major\": true, \"note\": \"Rättelse\"}}",
    "{\"document\": \"cccccccccccc\", \"title\": \"Kommunstyrelsen – aktuella beslut maj 2024\","
    " \"board_id\": \"kommunstyrelsen\", \"board_name\": \"Kommunstyrelsen\", \"day\": \"2024-05-08\","
    " \"path\": \"2024/kommunstyrelsen-2024-05-08/\", \"received\": \"2024-05-09T07:00:00Z\","
    " \"updated\": \"2024-05-09T07:00:00Z\"}",
    "{\"document\": \"000000000000\", \"title\": \"Kommunstyrelsen – en gång till\","
    " \"board_id\": \"kommunstyrelsen\", \"board_name\": \"Kommunstyrelsen\", \"day\": \"2024-05-08\","
    " \"path\": \"2024/kommunstyrelsen-2024-05-08/\", \"received\": \"2024-05-09T08:00:00Z\","
    " \"updated\": \"2024-05-09T08:00:00Z\"}",
};

/* One call of put, lookup or withdraw, with the flush that belongs to it. */
static enum referat_result ask(struct test_site *site, referat_function function, const char *card_json,
			       const char *digest, char **url)
{
	struct referat_bytes packed = test_message(&referat__card__descriptor, card_json);
	Referat__Card *card = referat__card__unpack(NULL, packed.size, packed.data);
	rf_autofree char *page = rf_format("<!DOCTYPE html><title>page of %s</title>\n", card->document);
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "id", card->document);
	rf_call_set_value(call, "digest", digest);
	rf_call_add_input(call, "card", "referat.card/1", packed);
	rf_call_add_input(call, "rendition/mail-html", "text/html", (struct referat_bytes){(const uint8_t *)"mail", 4});
	rf_call_add_input(call, "rendition/page", "text/html", (struct referat_bytes){(uint8_t *)page, strlen(page)});
	enum referat_result result = rf_call_run(call, site->test.plugin, function);
	if (url)
		*url = rf_strdup(rf_call_published(call).url);
	rf_call_free(call);
	referat__card__free_unpacked(card, NULL);
	free((void *)packed.data);
	if (result == REFERAT_OK && function != site->test.descriptor->lookup)
		result = test_site_flush(site);
	return result;
}

static void put(struct test_site *site, size_t card)
{
	assert_int_equal(ask(site, site->test.descriptor->put, cards[card], "d1", NULL), REFERAT_OK);
}

/* ---- the bytes of a whole folder --------------------------------------------------------------------------------- */

struct listing {
	char *lines[256];
	size_t n;
};
static struct listing listing;

static int list_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)place;
	if (kind == FTW_F && listing.n < RF_COUNT(listing.lines)) {
		char *data = NULL;
		size_t size = 0;
		assert_int_equal(rf_file_read(path, FILE_MOST, &data, &size, NULL), 0);
		listing.lines[listing.n++] = rf_format("%s\n%s", strstr(path, "/site/"), data);
		free(data);
	}
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every file of the site, name and bytes, in one text. */
static char *bytes_of(const struct test_site *site)
{
	listing.n = 0;
	nftw(site->path, list_file, 8, FTW_PHYS);
	qsort(listing.lines, listing.n, sizeof *listing.lines, compare_lines);
	char *all = rf_strdup("");
	for (size_t i = 0; i < listing.n; i++) {
		char *more = rf_format("%s%s", all, listing.lines[i]);
		free(all);
		free(listing.lines[i]);
		all = more;
	}
	return all;
}

static char *read_file(const struct test_site *site, const char *name)
{
	rf_autofree char *path = rf_format("%s/%s", site->path, name);
	char *data = NULL;
	size_t size = 0;
	if (rf_file_read(path, FILE_MOST, &data, &size, NULL))
		fail_msg("there is no %s", path);
	return data;
}

static void write_file(const struct test_site *site, const char *name, const char *text)
{
	rf_autofree char *path = rf_format("%s/%s", site->path, name);
	assert_int_equal(rf_file_write(path, text, strlen(text), false, NULL), 0);
}

static void assert_has(const struct test_site *site, const char *name, const char *text, bool has)
{
	rf_autofree char *data = read_file(site, name);
	if ((strstr(data, text) != NULL) != has)
		fail_msg("%s %s \"%s\"", name, has ? "has no" : "has", text);
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static void every_order_gives_the_same_bytes(void **state)
{
	(void)state;
	rf_autofree char *expected = NULL;
	for (size_t order = 0; order < (size_t)CARDS * CARDS * CARDS * CARDS; order++) {
		size_t at[CARDS] = {order % CARDS, order / CARDS % CARDS, order / (CARDS * CARDS) % CARDS,
				    order / (CARDS * CARDS * CARDS)};
		unsigned seen = 1U << at[0] | 1U << at[1] | 1U << at[2] | 1U << at[3];
		if (seen != (1U << CARDS) - 1)
			continue;
		struct test_site site;
		test_site_open(&site);
		for (size_t i = 0; i < CARDS; i++)
			put(&site, at[i]);
		rf_autofree char *bytes = bytes_of(&site);
		if (!expected)
			expected = rf_steal(bytes);
		else
			assert_string_equal(bytes, expected);
		test_site_close(&site);
	}
}

static void lists_and_feeds_are_as_agreed(void **state)
{
	(void)state;
	static const struct {
		const char *file, *golden;
	} files[] = {{"index.html", "site-index.html"},
		     {"2024/index.html", "site-year.html"},
		     {"namnd/socialnamnden/index.html", "site-board.html"},
		     {"atom.xml", "site-atom.xml"},
		     {"namnd/socialnamnden/atom.xml", "site-board-atom.xml"},
		     {"2024/05/index.html", "site-month.html"},
		     {"namnd/socialnamnden/2024/index.html", "site-board-year.html"},
		     {"sitemap.xml", "site-sitemap.xml"},
		     {"2024/05/sitemap.xml", "site-month-sitemap.xml"},
		     {"404.html", "site-404.html"}};
	struct test_site site;
	test_site_open(&site);
	for (size_t i = 0; i < CARDS; i++)
		put(&site, i);
	for (size_t i = 0; i < RF_COUNT(files); i++) {
		rf_autofree char *data = read_file(&site, files[i].file);
		test_golden(files[i].golden, data, strlen(data));
	}
	test_site_close(&site);
}

static void feeds_are_valid_atom(void **state)
{
	(void)state;
	if (system("command -v xmllint >/dev/null")) // NOLINT(concurrency-mt-unsafe): one thread
		skip();
	struct test_site site;
	test_site_open(&site);
	for (size_t i = 0; i < CARDS; i++)
		put(&site, i);
	rf_autofree char *command = rf_format("xmllint --noout --nonet --relaxng tests/unit/atom.rng '%s/atom.xml'"
					      " '%s/namnd/socialnamnden/atom.xml' 2>/dev/null",
					      site.path, site.path);
	assert_int_equal(system(command), 0); // NOLINT(concurrency-mt-unsafe)
	test_site_close(&site);
}

static void a_second_put_changes_no_byte(void **state)
{
	(void)state;
	struct test_site site;
	test_site_open(&site);
	put(&site, 0);
	put(&site, 1);
	rf_autofree char *before = bytes_of(&site);
	put(&site, 0);
	test_plugin_unload(&site.test);
	test_site_load(&site); /* a new process reads the index */
	put(&site, 1);
	rf_autofree char *after = bytes_of(&site);
	assert_string_equal(before, after);
	test_site_close(&site);
}

static void put_reports_the_address(void **state)
{
	(void)state;
	struct test_site site;
	rf_autofree char *url = NULL;
	test_site_open(&site);
	assert_int_equal(ask(&site, site.test.descriptor->put, cards[0], "d1", &url), REFERAT_OK);
	assert_string_equal(url, "https://exempelby.example/beslut/2021/socialnamnden-2021-04-21/");
	test_site_close(&site);
}

static void lookup_finds_what_stands_there_and_nothing_else(void **state)
{
	(void)state;
	struct test_site site;
	rf_autofree char *url = NULL;
	test_site_open(&site);
	referat_function lookup = site.test.descriptor->lookup;
	assert_int_equal(ask(&site, lookup, cards[0], "d1", NULL), REFERAT_NOT_FOUND);
	put(&site, 0);
	assert_int_equal(ask(&site, lookup, cards[0], "d1", &url), REFERAT_OK);
	assert_string_equal(url, "https://exempelby.example/beslut/2021/socialnamnden-2021-04-21/");
	assert_int_equal(ask(&site, lookup, cards[0], "d2", NULL), REFERAT_NOT_FOUND);
	assert_int_equal(ask(&site, lookup, cards[1], "d1", NULL), REFERAT_NOT_FOUND);
	test_site_close(&site);
}

static void an_interrupted_put_is_repaired_by_the_next(void **state)
{
	(void)state;
	struct test_site whole;
	struct test_site broken;
	test_site_open(&whole);
	put(&whole, 0);
	put(&whole, 1);
	rf_autofree char *expected = bytes_of(&whole);
	test_site_open(&broken);
	put(&broken, 0);
	/* As a process leaves it that is killed: the page is there, lists are half there, the row is not. */
	write_file(&broken, "index.html", "<!DOCTYPE");
	write_file(&broken, "atom.xml", "");
	write_file(&broken, ".writing", "<!DOC");
	rf_autofree char *leftover = rf_format("%s.index/writing", broken.path);
	assert_int_equal(rf_file_write(leftover, "x", 1, false, NULL), 0);
	test_plugin_unload(&broken.test);
	test_site_load(&broken);
	assert_int_equal(ask(&broken, broken.test.descriptor->lookup, cards[1], "d1", NULL), REFERAT_NOT_FOUND);
	put(&broken, 1);
	rf_autofree char *repaired = bytes_of(&broken);
	assert_string_equal(repaired, expected);
	test_site_close(&whole);
	test_site_close(&broken);
}

static void withdrawing_takes_links_away_and_leaves_a_word(void **state)
{
	(void)state;
	struct test_site site;
	test_site_open(&site);
	put(&site, 0);
	put(&site, 1);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(ask(&site, site.test.descriptor->withdraw, cards[0], "d1", NULL), REFERAT_OK);
	static const char *const lists[] = {"index.html",
					    "atom.xml",
					    "2021/index.html",
					    "2021/04/index.html",
					    "namnd/socialnamnden/index.html",
					    "namnd/socialnamnden/2021/index.html",
					    "namnd/socialnamnden/atom.xml",
					    "2021/04/sitemap.xml"};
	for (size_t i = 0; i < RF_COUNT(lists); i++)
		assert_has(&site, lists[i], "socialnamnden-2021-04-21", false);
	assert_has(&site, "2021/socialnamnden-2021-04-21/index.html", "Sammanfattningen är tillbakadragen", true);
	assert_has(&site, "2021/socialnamnden-2021-04-21/index.html", "page of", false);
	assert_int_equal(ask(&site, site.test.descriptor->lookup, cards[0], "d1", NULL), REFERAT_NOT_FOUND);
	put(&site, 0); /* and back again */
	assert_has(&site, "index.html", "socialnamnden-2021-04-21", true);
	assert_has(&site, "2021/socialnamnden-2021-04-21/index.html", "page of", true);
	test_site_close(&site);
}

static void a_page_that_moves_leaves_the_way(void **state)
{
	(void)state;
	static const char moved[] = "{\"document\": \"aaaaaaaaaaaa\", \"title\": \"Socialnämnden – aktuella beslut\","
				    " \"board_id\": \"socialnamnden\", \"board_name\": \"Socialnämnden\","
				    " \"day\": \"2022-04-20\", \"path\": \"2022/socialnamnden-2022-04-20/\"}";
	struct test_site site;
	test_site_open(&site);
	put(&site, 0);
	assert_int_equal(ask(&site, site.test.descriptor->put, moved, "d2", NULL), REFERAT_OK);
	assert_has(&site, "2021/socialnamnden-2021-04-21/index.html", "../../2022/socialnamnden-2022-04-20/", true);
	assert_has(&site, "2021/index.html", "socialnamnden-2021", false);
	assert_has(&site, "2022/index.html", "socialnamnden-2022-04-20", true);
	assert_has(&site, "index.html", "socialnamnden-2021", false);
	test_site_close(&site);
}

static void a_path_that_leads_out_of_the_site_is_refused(void **state)
{
	(void)state;
	static const char *const paths[] = {"../x/",     "/etc/", "a/../../b/", "a",     "namnd/x/",
					    "odaterat/", "2024/", "2024/05/",   "a//b/", ""};
	struct test_site site;
	test_site_open(&site);
	for (size_t i = 0; i < RF_COUNT(paths); i++) {
		rf_autofree char *card = rf_format("{\"document\": \"aaaaaaaaaaaa\", \"path\": \"%s\"}", paths[i]);
		assert_int_equal(ask(&site, site.test.descriptor->put, card, "d1", NULL), REFERAT_FAIL);
	}
	assert_int_equal(access(site.path, F_OK), -1);
	test_site_close(&site);
}

static void a_folder_that_cannot_be_written_charges_no_document(void **state)
{
	(void)state;
	struct test_site site;
	test_site_open(&site);
	assert_int_equal(rf_file_write(site.path, "a file", 6, false, NULL), 0);
	assert_int_equal(ask(&site, site.test.descriptor->put, cards[0], "d1", NULL), REFERAT_YIELD);
	assert_int_equal(unlink(site.path), 0);
	put(&site, 0);
	test_site_close(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_order_gives_the_same_bytes),
	    cmocka_unit_test(lists_and_feeds_are_as_agreed),
	    cmocka_unit_test(feeds_are_valid_atom),
	    cmocka_unit_test(a_second_put_changes_no_byte),
	    cmocka_unit_test(put_reports_the_address),
	    cmocka_unit_test(lookup_finds_what_stands_there_and_nothing_else),
	    cmocka_unit_test(an_interrupted_put_is_repaired_by_the_next),
	    cmocka_unit_test(withdrawing_takes_links_away_and_leaves_a_word),
	    cmocka_unit_test(a_page_that_moves_leaves_the_way),
	    cmocka_unit_test(a_path_that_leads_out_of_the_site_is_refused),
	    cmocka_unit_test(a_folder_that_cannot_be_written_charges_no_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
