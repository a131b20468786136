/* base/files.h: reading, writing, folders, paths. Each test has a folder of its own. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder;

static int make_folder(void **state)
{
	(void)state;
	folder = test_folder_make();
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	test_folder_remove(folder);
	return 0;
}

static char *in_folder(const char *name)
{
	return rf_path_join(folder, name);
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	rf_autofree char *path = in_folder("minutes.txt");
	rf_autofree char *data = NULL;
	size_t size;
	struct rf_error error;
	assert_int_equal(rf_file_write(path, "first", 5, true, &error), 0);
	assert_int_equal(rf_file_write(path, "a\0b", 3, false, &error), 0);
	assert_int_equal(rf_file_read(path, 3, &data, &size, &error), 0);
	assert_int_equal(size, 3);
	assert_memory_equal(data, "a\0b", 4);
}

static void writing_leaves_nothing_else_behind(void **state)
{
	(void)state;
	rf_autofree char *path = in_folder("minutes.txt");
	assert_int_equal(rf_file_write(path, "x", 1, false, NULL), 0);
	rf_autofree char *blocked = in_folder("folder/x");
	assert_int_equal(rf_folder_make(blocked, NULL), 0);
	struct rf_error error;
	rf_autofree char *taken = in_folder("folder");
	assert_true(rf_file_write(taken, "x", 1, false, &error) < 0);
	assert_non_null(strstr(error.text, "folder: writing failed: "));
	DIR *entries = opendir(folder);
	int n = 0;
	for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
		n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	closedir(entries);
	assert_int_equal(n, 2);
}

static void a_missing_file_is_an_outcome(void **state)
{
	(void)state;
	rf_autofree char *path = in_folder("none");
	char *data = NULL;
	size_t size;
	assert_int_equal(rf_file_read(path, 10, &data, &size, NULL), RF_FILE_MISSING);
	assert_null(data);
}

static void a_file_over_the_bound_is_not_read(void **state)
{
	(void)state;
	rf_autofree char *path = in_folder("large");
	char *data = NULL;
	size_t size;
	assert_int_equal(rf_file_write(path, "12345", 5, false, NULL), 0);
	assert_int_equal(rf_file_read(path, 4, &data, &size, NULL), RF_FILE_TOO_LARGE);
	assert_null(data);
	/* One that does not say how large it is. */
	assert_int_equal(rf_file_read("/proc/self/status", 100, &data, &size, NULL), RF_FILE_TOO_LARGE);
	assert_int_equal(rf_file_read("/proc/self/status", 100000, &data, &size, NULL), 0);
	assert_int_equal(strlen(data), size);
	free(data);
}

static void what_is_not_a_regular_file_is_refused(void **state)
{
	(void)state;
	rf_autofree char *fifo = in_folder("fifo");
	char *data = NULL;
	size_t size;
	struct rf_error error;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_true(rf_file_read(fifo, 10, &data, &size, &error) < 0);
	assert_non_null(strstr(error.text, "not a regular file"));
	assert_true(rf_file_read(folder, 10, &data, &size, &error) < 0);
	assert_true(rf_file_read("/dev/null", 10, &data, &size, &error) < 0);
}

static void folders_are_made_with_those_above(void **state)
{
	(void)state;
	rf_autofree char *path = in_folder("a/b//c/");
	rf_autofree char *file = in_folder("file");
	rf_autofree char *below = in_folder("file/x");
	struct rf_error error;
	assert_int_equal(rf_folder_make(path, &error), 0);
	assert_int_equal(rf_folder_make(path, &error), 0);
	assert_int_equal(rf_folder_sync(path, &error), 0);
	assert_int_equal(rf_file_write(file, "", 0, false, &error), 0);
	assert_true(rf_folder_make(below, &error) < 0);
	assert_non_null(strstr(error.text, "/file: the folder cannot be made: Not a directory"));
	assert_true(rf_folder_make("", &error) < 0);
}

static void paths_are_joined_and_cut(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *rest, *joined, *parent;
	} cases[] = {
	    {"a", "b/c", "a/b/c", "a/b"}, {"a/", "b", "a/b", "a"}, {"a", "/b", "/b", "/"}, {"", "b", "b", "."}};
	for (size_t i = 0; i < RF_COUNT(cases); i++) {
		rf_autofree char *joined = rf_path_join(cases[i].folder, cases[i].rest);
		rf_autofree char *parent = rf_path_folder(joined);
		assert_string_equal(joined, cases[i].joined);
		assert_string_equal(parent, cases[i].parent);
	}
}

static void the_installation_is_found_from_the_program(void **state)
{
	(void)state;
	rf_autofree char *program = rf_path_join(rf_install_prefix(), "tests/test_files");
	assert_int_equal(access(program, X_OK), 0);
	assert_ptr_equal(rf_install_prefix(), rf_install_prefix());
}

static void a_path_that_leaves_the_folder_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "/a", "..", "a/../b", "a/..", "a//b", "a/", ".", "./a", "a/."};
	static const char *const good[] = {"a", "a/b.html", "..a", "a/...", ".hidden"};
	for (size_t i = 0; i < RF_COUNT(bad); i++)
		assert_false(rf_path_is_inside(bad[i]));
	for (size_t i = 0; i < RF_COUNT(good); i++)
		assert_true(rf_path_is_inside(good[i]));
	char endless[1026];
	memset(endless, 'a', sizeof endless - 1);
	endless[1025] = '\0';
	assert_false(rf_path_is_inside(endless));
	endless[1024] = '\0';
	assert_true(rf_path_is_inside(endless));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_FOLDER(what_is_written_is_read),
	    IN_FOLDER(writing_leaves_nothing_else_behind),
	    IN_FOLDER(a_missing_file_is_an_outcome),
	    IN_FOLDER(a_file_over_the_bound_is_not_read),
	    IN_FOLDER(what_is_not_a_regular_file_is_refused),
	    IN_FOLDER(folders_are_made_with_those_above),
	    cmocka_unit_test(paths_are_joined_and_cut),
	    cmocka_unit_test(the_installation_is_found_from_the_program),
	    cmocka_unit_test(a_path_that_leaves_the_folder_is_refused),
	};
	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
