/* What is printed on every page of minutes and is no part of them: heads, feet, page numbers, signatures. Such a line
 * stands near the edge of a page and comes back, with other digits, on most of the pages. What says so by its own words
 * is taken wherever it stands. Pages end with a form feed, or are told by their numbers. */
#include "lines.h"

#include <string.h>

enum {
	EDGE = 7,       /* lines with text, from the edge of a page, that may be its head or foot */
	MOST_SIZE = 160 /* bytes of such a line */
};

static bool begins(const char *lower, size_t size, const char *start)
{
	size_t length = strlen(start);
	return size >= length && memcmp(lower, start, length) == 0;
}

static size_t digits_at(const char *text, size_t size)
{
	size_t n = 0;
	while (n < size && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

static size_t spaces_at(const char *text, size_t size)
{
	size_t n = 0;
	while (n < size && text[n] == ' ')
		n++;
	return n;
}

/* The size of "3 (74)", "3(74)", "3 av 12", "3/12" at the front of a text. */
static size_t counted_page(const char *lower, size_t size)
{
	static const char *const marks[] = {"(", "av ", "/ ", "/"};
	size_t at = digits_at(lower, size);
	if (at == 0 || at > 4)
		return 0;
	at += spaces_at(lower + at, size - at);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (!begins(lower + at, size - at, marks[i]))
			continue;
		size_t rest = at + strlen(marks[i]);
		rest += spaces_at(lower + rest, size - rest);
		size_t digits = digits_at(lower + rest, size - rest);
		if (digits == 0 || digits > 4)
			return 0;
		rest += digits;
		rest += spaces_at(lower + rest, size - rest);
		if (*marks[i] != '(')
			return rest;
		return rest < size && lower[rest] == ')' ? rest + 1 : 0;
	}
	return 0;
}

bool rf_is_page_number(const char *lower, size_t size)
{
	static const char *const words[] = {"sidan ", "sida ", "sida: ", "sid ",
					    "sid. ",  "blad ", "page ",  "<!-- sida "};
	size_t at = 0;
	bool named = false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words) && !named; i++)
		if (begins(lower, size, words[i])) {
			at = strlen(words[i]);
			named = true;
		}
	at += spaces_at(lower + at, size - at);
	size_t counted = counted_page(lower + at, size - at);
	if (counted && lower[at + counted - 1] == ')')
		return at + counted == size;
	if (!named)
		return size > 2 && lower[0] == '[' && lower[size - 1] == ']' && digits_at(lower + 1, size) == size - 2;
	size_t digits = counted ? counted : digits_at(lower + at, size - at);
	return digits > 0 && (at + digits == size || begins(lower + at + digits, size - at - digits, " -->"));
}

/* Does the line end in a page's number ("SAMMANTRÄDESPROTOKOLL    5 (85)", "Protokoll   Sida 3 av 12")? */
static bool ends_in_page_number(const char *lower, size_t size)
{
	enum { LONGEST = 20 };
	size_t from = size > LONGEST ? size - LONGEST : 1;
	for (size_t at = from; at < size; at++) {
		bool bracket = lower[size - 1] == ')' && lower[at] >= '0' && lower[at] <= '9';
		bool named = begins(lower + at, size - at, "sid") || begins(lower + at, size - at, "blad");
		if (lower[at - 1] != ' ' || !(bracket || named))
			continue;
		if (bracket ? counted_page(lower + at, size - at) == size - at
			    : rf_is_page_number(lower + at, size - at))
			return true;
	}
	return false;
}

/* Lines that say by their own words that they belong to the page. */
static bool says_page(const char *lower, size_t size)
{
	static const char *const starts[] = {"justerandes sign",
					     "justerarnas sign",
					     "justerares sign",
					     "utdragsbestyrkande",
					     "utdraget bestyrkes",
					     "ordförandens sign",
					     "justering (sign)",
					     "justering sign",
					     "det här dokumentet är digitalt signerat",
					     "detta dokument är digitalt signerat",
					     "detta dokument är elektroniskt",
					     "dokumentet är elektroniskt",
					     "transaktionsidentitet",
					     "transaktion 0",
					     "signerat dokument",
					     "comfact signature",
					     "penneo dokumentnyckel"};
	if (size > 0 && (lower[0] == '_' || lower[0] == '-')) {
		size_t same = 0;
		while (same < size && (lower[same] == lower[0] || lower[same] == ' '))
			same++;
		if (same == size && size >= 3)
			return true;
	}
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (begins(lower, size, starts[i]))
			return true;
	return false;
}

