/* Looking at everything in a SQLite store: pages and indexes, what belongs together, the counts, the bytes of every
 * part. What is wrong is told, and the look goes on. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

struct look {
	struct rf_sqlite *sqlite;
	rf_store_fault each;
	void *context;
	const char *about; /* with a number of rows */
};

static int tell(const struct look *look, const char *text)
{
	return look->each(look->context, text);
}

static int tell_row(void *context, sqlite3_stmt *row)
{
	const struct look *look = context;
	const char *text = rf_sqlite_column_text(row, 0);
	if (!text || strcmp(text, "ok") == 0)
		return 0;
	rf_autofree char *fault = rf_format("%s%s", look->about, text);
	return tell(look, fault);
}

/* Each gives a row of text for each thing that is wrong. */
static const struct {
	const char *about, *sql;
} questions[] = {
    {"the file is damaged: ", "PRAGMA integrity_check(100)"},
    {"parts of a document that is not there: number ",
     "SELECT DISTINCT document FROM parts WHERE document NOT IN (SELECT number FROM documents) LIMIT 100"},
    {"tasks of a document that is not there: number ",
     "SELECT DISTINCT document FROM tasks WHERE document NOT IN (SELECT number FROM documents) LIMIT 100"},
    {"effects of a document that is not there: number ",
     "SELECT DISTINCT document FROM effects WHERE document NOT IN (SELECT number FROM documents) LIMIT 100"},
    {"history of a document that is not there: number ",
     "SELECT DISTINCT document FROM events WHERE document NOT IN (SELECT number FROM documents) LIMIT 100"},
    {"a source names a document that is not there: number ",
     "SELECT DISTINCT document FROM sources WHERE document NOT IN (SELECT number FROM documents) LIMIT 100"},
    {"a task of a revision that is not there: ",
     "SELECT d.id || ' revision ' || t.revision || ' in ' || t.stage FROM tasks t"
     " JOIN documents d ON d.number = t.document WHERE NOT EXISTS"
     " (SELECT 1 FROM revisions r WHERE r.document = t.document AND r.number = t.revision) LIMIT 100"},
    {"the count is wrong: ",
     "SELECT stage || ', state ' || state || ': counted ' || sum(counted) || ', there are ' || sum(found) FROM"
     " (SELECT stage, state, n AS counted, 0 AS found FROM counts"
     "  UNION ALL SELECT stage, state, 0, 1 FROM tasks)"
     " GROUP BY stage, state HAVING sum(counted) <> sum(found)"},
    {"tasks that were made, and those that are there: ",
     "SELECT value || ', ' || (SELECT count(*) FROM tasks) FROM settings"
     " WHERE name = 'tasks_made' AND value <> (SELECT count(*) FROM tasks)"},
};

static int check_part(void *context, sqlite3_stmt *row)
{
	const struct look *look = context;
	const void *data = sqlite3_column_blob(row, 4), *stored = sqlite3_column_blob(row, 3);
	size_t size = (size_t)sqlite3_column_bytes(row, 4);
	struct rf_digest digest = rf_digest_of(size ? data : "", size);
	if (stored && sqlite3_column_bytes(row, 3) == RF_DIGEST_SIZE && sqlite3_column_int64(row, 5) == (int64_t)size &&
	    memcmp(stored, digest.bytes, RF_DIGEST_SIZE) == 0)
		return 0;
	rf_autofree char *fault =
	    rf_format("part %s of document %s revision %d does not fit its SHA-256", rf_sqlite_column_text(row, 2),
		      rf_sqlite_column_text(row, 0), sqlite3_column_int(row, 1));
	return tell(look, fault);
}

/* A damaged page may end a walk: that is told like any other fault. */
static int ask(struct look *look, const char *sql, int (*each)(void *context, sqlite3_stmt *row))
{
	struct rf_error reason;
	if (rf_sqlite_walk(look->sqlite, sql, RF_SQLITE_NO_VALUES, each, look, &reason) < 0)
		return tell(look, reason.text);
	return 0;
}

int rf_sqlite_check(struct rf_store *store, rf_store_fault each, void *context, struct rf_error *error)
{
	(void)error;
	struct look look = {.sqlite = (struct rf_sqlite *)store, .each = each, .context = context};
	int status = 0;
	for (size_t i = 0; i < RF_COUNT(questions) && status == 0; i++) {
		look.about = questions[i].about;
		status = ask(&look, questions[i].sql, tell_row);
	}
	if (status == 0)
		status = ask(&look,
			     "SELECT d.id, p.revision, p.name, p.digest, p.data, p.size FROM parts p"
			     " JOIN documents d ON d.number = p.document WHERE p.blob IS NULL",
			     check_part);
	return status < 0 ? -1 : 0;
}
