/* From letters to lines. */
#include "reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEAST_LETTERS = 20, /* of a page on the average: with fewer, the pages are pictures */
	MOST_SIZE = 200,    /* of a letter, in points */
};

static const double cell_gap = 1.6; /* of the letters' size: words further apart stand in different cells */

struct word {
	const char *text; /* into the page's text; not ended */
	size_t size;
	struct box box;
	double letter; /* its size */
	bool bold;
};

/* A page while it is read. */
struct reading {
	struct pages *pages;
	struct word *words;
	size_t n_words;
	double weights[MOST_SIZE]; /* how many letters have that size, rounded */
	size_t characters;
	size_t letters; /* that show something */
};

/* ---- words ------------------------------------------------------------------------------------------------------- */

static bool is_blank(const char *character, size_t size)
{
	static const char *const blanks[] = {" ", "\n", "\t", "\r", "\f", "\xC2\xA0"};
	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
		if (strlen(blanks[i]) == size && memcmp(blanks[i], character, size) == 0)
			return true;
	return false;
}

static void add_box(struct box *box, const struct box *other)
{
	box->left = fmin(box->left, other->left);
	box->top = fmin(box->top, other->top);
	box->right = fmax(box->right, other->right);
	box->bottom = fmax(box->bottom, other->bottom);
}

static bool is_bold(const PopplerTextAttributes *attributes)
{
	return attributes->font_name &&
	       (strstr(attributes->font_name, "Bold") || strstr(attributes->font_name, "bold") ||
		strstr(attributes->font_name, "Black"));
}

/* What holds for the character with that index. The list is in order: the search goes on where it stopped. */
static const PopplerTextAttributes *attributes_at(GList **at, int index)
{
	while (*at && ((const PopplerTextAttributes *)(*at)->data)->end_index < index && (*at)->next)
		*at = (*at)->next;
	return *at ? (*at)->data : NULL;
}

static void weigh(struct reading *reading, double size)
{
	if (size >= 1 && size < MOST_SIZE)
		reading->weights[(int)lround(size) % MOST_SIZE]++;
	reading->letters++;
}

/* Does a letter stand away from the word before it? Between cells and lines there may be no space in the text. */
static bool stands_away(const struct word *word, const struct box *letter)
{
	double across = letter->left - word->box.right;
	return across > cell_gap * word->letter || letter->top >= word->box.bottom || letter->bottom <= word->box.top;
}

