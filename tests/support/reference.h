/* How near a summary that was written of minutes comes to one that a person wrote of the same minutes: how many edits
 * that person would have to make before it could go out. */
#ifndef TESTS_SUPPORT_REFERENCE_H
#define TESTS_SUPPORT_REFERENCE_H

#include <referat/document.pb-c.h>
#include <stdio.h>

enum reference_edit {
	EDIT_TITLE,
	EDIT_LEAD,       /* names other matters */
	EDIT_ADD,        /* a matter */
	EDIT_REMOVE,     /* a matter */
	EDIT_HEADING,    /* says something else, or is too long */
	EDIT_DECISION,   /* is missing */
	EDIT_TOO_MUCH,   /* a decision that residents need not read */
	EDIT_WRONG,      /* another outcome */
	EDIT_BACKGROUND, /* what explains is missing, lacks a figure, or is too much */
	EDIT_LANGUAGE,   /* a sentence that is too long, or broken */
	REFERENCE_EDITS,
};

enum { MOST_REFERENCES = 100, READY_EDITS = 2 }; /* a draft with at most so many is ready */

struct references {
	FILE *out; /* draft and reference side by side, and each edit; NULL: they are not told */
	unsigned documents, ready;
	unsigned edits[MOST_REFERENCES];
};

/* Compares the summary with the reference at the path: "# title", a lead, and for each matter "## number. heading",
 * decisions as "- outcome: sentence" or "- sentence", and what explains. No file: nothing is counted. */
void references_add(struct references *references, const Referat__Document *document, const Referat__Summary *summary,
		    const char *path, const char *name);

unsigned references_median(struct references *references); /* edits of a document */
unsigned references_most(const struct references *references);

#endif
