/* What a stage said at the end of a task: the task's state, its parts and attributes, the results of its effects and
 * the tasks behind it change together or not at all. */
#include "base/error.h"
#include "base/log.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_WAIT_US (INT64_C(366) * 86400 * RF_SECOND)

static const char *code_of(const Referat__Wire__Item *item, const char *otherwise)
{
	return item->reason && item->reason->code && *item->reason->code ? item->reason->code : otherwise;
}

static const char *text_of(const Referat__Wire__Item *item)
{
	return item->reason && item->reason->text ? item->reason->text : "";
}

/* What a stage adds, read and found good before anything is changed for it. */
struct answer {
	enum rf_verb verb;
	const Referat__Wire__Item *item;
	struct rf_part parts[RF_WIRE_MOST_PARTS];
};

static int read_answer(struct rf_core *core, struct rf_lease *lease, struct rf_cursor *cursor, struct answer *answer,
		       struct rf_error *error)
{
	const Referat__Wire__Item *item = answer->item;
	int status = rf_parts_read(core, item, cursor, answer->parts, error);
	if (status == 0)
		status = rf_attributes_check(item, error);
	if (status == 0)
		status = rf_piece_check(item, error);
	for (size_t i = 0; i < item->n_effects && status == 0; i++)
		status = rf_effect_check(core, lease, item->effects[i], error);
	return status;
}

/* What is kept whatever the outcome is. */
static int keep(struct rf_core *core, struct rf_lease *lease, struct answer *answer, struct rf_error *error)
{
	const Referat__Wire__Item *item = answer->item;
	struct rf_store *store = core->options.store;
	for (size_t i = 0; i < item->n_parts; i++) {
		answer->parts[i].document = lease->document;
		answer->parts[i].revision = lease->revision;
		if (rf_store_put_part(store, &answer->parts[i], error) < 0)
			return -1;
	}
	for (size_t i = 0; i < item->n_attributes; i++)
		if (rf_store_set_attribute(store, lease->document, lease->revision, item->attributes[i]->name,
					   item->attributes[i]->value, error) < 0)
			return -1;
	for (size_t i = 0; i < item->n_effects; i++)
		if (rf_effect_result(core, lease, item->effects[i], error) < 0)
			return -1;
	return 0;
}

