#include "cli/supervisor.h"

#include "base/clock.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "base/service.h"
#include "base/text.h"
#include "cli/supervisor-inside.h"
#include "cli/uplink.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

enum { BROKER_TRIES = 5 /* ends of a broker by itself, before it was ever ready or in a run with --once */ };
static const int64_t again_us = 500 * RF_MILLISECOND; /* signals closer together are one: timeout(1) sends two */

static bool is_draining(const struct rf_supervisor *supervisor)
{
	return supervisor->phase >= RF_PHASE_DRAINING_STAGES;
}

/* Stages that run find the new broker by themselves. */
void rf_supervisor_broker_ready(struct rf_supervisor *supervisor)
{
	if (is_draining(supervisor))
		return;
	supervisor->broker_is_ready = true;
	free(supervisor->moves);
	supervisor->moves = NULL;
	rf_uplink_hello(supervisor->options.uplink);
	rf_places_start_missing(supervisor);
	if (supervisor->phase == RF_PHASE_STARTING) {
		supervisor->phase = RF_PHASE_RUNNING;
		rf_service_notify("READY=1");
		supervisor->options.ready(supervisor->options.context);
	}
	rf_reload_take_ready(supervisor);
}

/* ---- health ------------------------------------------------------------------------------------------------------ */

static bool says_something(struct rf_supervisor *supervisor)
{
	uint64_t heard = rf_uplink_heard(supervisor->options.uplink);
	bool is_new = heard != supervisor->heard;
	supervisor->heard = heard;
	return is_new;
}

/* A broker that runs and says nothing hangs. Stages that hang are ended by themselves, after max_runtime. */
static int look_after(void *context)
{
	struct rf_supervisor *supervisor = context;
	int64_t now_us = rf_clock_monotonic(supervisor->options.clock);
	if (says_something(supervisor) || !supervisor->broker_is_ready)
		supervisor->heard_us = now_us;
	if (now_us - supervisor->heard_us >= supervisor->options.patience_us) {
		rf_autofree char *patience = rf_duration_format(supervisor->options.patience_us);
		rf_log(RF_LOG_ERROR, NULL, "the broker has said nothing for %s: it is killed", patience);
		supervisor->heard_us = now_us;
		rf_place_signal(&supervisor->broker, SIGKILL);
	}
	if (rf_service_watchdog_us())
		rf_service_notify("WATCHDOG=1");
	return 0;
}

/* At least twice in the service manager's time limit. */
static void begin_to_look_after(struct rf_supervisor *supervisor)
{
	int64_t every_us = RF_SECOND;
	int64_t limit_us = rf_service_watchdog_us();
	if (limit_us && limit_us / 2 < every_us)
		every_us = limit_us / 2;
	supervisor->heard_us = rf_clock_monotonic(supervisor->options.clock);
	rf_loop_add_timer(supervisor->options.loop, every_us, every_us, look_after, supervisor);
}

/* ---- ending ------------------------------------------------------------------------------------------------------ */

static size_t stages_alive(const struct rf_supervisor *supervisor)
{
	size_t n = 0;
	for (size_t i = 0; i < supervisor->n_stages; i++)
		n += rf_place_is_alive(supervisor->stages[i]);
	return n;
}

static void signal_stages(const struct rf_supervisor *supervisor, int signal_number)
{
	for (size_t i = 0; i < supervisor->n_stages; i++)
		rf_place_signal(supervisor->stages[i], signal_number);
}

static int kill_stages(void *context)
{
	struct rf_supervisor *supervisor = context;
	if (supervisor->phase != RF_PHASE_DRAINING_STAGES)
		return 0;
	rf_log(RF_LOG_WARNING, NULL, "%zu processes did not end in time: they are killed", stages_alive(supervisor));
	signal_stages(supervisor, SIGKILL);
	return 0;
}

static int kill_broker(void *context)
{
	const struct rf_supervisor *supervisor = context;
	if (!rf_place_is_alive(&supervisor->broker))
		return 0;
	rf_log(RF_LOG_WARNING, NULL, "the broker did not end in time: it is killed");
	rf_place_signal(&supervisor->broker, SIGKILL);
	return 0;
}

