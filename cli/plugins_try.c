/* `referat plugins try`: one call of a plugin, with everything it asks for and gives shown. */
#include "cli/plugins.h"

#include "base/clock.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/requests.h"
#include "cli/trial.h"
#include "document/unpack.h"
#include "plugin/option.h"
#include "plugin/part_json.h"
#include "plugin/request.h"
#include "plugin/safety.h"

#include <referat/document.pb-c.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { LOOKS_AGAIN = 2, LOOK_PAUSE_S = 3 };

static struct {
	const char *folders, *secrets;
	struct rf_option_list options;
	bool lookup, compare, withdraw, probe, send, json;
	int64_t clock_us;
} given;

static const struct rf_option options[] = {
    {"option", 'o', RF_OPTION_LIST, "NAME=VALUE", "an option of the plugin; of a secret, its name", &given.options},
    {"send", 0, RF_OPTION_FLAG, NULL, "let a target or channel do it, after its requests are shown", &given.send},
    {"lookup", 0, RF_OPTION_FLAG, NULL, "ask whether it stands there, instead of putting it there", &given.lookup},
    {"compare", 0, RF_OPTION_FLAG, NULL, "ask whether just this stands there, and how it differs", &given.compare},
    {"withdraw", 0, RF_OPTION_FLAG, NULL, "take it away instead", &given.withdraw},
    {"probe", 0, RF_OPTION_FLAG, NULL, "ask whether it can be reached instead", &given.probe},
    {"secrets", 0, RF_OPTION_TEXT, "DIR", "folder of the secrets, a file (mode 0600) for each (default: secrets)",
     &given.secrets},
    {"clock", 0, RF_OPTION_INSTANT, "TIME", "time stands still at TIME", &given.clock_us},
    {"plugins", 0, RF_OPTION_TEXT, "DIRS", "folders that are looked at before the installed one, separated by colons",
     &given.folders},
    {"json", 0, RF_OPTION_FLAG, NULL, "answer as JSON", &given.json},
};

static const char *const result_words[] = {"ok", "retry", "yield", "fail", "hold", "not-found", "unknown"};

struct attempt {
	struct rf_registry installed;
	struct rf_registry file; /* when a file was named */
	const struct rf_plugin_info *info;
	struct rf_clock clock;
	struct rf_host host;
	uint8_t *publisher;
	struct rf_trial trial;
	struct rf_plugin *plugin;
	json_object *requests, *submissions;
};

/* ---- what the plugin does, shown --------------------------------------------------------------------------------- */

static void add_text(json_object *object, const char *name, const char *text)
{
	if (text && text[0])
		json_object_object_add(object, name, json_object_new_string(text));
}

/* Shows each request. Without --send it is answered here: what is asked for is not there, and what is sent is taken. */
static bool intercept(void *context, const struct referat_http *request, struct referat_answer *answer)
{
	struct attempt *attempt = context;
	bool reads = rf_request_only_reads(request);
	json_object *described = rf_request_describe(request, NULL, 0);
	if (!given.json)
		rf_request_print(described);
	json_object_array_add(attempt->requests, described);
	*answer = rf_request_done(request);
	answer->type = "application/json";
	answer->body = (struct referat_bytes){(const uint8_t *)"{}", 2};
	if (reads) {
		answer->status = 404;
		answer->problem = "not sent: --send was not given";
	}
	return !given.send;
}

static enum referat_result take_submission(void *context, const struct referat_submission *submission)
{
	struct attempt *attempt = context;
	if (given.json) {
		json_object *object = json_object_new_object();
		add_text(object, "key", submission->key);
		add_text(object, "name", submission->name);
		add_text(object, "type", submission->type);
		json_object_array_add(attempt->submissions, object);
	} else {
		printf("found %s (%s)\n", submission->key, submission->type);
	}
	return REFERAT_OK;
}

/* ---- the result -------------------------------------------------------------------------------------------------- */

static json_object *parts_json(const struct rf_call *call)
{
	json_object *object = json_object_new_object();
	const struct rf_part_view *parts = NULL;
	size_t n = rf_call_outputs(call, &parts);
	for (size_t i = 0; i < n; i++)
		json_object_object_add(object, parts[i].name, rf_part_to_json(parts[i].type, parts[i].bytes));
	struct referat_bytes findings = rf_call_findings(call);
	if (findings.data)
		json_object_object_add(object, "findings", rf_part_to_json("referat.findings/1", findings));
	return object;
}

