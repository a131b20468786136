/* The broker without sockets: a state machine that takes messages of peers and gives messages to peers, over a store.
 *
 * Rounds: receive as many messages as there are, then flush. receive changes memory and the open transaction; nothing
 * is promised to anybody before flush has committed (one group commit a round), which then releases what is to be sent.
 * A message that fails to be sent (peer gone) is reported with rf_core_lost.
 *
 * Peers are numbered by the caller (the routing id's number). Time comes from the clock given: durable timers from its
 * wall time, leases and heartbeats from its monotonic time. Single-threaded; never blocks but for the store. */
#ifndef RF_BROKER_CORE_H
#define RF_BROKER_CORE_H

#include "base/clock.h"
#include "config/pipeline.h"
#include "store/store.h"
#include "wire/message.h"

struct rf_core;

typedef uint64_t rf_peer;

struct rf_core_options {
	const struct rf_pipeline *pipeline; /* borrowed, as are the others */
	struct rf_store *store;
	const struct rf_clock *clock;
	const char *blobs;    /* folder */
	const char *state;    /* folder of the pipeline */
	const char *boot_id;  /* of the machine: tells an unclean boot from a restart */
	bool once;            /* given to sources */
	int64_t heartbeat_us; /* 0: 1 s; a peer is gone after five without a word */
	uint64_t most_tasks;  /* open tasks; PUT is refused above; 0: 100,000 */
	uint64_t most_bytes;  /* of parts of open tasks; 0: 4 GiB */
};

int rf_core_new(const struct rf_core_options *options, struct rf_core **core, struct rf_error *error);
void rf_core_free(struct rf_core *core);

/* A message came from a peer; it is consumed. A wrong message is answered with ERROR, not an error here: < 0 is a fault
 * of the store. */
int rf_core_receive(struct rf_core *core, rf_peer peer, struct rf_message *message, struct rf_error *error);

/* Time passed: leases, heartbeats, durable timers. *next_us: monotonic time by which it is to be called again. */
int rf_core_tick(struct rf_core *core, int64_t *next_us, struct rf_error *error);

/* Ends the round: hands out work against credit, commits, and calls send for each message, in order per peer. The
 * message is the callee's. */
typedef void (*rf_core_send)(void *context, rf_peer peer, struct rf_message *message);
int rf_core_flush(struct rf_core *core, rf_core_send send, void *context, struct rf_error *error);

/* The peer can't be reached: what it had and had not started goes back uncharged. */
void rf_core_lost(struct rf_core *core, rf_peer peer);

#endif
