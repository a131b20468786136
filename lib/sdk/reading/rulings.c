/* What stands below the label "Beslut": a lead ("Nämnden beslutar", "Enligt arbetsutskottets förslag:") and clauses, or
 * sentences. What only explains a decision ("Avgiften är 1 200 kronor.") is none. */
#include "decisions.h"

#include <string.h>

enum {
	FORM_FINITE = FORM_PAST | FORM_PASSIVE | FORM_PRESENT,
	FORM_ANY = FORM_FINITE | FORM_INFINITIVE | FORM_PERFECT,
	CLOSING = 4, /* words at the end of a sentence in which its verb may stand */
};

struct ruling {
	struct search *search;
	const struct section *section;
	bool proposes;                    /* what follows is proposed … */
	const char *target;               /* … to; NULL: not said */
	bool as_proposed;                 /* what follows was decided as it was proposed */
	const struct sentence *reference; /* a lead that only refers to a proposal */
	size_t clauses;
	bool awaits;   /* the lead ended in "att", so that infinitives follow */
	bool itemises; /* "Ökningen består av:": the list below explains what was decided */
};

static const Referat__Block *block_of(const struct ruling *ruling, const struct sentence *sentence)
{
	return ruling->search->item->blocks[sentence->block];
}

static bool is_listed(const struct ruling *ruling, const struct sentence *sentence)
{
	Referat__BlockKind kind = block_of(ruling, sentence)->kind;
	return (kind == REFERAT__BLOCK_KIND__LIST_ITEM || kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM) &&
	       sentence->range.start == 0;
}

/* Letters and digits that number a clause: "a)", "2". */
static size_t clause_at(const struct sentence *sentence)
{
	const struct token *first = &sentence->tokens[0];
	bool number = first->size <= 2 && sentence->n > 1 &&
		      (first->size == 1 || (first->word[0] >= '0' && first->word[0] <= '9'));
	return number || rf_token_is(first, "-") ? 1 : 0;
}

static bool is_clause(const struct sentence *sentence)
{
	size_t at = clause_at(sentence);
	return at < sentence->n && rf_token_is(&sentence->tokens[at], "att");
}

static char last_character(const struct ruling *ruling, const struct sentence *sentence)
{
	return block_of(ruling, sentence)->text[sentence->range.end - 1];
}

static bool has_token(const struct sentence *sentence, const char *words)
{
	for (size_t i = 0; i < sentence->n; i++)
		if (rf_token_in(&sentence->tokens[i], words))
			return true;
	return false;
}

/* "medlemskommunerna": their councils decide what a joint authority proposes. */
static bool is_members(const struct token *token)
{
	return rf_starts_with(token->word, "medlemskommun") || rf_starts_with(token->word, "förbundsmedlem");
}

/* The body that something is proposed to: the one named after the verb. */
static const char *target_of(const struct ruling *ruling, const struct sentence *sentence)
{
	bool verb = false;
	for (size_t i = 0; i < sentence->n; i++) {
		const struct token *token = &sentence->tokens[i];
		verb = verb || rf_token_in(token, "föreslår föreslå föreslog hemställer rekommenderar");
		if (verb && (is_members(token) || rf_is_body(token->word, token->size)))
			return rf_text_copy(ruling->search->call, token->word, token->size);
	}
	return NULL;
}

/* "Regionstyrelsen beslutar för egen del under förutsättning av regionfullmäktiges beslut", before a list. */
static bool is_for_itself(const struct sentence *sentence)
{
	enum { SHORT = 14 };
	return sentence->n <= SHORT && strstr(sentence->lower, "för egen del") &&
	       has_token(sentence, "beslutar beslutade") && !has_token(sentence, "att") &&
	       sentence->lower[strlen(sentence->lower) - 1] != '.';
}

