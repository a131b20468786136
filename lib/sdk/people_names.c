/* Names of private persons. Elected persons have their party behind their name, organisations and places a word that
 * says so; whatever else looks like a name is taken for one. */
#include <referat/people.h>

#include <referat/swedish.h>

#include "people_parts.h"

#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>

struct word {
	size_t start, end;
	bool capital;  /* the first letter */
	bool capitals; /* all, of two and more */
};

struct names {
	const char *text;
	const char *lower;
	struct word *words;
	size_t n;
};

struct party {
	const char *text;
	size_t size;
};

enum { MOST_ELECTED = 500 };

struct elected {
	const char *first, *last; /* names, in lower case; somebody with two surnames stands here twice */
	struct party party;
	size_t person;
};

struct referat_known {
	struct elected list[MOST_ELECTED];
	size_t n, persons;
	const char *place; /* the municipality, in lower case; NULL: not known */
};

/* ---- words ------------------------------------------------------------------------------------------------------ */

static struct word describe(const char *text, struct referat_range at)
{
	struct word word = {.start = at.start, .end = at.end, .capitals = true};
	size_t letters = 0;
	for (size_t i = at.start; i < at.end; letters++) {
		UChar32 c = rf_next_character(text, &i);
		if (letters == 0)
			word.capital = u_isupper(c) || u_istitle(c);
		word.capitals = word.capitals && !u_islower(c);
	}
	word.capitals = word.capitals && word.capital && letters > 1;
	return word;
}

static struct names words_of(struct referat_call *call, const char *text)
{
	struct names names = {.text = text, .lower = referat_lower(call, text)};
	struct referat_range at = {0};
	size_t n = 0;
	while (referat_word_find(text, at.end, &at))
		n++;
	names.words = referat_alloc(call, (n + 1) * sizeof(*names.words));
	for (at = (struct referat_range){0}; names.n < n && referat_word_find(text, at.end, &at);)
		names.words[names.n++] = describe(text, at);
	return names;
}

static const char *lower_of(const struct names *names, size_t i)
{
	return names->lower + names->words[i].start;
}

static size_t size_of(const struct names *names, size_t i)
{
	return names->words[i].end - names->words[i].start;
}

static bool is_quote(UChar32 c)
{
	return c == '"' || c == '\'' || c == 0x201C || c == 0x201D || c == 0x2019 || c == 0xBB;
}

/* Do the word and the next one belong together: is there nothing between them but blanks, quotes, and the stop of an
 * initial? */
static bool goes_on(const struct names *names, size_t i)
{
	if (i + 1 >= names->n)
		return false;
	size_t at = names->words[i].end;
	bool initial = size_of(names, i) == 1;
	while (at < names->words[i + 1].start) {
		UChar32 c = rf_next_character(names->text, &at);
		if (!rf_is_blank(c) && !is_quote(c) && !(initial && c == '.'))
			return false;
	}
	return true;
}

/* ---- what is no name -------------------------------------------------------------------------------------------- */

/* Words that are capitalised where a sentence begins. */
static bool is_function_word(const char *word, size_t size)
{
	static const char *const words[] = {
	    "alla",     "allt",      "att",      "av",       "avseende",    "bland", "dels",  "den",    "denna",
	    "det",      "detta",     "de",       "dessa",    "där",         "efter", "en",    "enligt", "ett",
	    "från",     "för",       "genom",    "hela",     "hos",         "i",     "inför", "inom",   "ingen",
	    "inget",    "med",       "mellan",   "mot",      "när",         "och",   "om",    "på",     "samt",
	    "samtliga", "sedan",     "som",      "så",       "till",        "under", "ur",    "ut",     "utan",
	    "utöver",   "vad",       "var",      "varje",    "vid",         "vilka", "ja",    "nej",    "inte",
	    "övriga",   "därutöver", "angående", "gällande", "beträffande", "bifall"};
	return RF_IS_ONE_OF(word, size, words);
}

