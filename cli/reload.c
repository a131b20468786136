#include "cli/reload.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "base/service.h"
#include "cli/edition.h"
#include "cli/supervisor-inside.h"
#include "cli/uplink.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const int64_t answer_us = 5 * RF_SECOND;       /* for the broker's answer */
static const int64_t ready_us = 30 * RF_SECOND;       /* for a broker to be ready */
static const int64_t again_us = 500 * RF_MILLISECOND; /* between two looks at what removed stages have left */
static const int64_t trial_us = 3 * RF_SECOND;        /* for a new process to refuse its work */

static int take_time(void *context);

static void enter(struct rf_supervisor *supervisor, enum rf_reload_step step, int64_t limit_us)
{
	struct rf_reload *reload = &supervisor->reload;
	rf_loop_cancel(supervisor->options.loop, reload->timer);
	reload->step = step;
	reload->timer = rf_loop_add_timer(supervisor->options.loop, limit_us, 0, take_time, supervisor);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* To who gave the order. Once: what it says is the end. */
static void answer(struct rf_supervisor *supervisor, const char *outcome, const char *reason)
{
	struct rf_error error;
	struct rf_reload *reload = &supervisor->reload;
	if (rf_order_answer(supervisor->options.state, &reload->order, outcome, reason,
			    reload->back ? NULL : &reload->plan, &error) < 0)
		rf_log(RF_LOG_WARNING, NULL, "nobody could be told what came of the reload: %s", error.text);
	rf_order_deinit(&reload->order);
}

void rf_reload_stop(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	rf_loop_cancel(supervisor->options.loop, reload->timer);
	if (reload->order.number)
		answer(supervisor, "refused", "the run ends");
	rf_comparison_deinit(&reload->plan);
	rf_edition_free(reload->other);
	rf_order_deinit(&reload->order);
	free(reload->refusal);
	*reload = (struct rf_reload){.again = reload->again, .ordered = reload->ordered};
}

/* What was asked for meanwhile. */
static void begin_next(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	bool ordered = reload->ordered;
	if (!supervisor->broker_is_ready || !(reload->again || ordered))
		return;
	*(ordered ? &reload->ordered : &reload->again) = false;
	rf_reload_begin(supervisor, ordered);
}

static void finish(struct rf_supervisor *supervisor, const char *outcome)
{
	struct rf_reload *reload = &supervisor->reload;
	answer(supervisor, reload->refusal ? "refused" : outcome, reload->refusal);
	rf_reload_stop(supervisor);
	rf_service_notify("READY=1");
	begin_next(supervisor);
}

static void stay(struct rf_supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->n_stages; i++)
		supervisor->stages[i]->leaving = false;
}

static void keep_reason(struct rf_supervisor *supervisor, const char *why)
{
	if (!supervisor->reload.refusal)
		supervisor->reload.refusal = rf_strdup(why);
}

/* Nothing has been touched yet but what feeds a removed stage. */
static void refuse(struct rf_supervisor *supervisor, const char *why)
{
	rf_log(RF_LOG_ERROR, NULL, "reload: %s; the old definition goes on", why);
	keep_reason(supervisor, why);
	stay(supervisor);
	rf_places_start_missing(supervisor);
	finish(supervisor, "refused");
}

/* ---- going back -------------------------------------------------------------------------------------------------- */

static void swap_editions(struct rf_supervisor *supervisor)
{
	struct rf_edition *other = supervisor->reload.other;
	supervisor->reload.other = *supervisor->options.edition;
	*supervisor->options.edition = other;
}

/* What the next broker does before it is ready. */
static void give_moves(struct rf_supervisor *supervisor, bool back)
{
	free(supervisor->moves);
	supervisor->moves = rf_stage_moves_write(&supervisor->reload.order.moves, back);
}

static void end_broker(struct rf_supervisor *supervisor, enum rf_reload_step step)
{
	rf_place_cancel(&supervisor->broker);
	rf_place_signal(&supervisor->broker, SIGUSR1);
	enter(supervisor, step, rf_broker_drain_us);
}

static void go_back(struct rf_supervisor *supervisor, const char *why)
{
	rf_log(RF_LOG_ERROR, NULL, "reload: %s; going back to the old definition", why);
	keep_reason(supervisor, why);
	end_broker(supervisor, RF_RELOAD_RETURNING);
	rf_reload_go_on(supervisor);
}

/* The processes that left are started when the old definition's broker is ready. */
static void restore(struct rf_supervisor *supervisor)
{
	swap_editions(supervisor);
	stay(supervisor);
	give_moves(supervisor, true);
	rf_place_start(&supervisor->broker);
	finish(supervisor, "refused");
}

/* ---- removed stages ---------------------------------------------------------------------------------------------- */