static json_object *result_json(const struct attempt *attempt, const struct rf_call *call, enum referat_result result)
{
	json_object *object = json_object_new_object();
	json_object_object_add(object, "referat", json_object_new_int(1));
	add_text(object, "result", result_words[result]);
	add_text(object, "reason", rf_call_reason(call));
	json_object_object_add(object, "requests", json_object_get(attempt->requests));
	json_object_object_add(object, "submissions", json_object_get(attempt->submissions));
	json_object_object_add(object, "parts", parts_json(call));
	json_object *attributes = json_object_new_object();
	const char *const *names = NULL;
	const char *const *values = NULL;
	size_t n = rf_call_attributes(call, &names, &values);
	for (size_t i = 0; i < n; i++)
		json_object_object_add(attributes, names[i], json_object_new_string(values[i]));
	json_object_object_add(object, "attributes", attributes);
	json_object *recipients = json_object_new_array();
	n = rf_call_recipients(call, &names);
	for (size_t i = 0; i < n; i++)
		json_object_array_add(recipients, json_object_new_string(names[i]));
	json_object_object_add(object, "recipients", recipients);
	json_object *published = json_object_new_object();
	add_text(published, "remote_id", rf_call_published(call).remote_id);
	add_text(published, "url", rf_call_published(call).url);
	add_text(published, "remote_revision", rf_call_published(call).remote_revision);
	json_object_object_add(object, "published", published);
	return object;
}

static void print_line(const char *name, const char *value)
{
	if (value[0])
		printf("%-10s %s\n", name, value);
}

