#include "plugin/describe.h"

#include "base/error.h"
#include "base/memory.h"
#include "plugin/info.h"
#include "plugin/option.h"

#include <json-c/json.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 200 };

#define FUNCTION(field)                                                                                                \
	{                                                                                                              \
#field, offsetof(struct referat_plugin, field)                                                         \
	}
const struct rf_describe_function rf_describe_functions[] = {
    FUNCTION(open),   FUNCTION(close),      FUNCTION(run),   FUNCTION(put),   FUNCTION(withdraw),
    FUNCTION(lookup), FUNCTION(recipients), FUNCTION(probe), FUNCTION(flush),
};
const size_t rf_describe_n_functions = RF_COUNT(rf_describe_functions);

static const struct {
	const char *name;
	uint64_t flag;
} capabilities[] = {{"lookup", REFERAT_CAN_LOOKUP},     {"serial", REFERAT_SERIAL},
		    {"network", REFERAT_NEEDS_NETWORK}, {"generates", REFERAT_GENERATES},
		    {"source", REFERAT_TAKES_SOURCE},   {"purge", REFERAT_CAN_PURGE}};

referat_function rf_describe_get(const struct referat_plugin *plugin, const struct rf_describe_function *function)
{
	referat_function value = NULL;
	memcpy(&value, (const char *)plugin + function->offset, sizeof value);
	return value;
}

