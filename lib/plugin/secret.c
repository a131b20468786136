#include "plugin/secret.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool name_is_plain(const char *name)
{
	return rf_path_is_inside(name) && !strchr(name, '/') && name[0] != '.';
}

/* Whether the file is closed to others, in words when not. */
static int check_closed(int fd, const char *path, struct rf_error *error)
{
	struct stat at;
	if (fstat(fd, &at))
		return rf_error_errno(error, "%s", path);
	if (!S_ISREG(at.st_mode))
		return rf_error_set(error, "%s is not a file", path);
	if (at.st_uid != geteuid() && at.st_uid != 0)
		return rf_error_set(error, "%s belongs to another user (uid %u); give it to the user who runs Referat",
				    path, (unsigned)at.st_uid);
	if (at.st_mode & 077)
		return rf_error_set(error, "%s can be read by others (mode %04o); run: chmod 600 %s", path,
				    (unsigned)(at.st_mode & 07777), path);
	return 0;
}

/* What makes it no secret, or NULL. size is without the newline at its end. */
static const char *problem_of(const char *value, size_t size)
{
	if (size > RF_SECRET_MOST)
		return "is longer than 64 KiB";
	if (!size)
		return "is empty";
	return memchr(value, '\0', size) ? "holds a NUL byte" : NULL;
}

static size_t without_newline(const char *value, size_t size)
{
	return size && value[size - 1] == '\n' ? size - 1 : size;
}

static int read_bounded(int fd, const char *path, char **value, struct rf_error *error)
{
	enum { ROOM = RF_SECRET_MOST + 2 }; /* one byte more than a secret and its newline shows that it is too long */
	char *text = rf_alloc(ROOM);
	size_t size = 0;
	ssize_t n = 1;
	while (n && size < ROOM) {
		n = read(fd, text + size, ROOM - size);
		if (n < 0 && errno != EINTR) {
			rf_error_errno(error, "%s", path);
			explicit_bzero(text, ROOM);
			free(text);
			return -1;
		}
		size += n > 0 ? (size_t)n : 0;
	}
	size = without_newline(text, size);
	const char *problem = problem_of(text, size);
	if (problem) {
		explicit_bzero(text, ROOM);
		free(text);
		return rf_error_set(error, "%s %s", path, problem);
	}
	text[size] = '\0';
	*value = text;
	return 0;
}

/* Returns 0, 1 when there is no such file, < 0. Without value it only looks. */
static int read_file(const char *path, bool must_be_closed, char **value, struct rf_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? 1 : rf_error_errno(error, "%s", path);
	int status = must_be_closed ? check_closed(fd, path, error) : 0;
	if (!status && value)
		status = read_bounded(fd, path, value, error);
	close(fd);
	return status;
}

static int check_name(const char *name, struct rf_error *error)
{
	if (name_is_plain(name))
		return 0;
	return rf_error_set(error, "'%s' is not a name for a secret; expected a file name without folders", name);
}

int rf_secret_read(const char *folder, const char *name, char **value, struct rf_error *error)
{
	if (check_name(name, error))
		return -1;
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	const char *places[] = {credentials, folder};
	for (size_t i = 0; i < RF_COUNT(places); i++) {
		if (!places[i] || !places[i][0])
			continue;
		rf_autofree char *path = rf_path_join(places[i], name);
		int status = read_file(path, places[i] == folder, value, error);
		if (status < 0)
			return rf_error_prefix(error, "secret '%s'", name);
		if (!status)
			return 0;
	}
	return rf_error_set(
	    error,
	    "secret '%s' is not there; expected a file %s/%s of mode 0600%s; 'referat secret set %s PIPELINE' makes it",
	    name, folder ? folder : "secrets", name, credentials ? ", or a credential of that name" : "", name);
}

int rf_secret_write(const char *folder, const char *name, const char *value, size_t size, struct rf_error *error)
{
	size = without_newline(value, size);
	const char *problem = problem_of(value, size);
	if (check_name(name, error))
		return -1;
	if (problem)
		return rf_error_set(error, "the value of secret '%s' %s", name, problem);
	if (mkdir(folder, 0700) && errno != EEXIST)
		return rf_error_errno(error, "%s: the folder cannot be made", folder);
	rf_autofree char *path = rf_path_join(folder, name);
	return rf_file_write_private(path, value, size, error);
}

void rf_secret_forget(char *value)
{
	if (value)
		explicit_bzero(value, strlen(value));
	free(value);
}
