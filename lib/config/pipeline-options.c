/* The options of a plugin against the plugin's own table; and whether the secrets they name are there. */
#include "config/pipeline-reading.h"

#include "base/error.h"
#include "base/memory.h"
#include "config/value.h"
#include "plugin/option.h"
#include "plugin/secret.h"

#include <stdlib.h>
#include <string.h>

static void check_secret(struct rf_reading *reading, const struct rf_yaml_node *node)
{
	struct rf_error error;
	if (rf_secret_read(reading->pipeline->secrets, node->text, NULL, &error) < 0)
		rf_yaml_error(reading->diagnostics, node, "missing-secret", "%s", error.text);
}

static void add_setting(struct rf_plugin_use *use, struct rf_setting setting)
{
	use->settings = rf_realloc_array(use->settings, use->n_settings + 1, sizeof(*use->settings));
	use->settings[use->n_settings++] = setting;
}

static char *default_of(struct rf_reading *reading, const struct rf_yaml_node *name,
			const struct referat_option *option)
{
	char *value = NULL;
	struct rf_error error;
	if (rf_option_normalise(option, option->fallback, reading->folder, &value, &error) < 0)
		rf_yaml_error(reading->diagnostics, name, "bad-default",
			      "the default of option '%s' is wrong, a fault of plugin %s: %s", option->name, name->text,
			      error.text);
	return value;
}

static void read_option(struct rf_reading *reading, const struct rf_yaml_node *name, const struct rf_yaml_node *node,
			const struct referat_option *option, struct rf_plugin_use *use)
{
	char *value = NULL;
	if (node)
		value = rf_value_read(node, option, reading->folder, reading->diagnostics);
	else if (option->required)
		rf_yaml_error(reading->diagnostics, name, "missing-option", "%s needs the option '%s': %s", name->text,
			      option->name, option->help ? option->help : "");
	else if (option->fallback)
		value = default_of(reading, name, option);
	if (!value)
		return;
	if (node && option->type == REFERAT_SECRET && reading->options->check_secrets)
		check_secret(reading, node);
	add_setting(use, (struct rf_setting){.name = rf_strdup(option->name),
					     .value = value,
					     .secret = option->type == REFERAT_SECRET});
}

static void check_names(struct rf_reading *reading, const struct rf_yaml_node *name, const struct rf_yaml_node *options,
			const struct rf_plugin_info *info)
{
	rf_autofree const char **names = rf_realloc_array(NULL, info->n_options, sizeof(*names));
	for (size_t i = 0; i < info->n_options; i++)
		names[i] = info->options[i].name;
	for (const struct rf_yaml_node *node = options->first; node; node = node->next) {
		bool known = false;
		for (size_t i = 0; i < info->n_options && !known; i++)
			known = strcmp(names[i], node->key->text) == 0;
		if (known)
			continue;
		rf_autofree char *suggestion = rf_value_suggestion(node->key->text, names, info->n_options);
		rf_yaml_error(reading->diagnostics, node->key, "unknown-option", "%s has no option '%s'%s", name->text,
			      node->key->text, info->n_options ? suggestion : "; it has none at all");
	}
}

void rf_reading_options(struct rf_reading *reading, const struct rf_yaml_node *name, const struct rf_yaml_node *options,
			struct rf_plugin_use *use)
{
	if (options && rf_yaml_is_empty(options))
		options = NULL;
	if (options && options->kind != RF_YAML_MAP) {
		rf_yaml_error(reading->diagnostics, options, "wrong-type",
			      "%s stands here; expected the options of %s: {option: value}, or {}",
			      rf_yaml_kind_name(options), name->text);
		return;
	}
	if (options)
		check_names(reading, name, options, use->info);
	for (size_t i = 0; i < use->info->n_options; i++) {
		const struct referat_option *option = &use->info->options[i];
		read_option(reading, name, options ? rf_yaml_get(options, option->name) : NULL, option, use);
	}
}
