/* The text of a YAML file before it is parsed: lines, and what no YAML file of ours may hold. */
#ifndef RF_CONFIG_YAML_TEXT_H
#define RF_CONFIG_YAML_TEXT_H

#include "config/yaml.h"

/* Finds where the lines of yaml->text start, as libyaml counts them. */
void rf_yaml_find_lines(struct rf_yaml *yaml);

/* Refuses what is not UTF-8, NUL, and tabs in the indentation. Returns 0, or RF_YAML_BROKEN with diagnostics. */
int rf_yaml_check_text(const struct rf_yaml *yaml, struct rf_diagnostics *diagnostics);

/* The line (from 1) and column (from 1, in characters) of a byte of the text. */
void rf_yaml_find_place(const struct rf_yaml *yaml, size_t offset, size_t *line, size_t *column);

/* The bytes from that line and column on; "" beyond the end. */
const char *rf_yaml_character(const struct rf_yaml *yaml, size_t line, size_t column);

#endif