/* One step further in the end, when it is time for it. */
static int go_on_draining(struct rf_supervisor *supervisor)
{
	if (!is_draining(supervisor) || stages_alive(supervisor) > 0)
		return 0;
	if (!rf_place_is_alive(&supervisor->broker))
		return RF_LOOP_STOP;
	if (supervisor->phase == RF_PHASE_DRAINING_STAGES) {
		supervisor->phase = RF_PHASE_DRAINING_BROKER;
		rf_place_signal(&supervisor->broker, SIGTERM);
		rf_loop_add_timer(supervisor->options.loop, rf_broker_drain_us, 0, kill_broker, supervisor);
	}
	return 0;
}

int rf_supervisor_drain(struct rf_supervisor *supervisor)
{
	if (is_draining(supervisor))
		return 0;
	supervisor->phase = RF_PHASE_DRAINING_STAGES;
	rf_service_notify("STOPPING=1");
	rf_reload_stop(supervisor);
	rf_place_cancel(&supervisor->broker);
	for (size_t i = 0; i < supervisor->n_stages; i++)
		rf_place_cancel(supervisor->stages[i]);
	signal_stages(supervisor, SIGTERM);
	rf_loop_add_timer(supervisor->options.loop, supervisor->options.drain_us, 0, kill_stages, supervisor);
	return go_on_draining(supervisor);
}

/* ---- deaths ------------------------------------------------------------------------------------------------------ */

static void report_death(struct rf_place *place, pid_t pid, int wait_status)
{
	bool asked = place->leaving || is_draining(place->supervisor);
	if (!place->stage || (asked && WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0))
		return;
	rf_autofree char *tail = rf_child_tail(&place->child);
	const struct rf_obituary obituary = {
	    .pid = (uint32_t)pid, .stage = place->stage, .wait_status = wait_status, .tail = tail};
	rf_uplink_report(place->supervisor->options.uplink, &obituary);
}

/* The run ends: a process says that a new start would end the same way. What it wrote last says why. */
static void give_up(struct rf_place *place, const char *how, int wait_status)
{
	struct rf_supervisor *supervisor = place->supervisor;
	rf_autofree char *tail = rf_child_tail(&place->child);
	rf_autofree char *trimmed = rf_text_trim(tail, strlen(tail));
	const char *newline = strrchr(trimmed, '\n');
	const char *last_line = newline ? newline + 1 : trimmed;
	if (!supervisor->failure)
		supervisor->failure = rf_format("%s %s; the last it said: %s", rf_place_name(place), how,
						*last_line ? last_line : "nothing");
	bool was_ready = supervisor->phase != RF_PHASE_STARTING;
	supervisor->may_succeed_later =
	    !rf_exit_is_refusal(wait_status) && (was_ready || WEXITSTATUS(wait_status) == EX_TEMPFAIL);
	rf_supervisor_drain(supervisor);
}

/* Whether a new start makes sense. A broker that ends by itself again and again before it has ever been ready will not
 * be; one that somebody killed may. A service goes on trying when the disk is full; a run with --once does not. */
static bool is_hopeless(struct rf_place *place, int wait_status)
{
	struct rf_supervisor *supervisor = place->supervisor;
	bool is_broker = !place->stage;
	if (rf_exit_is_refusal(wait_status))
		return true;
	return is_broker && WIFEXITED(wait_status) &&
	       (supervisor->phase == RF_PHASE_STARTING || supervisor->options.once) &&
	       ++supervisor->broker_tries >= BROKER_TRIES;
}

/* Whether a reload wants it to have ended, or knows what is to be done. */
static bool is_the_reloads(struct rf_place *place, const char *how)
{
	return place->leaving || (!place->stage && rf_reload_take_broker_death(place->supervisor, how));
}

