/* What the parts of the supervisor hand to each other: supervisor.c takes signals and deaths and ends the run, places.c
 * fills a place with a process, reload.c puts another definition in the place of the one in force. */
#ifndef RF_CLI_SUPERVISOR_INSIDE_H
#define RF_CLI_SUPERVISOR_INSIDE_H

#include "cli/reload.h"
#include "cli/supervisor.h"

static const int64_t rf_broker_drain_us = 5 * 1000 * 1000; /* how long a broker may take to end */

/* A place for one process, which is filled anew when the process dies. */
struct rf_place {
	struct rf_supervisor *supervisor;
	char *stage; /* instance; NULL: the broker */
	enum rf_stage_kind kind;
	struct rf_child child;
	struct rf_restart restart;
	int64_t started_us;
	uint64_t timer; /* of the next start; 0: none */
	bool leaving;   /* a reload ends it: it is not filled anew */
};

enum rf_supervisor_phase {
	RF_PHASE_STARTING, /* no broker has been ready yet */
	RF_PHASE_RUNNING,
	RF_PHASE_DRAINING_STAGES,
	RF_PHASE_DRAINING_BROKER,
};

struct rf_supervisor {
	struct rf_supervisor_options options;
	enum rf_supervisor_phase phase;
	struct rf_place broker;
	struct rf_place **stages;
	size_t n_stages;
	int ready; /* the broker writes a newline here; -1: it has, or does not run */
	bool broker_is_ready;
	uint32_t broker_tries;
	uint64_t heard;   /* messages of the broker, when it was last looked at */
	int64_t heard_us; /* when there was a new one */
	bool on_terminal;
	bool interrupted;
	int64_t interrupted_us;
	char *failure;
	bool may_succeed_later;
	struct rf_reload reload;
	char *moves; /* of tasks, for the broker that is started; NULL: none, or made (config/moves.h) */
};

/* ---- places.c ---------------------------------------------------------------------------------------------------- */

const char *rf_place_name(const struct rf_place *place);
bool rf_place_is_alive(const struct rf_place *place);

void rf_place_start(struct rf_place *place);       /* later, if it can't be started now */
void rf_place_start_later(struct rf_place *place); /* restart.delay_us says when */
void rf_place_cancel(struct rf_place *place);      /* no start is to come */
void rf_place_signal(const struct rf_place *place, int signal_number);
void rf_place_deinit(struct rf_place *place); /* kills */

/* Makes places for those stages of the edition in force that have none. */
void rf_places_add(struct rf_supervisor *supervisor);
void rf_places_remove_leaving(struct rf_supervisor *supervisor); /* which are empty */
void rf_places_start_missing(struct rf_supervisor *supervisor);

/* Starts the broker; the error is the caller's to deal with. */
int rf_broker_try(struct rf_supervisor *supervisor, struct rf_error *error);
void rf_broker_stop_listening(struct rf_supervisor *supervisor);

/* ---- supervisor.c ------------------------------------------------------------------------------------------------ */

/* The broker of the edition in force takes HELLOs. */
void rf_supervisor_broker_ready(struct rf_supervisor *supervisor);

#endif
