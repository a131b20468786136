/* Why a document is where it is, and the way it came. */
#include "base/error.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>

enum { TRACED_REVISIONS = 50 }; /* of the newest, with their parts */

typedef struct json_object json;

/* The newest revision of the document that is asked for. */
static int find(struct rf_core *core, json *arguments, struct rf_revision *newest, struct rf_error *error)
{
	const char *document = rf_json_get(arguments, "document");
	int status = document ? rf_store_get_revision(core->options.store, document, 0, newest, error) : RF_STORE_NONE;
	if (status != RF_STORE_NONE)
		return status;
	rf_error_set(error, "there is no document %s", document ? document : "without an id");
	return RF_REFUSED;
}

/* ---- why ------------------------------------------------------------------------------------------------------------
 */

static int add_title(void *context, const char *name, const char *value)
{
	if (strcmp(name, "title") == 0)
		rf_json_words(context, name, value);
	return 0;
}

struct unfinished {
	const struct rf_core *core;
	uint32_t revision;
	json *tasks;
};

static void add_destination(json *object, const struct rf_core *core, const struct rf_breaker *breaker)
{
	json *destination = json_object_new_object();
	json_object_object_add(object, "destination", destination);
	rf_json_words(destination, "name", breaker->name);
	int64_t wait_us = breaker->until_us > core->now_us ? breaker->until_us - core->now_us : 0;
	rf_json_instant(destination, "next", rf_timer_now(core) + wait_us);
	json_object_object_add(destination, "asked", json_object_new_boolean(breaker->asked));
}

static const char *state_in_hand(const struct rf_core *core, const struct rf_task *task)
{
	const struct rf_lease *lease;
	HASH_FIND(hh, core->leases, &task->id, sizeof task->id, lease);
	if (!lease || task->state != RF_TASK_READY)
		return rf_task_state_name(task->state);
	return lease->started ? "started" : "leased";
}

static uint64_t count_workers(const struct rf_core *core, const struct rf_core_stage *stage)
{
	uint64_t n = 0;
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		n += peer->role == RF_ROLE_STAGE && peer->stage == stage;
	return n;
}

static int add_unfinished(void *context, const struct rf_task *task)
{
	const struct unfinished *unfinished = context;
	const struct rf_core *core = unfinished->core;
	bool ended = !(1U << task->state & RF_STATES_UNFINISHED);
	/* What an older one has to do may be a withdrawal, which goes on while something newer is held. */
	if (task->state == RF_TASK_DONE || (task->revision != unfinished->revision && ended))
		return 0;
	json *object = rf_json_append(unfinished->tasks);
	rf_json_number(object, "revision", task->revision);
	rf_json_text(object, "stage", task->stage);
	rf_json_text(object, "state", state_in_hand(core, task));
	rf_json_instant(object, "since", task->created_us);
	rf_json_instant(object, "changed", task->changed_us);
	rf_json_number(object, "attempts", task->attempts);
	rf_json_number(object, "failures", task->failures);
	rf_json_text(object, "code", task->code);
	rf_json_words(object, "reason", task->reason);
	if (task->state == RF_TASK_DELAYED)
		rf_json_instant(object, "next", task->due_us);
	const struct rf_core_stage *stage = rf_stage_named((struct rf_core *)core, task->stage);
	if (!stage)
		return 0;
	rf_json_number(object, "most_failures", stage->definition->max_failures);
	rf_json_number(object, "workers", count_workers(core, stage));
	if (stage->breaker && stage->breaker->open)
		add_destination(object, core, stage->breaker);
	return 0;
}

struct outside {
	const struct rf_core *core;
	json *published;
	uint64_t told, unknown; /* recipients; those of whom nobody knows */
};

static enum rf_stage_kind kind_of(const struct rf_core *core, const char *name)
{
	const struct rf_core_stage *stage = rf_stage_named((struct rf_core *)core, name);
	return stage ? stage->definition->kind : RF_STAGE_KINDS;
}

static int add_effect(void *context, const struct rf_effect *effect)
{
	struct outside *outside = context;
	enum rf_stage_kind kind = kind_of(outside->core, effect->stage);
	if (kind == RF_STAGE_NOTIFY) {
		outside->told += effect->state == RF_EFFECT_DONE && effect->standing;
		outside->unknown += effect->state == RF_EFFECT_INTENDED;
	}
	if (kind != RF_STAGE_PUBLISH || !effect->standing)
		return 0;
	json *object = rf_json_append(outside->published);
	rf_json_text(object, "stage", effect->stage);
	rf_json_text(object, "url", effect->location);
	rf_json_instant(object, "since", effect->changed_us);
	return 0;
}

