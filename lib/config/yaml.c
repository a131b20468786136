#include "config/yaml.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "config/yaml-text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A list or map that is not closed yet. */
struct frame {
	struct rf_yaml_node *node;
	struct rf_yaml_node *last; /* of its entries */
	struct rf_yaml_node *key;  /* of a map: read, its value not yet */
	bool dropped;              /* the key stood there before: its value is left out */
};

struct anchor {
	char *name;
	struct rf_yaml_node *node;
};

struct tree {
	yaml_parser_t parser;
	struct rf_yaml *yaml;
	struct rf_diagnostics *diagnostics;
	struct frame open[RF_YAML_MOST_DEPTH];
	size_t depth;
	struct anchor *anchors;
	size_t n_anchors;
	size_t n_documents;
};

/* ---- nodes ----------------------------------------------------------------------------------------------------- */

static int too_many_nodes(struct tree *tree, const yaml_mark_t *at)
{
	rf_yaml_error_at(tree->diagnostics, tree->yaml, at->line + 1, at->column + 1, 0, "too-large",
			 "more than %d values (an alias counts as all that it stands for); this can't be meant",
			 RF_YAML_MOST_NODES);
	return RF_YAML_BROKEN;
}

static struct rf_yaml_node *node_new(struct tree *tree, enum rf_yaml_kind kind)
{
	struct rf_yaml *yaml = tree->yaml;
	struct rf_yaml_node *node = rf_alloc(sizeof(*node));
	node->file = yaml;
	node->kind = kind;
	if ((yaml->n_nodes & (yaml->n_nodes - 1)) == 0)
		yaml->nodes =
		    rf_realloc_array(yaml->nodes, yaml->n_nodes ? yaml->n_nodes * 2 : 1, sizeof(struct rf_yaml_node *));
	yaml->nodes[yaml->n_nodes++] = node;
	return node;
}

static struct rf_yaml_node *node_at(struct tree *tree, enum rf_yaml_kind kind, const yaml_event_t *event)
{
	struct rf_yaml_node *node = node_new(tree, kind);
	node->line = event->start_mark.line + 1;
	node->column = event->start_mark.column + 1;
	if (kind == RF_YAML_SCALAR && event->end_mark.line == event->start_mark.line)
		node->length = event->end_mark.column - event->start_mark.column;
	return node;
}

static void remember_anchor(struct tree *tree, const yaml_char_t *name, struct rf_yaml_node *node)
{
	if (!name)
		return;
	tree->anchors = rf_realloc_array(tree->anchors, tree->n_anchors + 1, sizeof(*tree->anchors));
	tree->anchors[tree->n_anchors++] = (struct anchor){rf_strdup((const char *)name), node};
}

static int refuse(struct tree *tree, const yaml_event_t *event, const char *code, const char *text)
{
	rf_yaml_error_at(tree->diagnostics, tree->yaml, event->start_mark.line + 1, event->start_mark.column + 1, 0,
			 code, "%s", text);
	return RF_YAML_BROKEN;
}

static int take_key(struct tree *tree, struct frame *map, struct rf_yaml_node *node, const yaml_event_t *event)
{
	if (node->kind != RF_YAML_SCALAR || event->type == YAML_ALIAS_EVENT)
		return refuse(tree, event, "key", "a key is a plain word, not a list, a map or an alias");
	if (strcmp(node->text, "<<") == 0 && node->plain)
		return refuse(tree, event, "merge-key",
			      "merge keys ('<<') are not read; write the entries out, or use an alias for a whole "
			      "value");
	const struct rf_yaml_node *before = rf_yaml_get(map->node, node->text);
	map->key = node;
	map->dropped = before != NULL;
	if (before)
		rf_yaml_error(tree->diagnostics, node, "duplicate-key", "'%s' stands here already, in line %zu",
			      node->text, before->key->line);
	return 0;
}

