/* What the files of the SQLite store share: the connection, its cache of statements, and how one is run. */
#ifndef RF_STORE_SQLITE_PRIVATE_H
#define RF_STORE_SQLITE_PRIVATE_H

#include "store/store-private.h"

#include <sqlite3.h>

enum { RF_SQLITE_KNOWN = 1024 };

struct rf_sqlite_known {
	char *id;       /* NULL: none */
	int64_t number; /* 0: there is no such document */
};

struct rf_sqlite {
	struct rf_store base;
	sqlite3 *database;
	char *path;
	void *statements;                              /* by their text: a tree of search.h, sqlite-statement.c's */
	sqlite3_stmt *borrowed;                        /* its row is in the hands of the caller; NULL: none is */
	struct rf_sqlite_known known[RF_SQLITE_KNOWN]; /* documents that were looked up, by a hash of their ids */
	enum rf_durability durability;                 /* of the transaction that is open */
	int synchronous;                               /* SQLite's level that is in force, as read back; 0: not known */
	bool unsynced;                                 /* something was committed and may not be on the disk yet */
	bool wrote;                                    /* the last commit wrote something */
	int log_pages;                                 /* in the log after it */
	bool existing;                                 /* was not to be made or migrated */
	int most_log_pages;                            /* with so many it is moved into the file */
};

/* ---- sqlite-statement.c: running statements --------------------------------------------------------------------- */

struct rf_sqlite_value {
	enum { RF_SQLITE_NULL, RF_SQLITE_INTEGER, RF_SQLITE_TEXT, RF_SQLITE_BYTES } kind;
	int64_t integer;
	const void *data; /* borrowed until the statement has run */
	size_t size;
};

struct rf_sqlite_value rf_sqlite_integer(int64_t integer);
struct rf_sqlite_value rf_sqlite_text(const char *text); /* NULL gives NULL */
struct rf_sqlite_value rf_sqlite_bytes(const void *data, size_t size);

/* The values for ?1, ?2 ... of a statement. */
struct rf_sqlite_values {
	const struct rf_sqlite_value *values;
	size_t n;
};

#define RF_SQLITE_VALUES(...)                                                                                          \
	(struct rf_sqlite_values)                                                                                      \
	{                                                                                                              \
		(const struct rf_sqlite_value[]){__VA_ARGS__},                                                         \
		    sizeof((const struct rf_sqlite_value[]){__VA_ARGS__}) / sizeof(struct rf_sqlite_value)             \
	}
#define RF_SQLITE_NO_VALUES ((struct rf_sqlite_values){0})

/* Runs a statement that gives no rows. */
int rf_sqlite_write(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values, struct rf_error *error);

/* Runs a statement that gives one row, which is the caller's to read until the next call returns that hands out a row,
 * or a transaction begins or ends. Returns 0, RF_STORE_NONE, < 0. */
int rf_sqlite_read(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values, sqlite3_stmt **row,
		   struct rf_error *error);

/* Calls each for every row until it returns other than 0. Returns 0, or what is < 0. */
int rf_sqlite_walk(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values,
		   int (*each)(void *context, sqlite3_stmt *row), void *context, struct rf_error *error);

/* Ends the borrowing of the row that was handed out last. */
void rf_sqlite_give_back(struct rf_sqlite *sqlite);

/* Columns of a row: borrowed as the row is. */
const char *rf_sqlite_column_text(sqlite3_stmt *row, int column); /* NULL stays NULL */
/* < 0: the column is no digest (the file was changed by somebody else). */
int rf_sqlite_column_digest(struct rf_sqlite *sqlite, sqlite3_stmt *row, int column, struct rf_digest *digest,
			    struct rf_error *error);

/* Frees all statements. */
void rf_sqlite_forget_statements(struct rf_sqlite *sqlite);

/* Says in words what SQLite's last error means; marks the transaction as faulted; returns -1. */
int rf_sqlite_fault(struct rf_sqlite *sqlite, struct rf_error *error);
/* The same for a connection that is no store yet. */
int rf_sqlite_explain(sqlite3 *database, const char *path, struct rf_error *error);

/* ---- sqlite-schema.c: what lies in the file --------------------------------------------------------------------- */

/* Checks that the file is a store or empty, and brings it to the newest version. Returns as rf_store_open does. */
int rf_sqlite_prepare_file(sqlite3 *database, const char *path, struct rf_error *error);

