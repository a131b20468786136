#include "plugin/registry.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "plugin/describe.h"
#include "plugin/descriptor.h"
#include "plugin/exec.h"
#include "plugin/json.h"
#include "plugin/process.h"
#include "plugin/safety.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DESCRIPTION_MOST = 1024 * 1024, PLUGINS_MOST = 1000 };

static const int64_t look_limit_us = INT64_C(5000000);

/* ---- looking at a shared object, in a child ---------------------------------------------------------------------- */

static const void *load_symbol(const char *path, struct rf_error *error)
{
	void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!object) {
		rf_error_set(error, "%s: can't be loaded: %s", path, dlerror());
		return NULL;
	}
	const void *symbol = dlsym(object, "referat_plugin");
	if (!symbol)
		rf_error_set(error,
			     "%s: exports no 'referat_plugin'; define `const struct referat_plugin referat_plugin = "
			     "{REFERAT_PLUGIN, …}` in it",
			     path);
	return symbol;
}

static struct json_object *look(const char *path)
{
	struct rf_error error = {0};
	struct referat_plugin descriptor = {0};
	struct referat_option *options = NULL;
	const void *symbol = load_symbol(path, &error);
	if (symbol && !rf_descriptor_read(symbol, path, &descriptor, &options, &error))
		return rf_describe(&descriptor);
	return json_object_new_string(error.text);
}

/* The answer is the description, or a text: why it is refused. */
static int look_in_child(void *context, int answer)
{
	size_t size = 0;
	const char *text = json_object_to_json_string_length(look(context), JSON_C_TO_STRING_PLAIN, &size);
	while (size) {
		ssize_t n = write(answer, text, size);
		if (n < 0 && errno != EINTR)
			return 1;
		text += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int understand(const char *path, const struct rf_process_result *result, struct rf_description *description,
		      struct rf_error *error)
{
	char ending[128];
	if (result->timed_out || result->too_much || result->signal || result->exit_status)
		return rf_error_set(error, "%s: %s while it was loaded%s%s; look at its constructors", path,
				    rf_process_ending(result, look_limit_us, ending, sizeof ending),
				    result->errors[0] ? ": " : "", result->errors);
	struct json_object *json = rf_json_parse(result->output, result->output_size, error);
	if (!json)
		return rf_error_prefix(error, "%s", path);
	int status = 0;
	if (json_object_is_type(json, json_type_string))
		status = rf_error_set(error, "%s", json_object_get_string(json));
	else
		status = rf_describe_read(json, description, error);
	json_object_put(json);
	return status;
}

static int look_at_object(const char *path, struct rf_description *description, struct rf_error *error)
{
	struct rf_process process = {
	    .body = look_in_child, .context = (void *)path, .output_most = DESCRIPTION_MOST, .limit_us = look_limit_us};
	struct rf_process_result result;
	if (rf_process_run(&process, &result, error))
		return -1;
	int status = understand(path, &result, description, error);
	rf_process_result_deinit(&result);
	return status;
}

/* ---- what is kept ------------------------------------------------------------------------------------------------ */

static char *text_or_empty(const char *text)
{
	return rf_strdup(text ? text : "");
}

static struct referat_option copy_option(const struct referat_option *option)
{
	struct referat_option copy = *option;
	copy.name = rf_strdup(option->name);
	copy.fallback = rf_strdup(option->fallback);
	copy.choices = rf_strdup(option->choices);
	copy.help = rf_strdup(option->help);
	return copy;
}

static void keep(struct rf_plugin_info *info, const struct referat_plugin *plugin)
{
	info->kind = plugin->kind;
	info->version = text_or_empty(plugin->version);
	info->summary = text_or_empty(plugin->summary);
	info->accepts = text_or_empty(plugin->accepts);
	info->produces = text_or_empty(plugin->produces);
	info->capabilities = plugin->capabilities;
	info->has_put = plugin->put != NULL;
	info->has_withdraw = plugin->withdraw != NULL;
	info->has_lookup = plugin->lookup != NULL;
	info->has_probe = plugin->probe != NULL;
	info->n_options = plugin->n_options;
	info->options = rf_alloc(plugin->n_options * sizeof *info->options);
	for (size_t i = 0; i < info->n_options; i++)
		info->options[i] = copy_option(&plugin->options[i]);
}

static void refuse(struct rf_plugin_info *info, const struct rf_error *error)
{
	info->why = rf_strdup(error->text);
	info->version = rf_strdup("");
	info->summary = rf_strdup("");
	info->accepts = rf_strdup("");
	info->produces = rf_strdup("");
}

static int64_t changed_us(const char *path)
{
	struct stat at;
	return stat(path, &at) < 0 ? 0 : at.st_mtim.tv_sec * RF_SECOND + at.st_mtim.tv_nsec / 1000;
}

static struct rf_plugin_info look_at(const char *path)
{
	struct rf_plugin_info info = {
	    .path = rf_strdup(path), .name = rf_descriptor_expected_name(path), .changed_us = changed_us(path)};
	struct rf_error error = {0};
	struct rf_description description = {0};
	struct rf_exec *exec = NULL;
	if (rf_safety_check(path, &error)) {
		refuse(&info, &error);
	} else if (rf_safety_is_exec(path)) {
		if (rf_exec_open(path, &exec, &error))
			refuse(&info, &error);
		else
			keep(&info, rf_exec_descriptor(exec));
		rf_exec_close(exec);
	} else if (look_at_object(path, &description, &error)) {
		refuse(&info, &error);
	} else {
		keep(&info, &description.plugin);
	}
	rf_description_deinit(&description);
	info.texts_us = rf_texts_changed_us(path, info.name);
	return info;
}

static void info_deinit(struct rf_plugin_info *info)
{
	for (size_t i = 0; i < info->n_options; i++) {
		free((char *)info->options[i].name);
		free((char *)info->options[i].fallback);
		free((char *)info->options[i].choices);
		free((char *)info->options[i].help);
	}
	free(info->options);
	free(info->path);
	free(info->name);
	free(info->why);
	free(info->version);
	free(info->summary);
	free(info->accepts);
	free(info->produces);
}

void rf_registry_deinit(struct rf_registry *registry)
{
	for (size_t i = 0; i < registry->n_plugins; i++)
		info_deinit(&registry->plugins[i]);
	free(registry->plugins);
	*registry = (struct rf_registry){0};
}

static void add(struct rf_registry *registry, const char *path)
{
	registry->plugins = rf_realloc_array(registry->plugins, registry->n_plugins + 1, sizeof *registry->plugins);
	registry->plugins[registry->n_plugins++] = look_at(path);
}

/* ---- folders ----------------------------------------------------------------------------------------------------- */

static int is_plugin_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && (rf_text_ends(entry->d_name, ".so") || rf_text_ends(entry->d_name, ".exec"));
}

static bool has_name(const struct rf_registry *registry, const char *file)
{
	rf_autofree char *name = rf_descriptor_expected_name(file);
	return rf_registry_find(registry, name) != NULL;
}

/* must_exist: the folder was named by a person. */
static int scan_folder(const char *folder, bool must_exist, struct rf_registry *registry, struct rf_error *error)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, is_plugin_file, alphasort);
	if (n < 0)
		return must_exist || errno != ENOENT ? rf_error_errno(error, "plugin folder %s", folder) : 0;
	int status = 0;
	for (int i = 0; i < n; i++) {
		rf_autofree char *path = rf_path_join(folder, entries[i]->d_name);
		if (registry->n_plugins == PLUGINS_MOST)
			status = rf_error_set(error, "plugin folder %s: more than %d plugins", folder, PLUGINS_MOST);
		else if (!has_name(registry, path))
			add(registry, path);
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct rf_plugin_info *)a)->name, ((const struct rf_plugin_info *)b)->name);
}

