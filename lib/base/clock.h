/* The one clock. Whoever needs the time is given a clock, so that a test, or `--clock`, decides what time it is.
 *
 * wall: microseconds since 1970-01-01T00:00:00Z; for what is written into documents, the store and durable timers.
 * monotonic: microseconds since some point in the past, never set back; for leases, heartbeats and time limits. */
#ifndef RF_BASE_CLOCK_H
#define RF_BASE_CLOCK_H

#include <stdint.h>

struct rf_clock {
	int64_t (*wall)(const struct rf_clock *clock);
	int64_t (*monotonic)(const struct rf_clock *clock);
	int64_t wall_us;      /* for clocks whose wall time is set */
	int64_t monotonic_us; /* for clocks whose monotonic time is set */
};

#define RF_SECOND      INT64_C(1000000)
#define RF_MILLISECOND INT64_C(1000)

/* The clocks of the system. */
struct rf_clock rf_clock_system(void);

/* Wall time stands still; monotonic time runs: `--clock`, for output that is the same byte for byte. */
struct rf_clock rf_clock_fixed(int64_t wall_us);

/* Both stand still until the test sets the fields: for unit tests. */
struct rf_clock rf_clock_manual(int64_t wall_us, int64_t monotonic_us);

static inline int64_t rf_clock_wall(const struct rf_clock *clock)
{
	return clock->wall(clock);
}

static inline int64_t rf_clock_monotonic(const struct rf_clock *clock)
{
	return clock->monotonic(clock);
}

#endif
