/* Files whose bytes are mapped: as if they had been read, with a NUL behind. */
#include "base/error.h"
#include "base/files.h"
#include "base/mapping.h"
#include "base/memory.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 3 * 4096 };

static int open_file(const char *folder, size_t size)
{
	rf_autofree char *path = rf_path_join(folder, "file");
	rf_autofree char *bytes = rf_alloc(size + 1);
	memset(bytes, 'a', size);
	assert_int_equal(rf_file_write(path, bytes, size, false, NULL), 0);
	int fd;
	uint64_t found;
	assert_int_equal(rf_file_open(path, &fd, &found, NULL), 0);
	assert_int_equal(found, size);
	unlink(path); /* what is mapped stays */
	return fd;
}

static void a_nul_follows_whatever_the_size(void **state)
{
	char *folder = *state;
	static const size_t sizes[] = {0, 1, 4095, 4096, 4097, MOST};
	for (size_t i = 0; i < RF_COUNT(sizes); i++) {
		int fd = open_file(folder, sizes[i]);
		struct rf_mapping mapping;
		assert_int_equal(rf_mapping_open(fd, sizes[i], &mapping, NULL), 0);
		close(fd);
		assert_int_equal(mapping.size, sizes[i]);
		assert_int_equal(strlen((const char *)mapping.data), sizes[i]);
		rf_mapping_close(&mapping);
	}
}

static void a_file_that_is_shorter_is_refused(void **state)
{
	int fd = open_file(*state, 100);
	struct rf_mapping mapping;
	struct rf_error error;
	assert_true(rf_mapping_open(fd, 101, &mapping, &error) < 0);
	assert_string_equal(error.text, "the file has 100 bytes, not 101");
	close(fd);
}

static int set_up(void **state)
{
	*state = test_folder_make();
	return 0;
}

static int tear_down(void **state)
{
	test_folder_remove(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_nul_follows_whatever_the_size, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_that_is_shorter_is_refused, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("mapping", tests, NULL, NULL);
}
