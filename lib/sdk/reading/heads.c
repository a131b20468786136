/* The front of an item: its number, its case number and its heading, in any order and on one line or several. */
#include "starts.h"

#include <string.h>

enum { MOST_HEADING = 400 };

/* A text without a range, and with single spaces. */
static char *text_without(struct referat_call *call, const char *text, size_t from, size_t to)
{
	char *own = referat_alloc(call, strlen(text) + 1);
	size_t n = 0;
	for (size_t i = 0; text[i]; i++) {
		if (i >= from && i < to)
			continue;
		bool space = text[i] == ' ' || text[i] == '\t';
		if (space && (n == 0 || own[n - 1] == ' '))
			continue;
		own[n++] = space ? ' ' : text[i];
	}
	while (n > 0 && strchr(" ,/", own[n - 1]))
		n--;
	own[n] = '\0';
	return own + strspn(own, ". ");
}

struct head {
	struct referat_call *call;
	Referat__Item *item;
	const char *heading; /* so far; "" */
	const struct referat_paragraph *place;
};

static void add_case(struct head *head, const char *text, size_t start, size_t end)
{
	char *number = text_without(head->call, rf_text_copy(head->call, text + start, end - start), 0, 0);
	head->item->case_number = head->item->case_number
				      ? (char *)referat_format(head->call, "%s, %s", head->item->case_number, number)
				      : number;
}

/* "Redovisning av …", "TN Redovisning av …": where the heading begins, behind a label whose number was lost; NULL:
 * none does. */
static const char *heading_after(const char *text)
{
	enum { MOST_BOARD = 5 };
	size_t board = 0;
	while (text[board] >= 'A' && text[board] <= 'Z')
		board++;
	if (board > 1 && board <= MOST_BOARD && text[board] == ' ')
		text += board + 1;
	return referat_is_capital(text) && !referat_is_capital(text + 1) && strchr(text, ' ') ? text : NULL;
}

/* "Dnr 2012/ Svar på …", "Upprop Dnr": the end of the number, or all of it, was lost: it tells nothing. */
static bool find_lost_case(const char *text, size_t *from, size_t *to)
{
	static const char label[] = "Dnr";
	const char *at = strstr(text, label);
	if (!at || (at > text && at[-1] != ' '))
		return false;
	const char *end = at + strlen(label);
	const char *number = end + strspn(end, " .:");
	size_t size = strcspn(number, " ");
	if (size > 1 && number[size - 1] == '/')
		end = number + size;
	else if (at == text && heading_after(number))
		end = heading_after(number);
	else if (*number != '\0')
		return false;
	*from = (size_t)(at - text);
	*to = (size_t)(end - text);
	return true;
}

/* Takes the case number out of a text of the head; what is left belongs to the heading. */
static const char *take_case(struct head *head, const char *text)
{
	struct case_number found;
	size_t from = 0;
	size_t to = 0;
	if (!rf_case_find(text, referat_lower(head->call, text), &found)) {
		find_lost_case(text, &from, &to);
		return text_without(head->call, text, from, to);
	}
	add_case(head, text, found.start, found.end);
	char *rest = text_without(head->call, text, found.from, found.to);
	size_t size = strlen(rest);
	if (size > 0 && text[found.to] == '\0' && rest[size - 1] == '.')
		rest[size - 1] = '\0'; /* "Ny avgift. Dnr SN 2017:88" */
	return rest;
}

static bool is_case_line(const struct referat_paragraph *paragraph)
{
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && rf_is_case_line(paragraph->text, paragraph->lower);
}

static void take_case_line(struct head *head, const struct referat_paragraph *paragraph)
{
	struct case_number found;
	rf_case_find(paragraph->text, paragraph->lower, &found);
	size_t end = strlen(paragraph->text);
	while (end > found.end && strchr(")] .", paragraph->text[end - 1])) /* brackets around the whole line */
		end--;
	add_case(head, paragraph->text, found.start, end);
}

static bool ends_head(const struct referat_paragraph *paragraph)
{
	return rf_label_at(paragraph->lower, strlen(paragraph->lower), NULL) != LABEL_NONE;
}

/* A second line of the heading: short, no sentence, and the text begins after it. */
static bool continues_heading(const struct referat_page *page, size_t at, size_t end)
{
	const struct referat_paragraph *line = &page->paragraphs[at];
	bool apart = line->line > 0 && line->line != page->paragraphs[at - 1].last_line + 1;
	if (at + 1 >= end || line->kind != REFERAT__BLOCK_KIND__PARAGRAPH || ends_head(line) || is_case_line(line) ||
	    !rf_is_short_line(line) || apart)
		return false;
	return ends_head(line + 1) || is_case_line(line + 1);
}

