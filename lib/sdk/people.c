/* Words about health and family, and matters that are about one person; what the files about signs of private persons
 * share. */
#include <referat/people.h>

#include <referat/swedish.h>

#include "people_parts.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

/* ---- characters and words ---------------------------------------------------------------------------------------- */

UChar32 rf_next_character(const char *text, size_t *at)
{
	size_t next = *at;
	UChar32 c = (uint8_t)text[next];
	if (c >= 0x80)
		U8_NEXT(text, next, SIZE_MAX, c);
	else if (c)
		next++;
	*at = next;
	return c < 0 ? 0 : c;
}

bool rf_is_blank(UChar32 c)
{
	return c == ' ' || c == '\t' || c == '\n' || (c >= 0x80 && u_isUWhiteSpace(c));
}

bool rf_is_dash(UChar32 c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

bool rf_is_one_of(const char *word, size_t size, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == size && memcmp(list[i], word, size) == 0)
			return true;
	return false;
}

bool rf_ends_as_one_of(const char *word, size_t size, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t end = strlen(list[i]);
		if (size >= end && memcmp(word + size - end, list[i], end) == 0)
			return true;
	}
	return false;
}

static bool has_one_of(const char *lower, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(lower, list[i]))
			return true;
	return false;
}

#define HAS_ONE_OF(lower, list) has_one_of(lower, list, sizeof(list) / sizeof(*(list)))

/* ---- matters of one person ----------------------------------------------------------------------------------------
 */

bool referat_is_sensitive(struct referat_call *call, const char *text)
{
	static const char *const words[] = {"personnummer",
					    "diagnos",
					    "missbruk",
					    "faderskap",
					    "vårdnad",
					    "umgänge",
					    "sjukskriv",
					    "god man",
					    "förvaltare för",
					    " lvu",
					    " lvm",
					    " lss",
					    " sol ",
					    "lpt",
					    "försörjningsstöd",
					    "ekonomiskt bistånd",
					    "eleven ",
					    "modern ",
					    "fadern ",
					    "hemadress",
					    "bosatt på",
					    "bosatt i",
					    "enskild person",
					    "sjukdom",
					    "sjuklig",
					    "funktionsnedsättning",
					    "funktionshinder",
					    "familjehem",
					    "skuldsan",
					    "utmätning",
					    "kronofogd",
					    "demens",
					    "depression",
					    "psykisk",
					    "psykiatri",
					    "cancer",
					    "autism",
					    "adhd",
					    "läkarintyg",
					    "vårdbehov",
					    "omhändertag",
					    "hemtjänst",
					    "färdtjänst",
					    "bostadsanpassning",
					    "särskilt boende",
					    "kontaktperson",
					    "avstängning",
					    "avsked",
					    "uppsägning",
					    "disciplin",
					    "brottslig",
					    "dömd",
					    "åtalad",
					    "polisanmäl",
					    "misstänk",
					    "fackligt",
					    "asylsök",
					    "alkohol",
					    "narkotika",
					    "rehabilitering",
					    "gravid",
					    "skilsmässa",
					    "dödsbo",
					    "övergrepp",
					    "våld"};
	const char *lower = referat_format(call, " %s", referat_lower(call, text));
	return HAS_ONE_OF(lower, words);
}

/* "XXXX", "N.N.", "[maskerat]": who it was is masked, and stays so. */
static bool is_masked(struct referat_call *call, const char *text)
{
	static const char *const masks[] = {"***", "\u2588\u2588", "[maskera", "(maskera", "[borttag", "n.n.", "n. n."};
	if (HAS_ONE_OF(referat_lower(call, text), masks))
		return true;
	struct referat_range word = {0};
	while (referat_word_find(text, word.end, &word)) {
		size_t size = word.end - word.start;
		if (size > 1 && (strspn(text + word.start, "X") >= size || strspn(text + word.start, "x") >= size ||
				 (size == 2 && memcmp(text + word.start, "NN", 2) == 0)))
			return true;
	}
	return false;
}

/* "Bäcken 1:31" */
static bool has_property(const char *text)
{
	for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
		const char *start = at;
		while (start > text && start[-1] >= '0' && start[-1] <= '9')
			start--;
		if (start < at && at[1] >= '0' && at[1] <= '9' && start - text > 2 && start[-1] == ' ' &&
		    u_isalpha((uint8_t)start[-2] < 0x80 ? start[-2] : 'a'))
			return true;
	}
	return false;
}

bool referat_is_about_one(struct referat_call *call, const char *text)
{
	static const char *const markers[] = {
	    "god man för", "god man åt",     "förvaltare för",       "faderskapet", "hemadress",
	    "bosatt på",   "enskild person", "personnummer",         "umgänget",    "eleven ",
	    "modern ",     "fadern ",        "placeras i familjehem"};
	static const char *const private[] = {
	    "tillsyn",        "olovlig",           "sanktionsavgift",   " vite",
	    "viten",          "förelägg",          "bostadsanpassning", "färdtjänst",
	    "enskilt avlopp", "avloppsanläggning", "ovårdad",           "nedskräpning",
	    "störning",       "familjen",          "kvinnan",           "mannen",
	    "makarna"};
	const char *lower = referat_format(call, " %s", referat_lower(call, text));
	if (is_masked(call, text) || HAS_ONE_OF(lower, markers))
		return true;
	return HAS_ONE_OF(lower, private) && (referat_has_address(call, text) || has_property(text));
}
