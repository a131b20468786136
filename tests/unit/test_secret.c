/* plugin/secret.h: where secrets are found, and which files are not believed. */
#include "plugin/secret.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char *folder, *credentials;

static int set_up(void **state)
{
	(void)state;
	folder = test_folder_make();
	credentials = test_folder_make();
	unsetenv("CREDENTIALS_DIRECTORY");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	test_folder_remove(folder);
	test_folder_remove(credentials);
	return 0;
}

static void write_secret(const char *where, const char *name, const char *text, size_t size, mode_t mode)
{
	rf_autofree char *path = rf_path_join(where, name);
	assert_int_equal(rf_file_write(path, text, size, false, NULL), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void is(const char *name, const char *expected)
{
	char *value = NULL;
	struct rf_error error = {0};
	if (rf_secret_read(folder, name, &value, &error))
		fail_msg("%s", error.text);
	assert_string_equal(value, expected);
	rf_secret_forget(value);
}

static void is_refused(const char *name, const char *part)
{
	char *value = NULL;
	struct rf_error error = {0};
	assert_int_equal(rf_secret_read(folder, name, &value, &error), -1);
	if (!strstr(error.text, part))
		fail_msg("%s", error.text);
	assert_null(value);
}

static void one_newline_at_the_end_is_left_out(void **state)
{
	(void)state;
	write_secret(folder, "a", "pass word\n", 10, 0600);
	is("a", "pass word");
	write_secret(folder, "a", "x\n\n", 3, 0400);
	is("a", "x\n");
}

static void credentials_of_the_service_come_first(void **state)
{
	(void)state;
	write_secret(folder, "a", "folder", 6, 0600);
	write_secret(folder, "b", "folder", 6, 0600);
	write_secret(credentials, "a", "credentials", 11, 0440);
	setenv("CREDENTIALS_DIRECTORY", credentials, 1);
	is("a", "credentials");
	is("b", "folder");
}

static void files_that_others_can_read_are_refused(void **state)
{
	(void)state;
	write_secret(folder, "a", "x", 1, 0640);
	is_refused("a", "can be read by others (mode 0640); run: chmod 600");
}

static void what_is_no_secret_is_refused(void **state)
{
	(void)state;
	rf_autofree char *large = rf_alloc(70000);
	memset(large, 'x', 70000);
	write_secret(folder, "empty", "\n", 1, 0600);
	write_secret(folder, "nul", "a\0b", 3, 0600);
	write_secret(folder, "large", large, 70000, 0600);
	is_refused("empty", "is empty");
	is_refused("nul", "holds a NUL byte");
	is_refused("large", "is longer than 64 KiB");
	is_refused("missing", "secret 'missing' is not there; expected a file ");
	is_refused("../a", "'../a' is not a name for a secret");
	is_refused("", "'' is not a name");
	rf_autofree char *fifo = rf_path_join(folder, "fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	is_refused("fifo", "is not a file");
}

static void what_was_written_is_read_and_closed_to_others(void **state)
{
	(void)state;
	struct rf_error error = {0};
	rf_autofree char *inner = rf_path_join(folder, "secrets");
	rf_autofree char *path = rf_path_join(inner, "a");
	struct stat at;
	char *value = NULL;
	assert_int_equal(rf_secret_write(inner, "a", "old", 3, &error), 0);
	assert_int_equal(rf_secret_write(inner, "a", "new\n", 4, &error), 0);
	assert_int_equal(stat(path, &at), 0);
	assert_int_equal(at.st_mode & 0777, 0600);
	assert_int_equal(stat(inner, &at), 0);
	assert_int_equal(at.st_mode & 0777, 0700);
	assert_int_equal(rf_secret_read(inner, "a", &value, &error), 0);
	assert_string_equal(value, "new");
	rf_secret_forget(value);
}

static void what_is_no_secret_is_not_written(void **state)
{
	(void)state;
	struct rf_error error = {0};
	rf_autofree char *large = rf_alloc(70000);
	memset(large, 'x', 70000);
	assert_int_equal(rf_secret_write(folder, "a", "\n", 1, &error), -1);
	assert_non_null(strstr(error.text, "the value of secret 'a' is empty"));
	assert_int_equal(rf_secret_write(folder, "a", "x\0y", 3, &error), -1);
	assert_int_equal(rf_secret_write(folder, "a", large, 70000, &error), -1);
	assert_int_equal(rf_secret_write(folder, "../a", "x", 1, &error), -1);
	is_refused("a", "is not there");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(one_newline_at_the_end_is_left_out),
	    TEST(credentials_of_the_service_come_first),
	    TEST(files_that_others_can_read_are_refused),
	    TEST(what_is_no_secret_is_refused),
	    TEST(what_was_written_is_read_and_closed_to_others),
	    TEST(what_is_no_secret_is_not_written),
	};
	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
