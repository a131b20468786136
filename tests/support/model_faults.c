#include "tests/support/model.h"

#include "base/error.h"
#include "base/memory.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void die(struct model *model, unsigned p, bool crash)
{
	struct rf_message hello = rig_hello_message("supervisor", NULL, NULL);
	rig_receive(model->rig, SUPERVISOR + 1000000, &hello);
	struct rf_message message = rf_message_make(RF_VERB_OBITUARY);
	Referat__Wire__Obituary *obituary = rf_alloc(sizeof *obituary);
	referat__wire__obituary__init(obituary);
	obituary->instance = rf_format("model-%u", model->peers[p].instance);
	obituary->has_signal = true;
	obituary->signal = crash ? SIGSEGV : SIGKILL;
	message.header->obituary = obituary;
	rig_receive(model->rig, SUPERVISOR + 1000000, &message);
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && model->hands[i].instance == model->peers[p].instance) {
			/* Death may come before the act or after it. */
			if (model->hands[i].acting && model->last_instance % 2)
				model_act_outside(model, &model->hands[i]);
			model_charge(model, &model->hands[i], crash);
		}
	model_join(model, p, false);
	model_round_trip(model);
}

void model_crash(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	die(model, choice % MODEL_PEERS, true);
}

void model_kill(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	die(model, choice % MODEL_PEERS, false);
}

/* The connection, or the broker, is gone: what was not started goes back, unless its peer comes back at once. */
static void lose_hands(struct model *model, unsigned instance, bool come_back)
{
	for (unsigned i = 0; i < MODEL_HANDS; i++) {
		struct model_hand *hand = &model->hands[i];
		if (!hand->used || hand->instance != instance)
			continue;
		hand->orphan = true;
		hand->lost_us = model->rig->clock.monotonic_us;
		if (!hand->started && !come_back)
			model_let_go(model, hand);
	}
}

void model_lose(struct model *model, unsigned choice, unsigned variant)
{
	unsigned p = choice % MODEL_PEERS;
	bool come_back = variant % 3 != 0;
	unsigned instance = model->peers[p].instance;
	for (unsigned i = 0; i < MODEL_HANDS; i++)
		if (model->hands[i].used && (model->hands[i].acting || model->hands[i].may_act) &&
		    model->hands[i].instance == instance)
			come_back = true; /* else its whole max_runtime would have to pass */
	rf_core_lost(model->rig->core, model->peers[p].number);
	lose_hands(model, instance, come_back);
	model_join(model, p, come_back);
	model_round_trip(model);
}

/* The new broker has started: who was connected to the old one comes back, or does not. */
static void meet_again(struct model *model, unsigned choice)
{
	for (unsigned i = 0; i < MODEL_HANDS; i++) {
		struct model_hand *hand = &model->hands[i];
		hand->lost_us = model->rig->clock.monotonic_us;
		hand->may_act = hand->started && (hand->stage == PUBLISH || hand->stage == NOTIFY);
	}
	for (unsigned p = 0; p < MODEL_PEERS; p++) {
		bool come_back = choice % (p + 2) != 0;
		lose_hands(model, model->peers[p].instance, come_back);
		model_join(model, p, come_back);
	}
	model_round_trip(model);
}

void model_restart(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	rig_restart(model->rig);
	meet_again(model, choice);
}

/* Its task was not made, or not made again: who began with it is late, or told so. */
static void forget_hands(struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	enum rf_task_state left = model->documents[document].tasks[revision][stage].state;
	for (unsigned i = 0; i < MODEL_HANDS; i++) {
		struct model_hand *hand = &model->hands[i];
		if (!hand->used || hand->superseded || hand->document != document || hand->revision != revision ||
		    hand->stage != stage)
			continue;
		if (left && hand->started)
			hand->superseded = true;
		else
			model_let_go(model, hand);
	}
}

/* What a killed broker may have lost of a task: that it was done; or that it was made, or made again after it was
 * superseded, where nothing has befallen it since. */
static void forget_step(struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	struct model_task *task = &model->documents[document].tasks[revision][stage];
	const struct rig_task left = rig_task(model->rig, model->documents[document].id, revision, (int)stage);
	bool untouched = (task->state == RF_TASK_READY || task->state == RF_TASK_DONE) && !task->crashes &&
			 !task->kills && !task->failures;
	if (left.state == task->state)
		return;
	if (left.state == RF_TASK_READY && task->state == RF_TASK_DONE) {
		task->state = RF_TASK_READY;
	} else if (untouched && (!left.state || left.state == RF_TASK_SUPERSEDED)) {
		*task = (struct model_task){
		    .state = left.state, .crashes = left.crashes, .kills = left.kills, .failures = left.failures};
		forget_hands(model, document, revision, stage);
	} else {
		model_wrong(model, "%s of %u/%u was in state %d, and a killed broker left it in state %d",
			    rig_names[stage], document, revision, task->state, left.state);
	}
}

static int note_fault(void *context, const char *fault)
{
	model_wrong(context, "a killed broker left a store in which %s", fault);
	return 0;
}

/* The broker is killed, and with it goes what waited in its memory. */
void model_outage(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct rf_error error;
	rig_kill(model->rig);
	assert_int_equal(rf_store_check(model->rig->store, note_fault, model, &error), 0);
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++)
				forget_step(model, d, r, s);
	meet_again(model, choice);
}

static void wake(struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	struct model_document *doc = &model->documents[document];
	if (doc->tasks[revision][stage].state == RF_TASK_DELAYED &&
	    rig_task(model->rig, doc->id, revision, (int)stage).due_us <= model->rig->clock.wall_us)
		doc->tasks[revision][stage].state = RF_TASK_READY;
}

/* Delayed tasks come due; what nobody came back for is charged as killed. */
void model_pass(struct model *model, unsigned choice, unsigned variant)
{
	(void)choice;
	(void)variant;
	struct rig *rig = model->rig;
	for (unsigned p = 0; p < MODEL_PEERS; p++) {
		struct rf_message ping = rf_message_make(RF_VERB_PING);
		rig_receive(rig, model->peers[p].number, &ping);
	}
	struct rf_error error;
	int64_t next_us;
	rig->clock.wall_us += 4 * RF_SECOND;
	rig->clock.monotonic_us += 4 * RF_SECOND;
	assert_int_equal(rf_core_tick(rig->core, &next_us, &error), 0);
	for (unsigned i = 0; i < MODEL_HANDS; i++) {
		struct model_hand *hand = &model->hands[i];
		if (hand->used && hand->orphan && rig->clock.monotonic_us - hand->lost_us > 5 * RF_SECOND)
			model_charge(model, hand, false);
	}
	for (unsigned d = 0; d < MODEL_DOCUMENTS; d++)
		for (unsigned r = 1; r <= model->documents[d].revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++)
				wake(model, d, r, s);
	model_round_trip(model);
}
