/* From lines to paragraphs: which line goes on what the one before began, and what is a heading, an item or a row. */
#include "reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_HEADING = 160 /* bytes of a line */ };

static const double larger = 1.12;   /* of the body's size: letters of a heading */
static const double space = 0.25;    /* between words, of the letters' size */
static const double wide_gap = 0.25; /* of the body's size, beyond the usual gap between lines: a new paragraph */

struct layout {
	const struct pages *pages;
	struct referat_flow *flow;
	double right;                /* edge that the text is wrapped at */
	double gap;                  /* between the lines of a paragraph */
	const struct line *previous; /* whose paragraph is open; NULL: none is */
	const char *beside;          /* what stood beside it, for a paragraph of its own; NULL: nothing */
	unsigned line;               /* that text stands on, on its page */
	bool hyphen;                 /* the line before ended in a hyphen, which is held back */
	const struct line *table;    /* its first row; NULL: the line before was none */
	const struct line *row;      /* the last line of a row whose last cell may go on; NULL: there is none */
	double column;               /* where that cell begins */
	unsigned numbered;           /* items so far in this run */
};

/* The first cell's text; there is one. */
static const char *text_of(const struct line *line)
{
	const char *text = line->cells[0].text;
	return text ? text : "";
}

/* ---- the look of a line ------------------------------------------------------------------------------------------ */

static unsigned heading_of(const struct layout *layout, const struct line *line)
{
	const char *text = text_of(line);
	size_t size = strlen(text);
	if (line->n_cells > 1 || size > LONGEST_HEADING)
		return 0;
	if (line->size >= layout->pages->body * 1.5)
		return 1;
	if (line->size >= layout->pages->body * larger)
		return 2;
	return line->bold && size && text[size - 1] != '.' ? 3 : 0;
}

static const char *skip_bullet(const char *text)
{
	static const char *const bullets[] = {"•", "·", "▪", "◦", "‣", "", "–", "-", "*", "o"};
	for (size_t i = 0; i < sizeof(bullets) / sizeof(*bullets); i++) {
		size_t size = strlen(bullets[i]);
		if (strncmp(text, bullets[i], size) == 0 && text[size] == ' ' && text[size + 1])
			return text + size + 1;
	}
	return NULL;
}

/* Behind "3." or "3)", when 3 is the next number. */
static const char *skip_number(const char *text, unsigned next)
{
	char number[16];
	for (const char *mark = ".)"; *mark; mark++) {
		int size = snprintf(number, sizeof(number), "%u%c ", next, *mark);
		if (strncmp(text, number, (size_t)size) == 0)
			return text + size;
	}
	return NULL;
}

static bool begins_clause(const char *text)
{
	return strncmp(text, "att ", 4) == 0; /* of a list of decisions */
}

static bool begins_small(const char *text)
{
	gunichar first = g_utf8_get_char(text);
	return g_unichar_islower(first);
}

static bool ends_sentence(const struct line *line)
{
	const char *text = line->cells[line->n_cells - 1].text;
	size_t size = strlen(text);
	return size && strchr(".:;!?", text[size - 1]);
}

/* ---- what goes on ------------------------------------------------------------------------------------------------ */

/* Had the next line's first word no room behind the previous line? */
static bool was_wrapped(const struct line *previous, const struct line *line, double edge)
{
	const struct box *box = &line->cells[0].box;
	double share = (double)strcspn(text_of(line), " ") / (double)(strlen(text_of(line)) + 1);
	double word = share * (box->right - box->left);
	return previous->box.right + space * line->size + word > edge;
}

