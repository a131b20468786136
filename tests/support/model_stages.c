#include "tests/support/model.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 200 }; /* tasks of credit */

void model_join(struct model *model, unsigned p, bool come_back)
{
	struct model_peer *peer = &model->peers[p];
	if (!come_back)
		peer->instance = ++model->last_instance;
	peer->number = ++model->last_peer;
	rf_autofree char *instance = rf_format("model-%u", peer->instance);
	struct rf_message hello = rig_hello_message("stage", rig_names[peer->stage], instance);
	for (unsigned i = 0; i < MODEL_HANDS && come_back; i++)
		if (model->hands[i].used && model->hands[i].instance == peer->instance) {
			RF_WIRE_ADD(hello.header->hello->held, hello.header->hello->n_held,
				    rig_wire_token(model->hands[i].token));
			model->hands[i].peer = peer->number;
			model->hands[i].orphan = false;
		}
	rig_receive(model->rig, peer->number, &hello);
	rig_credit(model->rig, peer->number, MANY);
}

struct model_hand *model_choose_hand(struct model *model, unsigned choice)
{
	struct model_hand *free_hands[MODEL_HANDS];
	unsigned n = 0;
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && !model->hands[i].orphan)
			free_hands[n++] = &model->hands[i];
	return n ? free_hands[choice % n] : NULL;
}

unsigned model_base(const struct model_document *document)
{
	unsigned last = document->revisions;
	while (last > 0 && document->withdrawal[last])
		last--;
	return last;
}

/* The newest revision that the source brought; 0: none. */
static unsigned brought_by(const struct model_document *document, unsigned source)
{
	unsigned last = document->revisions;
	while (last > 0 && (document->withdrawal[last] || document->source[last] != source))
		last--;
	return last;
}

/* The next revision: what the one before it had of other sources, and these bytes. */
static void revise(struct model *model, unsigned d, unsigned source, unsigned bytes)
{
	struct model_document *doc = &model->documents[d];
	unsigned base = model_base(doc), revision = doc->revisions + 1;
	model_supersede(model, d, doc->withdrawn + 1, doc->revisions);
	memcpy(doc->bytes[revision], doc->bytes[base], sizeof doc->bytes[base]);
	doc->bytes[revision][source] = bytes;
	doc->source[revision] = source;
	doc->variant[revision] = 0;
	for (unsigned s = MODEL_DOCUMENTS; s-- > 0;)
		doc->variant[revision] = doc->variant[revision] * 4 + doc->bytes[revision][s];
	doc->revisions = revision;
	doc->tasks[revision][INGEST] = doc->withdrawn
					   ? (struct model_task){.state = RF_TASK_HELD, .wait = MODEL_AFTER_WITHDRAWAL}
					   : (struct model_task){.state = RF_TASK_READY};
}

void model_put(struct model *model, unsigned choice, unsigned variant)
{
	unsigned source = choice % MODEL_DOCUMENTS, document = model->home[source];
	variant = 1 + variant % 3;
	struct model_document *doc = &model->documents[document];
	if (doc->erased || doc->revisions + 1 >= MODEL_REVISIONS)
		return;
	unsigned last = brought_by(doc, source);
	rf_autofree char *key = rf_format("key-%u", source), *bytes = rf_format("bytes %u of %u", variant, source);
	struct rf_message message = rf_message_make(RF_VERB_PUT);
	rf_message_add_item(&message)->source_key = rf_strdup(key);
	rig_add_part(&message, "source", bytes);
	rig_receive(model->rig, model->peers[0].number, &message);
	bool same = last && doc->bytes[last][source] == variant;
	if (!same) {
		revise(model, document, source, variant);
		last = doc->revisions;
	}
	/* The id is needed to know the work that comes with the answer. */
	if (!doc->id[0]) {
		rf_autofree char *text = rf_format("test\n%s", key);
		struct rf_digest digest = rf_digest_of(text, strlen(text));
		for (unsigned i = 0; i < 12; i++)
			doc->id[i] = "abcdefghijklmnopqrstuvwxyz234567"[digest.bytes[i] & 31];
	}
	model_round_trip(model);
	model_expect(model, "put", same ? REFERAT__WIRE__OUTCOME__DUPLICATE : REFERAT__WIRE__OUTCOME__ACCEPTED);
	if (model->answered_revision != last)
		model_wrong(model, "put: revision %u, expected %u", model->answered_revision, last);
}

