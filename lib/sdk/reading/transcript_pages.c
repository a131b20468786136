/* The pages of a transcript: what the site has printed around them, their numbers, and what is printed on each. */
#include "transcripts.h"

#include <stdlib.h>
#include <string.h>

enum {
	LONG_LINE = 200, /* bytes; a text with shorter lines is broken as it is */
	MOST_PAGES = 3000,
	MOST_HEAD = 12,   /* words */
	MOST_RANGE = 400, /* paragraphs of a meeting */
};

static size_t digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

static bool has(const char *line, size_t size, const char *word)
{
	return memmem(line, size, word, strlen(word)) != NULL;
}

static bool begins(const char *text, size_t size, const char *start)
{
	return size >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* ---- what a line is --------------------------------------------------------------------------------------------- */

/* A line that the site puts above the text: "Transkript". */
static bool is_mark(const char *line, size_t size)
{
	static const char *const marks[] = {"Transkript", "Full text", "Transkription"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (size == strlen(marks[i]) && memcmp(line, marks[i], size) == 0)
			return true;
	return false;
}

/* A cover on one line. */
static bool is_cover(const char *line, size_t size)
{
	bool members = has(line, size, "Beslutande") || has(line, size, "Ledamöter") || has(line, size, "närvarande");
	bool range = has(line, size, "aragraf") || has(line, size, "ANSLAG") || has(line, size, "Underskrift");
	return size >= LONG_LINE && members && range && has(line, size, "uster") &&
	       (has(line, size, "tid") || has(line, size, "Tid"));
}

/* The notice that the minutes were adjusted. */
static bool is_notice(const char *text, size_t size)
{
	enum { LONGEST = 1500 };
	bool told = has(text, size, "ANSLAG") || has(text, size, "Anslag") || has(text, size, "BEVIS") ||
		    has(text, size, "Bevis");
	return size <= LONGEST && told && has(text, size, "justera") &&
	       (has(text, size, "nedtag") || has(text, size, "tas ne") || has(text, size, "Förvaringsplats"));
}

static bool is_contents(const char *text, size_t size)
{
	enum { WITHIN = 80 };
	static const char *const words[] = {"Innehållsförteckning", "Ärendelista", "Ärendeförteckning",
					    "INNEHÅLLSFÖRTECKNING"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (has(text, size < WITHIN ? size : WITHIN, words[i]))
			return true;
	return begins(text, size, "Innehåll ");
}

/* The size of a page's number at the front: "3 (74) ", "Sida 3 (74) ", "(27) ", "[36] "; 0: there is none. */
static size_t counter_at(const char *text, size_t size)
{
	static const char *const words[] = {"Sida ", "SIDA ", "Sid ", "Sid. ", "Blad "};
	size_t at = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words) && at == 0; i++)
		at = begins(text, size, words[i]) ? strlen(words[i]) : 0;
	size_t word = at;
	at += at < size ? digits_at(text + at) : 0;
	size_t space = at < size && text[at] == ' ';
	size_t open = at + (at > 0 ? space : 0);
	if (open < size && strchr("([", text[open])) {
		size_t digits = digits_at(text + open + 1);
		bool shut = open + 1 + digits < size && strchr(")]", text[open + 1 + digits]);
		at = digits > 0 && shut ? open + digits + 2 : at;
		word = digits > 0 && shut ? at : word;
	}
	if (at == 0 || (word == 0 && at < size))
		return 0; /* digits alone may be an item's number */
	return at + strspn(text + at, " ");
}

/* ---- pages ------------------------------------------------------------------------------------------------------ */

/* The size of just this number, and the space behind it, at the front; 0: another, or none, stands there. */
static size_t number_at(const char *text, size_t size, size_t number)
{
	size_t digits = digits_at(text);
	bool same = digits > 0 && digits <= 4 && strtoul(text, NULL, 10) == number;
	return same && digits < size && text[digits] == ' ' ? digits + 1 : 0;
}

static void add_page(struct transcript *transcript, const char *text, size_t size)
{
	if (transcript->n == MOST_PAGES)
		return;
	size_t digits = number_at(text, size, transcript->n + 1);
	text += digits;
	size -= digits;
	size_t counter = counter_at(text, size);
	transcript->pages[transcript->n++] =
	    (struct transcript_page){.head = text, .text = text + counter, .size = size - counter};
}

/* ---- heads ------------------------------------------------------------------------------------------------------ */

/* The sizes of the next words of two texts, when these are the same but for digits; 0: they are not. */
static size_t same_word(const char *one, size_t one_size, const char *other, size_t other_size, size_t *size)
{
	size_t a = 0;
	size_t b = 0;
	while (a < one_size && one[a] != ' ' && b < other_size && other[b] != ' ') {
		size_t digits = digits_at(one + a);
		size_t others = digits_at(other + b);
		if ((digits > 0) != (others > 0) || (!digits && one[a] != other[b]))
			return 0;
		a += digits ? digits : 1;
		b += others ? others : 1;
	}
	bool ends = (a == one_size || one[a] == ' ') && (b == other_size || other[b] == ' ');
	*size = b;
	return ends ? a : 0;
}

/* How much of a page is the head that it has in common with another. */
static size_t common_head(const struct transcript_page *page, const struct transcript_page *other)
{
	size_t at = 0;
	size_t to = 0;
	size_t end = 0;
	for (size_t words = 0; words < MOST_HEAD && at < page->size && to < other->size; words++) {
		size_t size = 0;
		size_t own = same_word(page->text + at, page->size - at, other->text + to, other->size - to, &size);
		bool number = own > 0 && digits_at(page->text + at) == own;
		bool prefix = own <= 4 && at + own + 1 < page->size && digits_at(page->text + at + own + 1) > 0;
		if (!own || number || prefix)
			break; /* "KS 136": it may be an item's */
		at += own;
		to += size;
		end = at;
		at += strspn(page->text + at, " ");
		to += strspn(other->text + to, " ");
	}
	return end;
}

/* Numbers of pages at the end of a head belong to the page. */
static size_t without_counter(const char *head, size_t size)
{
	size_t end = size;
	for (size_t at = size; at > 0 && strchr("0123456789()[] ", head[at - 1]); at--)
		end = at == 1 || head[at - 2] == ' ' ? at - 1 : end; /* whole words */
	while (end > 0 && head[end - 1] == ' ')
		end--;
	return end;
}

static void find_heads(struct transcript *transcript)
{
	for (size_t i = 0; i < transcript->n; i++) {
		struct transcript_page *page = &transcript->pages[i];
		size_t size = 0;
		for (size_t k = i > 2 ? i - 2 : 0; k < transcript->n && k <= i + 2; k++) {
			size_t common = k == i ? 0 : common_head(page, &transcript->pages[k]);
			size = common > size ? common : size;
		}
		page->head = page->text;
		page->head_size = size;
	}
	for (size_t i = 0; i < transcript->n; i++) { /* not before: pages are compared as they are */
		struct transcript_page *page = &transcript->pages[i];
		size_t skip = page->head_size + strspn(page->text + page->head_size, " ");
		skip = skip < page->size ? skip : page->size;
		page->text += skip;
		page->size -= skip;
		size_t counter = counter_at(page->text, page->size);
		counter = counter ? counter : number_at(page->text, page->size, i + 1);
		page->text += counter;
		page->size -= counter;
		page->head_size = without_counter(page->head, page->head_size);
	}
}

/* ---- the whole text --------------------------------------------------------------------------------------------- */

/* "Paragrafer 61-64", "Justerade paragrafer 132 – 142". */
static void read_range(struct transcript *transcript, const char *line, size_t size)
{
	static const char *const words[] = {"aragrafer §§ ", "aragrafer § ", "aragrafer §", "aragrafer "};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *at = memmem(line, size, words[i], strlen(words[i]));
		if (!at)
			continue;
		char *end;
		unsigned long first = strtoul(at + strlen(words[i]), &end, 10);
		end += strspn(end, " -");
		end += rf_starts_with(end, "–") ? strlen("–") : 0;
		unsigned long last = strtoul(end, NULL, 10);
		if (first > 0 && last >= first && last - first <= MOST_RANGE) {
			transcript->first = (unsigned)first;
			transcript->last = (unsigned)last;
			return;
		}
	}
}

