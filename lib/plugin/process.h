/* Runs a child process for one question: bounded in time and output, alone (no descriptor of ours but its three), and
 * gone with everything it started when this returns. */
#ifndef RF_PLUGIN_PROCESS_H
#define RF_PLUGIN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rf_error;

struct rf_process {
	const char *const *argv; /* argv[0] is the file; NULL: body */
	/* What the child does instead of a program: writes its answer to the descriptor, returns its exit status. What
	 * it prints counts as error output. Only in a process without other threads. */
	int (*body)(void *context, int answer);
	void *context;
	const void *input; /* for its standard input */
	size_t input_size;
	size_t output_most;
	int64_t limit_us;
};

struct rf_process_result {
	char *output; /* followed by a NUL */
	size_t output_size;
	bool too_much;   /* it wrote more than output_most, and was ended */
	bool timed_out;  /* likewise */
	char *errors;    /* the last 2 KiB of its standard error, as UTF-8 without control characters */
	int exit_status; /* when signal is 0 */
	int signal;      /* that ended it */
};

/* Blocks. Returns 0 with a result that the caller frees; < 0 when no child could be started. */
int rf_process_run(const struct rf_process *process, struct rf_process_result *result, struct rf_error *error);
void rf_process_result_deinit(struct rf_process_result *result);

/* How it ended, in words: "exited with 3", "crashed: Segmentation fault (signal 11)", "did not end within 5 s". Writes
 * into text and returns it. */
const char *rf_process_ending(const struct rf_process_result *result, int64_t limit_us, char *text, size_t size);

#endif
