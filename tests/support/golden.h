/* Golden files: what a program writes is compared with a file of the tree that a person has read. With
 * REFERAT_UPDATE_GOLDEN=1 in the environment the file is written anew instead, to be looked at in `git diff`. */
#ifndef TESTS_SUPPORT_GOLDEN_H
#define TESTS_SUPPORT_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>

/* Fails the test at the first line that differs from tests/unit/golden/<name>. */
void test_golden(const char *name, const void *data, size_t size);

/* The same for any path, below the root of the tree: says what differs and returns false, so that a test can look at
 * many files before it fails. */
bool test_golden_matches(const char *path, const void *data, size_t size);

#endif
