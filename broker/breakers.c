/* Destinations that fail: their breaker opens, and no stage sends anything there until one task, let through after a
 * pause, shows that they work again. No document is charged. */
#include "base/log.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_ASKED_US (INT64_C(3600) * RF_SECOND) /* a mistake of the destination is not waited for longer */

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

/* When it is tried again: after a pause that grows, and not before it wants to be (Retry-After), within reason. */
static void wait_for(struct rf_core *core, struct rf_breaker *breaker, const struct rf_stage *stage, int64_t due_us)
{
	int64_t pause_us = rf_timer_back_off(core, stage->retry_base_us, stage->retry_cap_us, breaker->times++);
	int64_t asked_us = due_us > 0 ? due_us - rf_clock_wall(core->options.clock) : 0;
	if (asked_us > LONGEST_ASKED_US)
		asked_us = LONGEST_ASKED_US;
	breaker->asked = asked_us > pause_us;
	breaker->until_us = core->now_us + (breaker->asked ? asked_us : pause_us);
}

void rf_breaker_trip(struct rf_core *core, struct rf_lease *lease, const struct rf_breakdown *breakdown)
{
	struct rf_core_stage *stage = lease->stage;
	struct rf_breaker *breaker = breaker_named(core, breakdown->destination);
	stage->breaker = breaker;
	free(breaker->why);
	breaker->why = rf_strdup(breakdown->why);
	breaker->refused = strcmp(breakdown->code, RF_CODE_CREDENTIALS) == 0;
	/* Of those that were under way when it opened, each reports the same fault: it counts once. */
	if (breaker->open && !(breaker->probing && breaker->probe == lease->token.task))
		return;
	if (!breaker->open)
		breaker->opened_us = core->now_us;
	breaker->open = true;
	breaker->probing = false;
	wait_for(core, breaker, stage->definition, breakdown->due_us);
	rf_log(RF_LOG_WARNING, NULL, "%s does not work: %s waits", breakdown->destination, stage->definition->name);
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

bool rf_breaker_try_now(struct rf_core *core, struct rf_core_stage *stage)
{
	struct rf_breaker *breaker = stage->breaker;
	if (!breaker || !breaker->open)
		return false;
	breaker->until_us = core->now_us;
	breaker->times = 0;
	return true;
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
