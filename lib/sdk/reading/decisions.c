/* The decisions of an item: sentences in which the board does something at this meeting, wherever they stand, and what
 * stands below a label "Beslut". "Enligt förslaget" is resolved with the nearest proposal. */
#include "structure.h"

#include <string.h>

enum {
	MOST_OUTCOMES = 4,
	PERFECT = 5, /* words that may stand between "har" and its verb */
};

struct sentence {
	unsigned block;
	struct referat_range range; /* in the block's text */
	const char *lower;
	const struct token *tokens;
	size_t n;      /* of tokens, more than 0 */
	bool labelled; /* stands below the label "Beslut" */
	bool proposal; /* somebody else proposes something */
};

struct search {
	struct referat_call *call;
	const struct meeting *meeting;
	Referat__Item *item;
	unsigned index;
	struct list sentences;
	struct list decisions;
};

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

static void read_block(struct search *search, unsigned index, const char *text, bool labelled)
{
	const struct referat_range *ranges;
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
		sentence->labelled = labelled;
		sentence->proposal = !labelled && is_proposal(search->meeting, sentence);
		if (sentence->n > 0)
			rf_list_add(search->call, &search->sentences, sentence);
	}
}

static enum label label_of_block(const Referat__Block *block, const char *lower)
{
	struct referat_paragraph paragraph = {
	    .kind = REFERAT__BLOCK_KIND__PARAGRAPH, .text = block->text, .lower = lower};
	return rf_label_of(&paragraph);
}

static void read_blocks(struct search *search)
{
	bool labelled = false;
	for (size_t i = 0; i < search->item->n_blocks; i++) {
		const Referat__Block *block = search->item->blocks[i];
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING)
			labelled = label_of_block(block, referat_lower(search->call, block->text)) == LABEL_DECISION;
		else if (block->kind != REFERAT__BLOCK_KIND__LINK_LINE && block->kind != REFERAT__BLOCK_KIND__TABLE_ROW)
			read_block(search, (unsigned)i, block->text, labelled);
	}
}

/* ---- outcomes --------------------------------------------------------------------------------------------------- */

static Referat__Outcome negate(Referat__Outcome outcome)
{
	return outcome == REFERAT__OUTCOME__APPROVED || outcome == REFERAT__OUTCOME__ADOPTED
		   ? REFERAT__OUTCOME__REJECTED
		   : REFERAT__OUTCOME__OTHER;
}

/* "föreslår" is a proposal to the council when the council is named. */
static Referat__Outcome proposed(const struct sentence *sentence, Referat__Outcome outcome)
{
	if (outcome != REFERAT__OUTCOME__PROPOSED_TO_COUNCIL)
		return outcome;
	return strstr(sentence->lower, "fullmäktige") ? outcome : REFERAT__OUTCOME__OTHER;
}

/* The first verb of decision after a position; where it stands in *at. */
static Referat__Outcome first_outcome(const struct sentence *sentence, size_t from, unsigned forms, size_t *at)
{
	bool negated = false;
	for (size_t i = from; i < sentence->n; i++) {
		Referat__Outcome outcome;
		if (rf_token_in(&sentence->tokens[i], "som vilket vilken vilka"))
			break;
		negated = negated || rf_token_in(&sentence->tokens[i], "inte ej");
		if (rf_verb_at(sentence->tokens, sentence->n, i, forms, &outcome)) {
			*at = i;
			outcome = proposed(sentence, outcome);
			return negated ? negate(outcome) : outcome;
		}
	}
	*at = sentence->n;
	return REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
}

struct outcomes {
	Referat__Outcome list[MOST_OUTCOMES];
	size_t n;
};

static bool is_yes(Referat__Outcome outcome)
{
	return outcome == REFERAT__OUTCOME__APPROVED || outcome == REFERAT__OUTCOME__ADOPTED;
}

/* What was noted and approved is approved; approved and adopted are one. */
static void add_outcome(struct outcomes *outcomes, Referat__Outcome outcome)
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

/* Further outcomes: "… och gav förvaltningen i uppdrag att …", "… men att avslå …". */
static void add_further(const struct sentence *sentence, size_t from, bool finite, struct outcomes *outcomes)
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
		unsigned forms = finite ? FORM_PAST : FORM_INFINITIVE;
		if (verb >= sentence->n || !rf_verb_at(sentence->tokens, sentence->n, verb, forms, &outcome))
			continue;
		if (finite || clause || outcome == REFERAT__OUTCOME__ASSIGNED)
			add_outcome(outcomes, negated ? negate(outcome) : proposed(sentence, outcome));
	}
}

/* ---- by reference ----------------------------------------------------------------------------------------------- */

/* Does the sentence say only "enligt förslaget", "förslaget", right after the verb? */
static bool is_by_reference(const struct meeting *meeting, const struct sentence *sentence, size_t verb)
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
		for (size_t i = at + 1; i < sentence->n && i <= at + 5; i++)
			if (rf_token_in(&tokens[i], "förslaget förslag"))
				return true;
		return false;
	}
	for (size_t i = at; i < sentence->n && i <= at + 1; i++)
		if (rf_token_in(&tokens[i], "förslaget förslag"))
			return i + 1 == sentence->n || rf_token_in(&tokens[i + 1], "och enhälligt men");
	return false;
}

