/* Acting outside: the hand-shake of effects, one or several at once. The broker has the intents on disk before the
 * plugin acts, and the results after it; whoever dies in between leaves intents that are looked up before anybody acts
 * again. */
#include "stage/job.h"

#include "base/fault.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- digests --------------------------------------------------------------------------------------------------- */

static bool is_shown(const struct rf_part_view *part)
{
	return strcmp(part->name, "card") == 0 || strcmp(part->name, "source") == 0 ||
	       rf_text_starts(part->name, "rendition/");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct rf_part_view *)a)->name, ((const struct rf_part_view *)b)->name);
}

void rf_job_digest(const struct rf_job *job, const char *salt, char digest[RF_DIGEST_TEXT_SIZE])
{
	rf_autofree struct rf_part_view *shown = rf_realloc_array(NULL, job->n_parts, sizeof *shown);
	size_t n = 0;
	for (size_t i = 0; i < job->n_parts; i++)
		if (is_shown(&job->parts[i]))
			shown[n++] = job->parts[i];
	qsort(shown, n, sizeof *shown, by_name);
	struct rf_digest_state *state = rf_digest_begin();
	for (size_t i = 0; i < n; i++) {
		char size[32];
		int length = snprintf(size, sizeof size, " %zu\n", shown[i].bytes.size);
		rf_digest_add(state, shown[i].name, strlen(shown[i].name));
		rf_digest_add(state, size, (size_t)length);
		rf_digest_add(state, shown[i].bytes.data, shown[i].bytes.size);
	}
	rf_digest_add(state, salt, strlen(salt));
	struct rf_digest sum = rf_digest_end(state);
	rf_digest_format(&sum, digest);
}

/* ---- on the wire ----------------------------------------------------------------------------------------------- */

static Referat__Wire__Effect *make_effect(const struct rf_job_effect *effect)
{
	Referat__Wire__Effect *made = rf_alloc(sizeof *made);
	referat__wire__effect__init(made);
	made->key = rf_strdup(effect->key);
	made->digest = rf_strdup(effect->digest);
	return made;
}

static Referat__Wire__Effect *make_result(const struct rf_job_effect *effect)
{
	Referat__Wire__Effect *made = make_effect(effect);
	if (*effect->remote_id)
		made->remote_id = rf_strdup(effect->remote_id);
	if (*effect->location)
		made->location = rf_strdup(effect->location);
	if (*effect->remote_revision)
		made->remote_revision = rf_strdup(effect->remote_revision);
	return made;
}

static const char *keep(struct rf_job *job, const char *text)
{
	return rf_job_keep_memory(job, rf_strdup(text ? text : ""));
}

enum permit { UNASKED, GO, ALREADY, LOOKUP, TAKEN_BACK, REFUSED };

/* One effect on its way. */
struct act {
	struct rf_job *job;
	struct rf_job_effect *effect;
	enum permit permit;
	enum referat_result result; /* REFERAT_NOT_FOUND: it is still to be made */
	bool unflushed;             /* the plugin said that it stands there, but it may not be durable */
};

/* ---- asking the broker ------------------------------------------------------------------------------------------- */

/* answer: NULL: there will be none. */
static enum permit permit_of(struct rf_job *job, const struct rf_parcel *answer, struct rf_job_effect *effect)
{
	if (!answer)
		return TAKEN_BACK;
	const Referat__Wire__Item *item = rf_parcel_item(answer);
	if (item->n_effects > 0) { /* what stands there, or stood there last */
		effect->remote_id = keep(job, item->effects[0]->remote_id);
		effect->location = keep(job, item->effects[0]->location);
		effect->remote_revision = keep(job, item->effects[0]->remote_revision);
	}
	switch (answer->message.verb) {
	case RF_VERB_GO:
		return GO;
	case RF_VERB_LOOKUP:
		return LOOKUP;
	case RF_VERB_ALREADY:
		return ALREADY;
	default:
		if (item->outcome == REFERAT__WIRE__OUTCOME__STALE)
			return TAKEN_BACK;
		rf_job_because(job, REFERAT_FAIL, "effect", "the broker refused the effect: %s",
			       item->reason && item->reason->text ? item->reason->text : "no reason");
		return REFUSED;
	}
}

