/* `referat run --once`: watches how far the documents are, shows it, and, when all is done, fetches what became of
 * each.
 */
#ifndef RF_CLI_ONCE_H
#define RF_CLI_ONCE_H

#include "cli/progress.h"

#include <json-c/json.h>

struct rf_clock;
struct rf_loop;
struct rf_once;
struct rf_uplink;

/* done is called once; what it returns goes to the loop. All is borrowed. */
struct rf_once *rf_once_new(struct rf_loop *loop, const struct rf_clock *clock, struct rf_uplink *uplink,
			    struct rf_progress *progress, int (*done)(void *context), void *context);
void rf_once_free(struct rf_once *once); /* NULL is fine */

void rf_once_start(struct rf_once *once); /* the broker is ready */

/* The documents, borrowed; NULL as long as it is not done. */
json_object *rf_once_documents(const struct rf_once *once);
/* What lies in the inbox was not taken, because the disk is short of room. */
bool rf_once_had_no_room(const struct rf_once *once);

#endif
