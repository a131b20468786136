/* What a person decides about a document that is stuck, or that is to stop: release, retry, hold, delete. */
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "broker/answers.h"
#include "plugin/language.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

bool rf_task_is_unrun(const struct rf_task *task)
{
	static const char *const codes[] = {RF_CODE_STOPPED, RF_CODE_WITHDRAWN, RF_CODE_UNREAD};
	for (size_t i = 0; i < RF_COUNT(codes); i++)
		if (task->state == RF_TASK_HELD && task->code && strcmp(task->code, codes[i]) == 0)
			return true;
	return false;
}

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

/* Those of the document that is named, in the stage that is named where one is. */
static int find_tasks(struct rf_core *core, json *arguments, uint32_t states, struct ids *ids, struct rf_error *error)
{
	const char *document = rf_json_get(arguments, "document");
	struct rf_task_filter filter = {
	    .states = states, .document = document, .stage = rf_json_get(arguments, "stage")};
	if (document)
		return rf_store_each_task(core->options.store, &filter, add_id, ids, error);
	rf_error_set(error, "which document? the argument is missing");
	return RF_REFUSED;
}

/* What is asked does not fit where the document stands. */
static int refuse(struct rf_core *core, const char *document, struct rf_error *error)
{
	struct rf_revision newest;
	struct rf_verdict verdict;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status == RF_STORE_NONE)
		rf_error_set(error, "there is no document %s", document);
	if (status == 0) {
		if (rf_verdict_reach(core, document, newest.number, &verdict, error) < 0)
			return -1;
		rf_error_set(error, "document %s is %s, and this is not for those; 'referat why %s' says what is",
			     document, rf_verdict_name(&verdict), document);
		rf_verdict_deinit(&verdict);
	}
	return status < 0 ? -1 : RF_REFUSED;
}

static int find_some_tasks(struct rf_core *core, json *arguments, uint32_t states, struct ids *ids,
			   struct rf_error *error)
{
	int status = find_tasks(core, arguments, states, ids, error);
	return status == 0 && ids->n == 0 ? refuse(core, rf_json_get(arguments, "document"), error) : status;
}

static bool has_code(const struct rf_owned_task *task, const char *code)
{
	return task->code && strcmp(task->code, code) == 0;
}

/* Held before it ran: a person stopped it, or it came after what it says was withdrawn or erased. */
static bool is_to_run(const struct rf_owned_task *task)
{
	return rf_task_is_unrun(&task->row);
}

/* Whether it is held because nobody but the person who decides now can know if it acted outside. */
static bool may_have_acted(const struct rf_owned_task *task)
{
	return task->row.state == RF_TASK_HELD && has_code(task, RF_CODE_UNKNOWN_EFFECT);
}

/* ---- release -------------------------------------------------------------------------------------------------------
 */

static int let_run(struct rf_core *core, struct rf_owned_task *task, struct rf_core_stage *stage,
		   struct rf_error *error)
{
	if (has_code(task, RF_CODE_WITHDRAWN) && rf_withdrawal_lift(core, &task->row, error) < 0)
		return -1;
	rf_stage_stir(stage);
	bool waits = task->row.due_us > rf_timer_now(core);
	return rf_task_move(core, task, waits ? RF_TASK_DELAYED : RF_TASK_READY, NULL, NULL, error);
}

/* The document goes on with the parts that the stage left, and what may have been sent was sent. A withdrawal that a
 * person has carried out ends here. */
static int count_as_done(struct rf_core *core, struct rf_owned_task *task, const struct rf_core_stage *stage,
			 struct rf_error *error)
{
	bool withdrawal;
	if (rf_effects_believe(core, task->document, task->stage, error) < 0 ||
	    (may_have_acted(task) && rf_effects_settle(core, &task->row, true, error) < 0))
		return -1;
	if (rf_withdrawal_is(core, task->document, task->row.revision, &withdrawal, error) < 0 ||
	    (withdrawal && rf_effects_forget(core, task->document, task->stage, error) < 0) ||
	    rf_task_move(core, task, RF_TASK_DONE, NULL, NULL, error) < 0)
		return -1;
	return rf_routes_follow(core, &task->row, stage, error);
}

/* A held task that a person lets go counts as done, or runs where it has not yet. What may not be published at all is
 * only corrected. */
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
	if (rf_control_note(core, &task.row, "released", arguments, error) < 0)
		return -1;
	return is_to_run(&task) ? let_run(core, &task, stage, error) : count_as_done(core, &task, stage, error);
}

static int read_newest(struct rf_core *core, const char *document, uint32_t *number, struct rf_error *error)
{
	struct rf_revision newest;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status == RF_STORE_NONE) {
		rf_error_set(error, "there is no document %s", document);
		return RF_REFUSED;
	}
	if (status == 0)
		*number = newest.number;
	return status;
}

