/* A YAML file that a person wrote, as a tree whose every node knows its place, so that whatever is found wrong later
 * can be shown where it stands.
 *
 * A small part of YAML is read: one document of maps, lists and scalars, UTF-8, anchors and aliases, and the one tag
 * `!secret`. The file is not trusted: its size, depth and number of nodes (aliases count as what they stand for) are
 * bounded. */
#ifndef RF_CONFIG_YAML_H
#define RF_CONFIG_YAML_H

#include "config/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>

struct rf_error;

enum {
	RF_YAML_MOST_BYTES = 1024 * 1024,
	RF_YAML_MOST_NODES = 10000,
	RF_YAML_MOST_DEPTH = 32,
};

enum rf_yaml_kind { RF_YAML_SCALAR, RF_YAML_LIST, RF_YAML_MAP };

struct rf_yaml_node {
	const struct rf_yaml *file;
	enum rf_yaml_kind kind;
	size_t line, column, length; /* from 1; characters */
	bool plain;                  /* scalar: written without quotation marks */
	bool secret;                 /* scalar: `!secret NAME`; text is the name */
	char *text;                  /* scalar: never NULL, no NUL inside */
	struct rf_yaml_node *key;    /* what this is the value of in its map; else NULL */
	struct rf_yaml_node *first;  /* of a list or map, in the order of the file */
	struct rf_yaml_node *next;   /* in the same list or map */
	size_t n;                    /* of a list or map: how many */
};

struct rf_yaml {
	char *path;
	char *text; /* the whole file */
	size_t size;
	size_t *lines; /* where each line starts in text */
	size_t n_lines;
	struct rf_yaml_node *root; /* NULL when the file is not YAML */
	struct rf_yaml_node **nodes;
	size_t n_nodes;
};

enum { RF_YAML_BROKEN = 1, RF_YAML_MISSING = 2 };

/* Reads the file. Returns 0 with a tree (mistakes that leave one, as a key that stands twice, are in diagnostics);
 * RF_YAML_BROKEN when there is none, with the reasons in diagnostics; RF_YAML_MISSING; < 0 when it can't be read. */
int rf_yaml_read(const char *path, struct rf_diagnostics *diagnostics, struct rf_yaml **yaml, struct rf_error *error);

/* The same with the bytes of another file, which is never named: a copy of what the first one was. NULL: none. */
int rf_yaml_read_copy(const char *path, const char *copy, struct rf_diagnostics *diagnostics, struct rf_yaml **yaml,
		      struct rf_error *error);
void rf_yaml_free(struct rf_yaml *yaml); /* NULL is fine */

/* The value of that key in the map, or NULL. */
const struct rf_yaml_node *rf_yaml_get(const struct rf_yaml_node *map, const char *key);

/* "a map", "a list", "a text": for messages. */
const char *rf_yaml_kind_name(const struct rf_yaml_node *node);

/* `key:` with nothing behind it. */
bool rf_yaml_is_empty(const struct rf_yaml_node *node);

/* Add a diagnostic at the node: an empty value is shown at its key. */
void rf_yaml_error(struct rf_diagnostics *diagnostics, const struct rf_yaml_node *at, const char *code,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));
void rf_yaml_warning(struct rf_diagnostics *diagnostics, const struct rf_yaml_node *at, const char *code,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same without showing the line, for one that holds a secret. */
void rf_yaml_error_hidden(struct rf_diagnostics *diagnostics, const struct rf_yaml_node *at, const char *code,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds an error at a place of the file; line 0 is the file as a whole. */
void rf_yaml_error_at(struct rf_diagnostics *diagnostics, const struct rf_yaml *yaml, size_t line, size_t column,
		      size_t length, const char *code, const char *format, ...) __attribute__((format(printf, 7, 8)));

#endif