static bool removes_stages(const struct rf_comparison *plan)
{
	for (size_t i = 0; i < plan->n_stages; i++)
		if (plan->stages[i].change == RF_CHANGE_REMOVED)
			return true;
	return false;
}

/* Tasks that nobody would ever do. A dead one has been given up. */
static int64_t count_waiting(json_object *stage)
{
	static const char *const states[] = {"ready", "delayed", "leased", "started", "held"};
	int64_t n = 0;
	for (size_t i = 0; i < RF_COUNT(states); i++)
		n += rf_answer_number(stage, states[i]);
	return n;
}

/* Why the removed stages may not go; NULL: they may. The caller frees. */
static char *find_waiting(const struct rf_reload *reload, json_object *status)
{
	json_object *stages;
	if (!json_object_object_get_ex(status, "stages", &stages) || !json_object_is_type(stages, json_type_array))
		return rf_strdup("the broker does not say which tasks are open");
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		const char *name = rf_answer_text(stage, "name");
		int64_t n = count_waiting(stage);
		if (n > 0 && rf_comparison_of(&reload->plan, name) == RF_CHANGE_REMOVED &&
		    !rf_stage_moves_has(&reload->order.moves, name))
			return rf_format("stage %s is removed, but tasks of it are open or held (%" PRId64
					 "): 'referat apply' gives them to another stage (--move) or waits until they "
					 "are done (--drain); what is held waits for a person",
					 name, n);
	}
	return NULL;
}

static void signal_leaving(const struct rf_supervisor *supervisor, int signal_number)
{
	for (size_t i = 0; i < supervisor->n_stages; i++)
		if (supervisor->stages[i]->leaving)
			rf_place_signal(supervisor->stages[i], signal_number);
}

static size_t leaving_alive(const struct rf_supervisor *supervisor)
{
	size_t n = 0;
	for (size_t i = 0; i < supervisor->n_stages; i++)
		n += supervisor->stages[i]->leaving && rf_place_is_alive(supervisor->stages[i]);
	return n;
}

/* Whether tasks of a stage that is removed, and not moved, come from this one, which stays. */
static bool feeds_removed(const struct rf_supervisor *supervisor, const char *name)
{
	const struct rf_reload *reload = &supervisor->reload;
	const struct rf_pipeline *old = (*supervisor->options.edition)->pipeline;
	if (rf_comparison_of(&reload->plan, name) == RF_CHANGE_REMOVED)
		return false;
	for (size_t i = 0; i < old->n_stages; i++) {
		const struct rf_stage *stage = &old->stages[i];
		bool removed = rf_comparison_of(&reload->plan, stage->name) == RF_CHANGE_REMOVED &&
			       !rf_stage_moves_has(&reload->order.moves, stage->name);
		for (size_t j = 0; removed && j < stage->n_from; j++)
			if (strcmp(old->stages[stage->from[j]].name, name) == 0)
				return true;
	}
	return false;
}

/* Removed stages get no more tasks, so that they can be done with those they have. */
static void end_feeders(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	reload->worked_off_us = rf_clock_monotonic(supervisor->options.clock) + reload->order.drain_us;
	for (size_t i = 0; i < supervisor->n_stages; i++) {
		struct rf_place *place = supervisor->stages[i];
		place->leaving = feeds_removed(supervisor, place->stage);
		if (place->leaving)
			rf_place_cancel(place);
	}
	signal_leaving(supervisor, SIGTERM);
}

/* why: tasks are left; NULL: none is, but what feeds the removed stages has not ended yet. */
static void wait_for_work(struct rf_supervisor *supervisor, const char *why)
{
	if (rf_clock_monotonic(supervisor->options.clock) < supervisor->reload.worked_off_us)
		enter(supervisor, RF_RELOAD_WORKING_OFF, again_us);
	else
		refuse(supervisor, why ? why : "what feeds the removed stages does not end in time");
}

static void leave(struct rf_supervisor *supervisor);
static void commit(struct rf_supervisor *supervisor);

static int take_status(void *context, json_object *status)
{
	struct rf_supervisor *supervisor = context;
	enum rf_reload_step step = supervisor->reload.step;
	if (step != RF_RELOAD_ASKING && step != RF_RELOAD_ASKING_AGAIN)
		return 0;
	rf_autofree char *why = find_waiting(&supervisor->reload, status);
	if (step == RF_RELOAD_ASKING && supervisor->reload.worked_off_us && (why || leaving_alive(supervisor) > 0))
		wait_for_work(supervisor, why);
	else if (why && step == RF_RELOAD_ASKING)
		refuse(supervisor, why);
	else if (why)
		go_back(supervisor, why);
	else if (step == RF_RELOAD_ASKING)
		leave(supervisor);
	else
		commit(supervisor);
	return 0;
}

