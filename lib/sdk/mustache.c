/* The renderer: walks a template's nodes with a stack of contexts. */
#include <referat/mustache.h>

#include "mustache_tree.h"

#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MOST = 64, OUTPUT_MOST = 64 * 1024 * 1024, STEPS_MOST = 50 * 1000 * 1000 };

struct partial { /* one that was read, for the next time it is asked for */
	struct partial *next;
	char *name;
	struct slice indent;
	char *text; /* with the indent before its lines */
	struct tree tree;
};

struct renderer {
	struct json_object *stack[LEVELS_MOST + 1];
	size_t depth;  /* of the stack */
	size_t levels; /* of sections and partials */
	size_t steps;
	char *out;
	size_t size, capacity;
	referat_partial partial;
	void *partial_context;
	struct partial *partials;
	struct problem problem;
};

/* ---- output ------------------------------------------------------------------------------------------------------ */

static bool write_out(struct renderer *renderer, const char *text, size_t size)
{
	if (size > OUTPUT_MOST - renderer->size)
		return problem_set(&renderer->problem, "the output is longer than 64 MiB");
	if (renderer->size + size + 1 > renderer->capacity) {
		renderer->capacity = (renderer->size + size + 1) * 2;
		renderer->out = rf_sdk_realloc(renderer->out, renderer->capacity);
	}
	memcpy(renderer->out + renderer->size, text, size);
	renderer->size += size;
	return true;
}

static bool write_escaped(struct renderer *renderer, const char *text, size_t size)
{
	const char *end = text + size;
	while (text < end) {
		size_t plain = strcspn(text, "&<>\"'");
		if (plain > (size_t)(end - text))
			plain = (size_t)(end - text);
		if (!write_out(renderer, text, plain))
			return false;
		text += plain;
		if (text == end)
			return true;
		const char *escape = *text == '&'   ? "&amp;"
				     : *text == '<' ? "&lt;"
				     : *text == '>' ? "&gt;"
				     : *text == '"' ? "&quot;"
				     : *text        ? "&#39;"
						    : "";
		if (!write_out(renderer, escape, strlen(escape)))
			return false;
		text++;
	}
	return true;
}

/* ---- contexts ---------------------------------------------------------------------------------------------------- */

/* The value of one key of an object, whose name is a slice. False: it has no such key. */
static bool get(struct json_object *object, struct slice name, struct json_object **value)
{
	char key[256];
	if (!json_object_is_type(object, json_type_object) || name.size >= sizeof key)
		return false;
	memcpy(key, name.text, name.size);
	key[name.size] = '\0';
	return json_object_object_get_ex(object, key, value);
}

static struct slice take_step(struct slice *rest)
{
	const char *dot = memchr(rest->text, '.', rest->size);
	size_t size = dot ? (size_t)(dot - rest->text) : rest->size;
	struct slice step = {rest->text, size};
	size_t used = dot ? size + 1 : size;
	*rest = (struct slice){rest->text + used, rest->size - used};
	return step;
}

/* The first step of a dotted name is looked for in all contexts, from the innermost; the others in what it gave. */
static struct json_object *look_up(const struct renderer *renderer, struct slice name)
{
	if (name.size == 1 && name.text[0] == '.')
		return renderer->stack[renderer->depth - 1];
	struct slice rest = name;
	struct slice step = take_step(&rest);
	struct json_object *value = NULL;
	bool found = false;
	for (size_t i = renderer->depth; i > 0 && !found; i--)
		found = get(renderer->stack[i - 1], step, &value);
	while (found && rest.size) {
		step = take_step(&rest);
		struct json_object *inner = NULL;
		found = get(value, step, &inner);
		value = inner;
	}
	return found ? value : NULL;
}

static bool is_true(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return false;
	case json_type_boolean:
		return json_object_get_boolean(value);
	case json_type_string:
		return json_object_get_string_len(value) > 0;
	case json_type_array:
		return json_object_array_length(value) > 0;
	default:
		return true;
	}
}

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

static bool render_nodes(struct renderer *renderer, const struct tree *tree, size_t from, size_t to);

static bool render_value(struct renderer *renderer, const struct node *node)
{
	struct json_object *value = look_up(renderer, node->text);
	enum json_type type = json_object_get_type(value);
	if (type == json_type_null || type == json_type_object || type == json_type_array)
		return true;
	const char *text = json_object_get_string(value);
	size_t size = type == json_type_string ? (size_t)json_object_get_string_len(value) : strlen(text);
	return node->kind == NODE_RAW ? write_out(renderer, text, size) : write_escaped(renderer, text, size);
}

static bool enter(struct renderer *renderer)
{
	if (renderer->levels == LEVELS_MOST)
		return problem_set(&renderer->problem, "more than %d sections and partials in each other", LEVELS_MOST);
	renderer->levels++;
	return true;
}

