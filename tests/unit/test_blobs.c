/* Blob files: what is whole has a name, what is not leaves nothing. */
#include "broker/blobs.h"
#include "wire/message.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PEER = 7, OTHER_PEER = 8, MOST = 1000 };

struct fixture {
	char *root;
	char *folder;
	struct rf_blobs *blobs;
	struct rf_error error;
};

/* What the disk has still to do when a blob is synced: bytes written that nothing was waited for yet. */
static uint64_t written, waited, left_at_sync;

ssize_t write(int fd, const void *data, size_t size)
{
	ssize_t (*real)(int, const void *, size_t) = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	ssize_t n = real(fd, data, size);
	written += n > 0 ? (uint64_t)n : 0;
	return n;
}

int sync_file_range(int fd, off_t from, off_t n_bytes, unsigned flags)
{
	(void)fd;
	if (flags & SYNC_FILE_RANGE_WAIT_AFTER)
		waited = (uint64_t)(from + n_bytes);
	return 0;
}

int fsync(int fd)
{
	(void)fd;
	if (written > waited)
		left_at_sync = written - waited;
	written = waited = 0;
	return 0;
}

static int set_up(void **state)
{
	struct fixture *fixture = rf_alloc(sizeof *fixture);
	fixture->root = test_folder_make();
	fixture->folder = rf_path_join(fixture->root, "blobs");
	*state = fixture;
	return rf_blobs_open(fixture->folder, MOST, &fixture->blobs, &fixture->error);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	rf_blobs_close(fixture->blobs);
	test_folder_remove(fixture->root);
	free(fixture->folder);
	free(fixture);
	return 0;
}

/* How many files lie in the folder for what is being written. */
static int count_temporary(const struct fixture *fixture)
{
	rf_autofree char *path = rf_path_join(fixture->folder, "tmp");
	DIR *folder = opendir(path);
	assert_non_null(folder);
	int n = 0;
	for (struct dirent *entry; (entry = readdir(folder));)
		n += entry->d_name[0] != '.';
	closedir(folder);
	return n;
}

static uint64_t begin(struct fixture *fixture, uint64_t size)
{
	uint64_t handle = 0;
	assert_int_equal(rf_blobs_begin(fixture->blobs, PEER, size, &handle, &fixture->error), 0);
	assert_int_not_equal(handle, 0);
	return handle;
}

static int write_text(struct fixture *fixture, uint64_t handle, uint64_t offset, const char *text)
{
	return rf_blobs_write(fixture->blobs, PEER, handle, offset, text, strlen(text), &fixture->error);
}

static void put(struct fixture *fixture, const char *text, char name[RF_DIGEST_TEXT_SIZE])
{
	uint64_t handle = begin(fixture, strlen(text));
	assert_int_equal(write_text(fixture, handle, 0, text), 0);
	assert_int_equal(rf_blobs_end(fixture->blobs, PEER, handle, name, &fixture->error), 0);
}