static int hold(struct rf_core *core, struct rf_owned_task *task, const char *code, const char *reason,
		struct rf_error *error)
{
	rf_log(RF_LOG_WARNING, task->document, "%s: held (%s)", task->stage, code);
	if (rf_task_move(core, task, RF_TASK_HELD, code, reason, error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "held", reason, error);
}

static int kill_task(struct rf_core *core, struct rf_owned_task *task, const char *code, const char *reason,
		     struct rf_error *error)
{
	rf_log(RF_LOG_ERROR, task->document, "%s: dead (%s)", task->stage, code);
	if (rf_task_move(core, task, RF_TASK_DEAD, code, reason, error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "dead", reason, error);
}

static int finish(struct rf_core *core, const struct rf_lease *lease, struct rf_owned_task *task,
		  struct rf_error *error)
{
	if (rf_task_move(core, task, RF_TASK_DONE, NULL, NULL, error) < 0)
		return -1;
	return rf_routes_follow(core, &task->row, lease->stage, error);
}

static int finish_reading(struct rf_core *core, const struct rf_lease *lease, struct rf_owned_task *task,
			  const Referat__Wire__Item *item, struct rf_error *error)
{
	enum rf_subject_outcome outcome;
	rf_autofree char *note = NULL;
	if (rf_subject_bind(core, task, item, &outcome, &note, error) < 0)
		return -1;
	switch (outcome) {
	case RF_SUBJECT_TAKEN:
		return hold(core, task, "subject-taken", note, error);
	case RF_SUBJECT_MOVED:
		if (rf_task_note(core, &task->row, "moved", note, error) < 0)
			return -1;
		return rf_task_move(core, task, RF_TASK_SUPERSEDED, RF_CODE_MOVED, note, error);
	case RF_SUBJECT_BOUND:
		break;
	}
	return finish(core, lease, task, error);
}

static int take_done(struct rf_core *core, struct rf_lease *lease, struct rf_owned_task *task,
		     const Referat__Wire__Item *item, struct rf_error *error)
{
	if (lease->outdated && core->frozen != RF_THAWED)
		return rf_freeze_hold(core, task, RF_DOUBT_NOT_THERE, error);
	if (lease->outdated)
		return rf_task_move(core, task, RF_TASK_READY, "outdated", "what stands there is older: once more",
				    error);
	if (lease->stage->definition->kind == RF_STAGE_INGEST)
		return finish_reading(core, lease, task, item, error);
	return finish(core, lease, task, error);
}

struct failures {
	const struct rf_task *task;
	uint32_t n, wanted; /* retries seen; the one whose time is asked for, from 1 */
	int64_t at_us;
};

static int count_failure(void *context, const struct rf_event *event)
{
	struct failures *failures = context;
	if (event->revision == failures->task->revision && strcmp(event->what, "retry") == 0 && event->stage &&
	    strcmp(event->stage, failures->task->stage) == 0 && ++failures->n == failures->wanted)
		failures->at_us = event->at_us;
	return 0;
}

/* Since when it fails. What a task waited before, for an embargo, a destination or a person, is not counted against it;
 * nor are failures from before it was given a clean sheet. */
static int failing_since(struct rf_core *core, const struct rf_task *task, int64_t *since_us, struct rf_error *error)
{
	struct failures failures = {.task = task};
	*since_us = rf_clock_wall(core->options.clock);
	if (task->failures <= 1)
		return 0;
	if (rf_store_each_event(core->options.store, task->document, count_failure, &failures, error) < 0)
		return -1;
	failures.wanted = failures.n - (task->failures - 1) + 1;
	failures.n = 0;
	failures.at_us = *since_us;
	if (rf_store_each_event(core->options.store, task->document, count_failure, &failures, error) < 0)
		return -1;
	*since_us = failures.at_us;
	return 0;
}

/* It was taken, and will stand there by itself: that is no failure, however long it is. */
static int wait_until(struct rf_core *core, struct rf_owned_task *task, const Referat__Wire__Item *item,
		      struct rf_error *error)
{
	int64_t latest_us = rf_timer_now(core) + LONGEST_WAIT_US;
	task->row.due_us = item->due < latest_us ? item->due : latest_us;
	if (rf_task_move(core, task, RF_TASK_DELAYED, code_of(item, "waits"), text_of(item), error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "waits", text_of(item), error);
}

static int take_retry(struct rf_core *core, struct rf_lease *lease, struct rf_owned_task *task,
		      const Referat__Wire__Item *item, struct rf_error *error)
{
	const struct rf_stage *stage = lease->stage->definition;
	if (item->yield) {
		const struct rf_breakdown breakdown = {
		    .destination = item->destination && *item->destination ? item->destination : stage->name,
		    .code = code_of(item, ""),
		    .why = text_of(item),
		    .due_us = item->due};
		rf_breaker_trip(core, lease, &breakdown);
		return rf_task_move(core, task, RF_TASK_READY, code_of(item, "yield"), text_of(item), error);
	}
	if (item->waits)
		return wait_until(core, task, item, error);
	task->row.failures++;
	int64_t since_us;
	if (failing_since(core, &task->row, &since_us, error) < 0)
		return -1;
	int64_t age_us = rf_clock_wall(core->options.clock) - since_us;
	bool not_shown = strcmp(code_of(item, ""), RF_CODE_NOT_SHOWN) == 0;
	if (not_shown && age_us > stage->max_age_us)
		return hold(core, task, RF_CODE_NOT_SHOWN, text_of(item), error);
	if (!not_shown && (task->row.failures > stage->max_failures || age_us > stage->max_age_us))
		return kill_task(core, task, code_of(item, "retries"), text_of(item), error);
	int64_t due_us = rf_timer_now(core) +
			 rf_timer_back_off(core, stage->retry_base_us, stage->retry_cap_us, task->row.failures - 1);
	int64_t latest_us = rf_timer_now(core) + stage->max_age_us;
	if (item->due > due_us)
		due_us = item->due < latest_us ? item->due : latest_us;
	task->row.due_us = due_us;
	if (rf_task_move(core, task, RF_TASK_DELAYED, code_of(item, "retry"), text_of(item), error) < 0)
		return -1;
	return rf_task_note(core, &task->row, "retry", text_of(item), error);
}

static int carry_out(struct rf_core *core, struct rf_lease *lease, struct rf_owned_task *task, struct answer *answer,
		     struct rf_error *error)
{
	const Referat__Wire__Item *item = answer->item;
	if (keep(core, lease, answer, error) < 0)
		return -1;
	switch (answer->verb) {
	case RF_VERB_DONE:
		return take_done(core, lease, task, item, error);
	case RF_VERB_RETRY:
		return take_retry(core, lease, task, item, error);
	case RF_VERB_HOLD:
		return hold(core, task, code_of(item, "held"), text_of(item), error);
	default:
		return kill_task(core, task, code_of(item, "failed"), text_of(item), error);
	}
}

/* The answer breaks a rule, and so would the same answer tomorrow: the task is dead, with the rule as the reason. */
static int refuse(struct rf_core *core, struct rf_core_peer *peer, struct rf_owned_task *task,
		  const Referat__Wire__Item *item, const char *reason, struct rf_error *error)
{
	rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__REFUSED, "refused", reason);
	return kill_task(core, task, "refused", reason, error);
}

static int late(struct rf_core *core, struct rf_core_peer *peer, struct rf_lease *lease,
		const Referat__Wire__Item *item, struct rf_error *error)
{
	if (lease)
		rf_lease_end(core, lease);
	rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__STALE, NULL, NULL);
	return rf_effect_late(core, peer, item, error);
}

static int take_result(struct rf_core *core, struct rf_core_peer *peer, struct rf_lease *lease,
		       const Referat__Wire__Item *item, struct rf_error *error)
{
	struct rf_error reason = {""};
	int status = 0;
	for (size_t i = 0; i < item->n_effects && status == 0; i++) {
		status = rf_effect_check(core, lease, item->effects[i], &reason);
		if (status == 0)
			status = rf_effect_result(core, lease, item->effects[i], &reason);
	}
	if (status < 0)
		return rf_error_set(error, "%s", reason.text);
	if (status == RF_REFUSED)
		rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__REFUSED, "refused", reason.text);
	else
		rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__ACCEPTED, NULL, NULL);
	return 0;
}

