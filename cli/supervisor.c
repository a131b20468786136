#include "cli/supervisor.h"

#include "base/clock.h"
#include "base/datetime.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/service.h"
#include "cli/uplink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MOST_ARGUMENTS = 20,
	BROKER_TRIES = 5, /* starts of a broker that was never ready */
};
static const int64_t broker_drain_us = 5 * RF_SECOND;
static const int64_t again_us = 500 * RF_MILLISECOND; /* signals closer together are one: timeout(1) sends two */

/* A place for one process, which is filled anew when the process dies. */
struct worker {
	struct rf_supervisor *supervisor;
	const struct rf_stage *stage; /* NULL: the broker */
	struct rf_child child;
	struct rf_restart restart;
	int64_t started_us;
	uint64_t timer; /* of the next start; 0: none */
};

enum phase {
	PHASE_STARTING, /* no broker has been ready yet */
	PHASE_RUNNING,
	PHASE_DRAINING_STAGES,
	PHASE_DRAINING_BROKER,
};

struct rf_supervisor {
	struct rf_supervisor_options options;
	enum phase phase;
	struct worker broker;
	struct worker *stages;
	size_t n_stages;
	int ready; /* the broker writes a newline here; -1: it has, or does not run */
	uint32_t broker_tries;
	bool interrupted;
	int64_t interrupted_us;
	char *failure;
};

static const char *worker_name(const struct worker *worker)
{
	return worker->stage ? worker->stage->name : "broker";
}

static bool is_alive(const struct worker *worker)
{
	return worker->child.pid > 0;
}

static bool is_draining(const struct rf_supervisor *supervisor)
{
	return supervisor->phase >= PHASE_DRAINING_STAGES;
}

/* ---- starting ------------------------------------------------------------------------------------------------------
 */

struct arguments {
	char *list[MOST_ARGUMENTS]; /* NULL behind the last; borrowed: execv does not write to them */
	size_t n;
};

static void add_argument(struct arguments *arguments, const char *word)
{
	arguments->list[arguments->n++] = (char *)word;
}

/* An option that is not given is not handed on. */
static void add_option(struct arguments *arguments, const char *name, const char *value)
{
	if (!value)
		return;
	add_argument(arguments, name);
	add_argument(arguments, value);
}

static void add_worker_arguments(struct arguments *arguments, const struct worker *worker)
{
	const struct rf_supervisor_options *options = &worker->supervisor->options;
	if (worker->stage) {
		add_option(arguments, "--broker", options->endpoint);
		add_option(arguments, "--stage", worker->stage->name);
	} else {
		add_option(arguments, "--pipeline", options->pipeline->path);
		add_option(arguments, "--state", options->state);
		add_option(arguments, "--endpoint", options->endpoint);
		add_option(arguments, "--ready-fd", "3");
		if (options->once)
			add_argument(arguments, "--once");
	}
	add_option(arguments, "--clock", options->clock_text);
	add_option(arguments, "--plugins", options->plugins);
	add_option(arguments, "--log-level", options->log_level);
}
_Static_assert(RF_CHILD_READY == 3, "--ready-fd");

static int read_output(void *context)
{
	struct worker *worker = context;
	const struct rf_supervisor_options *options = &worker->supervisor->options;
	if (rf_child_read(&worker->child, options->output, options->context))
		rf_loop_remove_fd(options->loop, worker->child.output); /* closed early; the rest comes with its end */
	return 0;
}

static int spawn(struct worker *worker, int ready, struct rf_error *error)
{
	const struct rf_supervisor_options *options = &worker->supervisor->options;
	const char *kind = worker->stage ? rf_stage_kind_name(worker->stage->kind) : "broker";
	rf_autofree char *name = rf_format("referat-%s", kind);
	rf_autofree char *program = rf_format("%s/bin/%s", rf_install_prefix(), name);
	const struct rf_child_inherits inherits = {.ready = ready, .lock = worker->stage ? -1 : options->lock};
	struct arguments arguments = {.n = 0};
	add_argument(&arguments, name);
	add_worker_arguments(&arguments, worker);
	worker->started_us = rf_clock_monotonic(options->clock);
	if (rf_child_start(&worker->child, program, arguments.list, &inherits, error) < 0)
		return -1;
	rf_loop_add_fd(options->loop, worker->child.output, read_output, worker);
	rf_log(RF_LOG_DEBUG, NULL, "%s started (process %d)", worker_name(worker), (int)worker->child.pid);
	return 0;
}

