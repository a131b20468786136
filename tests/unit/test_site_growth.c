/* target.site with many documents: what a put costs stays the same; lists that show the newest alone; and a process
 * that dies at any of the writes of a put.
 *
 * rename, by which every file of the site gets its place, stands in for libc's in this program: it counts, and the
 * process can die in it. No power is lost here, so that syncs are counted and no more. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/parts.h"
#include "tests/support/site.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <referat/document.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILE_MOST = 1024 * 1024, LIST_MOST = 200, DIED = 9, BOARDS = 8 };

/* ---- in place of libc's ------------------------------------------------------------------------------------------ */

static struct {
	size_t files, bytes; /* that got their place */
	size_t syncs;
	size_t die_at; /* the process ends in place of so many renames from now; 0: it does not */
} disk;

int rename(const char *from, const char *to)
{
	struct stat status;
	if (disk.die_at && !--disk.die_at)
		_exit(DIED);
	if (!stat(from, &status)) {
		disk.files++;
		disk.bytes += (size_t)status.st_size;
	}
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int sync_nothing(int fd)
{
	(void)fd;
	disk.syncs++;
	return 0;
}

int fdatasync(int fd)
{
	return sync_nothing(fd);
}

int fsync(int fd)
{
	return sync_nothing(fd);
}

int syncfs(int fd)
{
	return sync_nothing(fd);
}

/* ---- a site ------------------------------------------------------------------------------------------------------ */

static enum referat_result put_page(struct test_site *site, referat_function function,
				    const struct referat_bytes *packed)
{
	Referat__Card *card = referat__card__unpack(NULL, packed->size, packed->data);
	rf_autofree char *page = rf_format("<!DOCTYPE html><title>page of %s</title>\n", card->document);
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "id", card->document);
	rf_call_set_value(call, "digest", "d1");
	rf_call_add_input(call, "card", "referat.card/1", *packed);
	rf_call_add_input(call, "rendition/page", "text/html", (struct referat_bytes){(uint8_t *)page, strlen(page)});
	enum referat_result result = rf_call_run(call, site->test.plugin, function);
	rf_call_free(call);
	referat__card__free_unpacked(card, NULL);
	return result;
}

static void leave_to_flush(struct test_site *site, referat_function function, const char *card_json)
{
	struct referat_bytes packed = test_message(&referat__card__descriptor, card_json);
	assert_int_equal(put_page(site, function, &packed), REFERAT_OK);
	free((void *)packed.data);
}

static void ask(struct test_site *site, referat_function function, const char *card_json)
{
	leave_to_flush(site, function, card_json);
	assert_int_equal(test_site_flush(site), REFERAT_OK);
}

/* The nth document: day after day, board after board; days_per_year of them in a year, from 2000 on. */
static char *card_of(unsigned nth, unsigned days_per_year, const char *text)
{
	unsigned year = 2000 + nth / days_per_year;
	unsigned month = nth % days_per_year * 12 / days_per_year + 1;
	unsigned day = nth % 28 + 1;
	unsigned board = nth % BOARDS;
	return rf_format("{\"document\": \"d%011u\", \"title\": \"Nämnd %u – aktuella beslut %u\","
			 " \"board_id\": \"namnd-%u\", \"board_name\": \"Nämnd %u\", \"day\": \"%04u-%02u-%02u\","
			 " \"outcomes\": [\"ADOPTED\"], \"short_text\": \"%s\","
			 " \"path\": \"%04u/namnd-%u-%04u-%02u-%02u-%u/\", \"received\": \"%04u-%02u-%02uT07:00:00Z\","
			 " \"updated\": \"%04u-%02u-%02uT07:00:00Z\"}",
			 nth, board, nth, board, board, year, month, day, text, year, board, year, month, day, nth,
			 year, month, day, year, month, day);
}

static void put_nth(struct test_site *site, unsigned nth, unsigned days_per_year, const char *text)
{
	rf_autofree char *card = card_of(nth, days_per_year, text);
	disk.files = disk.bytes = 0;
	ask(site, site->test.descriptor->put, card);
}

static void assert_same(const struct test_site *a, const struct test_site *b)
{
	rf_autofree char *command = rf_format("diff -r '%s' '%s'", a->path, b->path);
	assert_int_equal(system(command), 0); // NOLINT(concurrency-mt-unsafe): one thread
}

static char *read_file(const char *path)
{
	char *data = NULL;
	size_t size = 0;
	if (rf_file_read(path, FILE_MOST, &data, &size, NULL))
		fail_msg("there is no %s", path);
	return data;
}

