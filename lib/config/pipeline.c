#include "config/pipeline.h"

#include "base/memory.h"
#include "config/publisher.h"

#include <stdlib.h>
#include <string.h>

const char *rf_stage_kind_name(enum rf_stage_kind kind)
{
	static const char *const names[RF_STAGE_KINDS] = {"ingest", "validate", "summarise",
							  "render", "publish",  "notify"};
	return kind < RF_STAGE_KINDS ? names[kind] : "?";
}

static void plugin_use_deinit(struct rf_plugin_use *use)
{
	for (size_t i = 0; i < use->n_settings; i++) {
		free(use->settings[i].name);
		free(use->settings[i].value);
	}
	free(use->settings);
	free(use->name);
}

static void stage_deinit(struct rf_stage *stage)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		plugin_use_deinit(&stage->plugins[i]);
	for (size_t i = 0; i < stage->n_conditions; i++) {
		free(stage->conditions[i].name);
		free(stage->conditions[i].value);
	}
	free(stage->plugins);
	free(stage->conditions);
	free(stage->from);
	free(stage->name);
}

void rf_pipeline_free(struct rf_pipeline *pipeline)
{
	if (!pipeline)
		return;
	for (size_t i = 0; i < pipeline->n_stages; i++)
		stage_deinit(&pipeline->stages[i]);
	for (size_t i = 0; i < pipeline->n_tests; i++)
		rf_test_deinit(&pipeline->tests[i]);
	rf_publisher_free(pipeline->publisher);
	free(pipeline->tests);
	free(pipeline->stages);
	free(pipeline->path);
	free(pipeline->name);
	free(pipeline->store);
	free(pipeline->alert_operator);
	free(pipeline->alert_publisher);
	free(pipeline->secrets);
	free(pipeline->text);
	free(pipeline->publisher_text);
	free(pipeline);
}

const struct rf_stage *rf_pipeline_stage(const struct rf_pipeline *pipeline, const char *name)
{
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (strcmp(pipeline->stages[i].name, name) == 0)
			return &pipeline->stages[i];
	return NULL;
}
