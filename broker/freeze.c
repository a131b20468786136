/* After a restore nothing is sent out until a person says so: the store went back in time, and what was published or
 * mailed since is not in it.
 *
 *   FROZEN       stages that publish or notify are handed nothing
 *   RECONCILING  targets are asked what stands there (LOOKUP), and nobody is told GO: what is found is recorded as
 * done; what is not there, and what can't be asked for (mail), is held THAWED       as always; what was held by the
 * above went on as the operator said
 *
 * The state is a setting of the store, so that a restart changes nothing. */
#include "base/error.h"
#include "base/log.h"
#include "broker/answers.h"
#include "plugin/language.h"

#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

static const char setting[] = "frozen", not_there[] = "frozen", unproved[] = "unproved";

int rf_freeze_load(struct rf_core *core, struct rf_error *error)
{
	int64_t frozen = RF_THAWED;
	if (rf_store_get_setting(core->options.store, setting, &frozen, error) < 0)
		return -1;
	core->frozen = (enum rf_freeze)frozen;
	if (core->frozen != RF_THAWED)
		rf_log(RF_LOG_WARNING, NULL,
		       "restored from a backup: nothing is published or mailed until `referat thaw`");
	return 0;
}

static int set(struct rf_core *core, enum rf_freeze frozen, struct rf_error *error)
{
	core->frozen = frozen;
	core->wrote = true;
	return rf_store_set_setting(core->options.store, setting, frozen, error);
}

/* ---- holding ----------------------------------------------------------------------------------------------------- */

static bool sends_out(const struct rf_core_stage *stage)
{
	return stage->definition->kind == RF_STAGE_PUBLISH || stage->definition->kind == RF_STAGE_NOTIFY;
}

static bool can_look_up(const struct rf_core_stage *stage)
{
	const struct rf_stage *definition = stage->definition;
	return definition->kind == RF_STAGE_PUBLISH && definition->n_plugins > 0 && definition->plugins[0].info &&
	       definition->plugins[0].info->has_lookup;
}

struct found {
	uint64_t *ids;
	size_t n;
	const char *code; /* NULL: any */
};

static int add_found(void *context, const struct rf_task *task)
{
	struct found *found = context;
	if (found->code && (!task->code || strcmp(task->code, found->code) != 0))
		return 0;
	found->ids = rf_realloc_array(found->ids, found->n + 1, sizeof *found->ids);
	found->ids[found->n++] = task->id;
	return 0;
}

