/* Running text for templates: a flat list of blocks becomes paragraphs, nested lists and tables, whose text is
 * segments.
 */
#include <referat/view.h>

#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { EDGES_MOST = 512, LEVELS_MOST = 6 };

struct cuts {
	const struct referat_cut *list;
	size_t n;
	size_t block; /* which of them apply */
};

bool referat_is_link(const char *address)
{
	if (!address || (strncmp(address, "https://", 8) != 0 && strncmp(address, "http://", 7) != 0 &&
			 strncmp(address, "mailto:", 7) != 0 && strncmp(address, "tel:", 4) != 0))
		return false;
	for (const unsigned char *c = (const unsigned char *)address; *c; c++)
		if (*c <= ' ' || *c == 0x7f || strchr("<>\"\\^`{|}", *c))
			return false;
	return true;
}

/* ---- segments ---------------------------------------------------------------------------------------------------- */

/* Back to the first byte of the character that the offset points into. */
static size_t at_character(const char *text, size_t length, size_t offset)
{
	if (offset >= length)
		return length;
	while (offset && ((unsigned char)text[offset] & 0xc0) == 0x80)
		offset--;
	return offset;
}

static int compare_sizes(const void *a, const void *b)
{
	size_t x = *(const size_t *)a;
	size_t y = *(const size_t *)b;
	return (x > y) - (x < y);
}

/* Every place where something starts or ends, in order; both ends of the text are among them. */
static size_t find_edges(const Referat__Block *block, size_t length, const struct cuts *cuts, size_t edges[EDGES_MOST])
{
	size_t n = 0;
	edges[n++] = 0;
	edges[n++] = length;
	for (size_t i = 0; i < block->n_spans && n + 2 < EDGES_MOST; i++) {
		edges[n++] = at_character(block->text, length, block->spans[i]->start);
		edges[n++] = at_character(block->text, length, block->spans[i]->end);
	}
	for (size_t i = 0; i < cuts->n && n + 2 < EDGES_MOST; i++) {
		if (cuts->list[i].block != cuts->block)
			continue;
		edges[n++] = at_character(block->text, length, cuts->list[i].start);
		edges[n++] = at_character(block->text, length, cuts->list[i].end);
	}
	qsort(edges, n, sizeof *edges, compare_sizes);
	return n;
}

static bool is_cut(const struct cuts *cuts, size_t at)
{
	for (size_t i = 0; i < cuts->n; i++)
		if (cuts->list[i].block == cuts->block && cuts->list[i].start <= at && at < cuts->list[i].end)
			return true;
	return false;
}

