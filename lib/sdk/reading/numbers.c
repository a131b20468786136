/* Numbers of items and of cases, in the many forms that offices give them. */
#include "structure.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NUMBER = 2000 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(const char *text)
{
	return referat_is_capital(text);
}

static size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

/* "12", "12 a", "12/24" at the front of a text. */
static size_t number_itself(const char *text, struct item_number *number)
{
	size_t at = count_digits(text);
	if (at == 0 || at > 4)
		return 0;
	number->number = (unsigned)strtoul(text, NULL, 10);
	if (number->number == 0 || number->number > MOST_NUMBER)
		return 0;
	if (text[at] == '/') {
		size_t year = count_digits(text + at + 1);
		if (year != 2 && year != 4)
			return 0;
		at += 1 + year;
	}
	size_t space = text[at] == ' ';
	char letter = text[at + space];
	char after = letter ? text[at + space + 1] : '\0';
	bool alone = after == '\0' || after == ' ' || after == '.' || after == ')';
	if (((letter >= 'a' && letter <= 'h') || (!space && letter >= 'A' && letter <= 'H')) && alone) {
		number->letter = (char)(letter | 0x20);
		at += space + 1;
	}
	return at;
}

/* What follows a number says that it is a reference or a range ("§ 61, om …", "§ 20-22", "14 § LVU"). */
static bool goes_on(const char *text)
{
	static const char *const ranges[] = {"-",    "–",        "—",     ",",      ";",     "/",      ")",
					     ":",    " -",       " –",    " —",     " och ", " till ", " i ",
					     " st ", " stycket", " kap",  " punkt", " p.",   " p ",    " samt ",
					     " om ", " av ",     " att ", " ska "};
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (rf_starts_with(text, ranges[i])) {
			const char *rest = text + strlen(ranges[i]);
			rest += strspn(rest, " §");
			bool dash = i < 3 || (i >= 8 && i < 11);
			if (!dash || is_digit(*rest) || *rest == '\0')
				return true;
		}
	return *text != '\0' && *text != ' ' && *text != '.';
}

/* "§ 12Nya träd": some programs put a heading right behind the number that they counted. */
static bool is_glued(const char *text)
{
	unsigned char next = (unsigned char)(is_upper(text) ? text[(unsigned char)text[0] >= 0x80 ? 2 : 1] : '\0');
	return (next >= 'a' && next <= 'z') || next >= 0x80;
}

static size_t finish(const char *text, size_t at, enum number_form form, struct item_number *number)
{
	bool glued = form == NUMBER_SIGN && is_glued(text + at);
	if (!glued && goes_on(text + at))
		return 0;
	if (text[at] == '.') {
		if (text[at + 1] != '\0' && text[at + 1] != ' ')
			return 0;
		at++;
	}
	number->size = at;
	number->form = form;
	return at;
}

/* "KS ", "Ks/au ", "Byggnadsnämnden ": whose numbers they are. */
static size_t prefix_size(const char *text)
{
	enum { MOST_PREFIX = 8 };
	if (!is_upper(text))
		return 0;
	size_t at = strcspn(text, " §");
	if (at == 0 || text[at] == '\0')
		return 0;
	bool body = rf_is_body(text, at) || (at > 3 && rf_is_body(text + 2, at - 2));
	for (size_t i = 0; i < at; i++)
		if (is_digit(text[i]) || strchr(".,:;()", text[i]))
			return 0;
	if (at > MOST_PREFIX && !body)
		return 0;
	return at + strspn(text + at, " ");
}

static size_t number_with_sign(const char *text, struct item_number *number)
{
	size_t at = 0;
	if (!rf_starts_with(text, "§"))
		at = prefix_size(text);
	if (!rf_starts_with(text + at, "§"))
		return 0;
	at += strlen("§");
	if (rf_starts_with(text + at, "§"))
		return 0; /* "§§ 55-65": several */
	at += strspn(text + at, " :");
	size_t size = number_itself(text + at, number);
	return size ? finish(text, at + size, NUMBER_SIGN, number) : 0;
}

