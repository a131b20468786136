/* Texts that are nearly right, for tests of what reads them: the same ones for the same seed. */
#ifndef TESTS_SUPPORT_MUTATE_H
#define TESTS_SUPPORT_MUTATE_H

#include "tests/support/plugin.h"

struct test_mutator {
	uint32_t seed;
	const char *const *pieces; /* what is written over the text here and there */
	size_t n_pieces;
};

/* Reads a sample again and again, each time changed in a few places: each time there is a document, or a reason. */
void test_mutated(struct test_plugin *reader, struct test_mutator *mutator, const char *sample, int rounds);

#endif
