/* How what would go out differs from what is stored, for people: as `diff -u` shows it. */
#ifndef RF_CLI_DIFFERENCE_H
#define RF_CLI_DIFFERENCE_H

#include <json-c/json.h>
#include <stddef.h>

enum { RF_DIFFERENCE_LINES = 60 };

/* An entry of the `differences` of an answer: document, name, before, after. At most so many lines are printed, each
 * moved in by two, and how many there are more. Blocks. */
void rf_difference_print(json_object *entry, size_t most_lines);

#endif