int rf_sqlite_newest_version(void);
/* Whether the file is of an older version than the newest; nothing is changed in it. */
bool rf_sqlite_is_older(sqlite3 *database);
int rf_sqlite_sync_file(const char *path, struct rf_error *error);

/* ---- sqlite-upgrade.c: from one version to the next ---------------------------------------------------------------
 */

/* The same with other steps: steps[n] makes version n + 1 of version n. An older store is copied beside itself first.
 */
int rf_sqlite_upgrade(sqlite3 *database, const char *path, const char *const *steps, int n_steps,
		      struct rf_error *error);
/* Where the copy of a version lies; the caller frees. */
char *rf_sqlite_copy_name(const char *path, int version);
/* Writes all rows, and nothing else, into a new file: whole and synced, or not there under its name. Outside a
 * transaction. */
int rf_sqlite_write_copy(sqlite3 *database, const char *path, const char *to, struct rf_error *error);

/* ---- sqlite-documents.c ----------------------------------------------------------------------------------------- */

/* Rows name documents by number, given in the order in which they come: what belongs to documents of one time lies
 * together, so that a commit touches few pages however many documents there are. */
int rf_sqlite_find_document(struct rf_sqlite *sqlite, const char *id, int64_t *number, struct rf_error *error);
/* The same; a document that is not there is made. */
int rf_sqlite_need_document(struct rf_sqlite *sqlite, const char *id, int64_t *number, struct rf_error *error);
/* After what may have unmade documents. */
void rf_sqlite_forget_documents(struct rf_sqlite *sqlite);

int rf_sqlite_find_source(struct rf_store *store, const char *key, const char **document, struct rf_error *error);
int rf_sqlite_bind_source(struct rf_store *store, const char *key, const char *document, struct rf_error *error);
int rf_sqlite_find_subject(struct rf_store *store, const char *key, const char **document, struct rf_error *error);
int rf_sqlite_bind_subject(struct rf_store *store, const char *key, const char *document, struct rf_error *error);
int rf_sqlite_add_revision(struct rf_store *store, const struct rf_revision *revision, struct rf_error *error);
int rf_sqlite_get_revision(struct rf_store *store, const char *document, uint32_t number, struct rf_revision *revision,
			   struct rf_error *error);
int rf_sqlite_set_major(struct rf_store *store, const char *document, uint32_t number, uint32_t major,
			struct rf_error *error);
int rf_sqlite_set_quiet(struct rf_store *store, const char *document, uint32_t number, bool quiet,
			struct rf_error *error);
int rf_sqlite_each_document(struct rf_store *store, const char *after, size_t most,
			    int (*each)(void *context, const struct rf_revision *newest), void *context,
			    struct rf_error *error);
int rf_sqlite_set_attribute(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			    const char *value, struct rf_error *error);
int rf_sqlite_each_attribute(struct rf_store *store, const char *document, uint32_t revision,
			     int (*each)(void *context, const char *name, const char *value), void *context,
			     struct rf_error *error);

/* ---- sqlite-parts.c --------------------------------------------------------------------------------------------- */

int rf_sqlite_put_part(struct rf_store *store, const struct rf_part *part, struct rf_error *error);
int rf_sqlite_get_part(struct rf_store *store, const char *document, uint32_t revision, const char *name,
		       struct rf_part *part, struct rf_error *error);
int rf_sqlite_each_part(struct rf_store *store, const char *document, uint32_t revision,
			int (*each)(void *context, const struct rf_part *part), void *context, struct rf_error *error);
int rf_sqlite_each_superseded(struct rf_store *store, int64_t from_us, int64_t by_us,
			      int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us),
			      void *context, struct rf_error *error);
int rf_sqlite_remove_parts(struct rf_store *store, const char *document, uint32_t revision, uint64_t *removed,
			   struct rf_error *error);
int rf_sqlite_find_blob(struct rf_store *store, const char *blob, struct rf_error *error);
int rf_sqlite_each_blob(struct rf_store *store, const char *after, size_t most,
			int (*each)(void *context, const char *blob), void *context, struct rf_error *error);

/* ---- sqlite-tasks.c --------------------------------------------------------------------------------------------- */

int rf_sqlite_add_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error);
int rf_sqlite_visit_task(struct rf_store *store, uint64_t id, int (*each)(void *context, const struct rf_task *task),
			 void *context, struct rf_error *error);
