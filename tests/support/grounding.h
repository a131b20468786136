/* Whether a summary of minutes says only what stands in them: looked up in the source's own text, without the
 * summariser's help. */
#ifndef TESTS_SUPPORT_GROUNDING_H
#define TESTS_SUPPORT_GROUNDING_H

#include <referat/document.pb-c.h>
#include <stdio.h>

struct test_plugin;

struct grounding {
	unsigned documents, held; /* minutes that were summarised; of these the summariser held back as not grounded */
	unsigned sentences, grounded;
	FILE *differences; /* NULL: they are not told */
};

/* Summarises the document, and counts the title, the lead, and the headings and sentences of the items: grounded are
 * those whose every number, and every name after the first word, stands in the source. */
void grounding_add(struct grounding *grounding, struct test_plugin *summariser, const Referat__Document *document,
		   const char *source, const char *name);

#endif