/* Words of a page's head: two pages are enough to take such a line for one. */
static bool is_head_like(struct referat_call *call, const char *lower, size_t size)
{
	static const char *const words[] = {"protokoll", "sammanträdesd", "datum", "sida", "diarienummer"};
	const char *text = rf_text_copy(call, lower, size);
	struct referat_date date;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(text, words[i]) && rf_count_words(text) <= 8)
			return true;
	if (referat_date_find(text, 0, &date) && date.day && text[date.end] == '\0' && rf_count_words(text) <= 3)
		return true;
	const char *last = strrchr(text, ' ');
	last = last ? last + 1 : text;
	return rf_count_words(text) <= 5 && (rf_is_body(last, strlen(last)) || strcmp(last, "kommun") == 0);
}

/* ---- what comes back -------------------------------------------------------------------------------------------- */

/* Lines that are the same but for digits and spaces. */
struct fold {
	const char *text;
	size_t first; /* the line */
	unsigned count, last_page;
};

struct folds {
	struct fold *table; /* open addressing; text NULL: free */
	size_t capacity;    /* a power of two */
};

static const char *fold_text(struct referat_call *call, const char *lower, size_t size)
{
	char *folded = referat_alloc(call, size + 1);
	size_t n = 0;
	for (size_t i = 0; i < size; i++) {
		char c = lower[i] >= '0' && lower[i] <= '9' ? '#' : lower[i];
		if ((c == ' ' || c == '#') && n > 0 && folded[n - 1] == c)
			continue;
		folded[n++] = c;
	}
	folded[n] = '\0';
	return folded;
}

static struct fold *find_fold(struct folds *folds, const char *text)
{
	uint64_t hash = UINT64_C(1469598103934665603);
	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
	size_t at = (size_t)hash & (folds->capacity - 1);
	while (folds->table[at].text && strcmp(folds->table[at].text, text) != 0)
		at = (at + 1) & (folds->capacity - 1);
	return &folds->table[at];
}

struct edge {
	const char *lower; /* of the line */
	const char *fold;  /* NULL: it stands too far from the edge, or is too long */
	bool page;         /* its own words say that it belongs to the page */
};

/* Pages are told by form feeds, else by their numbers. */
static unsigned count_pages(struct lines *lines, const struct edge *edges)
{
	unsigned pages = lines->n ? lines->list[lines->n - 1].page : 0;
	if (pages > 1)
		return pages;
	pages = 1;
	bool counting = true; /* one number a page: head and foot may both have it */
	for (size_t i = 0, since = 0; i < lines->n; i++) {
		const struct line *line = &lines->list[i];
		bool number = line->size && (rf_is_page_number(edges[i].lower, line->size) ||
					     ends_in_page_number(edges[i].lower, line->size));
		if (number && (counting || since > 3)) {
			pages += i > 0;
			lines->list[i].page_begins = true;
			since = 0;
			counting = false;
		}
		since += line->size > 0;
		lines->list[i].page = pages;
	}
	return pages;
}

/* How many lines with text lie between each line and the nearest edge of a page. */
static void find_near(const struct lines *lines, bool *near)
{
	for (int back = 0; back < 2; back++) {
		size_t distance = back ? 0 : EDGE + 1;
		for (size_t k = 0; k < lines->n; k++) {
			size_t i = back ? lines->n - 1 - k : k;
			const struct line *line = &lines->list[i];
			if (!back && line->page_begins)
				distance = 0;
			near[i] = near[i] || distance < EDGE;
			distance += line->size > 0;
			if (back && line->page_begins)
				distance = 0;
		}
	}
}

