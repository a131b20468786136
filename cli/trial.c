#include "cli/trial.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"
#include "plugin/json.h"
#include "plugin/media.h"
#include "plugin/part_json.h"

#include <referat/document.pb-c.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 300 * 1024 * 1024 }; /* as of a source */

static void add_part(struct rf_trial *trial, const char *name, const char *type, struct referat_bytes bytes)
{
	const char *copy = rf_arena_copy(&trial->arena, bytes.data, bytes.size);
	trial->parts = rf_realloc_array(trial->parts, trial->n_parts + 1, sizeof *trial->parts);
	trial->parts[trial->n_parts++] = (struct rf_part_view){.name = rf_arena_text(&trial->arena, name),
							       .type = rf_arena_text(&trial->arena, type),
							       .bytes = {(const uint8_t *)copy, bytes.size}};
}

void rf_trial_set(struct rf_trial *trial, const char *name, const char *value)
{
	const char *copy = rf_arena_text(&trial->arena, value);
	for (size_t i = 0; i < trial->n_values; i++) {
		if (strcmp(trial->names[i], name) == 0) {
			trial->values[i] = copy;
			return;
		}
	}
	size_t n = trial->n_values++;
	trial->names = rf_realloc_array(trial->names, n + 1, sizeof *trial->names);
	trial->values = rf_realloc_array(trial->values, n + 1, sizeof *trial->values);
	trial->names[n] = rf_arena_text(&trial->arena, name);
	trial->values[n] = copy;
}

struct rf_call *rf_trial_call(const struct rf_trial *trial)
{
	struct rf_call *call = rf_call_new();
	for (size_t i = 0; i < trial->n_values; i++)
		rf_call_set_value(call, trial->names[i], trial->values[i]);
	for (size_t i = 0; i < trial->n_parts; i++)
		rf_call_add_input(call, trial->parts[i].name, trial->parts[i].type, trial->parts[i].bytes);
	return call;
}

void rf_trial_deinit(struct rf_trial *trial)
{
	free(trial->parts);
	free(trial->names);
	free(trial->values);
	rf_arena_clear(&trial->arena);
	*trial = (struct rf_trial){0};
}

/* ---- the steps before -------------------------------------------------------------------------------------------- */

static void keep_results(struct rf_trial *trial, const struct rf_call *call)
{
	const struct rf_part_view *parts = NULL;
	size_t n = rf_call_outputs(call, &parts);
	for (size_t i = 0; i < n; i++)
		add_part(trial, parts[i].name, parts[i].type, parts[i].bytes);
	const char *const *names = NULL;
	const char *const *values = NULL;
	n = rf_call_attributes(call, &names, &values);
	for (size_t i = 0; i < n; i++)
		rf_trial_set(trial, names[i], values[i]);
}

/* Whether the plugin did its step. One that needs options is left out: nobody gave any. */
static bool step(struct rf_trial *trial, const struct rf_plugin_info *info, const struct rf_host *host)
{
	struct rf_plugin *plugin = NULL;
	if (rf_plugin_load(info->path, host, NULL, 0, &plugin, NULL))
		return false;
	struct rf_call *call = rf_trial_call(trial);
	enum referat_result result = rf_call_run(call, plugin, rf_plugin_descriptor(plugin)->run);
	bool done = result == REFERAT_OK || result == REFERAT_HOLD; /* a summary that waits for a person is one */
	if (done)
		keep_results(trial, call);
	rf_call_free(call);
	rf_plugin_unload(plugin);
	return done;
}

/* Lets installed plugins do the work of a kind: the first reader or summariser that can, every writer. */
static int climb(struct rf_trial *trial, enum referat_kind kind, const struct rf_host *host,
		 const struct rf_registry *installed, struct rf_error *error)
{
	bool done = false;
	for (size_t i = 0; i < installed->n_plugins && (!done || kind == REFERAT_WRITER); i++) {
		const struct rf_plugin_info *info = &installed->plugins[i];
		if (!info->why && info->kind == kind && step(trial, info, host))
			done = true;
	}
	return done ? 0 : rf_error_set(error, "no installed %s can make something of it", rf_plugin_kind_name(kind));
}

