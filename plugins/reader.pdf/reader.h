/* Reads PDF files. A PDF says where each letter stands and in which font, and little else: letters become words and
 * lines (lines), what is repeated on the pages is taken off them (furniture), what stands in columns is put in order
 * (columns), lines become paragraphs, headings, items and rows (paragraphs), and <referat/reading.h> does what follows.
 * Poppler reads the file.
 *
 * Lengths are points (1/72 inch), y grows downwards. All memory is the call's. */
#ifndef READER_PDF_H
#define READER_PDF_H

#include <referat/reading.h>

#include <poppler.h>

enum {
	MOST_PAGES = 2000,
	MOST_CHARACTERS = 20 * 1000 * 1000, /* of all pages */
	MOST_ON_PAGE = 2 * 1000 * 1000,
	MOST_LINES = 200000,
	MOST_WORDS = 4000, /* of a page's line */
};

struct box {
	double left, top, right, bottom;
};

/* Words that stand close to each other. A line of a table has several cells. */
struct cell {
	const char *text;
	struct box box;
	double size; /* of its letters */
	bool bold;
};

struct line {
	struct cell *cells;
	size_t n_cells;
	struct box box;
	double size; /* of its letters */
	bool bold;
	bool furniture;     /* it belongs to the pages and not to the text */
	unsigned page;      /* from 1 */
	unsigned number;    /* on the page, from 1 */
	unsigned column;    /* of running text; 0: the page has one */
	double edge;        /* that its text is wrapped at; 0: as all of the text */
	const char *beside; /* a case number in a column of its own, beside a heading; NULL: none */
};

struct pages {
	struct referat_call *call;
	struct line *lines; /* page by page, from top to bottom */
	size_t n_lines;
	unsigned n_pages;
	double body;      /* the size that most letters have */
	uint32_t *unread; /* pages that show something and have no text */
	size_t n_unread;
};

/* Says in Swedish why the file waits for the publisher. */
enum referat_result hold(struct referat_call *call, const char *key);

/* Reads the lines of all pages. HOLD, with the reason, when there is too much; when there is
 * none, what the option `pictures` says. */
enum referat_result lines_read(struct referat_call *call, PopplerDocument *document, struct pages *pages);

/* Marks the heads and feet of the pages. What they say stays at the place where it is said first: minutes have their
 * board and day there. */
void furniture_mark(struct pages *pages);

/* Puts lines of columns of running text behind each other, labels that go on below themselves into one, and case
 * numbers beside a heading apart from it. */
void columns_part(struct pages *pages);

void paragraphs_read(const struct pages *pages, struct referat_flow *flow);

#endif
