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
	char *accepts;      /* "" when none */
	char *produces;     /* "" when none */
	uint64_t capabilities;
	enum referat_kind kind;
	bool has_put, has_withdraw, has_lookup, has_probe;
	struct referat_option *options;
	size_t n_options;
};

const char *rf_plugin_kind_name(enum referat_kind kind); /* "source" … "channel"; "?" */

#endif
