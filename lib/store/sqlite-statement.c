/* Statements of the SQLite store: prepared once and kept, with typed values, and errors said in words.
 *
 * Of each statement there may be two: while the row of one is in the caller's hands the other runs, so that what the
 * last call handed out may be given to the next one. */
#include "store/sqlite-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

struct statement {
	char *sql;
	sqlite3_stmt *prepared[2];
};

/* ---- errors ----------------------------------------------------------------------------------------------------- */

int rf_sqlite_explain(sqlite3 *database, const char *path, struct rf_error *error)
{
	const char *text = sqlite3_errmsg(database);
	switch (sqlite3_errcode(database) & 0xff) {
	case SQLITE_FULL:
		return rf_error_set(error, "%s: the disk is full", path);
	case SQLITE_BUSY:
		return rf_error_set(
		    error, "%s: another process has the store open: end it, or ask it with `referat status`", path);
	case SQLITE_CORRUPT:
		return rf_error_set(error, "%s: the store is damaged (%s); restore the newest backup", path, text);
	case SQLITE_NOTADB:
		return rf_error_set(error, "%s: this is no store of Referat, or it is damaged (%s)", path, text);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return rf_error_set(error, "%s: the store may not be written (%s)", path, text);
	case SQLITE_CANTOPEN:
		return rf_error_set(error, "%s: the store can't be opened: is its folder there, and may it be written?",
				    path);
	case SQLITE_IOERR:
		errno = sqlite3_system_errno(database);
		return errno ? rf_error_errno(error, "%s: reading or writing failed", path)
			     : rf_error_set(error, "%s: reading or writing failed (SQLite %d)", path,
					    sqlite3_extended_errcode(database));
	default:
		return rf_error_set(error, "%s: %s (SQLite %d)", path, text, sqlite3_extended_errcode(database));
	}
}

