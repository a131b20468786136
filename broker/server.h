/* The broker's socket: what comes in goes to the core in rounds, what the core says goes out; and the core's clock. */
#ifndef RF_BROKER_SERVER_H
#define RF_BROKER_SERVER_H

#include "broker/core.h"

struct rf_loop;
struct rf_server;

struct rf_server_options {
	const char *endpoint;
	struct rf_core *core; /* borrowed, as are the others */
	struct rf_loop *loop;
	const struct rf_clock *clock;
};

/* Binds and adds itself to the loop. < 0 when the address can't be bound. */
int rf_server_open(const struct rf_server_options *options, struct rf_server **server, struct rf_error *error);
void rf_server_close(struct rf_server *server); /* NULL is fine */

/* Asks the stages to finish; the loop ends when they have, or after the limit. */
void rf_server_drain(struct rf_server *server, int64_t limit_us);

/* Why the loop ended, when it failed. */
const struct rf_error *rf_server_error(const struct rf_server *server);

#endif
