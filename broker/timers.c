/* What happens because time passed: delayed tasks come due. */
#include "base/error.h"
#include "base/log.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

enum { DUE_BATCH = 256 };

static int64_t passed(const struct rf_core *core)
{
	return core->wall_at_start_us + (core->now_us - core->monotonic_at_start_us);
}

int64_t rf_timer_now(const struct rf_core *core)
{
	int64_t wall_us = rf_clock_wall(core->options.clock), passed_us = passed(core);
	return wall_us > passed_us ? wall_us : passed_us;
}

int64_t rf_timer_slowest(const struct rf_core *core)
{
	int64_t wall_us = rf_clock_wall(core->options.clock), passed_us = passed(core);
	return wall_us < passed_us ? wall_us : passed_us;
}

/* xorshift64*: jitter needs no more, and a seed gives the same run again. */
static uint64_t next_random(struct rf_core *core)
{
	core->random ^= core->random >> 12;
	core->random ^= core->random << 25;
	core->random ^= core->random >> 27;
	return core->random * UINT64_C(2685821657736338717);
}

int64_t rf_timer_back_off(struct rf_core *core, int64_t base_us, int64_t cap_us, uint32_t n)
{
	int64_t most_us = base_us;
	while (n-- > 0 && most_us < cap_us)
		most_us *= 2;
	if (most_us > cap_us)
		most_us = cap_us;
	return most_us > 0 ? (int64_t)(next_random(core) % (uint64_t)most_us) + 1 : 0;
}

/* ---- delayed tasks --------------------------------------------------------------------------------------------------
 */

struct due {
	uint64_t ids[DUE_BATCH];
	size_t n;
};

static int take_due(void *context, const struct rf_task *task)
{
	struct due *due = context;
	due->ids[due->n++] = task->id;
	return due->n == DUE_BATCH;
}

static int wake(struct rf_core *core, uint64_t id, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0)
		return -1;
	struct rf_core_stage *stage = rf_stage_named(core, task.stage);
	if (stage)
		rf_stage_stir(stage);
	task.row.state = RF_TASK_READY;
	task.row.due_us = 0;
	return rf_task_save(core, &task, error);
}

int rf_timers_run(struct rf_core *core, struct rf_error *error)
{
	int64_t now_us = rf_timer_now(core);
	if (core->due_us > now_us)
		return 0;
	struct due due = {.n = 0};
	struct rf_task_filter filter = {.states = 1U << RF_TASK_DELAYED, .due_by_us = now_us, .most = DUE_BATCH};
	if (rf_store_each_task(core->options.store, &filter, take_due, &due, error) < 0)
		return -1;
	for (size_t i = 0; i < due.n; i++)
		if (wake(core, due.ids[i], error) < 0)
			return -1;
	int status = rf_store_next_due(core->options.store, &core->due_us, error);
	if (status == RF_STORE_NONE)
		core->due_us = INT64_MAX;
	return status < 0 ? -1 : 0;
}

/* ---- a clock that was wrong ---------------------------------------------------------------------------------------
 */

/* A retry, or one of many replays, waits for so long after it was put off; an embargo ends when it says. */
static bool is_relative(const struct rf_task *task)
{
	return task->failures > 0 || task->priority < RF_LANE_USUAL;
}

struct ahead {
	uint64_t *ids;
	size_t n;
	int64_t now_us;
};

static int add_ahead(void *context, const struct rf_task *task)
{
	struct ahead *ahead = context;
	if (task->changed_us <= ahead->now_us || !is_relative(task))
		return 0;
	ahead->ids = rf_realloc_array(ahead->ids, ahead->n + 1, sizeof *ahead->ids);
	ahead->ids[ahead->n++] = task->id;
	return 0;
}

static int set_right(struct rf_core *core, uint64_t id, int64_t now_us, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0)
		return -1;
	task.row.due_us -= task.row.changed_us - now_us;
	return rf_task_save(core, &task, error);
}

int rf_timers_set_right(struct rf_core *core, struct rf_error *error)
{
	struct ahead ahead = {.now_us = rf_timer_now(core)};
	struct rf_task_filter delayed = {.states = 1U << RF_TASK_DELAYED};
	int status = rf_store_each_task(core->options.store, &delayed, add_ahead, &ahead, error);
	for (size_t i = 0; i < ahead.n && status == 0; i++)
		status = set_right(core, ahead.ids[i], ahead.now_us, error);
	if (ahead.n > 0)
		rf_log(RF_LOG_WARNING, NULL,
		       "the clock ran ahead and was set back: %zu tasks wait as long as was meant", ahead.n);
	free(ahead.ids);
	return status;
}

/* ---- when next ----------------------------------------------------------------------------------------------------
 */

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t rf_timers_next(const struct rf_core *core)
{
	int64_t next_us = core->now_us + core->options.heartbeat_us / 4;
	if (core->due_us != INT64_MAX) {
		int64_t wait_us = core->due_us - rf_timer_now(core);
		next_us = sooner(next_us, core->now_us + (wait_us > 0 ? wait_us : 0));
	}
	for (const struct rf_breaker *breaker = core->breakers; breaker; breaker = breaker->hh.next)
		if (breaker->open && !breaker->probing && breaker->until_us > core->now_us)
			next_us = sooner(next_us, breaker->until_us);
	return next_us;
}
