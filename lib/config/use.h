/* A plugin as a definition uses it, loaded in this process. */
#ifndef RF_CONFIG_USE_H
#define RF_CONFIG_USE_H

#include "config/pipeline.h"
#include "plugin/host.h"

/* As rf_plugin_load, with the definition's options. */
int rf_plugin_use_load(const struct rf_plugin_use *use, const struct rf_host *host, struct rf_plugin **plugin,
		       struct rf_error *error);

#endif
