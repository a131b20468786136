#include "broker/blobs.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/log.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes that are handed to the disk at a time. */
enum { WINDOW = 4 * 1024 * 1024 };

/* A blob that is being written. */
struct writing {
	struct writing *next;
	uint64_t handle;
	uint64_t peer;
	uint64_t size;    /* as announced */
	uint64_t written; /* so far */
	uint64_t pushed;  /* of these, on their way to the disk */
	int fd;
	char *path;
	struct rf_digest_state *digest;
};

struct rf_blobs {
	char *folder;
	uint64_t most_size;
	uint64_t last_handle;
	struct writing *writing; /* a list: few are written at a time */
};

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static int remove_leftovers(const char *folder, struct rf_error *error)
{
	DIR *leftovers = opendir(folder);
	if (!leftovers)
		return rf_error_errno(error, "%s", folder);
	int result = 0;
	for (struct dirent *entry; result == 0 && (entry = readdir(leftovers));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(leftovers), entry->d_name, 0) < 0)
			result = rf_error_errno(error, "%s/%s can't be removed", folder, entry->d_name);
	}
	closedir(leftovers);
	return result;
}

int rf_blobs_open(const char *folder, uint64_t most_size, struct rf_blobs **blobs, struct rf_error *error)
{
	rf_autofree char *temporary = rf_path_join(folder, "tmp");
	rf_autofree char *above = rf_path_folder(folder);
	if (rf_folder_make(temporary, error) < 0 || remove_leftovers(temporary, error) < 0 ||
	    rf_folder_sync(folder, error) < 0 || rf_folder_sync(above, error) < 0)
		return -1;
	struct rf_blobs *opened = rf_alloc(sizeof *opened);
	opened->folder = rf_strdup(folder);
	opened->most_size = most_size;
	*blobs = opened;
	return 0;
}

/* Takes it from the list and frees; the file was removed or renamed before. */
static void forget(struct rf_blobs *blobs, struct writing *writing)
{
	struct writing **link = &blobs->writing;
	while (*link != writing)
		link = &(*link)->next;
	*link = writing->next;
	if (writing->digest)
		rf_digest_end(writing->digest);
	close(writing->fd);
	free(writing->path);
	free(writing);
}

static void drop(struct rf_blobs *blobs, struct writing *writing)
{
	if (unlink(writing->path) < 0)
		rf_log(RF_LOG_WARNING, NULL, "%s can't be removed: %s", writing->path, strerror(errno));
	forget(blobs, writing);
}

void rf_blobs_close(struct rf_blobs *blobs)
{
	if (!blobs)
		return;
	while (blobs->writing)
		drop(blobs, blobs->writing);
	free(blobs->folder);
	free(blobs);
}

