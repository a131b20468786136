/* For those who watch: what passes, and how old what waits is. */
#include "base/error.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

static int64_t number_in(json *arguments, const char *name, int64_t otherwise)
{
	json *given;
	return json_object_object_get_ex(arguments, name, &given) ? json_object_get_int64(given) : otherwise;
}

/* ---- tap ------------------------------------------------------------------------------------------------------------
 */

enum { TAP_MOST = 256 };

static void add_passing(json *list, const struct rf_passing *passing)
{
	json *object = rf_json_append(list);
	rf_json_number(object, "number", passing->number);
	rf_json_instant(object, "at", passing->at_us);
	rf_json_text(object, "document", passing->document);
	rf_json_number(object, "revision", passing->revision);
	rf_json_text(object, "stage", passing->stage);
	rf_json_text(object, "outcome", rf_passed_name(passing->passed));
	if (passing->code[0])
		rf_json_text(object, "code", passing->code);
	rf_json_number(object, "wait_us", (uint64_t)passing->wait_us);
	rf_json_number(object, "run_us", (uint64_t)passing->run_us);
}

/* The asker says what it has seen; without that, it is told where to begin. Nothing is kept for it. A number from
 * before a restart of the broker means nothing any more: the asker begins anew. */
int rf_answer_tap(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	const char *stage = rf_json_get(arguments, "stage");
	if (stage && !rf_stage_named(core, stage)) {
		rf_stage_unknown(core, stage, error);
		return RF_REFUSED;
	}
	uint64_t last = rf_passings_last(core->passings);
	int64_t after = number_in(arguments, "after", (int64_t)last);
	uint64_t seen = after >= 0 && (uint64_t)after <= last ? (uint64_t)after : 0, missed = 0;
	json *list = rf_json_list(answer, "passings");
	const struct rf_passing *passing;
	while ((passing = rf_passings_after(core->passings, seen)) && json_object_array_length(list) < TAP_MOST) {
		missed += passing->number - seen - 1;
		seen = passing->number;
		if (!stage || strcmp(stage, passing->stage) == 0)
			add_passing(list, passing);
	}
	rf_json_number(answer, "seen", seen);
	rf_json_number(answer, "missed", missed);
	return 0;
}

/* ---- age ------------------------------------------------------------------------------------------------------------
 */

static const struct {
	const char *name;
	int64_t limit_us; /* younger than this */
} age_groups[] = {{"minutes", INT64_C(3600) * RF_SECOND},
		  {"hours", INT64_C(86400) * RF_SECOND},
		  {"days", INT64_C(7 * 86400) * RF_SECOND},
		  {"weeks", INT64_MAX}};

struct ages {
	int64_t now_us;
	int64_t *all_us;
	size_t n, capacity;
	uint64_t groups[RF_COUNT(age_groups)];
};

static int add_age(void *context, const struct rf_task *task)
{
	struct ages *ages = context;
	int64_t age_us = ages->now_us > task->created_us ? ages->now_us - task->created_us : 0;
	if (ages->n == ages->capacity) {
		ages->capacity = ages->capacity ? ages->capacity * 2 : 256;
		ages->all_us = rf_realloc_array(ages->all_us, ages->capacity, sizeof *ages->all_us);
	}
	ages->all_us[ages->n++] = age_us;
	size_t group = 0;
	while (age_us >= age_groups[group].limit_us)
		group++;
	ages->groups[group]++;
	return 0;
}

static int older_first(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
	return one < other ? 1 : one > other ? -1 : 0;
}

static int show_ages(struct rf_core *core, const char *stage, json *stages, struct rf_error *error)
{
	struct ages ages = {.now_us = rf_timer_now(core)};
	struct rf_task_filter filter = {.states = 1U << RF_TASK_READY | 1U << RF_TASK_DELAYED | 1U << RF_TASK_HELD,
					.stage = stage};
	int status = rf_store_each_task(core->options.store, &filter, add_age, &ages, error);
	if (status == 0) {
		json *object = rf_json_append(stages);
		rf_json_text(object, "name", stage);
		rf_json_number(object, "tasks", ages.n);
		for (size_t i = 0; i < RF_COUNT(age_groups); i++)
			rf_json_number(object, age_groups[i].name, ages.groups[i]);
		if (ages.n > 0) {
			qsort(ages.all_us, ages.n, sizeof *ages.all_us, older_first);
			rf_json_number(object, "oldest_us", (uint64_t)ages.all_us[0]);
			rf_json_number(object, "median_us", (uint64_t)ages.all_us[ages.n / 2]);
		}
	}
	free(ages.all_us);
	return status < 0 ? -1 : 0;
}

int rf_answer_age(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)arguments;
	json *stages = rf_json_list(answer, "stages");
	for (size_t i = 0; i < core->n_stages; i++)
		if (show_ages(core, core->stages[i].definition->name, stages, error) < 0)
			return -1;
	return 0;
}