/* "Karl Johans gata", "Eva Exempels minnesfond". */
static bool is_named_after(const char *word, size_t size)
{
	static const char *const words[] = {"gata", "torg", "plats", "väg", "park", "gränd", "allé", "stipendium"};
	static const char *const ends[] = {"fond", "fonden", "stiftelse", "minne"};
	return RF_IS_ONE_OF(word, size, words) || RF_ENDS_AS_ONE_OF(word, size, ends);
}

static bool is_company(const char *word, size_t size)
{
	static const char *const words[] = {"ab", "hb", "kb", "ab:s", "hb:s", "kb:s", "ekonomisk", "ideell"};
	return RF_IS_ONE_OF(word, size, words);
}

/* Part of the name of a place or an organisation, whatever stands before it. */
static bool is_public(const char *word, size_t size)
{
	static const char *const words[] = {"norra",       "södra",
					    "östra",       "västra",
					    "stora",       "lilla",
					    "gamla",       "nya",
					    "nedre",       "övre",
					    "mellersta",   "inre",
					    "yttre",       "svenska",
					    "ab",          "kommun",
					    "stad",        "stads",
					    "region",      "regionens",
					    "sankt",       "sveriges",
					    "kommuner",    "regioner",
					    "eu",          "sverige",
					    "social",      "barn",
					    "stadshus",    "kvarteret",
					    "fastigheten", "stadsdelen",
					    "detaljplan",  "plan",
					    "bro",         "väst",
					    "öst",         "nord",
					    "syd",         "norr",
					    "söder",       "väster",
					    "öster",       "centrum",
					    "nordost",     "nordväst",
					    "sydost",      "sydväst",
					    "energi",      "event",
					    "data",        "media",
					    "bostäder",    "trafik",
					    "kretslopp",   "vatten",
					    "kultur",      "fritid",
					    "budget",      "motion",
					    "taxa",        "älv",
					    "göta",        "park",
					    "torg",        "arena",
					    "station",     "museum",
					    "teater",      "bibliotek",
					    "hamn",        "dag",
					    "högsta",      "medborgarförslag"};
	static const char *const ends[] = {
	    "förening",      "föreningen", "föreningar",  "förbund",      "förbundet",  "bolag",      "bolaget",
	    "nämnden",       "nämndens",   "nämnd",       "styrelsen",    "styrelsens", "utskottet",  "skola",
	    "skolan",        "skolans",    "stiftelse",   "stiftelsen",   "regionen",   "vägen",      "gatan",
	    "förvaltningen", "kontoret",   "fullmäktige", "fullmäktiges", "klubb",      "klubben",    "torget",
	    "parken",        "kyrkan",     "myndigheten", "myndighetens", "verket",     "rådet",      "rådets",
	    "församling",    "kommuns",    "partiet",     "demokraterna", "ningen",     "ning",       "ningar",
	    "tionen",        "tioner",     "heten",       "splan",        "splanen",    "programmet", "avtalet",
	    "avtal",         "budgeten",   "utredning",   "tjänst",       "tjänster",   "service",    "omsorg",
	    "omsorgen",      "vård",       "vården",      "området",      "länet",      "landet",     "fonden",
	    "distriktet",    "centralen",  "biblioteket", "museet",       "stadion",    "projekt",    "projektet",
	    "område",        "buss",       "bussen",      "bana",         "linjen",     "bron",       "kajen",
	    "fältet",        "banan",      "hamnen",      "utveckling",   "domstol",    "domstolen",  "ombudsmannen",
	    "ombudsmannens", "rapport",    "rapporten"};
	return RF_IS_ONE_OF(word, size, words) || RF_ENDS_AS_ONE_OF(word, size, ends) || is_named_after(word, size) ||
	       is_company(word, size);
}

/* A place, unless a given name stands before it: "Norra Sjögården", "Anna Sjögården". */
static bool is_place(const char *word, size_t size)
{
	static const char *const ends[] = {"gården", "byn", "huset", "hallen", "sjön", "hemmet", "hem", "berget"};
	return RF_ENDS_AS_ONE_OF(word, size, ends);
}

static bool is_given(const struct names *names, size_t i)
{
	return rf_is_given_name(lower_of(names, i), size_of(names, i));
}