static void start_again_later(struct worker *worker);
static int broker_is_ready(void *context);

static void start_stage(struct worker *worker)
{
	struct rf_error error;
	if (spawn(worker, -1, &error) == 0)
		return;
	rf_log(RF_LOG_ERROR, NULL, "%s: %s", worker_name(worker), error.text);
	start_again_later(worker);
}

static void stop_listening(struct rf_supervisor *supervisor)
{
	if (supervisor->ready < 0)
		return;
	rf_loop_remove_fd(supervisor->options.loop, supervisor->ready);
	close(supervisor->ready);
	supervisor->ready = -1;
}

static int try_broker(struct rf_supervisor *supervisor, struct rf_error *error)
{
	int ends[2];
	stop_listening(supervisor);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return rf_error_errno(error, "a pipe for the broker cannot be made");
	int result = spawn(&supervisor->broker, ends[1], error);
	close(ends[1]);
	if (result < 0) {
		close(ends[0]);
		return result;
	}
	supervisor->ready = ends[0];
	rf_loop_add_fd(supervisor->options.loop, ends[0], broker_is_ready, supervisor);
	return 0;
}

static void start_broker(struct rf_supervisor *supervisor)
{
	struct rf_error error;
	if (try_broker(supervisor, &error) == 0)
		return;
	rf_log(RF_LOG_ERROR, NULL, "broker: %s", error.text);
	start_again_later(&supervisor->broker);
}

static int start_again(void *context)
{
	struct worker *worker = context;
	worker->timer = 0;
	if (worker->stage)
		start_stage(worker);
	else
		start_broker(worker->supervisor);
	return 0;
}

static void start_again_later(struct worker *worker)
{
	const struct rf_supervisor_options *options = &worker->supervisor->options;
	int64_t lived_us = rf_clock_monotonic(options->clock) - worker->started_us;
	int64_t delay_us = rf_restart_delay(&worker->restart, &options->restart, lived_us);
	worker->timer = rf_loop_add_timer(options->loop, delay_us, 0, start_again, worker);
}

/* The first time, the stages are started; later ones find the new broker by themselves. */
static int broker_is_ready(void *context)
{
	struct rf_supervisor *supervisor = context;
	char said;
	ssize_t got = read(supervisor->ready, &said, 1);
	if (got < 0 && errno == EINTR)
		return 0;
	stop_listening(supervisor);
	if (got <= 0) /* it died before it was ready: SIGCHLD tells */
		return 0;
	rf_uplink_hello(supervisor->options.uplink);
	if (supervisor->phase != PHASE_STARTING)
		return 0;
	supervisor->phase = PHASE_RUNNING;
	for (size_t i = 0; i < supervisor->n_stages; i++)
		start_stage(&supervisor->stages[i]);
	rf_service_notify("READY=1");
	supervisor->options.ready(supervisor->options.context);
	return 0;
}

/* ---- ending --------------------------------------------------------------------------------------------------------
 */

static size_t stages_alive(const struct rf_supervisor *supervisor)
{
	size_t n = 0;
	for (size_t i = 0; i < supervisor->n_stages; i++)
		n += is_alive(&supervisor->stages[i]);
	return n;
}

static void signal_stages(const struct rf_supervisor *supervisor, int signal_number)
{
	for (size_t i = 0; i < supervisor->n_stages; i++)
		if (is_alive(&supervisor->stages[i]))
			kill(supervisor->stages[i].child.pid, signal_number);
}

static int kill_stages(void *context)
{
	struct rf_supervisor *supervisor = context;
	if (supervisor->phase != PHASE_DRAINING_STAGES)
		return 0;
	rf_log(RF_LOG_WARNING, NULL, "%zu processes did not end in time: they are killed", stages_alive(supervisor));
	signal_stages(supervisor, SIGKILL);
	return 0;
}

