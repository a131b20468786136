/* What is left where a document was: a few words for those who come back to its address. */
#ifndef REFERAT_NOTICE_H
#define REFERAT_NOTICE_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

struct referat_notice {
	const char *title; /* text */
	const char *html;  /* paragraphs */
};

/* In withdraw: who took the document away, when, and why, where that is known, with a link to what replaces it. */
struct referat_notice referat_withdrawn(struct referat_call *call);

/* The same as a whole page, for targets that keep pages of their own. */
const char *referat_withdrawn_page(struct referat_call *call);

/* A page for an address that the document had before; from there one is sent on to the url. */
const char *referat_moved_page(struct referat_call *call, const char *url);

#ifdef __cplusplus
}
#endif
#endif
