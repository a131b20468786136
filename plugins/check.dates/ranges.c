/* Ranges that end before they begin. */
#include "dates.h"

#include <string.h>

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The length of a dash that ends before a position; 0: there is none. */
static size_t dash_before(const char *text, size_t at)
{
	if (at >= 1 && text[at - 1] == '-')
		return 1;
	return at >= 3 && (memcmp(text + at - 3, "–", 3) == 0 || memcmp(text + at - 3, "—", 3) == 0) ? 3 : 0;
}

void check_days(struct check *check, const struct text *text, const struct referat_date *date)
{
	const char *lower = text->lower;
	size_t at = date->start;
	if (lower[at + 1] != ' ' && lower[at + 2] != ' ')
		return; /* "2024-04-17" */
	size_t dash = dash_before(lower, at);
	if (!dash)
		return;
	at -= dash;
	size_t end = at;
	int day = 0;
	int unit = 1;
	for (; end - at < 2 && at > 0 && lower[at - 1] >= '0' && lower[at - 1] <= '9'; at--, unit *= 10)
		day += (lower[at - 1] - '0') * unit;
	if (at == end || day > 31 || day <= date->day)
		return;
	if (at > 0 && (is_word(lower[at - 1]) || strchr("-/:.,", lower[at - 1])))
		return;
	report(check, "range", text, (struct referat_range){at, date->end}, "");
}

/* Is what stands between two dates a "till"? */
static bool is_till(const char *text, size_t size)
{
	static const char *const words[] = {
	    "-",
	    "–",
	    "—",
	    " - ",
	    " – ",
	    " — ",
	    " -- ",
	    " – den ",
	    " - den ",
	    " till ",
	    " till den ",
	    " t.o.m. ",
	    " t.o.m. den ",
	    " till och med ",
	    " till och med den ",
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == size && memcmp(words[i], text, size) == 0)
			return true;
	return false;
}

void check_range(struct check *check, const struct text *text, const struct referat_date *first,
		 const struct referat_date *last)
{
	if (first->day <= 0 || last->day <= 0 || !is_till(text->lower + first->end, last->start - first->end))
		return;
	bool years = first->year && last->year;
	bool one_month = first->month == last->month && (!years || first->year == last->year);
	if (!years && !one_month)
		return; /* "15 november till 3 mars" */
	if (one_month ? first->day > last->day : day_number(first) > day_number(last))
		report(check, "range", text, (struct referat_range){first->start, last->end}, "");
}
