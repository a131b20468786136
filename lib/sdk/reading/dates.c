/* The day of the meeting. The title says the month, and the day when there were two meetings in it; the lead says the
 * day and seldom the year. What follows from both is marked as derived, what they disagree on as doubtful. */
#include "structure.h"

#include <string.h>

/* A date in the lead, and how likely it is the meeting's. */
struct candidate {
	struct referat_date date;
	unsigned block;
	unsigned score; /* 0: none found */
};

Referat__Day *rf_day_new(struct referat_call *call, int year, int month, int day, Referat__Sureness sureness)
{
	Referat__Day *message = referat_alloc(call, sizeof(*message));
	referat__day__init(message);
	message->date = (char *)referat_format(call, "%04d-%02d-%02d", year, month, day);
	message->has_sureness = true;
	message->sureness = sureness;
	return message;
}

/* "under sammanträdet den 17 april", "nämndens möte onsdagen den 17 april": the words of a meeting stand before it. */
static bool follows_meeting(const char *lower, size_t start)
{
	enum { NEAR = 45 };
	size_t from = start > NEAR ? start - NEAR : 0;
	const char *meeting = strstr(lower + from, "sammantr");
	const char *other = strstr(lower + from, "möte");
	return (meeting && meeting < lower + start) || (other && other < lower + start);
}

static unsigned score_of(const struct title *title, const char *lower, const struct referat_date *date)
{
	if (!date->day)
		return 0;
	unsigned score = 1;
	if (title->month && date->month == title->month)
		score += 2;
	if (follows_meeting(lower, date->start))
		score += 4;
	return score;
}

static struct candidate find_candidate(struct referat_call *call, const struct title *title, size_t n_lead,
				       Referat__Block **lead)
{
	struct candidate best = {0};
	for (size_t i = 0; i < n_lead; i++) {
		const char *lower = referat_lower(call, lead[i]->text);
		if (rf_starts_with(lower, "uppdatering")) /* what follows tells of a later meeting */
			break;
		struct referat_date date;
		for (size_t at = 0; referat_date_find(lower, at, &date); at = date.end) {
			unsigned score = score_of(title, lower, &date);
			if (score > best.score)
				best = (struct candidate){.date = date, .block = (unsigned)i, .score = score};
		}
	}
	return best;
}

static Referat__Place *place_in_lead(struct referat_call *call, const struct candidate *candidate,
				     const Referat__Block *block)
{
	Referat__Place *place = referat_alloc(call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"document";
	place->has_block = place->has_start = place->has_end = true;
	place->block = candidate->block;
	place->start = (uint32_t)candidate->date.start;
	place->end = (uint32_t)candidate->date.end;
	rf_place_source(place, block->place);
	return place;
}

Referat__Day *rf_meeting_day(struct referat_call *call, const struct title *title,
			     const struct referat_paragraph *title_line, size_t n_lead, Referat__Block **lead)
{
	struct candidate candidate = find_candidate(call, title, n_lead, lead);
	const struct referat_date *said = &candidate.date;
	bool in_lead = candidate.score > 0;
	int year = in_lead && said->year ? said->year : title->year;
	if (!year || (!in_lead && !title->day))
		return NULL;

	bool disagree =
	    in_lead && ((title->month && title->month != said->month) || (title->day && title->day != said->day) ||
			(title->year && said->year && title->year != said->year));
	if (!in_lead || (title->day && title->year && !disagree)) {
		Referat__Day *day = rf_day_new(call, title->year, title->month, title->day, REFERAT__SURENESS__READ);
		day->place = rf_place_new(call, title_line);
		return day;
	}
	Referat__Sureness sureness = disagree     ? REFERAT__SURENESS__DOUBTFUL
				     : said->year ? REFERAT__SURENESS__READ
						  : REFERAT__SURENESS__DERIVED;
	Referat__Day *day = rf_day_new(call, year, said->month, said->day, sureness);
	day->place = place_in_lead(call, &candidate, lead[candidate.block]);
	return day;
}

void rf_meeting_set_day(struct meeting *meeting, const Referat__Day *day)
{
	struct referat_date date;
	if (!day || !referat_date_find(day->date, 0, &date))
		return;
	meeting->year = date.year;
	meeting->month = date.month;
	meeting->day = date.day;
}