/* What was to be stopped once it was out of somebody's hands goes on. */
static int lift_stop(struct rf_core *core, const char *document, bool *lifted, struct rf_error *error)
{
	uint32_t revision = 0;
	rf_autofree char *why = NULL;
	int status = read_newest(core, document, &revision, error);
	if (status == 0)
		status = rf_attribute_read(core, document, revision, RF_ATTRIBUTE_STOPPED, &why, error);
	if (status != 0)
		return status;
	*lifted = *why;
	return *lifted
		   ? rf_store_set_attribute(core->options.store, document, revision, RF_ATTRIBUTE_STOPPED, "", error)
		   : 0;
}

int rf_act_release(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct ids ids = {.n = 0};
	bool lifted = false;
	int status = find_tasks(core, arguments, 1U << RF_TASK_HELD, &ids, error);
	if (status == 0)
		status = lift_stop(core, rf_json_get(arguments, "document"), &lifted, error);
	if (status == 0 && ids.n == 0 && !lifted)
		status = find_some_tasks(core, arguments, 1U << RF_TASK_HELD, &ids, error);
	for (size_t i = 0; i < ids.n && status == 0; i++)
		status = release_task(core, arguments, ids.all[i], error);
	rf_json_number(answer, "tasks", ids.n);
	return status;
}

/* ---- retry ---------------------------------------------------------------------------------------------------------
 */

/* Somebody else has changed what the task was to write: a person who lets it run again agrees to replace what stood
 * there then, and nothing that came later. */
static int agree_to_replace(struct rf_core *core, const struct rf_owned_task *task, struct rf_error *error)
{
	rf_autofree char *conflict = rf_attribute_own(RF_ATTRIBUTE_CONFLICT, task->stage);
	rf_autofree char *replace = rf_attribute_own(RF_ATTRIBUTE_REPLACE, task->stage);
	rf_autofree char *state = NULL;
	if (task->row.state != RF_TASK_HELD)
		return 0;
	if (rf_attribute_read(core, task->document, task->row.revision, conflict, &state, error) < 0)
		return -1;
	return *state ? rf_store_set_attribute(core->options.store, task->document, task->row.revision, replace, state,
					       error)
		      : 0;
}

static int retry_task(struct rf_core *core, json *arguments, uint64_t id, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0)
		return -1;
	if (is_to_run(&task)) {
		rf_error_set(error, "document %s waits for a person's word: 'referat release' lets it go on",
			     task.document);
		return RF_REFUSED;
	}
	if (rf_control_note(core, &task.row, "sent-on", arguments, error) < 0 ||
	    (may_have_acted(&task) && rf_effects_settle(core, &task.row, false, error) < 0) ||
	    agree_to_replace(core, &task, error) < 0 ||
	    (has_code(&task, RF_CODE_MANY_DOCUMENTS) && rf_telling_approve(core, &task.row, error) < 0))
		return -1;
	return rf_task_reopen(core, &task, (struct rf_turn){.priority = task.row.priority}, error);
}

/* Dead and held tasks run again, with a clean sheet; what may have been sent is sent again. */
int rf_act_retry(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct ids ids = {.n = 0};
	int status = find_some_tasks(core, arguments, RF_STATES_STUCK, &ids, error);
	for (size_t i = 0; i < ids.n && status == 0; i++)
		status = retry_task(core, arguments, ids.all[i], error);
	rf_json_number(answer, "tasks", ids.n);
	return status;
}

/* ---- hold ----------------------------------------------------------------------------------------------------------
 */

/* What is in somebody's hands is finished first; what was only handed out is taken back. */
static int stop_task(struct rf_core *core, json *arguments, uint64_t id, const char *why, size_t *n_in_hand,
		     struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0)
		return -1;
	struct rf_lease *lease;
	HASH_FIND(hh, core->leases, &id, sizeof id, lease);
	if (lease && lease->started) {
		++*n_in_hand;
		return 0;
	}
	if (lease) {
		rf_lease_revoke(core, lease->peer, lease->token);
		rf_lease_end(core, lease);
	}
	if (rf_control_note(core, &task.row, "stopped", arguments, error) < 0)
		return -1;
	return rf_task_move(core, &task, RF_TASK_HELD, RF_CODE_STOPPED, why, error);
}

