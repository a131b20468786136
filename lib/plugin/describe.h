/* A descriptor as JSON: what the scanner's child hands to its parent, what an exec plugin answers to --describe, and
 * what `referat plugins show --json` prints.
 *
 *   {"abi": "1.0", "kind": "target", "name": "target.x", "version": "1", "summary": "…", "accepts": "…",
 *    "produces": "…", "capabilities": ["lookup", "serial", "network", "generates"], "functions": ["put", "lookup"],
 *    "options": [{"name": "url", "type": "url", "required": true, "default": "…", "min": 0, "max": 0,
 *                 "choices": "a|b", "help": "…"}]} */
#ifndef RF_PLUGIN_DESCRIBE_H
#define RF_PLUGIN_DESCRIBE_H

#include "plugin/arena.h"

#include <referat/plugin.h>

struct json_object;
struct rf_error;

struct rf_description {
	struct rf_arena arena; /* holds everything that plugin points to */
	struct referat_plugin plugin;
};

struct json_object *rf_describe(const struct referat_plugin *plugin); /* the caller puts it */

/* Reads what rf_describe wrote, or a person. Functions that are named are not NULL, and give REFERAT_FAIL. Unknown keys
 * are errors: a person made a mistake. Returns 0 with a description that the caller frees; < 0 with the reason. */
int rf_describe_read(struct json_object *json, struct rf_description *description, struct rf_error *error);
void rf_description_deinit(struct rf_description *description);

/* The functions of a descriptor by name. */
struct rf_describe_function {
	const char *name;
	size_t offset;
};
extern const struct rf_describe_function rf_describe_functions[];
extern const size_t rf_describe_n_functions;
referat_function rf_describe_get(const struct referat_plugin *plugin, const struct rf_describe_function *function);
void rf_describe_set(struct referat_plugin *plugin, const struct rf_describe_function *function,
		     referat_function value);

#endif
