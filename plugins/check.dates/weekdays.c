/* The weekday that stands before a date. */
#include "dates.h"

#include <referat/words.h>

#include <stdlib.h>
#include <string.h>

enum {
	MOST_WORD = 12, /* bytes of the longest word that matters: "måndagens" */
	NEAR = 60,      /* days from the meeting within which a date without year can only be that one */
	YEAR = 366,
};

/* The word that ends before a position, with one space (and perhaps a comma) between. False: none, or a long one. */
static bool word_before(const char *text, size_t at, struct referat_range *word)
{
	if (at == 0 || text[at - 1] != ' ')
		return false;
	at--;
	if (at > 0 && text[at - 1] == ',')
		at--;
	size_t start = at;
	while (start > 0 && at - start <= MOST_WORD &&
	       ((text[start - 1] >= 'a' && text[start - 1] <= 'z') || (unsigned char)text[start - 1] >= 0x80))
		start--;
	*word = (struct referat_range){start, at};
	return at > start && at - start <= MOST_WORD;
}

/* 0: Monday; -1: not a weekday. "onsdag", "onsdagen", "onsdagens". */
static int weekday_named(const char *word, size_t size)
{
	static const char *const names[] = {"måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"};
	static const char *const ends[] = {"", "en", "ens"};
	for (int day = 0; day < 7; day++) {
		size_t length = strlen(names[day]);
		if (size < length || memcmp(word, names[day], length) != 0)
			continue;
		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
			if (size - length == strlen(ends[i]) && memcmp(word + length, ends[i], size - length) == 0)
				return day;
	}
	return -1;
}

/* The days that a date can be, the likeliest first: one with a year, else those around the meeting. Returns how many.
 */
static size_t days_meant(const struct check *check, const struct referat_date *date, int64_t days[2])
{
	if (date->year) {
		days[0] = day_number(date);
		return 1;
	}
	if (!check->has_meeting)
		return 0;
	int64_t meeting = day_number(&check->meeting);
	size_t n = 0;
	for (int year = check->meeting.year - 1; year <= check->meeting.year + 1; year++) {
		struct referat_date whole = {.year = year, .month = date->month, .day = date->day};
		int64_t day = day_number(&whole);
		if (!referat_date_exists(&whole) || llabs(day - meeting) > YEAR)
			continue;
		if (llabs(day - meeting) <= NEAR) {
			days[0] = day;
			return 1;
		}
		if (n < 2)
			days[n++] = day;
	}
	if (n == 2 && llabs(days[1] - meeting) < llabs(days[0] - meeting)) {
		int64_t nearer = days[1];
		days[1] = days[0];
		days[0] = nearer;
	}
	return n;
}

void check_weekday(struct check *check, const struct text *text, const struct referat_date *date)
{
	struct referat_range word;
	size_t before = date->start;
	if (!word_before(text->lower, before, &word))
		return;
	if (word.end - word.start == 3 && memcmp(text->lower + word.start, "den", 3) == 0 &&
	    !word_before(text->lower, word.start, &word))
		return;
	int weekday = weekday_named(text->lower + word.start, word.end - word.start);
	if (weekday < 0)
		return;
	int64_t days[2];
	size_t n = days_meant(check, date, days);
	for (size_t i = 0; i < n; i++)
		if (weekday_of(days[i]) == weekday)
			return;
	if (n > 0)
		report(check, "weekday", text, (struct referat_range){word.start, date->end},
		       referat_day(check->call, day_iso(check->call, days[0]),
				   referat_say(check->call, "check.dates.weekday.right", NULL)));
}