/* Asks about all acts that have this permit, in one message, which waits for the disk once. */
static void ask(struct act *acts, size_t n, enum permit which)
{
	struct rf_question question = {.kind = RF_QUESTION_START, .message = rf_message_make(RF_VERB_START)};
	struct act *asked[RF_STAGE_TOGETHER];
	size_t n_asked = 0;
	for (size_t i = 0; i < n; i++) {
		if (acts[i].permit != which || acts[i].result != REFERAT_NOT_FOUND)
			continue;
		asked[n_asked++] = &acts[i];
		Referat__Wire__Item *item = rf_message_add_item(&question.message);
		item->token = rf_token_copy(acts[i].job->item->token);
		Referat__Wire__Effect *wanted = make_effect(acts[i].effect);
		wanted->has_looked_up = wanted->looked_up = which == LOOKUP;
		RF_WIRE_ADD(item->effects, item->n_effects, wanted);
	}
	if (n_asked > 0)
		rf_handover_ask(asked[0]->job->worker->handover, &question);
	for (size_t i = 0; i < n_asked; i++) {
		asked[i]->permit = permit_of(asked[i]->job, question.answers[i], asked[i]->effect);
		rf_parcel_free(question.answers[i]);
	}
	rf_message_deinit(&question.message);
}

/* ---- asking the plugin ---------------------------------------------------------------------------------------------
 */

struct rf_call *rf_job_effect_call(struct rf_job *job, const struct rf_job_effect *effect)
{
	rf_autofree char *replace = rf_attribute_own(RF_ATTRIBUTE_REPLACE, rf_job_stage(job));
	struct rf_call *call = rf_job_call(job);
	rf_call_set_value(call, "key", effect->key);
	rf_call_set_value(call, "digest", effect->digest);
	rf_call_set_value(call, "target", rf_job_stage(job));
	if (effect->recipient)
		rf_call_set_value(call, "recipient", effect->recipient);
	rf_call_set_value(call, "remote_id", effect->remote_id);
	rf_call_set_value(call, "remote_revision", effect->remote_revision);
	rf_call_set_value(call, "replace", rf_job_attribute(job, replace));
	return call;
}

/* What somebody else has made of it: when a person lets the task run again, the same value comes back as `replace`. */
static void keep_conflict(struct rf_job *job, const struct rf_call *call)
{
	const char *const *names;
	const char *const *values;
	size_t n = rf_call_attributes(call, &names, &values);
	rf_autofree char *conflict = rf_attribute_own(RF_ATTRIBUTE_CONFLICT, rf_job_stage(job));
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], RF_ATTRIBUTE_CONFLICT) == 0)
			rf_job_set_attribute(job, conflict, values[i]);
}

/* What the plugin said stands there. */
static void take_published(struct rf_job *job, const struct rf_call *call, struct rf_job_effect *effect)
{
	struct rf_published published = rf_call_published(call);
	effect->remote_id = keep(job, published.remote_id);
	effect->location = keep(job, published.url);
	effect->remote_revision = keep(job, published.remote_revision);
}

/* Sends the RESULT of an effect and waits until it is durable. What was done is done, whatever the answer. */
static void send_result(struct rf_job *job, Referat__Wire__Effect *result)
{
	struct rf_question question = {.kind = RF_QUESTION_REF, .message = rf_message_make(RF_VERB_RESULT)};
	Referat__Wire__Item *item = rf_message_add_item(&question.message);
	item->token = rf_token_copy(job->item->token);
	RF_WIRE_ADD(item->effects, item->n_effects, result);
	rf_handover_ask(job->worker->handover, &question);
	rf_fault_point("after-result");
	rf_message_deinit(&question.message);
	rf_message_deinit(&question.answer);
}

