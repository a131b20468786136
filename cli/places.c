/* The places of a supervisor, and the processes in them. */
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "cli/edition.h"
#include "cli/supervisor-inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 24 };

const char *rf_place_name(const struct rf_place *place)
{
	return place->stage ? place->stage : "broker";
}

bool rf_place_is_alive(const struct rf_place *place)
{
	return place->child.pid > 0;
}

/* ---- the command line -------------------------------------------------------------------------------------------- */

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

/* What each is told in the same way. */
static void add_common(struct arguments *arguments, const struct rf_supervisor_options *options)
{
	add_option(arguments, "--clock", options->clock_text);
	add_option(arguments, "--plugins", options->plugins);
	add_option(arguments, "--log-level", options->log_level);
}

/* ---- a process --------------------------------------------------------------------------------------------------- */

static int read_output(void *context)
{
	struct rf_place *place = context;
	const struct rf_supervisor_options *options = &place->supervisor->options;
	if (rf_child_read(&place->child, options->output, options->context))
		rf_loop_remove_fd(options->loop, place->child.output); /* closed early; the rest comes with its end */
	return 0;
}

static int spawn(struct rf_place *place, const struct arguments *arguments, const struct rf_child_inherits *inherits,
		 struct rf_error *error)
{
	const struct rf_supervisor_options *options = &place->supervisor->options;
	rf_autofree char *program = rf_format("%s/bin/%s", rf_install_prefix(), arguments->list[0]);
	place->started_us = rf_clock_monotonic(options->clock);
	if (rf_child_start(&place->child, program, arguments->list, inherits, error) < 0)
		return -1;
	rf_loop_add_fd(options->loop, place->child.output, read_output, place);
	rf_log(RF_LOG_DEBUG, NULL, "%s started (process %d)", rf_place_name(place), (int)place->child.pid);
	return 0;
}

static int spawn_stage(struct rf_place *place, struct rf_error *error)
{
	const struct rf_child_inherits inherits = {.ready = -1};
	const struct rf_supervisor_options *options = &place->supervisor->options;
	rf_autofree char *name = rf_format("referat-%s", rf_stage_kind_name(place->kind));
	struct arguments arguments = {.n = 0};
	add_argument(&arguments, name);
	add_option(&arguments, "--broker", options->endpoint);
	add_option(&arguments, "--stage", place->stage);
	add_common(&arguments, options);
	return spawn(place, &arguments, &inherits, error);
}

static int spawn_broker(struct rf_place *place, int ready, struct rf_error *error)
{
	const struct rf_supervisor_options *options = &place->supervisor->options;
	const struct rf_edition *edition = *options->edition;
	const int open[] = {options->lock, edition->copy, edition->publisher_copy};
	const struct rf_child_inherits inherits = {.ready = ready, .open = open, .n_open = RF_COUNT(open)};
	rf_autofree char *copy = rf_format("/proc/self/fd/%d", edition->copy);
	rf_autofree char *publisher_copy = rf_format("/proc/self/fd/%d", edition->publisher_copy);
	struct arguments arguments = {.n = 0};
	add_argument(&arguments, "referat-broker");
	add_option(&arguments, "--pipeline", edition->pipeline->path);
	add_option(&arguments, "--pipeline-copy", copy);
	add_option(&arguments, "--publisher-copy", publisher_copy);
	add_option(&arguments, "--state", options->state);
	add_option(&arguments, "--endpoint", options->endpoint);
	add_option(&arguments, "--ready-fd", "3");
	add_option(&arguments, "--move", place->supervisor->moves);
	if (options->once)
		add_argument(&arguments, "--once");
	add_common(&arguments, options);
	return spawn(place, &arguments, &inherits, error);
}
_Static_assert(RF_CHILD_READY == 3, "--ready-fd");

/* ---- the broker -------------------------------------------------------------------------------------------------- */

void rf_broker_stop_listening(struct rf_supervisor *supervisor)
{
	if (supervisor->ready < 0)
		return;
	rf_loop_remove_fd(supervisor->options.loop, supervisor->ready);
	close(supervisor->ready);
	supervisor->ready = -1;
}

static int take_readiness(void *context)
{
	struct rf_supervisor *supervisor = context;
	char said;
	ssize_t got = read(supervisor->ready, &said, 1);
	if (got < 0 && errno == EINTR)
		return 0;
	rf_broker_stop_listening(supervisor);
	if (got > 0) /* else it died before it was ready: SIGCHLD tells */
		rf_supervisor_broker_ready(supervisor);
	return 0;
}

