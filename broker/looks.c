#include "broker/looks.h"

#include "base/error.h"
#include "broker/answers.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_IN_HAND = 2, MOST_SHOWN = 600 * 1024 };

/* In the place of a task's number in a token. */
static const uint64_t no_task = UINT64_MAX;

typedef struct json_object json;

/* ---- questions -----------------------------------------------------------------------------------------------------
 */

struct rf_inquiry *rf_inquiry_new(struct rf_core *core, json *answer)
{
	struct rf_inquiry *inquiry = rf_alloc(sizeof *inquiry);
	*inquiry = (struct rf_inquiry){.to = *core->asked, .answer = json_object_get(answer), .n_open = 1};
	inquiry->to.command = rf_strdup(core->asked->command);
	return inquiry;
}

static void free_inquiry(struct rf_inquiry *inquiry)
{
	free(inquiry->to.command);
	json_object_put(inquiry->answer);
	free(inquiry);
}

int rf_inquiry_read(struct rf_inquiry *inquiry)
{
	if (--inquiry->n_open > 0)
		return RF_ANSWERED_LATER;
	free_inquiry(inquiry);
	return 0;
}

bool rf_inquiry_has_room(struct rf_inquiry *inquiry, size_t size)
{
	if (size > MOST_SHOWN - inquiry->n_shown)
		return false;
	inquiry->n_shown += size;
	return true;
}

/* ---- from beginning to end ----------------------------------------------------------------------------------------
 */

struct rf_look *rf_look_add(struct rf_core *core, struct rf_inquiry *inquiry, const char *document, uint32_t revision,
			    struct rf_core_stage *stage, Referat__Wire__Effect *effect, struct rf_draft *draft)
{
	struct rf_look *look = rf_alloc(sizeof *look), **end = &core->looks;
	*look = (struct rf_look){.inquiry = inquiry,
				 .stage = stage,
				 .number = ++core->last_lease,
				 .document = rf_strdup(document),
				 .revision = revision,
				 .effect = effect,
				 .draft = draft};
	while (*end)
		end = &(*end)->next;
	*end = look;
	inquiry->n_open++;
	return look;
}

void rf_look_pass_on(struct rf_core *core, struct rf_look *look, struct rf_core_stage *stage)
{
	look->stage = stage;
	look->peer = NULL;
	look->number = ++core->last_lease;
}

static void free_look(struct rf_look *look)
{
	if (look->effect)
		rf_unpack_free(&look->effect->base);
	rf_draft_drop(look->draft);
	free(look->document);
	free(look);
}

static void remove_look(struct rf_core *core, struct rf_look *look)
{
	struct rf_look **at = &core->looks;
	while (*at != look)
		at = &(*at)->next;
	*at = look->next;
}

void rf_look_finish(struct rf_core *core, struct rf_look *look, const char *found, const char *reason)
{
	struct rf_inquiry *inquiry = look->inquiry;
	if (look->entry) {
		rf_json_text(look->entry, "found", found);
		rf_json_words(look->entry, "reason", reason);
	} else if (found) {
		rf_preview_fail(core, look, found, reason);
	}
	remove_look(core, look);
	free_look(look);
	if (--inquiry->n_open > 0)
		return;
	rf_control_reply(core, &inquiry->to, 0, inquiry->answer);
	free_inquiry(inquiry);
}

void rf_inquiry_drop(struct rf_core *core, struct rf_inquiry *inquiry)
{
	for (struct rf_look *look = core->looks, *next; look; look = next) {
		next = look->next;
		if (look->inquiry != inquiry)
			continue;
		remove_look(core, look);
		free_look(look);
	}
	free_inquiry(inquiry);
}

/* ---- sending and taking -------------------------------------------------------------------------------------------
 */

bool rf_stage_runs(const struct rf_core *core, const struct rf_core_stage *stage)
{
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		if (peer->stage == stage && peer->role == RF_ROLE_STAGE && !peer->draining)
			return true;
	return false;
}