static enum rf_passed passed_as(const struct rf_task *task, const Referat__Wire__Item *item)
{
	switch (task->state) {
	case RF_TASK_READY:
		return item->yield ? RF_PASSED_YIELD : RF_PASSED_AGAIN;
	case RF_TASK_DELAYED:
		return RF_PASSED_RETRY;
	case RF_TASK_HELD:
		return RF_PASSED_HELD;
	case RF_TASK_DEAD:
		return RF_PASSED_DEAD;
	case RF_TASK_SUPERSEDED:
		return RF_PASSED_MOVED;
	default:
		return RF_PASSED_DONE;
	}
}

/* A task that is done, and nothing else, may wait for the disk: should it be lost, it is done again. */
static int take_answer(struct rf_core *core, struct rf_lease *lease, struct rf_owned_task *task, struct answer *answer,
		       struct rf_error *error)
{
	if (answer->verb == RF_VERB_DONE && core->now_us >= core->careful_until_us)
		rf_store_let_wait(core->options.store, lease->document);
	int status = carry_out(core, lease, task, answer, error);
	rf_store_let_wait(core->options.store, NULL);
	return status;
}

/* All or nothing: an answer is refused before anything is changed. */
static int take_end(struct rf_core *core, struct rf_core_peer *peer, struct rf_lease *lease, struct answer *answer,
		    struct rf_cursor *cursor, struct rf_error *error)
{
	const Referat__Wire__Item *item = answer->item;
	rf_autotask struct rf_owned_task task = {0};
	struct rf_error reason = {""};
	if (rf_task_load(core, lease->token.task, &task, error) != 0)
		return -1;
	rf_lease_start(core, lease); /* who answers had it in hand */
	int64_t ready_us = task.row.changed_us;
	rf_task_attempted(core, lease, &task.row);
	int status = read_answer(core, lease, cursor, answer, &reason);
	if (status < 0)
		return rf_error_set(error, "%s", reason.text);
	if (status == RF_REFUSED) {
		status = refuse(core, peer, &task, item, reason.text, error);
	} else {
		status = take_answer(core, lease, &task, answer, error);
		rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__ACCEPTED, NULL, NULL);
	}
	if (status < 0)
		return -1;
	rf_task_passed(core, lease, &task.row, ready_us, passed_as(&task.row, item));
	if (!item->yield)
		rf_breaker_mend(lease);
	if (task.row.state == RF_TASK_READY)
		rf_lease_end(core, lease);
	else
		rf_lease_close(core, lease);
	return 0;
}

int rf_outcome_take(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb, const Referat__Wire__Item *item,
		    struct rf_cursor *cursor, struct rf_error *error)
{
	struct rf_lease *lease = rf_lease_find(core, peer, item->token);
	size_t next = cursor->next;
	rf_cursor_skip(cursor, item);
	struct rf_cursor own = {cursor->message, next};
	if (rf_look_is(item->token)) {
		rf_look_take(core, peer, verb, item, &own);
		return 0;
	}
	if (!lease || lease->superseded)
		return late(core, peer, lease, item, error);
	if (verb == RF_VERB_RESULT)
		return take_result(core, peer, lease, item, error);
	struct answer answer = {.verb = verb, .item = item};
	return take_end(core, peer, lease, &answer, &own, error);
}
