/* The job that every system does in the same way: a source puts documents, each of six stages takes them, hands them on
 * and forgets them, each step durable before the one that comes before it is forgotten. The last stage writes a byte
 * for each document into a pipe, on which the source counts them: so many are in flight and no more.
 *
 *     PROGRAM source SERVER PIPE DOCUMENTS WINDOW  puts them, prints what it measured as JSON
 *     PROGRAM stage  SERVER PIPE NUMBER                     1 to 6, until it is killed
 *
 * With a window of 1 a document goes through an idle pipeline, and its time is taken. Whatever fails ends the process.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_STAGES = 6, BENCH_DOCUMENT = 8 * 1024, BENCH_BATCH = 64 };

struct bench_document {
	unsigned long number; /* differs between runs, too */
	const char *data;
	size_t size;
};

struct bench_client {
	void (*open)(const char *server, unsigned stage); /* stage 0: the source */
	/* Returns when all, at most BENCH_BATCH, are durable. */
	void (*put)(const struct bench_document *documents, size_t n);
	/* Waits until there is something, hands it on unless it is the last stage, and forgets it. Returns how many.
	 * NULL where the stages are programs of another kind. */
	size_t (*move)(void);
};

int bench_main(const struct bench_client *client, int argc, char **argv);

/* Says that so many documents have come through. */
void bench_arrived(int pipe, size_t n);

/* Ends the process with errno's text, or with the given one. */
_Noreturn void bench_fail(const char *what, const char *why);

#endif
