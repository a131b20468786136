/* reader.pdf. */
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_reader("reader.pdf", data, size);
	return 0;
}
