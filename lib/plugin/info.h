/* What is known of a plugin without running it: copied out of the scanner child, so that no code of a plugin runs in
 * the process that asks. */
#ifndef RF_PLUGIN_INFO_H
#define RF_PLUGIN_INFO_H

#include <referat/plugin.h>

struct rf_plugin_info {
	char *path; /* of the shared object; all strings are owned by the registry */
	char *name; /* from the descriptor; from the file name when it was refused */
	char *why;  /* NULL: usable; else why it was refused, a whole sentence that says what to do */
	char *version;
	char *summary;
	int64_t changed_us; /* when the file last changed */
	int64_t texts_us;   /* when its templates and texts, or those of all plugins, last changed */
	char *accepts;      /* "" when none */
	char *produces;     /* "" when none */
	uint64_t capabilities;
	enum referat_kind kind;
	bool has_put, has_withdraw, has_lookup, has_probe;
	struct referat_option *options;
	size_t n_options;
};

/* texts.c: the latest change of what lies beside the plugin (templates, texts), or beside all (texts); 0: nothing does.
 */
int64_t rf_texts_changed_us(const char *plugin_path, const char *plugin_name);

const char *rf_plugin_kind_name(enum referat_kind kind); /* "source" … "channel"; "?" */

#endif
