/* Loading a plugin, giving it its options, and letting go of it. */
#include "plugin/host.h"

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "plugin/call.h"
#include "plugin/descriptor.h"
#include "plugin/exec.h"
#include "plugin/http.h"
#include "plugin/language.h"
#include "plugin/option.h"
#include "plugin/safety.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int load_object(struct rf_plugin *plugin, struct rf_error *error)
{
	void *object = dlopen(plugin->path, RTLD_NOW | RTLD_LOCAL);
	if (!object)
		return rf_error_set(error, "%s", dlerror());
	const void *symbol = dlsym(object, "referat_plugin");
	if (!symbol)
		return rf_error_set(
		    error,
		    "%s: exports no 'referat_plugin'; define `const struct referat_plugin referat_plugin "
		    "= {REFERAT_PLUGIN, …}` in it",
		    plugin->path);
	return rf_descriptor_read(symbol, plugin->path, &plugin->descriptor, &plugin->options, error);
}

static int load_exec(struct rf_plugin *plugin, struct rf_error *error)
{
	if (rf_exec_open(plugin->path, &plugin->exec, error))
		return -1;
	plugin->descriptor = *rf_exec_descriptor(plugin->exec);
	return 0;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

static const struct referat_option *find_option(const struct rf_plugin *plugin, const char *name)
{
	for (uint32_t i = 0; i < plugin->descriptor.n_options; i++)
		if (!strcmp(plugin->descriptor.options[i].name, name))
			return &plugin->descriptor.options[i];
	return NULL;
}

static int take_settings(struct rf_plugin *plugin, const struct rf_plugin_setting *settings, size_t n,
			 struct rf_error *error)
{
	for (size_t i = 0; i < n; i++) {
		const struct referat_option *option = find_option(plugin, settings[i].name);
		if (!option)
			return rf_error_set(error, "it has no option '%s'", settings[i].name);
		rf_names_set(&plugin->settings, settings[i].name, settings[i].value);
		rf_names_find(&plugin->settings, settings[i].name)->secret =
		    settings[i].secret || option->type == REFERAT_SECRET;
	}
	return 0;
}

static int take_defaults(struct rf_plugin *plugin, struct rf_error *error)
{
	for (uint32_t i = 0; i < plugin->descriptor.n_options; i++) {
		const struct referat_option *option = &plugin->descriptor.options[i];
		if (rf_names_find(&plugin->settings, option->name))
			continue;
		if (option->required && !option->fallback)
			return rf_error_set(error, "its option '%s' must be set", option->name);
		if (!option->fallback)
			continue;
		rf_autofree char *value = NULL;
		if (rf_option_normalise(option, option->fallback, ".", &value, error))
			return -1;
		rf_names_set(&plugin->settings, option->name, value);
	}
	return 0;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static int call_open(struct rf_plugin *plugin, struct rf_error *error)
{
	if (!plugin->descriptor.open)
		return 0;
	struct rf_call *call = rf_call_new();
	enum referat_result result = rf_call_run(call, plugin, plugin->descriptor.open);
	if (result != REFERAT_OK)
		rf_error_set(error, "plugin %s can't start: %s", plugin->descriptor.name, rf_call_reason(call));
	rf_call_free(call);
	return result == REFERAT_OK ? 0 : -1;
}

static void call_close(struct rf_plugin *plugin)
{
	struct rf_call *call = rf_call_new();
	if (rf_call_run(call, plugin, plugin->descriptor.close) != REFERAT_OK)
		rf_log(RF_LOG_WARNING, NULL, "plugin %s: close: %s", plugin->descriptor.name, rf_call_reason(call));
	rf_call_free(call);
}

static void plugin_free(struct rf_plugin *plugin)
{
	rf_names_deinit(&plugin->settings);
	rf_unpack_free((ProtobufCMessage *)plugin->publisher);
	rf_language_free(plugin->language);
	rf_http_client_free(plugin->http);
	rf_data_files_free(plugin->files);
	rf_exec_close(plugin->exec);
	free(plugin->options);
	free(plugin->path);
	free(plugin);
}

static int take_publisher(struct rf_plugin *plugin, struct rf_error *error)
{
	struct referat_bytes packed = plugin->host->publisher;
	if (!packed.data)
		return 0;
	ProtobufCMessage *message = NULL;
	if (rf_unpack(&referat__publisher__descriptor, packed.data, packed.size, &message, error))
		return rf_error_prefix(error, "publisher");
	plugin->publisher = (Referat__Publisher *)message;
	return 0;
}

static int load(struct rf_plugin *plugin, const struct rf_plugin_setting *settings, size_t n_settings,
		struct rf_error *error)
{
	if (rf_safety_check(plugin->path, error))
		return -1;
	int status = rf_safety_is_exec(plugin->path) ? load_exec(plugin, error) : load_object(plugin, error);
	if (status)
		return status;
	if (take_settings(plugin, settings, n_settings, error) || take_defaults(plugin, error))
		return rf_error_prefix(error, "plugin %s", plugin->descriptor.name);
	return take_publisher(plugin, error) ? -1 : call_open(plugin, error);
}

int rf_plugin_load(const char *path, const struct rf_host *host, const struct rf_plugin_setting *settings,
		   size_t n_settings, struct rf_plugin **plugin, struct rf_error *error)
{
	char *real = rf_safety_path(path);
	if (!real)
		return rf_error_errno(error, "%s", path);
	struct rf_plugin *loaded = rf_alloc(sizeof *loaded);
	loaded->path = real;
	loaded->host = host;
	if (load(loaded, settings, n_settings, error)) {
		plugin_free(loaded);
		return -1;
	}
	*plugin = loaded;
	return 0;
}

void rf_plugin_unload(struct rf_plugin *plugin)
{
	if (!plugin)
		return;
	if (plugin->descriptor.close)
		call_close(plugin);
	plugin_free(plugin);
}

const struct referat_plugin *rf_plugin_descriptor(const struct rf_plugin *plugin)
{
	return &plugin->descriptor;
}

bool rf_plugin_can_be_held_back(const struct rf_plugin *plugin)
{
	return !plugin->exec && plugin->descriptor.capabilities & REFERAT_NEEDS_NETWORK;
}
