#include "tests/support/golden.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 16 * 1024 * 1024 };

static size_t first_difference(const char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t at = 0;
	while (at < a_size && at < b_size && a[at] == b[at])
		at++;
	return at;
}

static bool write_anew(const char *path, const void *data, size_t size)
{
	struct rf_error error = {0};
	if (!rf_file_write(path, data, size, false, &error))
		return true;
	print_error("%s\n", error.text);
	return false;
}

bool test_golden_matches(const char *path, const void *data, size_t size)
{
	rf_autofree char *expected = NULL;
	size_t expected_size = 0;
	if (getenv("REFERAT_UPDATE_GOLDEN"))
		return write_anew(path, data, size);
	if (rf_file_read(path, MOST, &expected, &expected_size, NULL)) {
		print_error("%s can't be read: run with REFERAT_UPDATE_GOLDEN=1 and look at it\n", path);
		return false;
	}
	size_t at = first_difference(expected, expected_size, data, size);
	if (at == size && at == expected_size)
		return true;
	size_t line = 1;
	size_t begin = 0;
	for (size_t i = 0; i < at; i++)
		if (expected[i] == '\n') {
			line++;
			begin = i + 1;
		}
	print_error("%s:%zu: expected\n%.300s\ngot\n%.*s\n", path, line, expected + begin,
		    (int)(size - begin < 300 ? size - begin : 300), (const char *)data + begin);
	return false;
}

void test_golden(const char *name, const void *data, size_t size)
{
	rf_autofree char *path = rf_format("tests/unit/golden/%s", name);
	if (!test_golden_matches(path, data, size))
		fail_msg("%s differs", name);
}