/* "R. Exempelsson": only before what looks like a surname, for letters count points, too. */
static bool is_surname(const char *word, size_t size)
{
	static const char *const ends[] = {"sson",  "ssons", "berg",  "bergs", "ström",  "ströms", "gren",
					   "grens", "qvist", "kvist", "lund",  "lunds",  "dahl",   "dahls",
					   "holm",  "holms", "stedt", "nen",   "sdotter"};
	return RF_ENDS_AS_ONE_OF(word, size, ends);
}

/* "Exempelsson": a surname, also where it stands alone. */
static bool is_patronymic(const struct names *names, size_t i)
{
	static const char *const ends[] = {"sson", "ssons", "sdotter", "sdotters"};
	return RF_ENDS_AS_ONE_OF(lower_of(names, i), size_of(names, i), ends);
}

static bool is_initial(const struct names *names, size_t i)
{
	return size_of(names, i) == 1 && names->words[i].capital && goes_on(names, i) && names->words[i + 1].capital &&
	       is_surname(lower_of(names, i + 1), size_of(names, i + 1));
}

/* May the word be part of a name? `given`: a given name stands right before it. */
static bool is_name(const struct names *names, size_t i, bool given)
{
	const struct word *word = &names->words[i];
	const char *lower = lower_of(names, i);
	size_t size = size_of(names, i);
	if (!word->capital || (size == 1 && !is_initial(names, i)))
		return false;
	if (word->capitals) /* a heading in capitals, or an abbreviation, unless it is a person's name */
		return (given && !is_public(lower, size)) || is_given(names, i);
	return !is_function_word(lower, size) && !is_public(lower, size) && (given || !is_place(lower, size));
}

/* ---- what stands around a name ----------------------------------------------------------------------------------- */

/* "S" of "(S)", "kd" of "(kd)", "Fi" of "(Fi, ordförande)", "-" of "(-)" behind a name; size 0: none. */
static struct party party_at(const char *text, size_t at)
{
	enum { MOST = 10 }; /* bytes: five letters */
	for (size_t next = at; rf_is_blank(rf_next_character(text, &next));)
		at = next;
	if (text[at] != '(')
		return (struct party){0};
	struct party party = {text + at + 1, strcspn(text + at + 1, "),")};
	return party.size <= MOST && party.text[party.size] ? party : (struct party){0};
}

/* Those of the parliament, and "-" for whoever has left one. */
static bool is_national(struct party party)
{
	static const char *const parties[] = {"s", "m", "c", "v", "l", "kd", "mp", "fp", "sd", "fi", "-", "–"};
	char lower[4] = {0};
	if (party.size == 0 || party.size > 3)
		return false;
	for (size_t i = 0; i < party.size; i++)
		lower[i] = (char)(party.text[i] >= 'A' && party.text[i] <= 'Z' ? party.text[i] + 32 : party.text[i]);
	return RF_IS_ONE_OF(lower, party.size, parties);
}

static bool is_same(struct party one, struct party other)
{
	return one.size == other.size && memcmp(one.text, other.text, one.size) == 0;
}

/* A local party is what stands behind the names of two persons: "(sökande)" and "(LSS)" hardly do. */
static bool is_party(const struct referat_known *known, struct party party)
{
	enum { FEWEST = 2 };
	size_t last = SIZE_MAX, persons = 0;
	bool capital = party.size > 0 && u_isupper(rf_next_character(party.text, &(size_t){0}));
	for (size_t i = 0; known && capital && i < known->n; i++) {
		persons += is_same(known->list[i].party, party) && known->list[i].person != last;
		last = is_same(known->list[i].party, party) ? known->list[i].person : last;
	}
	return is_national(party) || persons >= FEWEST;
}

static bool has_party(const struct referat_known *known, const char *text, size_t at)
{
	return is_party(known, party_at(text, at));
}

/* What is called by a name, and is no person. */
static bool is_thing(const char *word, size_t size)
{
	static const char *const words[] = {"kommunalförbundet", "bolaget", "föreningen", "stiftelsen",  "företaget",
					    "projektet",         "projekt", "programmet", "kvarteret",   "området",
					    "stadsdelen",        "skolan",  "förskolan",  "fastigheten", "statyn"};
	return RF_IS_ONE_OF(word, size, words) || is_company(word, size);
}