static void take_death(struct rf_place *place, int wait_status)
{
	struct rf_supervisor *supervisor = place->supervisor;
	const struct rf_supervisor_options *options = &supervisor->options;
	pid_t pid = place->child.pid;
	rf_autofree char *how = rf_exit_describe(wait_status);
	if (!place->stage)
		supervisor->broker_is_ready = false;
	rf_loop_remove_fd(options->loop, place->child.output);
	rf_child_finish(&place->child, options->output, options->context);
	report_death(place, pid, wait_status);
	if (is_draining(supervisor) || is_the_reloads(place, how)) {
		rf_log(RF_LOG_DEBUG, NULL, "%s (process %d) %s", rf_place_name(place), (int)pid, how);
		return;
	}
	if (is_hopeless(place, wait_status)) {
		if (!rf_reload_take_refusal(supervisor, rf_place_name(place), how))
			give_up(place, how, wait_status);
		return;
	}
	rf_place_start_later(place);
	rf_autofree char *delay = rf_duration_format(place->restart.delay_us);
	rf_log(RF_LOG_WARNING, NULL, "%s (process %d) %s; it starts again in %s", rf_place_name(place), (int)pid, how,
	       delay);
}

static struct rf_place *place_of(struct rf_supervisor *supervisor, pid_t pid)
{
	if (supervisor->broker.child.pid == pid)
		return &supervisor->broker;
	for (size_t i = 0; i < supervisor->n_stages; i++)
		if (supervisor->stages[i]->child.pid == pid)
			return supervisor->stages[i];
	return NULL;
}

static int reap(struct rf_supervisor *supervisor)
{
	int wait_status;
	pid_t pid;
	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		struct rf_place *place = place_of(supervisor, pid);
		if (place)
			take_death(place, wait_status);
	}
	rf_reload_go_on(supervisor);
	return go_on_draining(supervisor);
}

static void kill_all(struct rf_supervisor *supervisor)
{
	kill_stages(supervisor);
	kill_broker(supervisor);
}

/* A terminal that is closed sends SIGHUP, too; it can't be asked anything any more. */
static bool is_terminal_closed(const struct rf_supervisor *supervisor)
{
	return supervisor->on_terminal && !isatty(STDERR_FILENO);
}

static int take_signal(void *context, int signal_number)
{
	struct rf_supervisor *supervisor = context;
	if (signal_number == SIGCHLD)
		return reap(supervisor);
	if (signal_number == SIGUSR1 || (signal_number == SIGHUP && !is_terminal_closed(supervisor))) {
		if (!is_draining(supervisor))
			rf_reload_begin(supervisor, signal_number == SIGUSR1);
		return 0;
	}
	int64_t now_us = rf_clock_monotonic(supervisor->options.clock);
	if (supervisor->interrupted) {
		if (now_us - supervisor->interrupted_us >= again_us)
			kill_all(supervisor);
		return 0;
	}
	rf_log(RF_LOG_INFO, NULL, "%s: finishing what is in hand", strsignal(signal_number));
	supervisor->interrupted = true;
	supervisor->interrupted_us = now_us;
	return rf_supervisor_drain(supervisor);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

int rf_supervisor_start(const struct rf_supervisor_options *options, struct rf_supervisor **supervisor,
			struct rf_error *error)
{
	struct rf_supervisor *started = rf_alloc(sizeof *started);
	started->options = *options;
	started->ready = -1;
	started->on_terminal = isatty(STDERR_FILENO);
	started->broker = (struct rf_place){.supervisor = started, .child = RF_CHILD_INIT};
	rf_places_add(started);
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGUSR1);
	if (rf_loop_add_signals(options->loop, &signals, take_signal, started, error) < 0 ||
	    rf_broker_try(started, error) < 0) {
		rf_supervisor_free(started);
		return -1;
	}
	begin_to_look_after(started);
	*supervisor = started;
	return 0;
}

const char *rf_supervisor_failure(const struct rf_supervisor *supervisor)
{
	return supervisor->failure;
}

bool rf_supervisor_may_succeed_later(const struct rf_supervisor *supervisor)
{
	return supervisor->may_succeed_later;
}

void rf_supervisor_free(struct rf_supervisor *supervisor)
{
	if (!supervisor)
		return;
	rf_broker_stop_listening(supervisor);
	rf_reload_stop(supervisor);
	for (size_t i = 0; i < supervisor->n_stages; i++) {
		rf_place_deinit(supervisor->stages[i]);
		free(supervisor->stages[i]);
	}
	rf_place_deinit(&supervisor->broker);
	free(supervisor->stages);
	free(supervisor->failure);
	free(supervisor->moves);
	free(supervisor);
}
