/* `referat plugins`: what is installed, what a plugin takes and gives, and why one is refused. */
#include "cli/plugins.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/question.h"
#include "cli/table.h"
#include "plugin/describe.h"
#include "plugin/option.h"
#include "plugin/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static struct {
	const char *folders;
	bool json;
} given;

static const struct rf_option options[] = {
    RF_COMMAND_PLUGINS(given.folders),
    {"json", 0, RF_OPTION_FLAG, NULL, "answer as JSON", &given.json},
};

/* Reads the command line and looks at the plugins. Returns RF_COMMAND_GO with a registry, or the exit status. */
static int begin(const struct rf_program *program, int argc, char **argv, struct rf_registry *registry)
{
	int status = rf_command_read(program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error = {0};
	if (rf_registry_scan(given.folders, registry, &error))
		return rf_command_fail("plugins", EX_NOINPUT, &error);
	return RF_COMMAND_GO;
}

static json_object *as_json(const struct rf_plugin_info *info)
{
	struct referat_plugin plugin = {.abi_major = REFERAT_ABI_MAJOR,
					.abi_minor = REFERAT_ABI_MINOR,
					.kind = info->kind,
					.name = info->name,
					.version = info->version,
					.summary = info->summary,
					.accepts = info->accepts,
					.produces = info->produces,
					.capabilities = info->capabilities,
					.options = info->options,
					.n_options = (uint32_t)info->n_options};
	json_object *object = info->why ? json_object_new_object() : rf_describe(&plugin);
	json_object_object_del(object, "functions");
	json_object_object_del(object, "abi");
	json_object_object_add(object, "name", json_object_new_string(info->name));
	json_object_object_add(object, "path", json_object_new_string(info->path));
	json_object_object_add(object, "usable", json_object_new_boolean(!info->why));
	if (info->why)
		json_object_object_add(object, "why", json_object_new_string(info->why));
	return object;
}

/* ---- list -------------------------------------------------------------------------------------------------------- */

static void print_list(const struct rf_registry *registry)
{
	static const char *const headings[] = {"NAME", "VERSION", "WHAT IT DOES"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < registry->n_plugins; i++) {
		const struct rf_plugin_info *info = &registry->plugins[i];
		rf_autofree char *refused = rf_format("refused: %s", info->why ? info->why : "");
		const char *cells[] = {info->name, info->version, info->why ? refused : info->summary};
		rf_table_add(table, cells);
	}
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

static void print_list_json(const struct rf_registry *registry)
{
	json_object *list = json_object_new_array();
	for (size_t i = 0; i < registry->n_plugins; i++)
		json_object_array_add(list, as_json(&registry->plugins[i]));
	json_object *answer = json_object_new_object();
	json_object_object_add(answer, "referat", json_object_new_int(1));
	json_object_object_add(answer, "plugins", list);
	rf_answer_print(answer);
	json_object_put(answer);
}

int rf_plugins_list(int argc, char **argv)
{
	const struct rf_program program = {.name = "referat plugins list",
					   .synopsis = "referat plugins list [options]",
					   .description =
					       "Lists the plugins that are installed, those that are refused "
					       "with the reason.",
					   .options = options,
					   .n_options = RF_COUNT(options)};
	struct rf_registry registry = {0};
	int status = begin(&program, argc, argv, &registry);
	if (status != RF_COMMAND_GO)
		return status;
	if (given.json)
		print_list_json(&registry);
	else
		print_list(&registry);
	rf_registry_deinit(&registry);
	return EX_OK;
}

/* ---- show -------------------------------------------------------------------------------------------------------- */

static int unknown(const struct rf_registry *registry, const char *name)
{
	rf_autofree const char **names = rf_alloc((registry->n_plugins + 1) * sizeof *names);
	for (size_t i = 0; registry->plugins && i < registry->n_plugins; i++)
		names[i] = registry->plugins[i].name;
	const char *nearest = rf_text_nearest(name, names, registry->n_plugins);
	struct rf_error error;
	if (nearest)
		rf_error_set(&error, "no plugin '%s' is installed; did you mean '%s'?", name, nearest);
	else
		rf_error_set(&error, "no plugin '%s' is installed; 'referat plugins list' shows what is", name);
	return rf_command_fail("plugins", EX_NOINPUT, &error);
}

static void print_line(const char *name, const char *value)
{
	if (value[0])
		printf("%-10s %s\n", name, value);
}

static void print_options(const struct rf_plugin_info *info)
{
	static const char *const headings[] = {"OPTION", "TYPE", "DEFAULT", "WHAT IT SETS"};
	struct rf_table *table = rf_table_new(headings, RF_COUNT(headings));
	for (size_t i = 0; i < info->n_options; i++) {
		const struct referat_option *option = &info->options[i];
		const char *cells[] = {option->name,
				       option->choices ? option->choices : rf_option_type_name(option->type),
				       option->required   ? "(required)"
				       : option->fallback ? option->fallback
							  : "",
				       option->help ? option->help : ""};
		rf_table_add(table, cells);
	}
	printf("\n");
	rf_table_print(table, stdout, 0, rf_terminal_width(STDOUT_FILENO), rf_text_colours(STDOUT_FILENO));
	rf_table_free(table);
}

static void add_capability(struct rf_buffer *words, const struct rf_plugin_info *info, uint64_t flag, const char *word)
{
	if (info->capabilities & flag)
		rf_buffer_format(words, "%s%s", words->size ? ", " : "", word);
}

static void print_plugin(const struct rf_plugin_info *info)
{
	rf_autobuffer struct rf_buffer able = RF_BUFFER_INIT;
	add_capability(&able, info, REFERAT_CAN_LOOKUP, "can look up what stands there");
	add_capability(&able, info, REFERAT_SERIAL, "one process at a time");
	add_capability(&able, info, REFERAT_NEEDS_NETWORK, "needs the network");
	add_capability(&able, info, REFERAT_GENERATES, "writes text that no person wrote");
	print_line("name", info->name);
	print_line("kind", rf_plugin_kind_name(info->kind));
	print_line("version", info->version);
	print_line("does", info->summary);
	print_line("accepts", info->accepts);
	print_line("produces", info->produces);
	print_line("able", able.size ? able.data : "");
	print_line("file", info->path);
	if (info->n_options)
		print_options(info);
}

int rf_plugins_show(int argc, char **argv)
{
	const struct rf_program program = {.name = "referat plugins show",
					   .synopsis = "referat plugins show NAME [options]",
					   .description = "Shows what a plugin takes, gives and can be set to.",
					   .options = options,
					   .n_options = RF_COUNT(options),
					   .least_operands = 1,
					   .most_operands = 1};
	struct rf_registry registry = {0};
	int status = begin(&program, argc, argv, &registry);
	if (status != RF_COMMAND_GO)
		return status;
	const struct rf_plugin_info *info = rf_registry_find(&registry, argv[1]);
	if (!info) {
		status = unknown(&registry, argv[1]);
	} else if (given.json) {
		json_object *object = as_json(info);
		rf_answer_print(object);
		json_object_put(object);
		status = info->why ? EX_UNAVAILABLE : EX_OK;
	} else if (info->why) {
		struct rf_error error;
		rf_error_set(&error, "%s", info->why);
		status = rf_command_fail("plugins", EX_UNAVAILABLE, &error);
	} else {
		print_plugin(info);
		status = EX_OK;
	}
	rf_registry_deinit(&registry);
	return status;
}

/* ---- why --------------------------------------------------------------------------------------------------------- */

/* name: of an installed plugin, or a file. */
static int look_for(const char *name, struct rf_registry *registry)
{
	struct rf_error error = {0};
	bool is_file = strchr(name, '/') != NULL;
	int status =
	    is_file ? rf_registry_scan_file(name, registry, &error) : rf_registry_scan(given.folders, registry, &error);
	return status ? rf_command_fail("plugins", EX_NOINPUT, &error) : EX_OK;
}

int rf_plugins_why(int argc, char **argv)
{
	const struct rf_program program = {
	    .name = "referat plugins why",
	    .synopsis = "referat plugins why NAME|./FILE.so [options]",
	    .description = "Says why a plugin is refused, and what to do. Exit status: 0 it is usable, 69 it is not.",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_registry registry = {0};
	status = look_for(argv[1], &registry);
	if (status != EX_OK)
		return status;
	const struct rf_plugin_info *info =
	    strchr(argv[1], '/') ? registry.plugins : rf_registry_find(&registry, argv[1]);
	if (!info) {
		status = unknown(&registry, argv[1]);
	} else if (given.json) {
		json_object *object = as_json(info);
		rf_answer_print(object);
		json_object_put(object);
	} else {
		printf("%s\n", info->why ? info->why : "usable");
	}
	if (info)
		status = info->why ? EX_UNAVAILABLE : EX_OK;
	rf_registry_deinit(&registry);
	return status;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

int rf_command_plugins(int argc, char **argv)
{
	static const struct rf_subcommand subcommands[] = {
	    {"list", "referat plugins list [options]", rf_plugins_list},
	    {"show", "referat plugins show NAME [options]", rf_plugins_show},
	    {"why", "referat plugins why NAME|./FILE.so [options]", rf_plugins_why},
	    {"try", "referat plugins try NAME|./FILE.so [DOCUMENT] [-o NAME=VALUE ...] [options]", rf_plugins_try},
	};
	return rf_command_choose(subcommands, RF_COUNT(subcommands), argc, argv);
}
