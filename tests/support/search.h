/* Bytes looked for where they lie: in the raw files of a folder. */
#ifndef TESTS_SUPPORT_SEARCH_H
#define TESTS_SUPPORT_SEARCH_H

#include <stddef.h>

/* How many files in the folder, at any depth, have the text in their bytes or in their path. */
size_t search_folder(const char *folder, const char *text);

#endif