static void ask(struct rf_supervisor *supervisor, enum rf_reload_step step)
{
	enter(supervisor, step, answer_us);
	rf_uplink_ask(supervisor->options.uplink, "status", NULL, take_status, supervisor);
}

/* ---- from one definition to the other ---------------------------------------------------------------------------- */

/* The broker is still the old one: what they have in hand is taken from them. */
static void leave(struct rf_supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->n_stages; i++) {
		struct rf_place *place = supervisor->stages[i];
		place->leaving = rf_comparison_of(&supervisor->reload.plan, place->stage) != RF_CHANGE_NONE;
		if (place->leaving)
			rf_place_cancel(place);
	}
	signal_leaving(supervisor, SIGTERM);
	enter(supervisor, RF_RELOAD_LEAVING, supervisor->options.drain_us);
	rf_reload_go_on(supervisor);
}

static void start_broker(struct rf_supervisor *supervisor)
{
	swap_editions(supervisor);
	give_moves(supervisor, supervisor->reload.back);
	enter(supervisor, RF_RELOAD_STARTING_BROKER, ready_us);
	rf_place_start(&supervisor->broker);
}

static void commit(struct rf_supervisor *supervisor)
{
	rf_places_remove_leaving(supervisor);
	rf_places_add(supervisor);
	rf_places_start_missing(supervisor);
	rf_log(RF_LOG_INFO, NULL, "reload: the %s definition is in force", supervisor->reload.back ? "old" : "new");
	if (supervisor->reload.back)
		finish(supervisor, "refused");
	else
		enter(supervisor, RF_RELOAD_TRYING, trial_us);
}

/* ---- what happens meanwhile -------------------------------------------------------------------------------------- */

void rf_reload_go_on(struct rf_supervisor *supervisor)
{
	const struct rf_reload *reload = &supervisor->reload;
	if (reload->step == RF_RELOAD_LEAVING && leaving_alive(supervisor) == 0)
		end_broker(supervisor, RF_RELOAD_ENDING_BROKER);
	if (rf_place_is_alive(&supervisor->broker))
		return;
	if (reload->step == RF_RELOAD_ENDING_BROKER)
		start_broker(supervisor);
	else if (reload->step == RF_RELOAD_RETURNING)
		restore(supervisor);
}

void rf_reload_take_ready(struct rf_supervisor *supervisor)
{
	const struct rf_reload *reload = &supervisor->reload;
	if (reload->step == RF_RELOAD_STARTING_BROKER && removes_stages(&reload->plan) && !reload->back)
		ask(supervisor, RF_RELOAD_ASKING_AGAIN);
	else if (reload->step == RF_RELOAD_STARTING_BROKER)
		commit(supervisor);
	else if (reload->step == RF_RELOAD_NONE)
		begin_next(supervisor);
}

bool rf_reload_take_broker_death(struct rf_supervisor *supervisor, const char *how)
{
	struct rf_reload *reload = &supervisor->reload;
	bool is_new = reload->step == RF_RELOAD_STARTING_BROKER || reload->step == RF_RELOAD_ASKING_AGAIN;
	if (is_new && !reload->back) {
		rf_autofree char *why = rf_format("the new broker %s", how);
		go_back(supervisor, why);
		return true;
	}
	return reload->step == RF_RELOAD_ENDING_BROKER || reload->step == RF_RELOAD_RETURNING;
}

/* Tasks of a stage that is new now stay in the store, until a definition has the stage again. */
bool rf_reload_take_refusal(struct rf_supervisor *supervisor, const char *stage, const char *how)
{
	struct rf_reload *reload = &supervisor->reload;
	if (reload->step != RF_RELOAD_TRYING)
		return false;
	rf_log(RF_LOG_ERROR, NULL, "reload: %s %s; going back to the old definition", stage, how);
	reload->refusal = rf_format("%s %s", stage, how);
	rf_comparison_deinit(&reload->plan);
	rf_pipeline_compare((*supervisor->options.edition)->pipeline, reload->other->pipeline, &reload->plan);
	reload->back = true;
	leave(supervisor);
	return true;
}

