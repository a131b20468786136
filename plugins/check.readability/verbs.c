#include "verbs.h"

#include <string.h>

struct word {
	const char *text;
	size_t size;
};

#define WORD(text)                                                                                                     \
	{                                                                                                              \
		text, sizeof(text) - 1                                                                                 \
	}

static bool ends_with(const char *word, size_t size, struct word end)
{
	return size >= end.size && memcmp(word + size - end.size, end.text, end.size) == 0;
}

static bool ends_with_any(const char *word, size_t size, const struct word *ends, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends_with(word, size, ends[i]))
			return true;
	return false;
}

static bool is_any(const char *word, size_t size, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (size == words[i].size && memcmp(word, words[i].text, size) == 0)
			return true;
	return false;
}

#define ENDS_WITH_ANY(ends) ends_with_any(word, size, ends, sizeof(ends) / sizeof(*(ends)))
#define IS_ANY(words)       is_any(word, size, words, sizeof(words) / sizeof(*(words)))

/* Verbs with an s that are not passive, and words that are no verbs. */
static bool is_other(const char *word, size_t size)
{
	static const struct word others[] = {
	    WORD("hoppas"),     WORD("hoppades"),     WORD("lyckas"),      WORD("lyckades"), WORD("lyckats"),
	    WORD("misslyckas"), WORD("misslyckades"), WORD("misslyckats"), WORD("saknas"),   WORD("saknades"),
	    WORD("saknats"),    WORD("vistas"),       WORD("vistades"),    WORD("vistats"),  WORD("finnas"),
	    WORD("funnits"),    WORD("fattas"),       WORD("andas"),       WORD("andades"),  WORD("trivas"),
	    WORD("trivdes"),    WORD("trivts"),       WORD("minnas"),      WORD("mindes"),   WORD("kännas"),
	    WORD("kändes"),     WORD("känts"),        WORD("tyckas"),      WORD("tycktes"),  WORD("enas"),
	    WORD("enades"),     WORD("enats"),        WORD("åldras"),      WORD("åldrades"), WORD("umgås"),
	    WORD("skämmas"),    WORD("svettas"),      WORD("krävas"),      WORD("behövas"),  WORD("behövdes"),
	    WORD("behövts"),    WORD("krävdes"),      WORD("krävts"),      WORD("synas"),    WORD("syntes"),
	    WORD("synts"),      WORD("mötas"),        WORD("möttes"),      WORD("mötts"),    WORD("träffas"),
	    WORD("träffades"),  WORD("träffats"),     WORD("deras"),       WORD("andras"),   WORD("allas"),
	    WORD("bådas"),      WORD("mångas"),       WORD("ungas"),       WORD("vuxnas"),   WORD("samtligas"),
	    WORD("flestas"),    WORD("trots"),        WORD("krets"),       WORD("genomgås"), WORD("hushålls"),
	};
	static const struct word ends[] = {WORD("rnas"), WORD("enas"), WORD("plats"), WORD("sats"), WORD("andes")};
	return IS_ANY(others) || ENDS_WITH_ANY(ends);
}

bool verb_is_passive(const char *word, size_t size, bool after_have)
{
	static const struct word words[] = {WORD("tas"), WORD("ges"), WORD("ses"),
					    WORD("nås"), WORD("fås"), WORD("antas")};
	/* With whatever stands before them: "genomförs", "fastställs", "avslogs". */
	static const struct word present[] = {
	    WORD("förs"),   WORD("läggs"),    WORD("ställs"),  WORD("görs"),  WORD("byggs"), WORD("skrivs"),
	    WORD("drivs"),  WORD("höjs"),     WORD("sänks"),   WORD("köps"),  WORD("följs"), WORD("bedöms"),
	    WORD("hålls"),  WORD("sätts"),    WORD("används"), WORD("slås"),  WORD("anges"), WORD("utses"),
	    WORD("anses"),  WORD("avses"),    WORD("bifalls"), WORD("bjuds"), WORD("delas"), WORD("lämnas"),
	    WORD("tagits"), WORD("godkänns"), WORD("uppnås"),  WORD("styrs"),
	};
	static const struct word past[] = {
	    WORD("ades"), WORD("ändes"), WORD("rdes"),  WORD("ldes"),    WORD("gdes"),   WORD("jdes"),  WORD("mdes"),
	    WORD("vdes"), WORD("ddes"),  WORD("ktes"),  WORD("ptes"),    WORD("ttes"),   WORD("stes"),  WORD("togs"),
	    WORD("gavs"), WORD("slogs"), WORD("hölls"), WORD("beslöts"), WORD("skrevs"), WORD("drevs"), WORD("lästes"),
	};
	if (size < 3 || word[size - 1] != 's')
		return false;
	if (is_other(word, size))
		return false;
	if (IS_ANY(words) || ENDS_WITH_ANY(present) || (size >= 5 && ENDS_WITH_ANY(past)))
		return true;
	static const struct word infinitive = WORD("as");
	static const struct word supine = WORD("ts");
	return (size >= 5 && ends_with(word, size, infinitive)) ||
	       (after_have && size >= 5 && ends_with(word, size, supine));
}

bool verb_is_have(const char *word, size_t size)
{
	static const struct word words[] = {WORD("har"), WORD("hade"), WORD("ha"), WORD("som")};
	return IS_ANY(words);
}
