/* Matters of which there is little to say are told of together: a meeting that puts off twenty motions is one line, and
 * a list of what they are. */
#include "summary.h"

#include <string.h>

enum { FEWEST = 2 }; /* one alone keeps its place */

static bool is_of(const Referat__SummaryItem *item, Referat__Outcome outcome)
{
	return item->has_item && item->n_outcomes == 1 && item->outcomes[0] == outcome;
}

static Referat__SummaryItem *new_group(struct writing *writing, const char *name, Referat__Outcome outcome, size_t n)
{
	struct referat_call *call = writing->call;
	Referat__SummaryItem *group = referat_alloc(call, sizeof(*group));
	referat__summary_item__init(group);
	const char *key = referat_format(call, "summariser.decisions.%s", name);
	group->heading = (char *)referat_say(call, key, NULL);
	group->outcomes = referat_alloc(call, sizeof(*group->outcomes));
	group->outcomes[group->n_outcomes++] = outcome;
	group->sentences = referat_alloc(call, sizeof(Referat__Sentence *));
	group->points = referat_alloc(call, n * sizeof(Referat__Sentence *));
	return group;
}

/* What the group does is what its first matter's decision does. */
static void begin(struct writing *writing, Referat__SummaryItem *group, const char *name,
		  const Referat__SummaryItem *first)
{
	const char *key = referat_format(writing->call, "summariser.decisions.%s-text", name);
	const char *text = referat_say(writing->call, key, "board", writing->subject, NULL);
	const Referat__Place *place = first->n_sentences > 0 ? first->sentences[0]->place : NULL;
	Referat__Sentence *sentence = new_sentence(writing->call, text, place);
	sentence->has_outcome = true;
	sentence->outcome = group->outcomes[0];
	group->sentences[group->n_sentences++] = sentence;
}

static void make_group(struct writing *writing, Referat__Outcome outcome, const char *name)
{
	Referat__Summary *summary = writing->summary;
	size_t n = 0;
	for (size_t i = 0; i < summary->n_items; i++)
		n += is_of(summary->items[i], outcome);
	if (n < FEWEST)
		return;
	Referat__SummaryItem *group = new_group(writing, name, outcome, n);
	size_t kept = 0;
	for (size_t i = 0; i < summary->n_items; i++) {
		Referat__SummaryItem *item = summary->items[i];
		if (!is_of(item, outcome)) {
			summary->items[kept++] = item;
			continue;
		}
		if (group->n_points == 0)
			begin(writing, group, name, item);
		const Referat__Place *place = writing->document->items[item->item]->heading_place;
		place = place && place->has_item ? place : item->n_sentences ? item->sentences[0]->place : place;
		group->points[group->n_points++] = new_sentence(writing->call, item->heading, place);
	}
	summary->items[kept++] = group;
	summary->n_items = kept;
}

void groups_make(struct writing *writing)
{
	make_group(writing, REFERAT__OUTCOME__NOTED, "noted");
	make_group(writing, REFERAT__OUTCOME__TABLED, "put-off");
}
