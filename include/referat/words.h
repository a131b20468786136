/* Words for residents: days and sizes in words, names in addresses, what an outcome is called; the texts of a
 * template. */
#ifndef REFERAT_WORDS_H
#define REFERAT_WORDS_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

struct json_object;

/* A civil date in words of the publisher's language: referat_day(call, "2024-04-17", "d MMMM y") = "17 april 2024". The
 * pattern is ICU's. "" when it is not a date. */
const char *referat_day(struct referat_call *call, const char *iso, const char *pattern);

/* The day some months later, ISO; the day of the month is cut to the month's last. "" when iso is not a date. */
const char *referat_months_later(struct referat_call *call, const char *iso, int months);

/* A number of bytes as people say it: "4 MiB", else "1500 byte". */
const char *referat_size_text(struct referat_call *call, int64_t size);

/* A name for an address: lower case, å and ä to a, ö to o, other letters to their base, all else to single hyphens.
 * "Arbetsmarknads- och socialnämnden" = "arbetsmarknads-och-socialnamnden". May be "". */
const char *referat_slug(struct referat_call *call, const char *name);

/* What comes after "outcome." in the language file: "approved", "referred_back"; NULL when the outcome is not known,
 * or is none that has a word. outcome is a number of the enum Outcome in document.proto. */
const char *referat_outcome_key(int outcome);

/* {"name": text of "prefix.name", …} for the template's {{t.name}}; names ends with NULL. The caller owns it. */
struct json_object *referat_texts(struct referat_call *call, const char *prefix, const char *const *names);

/* Adds a text; NULL or "" adds false, so that a section on it is not shown, whatever the contexts around it have. */
void referat_put(struct json_object *object, const char *name, const char *text);

#ifdef __cplusplus
}
#endif
#endif
