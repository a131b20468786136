/* The headings of matters, as residents would put them. */
#include "summary.h"

#include <string.h>

enum { LONG_HEADING = 90 }; /* bytes; a longer one is told without its second half */

static const char *without_start(struct referat_call *call, const char *text)
{
	static const char *const starts[] = {"svar på ",
					     "yttrande över ",
					     "beslut om ",
					     "ärende: ",
					     "fråga om ",
					     "antagande av ",
					     "fastställande av ",
					     "godkännande av ",
					     "remiss: ",
					     "redovisning av kommunstyrelsens uppdrag gällande ",
					     "redovisning av uppdrag gällande ",
					     "redovisning av uppdrag om ",
					     "underlag för ",
					     "hemställan om ",
					     "förslag till ",
					     "kommunfullmäktiges godkännande av ",
					     "kommunstyrelsens godkännande av ",
					     "revidering av "};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(lower, starts[i], strlen(starts[i])) == 0)
			return without_start(call, text + strlen(starts[i]));
	return text;
}

/* "Genomförandebeslut för projekt Nya skolan" is about the school: what kind of decision it is does not help. */
static const char *without_kind_of_decision(struct referat_call *call, const char *text)
{
	static const char *const kinds[] = {"genomförandebeslut", "inriktningsbeslut", "investeringsbeslut",
					    "planeringsbeslut",   "vägvalsbeslut",     "reviderat investeringsbeslut"};
	static const char *const behind[] = {" för genomförande av ",
					     " för projekt ",
					     " gällande ",
					     " avseende ",
					     " inom ",
					     " för ",
					     " om ",
					     ": ",
					     " - ",
					     " – ",
					     " "};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (size_t k = 0; k < sizeof(behind) / sizeof(*behind); k++) {
			size_t size = strlen(kinds[i]);
			if (strncmp(lower, kinds[i], size) == 0 &&
			    strncmp(lower + size, behind[k], strlen(behind[k])) == 0)
				return strcmp(behind[k], " ") != 0 || referat_is_capital(text + size + 1)
					   ? text + size + strlen(behind[k])
					   : text;
		}
	return text;
}

/* "Redovisning av kommunstyrelsens uppdrag att utreda ett bad" is about what was to be done. */
static const char *without_account(struct referat_call *call, const char *text)
{
	static const char *const starts[] = {"redovisning av kommunstyrelsens uppdrag att ",
					     "redovisning av kommunfullmäktiges uppdrag att ",
					     "redovisning av uppdrag att "};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(lower, starts[i], strlen(starts[i])) == 0)
			return strstr(text, "uppdrag att ");
	return text;
}

/* "Ny skola, investeringsbeslut" and "Motion om bad, från Vänsterpartiet": what stands behind the matter is for the
 * office. */
static const char *without_end(struct referat_call *call, const char *text)
{
	static const char *const marks[] = {", ", " - ", " – "};
	static const char *const ends[] = {"revidering",
					   "antagande",
					   "svar",
					   "yttrande",
					   "remiss",
					   "remissvar",
					   "samråd",
					   "investeringsbeslut",
					   "inriktningsbeslut",
					   "genomförandebeslut",
					   "beslut",
					   "beslut om ",
					   "godkännande",
					   "fastställande",
					   "från ",
					   "av "};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		for (size_t k = 0; k < sizeof(ends) / sizeof(*ends); k++) {
			const char *end = referat_format(call, "%s%s", marks[i], ends[k]);
			const char *at = strstr(lower, end);
			bool open = ends[k][strlen(ends[k]) - 1] == ' ';
			if (at && at > lower && (open ? !strstr(at + strlen(end), ", ") : at[strlen(end)] == '\0'))
				return referat_copy(call, text, (size_t)(at - lower));
		}
	return text;
}

/* "Motion (V) om odlingslotter", and "Hemställan från nämnden om lokaler". */
static const char *without_party(struct referat_call *call, const char *text)
{
	enum { MOST_PARTY = 12 };
	const char *open = strstr(text, " (");
	size_t size = open ? strcspn(open, ")") : 0;
	if (open && size <= MOST_PARTY && strncmp(open + size, ") ", 2) == 0 && referat_is_capital(open + 2))
		text = referat_format(call, "%.*s%s", (int)(open - text), text, open + size + 1);
	static const char from[] = "hemställan från ";
	const char *subject = strstr(text, " om ");
	bool asked = strncmp(referat_lower(call, text), from, strlen(from)) == 0;
	return asked && subject ? subject + strlen(" om ") : text;
}

