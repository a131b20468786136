/* What a document costs the broker's core and its store among a thousand, ten thousand … that were stored before it.
 * The documents are small, and come sixteen at a time through six stages that add nothing, without sockets: what would
 * grow is in the store. Prints a table in Markdown.
 *
 *     build/release/bench/growth FOLDER 1000 10000 100000 1000000
 *
 * FOLDER is made, and removed at the end. */
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/memory.h"
#include "tests/support/passage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { AT_A_TIME = 16, DOCUMENT_SIZE = 512, CHUNK = 500 /* between two ticks of the clock */, SAMPLE = 5000 };

static double cpu_seconds(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static uint64_t count_of(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	uint64_t n = 0;
	char line[128];
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, name, strlen(name)) == 0)
			n = strtoull(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return n;
}

static void pass(struct passage *passage, unsigned documents)
{
	for (unsigned n = 0; n < documents; n += CHUNK) {
		passage_run(passage, documents - n < CHUNK ? documents - n : CHUNK);
		rig_pass(passage->rig, RF_SECOND);
		rig_forget_sent(passage->rig);
	}
}

/* Of the last documents before there are so many. */
static void measure(struct passage *passage, unsigned documents)
{
	unsigned sample = documents < 2 * SAMPLE ? documents / 2 : SAMPLE;
	if (documents < passage->put + sample)
		return;
	pass(passage, documents - sample - passage->put);
	double cpu = cpu_seconds();
	uint64_t written = count_of("/proc/self/io", "wchar: ");
	pass(passage, sample);
	cpu = (cpu_seconds() - cpu) / sample * 1e6;
	written = (count_of("/proc/self/io", "wchar: ") - written) / sample;
	struct rf_usage usage = {0};
	struct rf_error error;
	rf_store_get_usage(passage->rig->store, &usage, &error);
	printf("| %u | %.0f | %" PRIu64 " | %.1f | %" PRIu64 " |\n", documents, cpu, written, (double)usage.bytes / 1e6,
	       count_of("/proc/self/status", "VmRSS:") / 1024);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	void *state = NULL;
	struct rf_error error;
	if (argc < 3 || rf_folder_make(argv[1], &error) < 0) {
		fprintf(stderr, "usage: growth FOLDER NUMBER...\n");
		return 64;
	}
	rf_log_open("growth", RF_LOG_ERROR);
	if (rig_setup_in(&state, argv[1]) != 0)
		return 1;
	struct passage passage = {.rig = state, .at_a_time = AT_A_TIME, .size = DOCUMENT_SIZE};
	passage_start(&passage);
	printf("| documents | CPU µs of one | bytes written for one | store MB | memory MiB |\n"
	       "| --- | --- | --- | --- | --- |\n");
	for (int i = 2; i < argc; i++)
		measure(&passage, (unsigned)strtoul(argv[i], NULL, 10));
	return rig_teardown(&state);
}