static void assert_has(const struct test_site *site, const char *name, const char *text, bool has)
{
	rf_autofree char *path = rf_format("%s/%s", site->path, name);
	rf_autofree char *data = read_file(path);
	if ((strstr(data, text) != NULL) != has)
		fail_msg("%s %s \"%s\"", name, has ? "has no" : "has", text);
}

/* ---- every link leads somewhere ---------------------------------------------------------------------------------- */

static void check_link(const char *file, const char *link, size_t length)
{
	bool is_folder = length && link[length - 1] == '/';
	rf_autofree char *target = rf_format("%.*s/%.*s%s", (int)(strrchr(file, '/') - file), file, (int)length, link,
					     is_folder ? "index.html" : "");
	rf_autofree char *data = read_file(target);
	if (strstr(data, "Sammanfattningen är tillbakadragen"))
		fail_msg("%s leads to %s, which is withdrawn", file, target);
}

static int check_file(const char *file, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)place;
	size_t length = strlen(file);
	if (kind != FTW_F || length < 5 || strcmp(file + length - 5, ".html") != 0)
		return 0;
	rf_autofree char *data = read_file(file);
	for (const char *at = data; (at = strstr(at, "href=\""));) {
		at += strlen("href=\"");
		size_t size = strcspn(at, "\"");
		if (*at != '#' && strncmp(at, "http", 4) != 0 && strncmp(at, "mailto:", 7) != 0)
			check_link(file, at, size);
	}
	return 0;
}

static void assert_links_are_good(const struct test_site *site)
{
	nftw(site->path, check_file, 8, FTW_PHYS);
}

/* ---- what a put costs -------------------------------------------------------------------------------------------- */

static void a_put_costs_the_same_with_three_thousand_documents(void **state)
{
	(void)state;
	enum { DOCUMENTS = 3000, A_YEAR = 300, FILES = 11, BYTES = 300 * 1024, NEWEST = 2995 };
	struct test_site site;
	test_site_open(&site);
	for (unsigned i = 0; i < DOCUMENTS; i++) {
		put_nth(&site, i, A_YEAR, "Nämnden sade ja till en ny lekplats.");
		if (i && (disk.files > FILES || disk.bytes > BYTES)) /* the first writes what never changes, too */
			fail_msg("document %u: %zu files, %zu bytes", i, disk.files, disk.bytes);
	}
	put_nth(&site, NEWEST, A_YEAR, "Rättad.");
	assert_int_equal(disk.files, FILES - 3); /* the page and the sitemaps are as they were */
	size_t bytes = disk.bytes;
	struct test_site small;
	test_site_open(&small);
	for (unsigned i = DOCUMENTS - A_YEAR; i < DOCUMENTS; i++)
		put_nth(&small, i, A_YEAR, "Nämnden sade ja till en ny lekplats.");
	put_nth(&small, NEWEST, A_YEAR, "Rättad.");
	assert_int_equal(disk.files, FILES - 3);
	assert_true(bytes < 2 * disk.bytes); /* ten times the documents; a board's list is full now */
	test_site_close(&small);
	test_site_close(&site);
}

static void leave_nth_to_flush(struct test_site *site, unsigned nth, unsigned days_per_year)
{
	rf_autofree char *card = card_of(nth, days_per_year, "");
	leave_to_flush(site, site->test.descriptor->put, card);
}

static void documents_that_come_together_share_their_lists_and_two_syncs(void **state)
{
	(void)state;
	enum { DOCUMENTS = 320, TOGETHER = 16, A_YEAR = 320, FILES = 66 };
	struct test_site one_by_one;
	struct test_site together;
	test_site_open(&one_by_one);
	test_site_open(&together);
	for (unsigned i = 0; i < DOCUMENTS; i++)
		put_nth(&one_by_one, i, A_YEAR, "");
	for (unsigned i = 0; i < DOCUMENTS; i += TOGETHER) {
		disk.files = disk.syncs = 0;
		for (unsigned j = i; j < i + TOGETHER; j++)
			leave_nth_to_flush(&together, j, A_YEAR);
		assert_int_equal(disk.syncs, 0);
		assert_int_equal(test_site_flush(&together), REFERAT_OK);
		assert_int_equal(disk.syncs, 2);  /* the pages, before a row says that they stand there; the rows */
		assert_true(disk.files <= FILES); /* a page and a row of each; eight boards; one or two months */
	}
	assert_same(&together, &one_by_one);
	test_site_close(&together);
	test_site_close(&one_by_one);
}