/* Puts the node where the parser stands: as the root, an entry of the open list, or key or value of the open map. */
static int place(struct tree *tree, struct rf_yaml_node *node, const yaml_event_t *event)
{
	if (!tree->depth) {
		tree->yaml->root = node;
		return 0;
	}
	struct frame *frame = &tree->open[tree->depth - 1];
	if (frame->node->kind == RF_YAML_MAP) {
		if (!frame->key)
			return take_key(tree, frame, node, event);
		node->key = rf_steal(frame->key);
		if (frame->dropped)
			return 0;
	}
	if (frame->last)
		frame->last->next = node;
	else
		frame->node->first = node;
	frame->last = node;
	frame->node->n++;
	return 0;
}

/* ---- events ---------------------------------------------------------------------------------------------------- */

static int add_scalar(struct tree *tree, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t size = event->data.scalar.length;
	const char *tag = (const char *)event->data.scalar.tag;
	struct rf_yaml_node *node = node_at(tree, RF_YAML_SCALAR, event);
	node->text = rf_strndup(text, size);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (strlen(node->text) != size)
		rf_yaml_error(tree->diagnostics, node, "nul", "\\0 can't stand in a text");
	if (tag && strcmp(tag, "!secret") == 0)
		node->secret = true;
	else if (tag)
		rf_yaml_error(tree->diagnostics, node, "unknown-tag", "unknown tag '%s'; the only one is !secret NAME",
			      tag);
	remember_anchor(tree, event->data.scalar.anchor, node);
	return place(tree, node, event);
}

static int open_collection(struct tree *tree, enum rf_yaml_kind kind, const yaml_event_t *event)
{
	bool list = kind == RF_YAML_LIST;
	const char *tag = (const char *)(list ? event->data.sequence_start.tag : event->data.mapping_start.tag);
	struct rf_yaml_node *node = node_at(tree, kind, event);
	if (tag)
		rf_yaml_error(tree->diagnostics, node, "unknown-tag",
			      "tag '%s' can't stand before a list or map; the only tag is !secret NAME", tag);
	remember_anchor(tree, list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor, node);
	int status = place(tree, node, event);
	if (status)
		return status;
	if (tree->depth == RF_YAML_MOST_DEPTH)
		return refuse(tree, event, "too-deep", "lists and maps are nested more than 32 deep");
	tree->open[tree->depth++] = (struct frame){.node = node};
	return 0;
}

/* What an alias stands for is copied, so that the tree is one, and each copy counts. Recursion ends at the depth that
 * the tree may have. */
static int copy(struct tree *tree, const struct rf_yaml_node *from, size_t depth, const yaml_event_t *event,
		struct rf_yaml_node **to)
{
	if (depth > RF_YAML_MOST_DEPTH)
		return refuse(tree, event, "too-deep", "lists and maps are nested more than 32 deep");
	if (tree->yaml->n_nodes >= RF_YAML_MOST_NODES)
		return too_many_nodes(tree, &event->start_mark);
	struct rf_yaml_node *node = node_new(tree, from->kind);
	*node = *from;
	node->text = rf_strdup(from->text);
	node->first = node->next = NULL;
	struct rf_yaml_node **end = &node->first;
	for (const struct rf_yaml_node *child = from->first; child; child = child->next) {
		int status = copy(tree, child, depth + 1, event, end);
		if (status)
			return status;
		end = &(*end)->next;
	}
	*to = node;
	return 0;
}

static int add_alias(struct tree *tree, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct rf_yaml_node *target = NULL;
	for (size_t i = tree->n_anchors; i > 0 && !target; i--)
		if (strcmp(tree->anchors[i - 1].name, name) == 0)
			target = tree->anchors[i - 1].node;
	if (!target)
		return refuse(tree, event, "alias", "this alias stands for nothing: no anchor of that name before it");
	for (size_t i = 0; i < tree->depth; i++)
		if (tree->open[i].node == target)
			return refuse(tree, event, "alias", "this alias stands inside of what it stands for");
	struct rf_yaml_node *node = NULL;
	int status = copy(tree, target, tree->depth, event, &node);
	if (status)
		return status;
	node->key = NULL;
	return place(tree, node, event);
}

