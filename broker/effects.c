/* Effects happen once: the intent is on disk before anybody acts, the result after it; between the two nobody knows but
 * the target.
 *
 *   no row             START: write the intent, GO
 *   DONE, this digest  START: ALREADY (notifications: whatever the digest; nobody is told twice)
 *   DONE, another      START: write the intent, GO with what stands there
 *   DONE, doubted      a replay: another digest than any, or INTENDED, though it was there before
 *   DONE, nothing      START: write the intent, GO; it was never there, or is withdrawn
 *   INTENDED           START: LOOKUP; START that has looked up and found nothing: GO
 *                      RESULT of who had GO, with looked_up: nothing was done; the row is as it was before (doubted, if
 *                      it was), or DONE with nothing standing
 *
 * Where the target can't be asked, the task is held (RF_CODE_UNKNOWN_EFFECT), and a person says whether it was done:
 * rf_effects_settle ends the intents, as though the results had come.
 *
 * At most one lease acts for a document and a stage at a time (work.c), so an intent that is met at START is never a
 * live one. */
#include "base/error.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DIGEST = 128 };

/* A row with strings of its own. */
struct owned_effect {
	struct rf_effect row;
	char *strings[8];
	size_t n;
};

static const char *keep(struct owned_effect *effect, const char *text)
{
	if (!text)
		return NULL;
	return effect->strings[effect->n++] = rf_strdup(text);
}

static void owned_effect_deinit(struct owned_effect *effect)
{
	for (size_t i = 0; i < effect->n; i++)
		free(effect->strings[i]);
}

static int load(struct rf_core *core, const char *key, struct owned_effect *effect, struct rf_error *error)
{
	struct rf_effect row;
	int status = rf_store_get_effect(core->options.store, key, &row, error);
	if (status != 0)
		return status;
	effect->row = row;
	effect->row.key = keep(effect, row.key);
	effect->row.document = keep(effect, row.document);
	effect->row.stage = keep(effect, row.stage);
	effect->row.intended = keep(effect, row.intended);
	effect->row.standing = keep(effect, row.standing);
	effect->row.remote_id = keep(effect, row.remote_id);
	effect->row.location = keep(effect, row.location);
	effect->row.remote_revision = keep(effect, row.remote_revision);
	return 0;
}

static int save(struct rf_core *core, struct rf_effect *row, struct rf_error *error)
{
	row->changed_us = rf_clock_wall(core->options.clock);
	core->wrote = true;
	return rf_store_put_effect(core->options.store, row, error);
}

