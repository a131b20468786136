/* One value of a file against its description: tables of struct referat_option describe the options of plugins as well
 * as the keys of stages. */
#ifndef RF_CONFIG_VALUE_H
#define RF_CONFIG_VALUE_H

#include "config/yaml.h"

#include <referat/plugin.h>

/* The value of a node, checked and normalised (plugin/option.h), for the caller to free; relative paths start at
 * folder. NULL after an error was added. */
char *rf_value_read(const struct rf_yaml_node *node, const struct referat_option *option, const char *folder,
		    struct rf_diagnostics *diagnostics);

/* A text where any will do, as a name: NULL after an error was added (a list or map, nothing, or a word that YAML
 * programs take for a boolean or null). Borrowed from the node. */
const char *rf_value_text(const struct rf_yaml_node *node, struct rf_diagnostics *diagnostics);

/* Whether the node is a map; adds an error when it is not. */
bool rf_value_is_map(const struct rf_yaml_node *node, struct rf_diagnostics *diagnostics);

/* Adds an error for every key of the map that is not among the names, with the nearest of them. */
void rf_value_check_keys(const struct rf_yaml_node *map, const char *const *names, size_t n_names,
			 struct rf_diagnostics *diagnostics);

/* `referat: 1` must stand in the map: the version of the format. */
void rf_value_check_version(const struct rf_yaml_node *map, struct rf_diagnostics *diagnostics);

/* "; did you mean 'x'?" or "; expected one of: a, b". The caller frees. */
char *rf_value_suggestion(const char *word, const char *const *names, size_t n_names);

/* Texts of a fixed form: each gives what is wrong in words, or NULL when nothing is. */
const char *rf_value_wrong_mail(const char *text); /* one address, without a name */
const char *rf_value_wrong_word(const char *text); /* lower-case letters, digits, "-": at most 64 */

#endif
