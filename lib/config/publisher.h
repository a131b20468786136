/* The publisher file: which municipality, and which boards it has had under which names (docs/publisher-file.md). */
#ifndef RF_CONFIG_PUBLISHER_H
#define RF_CONFIG_PUBLISHER_H

#include "config/diagnostics.h"

#include <referat/document.pb-c.h>

struct rf_error;

enum { RF_PUBLISHER_WRONG = 1, RF_PUBLISHER_MISSING = 2 };

/* Reads and checks the file, or the copy in its place (NULL: none). Returns 0 with a publisher that the caller frees;
 * RF_PUBLISHER_WRONG when there are errors (all of them in diagnostics); RF_PUBLISHER_MISSING; < 0 when it can't be
 * read. *text is what the file holds, for the caller to free. */
int rf_publisher_read(const char *path, const char *copy, struct rf_diagnostics *diagnostics,
		      Referat__Publisher **publisher, char **text, struct rf_error *error);
void rf_publisher_free(Referat__Publisher *publisher); /* NULL is fine */

/* Whether the name was in use on that day (ISO; NULL: on any): an end that is absent is open. */
bool rf_dated_name_holds(const Referat__DatedName *name, const char *day);

#endif
