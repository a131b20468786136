/* PostgreSQL: one table, in which a document is moved to the next stage by one statement, FOR UPDATE SKIP LOCKED; the
 * document itself is not written again. NOTIFY wakes the next stage. SERVER is a connection string. */
#include "bench/client.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PGconn *database;
static unsigned stage;

static const char move_sql[] =
    "WITH taken AS (SELECT id FROM queue WHERE stage = $1::int ORDER BY id LIMIT $2::int FOR UPDATE SKIP LOCKED) "
    "UPDATE queue SET stage = queue.stage + 1 FROM taken WHERE queue.id = taken.id RETURNING queue.document";
static const char end_sql[] =
    "WITH taken AS (SELECT id FROM queue WHERE stage = $1::int ORDER BY id LIMIT $2::int FOR UPDATE SKIP LOCKED) "
    "DELETE FROM queue USING taken WHERE queue.id = taken.id RETURNING queue.document";

static PGresult *checked(PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		bench_fail("postgres", PQerrorMessage(database));
	return result;
}

static void execute(const char *sql)
{
	PQclear(checked(PQexec(database, sql)));
}

static void open_postgres(const char *server, unsigned number)
{
	char listen[32];
	stage = number;
	database = PQconnectdb(server);
	if (PQstatus(database) != CONNECTION_OK)
		bench_fail("postgres", PQerrorMessage(database));
	PQclear(
	    checked(PQprepare(database, "put", "INSERT INTO queue (stage, document) VALUES (1, $1::bytea)", 1, NULL)));
	PQclear(checked(PQprepare(database, "move", stage == BENCH_STAGES ? end_sql : move_sql, 2, NULL)));
	snprintf(listen, sizeof listen, "LISTEN s%u", stage);
	execute(listen);
}

static void put_documents(const struct bench_document *documents, size_t n)
{
	execute("BEGIN");
	for (size_t i = 0; i < n; i++) {
		const char *values[] = {documents[i].data};
		int lengths[] = {(int)documents[i].size}, formats[] = {1};
		PQclear(checked(PQexecPrepared(database, "put", 1, values, lengths, formats, 1)));
	}
	execute("NOTIFY s1; COMMIT");
}

static void await_notice(void)
{
	struct pollfd socket = {.fd = PQsocket(database), .events = POLLIN};
	PGnotify *notice = PQnotifies(database);
	if (!notice && poll(&socket, 1, 1000) > 0)
		PQconsumeInput(database);
	for (; notice || (notice = PQnotifies(database)); notice = NULL)
		PQfreemem(notice);
}

static size_t move(void)
{
	char number[8], most[8], commit[32];
	const char *values[] = {number, most};
	snprintf(number, sizeof number, "%u", stage);
	snprintf(most, sizeof most, "%d", BENCH_BATCH);
	snprintf(commit, sizeof commit, "NOTIFY s%u; COMMIT", stage + 1);
	execute("BEGIN");
	PGresult *taken = checked(PQexecPrepared(database, "move", 2, values, NULL, NULL, 1));
	size_t n = (size_t)PQntuples(taken);
	PQclear(taken);
	execute(n > 0 && stage < BENCH_STAGES ? commit : "COMMIT");
	if (n == 0)
		await_notice();
	return n;
}

int main(int argc, char **argv)
{
	static const struct bench_client client = {open_postgres, put_documents, move};
	return bench_main(&client, argc, argv);
}
