/* The loop thread's work: the line to the broker. Says HELLO, keeps the connection alive or makes a new one, passes
 * tasks to the work thread and its words to the broker, and ends the process when a plugin hangs. */
#ifndef RF_STAGE_LINE_H
#define RF_STAGE_LINE_H

#include "stage/handover.h"

#include <stdbool.h>
#include <stddef.h>

struct rf_line_options {
	const char *endpoint;
	const char *stage; /* the instance in the definition */
	const char *const *needs;
	size_t n_needs;
	const struct rf_clock *clock;
	struct rf_handover *handover;
	/* The first WELCOME has come: start the work thread. The welcome is the callee's. < 0 ends the line. */
	int (*welcomed)(void *context, Referat__Wire__Welcome *welcome, struct rf_error *error);
	void *context;
};

/* Runs until SIGTERM, SIGINT or the broker's DRAIN and what was in hand is done, or the work thread has ended. Blocks
 * signals before it calls welcomed. Returns the exit status of the process. */
int rf_line_run(const struct rf_line_options *options);

#endif
