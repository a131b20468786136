/* A round: what was received is carried out in one transaction, and what is to be said is said after its commit. */
#include "broker/core.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/log.h"
#include "broker/blobs.h"
#include "broker/journal.h"
#include "broker/state.h"

#include <referat/plugin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { MOST_OPEN_TASKS = 100000, LEAST_FREE = 64 * 1024 * 1024 };

/* ---- start ---------------------------------------------------------------------------------------------------------
 */

static void set_defaults(struct rf_core *core)
{
	if (!core->options.heartbeat_us)
		core->options.heartbeat_us = RF_SECOND;
	if (!core->options.most_tasks)
		core->options.most_tasks = MOST_OPEN_TASKS;
	if (!core->options.least_free)
		core->options.least_free = LEAST_FREE;
	core->random = core->options.seed;
	if (!core->random && getrandom(&core->random, sizeof core->random, 0) < 0)
		core->random = 0;
	if (!core->random)
		core->random = 1;
	core->now_us = rf_clock_monotonic(core->options.clock);
	core->monotonic_at_start_us = core->now_us;
	core->wall_at_start_us = rf_clock_wall(core->options.clock);
}

static bool is_serial(const struct rf_stage *stage)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (stage->plugins[i].info && stage->plugins[i].info->capabilities & REFERAT_SERIAL)
			return true;
	return false;
}

static void make_stages(struct rf_core *core)
{
	const struct rf_pipeline *pipeline = core->options.pipeline;
	core->n_stages = pipeline->n_stages;
	core->stages = rf_alloc(core->n_stages * sizeof *core->stages);
	for (size_t i = 0; i < core->n_stages; i++) {
		core->stages[i].definition = &pipeline->stages[i];
		core->stages[i].index = i;
		core->stages[i].serial = is_serial(&pipeline->stages[i]);
		core->stages[i].stirred = true;
	}
}

/* The machine went down with what was in hand: a document may have been the cause, so each is charged, and runs alone.
 */
static int charge_boot(struct rf_core *core, struct rf_error *error)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next)
		if (rf_crash_charge(core, lease, RF_CHARGE_CRASH, "boot", "the machine went down while it was in hand",
				    error) < 0)
			return -1;
	return 0;
}

/* What the stages run with, as the registry found it; the same words have the same number from one start to the next.
 */
static int name_toolsets(struct rf_core *core, struct rf_error *error)
{
	for (size_t i = 0; i < core->n_stages; i++) {
		const struct rf_stage *stage = core->stages[i].definition;
		rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
		for (size_t j = 0; j < stage->n_plugins; j++) {
			const struct rf_plugin_info *info = stage->plugins[j].info;
			rf_buffer_format(&text, "%s%s %s", j ? ", " : "", stage->plugins[j].name,
					 info && info->version ? info->version : "?");
		}
		if (text.size > 0 &&
		    rf_store_need_toolset(core->options.store, text.data, &core->stages[i].toolset, error) < 0)
			return -1;
	}
	return 0;
}

/* A new epoch, durable before any token of it is given. */
static int start_epoch(struct rf_core *core, bool rebooted, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	if (rf_store_begin(store, RF_DURABLE, error) < 0)
		return -1;
	int64_t epoch = 0;
	if (rf_store_get_setting(store, "epoch", &epoch, error) < 0 ||
	    rf_store_set_setting(store, "epoch", epoch + 1, error) < 0)
		return -1;
	core->epoch = (uint32_t)(epoch + 1);
	if (name_toolsets(core, error) < 0 || rf_pauses_load(core, error) < 0 || rf_timers_set_right(core, error) < 0 ||
	    rf_leases_restore(core, error) < 0 || (rebooted && charge_boot(core, error) < 0))
		return -1;
	if (rf_store_commit(store, error) < 0 || rf_journal_write(core->journal, error) < 0)
		return -1;
	rf_fault_point("after-start");
	return 0;
}

static int start(struct rf_core *core, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(core->options.state, "started");
	int status = rf_journal_open(path, core->options.boot_id, &core->journal, error);
	if (status < 0)
		return -1;
	if (rf_blobs_open(core->options.blobs, RF_WIRE_MOST_BLOB, &core->blobs, error) < 0)
		return -1;
	if (rf_snapshots_open(core, error) < 0 || rf_erase_resume(core, error) < 0 || rf_freeze_load(core, error) < 0)
		return -1;
	return start_epoch(core, status == RF_JOURNAL_REBOOTED, error);
}

