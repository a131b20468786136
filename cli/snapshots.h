/* A moment of a store, to be read in peace: the broker makes it where one runs, and this process where none does. */
#ifndef RF_CLI_SNAPSHOTS_H
#define RF_CLI_SNAPSHOTS_H

#include "cli/client.h"

struct rf_taken {
	struct rf_client *client; /* NULL: no broker has the store open */
	char *state;              /* folder of the pipeline */
	char *folder;             /* laid out as the state folder is; removed when it is given back */
};

/* Whether a broker has the store open: 0 when nobody has, RF_STORE_BUSY, or < 0 and other outcomes of
 * rf_store_open_existing, with the reason. *state: the caller frees. */
int rf_snapshot_find_store(const struct rf_client_options *given, char **state, struct rf_error *error);

/* Blocks until it is whole. */
int rf_snapshot_take(const struct rf_client_options *given, struct rf_taken *taken, struct rf_error *error);
void rf_snapshot_give_back(struct rf_taken *taken);

#endif
