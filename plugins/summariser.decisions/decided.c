/* What was decided, told to residents: each decision as a sentence that stands alone. */
#include "summary.h"

#include <string.h>

const char *decided_by(struct referat_call *call, const Referat__Document *document)
{
	static const struct {
		const char *part, *word;
	} subjects[] = {{"utskott", "Utskottet"},
			{"regionfullmäktige", "Regionfullmäktige"},
			{"fullmäktige", "Kommunfullmäktige"},
			{"regionstyrelse", "Regionstyrelsen"},
			{"kommunstyrelse", "Kommunstyrelsen"},
			{"styrelse", "Styrelsen"},
			{"nämnd", "Nämnden"}};
	const char *name = document->board && document->board->name ? document->board->name : "";
	const char *lower = referat_lower(call, name);
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++)
		if (strstr(lower, subjects[i].part))
			return subjects[i].word;
	return *name ? name : referat_say(call, "summariser.decisions.meeting", NULL);
}

/* "Enligt kommunstyrelsens förslag: Taxan höjs": whose proposal it was stands in the minutes. */
static const char *without_proposer(struct referat_call *call, const char *text)
{
	static const char start[] = "enligt ";
	const char *colon = strstr(text, ": ");
	bool proposer = colon && strncmp(referat_lower(call, text), start, strlen(start)) == 0;
	return proposer && referat_is_capital(colon + 2) ? colon + 2 : text;
}

/* "Den av Eva Exempel och Bo Exempel väckta motionen avslås": "Motionen avslås". Who moved it stands in the minutes. */
static const char *without_movers(struct referat_call *call, const char *text)
{
	static const char *const starts[] = {"den av ", "det av "};
	static const char *const moved[] = {" väckta motionen ", " inlämnade motionen ", " väckta förslaget "};
	const char *lower = referat_lower(call, text);
	if (strncmp(lower, starts[0], strlen(starts[0])) != 0 && strncmp(lower, starts[1], strlen(starts[1])) != 0)
		return text;
	for (size_t i = 0; i < sizeof(moved) / sizeof(*moved); i++) {
		const char *at = strstr(lower, moved[i]);
		if (!at || strpbrk(lower, ".;:") < at)
			continue;
		const char *what = strchr(text + (at - lower) + 1, ' ') + 1;
		return referat_format(call, "%c%s", what[0] - 'a' + 'A', what + 1);
	}
	return text;
}

/* "Efter votering beslutar nämnden med 7 röster mot 4 att höja taxan": "att höja taxan". How the votes fell is told
 * apart. */
static const char *without_vote(struct referat_call *call, const char *text)
{
	static const char *const starts[] = {"efter votering beslutar ", "efter omröstning beslutar ",
					     "efter votering beslutade ", "efter omröstning beslutade "};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		const char *clause = strncmp(lower, starts[i], strlen(starts[i])) == 0 ? strstr(text, " att ") : NULL;
		if (clause)
			return clause + 1;
	}
	return text;
}

/* "Barn- och utbildningsnämnden beslutar enligt Eva Exempels (S) förslag att höja taxan": "att höja taxan". Whose
 * proposal it was stands in the minutes. */
static const char *without_decider(const struct writing *writing, const char *text)
{
	static const char *const verbs[] = {" beslutar ", " beslutade ", " beslöt "};
	const Referat__Document *document = writing->document;
	const char *name = document->board && document->board->name ? document->board->name : writing->subject;
	const char *lower = referat_lower(writing->call, text);
	size_t size = strlen(name);
	if (strncmp(lower, referat_lower(writing->call, name), size) != 0) {
		size = strlen(writing->subject);
		if (strncmp(text, writing->subject, size) != 0)
			return text;
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strncmp(text + size, verbs[i], strlen(verbs[i])) != 0)
			continue;
		const char *rest = text + size + strlen(verbs[i]);
		const char *clause = strncmp(rest, "enligt ", 7) == 0 ? strstr(rest, "förslag att ") : NULL;
		clause = clause ? clause + strlen("förslag ") : rest;
		return strncmp(clause, "att ", 4) == 0 ? clause : text;
	}
	return text;
}

/* "föreslå kommunfullmäktige att höja taxan": "höja taxan", where it is said that it is proposed. */
static const char *without_proposal(const char *clause)
{
	static const char start[] = "föreslå ";
	const char *what = strncmp(clause, start, strlen(start)) == 0 ? strstr(clause, " att ") : NULL;
	return what ? what + strlen(" att ") : clause;
}

