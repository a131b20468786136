/* The definition of a rehearsal: the one that is tested, without its sources and without what comes after rendering. */
#include "base/buffer.h"
#include "base/memory.h"
#include "cli/rehearsal.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

/* As YAML takes any text: in quotation marks, as JSON. */
static void add_quoted(struct rf_buffer *out, const char *text)
{
	struct json_object *string = json_object_new_string(text);
	rf_buffer_add_text(out, json_object_to_json_string_ext(string, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(string);
}

static const struct referat_option *find_option(const struct rf_plugin_info *info, const char *name)
{
	for (size_t i = 0; i < info->n_options; i++)
		if (strcmp(info->options[i].name, name) == 0)
			return &info->options[i];
	return NULL;
}

static void add_setting(struct rf_buffer *out, const struct rf_plugin_info *info, const struct rf_setting *setting)
{
	const struct referat_option *option = find_option(info, setting->name);
	enum referat_option_type type = option ? option->type : REFERAT_STRING;
	add_quoted(out, setting->name);
	rf_buffer_add_text(out, ": ");
	if (setting->secret)
		rf_buffer_format(out, "!secret %s", setting->value);
	else if (type == REFERAT_DURATION)
		rf_buffer_format(out, "%sus", setting->value);
	else if (type == REFERAT_INTEGER || type == REFERAT_BOOLEAN || type == REFERAT_SIZE)
		rf_buffer_add_text(out, setting->value);
	else
		add_quoted(out, setting->value);
}

static void add_plugin(struct rf_buffer *out, const struct rf_plugin_use *use)
{
	rf_buffer_add_text(out, "    ");
	add_quoted(out, use->name);
	rf_buffer_add_text(out, ": {");
	for (size_t i = 0; i < use->n_settings; i++) {
		rf_buffer_add_text(out, i ? ", " : "");
		add_setting(out, use->info, &use->settings[i]);
	}
	rf_buffer_add_text(out, "}\n");
}

static void add_routes(struct rf_buffer *out, const struct rf_pipeline *pipeline, const struct rf_stage *stage)
{
	if (stage->n_from)
		rf_buffer_format(out, "    %s: [", stage->join ? "all" : "from");
	for (size_t i = 0; i < stage->n_from; i++) {
		rf_buffer_add_text(out, i ? ", " : "");
		add_quoted(out, pipeline->stages[stage->from[i]].name);
	}
	if (stage->n_from)
		rf_buffer_add_text(out, "]\n");
	if (stage->n_conditions)
		rf_buffer_add_text(out, "    when: {");
	for (size_t i = 0; i < stage->n_conditions; i++) {
		rf_buffer_add_text(out, i ? ", " : "");
		add_quoted(out, stage->conditions[i].name);
		rf_buffer_add_text(out, ": ");
		add_quoted(out, stage->conditions[i].value);
	}
	if (stage->n_conditions)
		rf_buffer_add_text(out, "}\n");
}

static void add_stage(struct rf_buffer *out, const struct rf_pipeline *pipeline, const struct rf_stage *stage,
		      const char *inbox)
{
	rf_buffer_add_text(out, "  ");
	add_quoted(out, stage->name);
	rf_buffer_format(out, ":\n    max_runtime: %" PRId64 "us\n    max_memory: %" PRIu64 "\n", stage->max_runtime_us,
			 stage->max_memory);
	rf_buffer_format(
	    out, "    retry: {base: %" PRId64 "us, cap: %" PRId64 "us, max_failures: %u, max_age: %" PRId64 "us}\n",
	    stage->retry_base_us, stage->retry_cap_us, stage->max_failures, stage->max_age_us);
	add_routes(out, pipeline, stage);
	if (stage->kind == RF_STAGE_INGEST) {
		rf_buffer_add_text(out, "    source.folder: {settle: 0, path: ");
		add_quoted(out, inbox);
		rf_buffer_add_text(out, "}\n");
	}
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (stage->plugins[i].info->kind != REFERAT_SOURCE)
			add_plugin(out, &stage->plugins[i]);
}

char *rf_rehearsal_definition(const struct rf_pipeline *pipeline, const char *publisher, const char *inbox)
{
	struct rf_buffer out = RF_BUFFER_INIT;
	rf_buffer_format(&out, "referat: 1\npipeline: rehearsal\npublisher: ");
	add_quoted(&out, publisher);
	rf_buffer_add_text(&out, "\nstages:\n");
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (pipeline->stages[i].kind <= RF_STAGE_RENDER)
			add_stage(&out, pipeline, &pipeline->stages[i], inbox);
	return rf_buffer_take(&out);
}
