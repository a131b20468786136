/* The processes of one pipeline: a broker, and as many of each stage as the definition says. Starts them, starts anew
 * what dies, tells the broker what died, and ends them in good order. */
#ifndef RF_CLI_SUPERVISOR_H
#define RF_CLI_SUPERVISOR_H

#include "cli/child.h"
#include "cli/restart.h"

struct rf_clock;
struct rf_edition;
struct rf_loop;
struct rf_supervisor;
struct rf_uplink;

/* All pointers are borrowed for the life of the supervisor. */
struct rf_supervisor_options {
	struct rf_edition **edition; /* in force; a reload puts another one there, and frees this one */
	struct rf_loop *loop;
	const struct rf_clock *clock;
	struct rf_uplink *uplink;
	const char *endpoint;                         /* of the broker */
	const char *state;                            /* folder */
	int lock;                                     /* descriptor that the broker inherits (cli/lock.h) */
	bool once;                                    /* handed on to the broker */
	const char *clock_text, *plugins, *log_level; /* handed on to all; NULL: not given */
	struct rf_restart_policy restart;
	int64_t patience_us;          /* a broker that says nothing for so long hangs, and is killed */
	int64_t drain_us;             /* how long stages may finish what they have in hand */
	rf_child_line output;         /* what the processes write, line by line */
	void (*ready)(void *context); /* once, when the broker is ready and the stages are started */
	void *context;                /* for both */
};

/* Starts the broker; all else happens in the loop, which it ends when all processes are gone. SIGTERM and
 * SIGINT drain, as does a terminal that is closed; a second one, half a second later or more, kills. SIGHUP reloads,
 * SIGUSR1 says that an order lies there (cli/reload.h). */
int rf_supervisor_start(const struct rf_supervisor_options *options, struct rf_supervisor **supervisor,
			struct rf_error *error);

/* Begins the end: stages first, the broker when they are gone. Returns what a callback of the loop is to return. */
int rf_supervisor_drain(struct rf_supervisor *supervisor);

/* Why it ended by itself: a process that must not be started again. NULL: it did not. */
const char *rf_supervisor_failure(const struct rf_supervisor *supervisor);
/* The cause may pass by itself, or be mended without a change of the definition: a full disk. */
bool rf_supervisor_may_succeed_later(const struct rf_supervisor *supervisor);

void rf_supervisor_free(struct rf_supervisor *supervisor); /* NULL is fine; kills what still runs */

#endif
