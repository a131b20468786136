#include "labels.h"

#include "structure.h"

#include <string.h>

enum {
	MOST_LABEL = 110, /* bytes */
	MOST_WORDS = 12,
};

/* Labels as they stand, without a body's name. */
static const struct entry {
	enum label label;
	const char *text;
} entries[] = {
    {LABEL_DECISION, "beslut"},
    {LABEL_DECISION, "besluten"},
    {LABEL_DECISION, "beslutet"},
    {LABEL_DECISION, "beslut i ärendet"},
    {LABEL_DECISION, "beslut i detta ärende"},
    {LABEL_DECISION, "beslut under sammanträdet"},
    {LABEL_DECISION, "beslut på sammanträdet"},
    {LABEL_DECISION, "sammanträdets beslut"},
    {LABEL_DECISION, "beslutar"},
    {LABEL_PROPOSAL, "förslag till beslut"},
    {LABEL_PROPOSAL, "förslag till beslut inför sammanträdet"},
    {LABEL_PROPOSAL, "beslutsförslag"},
    {LABEL_PROPOSAL, "förslag"},
    {LABEL_PROPOSAL, "tidigare beslut"},
    {LABEL_PROPOSAL, "tidigare beslut i ärendet"},
    {LABEL_PROPOSAL, "tidigare beslut och förslag"},
    {LABEL_MOTION, "yrkande"},
    {LABEL_MOTION, "yrkanden"},
    {LABEL_MOTION, "yrkanden och förslag"},
    {LABEL_MOTION, "förslag och yrkanden"},
    {LABEL_MOTION, "förslag till beslut på sammanträdet"},
    {LABEL_MOTION, "förslag till beslut under sammanträdet"},
    {LABEL_MOTION, "förslag på sammanträdet"},
    {LABEL_MOTION, "förslag under sammanträdet"},
    {LABEL_MOTION, "framställda yrkanden"},
    {LABEL_MOTION, "yrkanden under sammanträdet"},
    {LABEL_MOTION, "yrkanden på sammanträdet"},
    {LABEL_MOTION, "tilläggsyrkande"},
    {LABEL_MOTION, "tilläggsyrkanden"},
    {LABEL_MOTION, "ändringsyrkande"},
    {LABEL_MOTION, "ändringsyrkanden"},
    {LABEL_MOTION, "avslagsyrkande"},
    {LABEL_MOTION, "bifallsyrkande"},
    {LABEL_MOTION, "återremissyrkande"},
    {LABEL_MOTION, "ledamöternas förslag"},
    {LABEL_MOTION, "ledamöternas förslag till beslut"},
    {LABEL_MOTION, "förslag till beslut på mötet"},
    {LABEL_MOTION, "förslag till beslut under mötet"},
    {LABEL_MOTION, "förslag på mötet"},
    {LABEL_MOTION, "förslag under mötet"},
    {LABEL_MOTION, "yrkande under sammanträdet"},
    {LABEL_MOTION, "yrkanden på mötet"},
    {LABEL_MOTION, "ställda yrkanden"},
    {LABEL_MOTION, "framlagda förslag"},
    {LABEL_MOTION, "motförslag"},
    {LABEL_BACKGROUND, "ärendet"},
    {LABEL_BACKGROUND, "ärende"},
    {LABEL_BACKGROUND, "ärendebeskrivning"},
    {LABEL_BACKGROUND, "beskrivning av ärendet"},
    {LABEL_BACKGROUND, "sammanfattning"},
    {LABEL_BACKGROUND, "sammanfattning av ärendet"},
    {LABEL_BACKGROUND, "ärendet i korthet"},
    {LABEL_BACKGROUND, "bakgrund"},
    {LABEL_BACKGROUND, "redogörelse för ärendet"},
    {LABEL_BACKGROUND, "bedömning"},
    {LABEL_BACKGROUND, "överväganden"},
    {LABEL_BACKGROUND, "överväganden och motivering"},
    {LABEL_BACKGROUND, "motivering"},
    {LABEL_BACKGROUND, "motivering av beslut"},
    {LABEL_BACKGROUND, "motivering till beslut"},
    {LABEL_BACKGROUND, "motivering till beslutet"},
    {LABEL_BACKGROUND, "motivering till återremiss"},
    {LABEL_BACKGROUND, "motivering till återremissen"},
    {LABEL_BACKGROUND, "motivering för återremiss"},
    {LABEL_BACKGROUND, "skäl för återremiss"},
    {LABEL_BACKGROUND, "beslutsmotivering"},
    {LABEL_BACKGROUND, "skäl"},
    {LABEL_BACKGROUND, "skäl för beslutet"},
    {LABEL_BACKGROUND, "skäl till beslut"},
    {LABEL_BACKGROUND, "skälen för beslutet"},
    {LABEL_BACKGROUND, "skäl för beslut"},
    {LABEL_BACKGROUND, "beskrivning av ärendet och skälen för beslutet"},
    {LABEL_BACKGROUND, "barnets bästa"},
    {LABEL_BACKGROUND, "barnperspektiv"},
    {LABEL_BACKGROUND, "prövning av barnets bästa"},
    {LABEL_BACKGROUND, "ekonomiska konsekvenser"},
    {LABEL_BACKGROUND, "ekonomiska överväganden"},
    {LABEL_BACKGROUND, "övervägande"},
    {LABEL_BACKGROUND, "barnkonsekvensanalys"},
    {LABEL_BACKGROUND, "barnkonsekvenser"},
    {LABEL_BACKGROUND, "finansiering"},
    {LABEL_BACKGROUND, "konsekvenser"},
    {LABEL_BACKGROUND, "information"},
    {LABEL_BACKGROUND, "lagstöd"},
    {LABEL_BACKGROUND, "yttrande"},
    {LABEL_BACKGROUND, "remissyttrande"},
    {LABEL_BACKGROUND, "upplysningar"},
    {LABEL_BACKGROUND, "upplysning"},
    {LABEL_BASIS, "beslutsunderlag"},
    {LABEL_BASIS, "underlag för beslut"},
    {LABEL_BASIS, "underlag för beslutet"},
    {LABEL_BASIS, "underlag"},
    {LABEL_BASIS, "underlag till beslut"},
    {LABEL_BASIS, "underlag till beslutet"},
    {LABEL_BASIS, "handling"},
    {LABEL_BASIS, "handlingar"},
    {LABEL_BASIS, "handlingar i ärendet"},
    {LABEL_BASIS, "bilaga"},
    {LABEL_BASIS, "bilagor"},
    {LABEL_BASIS, "tjänsteskrivelse"},
    {LABEL_BASIS, "tidigare behandling"},
    {LABEL_BASIS, "ärendets tidigare behandling"},
    {LABEL_BASIS, "tidigare handläggning"},
    {LABEL_BASIS, "ärendets tidigare handläggning"},
    {LABEL_BASIS, "ärendets handläggning"},
    {LABEL_BASIS, "ärendets beredning"},
    {LABEL_BASIS, "beredning"},
    {LABEL_BASIS, "ärendets behandling"},
    {LABEL_BASIS, "ärendets gång"},
    {LABEL_BASIS, "remissinstanser"},
    {LABEL_BASIS, "föredragande"},
    {LABEL_BASIS, "närvarande vid föredragningen"},
    {LABEL_PROCEDURE, "beslutsgång"},
    {LABEL_PROCEDURE, "beslutsordning"},
    {LABEL_PROCEDURE, "proposition"},
    {LABEL_PROCEDURE, "propositioner"},
    {LABEL_PROCEDURE, "propositionsordning"},
    {LABEL_PROCEDURE, "propositionsordning och beslut"},
    {LABEL_PROCEDURE, "propositionsställande"},
    {LABEL_PROCEDURE, "propositionsgång"},
    {LABEL_PROCEDURE, "dagens sammanträde"},
    {LABEL_PROCEDURE, "yttranden i ärendet"},
    {LABEL_PROCEDURE, "talare"},
    {LABEL_PROCEDURE, "behandling på mötet"},
    {LABEL_PROCEDURE, "överläggning"},
    {LABEL_PROCEDURE, "överläggningar"},
    {LABEL_PROCEDURE, "ajournering"},
    {LABEL_PROCEDURE, "yttranden"},
    {LABEL_PROCEDURE, "inlägg"},
    {LABEL_PROCEDURE, "anföranden"},
    {LABEL_PROCEDURE, "debatt"},
    {LABEL_PROCEDURE, "voteringsordning"},
    {LABEL_PROCEDURE, "omröstning begärs"},
    {LABEL_PROCEDURE, "behandling på sammanträdet"},
    {LABEL_PROCEDURE, "behandling av ärendet på sammanträdet"},
    {LABEL_PROCEDURE, "behandling under sammanträdet"},
    {LABEL_VOTE, "omröstning"},
    {LABEL_VOTE, "omröstningar"},
    {LABEL_VOTE, "omröstningsresultat"},
    {LABEL_VOTE, "omröstningsordning"},
    {LABEL_VOTE, "omröstningslista"},
    {LABEL_VOTE, "resultat av omröstningen"},
    {LABEL_VOTE, "votering"},
    {LABEL_VOTE, "votering begärs"},
    {LABEL_VOTE, "voteringar"},
    {LABEL_VOTE, "voteringsresultat"},
    {LABEL_VOTE, "huvudvotering"},
    {LABEL_VOTE, "kontravotering"},
    {LABEL_VOTE, "motförslagsvotering"},
    {LABEL_VOTE, "röstning"},
    {LABEL_RESERVATION, "reservation"},
    {LABEL_RESERVATION, "reservationer"},
    {LABEL_RESERVATION, "reservation mot beslutet"},
    {LABEL_RESERVATION, "reservationer mot beslutet"},
    {LABEL_RESERVATION, "skriftlig reservation"},
    {LABEL_RESERVATION, "muntlig reservation"},
    {LABEL_RESERVATION, "blank reservation"},
    {LABEL_RESERVATION, "reserverar sig"},
    {LABEL_RESERVATION, "reserverar sig mot beslutet"},
    {LABEL_RESERVATION, "reservation/protokollsanteckning"},
    {LABEL_RESERVATION, "reservationer och särskilda yttranden"},
    {LABEL_STATEMENT, "särskilt yttrande"},
    {LABEL_STATEMENT, "särskilda yttranden"},
    {LABEL_STATEMENT, "särskilt uttalande"},
    {LABEL_STATEMENT, "protokollsanteckning"},
    {LABEL_STATEMENT, "protokollsanteckningar"},
    {LABEL_STATEMENT, "anteckning till protokollet"},
    {LABEL_STATEMENT, "anteckningar till protokollet"},
    {LABEL_STATEMENT, "till protokollet"},
    {LABEL_STATEMENT, "ersättaryttrande"},
    {LABEL_STATEMENT, "uttalande"},
    {LABEL_CONFLICT, "jäv"},
    {LABEL_CONFLICT, "anmälan om jäv"},
    {LABEL_CONFLICT, "jävsanmälan"},
    {LABEL_NO_PART, "deltar inte i beslutet"},
    {LABEL_NO_PART, "deltar ej i beslutet"},
    {LABEL_NO_PART, "deltar ej i beslut"},
    {LABEL_NO_PART, "deltar inte i beslut"},
    {LABEL_NO_PART, "ej deltagande i beslut"},
    {LABEL_NO_PART, "ej deltagande i beslutet"},
    {LABEL_NO_PART, "avstår från att delta i beslutet"},
    {LABEL_DISPATCH, "expedieras"},
    {LABEL_DISPATCH, "expedieras till"},
    {LABEL_DISPATCH, "expediering"},
    {LABEL_DISPATCH, "expedierat"},
    {LABEL_DISPATCH, "skickas till"},
    {LABEL_DISPATCH, "skickas"},
    {LABEL_DISPATCH, "delges"},
    {LABEL_DISPATCH, "kopia"},
    {LABEL_DISPATCH, "kopia till"},
    {LABEL_DISPATCH, "kopior till"},
    {LABEL_DISPATCH, "beslutet skickas till"},
    {LABEL_DISPATCH, "beslut skickas till"},
    {LABEL_DISPATCH, "beslutet expedieras till"},
    {LABEL_DISPATCH, "beslutet delges"},
    {LABEL_DISPATCH, "beslut delges"},
    {LABEL_DISPATCH, "beslutet ska skickas till"},
    {LABEL_DISPATCH, "beslut till"},
    {LABEL_DISPATCH, "beslutet till"},
    {LABEL_DISPATCH, "beslutet delges till"},
    {LABEL_DISPATCH, "beslutsexpediering"},
    {LABEL_DISPATCH, "delges till"},
    {LABEL_DISPATCH, "beslut expedieras till"},
    {LABEL_DISPATCH, "protokollsutdrag"},
    {LABEL_DISPATCH, "protokollsutdrag till"},
    {LABEL_DISPATCH, "protokollsutdrag skickas till"},
    {LABEL_DISPATCH, "protokollsutdraget skickas till"},
    {LABEL_DISPATCH, "utdrag till"},
    {LABEL_DISPATCH, "sändlista"},
    {LABEL_DISPATCH, "för kännedom"},
    {LABEL_ADJUSTMENT, "justering"},
    {LABEL_ADJUSTMENT, "omedelbar justering"},
    {LABEL_ADJUSTMENT, "paragrafen är justerad"},
    {LABEL_ADJUSTMENT, "paragrafen justeras omedelbart"},
    {LABEL_OTHER, "överklagande"},
    {LABEL_OTHER, "hur man överklagar"},
    {LABEL_OTHER, "så här överklagar du"},
    {LABEL_OTHER, "besvärshänvisning"},
    {LABEL_OTHER, "överklagandehänvisning"},
};

