/* The metrics over HTTP: GET /metrics on a port of the loopback address, and nothing else. On the broker's loop, with a
 * few connections at most, each of which has a few seconds. */
#ifndef RF_BROKER_EXPOSITION_H
#define RF_BROKER_EXPOSITION_H

#include <stdint.h>

struct rf_core;
struct rf_error;
struct rf_exposition;
struct rf_loop;

/* core and loop are borrowed. < 0 with the reason: the port is taken. */
int rf_exposition_open(struct rf_loop *loop, struct rf_core *core, uint16_t port, struct rf_exposition **exposition,
		       struct rf_error *error);
void rf_exposition_close(struct rf_exposition *exposition); /* NULL is fine */

#endif
