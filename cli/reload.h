/* SIGHUP, or an order (SIGUSR1: `referat plan`, `apply`): another definition takes the place of the one in force, while
 * documents pass.
 *
 * It is read and checked; what differs, stage by stage, is the plan (config/compare.h). Processes of stages that are
 * changed or removed finish what they have in hand and end; then another broker, with the new definition, takes the
 * place of the old one, and processes of changed and new stages are started. All others stay: they say HELLO to the new
 * broker, with what they hold, as they do when a broker dies. Whatever fails before that leaves the old definition in
 * force, or goes back to it; so does a new process that refuses its work right away.
 *
 * A stage that is removed may have tasks that are open or held. It stays, then, and the old definition with it, unless
 * the order (cli/order.h) gives its tasks to another stage, which the new broker does before anything else, or has it
 * work them off: what feeds it ends first, so that no more come. */
#ifndef RF_CLI_RELOAD_H
#define RF_CLI_RELOAD_H

#include "cli/order.h"

struct rf_edition;
struct rf_supervisor;

enum rf_reload_step {
	RF_RELOAD_NONE,
	RF_RELOAD_ASKING,          /* whether tasks wait for a stage that is removed */
	RF_RELOAD_WORKING_OFF,     /* they do, and it may; asked again after a while */
	RF_RELOAD_LEAVING,         /* processes of changed and removed stages end */
	RF_RELOAD_ENDING_BROKER,   /* the old one */
	RF_RELOAD_STARTING_BROKER, /* the new one */
	RF_RELOAD_ASKING_AGAIN,    /* as above, now that no more tasks can come */
	RF_RELOAD_TRYING,          /* new processes run; the old definition is still at hand */
	RF_RELOAD_RETURNING,       /* the new broker ends, before any new process is started */
};

struct rf_reload {
	enum rf_reload_step step;
	struct rf_edition *other; /* that is not in force: first the new one, then the old one */
	struct rf_comparison plan;
	struct rf_order order;
	char *refusal;         /* why the old definition goes on; NULL: the new one is in force */
	int64_t worked_off_us; /* when removed stages must be done; 0: they are not waited for */
	uint64_t timer;        /* of the step */
	bool back;             /* this one undoes the one before */
	bool again, ordered;   /* asked for while it could not be: by a signal alone, by an order */
};

/* Begins it, as soon as that can be. ordered: it is as the order says that lies in the state folder, which may want the
 * plan alone. */
void rf_reload_begin(struct rf_supervisor *supervisor, bool ordered);

/* One step further, if it is time for it: processes have ended. */
void rf_reload_go_on(struct rf_supervisor *supervisor);

/* The broker takes HELLOs. */
void rf_reload_take_ready(struct rf_supervisor *supervisor);

/* The broker has ended. Returns whether what follows is the reload's to decide. */
bool rf_reload_take_broker_death(struct rf_supervisor *supervisor, const char *how);

/* A process of the stage says that a new start would end the same way. Returns whether the reload is undone for it. */
bool rf_reload_take_refusal(struct rf_supervisor *supervisor, const char *stage, const char *how);

/* The run ends. */
void rf_reload_stop(struct rf_supervisor *supervisor);

#endif
