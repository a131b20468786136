/* Which paragraphs minutes have, in a form that can be compared and named: "20", "20-22", "1-19_21-40". */
#ifndef RF_INGEST_PARAGRAPHS_H
#define RF_INGEST_PARAGRAPHS_H

#include <stddef.h>

enum { PARAGRAPHS_MOST = 96 /* bytes of such a text: it is part of names */ };

/* Of what a cover prints: "§§ 1–19, 21–40", "§ 20/24". Ranges that touch are one. NULL: nothing that is understood, or
 * more than a name can hold. The caller frees. */
char *paragraphs_read(const char *printed);

/* For people, of numbers in order: "§ 7", "§§ 1–19, 21–40". The caller frees. */
char *paragraphs_words(const unsigned *numbers, size_t n);

#endif
