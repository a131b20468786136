/* The lines of a text without mark-up, on their way to paragraphs. */
#ifndef REFERAT_SDK_LINES_H
#define REFERAT_SDK_LINES_H

#include "structure.h"

struct line {
	const char *text; /* without the space around it; not NUL-ended */
	size_t size;      /* 0: blank, or taken out */
	unsigned number;  /* in the source, from 1 */
	unsigned indent;
	unsigned page;    /* from 1 */
	bool page_begins; /* the first line of a page */
	bool broken;      /* it begins at a soft break */
	bool item;        /* an item is known to begin with it */
	Referat__BlockKind kind;
};

/* End a line that is none in the source; an item begins behind the other. */
#define RF_SOFT_BREAK '\v'
#define RF_ITEM_BREAK '\x1e'

/* A transcript has each page on one line: breaks these where a part begins. Another text is given back as it is. */
const char *rf_transcript_break(struct referat_call *call, const char *text);

struct lines {
	struct referat_call *call;
	struct line *list;
	size_t n;
};

/* Takes out what is repeated on the pages (their heads and feet, and page numbers): such lines become blank. Each is
 * given once in heads, as a paragraph. */
void rf_furniture_take(struct lines *lines, struct list *heads);

/* A line on its own that only numbers a page: "3 (74)", "Sida 3 av 12". */
bool rf_is_page_number(const char *lower, size_t size);

#endif
