/* What becomes of a document: waiting until nothing more happens to it by itself. Blocks. */
#ifndef RF_CLI_OUTCOME_H
#define RF_CLI_OUTCOME_H

#include "cli/client.h"

struct rf_outcome {
	const char *status;         /* "published", "done", "held", "dead", "superseded" */
	char *stage, *reason, *url; /* or NULL */
};

/* Asks now and then until the newest revision is published, through, held or given up. */
int rf_outcome_await(struct rf_client *client, const char *document, struct rf_outcome *outcome,
		     struct rf_error *error);
void rf_outcome_deinit(struct rf_outcome *outcome);

void rf_outcome_print(const struct rf_outcome *outcome, const char *document);
void rf_outcome_add(const struct rf_outcome *outcome, json_object *entry);
/* 0; EX_NOPERM held: a person decides; EX_DATAERR given up. */
int rf_outcome_status(const struct rf_outcome *outcome);

#endif
