/* Tasks of the SQLite store, and the counts of their rows. */
#include "store/sqlite-private.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <sys/stat.h>

int rf_sqlite_add_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	if (rf_sqlite_need_document(sqlite, task->document, &number, error) < 0)
		return -1;
	return rf_sqlite_write(
	    sqlite,
	    "INSERT INTO tasks(id, document, revision, stage, state, due_us, created_us, changed_us, attempts, "
	    "failures,"
	    " crashes, kills, timeouts, priority, code, reason, run_us, toolset)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
	    RF_SQLITE_VALUES(
		rf_sqlite_integer((int64_t)task->id), rf_sqlite_integer(number), rf_sqlite_integer(task->revision),
		rf_sqlite_text(task->stage), rf_sqlite_integer(task->state), rf_sqlite_integer(task->due_us),
		rf_sqlite_integer(task->created_us), rf_sqlite_integer(task->changed_us),
		rf_sqlite_integer(task->attempts), rf_sqlite_integer(task->failures), rf_sqlite_integer(task->crashes),
		rf_sqlite_integer(task->kills), rf_sqlite_integer(task->timeouts), rf_sqlite_integer(task->priority),
		rf_sqlite_text(task->code), rf_sqlite_text(task->reason), rf_sqlite_integer(task->run_us),
		rf_sqlite_integer(task->toolset)),
	    error);
}

int rf_sqlite_update_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	return rf_sqlite_write(
	    sqlite,
	    "UPDATE tasks SET state = ?2, due_us = ?3, changed_us = ?4, attempts = ?5, failures = ?6, crashes = ?7,"
	    " kills = ?8, timeouts = ?9, priority = ?10, code = ?11, reason = ?12, run_us = ?13, toolset = ?14, "
	    "created_us = ?15"
	    " WHERE id = ?1",
	    RF_SQLITE_VALUES(rf_sqlite_integer((int64_t)task->id), rf_sqlite_integer(task->state),
			     rf_sqlite_integer(task->due_us), rf_sqlite_integer(task->changed_us),
			     rf_sqlite_integer(task->attempts), rf_sqlite_integer(task->failures),
			     rf_sqlite_integer(task->crashes), rf_sqlite_integer(task->kills),
			     rf_sqlite_integer(task->timeouts), rf_sqlite_integer(task->priority),
			     rf_sqlite_text(task->code), rf_sqlite_text(task->reason), rf_sqlite_integer(task->run_us),
			     rf_sqlite_integer(task->toolset), rf_sqlite_integer(task->created_us)),
	    error);
}

#define TASK_COLUMNS                                                                                                   \
	"t.id, d.id, t.revision, t.stage, t.state, t.due_us, t.created_us, t.changed_us, t.attempts, t.failures,"      \
	" t.crashes, t.kills, t.timeouts, t.priority, t.code, t.reason, t.run_us, t.toolset"

static struct rf_task read_task(sqlite3_stmt *row)
{
	return (struct rf_task){
	    .id = (uint64_t)sqlite3_column_int64(row, 0),
	    .document = rf_sqlite_column_text(row, 1),
	    .revision = (uint32_t)sqlite3_column_int64(row, 2),
	    .stage = rf_sqlite_column_text(row, 3),
	    .state = (enum rf_task_state)sqlite3_column_int(row, 4),
	    .due_us = sqlite3_column_int64(row, 5),
	    .created_us = sqlite3_column_int64(row, 6),
	    .changed_us = sqlite3_column_int64(row, 7),
	    .attempts = (uint32_t)sqlite3_column_int64(row, 8),
	    .failures = (uint32_t)sqlite3_column_int64(row, 9),
	    .crashes = (uint32_t)sqlite3_column_int64(row, 10),
	    .kills = (uint32_t)sqlite3_column_int64(row, 11),
	    .timeouts = (uint32_t)sqlite3_column_int64(row, 12),
	    .priority = sqlite3_column_int(row, 13),
	    .code = rf_sqlite_column_text(row, 14),
	    .reason = rf_sqlite_column_text(row, 15),
	    .run_us = sqlite3_column_int64(row, 16),
	    .toolset = (uint32_t)sqlite3_column_int64(row, 17),
	};
}

struct task_walk {
	int (*each)(void *context, const struct rf_task *task);
	void *context;
};

static int visit_task(void *context, sqlite3_stmt *row)
{
	struct task_walk *walk = context;
	struct rf_task task = read_task(row);
	return walk->each(walk->context, &task);
}

#define TASK_BY_ID                                                                                                     \
	"SELECT " TASK_COLUMNS " FROM tasks t CROSS JOIN documents d ON d.number = t.document WHERE t.id = ?1"

int rf_sqlite_visit_task(struct rf_store *store, uint64_t id, int (*each)(void *context, const struct rf_task *task),
			 void *context, struct rf_error *error)
{
	struct task_walk walk = {each, context};
	return rf_sqlite_walk((struct rf_sqlite *)store, TASK_BY_ID, RF_SQLITE_VALUES(rf_sqlite_integer((int64_t)id)),
			      visit_task, &walk, error);
}

