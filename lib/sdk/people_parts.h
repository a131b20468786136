/* What the files about signs of private persons share. */
#ifndef SDK_PEOPLE_PARTS_H
#define SDK_PEOPLE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <unicode/utypes.h>

/* Is it a given name that many in Sweden have? In lower case. */
bool rf_is_given_name(const char *lower, size_t size);

/* The character at a position, which moves behind it; 0 at the end, and for what is no character. */
UChar32 rf_next_character(const char *text, size_t *at);

bool rf_is_blank(UChar32 c); /* a space of any kind, or a line's end */
bool rf_is_dash(UChar32 c);

/* Is the word, of the size, in the sorted or unsorted list, or does it end as one of the list does? */
bool rf_is_one_of(const char *word, size_t size, const char *const *list, size_t n);
bool rf_ends_as_one_of(const char *word, size_t size, const char *const *list, size_t n);

#define RF_IS_ONE_OF(word, size, list)      rf_is_one_of(word, size, list, sizeof(list) / sizeof(*(list)))
#define RF_ENDS_AS_ONE_OF(word, size, list) rf_ends_as_one_of(word, size, list, sizeof(list) / sizeof(*(list)))

#endif
