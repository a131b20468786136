/* What readers are tried with: texts of the tests' own, and real ones that are not in the tree. */
#ifndef TESTS_SUPPORT_SAMPLES_H
#define TESTS_SUPPORT_SAMPLES_H

#include <referat/plugin.h>
#include <stdbool.h>

/* The whole of tests/unit/samples/<name>; the caller frees it. The test fails when it can't be read. */
char *test_sample(const char *name);
struct referat_bytes test_sample_bytes(const char *name); /* the caller frees data */

/* Real ones are read from the folder $REFERAT_SAMPLES; where it is not set, their tests skip(). */
bool test_has_real_samples(void);

/* The whole of $REFERAT_SAMPLES/<name>; the caller frees data. */
struct referat_bytes test_real_sample(const char *name);

#endif