/* Does the sentence only begin what the next ones say? */
static bool is_lead(const struct ruling *ruling, const struct sentence *sentence)
{
	const struct token *last = &sentence->tokens[sentence->n - 1];
	if (rf_token_in(last, "beslutar besluta beslutade beslöt att följande således sålunda härmed därmed"))
		return has_token(sentence, "beslutar besluta beslutade beslöt att följande");
	if (is_for_itself(sentence))
		return true;
	if (last_character(ruling, sentence) != ':' || is_listed(ruling, sentence))
		return false;
	return has_token(sentence, "beslutar besluta beslutade beslöt enligt enlighet föreslår beslut följande");
}

static void take_lead(struct ruling *ruling, const struct sentence *sentence)
{
	bool proposes = has_token(sentence, "föreslår föreslå hemställer rekommenderar");
	ruling->awaits = rf_token_in(&sentence->tokens[sentence->n - 1], "att beslutar besluta");
	if (rf_token_in(&sentence->tokens[0], "för egen del") || has_token(sentence, "egen"))
		proposes = false;
	ruling->proposes = proposes || ruling->section->proposes;
	ruling->target = proposes ? target_of(ruling, sentence) : ruling->section->target;
	ruling->as_proposed = ruling->as_proposed || has_token(sentence, "enligt enlighet");
}

static Referat__Outcome proposed_to(const char *target)
{
	bool council = target && (strstr(target, "fullmäktige") || strstr(target, "medlem"));
	return council ? REFERAT__OUTCOME__PROPOSED_TO_COUNCIL : REFERAT__OUTCOME__OTHER;
}

/* "Den motion som … avslås.": the verb at the end. */
static Referat__Outcome closing_outcome(const struct sentence *sentence)
{
	size_t from = sentence->n > CLOSING ? sentence->n - CLOSING : 0;
	for (size_t i = from; i < sentence->n; i++) {
		Referat__Outcome outcome;
		if (rf_verb_at(sentence->tokens, sentence->n, i, FORM_FINITE, &outcome))
			return i > 0 && rf_token_in(&sentence->tokens[i - 1], "inte ej") ? rf_outcome_negated(outcome)
											 : outcome;
	}
	return REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
}

/* Without "att", in a list below a lead that ends in it: "godkänna avtalet". */
static bool begins_with_infinitive(const struct sentence *sentence)
{
	Referat__Outcome outcome;
	size_t at = clause_at(sentence);
	return at < sentence->n && rf_verb_at(sentence->tokens, sentence->n, at, FORM_INFINITIVE, &outcome);
}