int rf_sqlite_get_task(struct rf_store *store, uint64_t id, struct rf_task *task, struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read((struct rf_sqlite *)store, TASK_BY_ID,
				    RF_SQLITE_VALUES(rf_sqlite_integer((int64_t)id)), &row, error);
	if (result == 0)
		*task = read_task(row);
	return result;
}

int rf_sqlite_find_task(struct rf_store *store, const char *document, uint32_t revision, const char *stage,
			struct rf_task *task, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t number;
	int result = rf_sqlite_find_document(sqlite, document, &number, error);
	if (result != 0)
		return result;
	sqlite3_stmt *row;
	result = rf_sqlite_read(
	    sqlite,
	    "SELECT " TASK_COLUMNS " FROM tasks t CROSS JOIN documents d ON d.number = t.document"
	    " WHERE t.document = ?1 AND t.revision = ?2 AND t.stage = ?3",
	    RF_SQLITE_VALUES(rf_sqlite_integer(number), rf_sqlite_integer(revision), rf_sqlite_text(stage)), &row,
	    error);
	if (result == 0)
		*task = read_task(row);
	return result;
}

/* ---- walks ------------------------------------------------------------------------------------------------------ */

enum {
	WAITING = 1 << RF_TASK_HELD | 1 << RF_TASK_DEAD, /* for a person */
	UNFINISHED = 1 << RF_TASK_READY | 1 << RF_TASK_DELAYED | WAITING,
};

/* The index is named: without statistics SQLite would rather walk all tasks in the order of their ids. The states stand
 * in the text, since a partial index is used only where the text implies its condition. Of the values ?1 stage,
 * ?2 document, ?3 id, ?4 due, ?5 most, those that are not asked for are not named. */
static void write_query(struct rf_buffer *sql, const struct rf_task_filter *filter)
{
	bool only_due = filter->due_by_us && filter->states == 1 << RF_TASK_DELAYED;
	bool unfinished = filter->states && !(filter->states & ~(uint32_t)UNFINISHED);
	bool waiting = unfinished && !filter->stage && !filter->by_priority && !(filter->states & ~(uint32_t)WAITING);
	const char *index = filter->document ? ""
			    : only_due       ? "INDEXED BY tasks_due "
			    : waiting        ? "INDEXED BY tasks_waiting "
					     : "INDEXED BY tasks_unfinished ";
	rf_buffer_format(sql, "SELECT " TASK_COLUMNS " FROM tasks t %sCROSS JOIN documents d ON d.number = t.document",
			 unfinished ? index : "");
	rf_buffer_add_text(sql, waiting                   ? " WHERE t.state IN (3, 4)"
				: unfinished && !only_due ? " WHERE t.state <= 4"
							  : " WHERE 1");
	if (filter->states) {
		const char *before = " AND t.state IN (";
		for (int state = 1; state < RF_TASK_STATES; state++) {
			if (!(filter->states & 1U << state))
				continue;
			rf_buffer_format(sql, "%s%d", before, state);
			before = ", ";
		}
		rf_buffer_add_text(sql, ")");
	}
	if (only_due)
		rf_buffer_format(sql, " AND t.state = %d AND t.due_us <= ?4", RF_TASK_DELAYED);
	else if (filter->due_by_us)
		rf_buffer_format(sql, " AND (t.state <> %d OR t.due_us <= ?4)", RF_TASK_DELAYED);
	if (filter->stage)
		rf_buffer_add_text(sql, " AND t.stage = ?1");
	if (filter->document)
		rf_buffer_add_text(sql, " AND t.document = ?2");
	if (filter->only_bulk)
		rf_buffer_add_text(sql, " AND t.priority < 0");
	if (filter->after_id)
		rf_buffer_add_text(sql, " AND t.id > ?3");
	rf_buffer_format(sql, " ORDER BY %st.id LIMIT ?5", filter->by_priority ? "t.priority DESC, " : "");
}

int rf_sqlite_each_task(struct rf_store *store, const struct rf_task_filter *filter,
			int (*each)(void *context, const struct rf_task *task), void *context, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	int64_t document = 0;
	if (filter->document) {
		int result = rf_sqlite_find_document(sqlite, filter->document, &document, error);
		if (result != 0)
			return result < 0 ? -1 : 0;
	}
	rf_autobuffer struct rf_buffer sql = RF_BUFFER_INIT;
	write_query(&sql, filter);
	struct task_walk walk = {each, context};
	return rf_sqlite_walk(sqlite, sql.data,
			      RF_SQLITE_VALUES(rf_sqlite_text(filter->stage), rf_sqlite_integer(document),
					       rf_sqlite_integer((int64_t)filter->after_id),
					       rf_sqlite_integer(filter->due_by_us),
					       rf_sqlite_integer(filter->most ? (int64_t)filter->most : -1)),
			      visit_task, &walk, error);
}

