/* Is a page old? A page says so when its meeting was more than six months ago. */
#ifndef WRITER_TEXT_AGE_H
#define WRITER_TEXT_AGE_H

#include <stdbool.h>
#include <stdint.h>

/* Has it been more than six months since the day (ISO) at the instant (microseconds since 1970 UTC), by the calendar of
 * the time zone ("" : UTC)? A day that can't be read is never old. */
bool is_old(const char *day, int64_t now_us, const char *time_zone);

#endif
