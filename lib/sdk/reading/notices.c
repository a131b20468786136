/* What belongs to the page and not to the matter, told by how it begins or by the words in it. */
#include "structure.h"

#include <string.h>

enum { MOST_NOTICE = 600 }; /* bytes: a longer paragraph is about the matter */

/* A paragraph has the role when it begins with `start` (NULL: any) and has both words (NULL: no matter). */
static const struct sign {
	Referat__NoticeRole role;
	const char *start;
	const char *word;
	const char *other;
} signs[] = {
    {REFERAT__NOTICE_ROLE__HOME_LINK, "länk till startsidan", NULL, NULL},
    {REFERAT__NOTICE_ROLE__HOME_LINK, "till startsidan", NULL, NULL},
    {REFERAT__NOTICE_ROLE__AGE_NOTICE, "denna artikel är äldre än", NULL, NULL},
    {REFERAT__NOTICE_ROLE__AGE_NOTICE, "denna sida är äldre än", NULL, NULL},
    {REFERAT__NOTICE_ROLE__AGE_NOTICE, "den här sidan är äldre än", NULL, NULL},
    {REFERAT__NOTICE_ROLE__AGE_NOTICE, "den här artikeln är äldre än", NULL, NULL},
    {REFERAT__NOTICE_ROLE__CORRECTION, "rättelse ", NULL, NULL},
    {REFERAT__NOTICE_ROLE__CORRECTION, "rättelse:", NULL, NULL},
    {REFERAT__NOTICE_ROLE__MEETINGS, "kommande möten", NULL, NULL},
    {REFERAT__NOTICE_ROLE__MEETINGS, "kommande sammanträden", NULL, NULL},
    {REFERAT__NOTICE_ROLE__MEETINGS, "möten och ledamöter", NULL, NULL},
    {REFERAT__NOTICE_ROLE__DOCUMENTS, "möten och protokoll", NULL, NULL},
    {REFERAT__NOTICE_ROLE__FOLLOW, "vill du ta del av fler", NULL, NULL},
    {REFERAT__NOTICE_ROLE__FOLLOW, "alla aktuella beslut", NULL, NULL},
    {REFERAT__NOTICE_ROLE__FOLLOW, "se alla aktuella beslut", NULL, NULL},
    {REFERAT__NOTICE_ROLE__FOLLOW, "prenumerera på", NULL, NULL},
    {REFERAT__NOTICE_ROLE__FOLLOW, "följ denna nyhetslista", NULL, NULL},
    {REFERAT__NOTICE_ROLE__FOLLOW, "du kan också prenumerera", NULL, NULL},
    {REFERAT__NOTICE_ROLE__UPDATED, "uppdaterad:", NULL, NULL},
    {REFERAT__NOTICE_ROLE__UPDATED, "senast uppdaterad", NULL, NULL},
    {REFERAT__NOTICE_ROLE__UPDATED, "sidan uppdaterad", NULL, NULL},
    {REFERAT__NOTICE_ROLE__UPDATED, "publicerad:", NULL, NULL},
    {REFERAT__NOTICE_ROLE__SHARE, "dela sidan", NULL, NULL},
    {REFERAT__NOTICE_ROLE__SHARE, "dela artikeln", NULL, NULL},
    {REFERAT__NOTICE_ROLE__SHARE, "dela på ", NULL, NULL},
    {REFERAT__NOTICE_ROLE__MINUTES_DELAY, NULL, "dröja", "protokoll"},
    {REFERAT__NOTICE_ROLE__MINUTES_DELAY, NULL, "protokoll", "publiceras när"},
    {REFERAT__NOTICE_ROLE__DOCUMENTS, "samtliga", "handlingar", NULL},
    {REFERAT__NOTICE_ROLE__DOCUMENTS, "alla", "handlingar", "finns"},
    {REFERAT__NOTICE_ROLE__DOCUMENTS, "här hittar du", "handlingar", NULL},
    {REFERAT__NOTICE_ROLE__DOCUMENTS, "handlingar", "finns", NULL},
    {REFERAT__NOTICE_ROLE__DOCUMENTS, NULL, "handlingarna", "finns tillgängliga"},
};

/* A line that is a date and nothing else says when the page was made: "17 december, 2018". */
static bool is_date_line(const char *lower)
{
	struct referat_date date;
	return referat_date_find(lower, 0, &date) && date.year && date.day && date.start == 0 &&
	       lower[date.end] == '\0';
}