/* "godkänner planen": what the board does, where "beslutade att" would need another form. */
static bool is_present(const char *clause)
{
	static const char *const verbs[] = {
	    "anslår",      "anser",      "antar",          "anvisar",   "avger",      "avslår",    "avstyrker",
	    "avsätter",    "beställer",  "beviljar",       "bifaller",  "bordlägger", "delegerar", "entledigar",
	    "fastställer", "förbjuder",  "förelägger",     "förlänger", "förordnar",  "ger",       "godkänner",
	    "höjer",       "inför",      "inrättar",       "instämmer", "köper",      "lämnar",    "lägger",
	    "medger",      "noterar",    "remitterar",     "reviderar", "skickar",    "skjuter",   "ställer",
	    "sänker",      "säger",      "säljer",         "tar",       "tecknar",    "tilldelar", "tillstyrker",
	    "tillåter",    "upphandlar", "upphäver",       "uppmanar",  "utser",      "utökar",    "väljer",
	    "yttrar",      "återkallar", "återremitterar", "överlåter", "överlämnar", "översänder"};
	size_t size = strcspn(clause, " ");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strlen(verbs[i]) == size && memcmp(clause, verbs[i], size) == 0)
			return true;
	return false;
}

/* "Motionen avslås" is a verdict that residents know as yes or no; NULL: it is more than that. */
static const char *verdict_on(const struct writing *writing, const char *clause)
{
	static const char *const asked[] = {
	    "motionen", "medborgarförslaget", "e-förslaget", "invånarförslaget", "ansökan",
	    "begäran",  "hemställan",         "yrkandet"};
	static const struct {
		const char *verb, *key;
	} verdicts[] = {{"avslås", "summariser.decisions.says-no"},
			{"avslås och anses därmed besvarad", "summariser.decisions.says-no"},
			{"avslås och anses därmed besvarat", "summariser.decisions.says-no"},
			{"bifalls", "summariser.decisions.says-yes"},
			{"bifalles", "summariser.decisions.says-yes"},
			{"bifalls och anses därmed besvarad", "summariser.decisions.says-yes"}};
	const char *lower = referat_lower(writing->call, clause);
	size_t size = strcspn(lower, " ");
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		for (size_t k = 0; k < sizeof(verdicts) / sizeof(*verdicts); k++)
			if (strlen(asked[i]) == size && memcmp(lower, asked[i], size) == 0 && lower[size] == ' ' &&
			    strcmp(lower + size + 1, verdicts[k].verb) == 0)
				return referat_say(writing->call, verdicts[k].key, "board", writing->subject, "what",
						   asked[i], NULL);
	return NULL;
}

/* `also`: it is not the item's first. */
static const char *decision_sentence(const struct writing *writing, const char *text, const char *target, bool also)
{
	struct referat_call *call = writing->call;
	const char *clause = clause_text(
	    call, without_movers(call, without_decider(writing, without_vote(call, without_proposer(call, text)))));
	const char *verdict = target ? NULL : verdict_on(writing, clause);
	bool that = strncmp(clause, "att ", 4) == 0 || strncmp(clause, "Att ", 4) == 0;
	bool small = that || begins_small(clause);
	if (verdict)
		return verdict;
	if (small && !that && !target && is_present(clause))
		return referat_format(call, "%s %s.", writing->subject, clause);
	clause += that ? 4 : 0;
	if (target)
		clause = without_proposal(clause);
	if (target && strncmp(referat_lower(call, clause), target, strlen(target)) == 0)
		return referat_say(call, "summariser.decisions.proposes-that", "board", writing->subject, "what",
				   referat_format(call, "%s%s", target, clause + strlen(target)), NULL);
	if (small && target)
		return referat_say(call, "summariser.decisions.proposes", "board", writing->subject, "target", target,
				   "what", clause, NULL);
	if (small)
		return referat_say(call, also ? "summariser.decisions.also" : "summariser.decisions.decided", "board",
				   writing->subject, "what", clause, NULL);
	if (target && !strstr(referat_lower(call, clause), "föresl"))
		return referat_say(call, "summariser.decisions.proposal", "target", target, "what", clause, NULL);
	return referat_format(call, "%s%s", clause, clause[strlen(clause) - 1] == ':' ? "" : ".");
}

static bool is_same(const char *one, const char *other)
{
	return one && other && strcmp(one, other) == 0;
}

/* What was decided, in the words of the minutes; of a decision by reference, what was proposed: "nämnden godkänner
 * planen" of "Förvaltningen föreslår att nämnden godkänner planen." */
