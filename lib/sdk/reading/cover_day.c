/* The day of a meeting, from the cover of its minutes: there are many days on it. */
#include "cover.h"

#include <string.h>

static bool is_other_day(const char *lower)
{
	return strstr(lower, "juster") || strstr(lower, "anslag") || strstr(lower, "kungör") ||
	       strstr(lower, "tas ned") || strstr(lower, "överklag") || strstr(lower, "bevis");
}

struct day {
	struct referat_date date;
	const struct referat_paragraph *from;
	int score;
};

static void consider_day(struct day *best, const struct referat_paragraph *paragraph, size_t at, int score)
{
	struct referat_date date;
	if (score <= best->score || !referat_date_find(paragraph->lower, at, &date) || !date.year || !date.day)
		return;
	*best = (struct day){.date = date, .from = paragraph, .score = score};
}

/* From the likeliest to the least likely: named, in the head of every page, beside the place, somewhere at the top. */
enum { DAY_LINE = 1, DAY_TITLE, DAY_WHERE, DAY_HEAD, DAY_NAMED };

static void look_for_day(struct day *best, const struct referat_paragraph *list, size_t n, size_t i, bool head)
{
	const struct referat_paragraph *paragraph = &list[i];
	size_t value;
	enum field field = rf_field_at(list, i, &value);
	bool plain = strcmp(paragraph->lower, "datum") == 0 || rf_starts_with(paragraph->lower, "datum:") ||
		     rf_starts_with(paragraph->lower, "datum sid") || rf_starts_with(paragraph->lower, "datum 2");
	if (field == FIELD_DAY || plain || strstr(paragraph->lower, "sammanträdesdatum")) {
		consider_day(best, paragraph, 0, DAY_NAMED);
		for (size_t k = i + 1; k < n && k <= i + 2; k++) {
			size_t unused;
			enum field next = rf_field_of(&list[k], &unused);
			if (next != FIELD_NONE || is_other_day(list[k].lower))
				break;
			consider_day(best, &list[k], 0, DAY_NAMED);
		}
	}
	if (is_other_day(paragraph->lower) || field == FIELD_ADJUSTED || field == FIELD_UP || field == FIELD_DOWN)
		return;
	if (head)
		consider_day(best, paragraph, 0, DAY_HEAD);
	if (field == FIELD_WHERE) {
		consider_day(best, paragraph, 0, DAY_WHERE);
		if (i + 1 < n && !is_other_day(list[i + 1].lower))
			consider_day(best, &list[i + 1], 0, DAY_WHERE);
	}
	if (strstr(paragraph->lower, "sammanträde") || strstr(paragraph->lower, "protokoll") ||
	    strstr(paragraph->lower, "kl"))
		consider_day(best, paragraph, 0, DAY_TITLE);
	if (field == FIELD_NONE && rf_count_words(paragraph->text) <= 14)
		consider_day(best, paragraph, 0, DAY_LINE);
}

/* A line with nothing but a day: is it the one of the notice or of the adjustment, as another line says? */
static bool is_said_of_other(const struct referat_page *page, size_t to, const struct day *best)
{
	const struct referat_date *day = &best->date;
	if (best->score != DAY_LINE || rf_count_words(best->from->text) > 1)
		return false;
	for (size_t i = 0; i < to; i++) {
		const char *lower = page->paragraphs[i].lower;
		struct referat_date date;
		if (is_other_day(lower) && referat_date_find(lower, 0, &date) && date.year == day->year &&
		    date.month == day->month && date.day == day->day)
			return true;
	}
	return false;
}

void rf_meeting_day_read(const struct referat_page *page, size_t to, Referat__Meeting *meeting)
{
	struct day best = {0};
	for (size_t i = 0; i < page->n_heads; i++)
		look_for_day(&best, page->heads, page->n_heads, i, true);
	bool ended = false; /* the notice and the adjustment have days of their own */
	for (size_t i = 0; i < to && !ended; i++) {
		ended = rf_starts_with(page->paragraphs[i].lower, "anslag") ||
			rf_starts_with(page->paragraphs[i].lower, "bevis");
		if (!ended)
			look_for_day(&best, page->paragraphs, to, i, false);
		else if (best.score == 0)
			ended = false;
	}
	if (best.score == 0 || is_said_of_other(page, to, &best))
		return;
	Referat__Sureness sureness = best.score == DAY_LINE ? REFERAT__SURENESS__DERIVED : REFERAT__SURENESS__READ;
	meeting->day = rf_day_new(page->call, best.date.year, best.date.month, best.date.day, sureness);
	meeting->day->place = rf_place_new(page->call, best.from);
}
