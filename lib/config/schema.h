/* The JSON Schema (2020-12) of definitions, with the options of the plugins of a registry: for editors that check and
 * complete while one types, and for other programs. It says less than `referat check`, which alone knows routes, files
 * and formats; what it refuses, `referat check` refuses too. */
#ifndef RF_CONFIG_SCHEMA_H
#define RF_CONFIG_SCHEMA_H

#include "plugin/registry.h"

struct json_object;

/* The caller puts it (json_object_put). */
struct json_object *rf_schema_new(const struct rf_registry *registry);

#endif
