/* The store in a SQLite file: opening, transactions and when bytes are forced to the disk.
 *
 * One connection, exclusive: a second process is refused, SQLite needs no shared memory, and a log (WAL) is never
 * written by two (SQLite 3.40 can lose data then). `synchronous` decides what a commit costs: FULL syncs the log,
 * NORMAL leaves that to the next FULL commit or rf_store_sync. It acts when a PRAGMA is prepared, not when it runs, so
 * it is always given as text, before BEGIN, and read back. The log is moved into the file when it has grown, by the
 * commit that makes it too large; SQLite syncs log and file in the order that a power cut needs. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_LOG_PAGES = 32 * 1024,      /* 64 MiB: then the log is moved into the file */
	MOST_CHECKED_PAGES = 128 * 1024, /* 256 MiB: about a second, after an unclean end */
	SYNCHRONOUS_NORMAL = 1,          /* as SQLite says them */
	SYNCHRONOUS_FULL = 2,
};

static int run(struct rf_sqlite *sqlite, const char *sql, struct rf_error *error)
{
	if (sqlite3_exec(sqlite->database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return rf_sqlite_fault(sqlite, error);
	return 0;
}

static int copy_text(void *context, int n_columns, char **values, char **names)
{
	(void)n_columns;
	(void)names;
	char **text = context;
	free(*text);
	*text = rf_strdup(values[0]);
	return 0;
}

int rf_sqlite_ask(struct rf_sqlite *sqlite, const char *sql, char **answer, struct rf_error *error)
{
	rf_autofree char *text = NULL;
	if (sqlite3_exec(sqlite->database, sql, copy_text, &text, NULL) != SQLITE_OK) {
		rf_sqlite_fault(sqlite, error);
		return -1;
	}
	*answer = text ? rf_steal(text) : rf_strdup("");
	return 0;
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

/* SQLite calls this for each commit that wrote something. */
static int note_log(void *context, sqlite3 *database, const char *name, int pages)
{
	(void)database;
	(void)name;
	struct rf_sqlite *sqlite = context;
	sqlite->log_pages = pages;
	sqlite->wrote = true;
	return SQLITE_OK;
}

static void close_store(struct rf_store *store)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_sqlite_forget_statements(sqlite);
	rf_sqlite_forget_documents(sqlite);
	sqlite3_close(sqlite->database);
	free(sqlite->path);
	free(sqlite);
}

static int use_wal(struct rf_sqlite *sqlite, struct rf_error *error)
{
	rf_autofree char *mode = NULL;
	if (rf_sqlite_ask(sqlite, "PRAGMA journal_mode = WAL", &mode, error) < 0)
		return -1;
	if (strcmp(mode, "wal") != 0)
		return rf_error_set(error,
				    "%s: the file system does not let SQLite keep a write-ahead log (it says %s)",
				    sqlite->path, mode);
	return 0;
}

/* A damaged page is found at the start rather than in the middle of the work. The whole file is read, so only when the
 * last process did not end in good order, and not when that would keep everybody waiting. */
static int check_pages(struct rf_sqlite *sqlite, struct rf_error *error)
{
	rf_autofree char *pages = NULL, *answer = NULL;
	if (rf_sqlite_ask(sqlite, "PRAGMA page_count", &pages, error) < 0)
		return -1;
	if (strtoll(pages, NULL, 10) > MOST_CHECKED_PAGES) {
		rf_log(RF_LOG_INFO, NULL, "%s: not closed in good order, and too large to be checked at the start",
		       sqlite->path);
		return 0;
	}
	if (rf_sqlite_ask(sqlite, "PRAGMA quick_check(1)", &answer, error) < 0)
		return -1;
	if (strcmp(answer, "ok") != 0)
		return rf_error_set(error, "%s: the store is damaged (%s); restore the newest backup", sqlite->path,
				    answer);
	return 0;
}

/* A log that has something in it stays behind when a process does not close the store. */
static bool was_left_open(const char *path)
{
	rf_autofree char *log = rf_format("%s-wal", path);
	sqlite3_vfs *files = sqlite3_vfs_find(NULL);
	int found = 0;
	return files->xAccess(files, log, SQLITE_ACCESS_EXISTS, &found) == SQLITE_OK && found;
}

/* The file is looked at before anything is changed in it: a database of somebody else stays as it was. */
static int prepare(struct rf_sqlite *sqlite, struct rf_error *error)
{
	bool left_open = was_left_open(sqlite->path);
	if (sqlite3_db_readonly(sqlite->database, "main") == 1)
		return rf_error_set(error, "%s: the store may not be written", sqlite->path);
	if (run(sqlite,
		"PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		"PRAGMA page_size = 2048;" /* of a new file: docs/store.md, What it costs */
		"PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
		"PRAGMA cache_size = -16384;",
		error) < 0)
		return -1;
	if (sqlite->existing && rf_sqlite_is_older(sqlite->database)) {
		rf_error_set(error, "%s: of an older version; it is brought to this one when the broker starts",
			     sqlite->path);
		return RF_STORE_OLDER;
	}
	int result = rf_sqlite_prepare_file(sqlite->database, sqlite->path, error);
	if (result != 0)
		return result;
	if (use_wal(sqlite, error) < 0 ||
	    run(sqlite, "PRAGMA wal_autocheckpoint = 0; BEGIN IMMEDIATE; COMMIT", error) < 0)
		return -1;
	sqlite3_wal_hook(sqlite->database, note_log, sqlite);
	return left_open ? check_pages(sqlite, error) : 0;
}

/* Opens the file at sqlite->path. */
static int connect_file(struct rf_sqlite *sqlite, struct rf_error *error)
{
	sqlite->synchronous = 0;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (!sqlite->existing)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(sqlite->path, &sqlite->database, flags, NULL) != SQLITE_OK)
		return rf_sqlite_fault(sqlite, error);
	return prepare(sqlite, error);
}

/* Closing moves the log into the old file; so whichever of the two lies there when power goes is a whole store. */
int rf_sqlite_replace(struct rf_sqlite *sqlite, const char *path, struct rf_error *error)
{
	rf_autofree char *folder = rf_path_folder(sqlite->path);
	rf_sqlite_give_back(sqlite);
	rf_sqlite_forget_statements(sqlite);
	sqlite->base.broken = true;
	if (sqlite3_close(sqlite->database) != SQLITE_OK || was_left_open(sqlite->path))
		return rf_error_set(error, "%s: the store could not be closed", sqlite->path);
	sqlite->database = NULL;
	if (rename(path, sqlite->path) < 0)
		return rf_error_errno(error, "%s", path);
	sqlite->unsynced = sqlite->base.broken = false;
	return rf_folder_sync(folder, error) < 0 ? -1 : connect_file(sqlite, error);
}

static int open_store(const char *place, bool existing, struct rf_store **store, struct rf_error *error)
{
	if (!*place)
		return rf_error_set(error, "\"sqlite:\" lacks the path of the file");
	struct rf_sqlite *sqlite = rf_alloc(sizeof *sqlite);
	sqlite->base.functions = &rf_store_sqlite;
	sqlite->path = rf_strdup(place);
	sqlite->existing = existing;
	sqlite->most_log_pages = MOST_LOG_PAGES;
	int result = connect_file(sqlite, error);
	if (result < 0 && (sqlite3_errcode(sqlite->database) & 0xff) == SQLITE_BUSY)
		result = RF_STORE_BUSY;
	if (result != 0) {
		close_store(&sqlite->base);
		return result;
	}
	*store = &sqlite->base;
	return 0;
}

/* ---- transactions ----------------------------------------------------------------------------------------------- */

/* What is in force stays so: nothing else sets it on this connection. */
static int set_synchronous(struct rf_sqlite *sqlite, enum rf_durability durability, struct rf_error *error)
{
	bool full = durability == RF_DURABLE;
	int wanted = full ? SYNCHRONOUS_FULL : SYNCHRONOUS_NORMAL;
	rf_autofree char *level = NULL;
	if (sqlite->synchronous == wanted)
		return 0;
	sqlite->synchronous = 0;
	if (run(sqlite, full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error) < 0 ||
	    rf_sqlite_ask(sqlite, "PRAGMA synchronous", &level, error) < 0)
		return -1;
	if (strtol(level, NULL, 10) != wanted)
		return rf_error_set(error, "%s: SQLite did not take the wanted level of synchronous (it is %s)",
				    sqlite->path, level);
	sqlite->synchronous = wanted;
	return 0;
}

static int begin(struct rf_store *store, enum rf_durability durability, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	if (set_synchronous(sqlite, durability, error) < 0)
		return -1;
	sqlite->durability = durability;
	return rf_sqlite_write(sqlite, "BEGIN IMMEDIATE", RF_SQLITE_NO_VALUES, error);
}

static int sync_log(struct rf_sqlite *sqlite, struct rf_error *error)
{
	sqlite3_file *log = NULL;
	sqlite3_file_control(sqlite->database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (!log || !log->pMethods)
		return rf_error_set(error, "%s: SQLite has no log to sync", sqlite->path);
	if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) != SQLITE_OK) {
		sqlite->base.broken = true;
		return rf_error_errno(error, "%s: syncing the log failed", sqlite->path);
	}
	sqlite->unsynced = false;
	return 0;
}