/* What stands after "nämndens", "förvaltningens". */
static const struct entry owned[] = {
    {LABEL_DECISION, "beslut"},
    {LABEL_DECISION, "beslut för egen del"},
    {LABEL_DECISION, "egna beslut"},
    {LABEL_DECISION, "eget beslut"},
    {LABEL_DECISION, "beslut i ärendet"},
    {LABEL_PROPOSAL, "förslag"},
    {LABEL_PROPOSAL, "beslutsförslag"},
    {LABEL_PROPOSAL, "förslag till beslut"},
    {LABEL_MOTION, "yrkande"},
    {LABEL_MOTION, "yrkanden"},
    {LABEL_BACKGROUND, "yttrande"},
    {LABEL_BACKGROUND, "bedömning"},
    {LABEL_BACKGROUND, "överväganden"},
    {LABEL_BACKGROUND, "övervägande"},
    {LABEL_BACKGROUND, "motivering"},
    {LABEL_BACKGROUND, "motivering till beslut"},
    {LABEL_BACKGROUND, "handläggning"},
    {LABEL_BACKGROUND, "synpunkter"},
    {LABEL_BASIS, "behandling"},
    {LABEL_BASIS, "beredning"},
    {LABEL_BASIS, "tjänsteskrivelse"},
    {LABEL_RESERVATION, "reservation"},
};

