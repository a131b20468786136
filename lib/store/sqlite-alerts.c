/* What people are told of by mail: the alerts of the SQLite store. */
#include "store/sqlite-private.h"

int rf_sqlite_put_alert(struct rf_store *store, const struct rf_alert *alert, struct rf_error *error)
{
	return rf_sqlite_write((struct rf_sqlite *)store,
			       "INSERT INTO alerts VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET"
			       " state = excluded.state, since_us = excluded.since_us, subject = excluded.subject,"
			       " text = excluded.text",
			       RF_SQLITE_VALUES(rf_sqlite_text(alert->cause), rf_sqlite_integer(alert->state),
						rf_sqlite_integer(alert->since_us), rf_sqlite_text(alert->subject),
						rf_sqlite_text(alert->text)),
			       error);
}

int rf_sqlite_drop_alert(struct rf_store *store, const char *cause, struct rf_error *error)
{
	return rf_sqlite_write((struct rf_sqlite *)store, "DELETE FROM alerts WHERE cause = ?1",
			       RF_SQLITE_VALUES(rf_sqlite_text(cause)), error);
}

struct alert_walk {
	int (*each)(void *context, const struct rf_alert *alert);
	void *context;
};

static int visit_alert(void *context, sqlite3_stmt *row)
{
	struct alert_walk *walk = context;
	struct rf_alert alert = {
	    .cause = rf_sqlite_column_text(row, 0),
	    .state = (enum rf_alert_state)sqlite3_column_int(row, 1),
	    .since_us = sqlite3_column_int64(row, 2),
	    .subject = rf_sqlite_column_text(row, 3),
	    .text = rf_sqlite_column_text(row, 4),
	};
	return walk->each(walk->context, &alert);
}

int rf_sqlite_each_alert(struct rf_store *store, int (*each)(void *context, const struct rf_alert *alert),
			 void *context, struct rf_error *error)
{
	struct alert_walk walk = {each, context};
	return rf_sqlite_walk((struct rf_sqlite *)store,
			      "SELECT cause, state, since_us, subject, text FROM alerts ORDER BY cause",
			      RF_SQLITE_NO_VALUES, visit_alert, &walk, error);
}
