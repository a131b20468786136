/* The text of a document as checks go through it: passage by passage in reading order, each with its place in numbers
 * and in words. A plugin that includes this links protobuf-c and ICU. */
#ifndef REFERAT_PASSAGES_H
#define REFERAT_PASSAGES_H

#include "referat/plugin.h"
#include <referat/document.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

enum referat_area {
	REFERAT_AREA_TITLE,
	REFERAT_AREA_LEAD,    /* a block of the lead */
	REFERAT_AREA_HEADING, /* of an item */
	REFERAT_AREA_ITEM,    /* a block of an item */
	REFERAT_AREA_NOTICE,  /* a block of what belongs to the page and not to the matter */
};

struct referat_passage {
	enum referat_area area;
	const char *text;              /* "" when there is none */
	const Referat__Item *item;     /* of headings and items, else NULL */
	const Referat__Notice *notice; /* of notices, else NULL */
	const Referat__Block *block;   /* NULL: title, heading */
	struct referat_place place;    /* without start and end */
};

/* Visits every passage. visit returns false to end it. */
typedef bool (*referat_visit)(void *context, const struct referat_passage *passage);
void referat_passages(const Referat__Document *document, referat_visit visit, void *context);

/* Adds line and page of a place in the source (NULL: none is known) to one that a finding names. */
void referat_place_source(struct referat_place *place, const Referat__Place *source);

/* The passage's place with a range of its text; a notice has only lines. */
struct referat_place referat_place_in(const struct referat_passage *passage, size_t start, size_t end);

/* Where the passage is, as a text's first words: "I avsnittet ”Bidrag till föreningar”, stycke 2,". A heading that may
 * not be quoted is told by its number. */
const char *referat_where(struct referat_call *call, const struct referat_passage *passage);

struct referat_known;

/* The names that a document makes known (people.h). It lives as long as the call. */
struct referat_known *referat_known_of(struct referat_call *call, const Referat__Document *document);

/* A range of a text as a finding may quote it; NULL when it may not: it is empty, very long, broken off inside a
 * character, has digits enough for an identity number, or may point out a private person. */
const char *referat_quote(struct referat_call *call, const char *text, size_t start, size_t end);

/* An item's heading, when it may be quoted and the item is not confidential, else NULL. */
const char *referat_quote_heading(struct referat_call *call, const Referat__Item *item);

#ifdef __cplusplus
}
#endif
#endif
