/* A document as a record that a person can read and a test can compare: one line a thing, in order. */
#ifndef TESTS_SUPPORT_RECORD_H
#define TESTS_SUPPORT_RECORD_H

#include "tests/support/plugin.h"

char *test_record(const Referat__Document *document); /* the caller frees it */

/* Reads the sample with the reader and compares the record with the golden file. */
void test_record_golden(struct test_plugin *reader, const char *sample, const char *golden);

#endif
