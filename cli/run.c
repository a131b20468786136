/* `referat run PIPELINE`: checks a definition, and runs its processes until it is told to end, or, with --once, until
 * all documents that are there have been through. */
#include "base/clock.h"
#include "base/datetime.h"
#include "base/files.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/edition.h"
#include "cli/lock.h"
#include "cli/once.h"
#include "cli/report.h"
#include "cli/supervisor.h"
#include "cli/uplink.h"
#include "wire/link.h"

#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

struct given {
	const char *state, *clock, *plugins, *log_level;
	int64_t base_us, cap_us, patience_us, drain_us;
	bool once, plain, json;
};

/* One run and what belongs to it. */
struct run {
	struct given given;
	struct rf_edition *edition;
	char *state;    /* folder */
	char *endpoint; /* of the broker */
	struct rf_lock lock;
	struct rf_clock clock;
	struct rf_loop *loop;
	struct rf_uplink *uplink;
	struct rf_supervisor *supervisor;
	struct rf_progress progress;
	struct rf_once *once; /* NULL without --once */
};

static void run_deinit(struct run *run)
{
	rf_supervisor_free(run->supervisor);
	rf_once_free(run->once);
	rf_uplink_close(run->uplink);
	rf_loop_free(run->loop);
	rf_lock_release(&run->lock);
	free(run->endpoint);
	free(run->state);
	rf_edition_free(run->edition);
}

/* ---- checks ------------------------------------------------------------------------------------------------------ */

static int fail(int status, const struct rf_error *error)
{
	return rf_command_fail("run", status, error);
}

static int check_given(const struct given *given, struct rf_error *error)
{
	int64_t instant_us;
	enum rf_log_level level;
	if (given->clock && !rf_instant_parse(given->clock, &instant_us))
		return rf_error_set(error, "--clock: '%s' is not a time such as 2024-04-17T09:00:00Z", given->clock);
	if (given->log_level && rf_log_level_parse(given->log_level, &level))
		return rf_error_set(error, "--log-level: '%s' is none of error, warning, info, debug",
				    given->log_level);
	if (given->base_us <= 0 || given->cap_us < given->base_us)
		return rf_error_set(error, "--restart-base must be more than 0 and at most --restart-cap");
	if (given->patience_us < 2 * RF_SECOND)
		return rf_error_set(error, "--patience must be at least 2s: a heartbeat takes one");
	if (given->plain && given->json)
		return rf_error_set(error, "--plain and --json exclude each other");
	return 0;
}

static int load_pipeline(struct run *run, const char *path)
{
	struct rf_error error;
	int status = rf_edition_load(path, run->given.plugins, &run->edition, &error);
	return *error.text ? fail(status, &error) : status;
}