/* What a person is to a matter. */
static bool is_role(const char *word, size_t size)
{
	static const char *const words[] = {"herr",
					    "fru",
					    "fröken",
					    "familjen",
					    "makarna",
					    "maken",
					    "makan",
					    "änkan",
					    "syskonen",
					    "sökanden",
					    "sökande",
					    "klaganden",
					    "klagande",
					    "eleven",
					    "brukaren",
					    "patienten",
					    "grannen",
					    "grannarna",
					    "medborgaren",
					    "förslagsställaren",
					    "barnet",
					    "pojken",
					    "flickan",
					    "modern",
					    "fadern",
					    "mamman",
					    "pappan",
					    "dottern",
					    "sonen",
					    "ägaren",
					    "ägarna",
					    "fastighetsägaren",
					    "fastighetsägarna",
					    "arrendatorn",
					    "hyresgästen",
					    "barnen",
					    "dödsboet"};
	return RF_IS_ONE_OF(word, size, words);
}

static bool is_particle(const char *word, size_t size)
{
	static const char *const words[] = {"von", "af", "de", "der", "den", "van",
					    "la",  "el", "al", "bin", "da",  "di"};
	return RF_IS_ONE_OF(word, size, words);
}

/* A given name alone, in a sentence: "får Rut sin lön höjd". Where a sentence begins, some are other words. */
static bool is_given_alone(const struct names *names, size_t i)
{
	static const char *const words[] = {"bo",   "per",  "love", "sten", "maj",  "björn", "rune",
					    "rosa", "liv",  "moa",  "siv",  "tom",  "tim",   "sam",
					    "kim",  "otto", "stig", "dag",  "loke", "viola", "my",
					    "jan",  "mona", "leo",  "max",  "vera", "mina",  "flora"};
	bool begins = i == 0;
	for (size_t at = names->words[i].start; at > 0 && !begins; at--) {
		begins = strchr(".:;!?\n", names->text[at - 1]) != NULL;
		if (names->text[at - 1] != ' ')
			break;
	}
	return is_given(names, i) && !(begins && RF_IS_ONE_OF(lower_of(names, i), size_of(names, i), words));
}

/* ---- runs of words that may be a name ------------------------------------------------------------------------------
 */

struct run {
	size_t first, last, names;
};

/* The run that begins at a word that may be a name. */
static struct run run_at(const struct names *names, size_t first)
{
	struct run run = {first, first, 1};
	while (goes_on(names, run.last)) {
		size_t next = run.last + 1;
		while (is_particle(lower_of(names, next), size_of(names, next)) && goes_on(names, next))
			next++;
		if (!is_name(names, next, is_given(names, run.last)))
			break;
		run.last = next;
		run.names++;
	}
	return run;
}

/* "Exempelsson, Rut" */
static bool is_turned_around(const struct names *names, const struct run *run)
{
	size_t next = run->last + 1;
	return next < names->n && strncmp(names->text + names->words[run->last].end, ", ", 2) == 0 &&
	       names->words[next].start == names->words[run->last].end + 2 && names->words[next].capital &&
	       is_given(names, next) && !has_party(NULL, names->text, names->words[next].end) &&
	       !(goes_on(names, next) && names->words[next + 1].capital);
}

/* "Skår 40:17", without a given name: a property. */
static bool is_property(const struct names *names, const struct run *run)
{
	for (size_t i = run->first; i <= run->last; i++)
		if (is_given(names, i))
			return false;
	const char *number = names->text + names->words[run->last].end;
	number += strspn(number, " ");
	size_t block = strspn(number, "0123456789");
	return block > 0 && number[block] == ':' && number[block + 1] >= '0' && number[block + 1] <= '9';
}

static const struct elected *find_elected(const struct referat_known *known, const struct names *names,
					  const struct run *run);
static bool is_of_place(const struct referat_known *known, const struct names *names, const struct run *run);

