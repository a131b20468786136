#include <referat/files.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum referat_result problem(struct referat_call *call, const char *what, const char *path)
{
	return referat_because(call, REFERAT_YIELD, "%s %s: %s", what, path, strerror(errno));
}

/* Makes the folders that lead to path. */
static enum referat_result make_folders(struct referat_call *call, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash || !access(referat_copy(call, path, (size_t)(slash - path)), F_OK))
		return REFERAT_OK; /* they are there but for the first file in them */
	char *folder = (char *)referat_format(call, "%s", path);
	for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(folder, 0755) && errno != EEXIST)
			return problem(call, "can't make the folder", folder);
		*at = '/';
	}
	return REFERAT_OK;
}

static bool write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
	}
	return true;
}

static enum referat_result write_file(struct referat_call *call, const char *path, const void *data, size_t size,
				      bool durable)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return problem(call, "can't write", path);
	bool written = write_all(fd, data, size) && (!durable || !fdatasync(fd));
	int saved = errno;
	close(fd);
	errno = saved;
	return written ? REFERAT_OK : problem(call, "can't write", path);
}

static enum referat_result sync_folder(struct referat_call *call, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? referat_copy(call, path, (size_t)(slash - path) + 1) : ".";
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && !fsync(fd);
	int saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return synced ? REFERAT_OK : problem(call, "can't sync the folder", folder);
}

enum referat_result referat_folder_sync(struct referat_call *call, const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return REFERAT_OK;
	bool synced = fd >= 0 && !syncfs(fd);
	int saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return synced ? REFERAT_OK : problem(call, "can't sync", folder);
}

static bool has_bytes(const char *path, const uint8_t *data, size_t size)
{
	uint8_t chunk[16 * 1024];
	struct stat status;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	bool same = !fstat(fd, &status) && S_ISREG(status.st_mode) && (uint64_t)status.st_size == size;
	while (same && size) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		same = n > 0 && (size_t)n <= size && !memcmp(chunk, data, (size_t)n);
		data += same ? n : 0;
		size -= same ? (size_t)n : 0;
	}
	close(fd);
	return same;
}

enum referat_result referat_file_replace(struct referat_call *call, const char *path, const char *temporary,
					 const void *data, size_t size, bool durable)
{
	if (has_bytes(path, data, size))
		return REFERAT_OK;
	enum referat_result result = make_folders(call, path);
	if (result == REFERAT_OK)
		result = make_folders(call, temporary);
	if (result == REFERAT_OK)
		result = write_file(call, temporary, data, size, durable);
	if (result != REFERAT_OK)
		return result;
	if (rename(temporary, path))
		return problem(call, "can't rename a file to", path);
	return durable ? sync_folder(call, path) : REFERAT_OK;
}

struct referat_bytes referat_file_read(struct referat_call *call, const char *path, size_t most)
{
	struct referat_bytes none = {0};
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return none;
	struct stat status;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || (uint64_t)status.st_size > most) {
		close(fd);
		return none;
	}
	size_t size = (size_t)status.st_size;
	uint8_t *data = referat_alloc(call, size + 1);
	size_t have = 0;
	while (have < size) {
		ssize_t n = read(fd, data + have, size - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	close(fd);
	return have == size ? (struct referat_bytes){data, size} : none;
}

bool referat_path_is_inside(const char *path)
{
	size_t length = strlen(path);
	if (!length || length > 512)
		return false;
	for (const char *part = path; *part;) {
		size_t size = strcspn(part, "/");
		if (!size || (part[0] == '.' && (size == 1 || (size == 2 && part[1] == '.'))))
			return false;
		for (size_t i = 0; i < size; i++)
			if ((unsigned char)part[i] < 0x20 || part[i] == 0x7f || part[i] == '\\')
				return false;
		part += size + (part[size] == '/');
	}
	return true;
}
