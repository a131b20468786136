#include "cli/rate.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int rf_rate_read(const char *rate, int64_t *interval_us, struct rf_error *error)
{
	static const struct {
		const char *unit;
		int64_t length_us;
	} units[] = {{"/s", RF_SECOND}, {"/min", 60 * RF_SECOND}, {"/h", 3600 * RF_SECOND}};
	char *end;
	long n = strtol(rate, &end, 10);
	for (size_t i = 0; i < RF_COUNT(units); i++) {
		if (strcmp(end, units[i].unit) != 0 || n < 1 || n > 100000)
			continue;
		*interval_us = units[i].length_us / n;
		return 0;
	}
	return rf_error_set(error, "--rate %s: expected a number from 1 to 100000 and a unit: 30/min, 2/s, 500/h",
			    rate);
}
