#include "tests/support/model.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Asks for a command about the newest revision of a document, in the next round. Returns the document; NULL: there is
 * none yet. */
static struct model_document *ask(struct model *model, unsigned choice, const char *command)
{
	struct model_document *document = &model->documents[choice % MODEL_DOCUMENTS];
	if (!document->revisions)
		return NULL;
	struct rf_message hello = rig_hello_message("control", NULL, NULL);
	rig_receive(model->rig, OPERATOR + 1000000, &hello);
	struct rf_message message = rf_message_make(RF_VERB_CONTROL);
	Referat__Wire__Control *control = rf_alloc(sizeof *control);
	referat__wire__control__init(control);
	control->command = rf_strdup(command);
	control->json = rf_format("{\"document\":\"%s\"}", document->id);
	message.header->control = control;
	rig_receive(model->rig, OPERATOR + 1000000, &message);
	return document;
}

/* A held task that is let go counts as done. */
void model_release(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_document *document = ask(model, choice, "release");
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
	struct model_document *document = ask(model, choice, "retry");
	for (unsigned s = 0; document && s < RIG_STAGES; s++) {
		struct model_task *task = &document->tasks[document->revisions][s];
		if (task->state == RF_TASK_HELD || task->state == RF_TASK_DEAD)
			*task = (struct model_task){.state = RF_TASK_READY};
	}
	model_round_trip(model);
}
