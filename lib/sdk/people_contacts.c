/* Where private persons can be found: telephone numbers, mail addresses, and addresses of homes. */
#include <referat/people.h>

#include <referat/swedish.h>

#include "people_parts.h"

#include <string.h>
#include <unicode/uchar.h>

/* -1: none. Digits of any script count: "８" is 8. */
static int digit_of(UChar32 c)
{
	return c < 0x80 ? (c >= '0' && c <= '9' ? c - '0' : -1) : u_charDigitValue(c);
}

/* ---- telephone numbers and mail addresses -------------------------------------------------------------------------
 */

enum { MOST_DIGITS = 16 };

/* Digits with what stands between those of a number, from a position on. */
struct digits {
	int8_t list[MOST_DIGITS];
	size_t n;
	bool marked; /* a dash or a slash stands between two of them */
};

/* A slash parts an area code from a number of three digits and more: "0565/160 00", but not the year of a case
 * ("0414/23"). */
static bool is_area_slash(const char *text, size_t at)
{
	enum { FEWEST = 3 };
	for (int i = 0; i < FEWEST; i++)
		if (digit_of(rf_next_character(text, &at)) < 0)
			return false;
	return true;
}

static struct digits read_digits(const char *text, size_t at)
{
	enum { MOST_BETWEEN = 3 };
	struct digits digits = {.n = 0};
	size_t between = 0;
	bool mark = false;
	while (digits.n < MOST_DIGITS && between <= MOST_BETWEEN) {
		UChar32 c = rf_next_character(text, &at);
		int digit = digit_of(c);
		bool dash = rf_is_dash(c) || (c == '/' && is_area_slash(text, at));
		if (digit < 0 && !dash && !rf_is_blank(c) && c != '(' && c != ')')
			break;
		between = digit < 0 ? between + 1 : 0;
		mark = (mark && digit < 0) || dash;
		if (digit < 0)
			continue;
		digits.marked = digits.marked || mark;
		mark = false;
		digits.list[digits.n++] = (int8_t)digit;
	}
	return digits;
}

/* "0565-160 00", "070 123 45 67", "(08) 12 34 56 78": an area code begins with one 0. */
static bool is_telephone(const char *text, size_t at)
{
	struct digits digits = read_digits(text, at);
	if (digits.n < 2 || digits.list[0] != 0 || digits.list[1] == 0)
		return false;
	return digits.marked ? digits.n >= 7 && digits.n <= 11 : digits.n >= 9 && digits.n <= 10;
}

/* "+46 70 123 45 67", "0046701234567" */
static bool is_international(const char *text, size_t at, bool plus)
{
	struct digits digits = read_digits(text, at);
	size_t code = plus ? 0 : 2;
	bool zeros = plus || (digits.n > 2 && digits.list[0] == 0 && digits.list[1] == 0);
	return zeros && digits.n >= code + 9 && digits.n <= code + 13 && digits.list[code] == 4 &&
	       digits.list[code + 1] == 6;
}

/* "tel. 160 00", "mobil: 123456": what the label says is believed of fewer digits. */
static bool is_labelled(const char *text, size_t at)
{
	enum { FEWEST = 5 };
	static const char *const labels[] = {"tel", "tfn", "telefon", "telefonnummer", "mobil", "mobilnummer", "ring"};
	struct referat_range word;
	if (!referat_word_find(text, at, &word) || word.start != at)
		return false;
	char lower[16];
	size_t size = word.end - word.start;
	if (size >= sizeof(lower))
		return false;
	for (size_t i = 0; i < size; i++)
		lower[i] = (char)(text[at + i] | 0x20);
	size_t end = word.end;
	end += strspn(text + end, " .:");
	return RF_IS_ONE_OF(lower, size, labels) && digit_of((UChar32)(uint8_t)text[end]) >= 0 &&
	       read_digits(text, end).n >= FEWEST;
}

static bool is_mail(const char *text)
{
	return strchr(text, '@') || strstr(text, "\uFF20") || strstr(text, "(at)") || strstr(text, "[at]") ||
	       strstr(text, "snabel-a");
}

bool referat_has_telephone(const char *text)
{
	UChar32 before = ' ';
	for (size_t at = 0; text[at];) {
		size_t next = at;
		UChar32 c = rf_next_character(text, &next);
		bool inside = digit_of(before) >= 0 || u_isalpha(before) ||
			      (before < 0x80 && before > 0 && strchr("/,.:-+", (int)before));
		if (next == at)
			break;
		if (!inside &&
		    ((digit_of(c) == 0 && (is_telephone(text, at) || is_international(text, at, false))) ||
		     (c == '+' && is_international(text, next, true)) || (u_isalpha(c) && is_labelled(text, at))))
			return true;
		before = c;
		at = next;
	}
	return is_mail(text);
}

/* ---- addresses -------------------------------------------------------------------------------------------------- */

/* The position behind blanks. */
static size_t skip_blanks(const char *text, size_t at)
{
	for (size_t next = at; rf_is_blank(rf_next_character(text, &next));)
		at = next;
	return at;
}

static bool is_house_number(const char *text, size_t at)
{
	size_t number = skip_blanks(text, at);
	if (number > at && strncmp(text + number, "nr ", 3) == 0)
		number += 3;
	return number > at && text[number] >= '1' && text[number] <= '9';
}

/* "123 45 Exempelby" */
static bool is_postcode(const char *text, struct referat_range word)
{
	size_t at = skip_blanks(text, word.end);
	if (word.end - word.start != 3 || at == word.end || strspn(text + word.start, "0123456789") < 3 ||
	    strspn(text + at, "0123456789") != 2)
		return false;
	size_t place = skip_blanks(text, at + 2);
	return place > at + 2 && u_isupper(rf_next_character(text, &place)) &&
	       u_islower(rf_next_character(text, &place));
}

bool referat_has_address(struct referat_call *call, const char *text)
{
	static const char *const ends[] = {"gatan", "vägen",  "gränd",   "stigen", "backen",  "torget",  "allén",
					   "liden", "kroken", "svängen", "ringen", "slingan", "gränden", "gata"};
	const char *lower = referat_lower(call, text);
	struct referat_range word = {0};
	bool before = false; /* the word before is capitalised: "Lilla gatan" */
	while (referat_word_find(text, word.end, &word)) {
		bool capital = referat_is_capital(text + word.start);
		if ((capital || before) && RF_ENDS_AS_ONE_OF(lower + word.start, word.end - word.start, ends) &&
		    is_house_number(text, word.end))
			return true;
		if (is_postcode(text, word))
			return true;
		before = capital;
	}
	return false;
}
