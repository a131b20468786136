/* Sentences of minutes in plain words: what refers to paragraphs, cases and laws is taken out, and words that have a
 * plain one that fits in their place are replaced. */
#include "summary.h"

#include <referat/files.h>

#include <string.h>

enum { MOST_LIST = 64 * 1024, MOST_ENTRIES = 500 };

struct plain_word {
	const char *from; /* in lower case */
	const char *to;
};

struct plain_words {
	struct plain_word list[MOST_ENTRIES];
	size_t n;
};

static const char *trimmed(struct referat_call *call, const char *text, size_t size)
{
	while (size > 0 && *text == ' ') {
		text++;
		size--;
	}
	while (size > 0 && text[size - 1] == ' ')
		size--;
	return referat_copy(call, text, size);
}

const struct plain_words *plain_words_read(struct referat_call *call)
{
	const char *path = referat_option(call, "words");
	struct referat_bytes list =
	    *path ? referat_file_read(call, path, MOST_LIST) : referat_data_file(call, "plain.txt");
	if (!list.data) {
		referat_because(call, REFERAT_FAIL, "the list of plain words can't be read");
		return NULL;
	}
	struct plain_words *words = referat_alloc(call, sizeof(*words));
	for (const char *at = (const char *)list.data; *at && words->n < MOST_ENTRIES;) {
		size_t size = strcspn(at, "\n");
		const char *equals = memchr(at, '=', size);
		if (*at != '#' && equals) {
			struct plain_word *word = &words->list[words->n];
			word->from = referat_lower(call, trimmed(call, at, (size_t)(equals - at)));
			word->to = trimmed(call, equals + 1, (size_t)(at + size - equals - 1));
			words->n += *word->from && *word->to;
		}
		at += size + (at[size] == '\n');
	}
	return words;
}

/* ---- references -------------------------------------------------------------------------------------------------- */

static char *without(struct referat_call *call, const char *text, size_t from, size_t to)
{
	while (from > 0 && text[from - 1] == ' ')
		from--;
	return (char *)referat_format(call, "%.*s%s", (int)from, text, text + to);
}

static size_t digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

/* "(556012-1234": the number of an organisation. */
static bool is_organisation_number(const char *lower, size_t size)
{
	enum { FIRST = 6, LAST = 4 };
	size_t first = digits_at(lower + 1);
	size_t dash = first == FIRST ? strcspn(lower + 1 + first, "0123456789)") : 0;
	return dash > 0 && digits_at(lower + 1 + first + dash) == LAST && 1 + first + dash + LAST == size;
}

static bool is_reference(const char *lower, size_t size)
{
	return is_organisation_number(lower, size) || memmem(lower, size, "§", strlen("§")) ||
	       memmem(lower, size, " kap", 4) || memmem(lower, size, "dnr", 3);
}

/* Where the first "(KS § 12)" or "(dnr …)" stands; false: nowhere. */
static bool find_bracketed(const char *lower, struct referat_range *where)
{
	for (const char *open = strchr(lower, '('); open; open = strchr(open + 1, '(')) {
		size_t size = strcspn(open, ")");
		if (!open[size] || !is_reference(open, size))
			continue;
		where->start = (size_t)(open - lower);
		where->end = where->start + size + 1;
		return true;
	}
	return false;
}

/* " (2010:900), PBL" behind the name of a law. */
static size_t law_number_size(const char *text)
{
	size_t size = 0;
	if (strncmp(text, " (", 2) == 0 && text[2] >= '0' && text[2] <= '9' && memchr(text, ':', strcspn(text, ")")))
		size = strcspn(text, ")") + 1;
	return size + (strncmp(text + size, ", pbl", 5) == 0 ? 5 : 0);
}

/* "med stöd av 9 kap. 30 § plan- och bygglagen", "enligt 6 kap. 8 § kommunallagen". */
static bool find_law(const char *lower, struct referat_range *where)
{
	enum { MOST_LAW = 160 };
	static const char *const starts[] = {"med stöd av ", "enligt 1", "enligt 2", "enligt 3", "enligt 4",
					     "enligt 5",     "enligt 6", "enligt 7", "enligt 8", "enligt 9"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const char *at = strstr(lower, starts[i]);
		const char *law = at ? strstr(at, "lagen") : NULL;
		law = law ? law : at ? strstr(at, "balken") : NULL;
		size_t size = law ? (size_t)(law - at) + (law[0] == 'l' ? 5 : 6) : 0;
		if (!law || !is_reference(at, size) || size > MOST_LAW)
			continue;
		where->start = (size_t)(at - lower);
		where->end = where->start + size;
		where->end += law_number_size(lower + where->end);
		return true;
	}
	return false;
}

