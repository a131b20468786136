/* Swedish identity numbers in a text: personnummer, samordningsnummer (the day plus 60) and interim numbers (a letter
 * for the first digit of the birth number), in the ways people and programs write and break them.
 *
 * What only looks like one is left out by its date (an organisation number has a month of at least 20), by its check
 * digit, and by what stands before it (a case number, a telephone number). */
#ifndef IDENTITY_NUMBERS_H
#define IDENTITY_NUMBERS_H

#include <referat/plugin.h>
#include <referat/swedish.h>

/* A text made ready for the search: it belongs to the call. */
struct scan;
struct scan *scan_new(struct referat_call *call, const char *text);

/* The next number at or after what was found before. False: there are no more. */
bool scan_next(struct scan *scan, struct referat_range *where);

#endif
