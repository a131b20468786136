#include "tests/support/samples.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct referat_bytes read_below(const char *folder, const char *name)
{
	enum { MOST = 64 * 1024 * 1024 };
	rf_autofree char *path = rf_format("%s/%s", folder, name);
	struct rf_error error = {0};
	char *data = NULL;
	size_t size = 0;
	if (rf_file_read(path, MOST, &data, &size, &error))
		fail_msg("%s", error.text);
	return (struct referat_bytes){(const uint8_t *)data, size};
}

char *test_sample(const char *name)
{
	return (char *)test_sample_bytes(name).data;
}

struct referat_bytes test_sample_bytes(const char *name)
{
	return read_below("tests/unit/samples", name);
}

bool test_has_real_samples(void)
{
	const char *folder = getenv("REFERAT_SAMPLES");
	return folder && *folder;
}

struct referat_bytes test_real_sample(const char *name)
{
	return read_below(getenv("REFERAT_SAMPLES"), name);
}
