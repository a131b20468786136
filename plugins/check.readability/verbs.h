/* Passive verbs ("beslutades", "ska prövas", "har godkänts"), told by how they end. There is no dictionary: what is
 * found is right nearly always, and a few are not found. */
#ifndef READABILITY_VERBS_H
#define READABILITY_VERBS_H

#include <stdbool.h>
#include <stddef.h>

/* A word in lower case. after_have: "har", "hade", "ha" or "som" stands shortly before it, so that it may be a supine.
 */
bool verb_is_passive(const char *word, size_t size, bool after_have);

/* "har", "hade", "ha", "som". */
bool verb_is_have(const char *word, size_t size);

#endif