static const char *words_of(const struct writing *writing, const Referat__Decision *decision)
{
	const char *clause = decision->resolved_clause;
	if (!decision->by_reference || !decision->resolved_text)
		return decision->text;
	const char *subject = referat_lower(writing->call, writing->subject);
	bool whole = clause && strncmp(clause, subject, strlen(subject)) == 0 && clause[strlen(subject)] == ' ';
	return whole ? referat_format(writing->call, "%s.", capitalised(writing->call, clause))
		     : decision->resolved_text;
}

static Referat__Sentence *add_told(struct writing *writing, const Referat__Decision *decision, const char *text,
				   Referat__SummaryItem *item)
{
	const char *told = decision_sentence(writing, text, decision->target, item->n_sentences > 0);
	bool referred = decision->by_reference && decision->resolved_text;
	Referat__Sentence *sentence =
	    new_sentence(writing->call, plain_text(writing->call, writing->words, told, item->item, writing->summary),
			 referred ? decision->resolved_place : decision->place);
	item->sentences[item->n_sentences++] = sentence;
	return sentence;
}

/* Where a long sentence goes on with what else was decided: at "samt att". NULL: it is short, or decides one thing. */
static const char *second_half(const char *text)
{
	enum { LONG_DECISION = 25 }; /* words */
	return count_words(text) > LONG_DECISION ? strstr(text, " samt att ") : NULL;
}

/* False: it may name a private person, and is not told. */
static bool add_decision(struct writing *writing, const Referat__Decision *decision, Referat__SummaryItem *item)
{
	const char *text = words_of(writing, decision);
	const char *half = item->n_sentences + 2 <= MOST_DECISIONS ? second_half(text) : NULL;
	size_t told = item->n_sentences, replaced = writing->summary->n_replacements;
	const char *first = half ? referat_copy(writing->call, text, (size_t)(half - text)) : text;
	Referat__Sentence *sentence = add_told(writing, decision, first, item);
	sentence->has_outcome = decision->has_outcome;
	sentence->outcome = decision->outcome;
	if (half)
		add_told(writing, decision, half + strlen(" samt "), item);
	for (size_t i = told; i < item->n_sentences; i++)
		if (names_person(writing, item->sentences[i]->text)) {
			item->n_sentences = told;
			writing->summary->n_replacements = replaced;
			return false;
		}
	reading_add(writing->call, &writing->before, text);
	return true;
}

/* Who has the last word, where it was only proposed. */
static void add_final(struct writing *writing, const Referat__Decision *proposed, Referat__SummaryItem *item)
{
	if (!proposed || !strstr(proposed->target, "fullmäktige"))
		return;
	const char *text = referat_say(writing->call, "summariser.decisions.final", "target", proposed->target, NULL);
	item->sentences[item->n_sentences++] = new_sentence(writing->call, text, proposed->place);
}

/* "Uppdraget noteras och förklaras fullgjort": where something else was decided too, that is the office's list. */
static bool is_done_with(struct referat_call *call, const char *text)
{
	const char *lower = referat_lower(call, text);
	return strstr(lower, "uppdrag") && (strstr(lower, "fullgjort") || strstr(lower, "fullgjorda") ||
					    strstr(lower, "slutfört") || strstr(lower, "slutförda"));
}

static bool has_more(const struct writing *writing, const Referat__Item *item)
{
	for (size_t i = 0; i < item->n_decisions; i++) {
		const char *text = words_of(writing, item->decisions[i]);
		if (text && !is_done_with(writing->call, text))
			return true;
	}
	return false;
}

/* One sentence may decide two things: it is told once. */
struct decided decided_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	struct decided decided = {0};
	const char *last = NULL;
	const Referat__Decision *proposed = NULL;
	bool more = has_more(writing, from);
	for (size_t i = 0; i < from->n_decisions; i++) {
		const Referat__Decision *decision = from->decisions[i];
		const char *text = words_of(writing, decision);
		if (!text || is_same(text, last) || (more && is_done_with(writing->call, text)))
			continue;
		last = text;
		if (item->n_sentences == MOST_DECISIONS) {
			const char *rest = referat_say(writing->call, "summariser.decisions.more", NULL);
			item->sentences[item->n_sentences++] = new_sentence(writing->call, rest, decision->place);
			break;
		}
		bool told = add_decision(writing, decision, item);
		decided.told += told;
		decided.taken_out += !told;
		proposed = told && decision->target ? decision : proposed;
	}
	add_final(writing, proposed, item);
	return decided;
}
