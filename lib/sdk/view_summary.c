/* The summary of minutes as a document: the items that it tells of, in its words, with the numbers they have in the
 * minutes. */
#include <referat/message.h>
#include <referat/people.h>
#include <referat/view.h>

#include <string.h>

static Referat__Block *new_block(struct referat_call *call, const Referat__Sentence *sentence, Referat__BlockKind kind)
{
	Referat__Block *block = referat_alloc(call, sizeof(*block));
	referat__block__init(block);
	block->has_kind = true;
	block->kind = kind;
	block->text = sentence->text;
	return block;
}

/* What a sentence decides stands with it, once where several in a row decide the same. */
static Referat__Decision *new_decision(struct referat_call *call, const Referat__Sentence *sentence,
				       const Referat__Sentence *before)
{
	Referat__Decision *decision = referat_alloc(call, sizeof(*decision));
	referat__decision__init(decision);
	decision->text = sentence->text;
	decision->has_outcome =
	    sentence->has_outcome && !(before && before->has_outcome && before->outcome == sentence->outcome);
	decision->outcome = decision->has_outcome ? sentence->outcome : REFERAT__OUTCOME__OUTCOME_UNSPECIFIED;
	return decision;
}

static bool is_of_one_paragraph(const Referat__Sentence *one, const Referat__Sentence *other)
{
	return one->place && other->place && one->place->has_block && other->place->has_block &&
	       one->place->item == other->place->item && one->place->block == other->place->block;
}

/* Sentences that stand in one paragraph of the minutes stand in one here. */
static void add_background(struct referat_call *call, Referat__Item *own, const Referat__SummaryItem *from)
{
	for (size_t i = 0; i < from->n_background; i++) {
		const Referat__Sentence *sentence = from->background[i];
		if (i == 0 || !is_of_one_paragraph(from->background[i - 1], sentence)) {
			own->blocks[own->n_blocks++] = new_block(call, sentence, REFERAT__BLOCK_KIND__PARAGRAPH);
			continue;
		}
		Referat__Block *last = own->blocks[own->n_blocks - 1];
		last->text = (char *)referat_format(call, "%s %s", last->text, sentence->text);
	}
}

/* The points are a list, behind what explains the decision. */
static void add_blocks(struct referat_call *call, Referat__Item *own, const Referat__SummaryItem *from)
{
	own->blocks = referat_alloc(call, (from->n_background + from->n_points + 1) * sizeof(Referat__Block *));
	add_background(call, own, from);
	for (size_t i = 0; i < from->n_points; i++)
		own->blocks[own->n_blocks++] = new_block(call, from->points[i], REFERAT__BLOCK_KIND__LIST_ITEM);
}

/* `item`: what it tells of; NULL: it tells of several. */
static Referat__Item *new_item(struct referat_call *call, const Referat__SummaryItem *from, const Referat__Item *item)
{
	Referat__Item *own = referat_alloc(call, sizeof(*own));
	referat__item__init(own);
	own->heading = from->heading;
	own->number = item ? item->number : NULL;
	own->case_number = item ? item->case_number : NULL;
	own->decisions = referat_alloc(call, (from->n_sentences + 1) * sizeof(Referat__Decision *));
	for (size_t i = 0; i < from->n_sentences; i++)
		own->decisions[own->n_decisions++] =
		    new_decision(call, from->sentences[i], i > 0 ? from->sentences[i - 1] : NULL);
	add_blocks(call, own, from);
	return own;
}

/* The place of a meeting is not told when somebody's name stands in it. */
static Referat__Meeting *shown_meeting(struct referat_call *call, Referat__Meeting *meeting)
{
	if (!meeting || !meeting->location || !referat_has_private_name(call, meeting->location))
		return meeting;
	Referat__Meeting *own = referat_alloc(call, sizeof(*own));
	*own = *meeting;
	own->location = NULL;
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
	own->meeting = shown_meeting(call, document->meeting);
	own->title = summary->title && *summary->title ? summary->title : document->title;
	own->lead = referat_alloc(call, (summary->n_lead + 1) * sizeof(Referat__Block *));
	own->n_lead = summary->n_lead;
	for (size_t i = 0; i < summary->n_lead; i++)
		own->lead[i] = new_block(call, summary->lead[i], REFERAT__BLOCK_KIND__PARAGRAPH);
	own->items = referat_alloc(call, (summary->n_items + 1) * sizeof(Referat__Item *));
	own->n_items = 0;
	for (size_t i = 0; i < summary->n_items; i++) {
		const Referat__SummaryItem *item = summary->items[i];
		if (!item->has_item || item->item < document->n_items)
			own->items[own->n_items++] =
			    new_item(call, item, item->has_item ? document->items[item->item] : NULL);
	}
	return own;
}
