/* What is particular to a store in a SQLite file: whose file it is, versions, damage, a second process, what a killed
 * process leaves. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/sqlite-private.h"
#include "store/store.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_BYTES = 16 * 1024 * 1024 };

static const char version_1_file[] = "tests/unit/stores/version-1.sql";
static const char version_6_file[] = "tests/unit/stores/version-6.sql";

struct fixture {
	char *folder;
	char *path;
	char *url;
	struct rf_error error;
};

static int set_up(void **state)
{
	struct fixture *fixture = rf_alloc(sizeof *fixture);
	*state = fixture;
	fixture->folder = test_folder_make();
	fixture->path = rf_path_join(fixture->folder, "referat.db");
	fixture->url = rf_format("sqlite:%s", fixture->path);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	test_folder_remove(fixture->folder);
	free(fixture->path);
	free(fixture->url);
	free(fixture);
	return 0;
}

/* ---- helpers ---------------------------------------------------------------------------------------------------- */

static struct rf_store *open_store(struct fixture *fixture)
{
	struct rf_store *store = NULL;
	if (rf_store_open(fixture->url, &store, &fixture->error) != 0)
		fail_msg("the store can't be opened: %s", fixture->error.text);
	return store;
}

static void assert_not_opened(struct fixture *fixture, int expected, const char *reason)
{
	struct rf_store *store = NULL;
	assert_int_equal(rf_store_open(fixture->url, &store, &fixture->error), expected);
	assert_null(store);
	if (!strstr(fixture->error.text, reason))
		fail_msg("\"%s\" does not say \"%s\"", fixture->error.text, reason);
}

/* As another program would, without a store. */
static void run_sql(const char *path, const char *sql)
{
	sqlite3 *database;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(database));
	sqlite3_close(database);
}

static char *ask_sql(const char *path, const char *sql)
{
	sqlite3 *database;
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	char *answer = rf_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(database);
	return answer;
}

static char *read_file(const char *path, size_t *size)
{
	struct rf_error error;
	char *data = NULL;
	if (rf_file_read(path, MOST_BYTES, &data, size, &error) != 0)
		fail_msg("%s", error.text);
	return data;
}

static void load(const char *path, const char *file)
{
	size_t size;
	rf_autofree char *sql = read_file(file, &size);
	run_sql(path, sql);
}

static void load_version_1(const char *path)
{
	load(path, version_1_file);
}

static void put_part(struct rf_store *store, const char *document, const char *text)
{
	struct rf_error error;
	struct rf_part part = {.document = document,
			       .revision = 1,
			       .name = "source",
			       .digest = rf_digest_of(text, strlen(text)),
			       .size = strlen(text),
			       .data = text};
	assert_int_equal(rf_store_begin(store, RF_DURABLE, &error), 0);
	assert_int_equal(rf_store_put_part(store, &part, &error), 0);
	assert_int_equal(rf_store_commit(store, &error), 0);
}

/* Changes the bytes where they stand in the file; fails where they stand nowhere. */
static void damage(const char *path, const char *text)
{
	size_t size;
	rf_autofree char *data = read_file(path, &size);
	char *place = memmem(data, size, text, strlen(text));
	assert_non_null(place);
	memset(place, '#', strlen(text));
	assert_int_equal(rf_file_write(path, data, size, false, NULL), 0);
}

/* ---- whose file ------------------------------------------------------------------------------------------------- */

static void assert_left_as_it_was(struct fixture *fixture, int expected, const char *reason)
{
	size_t size_before, size_after;
	rf_autofree char *before = read_file(fixture->path, &size_before);
	assert_not_opened(fixture, expected, reason);
	rf_autofree char *after = read_file(fixture->path, &size_after);
	assert_int_equal(size_before, size_after);
	assert_memory_equal(before, after, size_before);
}

static void a_store_of_a_newer_referat_is_refused(void **state)
{
	struct fixture *fixture = *state;
	rf_store_close(open_store(fixture));
	run_sql(fixture->path, "PRAGMA user_version = 999");
	assert_left_as_it_was(fixture, RF_STORE_NEWER,
			      "written by a newer Referat (store version 999, this one knows ");
}

static void a_database_of_another_program_is_refused(void **state)
{
	struct fixture *fixture = *state;
	run_sql(fixture->path, "CREATE TABLE bookmarks(url TEXT)");
	assert_left_as_it_was(fixture, -1, "this is a database of another program");
	run_sql(fixture->path, "PRAGMA application_id = 7; PRAGMA user_version = 1");
	assert_left_as_it_was(fixture, -1, "this is a database of another program");
}