/* Cuts the page's text into words with the boxes of their letters. */
static void read_words(struct reading *reading, const char *text, const PopplerRectangle *boxes, guint n_boxes,
		       GList *attributes)
{
	struct word *open = NULL;
	guint index = 0;
	for (const char *at = text; *at && index < n_boxes; at = g_utf8_next_char(at), index++) {
		size_t size = (size_t)(g_utf8_next_char(at) - at);
		if (is_blank(at, size)) {
			open = NULL;
			continue;
		}
		const struct box box = {boxes[index].x1, boxes[index].y1, boxes[index].x2, boxes[index].y2};
		const PopplerTextAttributes *looks = attributes_at(&attributes, (int)index);
		if (!open || stands_away(open, &box)) {
			open = &reading->words[reading->n_words++];
			*open = (struct word){.text = at, .box = box};
			open->letter = looks ? looks->font_size : box.bottom - box.top;
			open->bold = looks && is_bold(looks);
		}
		open->size += size;
		add_box(&open->box, &box);
		weigh(reading, open->letter);
	}
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static double middle(const struct box *box)
{
	return (box->top + box->bottom) / 2;
}

static int by_height(const void *a, const void *b)
{
	double one = middle(&((const struct word *)a)->box);
	double other = middle(&((const struct word *)b)->box);
	return (one > other) - (one < other);
}

static int by_left(const void *a, const void *b)
{
	double one = ((const struct word *)a)->box.left;
	double other = ((const struct word *)b)->box.left;
	return (one > other) - (one < other);
}

/* The words that stand beside the first one: the height of their middles is within its letters. */
static size_t count_beside(const struct word *words, size_t n)
{
	size_t count = 1;
	double reach = (words[0].box.bottom - words[0].box.top) / 2;
	while (count < n && middle(&words[count].box) - middle(&words[0].box) < reach)
		count++;
	return count;
}

/* One cell's text: its words with a space between them. */
static struct cell make_cell(struct referat_call *call, const struct word *words, size_t n)
{
	size_t size = 0;
	for (size_t i = 0; i < n; i++)
		size += words[i].size + 1;
	char *text = referat_alloc(call, size + 1);
	struct cell cell = {.text = text, .box = words[0].box};
	for (size_t i = 0; i < n; i++) {
		if (i)
			*text++ = ' ';
		memcpy(text, words[i].text, words[i].size);
		text += words[i].size;
		add_box(&cell.box, &words[i].box);
	}
	return cell;
}

/* How many words from the first one on stand in its cell. */
static size_t count_in_cell(const struct word *words, size_t n)
{
	size_t count = 1;
	while (count < n && words[count].box.left - words[count - 1].box.right < cell_gap * words[count - 1].letter)
		count++;
	return count;
}

static void add_line(struct pages *pages, struct word *words, size_t n, unsigned page)
{
	struct line *line = &pages->lines[pages->n_lines++];
	size_t bold = 0;
	qsort(words, n, sizeof(*words), by_left);
	*line = (struct line){.cells = referat_alloc(pages->call, n * sizeof(struct cell)),
			      .box = words[0].box,
			      .size = words[0].letter,
			      .page = page,
			      .number = 1};
	if (line > pages->lines && line[-1].page == page)
		line->number = line[-1].number + 1;
	for (size_t at = 0; at < n;) {
		size_t count = count_in_cell(words + at, n - at);
		line->cells[line->n_cells++] = make_cell(pages->call, words + at, count);
		at += count;
	}
	for (size_t i = 0; i < n; i++) {
		add_box(&line->box, &words[i].box);
		line->size = fmax(line->size, words[i].letter);
		bold += words[i].bold;
	}
	line->bold = bold == n;
}

/* False: there are too many lines. */
static bool read_lines(struct reading *reading, unsigned page)
{
	qsort(reading->words, reading->n_words, sizeof(*reading->words), by_height);
	for (size_t at = 0; at < reading->n_words;) {
		if (reading->pages->n_lines == MOST_LINES)
			return false;
		size_t count = count_beside(reading->words + at, reading->n_words - at);
		add_line(reading->pages, reading->words + at, count, page);
		at += count;
	}
	return true;
}

/* ---- pages ------------------------------------------------------------------------------------------------------- */

/* False: there is too much text. */
static bool read_page(struct reading *reading, PopplerPage *page, unsigned number)
{
	struct referat_call *call = reading->pages->call;
	char *text = poppler_page_get_text(page);
	size_t size = text ? strlen(text) : 0;
	PopplerRectangle *boxes = NULL;
	guint n_boxes = 0;
	reading->characters += size;
	bool fits = size <= MOST_ON_PAGE && reading->characters <= MOST_CHARACTERS;
	if (fits && size && poppler_page_get_text_layout(page, &boxes, &n_boxes)) {
		GList *attributes = poppler_page_get_text_attributes(page);
		reading->words = referat_alloc(call, (size + 1) * sizeof(struct word));
		reading->n_words = 0;
		read_words(reading, text, boxes, n_boxes, attributes);
		fits = read_lines(reading, number);
		poppler_page_free_text_attributes(attributes);
	}
	g_free(boxes);
	g_free(text);
	return fits;
}

static bool read_all(struct reading *reading, PopplerDocument *document)
{
	for (unsigned i = 0; i < reading->pages->n_pages; i++) {
		PopplerPage *page = poppler_document_get_page(document, (int)i);
		bool fits = !page || read_page(reading, page, i + 1);
		if (page)
			g_object_unref(page);
		if (!fits)
			return false;
		referat_progress(reading->pages->call);
	}
	return true;
}

static double most_common(const double *weights)
{
	int best = 0;
	for (int i = 1; i < MOST_SIZE; i++)
		if (weights[i] > weights[best])
			best = i;
	return best;
}

/* Another reader may know what to do with them. */
static enum referat_result pictures(struct referat_call *call)
{
	bool next = strcmp(referat_option(call, "pictures"), "next") == 0;
	return next ? REFERAT_NOT_FOUND : hold(call, "reader.pdf.pictures");
}

enum referat_result lines_read(struct referat_call *call, PopplerDocument *document, struct pages *pages)
{
	int n = poppler_document_get_n_pages(document);
	if (n > MOST_PAGES)
		return hold(call, "reader.pdf.too_much");
	pages->n_pages = n > 0 ? (unsigned)n : 0;
	pages->lines = referat_alloc(call, MOST_LINES * sizeof(struct line));
	struct reading *reading = referat_alloc(call, sizeof(*reading));
	reading->pages = pages;
	if (!read_all(reading, document))
		return hold(call, "reader.pdf.too_much");
	if (reading->letters < (size_t)LEAST_LETTERS * pages->n_pages || !reading->letters)
		return pictures(call);
	pages->body = most_common(reading->weights);
	return REFERAT_OK;
}
