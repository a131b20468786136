#include "tests/support/model.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void model_wrong(struct model *model, const char *format, ...)
{
	if (model->problem[0])
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(model->problem, sizeof model->problem, format, args);
	va_end(args);
}

/* ---- what comes from the broker ---------------------------------------------------------------------------------- */

static struct model_hand *hand_of(struct model *model, const Referat__Wire__Token *token)
{
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && model->hands[i].token.task == token->task &&
		    model->hands[i].token.lease == token->lease && model->hands[i].token.epoch == token->epoch)
			return &model->hands[i];
	return NULL;
}

void model_let_go(struct model *model, struct model_hand *hand)
{
	model->ended[model->n_ended++ % MODEL_ENDED] = *hand;
	hand->used = false;
}

static unsigned hands_of_peer(const struct model *model, rf_peer peer)
{
	unsigned n = 0;
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		n += model->hands[i].used && !model->hands[i].orphan && model->hands[i].peer == peer;
	return n;
}

static void take_work(struct model *model, rf_peer number, const Referat__Wire__Item *item)
{
	unsigned d = 0, p = 0, h = 0;
	while (d < MODEL_DOCUMENTS && strcmp(model->documents[d].id, item->document) != 0)
		d++;
	while (p < MODEL_PEERS && model->peers[p].number != number)
		p++;
	while (h < MODEL_HANDS && model->hands[h].used)
		h++;
	if (d == MODEL_DOCUMENTS || p == MODEL_PEERS || h == MODEL_HANDS) {
		model_wrong(model, "work for nobody, or of no document");
		return;
	}
	unsigned stage = model->peers[p].stage;
	if (model->documents[d].stopped[item->revision] || model->documents[d].erased)
		model_wrong(model, "%s of %u/%u was handed out, although it is to stop", rig_names[stage], d,
			    item->revision);
	const struct model_task *task = &model->documents[d].tasks[item->revision][stage];
	if (task->state != RF_TASK_READY)
		model_wrong(model, "%s of %u/%u was handed out in state %d", rig_names[stage], d, item->revision,
			    task->state);
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && model->hands[i].document == d && model->hands[i].stage == stage)
			model_wrong(model, "%s of %u was handed out twice", rig_names[stage], d);
	if (task->crashes > 0 && (!item->alone || hands_of_peer(model, number) > 0))
		model_wrong(model, "%s of %u crashed and does not run alone", rig_names[stage], d);
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && model->hands[i].alone && model->hands[i].peer == number)
			model_wrong(model, "%s of %u was handed to who has a task alone", rig_names[stage], d);
	model->hands[h] = (struct model_hand){.used = true,
					      .alone = item->alone,
					      .token = rig_token_of(item),
					      .instance = model->peers[p].instance,
					      .peer = number,
					      .document = d,
					      .revision = item->revision,
					      .stage = stage};
}

static void take_message(struct model *model, rf_peer peer, const struct rf_message *message)
{
	const Referat__Wire__Header *header = message->header;
	if (message->verb == RF_VERB_WORK)
		for (size_t i = 0; i < header->n_items; i++)
			take_work(model, peer, header->items[i]);
	if (message->verb == RF_VERB_REVOKE)
		for (size_t i = 0; i < header->n_items; i++) {
			struct model_hand *hand = hand_of(model, header->items[i]->token);
			if (hand && hand->started && !model->documents[hand->document].erased)
				model_wrong(model, "what was started was revoked");
			if (hand)
				model_let_go(model, hand);
		}
	if (message->verb == RF_VERB_ERROR)
		model_wrong(model, "a peer was refused: %s", header->error->text);
	if (message->verb == RF_VERB_ACK || (message->verb >= RF_VERB_GO && message->verb <= RF_VERB_LOOKUP)) {
		model->verb = message->verb;
		model->outcome = header->items[0]->outcome;
		model->answered_revision = header->items[0]->revision;
	}
}

