/* Which tasks follow a DONE: stages behind it, where `from` is satisfied and `when` holds. */
#include "base/error.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- what `when` sees ----------------------------------------------------------------------------------------------
 */

struct attribute {
	char *name, *value;
};

struct attributes {
	struct attribute *all;
	size_t n;
};

static int add_attribute(void *context, const char *name, const char *value)
{
	struct attributes *attributes = context;
	attributes->all = rf_realloc_array(attributes->all, attributes->n + 1, sizeof *attributes->all);
	attributes->all[attributes->n++] = (struct attribute){rf_strdup(name), rf_strdup(value)};
	return 0;
}

static void attributes_deinit(struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->n; i++) {
		free(attributes->all[i].name);
		free(attributes->all[i].value);
	}
	free(attributes->all);
}

static bool meets(const struct rf_condition *condition, const struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->n; i++)
		if (strcmp(attributes->all[i].name, condition->name) == 0)
			return strcmp(attributes->all[i].value, condition->value) == 0;
	return false;
}

static bool conditions_hold(const struct rf_stage *stage, const struct attributes *attributes)
{
	for (size_t i = 0; i < stage->n_conditions; i++)
		if (!meets(&stage->conditions[i], attributes))
			return false;
	return true;
}

/* What was withdrawn has all its tasks from the start (withdrawals.c). */
static bool is_withdrawal(const struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->n; i++)
		if (strcmp(attributes->all[i].name, RF_ATTRIBUTE_WITHDRAWN) == 0)
			return true;
	return false;
}

/* ---- joins ---------------------------------------------------------------------------------------------------------
 */

/* Whether no task of this revision will ever come to the stage: its conditions fail, or everything before it is
 * skipped. The definition has no cycles, so this ends. */
static bool is_skipped(const struct rf_core *core, const struct rf_stage *stage, const struct attributes *attributes)
{
	if (!conditions_hold(stage, attributes))
		return true;
	size_t skipped = 0;
	for (size_t i = 0; i < stage->n_from; i++)
		skipped += is_skipped(core, core->stages[stage->from[i]].definition, attributes);
	return stage->n_from > 0 && skipped == stage->n_from;
}

/* all: of them: each is done, or will never come. */
static int is_joined(struct rf_core *core, const char *document, uint32_t revision, const struct rf_stage *stage,
		     const struct attributes *attributes, bool *joined, struct rf_error *error)
{
	*joined = true;
	for (size_t i = 0; i < stage->n_from && *joined; i++) {
		const struct rf_stage *before = core->stages[stage->from[i]].definition;
		struct rf_task task;
		int status = rf_store_find_task(core->options.store, document, revision, before->name, &task, error);
		if (status < 0)
			return -1;
		bool is_there = status == 0 && task.state != RF_TASK_SUPERSEDED;
		*joined = is_there ? task.state == RF_TASK_DONE : is_skipped(core, before, attributes);
	}
	return 0;
}

static bool comes_after(const struct rf_stage *stage, size_t index)
{
	for (size_t i = 0; i < stage->n_from; i++)
		if (stage->from[i] == index)
			return true;
	return false;
}

/* Something that is superseded, of the revision that goes on, waits to be run again (replay.c). */
static int follow(struct rf_core *core, const struct rf_task *done, struct rf_core_stage *next,
		  const struct attributes *attributes, struct rf_error *error)
{
	if (!conditions_hold(next->definition, attributes))
		return 0;
	bool joined = true;
	if (next->definition->join &&
	    is_joined(core, done->document, done->revision, next->definition, attributes, &joined, error) < 0)
		return -1;
	if (!joined)
		return 0;
	struct rf_turn turn = {.priority = done->priority};
	struct rf_task known;
	int status = rf_store_find_task(core->options.store, done->document, done->revision, next->definition->name,
					&known, error);
	if (status == RF_STORE_NONE)
		return rf_task_add(core, done->document, done->revision, next, turn, error);
	/* any: of them: the first that is done makes the task. */
	if (status < 0 || known.state != RF_TASK_SUPERSEDED)
		return status;
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, known.id, &task, error) != 0)
		return -1;
	return rf_task_reopen(core, &task, turn, error);
}

int rf_routes_follow(struct rf_core *core, const struct rf_task *task, const struct rf_core_stage *done,
		     struct rf_error *error)
{
	__attribute__((cleanup(attributes_deinit))) struct attributes attributes = {0};
	if (rf_store_each_attribute(core->options.store, task->document, task->revision, add_attribute, &attributes,
				    error) < 0)
		return -1;
	for (size_t i = 0; i < core->n_stages && !is_withdrawal(&attributes); i++)
		if (comes_after(core->stages[i].definition, done->index) &&
		    follow(core, task, &core->stages[i], &attributes, error) < 0)
			return -1;
	return 0;
}

int rf_routes_admit(struct rf_core *core, const char *document, uint32_t revision, const Referat__Wire__Item *anew,
		    const struct rf_core_stage *stage, bool *admitted, struct rf_error *error)
{
	__attribute__((cleanup(attributes_deinit))) struct attributes attributes = {0};
	for (size_t i = 0; i < anew->n_attributes; i++) /* the first of a name counts */
		add_attribute(&attributes, anew->attributes[i]->name, anew->attributes[i]->value);
	if (rf_store_each_attribute(core->options.store, document, revision, add_attribute, &attributes, error) < 0)
		return -1;
	*admitted = conditions_hold(stage->definition, &attributes);
	return 0;
}

void rf_routes_behind(const struct rf_core *core, const struct rf_core_stage *from, bool behind[RF_MOST_STAGES])
{
	memset(behind, 0, RF_MOST_STAGES * sizeof *behind);
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < core->n_stages; i++) {
			const struct rf_stage *stage = core->stages[i].definition;
			for (size_t j = 0; j < stage->n_from && !behind[i]; j++)
				if (stage->from[j] == from->index || behind[stage->from[j]])
					more = behind[i] = true;
		}
	}
}

/* from: of them: one is done. */
static int is_any_done(struct rf_core *core, const char *document, uint32_t revision, const struct rf_stage *stage,
		       bool *done, struct rf_error *error)
{
	*done = stage->n_from == 0;
	for (size_t i = 0; i < stage->n_from && !*done; i++) {
		const char *before = core->stages[stage->from[i]].definition->name;
		struct rf_task task;
		int status = rf_store_find_task(core->options.store, document, revision, before, &task, error);
		if (status < 0)
			return -1;
		*done = status == 0 && task.state == RF_TASK_DONE;
	}
	return 0;
}

int rf_routes_reach(struct rf_core *core, const char *document, uint32_t revision, const struct rf_core_stage *stage,
		    bool *reached, struct rf_error *error)
{
	__attribute__((cleanup(attributes_deinit))) struct attributes attributes = {0};
	const struct rf_stage *definition = stage->definition;
	if (rf_store_each_attribute(core->options.store, document, revision, add_attribute, &attributes, error) < 0)
		return -1;
	int status = definition->join ? is_joined(core, document, revision, definition, &attributes, reached, error)
				      : is_any_done(core, document, revision, definition, reached, error);
	*reached = *reached && conditions_hold(definition, &attributes);
	return status;
}
