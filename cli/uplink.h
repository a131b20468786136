/* The supervisor's line to the broker: says who it is as often as the broker forgets, hands over obituaries until they
 * are acknowledged, and asks questions. Never blocks. */
#ifndef RF_CLI_UPLINK_H
#define RF_CLI_UPLINK_H

#include "cli/question.h"

struct rf_error;
struct rf_loop;
struct rf_uplink;

/* The answer is borrowed for the call. */
typedef int (*rf_uplink_answered)(void *context, json_object *answer);

int rf_uplink_open(struct rf_loop *loop, const char *endpoint, struct rf_uplink **uplink, struct rf_error *error);
void rf_uplink_close(struct rf_uplink *uplink); /* NULL is fine */

/* A broker has just become ready. */
void rf_uplink_hello(struct rf_uplink *uplink);

/* Copies it, and keeps it until a broker has it. */
void rf_uplink_report(struct rf_uplink *uplink, const struct rf_obituary *obituary);

/* Asks; answered is called when the answer comes, which may be never: ask again after a while. A new question takes the
 * place of the one before. arguments are borrowed; NULL: none. What answered returns goes to the loop. */
void rf_uplink_ask(struct rf_uplink *uplink, const char *command, json_object *arguments, rf_uplink_answered answered,
		   void *context);

/* How many messages have come. One that runs answers the heartbeat of each second: no more of them means that it hangs.
 */
uint64_t rf_uplink_heard(const struct rf_uplink *uplink);

#endif
