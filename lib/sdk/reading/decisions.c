/* The decisions of an item: what stands below a label "Beslut" (rulings.c); where there is none, the sentences in which
 * the board does something at this meeting, wherever they stand. "Enligt förslaget" is resolved with the nearest
 * proposal. */
#include "decisions.h"

#include <string.h>

enum { PERFECT = 5 /* words that may stand between "har" and its verb */ };

/* ---- sentences -------------------------------------------------------------------------------------------------- */

static bool is_proposal(const struct meeting *meeting, const struct sentence *sentence)
{
	for (size_t i = 0; i < sentence->n; i++) {
		const struct token *token = &sentence->tokens[i];
		if (rf_token_in(token, "föreslår föreslog föreslagit föreslås") &&
		    !rf_own_subject(meeting, sentence->tokens, sentence->n, i))
			return true;
		if (rf_token_in(token, "förslaget förslag") && i + 1 < sentence->n &&
		    rf_token_in(&sentence->tokens[i + 1], "innebär är går om"))
			return true;
	}
	return false;
}

static bool proposes(enum label label)
{
	return label == LABEL_PROPOSAL || label == LABEL_MOTION;
}

static void read_block(struct search *search, unsigned index, enum label label)
{
	const struct referat_range *ranges;
	const char *text = search->item->blocks[index]->text;
	size_t n = referat_sentences(search->call, text, &ranges);
	const char *lower = referat_lower(search->call, text);
	for (size_t i = 0; i < n; i++) {
		struct sentence *sentence = referat_alloc(search->call, sizeof(*sentence));
		size_t size = ranges[i].end - ranges[i].start;
		sentence->block = index;
		sentence->range = ranges[i];
		sentence->lower = rf_text_copy(search->call, lower + ranges[i].start, size);
		struct token tokens[MOST_TOKENS];
		sentence->n = rf_tokens_read(sentence->lower, size, tokens);
		sentence->tokens = memcpy(referat_alloc(search->call, sizeof(tokens[0]) * (sentence->n + 1)), tokens,
					  sizeof(tokens[0]) * sentence->n);
		sentence->label = label;
		sentence->proposal =
		    proposes(label) || (label != LABEL_DECISION && is_proposal(search->meeting, sentence));
		if (sentence->n > 0)
			rf_list_add(search->call, &search->sentences, sentence);
	}
}

static void read_sections(struct search *search)
{
	for (size_t k = 0; k < search->n_sections; k++)
		for (size_t i = search->sections[k].from; i < search->sections[k].to; i++) {
			Referat__BlockKind kind = search->item->blocks[i]->kind;
			if (kind != REFERAT__BLOCK_KIND__SUBHEADING && kind != REFERAT__BLOCK_KIND__LINK_LINE &&
			    kind != REFERAT__BLOCK_KIND__TABLE_ROW)
				read_block(search, (unsigned)i, search->sections[k].label);
		}
}

/* ---- decisions -------------------------------------------------------------------------------------------------- */

static Referat__Place *place_of(const struct search *search, const struct sentence *sentence)
{
	return rf_place_in_block(search->call, search->item, search->index, sentence->block, sentence->range);
}

static char *text_of(const struct search *search, const struct sentence *sentence)
{
	const char *text = search->item->blocks[sentence->block]->text;
	return rf_text_copy(search->call, text + sentence->range.start, sentence->range.end - sentence->range.start);
}

Referat__Decision *rf_decision_add(struct search *search, const struct sentence *sentence, Referat__Outcome outcome)
{
	Referat__Decision *decision = referat_alloc(search->call, sizeof(*decision));
	referat__decision__init(decision);
	decision->text = text_of(search, sentence);
	decision->place = place_of(search, sentence);
	if (outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED) {
		decision->has_outcome = true;
		decision->outcome = outcome;
	}
	rf_list_add(search->call, &search->decisions, decision);
	return decision;
}

void rf_decision_add_by_reference(struct search *search, const struct sentence *sentence,
				  const struct sentence *proposal, Referat__Outcome outcome)
{
	if (outcome == REFERAT__OUTCOME__OUTCOME_UNSPECIFIED && proposal)
		outcome = rf_outcome_of_proposal(proposal);
	Referat__Decision *decision = rf_decision_add(search, sentence, outcome);
	decision->has_by_reference = true;
	decision->by_reference = true;
	if (proposal) {
		decision->resolved_text = text_of(search, proposal);
		decision->resolved_place = place_of(search, proposal);
		decision->resolved_clause = rf_proposal_clause(search->call, proposal, decision->resolved_text);
	}
}