static bool is_private(const struct names *names, const struct run *run, const struct referat_known *known)
{
	bool before = run->first > 0 && goes_on(names, run->first - 1);
	const char *word = before ? lower_of(names, run->first - 1) : "";
	size_t size = before ? size_of(names, run->first - 1) : 0;
	bool after = goes_on(names, run->last);
	const char *next = after ? lower_of(names, run->last + 1) : "";
	size_t next_size = after ? size_of(names, run->last + 1) : 0;
	const struct elected *elected = find_elected(known, names, run);
	if (has_party(known, names->text, names->words[run->last].end) || (elected && is_party(known, elected->party)))
		return false;
	if (is_thing(word, size) || is_company(next, next_size) || is_named_after(next, next_size))
		return false;
	if (is_property(names, run) || is_of_place(known, names, run))
		return false;
	return run->names > 1 || is_role(word, size) || is_turned_around(names, run) ||
	       is_patronymic(names, run->last) || is_given_alone(names, run->first);
}

/* "rut exempelsson" */
static bool is_small(const struct names *names, size_t i)
{
	return !names->words[i].capital && is_given(names, i) && goes_on(names, i) && is_patronymic(names, i + 1) &&
	       !has_party(NULL, names->text, names->words[i + 1].end);
}

/* ---- elected persons ------------------------------------------------------------------------------------------------
 */

struct referat_known *referat_known_new(struct referat_call *call)
{
	return referat_alloc(call, sizeof(struct referat_known));
}

static const char *name_text(struct referat_call *call, const struct names *names, size_t i)
{
	return referat_copy(call, lower_of(names, i), size_of(names, i));
}

void referat_known_add(struct referat_call *call, struct referat_known *known, const char *text)
{
	if (!strchr(text, '('))
		return;
	const struct names names = words_of(call, text);
	for (size_t i = 0; i < names.n && known->n < MOST_ELECTED; i++) {
		if (!is_name(&names, i, false))
			continue;
		struct run run = run_at(&names, i);
		i = run.last;
		struct party party = party_at(text, names.words[run.last].end);
		if (run.names < 2 || party.size == 0 || find_elected(known, &names, &run))
			continue;
		party.text = referat_copy(call, party.text, party.size);
		known->persons++;
		for (size_t k = run.first + 1; k <= run.last && known->n < MOST_ELECTED; k++)
			known->list[known->n++] = (struct elected){name_text(call, &names, run.first),
								   name_text(call, &names, k), party, known->persons};
	}
}

void referat_known_place(struct referat_call *call, struct referat_known *known, const char *name)
{
	known->place = referat_lower(call, referat_copy(call, name, strcspn(name, " ")));
}

/* Is it the name, or its genitive? */
static bool is_word(const struct names *names, size_t i, const char *name)
{
	size_t size = strlen(name), own = size_of(names, i);
	return own >= size && own <= size + 1 && memcmp(lower_of(names, i), name, size) == 0 &&
	       (own == size || lower_of(names, i)[size] == 's');
}

/* By the given name and a surname: those of two surnames are told by one of them, too. */
/* Who of those that are known it is; NULL: nobody. */
static const struct elected *find_elected(const struct referat_known *known, const struct names *names,
					  const struct run *run)
{
	for (size_t i = 0; known && i < known->n; i++) {
		const struct elected *one = &known->list[i];
		for (size_t k = run->first + 1; k <= run->last; k++)
			if (is_word(names, run->first, one->first) && is_word(names, k, one->last))
				return one;
	}
	return NULL;
}

/* "Exempelby Hamn": something of the municipality. */
static bool is_of_place(const struct referat_known *known, const struct names *names, const struct run *run)
{
	return known && known->place && *known->place && !is_given(names, run->first) &&
	       is_word(names, run->first, known->place);
}

/* ---- private persons ------------------------------------------------------------------------------------------------
 */

bool referat_names_private(struct referat_call *call, const struct referat_known *known, const char *text)
{
	const struct names names = words_of(call, text);
	for (size_t i = 0; i < names.n; i++) {
		if (is_small(&names, i))
			return true;
		if (!is_name(&names, i, false))
			continue;
		struct run run = run_at(&names, i);
		if (is_private(&names, &run, known))
			return true;
		i = run.last;
	}
	return false;
}

bool referat_has_private_name(struct referat_call *call, const char *text)
{
	return referat_names_private(call, NULL, text);
}