void rf_describe_set(struct referat_plugin *plugin, const struct rf_describe_function *function, referat_function value)
{
	memcpy((char *)plugin + function->offset, &value, sizeof value);
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void add_text(struct json_object *object, const char *name, const char *text)
{
	if (text)
		json_object_object_add(object, name, json_object_new_string(text));
}

static struct json_object *describe_option(const struct referat_option *option)
{
	struct json_object *object = json_object_new_object();
	add_text(object, "name", option->name);
	add_text(object, "type", rf_option_type_name(option->type));
	json_object_object_add(object, "required", json_object_new_boolean(option->required));
	add_text(object, "default", option->fallback);
	if (option->min || option->max) {
		json_object_object_add(object, "min", json_object_new_int64(option->min));
		json_object_object_add(object, "max", json_object_new_int64(option->max));
	}
	add_text(object, "choices", option->choices);
	add_text(object, "help", option->help);
	return object;
}

struct json_object *rf_describe(const struct referat_plugin *plugin)
{
	struct json_object *object = json_object_new_object();
	char abi[32];
	snprintf(abi, sizeof abi, "%u.%u", plugin->abi_major, plugin->abi_minor);
	add_text(object, "abi", abi);
	add_text(object, "kind", rf_plugin_kind_name(plugin->kind));
	add_text(object, "name", plugin->name);
	add_text(object, "version", plugin->version);
	add_text(object, "summary", plugin->summary);
	add_text(object, "accepts", plugin->accepts);
	add_text(object, "produces", plugin->produces);
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < RF_COUNT(capabilities); i++)
		if (plugin->capabilities & capabilities[i].flag)
			json_object_array_add(list, json_object_new_string(capabilities[i].name));
	json_object_object_add(object, "capabilities", list);
	list = json_object_new_array();
	for (size_t i = 0; i < rf_describe_n_functions; i++)
		if (rf_describe_get(plugin, &rf_describe_functions[i]))
			json_object_array_add(list, json_object_new_string(rf_describe_functions[i].name));
	json_object_object_add(object, "functions", list);
	list = json_object_new_array();
	for (uint32_t i = 0; i < plugin->n_options; i++)
		json_object_array_add(list, describe_option(&plugin->options[i]));
	json_object_object_add(object, "options", list);
	return object;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum referat_result not_here(struct referat_call *call)
{
	(void)call;
	return REFERAT_FAIL;
}

static int check_keys(struct json_object *object, const char *const *keys, size_t n, struct rf_error *error)
{
	json_object_object_foreach(object, key, value)
	{
		bool known = false;
		for (size_t i = 0; i < n; i++)
			known = known || !strcmp(keys[i], key);
		(void)value;
		if (!known)
			return rf_error_set(error, "unknown key '%s'", key);
	}
	return 0;
}

/* A text that may be absent. */
static int take_text(struct json_object *object, const char *name, struct rf_arena *arena, const char **text,
		     struct rf_error *error)
{
	struct json_object *value = json_object_object_get(object, name);
	if (!value)
		return 0;
	const char *string = json_object_get_string(value);
	if (!json_object_is_type(value, json_type_string) ||
	    strlen(string) != (size_t)json_object_get_string_len(value))
		return rf_error_set(error, "'%s' is not a text", name);
	*text = rf_arena_text(arena, string);
	return 0;
}

static int take_list(struct json_object *object, const char *name, struct json_object **list, struct rf_error *error)
{
	*list = json_object_object_get(object, name);
	if (*list && !json_object_is_type(*list, json_type_array))
		return rf_error_set(error, "'%s' is not a list", name);
	return 0;
}

static size_t list_size(struct json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

/* The text of a list's entry; "" when it is none. */
static const char *word_at(struct json_object *list, size_t i)
{
	struct json_object *entry = json_object_array_get_idx(list, i);
	return json_object_is_type(entry, json_type_string) ? json_object_get_string(entry) : "";
}

static int take_capabilities(struct json_object *json, struct referat_plugin *plugin, struct rf_error *error)
{
	struct json_object *list = NULL;
	if (take_list(json, "capabilities", &list, error))
		return -1;
	for (size_t i = 0; i < list_size(list); i++) {
		uint64_t flag = 0;
		for (size_t j = 0; j < RF_COUNT(capabilities); j++)
			if (!strcmp(word_at(list, i), capabilities[j].name))
				flag = capabilities[j].flag;
		if (!flag)
			return rf_error_set(error,
					    "unknown capability '%s'; expected lookup, serial, network or generates",
					    word_at(list, i));
		plugin->capabilities |= flag;
	}
	return 0;
}

static int take_functions(struct json_object *json, struct referat_plugin *plugin, struct rf_error *error)
{
	struct json_object *list = NULL;
	if (take_list(json, "functions", &list, error))
		return -1;
	for (size_t i = 0; i < list_size(list); i++) {
		const struct rf_describe_function *found = NULL;
		for (size_t j = 0; j < rf_describe_n_functions; j++)
			if (!strcmp(word_at(list, i), rf_describe_functions[j].name))
				found = &rf_describe_functions[j];
		if (!found)
			return rf_error_set(error, "unknown function '%s'", word_at(list, i));
		rf_describe_set(plugin, found, not_here);
	}
	return 0;
}

static int take_type(const char *word, enum referat_option_type *type, struct rf_error *error)
{
	for (int i = REFERAT_STRING; i <= REFERAT_CHOICE; i++) {
		if (!strcmp(word, rf_option_type_name((enum referat_option_type)i))) {
			*type = (enum referat_option_type)i;
			return 0;
		}
	}
	return rf_error_set(error, "unknown type '%s'", word);
}

static int take_option(struct json_object *json, struct rf_arena *arena, struct referat_option *option,
		       struct rf_error *error)
{
	static const char *const keys[] = {"name", "type", "required", "default", "min", "max", "choices", "help"};
	if (!json_object_is_type(json, json_type_object))
		return rf_error_set(error, "not an object");
	const char *type = "string";
	if (check_keys(json, keys, RF_COUNT(keys), error) || take_text(json, "name", arena, &option->name, error) ||
	    take_text(json, "type", arena, &type, error) ||
	    take_text(json, "default", arena, &option->fallback, error) ||
	    take_text(json, "choices", arena, &option->choices, error) ||
	    take_text(json, "help", arena, &option->help, error))
		return -1;
	option->required = json_object_get_boolean(json_object_object_get(json, "required"));
	option->min = json_object_get_int64(json_object_object_get(json, "min"));
	option->max = json_object_get_int64(json_object_object_get(json, "max"));
	return take_type(type, &option->type, error);
}

static int take_options(struct json_object *json, struct rf_arena *arena, struct referat_plugin *plugin,
			struct rf_error *error)
{
	struct json_object *list = NULL;
	if (take_list(json, "options", &list, error))
		return -1;
	size_t n = list_size(list);
	if (n > OPTIONS_MOST)
		return rf_error_set(error, "more than %d options", OPTIONS_MOST);
	struct referat_option *options = rf_arena_alloc(arena, n * sizeof *options);
	for (size_t i = 0; i < n; i++)
		if (take_option(json_object_array_get_idx(list, i), arena, &options[i], error))
			return rf_error_prefix(error, "option %zu", i + 1);
	plugin->options = options;
	plugin->n_options = (uint32_t)n;
	return 0;
}

/* "1.0" */
static bool read_version(const char *text, uint16_t *major, uint16_t *minor)
{
	char *dot = NULL;
	char *end = NULL;
	unsigned long first = strtoul(text, &dot, 10);
	if (dot == text || *dot != '.' || first > UINT16_MAX)
		return false;
	unsigned long second = strtoul(dot + 1, &end, 10);
	if (end == dot + 1 || *end || second > UINT16_MAX)
		return false;
	*major = (uint16_t)first;
	*minor = (uint16_t)second;
	return true;
}

static int take_identity(struct json_object *json, struct rf_arena *arena, struct referat_plugin *plugin,
			 struct rf_error *error)
{
	const char *kind = "";
	const char *abi = "";
	if (take_text(json, "abi", arena, &abi, error) || take_text(json, "kind", arena, &kind, error) ||
	    take_text(json, "name", arena, &plugin->name, error) ||
	    take_text(json, "version", arena, &plugin->version, error) ||
	    take_text(json, "summary", arena, &plugin->summary, error) ||
	    take_text(json, "accepts", arena, &plugin->accepts, error) ||
	    take_text(json, "produces", arena, &plugin->produces, error))
		return -1;
	if (!read_version(abi, &plugin->abi_major, &plugin->abi_minor))
		return rf_error_set(error, "'abi' is '%s'; expected '%d.%d'", abi, REFERAT_ABI_MAJOR,
				    REFERAT_ABI_MINOR);
	if (plugin->abi_major != REFERAT_ABI_MAJOR || plugin->abi_minor > REFERAT_ABI_MINOR)
		return rf_error_set(error, "made for plugin ABI %s, this host speaks %d.%d", abi, REFERAT_ABI_MAJOR,
				    REFERAT_ABI_MINOR);
	for (int i = REFERAT_SOURCE; i <= REFERAT_CHANNEL; i++)
		if (!strcmp(kind, rf_plugin_kind_name((enum referat_kind)i)))
			plugin->kind = (enum referat_kind)i;
	if (!plugin->kind)
		return rf_error_set(error, "unknown kind '%s'", kind);
	return 0;
}

int rf_describe_read(struct json_object *json, struct rf_description *description, struct rf_error *error)
{
	static const char *const keys[] = {"abi",     "kind",     "name",         "version",   "summary",
					   "accepts", "produces", "capabilities", "functions", "options"};
	struct rf_description read = {0};
	if (!json_object_is_type(json, json_type_object))
		return rf_error_set(error, "the description is not an object");
	if (check_keys(json, keys, RF_COUNT(keys), error) || take_identity(json, &read.arena, &read.plugin, error) ||
	    take_capabilities(json, &read.plugin, error) || take_functions(json, &read.plugin, error) ||
	    take_options(json, &read.arena, &read.plugin, error)) {
		rf_description_deinit(&read);
		return rf_error_prefix(error, "description");
	}
	read.plugin.struct_size = sizeof read.plugin;
	read.plugin.option_size = sizeof(struct referat_option);
	*description = read;
	return 0;
}

void rf_description_deinit(struct rf_description *description)
{
	rf_arena_clear(&description->arena);
	*description = (struct rf_description){0};
}
