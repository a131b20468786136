#include "base/service.h"

#include "base/buffer.h"
#include "base/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *journal = "/run/systemd/journal/socket";

/* path: of a file, or "@" and a name that is none. */
static int send_to(const char *path, const char *data, size_t data_size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = strlen(path);
	if (size >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, size);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	socklen_t address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
	ssize_t sent =
	    sendto(fd, data, data_size, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address, address_size);
	int number = errno;
	close(fd);
	errno = number;
	return sent < 0 ? -1 : 0;
}

/* ---- the manager ------------------------------------------------------------------------------------------------- */

void rf_service_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	if (path && *path && send_to(path, state, strlen(state)) < 0)
		rf_log(RF_LOG_WARNING, NULL, "the service manager could not be told %s: %s", state, strerror(errno));
}

int64_t rf_service_watchdog_us(void)
{
	const char *pid = getenv("WATCHDOG_PID"); /* children inherit the variables, but are not meant */
	const char *limit = getenv("WATCHDOG_USEC");
	if (!limit || (pid && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	long long limit_us = strtoll(limit, NULL, 10);
	return limit_us > 0 ? limit_us : 0;
}

/* ---- the journal ------------------------------------------------------------------------------------------------- */

void rf_service_use_journal(const char *path)
{
	journal = path;
}

/* The variable is inherited by children whose standard error is something else. */
bool rf_service_has_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat at;
	char own[64];
	if (!stream || fstat(STDERR_FILENO, &at))
		return false;
	snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)at.st_dev, (uintmax_t)at.st_ino);
	return strcmp(stream, own) == 0;
}

static void add_field(struct rf_buffer *fields, const char *name, const char *value)
{
	if (value && *value)
		rf_buffer_format(fields, "%s=%s\n", name, value);
}

int rf_service_write(const struct rf_service_entry *entry)
{
	rf_autobuffer struct rf_buffer fields = RF_BUFFER_INIT;
	rf_buffer_format(&fields, "PRIORITY=%d\n", entry->priority);
	if (entry->pid)
		rf_buffer_format(&fields, "SYSLOG_PID=%d\n", entry->pid);
	add_field(&fields, "SYSLOG_IDENTIFIER", entry->program);
	add_field(&fields, "REFERAT_DOCUMENT", entry->document);
	add_field(&fields, "MESSAGE", entry->message);
	return send_to(journal, fields.data, fields.size);
}
