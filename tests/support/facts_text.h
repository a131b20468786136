/* What a document says, as text of one fact a line and without where it stands: two files with the same minutes have
 * the same text. */
#ifndef TESTS_SUPPORT_FACTS_TEXT_H
#define TESTS_SUPPORT_FACTS_TEXT_H

#include <referat/document.pb-c.h>
#include <stdbool.h>

/* The caller frees it. NULL (a document that was refused): an empty one. */
char *facts_text(const Referat__Document *document);

/* The first line that differs in two texts, of each; NULL where one has ended. False: they are the same. */
bool facts_differ(const char *one, const char *other, char **of_one, char **of_other);

#endif
