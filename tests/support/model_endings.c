#include "tests/support/model.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static bool is_in_hand(const struct model *model, unsigned document, unsigned revision, unsigned stage)
{
	for (unsigned i = 0; i < MODEL_HANDS; i++) {
		const struct model_hand *hand = &model->hands[i];
		if (hand->used && hand->started && hand->document == document && hand->revision == revision &&
		    hand->stage == stage)
			return true;
	}
	return false;
}

/* What is open is held before it runs, what is in hand after that: its next step does not begin. */
void model_stop(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	unsigned d = choice % MODEL_DOCUMENTS;
	struct model_document *document = model_ask_about(model, choice, "hold");
	bool any = false;
	for (unsigned r = 1; document && r <= document->revisions; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++) {
			struct model_task *task = &document->tasks[r][s];
			if (task->state != RF_TASK_READY && task->state != RF_TASK_DELAYED)
				continue;
			any = true;
			if (is_in_hand(model, d, r, s))
				continue;
			task->state = RF_TASK_HELD;
			task->wait = MODEL_STOPPED;
		}
	if (any)
		document->stopped[document->revisions] = true;
	model_round_trip(model);
}

/* A revision of its own, with a task where something stands, or may stand. */
void model_withdraw(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	unsigned d = choice % MODEL_DOCUMENTS;
	if (model->documents[d].revisions + 1 >= MODEL_REVISIONS)
		return;
	struct model_document *document = model_ask_about(model, choice, "withdraw");
	if (document) {
		model_supersede(model, d, 1, document->revisions);
		unsigned revision = ++document->revisions;
		document->withdrawal[revision] = true;
		document->variant[revision] = MODEL_WITHDRAWN;
		document->withdrawn = revision;
		if (document->standing || document->intended_open)
			document->tasks[revision][PUBLISH] = (struct model_task){.state = RF_TASK_READY};
	}
	model_round_trip(model);
}

bool model_is_stuck(const struct model_document *document)
{
	for (unsigned r = 1; r <= document->revisions; r++)
		for (unsigned s = 0; s < RIG_STAGES; s++)
			if (document->tasks[r][s].state == RF_TASK_HELD || document->tasks[r][s].state == RF_TASK_DEAD)
				return true;
	return false;
}

/* Of the newest revision something is not finished. */
static bool has_unfinished(const struct model_document *document)
{
	for (unsigned s = 0; s < RIG_STAGES; s++) {
		enum rf_task_state state = document->tasks[document->revisions][s].state;
		if (state == RF_TASK_READY || state == RF_TASK_DELAYED || state == RF_TASK_HELD ||
		    state == RF_TASK_DEAD)
			return true;
	}
	return false;
}

/* What is held or dead is given up, and what goes on beside it; not what is published, nor a withdrawal before it. */
void model_delete(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_document *document = model_ask_about(model, choice, "delete");
	bool published = document && !document->withdrawn && (document->standing || document->intended_open);
	if (document && model_is_stuck(document) && !published) {
		if (has_unfinished(document))
			document->deleted = document->revisions;
		unsigned first = document->withdrawn < document->revisions ? document->withdrawn + 1 : 1;
		model_supersede(model, choice % MODEL_DOCUMENTS, first, document->revisions);
	}
	model_round_trip(model);
}

/* Nothing is left of what does not stand anywhere; whoever has it in hand is told. */
void model_erase(struct model *model, unsigned choice, unsigned variant)
{
	(void)variant;
	struct model_document *document = model_ask_about(model, choice, "erase");
	if (document && !document->standing && !document->intended_open) {
		model_supersede(model, choice % MODEL_DOCUMENTS, 1, document->revisions);
		for (unsigned r = 1; r <= document->revisions; r++)
			for (unsigned s = 0; s < RIG_STAGES; s++)
				if (document->tasks[r][s].state)
					document->tasks[r][s].state = RF_TASK_ERASED;
		document->erased = true;
		if (model->owner == choice % MODEL_DOCUMENTS)
			model->owner = MODEL_NOBODY;
	}
	model_round_trip(model);
}
