/* Documents that run again: followed until they are through, with an estimate, and what has become of them. */
#ifndef RF_CLI_FOLLOWING_H
#define RF_CLI_FOLLOWING_H

#include "cli/client.h"
#include "cli/progress.h"

struct rf_following {
	struct rf_client *client;
	json_object *documents;       /* list of ids, borrowed */
	int64_t since_us;             /* the broker's clock when they were asked for */
	struct rf_progress *progress; /* NULL: nothing is shown meanwhile */
};

struct rf_following_sum {
	int64_t put;                                /* pages that were put anew */
	int64_t published, held, dead, open, other; /* documents */
};

/* Until nothing of them waits or is in hand. Blocks. */
int rf_following_wait(struct rf_following *following, struct rf_error *error);
int rf_following_sum(const struct rf_following *following, struct rf_following_sum *sum, struct rf_error *error);

/* How long it takes until all are through, by how many were in the time that passed; no less than wait_us, which is
 * when the last one may begin. 0: too few are through to tell. */
int64_t rf_following_left(int64_t through, int64_t all, int64_t passed_us, int64_t wait_us);

#endif