/* "Nämnden beslutade att:" followed by a list: each of its items is a decision. Returns how many were taken. */
static size_t add_list(struct search *search, size_t at)
{
	const struct sentence *intro = search->sentences.items[at];
	const char *text = search->item->blocks[intro->block]->text;
	if (text[intro->range.end] != '\0' || text[intro->range.end - 1] != ':')
		return 0;
	size_t taken = 0;
	unsigned last = intro->block;
	for (size_t i = at + 1; i < search->sentences.n; i++) {
		const struct sentence *sentence = search->sentences.items[i];
		Referat__BlockKind kind = search->item->blocks[sentence->block]->kind;
		if (kind != REFERAT__BLOCK_KIND__LIST_ITEM && kind != REFERAT__BLOCK_KIND__NUMBERED_ITEM)
			break;
		taken++;
		if (sentence->block == last)
			continue; /* what follows the first sentence explains it */
		last = sentence->block;
		size_t where;
		unsigned forms = FORM_INFINITIVE | FORM_PAST | FORM_PRESENT;
		rf_decision_add(search, sentence, rf_outcome_first(sentence, 0, forms, &where));
	}
	return taken;
}

enum verb_kind { NO_DECISION, DECIDES, DOES };

/* Stands one of the words among the tokens [from, to)? */
static bool is_near(const struct sentence *sentence, size_t from, size_t to, const char *words)
{
	for (size_t i = from; i < to && i < sentence->n; i++)
		if (rf_token_in(&sentence->tokens[i], words))
			return true;
	return false;
}

/* "beslutade", "har nämnden beslutat", "tog bland annat beslut": the matter stands in what follows. */
static bool is_decide(const struct sentence *sentence, size_t at, bool has)
{
	const struct token *token = &sentence->tokens[at];
	return rf_token_in(token, "beslutade beslöt beslutar") || (has && rf_token_is(token, "beslutat")) ||
	       (rf_token_in(token, "fattade tog fattat fattar") &&
		is_near(sentence, at + 1, at + 5, "beslut beslutet"));
}

/* "Till justerare utses Eva Exempel.": so minutes write what was decided, before any label. */
static bool is_minuted(const struct meeting *meeting, const struct sentence *sentence, size_t at)
{
	enum { SHORT = 16 };
	const struct token *token = &sentence->tokens[at];
	return meeting->minutes && sentence->label == LABEL_NONE && !sentence->proposal && sentence->n <= SHORT &&
	       token->word[token->size - 1] == 's';
}

/* "Det lämnas ingen information.", "Inga frågor anmäldes.": nothing was done. */
static bool is_nothing(const struct sentence *sentence, size_t at)
{
	enum { NEAR = 3 };
	return is_near(sentence, at > NEAR ? at - NEAR : 0, at + NEAR, "ingen inget inga");
}

/* Does the board decide with the verb at tokens[at]? DECIDES: "beslutade", and what stands after it; DOES: the verb
 * says it itself, with the outcome. */
static enum verb_kind deciding_verb(const struct search *search, const struct sentence *sentence, size_t at,
				    Referat__Outcome *outcome)
{
	const struct meeting *meeting = search->meeting;
	const struct token *tokens = sentence->tokens;
	size_t n = sentence->n;
	bool has = is_near(sentence, at > PERFECT ? at - PERFECT : 0, at, "har");
	if (is_decide(sentence, at, has) && (at == 0 || rf_own_subject(meeting, tokens, n, at)))
		return DECIDES;
	if (rf_token_is(&tokens[at], "beslutades") && rf_own_passive(meeting, tokens, n, at))
		return DECIDES;
	bool named = at > 0 && rf_is_own_body(meeting, &tokens[at - 1]); /* "Nämnden föreslår" */
	unsigned active = FORM_PAST | (has ? FORM_PERFECT : 0) | (named ? FORM_PRESENT : 0);
	if (rf_verb_at(tokens, n, at, active, outcome) && rf_own_subject(meeting, tokens, n, at))
		return DOES;
	if (rf_token_is(&tokens[at], "föreslår") && rf_own_subject(meeting, tokens, n, at)) {
		*outcome = REFERAT__OUTCOME__PROPOSED_TO_COUNCIL;
		return DOES;
	}
	if (is_nothing(sentence, at))
		return NO_DECISION;
	if (rf_verb_at(tokens, n, at, FORM_PASSIVE, outcome) && rf_own_passive(meeting, tokens, n, at))
		return DOES;
	if (is_minuted(meeting, sentence, at) && rf_verb_at(tokens, n, at, FORM_PRESENT, outcome) &&
	    rf_own_passive(meeting, tokens, n, at))
		return DOES;
	return NO_DECISION;
}

