/* How a pipeline stands: tasks by stage and state, what is in somebody's hands, destinations, the oldest that waits. */
#include "base/error.h"
#include "broker/answers.h"

#include <string.h>

typedef struct json_object json;

static json *status_of_stage(json *stages, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json *stage = json_object_array_get_idx(stages, i);
		if (strcmp(rf_json_get(stage, "name"), name) == 0)
			return stage;
	}
	json *stage = json_object_new_object();
	rf_json_text(stage, "name", name);
	for (int state = RF_TASK_READY; state < RF_TASK_STATES; state++)
		rf_json_number(stage, rf_task_state_name((enum rf_task_state)state), 0);
	json_object_array_add(stages, stage);
	return stage;
}

struct tally {
	json *stages;
	uint64_t open;
};

static int add_count(void *context, const struct rf_count *count)
{
	struct tally *tally = context;
	rf_json_number(status_of_stage(tally->stages, count->stage), rf_task_state_name(count->state), count->n);
	if (count->state == RF_TASK_READY || count->state == RF_TASK_DELAYED)
		tally->open += count->n;
	return 0;
}

/* What is in somebody's hands is a ready row. */
static void add_memory(struct rf_core *core, const struct rf_core_stage *stage, json *status)
{
	uint64_t leased = stage->n_leases - stage->n_started, workers = 0, started = stage->n_started;
	for (const struct rf_lease *lease = core->leases; lease; lease = lease->hh.next)
		if (lease->superseded && lease->stage == stage)
			started--;
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		workers += peer->role == RF_ROLE_STAGE && peer->stage == stage;
	json *ready;
	json_object_object_get_ex(status, "ready", &ready);
	rf_json_number(status, "ready", (uint64_t)json_object_get_int64(ready) - leased - started);
	rf_json_number(status, "leased", leased);
	rf_json_number(status, "started", started);
	rf_json_number(status, "workers", workers);
}

/* What passed since the broker started: done, and everything else. */
static void add_meter(const struct rf_core_stage *stage, json *status)
{
	uint64_t other = 0;
	for (int passed = RF_PASSED_DONE + 1; passed < RF_PASSED_KINDS; passed++)
		other += stage->meter.passed[passed];
	rf_json_number(status, "passed", stage->meter.passed[RF_PASSED_DONE]);
	rf_json_number(status, "stumbled", other);
	rf_json_number(status, "run_us", (uint64_t)stage->meter.runs.sum_us);
}

static int add_oldest(struct rf_core *core, const struct rf_core_stage *stage, json *status, struct rf_error *error)
{
	static const enum rf_task_state states[] = {RF_TASK_READY, RF_TASK_DELAYED, RF_TASK_HELD};
	int64_t oldest_us = INT64_MAX;
	for (size_t i = 0; i < RF_COUNT(states); i++) {
		int64_t created_us;
		int found =
		    rf_store_oldest_task(core->options.store, states[i], stage->definition->name, &created_us, error);
		if (found < 0)
			return -1;
		if (found == 0 && created_us < oldest_us)
			oldest_us = created_us;
	}
	if (oldest_us != INT64_MAX)
		rf_json_instant(status, "oldest", oldest_us);
	return 0;
}

static void add_destinations(struct rf_core *core, json *answer)
{
	json *destinations = rf_json_list(answer, "destinations");
	for (const struct rf_breaker *breaker = core->breakers; breaker; breaker = breaker->hh.next) {
		json *destination = rf_json_append(destinations);
		rf_json_text(destination, "name", breaker->name);
		json_object_object_add(destination, "works", json_object_new_boolean(!breaker->open));
	}
}

static int add_store(struct rf_core *core, json *answer, struct rf_error *error)
{
	struct rf_usage usage;
	int64_t documents = 0;
	if (rf_intake_count(core, error) < 0 || rf_store_get_usage(core->options.store, &usage, error) < 0 ||
	    rf_store_get_setting(core->options.store, "documents", &documents, error) < 0)
		return -1;
	rf_json_number(answer, "documents", (uint64_t)documents);
	rf_json_number(answer, "tasks_made", usage.tasks_made);
	rf_json_number(answer, "store_bytes", usage.bytes);
	json_object_object_add(answer, "disk_short", json_object_new_boolean(core->disk_short));
	return 0;
}

struct bulk {
	uint64_t n;
	int64_t last_due_us;
};

static int add_one(void *context, const struct rf_task *task)
{
	struct bulk *bulk = context;
	bulk->n++;
	if (task->state == RF_TASK_DELAYED && task->due_us > bulk->last_due_us)
		bulk->last_due_us = task->due_us;
	return 0;
}

/* How many tasks there are of what runs again, and how long it is until the last of them may begin. */
static int add_bulk(struct rf_core *core, json *answer, struct rf_error *error)
{
	struct bulk bulk = {.n = 0};
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_task_filter filter = {.states = 1U << RF_TASK_READY | 1U << RF_TASK_DELAYED,
						.stage = core->stages[i].definition->name,
						.only_bulk = true};
		if (rf_store_each_task(core->options.store, &filter, add_one, &bulk, error) < 0)
			return -1;
	}
	rf_json_number(answer, "bulk", bulk.n);
	if (bulk.last_due_us > rf_timer_now(core))
		rf_json_number(answer, "bulk_wait_us", (uint64_t)(bulk.last_due_us - rf_timer_now(core)));
	return 0;
}

int rf_answer_status(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)arguments;
	struct tally tally = {.stages = json_object_new_array()};
	for (size_t i = 0; i < core->n_stages; i++)
		status_of_stage(tally.stages, core->stages[i].definition->name);
	json_object_object_add(answer, "stages", tally.stages);
	if (rf_store_each_count(core->options.store, add_count, &tally, error) < 0)
		return -1;
	for (size_t i = 0; i < core->n_stages; i++) {
		const struct rf_core_stage *stage = &core->stages[i];
		json *status = status_of_stage(tally.stages, stage->definition->name);
		add_memory(core, stage, status);
		add_meter(stage, status);
		if (add_oldest(core, stage, status, error) < 0 || rf_pauses_show(core, stage, status, error) < 0)
			return -1;
	}
	rf_json_text(answer, "pipeline", core->options.pipeline->name);
	rf_json_number(answer, "epoch", core->epoch);
	json_object_object_add(answer, "frozen", json_object_new_boolean(core->frozen != RF_THAWED));
	json_object_object_add(answer, "caught_up", json_object_new_boolean(rf_peers_caught_up(core)));
	rf_json_number(answer, "open", tally.open);
	rf_json_instant(answer, "now", rf_timer_now(core));
	add_destinations(core, answer);
	json_object_object_add(answer, "alerts_unsent", json_object_new_boolean(core->unsent != NULL));
	if (add_bulk(core, answer, error) < 0 || rf_telling_question(core, answer, error) < 0)
		return -1;
	return add_store(core, answer, error);
}
