/* Options of plugins: what a person writes becomes the text that the plugin gets. */
#ifndef RF_PLUGIN_OPTION_H
#define RF_PLUGIN_OPTION_H

#include <referat/plugin.h>

struct rf_error;

const char *rf_option_type_name(enum referat_option_type type); /* "string", "secret", …; "?" */

/* Whether the table's entry makes sense itself: name, type, range, default. */
int rf_option_check(const struct referat_option *option, struct rf_error *error);

/* Checks a value as it was written and normalises it: durations to microseconds, sizes to bytes, paths to absolute ones
 * (from folder), choices and the rest as they are. A secret's value is its name. Returns 0 with a text that the caller
 * frees; < 0 with what was expected. */
int rf_option_normalise(const struct referat_option *option, const char *written, const char *folder, char **value,
			struct rf_error *error);

#endif