static void an_unchanged_document_writes_nothing(void **state)
{
	(void)state;
	struct test_site site;
	test_site_open(&site);
	for (unsigned i = 0; i < 3; i++)
		put_nth(&site, i, 12, "");
	put_nth(&site, 1, 12, "");
	assert_int_equal(disk.files, 0);
	test_site_close(&site);
}

/* ---- lists that show the newest ---------------------------------------------------------------------------------- */

static void a_year_with_many_documents_leads_to_its_months(void **state)
{
	(void)state;
	struct test_site site;
	test_site_open(&site);
	for (unsigned i = 0; i <= LIST_MOST; i++)
		put_nth(&site, i, LIST_MOST + 1, "");
	assert_has(&site, "2000/index.html", "Här visas de 200 senaste.", true);
	assert_has(&site, "2000/index.html", "href=\"../2000/01/\">januari 2000</a>", true);
	assert_has(&site, "2000/index.html", "namnd-0-2000-01-01-0/", false);
	assert_has(&site, "2000/01/index.html", "href=\"../../2000/namnd-0-2000-01-01-0/\"", true);
	assert_has(&site, "namnd/namnd-0/index.html", "Här visas", false);
	assert_links_are_good(&site);
	rf_autofree char *last = card_of(LIST_MOST, LIST_MOST + 1, "");
	ask(&site, site.test.descriptor->withdraw, last);
	assert_has(&site, "2000/index.html", "Här visas", false);
	assert_has(&site, "2000/index.html", "../2000/01/", false);
	assert_has(&site, "2000/index.html", "namnd-0-2000-01-01-0/", true);
	assert_links_are_good(&site);
	test_site_close(&site);
}

static void a_board_with_many_documents_leads_to_its_years(void **state)
{
	(void)state;
	enum { A_YEAR = 160 }; /* twenty of each board */
	struct test_site site;
	test_site_open(&site);
	for (unsigned i = 0; i <= LIST_MOST; i++)
		put_nth(&site, i * BOARDS, A_YEAR, "");
	assert_has(&site, "namnd/namnd-0/index.html", "Här visas de 200 senaste.", true);
	assert_has(&site, "namnd/namnd-0/index.html", "href=\"../../namnd/namnd-0/2000/\">2000</a>", true);
	assert_has(&site, "namnd/namnd-0/index.html", "/namnd-0-2000-01-01-0/", false);
	assert_has(&site, "namnd/namnd-0/2000/index.html", "href=\"../../../2000/namnd-0-2000-01-01-0/\"", true);
	assert_links_are_good(&site);
	test_site_close(&site);
}

static void every_order_gives_the_same_bytes_where_lists_are_cut(void **state)
{
	(void)state;
	enum { DOCUMENTS = 211 }; /* a prime number: any step comes by all */
	struct test_site expected;
	test_site_open(&expected);
	for (unsigned i = 0; i < DOCUMENTS; i++)
		put_nth(&expected, i, DOCUMENTS, "");
	static const unsigned steps[] = {210, 2, 89, 131};
	for (size_t s = 0; s < RF_COUNT(steps); s++) {
		struct test_site site;
		test_site_open(&site);
		for (unsigned i = 0; i < DOCUMENTS; i++) {
			put_nth(&site, i * steps[s] % DOCUMENTS, DOCUMENTS, "");
			if (i != 100)
				continue;
			test_plugin_unload(&site.test); /* another process goes on */
			test_site_load(&site);
		}
		assert_same(&site, &expected);
		test_site_close(&site);
	}
	test_site_close(&expected);
}

/* ---- death at every write ---------------------------------------------------------------------------------------- */

#define CARD(id, board, day, path, received)                                                                           \
	"{\"document\": \"" id "\", \"title\": \"" board "\", \"board_id\": \"" board "\", \"board_name\": \"" board   \
	"\", \"day\": \"" day "\", \"path\": \"" path "\", \"received\": \"" received "\", \"updated\": \"" received   \
	"\"}"

static const char first[] = CARD("aaaaaaaaaaaa", "vard", "2024-05-08", "2024/vard-2024-05-08/", "2024-05-09");
static const char other[] = CARD("bbbbbbbbbbbb", "skola", "2024-04-02", "2024/skola-2024-04-02/", "2024-05-09");
static const char moved[] = CARD("aaaaaaaaaaaa", "skola", "2023-12-01", "2023/skola-2023-12-01/", "2024-05-09");
static const char older[] = CARD("cccccccccccc", "vard", "2024-05-08", "2024/vard-2024-05-08/", "2024-05-08");

/* What is done at once, and flushed: up to two puts, or a withdrawal with a put. */
struct change {
	const char *withdrawn; /* cards; NULL: none */
	const char *put[2];
};

