/* Marked up text on its way to paragraphs: white space is collapsed, letters are composed, spans keep their places. */
#include "structure.h"

#include <referat/view.h>

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum {
	MOST_SPANS = 200, /* of a paragraph */
	MOST_OPEN = 32,   /* spans in each other; deeper ones are only text */
	MOST_ADDRESS = 2048,
	MOST_LEVEL = 6,
	NOT_BEGUN = UINT32_MAX,
};

struct open_span {
	Referat__SpanKind kind;
	const char *href;
	uint32_t start; /* in the paragraph's text; NOT_BEGUN: no text came yet */
};

enum problem { NONE, TOO_MANY, TOO_LONG };

struct referat_flow {
	struct referat_call *call;
	struct list paragraphs;
	struct referat_paragraph open; /* the paragraph that text goes to */
	bool is_open;
	char *text; /* of the open paragraph */
	size_t size, capacity;
	struct list spans;  /* of the open paragraph */
	bool space, broken; /* white space, or the end of a line, came since the last character */
	struct open_span stack[MOST_OPEN];
	size_t depth;  /* may be larger than the stack */
	unsigned page; /* that text stands on; 0: not known */
	enum problem problem;
	unsigned problem_line;
};

struct referat_flow *referat_flow_new(struct referat_call *call)
{
	struct referat_flow *flow = referat_alloc(call, sizeof(*flow));
	flow->call = call;
	return flow;
}

/* ---- spans ------------------------------------------------------------------------------------------------------ */

static void add_span(struct referat_flow *flow, const struct open_span *open)
{
	bool shown = open->start != NOT_BEGUN && open->start < flow->size;
	bool leads = open->kind != REFERAT__SPAN_KIND__LINK || open->href;
	if (!shown || !leads || flow->spans.n >= MOST_SPANS)
		return;
	Referat__Span *span = referat_alloc(flow->call, sizeof(*span));
	referat__span__init(span);
	span->has_kind = span->has_start = span->has_end = true;
	span->kind = open->kind;
	span->href = (char *)open->href;
	span->start = open->start;
	span->end = (uint32_t)flow->size;
	rf_list_add(flow->call, &flow->spans, span);
}

static struct open_span *innermost(struct referat_flow *flow, size_t below)
{
	return &flow->stack[below - 1];
}

static size_t kept(const struct referat_flow *flow)
{
	return flow->depth < MOST_OPEN ? flow->depth : MOST_OPEN;
}

void referat_flow_begin(struct referat_flow *flow, Referat__SpanKind kind, const char *href)
{
	bool leads = href && strlen(href) <= MOST_ADDRESS && referat_is_link(href);
	if (flow->depth < MOST_OPEN)
		flow->stack[flow->depth] =
		    (struct open_span){.kind = kind,
				       .href = leads ? rf_text_copy(flow->call, href, strlen(href)) : NULL,
				       .start = NOT_BEGUN};
	flow->depth++;
}

void referat_flow_end(struct referat_flow *flow)
{
	if (flow->depth == 0)
		return;
	if (flow->depth <= MOST_OPEN)
		add_span(flow, innermost(flow, flow->depth));
	flow->depth--;
}

/* ---- paragraphs ------------------------------------------------------------------------------------------------- */

static void keep_problem(struct referat_flow *flow, enum problem problem)
{
	if (flow->problem != NONE)
		return;
	flow->problem = problem;
	flow->problem_line = flow->open.last_line;
}

static void keep_paragraph(struct referat_flow *flow)
{
	if (flow->paragraphs.n >= REFERAT_MOST_PARAGRAPHS) {
		keep_problem(flow, TOO_MANY);
		return;
	}
	struct referat_paragraph *paragraph = referat_alloc(flow->call, sizeof(*paragraph));
	*paragraph = flow->open;
	paragraph->text = flow->text;
	paragraph->lower = referat_lower(flow->call, flow->text);
	paragraph->spans = (Referat__Span **)flow->spans.items;
	paragraph->n_spans = flow->spans.n;
	rf_list_add(flow->call, &flow->paragraphs, paragraph);
}

/* A row whose cells are all empty says nothing. */
static bool is_said(const struct referat_flow *flow)
{
	return flow->size > 0 && flow->text[strspn(flow->text, "\t")] != '\0';
}

void referat_flow_close(struct referat_flow *flow)
{
	for (size_t i = kept(flow); i > 0; i--) {
		add_span(flow, innermost(flow, i));
		innermost(flow, i)->start = NOT_BEGUN; /* it goes on in the next paragraph */
	}
	if (flow->is_open && is_said(flow))
		keep_paragraph(flow);
	flow->is_open = flow->space = flow->broken = false;
	flow->open = (struct referat_paragraph){.kind = REFERAT__BLOCK_KIND__PARAGRAPH};
	flow->text = NULL;
	flow->size = flow->capacity = 0;
	flow->spans = (struct list){0};
}

