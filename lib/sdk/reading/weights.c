/* What an item is for residents, told by its heading and what was decided: what concerns a person is confidential, what
 * keeps the meeting going is routine, what was only told is information. */
#include "structure.h"

#include <string.h>

/* "Fastställa dagordning", "Val av justeringsmän", "Anmälan av nya interpellationer": what keeps a meeting going is
 * done with one of these … */
static const char *const acts[] = {"val av ",        "välja ",        "utse ",
				   "utseende av ",   "fastställa ",   "fastställande ",
				   "fastställelse ", "godkänna ",     "godkännande ",
				   "ändring",        "tillägg till ", "anmälan ",
				   "anmäla ",        "inlämnande ",   "inkomna ",
				   "redovisning ",   "redovisa ",     "rapportering ",
				   "föregående ",    "frågor till ",  "fråga om sammanträdet"};
/* … of one of these. */
static const char *const objects[] = {
    "justeringsm",       "justerare",  "protokollsjuster",  "protokolljuster", "justering",      "dagordning",
    "föredragningslist", "ärendelist", "kallelse",          "motioner",        "interpellation", "medborgarförslag",
    "delegation",        "delegering", "delegerade",        "meddelanden",     "gruppledare",    "laga ordning",
    "kungjort",          "frågor",     "kommunfullmäktige", "skrivelser"};

/* How headings of routine begin. */
static const char *const routine[] = {"upprop",
				      "mötet öppnas",
				      "mötets öppnande",
				      "mötets avslutande",
				      "mötet avslutas",
				      "sammanträdets avslutande",
				      "sammanträdet öppnas",
				      "sammanträdets öppnande",
				      "sammanträdet avslutas",
				      "öppnande",
				      "avslutning",
				      "parentation",
				      "val av justera",
				      "val av protokollsjusterare",
				      "val av protokolljusterare",
				      "val av minst",
				      "val av två justera",
				      "val av två protokoll",
				      "utseende av justera",
				      "utseende av protokoll",
				      "utse justera",
				      "protokollsjustering",
				      "protokolljustering",
				      "protokollsjusterare",
				      "justering av protokoll",
				      "justerare",
				      "justering",
				      "tid för justering",
				      "tid och plats för justering",
				      "bestämmande av tid för justering",
				      "bestämmande av tid och plats",
				      "godkännande av dagordning",
				      "godkännande av föredragningslista",
				      "godkännande av ärendelista",
				      "godkännande av kallelse",
				      "fastställande av dagordning",
				      "fastställande av dagens",
				      "fastställande av föredragningslista",
				      "fastställande av ärendelista",
				      "fastställelse av",
				      "förändring av ärendelista",
				      "ändring av dagordning",
				      "ändring av föredragningslista",
				      "ändringar i dagordning",
				      "ändringar i föredragningslista",
				      "ändringar på",
				      "dagordning",
				      "föredragningslista",
				      "ärendelista",
				      "tillkommande ärenden",
				      "utgående ärenden",
				      "sammanträdets laga",
				      "sammanträdets behörighet",
				      "sammanträdet i laga",
				      "laga kungörelse",
				      "kungörelse",
				      "kallelsens behörighet",
				      "jäv",
				      "anmälan om jäv",
				      "anmälan av jäv",
				      "protokoll från föregående",
				      "föregående protokoll",
				      "föregående mötes",
				      "genomgång av föregående",
				      "anmälningar",
				      "anmälningsärenden",
				      "anmälan av inkomna",
				      "anmälan av länsstyrelsens",
				      "anmälan av motion",
				      "anmälan av interpellation",
				      "anmälan av delegation",
				      "anmälan av delegerade",
				      "anmälan av meddelanden",
				      "anmälan om delegation",
				      "förteckning över anmälningsärenden",
				      "förteckning över inkomna",
				      "inkomna skrivelser",
				      "inkomna motioner",
				      "inkomna medborgarförslag",
				      "inkomna handlingar",
				      "inkomna",
				      "meddelanden",
				      "meddelande",
				      "skrivelser",
				      "handlingar att anmäla",
				      "handlingar för kännedom",
				      "för kännedom",
				      "delgivning",
				      "delegationsbeslut",
				      "delegationsärenden",
				      "delegeringsbeslut",
				      "delegerade beslut",
				      "redovisning av delegation",
				      "redovisning av delegerade",
				      "redovisning av delegering",
				      "redovisning delegation",
				      "redovisning av fattade delegation",
				      "rapportering av delegation",
				      "återrapportering av delegation",
				      "kurser",
				      "kurser och konferenser",
				      "övrigt",
				      "övriga frågor",
				      "övriga ärenden",
				      "frågestund",
				      "allmänhetens frågestund",
				      "allmänhetens fråge",
				      "ordningsfråga",
				      "närvarorätt",
				      "avsägelse",
				      "avsägelser",
				      "fyllnadsval",
				      "valärenden",
				      "val till kommunala uppdrag",
				      "valberedningens förslag",
				      "entledigande",
				      "begäran om entledigande",
				      "sammanträdestider",
				      "sammanträdesplan",
				      "sammanträdesdagar",
				      "nästa sammanträde",
				      "nästa möte"};

