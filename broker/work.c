/* Handing out: ready tasks against credit, in order; and START, by which a task is in somebody's hands. */
#include "base/datetime.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shared.h"
#include "base/text.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

struct rf_core_stage *rf_stage_named(struct rf_core *core, const char *name)
{
	for (size_t i = 0; name && i < core->n_stages; i++)
		if (strcmp(core->stages[i].definition->name, name) == 0)
			return &core->stages[i];
	return NULL;
}

void rf_stage_unknown(const struct rf_core *core, const char *name, struct rf_error *error)
{
	const char *names[RF_MOST_STAGES];
	for (size_t i = 0; i < core->n_stages; i++)
		names[i] = core->stages[i].definition->name;
	const char *nearest = name ? rf_text_nearest(name, names, core->n_stages) : NULL;
	if (nearest)
		rf_error_set(error, "there is no stage '%s'; did you mean '%s'?", name, nearest);
	else
		rf_error_set(error, "there is no stage '%s'; 'referat status' shows those there are", name ? name : "");
}

/* A stage that is no longer in the definition is known by its name. */
bool rf_stage_publishes(struct rf_core *core, const char *name)
{
	const struct rf_core_stage *stage = rf_stage_named(core, name);
	return stage ? stage->definition->kind == RF_STAGE_PUBLISH : rf_text_starts(name, "publish");
}

bool rf_stage_can_look_up(const struct rf_core_stage *stage)
{
	const struct rf_stage *definition = stage->definition;
	return definition->n_plugins > 0 && definition->plugins[0].info && definition->plugins[0].info->has_lookup;
}

void rf_stage_stir(struct rf_core_stage *stage)
{
	stage->n_ready = stage->next_ready = 0;
	stage->stirred = true;
}

bool rf_stage_may_have_ready(const struct rf_core_stage *stage)
{
	return stage->stirred || stage->next_ready < stage->n_ready;
}

void rf_stages_stir(struct rf_core *core)
{
	for (size_t i = 0; i < core->n_stages; i++)
		rf_stage_stir(&core->stages[i]);
}

static void append_ready(struct rf_core_stage *stage, uint64_t task, int32_t priority)
{
	if (stage->n_ready == stage->ready_capacity && stage->next_ready > stage->n_ready / 2) {
		stage->n_ready -= stage->next_ready;
		memmove(stage->ready, stage->ready + stage->next_ready, stage->n_ready * sizeof *stage->ready);
		stage->next_ready = 0;
	} else if (stage->n_ready == stage->ready_capacity) {
		stage->ready_capacity = stage->ready_capacity ? stage->ready_capacity * 2 : RF_READY_BATCH;
		stage->ready = rf_realloc_array(stage->ready, stage->ready_capacity, sizeof *stage->ready);
	}
	stage->ready[stage->n_ready++] = task;
	stage->last_priority = priority;
}

/* The newest has the largest id, so that within a priority it is the last. */
void rf_stage_expect(struct rf_core_stage *stage, uint64_t task, int32_t priority)
{
	if (stage->next_ready < stage->n_ready && priority > stage->last_priority) {
		rf_stage_stir(stage);
	} else if (stage->stirred || stage->n_ready - stage->next_ready == RF_READY_MOST) {
		stage->stirred = true;
	} else {
		append_ready(stage, task, priority);
	}
}

/* ---- ready tasks, in batches ------------------------------------------------------------------------------------- */

struct refill {
	struct rf_core *core;
	struct rf_core_stage *stage;
	size_t seen;
};

static int take_ready(void *context, const struct rf_task *task)
{
	struct refill *refill = context;
	struct rf_core_stage *stage = refill->stage;
	refill->seen++;
	if (!rf_lease_of(refill->core, task->id))
		append_ready(stage, task->id, task->priority);
	return stage->n_ready == RF_READY_BATCH;
}

/* Leased tasks are READY rows as well, so as many more are asked for. */
static int refill(struct rf_core *core, struct rf_core_stage *stage, struct rf_error *error)
{
	if (stage->next_ready < stage->n_ready || !stage->stirred)
		return 0;
	stage->n_ready = stage->next_ready = 0;
	struct refill refill = {.core = core, .stage = stage};
	struct rf_task_filter filter = {.states = 1U << RF_TASK_READY,
					.stage = stage->definition->name,
					.by_priority = true,
					.most = stage->n_leases + RF_READY_BATCH};
	if (rf_store_each_task(core->options.store, &filter, take_ready, &refill, error) < 0)
		return -1;
	stage->stirred = refill.seen == filter.most || stage->n_ready == RF_READY_BATCH;
	return 0;
}