static int climb_to(struct rf_trial *trial, enum referat_kind kind, const struct rf_host *host,
		    const struct rf_registry *installed, struct rf_error *error)
{
	static const enum referat_kind before[] = {REFERAT_READER, REFERAT_SUMMARISER, REFERAT_WRITER};
	for (size_t i = 0; i < RF_COUNT(before); i++)
		if (kind > before[i] && climb(trial, before[i], host, installed, error))
			return -1;
	return 0;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static int take_json(struct rf_trial *trial, struct json_object *json, struct rf_error *error)
{
	struct json_object *values = json_object_object_get(json, "values");
	struct json_object *parts = json_object_object_get(json, "parts");
	if (!json_object_is_type(values, json_type_object) || !json_object_is_type(parts, json_type_object))
		return rf_error_set(error, "expected {\"values\": {…}, \"parts\": {…}}");
	json_object_object_foreach(values, name, value)
	    rf_trial_set(trial, name, value ? json_object_get_string(value) : "");
	json_object_object_foreach(parts, part_name, part)
	{
		const char *type = NULL;
		struct referat_bytes bytes;
		if (rf_part_from_json(&trial->arena, part, &type, &bytes, error))
			return rf_error_prefix(error, "part '%s'", part_name);
		add_part(trial, part_name, type, bytes);
	}
	return 0;
}

static int take_call(struct rf_trial *trial, struct referat_bytes bytes, struct rf_error *error)
{
	struct json_object *json = rf_json_parse((const char *)bytes.data, bytes.size, error);
	if (!json)
		return -1;
	int status = take_json(trial, json, error);
	json_object_put(json);
	return status;
}

/* A page alone: as if a writer had made it. */
static void take_page(struct rf_trial *trial, const char *name, struct referat_bytes bytes)
{
	Referat__Card card = REFERAT__CARD__INIT;
	card.document = "test";
	card.title = (char *)name;
	uint8_t *packed = NULL;
	size_t size = rf_pack(&card.base, &packed);
	add_part(trial, "rendition/page", "text/html", bytes);
	add_part(trial, "card", "referat.card/1", (struct referat_bytes){packed, size});
	free(packed);
}

/* What every call has; the digest is of the file. */
static void set_common(struct rf_trial *trial, const char *path, const char *name, struct referat_bytes bytes)
{
	char digest[RF_DIGEST_TEXT_SIZE];
	struct rf_digest sum = rf_digest_of(bytes.data, bytes.size);
	rf_digest_format(&sum, digest);
	const char *const pairs[][2] = {{"id", "test"},     {"revision", "1"}, {"stage", "try"},
					{"key", path},      {"name", name},    {"type", rf_media_type(name)},
					{"digest", digest}, {"target", "try"}, {"state", "."}};
	for (size_t i = 0; i < RF_COUNT(pairs); i++)
		rf_trial_set(trial, pairs[i][0], pairs[i][1]);
}

int rf_trial_prepare(struct rf_trial *trial, const char *path, enum referat_kind kind, const struct rf_host *host,
		     const struct rf_registry *installed, struct rf_error *error)
{
	rf_autofree char *data = NULL;
	size_t size = 0;
	int status = rf_file_read(path, FILE_MOST, &data, &size, error);
	if (status)
		return status < 0 ? status
				  : rf_error_set(error, "%s %s", path,
						 status == RF_FILE_MISSING ? "is not there" : "is larger than 300 MiB");
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	struct referat_bytes bytes = {(const uint8_t *)data, size};
	set_common(trial, path, name, bytes);
	if (rf_text_ends(name, ".json"))
		return take_call(trial, bytes, error) ? rf_error_prefix(error, "%s", path) : 0;
	if (kind >= REFERAT_TARGET && rf_text_ends(name, ".html")) {
		take_page(trial, name, bytes);
		return 0;
	}
	add_part(trial, "source", rf_media_type(name), bytes);
	return climb_to(trial, kind, host, installed, error) ? rf_error_prefix(error, "%s", path) : 0;
}
