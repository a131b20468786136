#include "stage/worker.h"

#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "document/unpack.h"
#include "plugin/language.h"
#include "stage/crash.h"
#include "stage/job.h"
#include "stage/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LOOK_EVERY_US = 1000 * 1000,
	LOOK_EVERY_ONCE_US = 200 * 1000,
	LOOK_AFTER_TROUBLE_US = 5 * 1000 * 1000,
	TAKE_LIMIT_US = 60 * 1000 * 1000
};

/* ---- plugins -------------------------------------------------------------------------------------------------------
 */

/* <folder>/<name>.so, or .exec for a program. NULL: it is in neither. */
static char *find_in(const char *folder, const char *name)
{
	static const char *const endings[] = {"so", "exec"};
	for (size_t i = 0; i < RF_COUNT(endings); i++) {
		char *path = rf_format("%s/%s.%s", folder, name, endings[i]);
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

/* The folders given first, then the installed ones; the first wins, as in the registry. */
static char *find_plugin(const char *folders, const char *name)
{
	char *path = NULL;
	for (const char *at = folders; at && *at && !path; at += strspn(at, ":")) {
		size_t length = strcspn(at, ":");
		rf_autofree char *folder = rf_strndup(at, length);
		path = find_in(folder, name);
		at += length;
	}
	if (path)
		return path;
	rf_autofree char *installed = rf_path_join(rf_install_prefix(), "lib/referat/plugins");
	return find_in(installed, name);
}

static int open_plugin(struct rf_worker *worker, const Referat__Wire__PluginConfig *config, const struct rf_host *host,
		       struct rf_plugin **plugin, struct rf_error *error)
{
	rf_autofree char *path = config->name ? find_plugin(worker->plugin_folders, config->name) : NULL;
	if (!path)
		return rf_error_set(error, "plugin %s is not installed", config->name ? config->name : "?");
	rf_autofree struct rf_plugin_setting *settings = rf_realloc_array(NULL, config->n_options, sizeof *settings);
	for (size_t i = 0; i < config->n_options; i++)
		settings[i] = (struct rf_plugin_setting){.name = config->options[i]->name,
							 .value = config->options[i]->value,
							 .secret = config->options[i]->secret};
	rf_handover_set_busy(worker->handover, true);
	int result = rf_plugin_load(path, host, settings, config->n_options, plugin, error);
	rf_handover_set_busy(worker->handover, false);
	return result;
}

static int load_plugin(struct rf_worker *worker, const Referat__Wire__PluginConfig *config, struct rf_error *error)
{
	int result = open_plugin(worker, config, &worker->host, &worker->plugins[worker->n_plugins], error);
	if (result == 0)
		worker->n_plugins++;
	return result;
}

const Referat__Wire__PluginConfig *rf_worker_plugin_config(const struct rf_worker *worker, const char *name)
{
	const Referat__Wire__StageConfig *config = rf_worker_config(worker);
	for (size_t i = 0; i < config->n_plugins; i++)
		if (config->plugins[i]->name && strcmp(config->plugins[i]->name, name) == 0)
			return config->plugins[i];
	return NULL;
}

int rf_worker_open(struct rf_worker *worker, const char *name, const struct rf_host *host, struct rf_plugin **plugin,
		   struct rf_error *error)
{
	const Referat__Wire__PluginConfig *config = rf_worker_plugin_config(worker, name);
	return config ? open_plugin(worker, config, host, plugin, error)
		      : rf_error_set(error, "the stage has no plugin %s", name);
}

static bool is_stopping(void *context)
{
	struct rf_worker *worker = context;
	return rf_handover_stopping(worker->handover);
}

static enum referat_result submit(void *context, const struct referat_submission *submission)
{
	return rf_source_submit(context, submission);
}

static int read_language(struct rf_worker *worker, const char *language, struct rf_error *error)
{
	rf_autofree char *name = rf_format("share/referat/languages/%s.yaml", language);
	rf_autofree char *path = rf_path_join(rf_install_prefix(), name);
	worker->language = rf_language_new();
	return rf_language_read(worker->language, path, error) < 0 ? -1 : 0;
}

static int load(struct rf_worker *worker, struct rf_error *error)
{
	const Referat__Wire__StageConfig *config = rf_worker_config(worker);
	const ProtobufCBinaryData publisher = worker->welcome->publisher;
	ProtobufCMessage *message;
	if (rf_unpack(&referat__publisher__descriptor, publisher.data, publisher.len, &message, error))
		return -1;
	worker->publisher = (Referat__Publisher *)message;
	if (rf_limit_memory(config->max_memory, error))
		return -1;
	const char *language = worker->publisher->language ? worker->publisher->language : "sv";
	if (read_language(worker, language, error))
		return -1;
	worker->host = (struct rf_host){
	    .clock = worker->clock,
	    .secrets = config->secrets,
	    .language = language,
	    .publisher = {publisher.data, publisher.len},
	    .context = worker,
	    .submit = submit,
	    .stopping = is_stopping,
	    .max_runtime_us = config->max_runtime_us,
	};
	worker->plugins = rf_realloc_array(NULL, config->n_plugins, sizeof(void *));
	for (size_t i = 0; i < config->n_plugins; i++)
		if (load_plugin(worker, config->plugins[i], error))
			return -1;
	return 0;
}

enum referat_result rf_worker_run(struct rf_worker *worker, struct rf_call *call, struct rf_plugin *plugin,
				  referat_function function)
{
	rf_handover_set_busy(worker->handover, true);
	enum referat_result result = rf_call_run(call, plugin, function);
	rf_handover_set_busy(worker->handover, false);
	return result;
}

/* Whether the targets can be used, asked before the first document comes: a wrong password or a right that is missing
 * is told at once. It goes on all the same, for what is down may be back by then. A run that takes what is there once
 * has documents at hand that tell the same. */
static void probe_targets(struct rf_worker *worker)
{
	const Referat__Wire__StageConfig *config = rf_worker_config(worker);
	for (size_t i = 0; i < worker->n_plugins && !config->once; i++) {
		const struct referat_plugin *plugin = rf_plugin_descriptor(worker->plugins[i]);
		if (plugin->kind != REFERAT_TARGET || !plugin->probe)
			continue;
		struct rf_call *call = rf_call_new();
		if (rf_worker_run(worker, call, worker->plugins[i], plugin->probe) == REFERAT_OK)
			rf_log(RF_LOG_INFO, NULL, "%s: %s answers, and takes us", config->name, plugin->name);
		else
			rf_log(RF_LOG_WARNING, NULL, "%s: %s can't be used as things are: %s", config->name,
			       plugin->name, rf_call_reason(call));
		rf_call_free(call);
	}
}

/* ---- the thread ----------------------------------------------------------------------------------------------------
 */

/* Lets the sources look when it is time; returns how long there is until the next time. */
static int64_t look(struct rf_worker *worker, int64_t *next_us)
{
	if (!worker->program->runs_sources)
		return TAKE_LIMIT_US;
	int64_t now_us = rf_clock_monotonic(worker->clock);
	if (now_us < *next_us)
		return *next_us - now_us;
	enum rf_look looked = rf_sources_look(worker);
	/* A source that is asked to stop returns early, with what it had looked at until then. */
	bool caught_up = looked == RF_LOOK_ALL && !rf_handover_stopping(worker->handover);
	rf_handover_set_caught_up(worker->handover, caught_up);
	int64_t every_us = rf_worker_config(worker)->once && !caught_up ? LOOK_EVERY_ONCE_US : LOOK_EVERY_US;
	if (worker->complaint)
		every_us = LOOK_AFTER_TROUBLE_US;
	*next_us = rf_clock_monotonic(worker->clock) + every_us;
	if (rf_worker_config(worker)->once && looked == RF_LOOK_SHUT)
		worker->exit_status = RF_EXIT_GIVE_UP; /* who takes what is there once does not wait for a folder */
	return every_us;
}

/* Documents are put together where a flush is what they share, and where the target can be asked what a death in
 * between has left. All others have one in hand at a time, as each has its result at once. */
static size_t most_together(const struct rf_worker *worker)
{
	for (size_t i = 0; worker->program->work_together && i < worker->n_plugins; i++) {
		const struct referat_plugin *plugin = rf_plugin_descriptor(worker->plugins[i]);
		if (plugin->flush && plugin->lookup && plugin->capabilities & REFERAT_CAN_LOOKUP)
			return RF_HANDOVER_TOGETHER;
	}
	return 1;
}

/* Takes what there is, one task or as many as the stage works on together, and does it. */
static void work_on(struct rf_worker *worker, int64_t limit_us)
{
	struct rf_parcel *tasks[RF_HANDOVER_TOGETHER];
	size_t n = rf_handover_take(worker->handover, limit_us, most_together(worker), tasks);
	if (n > 0)
		rf_jobs_do(worker, tasks, n);
}

static void *run(void *context)
{
	struct rf_worker *worker = context;
	struct rf_error error;
	rf_crash_prepare(rf_handover_fd(worker->handover));
	pthread_setname_np(pthread_self(), "work"); /* top -H, and who measures, tell plugins from the rest by it */
	if (load(worker, &error)) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		worker->exit_status = RF_EXIT_GIVE_UP;
	} else {
		int64_t next_look_us = 0;
		probe_targets(worker);
		while (!rf_handover_stopping(worker->handover)) {
			int64_t limit_us = look(worker, &next_look_us);
			if (worker->exit_status)
				break;
			work_on(worker, limit_us);
		}
	}
	while (worker->n_plugins > 0)
		rf_plugin_unload(worker->plugins[--worker->n_plugins]);
	rf_handover_end(worker->handover);
	return NULL;
}

int rf_worker_start(struct rf_worker *worker, Referat__Wire__Welcome *welcome, struct rf_error *error)
{
	worker->welcome = welcome;
	int number = pthread_create(&worker->thread, NULL, run, worker);
	if (number == 0)
		return 0;
	rf_unpack_free((ProtobufCMessage *)rf_steal(worker->welcome));
	return rf_error_set(error, "the work thread: %s", strerror(number));
}

void rf_worker_join(struct rf_worker *worker)
{
	if (!worker->welcome)
		return;
	pthread_join(worker->thread, NULL);
	free(worker->plugins);
	free(worker->complaint);
	rf_language_free(worker->language);
	rf_unpack_free((ProtobufCMessage *)worker->publisher);
	rf_unpack_free((ProtobufCMessage *)worker->welcome);
}