static void a_file_that_is_no_database_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char text[2000];
	memset(text, 'x', sizeof text);
	assert_int_equal(rf_file_write(fixture->path, text, sizeof text, false, NULL), 0);
	assert_left_as_it_was(fixture, -1, "this is no store of Referat, or it is damaged");
}

static void a_store_without_its_version_is_refused(void **state)
{
	struct fixture *fixture = *state;
	rf_store_close(open_store(fixture));
	run_sql(fixture->path, "PRAGMA user_version = 0");
	assert_left_as_it_was(fixture, -1, "the store is damaged (version 0)");
}

static void a_folder_that_is_not_there_is_said(void **state)
{
	struct fixture *fixture = *state;
	free(fixture->url);
	fixture->url = rf_format("sqlite:%s/nowhere/referat.db", fixture->folder);
	assert_not_opened(fixture, -1, "is its folder there, and may it be written?");
	free(fixture->url);
	fixture->url = rf_strdup("sqlite:/proc/referat.db"); /* where not even root makes files */
	assert_not_opened(fixture, -1, "is its folder there, and may it be written?");
	free(fixture->url);
	fixture->url = rf_strdup("sqlite:");
	assert_not_opened(fixture, -1, "\"sqlite:\" lacks the path of the file");
}

/* ---- versions --------------------------------------------------------------------------------------------------- */

static void a_store_of_version_1_is_opened_with_all_that_is_in_it(void **state)
{
	struct fixture *fixture = *state;
	load_version_1(fixture->path);
	struct rf_store *store = open_store(fixture);
	struct rf_revision revision;
	struct rf_part part;
	struct rf_task task;
	struct rf_effect effect;
	const char *document;
	int64_t epoch;
	assert_int_equal(rf_store_find_subject(store, "ks/2024-04-17/minutes/1", &document, &fixture->error), 0);
	assert_int_equal(rf_store_get_revision(store, document, 0, &revision, &fixture->error), 0);
	assert_string_equal(revision.document, "k3x7wq2m9abc");
	assert_int_equal(rf_store_get_part(store, "k3x7wq2m9abc", 1, "source", &part, &fixture->error), 0);
	assert_memory_equal(part.data, "Beslut", 6);
	assert_int_equal(rf_store_find_task(store, "k3x7wq2m9abc", 1, "validate", &task, &fixture->error), 0);
	assert_int_equal(task.state, RF_TASK_HELD);
	assert_int_equal(rf_store_get_effect(store, "publish/web:k3x7wq2m9abc", &effect, &fixture->error), 0);
	assert_int_equal(rf_store_get_setting(store, "epoch", &epoch, &fixture->error), 0);
	assert_int_equal(epoch, 3);
	rf_store_close(store);
}

static void assert_about(struct rf_store *store, const char *subject, const char *expected)
{
	const char *document = NULL;
	int status = rf_store_find_subject(store, subject, &document, NULL);
	assert_int_equal(status, expected ? 0 : RF_STORE_NONE);
	if (expected)
		assert_string_equal(document, expected);
}

static void minutes_in_pieces_of_version_6_are_found_by_their_meeting(void **state)
{
	struct fixture *fixture = *state;
	load(fixture->path, version_6_file);
	struct rf_store *store = open_store(fixture);
	assert_about(store, "byggnadsnamnden/2024-04-09/minutes/1", "gs5owmdvmfel");
	assert_about(store, "byggnadsnamnden/2024-04-09/minutes/1/30-31", NULL);
	/* Two that were published apart stay so; the next one joins the first. */
	assert_about(store, "byggnadsnamnden/2024-03-12/minutes/1", "qzcheg3lvkm6");
	assert_about(store, "byggnadsnamnden/2024-03-12/minutes/1/20", NULL);
	assert_about(store, "byggnadsnamnden/2024-03-12/minutes/1/21-22", "cqv6ettbegwc");
	rf_store_close(store);
}

static const char all_of_schema[] = "SELECT group_concat(sql, ';') FROM"
				    " (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";

/* A step that was released must not be changed: this is how it was. */
static void an_old_store_and_a_new_one_have_the_same_schema(void **state)
{
	struct fixture *fixture = *state;
	load_version_1(fixture->path);
	rf_store_close(open_store(fixture));
	rf_autofree char *old_schema = ask_sql(fixture->path, all_of_schema);
	assert_int_equal(unlink(fixture->path), 0);
	rf_store_close(open_store(fixture));
	rf_autofree char *new_schema = ask_sql(fixture->path, all_of_schema);
	assert_string_equal(old_schema, new_schema);
}

