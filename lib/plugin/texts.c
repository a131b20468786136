/* What lies beside a plugin: texts in the publisher's language, and data files. */
#include "plugin/call.h"
#include "plugin/info.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/memory.h"
#include "plugin/language.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DATA_FILE_MOST = 16 * 1024 * 1024 };

/* <prefix>/share/referat for the prefix that the plugin itself was installed under, else for the program's: a plugin
 * may come from another place (PREFIX=/opt/x) than Referat. */
static char *own_share(const char *plugin_path)
{
	rf_autofree char *folder = rf_path_folder(plugin_path);
	return rf_path_join(folder, "../../../share/referat");
}

static char *common_share(void)
{
	return rf_path_join(rf_install_prefix(), "share/referat");
}

/* Adds the texts of share/NAME. Texts that can't be read are no reason to stop: the keys are shown instead. */
static void add_texts(struct rf_language *language, const char *share, const char *name)
{
	rf_autofree char *path = rf_path_join(share, name);
	struct rf_error error = {0};
	if (rf_language_read(language, path, &error) < 0)
		rf_log(RF_LOG_ERROR, NULL, "texts: %s", error.text);
}

/* The plugin's own texts come first: share/referat/<plugin name>/languages/<language>.yaml. */
static void load_language(struct rf_plugin *plugin)
{
	plugin->language = rf_language_new();
	const char *language = plugin->host->language ? plugin->host->language : "sv";
	rf_autofree char *common_name = rf_format("languages/%s.yaml", language);
	if (!rf_path_is_inside(common_name) || strchr(language, '/'))
		return;
	rf_autofree char *own_name = rf_format("%s/%s", plugin->descriptor.name, common_name);
	rf_autofree char *own = own_share(plugin->path);
	rf_autofree char *common = common_share();
	add_texts(plugin->language, own, own_name);
	add_texts(plugin->language, common, own_name);
	add_texts(plugin->language, common, common_name);
}

const char *rf_call_text(struct rf_call *call, const char *key)
{
	if (!call->plugin->language)
		load_language(call->plugin);
	return rf_language_text(call->plugin->language, key);
}

/* ---- data files -------------------------------------------------------------------------------------------------- */

/* Reads the file of that name under one share folder. False: there is none, or it can't be read, which is logged. */
static bool read_data_file(const char *share, const char *plugin_name, struct rf_data_file *file)
{
	rf_autofree char *folder = rf_path_join(share, plugin_name);
	rf_autofree char *path = rf_path_join(folder, file->name);
	struct rf_error error = {0};
	int status = rf_file_read(path, DATA_FILE_MOST, &file->data, &file->size, &error);
	if (status && status != RF_FILE_MISSING)
		rf_log(RF_LOG_ERROR, NULL, "%s: %s", path,
		       status == RF_FILE_TOO_LARGE ? "more than 16 MiB" : error.text);
	return !status;
}

static const struct rf_data_file *find_data_file(const struct rf_plugin *plugin, const char *name)
{
	const struct rf_data_file *file = plugin->files;
	while (file && strcmp(file->name, name) != 0)
		file = file->next;
	return file;
}

/* Names that are not there are remembered as well: a template may name a partial that is optional. */
static const struct rf_data_file *load_data_file(struct rf_plugin *plugin, const char *name)
{
	rf_autofree char *own = own_share(plugin->path);
	rf_autofree char *common = common_share();
	struct rf_data_file *file = rf_alloc(sizeof *file);
	file->name = rf_strdup(name);
	if (!read_data_file(own, plugin->descriptor.name, file))
		read_data_file(common, plugin->descriptor.name, file);
	file->next = plugin->files;
	plugin->files = file;
	return file;
}

struct referat_bytes rf_call_data_file(struct rf_call *call, const char *name)
{
	if (!name || !rf_path_is_inside(name)) {
		rf_call_set_fault(call, "asked for a data file outside its folder");
		return (struct referat_bytes){0};
	}
	const struct rf_data_file *file = find_data_file(call->plugin, name);
	if (!file)
		file = load_data_file(call->plugin, name);
	return (struct referat_bytes){(const uint8_t *)file->data, file->size};
}

void rf_data_files_free(struct rf_data_file *files)
{
	while (files) {
		struct rf_data_file *next = files->next;
		free(files->name);
		free(files->data);
		free(files);
		files = next;
	}
}

/* ---- when they changed --------------------------------------------------------------------------------------------
 */

/* The latest change below the folder; of folders too, for a file may have been taken away. */
static int64_t latest_below(const char *share, const char *folder, int64_t latest_us)
{
	rf_autofree char *path = rf_path_join(share, folder);
	char *const paths[] = {path, NULL};
	FTS *walk = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *entry; walk && (entry = fts_read(walk));) {
		if (entry->fts_info != FTS_F && entry->fts_info != FTS_D)
			continue;
		const struct timespec *changed = &entry->fts_statp->st_mtim;
		int64_t changed_us = changed->tv_sec * RF_SECOND + changed->tv_nsec / 1000;
		latest_us = changed_us > latest_us ? changed_us : latest_us;
	}
	if (walk)
		fts_close(walk);
	return latest_us;
}

int64_t rf_texts_changed_us(const char *plugin_path, const char *plugin_name)
{
	rf_autofree char *own = own_share(plugin_path);
	rf_autofree char *common = common_share();
	int64_t latest_us = latest_below(common, "languages", 0);
	if (!rf_path_is_inside(plugin_name))
		return latest_us;
	return latest_below(own, plugin_name, latest_below(common, plugin_name, latest_us));
}
