/* The plugins that are installed: every .so of the plugin folders, looked at in a child process that may crash or hang
 * without harm; with the reason where one was refused. */
#ifndef RF_PLUGIN_REGISTRY_H
#define RF_PLUGIN_REGISTRY_H

#include "plugin/info.h"

struct rf_error;

struct rf_registry {
	struct rf_plugin_info *plugins; /* by name */
	size_t n_plugins;
};

/* Looks at the folders: those of the colon-separated list (NULL: none) first, then <prefix>/lib/referat/plugins. The
 * first of a name wins. A folder of the list that can't be read is an error; a plugin that is refused is not. Blocks (a
 * child per plugin, at most 5 s each). */
int rf_registry_scan(const char *folders, struct rf_registry *registry, struct rf_error *error);

/* Looks at one file alone (`referat plugins try ./x.so`). The result's `why` says if it was refused. */
int rf_registry_scan_file(const char *path, struct rf_registry *registry, struct rf_error *error);
void rf_registry_deinit(struct rf_registry *registry);

/* The plugin of that name, refused ones too (`why`), or NULL. Lives as long as the registry. */
const struct rf_plugin_info *rf_registry_find(const struct rf_registry *registry, const char *name);

#endif