static bool render_with(struct renderer *renderer, struct json_object *context, const struct tree *tree, size_t from,
			size_t to)
{
	renderer->stack[renderer->depth++] = context;
	bool good = render_nodes(renderer, tree, from, to);
	renderer->depth--;
	return good;
}

static bool render_section(struct renderer *renderer, const struct tree *tree, size_t at)
{
	const struct node *node = &tree->nodes[at];
	struct json_object *value = look_up(renderer, node->text);
	if (is_true(value) == (node->kind == NODE_INVERTED))
		return true;
	if (!enter(renderer))
		return false;
	bool good = true;
	if (node->kind == NODE_INVERTED) {
		good = render_nodes(renderer, tree, at + 1, node->end);
	} else if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);
		for (size_t i = 0; i < n && good; i++)
			good = render_with(renderer, json_object_array_get_idx(value, i), tree, at + 1, node->end);
	} else {
		good = render_with(renderer, value, tree, at + 1, node->end);
	}
	renderer->levels--;
	return good;
}

/* The partial's text with the indent before each of its lines. The caller frees. */
static char *indented(const char *text, struct slice indent)
{
	size_t lines = 1;
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	char *out = rf_sdk_realloc(NULL, strlen(text) + lines * indent.size + 1);
	char *to = out;
	bool at_start = true;
	for (; *text; text++) {
		if (at_start && indent.size) {
			memcpy(to, indent.text, indent.size);
			to += indent.size;
		}
		at_start = *text == '\n';
		*to++ = *text;
	}
	*to = '\0';
	return out;
}

static bool same(struct slice a, struct slice b)
{
	return a.size == b.size && memcmp(a.text, b.text, a.size) == 0;
}

/* *partial is NULL where there is no such partial: it is rendered as nothing. */
static bool find_partial(struct renderer *renderer, const struct node *node, const struct partial **partial)
{
	for (struct partial *known = renderer->partials; known; known = known->next) {
		if (same((struct slice){known->name, strlen(known->name)}, node->text) &&
		    same(known->indent, node->indent)) {
			*partial = known;
			return true;
		}
	}
	char *name = strndup(node->text.text, node->text.size);
	const char *text = renderer->partial && name ? renderer->partial(renderer->partial_context, name) : NULL;
	if (!text) {
		free(name);
		*partial = NULL;
		return true;
	}
	struct partial read = {.next = renderer->partials, .name = name, .indent = node->indent};
	read.text = indented(text, node->indent);
	char problem[512];
	const struct problem inner = {problem, sizeof problem};
	if (!rf_tree_parse(read.text, &read.tree, &inner)) {
		rf_problem_write(&renderer->problem, "partial '%s': %s", name, problem);
		free(read.text);
		free(name);
		return false;
	}
	renderer->partials = rf_sdk_realloc(NULL, sizeof read);
	*renderer->partials = read;
	*partial = renderer->partials;
	return true;
}

static bool render_partial(struct renderer *renderer, const struct node *node)
{
	const struct partial *partial = NULL;
	if (!find_partial(renderer, node, &partial))
		return false;
	if (!partial)
		return true;
	if (!enter(renderer))
		return false;
	bool good = render_nodes(renderer, &partial->tree, 0, partial->tree.n);
	renderer->levels--;
	return good;
}

static bool render_nodes(struct renderer *renderer, const struct tree *tree, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct node *node = &tree->nodes[i];
		if (++renderer->steps > STEPS_MOST)
			return problem_set(&renderer->problem, "the template takes too many steps");
		bool good = true;
		switch (node->kind) {
		case NODE_TEXT:
			good = write_out(renderer, node->text.text, node->text.size);
			break;
		case NODE_ESCAPED:
		case NODE_RAW:
			good = render_value(renderer, node);
			break;
		case NODE_SECTION:
		case NODE_INVERTED:
			good = render_section(renderer, tree, i);
			i = node->end - 1;
			break;
		case NODE_PARTIAL:
			good = render_partial(renderer, node);
			break;
		}
		if (!good)
			return false;
	}
	return true;
}

static void free_partials(struct partial *partials)
{
	while (partials) {
		struct partial *next = partials->next;
		rf_tree_deinit(&partials->tree);
		free(partials->text);
		free(partials->name);
		free(partials);
		partials = next;
	}
}

char *referat_mustache(const char *template_text, struct json_object *context, referat_partial partial,
		       void *partial_context, char *problem, size_t problem_size)
{
	struct renderer renderer = {.stack = {context},
				    .depth = 1,
				    .partial = partial,
				    .partial_context = partial_context,
				    .problem = {problem, problem_size}};
	struct tree tree;
	if (problem && problem_size)
		problem[0] = '\0';
	if (!rf_tree_parse(template_text, &tree, &renderer.problem))
		return NULL;
	bool good = render_nodes(&renderer, &tree, 0, tree.n) && write_out(&renderer, "", 1);
	rf_tree_deinit(&tree);
	free_partials(renderer.partials);
	if (good)
		return renderer.out;
	free(renderer.out);
	return NULL;
}
