#include "stage/stage.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/options.h"
#include "stage/line.h"
#include "stage/worker.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

struct command_line {
	const char *broker, *stage, *plugins, *log_level;
	int64_t clock_us;
};

static int read_command_line(const struct rf_stage_program *program, const char *name, int argc, char **argv,
			     struct command_line *read, struct rf_error *error)
{
	const struct rf_option options[] = {
	    {"broker", 'b', RF_OPTION_TEXT, "ENDPOINT", "the broker's socket: ipc://PATH or tcp://HOST:PORT",
	     &read->broker},
	    {"stage", 's', RF_OPTION_TEXT, "INSTANCE", "which stage of the pipeline this is: publish/web",
	     &read->stage},
	    {"clock", 0, RF_OPTION_INSTANT, "TIME", "let the wall clock stand still at this time (RFC 3339)",
	     &read->clock_us},
	    {"plugins", 0, RF_OPTION_TEXT, "DIRS",
	     "folders that are looked at before the installed one, separated by colons", &read->plugins},
	    {"log-level", 0, RF_OPTION_TEXT, "LEVEL", "error, warning, info or debug; default: info", &read->log_level},
	};
	rf_autofree char *synopsis = rf_format("%s --broker ENDPOINT --stage INSTANCE [options]", name);
	const struct rf_program described = {.name = name,
					     .synopsis = synopsis,
					     .description = program->description,
					     .options = options,
					     .n_options = RF_COUNT(options)};
	int result = rf_options_read(&described, argc, argv, error);
	if (result == 0 && (!read->broker || !read->stage))
		return rf_error_set(error, "--broker and --stage are needed; see %s --help", name);
	return result;
}

static int start_worker(void *context, Referat__Wire__Welcome *welcome, struct rf_error *error)
{
	return rf_worker_start(context, welcome, error);
}

static int run(const struct rf_stage_program *program, const struct command_line *given, struct rf_error *error)
{
	const struct rf_clock clock = given->clock_us ? rf_clock_fixed(given->clock_us) : rf_clock_system();
	struct rf_worker worker = {.program = program, .clock = &clock, .plugin_folders = given->plugins};
	worker.handover = rf_handover_new(&clock, error);
	if (!worker.handover)
		return -1;
	const struct rf_line_options line = {.endpoint = given->broker,
					     .stage = given->stage,
					     .needs = program->needs,
					     .n_needs = program->n_needs,
					     .clock = &clock,
					     .handover = worker.handover,
					     .welcomed = start_worker,
					     .context = &worker};
	int exit_status = rf_line_run(&line);
	if (exit_status)
		_exit(exit_status); /* the work thread may be in a plugin, with nobody left to limit its time */
	rf_worker_join(&worker);
	rf_handover_free(worker.handover);
	return worker.exit_status;
}

int rf_stage_main(const struct rf_stage_program *program, int argc, char **argv)
{
	rf_autofree char *name = rf_format("referat-%s", program->name);
	struct command_line given = {.log_level = "info"};
	struct rf_error error;
	rf_log_open(name, RF_LOG_INFO);
	rf_fault_open(program->name);
	int result = read_command_line(program, name, argc, argv, &given, &error);
	if (result == RF_OPTIONS_SHOWN)
		return EX_OK;
	enum rf_log_level level;
	if (result == 0 && rf_log_level_parse(given.log_level, &level))
		result =
		    rf_error_set(&error, "--log-level %s: expected error, warning, info or debug", given.log_level);
	if (result) {
		fprintf(stderr, "%s: %s\n", name, error.text);
		return EX_USAGE;
	}
	rf_log_open(name, level);
	result = run(program, &given, &error);
	if (result < 0) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		return EX_OSERR;
	}
	return result;
}
