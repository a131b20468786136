/* A broker core with a store in a temporary folder, a clock that the test sets, and peers that the test plays. */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include "broker/core.h"

enum { RIG_STAGES = 5, RIG_MOST = 4096 };

/* Stages of the rig's pipeline, and peers that speak for them. */
enum { INGEST = 0, VALIDATE = 1, RENDER = 2, PUBLISH = 3, NOTIFY = 4, OPERATOR = 90, SUPERVISOR = 91 };

extern const char *const rig_names[RIG_STAGES];

struct rig_token {
	uint64_t task;
	uint32_t lease, epoch;
};

struct rig {
	char *folder;
	struct rf_clock clock;
	struct rf_stage stages[RIG_STAGES];
	size_t from[RIG_STAGES];
	struct rf_plugin_info info;
	struct rf_plugin_use use;
	struct rf_pipeline pipeline;
	struct rf_core_options options;
	struct rf_language *language;
	struct rf_store *store;
	struct rf_core *core;
	struct {
		rf_peer peer;
		struct rf_message message;
		bool taken;
		size_t next_item; /* of WORK, whose items are taken one by one */
	} sent[RIG_MOST];
	size_t n_sent;
	uint64_t ref;
};

/* ---- set-up ------------------------------------------------------------------------------------------------------ */

void rig_start_core(struct rig *rig);
void rig_forget_sent(struct rig *rig);

/* A new core over the same store, as when a broker that lost nothing is followed by another. */
void rig_restart(struct rig *rig);
/* A new core over what lies in the files now, as after a kill of the broker: what waited in its memory is gone. */
void rig_kill(struct rig *rig);
int rig_setup(void **state);
int rig_setup_unstarted(void **state);
int rig_setup_in(void **state, const char *folder); /* unstarted; the empty folder goes with it */
int rig_teardown(void **state);

/* ---- rounds ------------------------------------------------------------------------------------------------------ */

void rig_flush(struct rig *rig);
void rig_pass(struct rig *rig, int64_t time_us);
void rig_receive(struct rig *rig, rf_peer peer, struct rf_message *message);

/* The first message of that verb to the peer that was not taken yet; NULL: none. */
struct rf_message *rig_take(struct rig *rig, rf_peer peer, enum rf_verb verb);

/* ---- messages ---------------------------------------------------------------------------------------------------- */

Referat__Wire__Token *rig_wire_token(struct rig_token token);
struct rf_message rig_hello_message(const char *role, const char *stage, const char *instance);
void rig_credit(struct rig *rig, rf_peer peer, uint32_t tasks);

/* A stage (peer n speaks for stage n mod 10) comes, with room for so many tasks. */
void rig_join(struct rig *rig, rf_peer peer, uint32_t tasks);

/* A stage comes back with tokens, over another connection. */
void rig_return(struct rig *rig, rf_peer former, rf_peer peer, const struct rig_token *held, size_t n_held);
void rig_join_all(struct rig *rig);
struct rf_message rig_answer(enum rf_verb verb, struct rig_token token);
void rig_add_attribute(struct rf_message *message, const char *name, const char *value);
Referat__Wire__Effect *rig_add_effect(struct rf_message *message, const char *key, const char *digest);
void rig_add_reason(struct rf_message *message, const char *code, const char *text);
void rig_add_part(struct rf_message *message, const char *name, const char *bytes);

/* ---- conversations ----------------------------------------------------------------------------------------------- */

/* What was said about the answer; the item belongs to the rig. */
const Referat__Wire__Item *rig_ack(struct rig *rig, rf_peer peer);
Referat__Wire__Outcome rig_say(struct rig *rig, rf_peer peer, struct rf_message *message);
const Referat__Wire__Item *rig_put_item(struct rig *rig, const char *key, const char *bytes);

/* Puts a document and returns its id, which belongs to the rig. */
const char *rig_put(struct rig *rig, const char *key, const char *bytes);

/* The next task that the peer was handed; NULL: none. The item is good until the next restart. */
const Referat__Wire__Item *rig_work(struct rig *rig, rf_peer peer);
struct rig_token rig_token_of(const Referat__Wire__Item *item);

/* Takes the peer's next task in hand. */
struct rig_token rig_begin(struct rig *rig, rf_peer peer);
Referat__Wire__Outcome rig_done(struct rig *rig, rf_peer peer, struct rig_token token);

/* The peer's next task, begun and done. */
void rig_run(struct rig *rig, rf_peer peer);

/* START of an effect: the verb that it was answered with. *answer: its effect. */
enum rf_verb rig_intend(struct rig *rig, rf_peer peer, struct rig_token token, const char *key, const char *digest,
			bool looked_up, const Referat__Wire__Effect **answer);
Referat__Wire__Outcome rig_done_effect(struct rig *rig, rf_peer peer, struct rig_token token, const char *key,
				       const char *digest, const char *remote_id);
void rig_obituary(struct rig *rig, rf_peer dead, int signal_number);

/* Asks as the command line does. The answer (JSON) belongs to the rig. */
const char *rig_ask(struct rig *rig, const char *command, const char *json, int *status);
/* The same in two steps, for what is answered later. NULL: there is no answer yet. */
void rig_question(struct rig *rig, const char *command, const char *json);
const char *rig_reply(struct rig *rig, int *status);

/* ---- the store --------------------------------------------------------------------------------------------------- */

struct rig_task {
	enum rf_task_state state; /* 0: there is none */
	uint32_t attempts, failures, crashes, kills, timeouts;
	int64_t due_us;
	char code[64];
	char reason[1024];
};

struct rig_task rig_task(struct rig *rig, const char *document, uint32_t revision, int stage);

#endif