/* What is to stop is held when it would be handed out. */
static void see_what_stopped(struct model *model, unsigned d, unsigned r)
{
	for (unsigned s = 0; s < RIG_STAGES; s++) {
		struct model_task *task = &model->documents[d].tasks[r][s];
		if (task->state == RF_TASK_READY &&
		    rig_task(model->rig, model->documents[d].id, r, (int)s).state == RF_TASK_HELD) {
			task->state = RF_TASK_HELD;
			task->wait = MODEL_STOPPED;
		}
	}
}

void model_round_trip(struct model *model)
{
	model->verb = RF_VERB_NONE;
	rig_flush(model->rig);
	/* What is revoked is let go before what takes its place is taken. */
	for (size_t i = 0; i < model->rig->n_sent; i++)
		if (model->rig->sent[i].message.verb == RF_VERB_REVOKE)
			take_message(model, model->rig->sent[i].peer, &model->rig->sent[i].message);
	for (size_t i = 0; i < model->rig->n_sent; i++)
		if (model->rig->sent[i].message.verb != RF_VERB_REVOKE)
			take_message(model, model->rig->sent[i].peer, &model->rig->sent[i].message);
	rig_forget_sent(model->rig);
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			if (model->documents[d].stopped[r])
				see_what_stopped(model, d, r);
}

void model_expect(struct model *model, const char *what, Referat__Wire__Outcome outcome)
{
	if (model->verb != RF_VERB_ACK || model->outcome != outcome)
		model_wrong(model, "%s: expected outcome %d, got verb %d outcome %d", what, outcome, model->verb,
			    model->outcome);
}

/* ---- the model's rules ------------------------------------------------------------------------------------------- */

struct model_task *model_task_of(struct model *model, const struct model_hand *hand)
{
	return &model->documents[hand->document].tasks[hand->revision][hand->stage];
}

void model_make_next(struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	if (stage + 1 == RIG_STAGES || model->documents[document].withdrawal[revision])
		return;
	struct model_task *next = &model->documents[document].tasks[revision][stage + 1];
	if (!next->state || next->state == RF_TASK_SUPERSEDED)
		*next = (struct model_task){.state = RF_TASK_READY};
}

void model_charge(struct model *model, struct model_hand *hand, bool crash)
{
	struct model_task *task = model_task_of(model, hand);
	if (hand->started && !hand->superseded) {
		unsigned *count = crash ? &task->crashes : &task->kills;
		if (++*count >= (crash ? 2 : 10))
			task->state = RF_TASK_DEAD;
	}
	model_let_go(model, hand);
}

void model_supersede(struct model *model, unsigned document, unsigned first, unsigned last)
{
	struct model_document *doc = &model->documents[document];
	for (unsigned r = first; r <= last; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++)
			if (doc->tasks[r][s].state == RF_TASK_READY || doc->tasks[r][s].state == RF_TASK_DELAYED ||
			    doc->tasks[r][s].state == RF_TASK_HELD || doc->tasks[r][s].state == RF_TASK_DEAD)
				doc->tasks[r][s].state = RF_TASK_SUPERSEDED;
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && model->hands[i].document == document && model->hands[i].revision >= first &&
		    model->hands[i].revision <= last)
			model->hands[i].superseded = true;
}

/* ---- what must hold after each step ------------------------------------------------------------------------------ */

struct sums {
	uint64_t n[RIG_STAGES][RF_TASK_STATES];
};

static int add_sum(void *context, const struct rf_count *count)
{
	struct sums *sums = context;
	for (unsigned s = 0; s < RIG_STAGES; s++)
		if (strcmp(rig_names[s], count->stage) == 0)
			sums->n[s][count->state] = count->n;
	return 0;
}