static enum label look_up(const struct entry *table, size_t n, const char *text, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(table[i].text, text, size) == 0 && table[i].text[size] == '\0')
			return table[i].label;
	return LABEL_NONE;
}

#define LOOK_UP(table, text, size) look_up(table, sizeof(table) / sizeof(*(table)), text, size)

/* "kommunstyrelsens", "förvaltningens", "ordförandens", "kommundirektörens": who owns what follows. */
static bool is_owner(const char *word, size_t size)
{
	static const char *const ends[] = {
	    "förvaltningens", "kontorets",  "ordförandens",  "ordförandes",  "direktörens",  "chefens",
	    "avdelningens",   "enhetens",   "sekreterarens", "presidiets",   "beredningens", "ledningskontorets",
	    "rådets",         "kommitténs", "handläggarens", "direktionens", "bolagets"};
	if (size < 5 || word[size - 1] != 's')
		return false;
	if (rf_is_body(word, size - 1))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size >= end && memcmp(word + size - end, ends[i], end) == 0)
			return true;
	}
	return false;
}

/* "nämnden för teknik" */
static bool is_named_board(const char *text, size_t size)
{
	static const char start[] = "nämnden för ";
	return size > strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* The size of a target at the end of a label (" i kommunfullmäktige", " till nämnden"); 0: there is none. */
static size_t target_at(const char *text, size_t size)
{
	static const char *const links[] = {" till ", " i ", " för ", " inför "};
	for (size_t at = size; at > 0; at--)
		for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
			size_t link = strlen(links[i]);
			if (at < link || memcmp(text + at - link, links[i], link) != 0)
				continue;
			const char *last = text + size;
			while (last > text + at && last[-1] != ' ')
				last--;
			if (rf_is_body(last, (size_t)(text + size - last)) || is_named_board(text + at, size - at))
				return size - at + link;
		}
	return 0;
}

