/* Safe telling: no more than so many documents an hour at each notify stage (max_documents_per_hour). The others are
 * held and together are one question to a person: is it meant that so many are told?
 *
 * Whether a document tells anybody is known when its stage asks to send the first mail, so this is asked then: what is
 * too old, quiet or without recipients neither counts nor waits.
 *
 * The last N tellings are a ring of instants in the settings of the store: one more may come when the one that is N
 * back is an hour old. So the limit holds across restarts, and costs two small rows a document. */
#include "base/error.h"
#include "base/log.h"
#include "broker/answers.h"
#include "plugin/language.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

/* An attribute of a revision: a person has said that it is to be told of. */
static const char approval[] = "telling";

static const int64_t hour_us = 3600 * RF_SECOND;

/* ---- asking --------------------------------------------------------------------------------------------------------
 */

struct begun {
	const char *stage;
	int64_t since_us;
	bool is;
};

static int find_begun(void *context, const struct rf_effect *effect)
{
	struct begun *begun = context;
	begun->is = strcmp(effect->stage, begun->stage) == 0 && effect->changed_us >= begun->since_us;
	return begun->is;
}

static int find_approval(void *context, const char *name, const char *value)
{
	*(bool *)context |= strcmp(name, approval) == 0 && strcmp(value, "approved") == 0;
	return 0;
}

/* Somebody has been told of it already in this task, or a person has answered. */
static int is_settled(struct rf_core *core, const struct rf_owned_task *task, bool *settled, struct rf_error *error)
{
	struct begun begun = {.stage = task->stage, .since_us = task->row.created_us};
	bool approved = false;
	if (rf_store_each_effect(core->options.store, task->document, find_begun, &begun, error) < 0 ||
	    rf_store_each_attribute(core->options.store, task->document, task->row.revision, find_approval, &approved,
				    error) < 0)
		return -1;
	*settled = begun.is || approved;
	return 0;
}

/* A limit that was changed begins with an empty ring. */
static int take_place(struct rf_core *core, const char *stage, uint32_t most, bool *taken, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	int64_t now_us = rf_timer_now(core), n = 0, then_us = 0;
	rf_autofree char *count = rf_format("told/%s/%" PRIu32, stage, most);
	if (rf_store_get_setting(store, count, &n, error) < 0)
		return -1;
	rf_autofree char *place = rf_format("%s/%" PRId64, count, n % most);
	if (rf_store_get_setting(store, place, &then_us, error) < 0)
		return -1;
	*taken = then_us <= now_us - hour_us || then_us > now_us; /* of the future: the clock was wrong */
	if (!*taken)
		return 0;
	core->wrote = true;
	return rf_store_set_setting(store, place, now_us, error) < 0 ||
		       rf_store_set_setting(store, count, n + 1, error) < 0
		   ? -1
		   : 0;
}

static int hold(struct rf_core *core, struct rf_owned_task *task, uint32_t most, struct rf_error *error)
{
	char number[16];
	snprintf(number, sizeof number, "%" PRIu32, most);
	rf_autofree char *reason =
	    rf_language_say(core->options.language, "stage.many-documents", "most", number, NULL);
	rf_log(RF_LOG_WARNING, task->document, "%s: held (%s)", task->stage, RF_CODE_MANY_DOCUMENTS);
	if (rf_task_move(core, task, RF_TASK_HELD, RF_CODE_MANY_DOCUMENTS, reason, error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "held", reason, error);
}

int rf_telling_ask(struct rf_core *core, struct rf_lease *lease, bool *may, struct rf_error *error)
{
	uint32_t most = core->options.pipeline->max_documents_per_hour;
	*may = true;
	if (most == 0 || lease->telling)
		return 0;
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, lease->token.task, &task, error) != 0 || is_settled(core, &task, may, error) < 0 ||
	    (!*may && take_place(core, task.stage, most, may, error) < 0))
		return -1;
	lease->telling = *may;
	return *may ? 0 : hold(core, &task, most, error);
}

