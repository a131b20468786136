/* The broker without sockets: a state machine that takes messages of peers and gives messages to peers, over a store.
 *
 * Rounds: receive as many messages as there are, then flush. Flush carries the round out in one transaction (one group
 * commit) and releases what is to be sent only after it: nothing is promised to anybody before. The commit is durable
 * when the round holds a promise (a submission, the intent or result of an effect, an operator's action), else relaxed;
 * what is unsynced is synced within a second (rf_core_tick), and a task that is done, and nothing else, may wait in
 * memory as long (rf_store_let_wait).
 *
 * Peers are numbered by the caller (the routing id's number). Time comes from the clock given: durable timers from its
 * wall time, leases and heartbeats from its monotonic time. Single-threaded; never blocks but for the store.
 *
 * A fault of the store (< 0) is final: what is in memory no longer fits what is on disk. The caller ends the process;
 * a new one starts from the store. */
#ifndef RF_BROKER_CORE_H
#define RF_BROKER_CORE_H

#include "base/clock.h"
#include "config/pipeline.h"
#include "store/store.h"
#include "wire/message.h"

struct rf_core;
struct rf_language;

typedef uint64_t rf_peer;

struct rf_core_options {
	const struct rf_pipeline *pipeline; /* borrowed, as are the others */
	struct rf_store *store;
	const struct rf_clock *clock;
	const struct rf_language *language;          /* of what publishers read; NULL: the keys are shown */
	const struct rf_language *operator_language; /* of what operators are told by mail; NULL: the keys */
	const char *blobs;                           /* folder */
	const char *state;    /* folder of the pipeline; the journal of started tasks lies there */
	const char *boot_id;  /* of the machine: tells an unclean boot from a restart */
	bool once;            /* given to sources */
	int64_t heartbeat_us; /* 0: 1 s; a peer is gone after five without a word */
	uint64_t most_tasks;  /* open tasks; PUT is refused above; 0: 100,000 */
	uint64_t least_free;  /* bytes on the disk of the state folder; PUT is refused below; 0: 64 MiB */
	uint64_t seed;        /* of the jitter in back-off; 0: from the system */
};

int rf_core_new(const struct rf_core_options *options, struct rf_core **core, struct rf_error *error);
void rf_core_free(struct rf_core *core); /* NULL is fine; loses nothing: what counts is in the store */

/* A message came from a peer; it is consumed. It is carried out by the next flush. */
void rf_core_receive(struct rf_core *core, rf_peer peer, struct rf_message *message);

/* What came from a peer is not taken: it is told so once (ERROR with the code, "malformed" where it was no message) and
 * then ignored until it says HELLO; what it had counts as lost. */
void rf_core_reject(struct rf_core *core, rf_peer peer, const char *code, const char *reason);

/* The peer can't be reached: what it had and had not started goes back uncharged; for what it had started, its obituary
 * is awaited. */
void rf_core_lost(struct rf_core *core, rf_peer peer);

/* Time passed: durable timers, leases, heartbeats; they take effect with the next flush. Syncs the store when that is
 * due. *next_us: monotonic time by which it is to be called again. */
int rf_core_tick(struct rf_core *core, int64_t *next_us, struct rf_error *error);

/* Ends the round: carries out what was received, hands out work against credit, commits, and calls send for each
 * message, in order per peer. The message is the callee's; it may not call the core. */
typedef void (*rf_core_send)(void *context, rf_peer peer, struct rf_message *message);
int rf_core_flush(struct rf_core *core, rf_core_send send, void *context, struct rf_error *error);

/* Asks all stages to finish (DRAIN) and hands out nothing more; PUT is answered FULL. */
void rf_core_drain(struct rf_core *core);
/* Whether every stage has left, or has nothing in hand. */
bool rf_core_is_idle(const struct rf_core *core);

#endif
