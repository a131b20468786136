/* Transcripts of minutes, as the web has them of files that were uploaded to it: each page is one line, and the sign of
 * paragraphs is lost. The line is broken where a field of the cover, an item or a label begins. */
#ifndef REFERAT_SDK_TRANSCRIPTS_H
#define REFERAT_SDK_TRANSCRIPTS_H

#include "lines.h"

/* A page without its number: head, then text, as they stand in the source. */
struct transcript_page {
	const char *head; /* what is printed on every page; empty: nothing is */
	size_t head_size;
	const char *text;
	size_t size;
	bool cover, contents;
};

struct transcript {
	struct referat_call *call;
	const char *from; /* what stands above it is the site's */
	struct transcript_page *pages;
	size_t n;
	unsigned first, last; /* paragraphs that the cover names; 0: it names none */
	bool agenda;
	bool whole; /* a page stands on a line; else they end with "(3)", and lines are lines */
};

/* The lines of a text that are pages. False: it is no transcript. */
bool rf_transcript_pages(struct referat_call *call, const char *text, struct transcript *transcript);

/* Where items begin in the pages, in the order of their numbers, ended by NULL. */
const char **rf_transcript_items(const struct transcript *transcript);

/* Where the text begins behind an item's heading, which stands at the front; 0: it can't be told. */
size_t rf_transcript_heading_end(const char *text, size_t size);

#endif
