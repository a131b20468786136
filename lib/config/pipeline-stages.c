/* One stage of a definition: its plugins, either as a list or as keys of a map, and its own keys. */
#include "config/pipeline-reading.h"

#include "base/memory.h"
#include "config/stage-keys.h"
#include "config/value.h"
#include "plugin/option.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- plugins ----------------------------------------------------------------------------------------------------- */

/* The nearest of the plugins that could stand in the stage. The caller frees. */
static char *plugin_suggestion(const struct rf_registry *registry, enum rf_stage_kind stage, const char *word)
{
	rf_autofree const char **names = rf_realloc_array(NULL, registry->n_plugins, sizeof(*names));
	size_t n = 0;
	for (size_t i = 0; i < registry->n_plugins; i++)
		if (!registry->plugins[i].why && rf_stage_takes(stage, registry->plugins[i].kind))
			names[n++] = registry->plugins[i].name;
	char *suggestion = rf_value_suggestion(word, names, n);
	if (*suggestion)
		return suggestion;
	free(suggestion);
	return rf_strdup("; 'referat plugins list' shows those installed");
}

/* The plugin of that name, if it can be used in this stage. */
static const struct rf_plugin_info *find_plugin(struct rf_reading *reading, const struct rf_stage *stage,
						const struct rf_yaml_node *name)
{
	const struct rf_registry *registry = reading->options->registry;
	const struct rf_plugin_info *info = rf_registry_find(registry, name->text);
	if (!info) {
		rf_autofree char *suggestion = plugin_suggestion(registry, stage->kind, name->text);
		rf_yaml_error(reading->diagnostics, name, "unknown-plugin", "no plugin '%s' is installed%s", name->text,
			      suggestion);
		return NULL;
	}
	if (info->why) {
		rf_yaml_error(reading->diagnostics, name, "refused-plugin", "plugin '%s' can't be used: %s", name->text,
			      info->why);
		return NULL;
	}
	if (!rf_stage_takes(stage->kind, info->kind)) {
		rf_yaml_error(reading->diagnostics, name, "wrong-kind", "%s is a %s; it can't stand in a stage '%s'",
			      name->text, rf_plugin_kind_name(info->kind), rf_stage_kind_name(stage->kind));
		return NULL;
	}
	return info;
}

static bool is_used(const struct rf_stage *stage, const char *name)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (strcmp(stage->plugins[i].name, name) == 0)
			return true;
	return false;
}

static void add_plugin(struct rf_reading *reading, struct rf_stage *stage, struct rf_stage_source *source,
		       const struct rf_yaml_node *name, const struct rf_yaml_node *options)
{
	const struct rf_plugin_info *info = find_plugin(reading, stage, name);
	if (!info) {
		source->unsure = true;
		return;
	}
	if (is_used(stage, name->text)) {
		rf_yaml_error(reading->diagnostics, name, "duplicate-plugin", "%s stands in this stage already",
			      name->text);
		return;
	}
	if (stage->n_plugins == RF_MOST_PLUGINS) {
		rf_yaml_error(reading->diagnostics, name, "too-many", "a stage has at most %d plugins",
			      RF_MOST_PLUGINS);
		return;
	}
	struct rf_plugin_use use = {.name = rf_strdup(name->text), .info = info};
	rf_reading_options(reading, name, options, &use);
	source->plugins[stage->n_plugins] = name;
	stage->plugins = rf_realloc_array(stage->plugins, stage->n_plugins + 1, sizeof(*stage->plugins));
	stage->plugins[stage->n_plugins++] = use;
}

static size_t count_plugins(const struct rf_stage *stage, enum referat_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < stage->n_plugins; i++)
		n += stage->plugins[i].info->kind == kind;
	return n;
}

static void check_counts(struct rf_reading *reading, const struct rf_stage *stage, struct rf_stage_source *source)
{
	const struct rf_yaml_node *key = source->value->key;
	bool missing = false;
	for (enum referat_kind kind = REFERAT_SOURCE; kind <= REFERAT_CHANNEL; kind++) {
		if (!rf_stage_takes(stage->kind, kind))
			continue;
		size_t n = count_plugins(stage, kind);
		const char *name = rf_plugin_kind_name(kind);
		if (n == 0 && !source->unsure) {
			rf_yaml_error(reading->diagnostics, key, "missing-plugin", "stage '%s' has no %s; it needs %s",
				      stage->name, name, rf_stage_takes_one(kind) ? "one" : "at least one");
			missing = true;
		}
		if (n > 1 && rf_stage_takes_one(kind))
			rf_yaml_error(reading->diagnostics, source->plugins[1], "too-many",
				      "a stage has one %s; write a stage '%s/NAME' for each", name,
				      rf_stage_kind_name(stage->kind));
	}
	source->unsure = source->unsure || missing;
	for (size_t i = 0; i < stage->n_plugins; i++)
		if ((stage->plugins[i].info->capabilities & REFERAT_SERIAL) && stage->workers > 1)
			rf_yaml_error(reading->diagnostics, rf_yaml_get(source->value, "workers"), "serial",
				      "%s works in one process at a time; expected 'workers: 1'",
				      stage->plugins[i].name);
}