static unsigned digest_of(const struct model *model, const struct model_hand *hand)
{
	return model->documents[hand->document].variant[hand->revision];
}

static void add_effect(struct model *model, const struct model_hand *hand, struct rf_message *message, bool looked_up)
{
	rf_autofree char *key = rf_format("publish/web:%s", model->documents[hand->document].id);
	rf_autofree char *digest = rf_format("digest-%u", digest_of(model, hand));
	Referat__Wire__Effect *effect = rig_add_effect(message, key, digest);
	effect->has_looked_up = effect->looked_up = looked_up;
}

static enum rf_verb expected_answer(const struct model *model, const struct model_hand *hand, bool looked_up)
{
	const struct model_document *doc = &model->documents[hand->document];
	if (doc->intended_open)
		return looked_up ? RF_VERB_GO : RF_VERB_LOOKUP;
	return doc->standing == digest_of(model, hand) ? RF_VERB_ALREADY : RF_VERB_GO;
}

static void start(struct model *model, struct model_hand *hand, bool looked_up)
{
	struct rf_message message = rig_answer(RF_VERB_START, hand->token);
	bool effect = hand->stage == PUBLISH;
	enum rf_verb answer = expected_answer(model, hand, looked_up);
	if (effect)
		add_effect(model, hand, &message, looked_up);
	rig_receive(model->rig, hand->peer, &message);
	struct model_hand before = *hand;
	if (hand->superseded)
		model_let_go(model, hand);
	model_round_trip(model);
	if (before.superseded) {
		model_expect(model, "start of a superseded task", REFERAT__WIRE__OUTCOME__STALE);
		return;
	}
	hand->started = true;
	if (!effect)
		return;
	if (model->verb != answer)
		model_wrong(model, "start of an effect: expected verb %d, got %d", answer, model->verb);
	struct model_document *doc = &model->documents[hand->document];
	hand->looking = answer == RF_VERB_LOOKUP;
	if (answer != RF_VERB_GO)
		return;
	if (!looked_up && !doc->again && doc->outside == digest_of(model, hand))
		model_wrong(model, "go, although it stands there already");
	hand->acting = true;
	doc->again = false;
	doc->intended_open = true;
	doc->intended = digest_of(model, hand);
}

void model_act_outside(struct model *model, struct model_hand *hand)
{
	struct model_document *doc = &model->documents[hand->document];
	doc->outside = doc->withdrawal[hand->revision] ? 0 : digest_of(model, hand);
}

/* Returns whether the task is to be done once more: what was found is older than what is to stand there. */
static bool record_result(struct model *model, const struct model_hand *hand)
{
	struct model_document *doc = &model->documents[hand->document];
	unsigned found = doc->intended;
	doc->standing = doc->withdrawal[hand->revision] && !hand->superseded ? 0 : found;
	doc->intended_open = false;
	return found != digest_of(model, hand);
}

static void say_piece(const struct model *model, const struct model_hand *hand, struct rf_message *message)
{
	unsigned source = model->documents[hand->document].source[hand->revision];
	if (hand->stage != INGEST || source >= MODEL_PIECES)
		return;
	message->header->items[0]->subject_key = rf_strdup("ks/2024-04-17/minutes/1");
	message->header->items[0]->piece = rf_format("p%u", source);
	rig_add_attribute(message, "paragraphs", message->header->items[0]->piece);
}

/* A piece was read. Where the meeting is another document, it joins that one, or a person decides. Returns what becomes
 * of the task. */
static enum rf_task_state meet(struct model *model, const struct model_hand *hand)
{
	struct model_document *doc = &model->documents[hand->document];
	unsigned source = doc->source[hand->revision];
	if (hand->stage != INGEST || source >= MODEL_PIECES || model->owner == hand->document)
		return RF_TASK_DONE;
	struct model_document *owner = model->owner == MODEL_NOBODY ? NULL : &model->documents[model->owner];
	if (owner && owner->withdrawn)
		return RF_TASK_HELD;
	if (!owner || (owner->deleted == owner->revisions && !model_is_stuck(owner))) {
		model->owner = hand->document;
		return RF_TASK_DONE;
	}
	if (doc->standing || doc->intended_open)
		return RF_TASK_HELD; /* it has a page of its own */
	doc->moved = hand->revision;
	model->home[source] = model->owner;
	revise(model, model->owner, source, doc->bytes[hand->revision][source]);
	return RF_TASK_SUPERSEDED;
}