/* What a proposal proposes; it was decided so. A proposal whose verb we don't know was approved, unless it says no. */
static Referat__Outcome outcome_of_proposal(const struct sentence *proposal)
{
	size_t verb = 0;
	while (verb < proposal->n &&
	       !rf_token_in(&proposal->tokens[verb], "föreslår föreslog föreslagit föreslås innebär är"))
		verb++;
	if (verb == proposal->n)
		verb = 0;
	size_t at;
	Referat__Outcome outcome =
	    first_outcome(proposal, verb + 1, FORM_INFINITIVE | FORM_NOUN | FORM_PRESENT | FORM_PERFECT, &at);
	if (outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		return outcome;
	for (size_t i = verb; i < proposal->n; i++)
		if (rf_token_in(&proposal->tokens[i], "inte ej nej"))
			return REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
	return REFERAT__OUTCOME__APPROVED;
}

/* ---- decisions -------------------------------------------------------------------------------------------------- */

static Referat__Place *place_of(const struct search *search, const struct sentence *sentence)
{
	const Referat__Block *block = search->item->blocks[sentence->block];
	Referat__Place *place = referat_alloc(search->call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"document";
	place->has_item = place->has_block = place->has_start = place->has_end = true;
	place->item = search->index;
	place->block = sentence->block;
	place->start = (uint32_t)sentence->range.start;
	place->end = (uint32_t)sentence->range.end;
	if (block->place && block->place->has_line) {
		place->has_line = true;
		place->line = block->place->line;
	}
	return place;
}

static char *text_of(const struct search *search, const struct sentence *sentence)
{
	const char *text = search->item->blocks[sentence->block]->text;
	return rf_text_copy(search->call, text + sentence->range.start, sentence->range.end - sentence->range.start);
}

static Referat__Decision *add_decision(struct search *search, const struct sentence *sentence, Referat__Outcome outcome)
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

static void add_by_reference(struct search *search, const struct sentence *sentence, const struct sentence *proposal,
			     Referat__Outcome outcome)
{
	if (outcome == REFERAT__OUTCOME__OUTCOME_UNSPECIFIED && proposal)
		outcome = outcome_of_proposal(proposal);
	Referat__Decision *decision = add_decision(search, sentence, outcome);
	decision->has_by_reference = true;
	decision->by_reference = true;
	if (proposal) {
		decision->resolved_text = text_of(search, proposal);
		decision->resolved_place = place_of(search, proposal);
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
		add_decision(search, sentence, first_outcome(sentence, 0, forms, &where));
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
	if (rf_verb_at(tokens, n, at, FORM_PASSIVE, outcome) && rf_own_passive(meeting, tokens, n, at))
		return DOES;
	return NO_DECISION;
}

static void add_outcomes(struct search *search, const struct sentence *sentence, const struct outcomes *outcomes)
{
	if (outcomes->n == 0)
		add_decision(search, sentence, REFERAT__OUTCOME__OUTCOME_UNSPECIFIED);
	for (size_t i = 0; i < outcomes->n; i++)
		add_decision(search, sentence, outcomes->list[i]);
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
	if (is_by_reference(search->meeting, sentence, verb)) {
		bool plain = kind == DECIDES || outcome == REFERAT__OUTCOME__APPROVED;
		add_by_reference(search, sentence, proposal_for(search, proposal, at),
				 plain ? REFERAT__OUTCOME__OUTCOME_UNSPECIFIED : outcome);
		return;
	}
	size_t from = verb;
	if (kind == DOES)
		add_outcome(&outcomes, proposed(sentence, outcome));
	else
		outcome = first_outcome(sentence, verb + 1, FORM_INFINITIVE | FORM_PRESENT | FORM_NOUN, &from);
	if (kind == DECIDES && outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		add_outcome(&outcomes, outcome);
	if (from < sentence->n) {
		add_further(sentence, from + 1, true, &outcomes);
		if (kind == DECIDES)
			add_further(sentence, from + 1, false, &outcomes);
	}
	add_outcomes(search, sentence, &outcomes);
}

/* Below a label "Beslut" every sentence decides, but for one that only begins ("Nämnden beslutar"), and what is no
 * sentence (a page's furniture, a cell of a table). */
static void add_labelled(struct search *search, const struct sentence *sentence)
{
	const struct token *last = &sentence->tokens[sentence->n - 1];
	const char *text = search->item->blocks[sentence->block]->text;
	bool whole = text[sentence->range.end - 1] == '.' || rf_token_is(&sentence->tokens[0], "att");
	if (rf_token_in(last, "beslutar beslutade att följande") || !whole)
		return;
	size_t at;
	struct outcomes outcomes = {0};
	unsigned forms = FORM_INFINITIVE | FORM_PAST | FORM_PASSIVE | FORM_PRESENT | FORM_PERFECT;
	Referat__Outcome outcome = first_outcome(sentence, 0, forms, &at);
	if (outcome != REFERAT__OUTCOME__OUTCOME_UNSPECIFIED)
		add_outcome(&outcomes, outcome);
	add_outcomes(search, sentence, &outcomes);
}

static size_t search_sentence(struct search *search, size_t at, const struct sentence *proposal)
{
	const struct sentence *sentence = search->sentences.items[at];
	if (sentence->labelled) {
		add_labelled(search, sentence);
		return 0;
	}
	for (size_t i = 0; i < sentence->n; i++) {
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

void rf_decisions_find(struct referat_call *call, const struct meeting *meeting, Referat__Item *item, unsigned index)
{
	struct search search = {.call = call, .meeting = meeting, .item = item, .index = index};
	read_blocks(&search);
	const struct sentence *proposal = NULL;
	for (size_t at = 0; at < search.sentences.n; at++) {
		const struct sentence *sentence = search.sentences.items[at];
		if (sentence->proposal)
			proposal = sentence;
		at += search_sentence(&search, at, proposal);
	}
	item->decisions = (Referat__Decision **)search.decisions.items;
	item->n_decisions = search.decisions.n;
}
