/* base/datetime.h: dates, instants, zones, durations. */
#include "base/clock.h"
#include "base/datetime.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct rf_date date_of(const char *iso)
{
	struct rf_date date;
	assert_true(rf_date_parse(iso, &date));
	return date;
}

static void assert_date(struct rf_date date, int year, int month, int day)
{
	assert_int_equal(date.year, year);
	assert_int_equal(date.month, month);
	assert_int_equal(date.day, day);
}

static int64_t instant_of(const char *text)
{
	int64_t instant_us;
	assert_true(rf_instant_parse(text, &instant_us));
	return instant_us;
}

static void only_days_of_the_calendar_are_dates(void **state)
{
	(void)state;
	struct rf_date date;
	static const char *const bad[] = {"2023-02-29", "2024-00-01",  "2024-13-01",  "2024-01-32", "0000-01-01",
					  "2024-1-1",   "2024-01-01 ", " 2024-01-01", "24-01-01",   "2024/01/01",
					  "",           "2024-01-1x"};
	for (size_t i = 0; i < RF_COUNT(bad); i++)
		assert_false(rf_date_parse(bad[i], &date));
	assert_date(date_of("2024-02-29"), 2024, 2, 29);
	assert_date(date_of("0001-01-01"), 1, 1, 1);
	assert_date(date_of("9999-12-31"), 9999, 12, 31);
}

static void days_are_counted_from_1970(void **state)
{
	(void)state;
	assert_int_equal(rf_date_days(date_of("1970-01-01")), 0);
	assert_int_equal(rf_date_days(date_of("1969-12-31")), -1);
	assert_int_equal(rf_date_days(date_of("2000-03-01")), 11017);
	assert_int_equal(rf_date_days(date_of("0001-01-01")), -719162);
	for (int64_t day = -719162; day < 2932896; day += 997)
		assert_int_equal(rf_date_days(rf_date_from_days(day)), day);
}

static void an_instant_is_read_with_its_offset(void **state)
{
	(void)state;
	assert_int_equal(instant_of("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(instant_of("2024-04-17T11:00:00+02:00"), instant_of("2024-04-17T09:00:00Z"));
	assert_int_equal(instant_of("1969-12-31t23:59:59.25z"), -750000);
	assert_int_equal(instant_of("1970-01-01 00:00:00.123456789-00:30"), 1800 * RF_SECOND + 123456);
}

static void what_is_no_instant_is_refused(void **state)
{
	(void)state;
	int64_t instant_us = 7;
	static const char *const bad[] = {"2024-04-17",           "2024-04-17T09:00:00",   "2024-04-17T24:00:00Z",
					  "2024-04-17T09:60:00Z", "2024-04-17T09:00:60Z",  "2024-04-17T09:00:00.Z",
					  "2024-04-17T09:00:00+", "2024-04-17T09:00:00Zz", "2024-04-17T09:00:00+24:00",
					  "2024-02-30T09:00:00Z", "2024-04-17T09:00Z"};
	for (size_t i = 0; i < RF_COUNT(bad); i++)
		assert_false(rf_instant_parse(bad[i], &instant_us));
	assert_int_equal(instant_us, 7);
}

static void an_instant_is_written_in_utc(void **state)
{
	(void)state;
	char text[RF_INSTANT_SIZE];
	rf_instant_format(instant_of("2024-04-17T11:00:00.9+02:00"), text);
	assert_string_equal(text, "2024-04-17T09:00:00Z");
	rf_instant_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void the_day_depends_on_the_zone(void **state)
{
	(void)state;
	struct rf_date date;
	assert_true(rf_instant_date(instant_of("2024-01-31T22:59:59Z"), "Europe/Stockholm", &date));
	assert_date(date, 2024, 1, 31);
	assert_true(rf_instant_date(instant_of("2024-01-31T23:00:00Z"), "Europe/Stockholm", &date));
	assert_date(date, 2024, 2, 1);
	/* Summer time. */
	assert_true(rf_instant_date(instant_of("2024-06-30T22:00:00Z"), "Europe/Stockholm", &date));
	assert_date(date, 2024, 7, 1);
	assert_true(rf_instant_date(instant_of("2024-06-30T22:00:00Z"), "America/New_York", &date));
	assert_date(date, 2024, 6, 30);
}

static void an_unknown_zone_is_refused(void **state)
{
	(void)state;
	struct rf_date date;
	assert_false(rf_instant_date(0, "Europe/Exempelby", &date));
	assert_false(rf_instant_date(0, "", &date));
	assert_false(rf_instant_date(0, "\xff\xfe", &date));
}

static void a_duration_has_a_number_and_a_unit(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t us;
	} good[] = {{"0", 0},
		    {"0s", 0},
		    {"7us", 7},
		    {"250ms", 250000},
		    {"2s", 2000000},
		    {"1m", 60000000},
		    {"24h", 86400000000},
		    {"14d", 1209600000000},
		    {"1w", 604800000000}};
	static const char *const bad[] = {
	    "", "s", "5", "-1s", "1.5s", "1 s", "1S", "2s ", "99999999999999999999s", "9223372036854775807ms"};
	int64_t us;
	for (size_t i = 0; i < RF_COUNT(good); i++) {
		assert_true(rf_duration_parse(good[i].text, &us));
		assert_int_equal(us, good[i].us);
	}
	for (size_t i = 0; i < RF_COUNT(bad); i++)
		assert_false(rf_duration_parse(bad[i], &us));
}

static void a_duration_is_written_in_its_largest_whole_unit(void **state)
{
	(void)state;
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {{0, "0"}, {1209600000000, "2w"}, {86400000000, "1d"}, {90000000, "90s"}, {1001, "1001us"}};
	for (size_t i = 0; i < RF_COUNT(cases); i++) {
		rf_autofree char *text = rf_duration_format(cases[i].us);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_days_of_the_calendar_are_dates),
	    cmocka_unit_test(days_are_counted_from_1970),
	    cmocka_unit_test(an_instant_is_read_with_its_offset),
	    cmocka_unit_test(what_is_no_instant_is_refused),
	    cmocka_unit_test(an_instant_is_written_in_utc),
	    cmocka_unit_test(the_day_depends_on_the_zone),
	    cmocka_unit_test(an_unknown_zone_is_refused),
	    cmocka_unit_test(a_duration_has_a_number_and_a_unit),
	    cmocka_unit_test(a_duration_is_written_in_its_largest_whole_unit),
	};
	return cmocka_run_group_tests_name("datetime", tests, NULL, NULL);
}
