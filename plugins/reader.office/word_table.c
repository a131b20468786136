/* Tables of a DOCX file: those of data become rows, those that only lay out are taken apart. Rows and cells may stand
 * in content controls. */
#include "word.h"

#include <string.h>

enum { MOST_CELL = 250 /* bytes; a longer text in a table stands there for its looks */ };

static bool is_row(const xmlNode *node)
{
	return xml_is(node, "tr") && !xml_child(xml_child(node, "trPr"), "del");
}

static bool is_cell(const xmlNode *node)
{
	return xml_is(node, "tc") && !xml_child(xml_child(node, "tcPr"), "cellDel");
}

/* ---- is it data? ------------------------------------------------------------------------------------------------- */

static size_t text_size(const xmlNode *node)
{
	size_t size = 0;
	for (const xmlNode *at = node->children; at; at = at->next) {
		if (xml_is(at, "t") && at->children && at->children->content)
			size += strlen((const char *)at->children->content);
		else if (at->type == XML_ELEMENT_NODE)
			size += text_size(at);
	}
	return size;
}

static bool has_only_text(const struct word *word, const xmlNode *parent)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "tbl") || (word_is_through(at) && !has_only_text(word, at)))
			return false;
		if (xml_is(at, "p") && word_style_of(word->styles, at).heading)
			return false;
	}
	return true;
}

/* Counts the cells of a row, or of all rows; *most: of one row. False: there is more than text in one. */
static bool has_only_data(const struct word *word, const xmlNode *parent, size_t *cells, size_t *most)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (is_row(at))
			*cells = 0;
		if (is_cell(at) && (!has_only_text(word, at) || text_size(at) > MOST_CELL))
			return false;
		*cells += is_cell(at);
		*most = *cells > *most ? *cells : *most;
		if ((is_row(at) || word_is_through(at)) && !has_only_data(word, at, cells, most))
			return false;
	}
	return true;
}

/* A table of data has rows of several cells, and nothing larger than a paragraph in them. */
static bool is_data(const struct word *word, const xmlNode *table)
{
	size_t cells = 0;
	size_t most = 0;
	return has_only_data(word, table, &cells, &most) && most > 1;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void walk_cell(struct word *word, const xmlNode *parent, bool *first)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		if (xml_is(at, "p") && !word_line_is_gone(at)) {
			struct word_style style = word_style_of(word->styles, at);
			const char *mark;
			const char *label = word_label(word, &style, &mark);
			if (!*first)
				referat_flow_break(word->flow);
			*first = false;
			if (label)
				referat_flow_text(word->flow, label, strlen(label), 0);
			word->hidden = style.hides > 0;
			word_line_walk(word, at);
		} else if (word_is_through(at)) {
			walk_cell(word, at, first);
		}
	}
}

static void walk_row(struct word *word, const xmlNode *row, bool *first)
{
	for (const xmlNode *at = row->children; at; at = at->next) {
		if (is_cell(at)) {
			bool first_line = true;
			if (!*first)
				referat_flow_cell(word->flow);
			*first = false;
			walk_cell(word, at, &first_line);
		} else if (word_is_through(at)) {
			walk_row(word, at, first);
		}
	}
}

static void walk_cells_apart(struct word *word, const xmlNode *row)
{
	for (const xmlNode *at = row->children; at; at = at->next) {
		if (is_cell(at))
			word_blocks_walk(word, at);
		else if (word_is_through(at))
			walk_cells_apart(word, at);
	}
}

static void walk_rows(struct word *word, const xmlNode *parent, bool data)
{
	for (const xmlNode *at = parent->children; at; at = at->next) {
		bool first = true;
		if (word_is_through(at)) {
			walk_rows(word, at, data);
		} else if (is_row(at) && data) {
			referat_flow_open(word->flow, REFERAT__BLOCK_KIND__TABLE_ROW, 0);
			walk_row(word, at, &first);
			referat_flow_close(word->flow);
			word_frames_walk(word, at);
		} else if (is_row(at)) {
			walk_cells_apart(word, at);
		}
	}
}

void word_table_walk(struct word *word, const xmlNode *table)
{
	word->goes_on = false;
	walk_rows(word, table, is_data(word, table));
}
