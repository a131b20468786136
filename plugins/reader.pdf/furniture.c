/* Heads and feet: lines that stand at the edge of most pages, the same but for their numbers. */
#include "reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	EDGE = 4,        /* lines from the top or the bottom of a page */
	LEAST_PAGES = 3, /* of fewer, none can be told */
	SHARE = 60,      /* per cent of the pages */
	LONGEST = 160,   /* bytes that are compared */
};

static const double same_height = 4; /* points: heads and feet stand at one place of all pages */

/* A line at an edge, as it is compared. */
struct mark {
	char text[LONGEST];
	struct line *line;
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
static const struct line *first_of(const struct mark *marks, size_t n)
{
	const struct line *first = marks[0].line;
	for (size_t i = 1; i < n; i++)
		if (marks[i].line < first)
			first = marks[i].line;
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

/* The head that comes first stays, for what it says of the matter. */
static void mark_group(const struct pages *pages, struct mark *marks, size_t n)
{
	const struct line *first = first_of(marks, n);
	bool is_head = first < pages->lines + EDGE;
	if (n * 100 < (size_t)pages->n_pages * SHARE)
		return;
	for (size_t i = 0; i < n; i++)
		marks[i].line->furniture = marks[i].line != first || !is_head || is_page_number(marks[i].text);
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

void furniture_mark(struct pages *pages)
{
	if (pages->n_pages >= LEAST_PAGES)
		mark_repeated(pages);
	mark_numbers(pages);
}
