/* Tasks that change their stage with the definition (config/moves.h). */
#ifndef RF_BROKER_MOVES_H
#define RF_BROKER_MOVES_H

#include "config/moves.h"
#include "store/store.h"

/* All of them in one transaction, on the disk when it returns. A move that was made already changes nothing. */
int rf_moves_carry_out(struct rf_store *store, const struct rf_stage_moves *moves, struct rf_error *error);

#endif
