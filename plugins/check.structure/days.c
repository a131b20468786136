/* The day of the meeting: is it known, certain, past, and in the month that the title says? */
#include "check.h"

#include <referat/passages.h>

#include <string.h>
#include <time.h>

/* The meeting's day begins at different instants in different zones. */
static const int64_t slack_us = INT64_C(24) * 60 * 60 * 1000000;

static bool is_future(const struct check *check, const struct referat_date *date)
{
	struct tm midnight = {.tm_year = date->year - 1900, .tm_mon = date->month - 1, .tm_mday = date->day};
	return (int64_t)timegm(&midnight) * 1000000 > referat_now(check->call) + slack_us;
}

/* The month, and perhaps year, that the title says last. */
static bool title_date(const struct check *check, struct referat_date *date)
{
	if (!check->document->title)
		return false;
	const char *lower = referat_lower(check->call, check->document->title);
	bool found = false;
	struct referat_date next;
	for (size_t at = 0; referat_date_find(lower, at, &next); at = next.end) {
		*date = next;
		found = true;
	}
	return found;
}

static const char *month_words(const struct check *check, const struct referat_date *date)
{
	return date->year ? referat_format(check->call, "%s %d", referat_month_name(date->month), date->year)
			  : referat_month_name(date->month);
}

static struct referat_place place_of(const Referat__Day *day)
{
	struct referat_place place = nowhere;
	const Referat__Place *from = day->place;
	referat_place_source(&place, from);
	if (from && from->has_block)
		place.block = (int32_t)from->block;
	if (from && from->has_start && from->has_end) {
		place.start = (int32_t)from->start;
		place.end = (int32_t)from->end;
	}
	return place;
}

static void check_month(const struct check *check, const Referat__Day *day, const struct referat_date *date)
{
	struct referat_date title;
	bool titled = title_date(check, &title);
	if (titled && (title.month != date->month || (title.year && title.year != date->year)))
		referat_finding(check->call, "month-disagrees", REFERAT_WARNING, place_of(day),
				referat_say(check->call, "check.structure.month-disagrees", "title",
					    month_words(check, &title), "lead", month_words(check, date), NULL));
	else if (day->sureness == REFERAT__SURENESS__DOUBTFUL)
		report(check, "day-doubtful", REFERAT_WARNING, place_of(day), "day", day->date);
}

void check_day(const struct check *check)
{
	const Referat__Meeting *meeting = check->document->meeting;
	const Referat__Day *day = meeting ? meeting->day : NULL;
	struct referat_date date;
	if (!day || !day->date || !referat_date_find(day->date, 0, &date)) {
		report(check, "day-missing", REFERAT_WARNING, nowhere, NULL, NULL);
		return;
	}
	check_month(check, day, &date);
	if (check->document->kind != REFERAT__KIND__AGENDA && is_future(check, &date))
		report(check, "day-future", REFERAT_WARNING, place_of(day), "day", day->date);
}