static int kill_broker(void *context)
{
	const struct rf_supervisor *supervisor = context;
	if (!is_alive(&supervisor->broker))
		return 0;
	rf_log(RF_LOG_WARNING, NULL, "the broker did not end in time: it is killed");
	kill(supervisor->broker.child.pid, SIGKILL);
	return 0;
}

/* One step further in the end, when it is time for it. */
static int go_on_draining(struct rf_supervisor *supervisor)
{
	if (!is_draining(supervisor) || stages_alive(supervisor) > 0)
		return 0;
	if (!is_alive(&supervisor->broker))
		return RF_LOOP_STOP;
	if (supervisor->phase == PHASE_DRAINING_STAGES) {
		supervisor->phase = PHASE_DRAINING_BROKER;
		kill(supervisor->broker.child.pid, SIGTERM);
		rf_loop_add_timer(supervisor->options.loop, broker_drain_us, 0, kill_broker, supervisor);
	}
	return 0;
}

static void cancel_start(struct worker *worker)
{
	rf_loop_cancel(worker->supervisor->options.loop, worker->timer);
	worker->timer = 0;
}

int rf_supervisor_drain(struct rf_supervisor *supervisor)
{
	if (is_draining(supervisor))
		return 0;
	supervisor->phase = PHASE_DRAINING_STAGES;
	rf_service_notify("STOPPING=1");
	cancel_start(&supervisor->broker);
	for (size_t i = 0; i < supervisor->n_stages; i++)
		cancel_start(&supervisor->stages[i]);
	signal_stages(supervisor, SIGTERM);
	rf_loop_add_timer(supervisor->options.loop, supervisor->options.drain_us, 0, kill_stages, supervisor);
	return go_on_draining(supervisor);
}

/* ---- deaths --------------------------------------------------------------------------------------------------------
 */

static void report_death(struct worker *worker, pid_t pid, int wait_status)
{
	bool was_asked = is_draining(worker->supervisor) && WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
	if (!worker->stage || was_asked)
		return;
	rf_autofree char *tail = rf_child_tail(&worker->child);
	const struct rf_obituary obituary = {
	    .pid = (uint32_t)pid, .stage = worker->stage->name, .wait_status = wait_status, .tail = tail};
	rf_uplink_report(worker->supervisor->options.uplink, &obituary);
}

/* The run ends: a process says that a new start would end the same way. What it wrote last says why. */
static void give_up(struct worker *worker, const char *how)
{
	struct rf_supervisor *supervisor = worker->supervisor;
	rf_autofree char *tail = rf_child_tail(&worker->child);
	rf_autofree char *trimmed = rf_text_trim(tail, strlen(tail));
	const char *newline = strrchr(trimmed, '\n');
	const char *last_line = newline ? newline + 1 : trimmed;
	if (!supervisor->failure)
		supervisor->failure = rf_format("%s %s; the last it said: %s", worker_name(worker), how,
						*last_line ? last_line : "nothing");
	rf_supervisor_drain(supervisor);
}

/* Whether a new start makes sense. A broker that ends by itself again and again before it has ever been ready will not
 * be; one that somebody killed may. */
static bool is_hopeless(struct worker *worker, int wait_status)
{
	struct rf_supervisor *supervisor = worker->supervisor;
	bool is_broker = !worker->stage;
	if (rf_exit_is_refusal(wait_status))
		return true;
	return is_broker && WIFEXITED(wait_status) && supervisor->phase == PHASE_STARTING &&
	       ++supervisor->broker_tries >= BROKER_TRIES;
}