static const char *const information[] = {"information",
					  "informationsärenden",
					  "förvaltningschefens",
					  "förvaltningschefen",
					  "förvaltningen informerar",
					  "förvaltningens information",
					  "aktuell information",
					  "aktuellt från",
					  "kommundirektörens",
					  "kommundirektören",
					  "kommunchefens",
					  "rapport från",
					  "rektorns rapport",
					  "chefens rapport",
					  "rapporter",
					  "ordföranden informerar",
					  "ordförandens information",
					  "muntlig information",
					  "lägesrapport",
					  "verksamhetsinformation",
					  "dialog",
					  "återkoppling",
					  "ekonomisk information",
					  "presentation"};

/* Where these stand in a heading, a person's own matter is behind it. */
static const char *const confidential[] = {"sekretess",
					   "individärende",
					   "faderskap",
					   "umgänge",
					   "vårdnad",
					   "adoption",
					   "lvu",
					   "lvm",
					   "omedelbart omhändertagande",
					   "vård av unga",
					   "vård enligt",
					   "familjehemsplacering",
					   "placering av barn",
					   "särskilt förordnad vårdnadshavare",
					   "särskilt förordnade vårdnadshavare",
					   "avstängning av elev",
					   "personärende",
					   "kontaktfamilj för",
					   "god man för",
					   "ansökan om bistånd",
					   "enskilt ärende",
					   "enskild ärende",
					   "utredning enligt 11 kap"};

static bool begins_with_one(const char *lower, const char *const *starts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rf_starts_with(lower, starts[i]))
			return true;
	return false;
}

/* A word of few letters stands alone: "lvu" is no part of another word. */
static bool has_word(const char *lower, const char *word)
{
	size_t size = strlen(word);
	for (const char *at = strstr(lower, word); at; at = strstr(at + 1, word)) {
		bool before = at == lower || strchr(" (-,/", at[-1]);
		bool after = at[size] == '\0' || strchr(" ).,-/:", at[size]);
		if (size > 4 || (before && after))
			return true;
	}
	return false;
}

/* Not when something is told of it besides: "Anmälan av nya delegationsordningen och …" is long. */
static bool keeps_meeting_going(const char *lower)
{
	enum { MOST_WORDS = 9 };
	if (rf_count_words(lower) > MOST_WORDS || !begins_with_one(lower, acts, sizeof(acts) / sizeof(*acts)))
		return false;
	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
		const char *at = strstr(lower, objects[i]);
		if (at && at > lower && at[-1] == ' ')
			return true;
	}
	return false;
}

/* "Ärendet omfattas av sekretess": the matter is not told. */
static bool hides_matter(struct referat_call *call, const Referat__Item *item)
{
	static const char *const says[] = {"redovisas inte",        "omfattas av sekretess",
					   "är sekretessbelagt",    "sekretessbelagd",
					   "ärendet är sekretess",  "beslutet är sekretess",
					   "publiceras inte",       "enligt offentlighets- och sekretesslagen",
					   "på grund av sekretess", "med hänvisning till sekretess"};
	enum { MOST_BLOCKS = 12 };
	for (size_t i = 0; i < item->n_blocks && item->n_blocks <= MOST_BLOCKS; i++) {
		const char *lower = referat_lower(call, item->blocks[i]->text);
		if (strcmp(lower, "sekretess") == 0 || strcmp(lower, "sekretess.") == 0)
			return true;
		for (size_t k = 0; k < sizeof(says) / sizeof(*says); k++)
			if (strstr(lower, says[k]))
				return true;
	}
	return false;
}

static bool only_noted(const Referat__Item *item)
{
	for (size_t i = 0; i < item->n_decisions; i++)
		if (!item->decisions[i]->has_outcome || item->decisions[i]->outcome != REFERAT__OUTCOME__NOTED)
			return false;
	return true;
}

/* A question to somebody is answered or waits; what is decided of it is only when. */
static bool is_question(const char *lower, const Referat__Item *item)
{
	static const char *const starts[] = {"interpellation", "svar på interpellation", "enkel fråga", "fråga från",
					     "fråga av",       "svar på fråga"};
	for (size_t i = 0; i < item->n_decisions; i++)
		if (item->decisions[i]->has_outcome && item->decisions[i]->outcome != REFERAT__OUTCOME__NOTED &&
		    item->decisions[i]->outcome != REFERAT__OUTCOME__TABLED &&
		    item->decisions[i]->outcome != REFERAT__OUTCOME__ANSWERED)
			return false;
	return begins_with_one(lower, starts, sizeof(starts) / sizeof(*starts));
}

Referat__Weight rf_weight_of(struct referat_call *call, const Referat__Item *item)
{
	const char *lower = referat_lower(call, item->heading ? item->heading : "");
	for (size_t i = 0; i < sizeof(confidential) / sizeof(*confidential); i++)
		if (has_word(lower, confidential[i]))
			return REFERAT__WEIGHT__CONFIDENTIAL;
	if (hides_matter(call, item))
		return REFERAT__WEIGHT__CONFIDENTIAL;
	if (begins_with_one(lower, routine, sizeof(routine) / sizeof(*routine)) || keeps_meeting_going(lower))
		return REFERAT__WEIGHT__ROUTINE;
	if (begins_with_one(lower, information, sizeof(information) / sizeof(*information)) && only_noted(item))
		return REFERAT__WEIGHT__INFORMATION;
	return is_question(lower, item) ? REFERAT__WEIGHT__INFORMATION : REFERAT__WEIGHT__MATTER;
}
