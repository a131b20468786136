/* Erasing in the SQLite store: first from the rows, in a transaction; then from the files.
 *
 * SQLite overwrites what is deleted (secure_delete), but not every copy that moving a row within or between pages left
 * in the unused middle of a page, nor what stands in the log. So the database is written anew into another file, which
 * has the rows and nothing else, and that one takes its place. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- from the rows ---------------------------------------------------------------------------------------------- */

struct keys {
	char **all;
	size_t n;
};

static int add_key(void *context, sqlite3_stmt *row)
{
	struct keys *keys = context;
	keys->all = rf_realloc_array(keys->all, keys->n + 1, sizeof *keys->all);
	keys->all[keys->n++] = rf_strdup(rf_sqlite_column_text(row, 0));
	return 0;
}

static void keys_deinit(struct keys *keys)
{
	for (size_t i = 0; i < keys->n; i++)
		free(keys->all[i]);
	free(keys->all);
}

/* Paths may have names of people in them. */
static int hide_source_keys(struct rf_sqlite *sqlite, struct rf_sqlite_value document, struct rf_error *error)
{
	__attribute__((cleanup(keys_deinit))) struct keys keys = {0};
	int result = rf_sqlite_walk(sqlite,
				    "SELECT key FROM sources WHERE document = ?1"
				    " UNION SELECT source_key FROM revisions WHERE document = ?1",
				    RF_SQLITE_VALUES(document), add_key, &keys, error);
	for (size_t i = 0; i < keys.n && result == 0; i++) {
		char hidden[RF_ERASED_KEY_SIZE];
		rf_store_erased_key(keys.all[i], hidden);
		struct rf_sqlite_values values =
		    RF_SQLITE_VALUES(document, rf_sqlite_text(keys.all[i]), rf_sqlite_text(hidden));
		result = rf_sqlite_write(
		    sqlite, "UPDATE OR REPLACE sources SET key = ?3 WHERE document = ?1 AND key = ?2", values, error);
		if (result == 0)
			result = rf_sqlite_write(sqlite,
						 "UPDATE revisions SET source_key = ?3, name = ''"
						 " WHERE document = ?1 AND source_key = ?2",
						 values, error);
	}
	return result;
}

/* values: the document, and the number of the first revision that is not counted. */
static int count(struct rf_sqlite *sqlite, struct rf_sqlite_values values, struct rf_erased *erased,
		 struct rf_error *error)
{
	sqlite3_stmt *row;
	if (rf_sqlite_read(sqlite,
			   "SELECT (SELECT count(*) FROM revisions WHERE document = ?1 AND number < ?2),"
			   " (SELECT count(*) FROM attributes WHERE document = ?1 AND revision < ?2),"
			   " count(*), coalesce(sum(size), 0) FROM parts WHERE document = ?1 AND revision < ?2",
			   values, &row, error) != 0)
		return -1;
	*erased = (struct rf_erased){.revisions = (uint64_t)sqlite3_column_int64(row, 0),
				     .attributes = (uint64_t)sqlite3_column_int64(row, 1),
				     .parts = (uint64_t)sqlite3_column_int64(row, 2),
				     .bytes = (uint64_t)sqlite3_column_int64(row, 3)};
	return 0;
}

static int find(struct rf_sqlite *sqlite, const char *document, int64_t *number, struct rf_error *error)
{
	int result = rf_sqlite_find_document(sqlite, document, number, error);
	return result == RF_STORE_NONE ? rf_error_set(error, "there is no document %s", document) : result;
}

static int write_all(struct rf_sqlite *sqlite, const char *const *statements, size_t n, struct rf_sqlite_values values,
		     struct rf_error *error)
{
	for (size_t i = 0; i < n; i++)
		if (rf_sqlite_write(sqlite, statements[i], values, error) < 0)
			return -1;
	return 0;
}

int rf_sqlite_erase(struct rf_store *store, const struct rf_erasure *erasure, struct rf_erased *erased,
		    struct rf_error *error)
{
	static const char *const removals[] = {
	    "DELETE FROM parts WHERE document = ?1",
	    "DELETE FROM attributes WHERE document = ?1",
	    "DELETE FROM subjects WHERE document = ?1",
	    "UPDATE tasks SET state = 7, due_us = 0, code = NULL, reason = NULL WHERE document = ?1",
	    "UPDATE effects SET location = NULL WHERE document = ?1",
	    "UPDATE events SET detail = NULL WHERE document = ?1",
	};
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (find(sqlite, erasure->document, &number, error) < 0)
		return -1;
	struct rf_sqlite_value document = rf_sqlite_integer(number), all = rf_sqlite_integer(INT64_MAX);
	if (count(sqlite, RF_SQLITE_VALUES(document, all), erased, error) < 0 ||
	    hide_source_keys(sqlite, document, error) < 0 ||
	    write_all(sqlite, removals, RF_COUNT(removals), RF_SQLITE_VALUES(document), error) < 0)
		return -1;
	return rf_sqlite_write(sqlite, "INSERT INTO erasures VALUES(?1, ?2, ?3, ?4)",
			       RF_SQLITE_VALUES(document, rf_sqlite_integer(erasure->at_us),
						rf_sqlite_text(erasure->who), rf_sqlite_text(erasure->reason)),
			       error);
}

