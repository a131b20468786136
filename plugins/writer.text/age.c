#include "age.h"

#include <referat/swedish.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { OLD_MONTHS = 6, ZONE_SIZE = 64 };

static UCalendar *open_calendar(const char *time_zone)
{
	UChar zone[ZONE_SIZE];
	UErrorCode status = U_ZERO_ERROR;
	int32_t length = 0;
	u_strFromUTF8(zone, ZONE_SIZE, &length, *time_zone ? time_zone : "UTC", -1, &status);
	UCalendar *calendar = ucal_open(zone, length, "sv", UCAL_GREGORIAN, &status);
	return U_SUCCESS(status) ? calendar : NULL;
}

/* The last moment of the page's being new: the end of the day, six months on. */
static UDate end_of_new(UCalendar *calendar, const struct referat_date *day, UErrorCode *status)
{
	ucal_clear(calendar);
	ucal_setDate(calendar, day->year, day->month - 1, day->day, status);
	ucal_add(calendar, UCAL_MONTH, OLD_MONTHS, status);
	ucal_add(calendar, UCAL_DAY_OF_MONTH, 1, status);
	return ucal_getMillis(calendar, status);
}

bool is_old(const char *day, int64_t now_us, const char *time_zone)
{
	struct referat_date date;
	if (!referat_date_find(day, 0, &date) || !date.year || !date.day)
		return false;
	UCalendar *calendar = open_calendar(time_zone);
	if (!calendar)
		return false;
	UErrorCode status = U_ZERO_ERROR;
	UDate end = end_of_new(calendar, &date, &status);
	ucal_close(calendar);
	return U_SUCCESS(status) && (double)now_us / 1000.0 >= end;
}
