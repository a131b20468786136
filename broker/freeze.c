/* After a restore nothing is sent out until a person says so: the store went back in time, and what was published or
 * mailed since is not in it.
 *
 *   FROZEN       stages that publish or notify are handed nothing
 *   RECONCILING  targets are asked what stands there (LOOKUP), and nobody is told GO: what is found is recorded as
 * done; what is not there, and what can't be asked for (mail), is held. Pages that stood at the backup are asked for as
 * well (reconcile.c) RECONCILED   the same; every page was asked for, or is about to be THAWED       as always; what
 * was held by the above went on as the operator said
 *
 * The state is a setting of the store, so that a restart changes nothing. */
#include "base/error.h"
#include "base/log.h"
#include "broker/answers.h"
#include "plugin/language.h"

#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

static const char setting[] = "frozen";

/* How what is held waits for the thaw, and what it is called. */
static const struct {
	const char *code, *note;
} doubts[] = {
    [RF_DOUBT_UNPROVED] = {"unproved", "stage.unproved"},
    [RF_DOUBT_NOT_THERE] = {"frozen", "stage.frozen"},
    [RF_DOUBT_CHANGED] = {"changed-since", "stage.changed-since"},
};

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

int rf_freeze_set(struct rf_core *core, enum rf_freeze frozen, struct rf_error *error)
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

/* Mail is not asked for, also where a channel could be. */
static bool can_be_asked(const struct rf_core_stage *stage)
{
	return stage->definition->kind == RF_STAGE_PUBLISH && rf_stage_can_look_up(stage);
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

int rf_freeze_hold(struct rf_core *core, struct rf_owned_task *task, enum rf_doubt doubt, struct rf_error *error)
{
	rf_autofree char *note = rf_language_say(core->options.language, doubts[doubt].note, NULL);
	if (rf_task_move(core, task, RF_TASK_HELD, doubts[doubt].code, note, error) < 0)
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
			status = rf_freeze_hold(core, &task, RF_DOUBT_UNPROVED, error);
	}
	free(found.ids);
	return status < 0 ? -1 : 0;
}

int rf_freeze_withholds(struct rf_core *core, struct rf_core_stage *stage, bool *withheld, struct rf_error *error)
{
	*withheld = false;
	if (core->frozen == RF_THAWED || !sends_out(stage))
		return 0;
	*withheld = core->frozen == RF_FROZEN || !can_be_asked(stage);
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

static int list_doubted(struct rf_core *core, json *answer, const char *name, enum rf_doubt doubt,
			struct rf_error *error)
{
	struct listing listing = {rf_json_list(answer, name), doubts[doubt].code};
	struct rf_task_filter held = {.states = 1U << RF_TASK_HELD};
	return rf_store_each_task(core->options.store, &held, list_held, &listing, error);
}

/* Targets that nobody can ask: their pages count as they were. */
static void list_mute(const struct rf_core *core, json *answer)
{
	json *mute = rf_json_list(answer, "mute");
	for (size_t i = 0; i < core->n_stages; i++)
		if (core->stages[i].definition->kind == RF_STAGE_PUBLISH && !rf_stage_can_look_up(&core->stages[i]))
			json_object_array_add(mute, json_object_new_string(core->stages[i].definition->name));
}

static int report(struct rf_core *core, json *answer, struct rf_error *error)
{
	uint64_t open = 0;
	if (rf_store_each_count(core->options.store, add_open, &open, error) < 0 ||
	    list_doubted(core, answer, "not_there", RF_DOUBT_NOT_THERE, error) < 0 ||
	    list_doubted(core, answer, "changed", RF_DOUBT_CHANGED, error) < 0 ||
	    list_doubted(core, answer, "unproved", RF_DOUBT_UNPROVED, error) < 0)
		return -1;
	list_mute(core, answer);
	rf_json_number(answer, "open", open);
	json_object_object_add(answer, "asking", json_object_new_boolean(core->frozen == RF_RECONCILING));
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
		if (rf_freeze_set(core, RF_RECONCILING, error) < 0 || rf_reconcile_go_on(core, error) < 0)
			return -1;
		rf_stages_stir(core);
	}
	return report(core, answer, error);
}

/* Nothing is known for certain before everybody was asked. */
static int must_be_reconciled(const struct rf_core *core, const json *answer, struct rf_error *error)
{
	json *open = NULL;
	json_object_object_get_ex(answer, "open", &open);
	int64_t n = json_object_get_int64(open);
	if (core->frozen == RF_FROZEN)
		rf_error_set(error, "nobody has looked yet what was done since the backup: `referat reconcile` does");
	else if (core->frozen == RF_RECONCILING)
		rf_error_set(error,
			     "pages are still being asked for; wait until `referat reconcile` says that all were");
	else if (n > 0)
		rf_error_set(error, "%lld tasks are on their way; wait until `referat reconcile` says none",
			     (long long)n);
	else
		return 0;
	return RF_REFUSED;
}

/* What becomes of those that are held is the operator's word, which is needed where there are any. */
struct question {
	const char *name, *list; /* of the argument; of those that it is about, in the report */
	const char *leave, *act; /* the words */
	enum rf_doubt doubt;
	const char *text; /* after how many they are */
};

static const struct question questions[] = {
    {"mail", "unproved", "skip", "send", RF_DOUBT_UNPROVED,
     "documents may have been mailed, nobody can tell: say --mail skip (they count as mailed) or --mail send (some may "
     "be mailed twice)"},
    {"pages", "changed", "leave", "publish", RF_DOUBT_CHANGED,
     "pages do not stand there as they did at the backup: say --pages leave (they were replaced or withdrawn since) or "
     "--pages publish (they are put there again)"},
};

static int check_word(json *arguments, const json *answer, const struct question *question, struct rf_error *error)
{
	const char *word = rf_json_get(arguments, question->name);
	json *list = NULL;
	json_object_object_get_ex(answer, question->list, &list);
	size_t n = json_object_array_length(list);
	bool known = word && (strcmp(word, question->leave) == 0 || strcmp(word, question->act) == 0);
	if (known || (!word && n == 0))
		return 0;
	rf_error_set(error, "%zu %s", n, question->text);
	return RF_REFUSED;
}

static int may_thaw(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	int status = must_be_frozen(core, error);
	if (status != 0)
		return status;
	if (report(core, answer, error) < 0)
		return -1;
	if (!rf_json_is(arguments, "now"))
		status = must_be_reconciled(core, answer, error);
	for (size_t i = 0; i < RF_COUNT(questions) && status == 0; i++)
		status = check_word(arguments, answer, &questions[i], error);
	return status;
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

static int let_go_all(struct rf_core *core, json *arguments, enum rf_doubt doubt, bool skip, struct rf_error *error)
{
	struct found found = {.code = doubts[doubt].code};
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
	if (rf_freeze_set(core, RF_THAWED, error) < 0 ||
	    let_go_all(core, arguments, RF_DOUBT_NOT_THERE, false, error) < 0)
		return -1;
	for (size_t i = 0; i < RF_COUNT(questions); i++) {
		const char *word = rf_json_get(arguments, questions[i].name);
		bool leave = word && strcmp(word, questions[i].leave) == 0;
		if (let_go_all(core, arguments, questions[i].doubt, leave, error) < 0)
			return -1;
	}
	rf_stages_stir(core);
	rf_log(RF_LOG_INFO, NULL, "thawed: what is due is published and mailed again");
	return 0;
}
