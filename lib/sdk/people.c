/* Signs of private persons. Elected persons have their party behind their name, organisations and places a word that
 * says so; whatever else looks like a name is taken for one. */
#include <referat/people.h>

#include <referat/swedish.h>

#include <string.h>

/* The word, in lower case, is part of a place's or an organisation's name. */
static bool is_no_name(const char *word, size_t size)
{
	static const char *const words[] = {"norra",    "södra",     "östra",       "västra",    "stora",    "lilla",
					    "gamla",    "nya",       "nedre",       "övre",      "svenska",  "ab",
					    "kommun",   "stad",      "region",      "sankt",     "sveriges", "kommuner",
					    "regioner", "eu",        "sverige",     "social",    "barn",     "stads",
					    "stadshus", "kvarteret", "fastigheten", "stadsdelen"};
	static const char *const ends[] = {
	    "förening",   "föreningen",    "förbund",  "förbundet",   "bolag",     "bolaget",     "nämnden",  "nämnd",
	    "styrelsen",  "utskottet",     "skola",    "skolan",      "stiftelse", "stiftelsen",  "regionen", "vägen",
	    "gatan",      "förvaltningen", "kontoret", "fullmäktige", "klubb",     "klubben",     "torget",   "parken",
	    "gården",     "byn",           "huset",    "hallen",      "kyrkan",    "myndigheten", "verket",   "rådet",
	    "församling", "plan",          "kommuns",  "bro"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == size && memcmp(words[i], word, size) == 0)
			return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size >= end && memcmp(word + size - end, ends[i], end) == 0)
			return true;
	}
	return false;
}

static bool is_all_capitals(const char *text, const char *lower, struct referat_range word)
{
	for (size_t i = word.start; i < word.end; i++)
		if (text[i] == lower[i] && text[i] >= 'a' && text[i] <= 'z')
			return false;
	return true;
}

bool referat_has_private_name(struct referat_call *call, const char *text)
{
	const char *lower = referat_lower(call, text);
	struct referat_range before = {0};
	struct referat_range word = {0};
	bool capital = false;
	while (referat_word_find(text, word.end, &word)) {
		bool now = referat_is_capital(text + word.start) && !is_all_capitals(text, lower, word) &&
			   !is_no_name(lower + word.start, word.end - word.start);
		bool adjacent = word.start == before.end + 1 && text[before.end] == ' ';
		bool party = text[word.end] == ' ' && text[word.end + 1] == '(';
		bool next = false;
		struct referat_range after = word;
		if (referat_word_find(text, word.end, &after))
			next = after.start == word.end + 1 && referat_is_capital(text + after.start);
		if (now && capital && adjacent && !party && !next)
			return true;
		before = word;
		capital = now;
	}
	return false;
}

/* "0565-160 00", "070-123 45 67": six digits and more that begin with 0, with spaces or a dash. */
bool referat_has_telephone(const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at != '0' || (at > text && (strchr("0123456789/,.-", at[-1]))))
			continue;
		size_t digits = 0;
		const char *end = at;
		bool mark = false;
		for (; *end && strchr("0123456789 -/", *end); end++) {
			digits += *end >= '0' && *end <= '9';
			mark = mark || *end == '-' || *end == '/';
		}
		if (digits >= 7 && digits <= 11 && mark)
			return true;
	}
	return strchr(text, '@') != NULL;
}

bool referat_has_address(struct referat_call *call, const char *text)
{
	static const char *const ends[] = {"gatan", "vägen", "gränd", "stigen", "backen", "torget", "allén"};
	const char *lower = referat_lower(call, text);
	struct referat_range word = {0};
	while (referat_word_find(text, word.end, &word)) {
		bool number = text[word.end] == ' ' && text[word.end + 1] >= '1' && text[word.end + 1] <= '9';
		if (!number || !referat_is_capital(text + word.start))
			continue;
		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
			size_t end = strlen(ends[i]);
			if (word.end - word.start >= end && memcmp(lower + word.end - end, ends[i], end) == 0)
				return true;
		}
	}
	return false;
}

bool referat_is_sensitive(struct referat_call *call, const char *text)
{
	static const char *const words[] = {"personnummer",
					    "diagnos",
					    "missbruk",
					    "faderskap",
					    "vårdnadshavare",
					    "umgänge",
					    "sjukskriv",
					    "god man",
					    "förvaltare för",
					    " lvu",
					    " lvm",
					    "försörjningsstöd till",
					    "eleven ",
					    "modern ",
					    "fadern ",
					    "hemadress",
					    "bosatt på",
					    "bosatt i",
					    "enskild person",
					    "sjukdom",
					    "funktionsnedsättning hos",
					    "placeras i familjehem",
					    "skuldsan",
					    "utmätning"};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(lower, words[i]))
			return true;
	return false;
}
