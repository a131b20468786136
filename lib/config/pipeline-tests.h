/* A test of a definition: a file, and what the pipeline is to make of it. `referat test` runs them. */
#ifndef RF_CONFIG_PIPELINE_TESTS_H
#define RF_CONFIG_PIPELINE_TESTS_H

#include <stddef.h>
#include <stdint.h>

enum { RF_TEST_ANY = -1 };

struct rf_test_file {
	char *rendition; /* "page" */
	char *path;      /* absolute */
};

/* Texts are NULL, and counts RF_TEST_ANY, where the test says nothing. */
struct rf_test {
	char *name;        /* the input as it is written, when it has none of its own */
	char *input;       /* absolute */
	char *held, *dead; /* with this code; neither: it comes through */
	char *title, *kind, *board, *day;
	int64_t items, decisions;
	char **contains, **lacks; /* words of renditions */
	size_t n_contains, n_lacks;
	struct rf_test_file *equals;
	size_t n_equals;
};

void rf_test_deinit(struct rf_test *test);

#endif
