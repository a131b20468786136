/* What people read of a page, and how two pages differ in that: for targets that find something else than they put
 * there. */
#ifndef REFERAT_DIFFERENCE_H
#define REFERAT_DIFFERENCE_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The text of HTML: a line for each paragraph, heading or cell, with single spaces, each ended by '\n'; none is empty.
 * Markup within a line (links, emphasis) parts no words. */
const char *referat_lines(struct referat_call *call, const char *html);

/* The same without a call, into memory with room for strlen(html) + 1 bytes. Returns how many were written, the NUL not
 * counted; the last line may lack its end. */
size_t referat_html_lines(const char *html, char *lines);

/* What the page's <article> holds (its <body>; all of it), without its <h1> and without hidden paragraphs, into memory
 * with room for strlen(page) + 1 bytes. */
void referat_html_article(const char *page, char *article);

/* How what stands there differs from what is wanted: the first lines of each that differ, in words for the publisher.
 * Both as referat_lines gives them. */
const char *referat_difference(struct referat_call *call, const char *there, const char *wanted);

#ifdef __cplusplus
}
#endif
#endif