int rf_sqlite_last_task(struct rf_store *store, uint64_t *id, struct rf_error *error);
int rf_sqlite_set_count(struct rf_store *store, const struct rf_count *count, struct rf_error *error);
int rf_sqlite_update_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error);
int rf_sqlite_get_task(struct rf_store *store, uint64_t id, struct rf_task *task, struct rf_error *error);
int rf_sqlite_find_task(struct rf_store *store, const char *document, uint32_t revision, const char *stage,
			struct rf_task *task, struct rf_error *error);
int rf_sqlite_each_task(struct rf_store *store, const struct rf_task_filter *filter,
			int (*each)(void *context, const struct rf_task *task), void *context, struct rf_error *error);
int rf_sqlite_oldest_task(struct rf_store *store, enum rf_task_state state, const char *stage, int64_t *created_us,
			  struct rf_error *error);
int rf_sqlite_next_due(struct rf_store *store, int64_t *due_us, struct rf_error *error);
int rf_sqlite_each_count(struct rf_store *store, int (*each)(void *context, const struct rf_count *count),
			 void *context, struct rf_error *error);

int rf_sqlite_rename_stage(struct rf_store *store, const char *from, const char *to, struct rf_error *error);

int rf_sqlite_need_toolset(struct rf_store *store, const char *plugins, uint32_t *number, struct rf_error *error);
int rf_sqlite_get_toolset(struct rf_store *store, uint32_t number, const char **plugins, struct rf_error *error);

int rf_sqlite_put_alert(struct rf_store *store, const struct rf_alert *alert, struct rf_error *error);
int rf_sqlite_drop_alert(struct rf_store *store, const char *cause, struct rf_error *error);
int rf_sqlite_each_alert(struct rf_store *store, int (*each)(void *context, const struct rf_alert *alert),
			 void *context, struct rf_error *error);
int rf_sqlite_get_bytes(struct rf_store *store, uint64_t *bytes, struct rf_error *error);

/* ---- sqlite-history.c: effects, events, settings ---------------------------------------------------------------- */

int rf_sqlite_get_effect(struct rf_store *store, const char *key, struct rf_effect *effect, struct rf_error *error);
int rf_sqlite_put_effect(struct rf_store *store, const struct rf_effect *effect, struct rf_error *error);
int rf_sqlite_each_effect(struct rf_store *store, const char *document,
			  int (*each)(void *context, const struct rf_effect *effect), void *context,
			  struct rf_error *error);
int rf_sqlite_add_event(struct rf_store *store, const struct rf_event *event, struct rf_error *error);
int rf_sqlite_each_event(struct rf_store *store, const char *document,
			 int (*each)(void *context, const struct rf_event *event), void *context,
			 struct rf_error *error);
int rf_sqlite_set_setting(struct rf_store *store, const char *name, int64_t value, struct rf_error *error);
int rf_sqlite_get_setting(struct rf_store *store, const char *name, int64_t *value, struct rf_error *error);

/* ---- sqlite-erase.c: removing what a document said, from the rows and from the files ------------------------------
 */

int rf_sqlite_erase(struct rf_store *store, const struct rf_erasure *erasure, struct rf_erased *erased,
		    struct rf_error *error);
int rf_sqlite_erase_before(struct rf_store *store, const char *document, uint32_t number, struct rf_erased *erased,
			   struct rf_error *error);
int rf_sqlite_get_erasure(struct rf_store *store, const char *document, struct rf_erasure *erasure,
			  struct rf_error *error);
int rf_sqlite_scrub(struct rf_store *store, const struct rf_store_alive *alive, struct rf_scrubbed *scrubbed,
		    struct rf_error *error);

/* ---- sqlite-copy.c, sqlite-check.c --------------------------------------------------------------------------------
 */

int rf_sqlite_copy_begin(struct rf_store *store, const char *path, struct rf_store_copy **copy, struct rf_error *error);
int rf_sqlite_copy_step(struct rf_store_copy *copy, struct rf_error *error);
void rf_sqlite_copy_end(struct rf_store_copy *copy);
int rf_sqlite_check(struct rf_store *store, rf_store_fault each, void *context, struct rf_error *error);

/* ---- sqlite.c ---------------------------------------------------------------------------------------------------- */

/* What a PRAGMA answers; the caller frees. */
int rf_sqlite_ask(struct rf_sqlite *sqlite, const char *sql, char **answer, struct rf_error *error);
/* The file `path` takes the place of the store's: whole, synced, in the same folder. All in the log is in the file. */
int rf_sqlite_replace(struct rf_sqlite *sqlite, const char *path, struct rf_error *error);

#endif
