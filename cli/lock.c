#include "cli/lock.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* The number that the last owner wrote; 0 when there is none. */
static pid_t read_owner(int fd)
{
	char text[16] = "";
	if (pread(fd, text, sizeof text - 1, 0) <= 0)
		return 0;
	long owner = strtol(text, NULL, 10);
	return owner > 0 ? (pid_t)owner : 0;
}

static int write_owner(int fd)
{
	return ftruncate(fd, 0) < 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0 ? -1 : 0;
}

static bool is_alive(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

static int take(int fd, const char *state_folder, int64_t patience_us, struct rf_error *error)
{
	static const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	const struct rf_clock clock = rf_clock_system();
	int64_t end_us = rf_clock_monotonic(&clock) + patience_us;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return rf_error_errno(error, "%s: the folder cannot be locked", state_folder);
		pid_t owner = read_owner(fd);
		if (is_alive(owner)) {
			rf_error_set(error, "%s: this pipeline runs already (process %ld)", state_folder, (long)owner);
			return RF_LOCK_TAKEN;
		}
		if (rf_clock_monotonic(&clock) >= end_us) {
			rf_error_set(error, "%s: the broker of an earlier run has not ended yet", state_folder);
			return RF_LOCK_TAKEN;
		}
		nanosleep(&pause, NULL);
	}
	if (write_owner(fd) < 0)
		return rf_error_errno(error, "%s: the lock cannot be written", state_folder);
	return 0;
}

/* Out of the way of the low descriptors, which children get with a meaning. */
static int open_high(const char *path)
{
	enum { HIGH = 10 };
	int low = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (low < 0)
		return -1;
	int high = fcntl(low, F_DUPFD_CLOEXEC, HIGH);
	close(low);
	return high;
}

int rf_lock_take(const char *state_folder, int64_t patience_us, int *fd, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state_folder, "lock");
	int opened = open_high(path);
	if (opened < 0)
		return rf_error_errno(error, "%s", path);
	int result = take(opened, state_folder, patience_us, error);
	if (result) {
		close(opened);
		return result;
	}
	*fd = opened;
	return 0;
}