/* Of one priority the oldest has the smallest id, which the index has first; priorities are few. */
int rf_sqlite_oldest_task(struct rf_store *store, enum rf_task_state state, const char *stage, int64_t *created_us,
			  struct rf_error *error)
{
	int64_t priority = INT64_MAX;
	bool found = false;
	for (;;) {
		sqlite3_stmt *row;
		int result = rf_sqlite_read(
		    (struct rf_sqlite *)store,
		    "SELECT priority, created_us FROM tasks INDEXED BY tasks_unfinished"
		    " WHERE state <= 4 AND state = ?1 AND stage = ?2 AND priority < ?3"
		    " ORDER BY priority DESC, id LIMIT 1",
		    RF_SQLITE_VALUES(rf_sqlite_integer(state), rf_sqlite_text(stage), rf_sqlite_integer(priority)),
		    &row, error);
		if (result < 0)
			return -1;
		if (result == RF_STORE_NONE)
			return found ? 0 : RF_STORE_NONE;
		priority = sqlite3_column_int64(row, 0);
		int64_t created = sqlite3_column_int64(row, 1);
		*created_us = found && *created_us < created ? *created_us : created;
		found = true;
	}
}

int rf_sqlite_next_due(struct rf_store *store, int64_t *due_us, struct rf_error *error)
{
	sqlite3_stmt *row;
	int result =
	    rf_sqlite_read((struct rf_sqlite *)store,
			   "SELECT due_us FROM tasks INDEXED BY tasks_due WHERE state = 2 ORDER BY due_us LIMIT 1",
			   RF_SQLITE_NO_VALUES, &row, error);
	if (result == 0)
		*due_us = sqlite3_column_int64(row, 0);
	return result;
}

struct count_walk {
	int (*each)(void *context, const struct rf_count *count);
	void *context;
};

static int visit_count(void *context, sqlite3_stmt *row)
{
	struct count_walk *walk = context;
	struct rf_count count = {
	    .stage = rf_sqlite_column_text(row, 0),
	    .state = (enum rf_task_state)sqlite3_column_int(row, 1),
	    .n = (uint64_t)sqlite3_column_int64(row, 2),
	};
	return walk->each(walk->context, &count);
}

int rf_sqlite_each_count(struct rf_store *store, int (*each)(void *context, const struct rf_count *count),
			 void *context, struct rf_error *error)
{
	struct count_walk walk = {each, context};
	return rf_sqlite_walk((struct rf_sqlite *)store,
			      "SELECT stage, state, n FROM counts WHERE n > 0 ORDER BY stage, state",
			      RF_SQLITE_NO_VALUES, visit_count, &walk, error);
}

int rf_sqlite_set_count(struct rf_store *store, const struct rf_count *count, struct rf_error *error)
{
	return rf_sqlite_write((struct rf_sqlite *)store,
			       "INSERT INTO counts VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = excluded.n",
			       RF_SQLITE_VALUES(rf_sqlite_text(count->stage), rf_sqlite_integer(count->state),
						rf_sqlite_integer((int64_t)count->n)),
			       error);
}

int rf_sqlite_last_task(struct rf_store *store, uint64_t *id, struct rf_error *error)
{
	sqlite3_stmt *row;
	if (rf_sqlite_read((struct rf_sqlite *)store, "SELECT max(id) FROM tasks", RF_SQLITE_NO_VALUES, &row, error) !=
	    0)
		return -1;
	*id = (uint64_t)sqlite3_column_int64(row, 0);
	return 0;
}

/* ---- toolsets --------------------------------------------------------------------------------------------------- */

int rf_sqlite_need_toolset(struct rf_store *store, const char *plugins, uint32_t *number, struct rf_error *error)
{
	struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	if (rf_sqlite_write(sqlite, "INSERT INTO toolsets(plugins) VALUES(?1) ON CONFLICT DO NOTHING",
			    RF_SQLITE_VALUES(rf_sqlite_text(plugins)), error) < 0)
		return -1;
	sqlite3_stmt *row;
	int result = rf_sqlite_read(sqlite, "SELECT number FROM toolsets WHERE plugins = ?1",
				    RF_SQLITE_VALUES(rf_sqlite_text(plugins)), &row, error);
	if (result == 0)
		*number = (uint32_t)sqlite3_column_int64(row, 0);
	return result == RF_STORE_NONE ? rf_error_set(error, "the store did not keep a set of plugins") : result;
}

int rf_sqlite_get_toolset(struct rf_store *store, uint32_t number, const char **plugins, struct rf_error *error)
{
	sqlite3_stmt *row;
	int result = rf_sqlite_read((struct rf_sqlite *)store, "SELECT plugins FROM toolsets WHERE number = ?1",
				    RF_SQLITE_VALUES(rf_sqlite_integer(number)), &row, error);
	if (result == 0)
		*plugins = rf_sqlite_column_text(row, 0);
	return result;
}

/* ---- usage ------------------------------------------------------------------------------------------------------ */

static uint64_t file_size(const char *path)
{
	struct stat file;
	return stat(path, &file) == 0 ? (uint64_t)file.st_size : 0;
}

int rf_sqlite_get_bytes(struct rf_store *store, uint64_t *bytes, struct rf_error *error)
{
	(void)error;
	const struct rf_sqlite *sqlite = (struct rf_sqlite *)store;
	rf_autofree char *log = rf_format("%s-wal", sqlite->path);
	*bytes = file_size(sqlite->path) + file_size(log);
	return 0;
}