void referat_flow_open(struct referat_flow *flow, Referat__BlockKind kind, unsigned level)
{
	referat_flow_close(flow);
	flow->is_open = true;
	flow->open.kind = kind;
	flow->open.level = level < MOST_LEVEL ? level : MOST_LEVEL;
}

void referat_flow_heading(struct referat_flow *flow, unsigned heading)
{
	referat_flow_open(flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	flow->open.heading = heading;
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

static void add_character(struct referat_flow *flow, UChar32 c)
{
	if (flow->size >= REFERAT_MOST_PARAGRAPH) {
		keep_problem(flow, TOO_LONG);
		return;
	}
	if (flow->size + U8_MAX_LENGTH + 1 > flow->capacity) {
		flow->capacity = flow->capacity ? 2 * flow->capacity : 64;
		char *text = referat_alloc(flow->call, flow->capacity);
		if (flow->size)
			memcpy(text, flow->text, flow->size);
		flow->text = text;
	}
	U8_APPEND_UNSAFE(flow->text, flow->size, c);
}

/* A line that was ended by hand ends its paragraph, unless the text goes on in lower case. */
static void end_line(struct referat_flow *flow, UChar32 next)
{
	bool plain = flow->open.kind == REFERAT__BLOCK_KIND__PARAGRAPH && !flow->open.heading;
	bool ends = flow->broken && flow->size > 0;
	if (ends && plain && !u_islower(next))
		referat_flow_open(flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	else if (ends && flow->open.kind == REFERAT__BLOCK_KIND__TABLE_ROW)
		add_character(flow, RF_CELL_BREAK);
	else
		flow->space = flow->space || flow->broken;
	flow->broken = false;
}

static void show(struct referat_flow *flow, UChar32 c, unsigned line)
{
	static const char row_marks[] = {'\t', RF_CELL_BREAK, '\0'};
	end_line(flow, c);
	if (!flow->is_open)
		referat_flow_open(flow, REFERAT__BLOCK_KIND__PARAGRAPH, 0);
	if (flow->space && flow->size > 0 && !strchr(row_marks, flow->text[flow->size - 1]))
		add_character(flow, ' ');
	flow->space = false;
	for (size_t i = kept(flow); i > 0 && innermost(flow, i)->start == NOT_BEGUN; i--)
		innermost(flow, i)->start = (uint32_t)flow->size;
	add_character(flow, c);
	if (!flow->open.line)
		flow->open.line = line;
	if (!flow->open.page)
		flow->open.page = flow->page;
	if (flow->open.page == flow->page)
		flow->open.last_line = line;
}

void referat_flow_text(struct referat_flow *flow, const char *text, size_t size, unsigned line)
{
	const char *composed = rf_text_compose(flow->call, rf_text_copy(flow->call, text, size));
	if (!composed)
		return;
	size = strlen(composed);
	for (size_t at = 0; at < size;) {
		UChar32 c;
		U8_NEXT_UNSAFE(composed, at, c);
		if (!rf_character_ends_line(c) && rf_character_controls(c))
			continue;
		c = rf_character_ends_line(c) ? ' ' : rf_character_shown(c);
		if (c == ' ')
			flow->space = true;
		else if (c != 0)
			show(flow, c, line);
		line += composed[at - 1] == '\n' && line > 0;
	}
}

void referat_flow_turn(struct referat_flow *flow, unsigned page)
{
	flow->page = page;
}

void referat_flow_break(struct referat_flow *flow)
{
	flow->broken = flow->size > 0 && flow->text[flow->size - 1] != '\t';
}

void referat_flow_cell(struct referat_flow *flow)
{
	flow->space = flow->broken = false;
	add_character(flow, '\t');
}

/* ---- page ------------------------------------------------------------------------------------------------------- */

static enum referat_result refuse(struct referat_flow *flow)
{
	struct referat_call *call = flow->call;
	if (flow->problem == TOO_MANY)
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_say(call, "reading.too_many_paragraphs", NULL));
	const char *line = referat_format(call, "%u", flow->problem_line);
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "reading.paragraph_too_long", "line", line, NULL));
}

enum referat_result referat_flow_page(struct referat_flow *flow, struct referat_page *page)
{
	struct referat_call *call = flow->call;
	referat_flow_close(flow);
	if (flow->problem != NONE)
		return refuse(flow);
	struct list paragraphs = {0};
	rf_layout_take(call, &flow->paragraphs, &paragraphs);
	size_t n = paragraphs.n;
	if (n == 0)
		return referat_because(call, REFERAT_FAIL, "%s", referat_say(call, "reading.empty", NULL));
	*page = (struct referat_page){
	    .call = call, .paragraphs = referat_alloc(call, n * sizeof(*page->paragraphs)), .n = n};
	for (size_t i = 0; i < n; i++)
		page->paragraphs[i] = *(struct referat_paragraph *)paragraphs.items[i];
	return REFERAT_OK;
}
