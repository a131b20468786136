/* Who has what in hand.
 *
 * A lease that its peer lost (connection gone, broker restarted) is an orphan: what was not started goes back at once;
 * what was started may still be going on, so it is withheld until its peer comes back with the token, its obituary
 * arrives, or a while has passed. */
#include "base/error.h"
#include "base/log.h"
#include "broker/journal.h"
#include "broker/state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)RF_INSTANCE_SIZE == (int)RF_JOURNAL_INSTANCE, "instances are journalled");

struct rf_lease *rf_lease_of(const struct rf_core *core, uint64_t task)
{
	struct rf_lease *lease;
	HASH_FIND(hh, core->leases, &task, sizeof task, lease);
	return lease;
}

static bool names(const Referat__Wire__Token *token, const struct rf_lease *lease)
{
	return lease->token.lease == token->lease && lease->token.epoch == token->epoch;
}

struct rf_lease *rf_lease_find(struct rf_core *core, const struct rf_core_peer *peer, const Referat__Wire__Token *token)
{
	struct rf_lease *lease = token ? rf_lease_of(core, token->task) : NULL;
	return lease && lease->peer == peer && names(token, lease) ? lease : NULL;
}

struct rf_lease *rf_lease_add(struct rf_core *core, struct rf_core_stage *stage, struct rf_token token,
			      const char *document, uint32_t revision)
{
	struct rf_lease *lease = rf_alloc(sizeof *lease);
	lease->token = token;
	lease->stage = stage;
	lease->document = rf_strdup(document);
	lease->revision = revision;
	HASH_ADD(hh, core->leases, token.task, sizeof lease->token.task, lease);
	stage->n_leases++;
	stage->n_orphans++;
	return lease;
}

void rf_lease_give(struct rf_lease *lease, struct rf_core_peer *peer)
{
	rf_lease_take(lease);
	lease->peer = peer;
	lease->pid = peer->pid;
	strcpy(lease->instance, peer->instance);
	peer->n_leases++;
	peer->alone |= lease->alone;
	lease->stage->n_orphans--;
}

void rf_lease_take(struct rf_lease *lease)
{
	if (!lease->peer)
		return;
	lease->peer->n_leases--;
	if (lease->alone)
		lease->peer->alone = false;
	lease->peer = NULL;
	lease->stage->n_orphans++;
}

int64_t rf_lease_time(const struct rf_core *core, const struct rf_core_stage *stage)
{
	return stage->definition->max_runtime_us + RF_SILENT_HEARTBEATS * core->options.heartbeat_us;
}

void rf_lease_start(struct rf_core *core, struct rf_lease *lease)
{
	lease->deadline_us = core->now_us + rf_lease_time(core, lease->stage);
	if (lease->started)
		return;
	lease->started = true;
	lease->started_us = core->now_us;
	lease->stage->n_started++;
	struct rf_journal_entry entry = {
	    .task = lease->token.task, .lease = lease->token.lease, .epoch = lease->token.epoch, .pid = lease->pid};
	strcpy(entry.instance, lease->instance);
	rf_journal_add(core->journal, &entry);
}

void rf_lease_close(struct rf_core *core, struct rf_lease *lease)
{
	struct rf_core_stage *stage = lease->stage;
	rf_lease_take(lease);
	stage->n_orphans--;
	stage->n_leases--;
	if (lease->started)
		stage->n_started--;
	if (lease->superseded)
		core->n_superseded--;
	rf_journal_remove(core->journal, lease->token.task);
	HASH_DEL(core->leases, lease);
	free(lease->document);
	free(lease);
}

void rf_lease_end(struct rf_core *core, struct rf_lease *lease)
{
	struct rf_core_stage *stage = lease->stage;
	rf_lease_close(core, lease);
	rf_stage_stir(stage);
}

void rf_lease_abandon(struct rf_core *core, struct rf_lease *lease)
{
	if (!lease->started) {
		rf_lease_end(core, lease);
		return;
	}
	rf_lease_take(lease);
	/* While it acts outside, only the end of its time is proof enough that it no longer does. */
	if (!lease->acting)
		lease->deadline_us = core->now_us + RF_SILENT_HEARTBEATS * core->options.heartbeat_us;
}

void rf_lease_revoke(struct rf_core *core, struct rf_core_peer *peer, struct rf_token token)
{
	rf_outbox_item(core, peer, RF_VERB_REVOKE)->token = rf_token_wire(token);
}

/* A token of a lease that this broker does not have: it was given before a restart, or before the peer was lost. The
 * task is still open and nobody else has it, so that the peer may as well finish it. */
static int adopt_unknown(struct rf_core *core, struct rf_core_peer *peer, struct rf_token token, bool *adopted,
			 struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	int status = rf_task_load(core, token.task, &task, error);
	*adopted = status == 0 && task.row.state == RF_TASK_READY &&
		   strcmp(task.stage, peer->stage->definition->name) == 0 && token.epoch > 0 &&
		   token.epoch <= core->epoch;
	if (*adopted) {
		struct rf_lease *lease = rf_lease_add(core, peer->stage, token, task.document, task.row.revision);
		lease->alone = task.row.crashes > 0;
		rf_lease_give(lease, peer);
	}
	return status < 0 ? -1 : 0;
}