/* "Enligt kommunstyrelsens förslag:" opens a decision: it is no label. */
static bool begins_clause(const char *text)
{
	static const char *const words[] = {"enligt ", "i ",  "bifall ", "avslag ", "med ",
					    "till ",   "på ", "för ",    "mot "};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* "Regionstyrelsen beslutar för egen del under förutsättning av regionfullmäktiges beslut" is no label, either. */
static bool is_told(const char *text, size_t size)
{
	static const char *const verbs[] = {" beslutar ", " beslutade ", " föreslår ", " yrkar "};
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (memmem(text, size, verbs[i], strlen(verbs[i])))
			return true;
	return false;
}

struct parsed {
	enum label label;
	size_t owner;  /* size of the owner's name with "s" and space; 0: none is named */
	size_t target; /* size of the target with its preposition, at the end; 0: none */
};

/* "Reservation i kommunstyrelsen", "Yrkanden i arbetsutskottet": what may be told of another body's meeting. */
static enum label told_elsewhere(enum label label)
{
	bool told = label == LABEL_RESERVATION || label == LABEL_STATEMENT || label == LABEL_MOTION ||
		    label == LABEL_PROCEDURE || label == LABEL_VOTE || label == LABEL_CONFLICT;
	return told ? label : LABEL_NONE;
}

/* The whole of the text must be a label. */
static struct parsed parse(const char *text, size_t size)
{
	struct parsed parsed = {.label = LOOK_UP(entries, text, size)};
	if (parsed.label || size > MOST_LABEL || size == 0 || begins_clause(text) || is_told(text, size))
		return parsed;
	for (size_t at = size; at > 1 && !parsed.owner; at--) /* the last owner: "arbetsutskotts" of two */
		if (text[at - 1] == ' ') {
			size_t word = at - 1;
			while (word > 0 && text[word - 1] != ' ')
				word--;
			if (is_owner(text + word, at - 1 - word))
				parsed.owner = at;
		}
	const char *rest = text + parsed.owner;
	size_t left = size - parsed.owner;
	parsed.target = target_at(rest, left);
	left -= parsed.target;
	parsed.label = parsed.owner || parsed.target ? LOOK_UP(owned, rest, left) : LABEL_NONE;
	if (!parsed.label && !parsed.owner && parsed.target)
		parsed.label = told_elsewhere(LOOK_UP(entries, rest, left));
	return parsed;
}

/* "Beslut – förslag till kommunfullmäktige", "Beslut – för fastställande i kommunfullmäktige": the size of what stands
 * before what becomes of the decision; 0: it is no such label. */
static size_t verdict_at(const char *text, size_t size)
{
	static const char *const starts[] = {"beslut – ", "beslut - ", "beslut, "};
	static const char aim[] = "för ";
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		size_t start = strlen(starts[i]);
		if (size <= start || memcmp(text, starts[i], start) != 0)
			continue;
		const char *rest = text + start;
		size_t left = size - start;
		bool passed_on = left > strlen(aim) && memcmp(rest, aim, strlen(aim)) == 0 && target_at(rest, left) > 0;
		if (passed_on || parse(rest, left).label == LABEL_PROPOSAL)
			return start;
	}
	return 0;
}

