#include "bench/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { VARIANTS = 64 };

_Noreturn void bench_fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why ? why : strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

static char texts[VARIANTS][BENCH_DOCUMENT + 1];

/* Letters that no database can make small, so that bytes are compared with bytes. */
static void make_texts(void)
{
	static const char letters[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint64_t random = (uint64_t)getpid() * 0x9e3779b97f4a7c15U | 1;
	for (size_t i = 0; i < VARIANTS; i++)
		for (size_t j = 0; j < BENCH_DOCUMENT; j++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			texts[i][j] = letters[random >> 58];
		}
}

static struct bench_document make_document(unsigned long first, unsigned long i)
{
	char *text = texts[i % VARIANTS];
	char number[24];
	int length = snprintf(number, sizeof number, "%020lu", first + i);
	memcpy(text, number, (size_t)length);
	return (struct bench_document){.number = first + i, .data = text, .size = BENCH_DOCUMENT};
}

/* ---- the source -------------------------------------------------------------------------------------------------- */

struct source {
	const struct bench_client *client;
	int pipe;
	unsigned long first, documents, window, put, arrived;
	double *times; /* with a window of 1: how long each took */
};

static void put_some(struct source *source)
{
	struct bench_document batch[BENCH_BATCH];
	unsigned long n = source->window - (source->put - source->arrived);
	if (n > source->documents - source->put)
		n = source->documents - source->put;
	if (n > BENCH_BATCH)
		n = BENCH_BATCH;
	for (unsigned long i = 0; i < n; i++)
		batch[i] = make_document(source->first, source->put + i);
	source->client->put(batch, n);
	source->put += n;
}

static void await_some(struct source *source)
{
	char bytes[4096];
	ssize_t n = read(source->pipe, bytes, sizeof bytes);
	if (n < 0)
		bench_fail("the pipe", NULL);
	source->arrived += (unsigned long)n;
}

static int compare_times(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void report(struct source *source, double seconds)
{
	printf("{\"documents\": %lu, \"seconds\": %.6f", source->documents, seconds);
	if (source->times) {
		qsort(source->times, source->documents, sizeof *source->times, compare_times);
		printf(", \"p50_ms\": %.3f, \"p99_ms\": %.3f", source->times[source->documents / 2] * 1e3,
		       source->times[source->documents * 99 / 100] * 1e3);
	}
	printf("}\n");
}

static void run_source(struct source *source)
{
	double begun = now();
	while (source->arrived < source->documents) {
		double put_at = now();
		if (source->put < source->documents && source->put - source->arrived < source->window)
			put_some(source);
		if (source->put == source->documents || source->put - source->arrived >= source->window)
			await_some(source);
		if (source->times && source->arrived > 0)
			source->times[source->arrived - 1] = now() - put_at;
	}
	report(source, now() - begun);
}

/* ---- main -------------------------------------------------------------------------------------------------------- */

static int open_pipe(const char *path)
{
	int pipe = open(path, O_RDWR | O_CLOEXEC);
	if (pipe < 0)
		bench_fail(path, NULL);
	return pipe;
}

void bench_arrived(int pipe, size_t n)
{
	static const char bytes[BENCH_BATCH * 4];
	if (n > sizeof bytes || write(pipe, bytes, n) != (ssize_t)n)
		bench_fail("the pipe", NULL);
}

int bench_main(const struct bench_client *client, int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "source") == 0) {
		struct source source = {.client = client,
					.pipe = open_pipe(argv[3]),
					.first = (unsigned long)time(NULL) * 1000000,
					.documents = strtoul(argv[4], NULL, 10),
					.window = strtoul(argv[5], NULL, 10)};
		if (source.window == 1)
			source.times = calloc(source.documents, sizeof *source.times);
		make_texts();
		client->open(argv[2], 0);
		run_source(&source);
		free(source.times);
		return 0;
	}
	if (argc == 5 && strcmp(argv[1], "stage") == 0 && client->move) {
		unsigned stage = (unsigned)strtoul(argv[4], NULL, 10);
		int pipe = open_pipe(argv[3]);
		client->open(argv[2], stage);
		for (;;) {
			size_t n = client->move();
			if (stage == BENCH_STAGES && n > 0)
				bench_arrived(pipe, n);
		}
	}
	fprintf(stderr, "usage: see bench/client.h\n");
	return 64;
}