static void print_result(const struct rf_call *call, enum referat_result result)
{
	json_object *parts = parts_json(call);
	if (json_object_object_length(parts))
		printf("%s\n", json_object_to_json_string_ext(parts, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
									 JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(parts);
	const char *const *names = NULL;
	const char *const *values = NULL;
	size_t n = rf_call_attributes(call, &names, &values);
	for (size_t i = 0; i < n; i++)
		printf("attribute  %s = %s\n", names[i], values[i]);
	n = rf_call_recipients(call, &names);
	for (size_t i = 0; i < n; i++)
		printf("recipient  %s\n", names[i]);
	struct rf_published published = rf_call_published(call);
	print_line("published", published.url);
	print_line("remote id", published.remote_id);
	print_line("revision", published.remote_revision);
	const char *reason = rf_call_reason(call);
	printf("result     %s%s%s\n", result_words[result], reason[0] ? ": " : "", reason);
}

static int status_of(enum referat_result result)
{
	static const int statuses[] = {EX_OK,      EX_TEMPFAIL, EX_UNAVAILABLE, EX_DATAERR,
				       EX_DATAERR, EX_NOINPUT,  EX_TEMPFAIL};
	return statuses[result];
}

/* ---- the call ---------------------------------------------------------------------------------------------------- */

/* Enough for texts and addresses; a pipeline has its own. */
static void make_publisher(struct attempt *attempt)
{
	Referat__Publisher publisher = REFERAT__PUBLISHER__INIT;
	publisher.name = "Exempelby kommun";
	publisher.short_name = "Exempelby";
	publisher.time_zone = "Europe/Stockholm";
	publisher.language = "sv";
	publisher.home = "https://www.example.org/";
	size_t size = rf_pack(&publisher.base, &attempt->publisher);
	attempt->host.publisher = (struct referat_bytes){attempt->publisher, size};
}

static int find_plugin(struct attempt *attempt, const char *name, struct rf_error *error)
{
	if (rf_registry_scan(given.folders, &attempt->installed, error))
		return -1;
	if (strchr(name, '/')) {
		if (rf_registry_scan_file(name, &attempt->file, error))
			return -1;
		attempt->info = attempt->file.plugins;
	} else {
		attempt->info = rf_registry_find(&attempt->installed, name);
	}
	if (!attempt->info)
		return rf_error_set(error, "no plugin '%s' is installed; a file is named with its folder: ./%s", name,
				    name);
	return attempt->info->why ? rf_error_set(error, "%s", attempt->info->why) : 0;
}

static const struct referat_option *option_of(const struct rf_plugin_info *info, const char *name, size_t size)
{
	for (size_t i = 0; i < info->n_options; i++)
		if (strlen(info->options[i].name) == size && strncmp(info->options[i].name, name, size) == 0)
			return &info->options[i];
	return NULL;
}

/* "name=value" as the pipeline's reader would take it. The value is the caller's. */
static int read_setting(const struct rf_plugin_info *info, const char *text, struct rf_plugin_setting *setting,
			struct rf_error *error)
{
	size_t size = strcspn(text, "=");
	const struct referat_option *option = option_of(info, text, size);
	if (!text[size])
		return rf_error_set(error, "-o %s: expected NAME=VALUE", text);
	if (!option)
		return rf_error_set(error, "%s has no option '%.*s'; 'referat plugins show' lists them", info->name,
				    (int)size, text);
	rf_autofree char *folder = realpath(".", NULL);
	char *value = NULL;
	if (rf_option_normalise(option, text + size + 1, folder ? folder : ".", &value, error))
		return rf_error_prefix(error, "-o %s", option->name);
	*setting = (struct rf_plugin_setting){option->name, value, option->type == REFERAT_SECRET};
	return 0;
}

static int load(struct attempt *attempt, struct rf_error *error)
{
	struct rf_plugin_setting settings[RF_OPTION_LIST_MOST];
	size_t n = 0;
	int status = 0;
	for (; n < given.options.n && !status; n += !status)
		status = read_setting(attempt->info, given.options.texts[n], &settings[n], error);
	if (!status)
		status = rf_plugin_load(attempt->info->path, &attempt->host, settings, n, &attempt->plugin, error);
	for (size_t i = 0; i < n; i++)
		free((char *)settings[i].value);
	return status;
}

/* Whether the plugin's requests can be held back: what it does without the host's HTTP can't. */
static int check_dry_run(const struct rf_plugin_info *info, struct rf_error *error)
{
	bool effects = info->kind == REFERAT_TARGET;
	if (given.send || !effects || given.lookup || given.compare)
		return 0;
	if (rf_safety_is_exec(info->path) || !(info->capabilities & REFERAT_NEEDS_NETWORK))
		return rf_error_set(error,
				    "%s does not say that all it does goes through the host's HTTP "
				    "(REFERAT_NEEDS_NETWORK), so it can't be held back and shown; add --send to let it "
				    "do it",
				    info->name);
	return 0;
}

static referat_function chosen(const struct referat_plugin *plugin)
{
	if (given.probe)
		return plugin->probe;
	if (given.lookup)
		return plugin->lookup;
	if (given.compare)
		return plugin->compare;
	if (given.withdraw)
		return plugin->withdraw;
	return plugin->kind == REFERAT_TARGET ? plugin->put : plugin->run;
}

static enum referat_result show(struct attempt *attempt, struct rf_call *call, enum referat_result result)
{
	if (given.json) {
		json_object *object = result_json(attempt, call, result);
		rf_answer_print(object);
		json_object_put(object);
	} else {
		print_result(call, result);
	}
	return result;
}

/* A channel names its recipients; with --send each is told. */
static enum referat_result run_channel(struct attempt *attempt, const struct referat_plugin *plugin)
{
	struct rf_call *call = rf_trial_call(&attempt->trial);
	enum referat_result result = rf_call_run(call, attempt->plugin, plugin->recipients);
	show(attempt, call, result);
	const char *const *recipients = NULL;
	size_t n = result == REFERAT_OK && given.send ? rf_call_recipients(call, &recipients) : 0;
	for (size_t i = 0; i < n && result == REFERAT_OK; i++) {
		rf_autofree char *key = rf_format("try:test:%zu", i);
		rf_trial_set(&attempt->trial, "recipient", recipients[i]);
		rf_trial_set(&attempt->trial, "key", key);
		struct rf_call *put = rf_trial_call(&attempt->trial);
		result = show(attempt, put, rf_call_run(put, attempt->plugin, plugin->put));
		rf_call_free(put);
	}
	rf_call_free(call);
	return result;
}

/* A source may look again before it believes what it saw: a file must have settled. */
static enum referat_result run_source(struct attempt *attempt)
{
	struct rf_call *call = rf_trial_call(&attempt->trial);
	const struct referat_plugin *plugin = rf_plugin_descriptor(attempt->plugin);
	enum referat_result result = rf_call_run(call, attempt->plugin, plugin->run);
	for (int again = 0; again < LOOKS_AGAIN && result == REFERAT_RETRY; again++) {
		sleep(LOOK_PAUSE_S);
		result = rf_call_run(call, attempt->plugin, plugin->run);
	}
	show(attempt, call, result);
	rf_call_free(call);
	return result;
}

/* What the call has left to it is done at once; only what goes wrong is to be shown. */
static enum referat_result run_flush(struct attempt *attempt, const struct referat_plugin *plugin)
{
	struct rf_call *call = rf_trial_call(&attempt->trial);
	enum referat_result result = rf_call_run(call, attempt->plugin, plugin->flush);
	if (result != REFERAT_OK)
		show(attempt, call, result);
	rf_call_free(call);
	return result;
}

static enum referat_result run(struct attempt *attempt)
{
	const struct referat_plugin *plugin = rf_plugin_descriptor(attempt->plugin);
	if (plugin->kind == REFERAT_CHANNEL && !given.probe && !given.lookup)
		return run_channel(attempt, plugin);
	struct rf_call *call = rf_trial_call(&attempt->trial);
	referat_function function = chosen(plugin);
	enum referat_result result = show(attempt, call, rf_call_run(call, attempt->plugin, function));
	bool changes = function == plugin->put || function == plugin->withdraw;
	if (changes && result == REFERAT_OK && plugin->flush)
		result = run_flush(attempt, plugin);
	rf_call_free(call);
	return result;
}

/* document: NULL when there is none. */
static int attempt_it(struct attempt *attempt, const char *plugin, const char *document, struct rf_error *error)
{
	attempt->clock = given.clock_us ? rf_clock_fixed(given.clock_us) : rf_clock_system();
	attempt->host = (struct rf_host){.clock = &attempt->clock,
					 .secrets = given.secrets ? given.secrets : "secrets",
					 .language = "sv",
					 .context = attempt,
					 .submit = take_submission,
					 .intercept = intercept};
	make_publisher(attempt);
	if (find_plugin(attempt, plugin, error) || check_dry_run(attempt->info, error) || load(attempt, error))
		return EX_CONFIG;
	if (attempt->info->kind == REFERAT_SOURCE)
		return status_of(run_source(attempt));
	if (!document) {
		rf_error_set(error, "a %s needs a document to be tried with", rf_plugin_kind_name(attempt->info->kind));
		return EX_USAGE;
	}
	if (rf_trial_prepare(&attempt->trial, document, attempt->info->kind, &attempt->host, &attempt->installed,
			     error))
		return EX_NOINPUT;
	return status_of(run(attempt));
}

int rf_plugins_try(int argc, char **argv)
{
	const struct rf_program program = {
	    .name = "referat plugins try",
	    .synopsis = "referat plugins try NAME|./FILE.so [DOCUMENT] [-o NAME=VALUE ...] [options]",
	    .description =
		"Calls a plugin once, for those who write it. DOCUMENT is minutes (installed plugins do the steps "
		"before), a page (.html), or a call as JSON (docs/plugins.md); a source needs none. A target's "
		"requests are shown and, unless --send is given, not sent; what other plugins give is printed as JSON.",
	    .examples = "referat plugins try ./target.x.so minutes.txt -o url=https://cms.example.org/ -o token=cms",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 2};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct attempt attempt = {.requests = json_object_new_array(), .submissions = json_object_new_array()};
	struct rf_error error = {0};
	status = attempt_it(&attempt, argv[1], argv[2], &error);
	if (error.text[0])
		rf_command_fail("plugins try", status, &error);
	rf_plugin_unload(attempt.plugin);
	rf_trial_deinit(&attempt.trial);
	rf_registry_deinit(&attempt.installed);
	rf_registry_deinit(&attempt.file);
	json_object_put(attempt.requests);
	json_object_put(attempt.submissions);
	free(attempt.publisher);
	return status;
}