int rf_sqlite_erase_before(struct rf_store *store, const char *document, uint32_t number, struct rf_erased *erased,
			   struct rf_error *error)
{
	static const char *const removals[] = {
	    "DELETE FROM parts WHERE document = ?1 AND revision < ?2",
	    "DELETE FROM attributes WHERE document = ?1 AND revision < ?2",
	    "UPDATE revisions SET name = '' WHERE document = ?1 AND number < ?2",
	    "UPDATE tasks SET reason = NULL WHERE document = ?1 AND revision < ?2",
	};
	static const char *const details[] = {"UPDATE events SET detail = NULL WHERE document = ?1"};
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t row;
	if (find(sqlite, document, &row, error) < 0)
		return -1;
	struct rf_sqlite_values before = RF_SQLITE_VALUES(rf_sqlite_integer(row), rf_sqlite_integer(number));
	if (count(sqlite, before, erased, error) < 0 ||
	    write_all(sqlite, removals, RF_COUNT(removals), before, error) < 0)
		return -1;
	return write_all(sqlite, details, RF_COUNT(details), RF_SQLITE_VALUES(rf_sqlite_integer(row)), error);
}

int rf_sqlite_get_erasure(struct rf_store *store, const char *document, struct rf_erasure *erasure,
			  struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read((struct rf_sqlite *)store,
				    "SELECT d.id, e.at_us, e.who, e.reason FROM erasures e"
				    " JOIN documents d ON d.number = e.document WHERE d.id = ?1",
				    RF_SQLITE_VALUES(rf_sqlite_text(document)), &row, error);
	if (result == 0)
		*erasure = (struct rf_erasure){.document = rf_sqlite_column_text(row, 0),
					       .at_us = sqlite3_column_int64(row, 1),
					       .who = rf_sqlite_column_text(row, 2),
					       .reason = rf_sqlite_column_text(row, 3)};
	return result;
}

/* ---- from the files --------------------------------------------------------------------------------------------- */

enum { STEPS_A_TELL = 64 }; /* of the machine of SQLite; a row takes a few */

/* Copies that were kept when the store became a newer one have the document as well. */
static int remove_copies(const struct rf_sqlite *sqlite, uint64_t *removed, struct rf_error *error)
{
	*removed = 0;
	for (int version = 1; version < rf_sqlite_newest_version(); version++) {
		rf_autofree char *name = rf_sqlite_copy_name(sqlite->path, version);
		if (unlink(name) == 0)
			(*removed)++;
		else if (access(name, F_OK) == 0)
			return rf_error_errno(error, "%s can't be removed", name);
	}
	return 0;
}

static int look(struct rf_sqlite *sqlite, struct rf_scrubbed *scrubbed, struct rf_error *error)
{
	rf_autofree char *free_pages = NULL, *log = rf_format("%s-wal", sqlite->path);
	if (rf_sqlite_ask(sqlite, "PRAGMA freelist_count", &free_pages, error) < 0)
		return -1;
	struct stat file;
	scrubbed->free_pages = strtoull(free_pages, NULL, 10);
	scrubbed->bytes = stat(sqlite->path, &file) == 0 ? (uint64_t)file.st_size : 0;
	scrubbed->log_bytes = stat(log, &file) == 0 ? (uint64_t)file.st_size : 0;
	return 0;
}

static int still_at_it(void *context)
{
	const struct rf_store_alive *alive = context;
	alive->tell(alive->context);
	return 0;
}

static int write_anew(struct rf_sqlite *sqlite, const struct rf_store_alive *alive, const char *path,
		      struct rf_error *error)
{
	if (alive)
		sqlite3_progress_handler(sqlite->database, STEPS_A_TELL, still_at_it, (void *)alive);
	int status = rf_sqlite_write_copy(sqlite->database, sqlite->path, path, error);
	sqlite3_progress_handler(sqlite->database, 0, NULL, NULL);
	return status;
}

int rf_sqlite_scrub(struct rf_store *store, const struct rf_store_alive *alive, struct rf_scrubbed *scrubbed,
		    struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_autofree char *anew = rf_format("%s.new", sqlite->path);
	struct rf_scrubbed found = {0};
	rf_sqlite_give_back(sqlite);
	if (write_anew(sqlite, alive, anew, error) < 0 || rf_sqlite_replace(sqlite, anew, error) < 0 ||
	    remove_copies(sqlite, &found.copies, error) < 0 || look(sqlite, &found, error) < 0)
		return -1;
	*scrubbed = found;
	return 0;
}