/* "att godkänna …", "att motionen avslås", "att förvaltningen får i uppdrag att …". */
static Referat__Outcome clause_outcome(const struct sentence *sentence, size_t *at)
{
	enum { NEAR = 5 };
	size_t from = clause_at(sentence) + is_clause(sentence);
	bool negated = false;
	for (size_t i = from; i < sentence->n && i < from + NEAR; i++) {
		Referat__Outcome outcome;
		negated = negated || rf_token_in(&sentence->tokens[i], "inte ej");
		*at = i;
		if (rf_verb_at(sentence->tokens, sentence->n, i, FORM_INFINITIVE, &outcome)) {
			outcome = rf_outcome_proposed(sentence, outcome);
			return negated ? rf_outcome_negated(outcome) : outcome;
		}
		if (!rf_token_in(&sentence->tokens[i], "inte ej även också för egen del med enligt"))
			break;
	}
	Referat__Outcome outcome = rf_outcome_first(sentence, from, FORM_FINITE, at);
	if (outcome == REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		outcome = closing_outcome(sentence);
	if (outcome == REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		outcome = rf_outcome_first(sentence, from, FORM_ANY, at);
	return outcome;
}

/* "Nämnden beslutar att godkänna …", "Motionen avslås.", "Förvaltningen får i uppdrag att …". */
static Referat__Outcome sentence_outcome(const struct sentence *sentence, size_t *at)
{
	for (size_t i = 0; i < sentence->n; i++)
		if (rf_token_in(&sentence->tokens[i], "beslutar beslutade beslöt")) {
			Referat__Outcome outcome =
			    rf_outcome_first(sentence, i + 1, FORM_INFINITIVE | FORM_PRESENT | FORM_NOUN, at);
			return outcome ? outcome : closing_outcome(sentence);
		}
	unsigned forms = FORM_FINITE | (has_token(sentence, "har") ? FORM_PERFECT : 0); /* "har tagit del av" */
	Referat__Outcome outcome = rf_outcome_first(sentence, clause_at(sentence), forms, at);
	return outcome ? outcome : closing_outcome(sentence);
}

/* Who proposes something to another body has decided no more than that. */
static void add_ruling(struct ruling *ruling, const struct sentence *sentence, Referat__Outcome outcome, size_t at)
{
	struct outcomes outcomes = {0};
	const char *target = ruling->target;
	bool proposes = ruling->proposes;
	bool own = outcome == REFERAT__OUTCOME__PROPOSED_TO_COUNCIL ||
		   (at < sentence->n && rf_token_in(&sentence->tokens[at], "föreslår föreslå"));
	if (own) {
		proposes = true;
		target = target_of(ruling, sentence);
	}
	if (proposes)
		rf_outcomes_add(&outcomes, proposed_to(target));
	else if (outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		rf_outcomes_add(&outcomes, outcome);
	else if (ruling->as_proposed)
		rf_outcomes_add(&outcomes, REFERAT__OUTCOME__APPROVED);
	bool goes_on = !proposes && outcome != REFERAT__OUTCOME__ASSIGNED && at < sentence->n;
	if (goes_on)
		rf_outcomes_add_further(sentence, at + 1, !is_clause(sentence), &outcomes);
	if (goes_on)
		rf_outcomes_add_further(sentence, at + 1, false, &outcomes);
	size_t before = ruling->search->decisions.n;
	rf_decision_add_all(ruling->search, sentence, &outcomes);
	for (size_t i = before; i < ruling->search->decisions.n && proposes; i++)
		((Referat__Decision *)ruling->search->decisions.items[i])->target = (char *)target;
}

/* ---- by reference ----------------------------------------------------------------------------------------------- */

/* The proposal that the decision means: the last one that stands below a label, of the body that is named. */
static const struct section *proposal_section(const struct ruling *ruling, const struct sentence *sentence)
{
	const struct section *found = NULL;
	const struct search *search = ruling->search;
	for (size_t i = 0; i < search->n_sections; i++) {
		const struct section *section = &search->sections[i];
		if (section->label != LABEL_PROPOSAL || section->from == section->to)
			continue;
		bool before = section < ruling->section;
		const char *caption = section->caption < search->item->n_blocks
					  ? referat_lower(search->call, search->item->blocks[section->caption]->text)
					  : "";
		bool named = false;
		for (size_t k = 0; k < sentence->n && !named; k++) {
			const struct token *token = &sentence->tokens[k];
			named = token->size > 6 && token->word[token->size - 1] == 's' &&
				memmem(caption, strlen(caption), token->word, token->size);
		}
		if (named)
			return section;
		if (before || !found)
			found = section;
	}
	return found;
}

/* Each clause of the proposal was decided. False: no proposal was found. */
static bool add_referred(struct ruling *ruling, const struct sentence *sentence)
{
	struct search *search = ruling->search;
	const struct section *section = proposal_section(ruling, sentence);
	size_t before = search->decisions.n;
	bool council = false;
	const char *target = NULL;
	for (size_t i = 0; section && i < search->sentences.n && search->decisions.n < MOST_DECISIONS; i++) {
		const struct sentence *proposal = search->sentences.items[i];
		if (proposal->block < section->from || proposal->block >= section->to)
			continue;
		if (is_lead(ruling, proposal)) {
			council = has_token(proposal, "föreslår föreslå") && has_token(proposal, "kommunfullmäktige");
			target = council ? "kommunfullmäktige" : NULL;
			continue;
		}
		size_t at = proposal->n;
		Referat__Outcome outcome =
		    is_clause(proposal) ? clause_outcome(proposal, &at) : sentence_outcome(proposal, &at);
		bool alone = section->to == section->from + 1 && proposal->range.start == 0;
		bool says = is_clause(proposal) || is_listed(ruling, proposal) || outcome || alone;
		if (!says)
			continue;
		if (!outcome && !has_token(proposal, "inte ej nej"))
			outcome = REFERAT__OUTCOME__APPROVED; /* it was decided as proposed */
		if (outcome == REFERAT__OUTCOME__PROPOSED_TO_COUNCIL)
			target = "kommunfullmäktige";
		rf_decision_add_by_reference(search, sentence, proposal,
					     council ? REFERAT__OUTCOME__PROPOSED_TO_COUNCIL : outcome);
		Referat__Decision *decision = search->decisions.items[search->decisions.n - 1];
		decision->target = decision->outcome == REFERAT__OUTCOME__PROPOSED_TO_COUNCIL ? (char *)target : NULL;
	}
	return search->decisions.n > before;
}

static bool is_reference(const struct ruling *ruling, const struct sentence *sentence)
{
	for (size_t i = 0; i < sentence->n; i++) {
		if (!rf_token_in(&sentence->tokens[i], "beslutar beslutade beslöt bifaller godkänner"))
			continue;
		if (rf_is_by_reference(ruling->search->meeting, sentence, i))
			return true;
	}
	return rf_token_in(&sentence->tokens[0], "enligt") && sentence->n <= 6 &&
	       has_token(sentence, "förslag förslaget");
}

static void add_reference(struct ruling *ruling, const struct sentence *sentence)
{
	if (!add_referred(ruling, sentence))
		rf_decision_add_by_reference(ruling->search, sentence, NULL, REFERAT__OUTCOME__OUTCOME_UNSPECIFIED);
}

/* ---- the section ------------------------------------------------------------------------------------------------- */

/* "Paragrafen förklaras omedelbart justerad.", "Sekreteraren genomför upprop.": no decisions about the matter. */
static bool is_formality(const struct sentence *sentence)
{
	static const char *const starts[] = {"paragrafen",       "protokollet under", "beslutet kan",
					     "beslutet gäller",  "beslutet vinner",   "ärendet avslutades",
					     "ledamöterna",      "reservation",       "omedelbar justering",
					     "punkten justeras", "denna paragraf"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (rf_starts_with(sentence->lower, starts[i]))
			return true;
	return has_token(sentence, "upprop") ||
	       (has_token(sentence, "justerad justerat") && has_token(sentence, "omedelbart"));
}

/* "Arbetsutskottet föreslog den 1 juni att …": another body's part in the matter. */
static bool tells_of_other(const struct ruling *ruling, const struct sentence *sentence)
{
	const struct token *first = &sentence->tokens[0];
	return sentence->n > 1 && rf_is_body(first->word, first->size) &&
	       !rf_is_own_body(ruling->search->meeting, first) &&
	       rf_token_in(&sentence->tokens[1], "föreslog föreslår beslutade beslöt har behandlade");
}

/* "Eva Ek (M) har i en motion föreslagit …", "Ordföranden finner att …": after the decision, how it came about. */
static bool is_discussion(const struct sentence *sentence)
{
	return has_token(sentence, "yrkar yrkade finner fann protokollsanteckning") ||
	       rf_starts_with(sentence->lower, "ordföranden konstaterar") ||
	       (rf_starts_with(sentence->lower, "ordförande") && has_token(sentence, "föreslår föreslog")) ||
	       (has_token(sentence, "har") && has_token(sentence, "föreslagit"));
}

/* Table rows, names, what is no sentence. */
static bool is_scrap(const struct ruling *ruling, const struct sentence *sentence)
{
	char last = last_character(ruling, sentence);
	bool sentence_like = last == '.' || last == ',' || last == ';' || sentence->n >= 5;
	return !sentence_like && !is_clause(sentence) && !is_listed(ruling, sentence);
}

/* "Uppdraget ska redovisas i maj.", "Uppdraget anses redovisat.": it says what shall be, though its verb is none that
 * we know. */
static bool rules(const struct ruling *ruling, const struct sentence *sentence)
{
	enum { NEAR = 4 };
	if (!ruling->search->meeting->minutes || rf_token_in(&sentence->tokens[0], "den det de detta dessa"))
		return false;
	for (size_t i = 1; i < sentence->n && i <= NEAR; i++)
		if (rf_token_in(&sentence->tokens[i], "ska skall anses förklaras"))
			return true;
	return false;
}

/* Behind the first sentence of an item of a list: "Avgiften är 9 800 kronor. Faktura skickas separat." */
static bool explains_item(const struct ruling *ruling, const struct sentence *sentence)
{
	Referat__BlockKind kind = block_of(ruling, sentence)->kind;
	return kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM && sentence->range.start > 0;
}

static void take_sentence(struct ruling *ruling, const struct sentence *sentence)
{
	size_t at = sentence->n;
	if (is_formality(sentence))
		return;
	if (is_lead(ruling, sentence)) {
		take_lead(ruling, sentence);
		if (has_token(sentence, "förslag förslaget") && has_token(sentence, "enligt enlighet"))
			ruling->reference = sentence;
		return;
	}
	if (last_character(ruling, sentence) == ':' && ruling->clauses > 0 && !is_clause(sentence)) {
		ruling->itemises = !sentence_outcome(sentence, &at);
		if (ruling->itemises)
			return;
	}
	bool opens = last_character(ruling, sentence) == ':' && ruling->clauses == 0 && !is_listed(ruling, sentence);
	if (opens && sentence_outcome(sentence, &at)) {
		add_ruling(ruling, sentence, sentence_outcome(sentence, &at), at);
		ruling->clauses++;
		ruling->itemises = true; /* "Nämnden remitterar förslagen att: …" */
		return;
	}
	ruling->itemises = ruling->itemises && is_listed(ruling, sentence) && !is_clause(sentence);
	if (ruling->itemises)
		return;
	if (is_reference(ruling, sentence)) {
		add_reference(ruling, sentence);
		ruling->clauses++;
		return;
	}
	bool first_of_all = ruling->clauses == 0 && sentence->block == ruling->section->from;
	bool listed = is_listed(ruling, sentence) || ((ruling->awaits || first_of_all) && sentence->range.start == 0);
	if (is_clause(sentence) || (listed && begins_with_infinitive(sentence))) {
		Referat__Outcome outcome = clause_outcome(sentence, &at);
		add_ruling(ruling, sentence, outcome, at);
		ruling->clauses++;
		return;
	}
	if (ruling->clauses > 0 && (is_discussion(sentence) || tells_of_other(ruling, sentence)))
		return;
	if (explains_item(ruling, sentence))
		return;
	Referat__Outcome outcome = sentence_outcome(sentence, &at);
	bool first = ruling->clauses == 0 && !is_scrap(ruling, sentence);
	if (!outcome && !is_listed(ruling, sentence) && !first && !rules(ruling, sentence))
		return;
	add_ruling(ruling, sentence, outcome, at);
	ruling->clauses++;
}

void rf_rulings_find(struct search *search, const struct section *section)
{
	struct ruling ruling = {
	    .search = search, .section = section, .proposes = section->proposes, .target = section->target};
	for (size_t i = 0; i < search->sentences.n && search->decisions.n < MOST_DECISIONS; i++) {
		const struct sentence *sentence = search->sentences.items[i];
		if (sentence->block >= section->from && sentence->block < section->to)
			take_sentence(&ruling, sentence);
	}
	if (ruling.reference && ruling.clauses == 0)
		add_reference(&ruling, ruling.reference);
}