int rf_core_new(const struct rf_core_options *options, struct rf_core **core, struct rf_error *error)
{
	struct rf_core *started = rf_alloc(sizeof *started);
	started->options = *options;
	started->sweep = rf_sweep_new();
	set_defaults(started);
	make_stages(started);
	started->passings = rf_passings_new();
	if (start(started, error) < 0) {
		rf_core_free(started);
		return -1;
	}
	*core = started;
	return 0;
}

static void free_breakers(struct rf_core *core)
{
	struct rf_breaker *breaker, *next;
	HASH_ITER (hh, core->breakers, breaker, next) {
		HASH_DEL(core->breakers, breaker); /* NOLINT(clang-analyzer-unix.Malloc): as in peers.c */
		free(breaker->why);
		free(breaker->name);
		free(breaker);
	}
}

static void free_leases(struct rf_core *core)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next)
		rf_lease_end(core, lease);
}

void rf_core_free(struct rf_core *core)
{
	if (!core)
		return;
	rf_store_rollback(core->options.store);
	free_leases(core);
	struct rf_core_peer *peer, *next;
	HASH_ITER (hh, core->peers, peer, next)
		rf_peer_drop(core, peer);
	free_breakers(core);
	struct rf_unsent *unsent, *later;
	HASH_ITER (hh, core->unsent, unsent, later)
		rf_unsent_forget(core, unsent);
	rf_looks_deinit(core);
	rf_erase_deinit(core);
	rf_sweep_free(core->sweep);
	rf_snapshots_close(core);
	for (size_t i = 0; i < core->n_inbox; i++)
		rf_message_deinit(&core->inbox[i].message);
	free(core->inbox);
	rf_outbox_deinit(&core->outbox);
	rf_journal_close(core->journal); /* without a last write: it keeps what is in hand */
	rf_blobs_close(core->blobs);
	rf_passings_free(core->passings);
	free(core->asked_to);
	for (size_t i = 0; i < core->n_stages; i++)
		free(core->stages[i].ready);
	free(core->stages);
	free(core);
}

/* ---- what comes in --------------------------------------------------------------------------------------------------
 */

void rf_core_receive(struct rf_core *core, rf_peer peer, struct rf_message *message)
{
	if (core->n_inbox == core->inbox_capacity) {
		core->inbox_capacity = core->inbox_capacity ? core->inbox_capacity * 2 : 64;
		core->inbox = rf_realloc_array(core->inbox, core->inbox_capacity, sizeof *core->inbox);
	}
	core->inbox[core->n_inbox].peer = peer;
	core->inbox[core->n_inbox++].message = *message;
	*message = (struct rf_message){0};
}

void rf_core_reject(struct rf_core *core, rf_peer peer, const char *code, const char *reason)
{
	rf_peer_refuse(core, rf_peer_meet(core, peer), code, reason);
}

void rf_core_lost(struct rf_core *core, rf_peer number)
{
	struct rf_core_peer *peer = rf_peer_find(core, number);
	if (peer)
		rf_peer_drop(core, peer);
}

static int take_item(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb,
		     const Referat__Wire__Item *item, struct rf_cursor *cursor, struct rf_error *error)
{
	struct rf_lease *lease;
	switch (verb) {
	case RF_VERB_PUT:
		return rf_intake_put(core, peer, item, cursor, error);
	case RF_VERB_START:
		return rf_work_start(core, peer, item, error);
	case RF_VERB_EXTEND:
		lease = rf_lease_find(core, peer, item->token);
		if (lease && lease->started)
			lease->deadline_us = core->now_us + rf_lease_time(core, lease->stage);
		return 0;
	default:
		return rf_outcome_take(core, peer, verb, item, cursor, error);
	}
}

static int take_items(struct rf_core *core, struct rf_core_peer *peer, const struct rf_message *message,
		      struct rf_error *error)
{
	struct rf_cursor cursor = {.message = message};
	for (size_t i = 0; i < message->header->n_items; i++)
		if (take_item(core, peer, message->verb, message->header->items[i], &cursor, error) < 0)
			return -1;
	return 0;
}

