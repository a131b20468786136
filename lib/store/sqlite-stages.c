/* A stage of another name, in the SQLite store: all that is kept under the old one goes over. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* "publish/web" leaves the part publication/web; a stage without a name of its own one that is called as its kind. */
static const char *name_of_part(const char *stage)
{
	const char *slash = strchr(stage, '/');
	return slash ? slash + 1 : stage;
}

int rf_sqlite_rename_stage(struct rf_store *store, const char *from, const char *to, struct rf_error *error)
{
	static const char *const statements[] = {
	    "UPDATE tasks SET stage = ?2 WHERE stage = ?1",
	    "UPDATE effects SET stage = ?2, key = ?2 || substr(key, length(?1) + 1) WHERE stage = ?1",
	};
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	for (size_t i = 0; i < RF_COUNT(statements); i++)
		if (rf_sqlite_write(sqlite, statements[i], RF_SQLITE_VALUES(rf_sqlite_text(from), rf_sqlite_text(to)),
				    error) < 0)
			return -1;
	rf_autofree char *part = rf_format("publication/%s", name_of_part(from));
	rf_autofree char *renamed = rf_format("publication/%s", name_of_part(to));
	return rf_sqlite_write(sqlite, "UPDATE parts SET name = ?2 WHERE name = ?1",
			       RF_SQLITE_VALUES(rf_sqlite_text(part), rf_sqlite_text(renamed)), error);
}
