/* The main function of a fuzz target where libFuzzer is not: calls the target with each of the files named, and with
 * those in the folders named. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/fuzz/target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { INPUT_MOST = 16 * 1024 * 1024 };

static size_t replay_file(const char *path)
{
	struct rf_error error = {0};
	rf_autofree char *data = NULL;
	size_t size = 0;
	if (rf_file_read(path, INPUT_MOST, &data, &size, &error)) {
		fprintf(stderr, "%s: %s\n", path, error.text);
		exit(EXIT_FAILURE);
	}
	fprintf(stderr, "%s\n", path); /* the last one named is the one that it died over */
	LLVMFuzzerTestOneInput((const uint8_t *)data, size);
	return 1;
}

static size_t replay_folder(const char *folder)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, NULL, alphasort);
	size_t inputs = 0;
	for (int i = 0; i < n; i++) {
		rf_autofree char *path = rf_path_join(folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			inputs += replay_file(path);
		free(entries[i]);
	}
	free(entries);
	return inputs;
}

int main(int argc, char **argv)
{
	size_t inputs = 0;
	for (int i = 1; i < argc; i++) {
		struct stat status;
		bool is_folder = stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode);
		inputs += is_folder ? replay_folder(argv[i]) : replay_file(argv[i]);
	}
	printf("%zu\n", inputs);
	return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