/* Makes the state folder, and takes it for this run alone. */
static int take_state(struct run *run)
{
	static const int64_t patience_us = 10 * RF_SECOND;
	struct rf_error error;
	run->state = run->given.state ? rf_strdup(run->given.state) : rf_format("var/%s", run->edition->pipeline->name);
	if (rf_folder_make(run->state, &error) < 0)
		return fail(EX_CANTCREAT, &error);
	if (rf_lock_take(run->state, patience_us, &run->lock, &error))
		return fail(EX_TEMPFAIL, &error);
	if (rf_link_endpoint(run->state, &run->endpoint, &error) < 0)
		return fail(EX_CANTCREAT, &error);
	return EX_OK;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

static void pass_on(void *context, const char *line, size_t size)
{
	struct run *run = context;
	rf_progress_hide(&run->progress);
	rf_log_pass_on(line, size);
}

static void is_ready(void *context)
{
	struct run *run = context;
	rf_log(RF_LOG_INFO, NULL, "%s runs, state in %s", run->edition->pipeline->name, run->state);
	if (run->once)
		rf_once_start(run->once);
}

static int is_done(void *context)
{
	struct run *run = context;
	return rf_supervisor_drain(run->supervisor);
}

static int start(struct run *run, struct rf_error *error)
{
	run->clock = rf_clock_system();
	run->loop = rf_loop_new(&run->clock);
	if (rf_uplink_open(run->loop, run->endpoint, &run->uplink, error) < 0)
		return -1;
	rf_progress_init(&run->progress, stderr);
	if (run->given.once)
		run->once = rf_once_new(run->loop, &run->clock, run->uplink, &run->progress, is_done, run);
	const struct rf_supervisor_options options = {
	    .edition = &run->edition,
	    .loop = run->loop,
	    .clock = &run->clock,
	    .uplink = run->uplink,
	    .endpoint = run->endpoint,
	    .state = run->state,
	    .lock = run->lock.broker,
	    .once = run->given.once,
	    .clock_text = run->given.clock,
	    .plugins = run->given.plugins,
	    .log_level = run->given.log_level,
	    .restart = {.base_us = run->given.base_us, .cap_us = run->given.cap_us},
	    .patience_us = run->given.patience_us,
	    .drain_us = run->given.drain_us,
	    .output = pass_on,
	    .ready = is_ready,
	    .context = run,
	};
	return rf_supervisor_start(&options, &run->supervisor, error);
}

static int result_of(struct run *run)
{
	const char *failure = rf_supervisor_failure(run->supervisor);
	if (failure) {
		fprintf(stderr, "referat run: %s\n", failure);
		return rf_supervisor_may_succeed_later(run->supervisor) ? EX_TEMPFAIL : EX_CONFIG;
	}
	json_object *documents = run->once ? rf_once_documents(run->once) : NULL;
	if (!run->once)
		return EX_OK;
	if (!documents) {
		fputs("referat run: interrupted before all was done; the next run goes on from here\n", stderr);
		return EX_TEMPFAIL;
	}
	enum rf_report_style style = run->given.json    ? RF_REPORT_JSON
				     : run->given.plain ? RF_REPORT_PLAIN
							: RF_REPORT_TABLE;
	rf_report_print(documents, style, run->state, stdout);
	if (rf_once_had_no_room(run->once)) {
		fprintf(
		    stderr,
		    "referat run: the disk of %s is short of room: what lies in the inbox waits there; make room, and "
		    "run again\n",
		    run->state);
		return EX_TEMPFAIL;
	}
	return rf_report_exit_status(documents);
}

static int run_pipeline(struct run *run, const char *path)
{
	struct rf_error error;
	int status = load_pipeline(run, path);
	if (status == EX_OK)
		status = take_state(run);
	if (status != EX_OK)
		return status;
	if (start(run, &error) < 0 || rf_loop_run(run->loop, &error) < 0) {
		rf_progress_hide(&run->progress);
		return fail(EX_SOFTWARE, &error);
	}
	rf_progress_hide(&run->progress);
	return result_of(run);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int read_given(int argc, char **argv, struct given *given)
{
	const struct rf_option options[] = {
	    {"state", 's', RF_OPTION_TEXT, "DIR", "where the store lies; default: var/ and the pipeline's name",
	     &given->state},
	    {"once", 0, RF_OPTION_FLAG, NULL, "take what is there, end when all is done, and say what became of it",
	     &given->once},
	    {"plain", 0, RF_OPTION_FLAG, NULL, "with --once: a line per document, cells separated by tabs",
	     &given->plain},
	    {"json", 0, RF_OPTION_FLAG, NULL, "with --once: the result as JSON", &given->json},
	    {"clock", 0, RF_OPTION_TEXT, "T",
	     "time stands still at T (2024-04-17T09:00:00Z): the same input gives the same bytes", &given->clock},
	    RF_COMMAND_PLUGINS(given->plugins),
	    {"restart-base", 0, RF_OPTION_DURATION, "D", "a process that died starts again after this; default: 1s",
	     &given->base_us},
	    {"restart-cap", 0, RF_OPTION_DURATION, "D", "the time doubles with each death, up to this; default: 30s",
	     &given->cap_us},
	    {"patience", 0, RF_OPTION_DURATION, "D",
	     "a broker that says nothing for so long is killed and started again; default: 5m", &given->patience_us},
	    {"drain", 0, RF_OPTION_DURATION, "D", "how long stages may finish what they have in hand; default: 10s",
	     &given->drain_us},
	    {"log-level", 0, RF_OPTION_TEXT, "LEVEL",
	     "error, warning, info or debug; default: info, with --once: warning", &given->log_level},
	};
	const struct rf_program program = {
	    .name = "referat run",
	    .synopsis = "referat run PIPELINE [options]",
	    .description =
		"Checks a pipeline definition and runs it: a broker, and a process or more for each stage. What dies "
		"is started again. SIGTERM and SIGINT let the processes finish what they have in hand. SIGHUP reads "
		"the "
		"definition again: what has changed takes effect while documents pass, and if anything is wrong with "
		"it, the old one goes on.\n\n"
		"Exit status: 0 ended in good order, with --once all is published; 1 with --once: documents are held; "
		"2 with --once: documents are dead; 75 try again; 78 the definition is wrong, or a process says it "
		"can't work with it.",
	    .examples = "referat run pipelines/demo/pipeline.yaml --once\n"
			"referat run /etc/referat/exempelby.yaml --state /var/lib/referat/exempelby",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	struct rf_error error;
	if (status == RF_COMMAND_GO && check_given(given, &error) < 0)
		return fail(EX_USAGE, &error);
	return status;
}

int rf_command_run(int argc, char **argv)
{
	struct run run = {
	    .given = {.base_us = RF_SECOND,
		      .cap_us = 30 * RF_SECOND,
		      .patience_us = 300 * RF_SECOND,
		      .drain_us = 10 * RF_SECOND},
	    .lock = RF_LOCK_INIT,
	};
	int status = read_given(argc, argv, &run.given);
	if (status != RF_COMMAND_GO)
		return status;
	if (!run.given.log_level)
		run.given.log_level = run.given.once ? "warning" : "info";
	enum rf_log_level level = RF_LOG_INFO;
	rf_log_level_parse(run.given.log_level, &level);
	rf_log_open("referat", level);
	status = run_pipeline(&run, argv[1]);
	run_deinit(&run);
	return status;
}
