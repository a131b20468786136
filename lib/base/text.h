/* Texts: checks and small helpers that every part needs. All texts inside are UTF-8. */
#ifndef RF_BASE_TEXT_H
#define RF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool rf_text_is_utf8(const char *text, size_t size); /* RFC 3629: no surrogates, no overlong forms; NUL is not text */

/* The entry of names that looks most like word, or NULL when none is near (more than a third of the letters off).
 * For "did you mean". */
const char *rf_text_nearest(const char *word, const char *const *names, size_t n_names);

bool rf_text_starts(const char *text, const char *start);
bool rf_text_ends(const char *text, const char *end);

/* Where a word stands in a list of words that are parted by spaces, from 0; SIZE_MAX: it is not there. */
size_t rf_text_find_word(const char *list, const char *word);

/* Copies text without white space (Unicode's too) at both ends. The caller frees. */
char *rf_text_trim(const char *text, size_t size);

/* The text as names are compared: without white space around it, and without the difference between capitals and other
 * letters (Unicode's case folding). The caller frees. */
char *rf_text_fold(const char *text);

/* Whether the text shows colours: a terminal, NO_COLOR not set, TERM not "dumb". */
bool rf_text_colours(int fd);

#endif
