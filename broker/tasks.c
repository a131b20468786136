/* Tasks as rows: loaded with strings of their own, because the store's are borrowed until its next call. */
#include "base/error.h"
#include "broker/state.h"

#include <stdio.h>
#include <stdlib.h>

void rf_owned_task_deinit(struct rf_owned_task *task)
{
	free(task->document);
	free(task->stage);
	free(task->code);
	free(task->reason);
}

static void set_text(char **owned, const char **seen, const char *text)
{
	char *copy = rf_strdup(text);
	free(*owned);
	*seen = *owned = copy;
}

int rf_task_load(struct rf_core *core, uint64_t id, struct rf_owned_task *task, struct rf_error *error)
{
	struct rf_task row;
	int status = rf_store_get_task(core->options.store, id, &row, error);
	if (status != 0)
		return status;
	*task = (struct rf_owned_task){.row = row};
	set_text(&task->document, &task->row.document, row.document);
	set_text(&task->stage, &task->row.stage, row.stage);
	set_text(&task->code, &task->row.code, row.code);
	set_text(&task->reason, &task->row.reason, row.reason);
	return 0;
}

int rf_task_save(struct rf_core *core, struct rf_owned_task *task, struct rf_error *error)
{
	bool delayed = task->row.state == RF_TASK_DELAYED;
	/* What waits was put off by the clock that its due time goes by. */
	task->row.changed_us = delayed ? rf_timer_now(core) : rf_clock_wall(core->options.clock);
	core->wrote = true;
	if (delayed && task->row.due_us < core->due_us)
		core->due_us = task->row.due_us;
	return rf_store_update_task(core->options.store, &task->row, error);
}

int rf_task_move(struct rf_core *core, struct rf_owned_task *task, enum rf_task_state state, const char *code,
		 const char *reason, struct rf_error *error)
{
	task->row.state = state;
	set_text(&task->code, &task->row.code, code);
	set_text(&task->reason, &task->row.reason, reason);
	return rf_task_save(core, task, error);
}

static enum rf_task_state state_until(const struct rf_core *core, int64_t due_us)
{
	return due_us > rf_timer_now(core) ? RF_TASK_DELAYED : RF_TASK_READY;
}

int rf_task_add(struct rf_core *core, const char *document, uint32_t revision, struct rf_core_stage *stage,
		struct rf_turn turn, struct rf_error *error)
{
	int64_t now_us = rf_clock_wall(core->options.clock);
	struct rf_task task = {.document = document,
			       .revision = revision,
			       .stage = stage->definition->name,
			       .state = state_until(core, turn.due_us),
			       .due_us = turn.due_us,
			       .priority = turn.priority,
			       .created_us = now_us,
			       .changed_us = now_us};
	uint64_t id;
	core->wrote = true;
	if (task.state == RF_TASK_DELAYED && turn.due_us < core->due_us)
		core->due_us = turn.due_us;
	if (rf_store_add_task(core->options.store, &task, &id, error) < 0)
		return -1;
	if (task.state == RF_TASK_READY)
		rf_stage_expect(stage, id, turn.priority);
	return 0;
}

int rf_task_reopen(struct rf_core *core, struct rf_owned_task *task, struct rf_turn turn, struct rf_error *error)
{
	struct rf_core_stage *stage = rf_stage_named(core, task->stage);
	if (stage)
		rf_stage_stir(stage);
	task->row.failures = task->row.crashes = task->row.kills = task->row.timeouts = 0;
	task->row.created_us = rf_clock_wall(core->options.clock);
	task->row.priority = turn.priority;
	task->row.due_us = turn.due_us;
	return rf_task_move(core, task, state_until(core, turn.due_us), NULL, NULL, error);
}

int rf_task_note(struct rf_core *core, const struct rf_task *task, const char *what, const char *detail,
		 struct rf_error *error)
{
	struct rf_event event = {.at_us = rf_clock_wall(core->options.clock),
				 .document = task->document,
				 .revision = task->revision,
				 .stage = task->stage,
				 .what = what,
				 .detail = detail};
	core->wrote = true;
	return rf_store_add_event(core->options.store, &event, error);
}

/* ---- attempts ------------------------------------------------------------------------------------------------------
 */

static int64_t time_in_hand(const struct rf_core *core, const struct rf_lease *lease)
{
	return core->now_us > lease->started_us ? core->now_us - lease->started_us : 0;
}

void rf_task_attempted(const struct rf_core *core, const struct rf_lease *lease, struct rf_task *task)
{
	task->attempts++;
	task->run_us = time_in_hand(core, lease);
	task->toolset = lease->stage->toolset;
}

void rf_task_passed(struct rf_core *core, const struct rf_lease *lease, const struct rf_task *task, int64_t ready_us,
		    enum rf_passed passed)
{
	int64_t now_us = rf_clock_wall(core->options.clock);
	struct rf_passing passing = {.at_us = now_us,
				     .revision = task->revision,
				     .stage = lease->stage->definition->name,
				     .passed = passed,
				     .run_us = time_in_hand(core, lease)};
	passing.wait_us = now_us - passing.run_us > ready_us ? now_us - passing.run_us - ready_us : 0;
	snprintf(passing.document, sizeof passing.document, "%s", task->document);
	snprintf(passing.code, sizeof passing.code, "%s", task->code ? task->code : "");
	rf_passings_add(core->passings, &passing);
	struct rf_meter *meter = &lease->stage->meter;
	meter->passed[passed]++;
	rf_histogram_add(&meter->waits, passing.wait_us);
	rf_histogram_add(&meter->runs, passing.run_us);
}

int rf_task_hold_unrun(struct rf_core *core, const struct rf_task *about, const struct rf_end *why,
		       struct rf_error *error)
{
	struct rf_task row;
	rf_autotask struct rf_owned_task task = {0};
	if (rf_store_find_task(core->options.store, about->document, about->revision, about->stage, &row, error) != 0 ||
	    rf_task_load(core, row.id, &task, error) != 0 ||
	    rf_task_move(core, &task, RF_TASK_HELD, why->code, why->reason, error) < 0)
		return -1;
	return rf_task_note(core, &task.row, "held", why->reason, error);
}

/* ---- several at once -----------------------------------------------------------------------------------------------
 */

struct ids {
	uint64_t *all;
	size_t n;
	const struct rf_span *span;
};

static int add_id(void *context, const struct rf_task *task)
{
	struct ids *ids = context;
	if (task->revision < ids->span->first || task->revision > ids->span->last)
		return 0;
	ids->all = rf_realloc_array(ids->all, ids->n + 1, sizeof *ids->all);
	ids->all[ids->n++] = task->id;
	return 0;
}

int rf_tasks_supersede(struct rf_core *core, const char *document, const struct rf_span *span, const struct rf_end *end,
		       struct rf_error *error)
{
	struct ids ids = {.span = span};
	struct rf_task_filter filter = {.states = RF_STATES_UNFINISHED, .document = document};
	int status = rf_store_each_task(core->options.store, &filter, add_id, &ids, error);
	for (size_t i = 0; i < ids.n && status == 0; i++) {
		rf_autotask struct rf_owned_task task = {0};
		status = rf_task_load(core, ids.all[i], &task, error);
		if (status == 0)
			status = rf_task_move(core, &task, RF_TASK_SUPERSEDED, end->code, end->reason, error);
	}
	free(ids.all);
	rf_leases_supersede(core, document, span);
	return status < 0 ? -1 : 0;
}