void rf_blobs_drop(struct rf_blobs *blobs, uint64_t peer)
{
	for (struct writing *writing = blobs->writing, *next; writing; writing = next) {
		next = writing->next;
		if (writing->peer == peer)
			drop(blobs, writing);
	}
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* After rf_error_set: the peer's doing. */
static int refused(int minus_one)
{
	(void)minus_one;
	return RF_BLOB_REFUSED;
}
#define refuse(...) refused(rf_error_set(__VA_ARGS__))

static unsigned open_of(const struct rf_blobs *blobs, uint64_t peer)
{
	unsigned n = 0;
	for (const struct writing *writing = blobs->writing; writing; writing = writing->next)
		n += writing->peer == peer;
	return n;
}

int rf_blobs_begin(struct rf_blobs *blobs, uint64_t peer, uint64_t size, uint64_t *handle, struct rf_error *error)
{
	if (size > blobs->most_size)
		return refuse(error, "a part of %llu bytes is larger than %llu", (unsigned long long)size,
			      (unsigned long long)blobs->most_size);
	if (open_of(blobs, peer) >= RF_BLOB_MOST_OPEN)
		return refuse(error, "%d blobs are being written already", RF_BLOB_MOST_OPEN);
	rf_autofree char *path = rf_format("%s/tmp/%llu", blobs->folder, (unsigned long long)blobs->last_handle + 1);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return rf_error_errno(error, "%s", path);
	struct writing *writing = rf_alloc(sizeof *writing);
	writing->handle = ++blobs->last_handle;
	writing->peer = peer;
	writing->size = size;
	writing->fd = fd;
	writing->path = rf_steal(path);
	writing->digest = rf_digest_begin();
	writing->next = blobs->writing;
	blobs->writing = writing;
	*handle = writing->handle;
	return 0;
}

/* A handle is good for the peer alone that it was given to. */
static struct writing *find(struct rf_blobs *blobs, uint64_t peer, uint64_t handle)
{
	for (struct writing *writing = blobs->writing; writing; writing = writing->next) {
		if (writing->handle == handle && writing->peer == peer)
			return writing;
	}
	return NULL;
}

/* The disk works while more bytes come: one window is on its way, and only the one before it is waited for. So there is
 * never more than two of them left to sync, however large the blob is: the broker hears nobody while it syncs. */
static int push(struct writing *writing)
{
	if (writing->written - writing->pushed < WINDOW)
		return 0;
	const unsigned wait = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
	off_t from = (off_t)writing->pushed, behind = (off_t)(writing->written - writing->pushed);
	writing->pushed = writing->written;
	if (from > 0 && sync_file_range(writing->fd, 0, from, wait) < 0)
		return -1;
	return sync_file_range(writing->fd, from, behind, SYNC_FILE_RANGE_WRITE);
}

static int append(struct writing *writing, const char *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(writing->fd, data + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		done += (size_t)n;
	}
	rf_digest_add(writing->digest, data, size);
	writing->written += size;
	return push(writing);
}

int rf_blobs_write(struct rf_blobs *blobs, uint64_t peer, uint64_t handle, uint64_t offset, const void *data,
		   size_t size, struct rf_error *error)
{
	struct writing *writing = find(blobs, peer, handle);
	if (!writing)
		return refuse(error, "there is no blob with the handle %llu", (unsigned long long)handle);
	int result = 0;
	if (offset != writing->written)
		result = refuse(error, "a piece of a blob at %llu came where %llu was expected",
				(unsigned long long)offset, (unsigned long long)writing->written);
	else if (size > writing->size - writing->written)
		result = refuse(error, "more bytes came than the %llu that were announced",
				(unsigned long long)writing->size);
	else if (append(writing, data, size) < 0)
		result = rf_error_errno(error, "%s", writing->path);
	if (result != 0)
		drop(blobs, writing);
	return result;
}

/* The folder "ab" of a name is there, durably. */
static int make_shelf(struct rf_blobs *blobs, const char *shelf, struct rf_error *error)
{
	if (mkdir(shelf, 0755) == 0)
		return rf_folder_sync(blobs->folder, error);
	return errno == EEXIST ? 0 : rf_error_errno(error, "%s", shelf);
}

/* Bytes first, then the name: what has a name is whole. */
static int put_on_shelf(struct rf_blobs *blobs, struct writing *writing, const char *name, struct rf_error *error)
{
	rf_autofree char *shelf = rf_format("%s/%.2s", blobs->folder, name);
	rf_autofree char *path = rf_format("%s/%s", shelf, name);
	rf_fault_point("before-blob-sync");
	if (fsync(writing->fd) < 0)
		return rf_error_errno(error, "%s: syncing failed", writing->path);
	if (make_shelf(blobs, shelf, error) < 0)
		return -1;
	rf_fault_point("before-blob-rename");
	if (rename(writing->path, path) < 0)
		return rf_error_errno(error, "%s", path);
	rf_fault_point("after-blob-rename");
	return rf_folder_sync(shelf, error);
}

int rf_blobs_end(struct rf_blobs *blobs, uint64_t peer, uint64_t handle, char name[RF_DIGEST_TEXT_SIZE],
		 struct rf_error *error)
{
	struct writing *writing = find(blobs, peer, handle);
	if (!writing)
		return refuse(error, "there is no blob with the handle %llu", (unsigned long long)handle);
	if (writing->written != writing->size) {
		int result = refuse(error, "%llu of the %llu bytes of a blob came",
				    (unsigned long long)writing->written, (unsigned long long)writing->size);
		drop(blobs, writing);
		return result;
	}
	struct rf_digest digest = rf_digest_end(rf_steal(writing->digest));
	rf_digest_format(&digest, name);
	if (put_on_shelf(blobs, writing, name, error) < 0) {
		drop(blobs, writing);
		return -1;
	}
	forget(blobs, writing);
	return 0;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	return strspn(name, "0123456789abcdef") == RF_DIGEST_TEXT_SIZE - 1 && name[RF_DIGEST_TEXT_SIZE - 1] == '\0';
}

static char *path_of(const struct rf_blobs *blobs, const char *name)
{
	return rf_format("%s/%.2s/%s", blobs->folder, name, name);
}

static int open_blob(struct rf_blobs *blobs, const char *name, int *fd, struct rf_error *error)
{
	if (!is_name(name))
		return refuse(error, "\"%.80s\" is not the name of a blob", name);
	rf_autofree char *path = path_of(blobs, name);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return 0;
	return errno == ENOENT ? refuse(error, "there is no blob %s", name) : rf_error_errno(error, "%s", path);
}

int rf_blobs_find(struct rf_blobs *blobs, const char *name, uint64_t *size, struct rf_error *error)
{
	int fd;
	int result = open_blob(blobs, name, &fd, error);
	if (result != 0)
		return result;
	struct stat file;
	result = fstat(fd, &file) < 0 ? rf_error_errno(error, "blob %s", name) : 0;
	if (result == 0)
		*size = (uint64_t)file.st_size;
	close(fd);
	return result;
}

int rf_blobs_read(struct rf_blobs *blobs, const char *name, uint64_t offset, void *data, size_t most, size_t *size,
		  struct rf_error *error)
{
	if (offset > blobs->most_size)
		return refuse(error, "no blob has a byte %llu", (unsigned long long)offset);
	int fd;
	int result = open_blob(blobs, name, &fd, error);
	if (result != 0)
		return result;
	size_t wanted = most < RF_BLOB_MOST_READ ? most : RF_BLOB_MOST_READ;
	size_t done = 0;
	while (result == 0 && done < wanted) {
		ssize_t n = pread(fd, (char *)data + done, wanted - done, (off_t)(offset + done));
		if (n == 0)
			break;
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			result = rf_error_errno(error, "blob %s", name);
	}
	close(fd);
	if (result == 0)
		*size = done;
	return result;
}

int rf_blobs_each(struct rf_blobs *blobs, unsigned shelf, int (*each)(void *context, const char *name), void *context,
		  struct rf_error *error)
{
	rf_autofree char *path = rf_format("%s/%02x", blobs->folder, shelf);
	DIR *folder = opendir(path);
	if (!folder)
		return errno == ENOENT ? 0 : rf_error_errno(error, "%s", path);
	int result = 0;
	for (const struct dirent *entry; result == 0 && (entry = readdir(folder));)
		if (is_name(entry->d_name))
			result = each(context, entry->d_name);
	closedir(folder);
	return result;
}

/* ---- removing --------------------------------------------------------------------------------------------------- */

int rf_blobs_remove(struct rf_blobs *blobs, const char *name, struct rf_error *error)
{
	if (!is_name(name))
		return refuse(error, "\"%.80s\" is not the name of a blob", name);
	rf_autofree char *path = path_of(blobs, name);
	rf_autofree char *shelf = rf_path_folder(path);
	if (unlink(path) < 0)
		return errno == ENOENT ? refuse(error, "there is no blob %s", name)
				       : rf_error_errno(error, "%s can't be removed", path);
	return rf_folder_sync(shelf, error);
}