static void add_head(struct lines *lines, size_t index, struct list *heads)
{
	const struct line *line = &lines->list[index];
	struct referat_paragraph *head = referat_alloc(lines->call, sizeof(*head));
	head->kind = REFERAT__BLOCK_KIND__PARAGRAPH;
	head->text = rf_text_copy(lines->call, line->text, line->size);
	head->lower = referat_lower(lines->call, head->text);
	head->line = head->last_line = line->number;
	rf_list_add(lines->call, heads, head);
}

static bool begins_text(const char *text, const char *lower, size_t size)
{
	return rf_label_at(lower, size, NULL) != LABEL_NONE || rf_number_at(text, NULL) > 0;
}

/* Lines near an edge, by what is the same in them. */
static void count_folds(struct lines *lines, struct edge *edges, const bool *near, struct folds *folds)
{
	for (size_t i = 0; i < lines->n; i++) {
		const struct line *line = &lines->list[i];
		if (!line->size || line->size > MOST_SIZE || !near[i])
			continue;
		const char *text = rf_text_copy(lines->call, line->text, line->size);
		if (begins_text(text, edges[i].lower, line->size))
			continue;
		bool own_digits = rf_is_case_line(text, edges[i].lower); /* each item has another */
		edges[i].fold = own_digits ? edges[i].lower : fold_text(lines->call, edges[i].lower, line->size);
		struct fold *fold = find_fold(folds, edges[i].fold);
		if (!fold->text)
			*fold = (struct fold){.text = edges[i].fold, .first = i};
		if (fold->count == 0 || fold->last_page != line->page)
			fold->count++;
		fold->last_page = line->page;
	}
}

static bool is_repeated(struct lines *lines, const struct fold *fold, const struct edge *edge, size_t size,
			unsigned pages)
{
	unsigned least = pages / 2 > 3 ? pages / 2 : 3;
	if (fold->count >= least)
		return true;
	return fold->count >= 2 && is_head_like(lines->call, edge->lower, size);
}

void rf_furniture_take(struct lines *lines, struct list *heads)
{
	struct referat_call *call = lines->call;
	struct edge *edges = referat_alloc(call, (lines->n + 1) * sizeof(*edges));
	bool *near = referat_alloc(call, lines->n + 1);
	struct folds folds = {.capacity = 16};
	while (folds.capacity < 2 * lines->n)
		folds.capacity *= 2;
	folds.table = referat_alloc(call, folds.capacity * sizeof(*folds.table));
	for (size_t i = 0; i < lines->n; i++)
		edges[i].lower = referat_lower(call, rf_text_copy(call, lines->list[i].text, lines->list[i].size));
	unsigned pages = count_pages(lines, edges);
	if (pages > 1) {
		find_near(lines, near);
		count_folds(lines, edges, near, &folds);
	}
	for (size_t i = 0; i < lines->n; i++) {
		struct line *line = &lines->list[i];
		if (!line->size)
			continue;
		struct fold *fold = edges[i].fold ? find_fold(&folds, edges[i].fold) : NULL;
		bool repeated = fold && is_repeated(lines, fold, &edges[i], line->size, pages);
		bool own = says_page(edges[i].lower, line->size) || rf_is_page_number(edges[i].lower, line->size);
		if (repeated && fold->first == i && !own)
			add_head(lines, i, heads);
		if (repeated || own)
			line->size = 0;
	}
}

bool referat_is_printed(struct referat_call *call, const char *text)
{
	enum { FEW = 2 };
	size_t pages = 0;
	for (const char *at = text; *at && pages < FEW;) {
		size_t size = strcspn(at, "\n");
		size_t indent = strspn(at, " ");
		if (size > indent && size - indent <= MOST_SIZE) {
			const char *lower = referat_lower(call, rf_text_copy(call, at + indent, size - indent));
			pages += rf_is_page_number(lower, size - indent);
		}
		at += size + (at[size] == '\n');
	}
	return pages >= FEW;
}
