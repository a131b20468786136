#include "tests/support/folder.h"

#include "base/memory.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *make_below(const char *parent)
{
	char *folder = rf_format("%s/referat-test.XXXXXX", parent);
	if (!mkdtemp(folder)) {
		perror(folder);
		abort();
	}
	return folder;
}

char *test_folder_make(void)
{
	const char *parent = getenv("TMPDIR");
	return make_below(parent ? parent : "/tmp");
}

char *test_folder_make_in_memory(void)
{
	return access("/dev/shm", W_OK) == 0 ? make_below("/dev/shm") : test_folder_make();
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