/* "45 §", but not "45 § kommunallagen", "6 kap. 15 §". */
static size_t number_before_sign(const char *text, struct item_number *number)
{
	size_t at = number_itself(text, number);
	at += at ? strspn(text + at, " ") : 0;
	if (at == 0 || !rf_starts_with(text + at, "§"))
		return 0;
	at += strlen("§");
	const char *rest = text + at + strspn(text + at, " .");
	if (*rest != '\0' && !is_upper(rest) && !is_digit(*rest))
		return 0;
	size_t word = strcspn(rest, " ");
	bool law = word >= 2 && word <= 4; /* "LVU", "PBL" */
	for (size_t i = 0; i < word && law; i++)
		law = rest[i] >= 'A' && rest[i] <= 'Z';
	return law && !rf_starts_with(rest, "DNR") ? 0 : finish(text, at, NUMBER_SIGN, number);
}

/* In any case: capitals of Latin-1 differ from small letters in one bit, in UTF-8, too. */
static bool begins_with_word(const char *text, const char *word)
{
	for (; *word; text++, word++)
		if (((unsigned char)*text | 0x20) != ((unsigned char)*word | 0x20))
			return false;
	return true;
}

/* "Paragraf 45", "Ärende 3: …". */
static size_t number_after_word(const char *text, struct item_number *number)
{
	static const struct {
		const char *word;
		enum number_form form;
	} words[] = {{"paragraf ", NUMBER_SIGN},
		     {"ärende nr ", NUMBER_NAMED},
		     {"ärende ", NUMBER_NAMED},
		     {"punkt ", NUMBER_NAMED}};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!begins_with_word(text, words[i].word))
			continue;
		size_t at = strlen(words[i].word);
		size_t size = number_itself(text + at, number);
		if (!size)
			continue;
		at += size;
		if (text[at] != ':')
			return finish(text, at, words[i].form, number);
		number->form = words[i].form;
		number->size = at + 1;
		return number->size;
	}
	return 0;
}

/* "TN 181", "Ks 1": the sign was lost. "Dnr 4" and "Frank 8" are no bodies'. */
static size_t number_after_body(const char *text, struct item_number *number)
{
	static const char *const others[] = {"Dnr ", "DNR ", "Sid ", "SID ", "Bil ",
					     "Kap ", "Kl ",  "Nr ",  "Tel ", "AB "};
	size_t at = prefix_size(text);
	if (at < 3 || at > 6 || (at > 5 && !is_upper(text + 1)))
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (rf_starts_with(text, others[i]))
			return 0;
	size_t size = number_itself(text + at, number);
	return size ? finish(text, at + size, NUMBER_BODY, number) : 0;
}

size_t rf_number_at(const char *text, struct item_number *number)
{
	struct item_number own = {0};
	size_t size = number_with_sign(text, &own);
	size = size ? size : number_before_sign(text, &own);
	size = size ? size : number_after_word(text, &own);
	if (size && number)
		*number = own;
	return size;
}

size_t rf_number_range(const char *text, struct item_number *number)
{
	if (!rf_starts_with(text, "§§"))
		return 0;
	size_t at = strlen("§§");
	at += strspn(text + at, " ");
	size_t first = number_itself(text + at, number);
	size_t dash = at + first + strspn(text + at + first, " ");
	size_t dash_size = rf_starts_with(text + dash, "–") ? strlen("–") : text[dash] == '-';
	dash += dash_size + strspn(text + dash + dash_size, " ");
	struct item_number last;
	size_t size = number_itself(text + dash, &last);
	if (!first || !dash_size || !size || last.number <= number->number)
		return 0;
	return finish(text, dash + size, NUMBER_SIGN, number);
}

size_t rf_number_bare(const char *text, struct item_number *number)
{
	struct item_number own = {0};
	size_t size = number_after_body(text, &own);
	if (!size) {
		size = number_itself(text, &own);
		size = size ? finish(text, size, NUMBER_BARE, &own) : 0;
		const char *rest = text + size + strspn(text + size, " ");
		if (size && *rest != '\0' && !is_upper(rest))
			return 0;
	}
	if (size && number)
		*number = own;
	return size;
}

