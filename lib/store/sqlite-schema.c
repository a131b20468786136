/* What lies in the file of a SQLite store (docs/store.md): the steps from one version of the schema to the next.
 *
 * Step n makes version n + 1 of version n (sqlite-upgrade.c). A step is never changed once a store was made with it:
 * another schema is another step at the end, and a store of the version before in tests/unit/stores. */
#include "store/sqlite-private.h"

#include "base/memory.h"

/* Tasks were counted by triggers, until version 6. Indexes are partial: what is done, the
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

/* What a task's last run was done with, and how long it took; what waits for a person is found without the rest. */
/* clang-format off */
static const char version_2[] =
    "ALTER TABLE tasks ADD COLUMN run_us INTEGER NOT NULL DEFAULT 0;\n"
    "ALTER TABLE tasks ADD COLUMN toolset INTEGER NOT NULL DEFAULT 0;\n"
    "CREATE TABLE toolsets(\n"
    "  number INTEGER PRIMARY KEY,\n"
    "  plugins TEXT NOT NULL UNIQUE) STRICT;\n"
    "CREATE INDEX tasks_waiting ON tasks(state, id) WHERE state IN (3, 4);\n";

/* Documents that were erased, and large parts found by their file: is any left that names it? */
static const char version_3[] =
    "CREATE TABLE erasures(\n"
    "  document INTEGER PRIMARY KEY,\n"
    "  at_us INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL) STRICT;\n"
    "CREATE INDEX parts_blobs ON parts(blob) WHERE blob IS NOT NULL;\n";

/* Revisions in the order in which they took the place of others. */
static const char version_4[] =
    "CREATE INDEX revisions_later ON revisions(received_us) WHERE number > 1;\n";

/* What people are told of by mail. */
static const char version_5[] =
    "CREATE TABLE alerts(\n"
    "  cause TEXT PRIMARY KEY,\n"
    "  state INTEGER NOT NULL, since_us INTEGER NOT NULL,\n"
    "  subject TEXT NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;\n";

/* Tasks are counted by who writes them (counts.h), once for each commit. */
static const char version_6[] =
    "DROP TRIGGER tasks_added;\n"
    "DROP TRIGGER tasks_moved;\n"
    "INSERT INTO settings SELECT 'tasks_made', count(*) FROM tasks;\n";

/* Minutes of a meeting are one document, whichever paragraphs a file has. They were one for each file, under the
 * meeting's key and the paragraphs: the first of them has the meeting's key now; others keep theirs. */
#define MEETING "rtrim(rtrim(key, replace(key, '/', '')), '/')"
#define PIECES  "key GLOB '*/minutes/*/*'"
static const char version_7[] =
    "INSERT OR IGNORE INTO subjects SELECT " MEETING ", min(document) FROM subjects WHERE " PIECES " GROUP BY 1;\n"
    "DELETE FROM subjects WHERE " PIECES " AND document =\n"
    "  (SELECT whole.document FROM subjects whole WHERE whole.key =\n"
    "   rtrim(rtrim(subjects.key, replace(subjects.key, '/', '')), '/'));\n";
/* clang-format on */

static const char *const steps[] = {
    version_1, version_2, version_3, version_4, version_5, version_6, version_7,
};

int rf_sqlite_prepare_file(sqlite3 *database, const char *path, struct rf_error *error)
{
	return rf_sqlite_upgrade(database, path, steps, RF_COUNT(steps), error);
}

int rf_sqlite_newest_version(void)
{
	return RF_COUNT(steps);
}
