/* The rule that finds Swedish identity numbers in a text.
 *
 * What only looks like one is left out by its date (an organisation number has a month of at least 20), by its check
 * digit, and by what stands before it (a case number, a telephone number). */
#include <referat/swedish.h>

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum {
	SHORT = 10, /* digits of YYMMDDNNNC */
	LONG = 12,  /* digits of YYYYMMDDNNNC */
	LAST = 4,   /* digits behind the date */
	MOST_GAP = 3,
	MOST_LABEL = 48, /* bytes before a number in which a label is looked for */
};

/* ---- letters ----------------------------------------------------------------------------------------------------- */

/* The letter at a place, which moves behind it; 0 at the end of the text. */
static UChar32 next_letter(const char *text, size_t *at)
{
	int32_t place = (int32_t)*at;
	UChar32 c;
	if (!text[*at])
		return 0;
	U8_NEXT(text, place, -1, c);
	*at = (size_t)place;
	return c;
}

static UChar32 letter_at(const char *text, size_t at)
{
	return next_letter(text, &at);
}

static UChar32 letter_before(const char *text, size_t at)
{
	int32_t place = (int32_t)at;
	UChar32 c;
	U8_PREV(text, 0, place, c);
	return c;
}

/* -1: none. Digits of any script count: "８" is 8. */
static int digit_of(UChar32 c)
{
	if (c < 0x80)
		return c >= '0' && c <= '9' ? c - '0' : -1;
	return u_charDigitValue(c);
}

/* ---- what stands between digits ---------------------------------------------------------------------------------- */