int rf_freeze_hold(struct rf_core *core, struct rf_owned_task *task, bool looked_up, struct rf_error *error)
{
	rf_autofree char *note =
	    rf_language_say(core->options.language, looked_up ? "stage.frozen" : "stage.unproved", NULL);
	if (rf_task_move(core, task, RF_TASK_HELD, looked_up ? not_there : unproved, note, error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "held", note, error);
}

static int hold_ready(struct rf_core *core, const struct rf_core_stage *stage, struct rf_error *error)
{
	struct found found = {0};
	struct rf_task_filter filter = {.states = 1U << RF_TASK_READY, .stage = stage->definition->name};
	int status = rf_store_each_task(core->options.store, &filter, add_found, &found, error);
	for (size_t i = 0; i < found.n && status == 0; i++) {
		rf_autotask struct rf_owned_task task = {0};
		status = rf_task_load(core, found.ids[i], &task, error);
		if (status == 0)
			status = rf_freeze_hold(core, &task, false, error);
	}
	free(found.ids);
	return status < 0 ? -1 : 0;
}

int rf_freeze_withholds(struct rf_core *core, struct rf_core_stage *stage, bool *withheld, struct rf_error *error)
{
	*withheld = false;
	if (core->frozen == RF_THAWED || !sends_out(stage))
		return 0;
	*withheld = core->frozen == RF_FROZEN || !can_look_up(stage);
	if (core->frozen == RF_FROZEN || !*withheld || !rf_stage_may_have_ready(stage))
		return 0;
	rf_stage_stir(stage);
	stage->stirred = false;
	return hold_ready(core, stage, error);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

struct listing {
	json *documents;
	const char *code;
};

static int list_held(void *context, const struct rf_task *task)
{
	struct listing *listing = context;
	if (!task->code || strcmp(task->code, listing->code) != 0)
		return 0;
	json *entry = rf_json_append(listing->documents);
	rf_json_text(entry, "document", task->document);
	rf_json_text(entry, "stage", task->stage);
	return 0;
}

static int add_open(void *context, const struct rf_count *count)
{
	if (count->state == RF_TASK_READY || count->state == RF_TASK_DELAYED)
		*(uint64_t *)context += count->n;
	return 0;
}

static int report(struct rf_core *core, json *answer, struct rf_error *error)
{
	uint64_t open = 0;
	struct listing missing = {rf_json_list(answer, "not_there"), not_there};
	struct listing mail = {rf_json_list(answer, "unproved"), unproved};
	struct rf_task_filter held = {.states = 1U << RF_TASK_HELD};
	if (rf_store_each_count(core->options.store, add_open, &open, error) < 0 ||
	    rf_store_each_task(core->options.store, &held, list_held, &missing, error) < 0 ||
	    rf_store_each_task(core->options.store, &held, list_held, &mail, error) < 0)
		return -1;
	rf_json_number(answer, "open", open);
	return 0;
}

static int must_be_frozen(const struct rf_core *core, struct rf_error *error)
{
	if (core->frozen != RF_THAWED)
		return 0;
	rf_error_set(error, "the store is not frozen: nothing was restored, or it was thawed");
	return RF_REFUSED;
}

int rf_act_reconcile(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)arguments;
	int status = must_be_frozen(core, error);
	if (status != 0)
		return status;
	if (core->frozen == RF_FROZEN) {
		if (set(core, RF_RECONCILING, error) < 0)
			return -1;
		rf_stages_stir(core);
	}
	return report(core, answer, error);
}

static int may_thaw(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	int status = must_be_frozen(core, error);
	if (status != 0)
		return status;
	if (report(core, answer, error) < 0)
		return -1;
	const char *mail = rf_json_get(arguments, "mail");
	json *open = NULL, *now = NULL, *held = NULL;
	json_object_object_get_ex(answer, "open", &open);
	json_object_object_get_ex(answer, "unproved", &held);
	json_object_object_get_ex(arguments, "now", &now);
	if (!json_object_get_boolean(now) && (core->frozen == RF_FROZEN || json_object_get_int64(open) > 0)) {
		rf_error_set(error,
			     core->frozen == RF_FROZEN
				 ? "nobody has looked yet what was done since the backup: `referat reconcile` does"
				 : "%lld tasks are on their way; wait until `referat reconcile` says none",
			     (long long)json_object_get_int64(open));
		return RF_REFUSED;
	}
	bool known = mail && (strcmp(mail, "send") == 0 || strcmp(mail, "skip") == 0);
	if (!known && (mail || json_object_array_length(held) > 0)) {
		rf_error_set(error,
			     "for %zu documents it can't be told whether they were mailed: say --mail skip (they count "
			     "as mailed) or --mail send (some may be mailed twice)",
			     json_object_array_length(held));
		return RF_REFUSED;
	}
	return 0;
}

static int let_go(struct rf_core *core, json *arguments, uint64_t id, bool skip, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0 ||
	    rf_control_note(core, &task.row, skip ? "released" : "sent-on", arguments, error) < 0)
		return -1;
	const struct rf_core_stage *stage = rf_stage_named(core, task.stage);
	if (!skip || !stage)
		return rf_task_reopen(core, &task, (struct rf_turn){.priority = task.row.priority}, error);
	if (rf_task_move(core, &task, RF_TASK_DONE, NULL, NULL, error) < 0)
		return -1;
	return rf_routes_follow(core, &task.row, stage, error);
}

static int let_go_all(struct rf_core *core, json *arguments, const char *code, bool skip, struct rf_error *error)
{
	struct found found = {.code = code};
	struct rf_task_filter held = {.states = 1U << RF_TASK_HELD};
	int status = rf_store_each_task(core->options.store, &held, add_found, &found, error);
	for (size_t i = 0; i < found.n && status == 0; i++)
		status = let_go(core, arguments, found.ids[i], skip, error);
	free(found.ids);
	return status < 0 ? -1 : 0;
}

int rf_act_thaw(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	int status = may_thaw(core, arguments, answer, error);
	if (status != 0)
		return status;
	const char *mail = rf_json_get(arguments, "mail");
	if (set(core, RF_THAWED, error) < 0 || let_go_all(core, arguments, not_there, false, error) < 0 ||
	    let_go_all(core, arguments, unproved, mail && strcmp(mail, "skip") == 0, error) < 0)
		return -1;
	rf_stages_stir(core);
	rf_log(RF_LOG_INFO, NULL, "thawed: what is due is published and mailed again");
	return 0;
}
