/* What a fuzz target is, and what several of them need.
 *
 * A target is a file fuzz_NAME.c with the one function below. libFuzzer calls it with inputs that it makes up
 * (`make fuzz`); replay.c calls it with those of tests/fuzz/corpus/NAME and with the samples of the unit tests
 * (`make test`). Bytes that are no good must be refused with a reason; a crash, a leak, undefined behaviour, or a
 * broken promise (abort) ends the program, and the input goes into the corpus with the correction. */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include "tests/support/plugin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program when a promise is broken. */
#define FUZZ_ASSERT(condition)                                                                                         \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			fuzz_broken(__FILE__, __LINE__, #condition);                                                   \
	} while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *condition);

/* The plugin of that name, loaded at the first call and kept. */
struct test_plugin *fuzz_plugin(const char *name);

/* Lets a reader read the bytes: it gives a document that a stage can take on, or says why not. */
void fuzz_reader(const char *name, const uint8_t *data, size_t size);

/* A path to the bytes, which stay there until the next call with the same slot (0 or 1). */
const char *fuzz_file(int slot, const uint8_t *data, size_t size);

#endif