/* ---- to whom ------------------------------------------------------------------------------------------------------
 */

static bool can_take(const struct rf_core_stage *stage, const struct rf_core_peer *peer)
{
	if (peer->stage != stage || peer->role != RF_ROLE_STAGE || peer->draining || peer->alone ||
	    peer->credit_tasks == 0)
		return false;
	return !stage->serial || stage->n_leases == peer->n_leases;
}

struct rf_core_peer *rf_work_peer(struct rf_core *core, const struct rf_core_stage *stage)
{
	struct rf_core_peer *chosen = NULL;
	for (struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		if (can_take(stage, peer) && (!chosen || peer->n_leases < chosen->n_leases))
			chosen = peer;
	return chosen;
}

/* A superseded revision may still be in hand at this stage: the next one waits, so that there is never more than one
 * act outside for a document and a stage. */
static bool is_in_hand(const struct rf_core *core, const struct rf_core_stage *stage, const char *document)
{
	if (core->n_superseded == 0)
		return false;
	for (const struct rf_lease *lease = core->leases; lease; lease = lease->hh.next)
		if (lease->superseded && lease->stage == stage && strcmp(lease->document, document) == 0)
			return true;
	return false;
}

/* ---- the item ------------------------------------------------------------------------------------------------------
 */

struct gathering {
	const struct rf_core_peer *peer;
	char **names;
	size_t n;
	uint64_t size;
};

static int gather_name(void *context, const struct rf_part *part)
{
	struct gathering *gathering = context;
	if (!rf_peer_needs(gathering->peer, part->name))
		return 0;
	gathering->names = rf_realloc_array(gathering->names, gathering->n + 1, sizeof *gathering->names);
	gathering->names[gathering->n++] = rf_strdup(part->name);
	gathering->size += part->size;
	return 0;
}

static void gathering_deinit(struct gathering *gathering)
{
	for (size_t i = 0; i < gathering->n; i++)
		free(gathering->names[i]);
	free(gathering->names);
}

static void add_attribute(Referat__Wire__Item *item, const char *name, const char *value)
{
	Referat__Wire__Attribute *attribute = rf_alloc(sizeof *attribute);
	referat__wire__attribute__init(attribute);
	attribute->name = rf_strdup(name);
	attribute->value = rf_strdup(value);
	RF_WIRE_ADD(item->attributes, item->n_attributes, attribute);
}

static int copy_attribute(void *context, const char *name, const char *value)
{
	add_attribute(context, name, value);
	return 0;
}

static void add_instant(Referat__Wire__Item *item, const char *name, int64_t instant_us)
{
	char text[RF_INSTANT_SIZE];
	rf_instant_format(instant_us, text);
	add_attribute(item, name, text);
}

/* What every stage may want to know of the revision beside its parts: attributes `received` (the first revision) and
 * `updated` (this one) are instants. */
static int add_revision(struct rf_core *core, const struct rf_owned_task *task, Referat__Wire__Item *item,
			struct rf_error *error)
{
	struct rf_revision revision;
	int status = rf_store_get_revision(core->options.store, task->document, task->row.revision, &revision, error);
	if (status != 0)
		return status < 0 ? -1
				  : rf_error_set(error, "revision %u of %s is not in the store", task->row.revision,
						 task->document);
	item->has_major = item->has_quiet = true;
	item->major = revision.major;
	item->quiet = revision.quiet;
	item->source_key = rf_strdup(revision.source_key);
	add_instant(item, "updated", revision.received_us);
	if (revision.number > 1)
		status = rf_store_get_revision(core->options.store, task->document, 1, &revision, error);
	if (status == 0)
		add_instant(item, "received", revision.received_us);
	return status < 0 ? -1 : 0;
}

/* A document goes to each stage: its bytes are sent from where they lie. */
static struct rf_frame share(struct rf_shared *bytes)
{
	return (struct rf_frame){
	    .data = bytes->data, .size = bytes->size, .release = rf_shared_drop, .owner = rf_shared_hold(bytes)};
}

static int add_part(struct rf_core *core, const struct rf_owned_task *task, const char *name, struct rf_message *work,
		    struct rf_error *error)
{
	struct rf_part part;
	int status = rf_store_get_part(core->options.store, task->document, task->row.revision, name, &part, error);
	if (status != 0)
		return status < 0 ? -1 : 0;
	Referat__Wire__Part *wire = rf_alloc(sizeof *wire);
	referat__wire__part__init(wire);
	wire->name = rf_strdup(name);
	wire->type = rf_strdup(part.type);
	wire->has_sha256 = wire->has_size = true;
	wire->sha256 = (ProtobufCBinaryData){RF_DIGEST_SIZE, rf_memdup(part.digest.bytes, RF_DIGEST_SIZE)};
	wire->size = part.size;
	wire->blob = rf_strdup(part.blob);
	Referat__Wire__Item *item = work->header->items[0];
	RF_WIRE_ADD(item->parts, item->n_parts, wire);
	if (!part.blob)
		rf_message_add_frame(work, part.shared ? share(part.shared) : rf_frame_copy(part.data, part.size));
	return 0;
}

/* Everything of the item but its token. */
static int load_work(struct rf_core *core, const struct rf_owned_task *task, const struct gathering *gathering,
		     struct rf_message *work, struct rf_error *error)
{
	Referat__Wire__Item *item = rf_message_add_item(work);
	item->document = rf_strdup(task->document);
	item->has_revision = item->has_attempt = true;
	item->revision = task->row.revision;
	item->attempt = task->row.attempts + 1;
	item->has_alone = item->alone = task->row.crashes > 0;
	for (size_t i = 0; i < gathering->n; i++)
		if (add_part(core, task, gathering->names[i], work, error) < 0)
			return -1;
	if (add_revision(core, task, item, error) < 0)
		return -1;
	return rf_store_each_attribute(core->options.store, task->document, task->row.revision, copy_attribute, item,
				       error);
}

int rf_work_load(struct rf_core *core, const struct rf_core_peer *peer, const struct rf_owned_task *task,
		 struct rf_message *work, struct rf_error *error)
{
	__attribute__((cleanup(gathering_deinit))) struct gathering gathering = {.peer = peer};
	if (rf_store_each_part(core->options.store, task->document, task->row.revision, gather_name, &gathering,
			       error) < 0)
		return -1;
	return load_work(core, task, &gathering, work, error);
}

/* ---- handing out ---------------------------------------------------------------------------------------------------
 */

enum { HANDED = 0, STAGE_WAITS = 1 };

/* What waits in the hands of a stage is done in the order in which it was sent. So bulk work is sent sparingly: a fresh
 * document waits for one or two of them, not for as many as there is credit for. */
enum { MOST_BULK_LEASES = 2 };

static void lease_to(struct rf_core *core, struct rf_core_peer *peer, const struct rf_owned_task *task, uint64_t size,
		     struct rf_message *work)
{
	struct rf_core_stage *stage = peer->stage;
	struct rf_token token = {task->row.id, ++core->last_lease, core->epoch};
	struct rf_lease *lease = rf_lease_add(core, stage, token, task->document, task->row.revision);
	lease->alone = task->row.crashes > 0;
	rf_lease_give(lease, peer);
	peer->credit_tasks--;
	peer->credit_bytes -= (int64_t)size;
	if (stage->breaker && stage->breaker->open) {
		stage->breaker->probing = true;
		stage->breaker->probe = token.task;
	}
	work->header->items[0]->token = rf_token_wire(token);
	rf_outbox_append(core, peer, work);
}

/* Its bytes no longer are what they were: nothing else can be done with it, and the others go on. */
static int bury_damaged(struct rf_core *core, struct rf_owned_task *task, const char *reason, struct rf_error *error)
{
	rf_log(RF_LOG_ERROR, task->document, "%s: %s", task->stage, reason);
	if (rf_task_move(core, task, RF_TASK_DEAD, "damaged", reason, error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "dead", reason, error);
}

/* Why a person wants it to stop before it goes on; NULL: nobody does. */
static const char *find_stop(const struct rf_message *work)
{
	const Referat__Wire__Item *item = work->header->items[0];
	for (size_t i = 0; i < item->n_attributes; i++)
		if (strcmp(item->attributes[i]->name, RF_ATTRIBUTE_STOPPED) == 0 && *item->attributes[i]->value)
			return item->attributes[i]->value;
	return NULL;
}

static int stop(struct rf_core *core, struct rf_owned_task *task, const char *why, struct rf_error *error)
{
	if (rf_task_move(core, task, RF_TASK_HELD, RF_CODE_STOPPED, why, error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "held", why, error);
}

static int offer(struct rf_core *core, struct rf_core_peer *peer, struct rf_owned_task *task, struct rf_error *error)
{
	__attribute__((cleanup(gathering_deinit))) struct gathering gathering = {.peer = peer};
	if (rf_store_take_up(core->options.store, task->document, task->row.revision, error) < 0 ||
	    rf_store_each_part(core->options.store, task->document, task->row.revision, gather_name, &gathering,
			       error) < 0)
		return -1;
	/* A document larger than any credit goes to who has nothing else. */
	if ((int64_t)gathering.size > peer->credit_bytes && peer->n_leases > 0)
		return STAGE_WAITS;
	struct rf_message work = rf_message_make(RF_VERB_WORK);
	struct rf_error reason = {""};
	if (load_work(core, task, &gathering, &work, &reason) < 0) {
		rf_message_deinit(&work);
		return bury_damaged(core, task, reason.text, error);
	}
	const char *why = find_stop(&work);
	if (why) {
		int status = stop(core, task, why, error);
		rf_message_deinit(&work);
		return status < 0 ? -1 : HANDED;
	}
	lease_to(core, peer, task, gathering.size, &work);
	return HANDED;
}

static int hand_out_one(struct rf_core *core, struct rf_core_stage *stage, struct rf_error *error)
{
	struct rf_core_peer *peer = rf_work_peer(core, stage);
	if (!peer)
		return STAGE_WAITS;
	if (refill(core, stage, error) < 0)
		return -1;
	if (stage->next_ready == stage->n_ready)
		return STAGE_WAITS;
	rf_autotask struct rf_owned_task task = {0};
	int status = rf_task_load(core, stage->ready[stage->next_ready], &task, error);
	if (status < 0)
		return -1;
	/* It may have been superseded since it was read, or be in the hands of a stage that came back with it. */
	if (status == RF_STORE_NONE || task.row.state != RF_TASK_READY || rf_lease_of(core, task.row.id) ||
	    is_in_hand(core, stage, task.document)) {
		stage->next_ready++;
		return HANDED;
	}
	if (task.row.crashes > 0 && peer->n_leases > 0)
		return STAGE_WAITS;
	if (task.row.priority < RF_LANE_USUAL && peer->n_leases >= MOST_BULK_LEASES)
		return STAGE_WAITS;
	status = offer(core, peer, &task, error);
	if (status == 0)
		stage->next_ready++;
	return status;
}

/* Documents are read in the order in which they came, also after a fault: the second one about a meeting is judged by
 * the first (subjects.c). So nothing is read past one that is withheld. */
static bool keeps_order(const struct rf_core_stage *stage)
{
	return stage->definition->kind == RF_STAGE_INGEST && stage->n_orphans > 0;
}

struct batch {
	const struct rf_core *core;
	bool unread;
};

static int note_unread(void *context, const struct rf_count *count)
{
	struct batch *batch = context;
	const struct rf_stage *stage = rf_pipeline_stage(batch->core->options.pipeline, count->stage);
	batch->unread |= stage && stage->kind == RF_STAGE_INGEST && count->state == RF_TASK_READY;
	return batch->unread;
}

/* A run with --once takes what the sources have as one batch: nobody is told of a version before all that lies beside
 * it has been read, for that may correct it. */
static int read_batch(struct rf_core *core, struct rf_error *error)
{
	if (!core->options.once || core->batch_read || !rf_peers_caught_up(core))
		return 0;
	struct batch batch = {.core = core};
	if (rf_store_each_count(core->options.store, note_unread, &batch, error) < 0)
		return -1;
	core->batch_read = !batch.unread;
	return 0;
}

static bool waits_for_batch(const struct rf_core *core, const struct rf_core_stage *stage)
{
	return core->options.once && !core->batch_read && stage->definition->kind == RF_STAGE_NOTIFY;
}

int rf_work_hand_out(struct rf_core *core, struct rf_error *error)
{
	if (core->draining)
		return 0;
	if (read_batch(core, error) < 0)
		return -1;
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_core_stage *stage = &core->stages[i];
		bool withheld;
		int status = rf_freeze_withholds(core, stage, &withheld, error);
		while (!withheld && status == HANDED && !stage->paused_us && !keeps_order(stage) &&
		       !waits_for_batch(core, stage) && rf_breaker_lets_through(core, stage))
			status = hand_out_one(core, stage, error);
		if (status < 0)
			return -1;
	}
	rf_looks_hand_out(core);
	return 0;
}

/* ---- START ---------------------------------------------------------------------------------------------------------
 */

int rf_work_start(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
		  struct rf_error *error)
{
	if (rf_look_is(item->token))
		return 0;
	struct rf_lease *lease = rf_lease_find(core, peer, item->token);
	if (!lease || lease->superseded) {
		if (lease)
			rf_lease_end(core, lease);
		rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__STALE, NULL, NULL);
		return 0;
	}
	rf_lease_start(core, lease);
	return item->n_effects ? rf_effect_start(core, lease, item, error) : 0;
}