/* "2022-06-16 § 11 punkt 2": an earlier decision, by the day and the paragraph it had. */
static bool find_paragraph(const char *lower, struct referat_range *where)
{
	enum { DATE = 10 };
	const char *sign = strstr(lower, "§");
	size_t before = sign ? strlen("§") + strspn(sign + strlen("§"), " ") : 0;
	size_t number = sign ? digits_at(sign + before) : 0;
	if (number == 0)
		return false;
	where->start = (size_t)(sign - lower);
	where->end = where->start + before + number;
	if (where->start > DATE && lower[where->start - 1] == ' ') {
		const char *date = sign - 1 - DATE;
		if (digits_at(date) == 4 && date[4] == '-' && digits_at(date + 5) == 2 && digits_at(date + 8) == 2)
			where->start -= DATE + 1;
	}
	size_t point = strncmp(lower + where->end, " punkt ", 7) == 0 ? digits_at(lower + where->end + 7) : 0;
	where->end += point ? 7 + point : 0;
	return true;
}

/* ", dnr KS 2024/12": as far as the case number goes. */
static bool find_case_number(const char *lower, struct referat_range *where)
{
	static const char *const starts[] = {", dnr ", " dnr "};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const char *at = strstr(lower, starts[i]);
		size_t size = at ? strlen(starts[i]) : 0;
		for (bool digits = false; at && !digits && at[size]; size += strspn(at + size, " ")) {
			size_t word = strcspn(at + size, " ,;)");
			digits = memchr(at + size, '/', word) || memchr(at + size, '-', word);
			if (word == 0)
				break;
			size += word;
			if (digits)
				break;
		}
		if (!at || !strpbrk(at, "0123456789"))
			continue;
		where->start = (size_t)(at - lower);
		where->end = where->start + size;
		return true;
	}
	return false;
}

/* How much of what stands behind "enligt bilaga" tells which one: "3", "3 till nämndens handlingar". */
static size_t attachment_size(const char *text)
{
	static const char *const ends[] = {" handlingar", "utlåtande", "utlåtandet", "skrivelse"};
	size_t number = digits_at(text);
	size_t clause = strcspn(text, ",.:;");
	if (number == 0 || strncmp(text + number, " till ", 6) != 0)
		return number;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const char *end = memmem(text, clause, ends[i], strlen(ends[i]));
		if (end)
			return (size_t)(end - text) + strlen(ends[i]);
	}
	return number;
}

/* ", enligt bilaga 3 till kontorets tjänsteutlåtande,": the attachment is there for those who read the minutes, as is
 * the day when a plan was drawn. */
static bool find_attachment(const char *lower, struct referat_range *where)
{
	static const char *const starts[] = {" enligt bilaga ", " i enlighet med bilaga "};
	static const char *const between[] = {", enligt bilaga ", ", i enlighet med bilaga ", ", upprättad ",
					      ", bilaga "};
	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++) {
		const char *at = strstr(lower, between[i]);
		size_t size = at ? strlen(between[i]) : 0;
		size += at ? strcspn(at + size, ",.:;") : 0;
		bool last = at && i + 1 == sizeof(between) / sizeof(*between) && at[size] == '.';
		if (!at || (at[size] != ',' && !last))
			continue;
		where->start = (size_t)(at - lower);
		where->end = where->start + size + !last;
		return true;
	}
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const char *at = strstr(lower, starts[i]);
		size_t size = at ? attachment_size(at + strlen(starts[i])) : 0;
		if (size == 0)
			continue;
		where->start = (size_t)(at - lower);
		where->end = where->start + strlen(starts[i]) + size;
		return true;
	}
	return false;
}

/* "3 kap. 6 § " in front of the name of a law. */
static bool find_chapter(const char *lower, struct referat_range *where)
{
	for (const char *at = strstr(lower, " kap"); at; at = strstr(at + 1, " kap")) {
		const char *start = at;
		while (start > lower && start[-1] >= '0' && start[-1] <= '9')
			start--;
		size_t size = strcspn(at, "0123456789");
		size += digits_at(at + size);
		if (start == at || strncmp(at + size, " § ", strlen(" § ")) != 0)
			continue;
		where->start = (size_t)(start - lower);
		where->end = (size_t)(at - lower) + size + strlen(" §");
		return true;
	}
	return false;
}

