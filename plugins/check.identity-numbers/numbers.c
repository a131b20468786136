#include "numbers.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum {
	SHORT = 10, /* digits of YYMMDDNNNC */
	LONG = 12,  /* digits of YYYYMMDDNNNC */
	LAST = 4,   /* digits behind the date */
	MOST_GAP = 3,
};

struct letter {
	UChar32 c;
	uint32_t at; /* bytes into the text */
};

struct scan {
	const char *lower;
	struct letter *letters; /* ended by a NUL */
	size_t n;
	size_t next;
};

struct scan *scan_new(struct referat_call *call, const char *text)
{
	size_t size = strlen(text);
	struct scan *scan = referat_alloc(call, sizeof(*scan));
	scan->lower = referat_lower(call, text);
	scan->letters = referat_alloc(call, (size + 1) * sizeof(*scan->letters));
	for (size_t at = 0; at < size;) {
		struct letter *letter = &scan->letters[scan->n++];
		letter->at = (uint32_t)at;
		U8_NEXT(text, at, size, letter->c);
	}
	scan->letters[scan->n] = (struct letter){.at = (uint32_t)size};
	return scan;
}

/* -1: none. Digits of any script count: "８" is 8. */
static int digit_of(UChar32 c)
{
	if (c < 0x80)
		return c >= '0' && c <= '9' ? c - '0' : -1;
	return u_charDigitValue(c);
}

/* ---- what stands between digits
 * --------------------------------------------------------------------------------------- */

static bool is_dash(UChar32 c)
{
	return c == '-' || c == '+' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

static bool is_space(UChar32 c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x2009 || c == 0x202F;
}

struct gap {
	size_t size;
	bool dash, line_break;
};

static struct gap read_gap(const struct scan *scan, size_t at)
{
	struct gap gap = {0};
	for (; gap.size < MOST_GAP; gap.size++) {
		UChar32 c = scan->letters[at + gap.size].c;
		if (is_dash(c))
			gap.dash = true;
		else if (c == '\n')
			gap.line_break = true;
		else if (!is_space(c))
			break;
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

/* Reads n digits from a letter on; the letter behind them in *end. */
static bool read_number(const struct scan *scan, size_t at, size_t n, size_t *end)
{
	int8_t digits[LONG];
	struct gaps gaps = {0};
	bool broken = false;
	for (size_t k = 0; k < n; k++) {
		struct gap gap = k > 0 ? read_gap(scan, at) : (struct gap){0};
		if (!accept_gap(&gaps, gap, k, n))
			return false;
		broken = broken || gap.line_break;
		at += gap.size;
		digits[k] = (int8_t)digit_of(scan->letters[at].c);
		if (digits[k] < 0 && k == n - LAST && is_interim(scan->letters[at].c))
			digits[k] = 1;
		if (digits[k] < 0)
			return false;
		at++;
	}
	*end = at;
	return digit_of(scan->letters[at].c) < 0 && accept_gaps(&gaps, broken) && is_number(digits, n);
}

/* ---- what stands before it
 * ------------------------------------------------------------------------------------------- */

/* Does a word before the number say that it is something else? */
static bool is_labelled(const struct scan *scan, size_t start)
{
	static const char *const labels[] = {
	    "dnr", "diarienr", "diarienummer", "ärendenr", "ärendenummer", "orgnr",   "org.nr", "organisationsnummer",
	    "tel", "telefon",  "mobil",        "fax",      "bankgiro",     "plusgiro"};
	size_t end = start;
	while (end > 0 && strchr(" .:#", scan->lower[end - 1]))
		end--;
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		size_t size = strlen(labels[i]);
		if (end < size || memcmp(scan->lower + end - size, labels[i], size) != 0)
			continue;
		char before = end > size ? scan->lower[end - size - 1] : ' ';
		if (strchr(" \n(,;:", before))
			return true;
	}
	return false;
}

static bool may_begin(const struct scan *scan, size_t at)
{
	const struct letter *letter = &scan->letters[at];
	if (digit_of(letter->c) < 0)
		return false;
	if (at == 0)
		return true;
	UChar32 before = letter[-1].c;
	return digit_of(before) < 0 && !u_isalpha(before) && before != '/' && !is_labelled(scan, letter->at);
}

bool scan_next(struct scan *scan, struct referat_range *where)
{
	for (size_t at = scan->next; at < scan->n; at++) {
		size_t end;
		if (!may_begin(scan, at) || (!read_number(scan, at, LONG, &end) && !read_number(scan, at, SHORT, &end)))
			continue;
		*where = (struct referat_range){scan->letters[at].at, scan->letters[end].at};
		scan->next = end;
		return true;
	}
	scan->next = scan->n;
	return false;
}