int rf_registry_scan(const char *folders, struct rf_registry *registry, struct rf_error *error)
{
	struct rf_registry found = {0};
	rf_autofree char *list = rf_strdup(folders ? folders : "");
	char *rest = list;
	char *folder = NULL;
	int status = 0;
	while (!status && (folder = strsep(&rest, ":")))
		if (folder[0])
			status = scan_folder(folder, true, &found, error);
	rf_autofree char *installed = rf_path_join(rf_install_prefix(), "lib/referat/plugins");
	if (!status)
		status = scan_folder(installed, false, &found, error);
	if (status) {
		rf_registry_deinit(&found);
		return status;
	}
	if (found.n_plugins)
		qsort(found.plugins, found.n_plugins, sizeof *found.plugins, by_name);
	*registry = found;
	return 0;
}

int rf_registry_scan_file(const char *path, struct rf_registry *registry, struct rf_error *error)
{
	if (access(path, F_OK))
		return rf_error_errno(error, "%s", path);
	rf_autofree char *absolute = rf_safety_path(path);
	if (!absolute)
		return rf_error_errno(error, "%s", path);
	struct rf_registry found = {0};
	add(&found, absolute);
	*registry = found;
	return 0;
}

const struct rf_plugin_info *rf_registry_find(const struct rf_registry *registry, const char *name)
{
	for (size_t i = 0; i < registry->n_plugins; i++)
		if (!strcmp(registry->plugins[i].name, name))
			return &registry->plugins[i];
	return NULL;
}
