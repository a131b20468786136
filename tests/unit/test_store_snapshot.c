/* Snapshots and checks of a store: the copy is of one moment though the store is written meanwhile, and what is damaged
 * is named. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/backup.h"
#include "store/snapshot.h"
#include "store/verify.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 2000 };

static const char blob_text[] = "a large document";

/* A blob where the store's blobs lie, and a part that names it. Returns its path; the caller frees. */
static char *add_blob(struct test_store *fixture)
{
	struct rf_part part = test_store_part("doc", "source", blob_text);
	char name[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&part.digest, name);
	rf_autofree char *shelf = rf_format("%s/blobs/%.2s", fixture->folder, name);
	char *path = rf_path_join(shelf, name);
	OK(rf_folder_make(shelf, &fixture->error));
	OK(rf_file_write(path, blob_text, strlen(blob_text), false, &fixture->error));
	part.data = NULL;
	part.blob = name;
	test_store_begin(fixture);
	OK(rf_store_put_part(fixture->store, &part, &fixture->error));
	test_store_commit(fixture);
	return path;
}

static void fill(struct test_store *fixture)
{
	char document[16], text[1000];
	memset(text, 'x', sizeof text);
	memcpy(text, "Beslut om skolan", 16);
	text[sizeof text - 1] = '\0';
	test_store_begin(fixture);
	for (int i = 0; i < MANY; i++) {
		snprintf(document, sizeof document, "doc-%04d", i);
		test_store_add_revision(fixture, document, 1);
		test_store_put_part(fixture, document, "source", text);
		test_store_add_task(fixture, document, "ingest", RF_TASK_DONE);
	}
	test_store_commit(fixture);
}

/* Steps until it is whole; in between, and after each, another document comes. */
static char *take_snapshot(struct test_store *fixture, int *pieces)
{
	rf_autofree char *blobs = rf_path_join(fixture->folder, "blobs");
	char *folder = rf_path_join(fixture->folder, "snapshot"), document[16];
	struct rf_snapshot *snapshot = NULL;
	OK(rf_snapshot_begin(fixture->store, blobs, folder, &snapshot, &fixture->error));
	int status = 0;
	for (*pieces = 0; status == 0; ++*pieces) {
		status = rf_snapshot_step(snapshot, &fixture->error);
		snprintf(document, sizeof document, "new-%04d", *pieces);
		test_store_begin(fixture);
		test_store_add_revision(fixture, document, 1);
		test_store_add_task(fixture, document, "ingest", RF_TASK_READY);
		test_store_commit(fixture);
	}
	assert_int_equal(status, RF_SNAPSHOT_WHOLE);
	rf_snapshot_end(snapshot);
	return folder;
}

static int note_fault(void *context, const char *fault)
{
	snprintf(context, 512, "%s", fault);
	return 0;
}

static struct rf_verified verify(struct test_store *fixture, const char *folder, char fault[512])
{
	struct rf_verified verified = {0};
	*fault = '\0';
	OK(rf_store_verify(folder, note_fault, fault, &verified, &fixture->error));
	return verified;
}

static void a_snapshot_is_of_one_moment_though_the_store_is_written(void **state)
{
	struct test_store *fixture = *state;
	fill(fixture);
	free(add_blob(fixture));
	int pieces;
	char fault[512];
	rf_autofree char *folder = take_snapshot(fixture, &pieces);
	assert_true(pieces > 2);
	struct rf_verified verified = verify(fixture, folder, fault);
	assert_string_equal(fault, "");
	assert_int_equal(verified.blobs, 1);
	assert_int_equal(verified.blob_bytes, strlen(blob_text));
	rf_autofree char *url = rf_format("sqlite:%s/referat.db", folder);
	struct rf_store *copy = NULL;
	struct rf_revision revision;
	OK(rf_store_open_existing(url, &copy, &fixture->error));
	OK(rf_store_get_revision(copy, "doc-1999", 1, &revision, &fixture->error));
	rf_store_close(copy);
}