int rf_lease_adopt(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Token *held,
		   struct rf_error *error)
{
	struct rf_token token = {held->task, held->lease, held->epoch};
	struct rf_lease *lease = rf_lease_of(core, token.task);
	bool adopted = false;
	if (!lease) {
		if (adopt_unknown(core, peer, token, &adopted, error) < 0)
			return -1;
	} else if (!lease->peer && names(held, lease) && strcmp(lease->instance, peer->instance) == 0) {
		rf_lease_give(lease, peer);
		lease->deadline_us = core->now_us + rf_lease_time(core, lease->stage);
		adopted = true;
	}
	if (!adopted)
		rf_lease_revoke(core, peer, token);
	return 0;
}

/* The last broker died over a task that was made in its memory alone, so nobody is charged with that. If the task is
 * the cause, it is in hand again at once: then it is written before. */
static const int64_t careful_us = 60 * RF_SECOND;

/* What was in hand when the last broker ended. Superseded ones count only where they may be acting outside. */
static int restore(struct rf_core *core, const struct rf_journal_entry *entry, bool *known, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	int status = rf_task_load(core, entry->task, &task, error);
	if (status == RF_STORE_NONE)
		core->careful_until_us = core->now_us + careful_us;
	struct rf_core_stage *stage = status == 0 ? rf_stage_named(core, task.stage) : NULL;
	bool superseded = status == 0 && task.row.state == RF_TASK_SUPERSEDED;
	*known = stage && (task.row.state == RF_TASK_READY || superseded);
	if (!*known)
		return status < 0 ? -1 : 0;
	struct rf_lease *lease = rf_lease_add(core, stage, (struct rf_token){entry->task, entry->lease, entry->epoch},
					      task.document, task.row.revision);
	strcpy(lease->instance, entry->instance);
	lease->pid = entry->pid;
	lease->started = true;
	lease->started_us = core->now_us;
	stage->n_started++;
	lease->alone = task.row.crashes > 0;
	lease->superseded = superseded;
	core->n_superseded += superseded;
	/* It may have had GO, and it may have had LOOKUP: nobody wrote that down. */
	lease->acting = lease->looking =
	    stage->definition->kind == RF_STAGE_PUBLISH || stage->definition->kind == RF_STAGE_NOTIFY;
	lease->deadline_us = core->now_us + RF_SILENT_HEARTBEATS * core->options.heartbeat_us;
	return 0;
}

int rf_leases_restore(struct rf_core *core, struct rf_error *error)
{
	const struct rf_journal_entry *entry = rf_journal_next(core->journal, NULL), *next;
	for (; entry; entry = next) {
		next = rf_journal_next(core->journal, entry);
		bool known;
		if (restore(core, entry, &known, error) < 0)
			return -1;
		if (!known)
			rf_journal_remove(core->journal, entry->task);
	}
	return 0;
}

int rf_leases_expire(struct rf_core *core, struct rf_error *error)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next) {
		if (!lease->started || core->now_us <= lease->deadline_us)
			continue;
		int status;
		if (lease->peer) {
			rf_lease_revoke(core, lease->peer, lease->token);
			status = rf_crash_charge(core, lease, RF_CHARGE_TIMEOUT, "timeout",
						 "no sign of progress within max_runtime", error);
		} else {
			status = rf_crash_charge(core, lease, RF_CHARGE_LOST, "lost",
						 "the process that had it in hand was not heard of again", error);
		}
		if (status < 0)
			return -1;
	}
	return 0;
}

void rf_leases_call_back(struct rf_core *core, const struct rf_core_stage *stage)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next) {
		if (lease->stage != stage || lease->started)
			continue;
		rf_lease_revoke(core, lease->peer, lease->token);
		rf_lease_end(core, lease);
	}
}

void rf_leases_supersede(struct rf_core *core, const char *document, const struct rf_span *span)
{
	struct rf_lease *lease, *next;
	HASH_ITER (hh, core->leases, lease, next) {
		if (lease->superseded || lease->revision < span->first || lease->revision > span->last ||
		    strcmp(lease->document, document) != 0)
			continue;
		if (lease->started) {
			lease->superseded = true;
			core->n_superseded++;
			continue;
		}
		rf_lease_revoke(core, lease->peer, lease->token);
		rf_lease_end(core, lease);
	}
}

void rf_leases_recall(struct rf_core *core, const char *document)
{
	rf_leases_supersede(core, document, &(struct rf_span){0, UINT32_MAX});
	for (struct rf_lease *lease = core->leases; lease; lease = lease->hh.next)
		if (lease->superseded && lease->peer && strcmp(lease->document, document) == 0)
			rf_lease_revoke(core, lease->peer, lease->token);
}
