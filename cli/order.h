/* What `referat plan` and `apply` ask of the supervisor of a running pipeline, and its answer: a file each in the state
 * folder, written by rename. The order is there before the SIGUSR1 that tells of it; the number in it comes back with
 * the answer, so that nobody takes another's. */
#ifndef RF_CLI_ORDER_H
#define RF_CLI_ORDER_H

#include "config/compare.h"
#include "config/moves.h"

#include <json-c/json.h>
#include <stdint.h>

struct rf_order {
	char *number; /* NULL: nobody waits for an answer */
	bool apply;   /* else the plan alone is wanted */
	char *path;   /* of the definition; NULL: the one that runs */
	struct rf_stage_moves moves;
	int64_t drain_us; /* how long removed stages may work off what they have; 0: they are not waited for */
};

void rf_order_deinit(struct rf_order *order);

/* ---- the supervisor's side --------------------------------------------------------------------------------------- */

enum { RF_ORDER_NONE = 1 };

/* Takes the order away that lies there. Returns 0, RF_ORDER_NONE, < 0 with what is wrong with it. */
int rf_order_take(const char *state, struct rf_order *order, struct rf_error *error);

/* outcome: "planned", "in force", "unchanged" or "refused", for which there is a reason. plan: NULL, there is none. */
int rf_order_answer(const char *state, const struct rf_order *order, const char *outcome, const char *reason,
		    const struct rf_comparison *plan, struct rf_error *error);

/* ---- the command's side ------------------------------------------------------------------------------------------ */

enum { RF_ORDER_UNANSWERED = 1 };

/* Gives the order, which gets its number, to the supervisor that runs there. < 0 with the reason: nothing runs. */
int rf_order_give(const char *state, struct rf_order *order, struct rf_error *error);

/* Waits. Returns 0 with the answer, which the caller puts; RF_ORDER_UNANSWERED, and the order is taken back if nobody
 * has it yet; < 0. */
int rf_order_await(const char *state, const struct rf_order *order, int64_t limit_us, json_object **answer,
		   struct rf_error *error);

#endif
