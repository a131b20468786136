/* The summary of minutes as a document: the items that it tells of, in its words, with the numbers they have in the
 * minutes. */
#include <referat/message.h>
#include <referat/view.h>

#include <string.h>

static Referat__Block *new_block(struct referat_call *call, const Referat__Sentence *sentence)
{
	Referat__Block *block = referat_alloc(call, sizeof(*block));
	referat__block__init(block);
	block->has_kind = true;
	block->kind = REFERAT__BLOCK_KIND__PARAGRAPH;
	block->text = sentence->text;
	return block;
}

static Referat__Block **new_blocks(struct referat_call *call, size_t n, Referat__Sentence **sentences)
{
	Referat__Block **blocks = referat_alloc(call, (n + 1) * sizeof(Referat__Block *));
	for (size_t i = 0; i < n; i++)
		blocks[i] = new_block(call, sentences[i]);
	return blocks;
}

/* Outcomes belong to the item: they stand with its first sentence, the others with what they say. */
static Referat__Decision *new_decision(struct referat_call *call, const Referat__SummaryItem *item, size_t index)
{
	Referat__Decision *decision = referat_alloc(call, sizeof(*decision));
	referat__decision__init(decision);
	size_t at = index < item->n_sentences ? index : item->n_sentences - 1;
	decision->text = item->sentences[at]->text;
	decision->has_outcome = index < item->n_outcomes;
	decision->outcome = decision->has_outcome ? item->outcomes[index] : REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
	return decision;
}

static Referat__Item *new_item(struct referat_call *call, const Referat__SummaryItem *from, const Referat__Item *item)
{
	Referat__Item *own = referat_alloc(call, sizeof(*own));
	referat__item__init(own);
	own->heading = from->heading;
	own->number = item->number;
	own->case_number = item->case_number;
	size_t n = from->n_sentences > 0 && from->n_outcomes > from->n_sentences ? from->n_outcomes : from->n_sentences;
	own->decisions = referat_alloc(call, (n + 1) * sizeof(Referat__Decision *));
	for (size_t i = 0; i < n; i++)
		own->decisions[own->n_decisions++] = new_decision(call, from, i);
	own->blocks = new_blocks(call, from->n_background, from->background);
	own->n_blocks = from->n_background;
	return own;
}

const Referat__Document *referat_shown(struct referat_call *call, const Referat__Document *document)
{
	const Referat__Summary *summary = referat_unpack(call, "summary", &referat__summary__descriptor);
	if (document->kind != REFERAT__KIND__MINUTES || !summary || !summary->generated)
		return document;
	Referat__Document *own = referat_alloc(call, sizeof(*own));
	*own = *document;
	own->kind = REFERAT__KIND__SUMMARY;
	own->title = summary->title && *summary->title ? summary->title : document->title;
	own->lead = new_blocks(call, summary->n_lead, summary->lead);
	own->n_lead = summary->n_lead;
	own->items = referat_alloc(call, (summary->n_items + 1) * sizeof(Referat__Item *));
	own->n_items = 0;
	for (size_t i = 0; i < summary->n_items; i++)
		if (summary->items[i]->item < document->n_items)
			own->items[own->n_items++] =
			    new_item(call, summary->items[i], document->items[summary->items[i]->item]);
	return own;
}
