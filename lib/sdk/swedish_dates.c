/* Dates as Swedish texts write them. */
#include <referat/swedish.h>

#include <string.h>

static const char *const months[12] = {"januari", "februari", "mars",      "april",   "maj",      "juni",
				       "juli",    "augusti",  "september", "oktober", "november", "december"};

const char *referat_month_name(int month)
{
	return month >= 1 && month <= 12 ? months[month - 1] : "";
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c);
}

/* The number of a month's name, or of its beginning of three or four letters ("jan", "sept"), which is *cut; 0: none.
 */
static int month_number(const char *word, size_t size, bool *cut)
{
	for (int i = 0; i < 12; i++) {
		size_t whole = strlen(months[i]);
		*cut = size < whole && (size == 3 || (size == 4 && i == 8));
		if ((size == whole || *cut) && memcmp(word, months[i], size) == 0)
			return i + 1;
	}
	return 0;
}

static int days_in(int year, int month)
{
	static const int days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool common = year % 4 != 0 || (year % 100 == 0 && year % 400 != 0);
	return month == 2 && year && common ? 28 : days[month - 1];
}

/* Is the character before a position a dash of more than one byte ("22–23 april")? */
static bool ends_with_dash(const char *text, size_t at)
{
	return at >= 3 && (memcmp(text + at - 3, "\u2013", 3) == 0 || memcmp(text + at - 3, "\u2014", 3) == 0);
}

/* A number of at most four digits that ends at `end`; its start in *start. -1: none. */
static int number_before(const char *text, size_t end, size_t *start)
{
	size_t at = end;
	while (at > 0 && is_digit(text[at - 1]))
		at--;
	if (at == end || end - at > 4 || (at > 0 && is_word(text[at - 1]) && !ends_with_dash(text, at)))
		return -1;
	int value = 0;
	for (size_t i = at; i < end; i++)
		value = value * 10 + (text[i] - '0');
	*start = at;
	return value;
}

/* The year after a month's name: " 2024", ", 2024". 0: none. */
static int year_after(const char *text, size_t at, size_t *end)
{
	if (text[at] == ',')
		at++;
	if (text[at] != ' ')
		return 0;
	at++;
	int value = 0;
	size_t i = 0;
	for (; i < 4 && is_digit(text[at + i]); i++)
		value = value * 10 + (text[at + i] - '0');
	if (i < 4 || is_word(text[at + 4]) || value < 1900 || value > 2199)
		return 0;
	*end = at + 4;
	return value;
}

/* "2024-04-17" at a position. */
static bool iso_date(const char *text, size_t at, struct referat_date *date)
{
	static const char shape[] = "dddd-dd-dd";
	for (size_t i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? !is_digit(text[at + i]) : text[at + i] != shape[i])
			return false;
	if (is_word(text[at + 10]) || (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '-')))
		return false;
	const char *t = text + at;
	struct referat_date d = {.start = at, .end = at + 10};
	d.year = (t[0] - '0') * 1000 + (t[1] - '0') * 100 + (t[2] - '0') * 10 + (t[3] - '0');
	d.month = (t[5] - '0') * 10 + (t[6] - '0');
	d.day = (t[8] - '0') * 10 + (t[9] - '0');
	if (d.year < 1900)
		return false;
	if (d.day == 0)
		d.day = -1;
	*date = d;
	return true;
}

/* The date around a month's name. */
static struct referat_date around_month(const char *text, size_t word, size_t end, int month)
{
	struct referat_date d = {.month = month, .start = word, .end = end};
	d.year = year_after(text, end, &d.end);
	size_t start = 0;
	int day = word > 0 && text[word - 1] == ' ' ? number_before(text, word - 1, &start) : -1;
	if (day >= 0) {
		d.day = day ? day : -1;
		d.start = start;
	}
	return d;
}

bool referat_date_exists(const struct referat_date *date)
{
	return date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= days_in(date->year, date->month);
}

bool referat_date_find_written(const char *lower, size_t from, struct referat_date *date)
{
	size_t at = from;
	while (lower[at]) {
		if (is_digit(lower[at]) && iso_date(lower, at, date))
			return true;
		if (!is_word(lower[at])) {
			at++;
			continue;
		}
		size_t end = at;
		while (is_word(lower[end]))
			end++;
		bool cut = false; /* "jan" alone is a name */
		int month = is_letter(lower[at]) ? month_number(lower + at, end - at, &cut) : 0;
		if (month) {
			*date = around_month(lower, at, end, month);
			if (!cut || date->day || date->year)
				return true;
		}
		at = end;
	}
	return false;
}

bool referat_date_find(const char *lower, size_t from, struct referat_date *date)
{
	struct referat_date written;
	for (size_t at = from; referat_date_find_written(lower, at, &written); at = written.end)
		if (referat_date_exists(&written) || written.day == 0) {
			*date = written;
			return true;
		}
	return false;
}
