#include "tests/fuzz/target.h"

#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_broken(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
	abort();
}

struct test_plugin *fuzz_plugin(const char *name)
{
	enum { MOST = 16 };
	static struct test_plugin plugins[MOST];
	static size_t n_plugins;
	for (size_t i = 0; i < n_plugins; i++)
		if (!strcmp(plugins[i].descriptor->name, name))
			return &plugins[i];
	FUZZ_ASSERT(n_plugins < MOST);
	test_plugin_start(&plugins[n_plugins], name);
	return &plugins[n_plugins++];
}

void fuzz_reader(const char *name, const uint8_t *data, size_t size)
{
	struct test_plugin *reader = fuzz_plugin(name);
	enum referat_result result;
	rf_autofree uint8_t *source = rf_memdup(data, size);
	struct rf_call *call = test_plugin_run(reader, "source", reader->descriptor->accepts,
					       (struct referat_bytes){source, size}, &result);
	if (result == REFERAT_OK)
		rf_unpack_free(test_unpack(&referat__document__descriptor, test_output(call, "document")));
	else
		FUZZ_ASSERT(rf_call_reason(call)[0] != '\0');
	rf_call_free(call);
}

const char *fuzz_file(int slot, const uint8_t *data, size_t size)
{
	static int files[2] = {-1, -1};
	static char paths[2][64];
	if (files[slot] < 0) {
		files[slot] = memfd_create("input", MFD_CLOEXEC);
		snprintf(paths[slot], sizeof paths[slot], "/proc/self/fd/%d", files[slot]);
	}
	FUZZ_ASSERT(files[slot] >= 0 && ftruncate(files[slot], 0) == 0);
	FUZZ_ASSERT(pwrite(files[slot], data, size, 0) == (ssize_t)size);
	return paths[slot];
}