static bool is_narrow(const char *lower, size_t size)
{
	size_t words = 1;
	for (size_t i = 0; i < size; i++)
		words += lower[i] == ' ';
	return size <= MOST_LABEL && words <= MOST_WORDS;
}

/* "Beslutet skickas till" and "Reservation" may have what follows on their own line without a mark between. */
static size_t open_label(const char *lower, size_t size, enum label *label)
{
	static const struct entry starts[] = {{LABEL_DISPATCH, "beslutet skickas till "},
					      {LABEL_DISPATCH, "protokollsutdrag skickas till "},
					      {LABEL_DISPATCH, "expedieras till "},
					      {LABEL_DISPATCH, "protokollsutdrag till "}};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		size_t start = strlen(starts[i].text);
		if (size > start && memcmp(lower, starts[i].text, start) == 0) {
			*label = starts[i].label;
			return start;
		}
	}
	return 0;
}

enum label rf_label_at(const char *lower, size_t size, size_t *label_size)
{
	size_t whole = size;
	if (whole > 0 && lower[whole - 1] == ':')
		whole--;
	enum label label = is_narrow(lower, whole) ? parse(lower, whole).label : LABEL_NONE;
	if (!label && is_narrow(lower, whole) && verdict_at(lower, whole))
		label = LABEL_DECISION;
	size_t end = size;
	for (size_t i = 1; !label && i + 1 < size && i <= MOST_LABEL; i++) {
		bool mark = lower[i] == ':' && lower[i + 1] == ' ';
		bool gap = lower[i] == ' ' && lower[i + 1] == ' ';
		if (!mark && !gap)
			continue;
		label = is_narrow(lower, i) ? parse(lower, i).label : LABEL_NONE;
		end = i + 1;
		break;
	}
	if (!label)
		end = open_label(lower, size, &label);
	while (label && end < size && lower[end] == ' ')
		end++;
	if (label_size)
		*label_size = label ? end : 0;
	return label;
}