int rf_act_hold(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct ids ids = {.n = 0};
	uint32_t revision = 0;
	size_t n_in_hand = 0;
	const char *document = rf_json_get(arguments, "document");
	const char *who = rf_json_get(arguments, "who"), *reason = rf_json_get(arguments, "reason");
	int status = find_tasks(core, arguments, RF_STATES_OPEN, &ids, error);
	if (status == 0)
		status = read_newest(core, document, &revision, error);
	if (status == 0 && ids.n == 0) {
		rf_error_set(error,
			     "nothing of document %s is open; what stands somewhere is taken away with "
			     "'referat withdraw'",
			     document);
		status = RF_REFUSED;
	}
	if (status != 0)
		return status;
	rf_autofree char *why = rf_language_say(core->options.language, "stage.stopped", "who", who ? who : "?",
						"reason", reason ? reason : "-", NULL);
	status = rf_store_set_attribute(core->options.store, document, revision, RF_ATTRIBUTE_STOPPED, why, error);
	for (size_t i = 0; i < ids.n && status == 0; i++)
		status = stop_task(core, arguments, ids.all[i], why, &n_in_hand, error);
	rf_json_number(answer, "tasks", ids.n - n_in_hand);
	rf_json_number(answer, "in_hand", n_in_hand);
	return status;
}

/* ---- delete --------------------------------------------------------------------------------------------------------
 */

struct standing {
	struct rf_core *core;
	char *where;
};

static int find_standing(void *context, const struct rf_effect *effect)
{
	struct standing *standing = context;
	const struct rf_core_stage *stage = rf_stage_named(standing->core, effect->stage);
	bool tells = stage && stage->definition->kind == RF_STAGE_NOTIFY;
	if (tells || (!effect->standing && !effect->intended))
		return 0;
	standing->where = rf_strdup(effect->location ? effect->location : effect->stage);
	return 1;
}

/* What stands somewhere is not given up in silence; a document that was withdrawn may be. */
static int refuse_published(struct rf_core *core, const char *document, struct rf_error *error)
{
	struct standing standing = {.core = core};
	uint32_t withdrawn;
	if (rf_withdrawal_find(core, document, &withdrawn, error) < 0)
		return -1;
	if (withdrawn)
		return 0;
	if (rf_store_each_effect(core->options.store, document, find_standing, &standing, error) < 0)
		return -1;
	if (!standing.where)
		return 0;
	rf_error_set(
	    error,
	    "document %s is published (%s): take it away with 'referat withdraw', or give up with --stage what "
	    "is held or dead of it",
	    document, standing.where);
	free(standing.where);
	return RF_REFUSED;
}

/* Who gives up what was saved after a withdrawal does not give up the withdrawal. *first: the revision after it. */
static int find_withdrawal_before(struct rf_core *core, const char *document, uint32_t *first, struct rf_error *error)
{
	uint32_t withdrawn, newest = 0;
	if (rf_withdrawal_find(core, document, &withdrawn, error) < 0 ||
	    read_newest(core, document, &newest, error) != 0)
		return -1;
	*first = withdrawn < newest ? withdrawn + 1 : 0;
	return 0;
}

/* What a stage did not bring to its end is given up; what stands somewhere, and whoever was told, stays. */
static int give_up(struct rf_core *core, json *arguments, uint64_t id, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0 ||
	    rf_control_note(core, &task.row, "given-up", arguments, error) < 0)
		return -1;
	rf_log(RF_LOG_INFO, task.document, "%s: given up by a person", task.stage);
	return rf_task_move(core, &task, RF_TASK_SUPERSEDED, RF_CODE_GIVEN_UP, rf_json_get(arguments, "reason"), error);
}

static int give_up_all(struct rf_core *core, json *arguments, const struct ids *ids, json *answer,
		       struct rf_error *error)
{
	for (size_t i = 0; i < ids->n; i++)
		if (give_up(core, arguments, ids->all[i], error) < 0)
			return -1;
	rf_json_number(answer, "tasks", ids->n);
	return 0;
}

int rf_act_delete(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct ids ids = {.n = 0};
	const char *document = rf_json_get(arguments, "document");
	int status = find_some_tasks(core, arguments, RF_STATES_STUCK, &ids, error);
	if (status == 0 && rf_json_get(arguments, "stage"))
		return give_up_all(core, arguments, &ids, answer, error);
	if (status == 0)
		status = refuse_published(core, document, error);
	if (status != 0)
		return status;
	rf_autotask struct rf_owned_task task = {0};
	const char *reason = rf_json_get(arguments, "reason");
	const struct rf_end deleted = {RF_CODE_DELETED, reason ? reason : "no reason given"};
	struct rf_span span = {0, UINT32_MAX};
	if (find_withdrawal_before(core, document, &span.first, error) < 0)
		return -1;
	if (rf_task_load(core, ids.all[0], &task, error) != 0 ||
	    rf_control_note(core, &task.row, "deleted", arguments, error) < 0 ||
	    rf_tasks_supersede(core, document, &span, &deleted, error) < 0)
		return -1;
	rf_log(RF_LOG_INFO, document, "given up by a person");
	rf_json_number(answer, "tasks", ids.n);
	return 0;
}
