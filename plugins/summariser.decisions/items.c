/* The short form of each item: its outcomes, and its decisions, each as a sentence that stands alone. */
#include "summary.h"

#include <string.h>

static void add_outcome(Referat__SummaryItem *item, const Referat__Decision *decision)
{
	if (!decision->has_outcome)
		return;
	for (size_t i = 0; i < item->n_outcomes; i++)
		if (item->outcomes[i] == decision->outcome)
			return;
	item->outcomes[item->n_outcomes++] = decision->outcome;
}

/* One sentence may decide two things: it is told once. */
static void add_sentence(struct referat_call *call, Referat__SummaryItem *item, const char *text,
			 const Referat__Place *place)
{
	const char *last = item->n_sentences > 0 ? item->sentences[item->n_sentences - 1]->text : "";
	if (!text || !*text || strcmp(last, text) == 0)
		return;
	item->sentences[item->n_sentences++] = new_sentence(call, text, place);
}

/* What was proposed, as a sentence that stands alone. */
static const char *proposal_text(struct referat_call *call, const Referat__Decision *decision)
{
	if (!decision->resolved_clause)
		return decision->resolved_text;
	return referat_say(call, "view.proposal", "what", decision->resolved_clause, NULL);
}

static Referat__SummaryItem *make_item(struct referat_call *call, const Referat__Item *from, size_t index)
{
	Referat__SummaryItem *item = referat_alloc(call, sizeof(*item));
	referat__summary_item__init(item);
	item->heading = from->heading;
	item->has_item = true;
	item->item = (uint32_t)index;
	item->outcomes = referat_alloc(call, (from->n_decisions + 1) * sizeof(*item->outcomes));
	item->sentences = referat_alloc(call, (2 * from->n_decisions + 1) * sizeof(Referat__Sentence *));
	for (size_t i = 0; i < from->n_decisions; i++) {
		const Referat__Decision *decision = from->decisions[i];
		add_outcome(item, decision);
		add_sentence(call, item, decision_alone(call, from, decision), decision->place);
		if (decision->by_reference)
			add_sentence(call, item, proposal_text(call, decision), decision->resolved_place);
	}
	return item;
}

void items_make(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary)
{
	summary->items = referat_alloc(call, (document->n_items + 1) * sizeof(Referat__SummaryItem *));
	for (size_t i = 0; i < document->n_items; i++)
		summary->items[summary->n_items++] = make_item(call, document->items[i], i);
}