static void a_blob_that_is_gone_or_changed_is_a_fault(void **state)
{
	struct test_store *fixture = *state;
	rf_autofree char *path = add_blob(fixture);
	char fault[512];
	rf_store_close(rf_steal(fixture->store));
	OK(rf_file_write(path, "something else", 14, false, &fixture->error));
	assert_int_equal(verify(fixture, fixture->folder, fault).faults, 1);
	assert_non_null(strstr(fault, "do not fit the SHA-256"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(verify(fixture, fixture->folder, fault).faults, 1);
	assert_non_null(strstr(fault, "No such file"));
}

static void a_part_that_was_changed_is_a_fault(void **state)
{
	struct test_store *fixture = *state;
	fill(fixture);
	rf_store_close(rf_steal(fixture->store));
	rf_autofree char *path = rf_path_join(fixture->folder, "referat.db"), *data = NULL;
	size_t size;
	OK(rf_file_read(path, 64 * 1024 * 1024, &data, &size, &fixture->error));
	char *place = memmem(data, size, "Beslut om skolan", 16);
	assert_non_null(place);
	memset(place, '#', 16);
	OK(rf_file_write(path, data, size, false, &fixture->error));
	char fault[512];
	assert_int_equal(verify(fixture, fixture->folder, fault).faults, 1);
	assert_non_null(strstr(fault, "part source of document doc-"));
}

/* As a fault of the program, or another program, would leave it. */
static void counts_and_rows_that_do_not_fit_are_faults(void **state)
{
	struct test_store *fixture = *state;
	test_store_begin(fixture);
	test_store_add_revision(fixture, "doc", 1);
	test_store_add_task(fixture, "doc", "ingest", RF_TASK_READY);
	test_store_commit(fixture);
	rf_store_close(rf_steal(fixture->store));
	rf_autofree char *path = rf_path_join(fixture->folder, "referat.db");
	sqlite3 *database;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, "UPDATE counts SET n = 3", NULL, NULL, NULL), SQLITE_OK);
	char fault[512];
	sqlite3_close(database);
	assert_int_equal(verify(fixture, fixture->folder, fault).faults, 1);
	assert_string_equal(fault, "the count is wrong: ingest, state 1: counted 3, there are 1");
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, "UPDATE counts SET n = 1; DELETE FROM revisions", NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(database);
	assert_int_equal(verify(fixture, fixture->folder, fault).faults, 1);
	assert_string_equal(fault, "a task of a revision that is not there: doc revision 1 in ingest");
}

static void a_store_that_is_in_use_or_not_there_is_not_checked(void **state)
{
	struct test_store *fixture = *state;
	struct rf_verified verified;
	char fault[512];
	assert_int_equal(rf_store_verify(fixture->folder, note_fault, fault, &verified, &fixture->error),
			 RF_STORE_BUSY);
	assert_int_equal(rf_store_verify("/proc/nothing", note_fault, fault, &verified, &fixture->error), -1);
	rf_autofree char *missing = rf_path_join(fixture->folder, "missing.db");
	rf_autofree char *url = rf_format("sqlite:%s", missing);
	struct rf_store *store = NULL;
	assert_int_equal(rf_store_open_existing(url, &store, &fixture->error), -1);
	assert_int_equal(access(missing, F_OK), -1);
}

static void a_backup_is_copied_whole_and_says_what_it_is(void **state)
{
	struct test_store *fixture = *state;
	free(add_blob(fixture));
	rf_store_close(rf_steal(fixture->store));
	rf_autofree char *folder = rf_path_join(fixture->folder, "backup");
	struct rf_manifest written = {.made_us = 42}, read;
	OK(rf_backup_copy(fixture->folder, folder, &written, &fixture->error));
	assert_int_equal(written.blobs, 1);
	FAULT(rf_manifest_read(folder, &read, &fixture->error));
	assert_non_null(strstr(fixture->error.text, "is no whole backup"));
	OK(rf_manifest_write(folder, &written, &fixture->error));
	OK(rf_manifest_read(folder, &read, &fixture->error));
	assert_int_equal(read.made_us, 42);
	assert_string_equal(read.database, written.database);
	char fault[512];
	assert_int_equal(verify(fixture, folder, fault).faults, 0);
	FAULT(rf_folder_is_free(folder, &fixture->error));
}

static void a_manifest_of_something_else_is_refused(void **state)
{
	struct test_store *fixture = *state;
	static const char *const texts[] = {"", "[]", "{}", "{\"referat_backup\": 2, \"database\": \"x\"}",
					    "{\"referat_backup\": 1, \"database\": 7}"};
	rf_autofree char *path = rf_path_join(fixture->folder, "manifest.json");
	struct rf_manifest read;
	for (size_t i = 0; i < RF_COUNT(texts); i++) {
		OK(rf_file_write(path, texts[i], strlen(texts[i]), false, &fixture->error));
		FAULT(rf_manifest_read(fixture->folder, &read, &fixture->error));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_snapshot_is_of_one_moment_though_the_store_is_written),
	    STORE_TEST(a_blob_that_is_gone_or_changed_is_a_fault),
	    STORE_TEST(a_part_that_was_changed_is_a_fault),
	    STORE_TEST(counts_and_rows_that_do_not_fit_are_faults),
	    STORE_TEST(a_store_that_is_in_use_or_not_there_is_not_checked),
	    STORE_TEST(a_backup_is_copied_whole_and_says_what_it_is),
	    STORE_TEST(a_manifest_of_something_else_is_refused),
	};
	return RUN_STORE_TESTS(tests);
}
