/* Heads and feet: lines that stand at the edge of most pages, the same but for their numbers; and notes. */
#include "reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	EDGE = 6,      /* lines from the top or the bottom of a page */
	SHARE = 60,    /* per cent of the pages, or of those with odd or even numbers */
	LONGEST = 160, /* bytes that are compared */
};

static const double note_size = 0.87; /* of the body's: letters of notes are smaller */
static const double same_height = 4;  /* points: heads and feet stand at one place of all pages */

/* A line at an edge, as it is compared. */
struct mark {
	char text[LONGEST];
	struct line *line;
	bool upper; /* it stands in the upper half of its page's lines */
};

/* The line's text with each number as one "#". */
static void fold(const struct line *line, char *text)
{
	size_t used = 0;
	bool in_number = false;
	for (size_t i = 0; i < line->n_cells && used + 2 < LONGEST; i++) {
		for (const char *at = line->cells[i].text; *at && used + 2 < LONGEST; at++) {
			bool digit = isdigit((unsigned char)*at);
			if (!digit || !in_number)
				text[used++] = digit ? '#' : *at;
			in_number = digit;
		}
		text[used++] = ' ';
	}
	text[used] = '\0';
}

static int compare_numbers(double one, double other)
{
	return (one > other) - (one < other);
}

/* By text, then by height on the page. */
static int by_text(const void *a, const void *b)
{
	const struct mark *one = a;
	const struct mark *other = b;
	int order = strcmp(one->text, other->text);
	return order ? order : compare_numbers(one->line->box.top, other->line->box.top);
}

static bool is_same(const struct mark *one, const struct mark *other)
{
	return strcmp(one->text, other->text) == 0 && other->line->box.top - one->line->box.top < same_height;
}

/* Adds the lines of one page that stand at its edges. */
static size_t add_edges(struct line *lines, size_t n, struct mark *marks)
{
	size_t added = 0;
	for (size_t i = 0; i < n; i++) {
		if (i >= EDGE && i + EDGE < n)
			continue;
		marks[added].line = &lines[i];
		marks[added].upper = 2 * i < n;
		fold(&lines[i], marks[added++].text);
	}
	return added;
}

static size_t collect(struct pages *pages, struct mark *marks)
{
	size_t n = 0;
	for (size_t at = 0; at < pages->n_lines;) {
		size_t end = at;
		while (end < pages->n_lines && pages->lines[end].page == pages->lines[at].page)
			end++;
		n += add_edges(pages->lines + at, end - at, marks + n);
		at = end;
	}
	return n;
}

/* A page has a text at one height only once. */
static const struct mark *first_of(const struct mark *marks, size_t n)
{
	const struct mark *first = marks;
	for (size_t i = 1; i < n; i++)
		if (marks[i].line < first->line)
			first = &marks[i];
	return first;
}

/* A number and little else ("3 (74)", "Sida 3") says nothing of the matter, not even once. */
static bool is_page_number(const char *folded)
{
	size_t letters = 0;
	for (const char *at = folded; *at; at++)
		letters += (unsigned char)*at >= 0x80 || isalpha((unsigned char)*at);
	return strchr(folded, '#') && letters <= 8;
}

/* Pages that may have the text: all, or those with odd or even numbers when it stands on no other. */
static size_t count_pages(const struct pages *pages, const struct mark *marks, size_t n)
{
	size_t odd = 0;
	for (size_t i = 0; i < n; i++)
		odd += marks[i].line->page % 2;
	if (odd == n && n > 1)
		return (pages->n_pages + 1) / 2;
	return odd == 0 && n > 1 ? pages->n_pages / 2 : pages->n_pages;
}

/* Labels and items may begin at the same height on several pages. */
static bool begins_part(const struct pages *pages, const struct line *line)
{
	return referat_join_of(pages->call, "", line->cells[0].text) == REFERAT_JOIN_BEGINS;
}

/* The head of the first page stays, for what it says of the matter. */
static void mark_group(const struct pages *pages, struct mark *marks, size_t n)
{
	const struct mark *first = first_of(marks, n);
	bool is_head = first->upper && first->line->page == pages->lines->page;
	if (n < 2 || begins_part(pages, first->line) || n * 100 < count_pages(pages, marks, n) * SHARE)
		return;
	for (size_t i = 0; i < n; i++)
		marks[i].line->furniture = &marks[i] != first || !is_head || is_page_number(marks[i].text);
}

static void mark_repeated(struct pages *pages)
{
	struct mark *marks = referat_alloc(pages->call, ((size_t)pages->n_pages * 2 * EDGE + 1) * sizeof(*marks));
	size_t n = collect(pages, marks);
	qsort(marks, n, sizeof(*marks), by_text);
	for (size_t at = 0; at < n;) {
		size_t end = at;
		while (end < n && is_same(&marks[at], &marks[end]))
			end++;
		mark_group(pages, marks + at, end - at);
		at = end;
	}
}

/* A line of its own that has the page's number and nothing else: "3", "3 (74)", "Sida 3 av 74". */
static bool is_own_number(const struct line *line)
{
	char folded[LONGEST];
	fold(line, folded);
	const char *digits = strpbrk(line->cells[0].text, "0123456789");
	return line->n_cells == 1 && digits && strtoul(digits, NULL, 10) == line->page && is_page_number(folded);
}

/* The first and the last line of each page, for files of a page or two. */
static void mark_numbers(struct pages *pages)
{
	for (size_t i = 0; i < pages->n_lines; i++) {
		struct line *line = &pages->lines[i];
		bool first = i == 0 || line[-1].page != line->page;
		bool last = i + 1 == pages->n_lines || line[1].page != line->page;
		if ((first || last) && is_own_number(line))
			line->furniture = true;
	}
}

/* "1 Se bilaga 2." */
static bool begins_note(const struct line *line)
{
	const char *text = line->cells[0].text;
	size_t digits = strspn(text, "0123456789");
	unsigned char next = (unsigned char)text[digits];
	bool parted =
	    next == ' ' || next == '\0' || isupper(next) || next >= 0x80; /* "1Se", where the number is raised */
	return (digits > 0 && digits < 3 && parted) || text[0] == '*';
}

/* Lines in small print at the foot of a page, from the one on that begins with a number: notes, as those of other
 * formats are no part of what is said. The line behind the last one of the page is given. */
static void mark_notes(struct pages *pages, size_t end)
{
	size_t first = end;
	size_t at = end;
	while (at > 0 && pages->lines[at - 1].page == pages->lines[end - 1].page) {
		struct line *line = &pages->lines[at - 1];
		if (!line->furniture && line->size > note_size * pages->body)
			break;
		at--;
		first = !line->furniture && begins_note(line) ? at : first;
	}
	bool below_text = at > 0 && pages->lines[at - 1].page == pages->lines[end - 1].page;
	for (size_t i = first; i < end && below_text; i++)
		pages->lines[i].furniture = true;
}

void furniture_mark(struct pages *pages)
{
	mark_repeated(pages);
	mark_numbers(pages);
	for (size_t i = 0; i < pages->n_lines; i++)
		if (i + 1 == pages->n_lines || pages->lines[i + 1].page != pages->lines[i].page)
			mark_notes(pages, i + 1);
}
