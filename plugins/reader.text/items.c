/* The body of a summary: lead, then items, each a heading (a short line without a final stop, with text below it) and
 * its text. A caption looks like a heading too; what may be one is marked as doubtful. */
#include "reader.h"

#include <stdio.h>
#include <string.h>

enum {
	MOST_HEADING = 150, /* characters */
	MOST_QUESTION = 100,
	CAPTION_WORDS = 3, /* a line of so few words without text below it is a caption */
};

Referat__Place *new_place(struct referat_call *call, const struct paragraph *paragraph)
{
	Referat__Place *place = referat_alloc(call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"source";
	place->has_line = place->has_last_line = true;
	place->line = paragraph->line;
	place->last_line = paragraph->last_line;
	return place;
}

Referat__Block *new_block(struct referat_call *call, Referat__BlockKind kind, const struct paragraph *paragraph)
{
	Referat__Block *block = referat_alloc(call, sizeof(*block));
	referat__block__init(block);
	block->has_kind = true;
	block->kind = kind;
	block->has_level = paragraph->level > 0 || kind == REFERAT__BLOCK_KIND__SUBHEADING;
	block->level = paragraph->level > 0 ? paragraph->level : 1;
	block->text = (char *)paragraph->text;
	block->place = new_place(call, paragraph);
	return block;
}

enum label label_of(const struct paragraph *paragraph)
{
	static const char *const decisions[] = {"beslut",
						"nämndens beslut",
						"styrelsens beslut",
						"kommunstyrelsens beslut",
						"kommunfullmäktiges beslut",
						"utskottets beslut"};
	static const char *const others[] = {"ärendet",
					     "ärendebeskrivning",
					     "beskrivning av ärendet",
					     "sammanfattning",
					     "sammanfattning av ärendet",
					     "bakgrund",
					     "bedömning",
					     "förslag till beslut",
					     "förvaltningens förslag",
					     "tidigare beslut",
					     "beslutsunderlag",
					     "underlag för beslut",
					     "handling",
					     "tidigare behandling",
					     "handlingar",
					     "bilagor",
					     "yrkande",
					     "yrkanden",
					     "beslutsgång",
					     "propositionsordning",
					     "omröstning",
					     "votering",
					     "reservation",
					     "reservationer",
					     "särskilt yttrande",
					     "protokollsanteckning",
					     "jäv",
					     "expedieras till",
					     "expedieras",
					     "skickas till",
					     "beslutet skickas till",
					     "paragrafen är justerad",
					     "motivering",
					     "information",
					     "överläggning",
					     "ordförandens förslag",
					     "arbetsutskottets förslag"};
	const char *lower = paragraph->lower;
	size_t size = strlen(lower);
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return LABEL_NONE;
	if (size && lower[size - 1] == ':')
		size--;
	for (size_t i = 0; i < sizeof(decisions) / sizeof(*decisions); i++)
		if (strlen(decisions[i]) == size && memcmp(decisions[i], lower, size) == 0)
			return LABEL_DECISION;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strlen(others[i]) == size && memcmp(others[i], lower, size) == 0)
			return LABEL_OTHER;
	return LABEL_NONE;
}

static size_t count_characters(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

bool is_short_line(const struct paragraph *paragraph)
{
	const char *text = paragraph->text;
	size_t length = count_characters(text);
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH || length > MOST_HEADING)
		return false;
	if (ends_with(text, "m.m.") || ends_with(text, "m.fl."))
		return true;
	char last = text[strlen(text) - 1];
	if (last == '?')
		return length <= MOST_QUESTION;
	return !strchr(".:;,!", last);
}

/* "Läs mer om …", "www.exempelby.se": the label of a link. */
static bool is_link_line(const struct paragraph *paragraph)
{
	static const char *const starts[] = {"läs mer", "läs hela", "läs om",  "se mer",  "länk till",
					     "till ",   "www.",     "http://", "https://"};
	if (!is_short_line(paragraph))
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (starts_with(paragraph->lower, starts[i]))
			return true;
	return false;
}

