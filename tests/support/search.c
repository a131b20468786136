#include "tests/support/search.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_BYTES = 256 * 1024 * 1024, MOST_OPEN = 16 };

static const char *wanted; /* nftw passes nothing on */
static size_t found;

static int look(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)place;
	rf_autofree char *data = NULL;
	size_t size = 0;
	struct rf_error error = {""};
	if (kind == FTW_F && rf_file_read(path, MOST_BYTES, &data, &size, &error) != 0)
		fail_msg("%s", error.text);
	found += strstr(path, wanted) || (data && memmem(data, size, wanted, strlen(wanted)));
	return 0;
}

size_t search_folder(const char *folder, const char *text)
{
	wanted = text;
	found = 0;
	assert_int_equal(nftw(folder, look, MOST_OPEN, FTW_PHYS), 0);
	return found;
}
