#include "cli/reload.h"

#include "base/clock.h"
#include "base/error.h"
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

static const int64_t answer_us = 5 * RF_SECOND; /* for the broker's answer */
static const int64_t ready_us = 30 * RF_SECOND; /* for a broker to be ready */
static const int64_t trial_us = 3 * RF_SECOND;  /* for a new process to refuse its work */

static int take_time(void *context);

static void enter(struct rf_supervisor *supervisor, enum rf_reload_step step, int64_t limit_us)
{
	struct rf_reload *reload = &supervisor->reload;
	rf_loop_cancel(supervisor->options.loop, reload->timer);
	reload->step = step;
	reload->timer = rf_loop_add_timer(supervisor->options.loop, limit_us, 0, take_time, supervisor);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

void rf_reload_stop(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	rf_loop_cancel(supervisor->options.loop, reload->timer);
	rf_comparison_deinit(&reload->plan);
	rf_edition_free(reload->other);
	*reload = (struct rf_reload){.again = reload->again};
}

static void finish(struct rf_supervisor *supervisor)
{
	rf_reload_stop(supervisor);
	rf_service_notify("READY=1");
	if (supervisor->reload.again && supervisor->broker_is_ready)
		rf_reload_begin(supervisor);
}

/* Nothing has been touched yet. */
static void refuse(struct rf_supervisor *supervisor, const char *why)
{
	rf_log(RF_LOG_ERROR, NULL, "reload: %s; the old definition goes on", why);
	finish(supervisor);
}

/* ---- going back -------------------------------------------------------------------------------------------------- */

static void swap_editions(struct rf_supervisor *supervisor)
{
	struct rf_edition *other = supervisor->reload.other;
	supervisor->reload.other = *supervisor->options.edition;
	*supervisor->options.edition = other;
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
	end_broker(supervisor, RF_RELOAD_RETURNING);
	rf_reload_go_on(supervisor);
}

/* The processes that left are started when the old definition's broker is ready. */
static void restore(struct rf_supervisor *supervisor)
{
	swap_editions(supervisor);
	for (size_t i = 0; i < supervisor->n_stages; i++)
		supervisor->stages[i]->leaving = false;
	rf_place_start(&supervisor->broker);
	finish(supervisor);
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
static char *find_waiting(const struct rf_comparison *plan, json_object *status)
{
	json_object *stages;
	if (!json_object_object_get_ex(status, "stages", &stages) || !json_object_is_type(stages, json_type_array))
		return rf_strdup("the broker does not say which tasks are open");
	for (size_t i = 0; i < json_object_array_length(stages); i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		const char *name = rf_answer_text(stage, "name");
		int64_t n = count_waiting(stage);
		if (n > 0 && rf_comparison_of(plan, name) == RF_CHANGE_REMOVED)
			return rf_format("stage %s is removed, but tasks of it are open or held (%" PRId64
					 "): take the "
					 "documents out of its way, or release them, and reload then",
					 name, n);
	}
	return NULL;
}

static void leave(struct rf_supervisor *supervisor);
static void commit(struct rf_supervisor *supervisor);

static int take_status(void *context, json_object *status)
{
	struct rf_supervisor *supervisor = context;
	enum rf_reload_step step = supervisor->reload.step;
	if (step != RF_RELOAD_ASKING && step != RF_RELOAD_ASKING_AGAIN)
		return 0;
	rf_autofree char *why = find_waiting(&supervisor->reload.plan, status);
	if (why && step == RF_RELOAD_ASKING)
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
		finish(supervisor);
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
	else if (reload->step == RF_RELOAD_NONE && reload->again)
		rf_reload_begin(supervisor);
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
		finish(supervisor);
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

static void carry_out(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	rf_pipeline_compare((*supervisor->options.edition)->pipeline, reload->other->pipeline, &reload->plan);
	if (reload->plan.refusal) {
		rf_autofree char *why = rf_format("%s: end the run and start it again instead", reload->plan.refusal);
		refuse(supervisor, why);
		return;
	}
	log_plan(&reload->plan);
	if (reload->plan.same) {
		rf_log(RF_LOG_INFO, NULL, "reload: nothing has changed");
		finish(supervisor);
	} else if (removes_stages(&reload->plan)) {
		ask(supervisor, RF_RELOAD_ASKING);
	} else {
		leave(supervisor);
	}
}

void rf_reload_begin(struct rf_supervisor *supervisor)
{
	struct rf_reload *reload = &supervisor->reload;
	if (supervisor->options.once) {
		rf_log(RF_LOG_WARNING, NULL, "reload: a run with --once keeps its definition");
		return;
	}
	reload->again = reload->step != RF_RELOAD_NONE || !supervisor->broker_is_ready;
	if (reload->again) {
		rf_log(RF_LOG_INFO, NULL, "reload: follows when what goes on is done");
		return;
	}
	tell_service(supervisor);
	struct rf_error error;
	const char *path = (*supervisor->options.edition)->pipeline->path;
	if (rf_edition_load(path, supervisor->options.plugins, &reload->other, &error) == 0) {
		carry_out(supervisor);
		return;
	}
	rf_autofree char *why = *error.text ? rf_strdup(error.text) : rf_format("%s has mistakes", path);
	refuse(supervisor, why);
}