/* Nothing was done, for certain: the intent is taken back, and the next attempt need not look up. A plugin that does
 * not know says REFERAT_UNKNOWN, and the intent stays. */
static void withdraw_intent(struct rf_job *job, const struct rf_job_effect *effect)
{
	Referat__Wire__Effect *not_made = make_effect(effect);
	not_made->has_looked_up = not_made->looked_up = true;
	send_result(job, not_made);
}

static enum referat_result make(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect)
{
	const struct referat_plugin *descriptor = rf_plugin_descriptor(plugin);
	struct rf_call *call = rf_job_effect_call(job, effect);
	rf_fault_point("before-effect");
	enum referat_result result =
	    rf_job_run(job, call, plugin, effect->withdraws ? descriptor->withdraw : descriptor->put);
	rf_fault_point("after-effect");
	if (result == REFERAT_OK) {
		take_published(job, call, effect);
	} else if (result == REFERAT_UNKNOWN) {
		result = rf_job_end(job, call, plugin, REFERAT_RETRY);
	} else {
		keep_conflict(job, call);
		result = rf_job_end(job, call, plugin, result);
		withdraw_intent(job, effect);
	}
	rf_call_free(call);
	return result;
}

/* REFERAT_NOT_FOUND: act. */
static enum referat_result look_up(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect,
				   bool *found)
{
	const struct referat_plugin *descriptor = rf_plugin_descriptor(plugin);
	if (effect->withdraws) /* what may be gone already may be taken away again; nobody need be asked */
		return REFERAT_NOT_FOUND;
	if (!(descriptor->capabilities & REFERAT_CAN_LOOKUP) || !descriptor->lookup) {
		const char *then = rf_worker_config(job->worker)->on_unknown;
		if (then && strcmp(then, "resend") == 0)
			return REFERAT_NOT_FOUND;
		if (then && strcmp(then, "skip") == 0)
			return REFERAT_OK;
		effect->unknown = true;
		return rf_job_because(job, REFERAT_HOLD, RF_CODE_UNKNOWN_EFFECT, "%s",
				      rf_job_say(job, "stage.unknown-effect", "stage", rf_job_stage(job), NULL));
	}
	struct rf_call *call = rf_job_effect_call(job, effect);
	enum referat_result result = rf_job_run(job, call, plugin, descriptor->lookup);
	rf_fault_point("after-lookup");
	*found = result == REFERAT_OK;
	if (result == REFERAT_OK)
		take_published(job, call, effect);
	else if (result != REFERAT_NOT_FOUND)
		result = rf_job_end(job, call, plugin, result == REFERAT_UNKNOWN ? REFERAT_RETRY : result);
	rf_call_free(call);
	return result;
}

/* Makes durable what the plugin said stands there. When that fails nobody knows how much of it does: the intents stay,
 * and each is looked up before it is done again. */
static void flush(struct act *acts, size_t n, struct rf_plugin *plugin)
{
	const struct referat_plugin *descriptor = rf_plugin_descriptor(plugin);
	struct act *first = NULL;
	for (size_t i = 0; i < n && !first; i++)
		if (acts[i].unflushed)
			first = &acts[i];
	if (!first || !descriptor->flush)
		return;
	rf_fault_point("before-flush");
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "stage", rf_job_stage(first->job));
	rf_call_set_value(call, "target", rf_job_stage(first->job));
	rf_call_set_value(call, "state", rf_worker_config(first->job->worker)->state);
	enum referat_result result = rf_job_run(first->job, call, plugin, descriptor->flush);
	rf_fault_point("after-flush");
	for (size_t i = 0; i < n && result != REFERAT_OK; i++)
		if (acts[i].unflushed)
			acts[i].result = rf_job_end(acts[i].job, call, plugin,
						    result == REFERAT_YIELD ? REFERAT_YIELD : REFERAT_RETRY);
	rf_call_free(call);
}

