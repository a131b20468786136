#include "base/datetime.h"

#include "base/clock.h"
#include "base/memory.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { SECONDS_A_DAY = 24 * 60 * 60, MONTHS_A_YEAR = 12, LAST_YEAR = 9999 };

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

/* ---- civil dates: the C library's Gregorian calendar, which timegm and gmtime_r extend to all years -------------- */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return lengths[month - 1] + (month == 2 && is_leap(year));
}

static bool is_valid(struct rf_date date)
{
	return date.year >= 1 && date.year <= LAST_YEAR && date.month >= 1 && date.month <= MONTHS_A_YEAR &&
	       date.day >= 1 && date.day <= month_length(date.year, date.month);
}

/* Reads exactly `digits` digits and moves on. */
static bool read_digits(const char **text, int digits, int *value)
{
	int sum = 0;
	for (int i = 0; i < digits; i++) {
		if (!isdigit((unsigned char)(*text)[i]))
			return false;
		sum = sum * 10 + ((*text)[i] - '0');
	}
	*text += digits;
	*value = sum;
	return true;
}

static bool read_char(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

static bool read_date(const char **text, struct rf_date *date)
{
	struct rf_date read;
	if (!read_digits(text, 4, &read.year) || !read_char(text, '-') || !read_digits(text, 2, &read.month) ||
	    !read_char(text, '-') || !read_digits(text, 2, &read.day) || !is_valid(read))
		return false;
	*date = read;
	return true;
}

bool rf_date_parse(const char *iso, struct rf_date *date)
{
	struct rf_date read;
	if (!read_date(&iso, &read) || *iso)
		return false;
	*date = read;
	return true;
}

int64_t rf_date_days(struct rf_date date)
{
	struct tm civil = {.tm_year = date.year - 1900, .tm_mon = date.month - 1, .tm_mday = date.day};
	return floor_divide(timegm(&civil), SECONDS_A_DAY);
}

struct rf_date rf_date_from_days(int64_t days)
{
	time_t seconds = days * SECONDS_A_DAY;
	struct tm civil;
	gmtime_r(&seconds, &civil);
	return (struct rf_date){.year = civil.tm_year + 1900, .month = civil.tm_mon + 1, .day = civil.tm_mday};
}

/* ---- instants ---------------------------------------------------------------------------------------------------- */

/* ".5", ".123456789": what is finer than a microsecond is dropped. */
static bool read_fraction(const char **text, int64_t *fraction_us)
{
	*fraction_us = 0;
	if (!read_char(text, '.'))
		return true;
	if (!isdigit((unsigned char)**text))
		return false;
	for (int64_t unit = RF_SECOND / 10; isdigit((unsigned char)**text); unit /= 10)
		*fraction_us += unit * (*(*text)++ - '0');
	return true;
}

static bool read_offset(const char **text, int *seconds)
{
	*seconds = 0;
	if (read_char(text, 'Z') || read_char(text, 'z'))
		return true;
	int sign = **text == '-' ? -1 : 1;
	int hours, minutes;
	if (!(read_char(text, '+') || read_char(text, '-')) || !read_digits(text, 2, &hours) || !read_char(text, ':') ||
	    !read_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool rf_instant_parse(const char *rfc3339, int64_t *instant_us)
{
	const char *text = rfc3339;
	struct rf_date date;
	int hour, minute, second, offset;
	int64_t fraction_us;
	if (!read_date(&text, &date))
		return false;
	if (!read_char(&text, 'T') && !read_char(&text, 't') && !read_char(&text, ' '))
		return false;
	if (!read_digits(&text, 2, &hour) || !read_char(&text, ':') || !read_digits(&text, 2, &minute) ||
	    !read_char(&text, ':') || !read_digits(&text, 2, &second))
		return false;
	if (!read_fraction(&text, &fraction_us) || !read_offset(&text, &offset) || *text)
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	int64_t seconds = rf_date_days(date) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second - offset;
	*instant_us = seconds * RF_SECOND + fraction_us;
	return true;
}

/* Each document that is handed out has two of them, so printf is too slow. */
static char *write_digits(char *at, int number, int digits, char after)
{
	for (int i = digits; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	at[digits] = after;
	return at + digits + 1;
}

void rf_instant_format(int64_t instant_us, char text[RF_INSTANT_SIZE])
{
	int64_t seconds = floor_divide(instant_us, RF_SECOND);
	int64_t days = floor_divide(seconds, SECONDS_A_DAY);
	int rest = (int)(seconds - days * SECONDS_A_DAY);
	struct rf_date date = rf_date_from_days(days);
	if (date.year < 0 || date.year > 9999) {
		snprintf(text, RF_INSTANT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month, date.day,
			 rest / 3600, rest / 60 % 60, rest % 60);
		return;
	}
	char *at = write_digits(text, date.year, 4, '-');
	at = write_digits(at, date.month, 2, '-');
	at = write_digits(at, date.day, 2, 'T');
	at = write_digits(at, rest / 3600, 2, ':');
	at = write_digits(at, rest / 60 % 60, 2, ':');
	write_digits(at, rest % 60, 2, 'Z')[0] = '\0';
}

/* ---- time zones: ICU's tables ------------------------------------------------------------------------------------ */

/* ICU takes an unknown zone for GMT without a word: ask first. */
static bool zone_name(const char *zone, UChar *name, int32_t capacity)
{
	UErrorCode status = U_ZERO_ERROR;
	UBool is_system;
	UChar canonical[128];
	u_strFromUTF8(name, capacity, NULL, zone, -1, &status);
	ucal_getCanonicalTimeZoneID(name, -1, canonical, (int32_t)RF_COUNT(canonical), &is_system, &status);
	return U_SUCCESS(status) && status != U_STRING_NOT_TERMINATED_WARNING;
}

static bool zone_offset_ms(int64_t instant_us, const char *zone, int64_t *offset_ms)
{
	UChar name[128];
	if (!zone_name(zone, name, (int32_t)RF_COUNT(name)))
		return false;
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar = ucal_open(name, -1, "", UCAL_GREGORIAN, &status);
	ucal_setMillis(calendar, (double)floor_divide(instant_us, RF_MILLISECOND), &status);
	int32_t standard = ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
	int32_t summer = ucal_get(calendar, UCAL_DST_OFFSET, &status);
	ucal_close(calendar);
	*offset_ms = (int64_t)standard + summer;
	return U_SUCCESS(status);
}

bool rf_instant_date(int64_t instant_us, const char *zone, struct rf_date *date)
{
	int64_t offset_ms;
	if (!zone_offset_ms(instant_us, zone, &offset_ms))
		return false;
	int64_t local_us = instant_us + offset_ms * RF_MILLISECOND;
	*date = rf_date_from_days(floor_divide(local_us, SECONDS_A_DAY * RF_SECOND));
	return true;
}

/* ---- durations --------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int64_t us;
} units[] = {
    {"w", 7 * SECONDS_A_DAY *RF_SECOND},
    {"d", SECONDS_A_DAY *RF_SECOND},
    {"h", 3600 * RF_SECOND},
    {"m", 60 * RF_SECOND},
    {"s", RF_SECOND},
    {"ms", RF_MILLISECOND},
    {"us", 1},
};

bool rf_duration_parse(const char *text, int64_t *duration_us)
{
	const char *c = text;
	int64_t number = 0;
	for (; isdigit((unsigned char)*c); c++)
		if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *c - '0', &number))
			return false;
	if (c == text)
		return false;
	if (!*c && number == 0) {
		*duration_us = 0;
		return true;
	}
	for (size_t i = 0; i < RF_COUNT(units); i++)
		if (strcmp(c, units[i].name) == 0)
			return !__builtin_mul_overflow(number, units[i].us, duration_us);
	return false;
}

char *rf_duration_format(int64_t duration_us)
{
	size_t i = 0;
	while (duration_us % units[i].us != 0)
		i++;
	return duration_us ? rf_format("%lld%s", (long long)(duration_us / units[i].us), units[i].name)
			   : rf_strdup("0");
}