static void take_death(struct worker *worker, int wait_status)
{
	struct rf_supervisor *supervisor = worker->supervisor;
	const struct rf_supervisor_options *options = &supervisor->options;
	pid_t pid = worker->child.pid;
	rf_autofree char *how = rf_exit_describe(wait_status);
	rf_loop_remove_fd(options->loop, worker->child.output);
	rf_child_finish(&worker->child, options->output, options->context);
	report_death(worker, pid, wait_status);
	if (is_draining(supervisor)) {
		rf_log(RF_LOG_DEBUG, NULL, "%s (process %d) %s", worker_name(worker), (int)pid, how);
		return;
	}
	if (is_hopeless(worker, wait_status)) {
		give_up(worker, how);
		return;
	}
	start_again_later(worker);
	rf_autofree char *delay = rf_duration_format(worker->restart.delay_us);
	rf_log(RF_LOG_WARNING, NULL, "%s (process %d) %s; it starts again in %s", worker_name(worker), (int)pid, how,
	       delay);
}

static struct worker *worker_of(struct rf_supervisor *supervisor, pid_t pid)
{
	if (supervisor->broker.child.pid == pid)
		return &supervisor->broker;
	for (size_t i = 0; i < supervisor->n_stages; i++)
		if (supervisor->stages[i].child.pid == pid)
			return &supervisor->stages[i];
	return NULL;
}

static int reap(struct rf_supervisor *supervisor)
{
	int wait_status;
	pid_t pid;
	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		struct worker *worker = worker_of(supervisor, pid);
		if (worker)
			take_death(worker, wait_status);
	}
	return go_on_draining(supervisor);
}

static void kill_all(struct rf_supervisor *supervisor)
{
	kill_stages(supervisor);
	kill_broker(supervisor);
}

static int take_signal(void *context, int signal_number)
{
	struct rf_supervisor *supervisor = context;
	if (signal_number == SIGCHLD)
		return reap(supervisor);
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

/* ---- the whole -----------------------------------------------------------------------------------------------------
 */

/* A plugin that may exist once only makes its stage a single process. */
static uint32_t workers_of(const struct rf_stage *stage)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (stage->plugins[i].info->capabilities & REFERAT_SERIAL)
			return 1;
	return stage->workers;
}

static void make_workers(struct rf_supervisor *supervisor)
{
	const struct rf_pipeline *pipeline = supervisor->options.pipeline;
	size_t n = 0;
	for (size_t i = 0; i < pipeline->n_stages; i++)
		n += workers_of(&pipeline->stages[i]);
	supervisor->stages = rf_alloc(n * sizeof *supervisor->stages);
	for (size_t i = 0; i < pipeline->n_stages; i++)
		for (uint32_t j = 0; j < workers_of(&pipeline->stages[i]); j++)
			supervisor->stages[supervisor->n_stages++] = (struct worker){
			    .supervisor = supervisor, .stage = &pipeline->stages[i], .child = RF_CHILD_INIT};
	supervisor->broker = (struct worker){.supervisor = supervisor, .child = RF_CHILD_INIT};
}

int rf_supervisor_start(const struct rf_supervisor_options *options, struct rf_supervisor **supervisor,
			struct rf_error *error)
{
	struct rf_supervisor *started = rf_alloc(sizeof *started);
	started->options = *options;
	started->ready = -1;
	make_workers(started);
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	if (rf_loop_add_signals(options->loop, &signals, take_signal, started, error) < 0 ||
	    try_broker(started, error) < 0) {
		rf_supervisor_free(started);
		return -1;
	}
	*supervisor = started;
	return 0;
}

const char *rf_supervisor_failure(const struct rf_supervisor *supervisor)
{
	return supervisor->failure;
}

bool rf_supervisor_was_interrupted(const struct rf_supervisor *supervisor)
{
	return supervisor->interrupted;
}

static void free_worker(struct worker *worker)
{
	if (is_alive(worker)) {
		kill(worker->child.pid, SIGKILL);
		waitpid(worker->child.pid, NULL, 0);
	}
	rf_child_deinit(&worker->child);
}

void rf_supervisor_free(struct rf_supervisor *supervisor)
{
	if (!supervisor)
		return;
	stop_listening(supervisor);
	for (size_t i = 0; i < supervisor->n_stages; i++)
		free_worker(&supervisor->stages[i]);
	free_worker(&supervisor->broker);
	free(supervisor->stages);
	free(supervisor->failure);
	free(supervisor);
}
