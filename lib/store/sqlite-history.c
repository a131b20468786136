/* What was done outside, what happened to a document, and numbers to remember: effects, events and settings of the
 * SQLite store. */
#include "store/sqlite-private.h"

/* ---- effects ---------------------------------------------------------------------------------------------------- */

#define EFFECT_COLUMNS                                                                                                 \
	"e.key, d.id, e.stage, e.state, e.intended, e.standing, e.remote_id, e.location, e.remote_revision,"           \
	" e.changed_us"

static struct rf_effect read_effect(sqlite3_stmt *row)
{
	return (struct rf_effect){
	    .key = rf_sqlite_column_text(row, 0),
	    .document = rf_sqlite_column_text(row, 1),
	    .stage = rf_sqlite_column_text(row, 2),
	    .state = (enum rf_effect_state)sqlite3_column_int(row, 3),
	    .intended = rf_sqlite_column_text(row, 4),
	    .standing = rf_sqlite_column_text(row, 5),
	    .remote_id = rf_sqlite_column_text(row, 6),
	    .location = rf_sqlite_column_text(row, 7),
	    .remote_revision = rf_sqlite_column_text(row, 8),
	    .changed_us = sqlite3_column_int64(row, 9),
	};
}

int rf_sqlite_get_effect(struct rf_store *store, const char *key, struct rf_effect *effect, struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read((struct rf_sqlite *)store,
				    "SELECT " EFFECT_COLUMNS
				    " FROM effects e CROSS JOIN documents d ON d.number = e.document WHERE e.key = ?1",
				    RF_SQLITE_VALUES(rf_sqlite_text(key)), &row, error);
	if (result == 0)
		*effect = read_effect(row);
	return result;
}

int rf_sqlite_put_effect(struct rf_store *store, const struct rf_effect *effect, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, effect->document, &number, error) < 0)
		return -1;
	return rf_sqlite_write(
	    sqlite,
	    "INSERT INTO effects(key, document, stage, state, intended, standing, remote_id, location,"
	    " remote_revision, changed_us) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
	    " ON CONFLICT(key) DO UPDATE SET document = excluded.document, stage = excluded.stage,"
	    " state = excluded.state, intended = excluded.intended, standing = excluded.standing,"
	    " remote_id = excluded.remote_id, location = excluded.location,"
	    " remote_revision = excluded.remote_revision, changed_us = excluded.changed_us",
	    RF_SQLITE_VALUES(rf_sqlite_text(effect->key), rf_sqlite_integer(number), rf_sqlite_text(effect->stage),
			     rf_sqlite_integer(effect->state), rf_sqlite_text(effect->intended),
			     rf_sqlite_text(effect->standing), rf_sqlite_text(effect->remote_id),
			     rf_sqlite_text(effect->location), rf_sqlite_text(effect->remote_revision),
			     rf_sqlite_integer(effect->changed_us)),
	    error);
}

struct effect_walk {
	int (*each)(void *context, const struct rf_effect *effect);
	void *context;
};

static int visit_effect(void *context, sqlite3_stmt *row)
{
	struct effect_walk *walk = context;
	struct rf_effect effect = read_effect(row);
	return walk->each(walk->context, &effect);
}

int rf_sqlite_each_effect(struct rf_store *store, const char *document,
			  int (*each)(void *context, const struct rf_effect *effect), void *context,
			  struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result < 0 ? -1 : 0;
	struct effect_walk walk = {each, context};
	return rf_sqlite_walk(sqlite,
			      "SELECT " EFFECT_COLUMNS " FROM effects e CROSS JOIN documents d ON d.number = e.document"
			      " WHERE e.document = ?1 ORDER BY e.key",
			      RF_SQLITE_VALUES(rf_sqlite_integer(number)), visit_effect, &walk, error);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

int rf_sqlite_add_event(struct rf_store *store, const struct rf_event *event, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, event->document, &number, error) < 0)
		return -1;
	return rf_sqlite_write(
	    sqlite, "INSERT INTO events(at_us, document, revision, stage, what, detail) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	    RF_SQLITE_VALUES(rf_sqlite_integer(event->at_us), rf_sqlite_integer(number),
			     rf_sqlite_integer(event->revision), rf_sqlite_text(event->stage),
			     rf_sqlite_text(event->what), rf_sqlite_text(event->detail)),
	    error);
}

struct event_walk {
	int (*each)(void *context, const struct rf_event *event);
	void *context;
};

static int visit_event(void *context, sqlite3_stmt *row)
{
	struct event_walk *walk = context;
	struct rf_event event = {
	    .at_us = sqlite3_column_int64(row, 0),
	    .document = rf_sqlite_column_text(row, 1),
	    .revision = (uint32_t)sqlite3_column_int64(row, 2),
	    .stage = rf_sqlite_column_text(row, 3),
	    .what = rf_sqlite_column_text(row, 4),
	    .detail = rf_sqlite_column_text(row, 5),
	};
	return walk->each(walk->context, &event);
}

#define EVENTS                                                                                                         \
	"SELECT e.at_us, d.id, e.revision, e.stage, e.what, e.detail"                                                  \
	" FROM events e CROSS JOIN documents d ON d.number = e.document"

int rf_sqlite_each_event(struct rf_store *store, const char *document,
			 int (*each)(void *context, const struct rf_event *event), void *context,
			 struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	struct event_walk walk = {each, context};
	if (!document)
		return rf_sqlite_walk(sqlite, EVENTS " ORDER BY e.number", RF_SQLITE_NO_VALUES, visit_event, &walk,
				      error);
	int64_t number;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result < 0 ? -1 : 0;
	return rf_sqlite_walk(sqlite, EVENTS " WHERE e.document = ?1 ORDER BY e.number",
			      RF_SQLITE_VALUES(rf_sqlite_integer(number)), visit_event, &walk, error);
}

/* ---- settings --------------------------------------------------------------------------------------------------- */

int rf_sqlite_set_setting(struct rf_store *store, const char *name, int64_t value, struct rf_error *error)
{
	return rf_sqlite_write((struct rf_sqlite *)store,
			       "INSERT INTO settings VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
			       RF_SQLITE_VALUES(rf_sqlite_text(name), rf_sqlite_integer(value)), error);
}

int rf_sqlite_get_setting(struct rf_store *store, const char *name, int64_t *value, struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read((struct rf_sqlite *)store, "SELECT value FROM settings WHERE name = ?1",
				    RF_SQLITE_VALUES(rf_sqlite_text(name)), &row, error);
	if (result == 0)
		*value = sqlite3_column_int64(row, 0);
	return result;
}