static bool is_dash(UChar32 c)
{
	return c == '-' || c == '+' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

static bool is_space(UChar32 c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x2009 || c == 0x202F;
}

struct gap {
	size_t size; /* letters */
	size_t bytes;
	bool dash, line_break;
};

static struct gap read_gap(const char *text, size_t at)
{
	struct gap gap = {0};
	for (; gap.size < MOST_GAP; gap.size++) {
		size_t next = at + gap.bytes;
		UChar32 c = next_letter(text, &next);
		if (is_dash(c))
			gap.dash = true;
		else if (c == '\n')
			gap.line_break = true;
		else if (!is_space(c))
			break;
		gap.bytes = next - at;
	}
	return gap;
}

/* The gaps of one number so far. */
struct gaps {
	unsigned odd;     /* where none belongs */
	bool year, month; /* after the year, the month */
	bool group_dash;  /* one of these is more than a space */
	bool dash;        /* before the last four there is a dash */
};

/* May the gap stand before the k:th of n digits? */
static bool accept_gap(struct gaps *gaps, struct gap gap, size_t k, size_t n)
{
	if (gap.size == 0)
		return true;
	if (k == n - LAST) {
		gaps->dash = gap.dash;
		return true;
	}
	bool breaks = gap.line_break; /* a line that ends inside the number, with or without a hyphen */
	if (!breaks && (k == n - LAST - 2 || k == n - LAST - 4)) {
		gaps->month = gaps->month || k == n - LAST - 2;
		gaps->year = gaps->year || k == n - LAST - 4;
		gaps->group_dash = gaps->group_dash || gap.dash || gap.size > 1;
		return true;
	}
	gaps->odd++;
	return breaks || (gap.size == 1 && !gap.dash);
}

/* A date in groups ("2009-05-27") has both gaps. A stray space or line end is believed only once, and a space only
 * where a dash before the last four says that this is such a number. */
static bool accept_gaps(const struct gaps *gaps, bool broken)
{
	bool half = gaps->year != gaps->month && !broken;
	unsigned odd = gaps->odd + half;
	return !(half && gaps->group_dash) && (odd == 0 || (odd == 1 && (gaps->dash || broken)));
}

/* ---- the number itself ------------------------------------------------------------------------------------------ */

/* Letters that stand for the first digit of the birth number of an interim number; they count as 1. */
static bool is_interim(UChar32 c)
{
	return c < 0x80 && c > 0 && strchr("TRSUWXJKLMNtrsuwxjklmn", (char)c) != NULL;
}

static bool has_check_digit(const int8_t *digits)
{
	int sum = 0;
	for (size_t i = 0; i < SHORT; i++) {
		int product = digits[i] * (i % 2 == 0 ? 2 : 1);
		sum += product > 9 ? product - 9 : product;
	}
	return sum % 10 == 0;
}

static bool has_date(const int8_t *digits, int century)
{
	static const int days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = digits[0] * 10 + digits[1];
	int month = digits[2] * 10 + digits[3];
	int day = digits[4] * 10 + digits[5];
	if (day > 60)
		day -= 60;
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	bool common = century ? year % 4 != 0 || (year == 0 && century % 4 != 0) : year % 4 != 0;
	return month != 2 || day != 29 || !common;
}

static bool is_number(const int8_t *digits, size_t n)
{
	int century = n == LONG ? digits[0] * 10 + digits[1] : 0;
	const int8_t *ten = digits + (n - SHORT);
	if (n == LONG && (century < 18 || century > 20))
		return false;
	bool born = ten[6] || ten[7] || ten[8]; /* birth numbers begin at 001 */
	return born && has_date(ten, century) && has_check_digit(ten);
}

/* Reads n digits from a place on; *end is behind them. */
static bool read_number(const char *text, size_t at, size_t n, size_t *end)
{
	int8_t digits[LONG];
	struct gaps gaps = {0};
	bool broken = false;
	for (size_t k = 0; k < n; k++) {
		struct gap gap = k > 0 ? read_gap(text, at) : (struct gap){0};
		if (!accept_gap(&gaps, gap, k, n))
			return false;
		broken = broken || gap.line_break;
		at += gap.bytes;
		UChar32 c = next_letter(text, &at);
		digits[k] = (int8_t)digit_of(c);
		if (digits[k] < 0 && k == n - LAST && is_interim(c))
			digits[k] = 1;
		if (digits[k] < 0)
			return false;
	}
	*end = at;
	return digit_of(letter_at(text, at)) < 0 && accept_gaps(&gaps, broken) && is_number(digits, n);
}

/* ---- what stands before it --------------------------------------------------------------------------------------- */

/* The text before a place, as far as a label can reach, in lower case. Returns its size. */
static size_t lower_before(const char *text, size_t place, char lower[2 * MOST_LABEL])
{
	size_t at = place > MOST_LABEL ? place - MOST_LABEL : 0, size = 0;
	while (at > 0 && at < place && U8_IS_TRAIL((uint8_t)text[at])) /* not in the middle of a letter */
		at++;
	while (at < place) {
		UChar32 c = next_letter(text, &at);
		c = c < 0 ? 0xFFFD : u_tolower(c);
		U8_APPEND_UNSAFE(lower, size, c);
	}
	return size;
}

/* Does a word before the number say that it is something else? */
static bool is_labelled(const char *text, size_t start)
{
	static const char *const labels[] = {
	    "dnr", "diarienr", "diarienummer", "ärendenr", "ärendenummer", "orgnr",   "org.nr", "organisationsnummer",
	    "tel", "telefon",  "mobil",        "fax",      "bankgiro",     "plusgiro"};
	char lower[2 * MOST_LABEL];
	size_t end = lower_before(text, start, lower);
	while (end > 0 && strchr(" .:#", lower[end - 1]))
		end--;
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		size_t size = strlen(labels[i]);
		if (end < size || memcmp(lower + end - size, labels[i], size) != 0)
			continue;
		char before = end > size ? lower[end - size - 1] : ' ';
		if (strchr(" \n(,;:", before))
			return true;
	}
	return false;
}

static bool may_begin(const char *text, size_t at)
{
	if (digit_of(letter_at(text, at)) < 0)
		return false;
	if (at == 0)
		return true;
	UChar32 before = letter_before(text, at);
	return digit_of(before) < 0 && !u_isalpha(before) && before != '/' && !is_labelled(text, at);
}

bool referat_identity_number(const char *text, size_t from, struct referat_range *where)
{
	for (size_t at = from, next = from; text[at]; at = next) {
		size_t end;
		next_letter(text, &next);
		if (!may_begin(text, at) || (!read_number(text, at, LONG, &end) && !read_number(text, at, SHORT, &end)))
			continue;
		*where = (struct referat_range){at, end};
		return true;
	}
	return false;
}
