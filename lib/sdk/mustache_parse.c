/* The parser: finds tags, and which of them stand alone on their line. */
#include "mustache_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MOST = 64 };

struct parser {
	const char *text; /* the whole template */
	const char *at;   /* what comes next */
	const char *end;
	struct slice open, close; /* delimiters */
	struct tree *tree;
	size_t sections[LEVELS_MOST]; /* those that are open: their nodes */
	const char *section_tags[LEVELS_MOST];
	size_t n_sections;
	const struct problem *problem;
};

struct tag {
	const char *start, *end; /* with the delimiters */
	char kind;               /* # ^ / > & { ! =, or 0 for a plain name */
	struct slice content;    /* without white space at its ends */
};

void *rf_sdk_realloc(void *memory, size_t size)
{
	void *grown = realloc(memory, size);
	if (!grown) {
		fputs("referat: out of memory\n", stderr);
		abort();
	}
	return grown;
}

void rf_problem_write(const struct problem *problem, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (problem->text)
		vsnprintf(problem->text, problem->size, format, args);
	va_end(args);
}

static size_t line_of(const struct parser *parser, const char *place)
{
	size_t line = 1;
	for (const char *c = parser->text; c < place; c++)
		line += *c == '\n';
	return line;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct slice trim(const char *start, const char *end)
{
	while (start < end && is_space(*start))
		start++;
	while (start < end && is_space(end[-1]))
		end--;
	return (struct slice){start, (size_t)(end - start)};
}

/* The first place from `at` where the slice stands; NULL: nowhere. */
static const char *find(const struct parser *parser, const char *at, struct slice what)
{
	return memmem(at, (size_t)(parser->end - at), what.text, what.size);
}

static struct node *add_node(struct parser *parser, enum node_kind kind, struct slice text)
{
	struct tree *tree = parser->tree;
	if (tree->n == tree->capacity) {
		tree->capacity = tree->capacity ? tree->capacity * 2 : 32;
		tree->nodes = rf_sdk_realloc(tree->nodes, tree->capacity * sizeof *tree->nodes);
	}
	tree->nodes[tree->n] = (struct node){.kind = kind, .text = text};
	return &tree->nodes[tree->n++];
}

static void add_text(struct parser *parser, const char *end)
{
	if (end > parser->at)
		add_node(parser, NODE_TEXT, (struct slice){parser->at, (size_t)(end - parser->at)});
}

/* ---- tags -------------------------------------------------------------------------------------------------------- */

/* Reads the tag that starts at the opening delimiter. */
static bool read_tag(struct parser *parser, const char *start, struct tag *tag)
{
	const char *inside = start + parser->open.size;
	char kind = inside < parser->end && strchr("#^/>&{!=", *inside) ? *inside : '\0';
	if (kind)
		inside++;
	const char *end = find(parser, inside, parser->close);
	/* "}" and "=" belong to the closing delimiter: in "{{{a}}}" the first "}}" is one place too early. */
	char twin = (char)(kind == '{' ? '}' : kind == '=' ? '=' : '\0');
	if (end && kind == '{' && parser->close.text[0] == '}' && end + parser->close.size < parser->end &&
	    end[parser->close.size] == '}')
		end++;
	if (!end)
		return problem_set(parser->problem, "line %zu: this tag has no end; expected '%.*s'",
				   line_of(parser, start), (int)parser->close.size, parser->close.text);
	const char *content_end = end;
	if (twin) {
		if (content_end == inside || content_end[-1] != twin)
			return problem_set(parser->problem, "line %zu: expected '%c' before '%.*s'",
					   line_of(parser, start), twin, (int)parser->close.size, parser->close.text);
		content_end--;
	}
	*tag = (struct tag){start, end + parser->close.size, kind, trim(inside, content_end)};
	return true;
}

static bool check_name(struct parser *parser, const struct tag *tag)
{
	if (!tag->content.size)
		return problem_set(parser->problem, "line %zu: this tag has no name", line_of(parser, tag->start));
	for (size_t i = 0; i < tag->content.size; i++)
		if (is_space(tag->content.text[i]))
			return problem_set(parser->problem, "line %zu: a name has no white space: '%.*s'",
					   line_of(parser, tag->start), (int)tag->content.size, tag->content.text);
	return true;
}

static bool open_section(struct parser *parser, const struct tag *tag)
{
	if (parser->n_sections == LEVELS_MOST)
		return problem_set(parser->problem, "line %zu: more than %d sections in each other",
				   line_of(parser, tag->start), LEVELS_MOST);
	parser->section_tags[parser->n_sections] = tag->start;
	parser->sections[parser->n_sections++] = parser->tree->n;
	add_node(parser, tag->kind == '#' ? NODE_SECTION : NODE_INVERTED, tag->content);
	return true;
}

static bool close_section(struct parser *parser, const struct tag *tag)
{
	if (!parser->n_sections)
		return problem_set(parser->problem, "line %zu: '%.*s' is closed here and was not opened",
				   line_of(parser, tag->start), (int)tag->content.size, tag->content.text);
	struct node *section = &parser->tree->nodes[parser->sections[parser->n_sections - 1]];
	if (section->text.size != tag->content.size ||
	    memcmp(section->text.text, tag->content.text, tag->content.size) != 0)
		return problem_set(parser->problem, "line %zu: '%.*s' is closed here; expected '%.*s'",
				   line_of(parser, tag->start), (int)tag->content.size, tag->content.text,
				   (int)section->text.size, section->text.text);
	section->end = parser->tree->n;
	parser->n_sections--;
	return true;
}

/* "=<% %>=" */
static bool set_delimiters(struct parser *parser, const struct tag *tag)
{
	const char *end = tag->content.text + tag->content.size;
	const char *gap = tag->content.text;
	while (gap < end && !is_space(*gap))
		gap++;
	struct slice open = {tag->content.text, (size_t)(gap - tag->content.text)};
	struct slice close = trim(gap, end);
	if (!open.size || !close.size || memchr(tag->content.text, '=', tag->content.size))
		return problem_set(parser->problem, "line %zu: expected two delimiters, as in {{=<%% %%>=}}",
				   line_of(parser, tag->start));
	parser->open = open;
	parser->close = close;
	return true;
}

/* ---- tags that stand alone --------------------------------------------------------------------------------------- */

/* Whether nothing but the tag stands on its line. Then *line is where the line starts and *next where the next does. */
static bool stands_alone(const struct parser *parser, const struct tag *tag, const char **line, const char **next)
{
	if (!tag->kind || strchr("&{", tag->kind))
		return false;
	const char *start = tag->start;
	while (start > parser->at && (start[-1] == ' ' || start[-1] == '\t'))
		start--;
	if (start > parser->text && start[-1] != '\n')
		return false;
	const char *end = tag->end;
	while (end < parser->end && (*end == ' ' || *end == '\t'))
		end++;
	if (end + 1 < parser->end && end[0] == '\r' && end[1] == '\n')
		end++;
	if (end < parser->end && *end != '\n')
		return false;
	*line = start;
	*next = end < parser->end ? end + 1 : end;
	return true;
}

static bool take_tag(struct parser *parser, const struct tag *tag, struct slice indent)
{
	if (tag->kind == '!')
		return true;
	if (tag->kind == '=')
		return set_delimiters(parser, tag);
	if (!check_name(parser, tag))
		return false;
	switch (tag->kind) {
	case '#':
	case '^':
		return open_section(parser, tag);
	case '/':
		return close_section(parser, tag);
	case '>':
		add_node(parser, NODE_PARTIAL, tag->content)->indent = indent;
		return true;
	default:
		add_node(parser, tag->kind ? NODE_RAW : NODE_ESCAPED, tag->content);
		return true;
	}
}

static bool parse(struct parser *parser)
{
	const char *start = NULL;
	while ((start = find(parser, parser->at, parser->open))) {
		struct tag tag = {0};
		if (!read_tag(parser, start, &tag))
			return false;
		const char *text_end = tag.start;
		const char *next = tag.end;
		struct slice indent = {"", 0};
		if (stands_alone(parser, &tag, &text_end, &next))
			indent = (struct slice){text_end, (size_t)(tag.start - text_end)};
		add_text(parser, text_end);
		parser->at = next;
		if (!take_tag(parser, &tag, indent))
			return false;
	}
	add_text(parser, parser->end);
	if (!parser->n_sections)
		return true;
	const struct node *section = &parser->tree->nodes[parser->sections[parser->n_sections - 1]];
	return problem_set(parser->problem, "line %zu: section '%.*s' is not closed",
			   line_of(parser, parser->section_tags[parser->n_sections - 1]), (int)section->text.size,
			   section->text.text);
}

bool rf_tree_parse(const char *text, struct tree *tree, const struct problem *problem)
{
	struct tree read = {0};
	struct parser parser = {.text = text,
				.at = text,
				.end = text + strlen(text),
				.open = {"{{", 2},
				.close = {"}}", 2},
				.tree = &read,
				.problem = problem};
	if (!parse(&parser)) {
		rf_tree_deinit(&read);
		return false;
	}
	*tree = read;
	return true;
}

void rf_tree_deinit(struct tree *tree)
{
	free(tree->nodes);
	*tree = (struct tree){0};
}
