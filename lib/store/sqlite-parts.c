/* Parts of documents in the SQLite store. Their bytes are checked against their digest whenever they are read: a disk
 * that gives back something else is found before a page is made of it. */
#include "store/sqlite-private.h"

#include "base/error.h"

#include <string.h>

int rf_sqlite_put_part(struct rf_store *store, const struct rf_part *part, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, part->document, &number, error) < 0)
		return -1;
	struct rf_sqlite_value data = part->blob ? rf_sqlite_text(NULL) : rf_sqlite_bytes(part->data, part->size);
	return rf_sqlite_write(
	    sqlite,
	    "INSERT INTO parts(document, revision, name, type, digest, size, blob, data)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	    " ON CONFLICT(document, revision, name) DO UPDATE SET type = excluded.type, digest = excluded.digest,"
	    " size = excluded.size, blob = excluded.blob, data = excluded.data",
	    RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(part->revision), rf_sqlite_text(part->name),
			     rf_sqlite_text(part->type), rf_sqlite_bytes(part->digest.bytes, RF_DIGEST_SIZE),
			     rf_sqlite_integer((int64_t)part->size), rf_sqlite_text(part->blob), data),
	    error);
}

#define PART_COLUMNS "d.id, p.revision, p.name, p.type, p.digest, p.size, p.blob"
enum { DATA_COLUMN = 7 };

/* All but the bytes. */
static int read_part(struct rf_sqlite *sqlite, sqlite3_stmt *row, struct rf_part *part, struct rf_error *error)
{
	*part = (struct rf_part){
	    .document = rf_sqlite_column_text(row, 0),
	    .revision = (uint32_t)sqlite3_column_int64(row, 1),
	    .name = rf_sqlite_column_text(row, 2),
	    .type = rf_sqlite_column_text(row, 3),
	    .size = (uint64_t)sqlite3_column_int64(row, 5),
	    .blob = rf_sqlite_column_text(row, 6),
	};
	return rf_sqlite_column_digest(sqlite, row, 4, &part->digest, error);
}

static int read_data(struct rf_sqlite *sqlite, sqlite3_stmt *row, struct rf_part *part, struct rf_error *error)
{
	const void *data = sqlite3_column_blob(row, DATA_COLUMN);
	size_t size = (size_t)sqlite3_column_bytes(row, DATA_COLUMN);
	struct rf_digest digest = rf_digest_of(size ? data : "", size);
	if (size != part->size || memcmp(digest.bytes, part->digest.bytes, RF_DIGEST_SIZE) != 0)
		return rf_error_set(error,
				    "%s: part %s of document %s revision %u does not fit its SHA-256: the store "
				    "is damaged; restore the newest backup",
				    sqlite->path, part->name, part->document, part->revision);
	part->data = size ? data : "";
	return 0;
}

int rf_sqlite_get_part(struct rf_store *store, const char *document, uint32_t revision, const char *name,
		       struct rf_part *part, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result;
	sqlite3_stmt *row;
	result = rf_sqlite_read(
	    sqlite,
	    "SELECT " PART_COLUMNS ", p.data FROM parts p CROSS JOIN documents d ON d.number = p.document"
	    " WHERE p.document = ?1 AND p.revision = ?2 AND p.name = ?3",
	    RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision), rf_sqlite_text(name)), &row,
	    error);
	if (result != 0)
		return result;
	struct rf_part read;
	if (read_part(sqlite, row, &read, error) < 0 || (!read.blob && read_data(sqlite, row, &read, error) < 0))
		return -1;
	*part = read;
	return 0;
}

struct part_walk {
	struct rf_sqlite *sqlite;
	int (*each)(void *context, const struct rf_part *part);
	void *context;
	struct rf_error *error;
};

static int visit_part(void *context, sqlite3_stmt *row)
{
	struct part_walk *walk = context;
	struct rf_part part;
	if (read_part(walk->sqlite, row, &part, walk->error) < 0)
		return -1;
	return walk->each(walk->context, &part);
}

