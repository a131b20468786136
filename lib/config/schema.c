#include "config/schema.h"

#include "base/memory.h"
#include "config/pipeline-reading.h"
#include "config/stage-keys.h"
#include "plugin/option.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define WORD_PATTERN     "[a-z0-9][a-z0-9-]{0,63}"
#define DURATION_PATTERN "^(0|[0-9]+(us|ms|s|m|h|d|w))$"
#define SIZE_PATTERN     "^[0-9]+ ?(B|kB|KiB|MB|MiB|GB|GiB)?$"
#define MAIL_PATTERN     "^[^@ ]+@[^@ ]+$"

/* ---- building ---------------------------------------------------------------------------------------------------- */

static struct json_object *add(struct json_object *object, const char *name, struct json_object *value)
{
	json_object_object_add(object, name, value);
	return value;
}

static struct json_object *add_object(struct json_object *object, const char *name)
{
	return add(object, name, json_object_new_object());
}

static void add_text(struct json_object *object, const char *name, const char *text)
{
	add(object, name, json_object_new_string(text));
}

static void add_to_list(struct json_object *object, const char *name, struct json_object *value)
{
	struct json_object *list = NULL;
	if (!json_object_object_get_ex(object, name, &list))
		list = add(object, name, json_object_new_array());
	json_object_array_add(list, value);
}

static struct json_object *typed(const char *type)
{
	struct json_object *schema = json_object_new_object();
	add_text(schema, "type", type);
	return schema;
}

static struct json_object *text_like(const char *pattern, const char *description)
{
	struct json_object *schema = typed("string");
	if (pattern)
		add_text(schema, "pattern", pattern);
	if (description)
		add_text(schema, "description", description);
	return schema;
}

/* A map that has these keys alone; its properties are filled in by the caller. */
static struct json_object *closed_map(struct json_object **properties)
{
	struct json_object *schema = typed("object");
	*properties = add_object(schema, "properties");
	add(schema, "additionalProperties", json_object_new_boolean(0));
	return schema;
}

