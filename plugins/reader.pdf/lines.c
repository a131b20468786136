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
static const double label_gap = 0.6;

struct word {
	const char *text; /* into the page's text; not ended */
	size_t size;
	struct box box;
	double letter; /* its size */
	bool bold;
	bool upright; /* its letters stand beside each other */
};

/* A page while it is read. */
struct reading {
	struct pages *pages;
	struct word *words;
	size_t n_words;
	double weights[MOST_SIZE]; /* how many letters have that size, rounded */
	size_t characters;
	size_t letters; /* that show something */
	bool sideways;  /* the page has words that are written from below or above */
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

/* Does a letter stand above or below the one before it in the same word? So it is in words that run up a margin. */
static bool is_stacked(const struct box *before, const struct box *letter)
{
	double left = fmax(before->left, letter->left);
	double right = fmin(before->right, letter->right);
	double width = fmin(before->right - before->left, letter->right - letter->left);
	bool apart = letter->top >= before->bottom - 0.5 || letter->bottom <= before->top + 0.5;
	return apart && right - left > width / 2;
}

/* The number of a note, behind a word: small and raised. It is the word's own in "m²". */
static bool is_note_mark(const struct word *word, const struct box *letter, double size, char first)
{
	static const char *const units[] = {"m", "km", "dm", "cm", "mm"};
	if (first < '0' || first > '9' || size > 0.8 * word->letter || letter->bottom > word->box.bottom - 0.5)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strlen(units[i]) == word->size && memcmp(units[i], word->text, word->size) == 0)
			return false;
	return true;
}

/* Cuts the page's text into words with the boxes of their letters. */
static void read_words(struct reading *reading, const char *text, const PopplerRectangle *boxes, guint n_boxes,
		       GList *attributes)
{
	struct word *open = NULL;
	struct box before = {0};
	guint index = 0;
	for (const char *at = text; *at && index < n_boxes; at = g_utf8_next_char(at), index++) {
		size_t size = (size_t)(g_utf8_next_char(at) - at);
		if (is_blank(at, size)) {
			open = NULL;
			continue;
		}
		const struct box box = {boxes[index].x1, boxes[index].y1, boxes[index].x2, boxes[index].y2};
		const PopplerTextAttributes *looks = attributes_at(&attributes, (int)index);
		double letter = looks ? looks->font_size : box.bottom - box.top;
		bool stacked = open && is_stacked(&before, &box);
		before = box;
		if (open && is_note_mark(open, &box, letter, *at))
			continue;
		if (stacked)
			open->upright = false;
		if (!open || stands_away(open, &box)) {
			open = &reading->words[reading->n_words++];
			*open = (struct word){.text = at, .box = box, .letter = letter, .upright = !stacked};
			open->bold = looks && is_bold(looks);
		}
		open->size += size;
		add_box(&open->box, &box);
		weigh(reading, open->letter);
	}
}

/* Takes out the words that are written up or down a margin: stamps, and what a system prints beside the text. */
static void drop_sideways(struct reading *reading)
{
	size_t kept = 0;
	for (size_t i = 0; i < reading->n_words; i++) {
		if (reading->words[i].upright)
			reading->words[kept++] = reading->words[i];
	}
	reading->sideways = kept < reading->n_words;
	reading->n_words = kept;
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
	struct cell cell = {.text = text, .box = words[0].box, .bold = true};
	for (size_t i = 0; i < n; i++) {
		if (i)
			*text++ = ' ';
		memcpy(text, words[i].text, words[i].size);
		text += words[i].size;
		add_box(&cell.box, &words[i].box);
		cell.size = fmax(cell.size, words[i].letter);
		cell.bold = cell.bold && words[i].bold;
	}
	return cell;
}

/* Between a label in bold and its text a narrower gap parts cells. */
static bool begins_cell(const struct word *before, const struct word *word)
{
	double gap = word->box.left - before->box.right;
	return gap >= cell_gap * before->letter || (before->bold && !word->bold && gap >= label_gap * before->letter);
}

/* How many words from the first one on stand in its cell. */
static size_t count_in_cell(const struct word *words, size_t n)
{
	size_t count = 1;
	while (count < n && !begins_cell(&words[count - 1], &words[count]))
		count++;
	return count;
}

static void add_line(struct pages *pages, struct word *words, size_t n, unsigned page)
{
	struct line *line = &pages->lines[pages->n_lines++];
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
	line->bold = true;
	for (size_t i = 0; i < line->n_cells; i++) {
		add_box(&line->box, &line->cells[i].box);
		line->size = fmax(line->size, line->cells[i].size);
		line->bold = line->bold && line->cells[i].bold;
	}
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

/* Is most of the page a picture? */
static bool has_picture(PopplerPage *page)
{
	double width = 0;
	double height = 0;
	bool found = false;
	poppler_page_get_size(page, &width, &height);
	GList *images = poppler_page_get_image_mapping(page);
	for (const GList *at = images; at && !found; at = at->next) {
		const PopplerRectangle *area = &((const PopplerImageMapping *)at->data)->area;
		found = fabs(area->x2 - area->x1) * fabs(area->y2 - area->y1) > width * height / 4;
	}
	poppler_page_free_image_mapping(images);
	return found;
}

/* False: there is too much text. */
static bool read_page(struct reading *reading, PopplerPage *page, unsigned number)
{
	struct referat_call *call = reading->pages->call;
	char *text = poppler_page_get_text(page);
	size_t size = text ? strlen(text) : 0;
	PopplerRectangle *boxes = NULL;
	guint n_boxes = 0;
	reading->characters += size;
	reading->n_words = 0;
	reading->sideways = false;
	bool fits = size <= MOST_ON_PAGE && reading->characters <= MOST_CHARACTERS;
	if (fits && size && poppler_page_get_text_layout(page, &boxes, &n_boxes)) {
		GList *attributes = poppler_page_get_text_attributes(page);
		reading->words = referat_alloc(call, (size + 1) * sizeof(struct word));
		read_words(reading, text, boxes, n_boxes, attributes);
		drop_sideways(reading);
		fits = read_lines(reading, number);
		poppler_page_free_text_attributes(attributes);
	}
	g_free(boxes);
	g_free(text);
	if (fits && reading->n_words == 0 && (reading->sideways || has_picture(page)))
		reading->pages->unread[reading->pages->n_unread++] = number;
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
	pages->unread = referat_alloc(call, (pages->n_pages + 1) * sizeof(*pages->unread));
	struct reading *reading = referat_alloc(call, sizeof(*reading));
	reading->pages = pages;
	if (!read_all(reading, document))
		return hold(call, "reader.pdf.too_much");
	if (reading->letters < (size_t)LEAST_LETTERS * pages->n_pages || !reading->letters)
		return pictures(call);
	pages->body = most_common(reading->weights);
	return REFERAT_OK;
}