/* "Ärende: Patientavgifter": the size of what calls it a heading; 0: nothing does. */
static size_t heading_label(const struct referat_paragraph *paragraph)
{
	static const char *const labels[] = {"ärende: ", "rubrik: ", "ärenderubrik: ", "ärendemening: "};
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (rf_starts_with(paragraph->lower, labels[i]))
			return strlen(labels[i]);
	return 0;
}

static bool may_be_heading(const struct referat_paragraph *paragraph)
{
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && !ends_head(paragraph) &&
	       strlen(paragraph->text) <= MOST_HEADING &&
	       (!rf_ends_with(paragraph->text, ".") || rf_is_short_line(paragraph));
}

/* "Information", alone below the number: the heading, though it is a label where it stands below one. */
static bool is_label_as_heading(const struct referat_page *page, size_t at, size_t end)
{
	static const char *const words[] = {"information", "jäv", "anmälan om jäv", "jävsanmälan", "ajournering"};
	const struct referat_paragraph *line = &page->paragraphs[at];
	bool text_below =
	    at + 1 == end || ends_head(line + 1) || !rf_is_short_line(line + 1) || rf_ends_with(line[1].text, ".");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(line->lower, words[i]) == 0)
			return text_below;
	return false;
}

/* "Au § 34 Sn § 21" behind the item's own number: those of the bodies that had it before. */
static size_t other_numbers(const char *text)
{
	size_t at = 0;
	struct item_number number;
	for (size_t size; (size = rf_number_at(text + at, &number)) > 0 && number.form == NUMBER_SIGN; at += size)
		size += strspn(text + at + size, " ");
	return at;
}

/* The same on a line of its own. */
static bool is_other_number(const struct referat_paragraph *paragraph)
{
	struct item_number number;
	return paragraph->kind == REFERAT__BLOCK_KIND__PARAGRAPH && rf_number_at(paragraph->text, &number) > 0 &&
	       number.form == NUMBER_SIGN && rf_is_number_line(paragraph->text, paragraph->lower);
}

/* On one line, or on lines of their own. */
size_t rf_head_read(const struct referat_page *page, const struct start *start, size_t end, Referat__Item *item)
{
	const struct referat_paragraph *paragraph = &page->paragraphs[start->at];
	struct head head = {.call = page->call, .item = item, .heading = "", .place = paragraph};
	size_t size = start->numbered ? start->number.size : 0;
	if (start->numbered && !size)
		item->number = (char *)referat_format(page->call, "%u", start->number.number);
	if (size) {
		size_t printed = paragraph->text[size - 1] == '.' || paragraph->text[size - 1] == ':' ? size - 1 : size;
		item->number = rf_text_copy(page->call, paragraph->text, printed);
	}
	const char *rest = paragraph->text + size;
	rest += strspn(rest, ".: ");
	rest += size ? other_numbers(rest) : 0;
	if (rf_starts_with(rest, "– ") || rf_starts_with(rest, "- "))
		rest += strcspn(rest, " ") + 1;
	head.heading = take_case(&head, rest);
	for (size_t above = start->other; above < start->at; above++)
		take_case(&head, page->paragraphs[above].text);
	if (start->other > start->at && start->other != SIZE_MAX)
		take_case(&head, page->paragraphs[start->other].text);
	size_t at = start->at + 1;
	for (; at < end; at++) {
		const struct referat_paragraph *next = &page->paragraphs[at];
		if (at == start->other)
			continue;
		if (!*head.heading && is_other_number(next)) {
			take_case(&head, next->text);
		} else if (is_case_line(next) && (!item->case_number || !*head.heading)) {
			take_case_line(&head, next);
		} else if (!*head.heading && heading_label(next)) {
			head.heading = take_case(&head, next->text + heading_label(next));
			head.place = next;
		} else if (!*head.heading && (may_be_heading(next) || is_label_as_heading(page, at, end))) {
			head.heading = take_case(&head, next->text);
			head.place = next;
		} else if (*head.heading && continues_heading(page, at, end)) {
			head.heading = referat_format(page->call, "%s %s", head.heading, take_case(&head, next->text));
		} else {
			break;
		}
	}
	item->heading = rf_text_copy(page->call, head.heading, strlen(head.heading));
	item->heading_place = rf_place_new(page->call, head.place);
	item->has_sureness = true;
	item->sureness = *item->heading ? REFERAT__SURENESS__READ : REFERAT__SURENESS__DOUBTFUL;
	return at;
}

void rf_head_add_case(const struct referat_page *page, const struct referat_paragraph *line, Referat__Item *item)
{
	take_case_line(&(struct head){.call = page->call, .item = item}, line);
}
