/* `referat schema`: the JSON Schema of definitions. */
#include "config/schema.h"
#include "base/memory.h"
#include "cli/commands.h"

#include <json-c/json.h>
#include <stdio.h>
#include <sysexits.h>

int rf_command_schema(int argc, char **argv)
{
	const char *plugins = NULL;
	const struct rf_option options[] = {
	    RF_COMMAND_PLUGINS(plugins),
	};
	const struct rf_program program = {
	    .name = "referat schema",
	    .synopsis = "referat schema [options]",
	    .description =
		"Writes the JSON Schema (2020-12) of definitions, with the options of all plugins that are installed: "
		"an editor that knows it completes and checks while you type. `referat check` finds more: routes, "
		"files, "
		"secrets, formats.",
	    .examples = "  referat schema >referat.schema.json\n"
			"  # then, as the first line of a definition:\n"
			"  # yaml-language-server: $schema=referat.schema.json\n",
	    .options = options,
	    .n_options = RF_COUNT(options),
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	struct rf_registry registry = {0};
	if (rf_registry_scan(plugins, &registry, &error) < 0)
		return rf_command_fail("schema", EX_UNAVAILABLE, &error);
	struct json_object *schema = rf_schema_new(&registry);
	puts(json_object_to_json_string_ext(schema, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(schema);
	rf_registry_deinit(&registry);
	return EX_OK;
}
