/* A stage of another name, in the SQLite store: all that is kept under the old one goes over. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static int count_tasks(struct rf_sqlite *sqlite, const char *stage, uint64_t *n, struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read(sqlite, "SELECT coalesce(sum(n), 0) FROM counts WHERE stage = ?1",
				    RF_SQLITE_VALUES(rf_sqlite_text(stage)), &row, error);
	if (result == 0)
		*n = (uint64_t)sqlite3_column_int64(row, 0);
	return result == 0 ? 0 : -1;
}

/* "publish/web" leaves the part publication/web; a stage without a name of its own one that is called as its kind. */
static const char *name_of_part(const char *stage)
{
	const char *slash = strchr(stage, '/');
	return slash ? slash + 1 : stage;
}

/* The triggers of the tasks count changes of state, not of stage. */
static int rename_all(struct rf_sqlite *sqlite, const char *from, const char *to, struct rf_error *error)
{
	static const char *const statements[] = {
	    "UPDATE tasks SET stage = ?2 WHERE stage = ?1",
	    "DELETE FROM counts WHERE stage = ?2",
	    "UPDATE counts SET stage = ?2 WHERE stage = ?1",
	    "UPDATE effects SET stage = ?2, key = ?2 || substr(key, length(?1) + 1) WHERE stage = ?1",
	};
	for (size_t i = 0; i < RF_COUNT(statements); i++)
		if (rf_sqlite_write(sqlite, statements[i], RF_SQLITE_VALUES(rf_sqlite_text(from), rf_sqlite_text(to)),
				    error) < 0)
			return -1;
	rf_autofree char *part = rf_format("publication/%s", name_of_part(from));
	rf_autofree char *renamed = rf_format("publication/%s", name_of_part(to));
	return rf_sqlite_write(sqlite, "UPDATE parts SET name = ?2 WHERE name = ?1",
			       RF_SQLITE_VALUES(rf_sqlite_text(part), rf_sqlite_text(renamed)), error);
}

int rf_sqlite_rename_stage(struct rf_store *store, const char *from, const char *to, uint64_t *moved,
			   struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	uint64_t n, others;
	if (count_tasks(sqlite, from, &n, error) < 0 || count_tasks(sqlite, to, &others, error) < 0)
		return -1;
	if (n > 0 && others > 0)
		return RF_STORE_TAKEN;
	if (n > 0 && rename_all(sqlite, from, to, error) < 0)
		return -1;
	*moved = n;
	return 0;
}