int rf_sqlite_each_part(struct rf_store *store, const char *document, uint32_t revision,
			int (*each)(void *context, const struct rf_part *part), void *context, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result < 0 ? -1 : 0;
	struct part_walk walk = {sqlite, each, context, error};
	return rf_sqlite_walk(sqlite,
			      "SELECT " PART_COLUMNS " FROM parts p CROSS JOIN documents d ON d.number = p.document"
			      " WHERE p.document = ?1 AND p.revision = ?2 ORDER BY p.name",
			      RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision)), visit_part,
			      &walk, error);
}

/* ---- superseded revisions ---------------------------------------------------------------------------------------- */

struct superseded_walk {
	int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us);
	void *context;
};

static int visit_superseded(void *context, sqlite3_stmt *row)
{
	struct superseded_walk *walk = context;
	return walk->each(walk->context, rf_sqlite_column_text(row, 0), (uint32_t)sqlite3_column_int64(row, 1),
			  sqlite3_column_int64(row, 2));
}

int rf_sqlite_each_superseded(struct rf_store *store, int64_t from_us, int64_t by_us,
			      int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us),
			      void *context, struct rf_error *error)
{
	struct superseded_walk walk = {each, context};
	return rf_sqlite_walk((struct rf_sqlite *)store,
			      "SELECT d.id, r.number - 1, r.received_us FROM revisions r INDEXED BY revisions_later"
			      " CROSS JOIN documents d ON d.number = r.document"
			      " WHERE r.number > 1 AND r.received_us > ?1 AND r.received_us <= ?2"
			      " ORDER BY r.received_us",
			      RF_SQLITE_VALUES(rf_sqlite_integer(from_us), rf_sqlite_integer(by_us)), visit_superseded,
			      &walk, error);
}

int rf_sqlite_remove_parts(struct rf_store *store, const char *document, uint32_t revision, uint64_t *removed,
			   struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	*removed = 0;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result < 0 ? -1 : 0;
	struct rf_sqlite_values values = RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision));
	if (rf_sqlite_write(sqlite, "DELETE FROM attributes WHERE document = ?1 AND revision = ?2", values, error) <
		0 ||
	    rf_sqlite_write(sqlite, "DELETE FROM parts WHERE document = ?1 AND revision = ?2", values, error) < 0)
		return -1;
	*removed = (uint64_t)sqlite3_changes64(sqlite->database);
	return 0;
}

/* ---- blobs ------------------------------------------------------------------------------------------------------ */

int rf_sqlite_find_blob(struct rf_store *store, const char *blob, struct rf_error *error)
{
	sqlite3_stmt *row;
	return rf_sqlite_read((struct rf_sqlite *)store, "SELECT 1 FROM parts WHERE blob = ?1 LIMIT 1",
			      RF_SQLITE_VALUES(rf_sqlite_text(blob)), &row, error);
}

struct blob_walk {
	int (*each)(void *context, const char *blob);
	void *context;
};

static int visit_blob(void *context, sqlite3_stmt *row)
{
	struct blob_walk *walk = context;
	return walk->each(walk->context, rf_sqlite_column_text(row, 0));
}

int rf_sqlite_each_blob(struct rf_store *store, const char *after, size_t most,
			int (*each)(void *context, const char *blob), void *context, struct rf_error *error)
{
	struct blob_walk walk = {each, context};
	return rf_sqlite_walk(
	    (struct rf_sqlite *)store,
	    "SELECT DISTINCT blob FROM parts INDEXED BY parts_blobs WHERE blob > ?1 ORDER BY blob LIMIT ?2",
	    RF_SQLITE_VALUES(rf_sqlite_text(after ? after : ""), rf_sqlite_integer(most ? (int64_t)most : -1)),
	    visit_blob, &walk, error);
}
