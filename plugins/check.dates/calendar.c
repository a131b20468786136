/* Days as numbers. */
#include "dates.h"

#include <time.h>

enum { DAY_SECONDS = 24 * 60 * 60, THURSDAY = 3 }; /* 1970-01-01 was a Thursday */

int64_t day_number(const struct referat_date *date)
{
	struct tm midnight = {.tm_year = date->year - 1900, .tm_mon = date->month - 1, .tm_mday = date->day};
	return (int64_t)timegm(&midnight) / DAY_SECONDS;
}

const char *day_iso(struct referat_call *call, int64_t day)
{
	time_t instant = (time_t)(day * DAY_SECONDS);
	struct tm date = {0};
	gmtime_r(&instant, &date);
	return referat_format(call, "%04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

int weekday_of(int64_t day)
{
	int64_t weekday = (day + THURSDAY) % 7;
	return (int)(weekday < 0 ? weekday + 7 : weekday);
}