Referat__NoticeRole rf_notice_role(const struct referat_paragraph *paragraph)
{
	const char *lower = paragraph->lower;
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH || strlen(lower) > MOST_NOTICE)
		return REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		const struct sign *sign = &signs[i];
		if ((!sign->start || rf_starts_with(lower, sign->start)) &&
		    (!sign->word || strstr(lower, sign->word)) && (!sign->other || strstr(lower, sign->other)))
			return sign->role;
	}
	if (is_date_line(lower))
		return REFERAT__NOTICE_ROLE__UPDATED;
	return REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED;
}

/* From its heading on, everything tells where there is more to read. */
static bool begins_follow(const struct referat_paragraph *paragraph)
{
	return rf_starts_with(paragraph->lower, "vill du ta del av fler");
}

size_t rf_notices_tail(const struct referat_page *page, size_t from)
{
	for (size_t i = from; i < page->n; i++)
		if (begins_follow(&page->paragraphs[i])) {
			while (i > from && rf_notice_role(&page->paragraphs[i - 1]))
				i--;
			return i;
		}
	size_t tail = page->n;
	while (tail > from && rf_notice_role(&page->paragraphs[tail - 1]))
		tail--;
	return tail;
}

/* "Rättelse 2024-04-22: beloppet är ändrat." */
static Referat__Change *read_correction(struct referat_call *call, const struct referat_paragraph *paragraph)
{
	Referat__Change *change = referat_alloc(call, sizeof(*change));
	referat__change__init(change);
	change->has_major = true;
	change->major = true;
	struct referat_date date;
	const char *colon = strchr(paragraph->text, ':');
	size_t head = colon ? (size_t)(colon - paragraph->text) : strlen(paragraph->text);
	if (referat_date_find(paragraph->lower, 0, &date) && date.start < head && date.year && date.day)
		change->date = (char *)referat_format(call, "%04d-%02d-%02d", date.year, date.month, date.day);
	const char *note = colon ? colon + 1 : paragraph->text;
	note += strspn(note, " ");
	change->note = rf_text_copy(call, note, strlen(note));
	return change;
}

/* A short line that ends in no stop is the label of a link. */
static Referat__BlockKind kind_of(const struct referat_paragraph *paragraph, Referat__NoticeRole role, bool first)
{
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return paragraph->kind;
	if (role == REFERAT__NOTICE_ROLE__FOLLOW && first && begins_follow(paragraph))
		return REFERAT__BLOCK_KIND__SUBHEADING;
	if (paragraph->heading)
		return REFERAT__BLOCK_KIND__SUBHEADING;
	bool page_line = role == REFERAT__NOTICE_ROLE__UPDATED || role == REFERAT__NOTICE_ROLE__SHARE;
	bool sentence = rf_ends_with(paragraph->text, ".") || rf_ends_with(paragraph->text, ":");
	return page_line || sentence ? REFERAT__BLOCK_KIND__PARAGRAPH : REFERAT__BLOCK_KIND__LINK_LINE;
}

static Referat__Notice *new_notice(struct referat_call *call, Referat__NoticeRole role, bool before_items)
{
	Referat__Notice *notice = referat_alloc(call, sizeof(*notice));
	referat__notice__init(notice);
	notice->has_role = true;
	notice->role = role;
	notice->has_before_items = true;
	notice->before_items = before_items;
	return notice;
}

void rf_notices_read(const struct referat_page *page, size_t from, size_t to, bool before_items,
		     Referat__Document *document, struct list *notices)
{
	struct list blocks = {0};
	Referat__Notice *open = NULL;
	bool follow = false;
	for (size_t i = from; i < to; i++) {
		const struct referat_paragraph *paragraph = &page->paragraphs[i];
		Referat__NoticeRole role = rf_notice_role(paragraph);
		if (role == REFERAT__NOTICE_ROLE__AGE_NOTICE)
			continue;
		follow = follow || begins_follow(paragraph);
		if (role == REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED && follow)
			role = REFERAT__NOTICE_ROLE__FOLLOW;
		if (!open || open->role != role) {
			open = new_notice(page->call, role, before_items);
			rf_list_add(page->call, notices, open);
			blocks = (struct list){0};
		}
		Referat__Block *block = rf_block_new(page->call, kind_of(paragraph, role, blocks.n == 0), paragraph);
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING) {
			block->has_level = true;
			block->level = 1;
		}
		rf_list_add(page->call, &blocks, block);
		open->blocks = (Referat__Block **)blocks.items;
		open->n_blocks = blocks.n;
		if (role == REFERAT__NOTICE_ROLE__CORRECTION)
			document->correction = read_correction(page->call, paragraph);
	}
}