static void take_bye(struct rf_core *core, struct rf_core_peer *peer)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next)
		if (lease->peer == peer)
			rf_lease_end(core, lease);
	rf_peer_drop(core, peer);
}

static int take_from_stage(struct rf_core *core, struct rf_core_peer *peer, const struct rf_message *message,
			   struct rf_error *error)
{
	switch (message->verb) {
	case RF_VERB_CREDIT:
		rf_peer_credit(peer, message->header->credit);
		return 0;
	case RF_VERB_BLOB_BEGIN:
	case RF_VERB_BLOB_CHUNK:
	case RF_VERB_BLOB_END:
	case RF_VERB_BLOB_READ:
		rf_transfer_take(core, peer, message);
		return 0;
	case RF_VERB_DRAIN:
		peer->draining = true;
		return 0;
	case RF_VERB_BYE:
		take_bye(core, peer);
		return 0;
	case RF_VERB_START:
	case RF_VERB_RESULT:
	case RF_VERB_EXTEND:
	case RF_VERB_DONE:
	case RF_VERB_RETRY:
	case RF_VERB_FAIL:
	case RF_VERB_HOLD:
	case RF_VERB_PUT:
		return take_items(core, peer, message, error);
	default:
		rf_peer_refuse(core, peer, "malformed", "a stage does not send this verb");
		return 0;
	}
}

/* What the command line says as a source does. */
static bool is_submission(enum rf_verb verb)
{
	return verb == RF_VERB_PUT || verb == RF_VERB_BLOB_BEGIN || verb == RF_VERB_BLOB_CHUNK ||
	       verb == RF_VERB_BLOB_END;
}

static int take(struct rf_core *core, rf_peer number, const struct rf_message *message, struct rf_error *error)
{
	struct rf_core_peer *peer = rf_peer_meet(core, number);
	if (message->verb == RF_VERB_HELLO)
		return rf_peer_hello(core, peer, message->header->hello, error);
	if (peer->role == RF_ROLE_NONE) {
		rf_peer_refuse(core, peer, "hello-first", "say HELLO first, with the tokens that you hold");
		return 0;
	}
	if (message->verb == RF_VERB_PING) {
		peer->caught_up |= message->header->caught_up;
		rf_outbox_header(core, peer, RF_VERB_PONG);
		return 0;
	}
	if (peer->role == RF_ROLE_STAGE)
		return take_from_stage(core, peer, message, error);
	if (message->verb == RF_VERB_OBITUARY)
		return rf_crash_obituary(core, peer, message->header, error);
	if (peer->role == RF_ROLE_CONTROL && is_submission(message->verb))
		return take_from_stage(core, peer, message, error);
	if (message->verb == RF_VERB_CONTROL && message->header->control)
		return rf_control_answer(core, peer, message->header->control, error);
	if (message->verb == RF_VERB_BYE)
		rf_peer_drop(core, peer);
	else
		rf_peer_refuse(core, peer, "malformed",
			       "who is no stage sends OBITUARY, CONTROL, PING, BYE, and to submit PUT");
	return 0;
}

/* ---- rounds ---------------------------------------------------------------------------------------------------------
 */

static bool can_lookup(const struct rf_core *core, rf_peer number)
{
	const struct rf_core_peer *peer;
	HASH_FIND(hh, core->peers, &number, sizeof number, peer);
	return peer && peer->stage && rf_stage_can_look_up(peer->stage);
}

static bool has_effects(const struct rf_message *message)
{
	for (size_t i = 0; i < message->header->n_items; i++)
		if (message->header->items[i]->n_effects > 0)
			return true;
	return false;
}

/* A yes, an intent, a result that nobody could look up, and what an operator decides are on the disk before they are
 * answered. For all else the input is still there when power goes. */
