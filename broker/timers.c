/* What happens because time passed: delayed tasks come due, destinations are tried again. */
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

/* ---- breakers ------------------------------------------------------------------------------------------------------
 */

static struct rf_breaker *breaker_named(struct rf_core *core, const char *name)
{
	struct rf_breaker *breaker;
	HASH_FIND_STR(core->breakers, name, breaker);
	if (!breaker) {
		breaker = rf_alloc(sizeof *breaker);
		breaker->name = rf_strdup(name);
		HASH_ADD_KEYPTR(hh, core->breakers, breaker->name, strlen(breaker->name), breaker);
	}
	return breaker;
}

/* What is prefetched would only fail as well. */
static void call_back(struct rf_core *core, const struct rf_breaker *breaker)
{
	for (size_t i = 0; i < core->n_stages; i++)
		if (core->stages[i].breaker == breaker)
			rf_leases_call_back(core, &core->stages[i]);
}

void rf_breaker_trip(struct rf_core *core, struct rf_lease *lease, const char *destination, const char *code,
		     const char *why)
{
	struct rf_core_stage *stage = lease->stage;
	struct rf_breaker *breaker = breaker_named(core, destination);
	stage->breaker = breaker;
	free(breaker->why);
	breaker->why = rf_strdup(why);
	breaker->refused = strcmp(code, RF_CODE_CREDENTIALS) == 0;
	/* Of those that were under way when it opened, each reports the same fault: it counts once. */
	if (breaker->open && !(breaker->probing && breaker->probe == lease->token.task))
		return;
	if (!breaker->open)
		breaker->opened_us = core->now_us;
	breaker->open = true;
	breaker->probing = false;
	breaker->until_us = core->now_us + rf_timer_back_off(core, stage->definition->retry_base_us,
							     stage->definition->retry_cap_us, breaker->times++);
	rf_log(RF_LOG_WARNING, NULL, "%s does not work: %s waits", destination, stage->definition->name);
	call_back(core, breaker);
}

void rf_breaker_restore(struct rf_core *core, struct rf_core_stage *stage, const char *destination, bool refused,
			int64_t open_us)
{
	struct rf_breaker *breaker = breaker_named(core, destination);
	stage->breaker = breaker;
	breaker->open = true;
	breaker->refused = refused;
	breaker->opened_us = core->now_us - open_us;
	breaker->until_us = core->now_us;
}

void rf_breaker_mend(struct rf_lease *lease)
{
	struct rf_breaker *breaker = lease->stage->breaker;
	if (!breaker || !breaker->open)
		return;
	breaker->open = breaker->probing = false;
	breaker->times = 0;
	rf_log(RF_LOG_INFO, NULL, "%s works again", breaker->name);
}

/* Half open: one task is let through, and shows whether it works. A probe whose lease is gone showed nothing. */
bool rf_breaker_lets_through(struct rf_core *core, struct rf_core_stage *stage)
{
	struct rf_breaker *breaker = stage->breaker;
	if (!breaker || !breaker->open)
		return true;
	if (breaker->probing) {
		struct rf_lease *lease;
		HASH_FIND(hh, core->leases, &breaker->probe, sizeof breaker->probe, lease);
		if (lease)
			return false;
		breaker->probing = false;
	}
	return core->now_us >= breaker->until_us;
}
