#include "base/files.h"

#include "base/error.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_PATH = 1024 };

static void close_at(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define AUTOCLOSE RF_CLEANUP(close_at)

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Reads to the end of the file, which may grow or shrink meanwhile. */
static int read_all(int fd, size_t expected, size_t most, char **data, size_t *size)
{
	size_t capacity = expected + 1, n = 0;
	char *bytes = rf_alloc(capacity);
	for (;;) {
		ssize_t got = read(fd, bytes + n, capacity - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			if (got < 0)
				break;
			bytes[n] = '\0';
			*data = bytes;
			*size = n;
			return 0;
		}
		n += (size_t)got;
		if (n > most) {
			free(bytes);
			return RF_FILE_TOO_LARGE;
		}
		if (n == capacity) {
			capacity *= 2;
			bytes = rf_realloc(bytes, capacity);
		}
	}
	int number = errno;
	free(bytes);
	errno = number;
	return -1;
}

static int check_regular(int fd, const char *path, uint64_t *size, struct rf_error *error)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return rf_error_errno(error, "%s", path);
	if (!S_ISREG(status.st_mode))
		return rf_error_set(error, "%s: not a regular file", path);
	*size = (uint64_t)status.st_size;
	return 0;
}

int rf_file_open(const char *path, int *fd, uint64_t *size, struct rf_error *error)
{
	/* NONBLOCK: opening a FIFO would wait for a writer. */
	int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (opened < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		rf_error_set(error, "%s: there is no such file", path);
		return RF_FILE_MISSING;
	}
	if (opened < 0)
		return rf_error_errno(error, "%s", path);
	if (check_regular(opened, path, size, error) < 0) {
		close(opened);
		return -1;
	}
	*fd = opened;
	return 0;
}

int rf_file_read(const char *path, size_t most, char **data, size_t *size, struct rf_error *error)
{
	AUTOCLOSE int fd = -1;
	uint64_t expected;
	int result = rf_file_open(path, &fd, &expected, error);
	if (result != 0)
		return result;
	result = expected <= most ? read_all(fd, (size_t)expected, most, data, size) : RF_FILE_TOO_LARGE;
	if (result == RF_FILE_TOO_LARGE)
		rf_error_set(error, "%s: larger than %zu bytes", path, most);
	return result < 0 ? rf_error_errno(error, "%s", path) : result;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, data, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		data += written;
		size -= (size_t)written;
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Beside path, hidden, and of this process and call alone. */
static char *temporary_name(const char *path)
{
	static atomic_uint count;
	rf_autofree char *folder = rf_path_folder(path);
	return rf_format("%s/.%.200s.%ld-%u.tmp", folder, base_name(path), (long)getpid(), atomic_fetch_add(&count, 1));
}

static int write_new(const char *path, const void *data, size_t size, mode_t mode, bool durable)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return -1;
	if (write_all(fd, data, size) < 0 || (durable && fsync(fd) < 0)) {
		int number = errno;
		close(fd);
		errno = number;
		return -1;
	}
	return close(fd);
}

static int write_file(const char *path, const void *data, size_t size, mode_t mode, bool durable,
		      struct rf_error *error)
{
	rf_autofree char *temporary = temporary_name(path);
	if (write_new(temporary, data, size, mode, durable) < 0 || rename(temporary, path) < 0) {
		rf_error_errno(error, "%s: writing failed", path);
		unlink(temporary);
		return -1;
	}
	if (!durable)
		return 0;
	rf_autofree char *folder = rf_path_folder(path);
	return rf_folder_sync(folder, error);
}

int rf_file_write(const char *path, const void *data, size_t size, bool durable, struct rf_error *error)
{
	return write_file(path, data, size, 0666, durable, error);
}

int rf_file_write_private(const char *path, const void *data, size_t size, struct rf_error *error)
{
	return write_file(path, data, size, 0600, true, error);
}

/* ---- folders ----------------------------------------------------------------------------------------------------- */

static int make_one_folder(const char *path)
{
	struct stat status;
	if (mkdir(path, 0755) == 0)
		return 0;
	int number = errno;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return 0;
	errno = number == EEXIST ? ENOTDIR : number;
	return -1;
}

int rf_folder_make(const char *path, struct rf_error *error)
{
	rf_autofree char *partial = rf_strdup(path);
	if (!*partial)
		return rf_error_set(error, "a folder without a name cannot be made");
	for (char *end = partial + 1;; end++) {
		if (*end && *end != '/')
			continue;
		char kept = *end;
		*end = '\0';
		if (make_one_folder(partial) < 0)
			return rf_error_errno(error, "%s: the folder cannot be made", partial);
		*end = kept;
		if (!kept)
			return 0;
	}
}

int rf_folder_is_free(const char *path, struct rf_error *error)
{
	DIR *folder = opendir(path);
	if (!folder)
		return errno == ENOENT ? 0 : rf_error_errno(error, "%s", path);
	bool empty = true;
	for (const struct dirent *entry; empty && (entry = readdir(folder));)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return empty ? 0 : rf_error_set(error, "%s is not empty: name a new folder", path);
}

int rf_folder_sync(const char *path, struct rf_error *error)
{
	AUTOCLOSE int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return rf_error_errno(error, "%s: the folder cannot be synced", path);
	return 0;
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

char *rf_path_join(const char *folder, const char *rest)
{
	if (*rest == '/' || !*folder)
		return rf_strdup(rest);
	size_t size = strlen(folder);
	return rf_format("%s%s%s", folder, folder[size - 1] == '/' ? "" : "/", rest);
}

char *rf_path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return rf_strdup(".");
	return slash == path ? rf_strdup("/") : rf_strndup(path, (size_t)(slash - path));
}

static char install_prefix[PATH_MAX];

static void find_prefix(void)
{
	char program[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
	if (size <= 0) {
		fputs("/proc/self/exe cannot be read: the installation cannot be found\n", stderr);
		abort();
	}
	program[size] = '\0';
	rf_autofree char *folder = rf_path_folder(program);
	rf_autofree char *prefix = rf_path_folder(folder);
	snprintf(install_prefix, sizeof install_prefix, "%s", prefix);
}

const char *rf_install_prefix(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, find_prefix);
	return install_prefix;
}

bool rf_path_is_inside(const char *path)
{
	if (!*path || strlen(path) > LONGEST_PATH)
		return false;
	for (const char *part = path;; part++) {
		size_t size = strcspn(part, "/");
		bool is_dots = (size == 1 && part[0] == '.') || (size == 2 && part[0] == '.' && part[1] == '.');
		if (size == 0 || is_dots)
			return false;
		part += size;
		if (!*part)
			return true;
	}
}

bool rf_path_is_same(const char *a, const char *b)
{
	struct stat of_a, of_b;
	return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}