static void a_blob_in_pieces_is_named_by_its_digest(void **state)
{
	struct fixture *fixture = *state;
	uint64_t handle = begin(fixture, 11);
	assert_int_equal(write_text(fixture, handle, 0, "hello "), 0);
	assert_int_equal(write_text(fixture, handle, 6, "world"), 0);
	char name[RF_DIGEST_TEXT_SIZE];
	assert_int_equal(rf_blobs_end(fixture->blobs, PEER, handle, name, &fixture->error), 0);
	assert_string_equal(name, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
	uint64_t size = 0;
	assert_int_equal(rf_blobs_find(fixture->blobs, name, &size, &fixture->error), 0);
	assert_int_equal(size, 11);
	assert_int_equal(count_temporary(fixture), 0);
	rf_autofree char *path = rf_format("%s/b9/%s", fixture->folder, name);
	assert_int_equal(access(path, R_OK), 0);
}

static void the_sync_of_a_large_blob_has_little_left_to_do(void **state)
{
	struct fixture *fixture = *state;
	enum { PIECE = 1024 * 1024, PIECES = 64 };
	rf_autofree char *piece = rf_alloc(PIECE);
	rf_blobs_close(fixture->blobs);
	assert_int_equal(rf_blobs_open(fixture->folder, RF_WIRE_MOST_BLOB, &fixture->blobs, &fixture->error), 0);
	uint64_t handle = begin(fixture, (uint64_t)PIECE * PIECES);
	written = waited = 0;
	for (uint64_t i = 0; i < PIECES; i++)
		assert_int_equal(rf_blobs_write(fixture->blobs, PEER, handle, i * PIECE, piece, PIECE, &fixture->error),
				 0);
	char name[RF_DIGEST_TEXT_SIZE];
	assert_int_equal(rf_blobs_end(fixture->blobs, PEER, handle, name, &fixture->error), 0);
	assert_in_range(left_at_sync, 1, 8 * PIECE);
}

static void ranges_are_read(void **state)
{
	struct fixture *fixture = *state;
	char name[RF_DIGEST_TEXT_SIZE];
	put(fixture, "hello world", name);
	char data[16];
	size_t size = 0;
	assert_int_equal(rf_blobs_read(fixture->blobs, name, 6, data, 3, &size, &fixture->error), 0);
	assert_int_equal(size, 3);
	assert_memory_equal(data, "wor", 3);
	assert_int_equal(rf_blobs_read(fixture->blobs, name, 6, data, sizeof data, &size, &fixture->error), 0);
	assert_int_equal(size, 5);
	assert_int_equal(rf_blobs_read(fixture->blobs, name, 11, data, sizeof data, &size, &fixture->error), 0);
	assert_int_equal(size, 0);
}

static void an_empty_blob_is_a_blob(void **state)
{
	struct fixture *fixture = *state;
	char name[RF_DIGEST_TEXT_SIZE];
	put(fixture, "", name);
	uint64_t size = 1;
	assert_int_equal(rf_blobs_find(fixture->blobs, name, &size, &fixture->error), 0);
	assert_int_equal(size, 0);
}

static void the_same_bytes_have_one_file(void **state)
{
	struct fixture *fixture = *state;
	char first[RF_DIGEST_TEXT_SIZE], second[RF_DIGEST_TEXT_SIZE];
	put(fixture, "twice", first);
	put(fixture, "twice", second);
	assert_string_equal(first, second);
	assert_int_equal(count_temporary(fixture), 0);
}

static void more_than_announced_is_refused_and_dropped(void **state)
{
	struct fixture *fixture = *state;
	uint64_t handle = begin(fixture, 3);
	assert_int_equal(write_text(fixture, handle, 0, "four"), RF_BLOB_REFUSED);
	assert_int_equal(count_temporary(fixture), 0);
	assert_int_equal(write_text(fixture, handle, 0, "abc"), RF_BLOB_REFUSED);
}

static void less_than_announced_is_refused_at_the_end(void **state)
{
	struct fixture *fixture = *state;
	uint64_t handle = begin(fixture, 5);
	assert_int_equal(write_text(fixture, handle, 0, "four"), 0);
	char name[RF_DIGEST_TEXT_SIZE];
	assert_int_equal(rf_blobs_end(fixture->blobs, PEER, handle, name, &fixture->error), RF_BLOB_REFUSED);
	assert_string_equal(fixture->error.text, "4 of the 5 bytes of a blob came");
	assert_int_equal(count_temporary(fixture), 0);
}

static void a_gap_is_refused(void **state)
{
	struct fixture *fixture = *state;
	uint64_t handle = begin(fixture, 10);
	assert_int_equal(write_text(fixture, handle, 1, "x"), RF_BLOB_REFUSED);
	assert_int_equal(count_temporary(fixture), 0);
}

static void a_part_over_the_bound_is_refused_before_anything_is_written(void **state)
{
	struct fixture *fixture = *state;
	uint64_t handle = 0;
	assert_int_equal(rf_blobs_begin(fixture->blobs, PEER, MOST + 1, &handle, &fixture->error), RF_BLOB_REFUSED);
	assert_int_equal(count_temporary(fixture), 0);
}

static void a_peer_may_write_so_many_at_once(void **state)
{
	struct fixture *fixture = *state;
	for (int i = 0; i < RF_BLOB_MOST_OPEN; i++)
		begin(fixture, 1);
	uint64_t handle = 0;
	assert_int_equal(rf_blobs_begin(fixture->blobs, PEER, 1, &handle, &fixture->error), RF_BLOB_REFUSED);
	assert_int_equal(rf_blobs_begin(fixture->blobs, OTHER_PEER, 1, &handle, &fixture->error), 0);
}

static void a_handle_is_good_for_its_peer_alone(void **state)
{
	struct fixture *fixture = *state;
	uint64_t handle = begin(fixture, 1);
	assert_int_equal(rf_blobs_write(fixture->blobs, OTHER_PEER, handle, 0, "x", 1, &fixture->error),
			 RF_BLOB_REFUSED);
	assert_int_equal(write_text(fixture, handle, 0, "x"), 0);
}

static void what_a_lost_peer_was_writing_is_dropped(void **state)
{
	struct fixture *fixture = *state;
	uint64_t lost = begin(fixture, 1), kept = 0;
	assert_int_equal(rf_blobs_begin(fixture->blobs, OTHER_PEER, 1, &kept, &fixture->error), 0);
	rf_blobs_drop(fixture->blobs, PEER);
	assert_int_equal(count_temporary(fixture), 1);
	assert_int_equal(write_text(fixture, lost, 0, "x"), RF_BLOB_REFUSED);
	assert_int_equal(rf_blobs_write(fixture->blobs, OTHER_PEER, kept, 0, "x", 1, &fixture->error), 0);
}

static void leftovers_are_removed_at_the_start(void **state)
{
	struct fixture *fixture = *state;
	char name[RF_DIGEST_TEXT_SIZE];
	put(fixture, "kept", name);
	rf_blobs_close(fixture->blobs);
	rf_autofree char *leftover = rf_path_join(fixture->folder, "tmp/17");
	assert_int_equal(rf_file_write(leftover, "x", 1, false, &fixture->error), 0);
	assert_int_equal(rf_blobs_open(fixture->folder, MOST, &fixture->blobs, &fixture->error), 0);
	assert_int_equal(count_temporary(fixture), 0);
	uint64_t size = 0;
	assert_int_equal(rf_blobs_find(fixture->blobs, name, &size, &fixture->error), 0);
}

static void names_that_are_no_digest_are_refused(void **state)
{
	struct fixture *fixture = *state;
	static const char *const names[] = {"", "abc",
					    "../../../../../../../../../../../../../../../../../../../../../etc/passwd",
					    "B94D27B9934D3E08A52E52D7DA7DABFAC484EFE37A5380EE9088F7ACE2EFCDE9",
					    "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9a"};
	for (size_t i = 0; i < RF_COUNT(names); i++) {
		uint64_t size;
		assert_int_equal(rf_blobs_find(fixture->blobs, names[i], &size, &fixture->error), RF_BLOB_REFUSED);
	}
}

static void a_blob_that_is_not_there_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char data[4];
	size_t size;
	assert_int_equal(rf_blobs_read(fixture->blobs,
				       "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", 0, data,
				       sizeof data, &size, &fixture->error),
			 RF_BLOB_REFUSED);
}

