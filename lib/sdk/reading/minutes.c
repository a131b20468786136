/* Minutes and agendas in their plainest form: a cover, then items that begin with their number ("§ 54 Heading", or
 * "1. Heading" in an agenda). */
#include "structure.h"

#include <stdio.h>
#include <string.h>

enum { COVER_WITHIN = 60 }; /* paragraphs of the cover that are looked at */

static const struct sign {
	Referat__Kind kind;
	const char *word;
} signs[] = {
    {REFERAT__KIND__AGENDA, "föredragningslista"}, {REFERAT__KIND__AGENDA, "dagordning"},
    {REFERAT__KIND__AGENDA, "ärendelista"},        {REFERAT__KIND__AGENDA, "kallelse"},
    {REFERAT__KIND__MINUTES, "protokoll"},
};

/* The kind that a line of the cover names: the word alone, or the last in a short line. */
static Referat__Kind kind_of(const struct referat_paragraph *paragraph)
{
	if (!rf_is_short_line(paragraph) || rf_count_words(paragraph->text) > 6)
		return REFERAT__KIND__KIND_UNSPECIFIED;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(paragraph->lower, signs[i].word))
			return signs[i].kind;
	return REFERAT__KIND__KIND_UNSPECIFIED;
}

/* The size of the number at the front of a line: "§ 54", "§63.", "KS § 80", "§ 63/20"; 0: there is none. */
static size_t number_size(const char *text)
{
	size_t at = 0;
	const char *sign = strstr(text, "§");
	size_t before = sign ? (size_t)(sign - text) : 0;
	if (!sign || before > 6 || (before > 0 && text[before - 1] != ' ') || memchr(text, ',', before))
		return 0;
	for (size_t i = 0; i < before; i++)
		if (text[i] >= '0' && text[i] <= '9')
			return 0;
	at = before + strlen("§");
	if (rf_starts_with(text + at, "§"))
		return 0; /* "§§ 55-65": a range */
	at += strspn(text + at, " ");
	size_t digits = strspn(text + at, "0123456789");
	if (digits == 0 || digits > 4)
		return 0;
	at += digits;
	at += strspn(text + at, "/0123456789");
	at += strspn(text + at, "abcdef");
	return text[at] == '\0' || text[at] == ' ' || text[at] == '.' ? at : 0;
}

/* The items' beginnings; where they are marked as headings, nothing else is one. */
struct beginnings {
	Referat__Kind kind;
	bool marked;
};

static bool begins_item(const struct beginnings *beginnings, const struct referat_paragraph *paragraph)
{
	if (beginnings->marked && !paragraph->heading)
		return false;
	if (beginnings->kind == REFERAT__KIND__AGENDA && paragraph->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM)
		return true;
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && number_size(paragraph->text) > 0;
}

/* The size of a label of a case number at the front of a text in lower case; 0: there is none. */
static size_t case_label(const char *lower)
{
	static const char *const labels[] = {"dnr ",           "dnr: ",     "dnr. ",         "diarienummer ",
					     "diarienummer: ", "diarienr ", "ärendenummer ", "ärendenummer: "};
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (rf_starts_with(lower, labels[i]))
			return strlen(labels[i]);
	return 0;
}

/* A case number alone, without a label: "0509/23". */
static bool is_bare_case(const char *text)
{
	size_t serial = strspn(text, "0123456789");
	const char *rest = text + serial;
	return serial >= 2 && serial <= 6 && *rest == '/' && rest[1] &&
	       rest[1 + strspn(rest + 1, "0123456789")] == '\0';
}

/* The case number that a text consists of, without its label; NULL: it is something else. */
static char *case_number(struct referat_call *call, const char *text, const char *lower)
{
	size_t label = case_label(lower);
	return label || is_bare_case(text) ? rf_text_copy(call, text + label, strlen(text + label)) : NULL;
}

/* Number, case number and heading: on one line, or on lines of their own. Returns the paragraph after them. */
static size_t read_heading(const struct referat_page *page, size_t at, Referat__Item *item)
{
	struct referat_call *call = page->call;
	const struct referat_paragraph *paragraph = &page->paragraphs[at++];
	size_t size = paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH ? number_size(paragraph->text) : 0;
	if (size)
		item->number = rf_text_copy(call, paragraph->text, size);
	size += strspn(paragraph->text + size, ". ");
	const char *heading = paragraph->text + size;
	item->case_number = case_number(call, heading, paragraph->lower + size);
	if (item->case_number)
		heading = "";
	if (!*heading && at < page->n && !item->case_number) {
		item->case_number = case_number(call, page->paragraphs[at].text, page->paragraphs[at].lower);
		at += item->case_number != NULL;
	}
	if (!*heading && at < page->n && rf_is_short_line(&page->paragraphs[at]) &&
	    !number_size(page->paragraphs[at].text)) {
		paragraph = &page->paragraphs[at++];
		heading = paragraph->text;
	}
	item->heading = rf_text_copy(call, heading, strlen(heading));
	item->heading_place = rf_place_new(call, paragraph);
	return at;
}

