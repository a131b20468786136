/* Which pages would come out otherwise if documents ran again from a stage on: counted by target, with the difference
 * of some. The running stages make the documents anew, and nothing of it is kept (broker/drafts.c). */
#ifndef RF_CLI_WEIGHING_H
#define RF_CLI_WEIGHING_H

#include "cli/client.h"

struct rf_weighing {
	const char *from;
	bool force;
	int64_t most_shown; /* documents whose difference is shown */

	json_object *stages;      /* a list: stage, and how many pages of it are changes, same, held, fails, unknown */
	json_object *changed;     /* a list of those that would be put anew: document, stage */
	json_object *notes;       /* of those that are held, fail or are unknown: document, stage, found, reason */
	json_object *differences; /* of the first that change, as the broker tells them */
};

void rf_weighing_init(struct rf_weighing *weighing);
void rf_weighing_deinit(struct rf_weighing *weighing);

/* Asks about documents (a list of ids), one question for each few of them. weighed: called after each question with how
 * many documents there were so far. Blocks. */
int rf_weighing_ask(struct rf_weighing *weighing, struct rf_client *client, json_object *documents,
		    void (*weighed)(void *context, int64_t n), void *context, struct rf_error *error);

void rf_weighing_print(const struct rf_weighing *weighing);
void rf_weighing_add(const struct rf_weighing *weighing, json_object *answer); /* its lists, to an answer as JSON */

#endif
