/* The work thread: loads the plugins that WELCOME named, then does one task after the other, and lets sources look in
 * between. */
#ifndef RF_STAGE_WORKER_H
#define RF_STAGE_WORKER_H

#include "stage/handover.h"
#include "stage/stage.h"

#include <pthread.h>

struct rf_worker {
	/* Set by whoever starts it, borrowed. */
	const struct rf_stage_program *program;
	struct rf_handover *handover;
	const struct rf_clock *clock;
	const char *plugin_folders; /* separated by colons; NULL: none but the installed ones */

	Referat__Wire__Welcome *welcome; /* owned */
	Referat__Publisher *publisher;   /* owned */
	struct rf_host host;
	struct rf_plugin **plugins;
	size_t n_plugins;
	const char *source; /* the name of the source that is running */
	char *complaint;    /* what kept the sources from their work when they looked last; NULL: nothing */
	char *complaining;  /* the same of the look that is under way */
	struct rf_language *language;
	pthread_t thread;
	int exit_status; /* to be read when the thread has ended */
};

enum { RF_EXIT_GIVE_UP = 125 }; /* a restart would not help */

/* Starts the thread; the welcome is the worker's from then on. Signals are blocked already. */
int rf_worker_start(struct rf_worker *worker, Referat__Wire__Welcome *welcome, struct rf_error *error);
void rf_worker_join(struct rf_worker *worker); /* waits for its end, and frees what it had */

static inline const Referat__Wire__StageConfig *rf_worker_config(const struct rf_worker *worker)
{
	return worker->welcome->stage;
}

/* Loads a plugin of the stage once more, with a host and a state of its own (rf_plugin_unload). */
int rf_worker_open(struct rf_worker *worker, const char *name, const struct rf_host *host, struct rf_plugin **plugin,
		   struct rf_error *error);

/* The configuration of a plugin of the stage; NULL: it has none of that name. */
const Referat__Wire__PluginConfig *rf_worker_plugin_config(const struct rf_worker *worker, const char *name);

/* Runs a plugin's function with the time limit of the stage. */
enum referat_result rf_worker_run(struct rf_worker *worker, struct rf_call *call, struct rf_plugin *plugin,
				  referat_function function);

#endif
