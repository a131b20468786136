/* The search for the decisions of an item: sentences (decisions.c), what they decide (outcomes.c), and those that stand
 * below a label (rulings.c). */
#ifndef REFERAT_SDK_DECISIONS_H
#define REFERAT_SDK_DECISIONS_H

#include "structure.h"

enum {
	MOST_OUTCOMES = 4,    /* of a sentence */
	MOST_DECISIONS = 500, /* of an item; a budget has a hundred */
};

struct sentence {
	unsigned block;
	struct referat_range range; /* in the block's text */
	const char *lower;
	const struct token *tokens;
	size_t n; /* of tokens, more than 0 */
	enum label label;
	bool proposal; /* somebody else proposes something */
};

struct search {
	struct referat_call *call;
	const struct meeting *meeting;
	Referat__Item *item;
	unsigned index;
	const struct section *sections;
	size_t n_sections;
	struct list sentences;
	struct list decisions;
};

/* ---- outcomes --------------------------------------------------------------------------------------------------- */

struct outcomes {
	Referat__Outcome list[MOST_OUTCOMES];
	size_t n;
};

Referat__Outcome rf_outcome_negated(Referat__Outcome outcome);

/* The first verb of decision from a token on; where it stands in *at (sentence->n: there is none). */
Referat__Outcome rf_outcome_first(const struct sentence *sentence, size_t from, unsigned forms, size_t *at);

/* What was noted and approved is approved; approved and adopted are one. */
void rf_outcomes_add(struct outcomes *outcomes, Referat__Outcome outcome);

/* Further outcomes: "… och gav förvaltningen i uppdrag att …", "… men att avslå …". */
void rf_outcomes_add_further(const struct sentence *sentence, size_t from, bool finite, struct outcomes *outcomes);

/* "föreslår" is a proposal to the council when the council is named. */
Referat__Outcome rf_outcome_proposed(const struct sentence *sentence, Referat__Outcome outcome);

/* Does the sentence say only "enligt förslaget", "förslaget", right after the verb? */
bool rf_is_by_reference(const struct meeting *meeting, const struct sentence *sentence, size_t verb);

/* What a proposal proposes; it was decided so. */
Referat__Outcome rf_outcome_of_proposal(const struct sentence *proposal);

/* What the proposal, which reads as text, is about, without who proposes it; NULL: it can't be told. */
char *rf_proposal_clause(struct referat_call *call, const struct sentence *proposal, const char *text);

/* ---- decisions -------------------------------------------------------------------------------------------------- */

Referat__Decision *rf_decision_add(struct search *search, const struct sentence *sentence, Referat__Outcome outcome);
void rf_decision_add_all(struct search *search, const struct sentence *sentence, const struct outcomes *outcomes);
void rf_decision_add_by_reference(struct search *search, const struct sentence *sentence,
				  const struct sentence *proposal, Referat__Outcome outcome);

/* Adds the decisions below the label of a section. */
void rf_rulings_find(struct search *search, const struct section *section);

#endif