/* What it ended with that is neither made nor found. */
static enum referat_result end_without(struct act *act)
{
	switch (act->permit) {
	case ALREADY:
		return REFERAT_OK;
	case LOOKUP:
		return rf_job_because(act->job, REFERAT_RETRY, "effect", "the broker asked to look up twice");
	case REFUSED:
		return REFERAT_FAIL;
	default:
		act->job->taken_back = true;
		return REFERAT_RETRY;
	}
}

void rf_jobs_act(struct rf_job *const *jobs, size_t n, struct rf_plugin *plugin, struct rf_job_effect *effects,
		 enum referat_result *results)
{
	struct act acts[RF_STAGE_TOGETHER];
	for (size_t i = 0; i < n; i++) {
		effects[i].remote_id = effects[i].location = effects[i].remote_revision = "";
		effects[i].unknown = false;
		acts[i] = (struct act){.job = jobs[i], .effect = &effects[i], .result = REFERAT_NOT_FOUND};
	}
	ask(acts, n, UNASKED);
	for (size_t i = 0; i < n; i++)
		if (acts[i].permit == LOOKUP)
			acts[i].result = look_up(acts[i].job, plugin, acts[i].effect, &acts[i].unflushed);
	ask(acts, n, LOOKUP);
	for (size_t i = 0; i < n; i++) {
		if (acts[i].result != REFERAT_NOT_FOUND)
			continue;
		acts[i].result =
		    acts[i].permit == GO ? make(acts[i].job, plugin, acts[i].effect) : end_without(&acts[i]);
		acts[i].unflushed = acts[i].permit == GO && acts[i].result == REFERAT_OK;
	}
	flush(acts, n, plugin);
	for (size_t i = 0; i < n; i++)
		results[i] = acts[i].result;
}

enum referat_result rf_job_act(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect)
{
	enum referat_result result;
	rf_jobs_act(&job, 1, plugin, effect, &result);
	return result;
}

/* ---- looking only --------------------------------------------------------------------------------------------------
 */

bool rf_job_compares(const struct rf_job *job)
{
	return job->item->compare;
}

bool rf_job_previews(const struct rf_job *job)
{
	return job->item->compare && job->item->preview;
}

const Referat__Wire__Effect *rf_job_known(struct rf_job *job, struct rf_job_effect *effect)
{
	const Referat__Wire__Effect *known = job->item->n_effects > 0 ? job->item->effects[0] : NULL;
	effect->remote_id = keep(job, known ? known->remote_id : NULL);
	effect->location = keep(job, known ? known->location : NULL);
	effect->remote_revision = keep(job, known ? known->remote_revision : NULL);
	return known;
}

enum referat_result rf_job_compare(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect)
{
	const struct referat_plugin *descriptor = rf_plugin_descriptor(plugin);
	rf_job_known(job, effect);
	if (!descriptor->compare && (effect->withdraws || !descriptor->lookup))
		return rf_job_because(job, REFERAT_FAIL, "compare", "%s can't tell what stands there",
				      descriptor->name);
	struct rf_call *call = rf_job_effect_call(job, effect);
	enum referat_result result =
	    rf_job_run(job, call, plugin, descriptor->compare ? descriptor->compare : descriptor->lookup);
	if (result != REFERAT_OK)
		rf_job_because(job, result, "compare", "%s", rf_call_reason(call));
	rf_call_free(call);
	return result;
}

bool rf_job_taken_back(const struct rf_job *job)
{
	return job->taken_back;
}

/* ---- results -------------------------------------------------------------------------------------------------------
 */

void rf_job_report_now(struct rf_job *job, const struct rf_job_effect *effect)
{
	send_result(job, make_result(effect));
}

void rf_job_report_at_end(struct rf_job *job, const struct rf_job_effect *effect)
{
	Referat__Wire__Item *item = rf_parcel_item(job->answer);
	Referat__Wire__Effect *result = make_result(effect);
	RF_WIRE_ADD(item->effects, item->n_effects, result);
}