static struct json_object *segment_new(const Referat__Block *block, size_t start, size_t end)
{
	struct json_object *segment = json_object_new_object();
	const char *href = NULL;
	bool strong = false;
	bool emphasis = false;
	for (size_t i = 0; i < block->n_spans; i++) {
		const Referat__Span *span = block->spans[i];
		if (span->start > start || span->end <= start)
			continue;
		if (span->kind == REFERAT__SPAN_KIND__LINK && referat_is_link(span->href))
			href = span->href;
		strong |= span->kind == REFERAT__SPAN_KIND__STRONG;
		emphasis |= span->kind == REFERAT__SPAN_KIND__EMPHASIS;
	}
	json_object_object_add(segment, "text", json_object_new_string_len(block->text + start, (int)(end - start)));
	referat_put(segment, "href", href);
	json_object_object_add(segment, "strong", json_object_new_boolean(strong));
	json_object_object_add(segment, "emphasis", json_object_new_boolean(emphasis));
	return segment;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* The block's text as segments, without what is cut and without blanks at both ends; NULL when nothing is left. */
static struct json_object *segments_of(const Referat__Block *block, const struct cuts *cuts)
{
	if (!block->text)
		return NULL;
	size_t length = strlen(block->text);
	size_t edges[EDGES_MOST];
	size_t n = find_edges(block, length, cuts, edges);
	struct json_object *segments = json_object_new_array();
	for (size_t i = 0; i + 1 < n; i++) {
		size_t start = edges[i];
		size_t end = edges[i + 1];
		if (start == end || is_cut(cuts, start))
			continue;
		if (!json_object_array_length(segments))
			while (start < end && is_blank(block->text[start]))
				start++;
		bool last = end == length || (i + 2 < n && edges[i + 2] == length && is_cut(cuts, end));
		while (last && start < end && is_blank(block->text[end - 1]))
			end--;
		if (start < end)
			json_object_array_add(segments, segment_new(block, start, end));
	}
	if (json_object_array_length(segments))
		return segments;
	json_object_put(segments);
	return NULL;
}

/* ---- lists and tables -------------------------------------------------------------------------------------------- */

struct builder {
	struct json_object *out;
	struct json_object *lists[LEVELS_MOST]; /* entries of the open list of each level; borrowed */
	bool ordered[LEVELS_MOST];
	size_t depth;
	struct json_object *rows; /* of the open table; borrowed */
};

/* A heading that nothing stands under (its text was cut) is no heading. */
static void drop_bare_heading(struct builder *builder)
{
	size_t n = json_object_array_length(builder->out);
	if (n && json_object_object_get_ex(json_object_array_get_idx(builder->out, n - 1), "subheading", NULL))
		json_object_array_del_idx(builder->out, n - 1, 1);
}

static void close_groups(struct builder *builder)
{
	builder->depth = 0;
	builder->rows = NULL;
}

/* Opens a list on the next level: in the document, or under the last entry of the level above. */
static void open_list(struct builder *builder, bool ordered)
{
	struct json_object *list = json_object_new_object();
	struct json_object *entries = json_object_new_array();
	json_object_object_add(list, "ordered", json_object_new_boolean(ordered));
	json_object_object_add(list, "entries", entries);
	if (builder->depth) {
		struct json_object *above = builder->lists[builder->depth - 1];
		struct json_object *entry = json_object_array_get_idx(above, json_object_array_length(above) - 1);
		json_object_object_add(entry, "list", list);
	} else {
		struct json_object *holder = json_object_new_object();
		json_object_object_add(holder, "list", list);
		json_object_array_add(builder->out, holder);
	}
	builder->lists[builder->depth] = entries;
	builder->ordered[builder->depth] = ordered;
	builder->depth++;
}

static void add_entry(struct builder *builder, const Referat__Block *block, struct json_object *segments)
{
	bool ordered = block->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM;
	size_t level = block->level < 1 ? 1 : block->level;
	if (level > builder->depth + 1)
		level = builder->depth + 1; /* a level was skipped */
	if (level > LEVELS_MOST)
		level = LEVELS_MOST;
	builder->rows = NULL;
	if (builder->depth > level)
		builder->depth = level;
	if (builder->depth == level && builder->ordered[level - 1] != ordered)
		builder->depth = level - 1;
	if (builder->depth < level)
		open_list(builder, ordered);
	struct json_object *entry = json_object_new_object();
	json_object_object_add(entry, "segments", segments);
	json_object_object_add(entry, "list", json_object_new_boolean(0));
	json_object_array_add(builder->lists[level - 1], entry);
}

static struct json_object *cells_of(const char *text)
{
	struct json_object *cells = json_object_new_array();
	for (;;) {
		size_t size = strcspn(text, "\t");
		json_object_array_add(cells, json_object_new_string_len(text, (int)size));
		if (!text[size])
			return cells;
		text += size + 1;
	}
}

/* The first row of a table is its head. */
static void add_row(struct builder *builder, const Referat__Block *block)
{
	builder->depth = 0;
	if (!builder->rows) {
		struct json_object *holder = json_object_new_object();
		struct json_object *table = json_object_new_object();
		builder->rows = json_object_new_array();
		json_object_object_add(table, "head", cells_of(block->text));
		json_object_object_add(table, "rows", builder->rows);
		json_object_object_add(holder, "table", table);
		json_object_array_add(builder->out, holder);
		return;
	}
	struct json_object *row = json_object_new_object();
	json_object_object_add(row, "cells", cells_of(block->text));
	json_object_array_add(builder->rows, row);
}

static const char *name_of(int kind)
{
	switch (kind) {
	case REFERAT__BLOCK_KIND__SUBHEADING:
		return "subheading";
	case REFERAT__BLOCK_KIND__QUOTE:
		return "quote";
	case REFERAT__BLOCK_KIND__LINK_LINE:
		return "line";
	default:
		return "paragraph";
	}
}

static void add_block(struct builder *builder, const Referat__Block *block, struct json_object *segments)
{
	if (block->kind == REFERAT__BLOCK_KIND__LIST_ITEM || block->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM) {
		add_entry(builder, block, segments);
		return;
	}
	close_groups(builder);
	if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING)
		drop_bare_heading(builder);
	struct json_object *content = json_object_new_object();
	json_object_object_add(content, "segments", segments);
	struct json_object *holder = json_object_new_object();
	json_object_object_add(holder, name_of(block->kind), content);
	json_object_array_add(builder->out, holder);
}

struct json_object *referat_view_blocks(Referat__Block *const *blocks, size_t n_blocks, const struct referat_cut *cuts,
					size_t n_cuts)
{
	struct builder builder = {.out = json_object_new_array()};
	for (size_t i = 0; i < n_blocks; i++) {
		struct cuts here = {cuts, n_cuts, i};
		if (blocks[i]->kind == REFERAT__BLOCK_KIND__TABLE_ROW && blocks[i]->text) {
			add_row(&builder, blocks[i]);
			continue;
		}
		struct json_object *segments = segments_of(blocks[i], &here);
		if (segments)
			add_block(&builder, blocks[i], segments);
	}
	drop_bare_heading(&builder);
	return builder.out;
}