/* ---- cases ------------------------------------------------------------------------------------------------------ */

/* The size of a label of a case number at the front of a text in lower case; 0: there is none. */
static size_t case_label(const char *lower)
{
	static const char *const labels[] = {"diarienummer", "diarienr", "ärendenummer", "ärendenr",        "ärende-id",
					     "dnr",          "d.nr",     "diarie nr",    "diariebeteckning"};
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		size_t size = strlen(labels[i]);
		if (strncmp(lower, labels[i], size) != 0)
			continue;
		const char *rest = lower + size;
		size_t marks = strspn(rest, ".: ");
		return marks > 0 || is_digit(*rest) ? size + marks : 0;
	}
	return 0;
}

static bool is_part(const char *text)
{
	return is_digit(*text) || strchr("/:.-_", *text);
}

/* "00513/20241.1.2": a class that was printed in a column of its own has run into the year. */
static size_t without_class(const char *text, size_t size)
{
	const char *slash = memchr(text, '/', size);
	if (!slash || count_digits(text) < 3)
		return size;
	const char *year = slash + 1;
	size_t digits = count_digits(year);
	bool century = year[0] == '1' || year[0] == '2';
	return digits > 4 && century && year[digits] == '.' ? (size_t)(year + 4 - text) : size;
}

/* The size of a case number at the front of a text: pieces of digits, capitals and marks, with a year or a slash in
 * them. A piece may stand apart: "KS 2018/14", "2018/KS 0041 001". */
static size_t case_itself(const char *text, bool labelled)
{
	size_t at = 0;
	size_t end = 0;
	size_t digits = 0;
	bool mark = false;
	for (size_t pieces = 0; pieces < 4; pieces++) {
		size_t start = at;
		size_t own = 0;
		bool letters = false;
		while (text[at] && text[at] != ' ' &&
		       (is_part(text + at) || is_upper(text + at) || (text[at] >= 'a' && text[at] <= 'z') ||
			(unsigned char)text[at] >= 0x80)) {
			own += is_digit(text[at]);
			letters = letters || !is_part(text + at);
			mark = mark || (is_digit(text[at]) && at > start && strchr("/:.-", text[at - 1])) ||
			       (strchr("/:-", text[at]) && own > 0);
			at++;
		}
		bool short_word = letters && own == 0 && at - start <= 9 && is_upper(text + start);
		if (at == start || (own == 0 && !(pieces == 0 && short_word)) || (letters && own > 0 && own < 2))
			break;
		if (pieces > 0 && digits > 0 && letters && own == 0)
			break;
		if (pieces > 0 && digits >= 4 && letters)
			break;
		digits += own;
		end = own ? at : end;
		if (text[at] != ' ')
			break;
		at++;
		if (digits > 0 && !labelled)
			break;
	}
	if (labelled && end > 0 && rf_starts_with(text + end, " - ") && count_digits(text + end + 3) == 3)
		end += 6; /* a class after it: "KS/2019:230 - 041" */
	if (end > 0 && text[end - 1] == '/')
		return 0; /* "2012/": its end was lost */
	while (end > 0 && strchr(".:-", text[end - 1]))
		end--;
	return digits >= 3 && (mark || labelled) ? end : 0;
}

/* Without a label it must have the look of one: a year, or serial and year. */
static bool looks_like_case(const char *text, size_t size)
{
	size_t capitals = 0;
	while (capitals < size && is_upper(text + capitals) && capitals < 10)
		capitals += (unsigned char)text[capitals] >= 0x80 ? 2 : 1;
	size_t at = capitals;
	if (capitals > 0 && at < size && strchr(" -/", text[at]))
		at++;
	size_t first = count_digits(text + at);
	if (at + first >= size || !strchr("/:-", text[at + first]))
		return false;
	size_t second = count_digits(text + at + first + 1);
	bool year_first = first == 4 && (text[at] == '1' || text[at] == '2') && second > 0;
	bool year_last = (second == 4 || second == 2) && first >= 2 && text[at + first] == '/';
	if (text[at + first] == ':' && capitals == 0)
		return false;                                             /* "2023:196": a law */
	bool date = first == 4 && text[at + first] == '-' && second == 2; /* 2024-03-12 */
	if (date && text[at + first + 3] == '-' && count_digits(text + at + first + 4) == 2)
		return false;
	return (year_first && (!date || capitals > 0)) || year_last;
}

