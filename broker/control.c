/* What people ask through the command line: JSON in, JSON out. */
#include "base/error.h"
#include "base/memory.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

typedef struct json_object json;

int rf_control_note(struct rf_core *core, const struct rf_task *task, const char *what, json *arguments,
		    struct rf_error *error)
{
	const char *who = rf_json_get(arguments, "who"), *reason = rf_json_get(arguments, "reason");
	rf_autofree char *before = task->code ? rf_format(" (was %s)", task->code) : rf_strdup("");
	rf_autofree char *detail =
	    rf_format("by %.64s: %.512s%s", who ? who : "somebody", reason ? reason : "no reason given", before);
	return rf_task_note(core, task, what, detail, error);
}

/* ---- commands ------------------------------------------------------------------------------------------------------
 */

static const struct command {
	const char *name;
	rf_answer answer;
	bool acts;
} commands[] = {
    {"status", rf_answer_status, false},
    {"list", rf_answer_list, false},
    {"held", rf_answer_held, false},
    {"dead", rf_answer_dead, false},
    {"show", rf_answer_show, false},
    {"part", rf_answer_part, false},
    {"why", rf_answer_why, false},
    {"trace", rf_answer_trace, false},
    {"tap", rf_answer_tap, false},
    {"age", rf_answer_age, false},
    {"compare", rf_answer_compare, false},
    {"preview", rf_answer_preview, false},
    {"replayed", rf_answer_replayed, false},
    {"release", rf_act_release, true},
    {"retry", rf_act_retry, true},
    {"hold", rf_act_hold, true},
    {"delete", rf_act_delete, true},
    {"withdraw", rf_act_withdraw, true},
    {"replay", rf_act_replay, true},
    {"erase", rf_act_erase, true},
    {"answer", rf_act_answer, true},
    {"pause", rf_act_pause, true},
    {"resume", rf_act_resume, true},
    {"reconcile", rf_act_reconcile, true},
    {"thaw", rf_act_thaw, true},
    {"snapshot", rf_answer_snapshot, false},
    {"snapshot-state", rf_answer_snapshot_state, false},
    {"snapshot-drop", rf_answer_snapshot_drop, false},
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
	if (status == RF_REFUSED) {
		rf_stages_stir(core);
		return rf_store_undo(core->options.store, NULL) < 0 ? -1 : RF_REFUSED;
	}
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
