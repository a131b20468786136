/* What people ask through the command line: JSON in, JSON out. */
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

typedef struct json_object json;

/* ---- acts ----------------------------------------------------------------------------------------------------------
 */

struct ids {
	uint64_t all[RF_READY_BATCH];
	size_t n;
};

static int add_id(void *context, const struct rf_task *task)
{
	struct ids *ids = context;
	ids->all[ids->n++] = task->id;
	return ids->n == RF_READY_BATCH;
}

static int find_tasks(struct rf_core *core, json *arguments, uint32_t states, struct ids *ids, struct rf_error *error)
{
	const char *document = rf_json_get(arguments, "document");
	if (!document) {
		rf_error_set(error, "which document? the argument is missing");
		return RF_REFUSED;
	}
	struct rf_task_filter filter = {
	    .states = states, .document = document, .stage = rf_json_get(arguments, "stage")};
	if (rf_store_each_task(core->options.store, &filter, add_id, ids, error) < 0)
		return -1;
	if (ids->n == 0) {
		rf_error_set(error, "document %s has no such task", document);
		return RF_REFUSED;
	}
	return 0;
}

int rf_control_note(struct rf_core *core, const struct rf_task *task, const char *what, json *arguments,
		    struct rf_error *error)
{
	const char *who = rf_json_get(arguments, "who"), *reason = rf_json_get(arguments, "reason");
	rf_autofree char *detail = rf_format("by %.64s: %.512s (was %s)", who ? who : "somebody",
					     reason ? reason : "no reason given", task->code ? task->code : "-");
	return rf_task_note(core, task, what, detail, error);
}

/* Whether it is held because nobody but the person who decides now can know if it acted outside. */
static bool may_have_acted(const struct rf_owned_task *task)
{
	return task->row.state == RF_TASK_HELD && task->code && strcmp(task->code, RF_CODE_UNKNOWN_EFFECT) == 0;
}

/* A held task that a person lets go counts as done: the document goes on with the parts that the stage left, and what
 * may have been sent was sent. What may not be published at all is only corrected. */
static int release_task(struct rf_core *core, json *arguments, uint64_t id, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0)
		return -1;
	struct rf_core_stage *stage = rf_stage_named(core, task.stage);
	if (!stage || (task.code && rf_text_starts(task.code, RF_CODE_FORBIDDEN))) {
		rf_error_set(error,
			     stage ? "document %s can't be released, only corrected"
				   : "the definition no longer has the stage that holds document %s",
			     task.document);
		return RF_REFUSED;
	}
	bool unread = task.code && strcmp(task.code, RF_CODE_UNREAD) == 0;
	if (may_have_acted(&task) && rf_effects_settle(core, &task.row, true, error) < 0)
		return -1;
	if (rf_control_note(core, &task.row, "released", arguments, error) < 0 ||
	    rf_task_move(core, &task, unread ? RF_TASK_READY : RF_TASK_DONE, NULL, NULL, error) < 0)
		return -1;
	if (unread) {
		rf_stage_stir(stage);
		return 0;
	}
	return rf_routes_follow(core, &task.row, stage, error);
}

static int act_release(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct ids ids = {.n = 0};
	int status = find_tasks(core, arguments, 1U << RF_TASK_HELD, &ids, error);
	for (size_t i = 0; i < ids.n && status == 0; i++)
		status = release_task(core, arguments, ids.all[i], error);
	rf_json_number(answer, "tasks", ids.n);
	return status;
}

static int retry_task(struct rf_core *core, json *arguments, uint64_t id, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0 ||
	    rf_control_note(core, &task.row, "sent-on", arguments, error) < 0)
		return -1;
	if (may_have_acted(&task) && rf_effects_settle(core, &task.row, false, error) < 0)
		return -1;
	return rf_task_reopen(core, &task, (struct rf_turn){.priority = task.row.priority}, error);
}

/* Dead and held tasks run again, with a clean sheet; what may have been sent is sent again. */
static int act_retry(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct ids ids = {.n = 0};
	int status = find_tasks(core, arguments, 1U << RF_TASK_DEAD | 1U << RF_TASK_HELD, &ids, error);
	for (size_t i = 0; i < ids.n && status == 0; i++)
		status = retry_task(core, arguments, ids.all[i], error);
	rf_json_number(answer, "tasks", ids.n);
	return status;
}

/* ---- commands ------------------------------------------------------------------------------------------------------
 */

static const struct command {
	const char *name;
	rf_answer answer;
	bool acts;
} commands[] = {
    {"status", rf_answer_status, false}, {"list", rf_answer_list, false}, {"held", rf_answer_held, false},
    {"dead", rf_answer_dead, false},     {"show", rf_answer_show, false}, {"release", act_release, true},
    {"retry", act_retry, true},          {"why", rf_answer_why, false},   {"trace", rf_answer_trace, false},
    {"tap", rf_answer_tap, false},       {"age", rf_answer_age, false},   {"erase", rf_act_erase, true},
    {"replay", rf_act_replay, true},
};

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; name && i < RF_COUNT(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

bool rf_control_acts(const Referat__Wire__Control *control)
{
	const struct command *command = command_named(control->command);
	return command && command->acts;
}

void rf_control_reply(struct rf_core *core, const struct rf_reply_to *to, int status, json *answer)
{
	struct rf_core_peer *peer = rf_peer_find(core, to->peer);
	if (!peer)
		return;
	Referat__Wire__Control *control = rf_alloc(sizeof *control);
	referat__wire__control__init(control);
	control->command = rf_strdup(to->command);
	control->has_ref = true;
	control->ref = to->ref;
	control->has_status = true;
	control->status = status;
	control->json = rf_strdup(json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN));
	rf_outbox_header(core, peer, RF_VERB_REPLY)->control = control;
}

/* What a refused command had changed is undone. */
static int carry_out(struct rf_core *core, const struct command *command, json *arguments, json *answer,
		     struct rf_error *error)
{
	if (!command->acts)
		return command->answer(core, arguments, answer, error);
	if (rf_store_savepoint(core->options.store, error) < 0)
		return -1;
	int status = command->answer(core, arguments, answer, error);
	if (status == RF_REFUSED)
		return rf_store_undo(core->options.store, NULL) < 0 ? -1 : RF_REFUSED;
	return status >= 0 && rf_store_release(core->options.store, error) < 0 ? -1 : status;
}

int rf_control_answer(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Control *control,
		      struct rf_error *error)
{
	const struct command *command = command_named(control->command);
	json *arguments = control->json && *control->json ? json_tokener_parse(control->json) : NULL;
	json *answer = json_object_new_object();
	struct rf_error reason = {"there is no such command"};
	const struct rf_reply_to to = {peer->number, control->command, control->ref};
	core->asked = &to;
	int status = RF_REFUSED;
	if (command && arguments && !json_object_is_type(arguments, json_type_object))
		rf_error_set(&reason, "the arguments are a JSON object");
	else if (command)
		status = carry_out(core, command, arguments, answer, &reason);
	if (status == RF_REFUSED)
		rf_json_text(answer, "error", reason.text);
	if (status == 0 || status == RF_REFUSED)
		rf_control_reply(core, &to, status == 0 ? EX_OK : EX_USAGE, answer);
	else if (status < 0)
		rf_error_set(error, "%s", reason.text);
	json_object_put(arguments);
	json_object_put(answer);
	return status < 0 ? -1 : 0;
}
