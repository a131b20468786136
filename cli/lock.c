#include "cli/lock.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* Out of the way of the low descriptors, which children get with a meaning. */
static int open_high(const char *folder, const char *name)
{
	enum { HIGH = 10 };
	rf_autofree char *path = rf_path_join(folder, name);
	int low = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (low < 0)
		return -1;
	int high = fcntl(low, F_DUPFD_CLOEXEC, HIGH);
	close(low);
	return high;
}

/* Returns 0, 1 when somebody else has it, -1. */
static int try_lock(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK ? 1 : -1;
}

/* The number of the process that has the lock; 0 when it is not known. */
static long read_owner(int fd)
{
	char text[16] = "";
	return pread(fd, text, sizeof text - 1, 0) > 0 ? strtol(text, NULL, 10) : 0;
}

static int take_supervisor(int fd, const char *folder, struct rf_error *error)
{
	int result = try_lock(fd);
	if (result > 0) {
		rf_error_set(error, "%s: this pipeline runs already (process %ld)", folder, read_owner(fd));
		return RF_LOCK_TAKEN;
	}
	if (result < 0 || ftruncate(fd, 0) < 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0)
		return rf_error_errno(error, "%s: the folder cannot be locked", folder);
	return 0;
}

static int take_broker(int fd, const char *folder, int64_t patience_us, struct rf_error *error)
{
	static const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
	const struct rf_clock clock = rf_clock_system();
	int64_t end_us = rf_clock_monotonic(&clock) + patience_us;
	int result;
	while ((result = try_lock(fd)) > 0 && rf_clock_monotonic(&clock) < end_us)
		nanosleep(&pause, NULL);
	if (result < 0)
		return rf_error_errno(error, "%s: the folder cannot be locked", folder);
	if (result > 0) {
		rf_error_set(error, "%s: the broker of an earlier run has not ended yet", folder);
		return RF_LOCK_TAKEN;
	}
	return 0;
}

int rf_lock_take(const char *state_folder, int64_t patience_us, struct rf_lock *lock, struct rf_error *error)
{
	struct rf_lock taken = {.supervisor = open_high(state_folder, "supervisor.lock"),
				.broker = open_high(state_folder, "broker.lock")};
	int result = taken.supervisor < 0 || taken.broker < 0
			 ? rf_error_errno(error, "%s: the folder cannot be locked", state_folder)
			 : take_supervisor(taken.supervisor, state_folder, error);
	if (result == 0)
		result = take_broker(taken.broker, state_folder, patience_us, error);
	if (result)
		rf_lock_release(&taken);
	else
		*lock = taken;
	return result;
}

int rf_lock_find_owner(const char *state_folder, pid_t *owner, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state_folder, "supervisor.lock");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno != ENOENT)
		return rf_error_errno(error, "%s can't be read", path);
	bool taken = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0;
	*owner = taken ? (pid_t)read_owner(fd) : 0;
	if (fd >= 0)
		close(fd);
	return *owner > 0 ? 0 : rf_error_set(error, "%s: no pipeline runs there", state_folder);
}

void rf_lock_release(struct rf_lock *lock)
{
	if (lock->supervisor >= 0)
		close(lock->supervisor);
	if (lock->broker >= 0)
		close(lock->broker);
	*lock = (struct rf_lock)RF_LOCK_INIT;
}
