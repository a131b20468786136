/* check.links: does each link lead somewhere, and does its label say where? */
#ifndef CHECK_LINKS_H
#define CHECK_LINKS_H

#include <referat/passages.h>

enum { MOST_LABEL = 300 }; /* bytes; what is longer is no label, and is not looked into */

/* ---- addresses.c ---- */

enum address {
	ADDRESS_GOOD,     /* http, https, mailto or tel, and something after it */
	ADDRESS_MISSING,  /* none, or only "#" */
	ADDRESS_RELATIVE, /* a part of one: "/handlingar", "www.lund.se" */
	ADDRESS_BROKEN,   /* spaces or control characters in it, or no host */
	ADDRESS_REFUSED,  /* another scheme */
};

/* scheme is set where it is refused: "javascript"; cut when it is long. */
enum address address_kind(struct referat_call *call, const char *href, const char **scheme);

/* ---- labels.c ---- */

enum label {
	LABEL_GOOD,
	LABEL_EMPTY,
	LABEL_VAGUE,   /* "här", "Läs mer …" */
	LABEL_ADDRESS, /* "www.lund.se/handlingar" */
};

/* lower is the label in lower case, as label_trim gives it. */
enum label label_kind(const char *lower);

/* A label (at most MOST_LABEL bytes) in lower case, without what surrounds its words: spaces, stops, arrows. */
const char *label_trim(struct referat_call *call, const char *text, size_t size);

/* Does a short text without a link invite to follow one? "Läs mer om detaljplanen", "Klicka här". */
bool label_invites(const char *text);

#endif
