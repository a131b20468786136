/* What lies in the file of a SQLite store (docs/store.md): the steps from one version of the schema to the next.
 *
 * A file says whose it is (application_id) and which version it has (user_version). A step that was released is never
 * changed: a new version is a new step. Each is one transaction with the new version number in it, so that a power cut
 * leaves the old version or the new one. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

enum { APPLICATION_ID = 0x52465354 }; /* "RFST" */

/* Tasks are counted by triggers, so that whatever changes a task has counted it. Indexes are partial: what is done, the
 * most by far, is in none but the one that finds a task by its document. */
/* clang-format off */
static const char version_1[] =
    "CREATE TABLE documents(\n"
    "  number INTEGER PRIMARY KEY,\n"
    "  id TEXT NOT NULL UNIQUE) STRICT;\n"
    "CREATE TABLE sources(\n"
    "  key TEXT PRIMARY KEY,\n"
    "  document INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE subjects(\n"
    "  key TEXT PRIMARY KEY,\n"
    "  document INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE revisions(\n"
    "  document INTEGER NOT NULL, number INTEGER NOT NULL,\n"
    "  major INTEGER NOT NULL, quiet INTEGER NOT NULL,\n"
    "  source_key TEXT, name TEXT, digest BLOB NOT NULL, received_us INTEGER NOT NULL,\n"
    "  PRIMARY KEY(document, number)) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE attributes(\n"
    "  document INTEGER NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,\n"
    "  value TEXT NOT NULL,\n"
    "  PRIMARY KEY(document, revision, name)) STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE parts(\n"
    "  number INTEGER PRIMARY KEY,\n"
    "  document INTEGER NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,\n"
    "  type TEXT, digest BLOB NOT NULL, size INTEGER NOT NULL,\n"
    "  blob TEXT, data BLOB,\n"
    "  UNIQUE(document, revision, name),\n"
    "  CHECK((blob IS NULL) <> (data IS NULL))) STRICT;\n"

    "CREATE TABLE tasks(\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  document INTEGER NOT NULL, revision INTEGER NOT NULL, stage TEXT NOT NULL,\n"
    "  state INTEGER NOT NULL CHECK(state BETWEEN 1 AND 7),\n"
    "  due_us INTEGER NOT NULL, created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL,\n"
    "  attempts INTEGER NOT NULL, failures INTEGER NOT NULL, crashes INTEGER NOT NULL,\n"
    "  kills INTEGER NOT NULL, timeouts INTEGER NOT NULL, priority INTEGER NOT NULL,\n"
    "  code TEXT, reason TEXT,\n"
    "  UNIQUE(document, revision, stage)) STRICT;\n"
    "CREATE INDEX tasks_unfinished ON tasks(state, stage, priority DESC, id) WHERE state <= 4;\n"
    "CREATE INDEX tasks_due ON tasks(due_us) WHERE state = 2;\n"
    "CREATE TABLE counts(\n"
    "  stage TEXT NOT NULL, state INTEGER NOT NULL,\n"
    "  n INTEGER NOT NULL CHECK(n >= 0),\n"
    "  PRIMARY KEY(stage, state)) STRICT, WITHOUT ROWID;\n"
    "CREATE TRIGGER tasks_added AFTER INSERT ON tasks BEGIN\n"
    "  INSERT INTO counts VALUES(new.stage, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;\n"
    "END;\n"
    "CREATE TRIGGER tasks_moved AFTER UPDATE OF state ON tasks WHEN old.state <> new.state BEGIN\n"
    "  UPDATE counts SET n = n - 1 WHERE stage = old.stage AND state = old.state;\n"
    "  INSERT INTO counts VALUES(new.stage, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;\n"
    "END;\n"

    "CREATE TABLE effects(\n"
    "  number INTEGER PRIMARY KEY,\n"
    "  key TEXT NOT NULL UNIQUE,\n"
    "  document INTEGER NOT NULL, stage TEXT NOT NULL, state INTEGER NOT NULL,\n"
    "  intended TEXT, standing TEXT, remote_id TEXT, location TEXT, remote_revision TEXT,\n"
    "  changed_us INTEGER NOT NULL) STRICT;\n"
    "CREATE INDEX effects_document ON effects(document);\n"
    "CREATE TABLE events(\n"
    "  number INTEGER PRIMARY KEY,\n"
    "  at_us INTEGER NOT NULL,\n"
    "  document INTEGER NOT NULL, revision INTEGER NOT NULL, stage TEXT,\n"
    "  what TEXT NOT NULL, detail TEXT) STRICT;\n"
    "CREATE INDEX events_document ON events(document);\n"
    "CREATE TABLE settings(\n"
    "  name TEXT PRIMARY KEY,\n"
    "  value INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n";
/* clang-format on */

static const char *const steps[] = {version_1};

static int read_integer(sqlite3 *database, const char *sql, int *value)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(database, sql, -1, &statement, NULL);
	if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		*value = sqlite3_column_int(statement, 0);
	return code == SQLITE_OK ? sqlite3_finalize(statement) : code;
}

static int take_step(sqlite3 *database, const char *path, const char *step, int version, struct rf_error *error)
{
	rf_autofree char *sql =
	    rf_format("BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;", step,
		      APPLICATION_ID, version);
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	rf_sqlite_explain(database, path, error);
	if (!sqlite3_get_autocommit(database))
		sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
	return rf_error_prefix(error, "making version %d of the store", version);
}

int rf_sqlite_migrate(sqlite3 *database, const char *path, const char *const *migrations, int n_migrations,
		      struct rf_error *error)
{
	int application = 0, version = 0, tables = 0;
	if (read_integer(database, "PRAGMA application_id", &application) != SQLITE_OK ||
	    read_integer(database, "PRAGMA user_version", &version) != SQLITE_OK ||
	    read_integer(database, "SELECT count(*) FROM sqlite_schema", &tables) != SQLITE_OK)
		return rf_sqlite_explain(database, path, error);
	bool empty = application == 0 && version == 0 && tables == 0;
	if (!empty && application != APPLICATION_ID)
		return rf_error_set(error, "%s: this is a database of another program, not a store of Referat", path);
	if (version > n_migrations) {
		rf_error_set(
		    error,
		    "%s: written by a newer Referat (store version %d, this one knows %d): start the newer one, "
		    "or restore a backup from before",
		    path, version, n_migrations);
		return RF_STORE_NEWER;
	}
	if (version < 0 || (version == 0 && !empty))
		return rf_error_set(error, "%s: the store is damaged (version %d)", path, version);
	for (int step = version; step < n_migrations; step++) {
		if (take_step(database, path, migrations[step], step + 1, error) < 0)
			return -1;
	}
	return 0;
}

int rf_sqlite_prepare_file(sqlite3 *database, const char *path, struct rf_error *error)
{
	return rf_sqlite_migrate(database, path, steps, RF_COUNT(steps), error);
}
