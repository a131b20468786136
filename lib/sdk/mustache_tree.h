/* A template, read once: a flat list of nodes. A section's children follow it, up to its `end`. */
#ifndef REFERAT_SDK_MUSTACHE_TREE_H
#define REFERAT_SDK_MUSTACHE_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct slice { /* of the template's text */
	const char *text;
	size_t size;
};

enum node_kind {
	NODE_TEXT,
	NODE_ESCAPED, /* {{name}} */
	NODE_RAW,     /* {{{name}}}, {{&name}} */
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
};

struct node {
	enum node_kind kind;
	struct slice text;   /* the text itself, or the tag's name */
	struct slice indent; /* partials that stand alone on their line */
	size_t end;          /* sections: index of the first node behind them */
};

struct tree {
	struct node *nodes;
	size_t n, capacity;
};

struct problem { /* where words for a failure go; text may be NULL */
	char *text;
	size_t size;
};

void rf_problem_write(const struct problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Writes the problem; the value is false, and the analyser sees it. */
#define problem_set(...) (rf_problem_write(__VA_ARGS__), false)

/* Reads a template. The nodes point into the text. False with the problem, which names the line. */
bool rf_tree_parse(const char *text, struct tree *tree, const struct problem *problem);
void rf_tree_deinit(struct tree *tree);

/* Memory is never missing: the process ends, as the host's does. */
void *rf_sdk_realloc(void *memory, size_t size);

#endif
