#include "config/use.h"

#include "base/memory.h"

#include <stdlib.h>

int rf_plugin_use_load(const struct rf_plugin_use *use, const struct rf_host *host, struct rf_plugin **plugin,
		       struct rf_error *error)
{
	rf_autofree struct rf_plugin_setting *settings = rf_realloc_array(NULL, use->n_settings, sizeof *settings);
	for (size_t i = 0; i < use->n_settings; i++)
		settings[i] =
		    (struct rf_plugin_setting){use->settings[i].name, use->settings[i].value, use->settings[i].secret};
	return rf_plugin_load(use->info->path, host, settings, use->n_settings, plugin, error);
}
