/* Brings the file of a SQLite store to the newest version of its schema.
 *
 * A file says whose it is (application_id) and which version it has (user_version). An older store is copied beside
 * itself before anything is changed in it, so that the Referat that wrote it can go on from there. The steps are one
 * transaction: a power cut, or a step that fails, leaves the old version. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { APPLICATION_ID = 0x52465354 }; /* "RFST" */

static int read_integer(sqlite3 *database, const char *sql, int *value)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(database, sql, -1, &statement, NULL);
	if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		*value = sqlite3_column_int(statement, 0);
	return code == SQLITE_OK ? sqlite3_finalize(statement) : code;
}

static int run(sqlite3 *database, const char *path, const char *sql, struct rf_error *error)
{
	return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
									  : rf_sqlite_explain(database, path, error);
}

static int take_step(sqlite3 *database, const char *path, const char *step, int version, struct rf_error *error)
{
	rf_autofree char *number = rf_format("PRAGMA user_version = %d", version);
	if (run(database, path, step, error) < 0 || run(database, path, number, error) < 0)
		return rf_error_prefix(error, "making version %d of the store", version);
	return 0;
}

/* All steps or none. */
static int take_steps(sqlite3 *database, const char *path, const char *const *steps, int from, int to,
		      struct rf_error *error)
{
	rf_autofree char *begin = rf_format("BEGIN IMMEDIATE; PRAGMA application_id = %d", APPLICATION_ID);
	int result = run(database, path, begin, error);
	for (int step = from; step < to && result == 0; step++)
		result = take_step(database, path, steps[step], step + 1, error);
	if (result == 0)
		result = run(database, path, "COMMIT", error);
	if (!sqlite3_get_autocommit(database))
		sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

/* ---- the copy ---------------------------------------------------------------------------------------------------- */

int rf_sqlite_sync_file(const char *path, struct rf_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 || fsync(fd) < 0 ? rf_error_errno(error, "%s: syncing failed", path) : 0;
	if (fd >= 0)
		close(fd);
	return result;
}

int rf_sqlite_write_copy(sqlite3 *database, const char *path, const char *to, struct rf_error *error)
{
	rf_autofree char *partial = rf_format("%s.part", to);
	rf_autofree char *folder = rf_path_folder(path);
	unlink(partial);
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", partial);
	int code = sqlite3_exec(database, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	if (code != SQLITE_OK) {
		rf_sqlite_explain(database, partial, error);
		unlink(partial);
		return -1;
	}
	if (rf_sqlite_sync_file(partial, error) < 0)
		return -1;
	if (rename(partial, to) < 0)
		return rf_error_errno(error, "%s", to);
	return rf_folder_sync(folder, error);
}

char *rf_sqlite_copy_name(const char *path, int version)
{
	return rf_format("%s.version-%d", path, version);
}

/* One from an earlier attempt is replaced: what counts is how the store is now. */
static int keep_copy(sqlite3 *database, const char *path, int version, struct rf_error *error)
{
	rf_autofree char *name = rf_sqlite_copy_name(path, version);
	if (rf_sqlite_write_copy(database, path, name, error) < 0)
		return -1;
	rf_log(RF_LOG_INFO, NULL, "the store is of version %d and becomes a newer one; %s is how it was", version,
	       name);
	return 0;
}

/* ---- upgrade ----------------------------------------------------------------------------------------------------- */

struct found {
	int application, version, tables;
};

/* 0: a store, or nothing yet; nothing was changed. */
static int look(sqlite3 *database, const char *path, int newest, struct found *found, struct rf_error *error)
{
	if (read_integer(database, "PRAGMA application_id", &found->application) != SQLITE_OK ||
	    read_integer(database, "PRAGMA user_version", &found->version) != SQLITE_OK ||
	    read_integer(database, "SELECT count(*) FROM sqlite_schema", &found->tables) != SQLITE_OK)
		return rf_sqlite_explain(database, path, error);
	bool empty = found->application == 0 && found->version == 0 && found->tables == 0;
	if (!empty && found->application != APPLICATION_ID)
		return rf_error_set(error, "%s: this is a database of another program, not a store of Referat", path);
	if (found->version > newest) {
		rf_error_set(
		    error,
		    "%s: written by a newer Referat (store version %d, this one knows %d): start the newer one, "
		    "or restore a backup from before",
		    path, found->version, newest);
		return RF_STORE_NEWER;
	}
	if (found->version < 0 || (found->version == 0 && !empty))
		return rf_error_set(error, "%s: the store is damaged (version %d)", path, found->version);
	return 0;
}

int rf_sqlite_upgrade(sqlite3 *database, const char *path, const char *const *steps, int n_steps,
		      struct rf_error *error)
{
	struct found found = {0};
	int result = look(database, path, n_steps, &found, error);
	if (result != 0)
		return result;
	if (found.version > 0 && found.version < n_steps && keep_copy(database, path, found.version, error) < 0)
		return rf_error_prefix(error, "keeping a copy of the store before it becomes version %d", n_steps);
	return found.version < n_steps ? take_steps(database, path, steps, found.version, n_steps, error) : 0;
}

bool rf_sqlite_is_older(sqlite3 *database)
{
	int version = 0;
	return read_integer(database, "PRAGMA user_version", &version) == SQLITE_OK &&
	       version < rf_sqlite_newest_version();
}
