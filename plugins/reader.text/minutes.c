/* Minutes and agendas in their plainest form: a cover, then items that begin with their number ("§ 54 Heading", or
 * "1. Heading" in an agenda). */
#include "reader.h"

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
static Referat__Kind kind_of(const struct paragraph *paragraph)
{
	if (!is_short_line(paragraph) || count_words(paragraph->text) > 6)
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
	if (starts_with(text + at, "§"))
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

static bool begins_item(const struct paragraph *paragraph, Referat__Kind kind)
{
	if (kind == REFERAT__KIND__AGENDA && paragraph->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM)
		return true;
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && number_size(paragraph->text) > 0;
}

static size_t case_label(const struct paragraph *paragraph)
{
	static const char *const labels[] = {"dnr ",           "dnr: ",     "dnr. ",        "diarienummer ",
					     "diarienummer: ", "diarienr ", "ärendenummer "};
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (starts_with(paragraph->lower, labels[i]))
			return strlen(labels[i]);
	return 0;
}

static char *case_number(const struct page *page, size_t at)
{
	const struct paragraph *paragraph = &page->paragraphs[at];
	const char *number = paragraph->text + case_label(paragraph);
	return copy(page->call, number, strlen(number));
}

static Referat__Item *begin_item(const struct page *page, size_t at, size_t *next)
{
	struct referat_call *call = page->call;
	const struct paragraph *paragraph = &page->paragraphs[at];
	Referat__Item *item = referat_alloc(call, sizeof(*item));
	referat__item__init(item);
	*next = at + 1;
	size_t size = paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH ? number_size(paragraph->text) : 0;
	const char *heading = paragraph->text + size;
	if (size)
		item->number = copy(call, paragraph->text, size);
	heading += strspn(heading, ". ");
	if (!*heading && *next < page->n && case_label(&page->paragraphs[*next]))
		item->case_number = case_number(page, (*next)++);
	if (!*heading && *next < page->n && is_short_line(&page->paragraphs[*next]) &&
	    !number_size(page->paragraphs[*next].text)) {
		paragraph = &page->paragraphs[(*next)++];
		heading = paragraph->text;
	}
	item->heading = copy(call, heading, strlen(heading));
	item->heading_place = new_place(call, paragraph);
	item->has_sureness = true;
	item->sureness = *heading ? REFERAT__SURENESS__READ : REFERAT__SURENESS__DOUBTFUL;
	return item;
}

static void read_blocks(const struct page *page, size_t from, size_t to, Referat__Item *item)
{
	struct list blocks = {0};
	for (size_t i = from; i < to; i++) {
		const struct paragraph *paragraph = &page->paragraphs[i];
		if (case_label(paragraph) && !item->case_number) {
			item->case_number = case_number(page, i);
			continue;
		}
		Referat__BlockKind kind =
		    label_of(paragraph) != LABEL_NONE ? REFERAT__BLOCK_KIND__SUBHEADING : paragraph->kind;
		list_add(page->call, &blocks, new_block(page->call, kind, paragraph));
	}
	item->blocks = (Referat__Block **)blocks.items;
	item->n_blocks = blocks.n;
}

/* The board: the first line of the cover that ends in the name of a body. */
static void read_board(const struct page *page, size_t cover, Referat__Document *document)
{
	for (size_t i = 0; i < cover; i++) {
		const struct paragraph *paragraph = &page->paragraphs[i];
		const char *last = strrchr(paragraph->lower, ' ');
		last = last ? last + 1 : paragraph->lower;
		if (!is_short_line(paragraph) || count_words(paragraph->text) > 5 || !is_body(last, strlen(last)))
			continue;
		document->board = referat_alloc(page->call, sizeof(*document->board));
		referat__board__init(document->board);
		document->board->name = copy(page->call, paragraph->text, strlen(paragraph->text));
		document->board->place = new_place(page->call, paragraph);
		return;
	}
}

/* The day: of "Sammanträdesdatum", else the first whole date of the cover that is not of the adjustment or the notice.
 */
static void read_day(const struct page *page, size_t cover, Referat__Document *document)
{
	const struct paragraph *found = NULL;
	struct referat_date day = {0};
	for (size_t i = 0; i < cover; i++) {
		const struct paragraph *paragraph = &page->paragraphs[i];
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
	document->meeting->day = new_day(page->call, day.year, day.month, day.day, REFERAT__SURENESS__READ);
	document->meeting->day->place = new_place(page->call, found);
}

static void read_items(const struct page *page, size_t from, Referat__Document *document)
{
	struct meeting meeting = {0};
	if (document->board)
		meeting.board = referat_lower(page->call, document->board->name);
	set_day(&meeting, document->meeting ? document->meeting->day : NULL);
	struct list items = {0};
	for (size_t at = from; at < page->n && items.n < MOST_ITEMS;) {
		size_t blocks;
		Referat__Item *item = begin_item(page, at, &blocks);
		size_t end = blocks;
		while (end < page->n && !begins_item(&page->paragraphs[end], document->kind))
			end++;
		read_blocks(page, blocks, end, item);
		if (document->kind == REFERAT__KIND__MINUTES)
			decisions_find(page->call, &meeting, item, (unsigned)items.n);
		list_add(page->call, &items, item);
		at = end;
	}
	document->items = (Referat__Item **)items.items;
	document->n_items = items.n;
}

bool minutes_read(const struct page *page, Referat__Document *document)
{
	Referat__Kind kind = REFERAT__KIND__KIND_UNSPECIFIED;
	size_t within = page->n < COVER_WITHIN ? page->n : COVER_WITHIN;
	size_t title = 0;
	for (; title < within && !kind; title++)
		kind = kind_of(&page->paragraphs[title]);
	size_t first = 0;
	while (first < page->n && !begins_item(&page->paragraphs[first], kind))
		first++;
	if (!kind || first == page->n || title > first)
		return false;

	document->kind = kind;
	document->title = (char *)page->paragraphs[title - 1].text;
	read_board(page, first, document);
	read_day(page, first, document);
	read_items(page, first, document);
	return true;
}