int rf_broker_try(struct rf_supervisor *supervisor, struct rf_error *error)
{
	int ends[2];
	rf_broker_stop_listening(supervisor);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return rf_error_errno(error, "a pipe for the broker cannot be made");
	int result = spawn_broker(&supervisor->broker, ends[1], error);
	close(ends[1]);
	if (result < 0) {
		close(ends[0]);
		return result;
	}
	supervisor->ready = ends[0];
	rf_loop_add_fd(supervisor->options.loop, ends[0], take_readiness, supervisor);
	return 0;
}

/* ---- a place ----------------------------------------------------------------------------------------------------- */

void rf_place_start(struct rf_place *place)
{
	struct rf_error error;
	int result = place->stage ? spawn_stage(place, &error) : rf_broker_try(place->supervisor, &error);
	if (result == 0)
		return;
	rf_log(RF_LOG_ERROR, NULL, "%s: %s", rf_place_name(place), error.text);
	rf_place_start_later(place);
}

static int start_again(void *context)
{
	struct rf_place *place = context;
	place->timer = 0;
	rf_place_start(place);
	return 0;
}

void rf_place_start_later(struct rf_place *place)
{
	const struct rf_supervisor_options *options = &place->supervisor->options;
	int64_t lived_us = rf_clock_monotonic(options->clock) - place->started_us;
	int64_t delay_us = rf_restart_delay(&place->restart, &options->restart, lived_us);
	place->timer = rf_loop_add_timer(options->loop, delay_us, 0, start_again, place);
}

void rf_place_cancel(struct rf_place *place)
{
	rf_loop_cancel(place->supervisor->options.loop, place->timer);
	place->timer = 0;
}

void rf_place_signal(const struct rf_place *place, int signal_number)
{
	if (rf_place_is_alive(place))
		kill(place->child.pid, signal_number);
}

void rf_place_deinit(struct rf_place *place)
{
	if (rf_place_is_alive(place)) {
		kill(place->child.pid, SIGKILL);
		waitpid(place->child.pid, NULL, 0);
	}
	rf_child_deinit(&place->child);
	free(place->stage);
}

/* ---- all places -------------------------------------------------------------------------------------------------- */

/* A plugin that may exist once only makes its stage a single process. */
static uint32_t workers_of(const struct rf_stage *stage)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (stage->plugins[i].info->capabilities & REFERAT_SERIAL)
			return 1;
	return stage->workers;
}

static void add_place(struct rf_supervisor *supervisor, const struct rf_stage *stage)
{
	struct rf_place *place = rf_alloc(sizeof *place);
	*place = (struct rf_place){
	    .supervisor = supervisor, .stage = rf_strdup(stage->name), .kind = stage->kind, .child = RF_CHILD_INIT};
	supervisor->stages = rf_realloc_array(supervisor->stages, supervisor->n_stages + 1, sizeof(struct rf_place *));
	supervisor->stages[supervisor->n_stages++] = place;
}

static bool has_place(const struct rf_supervisor *supervisor, const char *stage)
{
	for (size_t i = 0; i < supervisor->n_stages; i++)
		if (strcmp(supervisor->stages[i]->stage, stage) == 0)
			return true;
	return false;
}

void rf_places_add(struct rf_supervisor *supervisor)
{
	const struct rf_pipeline *pipeline = (*supervisor->options.edition)->pipeline;
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		if (has_place(supervisor, stage->name))
			continue;
		for (uint32_t j = 0; j < workers_of(stage); j++)
			add_place(supervisor, stage);
	}
}

void rf_places_remove_leaving(struct rf_supervisor *supervisor)
{
	size_t kept = 0;
	for (size_t i = 0; i < supervisor->n_stages; i++) {
		struct rf_place *place = supervisor->stages[i];
		if (!place->leaving) {
			supervisor->stages[kept++] = place;
			continue;
		}
		rf_place_deinit(place);
		free(place);
	}
	supervisor->n_stages = kept;
}

void rf_places_start_missing(struct rf_supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->n_stages; i++) {
		struct rf_place *place = supervisor->stages[i];
		if (!rf_place_is_alive(place) && !place->timer && !place->leaving)
			rf_place_start(place);
	}
}
