/* What a sentence decides, by its verbs. */
#include "decisions.h"

#include <string.h>

Referat__Outcome rf_outcome_negated(Referat__Outcome outcome)
{
	return outcome == REFERAT__OUTCOME__APPROVED || outcome == REFERAT__OUTCOME__ADOPTED
		   ? REFERAT__OUTCOME__REJECTED
		   : REFERAT__OUTCOME__OTHER;
}

Referat__Outcome rf_outcome_proposed(const struct sentence *sentence, Referat__Outcome outcome)
{
	if (outcome != REFERAT__OUTCOME__PROPOSED_TO_COUNCIL)
		return outcome;
	bool council = strstr(sentence->lower, "fullmäktige") || strstr(sentence->lower, "medlemskommun");
	return council ? outcome : REFERAT__OUTCOME__OTHER;
}

/* "att inte godkänna", not "att inte behöva … godkänns": the verb that is denied stands near, in the same clause. */
static bool is_negated(const struct sentence *sentence, size_t from, size_t verb)
{
	enum { NEAR = 2 };
	for (size_t i = verb; i > from && verb - i < NEAR; i--) {
		if (rf_token_in(&sentence->tokens[i - 1], "inte ej"))
			return true;
		if (rf_token_in(&sentence->tokens[i - 1], "att om för"))
			return false;
	}
	return false;
}

/* "ej beviljade underskott", "de godkända planerna": a verb that only describes. */
static bool is_attribute(const struct sentence *sentence, size_t verb, unsigned forms)
{
	Referat__Outcome outcome;
	bool other = rf_verb_at(sentence->tokens, sentence->n, verb, forms & ~(unsigned)FORM_PAST, &outcome);
	return !other && verb > 0 &&
	       rf_token_in(&sentence->tokens[verb - 1], "ej de den det tidigare redan redovisade nu");
}

Referat__Outcome rf_outcome_first(const struct sentence *sentence, size_t from, unsigned forms, size_t *at)
{
	for (size_t i = from; i < sentence->n; i++) {
		Referat__Outcome outcome;
		if (rf_token_in(&sentence->tokens[i], "som vilket vilken vilka innan förrän"))
			break;
		if (rf_verb_at(sentence->tokens, sentence->n, i, forms, &outcome) &&
		    !is_attribute(sentence, i, forms)) {
			*at = i;
			outcome = rf_outcome_proposed(sentence, outcome);
			return is_negated(sentence, from, i) ? rf_outcome_negated(outcome) : outcome;
		}
	}
	*at = sentence->n;
	return REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
}

static bool is_yes(Referat__Outcome outcome)
{
	return outcome == REFERAT__OUTCOME__APPROVED || outcome == REFERAT__OUTCOME__ADOPTED;
}

void rf_outcomes_add(struct outcomes *outcomes, Referat__Outcome outcome)
{
	for (size_t i = 0; i < outcomes->n; i++) {
		Referat__Outcome *there = &outcomes->list[i];
		if (*there == outcome || outcome == REFERAT__OUTCOME__NOTED || (is_yes(*there) && is_yes(outcome)))
			return;
		if (*there == REFERAT__OUTCOME__NOTED) {
			*there = outcome;
			return;
		}
	}
	if (outcomes->n < MOST_OUTCOMES)
		outcomes->list[outcomes->n++] = outcome;
}

void rf_outcomes_add_further(const struct sentence *sentence, size_t from, bool finite, struct outcomes *outcomes)
{
	for (size_t i = from; i + 1 < sentence->n; i++) {
		if (!rf_token_in(&sentence->tokens[i], "och samt men"))
			continue;
		size_t verb = i + 1;
		bool clause = false; /* "att" or "inte" says that an infinitive is the board's, too */
		bool negated = false;
		while (verb < sentence->n && verb <= i + 3 &&
		       rf_token_in(&sentence->tokens[verb], "att inte även också dessutom sedan därmed")) {
			clause = clause || rf_token_in(&sentence->tokens[verb], "att");
			negated = negated || rf_token_in(&sentence->tokens[verb], "inte");
			verb++;
		}
		Referat__Outcome outcome;
		unsigned forms = finite ? FORM_PAST | FORM_PRESENT : FORM_INFINITIVE;
		if (verb >= sentence->n || !rf_verb_at(sentence->tokens, sentence->n, verb, forms, &outcome))
			continue;
		if (finite || clause || outcome == REFERAT__OUTCOME__ASSIGNED)
			rf_outcomes_add(outcomes,
					negated ? rf_outcome_negated(outcome) : rf_outcome_proposed(sentence, outcome));
	}
}

/* ---- by reference ----------------------------------------------------------------------------------------------- */

/* "enligt Eva Eks (S) förslag att återremittera ärendet": what was proposed is said. */
static bool says_itself(const struct sentence *sentence, size_t from)
{
	enum { NEAR = 5 };
	Referat__Outcome outcome;
	for (size_t i = from; i + 1 < sentence->n && i <= from + NEAR; i++)
		if (rf_token_is(&sentence->tokens[i], "att"))
			return rf_verb_at(sentence->tokens, sentence->n, i + 1, FORM_INFINITIVE, &outcome);
	return false;
}

bool rf_is_by_reference(const struct meeting *meeting, const struct sentence *sentence, size_t verb)
{
	const struct token *tokens = sentence->tokens;
	size_t at = verb + 1;
	while (at < sentence->n && at <= verb + 6 &&
	       (rf_is_own_body(meeting, &tokens[at]) ||
		rf_token_in(&tokens[at], "att enhälligt också därför i ett och bifalla godkänna") ||
		tokens[at].word[tokens[at].size - 1] == '-'))
		at++;
	if (at >= sentence->n)
		return false;
	if (rf_token_in(&tokens[at], "enligt enlighet")) {
		enum { NAMED = 8 }; /* "enligt barn- och utbildningsförvaltningens förslag" */
		for (size_t i = at + 1; i < sentence->n && i <= at + NAMED; i++)
			if (rf_token_in(&tokens[i], "förslaget förslag"))
				return !says_itself(sentence, i + 1);
		return false;
	}
	for (size_t i = at; i < sentence->n && i <= at + 1; i++)
		if (rf_token_in(&tokens[i], "förslaget förslag"))
			return i + 1 == sentence->n || rf_token_in(&tokens[i + 1], "och enhälligt men");
	return false;
}

/* A proposal whose verb we don't know was approved, unless it says no. */
Referat__Outcome rf_outcome_of_proposal(const struct sentence *proposal)
{
	size_t verb = 0;
	while (verb < proposal->n &&
	       !rf_token_in(&proposal->tokens[verb], "föreslår föreslog föreslagit föreslås innebär är"))
		verb++;
	if (verb == proposal->n)
		verb = 0;
	size_t at;
	Referat__Outcome outcome =
	    rf_outcome_first(proposal, verb + 1, FORM_INFINITIVE | FORM_NOUN | FORM_PRESENT | FORM_PERFECT, &at);
	if (outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		return outcome;
	for (size_t i = verb; i < proposal->n; i++)
		if (rf_token_in(&proposal->tokens[i], "inte ej nej"))
			return REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
	return REFERAT__OUTCOME__APPROVED;
}
