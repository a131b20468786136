/* check.structure: is what a page of a meeting needs there, and does it agree with itself? Each file knows one part of
 * the document. */
#ifndef CHECK_STRUCTURE_H
#define CHECK_STRUCTURE_H

#include <referat/document.pb-c.h>
#include <referat/message.h>
#include <referat/plugin.h>
#include <referat/swedish.h>

struct check {
	struct referat_call *call;
	const Referat__Document *document;
	const Referat__Publisher *publisher; /* NULL: none was given */
};

extern const struct referat_place nowhere;

/* Reports a finding. Its text is the rule's in the language file, with {{name}} filled in (name may be NULL). */
void report(const struct check *check, const char *rule, enum referat_severity severity, struct referat_place place,
	    const char *name, const char *value);

void check_head(const struct check *check);  /* title, lead, correction */
void check_board(const struct check *check); /* against the publisher's boards */
void check_day(const struct check *check);   /* there, certain, past, and in the month of the title */
void check_items(const struct check *check); /* there, with heading, text and decision */

#endif
