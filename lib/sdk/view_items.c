/* The matters of a document as a context: what was decided first, then what is left of the text. */
#include "view_parts.h"

#include <referat/message.h>
#include <referat/swedish.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

enum { CUTS_MOST = 256 };

/* An item while it is put into the context. */
struct matter {
	struct referat_call *call;
	const Referat__Item *item;
	struct referat_cut cuts[CUTS_MOST]; /* what stands with the decisions, and is not to be read twice */
	size_t n_cuts;
};

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

struct json_object *referat_view_outcome(struct referat_call *call, int outcome)
{
	const char *key = referat_outcome_key(outcome);
	if (!key)
		return NULL;
	struct json_object *entry = json_object_new_object();
	referat_put(entry, "key", key);
	referat_put(entry, "word", referat_say(call, referat_format(call, "outcome.%s", key), NULL));
	referat_put(entry, "shape", referat_say(call, referat_format(call, "outcome.%s.shape", key), NULL));
	return entry;
}

static void add_outcome(struct referat_call *call, struct json_object *list, int outcome)
{
	struct json_object *entry = referat_view_outcome(call, outcome);
	if (entry)
		json_object_array_add(list, entry);
}

/* Each that is known once. */
static struct json_object *outcomes_of(const struct matter *matter)
{
	struct json_object *list = json_object_new_array();
	bool seen[REFERAT__OUTCOME__OTHER + 1] = {false};
	for (size_t i = 0; i < matter->item->n_decisions; i++) {
		Referat__Outcome outcome = matter->item->decisions[i]->outcome;
		if (!referat_outcome_key((int)outcome) || seen[outcome])
			continue;
		seen[outcome] = true;
		add_outcome(matter->call, list, (int)outcome);
	}
	return list;
}

/* ---- decisions that are points of a list ------------------------------------------------------------------------- */

static bool is_point(const Referat__Block *block)
{
	return block->kind == REFERAT__BLOCK_KIND__LIST_ITEM || block->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM;
}

static bool is_decision(const Referat__Item *item, size_t block)
{
	for (size_t i = 0; i < item->n_decisions; i++)
		if (item->decisions[i]->place && item->decisions[i]->place->has_block &&
		    item->decisions[i]->place->block == block)
			return true;
	return false;
}

/* "Kommunstyrelsen beslutade att:", when the place is a point of the list behind it and all its points are decisions.
 */
static bool find_opening(const struct matter *matter, const Referat__Place *place, struct referat_cut *opening)
{
	const Referat__Item *item = matter->item;
	if (!place || !place->has_block || place->block >= item->n_blocks || !is_point(item->blocks[place->block]))
		return false;
	size_t first = place->block;
	while (first && is_point(item->blocks[first - 1]))
		first--;
	for (size_t i = first; i < item->n_blocks && is_point(item->blocks[i]); i++)
		if (!is_decision(item, i))
			return false;
	if (!first || item->blocks[first - 1]->kind != REFERAT__BLOCK_KIND__PARAGRAPH || !item->blocks[first - 1]->text)
		return false;
	const char *text = item->blocks[first - 1]->text;
	const struct referat_range *sentences;
	size_t n = referat_sentences(matter->call, text, &sentences);
	if (!n || text[sentences[n - 1].end - 1] != ':')
		return false;
	*opening = (struct referat_cut){first - 1, sentences[n - 1].start, sentences[n - 1].end};
	return true;
}

/* What opens the list that the place is a point of; NULL: it is none. */
static const char *opening_of(struct matter *matter, const Referat__Place *place)
{
	struct referat_cut at;
	if (!find_opening(matter, place, &at))
		return NULL;
	if (matter->n_cuts < CUTS_MOST)
		matter->cuts[matter->n_cuts++] = at;
	return referat_copy(matter->call, matter->item->blocks[at.block]->text + at.start, at.end - at.start);
}

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* ---- decisions --------------------------------------------------------------------------------------------------- */

static void cut_decision(struct matter *matter, const Referat__Place *place)
{
	if (place && place->has_block && place->has_start && place->has_end && matter->n_cuts < CUTS_MOST)
		matter->cuts[matter->n_cuts++] = (struct referat_cut){place->block, place->start, place->end};
}

/* What "förslaget" means, as a sentence; NULL: the decision says itself what was decided. */
static const char *proposal_of(struct referat_call *call, const Referat__Decision *decision)
{
	if (!decision->by_reference || !decision->resolved_text || is_same(decision->resolved_text, decision->text))
		return NULL;
	if (decision->resolved_clause)
		return referat_say(call, "view.proposal", "what", decision->resolved_clause, NULL);
	return referat_say(call, "view.proposal-sentence", "sentence", decision->resolved_text, NULL);
}

