/* Given names that many in Sweden have, sorted by their bytes: a capitalised word behind one of them is a surname, also
 * where it looks like a place. A name that is not here is still found by its capitals. */
#include "people_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    "abbas",      "abdi",          "abdul",        "abdullah",    "adam",       "adem",      "agnes",
    "agneta",     "ahmad",         "ahmed",        "aisha",       "alex",       "alexander", "alexandra",
    "alfred",     "ali",           "alice",        "alicia",      "alma",       "alva",      "alvin",
    "amal",       "amanda",        "amelia",       "amina",       "amir",       "amira",     "anders",
    "andrea",     "andreas",       "anette",       "angelica",    "anita",      "anja",      "ann",
    "ann-britt",  "ann-charlotte", "ann-christin", "ann-kristin", "ann-marie",  "ann-sofie", "anna",
    "anna-karin", "anna-lena",     "anneli",       "annelie",     "annette",    "annica",    "annika",
    "anton",      "arne",          "arvid",        "asta",        "astrid",     "august",    "axel",
    "ayan",       "ayse",          "barbro",       "beatrice",    "bengt",      "benjamin",  "berit",
    "bertil",     "birger",        "birgit",       "birgitta",    "bjarne",     "björn",     "bo",
    "boris",      "britt",         "britt-marie",  "britta",      "börje",      "camilla",   "carin",
    "carina",     "carl",          "carl-johan",   "carola",      "caroline",   "casper",    "catarina",
    "catharina",  "cecilia",       "charles",      "charlie",     "charlotte",  "christer",  "christian",
    "christina",  "christoffer",   "claes",        "clara",       "claudia",    "conny",     "cornelia",
    "curt",       "dag",           "dagny",        "daniel",      "daniela",    "daniella",  "david",
    "dennis",     "diana",         "dragan",       "ebba",        "edith",      "edvin",     "edward",
    "einar",      "elias",         "elin",         "elina",       "elisabet",   "elisabeth", "elise",
    "ella",       "ellen",         "elliot",       "elmer",       "elsa",       "elsie",     "elvira",
    "emelie",     "emil",          "emilia",       "emma",        "emmy",       "engla",     "eric",
    "erica",      "erik",          "erika",        "erland",      "ernst",      "esbjörn",   "estelle",
    "ester",      "eva",           "eva-lena",     "evelina",     "evert",      "fabian",    "fadi",
    "fanny",      "farah",         "fatemeh",      "fatima",      "fatuma",     "felicia",   "felix",
    "filip",      "filippa",       "folke",        "fredrik",     "fredrika",   "freja",     "frida",
    "gabriel",    "gabriella",     "georg",        "george",      "gerd",       "gerda",     "gertrud",
    "gisela",     "gittan",        "goran",        "greger",      "greta",      "gudrun",    "gun",
    "gun-brith",  "gun-britt",     "gunborg",      "gunhild",     "gunilla",    "gunnar",    "gunnel",
    "gustaf",     "gustav",        "göran",        "gösta",       "göte",       "hadi",      "halima",
    "hampus",     "hanna",         "hannah",       "hannes",      "hans",       "harald",    "harry",
    "hasan",      "hassan",        "hedda",        "hedvig",      "helen",      "helena",    "helene",
    "helge",      "helmer",        "henrik",       "henry",       "herman",     "hilda",     "hilma",
    "hilmer",     "hjalmar",       "huda",         "hugo",        "hussein",    "ibrahim",   "ida",
    "igor",       "ines",          "inga",         "inga-lill",   "inge",       "ingeborg",  "ingegerd",
    "ingela",     "ingemar",       "inger",        "ingmar",      "ingrid",     "ingvar",    "irene",
    "iris",       "isabell",       "isabella",     "isabelle",    "isak",       "ismail",    "ivan",
    "iwona",      "jack",          "jacob",        "jakob",       "jalal",      "jamal",     "jamila",
    "jan",        "jan-erik",      "jan-olof",     "janet",       "janne",      "jasmin",    "jasmine",
    "jenny",      "jens",          "jerker",       "jesper",      "jessica",    "joakim",    "joel",
    "johan",      "johanna",       "johannes",     "john",        "jonas",      "jonathan",  "jonna",
    "josef",      "josefin",       "josefine",     "joseph",      "josephine",  "julia",     "julian",
    "juliana",    "julie",         "jörgen",       "kaj",         "kajsa",      "kalle",     "karim",
    "karin",      "karl",          "karl-erik",    "karl-gustav", "karolina",   "kaspar",    "kasper",
    "katarina",   "katarzyna",     "kate",         "kenneth",     "kent",       "kent-inge", "kerstin",
    "khadija",    "khalid",        "kim",          "kjell",       "klara",      "klas",      "krister",
    "kristian",   "kristin",       "kristina",     "kristoffer",  "krzysztof",  "kurt",      "laila",
    "lars",       "lars-erik",     "lars-göran",   "lasse",       "leena",      "leif",      "leila",
    "lena",       "lennart",       "leo",          "leon",        "leopold",    "liam",      "lilian",
    "lilly",      "lina",          "linda",        "linn",        "linnea",     "linnéa",    "linus",
    "lisa",       "lisbeth",       "lise-lott",    "liv",         "loke",       "lotta",     "louise",
    "love",       "lovisa",        "lucas",        "ludvig",      "lukas",      "lycka",     "lydia",
    "madeleine",  "magdalena",     "magnus",       "mahmoud",     "maj",        "maj-britt", "maja",
    "malin",      "malte",         "marcus",       "margareta",   "margaretha", "margit",    "maria",
    "mariam",     "marianne",      "marie",        "marika",      "marina",     "markus",    "marta",
    "martin",     "martina",       "marwa",        "mary",        "maryam",     "mathias",   "matilda",
    "mats",       "mattias",       "mehmet",       "melissa",     "melker",     "melvin",    "mia",
    "michael",    "mikael",        "mikaela",      "milan",       "mina",       "minna",     "miriam",
    "mirjam",     "moa",           "mohamad",      "mohamed",     "mohammad",   "mohammed",  "mona",
    "monica",     "monika",        "morgan",       "moses",       "muhammad",   "mustafa",   "märit",
    "märta",      "nadia",         "natalia",      "natalie",     "nathalie",   "nellie",    "nicklas",
    "nicolas",    "niklas",        "nikola",       "nils",        "nina",       "noa",       "noah",
    "noel",       "nora",          "nour",         "nova",        "ola",        "olaf",      "olga",
    "oliver",     "olivia",        "olle",         "olof",        "olov",       "omar",      "orvar",
    "oscar",      "oskar",         "osman",        "otto",        "ove",        "pamela",    "patricia",
    "patrik",     "paul",          "paulina",      "pauline",     "peder",      "pehr",      "pelle",
    "per",        "per-erik",      "per-olof",     "pernilla",    "peter",      "petra",     "petter",
    "philip",     "pia",           "pontus",       "rachel",      "radovan",    "ragnar",    "ragnhild",
    "rahma",      "rana",          "rebecca",      "rebecka",     "reza",       "rickard",   "rikard",
    "rita",       "robert",        "robin",        "roger",       "roland",     "rolf",      "ronja",
    "ronny",      "rosa",          "rose-marie",   "roy",         "rune",       "rut",       "ruth",
    "saga",       "said",          "salma",        "sam",         "samir",      "samuel",    "sandra",
    "sanna",      "sara",          "sarah",        "sebastian",   "selma",      "shirin",    "sigbritt",
    "signe",      "sigrid",        "sigurd",       "sigvard",     "simon",      "siri",      "siv",
    "sixten",     "sofia",         "sofie",        "solveig",     "sonja",      "sophia",    "staffan",
    "stefan",     "stefania",      "stellan",      "sten",        "stig",       "stina",     "sture",
    "sune",       "susann",        "susanna",      "susanne",     "svante",     "svea",      "sven",
    "sven-erik",  "sverker",       "sylvia",       "syster",      "tage",       "tanja",     "tariq",
    "thea",       "theo",          "theodor",      "therese",     "thomas",     "thor",      "thorsten",
    "thérèse",    "tilda",         "tilde",        "tim",         "timo",       "tina",      "tobias",
    "tom",        "tomas",         "tommy",        "tora",        "torbjörn",   "tord",      "tore",
    "torgny",     "torsten",       "tove",         "tuva",        "tyko",       "tyra",      "ulf",
    "ulla",       "ulla-britt",    "ulrica",       "ulrik",       "ulrika",     "ulrike",    "urban",
    "valter",     "vanja",         "vera",         "veronica",    "veronika",   "victor",    "victoria",
    "vidar",      "viggo",         "viktor",       "viktoria",    "vilgot",     "vilhelm",   "vilma",
    "vincent",    "viola",         "vivianne",     "vladimir",    "wilhelm",    "william",   "wilma",
    "yasmin",     "yasmine",       "ylva",         "yngve",       "yusuf",      "yvonne",    "zahra",
    "zainab",     "zara",          "zlatan",       "zoran",       "ängla",      "åke",       "åsa",
    "örjan",      "östen",
};

enum { LONGEST = 24 }; /* bytes */

static int compare(const void *word, const void *name)
{
	return strcmp(word, *(const char *const *)name);
}

bool rf_is_given_name(const char *lower, size_t size)
{
	char word[LONGEST + 1];
	if (size == 0 || size > LONGEST)
		return false;
	memcpy(word, lower, size);
	word[size] = '\0';
	return bsearch(word, names, sizeof(names) / sizeof(*names), sizeof(*names), compare) != NULL;
}
