/* What another definition's broker does before anything else: gives the tasks of a stage that is gone to another. */
#include "broker/moves.h"

#include "base/error.h"
#include "base/log.h"
#include "broker/state.h"

#include <inttypes.h>

static int move(struct rf_store *store, const struct rf_stage_move *move, struct rf_error *error)
{
	uint64_t n;
	int status = rf_store_rename_stage(store, move->from, move->to, &n, error);
	if (status == RF_STORE_TAKEN)
		return rf_error_set(error, "stage %s has tasks of its own from before: those of %s can't be added",
				    move->to, move->from);
	if (status == 0 && n > 0)
		rf_log(RF_LOG_INFO, NULL, "%" PRIu64 " tasks of stage %s are those of %s now", n, move->from, move->to);
	return status < 0 ? -1 : rf_pauses_move(store, move->from, move->to, error);
}

int rf_moves_carry_out(struct rf_store *store, const struct rf_stage_moves *moves, struct rf_error *error)
{
	if (moves->n == 0)
		return 0;
	if (rf_store_begin(store, RF_DURABLE, error) < 0)
		return -1;
	for (size_t i = 0; i < moves->n; i++)
		if (move(store, &moves->list[i], error) < 0) {
			rf_store_rollback(store);
			return -1;
		}
	return rf_store_commit(store, error);
}