/* Is the owner the board of this meeting? "nämndens" is every board's own. */
static bool is_own(struct referat_call *call, const char *owner, size_t size, const char *board)
{
	const struct meeting meeting = {.board = board};
	char *name = rf_text_copy(call, owner, size - 2); /* without "s" and space */
	const char *last = strrchr(name, ' ');
	last = last ? last + 1 : name;
	struct token token = {.word = last, .size = strlen(last)};
	if (!board || !rf_is_body(last, strlen(last)))
		return board == NULL && rf_is_body(last, strlen(last));
	return rf_is_own_body(&meeting, &token);
}

struct owned_label rf_label_in(struct referat_call *call, const char *lower, const char *board)
{
	size_t size = strlen(lower);
	if (size > 0 && lower[size - 1] == ':')
		size--;
	struct owned_label found = {.label = rf_label_at(lower, strlen(lower), NULL)};
	size_t verdict = verdict_at(lower, size);
	lower += verdict;
	size -= verdict;
	struct parsed parsed = parse(lower, size);
	if (!parsed.label || (!parsed.owner && !parsed.target))
		return found;
	bool own = !parsed.owner || is_own(call, lower, parsed.owner, board);
	const char *target = NULL;
	if (parsed.target) {
		const char *words = lower + size - parsed.target + 1;
		size_t link = strcspn(words, " ") + 1;
		target = rf_text_copy(call, words + link, parsed.target - 1 - link);
	}
	const struct meeting meeting = {.board = board};
	const char *last = target ? strrchr(target, ' ') : NULL;
	last = last ? last + 1 : target;
	bool here = target && board && rf_is_own_body(&meeting, &(struct token){.word = last, .size = strlen(last)});
	if (parsed.label == LABEL_PROPOSAL && own && target && board && !here)
		return (struct owned_label){.label = LABEL_DECISION, .proposes = true, .target = target};
	bool opinion = parsed.owner && own && rf_starts_with(lower + parsed.owner, "yttrande till ");
	if (opinion && target && board && !here)
		return (struct owned_label){.label = LABEL_DECISION, .proposes = true, .target = target};
	if (parsed.label == LABEL_DECISION && !own)
		found.label = LABEL_PROPOSAL;
	if (!parsed.owner && target && board && !here && told_elsewhere(parsed.label))
		found.label = LABEL_BASIS;
	return found;
}
