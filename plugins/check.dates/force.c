/* Legal force: three weeks after a decision was announced at the earliest, so never less than that after the meeting.
 */
#include "dates.h"

#include <referat/words.h>

#include <string.h>

enum {
	APPEAL_DAYS = 21,
	LOOK_BACK = 120, /* bytes in which the rest of the sentence is looked at */
	LOOK_AHEAD = 40, /* bytes in which it may say when */
};

static const int64_t day_us = INT64_C(24) * 60 * 60 * 1000000;

static bool ends_with(const char *text, size_t end, const char *word)
{
	size_t size = strlen(word);
	return end >= size && memcmp(text + end - size, word, size) == 0;
}

/* Does the sentence say that it is so? "när planen har vunnit laga kraft" and "har inte vunnit laga kraft" do not. */
static bool is_said(const char *lower, size_t at)
{
	static const char *const doubts[] = {" inte ",   " ännu ", " när ",    " innan ", " sedan ",
					     " efter ",  ", om ",  " tills ",  " då ",    " först ",
					     " förrän ", " ska ",  " kommer ", " aldrig "};
	size_t start = at > LOOK_BACK ? at - LOOK_BACK : 0;
	for (size_t i = at; i > start; i--)
		if (strchr(".!?", lower[i - 1])) {
			start = i;
			break;
		}
	start += strspn(lower + start, " .!?");
	if (start > at || strncmp(lower + start, "om ", 3) == 0)
		return false;
	char sentence[LOOK_BACK + 2] = " "; /* so that its first word has a space before it, too */
	size_t size = at - start;
	memcpy(sentence + 1, lower + start, size);
	sentence[size + 1] = '\0';
	for (size_t i = 0; i < sizeof(doubts) / sizeof(*doubts); i++)
		if (strstr(sentence, doubts[i]))
			return false;
	return true;
}

/* A number of four digits at a position; 0: there is none. */
static int year_at(const char *text, size_t at)
{
	int year = 0;
	for (size_t i = 0; i < 4; i++) {
		if (text[at + i] < '0' || text[at + i] > '9')
			return 0;
		year = year * 10 + (text[at + i] - '0');
	}
	return year;
}

/* Does it say that it was before the meeting? "Planen vann laga kraft den 3 maj 2012." */
static bool is_earlier(const struct check *check, const char *lower, size_t at)
{
	char ahead[LOOK_AHEAD + 1];
	size_t size = strnlen(lower + at, LOOK_AHEAD);
	memcpy(ahead, lower + at, size);
	ahead[size] = '\0';
	struct referat_date date;
	if (referat_date_find(ahead, 0, &date) && date.year && date.day)
		return day_number(&date) < day_number(&check->meeting);
	for (size_t i = 0; i < size; i++) {
		int year = year_at(ahead, i);
		if (year > 1800 && year < check->meeting.year)
			return true;
	}
	return false;
}

void check_force(struct check *check, const struct text *text)
{
	static const char words[] = "laga kraft";
	if (!check->has_meeting)
		return;
	int64_t last = day_number(&check->meeting) + APPEAL_DAYS;
	if ((last + 1) * day_us <= referat_now(check->call)) /* that day is over */
		return;
	for (const char *at = text->lower; (at = strstr(at, words)) != NULL; at += sizeof(words) - 1) {
		size_t start = (size_t)(at - text->lower);
		bool past = ends_with(text->lower, start, "vunnit ") || ends_with(text->lower, start, "vann ");
		if (!past || !is_said(text->lower, start) || is_earlier(check, text->lower, start + sizeof(words) - 1))
			continue;
		report(
		    check, "legal-force", text, (struct referat_range){start, start + sizeof(words) - 1},
		    referat_day(check->call, day_iso(check->call, last), referat_say(check->call, "day.date", NULL)));
		return;
	}
}