static int take_time(void *context)
{
	struct rf_supervisor *supervisor = context;
	struct rf_reload *reload = &supervisor->reload;
	reload->timer = 0;
	switch (reload->step) {
	case RF_RELOAD_ASKING:
		refuse(supervisor, "the broker does not answer");
		break;
	case RF_RELOAD_WORKING_OFF:
		ask(supervisor, RF_RELOAD_ASKING);
		break;
	case RF_RELOAD_ASKING_AGAIN:
		go_back(supervisor, "the new broker does not answer");
		break;
	case RF_RELOAD_LEAVING:
		rf_log(RF_LOG_WARNING, NULL, "%zu processes did not end in time: they are killed",
		       leaving_alive(supervisor));
		signal_leaving(supervisor, SIGKILL);
		break;
	case RF_RELOAD_ENDING_BROKER:
	case RF_RELOAD_RETURNING:
		rf_place_signal(&supervisor->broker, SIGKILL);
		break;
	case RF_RELOAD_STARTING_BROKER:
		if (!reload->back)
			go_back(supervisor, "the new broker is not ready in time");
		break;
	case RF_RELOAD_TRYING:
		finish(supervisor, "in force");
		break;
	case RF_RELOAD_NONE:
		break;
	}
	return 0;
}

/* ---- the plan ---------------------------------------------------------------------------------------------------- */

static void log_plan(const struct rf_comparison *plan)
{
	for (size_t i = 0; i < plan->n_stages; i++) {
		const struct rf_stage_change *stage = &plan->stages[i];
		rf_log(RF_LOG_INFO, NULL, "reload: stage %s is %s%s%s", stage->stage, rf_change_name(stage->change),
		       *stage->what ? ": " : "", stage->what);
	}
}

static void tell_service(const struct rf_supervisor *supervisor)
{
	rf_autofree char *state =
	    rf_format("RELOADING=1\nMONOTONIC_USEC=%" PRId64, rf_clock_monotonic(supervisor->options.clock));
	rf_service_notify(state);
}

/* Why it can't be as it was ordered, seen from the two definitions; NULL: it can. The caller frees. */
static char *find_obstacle(const struct rf_supervisor *supervisor)
{
	struct rf_error error;
	const struct rf_reload *reload = &supervisor->reload;
	const char *running = (*supervisor->options.edition)->pipeline->path;
	if (reload->plan.refusal)
		return rf_format("%s: end the run and start it again instead", reload->plan.refusal);
	if (rf_stage_moves_check(&reload->order.moves, reload->other->pipeline, &error) < 0)
		return rf_strdup(error.text);
	if (reload->order.apply && !rf_path_is_same(running, reload->other->pipeline->path))
		return rf_format("the run is of %s: change that file, for the next start reads it, too", running);
	return NULL;
}

static void carry_out(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	rf_pipeline_compare((*supervisor->options.edition)->pipeline, reload->other->pipeline, &reload->plan);
	rf_autofree char *obstacle = find_obstacle(supervisor);
	if (obstacle) {
		refuse(supervisor, obstacle);
		return;
	}
	if (!reload->order.apply) {
		finish(supervisor, "planned");
		return;
	}
	log_plan(&reload->plan);
	if (reload->plan.same && reload->order.moves.n == 0) {
		rf_log(RF_LOG_INFO, NULL, "reload: nothing has changed");
		finish(supervisor, "unchanged");
	} else if (removes_stages(&reload->plan)) {
		if (reload->order.drain_us > 0)
			end_feeders(supervisor);
		ask(supervisor, RF_RELOAD_ASKING);
	} else {
		leave(supervisor);
	}
}

/* Returns whether there is anything to do. */
static bool take_order(struct rf_supervisor *supervisor, bool ordered)
{
	struct rf_error error;
	struct rf_order *order = &supervisor->reload.order;
	*order = (struct rf_order){.apply = true};
	int status = ordered ? rf_order_take(supervisor->options.state, order, &error) : 0;
	if (status < 0)
		rf_log(RF_LOG_ERROR, NULL, "reload: %s", error.text);
	return status == 0;
}

void rf_reload_begin(struct rf_supervisor *supervisor, bool ordered)
{
	struct rf_reload *reload = &supervisor->reload;
	if (reload->step != RF_RELOAD_NONE || !supervisor->broker_is_ready) {
		*(ordered ? &reload->ordered : &reload->again) = true;
		rf_log(RF_LOG_INFO, NULL, "reload: follows when what goes on is done");
		return;
	}
	if (!take_order(supervisor, ordered))
		return;
	if (supervisor->options.once) {
		static const char why[] = "a run with --once keeps its definition";
		rf_log(RF_LOG_WARNING, NULL, "reload: %s", why);
		answer(supervisor, "refused", why);
		return;
	}
	tell_service(supervisor);
	struct rf_error error;
	const char *path = reload->order.path ? reload->order.path : (*supervisor->options.edition)->pipeline->path;
	if (rf_edition_load(path, supervisor->options.plugins, &reload->other, &error) == 0) {
		carry_out(supervisor);
		return;
	}
	rf_autofree char *why = *error.text ? rf_strdup(error.text) : rf_format("%s has mistakes", path);
	refuse(supervisor, why);
}
