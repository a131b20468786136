/* What is put up on the notice board and has no items: that minutes were adjusted (anslag, bevis), that the council
 * meets (kungörelse). Pages about the notice board itself have neither a meeting nor days, and are none. */
#include "structure.h"

#include <string.h>

enum { TITLE_WITHIN = 15 };

static const struct sign {
	Referat__Kind kind;
	const char *start; /* of a line */
} signs[] = {
    {REFERAT__KIND__ANNOUNCEMENT, "kungörelse"},         {REFERAT__KIND__ANNOUNCEMENT, "kallelse och kungörelse"},
    {REFERAT__KIND__BOARD_NOTICE, "anslagsbevis"},       {REFERAT__KIND__BOARD_NOTICE, "anslag/bevis"},
    {REFERAT__KIND__BOARD_NOTICE, "bevis om"},           {REFERAT__KIND__BOARD_NOTICE, "tillkännagivande"},
    {REFERAT__KIND__BOARD_NOTICE, "justerat protokoll"}, {REFERAT__KIND__BOARD_NOTICE, "anslag"},
};

static Referat__Kind kind_of(const struct referat_paragraph *line)
{
	enum { MOST_WORDS = 8 };
	if (rf_count_words(line->text) > MOST_WORDS)
		return REFERAT__KIND__KIND_UNSPECIFIED;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (rf_starts_with(line->lower, signs[i].start) && !rf_starts_with(line->lower, "anslagstavla"))
			return signs[i].kind;
	return REFERAT__KIND__KIND_UNSPECIFIED;
}

bool rf_posting_read(const struct referat_page *page, Referat__Document *document)
{
	if (rf_has_cover(page))
		return false; /* of minutes, with their notice on it */
	size_t within = page->n < TITLE_WITHIN ? page->n : TITLE_WITHIN;
	size_t title = 0;
	Referat__Kind kind = REFERAT__KIND__KIND_UNSPECIFIED;
	for (; title < within && !kind; title++)
		kind = kind_of(&page->paragraphs[title]);
	if (!kind)
		return false;
	Referat__Document found = *document;
	rf_cover_read(page, page->n, &found);
	bool dated = found.meeting && found.meeting->day;
	bool posted =
	    found.meeting && found.meeting->posting && (found.meeting->posting->up || found.meeting->posting->down);
	if (!found.board || (kind == REFERAT__KIND__ANNOUNCEMENT ? !dated : !posted))
		return false;
	*document = found;
	document->kind = kind;
	document->title = (char *)page->paragraphs[title - 1].text;
	return true;
}