static void a_shelf_that_cannot_be_made_fails_and_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	rf_autofree char *in_the_way = rf_path_join(fixture->folder, "b9");
	assert_int_equal(rf_file_write(in_the_way, "x", 1, false, &fixture->error), 0);
	uint64_t handle = begin(fixture, 11);
	assert_int_equal(write_text(fixture, handle, 0, "hello world"), 0);
	char name[RF_DIGEST_TEXT_SIZE];
	assert_true(rf_blobs_end(fixture->blobs, PEER, handle, name, &fixture->error) < 0);
	assert_int_equal(count_temporary(fixture), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_blob_in_pieces_is_named_by_its_digest),
	    TEST(the_sync_of_a_large_blob_has_little_left_to_do),
	    TEST(ranges_are_read),
	    TEST(an_empty_blob_is_a_blob),
	    TEST(the_same_bytes_have_one_file),
	    TEST(more_than_announced_is_refused_and_dropped),
	    TEST(less_than_announced_is_refused_at_the_end),
	    TEST(a_gap_is_refused),
	    TEST(a_part_over_the_bound_is_refused_before_anything_is_written),
	    TEST(a_peer_may_write_so_many_at_once),
	    TEST(a_handle_is_good_for_its_peer_alone),
	    TEST(what_a_lost_peer_was_writing_is_dropped),
	    TEST(leftovers_are_removed_at_the_start),
	    TEST(names_that_are_no_digest_are_refused),
	    TEST(a_blob_that_is_not_there_is_refused),
	    TEST(a_shelf_that_cannot_be_made_fails_and_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