static bool is_promise(const struct rf_core *core, rf_peer peer, const struct rf_message *message)
{
	switch (message->verb) {
	case RF_VERB_PUT:
		return true;
	case RF_VERB_START:
		return has_effects(message);
	case RF_VERB_RESULT:
	case RF_VERB_DONE:
	case RF_VERB_RETRY:
	case RF_VERB_FAIL:
	case RF_VERB_HOLD:
		return has_effects(message) && !can_lookup(core, peer);
	case RF_VERB_CONTROL:
		return message->header->control && rf_control_acts(message->header->control);
	default:
		return false;
	}
}

static enum rf_durability durability(const struct rf_core *core)
{
	for (size_t i = 0; i < core->n_inbox; i++)
		if (is_promise(core, core->inbox[i].peer, &core->inbox[i].message))
			return RF_DURABLE;
	return RF_RELAXED;
}

static int carry_out(struct rf_core *core, struct rf_error *error)
{
	for (size_t i = 0; i < core->n_inbox; i++)
		if (take(core, core->inbox[i].peer, &core->inbox[i].message, error) < 0)
			return -1;
	if (rf_intake_count(core, error) < 0)
		return -1;
	if (core->ticked) {
		rf_peers_expire(core);
		if (rf_leases_expire(core, error) < 0 || rf_sweep_run(core, error) < 0)
			return -1;
	}
	if (rf_timers_run(core, error) < 0 || rf_reconcile_go_on(core, error) < 0)
		return -1;
	return rf_work_hand_out(core, error);
}

static void empty_inbox(struct rf_core *core)
{
	for (size_t i = 0; i < core->n_inbox; i++)
		rf_message_deinit(&core->inbox[i].message);
	core->n_inbox = 0;
}

static void empty_outbox(struct rf_core *core, rf_core_send send, void *context)
{
	for (size_t i = 0; i < core->outbox.n; i++)
		send(context, core->outbox.messages[i].peer, &core->outbox.messages[i].message);
	core->outbox.n = 0;
	for (struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		peer->last_message = 0;
}

static int commit(struct rf_core *core, struct rf_error *error)
{
	if (core->wrote)
		rf_fault_point("before-commit");
	if (rf_store_commit(core->options.store, error) < 0)
		return -1;
	if (core->wrote)
		rf_fault_point("after-commit");
	return 0;
}

int rf_core_flush(struct rf_core *core, rf_core_send send, void *context, struct rf_error *error)
{
	core->now_us = rf_clock_monotonic(core->options.clock);
	enum rf_durability promised = durability(core);
	core->wrote = core->open_counted = false;
	if (rf_store_begin(core->options.store, promised, error) < 0 || carry_out(core, error) < 0 ||
	    commit(core, error) < 0 || rf_journal_write(core->journal, error) < 0)
		return -1;
	rf_erase_finish(core, send, context);
	core->n_durable += promised == RF_DURABLE;
	core->n_relaxed += promised == RF_RELAXED && core->wrote;
	if (promised == RF_DURABLE && !rf_store_waits(core->options.store))
		core->unsynced_us = 0;
	else if (core->wrote && !core->unsynced_us)
		core->unsynced_us = core->now_us;
	core->ticked = false;
	empty_inbox(core);
	empty_outbox(core, send, context);
	if (core->wrote)
		rf_fault_point("after-reply");
	return 0;
}

int rf_core_tick(struct rf_core *core, int64_t *next_us, struct rf_error *error)
{
	core->now_us = rf_clock_monotonic(core->options.clock);
	core->ticked = true;
	if (core->unsynced_us && core->now_us - core->unsynced_us >= RF_SECOND) {
		if (rf_store_sync(core->options.store, error) < 0 || rf_journal_sync(core->journal, error) < 0)
			return -1;
		core->n_syncs++;
		core->unsynced_us = 0;
	}
	rf_snapshots_go_on(core);
	*next_us = rf_snapshots_busy(core) ? core->now_us : rf_timers_next(core);
	return 0;
}

/* ---- end ------------------------------------------------------------------------------------------------------------
 */

void rf_core_drain(struct rf_core *core)
{
	core->draining = true;
	for (struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		if (peer->role == RF_ROLE_STAGE && !peer->draining)
			rf_outbox_header(core, peer, RF_VERB_DRAIN);
}

bool rf_core_is_idle(const struct rf_core *core)
{
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		if (peer->role == RF_ROLE_STAGE)
			return false;
	return true;
}
