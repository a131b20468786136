/* Parts as JSON, for people and exec plugins: {"type": "text/html", "text": "…"}. The content is one of "json" (parts
 * with a JSON mapping), "text" (media types of text), and "base64". */
#ifndef RF_PLUGIN_PART_JSON_H
#define RF_PLUGIN_PART_JSON_H

#include "plugin/arena.h"

#include <referat/plugin.h>

struct json_object;
struct rf_error;

/* The caller puts it. */
struct json_object *rf_part_to_json(const char *type, struct referat_bytes bytes);

/* Type and bytes, in the arena. */
int rf_part_from_json(struct rf_arena *arena, struct json_object *json, const char **type, struct referat_bytes *bytes,
		      struct rf_error *error);

/* The content of an object, whatever else it has. */
int rf_content_from_json(struct rf_arena *arena, struct json_object *json, const char *type,
			 struct referat_bytes *bytes, struct rf_error *error);

#endif