/* What was committed stays committed when this fails: the next commit tries again. */
static void move_log(struct rf_sqlite *sqlite)
{
	if (sqlite->log_pages < sqlite->most_log_pages)
		return;
	if (sqlite3_wal_checkpoint_v2(sqlite->database, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) == SQLITE_OK) {
		sqlite->log_pages = 0;
		return;
	}
	struct rf_error reason;
	rf_sqlite_explain(sqlite->database, sqlite->path, &reason);
	rf_log(RF_LOG_WARNING, NULL, "moving the log into the store failed, so it grows: %s", reason.text);
}

static int commit(struct rf_store *store, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_sqlite_give_back(sqlite);
	sqlite->wrote = false;
	if (rf_sqlite_write(sqlite, "COMMIT", RF_SQLITE_NO_VALUES, error) < 0) {
		int code = sqlite3_extended_errcode(sqlite->database);
		store->broken = code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
		return -1;
	}
	bool durable = sqlite->durability == RF_DURABLE;
	if (sqlite->wrote)
		sqlite->unsynced = !durable;
	else if (durable && sqlite->unsynced && sync_log(sqlite, error) < 0) /* SQLite syncs no empty transaction */
		return -1;
	move_log(sqlite);
	return 0;
}

static void rollback(struct rf_store *store)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_sqlite_give_back(sqlite);
	rf_sqlite_forget_documents(sqlite);
	if (!sqlite3_get_autocommit(sqlite->database)) /* after some faults SQLite has done it */
		sqlite3_exec(sqlite->database, "ROLLBACK", NULL, NULL, NULL);
}

