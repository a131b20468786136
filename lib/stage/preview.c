/* What would go out now, and does not: the target's plugin does its work in a copy with a state of its own. What it
 * asks is sent, so that it decides on what stands there; what it would change is noted down, and answered here as if it
 * had been done. */
#include "base/memory.h"
#include "plugin/json.h"
#include "plugin/request.h"
#include "plugin/secret.h"
#include "stage/job.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MOST = 256 * 1024 };

/* The number of what would be made, for the requests that follow. The server gives another one. */
enum { NUMBER_TO_COME = 2147483647 };

struct preview {
	struct rf_job *job;
	struct rf_host host;
	json_object *requests;
	size_t n_shown; /* bytes */
	bool full, changes;
	char **secrets;
	size_t n_secrets;
};

/* ---- its requests --------------------------------------------------------------------------------------------------
 */

static void note(struct preview *preview, const struct referat_http *request)
{
	bool reads = rf_request_only_reads(request);
	preview->changes |= !reads;
	json_object *described =
	    rf_request_describe(request, (const char *const *)preview->secrets, preview->n_secrets);
	json_object_object_add(described, "sent", json_object_new_boolean(reads));
	preview->n_shown += strlen(json_object_to_json_string_ext(described, JSON_C_TO_STRING_PLAIN));
	preview->full |= preview->n_shown > SHOWN_MOST;
	if (preview->full)
		json_object_put(described);
	else
		json_object_array_add(preview->requests, described);
}

/* What an API commonly answers: what it was given, with a number where it has none. */
static const char *echo(struct rf_job *job, const struct referat_http *request)
{
	const char *data = request->body ? request->body : (const char *)request->data.data;
	size_t size = request->body ? strlen(request->body) : request->data.size;
	json_object *json = data ? rf_json_parse(data, size, NULL) : NULL;
	if (!json_object_is_type(json, json_type_object)) {
		json_object_put(json);
		json = json_object_new_object();
	}
	if (!json_object_object_get_ex(json, "id", NULL))
		json_object_object_add(json, "id", json_object_new_int64(NUMBER_TO_COME));
	char *text = rf_job_keep_memory(job, rf_strdup(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN)));
	json_object_put(json);
	return text;
}

static bool intercept(void *context, const struct referat_http *request, struct referat_answer *answer)
{
	struct preview *preview = context;
	note(preview, request);
	if (rf_request_only_reads(request))
		return false;
	const char *body = echo(preview->job, request);
	*answer = rf_request_done(request);
	answer->location = rf_job_keep_memory(preview->job, rf_strdup(answer->location));
	answer->type = "application/json";
	answer->body = (struct referat_bytes){(const uint8_t *)body, strlen(body)};
	return true;
}

/* ---- what came of it -----------------------------------------------------------------------------------------------
 */

static void tell(struct rf_job *job, const char *found, const char *reason)
{
	rf_job_set_attribute(job, RF_ATTRIBUTE_FOUND, found);
	if (*reason)
		rf_job_because(job, REFERAT_OK, "preview", "%s", reason);
}

/* What it says after a change that was not made may be about the answer that it was given. */
static void tell_result(const struct preview *preview, enum referat_result result, const char *reason)
{
	struct rf_job *job = preview->job;
	if (preview->changes && result != REFERAT_OK) {
		rf_autofree char *text =
		    rf_format("what comes after these depends on what the server answers (%s)", reason);
		tell(job, "requests", text);
	} else if (result == REFERAT_OK) {
		tell(job, preview->changes ? "requests" : "same", "");
	} else {
		tell(job, result == REFERAT_HOLD ? "held" : result == REFERAT_FAIL ? "fails" : "unknown", reason);
	}
	if (preview->full)
		rf_job_because(job, REFERAT_OK, "preview", "there are more requests than can be shown: 256 KiB");
	rf_job_set_attribute(
	    job, RF_ATTRIBUTE_REQUESTS,
	    json_object_to_json_string_ext(preview->requests, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void run(struct preview *preview, const char *name, struct rf_job_effect *effect)
{
	struct rf_error error;
	struct rf_plugin *copy = NULL;
	if (rf_worker_open(preview->job->worker, name, &preview->host, &copy, &error)) {
		tell(preview->job, "unknown", error.text);
		return;
	}
	const struct referat_plugin *descriptor = rf_plugin_descriptor(copy);
	struct rf_call *call = rf_job_effect_call(preview->job, effect);
	enum referat_result result =
	    rf_job_run(preview->job, call, copy, effect->withdraws ? descriptor->withdraw : descriptor->put);
	tell_result(preview, result, rf_call_reason(call));
	rf_call_free(call);
	rf_plugin_unload(copy);
}

/* ---- the plugin's copy ---------------------------------------------------------------------------------------------
 */

/* One that can't be read keeps the plugin from sending anything, and is told by it. */
static void read_secrets(struct preview *preview, const Referat__Wire__PluginConfig *config)
{
	preview->secrets = rf_realloc_array(NULL, config->n_options, sizeof(char *));
	for (size_t i = 0; i < config->n_options; i++) {
		struct rf_error error;
		if (config->options[i]->secret && rf_secret_read(preview->host.secrets, config->options[i]->value,
								 &preview->secrets[preview->n_secrets], &error) == 0)
			preview->n_secrets++;
	}
}

static void forget(struct preview *preview)
{
	for (size_t i = 0; i < preview->n_secrets; i++)
		rf_secret_forget(preview->secrets[i]);
	free(preview->secrets);
	json_object_put(preview->requests);
}

void rf_job_preview(struct rf_job *job, struct rf_plugin *plugin, struct rf_job_effect *effect)
{
	const struct referat_plugin *descriptor = rf_plugin_descriptor(plugin);
	const Referat__Wire__Effect *known = rf_job_known(job, effect);
	const Referat__Wire__PluginConfig *config = rf_worker_plugin_config(job->worker, descriptor->name);
	const char *standing = known && known->digest ? known->digest : "";
	if (effect->withdraws ? !*standing : strcmp(standing, effect->digest) == 0) {
		tell(job, "same", "");
	} else if (job->item->weigh) {
		tell(job, "changes", "");
	} else if (!rf_plugin_can_be_held_back(plugin) || !config) {
		rf_autofree char *reason = rf_format(
		    "%s does its work without HTTP: nothing of it can be shown before it is done", descriptor->name);
		tell(job, "changes", reason);
	} else {
		struct preview preview = {.job = job, .host = job->worker->host, .requests = json_object_new_array()};
		preview.host.context = &preview;
		preview.host.intercept = intercept;
		preview.host.submit = NULL;
		preview.host.stopping = NULL;
		read_secrets(&preview, config);
		run(&preview, descriptor->name, effect);
		forget(&preview);
	}
}