/* "SOU 2024:55": laws and reports are numbered as cases are. */
static bool is_report(const char *text)
{
	static const char *const names[] = {"SOU ", "SFS ", "DS ", "EU ", "EG ", "EEG ", "MSBFS ", "SKR ", "PROP "};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (rf_starts_with(text, names[i]))
			return true;
	return false;
}

/* "Verksamhetsberättelse 2017 SN 2018/12": at the end of a line, with the letters of a board before it. */
static bool ends_line(const char *text, size_t at, size_t size)
{
	size_t capitals = 0;
	while (is_upper(text + at + capitals))
		capitals += (unsigned char)text[at + capitals] >= 0x80 ? 2 : 1;
	size_t year = at + capitals + 1;
	bool date = text[year + 4] == '-' && count_digits(text + year) == 4;
	return at > 0 && text[at + size] == '\0' && capitals >= 2 && !date;
}

/* "2025.489 KS": year and serial, with the board behind it; 0: another form. */
static size_t case_of_board(const char *text)
{
	size_t year = count_digits(text);
	size_t serial = year == 4 && text[year] == '.' ? count_digits(text + year + 1) : 0;
	size_t at = year + 1 + serial;
	if (serial == 0 || serial > 5 || !strchr("12", text[0]) || text[at] != ' ')
		return 0;
	size_t capitals = 0;
	while (is_upper(text + at + 1 + capitals))
		capitals += (unsigned char)text[at + 1 + capitals] >= 0x80 ? 2 : 1;
	size_t end = at + 1 + capitals;
	return capitals >= 2 && capitals <= 6 && (text[end] == '\0' || text[end] == ' ') ? end : 0;
}

bool rf_case_find(const char *text, const char *lower, struct case_number *found)
{
	for (size_t at = 0; lower[at]; at++) {
		bool begins = at == 0 || strchr(" (,", lower[at - 1]);
		if (!begins)
			continue;
		size_t board = at == 0 ? case_of_board(text) : 0;
		if (board) {
			*found = (struct case_number){.end = board, .to = board};
			return true;
		}
		size_t label = case_label(lower + at);
		size_t size = case_itself(text + at + label, label > 0);
		if (!size || (!label && (is_report(text + at) || !looks_like_case(text + at, size))))
			continue;
		size_t end = at + label + size;
		bool bracket = at > 0 && lower[at - 1] == '(' && lower[end] == ')';
		bool whole = at == 0 && lower[end] == '\0';
		if (!label && !bracket && !whole && !ends_line(text, at, size))
			continue;
		*found = (struct case_number){.start = at + label,
					      .end = at + label + without_class(text + at + label, size),
					      .from = at - bracket,
					      .to = end + bracket,
					      .labelled = label > 0};
		return true;
	}
	return false;
}

bool rf_is_case_line(const char *text, const char *lower)
{
	struct case_number found;
	size_t at = 0;
	if (!rf_case_find(text, lower, &found) || found.from != 0)
		return false;
	at = found.to;
	while (lower[at]) { /* "KS 2018/14, KS 2018/15" */
		size_t marks = strspn(lower + at, " ,;");
		size_t size = marks ? case_itself(text + at + marks, false) : 0;
		if (!size)
			return false;
		at += marks + size;
	}
	return true;
}

bool rf_is_number_line(const char *text, const char *lower)
{
	size_t at = rf_number_at(text, NULL);
	if (!at)
		return false;
	at += strspn(text + at, " ");
	return !text[at] || rf_is_case_line(text + at, lower + at);
}
