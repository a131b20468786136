/* The JSON that goes to an exec plugin and comes back (docs/plugins.md specifies it). */
#ifndef RF_PLUGIN_EXEC_JSON_H
#define RF_PLUGIN_EXEC_JSON_H

#include <referat/plugin.h>

struct json_object;
struct rf_call;
struct rf_error;

/* One call as JSON: function, options (secrets by value), values, parts. The caller puts it, and forgets its text. */
struct json_object *rf_exec_request(struct rf_call *call, const char *function);

/* Takes what the result says into the call. *result is changed when the JSON names one. Returns 0; < 0 with what is
 * wrong with it. */
int rf_exec_result(struct rf_call *call, struct json_object *json, enum referat_result *result, struct rf_error *error);

#endif
