/* JSON from another process, bounded. */
#ifndef RF_PLUGIN_JSON_H
#define RF_PLUGIN_JSON_H

#include <stddef.h>

struct json_object;
struct rf_error;

/* Exactly one JSON text, at most 32 levels deep. NULL with the reason. The caller puts the result. */
struct json_object *rf_json_parse(const char *text, size_t size, struct rf_error *error);

#endif
