#include "broker/passings.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

enum { RING = 1024 };

struct rf_passings {
	struct rf_passing ring[RING]; /* number n lies at n % RING */
	uint64_t last;
};

const int64_t rf_histogram_bounds[RF_HISTOGRAM_BOUNDS] = {
    RF_MILLISECOND,    5 * RF_MILLISECOND, 25 * RF_MILLISECOND, 100 * RF_MILLISECOND, RF_SECOND / 2,
    5 * RF_SECOND / 2, 10 * RF_SECOND,     60 * RF_SECOND,      600 * RF_SECOND,      3600 * RF_SECOND};

const char *rf_passed_name(enum rf_passed passed)
{
	static const char *const names[RF_PASSED_KINDS] = {
	    [RF_PASSED_DONE] = "done",       [RF_PASSED_RETRY] = "retry", [RF_PASSED_YIELD] = "yield",
	    [RF_PASSED_AGAIN] = "again",     [RF_PASSED_HELD] = "held",   [RF_PASSED_DEAD] = "dead",
	    [RF_PASSED_MOVED] = "moved",     [RF_PASSED_CRASH] = "crash", [RF_PASSED_KILLED] = "killed",
	    [RF_PASSED_TIMEOUT] = "timeout", [RF_PASSED_LOST] = "lost",
	};
	return names[passed];
}

void rf_histogram_add(struct rf_histogram *histogram, int64_t time_us)
{
	size_t bucket = 0;
	while (bucket < RF_HISTOGRAM_BOUNDS && time_us > rf_histogram_bounds[bucket])
		bucket++;
	histogram->buckets[bucket]++;
	histogram->n++;
	histogram->sum_us += time_us;
}

struct rf_passings *rf_passings_new(void)
{
	return rf_alloc(sizeof(struct rf_passings));
}

void rf_passings_free(struct rf_passings *passings)
{
	free(passings);
}

void rf_passings_add(struct rf_passings *passings, const struct rf_passing *passing)
{
	struct rf_passing *place = &passings->ring[++passings->last % RING];
	*place = *passing;
	place->number = passings->last;
}

uint64_t rf_passings_last(const struct rf_passings *passings)
{
	return passings->last;
}

const struct rf_passing *rf_passings_after(const struct rf_passings *passings, uint64_t number)
{
	uint64_t oldest = passings->last > RING ? passings->last - RING + 1 : 1;
	uint64_t wanted = number + 1 > oldest ? number + 1 : oldest;
	return wanted <= passings->last ? &passings->ring[wanted % RING] : NULL;
}