static struct json_object *new_decision(struct referat_call *call, const Referat__Decision *decision,
					const char *opening, struct json_object *outcomes)
{
	struct json_object *entry = json_object_new_object();
	referat_put(entry, "opening", opening);
	rf_view_list(entry, "outcomes", outcomes);
	referat_put(entry, "text", decision->text);
	referat_put(entry, "proposal", proposal_of(call, decision));
	return entry;
}

/* What one sentence decides stands once, with all its outcomes. */
static struct json_object *decisions_of(struct matter *matter)
{
	const Referat__Item *item = matter->item;
	struct json_object *list = json_object_new_array();
	const char *opened = NULL;
	for (size_t i = 0, next = 0; i < item->n_decisions; i = next) {
		const Referat__Decision *decision = item->decisions[i];
		struct json_object *outcomes = json_object_new_array();
		for (; next == i || (next < item->n_decisions && is_same(item->decisions[next]->text, decision->text));
		     next++) {
			add_outcome(matter->call, outcomes, (int)item->decisions[next]->outcome);
			cut_decision(matter, item->decisions[next]->place);
		}
		const char *opening = opening_of(matter, decision->place);
		json_object_array_add(
		    list, new_decision(matter->call, decision, is_same(opening, opened) ? NULL : opening, outcomes));
		opened = opening;
	}
	return list;
}

/* ---- sentences --------------------------------------------------------------------------------------------------- */

/* A point of a list is told as one, behind what opens the list; a whole sentence stands alone. */
static void add_sentence(struct matter *matter, struct json_object *list, const char *text, const Referat__Place *place,
			 const char **opened)
{
	const char *opening = referat_is_capital(text) ? NULL : opening_of(matter, place);
	if (opening && !is_same(opening, *opened))
		json_object_array_add(list, json_object_new_string(opening));
	*opened = opening;
	json_object_array_add(list,
			      json_object_new_string(opening ? referat_format(matter->call, "– %s", text) : text));
}

/* The summary's sentences on that item, which stand alone; else the decisions as they are. */
static struct json_object *sentences_of(struct matter *matter, size_t index, const Referat__Summary *summary)
{
	struct json_object *list = json_object_new_array();
	const char *opened = NULL;
	for (size_t i = 0; summary && i < summary->n_items; i++) {
		const Referat__SummaryItem *entry = summary->items[i];
		for (size_t k = 0; entry->has_item && entry->item == index && k < entry->n_sentences; k++)
			if (entry->sentences[k]->text)
				add_sentence(matter, list, entry->sentences[k]->text, entry->sentences[k]->place,
					     &opened);
	}
	bool has_own = json_object_array_length(list) > 0;
	for (size_t i = 0; !has_own && i < matter->item->n_decisions; i++) {
		const Referat__Decision *decision = matter->item->decisions[i];
		if (decision->text)
			add_sentence(matter, list, decision->text, decision->place, &opened);
	}
	return list;
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

static struct json_object *item_of(struct referat_call *call, const Referat__Item *item, size_t index,
				   const Referat__Summary *summary)
{
	struct matter matter = {.call = call, .item = item};
	struct json_object *out = json_object_new_object();
	referat_put(out, "anchor", referat_format(call, "arende-%zu", index + 1));
	referat_put(out, "heading", item->heading);
	referat_put(out, "number", item->number);
	referat_put(out, "case_number", item->case_number);
	rf_view_flag(out, "reference", item->number || item->case_number);
	rf_view_list(out, "outcomes", outcomes_of(&matter));
	rf_view_list(out, "decisions", decisions_of(&matter));
	rf_view_list(out, "background", referat_view_blocks(item->blocks, item->n_blocks, matter.cuts, matter.n_cuts));
	rf_view_list(out, "sentences", sentences_of(&matter, index, summary));
	return out;
}

void rf_view_items(struct referat_call *call, struct json_object *view, const Referat__Document *document)
{
	enum { FEW = 3 };
	const Referat__Summary *summary = referat_unpack(call, "summary", &referat__summary__descriptor);
	const Referat__Summary *sentences = summary && summary->generated ? NULL : summary; /* they are the items */
	struct json_object *items = json_object_new_array();
	bool decided = false;
	for (size_t i = 0; i < document->n_items; i++) {
		if (!document->items[i]->heading && !document->items[i]->n_blocks)
			continue;
		struct json_object *item = item_of(call, document->items[i], i, sentences);
		decided = decided || json_object_get_boolean(json_object_object_get(item, "has_sentences"));
		json_object_array_add(items, item);
	}
	rf_view_flag(view, "many_items", json_object_array_length(items) > FEW);
	rf_view_flag(view, "decided", decided);
	rf_view_list(view, "items", items);
	referat_put(view, "short_text", summary ? summary->short_text : NULL);
}
