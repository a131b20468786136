#include "cli/service.h"

#include "base/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int send_to(const char *path, const char *text)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = strlen(path);
	if (size >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, size);
	if (path[0] == '@') /* a name that is no file */
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	socklen_t address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
	ssize_t sent =
	    sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address, address_size);
	int number = errno;
	close(fd);
	errno = number;
	return sent < 0 ? -1 : 0;
}

void rf_service_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	if (path && *path && send_to(path, state) < 0)
		rf_log(RF_LOG_WARNING, NULL, "the service manager could not be told %s: %s", state, strerror(errno));
}
