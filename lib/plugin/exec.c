#include "plugin/exec.h"

#include "base/error.h"
#include "base/memory.h"
#include "plugin/call.h"
#include "plugin/describe.h"
#include "plugin/descriptor.h"
#include "plugin/exec_json.h"
#include "plugin/json.h"
#include "plugin/process.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { DESCRIPTION_MOST = 1024 * 1024, RESULT_MOST = 96 * 1024 * 1024 };

static const int64_t describe_limit_us = INT64_C(5000000);
static const int64_t call_limit_us = INT64_C(300000000);

struct rf_exec {
	char *path;
	struct rf_description description;
};

/* ---- a call ------------------------------------------------------------------------------------------------------ */

/* Whether the function changes something outside: then a program that ends badly may have done it. */
static bool is_effect(const char *function)
{
	return !strcmp(function, "put") || !strcmp(function, "withdraw");
}

/* The program did not come to its end. */
static enum referat_result broken(struct rf_call *call, const char *function, const struct rf_process_result *ended,
				  const char *what)
{
	call->reason = rf_arena_format(&call->arena, "%s: %s%s%s", call->plugin->descriptor.name, what,
				       ended->errors[0] ? ": " : "", ended->errors);
	if (is_effect(function))
		return REFERAT_UNKNOWN;
	return ended->timed_out ? REFERAT_RETRY : REFERAT_FAIL;
}

/* What the exit status says (sysexits.h). False: it is not one that a plugin may end with. */
static bool result_of_status(int status, enum referat_result *result)
{
	static const struct {
		int status;
		enum referat_result result;
	} statuses[] = {{EX_OK, REFERAT_OK},        {EX_TEMPFAIL, REFERAT_RETRY}, {EX_UNAVAILABLE, REFERAT_YIELD},
			{EX_CONFIG, REFERAT_YIELD}, {EX_NOPERM, REFERAT_YIELD},   {EX_DATAERR, REFERAT_FAIL}};
	for (size_t i = 0; i < RF_COUNT(statuses); i++) {
		if (statuses[i].status == status) {
			*result = statuses[i].result;
			return true;
		}
	}
	return false;
}

static enum referat_result understand(struct rf_call *call, const char *function, const struct rf_process_result *ended,
				      int64_t limit_us)
{
	char text[128];
	enum referat_result result = REFERAT_FAIL;
	bool whole = !ended->timed_out && !ended->too_much && !ended->signal;
	if (!whole || !result_of_status(ended->exit_status, &result))
		return broken(call, function, ended, rf_process_ending(ended, limit_us, text, sizeof text));
	call->refused = ended->exit_status == EX_NOPERM;
	if (result != REFERAT_OK && ended->errors[0])
		rf_call_set_reason(call, ended->errors);
	if (!ended->output_size && result != REFERAT_OK)
		return result;
	struct rf_error error = {0};
	struct json_object *json = rf_json_parse(ended->output, ended->output_size, &error);
	if (!json || rf_exec_result(call, json, &result, &error)) {
		rf_autofree char *problem = rf_format("gave a result that can't be read: %s", error.text);
		result = broken(call, function, ended, problem);
	}
	json_object_put(json);
	return result;
}

static enum referat_result run(struct referat_call *face, const char *function)
{
	struct rf_call *call = face->data;
	struct json_object *request = rf_exec_request(call, function);
	if (call->locked) {
		json_object_put(request);
		return REFERAT_YIELD;
	}
	int64_t limit_us = call->plugin->host->max_runtime_us ? call->plugin->host->max_runtime_us : call_limit_us;
	size_t size = 0;
	const char *text =
	    json_object_to_json_string_length(request, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	const char *argv[] = {call->plugin->exec->path, NULL};
	struct rf_process process = {
	    .argv = argv, .input = text, .input_size = size, .output_most = RESULT_MOST, .limit_us = limit_us};
	struct rf_process_result ended;
	struct rf_error error = {0};
	enum referat_result result = REFERAT_RETRY;
	if (rf_process_run(&process, &ended, &error)) {
		rf_call_set_reason(call, error.text);
	} else {
		result = understand(call, function, &ended, limit_us);
		rf_process_result_deinit(&ended);
	}
	explicit_bzero((void *)text, size); /* options held secrets */
	json_object_put(request);
	return result;
}

/* A descriptor's functions know only the call; so each name has one. */
#define CALLED(name)                                                                                                   \
	static enum referat_result call_##name(struct referat_call *face)                                              \
	{                                                                                                              \
		return run(face, #name);                                                                               \
	}
CALLED(open)
CALLED(close)
CALLED(run)
CALLED(put)
CALLED(withdraw)
CALLED(lookup)
CALLED(recipients)
CALLED(probe)
CALLED(flush)

static referat_function called(const char *name)
{
	static const struct {
		const char *name;
		referat_function function;
	} functions[] = {{"open", call_open},
			 {"close", call_close},
			 {"run", call_run},
			 {"put", call_put},
			 {"withdraw", call_withdraw},
			 {"lookup", call_lookup},
			 {"recipients", call_recipients},
			 {"probe", call_probe},
			 {"flush", call_flush}};
	for (size_t i = 0; i < RF_COUNT(functions); i++)
		if (!strcmp(functions[i].name, name))
			return functions[i].function;
	return NULL;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static int read_description(const struct rf_process_result *ended, struct rf_description *description,
			    struct rf_error *error)
{
	char text[128];
	if (ended->timed_out || ended->too_much || ended->signal || ended->exit_status)
		return rf_error_set(error, "--describe %s%s%s",
				    rf_process_ending(ended, describe_limit_us, text, sizeof text),
				    ended->errors[0] ? ": " : "", ended->errors);
	struct json_object *json = rf_json_parse(ended->output, ended->output_size, error);
	int status = json ? rf_describe_read(json, description, error) : -1;
	json_object_put(json);
	return status ? rf_error_prefix(error, "--describe") : 0;
}

static int describe(const char *path, struct rf_description *description, struct rf_error *error)
{
	const char *argv[] = {path, "--describe", NULL};
	struct rf_process process = {.argv = argv, .output_most = DESCRIPTION_MOST, .limit_us = describe_limit_us};
	struct rf_process_result ended;
	if (rf_process_run(&process, &ended, error))
		return -1;
	int status = read_description(&ended, description, error);
	rf_process_result_deinit(&ended);
	return status ? rf_error_prefix(error, "%s", path) : 0;
}

int rf_exec_open(const char *path, struct rf_exec **exec, struct rf_error *error)
{
	struct rf_description description = {0};
	if (describe(path, &description, error))
		return -1;
	if (rf_descriptor_check(&description.plugin, path, error)) {
		rf_description_deinit(&description);
		return -1;
	}
	for (size_t i = 0; i < rf_describe_n_functions; i++) {
		const struct rf_describe_function *function = &rf_describe_functions[i];
		if (rf_describe_get(&description.plugin, function))
			rf_describe_set(&description.plugin, function, called(function->name));
	}
	struct rf_exec *opened = rf_alloc(sizeof *opened);
	opened->path = rf_strdup(path);
	opened->description = description;
	*exec = opened;
	return 0;
}

void rf_exec_close(struct rf_exec *exec)
{
	if (!exec)
		return;
	rf_description_deinit(&exec->description);
	free(exec->path);
	free(exec);
}

const struct referat_plugin *rf_exec_descriptor(const struct rf_exec *exec)
{
	return &exec->description.plugin;
}
