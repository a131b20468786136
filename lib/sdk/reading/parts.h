/* A file that holds more than one agenda or more than one meeting's minutes. */
#ifndef REFERAT_SDK_PARTS_H
#define REFERAT_SDK_PARTS_H

#include "structure.h"

enum { MOST_PARTS = 20 };

/* What a line of a cover says that the document is; KIND_UNSPECIFIED: nothing. */
Referat__Kind rf_kind_said(const struct referat_paragraph *line);

/* Is the line "Plats och tid" of a cover, with those who were there below it? */
bool rf_cover_begins(const struct referat_page *page, size_t at);

/* Parts a page where another cover follows what was proposed or decided. Returns how many parts there are. */
size_t rf_parts_find(const struct referat_page *page, struct referat_page parts[MOST_PARTS]);

/* The document that the parts make together: minutes go before the agenda, and minutes of one meeting are one. HELD:
 * they are of several meetings, and the call has the reason. */
enum reading rf_parts_join(struct referat_call *call, Referat__Document *documents, size_t n,
			   Referat__Document **together);

#endif