/* ---- the question --------------------------------------------------------------------------------------------------
 */

struct waiting {
	uint64_t *tasks;
	size_t n;
};

static int add_waiting(void *context, const struct rf_task *task)
{
	struct waiting *waiting = context;
	if (!task->code || strcmp(task->code, RF_CODE_MANY_DOCUMENTS) != 0)
		return 0;
	waiting->tasks = rf_realloc_array(waiting->tasks, waiting->n + 1, sizeof *waiting->tasks);
	waiting->tasks[waiting->n++] = task->id;
	return 0;
}

static void waiting_deinit(struct waiting *waiting)
{
	free(waiting->tasks);
}

static int find_waiting(struct rf_core *core, struct waiting *waiting, struct rf_error *error)
{
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_task_filter filter = {.states = 1U << RF_TASK_HELD,
						.stage = core->stages[i].definition->name};
		if (core->stages[i].definition->kind == RF_STAGE_NOTIFY &&
		    rf_store_each_task(core->options.store, &filter, add_waiting, waiting, error) < 0)
			return -1;
	}
	return 0;
}

int rf_telling_question(struct rf_core *core, json *answer, struct rf_error *error)
{
	__attribute__((cleanup(waiting_deinit))) struct waiting waiting = {.n = 0};
	json *questions = rf_json_list(answer, "questions");
	if (find_waiting(core, &waiting, error) < 0)
		return -1;
	if (waiting.n == 0)
		return 0;
	char n[24], most[16];
	snprintf(n, sizeof n, "%zu", waiting.n);
	snprintf(most, sizeof most, "%" PRIu32, core->options.pipeline->max_documents_per_hour);
	rf_autofree char *text =
	    rf_language_say(core->options.language, "stage.many-documents-question", "count", n, "most", most, NULL);
	json *question = rf_json_append(questions);
	rf_json_text(question, "question", RF_CODE_MANY_DOCUMENTS);
	rf_json_number(question, "documents", waiting.n);
	rf_json_text(question, "text", text);
	return 0;
}

int rf_telling_approve(struct rf_core *core, const struct rf_task *task, struct rf_error *error)
{
	return rf_store_set_attribute(core->options.store, task->document, task->revision, approval, "approved", error);
}

/* Yes: they run again, and tell. No: they count as done, and nobody is told. */
static int settle(struct rf_core *core, json *arguments, uint64_t id, bool yes, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0 ||
	    rf_control_note(core, &task.row, yes ? "to-be-told" : "not-told", arguments, error) < 0)
		return -1;
	if (yes) {
		struct rf_turn turn = {.priority = task.row.priority};
		return rf_telling_approve(core, &task.row, error) < 0 ? -1 : rf_task_reopen(core, &task, turn, error);
	}
	if (rf_task_move(core, &task, RF_TASK_DONE, NULL, NULL, error) < 0)
		return -1;
	return rf_routes_follow(core, &task.row, rf_stage_named(core, task.stage), error);
}

int rf_act_answer(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	__attribute__((cleanup(waiting_deinit))) struct waiting waiting = {.n = 0};
	const char *question = rf_json_get(arguments, "question");
	json *yes;
	if (!json_object_object_get_ex(arguments, "yes", &yes) || !json_object_is_type(yes, json_type_boolean)) {
		rf_error_set(error, "the answer is yes or no");
		return RF_REFUSED;
	}
	bool known = question && strcmp(question, RF_CODE_MANY_DOCUMENTS) == 0;
	if (known && find_waiting(core, &waiting, error) < 0)
		return -1;
	if (waiting.n == 0) {
		rf_error_set(error, "nobody asks '%s'; 'referat held' shows the questions there are",
			     question ? question : "");
		return RF_REFUSED;
	}
	for (size_t i = 0; i < waiting.n; i++)
		if (settle(core, arguments, waiting.tasks[i], json_object_get_boolean(yes), error) < 0)
			return -1;
	rf_json_number(answer, "documents", waiting.n);
	return 0;
}