/* Runs steps over a file of version 1 as opening a store does. */
static int upgrade(struct fixture *fixture, const char *const *steps, int n_steps)
{
	sqlite3 *database;
	assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
	int result = rf_sqlite_upgrade(database, fixture->path, steps, n_steps, &fixture->error);
	sqlite3_close(database);
	return result;
}

static void later_steps_run_over_an_older_store(void **state)
{
	struct fixture *fixture = *state;
	static const char *const steps[] = {
	    "this step was made before;",
	    "ALTER TABLE documents ADD COLUMN note TEXT; UPDATE documents SET note = 'kept ' || id;",
	    "ALTER TABLE documents RENAME COLUMN note TO remark;"};
	load_version_1(fixture->path);
	assert_int_equal(upgrade(fixture, steps, 3), 0);
	rf_autofree char *version = ask_sql(fixture->path, "PRAGMA user_version");
	assert_string_equal(version, "3");
	rf_autofree char *remark = ask_sql(fixture->path, "SELECT remark FROM documents");
	assert_string_equal(remark, "kept k3x7wq2m9abc");
}

static void a_step_that_fails_leaves_the_version_before(void **state)
{
	struct fixture *fixture = *state;
	static const char *const steps[] = {"", "ALTER TABLE documents ADD COLUMN note TEXT;",
					    "DELETE FROM documents; SELECT nonsense;"};
	load_version_1(fixture->path);
	assert_int_equal(upgrade(fixture, steps, 3), -1);
	assert_non_null(strstr(fixture->error.text, "making version 3 of the store: "));
	rf_autofree char *version = ask_sql(fixture->path, "PRAGMA user_version");
	assert_string_equal(version, "1");
	rf_autofree char *documents = ask_sql(fixture->path, "SELECT count(*) FROM documents");
	assert_string_equal(documents, "1");
}

/* What is changed later is not in the copy; it is a whole store, without a log beside it. */
static void an_older_store_is_copied_before_it_is_changed(void **state)
{
	struct fixture *fixture = *state;
	static const char *const steps[] = {"", "DELETE FROM documents;"};
	load_version_1(fixture->path);
	rf_autofree char *copy = rf_sqlite_copy_name(fixture->path, 1);
	assert_int_equal(rf_file_write(copy, "of another day", 14, false, NULL), 0);
	assert_int_equal(upgrade(fixture, steps, 2), 0);
	rf_autofree char *version = ask_sql(copy, "PRAGMA user_version");
	assert_string_equal(version, "1");
	rf_autofree char *document = ask_sql(copy, "SELECT id FROM documents");
	assert_string_equal(document, "k3x7wq2m9abc");
	rf_autofree char *left = ask_sql(fixture->path, "SELECT count(*) FROM documents");
	assert_string_equal(left, "0");
	assert_int_equal(rename(copy, fixture->path), 0);
	rf_store_close(open_store(fixture));
}

static void a_store_that_can_not_be_copied_is_not_changed(void **state)
{
	struct fixture *fixture = *state;
	static const char *const steps[] = {"", "DELETE FROM documents;"};
	load_version_1(fixture->path);
	rf_autofree char *copy = rf_sqlite_copy_name(fixture->path, 1);
	rf_autofree char *in_the_way = rf_format("%s.part/x", copy);
	assert_int_equal(rf_folder_make(in_the_way, &fixture->error), 0);
	assert_int_equal(upgrade(fixture, steps, 2), -1);
	assert_non_null(strstr(fixture->error.text, "keeping a copy of the store before it becomes version 2: "));
	rf_autofree char *version = ask_sql(fixture->path, "PRAGMA user_version");
	assert_string_equal(version, "1");
}

static void a_store_of_the_newest_version_is_not_copied(void **state)
{
	struct fixture *fixture = *state;
	static const char *const steps[] = {""};
	load_version_1(fixture->path);
	assert_int_equal(upgrade(fixture, steps, 1), 0);
	rf_autofree char *copy = rf_sqlite_copy_name(fixture->path, 1);
	assert_int_equal(access(copy, F_OK), -1);
}

/* ---- other processes -------------------------------------------------------------------------------------------- */

