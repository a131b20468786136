#include "tests/support/model.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Asks for a command in the next round. The text is freed. */
static void ask(struct model *model, const char *command, char *json)
{
	struct rf_message hello = rig_hello_message("control", NULL, NULL);
	rig_receive(model->rig, OPERATOR + 1000000, &hello);
	struct rf_message message = rf_message_make(RF_VERB_CONTROL);
	Referat__Wire__Control *control = rf_alloc(sizeof *control);
	referat__wire__control__init(control);
	control->command = rf_strdup(command);
	control->json = json;
	message.header->control = control;
	rig_receive(model->rig, OPERATOR + 1000000, &message);
}

struct model_document *model_ask_about(struct model *model, unsigned choice, const char *command)
{
	struct model_document *document = &model->documents[choice % MODEL_DOCUMENTS];
	if (!document->revisions || document->erased)
		return NULL;
	ask(model, command, rf_format("{\"document\":\"%s\",\"reason\":\"because\",\"purge\":true}", document->id));
	return document;
}

/* It runs, now or when it is due. What came after a withdrawal takes its place. */
static void let_run(struct model *model, unsigned d, unsigned revision, unsigned stage)
{
	struct model_document *document = &model->documents[d];
	struct model_task *task = &document->tasks[revision][stage];
	if (task->wait == MODEL_AFTER_WITHDRAWAL) {
		model_supersede(model, d, 1, revision - 1);
		document->withdrawn = 0;
	}
	bool due = rig_task(model->rig, document->id, revision, (int)stage).due_us <= model->rig->clock.wall_us;
	task->state = due ? RF_TASK_READY : RF_TASK_DELAYED;
	task->wait = MODEL_NO_WAIT;
}

/* A held task that is let go counts as done; of a withdrawal, a person has taken away what stood there. */
static void count_as_done(struct model *model, unsigned d, unsigned revision, unsigned stage)
{
	struct model_document *document = &model->documents[d];
	document->tasks[revision][stage].state = RF_TASK_DONE;
	if (stage == PUBLISH)
		document->released = revision;
	if (stage == PUBLISH && document->intended == document->standing)
		document->intended_open = false; /* who lets it go keeps what stands there */
	if (document->withdrawal[revision]) {
		document->intended_open = false;
		document->standing = document->outside = 0;
	}
	model_make_next(model, d, revision, stage);
}

void model_release(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	unsigned d = choice % MODEL_DOCUMENTS;
	struct model_document *document = model_ask_about(model, choice, "release");
	for (unsigned r = 1; document && r <= document->revisions; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++) {
			const struct model_task *task = &document->tasks[r][s];
			if (task->state == RF_TASK_HELD && task->wait)
				let_run(model, d, r, s);
			else if (task->state == RF_TASK_HELD)
				count_as_done(model, d, r, s);
		}
	if (document)
		document->stopped[document->revisions] = false;
	model_round_trip(model);
}

static bool waits_for_a_word(const struct model_document *document, unsigned first)
{
	for (unsigned r = first; r <= document->revisions; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++)
			if (document->tasks[r][s].state == RF_TASK_HELD && document->tasks[r][s].wait)
				return true;
	return false;
}

/* Held and dead tasks run again, with a clean sheet; all of them, or none. */
void model_send_on(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_document *document = model_ask_about(model, choice, "retry");
	bool refused = !document || waits_for_a_word(document, 1);
	for (unsigned r = 1; !refused && r <= document->revisions; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++) {
			struct model_task *task = &document->tasks[r][s];
			if (task->state == RF_TASK_HELD || task->state == RF_TASK_DEAD)
				*task = (struct model_task){.state = RF_TASK_READY};
		}
	model_round_trip(model);
}

static bool is_in_hand(const struct model *model, unsigned document)
{
	for (unsigned i = 0; i < MODEL_HANDS; i++) {
		const struct model_hand *hand = &model->hands[i];
		if (hand->used && hand->document == document && hand->started && !hand->superseded)
			return true;
	}
	return false;
}

/* What stands outside is looked at where it can be; else, or on request, it is put there once more. */
static void doubt(struct model_document *document, bool again)
{
	if (document->intended_open || !document->standing)
		return;
	document->again = again;
	if (again) {
		document->standing = MODEL_ANYTHING;
		return;
	}
	document->intended_open = true;
	document->intended = document->standing;
}

/* The stage runs again, and what is behind it waits for it, unless something is in hand or it never came so far. */
void model_replay(struct model *model, unsigned choice, unsigned variant)
{
	struct model_document *document = &model->documents[choice % MODEL_DOCUMENTS];
	struct model_task *tasks = document->tasks[document->revisions];
	unsigned from = variant % NOTIFY;
	bool can_look = variant / NOTIFY % 2, force = variant / NOTIFY / 2 % 2;
	if (!document->revisions)
		return;
	model->rig->info.has_lookup = can_look;
	ask(model, "replay",
	    rf_format("{\"documents\":[\"%s\"],\"from\":\"%s\",\"force\":%s}", document->id, rig_names[from],
		      force ? "true" : "false"));
	bool reached = from == INGEST || tasks[from - 1].state == RF_TASK_DONE;
	bool ended = document->erased || document->withdrawal[document->revisions] ||
		     document->deleted == document->revisions || document->moved == document->revisions ||
		     waits_for_a_word(document, document->revisions);
	if (reached && !ended && !is_in_hand(model, choice % MODEL_DOCUMENTS)) {
		for (unsigned s = from + 1; s < RIG_STAGES; s++)
			if (tasks[s].state)
				tasks[s].state = RF_TASK_SUPERSEDED;
		tasks[from] = (struct model_task){.state = RF_TASK_READY};
		if (from == PUBLISH || force)
			doubt(document, force || !can_look);
		document->released = 0;
	}
	model_round_trip(model);
}
