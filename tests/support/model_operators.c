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

/* The same about the newest revision of a document. Returns the document; NULL: there is none yet. */
static struct model_document *ask_about(struct model *model, unsigned choice, const char *command)
{
	struct model_document *document = &model->documents[choice % MODEL_DOCUMENTS];
	if (!document->revisions)
		return NULL;
	ask(model, command, rf_format("{\"document\":\"%s\"}", document->id));
	return document;
}

/* A held task that is let go counts as done. */
void model_release(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_document *document = ask_about(model, choice, "release");
	for (unsigned s = 0; document && s < RIG_STAGES; s++) {
		struct model_task *task = &document->tasks[document->revisions][s];
		if (task->state != RF_TASK_HELD)
			continue;
		task->state = RF_TASK_DONE;
		if (s == PUBLISH)
			document->released = document->revisions;
		model_make_next(model, choice % MODEL_DOCUMENTS, document->revisions, s);
	}
	model_round_trip(model);
}

/* Held and dead tasks run again, with a clean sheet. */
void model_send_on(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_document *document = ask_about(model, choice, "retry");
	for (unsigned s = 0; document && s < RIG_STAGES; s++) {
		struct model_task *task = &document->tasks[document->revisions][s];
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
	if (reached && !is_in_hand(model, choice % MODEL_DOCUMENTS)) {
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