static struct json_object *reference(const char *name)
{
	struct json_object *schema = json_object_new_object();
	rf_autofree char *path = rf_format("#/$defs/%s", name);
	add_text(schema, "$ref", path);
	return schema;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

static void add_choices(struct json_object *schema, const char *choices)
{
	rf_autofree char *copy = rf_strdup(choices ? choices : "");
	char *rest = NULL;
	for (char *name = strtok_r(copy, "|", &rest); name; name = strtok_r(NULL, "|", &rest))
		add_to_list(schema, "enum", json_object_new_string(name));
}

static struct json_object *integer_schema(const struct referat_option *option)
{
	struct json_object *schema = typed("integer");
	if (option->min || option->max) {
		add(schema, "minimum", json_object_new_int64(option->min));
		add(schema, "maximum", json_object_new_int64(option->max));
	}
	return schema;
}

/* What YAML gives for a number with no unit is a number: 0, or bytes. */
static struct json_object *number_or_text(const char *pattern, bool only_zero)
{
	struct json_object *schema = json_object_new_object();
	struct json_object *number = typed("integer");
	add(number, "minimum", json_object_new_int(0));
	if (only_zero)
		add(number, "maximum", json_object_new_int(0));
	add_to_list(schema, "anyOf", text_like(pattern, NULL));
	add_to_list(schema, "anyOf", number);
	return schema;
}

static struct json_object *type_schema(const struct referat_option *option)
{
	struct json_object *schema = NULL;
	switch (option->type) {
	case REFERAT_INTEGER:
		return integer_schema(option);
	case REFERAT_BOOLEAN:
		return typed("boolean");
	case REFERAT_DURATION:
		return number_or_text(DURATION_PATTERN, true);
	case REFERAT_SIZE:
		return number_or_text(SIZE_PATTERN, false);
	case REFERAT_URL:
		schema = typed("string");
		add_text(schema, "format", "uri");
		return schema;
	case REFERAT_CHOICE:
		schema = typed("string");
		add_choices(schema, option->choices);
		return schema;
	case REFERAT_SECRET:
		return text_like("^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$", NULL);
	case REFERAT_STRING:
		schema = json_object_new_object(); /* 20 without quotation marks is a text as well */
		add_to_list(schema, "type", json_object_new_string("string"));
		add_to_list(schema, "type", json_object_new_string("number"));
		return schema;
	case REFERAT_PATH:
		break;
	}
	schema = typed("string");
	add(schema, "minLength", json_object_new_int(1));
	return schema;
}

static struct json_object *default_value(const struct referat_option *option)
{
	if (option->type == REFERAT_INTEGER)
		return json_object_new_int64(strtoll(option->fallback, NULL, 10));
	if (option->type == REFERAT_BOOLEAN)
		return json_object_new_boolean(strcmp(option->fallback, "true") == 0);
	return json_object_new_string(option->fallback);
}

static struct json_object *option_schema(const struct referat_option *option)
{
	struct json_object *schema = type_schema(option);
	const char *help = option->help ? option->help : "";
	bool secret = option->type == REFERAT_SECRET;
	rf_autofree char *description =
	    rf_format("%s%s%s", help, secret && *help ? " " : "", secret ? "A secret: write !secret NAME." : "");
	if (*description)
		add_text(schema, "description", description);
	if (option->fallback)
		add(schema, "default", default_value(option));
	return schema;
}

static struct json_object *plugin_schema(const struct rf_plugin_info *info)
{
	struct json_object *properties = NULL;
	struct json_object *schema = closed_map(&properties);
	/* `plugin:` with nothing behind it means the defaults. */
	json_object_object_del(schema, "type");
	bool needs = false;
	for (size_t i = 0; i < info->n_options; i++) {
		add(properties, info->options[i].name, option_schema(&info->options[i]));
		if (info->options[i].required)
			add_to_list(schema, "required", json_object_new_string(info->options[i].name));
		needs = needs || info->options[i].required;
	}
	add_to_list(schema, "type", json_object_new_string("object"));
	if (!needs)
		add_to_list(schema, "type", json_object_new_string("null"));
	if (info->summary && *info->summary)
		add_text(schema, "description", info->summary);
	return schema;
}

/* ---- stages ------------------------------------------------------------------------------------------------------ */

static void add_stage_keys(struct json_object *properties, const struct rf_stage_key *keys, size_t n_keys,
			   enum rf_stage_kind kind)
{
	for (size_t i = 0; i < n_keys; i++)
		if (keys[i].kinds & 1U << kind)
			add(properties, keys[i].option.name, option_schema(&keys[i].option));
}

static struct json_object *retry_schema(void)
{
	struct json_object *properties = NULL;
	struct json_object *schema = closed_map(&properties);
	for (size_t i = 0; i < RF_RETRY_KEYS; i++)
		add(properties, rf_retry_keys[i].option.name, option_schema(&rf_retry_keys[i].option));
	add_text(schema, "description", "What happens after a failure that may pass.");
	return schema;
}

static struct json_object *stages_schema(const char *description)
{
	struct json_object *schema = json_object_new_object();
	struct json_object *list = typed("array");
	add(list, "items", typed("string"));
	add(list, "minItems", json_object_new_int(1));
	add(list, "uniqueItems", json_object_new_boolean(1));
	add_to_list(schema, "anyOf", typed("string"));
	add_to_list(schema, "anyOf", list);
	add_text(schema, "description", description);
	return schema;
}

static struct json_object *conditions_schema(void)
{
	struct json_object *schema = typed("object");
	struct json_object *value = add_object(schema, "additionalProperties");
	static const char *const types[] = {"string", "number", "boolean"};
	for (size_t i = 0; i < RF_COUNT(types); i++)
		add_to_list(value, "type", json_object_new_string(types[i]));
	add(schema, "maxProperties", json_object_new_int(RF_MOST_CONDITIONS));
	add_text(schema, "description",
		 "Attributes and the values they must have; documents for which one differs pass by.");
	return schema;
}

static struct json_object *plugin_in_list(const struct rf_plugin_info *info)
{
	struct json_object *properties = NULL;
	struct json_object *schema = closed_map(&properties);
	add(properties, info->name, reference(info->name));
	add_to_list(schema, "required", json_object_new_string(info->name));
	return schema;
}

/* A stage is a map of keys and plugins, or a list of plugins: names, or maps of one name with its options. */
static struct json_object *stage_schema(const struct rf_registry *registry, enum rf_stage_kind kind)
{
	struct json_object *properties = NULL;
	struct json_object *map = closed_map(&properties);
	struct json_object *list = typed("array");
	struct json_object *entry = add_object(list, "items");
	add_stage_keys(properties, rf_stage_keys, RF_STAGE_KEYS, kind);
	add(properties, "retry", reference("retry"));
	if (kind != RF_STAGE_INGEST) {
		add(properties, "from", reference("from"));
		add(properties, "all", reference("all"));
		add(properties, "when", reference("when"));
	}
	struct json_object *names = typed("string");
	bool any = false;
	for (size_t i = 0; i < registry->n_plugins; i++) {
		const struct rf_plugin_info *info = &registry->plugins[i];
		if (info->why || !rf_stage_takes(kind, info->kind))
			continue;
		any = true;
		add(properties, info->name, reference(info->name));
		add_to_list(names, "enum", json_object_new_string(info->name));
		add_to_list(entry, "anyOf", plugin_in_list(info));
	}
	if (any)
		add_to_list(entry, "anyOf", names);
	else
		json_object_put(names);
	add(map, "minProperties", json_object_new_int(1));
	add(list, "minItems", json_object_new_int(1));
	struct json_object *schema = json_object_new_object();
	add_to_list(schema, "anyOf", map);
	add_to_list(schema, "anyOf", list);
	return schema;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void add_definitions(struct json_object *schema, const struct rf_registry *registry)
{
	struct json_object *definitions = add_object(schema, "$defs");
	add(definitions, "retry", retry_schema());
	add(definitions, "from",
	    stages_schema("The stages whose documents come here: those of any of them. Default: the "
			  "stage before."));
	add(definitions, "all", stages_schema("The stages whose documents come here when all of them are done."));
	add(definitions, "when", conditions_schema());
	for (enum rf_stage_kind kind = 0; kind < RF_STAGE_KINDS; kind++)
		add(definitions, rf_stage_kind_name(kind), stage_schema(registry, kind));
	for (size_t i = 0; i < registry->n_plugins; i++)
		if (!registry->plugins[i].why)
			add(definitions, registry->plugins[i].name, plugin_schema(&registry->plugins[i]));
}

static void add_stages(struct json_object *properties)
{
	struct json_object *schema = add(properties, "stages", typed("object"));
	struct json_object *patterns = add_object(schema, "patternProperties");
	for (enum rf_stage_kind kind = 0; kind < RF_STAGE_KINDS; kind++) {
		rf_autofree char *pattern = rf_format("^%s(/" WORD_PATTERN ")?$", rf_stage_kind_name(kind));
		add(patterns, pattern, reference(rf_stage_kind_name(kind)));
	}
	add(schema, "additionalProperties", json_object_new_boolean(0));
	add(schema, "minProperties", json_object_new_int(1));
	add(schema, "maxProperties", json_object_new_int(RF_MOST_STAGES));
	add_text(schema, "description", "KIND, or KIND/NAME where there are several of a kind, in the order of work.");
}

static void add_alerts(struct json_object *properties)
{
	struct json_object *roles = NULL;
	struct json_object *schema = add(properties, "alerts", closed_map(&roles));
	add(roles, "operator", text_like(MAIL_PATTERN, "Told of what is broken."));
	add(roles, "publisher", text_like(MAIL_PATTERN, "Told the same, in Swedish."));
	add(roles, "silent_after", text_like("^[0-9]+(us|ms|s|m|h|d|w)$", "Told when no document came for so long."));
	add_text(schema, "description", "Mail addresses of those who are told.");
}

static void add_metrics(struct json_object *properties)
{
	struct json_object *members = NULL;
	struct json_object *schema = add(properties, "metrics", closed_map(&members));
	struct json_object *port = add(members, "port", typed("integer"));
	add(port, "minimum", json_object_new_int(1));
	add(port, "maximum", json_object_new_int(65535));
	add_to_list(schema, "required", json_object_new_string("port"));
	add_text(schema, "description", "Metrics for Prometheus on a port of the loopback address.");
}

static struct json_object *words_schema(const char *description)
{
	struct json_object *schema = json_object_new_object();
	struct json_object *list = typed("array");
	add(list, "items", typed("string"));
	add_to_list(schema, "anyOf", typed("string"));
	add_to_list(schema, "anyOf", list);
	add_text(schema, "description", description);
	return schema;
}

static void add_tests(struct json_object *properties)
{
	static const struct {
		const char *key, *description;
	} texts[] = {
	    {"name", "What is tried; the input when not given."},
	    {"input", "The file that is put in, from this file's folder."},
	    {"held", "It is held, with this code."},
	    {"dead", "It is given up, with this code."},
	    {"title", "The document's title."},
	    {"kind", "minutes, agenda, summary, board-notice or announcement."},
	    {"board", "The board's id in the publisher file."},
	    {"day", "The day of the meeting: 2024-04-17."},
	};
	struct json_object *members = NULL;
	struct json_object *list = add(properties, "tests", typed("array"));
	struct json_object *test = add(list, "items", closed_map(&members));
	for (size_t i = 0; i < RF_COUNT(texts); i++)
		add(members, texts[i].key, text_like(NULL, texts[i].description));
	static const struct referat_option counts[] = {
	    {.name = "items", .type = REFERAT_INTEGER, .help = "How many items the document has."},
	    {.name = "decisions", .type = REFERAT_INTEGER, .help = "How many decisions its items have."}};
	for (size_t i = 0; i < RF_COUNT(counts); i++)
		add(members, counts[i].name, option_schema(&counts[i]));
	add(members, "contains", words_schema("Words that stand in what is rendered."));
	add(members, "lacks", words_schema("Words that stand nowhere in what is rendered."));
	struct json_object *equals = add(members, "equals", typed("object"));
	add(equals, "additionalProperties", typed("string"));
	add_text(equals, "description", "Renditions by name, and the files that they are equal to.");
	add_to_list(test, "required", json_object_new_string("input"));
	add_text(list, "description", "What `referat test` tries: a file, and what the pipeline makes of it.");
}

struct json_object *rf_schema_new(const struct rf_registry *registry)
{
	static const char *const required[] = {"referat", "pipeline", "publisher", "stages"};
	struct json_object *properties = NULL;
	struct json_object *schema = json_object_new_object();
	add_text(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
	add_text(schema, "title", "Referat pipeline");
	struct json_object *map = closed_map(&properties);
	json_object_object_foreach(map, name, value) add(schema, name, json_object_get(value));
	for (size_t i = 0; i < RF_COUNT(required); i++)
		add_to_list(schema, "required", json_object_new_string(required[i]));

	struct json_object *version = add_object(properties, "referat");
	add(version, "const", json_object_new_int(1));
	add_text(version, "description", "The version of this format.");
	add(properties, "pipeline",
	    text_like("^" WORD_PATTERN "$", "The name of the pipeline and of its state folder."));
	add(properties, "publisher", text_like(NULL, "The publisher file, from this file's folder."));
	struct json_object *store = add(properties, "store", typed("string"));
	add_choices(store, "sqlite");
	add_stages(properties);
	add_alerts(properties);
	add_metrics(properties);
	add_tests(properties);
	add(properties, rf_per_hour_option.name, option_schema(&rf_per_hour_option));
	add(properties, rf_keep_superseded_option.name, option_schema(&rf_keep_superseded_option));
	add_definitions(schema, registry);
	json_object_put(map);
	return schema;
}
