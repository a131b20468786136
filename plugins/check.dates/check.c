/* check.dates: days that no calendar has, weekdays that do not fit, ranges that end before they begin, a meeting of
 * another age, and a decision that can't have legal force yet. Whether title and lead agree on the day, and whether it
 * has been, is check.structure's. */
#include "dates.h"

#include <referat/message.h>
#include <referat/passages.h>
#include <referat/words.h>

#include <stdlib.h>
#include <string.h>

enum {
	MOST_FINDINGS = 100,
	OLD_DAYS = 20 * 365, /* what is older is a slip of the finger, or an archive */
};

static const int64_t day_us = INT64_C(24) * 60 * 60 * 1000000;

void report(struct check *check, const char *rule, const struct text *text, struct referat_range range,
	    const char *right)
{
	if (check->found > MOST_FINDINGS)
		return;
	struct referat_call *call = check->call;
	if (check->found++ == MOST_FINDINGS) {
		referat_finding(
		    call, "dates-more", REFERAT_WARNING, REFERAT_NOWHERE,
		    referat_say(call, "check.dates.more", "most", referat_format(call, "%d", MOST_FINDINGS), NULL));
		return;
	}
	const char *words = referat_copy(call, text->passage->text + range.start, range.end - range.start);
	referat_finding(call, rule, REFERAT_WARNING, referat_place_in(text->passage, range.start, range.end),
			referat_say(call, referat_format(call, "check.dates.%s", rule), "where",
				    referat_where(call, text->passage), "words", words, "right", right, NULL));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Is it the beginning of an identity number that is written with a whole date? Four digits follow, and in a
 * coordination number the day is 60 too large. A finding never quotes one. */
static bool begins_identity(const char *lower, const struct referat_date *date)
{
	bool iso = date->end - date->start == 10 && lower[date->start + 4] == '-';
	const char *next = lower + date->end;
	return iso && (date->day > 60 || ((*next == '-' || *next == '+') && is_digit(next[1])));
}

static bool check_passage(void *context, const struct referat_passage *passage)
{
	struct check *check = context;
	struct text text = {passage, referat_lower(check->call, passage->text)};
	struct referat_date last = {0};
	struct referat_date date;
	for (size_t at = 0; check->found <= MOST_FINDINGS && referat_date_find_written(text.lower, at, &date);
	     at = date.end) {
		if (!date.day || begins_identity(text.lower, &date))
			continue;
		if (!referat_date_exists(&date)) {
			if (date.day > 0 && date.day < 100) /* not "2024 april", "1 000 mars" */
				report(check, "impossible", &text, (struct referat_range){date.start, date.end}, "");
			continue;
		}
		check_weekday(check, &text, &date);
		check_days(check, &text, &date);
		if (last.day)
			check_range(check, &text, &last, &date);
		last = date;
	}
	check_force(check, &text);
	return check->found <= MOST_FINDINGS;
}

/* ---- the meeting ------------------------------------------------------------------------------------------------ */

static void read_meeting(struct check *check, const Referat__Document *document)
{
	const Referat__Day *day = document->meeting ? document->meeting->day : NULL;
	check->has_meeting = day && day->date && referat_date_find(day->date, 0, &check->meeting) &&
			     check->meeting.year && check->meeting.day;
}

static void check_age(struct check *check, const Referat__Day *day)
{
	int64_t today = referat_now(check->call) / day_us;
	int64_t meeting = day_number(&check->meeting);
	if (today - meeting <= OLD_DAYS)
		return;
	struct referat_place place = REFERAT_NOWHERE;
	referat_place_source(&place, day->place);
	const char *words =
	    referat_day(check->call, day_iso(check->call, meeting), referat_say(check->call, "day.date", NULL));
	const char *years = referat_format(check->call, "%d", (int)((today - meeting) / 365.2425));
	referat_finding(check->call, "meeting-old", REFERAT_WARNING, place,
			referat_say(check->call, "check.dates.meeting-old", "day", words, "years", years, NULL));
}

static enum referat_result run(struct referat_call *call)
{
	const Referat__Document *document = referat_unpack(call, "document", &referat__document__descriptor);
	if (!document)
		return referat_because(call, REFERAT_FAIL, "the part document is missing or broken");
	struct check check = {.call = call};
	read_meeting(&check, document);
	if (check.has_meeting)
		check_age(&check, document->meeting->day);
	referat_passages(document, check_passage, &check);
	return REFERAT_OK;
}

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_CHECK,
    .name = "check.dates",
    .version = REFERAT_VERSION,
    .summary = "finds dates that can't be true, and legal force before its time",
    .accepts = "referat.document/1",
    .produces = "referat.findings/1",
    .run = run,
};
