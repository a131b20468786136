/* Whether a rehearsal came out as a test of the definition says, and what differs. */
#ifndef RF_CLI_VERDICT_H
#define RF_CLI_VERDICT_H

#include "cli/rehearsal.h"

struct rf_difference {
	char *what;     /* key of the test: "title", "equals page" */
	char *expected; /* in words */
	char *got;
};

struct rf_verdict {
	struct rf_difference *differences; /* none: as expected */
	size_t n_differences;
	size_t n_written; /* files that were written anew */
};

/* With update, files that a rendition should equal are written anew instead. Returns 0; < 0 when one can't be written.
 */
int rf_judge(const struct rf_test *test, const struct rf_rehearsal *rehearsal, bool update, struct rf_verdict *verdict,
	     struct rf_error *error);
void rf_verdict_deinit(struct rf_verdict *verdict);

#endif