int rf_sqlite_fault(struct rf_sqlite *sqlite, struct rf_error *error)
{
	sqlite->base.faulted = sqlite->base.in_transaction;
	return rf_sqlite_explain(sqlite->database, sqlite->path, error);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

struct rf_sqlite_value rf_sqlite_integer(int64_t integer)
{
	return (struct rf_sqlite_value){.kind = RF_SQLITE_INTEGER, .integer = integer};
}

struct rf_sqlite_value rf_sqlite_text(const char *text)
{
	if (!text)
		return (struct rf_sqlite_value){.kind = RF_SQLITE_NULL};
	return (struct rf_sqlite_value){.kind = RF_SQLITE_TEXT, .data = text, .size = strlen(text)};
}

struct rf_sqlite_value rf_sqlite_bytes(const void *data, size_t size)
{
	return (struct rf_sqlite_value){.kind = RF_SQLITE_BYTES, .data = size ? data : "", .size = size};
}

static int bind(sqlite3_stmt *statement, int place, const struct rf_sqlite_value *value)
{
	switch (value->kind) {
	case RF_SQLITE_INTEGER:
		return sqlite3_bind_int64(statement, place, value->integer);
	case RF_SQLITE_TEXT:
		return sqlite3_bind_text64(statement, place, value->data, value->size, SQLITE_STATIC, SQLITE_UTF8);
	case RF_SQLITE_BYTES:
		return sqlite3_bind_blob64(statement, place, value->data, value->size, SQLITE_STATIC);
	case RF_SQLITE_NULL:
		break;
	}
	return sqlite3_bind_null(statement, place);
}

const char *rf_sqlite_column_text(sqlite3_stmt *row, int column)
{
	return (const char *)sqlite3_column_text(row, column);
}

int rf_sqlite_column_digest(struct rf_sqlite *sqlite, sqlite3_stmt *row, int column, struct rf_digest *digest,
			    struct rf_error *error)
{
	const void *bytes = sqlite3_column_blob(row, column);
	if (!bytes || sqlite3_column_bytes(row, column) != RF_DIGEST_SIZE)
		return rf_error_set(error, "%s: a digest is damaged", sqlite->path);
	memcpy(digest->bytes, bytes, RF_DIGEST_SIZE);
	return 0;
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

static int compare(const void *one, const void *other)
{
	return strcmp(((const struct statement *)one)->sql, ((const struct statement *)other)->sql);
}

static struct statement *cached(struct rf_sqlite *sqlite, const char *sql)
{
	struct statement wanted = {.sql = (char *)sql};
	struct statement **node = tfind(&wanted, &sqlite->statements, compare);
	if (node)
		return *node;
	struct statement *statement = rf_alloc(sizeof *statement);
	statement->sql = rf_strdup(sql);
	if (!tsearch(statement, &sqlite->statements, compare))
		abort(); /* out of memory, as in base/memory.c */
	return statement;
}

/* Gives the statement, ready for its first step. */
static int start(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values, sqlite3_stmt **running,
		 struct rf_error *error)
{
	struct statement *statement = cached(sqlite, sql);
	sqlite3_stmt **prepared = &statement->prepared[0];
	if (*prepared && *prepared == sqlite->borrowed)
		prepared = &statement->prepared[1];
	if (!*prepared &&
	    sqlite3_prepare_v3(sqlite->database, sql, -1, SQLITE_PREPARE_PERSISTENT, prepared, NULL) != SQLITE_OK)
		return rf_sqlite_fault(sqlite, error);
	for (size_t i = 0; i < values.n; i++) {
		if (bind(*prepared, (int)i + 1, &values.values[i]) != SQLITE_OK)
			return rf_sqlite_fault(sqlite, error);
	}
	*running = *prepared;
	return 0;
}

/* The reason is taken before the reset, which would repeat it at best. */
static int fail(struct rf_sqlite *sqlite, sqlite3_stmt *statement, struct rf_error *error)
{
	int result = rf_sqlite_fault(sqlite, error);
	sqlite3_reset(statement);
	return result;
}

int rf_sqlite_write(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values, struct rf_error *error)
{
	sqlite3_stmt *statement = NULL;
	if (start(sqlite, sql, values, &statement, error) < 0)
		return -1;
	if (sqlite3_step(statement) != SQLITE_DONE)
		return fail(sqlite, statement, error);
	sqlite3_reset(statement);
	return 0;
}

int rf_sqlite_read(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values, sqlite3_stmt **row,
		   struct rf_error *error)
{
	sqlite3_stmt *statement = NULL;
	if (start(sqlite, sql, values, &statement, error) < 0)
		return -1;
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		rf_sqlite_give_back(sqlite);
		sqlite->borrowed = statement;
		*row = statement;
		return 0;
	case SQLITE_DONE:
		sqlite3_reset(statement);
		return RF_STORE_NONE;
	default:
		return fail(sqlite, statement, error);
	}
}

int rf_sqlite_walk(struct rf_sqlite *sqlite, const char *sql, struct rf_sqlite_values values,
		   int (*each)(void *context, sqlite3_stmt *row), void *context, struct rf_error *error)
{
	sqlite3_stmt *statement = NULL;
	if (start(sqlite, sql, values, &statement, error) < 0)
		return -1;
	int step = SQLITE_DONE;
	int answer = 0;
	while (answer == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW)
		answer = each(context, statement);
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		return fail(sqlite, statement, error);
	sqlite3_reset(statement);
	return answer < 0 ? answer : 0;
}

void rf_sqlite_give_back(struct rf_sqlite *sqlite)
{
	if (sqlite->borrowed)
		sqlite3_reset(sqlite->borrowed);
	sqlite->borrowed = NULL;
}

static void free_statement(void *node)
{
	struct statement *statement = node;
	sqlite3_finalize(statement->prepared[0]);
	sqlite3_finalize(statement->prepared[1]);
	free(statement->sql);
	free(statement);
}

void rf_sqlite_forget_statements(struct rf_sqlite *sqlite)
{
	sqlite->borrowed = NULL;
	tdestroy(sqlite->statements, free_statement);
	sqlite->statements = NULL;
}