static int begin_document(struct tree *tree, const yaml_event_t *event)
{
	if (tree->n_documents++)
		return refuse(tree, event, "several-documents",
			      "a second document starts here; write one per file, without '---' between");
	return 0;
}

static int take_event(struct tree *tree, const yaml_event_t *event)
{
	if (tree->yaml->n_nodes >= RF_YAML_MOST_NODES)
		return too_many_nodes(tree, &event->start_mark);
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(tree, event);
	case YAML_SCALAR_EVENT:
		return add_scalar(tree, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_collection(tree, RF_YAML_LIST, event);
	case YAML_MAPPING_START_EVENT:
		return open_collection(tree, RF_YAML_MAP, event);
	case YAML_ALIAS_EVENT:
		return add_alias(tree, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		tree->depth--;
		return 0;
	default:
		return 0;
	}
}

/* ---- the parser's own mistakes ---------------------------------------------------------------------------------- */

/* What libyaml says, and what it means for a person. */
static const struct {
	const char *problem;
	const char *words;
} problems[] = {
    {"mapping values are not allowed in this context",
     "a ':' can't stand here; is the indentation right? A text with ': ' inside stands in quotation marks"},
    {"did not find expected key",
     "a key was expected here; is the line indented as those above, and are all quotation marks and brackets closed?"},
    {"could not find expected ':'", "a ':' is missing behind a key"},
    {"did not find expected '-' indicator", "'- ' was expected here: the list above is not finished, or the "
					    "indentation differs"},
    {"block sequence entries are not allowed in this context", "'- ' can't stand here; start the list in a line of "
							       "its own"},
    {"did not find expected ',' or ']'", "',' or ']' was expected: a list that starts with '[' is not closed"},
    {"did not find expected ',' or '}'", "',' or '}' was expected: a map that starts with '{' is not closed"},
    {"found character that cannot start any token", "a value can't start with this character; put the value in "
						    "quotation marks"},
    {"found unexpected end of stream", "the file ends before the quotation mark that closes this text"},
    {"found undefined tag handle", "unknown tag; the only one is !secret NAME"},
    {"found unknown escape character", "unknown escape; inside of \"…\" a backslash is written \\\\"},
    {"control characters are not allowed", "a control character stands here"},
};

static const char *in_words(const char *problem)
{
	for (size_t i = 0; i < RF_COUNT(problems); i++)
		if (strcmp(problems[i].problem, problem) == 0)
			return problems[i].words;
	return problem;
}

static int syntax_error(struct tree *tree)
{
	const yaml_parser_t *parser = &tree->parser;
	const char *problem = parser->problem ? parser->problem : "not YAML";
	size_t line = parser->problem_mark.line + 1;
	size_t column = parser->problem_mark.column + 1;
	if (parser->error == YAML_READER_ERROR)
		rf_yaml_find_place(tree->yaml, parser->problem_offset, &line, &column);
	/* An unclosed text is shown where it starts: the end of the file helps nobody. */
	if (parser->context && strcmp(problem, "found unexpected end of stream") == 0) {
		line = parser->context_mark.line + 1;
		column = parser->context_mark.column + 1;
	}
	bool tab = strcmp(problem, "found character that cannot start any token") == 0 &&
		   rf_yaml_character(tree->yaml, line, column)[0] == '\t';
	rf_yaml_error_at(tree->diagnostics, tree->yaml, line, column, 0, tab ? "tab" : "yaml", "%s",
			 tab ? "a tab stands here; YAML takes spaces only" : in_words(problem));
	return RF_YAML_BROKEN;
}

static int parse(struct tree *tree)
{
	yaml_parser_set_encoding(&tree->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&tree->parser, (const unsigned char *)tree->yaml->text, tree->yaml->size);
	for (bool ended = false; !ended;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&tree->parser, &event))
			return syntax_error(tree);
		int status = take_event(tree, &event);
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
		if (status)
			return status;
	}
	if (tree->yaml->root)
		return 0;
	rf_yaml_error_at(tree->diagnostics, tree->yaml, 0, 0, 0, "empty", "the file is empty");
	return RF_YAML_BROKEN;
}

