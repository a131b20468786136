/* Where the items of minutes and agendas begin (starts.c), and what stands at their front (heads.c). */
#ifndef REFERAT_SDK_STARTS_H
#define REFERAT_SDK_STARTS_H

#include "structure.h"

struct start {
	size_t at; /* the paragraph */
	struct item_number number;
	bool numbered; /* else it is an item of a numbered list, whose number was taken off */
	bool out;
	size_t other; /* the paragraph with the number that another body gave the item; SIZE_MAX: there is none */
};

struct starts {
	struct start *list;
	size_t n;
};

/* title: what the document's title says that it is; without one, only numbers with a sign begin items. */
void rf_starts_find(const struct referat_page *page, Referat__Kind title, struct starts *starts);

/* The paragraph behind the last one of item i. */
size_t rf_starts_end(const struct referat_page *page, const struct starts *starts, size_t i);

/* Reads number, case number and heading. Returns the paragraph after them. */
size_t rf_head_read(const struct referat_page *page, const struct start *start, size_t end, Referat__Item *item);

/* A line with nothing but a case number, which the front of the item lacked. */
void rf_head_add_case(const struct referat_page *page, const struct referat_paragraph *line, Referat__Item *item);

#endif
