#include "cli/difference.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "cli/question.h"
#include "cli/table.h"
#include "plugin/process.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_OUTPUT = 4 * 1024 * 1024, DIFFERENT = 1 /* exit status of diff */ };

static void print_lines(char *text, size_t most)
{
	size_t n = 0;
	for (char *line; (line = strsep(&text, "\n")) && (*line || text);)
		if (n++ < most) {
			rf_autofree char *clean = rf_terminal_text(line);
			printf("  %s\n", clean);
		}
	if (n > most)
		printf("  … %zu more line%s\n", n - most, n - most == 1 ? "" : "s");
}

/* The earlier text lies in memory, where diff opens it; it reads the later one. */
static int run_diff(const char *name, const char *before, const char *after, int memory,
		    struct rf_process_result *result, struct rf_error *error)
{
	rf_autofree char *from = rf_format("%s (stored)", name), *to = rf_format("%s (anew)", name);
	rf_autofree char *path = rf_format("/proc/%d/fd/%d", (int)getpid(), memory);
	const char *const argv[] = {"/usr/bin/diff", "-u", "--label", from, "--label", to, path, "-", NULL};
	const struct rf_process process = {.argv = argv,
					   .input = after,
					   .input_size = strlen(after),
					   .output_most = MOST_OUTPUT,
					   .limit_us = 10 * RF_SECOND};
	size_t size = strlen(before);
	if (memory < 0 || write(memory, before, size) != (ssize_t)size)
		return rf_error_set(error, "there is no memory for the text");
	return rf_process_run(&process, result, error);
}

static void print_texts(const char *name, const char *before, const char *after, size_t most_lines)
{
	struct rf_process_result result = {0};
	struct rf_error error;
	int memory = memfd_create("before", MFD_CLOEXEC);
	if (run_diff(name, before, after, memory, &result, &error) < 0)
		printf("  %s differs (no difference can be shown: %s)\n", name, error.text);
	else if (result.signal || result.exit_status != DIFFERENT || result.too_much)
		printf("  %s differs (no difference can be shown: %s)\n", name,
		       *result.errors ? result.errors : "it is too long");
	else
		print_lines(result.output, most_lines);
	rf_process_result_deinit(&result);
	if (memory >= 0)
		close(memory);
}

void rf_difference_print(json_object *entry, size_t most_lines)
{
	json_object *before = NULL, *after = NULL;
	rf_autofree char *name = rf_terminal_text(rf_answer_text(entry, "name"));
	json_object_object_get_ex(entry, "before", &before);
	json_object_object_get_ex(entry, "after", &after);
	if (!after)
		printf("  %s differs; it is too long to be shown, or no text\n", name);
	else
		print_texts(name, before ? json_object_get_string(before) : "", json_object_get_string(after),
			    most_lines);
}
