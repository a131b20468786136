/* Copying the SQLite store while it is written, a piece at a time (sqlite3_backup): what is written between two pieces
 * goes into both, because it comes over the same connection. So the copy is the store at the moment of its last piece.
 */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <unistd.h>

enum { PAGES_AT_A_TIME = 512 };

struct copy {
	struct rf_store_copy base;
	struct rf_sqlite *from;
	sqlite3 *to;
	sqlite3_backup *backup;
	char *path;
};

void rf_sqlite_copy_end(struct rf_store_copy *ended)
{
	struct copy *copy = (struct copy *)ended;
	sqlite3_backup_finish(copy->backup);
	sqlite3_close(copy->to);
	free(copy->path);
	free(copy);
}

/* The file is synced once, whole, at the end; before that nobody reads it. */
int rf_sqlite_copy_begin(struct rf_store *store, const char *path, struct rf_store_copy **copy, struct rf_error *error)
{
	struct copy *begun = rf_alloc(sizeof *begun);
	begun->from = (struct rf_sqlite *)store;
	begun->path = rf_strdup(path);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (sqlite3_open_v2(path, &begun->to, flags, NULL) == SQLITE_OK &&
	    sqlite3_exec(begun->to,
			 "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
			 NULL, NULL) == SQLITE_OK)
		begun->backup = sqlite3_backup_init(begun->to, "main", begun->from->database, "main");
	if (!begun->backup) {
		rf_sqlite_explain(begun->to, path, error);
		rf_sqlite_copy_end(&begun->base);
		return -1;
	}
	*copy = &begun->base;
	return 0;
}

int rf_sqlite_copy_step(struct rf_store_copy *stepped, struct rf_error *error)
{
	struct copy *copy = (struct copy *)stepped;
	rf_sqlite_give_back(copy->from);
	int code = sqlite3_backup_step(copy->backup, PAGES_AT_A_TIME);
	if (code == SQLITE_OK)
		return 0;
	if (code != SQLITE_DONE)
		return rf_error_set(error, "%s: copying the store failed: %s", copy->path, sqlite3_errstr(code));
	sqlite3_backup_finish(rf_steal(copy->backup));
	sqlite3_close(rf_steal(copy->to));
	return rf_sqlite_sync_file(copy->path, error) < 0 ? -1 : RF_STORE_COPIED;
}