static void done(struct model *model, struct model_hand *hand)
{
	struct model_document *doc = &model->documents[hand->document];
	/* The target has nothing; or nobody need ask, for what is gone may be taken away again. */
	if (hand->looking && (doc->outside != doc->intended || doc->withdrawal[hand->revision])) {
		start(model, hand, true);
		return;
	}
	struct rf_message message = rig_answer(RF_VERB_DONE, hand->token);
	bool effect = hand->acting || hand->looking, again = false;
	say_piece(model, hand, &message);
	if (hand->acting)
		model_act_outside(model, hand);
	if (effect)
		add_effect(model, hand, &message, false);
	if (effect && doc->intended_open && (!hand->superseded || doc->intended == digest_of(model, hand)))
		again = record_result(model, hand);
	rig_receive(model->rig, hand->peer, &message);
	struct model_hand before = *hand;
	model_let_go(model, hand);
	if (!before.superseded && !again) {
		enum rf_task_state state = meet(model, &before);
		model_task_of(model, &before)->state = state;
		if (state == RF_TASK_DONE)
			model_make_next(model, before.document, before.revision, before.stage);
	}
	model_round_trip(model);
	model_expect(model, "done",
		     before.superseded ? REFERAT__WIRE__OUTCOME__STALE : REFERAT__WIRE__OUTCOME__ACCEPTED);
}

static void give_up(struct model *model, unsigned choice, enum rf_verb verb, enum rf_task_state then)
{
	struct model_hand *hand = model_choose_hand(model, choice);
	if (!hand)
		return;
	if (!hand->started && hand->stage == PUBLISH) {
		start(model, hand, false);
		return;
	}
	bool yield = verb == RF_VERB_RETRY && then == RF_TASK_READY;
	struct rf_message message = rig_answer(verb, hand->token);
	message.header->items[0]->has_yield = message.header->items[0]->yield = yield;
	if (hand->acting && then == RF_TASK_DELAYED) /* "it may have happened" */
		model_act_outside(model, hand);
	rig_receive(model->rig, hand->peer, &message);
	struct model_hand before = *hand;
	model_let_go(model, hand);
	struct model_task *task = model_task_of(model, &before);
	if (!before.superseded) {
		task->state = then;
		if (then == RF_TASK_DELAYED && ++task->failures > 3)
			task->state = RF_TASK_DEAD;
	}
	model_round_trip(model);
	model_expect(model, rf_verb_name(verb),
		     before.superseded ? REFERAT__WIRE__OUTCOME__STALE : REFERAT__WIRE__OUTCOME__ACCEPTED);
}

/* ---- verbs ------------------------------------------------------------------------------------------------------ */

void model_start(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_hand *hand = model_choose_hand(model, choice);
	if (hand && !hand->started)
		start(model, hand, false);
}

/* What acts outside asks first. */
void model_done(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_hand *hand = model_choose_hand(model, choice);
	if (hand && hand->stage == PUBLISH && !hand->started)
		start(model, hand, false);
	else if (hand)
		done(model, hand);
}

void model_retry(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	give_up(model, choice, RF_VERB_RETRY, RF_TASK_DELAYED);
}

void model_yield(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	give_up(model, choice, RF_VERB_RETRY, RF_TASK_READY);
}

void model_fail(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	give_up(model, choice, RF_VERB_FAIL, RF_TASK_DEAD);
}

void model_hold(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	give_up(model, choice, RF_VERB_HOLD, RF_TASK_HELD);
}

/* Somebody answers to a lease that ended. */
void model_answer_late(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	if (model->n_ended < MODEL_ENDED)
		return;
	const struct model_hand *ended = &model->ended[choice % MODEL_ENDED];
	struct rf_message message = rig_answer(RF_VERB_DONE, ended->token);
	rig_receive(model->rig, model->peers[ended->stage].number, &message);
	model_round_trip(model);
	model_expect(model, "a late answer", REFERAT__WIRE__OUTCOME__STALE);
}
