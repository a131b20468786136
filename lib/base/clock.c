#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * RF_SECOND + now.tv_nsec / 1000;
}

static int64_t system_wall(const struct rf_clock *clock)
{
	(void)clock;
	return read_clock(CLOCK_REALTIME);
}

/* BOOTTIME counts the time a laptop sleeps: a lease does not outlive a night in a bag. */
static int64_t system_monotonic(const struct rf_clock *clock)
{
	(void)clock;
	return read_clock(CLOCK_BOOTTIME);
}

static int64_t set_wall(const struct rf_clock *clock)
{
	return clock->wall_us;
}

static int64_t set_monotonic(const struct rf_clock *clock)
{
	return clock->monotonic_us;
}

struct rf_clock rf_clock_system(void)
{
	return (struct rf_clock){.wall = system_wall, .monotonic = system_monotonic};
}

struct rf_clock rf_clock_fixed(int64_t wall_us)
{
	return (struct rf_clock){.wall = set_wall, .monotonic = system_monotonic, .wall_us = wall_us};
}

struct rf_clock rf_clock_manual(int64_t wall_us, int64_t monotonic_us)
{
	return (struct rf_clock){
	    .wall = set_wall, .monotonic = set_monotonic, .wall_us = wall_us, .monotonic_us = monotonic_us};
}