bool rf_look_is(const Referat__Wire__Token *token)
{
	return token && token->task == no_task;
}

static void send_look(struct rf_core *core, struct rf_look *look, struct rf_core_peer *peer)
{
	rf_autotask struct rf_owned_task task = {.document = rf_strdup(look->document)};
	struct rf_error reason = {""};
	struct rf_message work = rf_message_make(RF_VERB_WORK);
	task.row.revision = look->revision;
	if (rf_work_load(core, peer, &task, &work, &reason) < 0) {
		rf_message_deinit(&work);
		rf_look_finish(core, look, "unknown", reason.text);
		return;
	}
	if (look->draft)
		rf_draft_fill(look->draft, peer, &work);
	Referat__Wire__Item *item = work.header->items[0];
	item->token = rf_token_wire((struct rf_token){no_task, look->number, core->epoch});
	if (look->entry) { /* else it is worked on as a task would be */
		item->has_compare = item->compare = true;
		item->has_preview = item->preview = look->inquiry->previews;
		item->has_weigh = item->weigh = look->inquiry->weighs;
	}
	if (look->effect)
		RF_WIRE_ADD(item->effects, item->n_effects, look->effect);
	look->effect = NULL;
	look->peer = peer;
	peer->credit_tasks--;
	rf_outbox_append(core, peer, &work);
}

void rf_looks_hand_out(struct rf_core *core)
{
	for (struct rf_look *look = core->looks, *next; look; look = next) {
		size_t n_in_hand = 0;
		next = look->next;
		for (const struct rf_look *other = core->looks; other; other = other->next)
			n_in_hand += other->peer && other->stage == look->stage;
		bool rests = look->stage->paused_us && !look->inquiry->previews;
		struct rf_core_peer *peer =
		    look->peer || n_in_hand >= MOST_IN_HAND || rests ? NULL : rf_work_peer(core, look->stage);
		if (peer)
			send_look(core, look, peer);
	}
}

/* The stage's list, as long as the answer has room for it. */
static void take_requests(const struct rf_look *look, const char *text)
{
	json *requests = rf_inquiry_has_room(look->inquiry, strlen(text)) ? json_tokener_parse(text) : NULL;
	if (requests)
		json_object_object_add(look->entry, "requests", requests);
}

void rf_look_take(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb, const Referat__Wire__Item *item,
		  struct rf_cursor *cursor)
{
	struct rf_look *look = core->looks;
	bool is_ours = item->token->epoch == core->epoch;
	while (look && !(is_ours && look->peer == peer && look->number == item->token->lease))
		look = look->next;
	rf_outbox_ack(core, peer, item, look ? REFERAT__WIRE__OUTCOME__ACCEPTED : REFERAT__WIRE__OUTCOME__STALE, NULL,
		      NULL);
	if (!look)
		return;
	if (!look->entry) {
		rf_preview_go_on(core, look, verb, item, cursor);
		return;
	}
	const char *found = rf_item_attribute(item, RF_ATTRIBUTE_FOUND);
	const char *requests = rf_item_attribute(item, RF_ATTRIBUTE_REQUESTS);
	if (requests && look->inquiry->previews)
		take_requests(look, requests);
	rf_look_finish(core, look, found ? found : "unknown", item->reason ? item->reason->text : NULL);
}

void rf_looks_abandon(struct rf_core *core, const struct rf_core_peer *peer)
{
	for (struct rf_look *look = core->looks, *next; look; look = next) {
		next = look->next;
		if (look->peer == peer)
			rf_look_finish(core, look, "unknown", "the stage ended while it looked");
		else if (!look->peer && look->inquiry->to.peer == peer->number)
			rf_look_finish(core, look, "unknown", "nobody waits for it");
	}
}

void rf_looks_deinit(struct rf_core *core)
{
	while (core->looks) {
		struct rf_look *look = core->looks;
		core->looks = look->next;
		if (--look->inquiry->n_open == 0)
			free_inquiry(look->inquiry);
		free_look(look);
	}
}