static int build(struct rf_yaml *yaml, struct rf_diagnostics *diagnostics, struct rf_error *error)
{
	struct tree tree = {.yaml = yaml, .diagnostics = diagnostics};
	if (!yaml_parser_initialize(&tree.parser))
		return rf_error_set(error, "%s: no memory for the YAML parser", yaml->path);
	int status = parse(&tree);
	yaml_parser_delete(&tree.parser);
	for (size_t i = 0; i < tree.n_anchors; i++)
		free(tree.anchors[i].name);
	free(tree.anchors);
	return status;
}

/* ---- files ----------------------------------------------------------------------------------------------------- */

static void drop_byte_order_mark(struct rf_yaml *yaml)
{
	if (yaml->size < 3 || memcmp(yaml->text, "\xef\xbb\xbf", 3) != 0)
		return;
	yaml->size -= 3;
	memmove(yaml->text, yaml->text + 3, yaml->size + 1);
}

static int read_whole(struct rf_yaml *yaml, const char *from, struct rf_diagnostics *diagnostics,
		      struct rf_error *error)
{
	int status = rf_file_read(from, RF_YAML_MOST_BYTES, &yaml->text, &yaml->size, error);
	if (status == RF_FILE_MISSING)
		return RF_YAML_MISSING;
	if (status == RF_FILE_TOO_LARGE) {
		rf_yaml_error_at(diagnostics, yaml, 0, 0, 0, "too-large", "the file is larger than 1 MiB");
		return RF_YAML_BROKEN;
	}
	if (status < 0)
		return status;
	drop_byte_order_mark(yaml);
	rf_yaml_find_lines(yaml);
	status = rf_yaml_check_text(yaml, diagnostics);
	return status ? status : build(yaml, diagnostics, error);
}

int rf_yaml_read_copy(const char *path, const char *copy, struct rf_diagnostics *diagnostics, struct rf_yaml **yaml,
		      struct rf_error *error)
{
	struct rf_yaml *read = rf_alloc(sizeof(*read));
	read->path = rf_strdup(path);
	int status = read_whole(read, copy ? copy : path, diagnostics, error);
	if (status)
		rf_yaml_free(read);
	else
		*yaml = read;
	return status;
}

int rf_yaml_read(const char *path, struct rf_diagnostics *diagnostics, struct rf_yaml **yaml, struct rf_error *error)
{
	return rf_yaml_read_copy(path, NULL, diagnostics, yaml, error);
}

void rf_yaml_free(struct rf_yaml *yaml)
{
	if (!yaml)
		return;
	for (size_t i = 0; i < yaml->n_nodes; i++) {
		free(yaml->nodes[i]->text);
		free(yaml->nodes[i]);
	}
	free(yaml->nodes);
	free(yaml->lines);
	free(yaml->text);
	free(yaml->path);
	free(yaml);
}

/* ---- reading the tree ------------------------------------------------------------------------------------------- */

const struct rf_yaml_node *rf_yaml_get(const struct rf_yaml_node *map, const char *key)
{
	if (map->kind != RF_YAML_MAP)
		return NULL;
	const struct rf_yaml_node *node = map->first;
	while (node && strcmp(node->key->text, key) != 0)
		node = node->next;
	return node;
}

const char *rf_yaml_kind_name(const struct rf_yaml_node *node)
{
	static const char *const names[] = {"a text", "a list", "a map"};
	return rf_yaml_is_empty(node) ? "nothing" : names[node->kind];
}

bool rf_yaml_is_empty(const struct rf_yaml_node *node)
{
	return node->kind == RF_YAML_SCALAR && node->plain && !node->secret && !*node->text;
}