static bool is_caption(const struct paragraph *paragraph)
{
	static const char *const starts[] = {"foto:", "bild:", "fotograf:", "illustration:", "karta:", "bildtext:"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (starts_with(paragraph->lower, starts[i]) || strstr(paragraph->lower, " foto:"))
			return true;
	return false;
}

/* "Nämnden antog planen. Enligt den ska", before a list: a sentence that goes on, or that has one before it. */
static bool is_open_sentence(const struct paragraph *paragraph)
{
	static const char *const ends[] = {" ska", " att", " är", " för", " av", " och", " följande", " bland annat"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (ends_with(paragraph->lower, ends[i]))
			return true;
	for (const char *stop = strstr(paragraph->text, ". "); stop; stop = strstr(stop + 1, ". "))
		if (is_capital(stop + 2) && stop > paragraph->text + 1 && stop[-2] != '.' && stop[-2] != ' ')
			return true;
	return false;
}

/* May the paragraph be a heading, as far as its own words tell? */
static bool looks_like_heading(const struct paragraph *paragraph)
{
	return is_short_line(paragraph) && !is_open_sentence(paragraph) && !notice_role(paragraph) &&
	       !is_link_line(paragraph) && !is_caption(paragraph) && label_of(paragraph) == LABEL_NONE;
}

/* A heading has text below it; one of some words may have lost its text, one of few is a caption. */
static bool is_heading(const struct page *page, size_t at, size_t end)
{
	const struct paragraph *paragraph = &page->paragraphs[at];
	if (!looks_like_heading(paragraph))
		return false;
	bool text_below = at + 1 < end && !looks_like_heading(paragraph + 1) && !notice_role(paragraph + 1);
	return text_below || count_words(paragraph->text) > CAPTION_WORDS;
}

static Referat__BlockKind kind_of(const struct paragraph *paragraph)
{
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return paragraph->kind;
	if (label_of(paragraph) != LABEL_NONE)
		return REFERAT__BLOCK_KIND__SUBHEADING;
	return is_link_line(paragraph) ? REFERAT__BLOCK_KIND__LINK_LINE : REFERAT__BLOCK_KIND__PARAGRAPH;
}

static void add_blocks(const struct page *page, size_t from, size_t to, struct list *blocks)
{
	for (size_t i = from; i < to; i++)
		list_add(page->call, blocks,
			 new_block(page->call, kind_of(&page->paragraphs[i]), &page->paragraphs[i]));
}

static Referat__Item *read_item(const struct page *page, size_t heading, size_t end)
{
	struct referat_call *call = page->call;
	const struct paragraph *paragraph = &page->paragraphs[heading];
	Referat__Item *item = referat_alloc(call, sizeof(*item));
	referat__item__init(item);
	item->heading = (char *)paragraph->text;
	item->heading_place = new_place(call, paragraph);
	struct list blocks = {0};
	add_blocks(page, heading + 1, end, &blocks);
	item->blocks = (Referat__Block **)blocks.items;
	item->n_blocks = blocks.n;
	return item;
}

/* A short line above, no text below, or so few words without a decision: it may be a caption. */
static Referat__Sureness sureness_of(const struct page *page, size_t heading, const Referat__Item *item)
{
	const struct paragraph *paragraph = &page->paragraphs[heading];
	bool line_above =
	    heading > 0 && looks_like_heading(paragraph - 1) && count_words(paragraph[-1].text) <= CAPTION_WORDS;
	bool few_words = count_words(paragraph->text) < CAPTION_WORDS && item->n_decisions == 0;
	return line_above || few_words || item->n_blocks == 0 ? REFERAT__SURENESS__DOUBTFUL : REFERAT__SURENESS__READ;
}

static void read_items(const struct page *page, size_t from, size_t end, const struct meeting *meeting,
		       Referat__Document *document)
{
	struct list items = {0};
	for (size_t at = from; at < end && items.n < MOST_ITEMS;) {
		size_t next = at + 1;
		while (next < end && !is_heading(page, next, end))
			next++;
		Referat__Item *item = read_item(page, at, next);
		decisions_find(page->call, meeting, item, (unsigned)items.n);
		item->has_sureness = true;
		item->sureness = sureness_of(page, at, item);
		list_add(page->call, &items, item);
		at = next;
	}
	document->items = (Referat__Item **)items.items;
	document->n_items = items.n;
}

/* What stands above the title is the page's: the home link and corrections are kept, paths and dates of the page go. */
static void read_above(const struct page *page, size_t title_at, Referat__Document *document, struct list *notices)
{
	for (size_t i = 0; i < title_at; i++) {
		Referat__NoticeRole role = notice_role(&page->paragraphs[i]);
		if (role == REFERAT__NOTICE_ROLE__HOME_LINK || role == REFERAT__NOTICE_ROLE__CORRECTION)
			notices_read(page, i, i + 1, true, document, notices);
	}
}

/* Between title and first heading: lead and notices in any order. */
static void read_lead(const struct page *page, size_t from, size_t to, Referat__Document *document,
		      struct list *notices)
{
	struct list lead = {0};
	for (size_t i = from; i < to;) {
		bool notice = notice_role(&page->paragraphs[i]) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED;
		size_t end = i + 1;
		while (end < to &&
		       (notice_role(&page->paragraphs[end]) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED) == notice)
			end++;
		if (notice)
			notices_read(page, i, end, true, document, notices);
		else
			add_blocks(page, i, end, &lead);
		i = end;
	}
	document->lead = (Referat__Block **)lead.items;
	document->n_lead = lead.n;
}

static void set_meeting(const struct page *page, size_t title_at, const struct title *title,
			Referat__Document *document)
{
	struct referat_call *call = page->call;
	const struct paragraph *line = &page->paragraphs[title_at];
	document->title = (char *)line->text;
	if (title->board) {
		document->board = referat_alloc(call, sizeof(*document->board));
		referat__board__init(document->board);
		document->board->name = (char *)title->board;
		document->board->place = new_place(call, line);
	}
	Referat__Day *day = meeting_day(call, title, line, document->n_lead, document->lead);
	if (!day && !title->extra)
		return;
	document->meeting = referat_alloc(call, sizeof(*document->meeting));
	referat__meeting__init(document->meeting);
	document->meeting->day = day;
	document->meeting->has_extra = title->extra;
	document->meeting->extra = title->extra;
}

void items_read(const struct page *page, size_t title_at, const struct title *title, Referat__Document *document)
{
	struct list notices = {0};
	size_t from = title_at + 1;
	while (from < page->n && strcmp(page->paragraphs[from].text, page->paragraphs[title_at].text) == 0)
		from++; /* the title again, as a path and as a heading */
	size_t tail = notices_tail(page, from);
	size_t first = from;
	while (first < tail && !is_heading(page, first, tail))
		first++;

	read_above(page, title_at, document, &notices);
	read_lead(page, from, first, document, &notices);
	set_meeting(page, title_at, title, document);

	struct meeting meeting = {.year = title->year, .month = title->month, .day = title->day};
	if (title->board)
		meeting.board = referat_lower(page->call, title->board);
	set_day(&meeting, document->meeting ? document->meeting->day : NULL);
	read_items(page, first, tail, &meeting, document);

	notices_read(page, tail, page->n, false, document, &notices);
	document->notices = (Referat__Notice **)notices.items;
	document->n_notices = notices.n;
}

size_t count_decisions(const Referat__Document *document)
{
	size_t n = 0;
	for (size_t i = 0; i < document->n_items; i++)
		n += document->items[i]->n_decisions;
	return n;
}