static void carry_out(struct test_site *site, const struct change *change)
{
	for (size_t i = 0; i < RF_COUNT(change->put) && change->put[i]; i++)
		leave_to_flush(site, site->test.descriptor->put, change->put[i]);
	if (change->withdrawn)
		leave_to_flush(site, site->test.descriptor->withdraw, change->withdrawn);
	assert_int_equal(test_site_flush(site), REFERAT_OK);
}

/* In a process of its own, which dies in place of the nth write. Whether it died. */
static bool dies_at(struct test_site *site, size_t nth, const struct change *change)
{
	fflush(NULL);
	pid_t child = fork();
	assert_int_not_equal(child, -1);
	if (!child) {
		test_site_load(site);
		disk.die_at = nth;
		carry_out(site, change);
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == DIED));
	return WEXITSTATUS(status) == DIED;
}

/* Two documents stand there; then this is done, and interrupted at each write in turn. */
static void assert_survives(const struct change *change)
{
	struct test_site whole;
	test_site_open(&whole);
	ask(&whole, whole.test.descriptor->put, first);
	ask(&whole, whole.test.descriptor->put, other);
	carry_out(&whole, change);
	size_t nth = 0;
	for (bool died = true; died;) {
		struct test_site site;
		test_site_open(&site);
		ask(&site, site.test.descriptor->put, first);
		ask(&site, site.test.descriptor->put, other);
		test_plugin_unload(&site.test);
		died = dies_at(&site, ++nth, change);
		assert_links_are_good(&site);
		test_site_load(&site);
		carry_out(&site, change);
		assert_links_are_good(&site);
		rf_autofree char *leftover = rf_format("%s/.writing", site.path);
		unlink(leftover);
		assert_same(&site, &whole);
		test_site_close(&site);
	}
	assert_true(nth > 8); /* it did write */
	test_site_close(&whole);
}

static void a_put_that_dies_at_any_write_is_done_again(void **state)
{
	(void)state;
	const struct change takes_the_address_of_the_first = {.put = {older}};
	assert_survives(&takes_the_address_of_the_first);
}

static void a_move_that_dies_at_any_write_is_done_again(void **state)
{
	(void)state;
	const struct change change = {.put = {moved}};
	assert_survives(&change);
}

static void a_withdrawal_that_dies_at_any_write_is_done_again(void **state)
{
	(void)state;
	const struct change change = {.withdrawn = first};
	assert_survives(&change);
}

static void documents_put_together_that_die_at_any_write_are_done_again(void **state)
{
	(void)state;
	const struct change change = {.put = {moved, older}, .withdrawn = other};
	assert_survives(&change);
}

static void what_was_put_before_a_failure_counts_no_more(void **state)
{
	(void)state;
	struct test_site site;
	test_site_open(&site);
	leave_to_flush(&site, site.test.descriptor->put, first);
	rf_autofree char *in_the_way = rf_format("%s/2024/skola-2024-04-02", site.path);
	assert_int_equal(rf_file_write(in_the_way, "a file", 6, false, NULL), 0);
	struct referat_bytes packed = test_message(&referat__card__descriptor, other);
	assert_int_equal(put_page(&site, site.test.descriptor->put, &packed), REFERAT_YIELD);
	free((void *)packed.data);
	assert_int_equal(test_site_flush(&site), REFERAT_RETRY);
	assert_int_equal(test_site_flush(&site), REFERAT_OK); /* it has been said */
	assert_has(&site, "2024/vard-2024-05-08/index.html", "page of", true);
	ask(&site, site.test.descriptor->put, first);
	assert_has(&site, "index.html", "vard-2024-05-08", true);
	test_site_close(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_put_costs_the_same_with_three_thousand_documents),
	    cmocka_unit_test(documents_that_come_together_share_their_lists_and_two_syncs),
	    cmocka_unit_test(an_unchanged_document_writes_nothing),
	    cmocka_unit_test(a_year_with_many_documents_leads_to_its_months),
	    cmocka_unit_test(a_board_with_many_documents_leads_to_its_years),
	    cmocka_unit_test(every_order_gives_the_same_bytes_where_lists_are_cut),
	    cmocka_unit_test(a_put_that_dies_at_any_write_is_done_again),
	    cmocka_unit_test(a_move_that_dies_at_any_write_is_done_again),
	    cmocka_unit_test(a_withdrawal_that_dies_at_any_write_is_done_again),
	    cmocka_unit_test(documents_put_together_that_die_at_any_write_are_done_again),
	    cmocka_unit_test(what_was_put_before_a_failure_counts_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