static int sync_store(struct rf_store *store, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_sqlite_give_back(sqlite);
	return sqlite->unsynced ? sync_log(sqlite, error) : 0;
}

static int savepoint(struct rf_store *store, struct rf_error *error)
{
	return rf_sqlite_write((struct rf_sqlite *)store, "SAVEPOINT nested", RF_SQLITE_NO_VALUES, error);
}

static int release(struct rf_store *store, struct rf_error *error)
{
	return rf_sqlite_write((struct rf_sqlite *)store, "RELEASE nested", RF_SQLITE_NO_VALUES, error);
}

static int undo(struct rf_store *store, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_sqlite_give_back(sqlite);
	rf_sqlite_forget_documents(sqlite);
	if (rf_sqlite_write(sqlite, "ROLLBACK TO nested", RF_SQLITE_NO_VALUES, error) < 0)
		return -1;
	return release(store, error);
}

const struct rf_store_functions rf_store_sqlite = {
    .scheme = "sqlite",
    .open = open_store,
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .sync = sync_store,
    .savepoint = savepoint,
    .release = release,
    .undo = undo,
    .find_source = rf_sqlite_find_source,
    .bind_source = rf_sqlite_bind_source,
    .find_subject = rf_sqlite_find_subject,
    .bind_subject = rf_sqlite_bind_subject,
    .add_revision = rf_sqlite_add_revision,
    .get_revision = rf_sqlite_get_revision,
    .set_major = rf_sqlite_set_major,
    .set_quiet = rf_sqlite_set_quiet,
    .each_document = rf_sqlite_each_document,
    .set_attribute = rf_sqlite_set_attribute,
    .each_attribute = rf_sqlite_each_attribute,
    .put_part = rf_sqlite_put_part,
    .get_part = rf_sqlite_get_part,
    .each_part = rf_sqlite_each_part,
    .each_superseded = rf_sqlite_each_superseded,
    .remove_parts = rf_sqlite_remove_parts,
    .add_task = rf_sqlite_add_task,
    .update_task = rf_sqlite_update_task,
    .last_task = rf_sqlite_last_task,
    .set_count = rf_sqlite_set_count,
    .get_task = rf_sqlite_get_task,
    .visit_task = rf_sqlite_visit_task,
    .find_task = rf_sqlite_find_task,
    .each_task = rf_sqlite_each_task,
    .oldest_task = rf_sqlite_oldest_task,
    .next_due = rf_sqlite_next_due,
    .each_count = rf_sqlite_each_count,
    .rename_stage = rf_sqlite_rename_stage,
    .need_toolset = rf_sqlite_need_toolset,
    .get_toolset = rf_sqlite_get_toolset,
    .put_alert = rf_sqlite_put_alert,
    .drop_alert = rf_sqlite_drop_alert,
    .each_alert = rf_sqlite_each_alert,
    .get_bytes = rf_sqlite_get_bytes,
    .get_effect = rf_sqlite_get_effect,
    .put_effect = rf_sqlite_put_effect,
    .each_effect = rf_sqlite_each_effect,
    .add_event = rf_sqlite_add_event,
    .each_event = rf_sqlite_each_event,
    .erase = rf_sqlite_erase,
    .erase_before = rf_sqlite_erase_before,
    .get_erasure = rf_sqlite_get_erasure,
    .scrub = rf_sqlite_scrub,
    .find_blob = rf_sqlite_find_blob,
    .each_blob = rf_sqlite_each_blob,
    .copy_begin = rf_sqlite_copy_begin,
    .copy_step = rf_sqlite_copy_step,
    .copy_end = rf_sqlite_copy_end,
    .check = rf_sqlite_check,
    .set_setting = rf_sqlite_set_setting,
    .get_setting = rf_sqlite_get_setting,
};