/* A page that names somebody must be got away again. */
static void check_withdrawing(struct rf_reading *reading, const struct rf_stage *stage,
			      const struct rf_stage_source *source)
{
	for (size_t i = 0; i < stage->n_plugins; i++)
		if (stage->plugins[i].info->kind == REFERAT_TARGET && !stage->plugins[i].info->has_withdraw)
			rf_yaml_warning(reading->diagnostics, source->plugins[i], "no-withdraw",
					"%s can't take away what it has put there: a document that is withdrawn waits "
					"for a person to do so",
					stage->plugins[i].name);
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static void read_key(struct rf_reading *reading, struct rf_stage *stage, const struct rf_yaml_node *node,
		     const struct rf_stage_key *key)
{
	if (!(key->kinds & 1U << stage->kind)) {
		rf_yaml_error(reading->diagnostics, node->key, "wrong-stage", "'%s' means nothing in a stage '%s'",
			      key->option.name, rf_stage_kind_name(stage->kind));
		return;
	}
	rf_autofree char *value = rf_value_read(node, &key->option, reading->folder, reading->diagnostics);
	if (value)
		key->set(stage, value);
}

static const struct rf_stage_key *find_key(const struct rf_stage_key *keys, size_t n_keys, const char *name)
{
	for (size_t i = 0; i < n_keys; i++)
		if (strcmp(keys[i].option.name, name) == 0)
			return &keys[i];
	return NULL;
}

static void read_retry(struct rf_reading *reading, struct rf_stage *stage, const struct rf_yaml_node *map)
{
	const char *names[RF_RETRY_KEYS];
	if (!rf_value_is_map(map, reading->diagnostics))
		return;
	for (size_t i = 0; i < RF_RETRY_KEYS; i++) {
		const struct rf_yaml_node *node = rf_yaml_get(map, rf_retry_keys[i].option.name);
		names[i] = rf_retry_keys[i].option.name;
		if (node)
			read_key(reading, stage, node, &rf_retry_keys[i]);
	}
	rf_value_check_keys(map, names, RF_RETRY_KEYS, reading->diagnostics);
	if (stage->retry_cap_us < stage->retry_base_us)
		rf_yaml_error(reading->diagnostics, map, "bad-retry",
			      "'cap' is the longest wait and can't be shorter "
			      "than 'base', the first one");
}

static void unknown_key(struct rf_reading *reading, const struct rf_yaml_node *key)
{
	static const char *const routes[] = {"from", "all", "when", "retry"};
	const char *names[RF_COUNT(routes) + RF_STAGE_KEYS];
	size_t n = 0;
	for (size_t i = 0; i < RF_COUNT(routes); i++)
		names[n++] = routes[i];
	for (size_t i = 0; i < RF_STAGE_KEYS; i++)
		names[n++] = rf_stage_keys[i].option.name;
	rf_autofree char *suggestion = rf_value_suggestion(key->text, names, n);
	rf_yaml_error(reading->diagnostics, key, "unknown-key", "'%s' is neither a key of a stage nor a plugin%s",
		      key->text, suggestion);
}

static void read_entry(struct rf_reading *reading, struct rf_stage *stage, struct rf_stage_source *source,
		       const struct rf_yaml_node *node)
{
	const char *name = node->key->text;
	const struct rf_stage_key *key = find_key(rf_stage_keys, RF_STAGE_KEYS, name);
	if (strcmp(name, "from") == 0)
		source->from = node;
	else if (strcmp(name, "all") == 0)
		source->all = node;
	else if (strcmp(name, "when") == 0)
		source->when = node;
	else if (strcmp(name, "retry") == 0)
		read_retry(reading, stage, node);
	else if (key)
		read_key(reading, stage, node, key);
	else if (strchr(name, '.') || rf_registry_find(reading->options->registry, name))
		add_plugin(reading, stage, source, node->key, node);
	else {
		unknown_key(reading, node->key);
		source->unsure = true;
	}
}

static void read_list(struct rf_reading *reading, struct rf_stage *stage, struct rf_stage_source *source)
{
	for (const struct rf_yaml_node *node = source->value->first; node; node = node->next) {
		if (node->kind == RF_YAML_SCALAR && !rf_yaml_is_empty(node)) {
			add_plugin(reading, stage, source, node, NULL);
		} else if (node->kind == RF_YAML_MAP && node->n == 1) {
			add_plugin(reading, stage, source, node->first->key, node->first);
		} else {
			rf_yaml_error(reading->diagnostics, node, "wrong-type",
				      "%s stands here; expected the name of a plugin, or one with its options: "
				      "'- name: {option: value}'",
				      rf_yaml_kind_name(node));
			source->unsure = true;
		}
	}
}

static void set_defaults(struct rf_reading *reading, struct rf_stage *stage, const struct rf_stage_key *keys,
			 size_t n_keys)
{
	for (size_t i = 0; i < n_keys; i++) {
		rf_autofree char *value = NULL;
		if ((keys[i].kinds & 1U << stage->kind) &&
		    rf_option_normalise(&keys[i].option, keys[i].option.fallback, reading->folder, &value, NULL) == 0)
			keys[i].set(stage, value);
	}
}

void rf_reading_stage(struct rf_reading *reading, struct rf_stage *stage, struct rf_stage_source *source)
{
	set_defaults(reading, stage, rf_stage_keys, RF_STAGE_KEYS);
	set_defaults(reading, stage, rf_retry_keys, RF_RETRY_KEYS);
	const struct rf_yaml_node *value = source->value;
	if (value->kind == RF_YAML_LIST) {
		read_list(reading, stage, source);
	} else if (value->kind == RF_YAML_MAP) {
		for (const struct rf_yaml_node *node = value->first; node; node = node->next)
			read_entry(reading, stage, source, node);
	} else {
		rf_yaml_error(reading->diagnostics, value, "wrong-type",
			      "%s stands here; expected a list of plugins, [a, b], or a map, {a: {option: value}}",
			      rf_yaml_kind_name(value));
		source->unsure = true;
	}
	check_counts(reading, stage, source);
	check_withdrawing(reading, stage, source);
}