/* "… parken. c. Vägen ska …", "nedan: a. Bron ska …": the letter of a point inside a sentence. */
static bool find_point_letter(const char *lower, struct referat_range *where)
{
	enum { WORD = 3 }; /* what stands before is a word, no abbreviation: "bl. a." */
	for (const char *at = strpbrk(lower, ".:"); at; at = strpbrk(at + 1, ".:")) {
		bool word = at - lower > WORD;
		for (int i = 1; i <= WORD && word; i++)
			word = at[-i] != ' ' && at[-i] != '.';
		bool letter = at[1] == ' ' && at[2] >= 'a' && at[2] <= 'h' && at[3] == '.' && at[4] == ' ';
		if (!word || !letter)
			continue;
		where->start = (size_t)(at - lower) + 1;
		where->end = where->start + strlen(" a.");
		return true;
	}
	return false;
}

/* Residents find paragraphs, case numbers and laws in the minutes, which the page links to. */
static char *without_references(struct referat_call *call, char *text)
{
	static bool (*const finds[])(const char *, struct referat_range *) = {
	    find_bracketed,   find_law,     find_paragraph,   find_attachment,
	    find_case_number, find_chapter, find_point_letter};
	struct referat_range where;
	for (size_t i = 0; i < sizeof(finds) / sizeof(*finds); i++)
		while (finds[i](referat_lower(call, text), &where))
			text = without(call, text, where.start, where.end);
	return text;
}

/* ---- words ------------------------------------------------------------------------------------------------------ */

static bool ends_word(char c)
{
	return c == '\0' || strchr(" ,.;:()!?", c);
}

static void add_replacement(struct referat_call *call, Referat__Summary *summary, unsigned item, const char *from,
			    const char *to)
{
	enum { MOST_REPLACEMENTS = 1000 };
	if (summary->n_replacements >= MOST_REPLACEMENTS)
		return;
	if (!summary->replacements)
		summary->replacements = referat_alloc(call, MOST_REPLACEMENTS * sizeof(Referat__Replacement *));
	Referat__Replacement *replacement = referat_alloc(call, sizeof(*replacement));
	referat__replacement__init(replacement);
	replacement->has_item = true;
	replacement->item = item;
	replacement->from = (char *)from;
	replacement->to = (char *)to;
	summary->replacements[summary->n_replacements++] = replacement;
}

static bool is_word_at(const char *lower, size_t start, const char *word)
{
	return (start == 0 || lower[start - 1] == ' ') && ends_word(lower[start + strlen(word)]);
}

/* "31 000 tkr": "tusen kronor" would count the thousands twice. */
static bool is_counted_in_thousands(const char *lower, size_t start, const struct plain_word *word)
{
	enum { HUNDREDS = 3 }; /* digits */
	static const char thousands[] = "tusen ";
	size_t digits = 0;
	while (start > 0 && strchr("0123456789 ", lower[start - 1]))
		digits += lower[--start] != ' ';
	return digits > HUNDREDS && strncmp(word->to, thousands, strlen(thousands)) == 0;
}

/* The text with the plain word for the other one, wherever it stands. */
static char *with_word(struct referat_call *call, char *plain, const struct plain_word *word)
{
	for (size_t from = 0;;) {
		const char *lower = referat_lower(call, plain);
		const char *at = strstr(lower + from, word->from);
		if (!at)
			return plain;
		size_t start = (size_t)(at - lower);
		from = start + 1;
		if (!is_word_at(lower, start, word->from) || is_counted_in_thousands(lower, start, word))
			continue;
		bool capital = start == 0 && referat_is_capital(plain);
		plain = (char *)referat_format(call, "%.*s%s%s", (int)start, plain, word->to,
					       plain + start + strlen(word->from));
		if (capital)
			plain = capitalised(call, plain);
		from = start + strlen(word->to);
	}
}

char *plain_text(struct referat_call *call, const struct plain_words *words, const char *text, unsigned item,
		 Referat__Summary *summary)
{
	char *plain = without_references(call, (char *)referat_copy(call, text, strlen(text)));
	for (size_t i = 0; i < words->n; i++) {
		char *changed = with_word(call, plain, &words->list[i]);
		if (changed != plain)
			add_replacement(call, summary, item, words->list[i].from, words->list[i].to);
		plain = changed;
	}
	return plain;
}
