/* Stages that an operator has paused: nothing new is handed out for them until they are resumed, across restarts too.
 * What they have in hand they finish; what is behind and before them goes on.
 *
 * The pause is a setting of the store; who asked and why stands in the history under the name "stage:NAME". */
#include "base/datetime.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

static char *setting_of(const char *stage)
{
	return rf_format("paused/%s", stage);
}

/* Under which the history of a stage stands. */
static char *history_of(const char *stage)
{
	return rf_format("stage:%s", stage);
}

int rf_pauses_load(struct rf_core *core, struct rf_error *error)
{
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_core_stage *stage = &core->stages[i];
		rf_autofree char *setting = setting_of(stage->definition->name);
		stage->paused_us = 0;
		if (rf_store_get_setting(core->options.store, setting, &stage->paused_us, error) < 0)
			return -1;
		if (stage->paused_us)
			rf_log(RF_LOG_WARNING, NULL, "%s is paused; go on with: referat resume %s",
			       stage->definition->name, stage->definition->name);
	}
	return 0;
}

static int remember(struct rf_core *core, struct rf_core_stage *stage, const char *what, int64_t since_us,
		    json *arguments, struct rf_error *error)
{
	rf_autofree char *setting = setting_of(stage->definition->name);
	rf_autofree char *name = history_of(stage->definition->name);
	struct rf_task about = {.document = name, .stage = stage->definition->name};
	if (rf_store_set_setting(core->options.store, setting, since_us, error) < 0 ||
	    rf_control_note(core, &about, what, arguments, error) < 0)
		return -1;
	stage->paused_us = since_us;
	rf_log(RF_LOG_WARNING, NULL, "%s: %s", stage->definition->name, what);
	return 0;
}

static struct rf_core_stage *find_stage(struct rf_core *core, json *arguments, struct rf_error *error)
{
	const char *name = rf_json_get(arguments, "stage");
	struct rf_core_stage *stage = rf_stage_named(core, name);
	if (!stage)
		rf_stage_unknown(core, name, error);
	return stage;
}

int rf_act_pause(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)answer;
	struct rf_core_stage *stage = find_stage(core, arguments, error);
	if (!stage)
		return RF_REFUSED;
	if (stage->paused_us) {
		rf_error_set(error, "%s is paused already", stage->definition->name);
		return RF_REFUSED;
	}
	rf_leases_call_back(core, stage);
	return remember(core, stage, "paused", rf_clock_wall(core->options.clock), arguments, error);
}

/* Whoever resumes a stage wants it to go on now: its destination, too, if that waits to be tried again. */
int rf_act_resume(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct rf_core_stage *stage = find_stage(core, arguments, error);
	if (!stage)
		return RF_REFUSED;
	bool tried = rf_breaker_try_now(core, stage);
	json_object_object_add(answer, "tried", json_object_new_boolean(tried));
	if (!stage->paused_us && !tried) {
		rf_error_set(error, "%s is not paused, and its destination works", stage->definition->name);
		return RF_REFUSED;
	}
	return stage->paused_us ? remember(core, stage, "resumed", 0, arguments, error) : 0;
}

static int take_detail(void *context, const struct rf_event *event)
{
	char **last = context;
	free(*last);
	*last = rf_strdup(event->detail);
	return 0;
}

int rf_pauses_show(struct rf_core *core, const struct rf_core_stage *stage, json *status, struct rf_error *error)
{
	if (!stage->paused_us)
		return 0;
	rf_autofree char *name = history_of(stage->definition->name), *why = NULL;
	if (rf_store_each_event(core->options.store, name, take_detail, &why, error) < 0)
		return -1;
	rf_json_instant(status, "paused", stage->paused_us);
	rf_json_text(status, "paused_why", why);
	return 0;
}

int rf_pauses_move(struct rf_store *store, const char *from, const char *to, struct rf_error *error)
{
	rf_autofree char *before = setting_of(from), *after = setting_of(to), *why = NULL;
	rf_autofree char *old_history = history_of(from), *new_history = history_of(to);
	int64_t paused_us = 0;
	if (rf_store_get_setting(store, before, &paused_us, error) < 0)
		return -1;
	if (!paused_us)
		return 0;
	if (rf_store_each_event(store, old_history, take_detail, &why, error) < 0)
		return -1;
	struct rf_event event = {
	    .at_us = paused_us, .document = new_history, .stage = to, .what = "paused", .detail = why};
	if (rf_store_set_setting(store, before, 0, error) < 0 ||
	    rf_store_set_setting(store, after, paused_us, error) < 0 || rf_store_add_event(store, &event, error) < 0)
		return -1;
	return 0;
}
