/* check.dates: can the dates of a document be true? Each file knows one kind of doubt. */
#ifndef CHECK_DATES_H
#define CHECK_DATES_H

#include <referat/passages.h>
#include <referat/swedish.h>

struct check {
	struct referat_call *call;
	bool has_meeting;
	struct referat_date meeting; /* the day of the meeting */
	unsigned found;
};

/* A passage, and its text in lower case. */
struct text {
	const struct referat_passage *passage;
	const char *lower;
};

/* Reports a finding about a range of the passage: the rule's text with {{where}}, {{words}} (the range as it is
 * written) and {{right}}. */
void report(struct check *check, const char *rule, const struct text *text, struct referat_range range,
	    const char *right);

/* ---- calendar.c ---- */

/* Days since 1970-01-01 of a whole date. */
int64_t day_number(const struct referat_date *date);
const char *day_iso(struct referat_call *call, int64_t day);

/* 0: Monday. */
int weekday_of(int64_t day);

/* ---- weekdays.c ---- */

/* "onsdagen den 18 april 2024", which is a Thursday. */
void check_weekday(struct check *check, const struct text *text, const struct referat_date *date);

/* ---- ranges.c ---- */

/* "22–12 augusti": the days before the month's name. */
void check_days(struct check *check, const struct text *text, const struct referat_date *date);
/* "3 maj 2024 till 11 april 2024": two dates that follow each other. */
void check_range(struct check *check, const struct text *text, const struct referat_date *first,
		 const struct referat_date *last);

/* ---- force.c ---- */

/* "har vunnit laga kraft", as long as it can be appealed against. */
void check_force(struct check *check, const struct text *text);

#endif
