/* The article as paragraphs. What an element is in HTML decides; a table or a list that holds headings is there for its
 * looks, and is taken apart. */
#include "reader.h"

#include <string.h>

static const char headings[] = "h1 h2 h3 h4 h5 h6";
static const char blocks[] =
    "p div section article main header form address center dl dt dd figure details fieldset legend "
    "pre body html hgroup caption td th li";

enum {
	SUMMARY_LEVEL = 7, /* of what opens a text that is folded away */
	MOST_CELL = 250,   /* bytes; a longer text in a table stands there for its looks */
};

struct walk {
	struct referat_call *call;
	const struct article *article;
	const char *base;
	struct referat_flow *flow;
	unsigned line;
	unsigned lists, quotes; /* in each other */
	const xmlNode *holder;  /* heading, item or row: the paragraphs in it are one */
	const xmlNode *table;   /* of data */
};

static bool has_below(const xmlNode *node, const char *names)
{
	for (xmlNode *at = node->children; at; at = next_node(node, at, true))
		if (is_element(at, names))
			return true;
	return false;
}

static const xmlNode *next_cell(const xmlNode *cell)
{
	const xmlNode *next = cell->next;
	while (next && !is_element(next, "td th"))
		next = next->next;
	return next;
}

/* A table of data has rows of several cells, and nothing larger than a paragraph in them. */
static bool is_data(const xmlNode *table)
{
	if (strcmp(attribute(table, "role"), "presentation") == 0 ||
	    has_below(table, "table h1 h2 h3 h4 h5 h6 ul ol blockquote"))
		return false;
	bool several = false;
	for (xmlNode *at = table->children; at; at = next_node(table, at, true)) {
		if (!is_element(at, "td th"))
			continue;
		if (text_size(at, MOST_CELL + 1) > MOST_CELL)
			return false;
		several = several || next_cell(at);
	}
	return several;
}

static bool is_item(const xmlNode *node)
{
	return is_element(node, "li") && !has_below(node, headings);
}

static void hold(struct walk *walk, const xmlNode *node)
{
	walk->holder = node;
}

static void open_item(struct walk *walk, const xmlNode *node)
{
	bool numbered = node->parent && is_element(node->parent, "ol");
	referat_flow_open(walk->flow, numbered ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : REFERAT__BLOCK_KIND__LIST_ITEM,
			  walk->lists ? walk->lists : 1);
	hold(walk, node);
}

static void open_block(struct walk *walk)
{
	if (walk->holder)
		referat_flow_text(walk->flow, " ", 1, walk->line);
	else
		referat_flow_open(walk->flow,
				  walk->quotes ? REFERAT__BLOCK_KIND__QUOTE : REFERAT__BLOCK_KIND__PARAGRAPH, 0);
}

static void open_heading(struct walk *walk, const xmlNode *node)
{
	unsigned level = is_element(node, headings) ? (unsigned)(node->name[1] - '0') : SUMMARY_LEVEL;
	referat_flow_heading(walk->flow, level);
	hold(walk, node);
}

static void enter_cell(struct walk *walk, const xmlNode *node)
{
	const xmlNode *before = node->prev;
	while (before && !is_element(before, "td th"))
		before = before->prev;
	if (before)
		referat_flow_cell(walk->flow);
}

static void enter_table(struct walk *walk, const xmlNode *node)
{
	if (is_element(node, "tr")) {
		referat_flow_open(walk->flow, REFERAT__BLOCK_KIND__TABLE_ROW, 0);
		hold(walk, node);
	} else if (is_element(node, "td th")) {
		enter_cell(walk, node);
	} else if (is_element(node, "caption")) {
		open_block(walk);
	} else if (is_element(node, "p div li")) {
		referat_flow_break(walk->flow);
	}
}