static void compare_task(struct model *model, unsigned d, unsigned r, unsigned s, struct sums *expected)
{
	const struct model_task *task = &model->documents[d].tasks[r][s];
	struct rig_task seen = rig_task(model->rig, model->documents[d].id, r, (int)s);
	if (seen.state != task->state)
		model_wrong(model, "%s of %u/%u is in state %d, expected %d", rig_names[s], d, r, seen.state,
			    task->state);
	else if (seen.crashes != task->crashes || seen.kills != task->kills || seen.failures != task->failures)
		model_wrong(model, "%s of %u/%u: crashes %u/%u, kills %u/%u, failures %u/%u", rig_names[s], d, r,
			    seen.crashes, task->crashes, seen.kills, task->kills, seen.failures, task->failures);
	if (task->state)
		expected->n[s][task->state]++;
}

/* The newest revision that came from a source has all of them: the last one as `source`, the others by their pieces. */
static void compare_sources(struct model *model, unsigned d)
{
	const struct model_document *doc = &model->documents[d];
	unsigned base = model_base(doc);
	if (base == 0 || doc->erased)
		return;
	for (unsigned s = 0; s < MODEL_DOCUMENTS; s++) {
		bool is_last = doc->source[base] == s;
		rf_autofree char *name = is_last ? rf_strdup("source") : rf_format("source/p%u", s);
		rf_autofree char *bytes = rf_format("bytes %u of %u", doc->bytes[base][s], s);
		struct rf_part part;
		int status = rf_store_get_part(model->rig->store, doc->id, base, name, &part, NULL);
		bool expected = doc->bytes[base][s] && doc->moved != base;
		if ((status == 0) != expected)
			model_wrong(model, "part %s of %u/%u: there is %s", name, d, base, expected ? "none" : "one");
		else if (expected && (part.size != strlen(bytes) || memcmp(part.data, bytes, part.size) != 0))
			model_wrong(model, "part %s of %u/%u is not \"%s\"", name, d, base, bytes);
	}
}

void model_compare(struct model *model)
{
	struct sums expected = {0}, counted = {0};
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		compare_sources(model, d);
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++)
				compare_task(model, d, r, s, &expected);
	assert_int_equal(rf_store_each_count(model->rig->store, add_sum, &counted, NULL), 0);
	if (memcmp(&expected, &counted, sizeof expected) != 0)
		model_wrong(model, "the counts are not exact");
}

static bool is_open(const struct model *model)
{
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++) {
				enum rf_task_state state = model->documents[d].tasks[r][s].state;
				if (state == RF_TASK_READY || state == RF_TASK_DELAYED)
					return true;
			}
	return false;
}

/* Everything that can be finished is, and what is published is the newest. */
void model_finish(struct model *model)
{
	for (unsigned i = 0; i < 1000 && is_open(model) && !model->problem[0]; i++) {
		if (model_choose_hand(model, 0))
			model_done(model, 0, 0);
		else
			model_pass(model, 0, 0);
		model_compare(model);
	}
	if (is_open(model))
		model_wrong(model, "something is never finished");
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++) {
		const struct model_document *doc = &model->documents[d];
		unsigned expected = doc->withdrawal[doc->revisions] ? 0 : doc->variant[doc->revisions];
		if (doc->revisions && doc->tasks[doc->revisions][PUBLISH].state == RF_TASK_DONE &&
		    doc->released != doc->revisions && doc->outside != expected)
			model_wrong(model, "document %u: revision %u is done, but something else stands outside", d,
				    doc->revisions);
	}
}

/* ---- from beginning to end -------------------------------------------------------------------------------------- */

struct model *model_new(void)
{
	void *state;
	rig_setup(&state);
	struct model *model = rf_alloc(sizeof *model);
	model->rig = state;
	model->last_peer = 1000;
	model->owner = MODEL_NOBODY;
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		model->home[d] = d;
	for (unsigned p = 0; p < MODEL_PEERS; p++) {
		model->peers[p].stage = p < RIG_STAGES ? p : PUBLISH;
		model_join(model, p, false);
	}
	model_round_trip(model);
	return model;
}

void model_free(struct model *model)
{
	void *state = model->rig;
	rig_teardown(&state);
	free(model);
}
