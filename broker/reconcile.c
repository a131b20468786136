/* After a restore, the pages that stood when the backup was taken are asked for, one document after the other: each may
 * have been replaced or taken away since. The task that put it there runs again, its effect counts as begun, and so it
 * is looked up and never acted on (freeze.c). What is behind the task stays as it is.
 *
 * A page whose newer version waits in the pipeline is left to that one: at most one task of a document and a stage is
 * open. How far this has come is in memory only: a broker that starts again begins anew, which asks twice and does no
 * harm. */
#include "base/error.h"
#include "base/log.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

/* In a round: what is done between two messages must not keep the peers waiting. */
enum { MOST_DOCUMENTS = 256, MOST_ASKED = 32 };

struct standing {
	struct rf_core *core;
	const char *stages[RF_MOST_STAGES]; /* at which something of the document stands */
	size_t n;
};

static int add_standing(void *context, const struct rf_effect *effect)
{
	struct standing *standing = context;
	const struct rf_core_stage *stage = rf_stage_named(standing->core, effect->stage);
	bool stands = effect->state == RF_EFFECT_DONE && effect->standing;
	if (stands && stage && stage->definition->kind == RF_STAGE_PUBLISH && rf_stage_can_look_up(stage) &&
	    standing->n < RF_MOST_STAGES)
		standing->stages[standing->n++] = stage->definition->name;
	return 0;
}

/* What the document's tasks say of a stage. */
struct history {
	const char *stage;
	struct rf_task last; /* its last task there; without strings */
	uint32_t unfinished; /* the newest revision with something to do, at whichever stage */
};

static int read_task(void *context, const struct rf_task *task)
{
	struct history *history = context;
	if (strcmp(task->stage, history->stage) == 0 && task->revision >= history->last.revision)
		history->last = (struct rf_task){.id = task->id, .revision = task->revision, .state = task->state};
	if (1U << task->state & RF_STATES_UNFINISHED && task->revision > history->unfinished)
		history->unfinished = task->revision;
	return 0;
}

static int ask(struct rf_core *core, const char *document, const char *stage, struct rf_error *error)
{
	struct history history = {.stage = stage};
	struct rf_task_filter filter = {.document = document};
	if (rf_store_each_task(core->options.store, &filter, read_task, &history, error) < 0)
		return -1;
	if (history.last.state != RF_TASK_DONE || history.unfinished > history.last.revision) {
		rf_log(RF_LOG_INFO, document, "%s is not asked for the page: another task of it waits", stage);
		return 0;
	}
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, history.last.id, &task, error) != 0 ||
	    rf_effects_doubt(core, document, stage, false, error) < 0 ||
	    rf_task_note(core, &task.row, "reconciled", NULL, error) < 0)
		return -1;
	return rf_task_reopen(core, &task, (struct rf_turn){.priority = RF_LANE_BULK}, error);
}

/* ---- one document after the other ---------------------------------------------------------------------------------
 */

struct page {
	char *documents[MOST_DOCUMENTS];
	size_t n;
};

static int add_document(void *context, const struct rf_revision *newest)
{
	struct page *page = context;
	page->documents[page->n++] = rf_strdup(newest->document);
	return 0;
}

static void page_deinit(struct page *page)
{
	for (size_t i = 0; i < page->n; i++)
		free(page->documents[i]);
}

static int ask_all(struct rf_core *core, const char *document, size_t *asked, struct rf_error *error)
{
	struct standing standing = {.core = core};
	if (rf_store_each_effect(core->options.store, document, add_standing, &standing, error) < 0)
		return -1;
	for (size_t i = 0; i < standing.n; i++)
		if (ask(core, document, standing.stages[i], error) < 0)
			return -1;
	*asked += standing.n;
	free(core->asked_to);
	core->asked_to = rf_strdup(document);
	return 0;
}

int rf_reconcile_go_on(struct rf_core *core, struct rf_error *error)
{
	bool full;
	if (core->frozen != RF_RECONCILING)
		return 0;
	if (rf_intake_is_full(core, core->options.most_tasks / 2, &full, error) < 0)
		return -1;
	if (full)
		return 0;
	__attribute__((cleanup(page_deinit))) struct page page = {.n = 0};
	if (rf_store_each_document(core->options.store, core->asked_to, MOST_DOCUMENTS, add_document, &page, error) < 0)
		return -1;
	size_t asked = 0, looked_at = 0;
	for (; looked_at < page.n && asked < MOST_ASKED; looked_at++)
		if (ask_all(core, page.documents[looked_at], &asked, error) < 0)
			return -1;
	return looked_at == page.n && page.n < MOST_DOCUMENTS ? rf_freeze_set(core, RF_RECONCILED, error) : 0;
}