static bool enter_span(struct walk *walk, const xmlNode *node)
{
	if (is_element(node, "a"))
		referat_flow_begin(walk->flow, REFERAT__SPAN_KIND__LINK,
				   resolve(walk->call, walk->base, attribute(node, "href")));
	else if (is_element(node, "strong b"))
		referat_flow_begin(walk->flow, REFERAT__SPAN_KIND__STRONG, NULL);
	else if (is_element(node, "em i"))
		referat_flow_begin(walk->flow, REFERAT__SPAN_KIND__EMPHASIS, NULL);
	else
		return false;
	return true;
}

static void enter_element(struct walk *walk, const xmlNode *node)
{
	if (enter_span(walk, node))
		return;
	if (walk->table)
		enter_table(walk, node);
	else if (is_element(node, headings) || is_element(node, "summary"))
		open_heading(walk, node);
	else if (is_element(node, "ul ol"))
		walk->lists++;
	else if (is_item(node))
		open_item(walk, node);
	else if (is_element(node, "blockquote"))
		walk->quotes++;
	else if (is_element(node, "table") && !walk->holder && is_data(node))
		walk->table = node;
	else if (is_element(node, blocks))
		open_block(walk);
	if (is_element(node, "br"))
		referat_flow_break(walk->flow);
	else if (is_element(node, "hr"))
		open_block(walk);
}

static void leave_element(struct walk *walk, const xmlNode *node)
{
	if (is_element(node, "a strong b em i")) {
		referat_flow_end(walk->flow);
		return;
	}
	bool held = walk->holder != NULL;
	if (walk->holder == node)
		walk->holder = NULL;
	if (walk->table == node)
		walk->table = NULL;
	else if (!walk->table && is_element(node, "ul ol") && walk->lists)
		walk->lists--;
	else if (!walk->table && is_element(node, "blockquote") && walk->quotes)
		walk->quotes--;
	if (!walk->holder && (held || is_element(node, blocks) || is_element(node, "ul ol blockquote table")))
		referat_flow_close(walk->flow);
	else if (is_element(node, blocks))
		open_block(walk);
}

/* What the bytes 0x80 to 0x9F are in Windows-1252: "&#150;" means the dash that stands there. */
static const char *const windows[] = {"€", "",  "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "", "Ž", "",
				      "",  "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "", "ž", "Ÿ"};

/* The size of the text up to the next character that is a control, but was meant to be one of Windows-1252. */
static size_t plain_size(const char *text)
{
	size_t size = 0;
	while (text[size] && !((unsigned char)text[size] == 0xC2 && (unsigned char)text[size + 1] < 0xA0))
		size++;
	return size;
}

static void add_text(struct walk *walk, const xmlNode *node)
{
	const char *text = node->content ? (const char *)node->content : "";
	while (*text) {
		size_t size = plain_size(text);
		referat_flow_text(walk->flow, text, size, walk->line);
		for (size_t i = 0; i < size; i++)
			walk->line += text[i] == '\n' && walk->line > 0;
		text += size;
		if (!*text)
			return;
		const char *meant = windows[(unsigned char)text[1] - 0x80];
		referat_flow_text(walk->flow, meant, strlen(meant), walk->line);
		text += 2;
	}
}

/* Begins a node. False: what is in it is left out, or there is nothing. */
static bool enter(struct walk *walk, const xmlNode *node)
{
	if (node->type == XML_TEXT_NODE)
		add_text(walk, node);
	if (node->type != XML_ELEMENT_NODE || is_furniture_in(walk->article, node))
		return false;
	long line = xmlGetLineNo(node);
	walk->line = line > 0 && line < UINT16_MAX ? (unsigned)line : 0;
	enter_element(walk, node);
	return true;
}

void read_article(struct referat_call *call, const struct article *article, const char *base, struct referat_flow *flow)
{
	struct walk walk = {.call = call, .article = article, .base = base, .flow = flow};
	for (const xmlNode *node = article->root;;) {
		bool inside = enter(&walk, node);
		if (inside && node->children) {
			node = node->children;
			continue;
		}
		if (inside)
			leave_element(&walk, node);
		while (node != article->root && !node->next) {
			node = node->parent;
			leave_element(&walk, node);
		}
		if (node == article->root)
			return;
		node = node->next;
	}
}
