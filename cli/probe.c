#include "cli/probe.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "config/use.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

static bool uses(const struct rf_plugin_use *use, const char *secret)
{
	for (size_t i = 0; i < use->n_settings; i++)
		if (use->settings[i].secret && strcmp(use->settings[i].value, secret) == 0)
			return true;
	return false;
}

/* Returns whether it answered well; else why not. */
static bool ask(const struct rf_plugin_use *use, const struct rf_host *host, struct rf_error *why)
{
	struct rf_plugin *plugin = NULL;
	if (rf_plugin_use_load(use, host, &plugin, why))
		return false;
	struct rf_call *call = rf_call_new();
	bool well = rf_call_run(call, plugin, rf_plugin_descriptor(plugin)->probe) == REFERAT_OK;
	const char *reason = rf_call_reason(call);
	if (!well)
		rf_error_set(why, "%s", *reason ? reason : "the plugin gives no reason");
	rf_call_free(call);
	rf_plugin_unload(plugin);
	return well;
}

static size_t probe_stage(const struct rf_stage *stage, const char *secret, const struct rf_host *host, FILE *out)
{
	size_t failed = 0;
	for (size_t i = 0; i < stage->n_plugins; i++) {
		const struct rf_plugin_use *use = &stage->plugins[i];
		struct rf_error why = {0};
		if (!use->info->has_probe || (secret && !uses(use, secret)))
			continue;
		bool well = ask(use, host, &why);
		fprintf(out, "%s: %s: %s\n", stage->name, use->name, well ? "answers, and takes us" : why.text);
		failed += !well;
	}
	return failed;
}

size_t rf_probe(const struct rf_pipeline *pipeline, const char *secret, FILE *out)
{
	struct rf_clock clock = rf_clock_system();
	uint8_t *publisher = NULL;
	size_t size = rf_pack(&pipeline->publisher->base, &publisher);
	const char *language = pipeline->publisher->language;
	const struct rf_host host = {
	    .clock = &clock,
	    .secrets = pipeline->secrets,
	    .language = language ? language : "sv",
	    .publisher = {publisher, size},
	};
	size_t failed = 0;
	for (size_t i = 0; i < pipeline->n_stages; i++)
		failed += probe_stage(&pipeline->stages[i], secret, &host, out);
	free(publisher);
	return failed;
}
