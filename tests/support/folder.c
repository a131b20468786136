#include "tests/support/folder.h"

#include "base/memory.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

char *test_folder_make(void)
{
	const char *parent = getenv("TMPDIR");
	char *folder = rf_format("%s/referat-test.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(folder)) {
		perror(folder);
		abort();
	}
	return folder;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

void test_folder_remove(char *folder)
{
	nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(folder);
}