static bool is_agenda(const struct transcript_page *page)
{
	static const char *const words[] = {"KALLELSE", "Kallelse", "FÖREDRAGNINGSLISTA", "Föredragningslista",
					    "Ärendelista"};
	enum { TITLE = 60, WITHIN = 400 };
	size_t size = page->cover ? TITLE : WITHIN;
	size = page->size < size ? page->size : size;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (has(page->text, size, words[i]) || has(page->head, page->head_size, words[i]))
			return true;
	return false;
}

/* Where the pages begin; NULL: nothing says that the text is a transcript. */
static const char *find_first(const char *text)
{
	const char *cover = NULL;
	for (const char *at = text; *at;) {
		size_t size = strcspn(at, "\n");
		const char *next = at + size + (at[size] == '\n');
		if (is_mark(at, size))
			return next;
		cover = cover || !is_cover(at, size) ? cover : at;
		at = next;
	}
	return cover ? text : NULL;
}

bool rf_transcript_pages(struct referat_call *call, const char *text, struct transcript *transcript)
{
	*transcript = (struct transcript){.call = call, .from = find_first(text)};
	if (!transcript->from)
		return false;
	size_t n = 0;
	bool whole = false; /* a page stands on a line */
	for (const char *at = transcript->from; *at; at += strspn(at, "\n")) {
		size_t size = strcspn(at, "\n");
		n += size > 0;
		whole = whole || size >= LONG_LINE;
		at += size;
	}
	transcript->whole = whole;
	if (!whole)
		return transcript->from > text;
	transcript->pages = referat_alloc(call, (n + 1) * sizeof(*transcript->pages));
	for (const char *at = transcript->from; *at; at += strspn(at, "\n")) {
		size_t size = strcspn(at, "\n");
		if (size > 0)
			add_page(transcript, at, size);
		at += size;
	}
	find_heads(transcript);
	for (size_t i = 0; i < transcript->n; i++) {
		struct transcript_page *page = &transcript->pages[i];
		page->cover = is_cover(page->text, page->size) || is_notice(page->text, page->size) ||
			      (i == 0 && has(page->text, page->size, "Plats och tid"));
		page->contents = !page->cover && is_contents(page->text, page->size);
		if (page->cover && !transcript->first)
			read_range(transcript, page->text, page->size);
	}
	transcript->agenda = transcript->n > 0 && is_agenda(&transcript->pages[0]);
	if (transcript->agenda) /* its items begin on the first page */
		transcript->pages[0].cover = transcript->pages[0].contents = false;
	return true;
}