/* Across pages only a sentence goes on. */
static bool goes_on(const struct layout *layout, const struct line *line)
{
	const struct line *previous = layout->previous;
	const char *text = text_of(line);
	if (!previous || line->n_cells > 1 || previous->n_cells > 1 || line->bold != previous->bold ||
	    fabs(line->size - previous->size) > 0.5)
		return false;
	enum referat_join join = referat_join_of(layout->pages->call, text_of(previous), text);
	bool small = begins_small(text) && !begins_clause(text) && !ends_sentence(previous);
	if (join == REFERAT_JOIN_BEGINS || line->page != previous->page || line->column != previous->column)
		return join != REFERAT_JOIN_BEGINS && small;
	double gap = line->box.top - previous->box.bottom;
	if (gap > layout->gap + wide_gap * layout->pages->body || gap < -line->size)
		return false;
	return layout->hyphen || join == REFERAT_JOIN_GOES_ON || small ||
	       was_wrapped(previous, line, previous->edge > 0 ? previous->edge : layout->right);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* A hyphen at the end of a line may part a word ("provbryt-"), belong to it ("Gun-"), or stand for what follows
 * ("barn- och"): the next line's first word tells. */
static bool keeps_hyphen(const char *next)
{
	return !begins_small(next) || strncmp(next, "och ", 4) == 0 || strncmp(next, "eller ", 6) == 0 ||
	       strncmp(next, "samt ", 5) == 0;
}

static void add_text(struct layout *layout, const char *text)
{
	size_t size = strlen(text);
	bool hyphen = size > 1 && text[size - 1] == '-' && text[size - 2] != ' ';
	referat_flow_text(layout->flow, text, hyphen ? size - 1 : size, layout->line);
	layout->hyphen = hyphen;
}

static void end_paragraph(struct layout *layout)
{
	if (layout->hyphen)
		referat_flow_text(layout->flow, "-", 1, layout->previous ? layout->previous->number : layout->line);
	layout->hyphen = false;
	referat_flow_close(layout->flow);
	if (layout->beside) {
		referat_flow_open(layout->flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
		referat_flow_text(layout->flow, layout->beside, strlen(layout->beside),
				  layout->previous ? layout->previous->number : layout->line);
		referat_flow_close(layout->flow);
	}
	layout->beside = NULL;
	layout->previous = layout->row = NULL;
}

static void go_on(struct layout *layout, const struct line *line)
{
	const char *text = text_of(line);
	if (layout->hyphen && keeps_hyphen(text))
		referat_flow_text(layout->flow, begins_small(text) ? "- " : "-", begins_small(text) ? 2 : 1,
				  layout->line);
	else if (!layout->hyphen)
		referat_flow_text(layout->flow, " ", 1, layout->line);
	add_text(layout, text);
}

static double distance(const struct box *cell, const struct box *column)
{
	double overlap = fmin(cell->right, column->right) - fmax(cell->left, column->left);
	return overlap > 0 ? 0 : -overlap;
}

/* The column of the table's first row that the cell stands below, of those from `first` on. */
static size_t column_of(const struct line *head, size_t first, const struct box *cell)
{
	size_t best = first;
	for (size_t i = first + 1; i < head->n_cells; i++)
		if (distance(cell, &head->cells[i].box) < distance(cell, &head->cells[best].box))
			best = i;
	return best;
}

/* A row below another one has its cells in the columns of the table's first: an empty one is not left out. */
static void add_row(struct layout *layout, const struct line *line)
{
	const struct line *head = layout->table && line->n_cells <= layout->table->n_cells ? layout->table : line;
	size_t column = 0;
	referat_flow_open(layout->flow, REFERAT__BLOCK_KIND__TABLE_ROW, 0);
	for (size_t i = 0; i < line->n_cells; i++) {
		size_t left = line->n_cells - i; /* they need a column each */
		size_t wanted = column_of(head, column, &line->cells[i].box);
		size_t last = head->n_cells - left;
		for (wanted = wanted < last ? wanted : last; column < wanted; column++)
			referat_flow_cell(layout->flow);
		referat_flow_text(layout->flow, line->cells[i].text, strlen(line->cells[i].text), layout->line);
		if (left > 1)
			referat_flow_cell(layout->flow);
		column++;
	}
	layout->row = column == head->n_cells ? line : NULL;
	layout->column = line->cells[line->n_cells - 1].box.left;
	for (; column < head->n_cells; column++)
		referat_flow_cell(layout->flow);
	layout->table = head;
}

static bool is_in_column(const struct layout *layout, const struct line *line)
{
	static const double same_column = 3; /* points */
	return fabs(line->cells[line->n_cells - 1].box.left - layout->column) <= same_column;
}

/* Does a line stand below the last cell of a row, and close to it? */
static bool is_below_cell(const struct layout *layout, const struct line *row, const struct line *line)
{
	return line->n_cells == 1 && line->page == row->page && line->bold == row->bold && is_in_column(layout, line) &&
	       line->box.top - row->box.bottom <= layout->pages->body;
}

/* The edge that the cell's text is wrapped at: what its own lines reach, or all of that column on the page. */
static double cell_edge(const struct layout *layout, const struct line *line, bool own)
{
	enum { NEAR = 100 /* lines */ };
	const struct line *end = layout->pages->lines + layout->pages->n_lines;
	const struct line *first = layout->pages->lines;
	double edge = layout->row->box.right;
	for (const struct line *at = line; at < end && at < line + NEAR && at->page == line->page; at++) {
		if (own && !is_below_cell(layout, at - 1, at))
			break;
		edge = is_in_column(layout, at) ? fmax(edge, at->box.right) : edge;
	}
	for (const struct line *at = line; at >= first && at + NEAR > line && at->page == line->page; at--) {
		if (own && at < line && !is_in_column(layout, at))
			break;
		edge = is_in_column(layout, at) ? fmax(edge, at->box.right) : edge;
	}
	return edge;
}

/* Names stand below each other in a cell, and few of them reach its edge: a small letter says more. */
static bool goes_on_in_cell(const struct layout *layout, const struct line *line)
{
	const struct line *row = layout->row;
	const char *before = row->cells[row->n_cells - 1].text;
	const char *text = text_of(line);
	enum referat_join join = referat_join_of(layout->pages->call, before, text);
	bool small = begins_small(text) || g_unichar_isdigit(g_utf8_get_char(text));
	if (line->box.top - row->box.bottom > layout->gap + wide_gap * layout->pages->body)
		return false;
	return join == REFERAT_JOIN_GOES_ON ||
	       (join == REFERAT_JOIN_BY_PLACE && (was_wrapped(row, line, cell_edge(layout, line, small)) ||
						  (begins_small(text) && !begins_clause(text))));
}

/* True: the line stands in the last cell of a row, and was taken. */
static bool take_cell_line(struct layout *layout, const struct line *line)
{
	if (!layout->row || !is_below_cell(layout, layout->row, line))
		return false;
	if (goes_on_in_cell(layout, line))
		referat_flow_text(layout->flow, " ", 1, layout->line);
	else
		referat_flow_break(layout->flow);
	referat_flow_text(layout->flow, text_of(line), strlen(text_of(line)), layout->line);
	layout->row = line;
	return true;
}

/* The line as one text, where it begins an item. Bullets and numbers stand in a cell of their own where their text is
 * moved in. NULL: it begins none. */
static const char *item_text(const struct layout *layout, const struct line *line)
{
	const char *text = text_of(line);
	if (line->n_cells == 2 && strlen(text) <= 4)
		text = referat_format(layout->pages->call, "%s %s", text, line->cells[1].text);
	else if (line->n_cells > 1)
		return NULL;
	bool numbered = skip_number(text, layout->numbered + 1) || skip_number(text, 1);
	if (line->n_cells == 1 && heading_of(layout, line))
		return NULL;
	return skip_bullet(text) || numbered ? text : NULL;
}

static void begin_item(struct layout *layout, const char *text)
{
	const char *numbered = skip_number(text, layout->numbered + 1);
	layout->numbered = numbered ? layout->numbered + 1 : 0;
	if (!numbered && (numbered = skip_number(text, 1))) /* another list */
		layout->numbered = 1;
	referat_flow_open(layout->flow, numbered ? REFERAT__BLOCK_KIND__NUMBERED_ITEM : REFERAT__BLOCK_KIND__LIST_ITEM,
			  1);
	add_text(layout, numbered ? numbered : skip_bullet(text));
}

static void begin(struct layout *layout, const struct line *line)
{
	unsigned heading = heading_of(layout, line);
	layout->numbered = 0;
	if (heading)
		referat_flow_heading(layout->flow, heading);
	else
		referat_flow_open(layout->flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	add_text(layout, text_of(line));
}

static void take_line(struct layout *layout, const struct line *line)
{
	const char *item = item_text(layout, line);
	referat_flow_turn(layout->flow, line->page);
	layout->line = line->number;
	if (take_cell_line(layout, line))
		return;
	if (!item && goes_on(layout, line)) {
		go_on(layout, line);
		layout->previous = line;
		layout->beside = line->beside ? line->beside : layout->beside;
		return;
	}
	end_paragraph(layout);
	if (!item && line->n_cells > 1) {
		add_row(layout, line);
		return;
	}
	layout->table = NULL;
	if (item)
		begin_item(layout, item);
	else
		begin(layout, line);
	layout->previous = line;
	layout->beside = line->beside;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* The edge that the text is wrapped at: rows of tables may stick out. */
static double right_edge(const struct pages *pages)
{
	double right = 0;
	for (size_t i = 0; i < pages->n_lines; i++)
		if (!pages->lines[i].furniture && pages->lines[i].n_cells == 1)
			right = fmax(right, pages->lines[i].box.right);
	return right;
}

/* The smallest gap that a tenth of all lines have above them: that of lines in a paragraph. */
static double usual_gap(const struct pages *pages)
{
	enum { BUCKETS = 60, PER_POINT = 2 };
	size_t counts[BUCKETS] = {0};
	size_t all = 0;
	for (size_t i = 1; i < pages->n_lines; i++) {
		const struct line *line = &pages->lines[i];
		double gap =
		    (line->box.top - line[-1].box.bottom + 2) * PER_POINT; /* letters may reach into each other */
		if (line->page != line[-1].page || gap < 0 || gap >= BUCKETS)
			continue;
		counts[(size_t)gap]++;
		all++;
	}
	for (size_t i = 0; i < BUCKETS; i++)
		if (counts[i] * 10 > all)
			return (double)(i + 1) / PER_POINT - 2;
	return 0;
}

void paragraphs_read(const struct pages *pages, struct referat_flow *flow)
{
	struct layout layout = {.pages = pages, .flow = flow, .right = right_edge(pages), .gap = usual_gap(pages)};
	for (size_t i = 0; i < pages->n_lines; i++)
		if (!pages->lines[i].furniture)
			take_line(&layout, &pages->lines[i]);
	end_paragraph(&layout);
}