/* A process that opens the store, commits a part, says so and waits to be killed. */
static pid_t start_holder(struct fixture *fixture)
{
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		put_part(open_store(fixture), "doc", "committed by a process that was killed");
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	char byte;
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void kill_holder(pid_t child)
{
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_store_that_another_process_has_open_is_busy(void **state)
{
	struct fixture *fixture = *state;
	pid_t holder = start_holder(fixture);
	assert_not_opened(fixture, RF_STORE_BUSY, "another process has the store open");
	kill_holder(holder);
	rf_store_close(open_store(fixture));
}

static void what_a_killed_process_committed_is_there(void **state)
{
	struct fixture *fixture = *state;
	kill_holder(start_holder(fixture));
	struct rf_store *store = open_store(fixture);
	struct rf_part part;
	assert_int_equal(rf_store_get_part(store, "doc", 1, "source", &part, &fixture->error), 0);
	assert_int_equal(part.size, strlen("committed by a process that was killed"));
	rf_store_close(store);
}

static void closing_leaves_one_file(void **state)
{
	struct fixture *fixture = *state;
	struct rf_store *store = open_store(fixture);
	put_part(store, "doc", "text");
	rf_autofree char *log = rf_format("%s-wal", fixture->path);
	assert_int_equal(access(log, F_OK), 0);
	rf_store_close(store);
	assert_int_equal(access(log, F_OK), -1);
	assert_int_equal(access(fixture->path, F_OK), 0);
}

/* ---- damage ----------------------------------------------------------------------------------------------------- */

static void damaged_bytes_of_a_part_are_found_when_it_is_read(void **state)
{
	struct fixture *fixture = *state;
	struct rf_store *store = open_store(fixture);
	put_part(store, "doc", "Nämnden beslutar");
	put_part(store, "other", "Nämnden avslår");
	rf_store_close(store);
	damage(fixture->path, "beslutar");
	store = open_store(fixture);
	struct rf_part part;
	assert_int_equal(rf_store_get_part(store, "doc", 1, "source", &part, &fixture->error), -1);
	assert_non_null(strstr(fixture->error.text, "does not fit its SHA-256"));
	assert_int_equal(rf_store_get_part(store, "other", 1, "source", &part, &fixture->error), 0);
	rf_store_close(store);
}

static void a_damaged_page_is_found_at_the_start_after_an_unclean_end(void **state)
{
	struct fixture *fixture = *state;
	rf_store_close(open_store(fixture));
	kill_holder(start_holder(fixture));
	size_t size;
	rf_autofree char *data = read_file(fixture->path, &size);
	memset(data + size - 8192, 0xee, 8192); /* the last two pages: indexes that were not written since */
	assert_int_equal(rf_file_write(fixture->path, data, size, false, NULL), 0);
	assert_not_opened(fixture, -1, "the store is damaged");
}

static void a_store_that_was_cut_short_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct rf_store *store = open_store(fixture);
	put_part(store, "doc", "text");
	rf_store_close(store);
	assert_int_equal(truncate(fixture->path, 3 * 4096), 0);
	assert_not_opened(fixture, -1, "the store is damaged");
}

/* Erasing relies on it. */
static void what_was_replaced_is_not_in_the_file_any_more(void **state)
{
	struct fixture *fixture = *state;
	struct rf_store *store = open_store(fixture);
	put_part(store, "doc", "Anna Andersson beviljas bistånd");
	put_part(store, "doc", "A. A.");
	rf_store_close(store);
	size_t size;
	rf_autofree char *data = read_file(fixture->path, &size);
	assert_null(memmem(data, size, "beviljas", 8));
	assert_non_null(memmem(data, size, "A. A.", 5));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_store_of_a_newer_referat_is_refused),
	    TEST(a_database_of_another_program_is_refused),
	    TEST(a_file_that_is_no_database_is_refused),
	    TEST(a_store_without_its_version_is_refused),
	    TEST(a_folder_that_is_not_there_is_said),
	    TEST(a_store_of_version_1_is_opened_with_all_that_is_in_it),
	    TEST(minutes_in_pieces_of_version_6_are_found_by_their_meeting),
	    TEST(an_old_store_and_a_new_one_have_the_same_schema),
	    TEST(later_steps_run_over_an_older_store),
	    TEST(a_step_that_fails_leaves_the_version_before),
	    TEST(an_older_store_is_copied_before_it_is_changed),
	    TEST(a_store_that_can_not_be_copied_is_not_changed),
	    TEST(a_store_of_the_newest_version_is_not_copied),
	    TEST(a_store_that_another_process_has_open_is_busy),
	    TEST(what_a_killed_process_committed_is_there),
	    TEST(closing_leaves_one_file),
	    TEST(damaged_bytes_of_a_part_are_found_when_it_is_read),
	    TEST(a_damaged_page_is_found_at_the_start_after_an_unclean_end),
	    TEST(a_store_that_was_cut_short_is_refused),
	    TEST(what_was_replaced_is_not_in_the_file_any_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
