/* Documents of the SQLite store: keys, revisions, attributes. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- numbers of documents --------------------------------------------------------------------------------------- */

void rf_sqlite_forget_documents(struct rf_sqlite *sqlite)
{
	for (size_t i = 0; i < RF_COUNT(sqlite->known); i++)
		free(rf_steal(sqlite->known[i].id));
}

/* Where the document is, if it is known; another one may be there. */
static struct rf_sqlite_known *place_of(struct rf_sqlite *sqlite, const char *id)
{
	uint32_t hash = 2166136261U;
	for (const char *c = id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619U;
	return &sqlite->known[(hash ^ hash >> 16) % RF_SQLITE_KNOWN];
}

static void remember_document(struct rf_sqlite *sqlite, const char *id, int64_t number)
{
	struct rf_sqlite_known *known = place_of(sqlite, id);
	free(known->id);
	*known = (struct rf_sqlite_known){rf_strdup(id), number};
}

static int take_number(void *context, sqlite3_stmt *row)
{
	*(int64_t *)context = sqlite3_column_int64(row, 0);
	return 1;
}

int rf_sqlite_find_document(struct rf_sqlite *sqlite, const char *id, int64_t *number, struct rf_error *error)
{
	const struct rf_sqlite_known *known = place_of(sqlite, id);
	if (known->id && strcmp(known->id, id) == 0) {
		*number = known->number;
		return known->number ? 0 : RF_STORE_NONE;
	}
	int64_t found = 0; /* numbers start at 1 */
	if (rf_sqlite_walk(sqlite, "SELECT number FROM documents WHERE id = ?1", RF_SQLITE_VALUES(rf_sqlite_text(id)),
			   take_number, &found, error) < 0)
		return -1;
	remember_document(sqlite, id, found);
	*number = found;
	return found ? 0 : RF_STORE_NONE;
}

int rf_sqlite_need_document(struct rf_sqlite *sqlite, const char *id, int64_t *number, struct rf_error *error)
{
	int found = rf_sqlite_find_document(sqlite, id, number, error);
	if (found != RF_STORE_NONE)
		return found;
	if (rf_sqlite_write(sqlite, "INSERT INTO documents(id) VALUES(?1)", RF_SQLITE_VALUES(rf_sqlite_text(id)),
			    error) < 0)
		return -1;
	*number = sqlite3_last_insert_rowid(sqlite->database);
	remember_document(sqlite, id, *number);
	return 0;
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static int find_key(struct rf_store *store, const char *sql, const char *key, const char **document,
		    struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read((struct rf_sqlite *)store, sql, RF_SQLITE_VALUES(rf_sqlite_text(key)), &row, error);
	if (result == 0)
		*document = rf_sqlite_column_text(row, 0);
	return result;
}

static int bind_key(struct rf_store *store, const char *sql, const char *key, const char *document,
		    struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, document, &number, error) < 0)
		return -1;
	return rf_sqlite_write(sqlite, sql, RF_SQLITE_VALUES(rf_sqlite_text(key), rf_sqlite_integer(number)), error);
}

int rf_sqlite_find_source(struct rf_store *store, const char *key, const char **document, struct rf_error *error)
{
	return find_key(store, "SELECT d.id FROM sources s JOIN documents d ON d.number = s.document WHERE s.key = ?1",
			key, document, error);
}

int rf_sqlite_bind_source(struct rf_store *store, const char *key, const char *document, struct rf_error *error)
{
	return bind_key(store,
			"INSERT INTO sources VALUES(?1, ?2) ON CONFLICT DO UPDATE SET document = excluded.document",
			key, document, error);
}

int rf_sqlite_find_subject(struct rf_store *store, const char *key, const char **document, struct rf_error *error)
{
	return find_key(store, "SELECT d.id FROM subjects s JOIN documents d ON d.number = s.document WHERE s.key = ?1",
			key, document, error);
}

int rf_sqlite_bind_subject(struct rf_store *store, const char *key, const char *document, struct rf_error *error)
{
	return bind_key(store,
			"INSERT INTO subjects VALUES(?1, ?2) ON CONFLICT DO UPDATE SET document = excluded.document",
			key, document, error);
}

/* ---- revisions -------------------------------------------------------------------------------------------------- */

#define REVISION_COLUMNS "d.id, r.number, r.major, r.quiet, r.source_key, r.name, r.digest, r.received_us"

static int read_revision(struct rf_sqlite *sqlite, sqlite3_stmt *row, struct rf_revision *revision,
			 struct rf_error *error)
{
	struct rf_revision read = {
	    .document = rf_sqlite_column_text(row, 0),
	    .number = (uint32_t)sqlite3_column_int64(row, 1),
	    .major = (uint32_t)sqlite3_column_int64(row, 2),
	    .quiet = sqlite3_column_int(row, 3) != 0,
	    .source_key = rf_sqlite_column_text(row, 4),
	    .name = rf_sqlite_column_text(row, 5),
	    .received_us = sqlite3_column_int64(row, 7),
	};
	if (rf_sqlite_column_digest(sqlite, row, 6, &read.source, error) < 0)
		return -1;
	*revision = read;
	return 0;
}

