/* For readers: from what a format says of a text to a document. A reader gives the text as paragraphs, in reading
 * order, with what its format knows of them (that it is a heading, an item of a list, where a link leads);
 * referat_read_page finds in them whose meeting it was and when, the items, the decisions and what belongs to the page
 * only.
 *
 * Formats that mark up running text (HTML, Markdown) make the paragraphs with a flow.
 *
 * All memory is the call's. A plugin that includes this links ICU and protobuf-c. */
#ifndef REFERAT_READING_H
#define REFERAT_READING_H

#include "referat/document.pb-c.h"
#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
	REFERAT_MOST_PARAGRAPHS = 20000,
	REFERAT_MOST_PARAGRAPH = 64 * 1024, /* bytes of a paragraph's text */
};

/* Is the media type of the call's document that ("text/html"), whatever parameters it has? */
bool referat_type_is(struct referat_call *, const char *type);

/* Gives the text of the bytes of the part `source`: UTF-8, or Windows-1252 when it can't be UTF-8; in NFC; lines end
 * with
 * '\n', and a page with '\f' at the beginning of the next line; no-break spaces are spaces, soft hyphens and other
 * characters without width are gone. charset is what the source says of itself, for bytes that are not UTF-8; NULL:
 * nothing. Larger than the option max_size, empty, binary, damaged or in another encoding: FAIL or HOLD with the
 * reason. */
enum referat_result referat_source_text(struct referat_call *, const char *charset, const char **text);

/* ---- paragraphs ------------------------------------------------------------------------------------------------- */

struct referat_paragraph {
	Referat__BlockKind kind; /* PARAGRAPH, LIST_ITEM, NUMBERED_ITEM, QUOTE or TABLE_ROW */
	unsigned level;          /* of list items, from 1 */
	unsigned number;         /* of a NUMBERED_ITEM, as it was printed; 0: not known */
	unsigned heading;        /* from 1: the format says that it is a heading of that level; 0: it does not say */
	const char *text;        /* in NFC, on one line, without bullet or number */
	const char *lower;       /* the text by referat_lower */
	Referat__Span **spans;
	size_t n_spans;
	unsigned line, last_line; /* in the source, or on the page, from 1; 0: not known */
	unsigned page;            /* that lines count on, from 1; 0: the source has none, or lines count through it */
};

struct referat_page {
	struct referat_call *call;
	struct referat_paragraph *paragraphs;
	size_t n;
	struct referat_paragraph
	    *heads; /* what stood on every printed page, once each: it is not among the paragraphs */
	size_t n_heads;
	const uint32_t *unread; /* pages, from 1, that show something and have no text that can be read */
	size_t n_unread;
};

/* Is a text what was printed on pages, line by line? Some programs call such a text Markdown: its lines matter. */
bool referat_is_printed(struct referat_call *, const char *text);

/* Parts a text without mark-up into paragraphs: blank lines do, wrapped lines are joined (a word that was parted at a
 * line's end, too), bullets and numbers make list items; what is repeated on every printed page is set apart. HOLD when
 * the text or a line is too long. */
enum referat_result referat_lines_page(struct referat_call *, const char *text, struct referat_page *page);

/* Of two lines below each other in print: what do their words say of the second? That it goes on what the first says
 * ("… i stället för"); that it begins a part of its own (a label, an item's number behind a full stop, a clause of a
 * decision behind another one); or nothing: where they stand tells. before: "" where none is. */
enum referat_join { REFERAT_JOIN_BY_PLACE, REFERAT_JOIN_GOES_ON, REFERAT_JOIN_BEGINS };
enum referat_join referat_join_of(struct referat_call *, const char *before, const char *line);

/* Is a text nothing but case numbers ("Dnr KS 2024/12")? */
bool referat_is_case_number(struct referat_call *, const char *text);

/* Reads the page and returns the document with the call (part `document`). Where paragraphs below the title are marked
 * as headings, these part the items; where none is, short lines do. FAIL when it is not about a meeting. */
enum referat_result referat_read_page(const struct referat_page *page);

/* ---- flow ------------------------------------------------------------------------------------------------------- */

/* Marked up text on its way to paragraphs. White space is collapsed; paragraphs without text vanish. */
struct referat_flow;
struct referat_flow *referat_flow_new(struct referat_call *);

/* Ends the paragraph that is open, and begins another of that kind. Text without one begins a PARAGRAPH. */
void referat_flow_open(struct referat_flow *, Referat__BlockKind kind, unsigned level);
void referat_flow_heading(struct referat_flow *, unsigned heading);
void referat_flow_close(struct referat_flow *);

/* Adds text, which stands in that line of the source, or of the page that was turned to (0: not known). */
void referat_flow_text(struct referat_flow *, const char *text, size_t size, unsigned line);
void referat_flow_break(struct referat_flow *);               /* the line ends here */
void referat_flow_turn(struct referat_flow *, unsigned page); /* what follows stands on that page, from 1 */
void referat_flow_cell(struct referat_flow *);                /* of a TABLE_ROW: the next cell begins */

/* What follows is a link, strong, emphasised, until the end. Spans may nest, and go over several paragraphs. A link
 * without an address that can be followed (http, https, mailto) is only text. */
void referat_flow_begin(struct referat_flow *, Referat__SpanKind kind, const char *href);
void referat_flow_end(struct referat_flow *);

/* The paragraphs. HOLD, with the reason, when they are too many or one is too long; FAIL when there are none. */
enum referat_result referat_flow_page(struct referat_flow *, struct referat_page *page);

#ifdef __cplusplus
}
#endif
#endif