void rf_decision_add_all(struct search *search, const struct sentence *sentence, const struct outcomes *outcomes)
{
	if (outcomes->n == 0)
		rf_decision_add(search, sentence, REFERAT__OUTCOME__OUTCOME_UNSPECIFIED);
	for (size_t i = 0; i < outcomes->n; i++)
		rf_decision_add(search, sentence, outcomes->list[i]);
}

/* The proposal that "förslaget" means: the last before the decision (the same sentence counts), else the next. */
static const struct sentence *proposal_for(const struct search *search, const struct sentence *before, size_t at)
{
	if (before)
		return before;
	enum { NEAR = 20 };
	for (size_t i = at + 1; i < search->sentences.n && i <= at + NEAR; i++) {
		const struct sentence *sentence = search->sentences.items[i];
		if (sentence->proposal)
			return sentence;
	}
	return NULL;
}

/* Adds what the verb at tokens[verb] decides. */
static void add_found(struct search *search, size_t at, size_t verb, enum verb_kind kind, Referat__Outcome outcome,
		      const struct sentence *proposal)
{
	const struct sentence *sentence = search->sentences.items[at];
	struct outcomes outcomes = {0};
	if (rf_is_by_reference(search->meeting, sentence, verb)) {
		bool plain = kind == DECIDES || outcome == REFERAT__OUTCOME__APPROVED;
		rf_decision_add_by_reference(search, sentence, proposal_for(search, proposal, at),
					     plain ? REFERAT__OUTCOME__OUTCOME_UNSPECIFIED : outcome);
		return;
	}
	size_t from = verb;
	if (kind == DOES)
		rf_outcomes_add(&outcomes, rf_outcome_proposed(sentence, outcome));
	else
		outcome = rf_outcome_first(sentence, verb + 1, FORM_INFINITIVE | FORM_PRESENT | FORM_NOUN, &from);
	if (kind == DECIDES && outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		rf_outcomes_add(&outcomes, outcome);
	if (from < sentence->n) {
		rf_outcomes_add_further(sentence, from + 1, true, &outcomes);
		if (kind == DECIDES)
			rf_outcomes_add_further(sentence, from + 1, false, &outcomes);
	}
	rf_decision_add_all(search, sentence, &outcomes);
}

/* May the section tell, without a label "Beslut", what was decided? */
static bool is_searched(enum label label)
{
	return label == LABEL_NONE || label == LABEL_BACKGROUND || label == LABEL_DECISION;
}

static size_t search_sentence(struct search *search, size_t at, const struct sentence *proposal)
{
	const struct sentence *sentence = search->sentences.items[at];
	for (size_t i = 0; i < sentence->n && is_searched(sentence->label); i++) {
		Referat__Outcome outcome = REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
		enum verb_kind kind = deciding_verb(search, sentence, i, &outcome);
		if (kind == NO_DECISION ||
		    rf_is_earlier(search->meeting, sentence->lower, sentence->tokens, sentence->n, i))
			continue;
		size_t taken = kind == DECIDES ? add_list(search, at) : 0;
		if (taken == 0)
			add_found(search, at, i, kind, outcome, proposal);
		return taken;
	}
	return 0;
}

static void search_sentences(struct search *search)
{
	const struct sentence *proposal = NULL;
	for (size_t at = 0; at < search->sentences.n && search->decisions.n < MOST_DECISIONS; at++) {
		const struct sentence *sentence = search->sentences.items[at];
		if (sentence->proposal)
			proposal = sentence;
		at += search_sentence(search, at, proposal);
	}
}

void rf_decisions_find(struct referat_call *call, const struct meeting *meeting, Referat__Item *item, unsigned index,
		       const struct section *sections, size_t n_sections)
{
	struct search search = {.call = call,
				.meeting = meeting,
				.item = item,
				.index = index,
				.sections = sections,
				.n_sections = n_sections};
	read_sections(&search);
	for (size_t i = 0; i < n_sections; i++)
		if (sections[i].label == LABEL_DECISION)
			rf_rulings_find(&search, &sections[i]);
	if (search.decisions.n == 0)
		search_sentences(&search);
	item->decisions = (Referat__Decision **)search.decisions.items;
	item->n_decisions = search.decisions.n;
}