/* "Motion av Eva Exempel (S) om belysning" is "Motion om belysning": who moved it stands in the minutes. */
static const char *without_mover(struct referat_call *call, const char *text)
{
	static const char *const movers[] = {" av ", " från ", ", "};
	static const char *const subjects[] = {" om ", " angående ", " gällande ", " rörande "};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(movers) / sizeof(*movers); i++)
		for (size_t k = 0; k < sizeof(subjects) / sizeof(*subjects); k++) {
			const char *from = strstr(lower, movers[i]);
			const char *to = from ? strstr(from, subjects[k]) : NULL;
			const char *person = from ? from + strlen(movers[i]) : NULL;
			if (to && to > person && referat_is_capital(text + (person - lower))) {
				text = referat_format(call, "%.*s%s", (int)(from - lower), text, text + (to - lower));
				lower = referat_lower(call, text);
			}
		}
	return text;
}

/* "Motion - lägre taxa": "Motion: lägre taxa". */
static const char *with_colon(struct referat_call *call, const char *text)
{
	static const char *const dashes[] = {"Motion - ", "Motion – ", "Medborgarförslag - ", "Medborgarförslag – "};
	for (size_t i = 0; i < sizeof(dashes) / sizeof(*dashes); i++)
		if (strncmp(text, dashes[i], strlen(dashes[i])) == 0)
			return referat_format(call, "%.*s: %s", (int)strcspn(dashes[i], " "), dashes[i],
					      text + strlen(dashes[i]));
	return text;
}

/* Says the text what it is about, not only from whom it comes? */
static bool has_subject(const char *text)
{
	return strstr(text, " om ") || strstr(text, " för ") || strstr(text, " av ") || strstr(text, " att ");
}

/* "Genomförandebeslut för bussgator, samt avtal om …": the first is the matter, what comes with it stands below. */
static const char *without_second_half(struct referat_call *call, const char *text)
{
	static const char *const seconds[] = {", samt ",   " samt ", ", till följd av ", " i samband med ",
					      " utifrån ", ", och ", " inom stadsdel",   " mellan "};
	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds) && strlen(text) > LONG_HEADING; i++) {
		const char *at = strstr(text, seconds[i]);
		const char *half = at ? referat_copy(call, text, (size_t)(at - text)) : "";
		text = has_subject(half) || strlen(half) >= LONG_HEADING / 2 ? half : text;
	}
	return text;
}

const char *heading_make(struct writing *writing, const char *heading, unsigned item)
{
	struct referat_call *call = writing->call;
	const char *text = without_account(call, without_capitals(writing, heading, item));
	text = without_kind_of_decision(call, without_start(call, text));
	text = without_party(call, without_mover(call, without_end(call, text)));
	text = without_second_half(call, text);
	char *plain = plain_text(call, writing->words, text, item, writing->summary);
	return with_colon(call, capitalised(call, plain));
}

/* ---- verdicts --------------------------------------------------------------------------------------------------- */

/* A motion and a residents' proposal ask for something: what became of it is the news. */
static bool asks(const char *lower)
{
	static const char *const starts[] = {"motion om ", "motion angående ", "motion gällande ",
					     "medborgarförslag om "};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(lower, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* Is the sentence said of the proposal itself? */
static bool is_of_proposal(const char *lower)
{
	static const char *const asked[] = {"motionen", "medborgarförslaget", "förslaget"};
	return has_word(lower, asked, sizeof(asked) / sizeof(*asked));
}

/* "… att ställa sig bakom svaret": an opinion on the proposal, whatever it is. */
static bool is_of_answer(const char *lower)
{
	static const char *const answers[] = {"svar", "svaret", "yttrande", "yttrandet"};
	return has_word(lower, answers, sizeof(answers) / sizeof(*answers));
}

/* Is it the one thing that was decided of the proposal? Who stands behind an opinion on a motion does not say yes to
 * the motion. */
static bool is_verdict(struct referat_call *call, const Referat__SummaryItem *item, Referat__Outcome outcome)
{
	bool found = false;
	for (size_t i = 0; i < item->n_sentences; i++) {
		const Referat__Sentence *sentence = item->sentences[i];
		const char *lower = referat_lower(call, sentence->text);
		bool same = sentence->has_outcome && sentence->outcome == outcome;
		if (sentence->has_outcome && !same && !is_of_answer(lower))
			return false;
		found = found || (same && is_of_proposal(lower));
	}
	return found;
}

void headings_tell_verdicts(struct writing *writing)
{
	struct referat_call *call = writing->call;
	for (size_t i = 0; i < writing->summary->n_items; i++) {
		Referat__SummaryItem *item = writing->summary->items[i];
		const char *lower = referat_lower(call, item->heading);
		if (!item->has_item || !asks(lower))
			continue;
		char *subject = (char *)referat_copy(call, item->heading, strlen(item->heading));
		subject[0] = lower[0];
		if (is_verdict(call, item, REFERAT__OUTCOME__REJECTED))
			item->heading = (char *)referat_say(call, "summariser.decisions.no", "what", subject, NULL);
		else if (is_verdict(call, item, REFERAT__OUTCOME__APPROVED))
			item->heading = (char *)referat_say(call, "summariser.decisions.yes", "what", subject, NULL);
	}
}
