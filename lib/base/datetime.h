/* Instants, civil dates and durations as texts.
 *
 * An instant is int64 microseconds since 1970-01-01T00:00:00Z. A civil date ("2024-04-17") is a day in the publisher's
 * time zone. The process's TZ is never looked at. */
#ifndef RF_BASE_DATETIME_H
#define RF_BASE_DATETIME_H

#include <stdbool.h>
#include <stdint.h>

struct rf_date {
	int year;  /* 1 .. 9999 */
	int month; /* 1 .. 12 */
	int day;   /* 1 .. 31 */
};

enum { RF_INSTANT_SIZE = 32 };

bool rf_date_parse(const char *iso, struct rf_date *date); /* exactly YYYY-MM-DD, a day of the Gregorian calendar */
int64_t rf_date_days(struct rf_date date);                 /* days since 1970-01-01 */
struct rf_date rf_date_from_days(int64_t days);

bool rf_instant_parse(const char *rfc3339, int64_t *instant_us); /* with an offset or Z; a fraction is optional */
void rf_instant_format(int64_t instant_us, char text[RF_INSTANT_SIZE]); /* UTC, whole seconds: 2024-04-17T09:00:00Z */

/* The day it is at that instant in the zone ("Europe/Stockholm"). False when the zone is not known. */
bool rf_instant_date(int64_t instant_us, const char *zone, struct rf_date *date);

/* A number with a unit: us ms s m h d w ("250ms", "2s", "14d"); 0 needs none. False for anything else, negative numbers
 * and overflow. */
bool rf_duration_parse(const char *text, int64_t *duration_us);
char *rf_duration_format(int64_t duration_us); /* the largest whole unit; the caller frees */

#endif