int rf_answer_why(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest;
	int status = find(core, arguments, &newest, error);
	if (status != 0)
		return status;
	const char *document = rf_json_get(arguments, "document");
	rf_json_text(answer, "document", document);
	rf_json_number(answer, "revision", newest.number);
	rf_json_words(answer, "name", newest.name);
	rf_json_instant(answer, "received", newest.received_us);
	rf_json_instant(answer, "now", rf_timer_now(core));
	uint32_t revision = newest.number;
	struct unfinished unfinished = {core, revision, rf_json_list(answer, "tasks")};
	struct outside outside = {.core = core, .published = rf_json_list(answer, "published")};
	struct rf_task_filter filter = {.document = document};
	__attribute__((cleanup(rf_verdict_deinit))) struct rf_verdict verdict;
	if (rf_verdict_reach(core, document, revision, &verdict, error) < 0 ||
	    rf_store_each_attribute(store, document, revision, add_title, answer, error) < 0 ||
	    rf_store_each_task(store, &filter, add_unfinished, &unfinished, error) < 0 ||
	    rf_store_each_effect(store, document, add_effect, &outside, error) < 0)
		return -1;
	rf_json_text(answer, "status", rf_verdict_name(&verdict));
	rf_json_number(answer, "told", outside.told);
	rf_json_number(answer, "maybe_told", outside.unknown);
	return 0;
}

/* ---- trace ----------------------------------------------------------------------------------------------------------
 */

static int trace_task(void *context, const struct rf_task *task)
{
	json *object = rf_json_append(context);
	int64_t wait_us = task->changed_us - task->created_us - task->run_us;
	bool ended = task->state == RF_TASK_DONE || task->state == RF_TASK_HELD || task->state == RF_TASK_DEAD;
	rf_json_number(object, "revision", task->revision);
	rf_json_text(object, "stage", task->stage);
	rf_json_text(object, "state", rf_task_state_name(task->state));
	rf_json_instant(object, "since", task->created_us);
	rf_json_instant(object, "changed", task->changed_us);
	if (ended && task->attempts > 0) {
		rf_json_number(object, "wait_us", wait_us > 0 ? (uint64_t)wait_us : 0);
		rf_json_number(object, "run_us", (uint64_t)task->run_us);
	}
	rf_json_number(object, "attempts", task->attempts);
	rf_json_number(object, "toolset", task->toolset);
	rf_json_text(object, "code", task->code);
	rf_json_words(object, "reason", task->reason);
	return 0;
}

/* The numbers of toolsets become their words. */
static int name_toolsets(struct rf_core *core, json *tasks, struct rf_error *error)
{
	for (size_t i = 0; i < json_object_array_length(tasks); i++) {
		json *task = json_object_array_get_idx(tasks, i), *number;
		const char *plugins;
		json_object_object_get_ex(task, "toolset", &number);
		int status =
		    rf_store_get_toolset(core->options.store, (uint32_t)json_object_get_int64(number), &plugins, error);
		if (status < 0)
			return -1;
		json_object_object_del(task, "toolset");
		if (status == 0)
			rf_json_text(task, "plugins", plugins);
	}
	return 0;
}

static int trace_revisions(struct rf_core *core, const char *document, uint32_t newest, json *answer,
			   struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	json *revisions = rf_json_list(answer, "revisions");
	json *parts = rf_json_list(answer, "parts");
	uint32_t first = newest > TRACED_REVISIONS ? newest - TRACED_REVISIONS + 1 : 1;
	for (uint32_t number = first; number <= newest; number++) {
		struct rf_revision revision;
		int status = rf_store_get_revision(store, document, number, &revision, error);
		if (status == RF_STORE_NONE)
			continue;
		if (status < 0)
			return -1;
		json *object = rf_json_append(revisions);
		rf_json_number(object, "revision", revision.number);
		rf_json_number(object, "major", revision.major);
		rf_json_words(object, "name", revision.name);
		rf_json_instant(object, "received", revision.received_us);
		if (rf_store_each_part(store, document, number, rf_answer_add_part, parts, error) < 0)
			return -1;
	}
	return 0;
}

int rf_answer_trace(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest;
	int status = find(core, arguments, &newest, error);
	if (status != 0)
		return status;
	const char *document = rf_json_get(arguments, "document");
	rf_json_text(answer, "document", document);
	uint32_t number = newest.number;
	struct rf_task_filter filter = {.document = document};
	json *tasks = rf_json_list(answer, "tasks");
	if (trace_revisions(core, document, number, answer, error) < 0 ||
	    rf_store_each_task(store, &filter, trace_task, tasks, error) < 0 || name_toolsets(core, tasks, error) < 0 ||
	    rf_store_each_event(store, document, rf_answer_add_event, rf_json_list(answer, "events"), error) < 0)
		return -1;
	return 0;
}