static Referat__Item *begin_item(const struct referat_page *page, size_t at, size_t *next)
{
	Referat__Item *item = referat_alloc(page->call, sizeof(*item));
	referat__item__init(item);
	*next = read_heading(page, at, item);
	item->has_sureness = true;
	item->sureness = *item->heading ? REFERAT__SURENESS__READ : REFERAT__SURENESS__DOUBTFUL;
	return item;
}

static void read_blocks(const struct referat_page *page, size_t from, size_t to, Referat__Item *item)
{
	struct list blocks = {0};
	for (size_t i = from; i < to; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		if (!item->case_number && case_label(paragraph->lower)) {
			item->case_number = case_number(page->call, paragraph->text, paragraph->lower);
			continue;
		}
		bool heading = paragraph->heading || rf_label_of(paragraph) != LABEL_NONE;
		Referat__BlockKind kind = heading ? REFERAT__BLOCK_KIND__SUBHEADING : paragraph->kind;
		rf_list_add(page->call, &blocks, rf_block_new(page->call, kind, paragraph));
	}
	item->blocks = (Referat__Block **)blocks.items;
	item->n_blocks = blocks.n;
}

/* The board: the first line of the cover that ends in the name of a body. */
static void read_board(const struct referat_page *page, size_t cover, Referat__Document *document)
{
	for (size_t i = 0; i < cover; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		const char *last = strrchr(paragraph->lower, ' ');
		last = last ? last + 1 : paragraph->lower;
		if (!rf_is_short_line(paragraph) || rf_count_words(paragraph->text) > 5 ||
		    !rf_is_body(last, strlen(last)))
			continue;
		document->board = referat_alloc(page->call, sizeof(*document->board));
		referat__board__init(document->board);
		document->board->name = rf_text_copy(page->call, paragraph->text, strlen(paragraph->text));
		document->board->place = rf_place_new(page->call, paragraph);
		return;
	}
}

/* The day: of "Sammanträdesdatum", else the first whole date of the cover that is not of the adjustment or the notice.
 */
static void read_day(const struct referat_page *page, size_t cover, Referat__Document *document)
{
	const struct referat_paragraph *found = NULL;
	struct referat_date day = {0};
	for (size_t i = 0; i < cover; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		struct referat_date date;
		if (strstr(paragraph->lower, "juster") || strstr(paragraph->lower, "anslag") ||
		    !referat_date_find(paragraph->lower, 0, &date) || !date.year || !date.day)
			continue;
		bool labelled = strstr(paragraph->lower, "sammanträdesd") != NULL;
		if (!found || labelled) {
			found = paragraph;
			day = date;
		}
		if (labelled)
			break;
	}
	if (!found)
		return;
	document->meeting = referat_alloc(page->call, sizeof(*document->meeting));
	referat__meeting__init(document->meeting);
	document->meeting->day = rf_day_new(page->call, day.year, day.month, day.day, REFERAT__SURENESS__READ);
	document->meeting->day->place = rf_place_new(page->call, found);
}

static void read_items(const struct referat_page *page, size_t from, const struct beginnings *beginnings,
		       Referat__Document *document)
{
	struct meeting meeting = {0};
	if (document->board)
		meeting.board = referat_lower(page->call, document->board->name);
	rf_meeting_set_day(&meeting, document->meeting ? document->meeting->day : NULL);
	struct list items = {0};
	for (size_t at = from; at < page->n && items.n < MOST_ITEMS;) {
		size_t blocks;
		Referat__Item *item = begin_item(page, at, &blocks);
		size_t end = blocks;
		while (end < page->n && !begins_item(beginnings, &page->paragraphs[end]))
			end++;
		read_blocks(page, blocks, end, item);
		if (document->kind == REFERAT__KIND__MINUTES)
			rf_decisions_find(page->call, &meeting, item, (unsigned)items.n);
		rf_list_add(page->call, &items, item);
		at = end;
	}
	document->items = (Referat__Item **)items.items;
	document->n_items = items.n;
}

static bool has_marked_number(const struct referat_page *page)
{
	for (size_t i = 0; i < page->n; i++)
		if (page->paragraphs[i].heading && number_size(page->paragraphs[i].text))
			return true;
	return false;
}

bool rf_minutes_read(const struct referat_page *page, Referat__Document *document)
{
	Referat__Kind kind = REFERAT__KIND__KIND_UNSPECIFIED;
	size_t within = page->n < COVER_WITHIN ? page->n : COVER_WITHIN;
	size_t title = 0;
	for (; title < within && !kind; title++)
		kind = kind_of(&page->paragraphs[title]);
	size_t first = 0;
	struct beginnings beginnings = {.kind = kind, .marked = has_marked_number(page)};
	while (first < page->n && !begins_item(&beginnings, &page->paragraphs[first]))
		first++;
	if (!kind || first == page->n || title > first)
		return false;

	document->kind = kind;
	document->title = (char *)page->paragraphs[title - 1].text;
	read_board(page, first, document);
	read_day(page, first, document);
	read_items(page, first, &beginnings, document);
	return true;
}
