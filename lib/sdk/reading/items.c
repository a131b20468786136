/* The body of a summary: lead, then items, each a heading and its text. Where the format marks headings, they are
 * believed; else a heading is a short line without a final stop, with text below it. A caption looks so too; what may
 * be one is marked as doubtful. */
#include "structure.h"

#include <stdio.h>
#include <string.h>

enum {
	CAPTION_WORDS = 3, /* a line of so few words without text below it is a caption */
};

Referat__Place *rf_place_new(struct referat_call *call, const struct referat_paragraph *paragraph)
{
	Referat__Place *place = referat_alloc(call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"source";
	place->has_line = place->has_last_line = paragraph->line > 0;
	place->line = paragraph->line;
	place->last_line = paragraph->last_line;
	place->has_page = paragraph->page > 0;
	place->page = paragraph->page;
	return place;
}

void rf_place_source(Referat__Place *place, const Referat__Place *source)
{
	place->has_line = source && source->has_line;
	place->line = place->has_line ? source->line : 0;
	place->has_page = source && source->has_page;
	place->page = place->has_page ? source->page : 0;
}

Referat__Place *rf_place_in_block(struct referat_call *call, const Referat__Item *item, unsigned index, unsigned block,
				  struct referat_range range)
{
	const Referat__Place *source = item->blocks[block]->place;
	Referat__Place *place = referat_alloc(call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"document";
	place->has_item = place->has_block = place->has_start = place->has_end = true;
	place->item = index;
	place->block = block;
	place->start = (uint32_t)range.start;
	place->end = (uint32_t)range.end;
	rf_place_source(place, source);
	return place;
}

Referat__Block *rf_block_new(struct referat_call *call, Referat__BlockKind kind,
			     const struct referat_paragraph *paragraph)
{
	Referat__Block *block = referat_alloc(call, sizeof(*block));
	referat__block__init(block);
	block->has_kind = true;
	block->kind = kind;
	block->has_level = paragraph->level > 0 || kind == REFERAT__BLOCK_KIND__SUBHEADING;
	block->level = paragraph->level > 0 ? paragraph->level : 1;
	block->text = (char *)paragraph->text;
	block->spans = paragraph->spans;
	block->n_spans = paragraph->n_spans;
	block->place = rf_place_new(call, paragraph);
	return block;
}

/* Where items stand. */
struct body {
	const struct referat_page *page;
	size_t from, end;
	unsigned level; /* of the headings that part them; 0: none is marked */
};

static bool is_matter(const struct referat_paragraph *paragraph)
{
	return !rf_notice_role(paragraph) && rf_label_of(paragraph) == LABEL_NONE;
}

/* The first level whose headings have text below them: those above it only group. */
static unsigned level_of_items(const struct body *body)
{
	unsigned level = 0;
	for (size_t i = body->from; i + 1 < body->end; i++) {
		const struct referat_paragraph *paragraph = &body->page->paragraphs[i];
		bool text_below = !paragraph[1].heading || rf_label_of(paragraph + 1) != LABEL_NONE;
		if (paragraph->heading && is_matter(paragraph) && text_below && (!level || paragraph->heading < level))
			level = paragraph->heading;
	}
	return level;
}

/* Without marks: a heading has text below it; one of some words may have lost its text, one of few is a caption. */
static bool is_heading(const struct body *body, size_t at)
{
	const struct referat_paragraph *paragraph = &body->page->paragraphs[at];
	if (body->level && paragraph->heading < body->level) /* it groups, even when it is called "Beslut" */
		return paragraph->heading && !rf_notice_role(paragraph);
	if (body->level)
		return paragraph->heading == body->level && is_matter(paragraph);
	if (!rf_looks_like_heading(paragraph))
		return false;
	bool text_below = at + 1 < body->end && !rf_looks_like_heading(paragraph + 1) && !rf_notice_role(paragraph + 1);
	return text_below || rf_count_words(paragraph->text) > CAPTION_WORDS;
}

static size_t next_heading(const struct body *body, size_t at)
{
	while (at < body->end && !is_heading(body, at))
		at++;
	return at;
}

static Referat__BlockKind kind_of(const struct referat_paragraph *paragraph)
{
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return paragraph->kind;
	if (paragraph->heading || rf_label_of(paragraph) != LABEL_NONE)
		return REFERAT__BLOCK_KIND__SUBHEADING;
	return rf_is_link_line(paragraph) ? REFERAT__BLOCK_KIND__LINK_LINE : REFERAT__BLOCK_KIND__PARAGRAPH;
}

static void add_blocks(const struct body *body, size_t from, size_t to, struct list *blocks)
{
	for (size_t i = from; i < to; i++) {
		const struct referat_paragraph *paragraph = &body->page->paragraphs[i];
		Referat__Block *block = rf_block_new(body->page->call, kind_of(paragraph), paragraph);
		if (paragraph->heading > body->level + 1)
			block->level = paragraph->heading - body->level;
		rf_list_add(body->page->call, blocks, block);
	}
}

static Referat__Item *read_item(const struct body *body, size_t heading, size_t end)
{
	struct referat_call *call = body->page->call;
	const struct referat_paragraph *paragraph = &body->page->paragraphs[heading];
	Referat__Item *item = referat_alloc(call, sizeof(*item));
	referat__item__init(item);
	item->heading = (char *)paragraph->text;
	item->heading_place = rf_place_new(call, paragraph);
	struct list blocks = {0};
	add_blocks(body, heading + 1, end, &blocks);
	item->blocks = (Referat__Block **)blocks.items;
	item->n_blocks = blocks.n;
	return item;
}

/* No text below, a short line above, or so few words without a decision: it may be a caption. */
static Referat__Sureness sureness_of(const struct body *body, size_t heading, const Referat__Item *item)
{
	if (item->n_blocks == 0)
		return REFERAT__SURENESS__DOUBTFUL;
	if (body->level)
		return REFERAT__SURENESS__READ;
	const struct referat_paragraph *paragraph = &body->page->paragraphs[heading];
	bool line_above =
	    heading > 0 && rf_looks_like_heading(paragraph - 1) && rf_count_words(paragraph[-1].text) <= CAPTION_WORDS;
	bool few_words = rf_count_words(paragraph->text) < CAPTION_WORDS && item->n_decisions == 0;
	return line_above || few_words ? REFERAT__SURENESS__DOUBTFUL : REFERAT__SURENESS__READ;
}

static void read_items(const struct body *body, size_t from, const struct meeting *meeting, Referat__Document *document)
{
	struct list items = {0};
	size_t next;
	for (size_t at = from; at < body->end && items.n < MOST_ITEMS; at = next) {
		next = next_heading(body, at + 1);
		if (next == at + 1 && body->page->paragraphs[at].heading < body->level)
			continue; /* it only groups those below it */
		Referat__Item *item = read_item(body, at, next);
		const struct section *sections;
		size_t n_sections = rf_sections_read(body->page->call, meeting, item, &sections);
		rf_decisions_find(body->page->call, meeting, item, (unsigned)items.n, sections, n_sections);
		item->has_sureness = true;
		item->sureness = sureness_of(body, at, item);
		rf_list_add(body->page->call, &items, item);
	}
	document->items = (Referat__Item **)items.items;
	document->n_items = items.n;
}

/* What stands above the title is the page's: the home link and corrections are kept, paths and dates of the page go. */
static void read_above(const struct referat_page *page, size_t title_at, Referat__Document *document,
		       struct list *notices)
{
	for (size_t i = 0; i < title_at; i++) {
		Referat__NoticeRole role = rf_notice_role(&page->paragraphs[i]);
		if (role == REFERAT__NOTICE_ROLE__HOME_LINK || role == REFERAT__NOTICE_ROLE__CORRECTION)
			rf_notices_read(page, i, i + 1, true, document, notices);
	}
}

/* Between title and first heading: lead and notices in any order. */
static void read_lead(const struct body *body, size_t to, Referat__Document *document, struct list *notices)
{
	const struct referat_page *page = body->page;
	struct list lead = {0};
	for (size_t i = body->from; i < to;) {
		bool notice = rf_notice_role(&page->paragraphs[i]) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED;
		size_t end = i + 1;
		while (end < to &&
		       (rf_notice_role(&page->paragraphs[end]) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED) == notice)
			end++;
		if (notice)
			rf_notices_read(page, i, end, true, document, notices);
		else
			add_blocks(body, i, end, &lead);
		i = end;
	}
	document->lead = (Referat__Block **)lead.items;
	document->n_lead = lead.n;
}

static void set_meeting(const struct referat_page *page, size_t title_at, const struct title *title,
			Referat__Document *document)
{
	struct referat_call *call = page->call;
	const struct referat_paragraph *line = &page->paragraphs[title_at];
	document->title = (char *)line->text;
	if (title->board) {
		document->board = referat_alloc(call, sizeof(*document->board));
		referat__board__init(document->board);
		document->board->name = (char *)title->board;
		document->board->place = rf_place_new(call, line);
	}
	Referat__Day *day = rf_meeting_day(call, title, line, document->n_lead, document->lead);
	if (!day && !title->extra)
		return;
	document->meeting = referat_alloc(call, sizeof(*document->meeting));
	referat__meeting__init(document->meeting);
	document->meeting->day = day;
	document->meeting->has_extra = title->extra;
	document->meeting->extra = title->extra;
}

void rf_items_read(const struct referat_page *page, size_t title_at, const struct title *title,
		   Referat__Document *document)
{
	struct list notices = {0};
	size_t from = title_at + 1;
	while (from < page->n && strcmp(page->paragraphs[from].text, page->paragraphs[title_at].text) == 0)
		from++; /* the title again, as a path and as a heading */
	struct body body = {.page = page, .from = from, .end = rf_notices_tail(page, from)};
	body.level = level_of_items(&body);
	size_t first = next_heading(&body, from);

	read_above(page, title_at, document, &notices);
	read_lead(&body, first, document, &notices);
	set_meeting(page, title_at, title, document);

	struct meeting meeting = {.year = title->year, .month = title->month, .day = title->day};
	if (title->board)
		meeting.board = referat_lower(page->call, title->board);
	rf_meeting_set_day(&meeting, document->meeting ? document->meeting->day : NULL);
	read_items(&body, first, &meeting, document);

	rf_notices_read(page, body.end, page->n, false, document, &notices);
	document->notices = (Referat__Notice **)notices.items;
	document->n_notices = notices.n;
}

size_t rf_count_decisions(const Referat__Document *document)
{
	size_t n = 0;
	for (size_t i = 0; i < document->n_items; i++)
		n += document->items[i]->n_decisions;
	return n;
}