static bool is(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool is_sound(const Referat__Wire__Effect *effect)
{
	return effect->key && *effect->key && strlen(effect->key) <= RF_MOST_KEY && effect->digest && *effect->digest &&
	       strlen(effect->digest) <= MOST_DIGEST;
}

static bool tells(const struct rf_lease *lease)
{
	return lease->stage->definition->kind == RF_STAGE_NOTIFY;
}

/* ---- START ---------------------------------------------------------------------------------------------------------
 */

static void answer(struct rf_core *core, const struct rf_lease *lease, enum rf_verb verb, const struct rf_effect *row)
{
	Referat__Wire__Effect *effect = rf_alloc(sizeof *effect);
	referat__wire__effect__init(effect);
	effect->key = rf_strdup(row->key);
	effect->digest = rf_strdup(row->intended ? row->intended : row->standing);
	effect->remote_id = rf_strdup(row->remote_id);
	effect->location = rf_strdup(row->location);
	effect->remote_revision = rf_strdup(row->remote_revision);
	Referat__Wire__Item *item = rf_outbox_item(core, lease->peer, verb);
	item->token = rf_token_wire(lease->token);
	RF_WIRE_ADD(item->effects, item->n_effects, effect);
}

static int go(struct rf_core *core, struct rf_lease *lease, struct rf_effect *row, const char *digest,
	      struct rf_error *error)
{
	row->state = RF_EFFECT_INTENDED;
	row->intended = digest;
	if (save(core, row, error) < 0)
		return -1;
	lease->acting = true;
	lease->looking = false;
	answer(core, lease, RF_VERB_GO, row);
	return 0;
}

static int start_known(struct rf_core *core, struct rf_lease *lease, struct rf_effect *row,
		       const Referat__Wire__Effect *effect, struct rf_error *error)
{
	if (row->state == RF_EFFECT_DONE) {
		if (!row->standing || (!tells(lease) && !is(row->standing, effect->digest)))
			return go(core, lease, row, effect->digest, error);
		answer(core, lease, RF_VERB_ALREADY, row);
		return 0;
	}
	if (effect->looked_up && lease->looking)
		return go(core, lease, row, effect->digest, error);
	lease->looking = true;
	answer(core, lease, RF_VERB_LOOKUP, row);
	return 0;
}

/* After a restore: whatever the store knows, the target is asked; what is not there waits for the thaw. */
static int start_frozen(struct rf_core *core, struct rf_lease *lease, struct rf_effect *row,
			const Referat__Wire__Item *item, struct rf_error *error)
{
	const Referat__Wire__Effect *effect = item->effects[0];
	if (effect->looked_up && lease->looking) {
		rf_autotask struct rf_owned_task task = {0};
		bool stood = is(row->standing, effect->digest);
		if (rf_task_load(core, lease->token.task, &task, error) != 0 ||
		    rf_freeze_hold(core, &task, stood ? RF_DOUBT_CHANGED : RF_DOUBT_NOT_THERE, error) < 0)
			return -1;
		rf_outbox_ack(core, lease->peer, item, REFERAT__WIRE__OUTCOME__STALE, NULL, NULL);
		rf_lease_end(core, lease);
		return 0;
	}
	row->state = RF_EFFECT_INTENDED;
	row->intended = effect->digest;
	if (save(core, row, error) < 0)
		return -1;
	lease->looking = true;
	answer(core, lease, RF_VERB_LOOKUP, row);
	return 0;
}

int rf_effect_start(struct rf_core *core, struct rf_lease *lease, const Referat__Wire__Item *item,
		    struct rf_error *error)
{
	const Referat__Wire__Effect *effect = item->effects[0];
	__attribute__((cleanup(owned_effect_deinit))) struct owned_effect known = {0};
	int status = 0;
	bool sound = item->n_effects == 1 && is_sound(effect);
	if (sound)
		status = load(core, effect->key, &known, error);
	if (status < 0)
		return -1;
	bool elsewhere =
	    sound && status == 0 &&
	    !(is(known.row.document, lease->document) && is(known.row.stage, lease->stage->definition->name));
	if (!sound || elsewhere) {
		rf_outbox_ack(core, lease->peer, item, REFERAT__WIRE__OUTCOME__REFUSED, "effect",
			      elsewhere ? "the key belongs to another document or stage"
					: "START names one effect, with key and digest");
		return 0;
	}
	bool may = true;
	if (tells(lease) && (status != 0 || !known.row.standing) && rf_telling_ask(core, lease, &may, error) < 0)
		return -1;
	if (!may) {
		rf_outbox_ack(core, lease->peer, item, REFERAT__WIRE__OUTCOME__STALE, NULL, NULL);
		rf_lease_end(core, lease);
		return 0;
	}
	struct rf_effect row = {
	    .key = effect->key, .document = lease->document, .stage = lease->stage->definition->name};
	if (core->frozen != RF_THAWED)
		return start_frozen(core, lease, status == 0 ? &known.row : &row, item, error);
	if (status == 0)
		return start_known(core, lease, &known.row, effect, error);
	return go(core, lease, &row, effect->digest, error);
}

/* ---- results -------------------------------------------------------------------------------------------------------
 */

/* withdrawn: what was done is that nothing stands there any more. */
static int record(struct rf_core *core, struct rf_effect *row, const Referat__Wire__Effect *effect, bool withdrawn,
		  struct rf_error *error)
{
	row->state = RF_EFFECT_DONE;
	row->standing = withdrawn ? NULL : row->intended;
	row->intended = NULL;
	if (effect->remote_id)
		row->remote_id = effect->remote_id;
	if (effect->location)
		row->location = effect->location;
	if (effect->remote_revision)
		row->remote_revision = effect->remote_revision;
	return save(core, row, error);
}

/* Whoever had GO knows for certain that nothing was done: the next attempt need not look up, unless it was doubted
 * before that it stands there, and still is. */
static int withdraw(struct rf_core *core, struct rf_lease *lease, struct rf_effect *row, struct rf_error *error)
{
	if (row->state != RF_EFFECT_INTENDED || !lease->acting)
		return 0;
	lease->acting = false;
	if (is(row->standing, row->intended))
		return 0;
	row->state = RF_EFFECT_DONE;
	row->intended = NULL;
	return save(core, row, error);
}

/* Why the result may not be recorded; NULL: it may. */
static const char *find_fault(const struct rf_lease *lease, const struct rf_effect *row,
			      const Referat__Wire__Effect *effect)
{
	if (!row || !is(row->document, lease->document) || !is(row->stage, lease->stage->definition->name))
		return "the result of an effect that was not begun with START";
	if (effect->looked_up)
		return NULL;
	if (row->state == RF_EFFECT_DONE)
		return tells(lease) || is(row->standing, effect->digest)
			   ? NULL
			   : "the result of an effect that has another digest than the one that stands";
	return is(row->intended, effect->digest) || lease->looking
		   ? NULL
		   : "the result of an effect that has another digest than START gave";
}

int rf_effect_check(struct rf_core *core, const struct rf_lease *lease, const Referat__Wire__Effect *effect,
		    struct rf_error *error)
{
	__attribute__((cleanup(owned_effect_deinit))) struct owned_effect known = {0};
	int status = is_sound(effect) ? load(core, effect->key, &known, error) : RF_STORE_NONE;
	if (status < 0)
		return -1;
	const char *fault = find_fault(lease, status == 0 ? &known.row : NULL, effect);
	if (fault)
		rf_error_set(error, "%s", fault);
	return fault ? RF_REFUSED : 0;
}

int rf_effect_result(struct rf_core *core, struct rf_lease *lease, const Referat__Wire__Effect *effect,
		     struct rf_error *error)
{
	__attribute__((cleanup(owned_effect_deinit))) struct owned_effect known = {0};
	if (load(core, effect->key, &known, error) != 0)
		return -1;
	if (effect->looked_up)
		return withdraw(core, lease, &known.row, error);
	if (known.row.state == RF_EFFECT_DONE)
		return 0;
	/* What a lookup finds is what had been intended then; if that was something older, the task is not done. */
	if (!is(known.row.intended, effect->digest) && !tells(lease))
		lease->outdated = true;
	bool withdrawn = false;
	if (!tells(lease) && rf_withdrawal_is(core, lease->document, lease->revision, &withdrawn, error) < 0)
		return -1;
	lease->acting = lease->looking = false;
	return record(core, &known.row, effect, withdrawn, error);
}

int rf_effect_late(struct rf_core *core, const struct rf_core_peer *peer, const Referat__Wire__Item *item,
		   struct rf_error *error)
{
	for (size_t i = 0; i < item->n_effects; i++) {
		const Referat__Wire__Effect *effect = item->effects[i];
		__attribute__((cleanup(owned_effect_deinit))) struct owned_effect known = {0};
		int status = is_sound(effect) ? load(core, effect->key, &known, error) : RF_STORE_NONE;
		if (status < 0)
			return -1;
		if (status == 0 && known.row.state == RF_EFFECT_INTENDED && !effect->looked_up &&
		    is(known.row.stage, peer->stage->definition->name) && is(known.row.intended, effect->digest) &&
		    record(core, &known.row, effect, false, error) < 0)
			return -1;
	}
	return 0;
}

/* ---- changing them without a stage --------------------------------------------------------------------------------
 */

struct chosen {
	const char *stage;
	enum rf_effect_state state;
	char **keys;
	size_t n;
};

static int note_key(void *context, const struct rf_effect *effect)
{
	struct chosen *chosen = context;
	if (effect->state != chosen->state || !is(effect->stage, chosen->stage))
		return 0;
	chosen->keys = rf_realloc_array(chosen->keys, chosen->n + 1, sizeof *chosen->keys);
	chosen->keys[chosen->n++] = rf_strdup(effect->key);
	return 0;
}

static void settle(struct rf_effect *row, bool made)
{
	row->state = RF_EFFECT_DONE;
	if (made)
		row->standing = row->intended;
	row->intended = NULL;
}

static void believe(struct rf_effect *row, bool how)
{
	(void)how;
	if (!is(row->standing, row->intended))
		return;
	row->state = RF_EFFECT_DONE;
	row->intended = NULL;
}

static void doubt(struct rf_effect *row, bool again)
{
	static const char anything[] = "?"; /* fits no digest: something stands there, and nobody knows what */
	if (!row->standing)
		return;
	if (again) {
		row->standing = anything;
		return;
	}
	row->state = RF_EFFECT_INTENDED;
	row->intended = row->standing;
}

static void forget(struct rf_effect *row, bool how)
{
	(void)how;
	row->state = RF_EFFECT_DONE;
	row->intended = row->standing = NULL;
}

/* Changes all effects of the document at the stage that are in that state. */
static int change_all(struct rf_core *core, const char *document, const char *stage, enum rf_effect_state state,
		      void (*change)(struct rf_effect *row, bool how), bool how, struct rf_error *error)
{
	struct chosen chosen = {.stage = stage, .state = state};
	int status = rf_store_each_effect(core->options.store, document, note_key, &chosen, error);
	for (size_t i = 0; i < chosen.n; i++) {
		__attribute__((cleanup(owned_effect_deinit))) struct owned_effect known = {0};
		if (status == 0)
			status = load(core, chosen.keys[i], &known, error);
		if (status == 0) {
			change(&known.row, how);
			status = save(core, &known.row, error);
		}
		free(chosen.keys[i]);
	}
	free(chosen.keys);
	return status == 0 ? 0 : -1;
}

int rf_effects_settle(struct rf_core *core, const struct rf_task *task, bool made, struct rf_error *error)
{
	return change_all(core, task->document, task->stage, RF_EFFECT_INTENDED, settle, made, error);
}

int rf_effects_doubt(struct rf_core *core, const char *document, const char *stage, bool again, struct rf_error *error)
{
	const struct rf_core_stage *known = rf_stage_named(core, stage);
	bool can_look = known && rf_stage_can_look_up(known);
	return change_all(core, document, stage, RF_EFFECT_DONE, doubt, again || !can_look, error);
}

int rf_effects_believe(struct rf_core *core, const char *document, const char *stage, struct rf_error *error)
{
	return change_all(core, document, stage, RF_EFFECT_INTENDED, believe, false, error);
}

int rf_effects_forget(struct rf_core *core, const char *document, const char *stage, struct rf_error *error)
{
	if (change_all(core, document, stage, RF_EFFECT_INTENDED, forget, false, error) < 0)
		return -1;
	return change_all(core, document, stage, RF_EFFECT_DONE, forget, false, error);
}