int rf_sqlite_add_revision(struct rf_store *store, const struct rf_revision *revision, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, revision->document, &number, error) < 0)
		return -1;
	return rf_sqlite_write(sqlite, "INSERT INTO revisions VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
			       RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision->number),
						rf_sqlite_integer(revision->major), rf_sqlite_integer(revision->quiet),
						rf_sqlite_text(revision->source_key), rf_sqlite_text(revision->name),
						rf_sqlite_bytes(revision->source.bytes, RF_DIGEST_SIZE),
						rf_sqlite_integer(revision->received_us)),
			       error);
}

int rf_sqlite_get_revision(struct rf_store *store, const char *document, uint32_t number, struct rf_revision *revision,
			   struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t key;
	int result = rf_sqlite_find_document(sqlite, document, &key, error);
	if (result != 0)
		return result;
	const char *sql =
	    number ? "SELECT " REVISION_COLUMNS " FROM revisions r CROSS JOIN documents d ON d.number = r.document"
		     " WHERE r.document = ?1 AND r.number = ?2"
		   : "SELECT " REVISION_COLUMNS " FROM revisions r CROSS JOIN documents d ON d.number = r.document"
		     " WHERE r.document = ?1 AND ?2 = 0 ORDER BY r.number DESC LIMIT 1";
	sqlite3_stmt *row;
	result = rf_sqlite_read(sqlite, sql, RF_SQLITE_VALUES(rf_sqlite_integer(key), rf_sqlite_integer(number)), &row,
				error);
	return result == 0 ? read_revision(sqlite, row, revision, error) : result;
}

/* The statement changes a column of revision ?2 of document ?1 to ?3. */
static int change_revision(struct rf_store *store, const char *sql, const char *document, uint32_t number,
			   int64_t value, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t key;
	int result = rf_sqlite_find_document(sqlite, document, &key, error);
	if (result < 0)
		return -1;
	if (result == 0 && rf_sqlite_write(sqlite, sql,
					   RF_SQLITE_VALUES(rf_sqlite_integer(key), rf_sqlite_integer(number),
							    rf_sqlite_integer(value)),
					   error) < 0)
		return -1;
	if (result == RF_STORE_NONE || sqlite3_changes(sqlite->database) == 0)
		return rf_error_set(error, "document %s has no revision %u", document, number);
	return 0;
}

int rf_sqlite_set_major(struct rf_store *store, const char *document, uint32_t number, uint32_t major,
			struct rf_error *error)
{
	return change_revision(store, "UPDATE revisions SET major = ?3 WHERE document = ?1 AND number = ?2", document,
			       number, major, error);
}

int rf_sqlite_set_quiet(struct rf_store *store, const char *document, uint32_t number, bool quiet,
			struct rf_error *error)
{
	return change_revision(store, "UPDATE revisions SET quiet = ?3 WHERE document = ?1 AND number = ?2", document,
			       number, quiet, error);
}

struct document_walk {
	struct rf_sqlite *sqlite;
	int (*each)(void *context, const struct rf_revision *newest);
	void *context;
	struct rf_error *error;
};

static int visit_document(void *context, sqlite3_stmt *row)
{
	struct document_walk *walk = context;
	struct rf_revision newest;
	if (read_revision(walk->sqlite, row, &newest, walk->error) < 0)
		return -1;
	return walk->each(walk->context, &newest);
}

int rf_sqlite_each_document(struct rf_store *store, const char *after, size_t most,
			    int (*each)(void *context, const struct rf_revision *newest), void *context,
			    struct rf_error *error)
{
	struct document_walk walk = {(struct rf_sqlite *)store, each, context, error};
	return rf_sqlite_walk(
	    walk.sqlite,
	    "SELECT " REVISION_COLUMNS " FROM documents d CROSS JOIN revisions r ON r.document = d.number"
	    " AND r.number = (SELECT max(number) FROM revisions WHERE document = d.number)"
	    " WHERE d.id > ?1 ORDER BY d.id LIMIT ?2",
	    RF_SQLITE_VALUES(rf_sqlite_text(after ? after : ""), rf_sqlite_integer(most ? (int64_t)most : -1)),
	    visit_document, &walk, error);
}

/* ---- attributes ------------------------------------------------------------------------------------------------- */

int rf_sqlite_set_attribute(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			    const char *value, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, document, &number, error) < 0)
		return -1;
	return rf_sqlite_write(
	    sqlite, "INSERT INTO attributes VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET value = excluded.value",
	    RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision), rf_sqlite_text(name),
			     rf_sqlite_text(value)),
	    error);
}

struct attribute_walk {
	int (*each)(void *context, const char *name, const char *value);
	void *context;
};

static int visit_attribute(void *context, sqlite3_stmt *row)
{
	struct attribute_walk *walk = context;
	return walk->each(walk->context, rf_sqlite_column_text(row, 0), rf_sqlite_column_text(row, 1));
}

int rf_sqlite_each_attribute(struct rf_store *store, const char *document, uint32_t revision,
			     int (*each)(void *context, const char *name, const char *value), void *context,
			     struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result < 0 ? -1 : 0;
	struct attribute_walk walk = {each, context};
	return rf_sqlite_walk(
	    sqlite, "SELECT name, value FROM attributes WHERE document = ?1 AND revision = ?2 ORDER BY name",
	    RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision)), visit_attribute, &walk, error);
}
