/* Proof that a summary says nothing that does not stand in the minutes: every number and name of a heading or a
 * sentence is in the item that it comes from, its numbers where its place points to, and every outcome is decided
 * there; those of the title are on the cover, those of the lead there or in the items. */
#include "summary.h"

#include <referat/words.h>

#include <string.h>

/* The text of an item as it stands, with its heading. */
static const char *item_text(struct referat_call *call, const Referat__Item *item)
{
	size_t size = 1;
	for (size_t i = 0; i < item->n_blocks; i++)
		size += strlen(item->blocks[i]->text ? item->blocks[i]->text : "") + 1;
	size += strlen(item->heading ? item->heading : "") + 1;
	char *text = referat_alloc(call, size);
	size_t at = 0;
	const char *heading = item->heading ? item->heading : "";
	memcpy(text, heading, strlen(heading));
	at += strlen(heading);
	text[at++] = '\n';
	for (size_t i = 0; i < item->n_blocks; i++) {
		const char *block = item->blocks[i]->text ? item->blocks[i]->text : "";
		memcpy(text + at, block, strlen(block));
		at += strlen(block);
		text[at++] = '\n';
	}
	text[at] = '\0';
	return text;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number stands there as a number of its own, not as a piece of another one. */
static bool has_number(const char *source, const char *number, size_t size)
{
	for (const char *at = source; *at; at++)
		if (strncmp(at, number, size) == 0 && (at == source || !is_digit(at[-1])) && !is_digit(at[size]))
			return true;
	return false;
}

/* A heading may be printed in capitals: "HASTIGHETEN PÅ STORGATAN". */
static bool has_name(struct referat_call *call, const char *source, const char *name, size_t size)
{
	if (memmem(source, strlen(source), name, size))
		return true;
	return strstr(referat_lower(call, source), referat_lower(call, referat_copy(call, name, size))) != NULL;
}

/* The first number or name of a sentence that its source has not; NULL: it has all. `known` is said of every item: the
 * name of the board. */
static const char *missing_in(struct referat_call *call, const char *sentence, const char *source, const char *known)
{
	struct referat_range word = {0};
	bool first = true;
	while (referat_word_find(sentence, word.end, &word)) {
		size_t size = word.end - word.start;
		const char *text = sentence + word.start;
		bool number = is_digit(text[0]);
		bool name = !first && referat_is_capital(text);
		first = false;
		if (number ? has_number(source, text, size)
			   : !name || has_name(call, source, text, size) || has_name(call, known, text, size))
			continue;
		return referat_copy(call, text, size);
	}
	return NULL;
}

static bool has_outcome(const Referat__Item *item, Referat__Outcome outcome)
{
	for (size_t i = 0; i < item->n_decisions; i++)
		if (item->decisions[i]->outcome == outcome)
			return true;
	return false;
}

/* ---- places ----------------------------------------------------------------------------------------------------- */

/* The text that a place points to: its block, and those right above it, which open a list or count the ayes. NULL: it
 * points to nothing of the item. */
static const char *place_text(struct referat_call *call, const Referat__Item *item, unsigned index,
			      const Referat__Place *place)
{
	enum { ABOVE = 2 };
	if (!place || !place->has_item || place->item != index || !place->has_block || place->block >= item->n_blocks)
		return NULL;
	const char *block = item->blocks[place->block]->text ? item->blocks[place->block]->text : "";
	if (place->start > place->end || place->end > strlen(block))
		return NULL;
	const char *text = block;
	for (unsigned above = 1; above <= ABOVE && above <= place->block; above++) {
		const char *other = item->blocks[place->block - above]->text;
		text = referat_format(call, "%s\n%s", other ? other : "", text);
	}
	return text;
}

/* The first number of a sentence that is not where its place points to. */
static const char *number_missing(struct referat_call *call, const char *sentence, const char *source)
{
	struct referat_range word = {0};
	while (referat_word_find(sentence, word.end, &word)) {
		size_t size = word.end - word.start;
		if (is_digit(sentence[word.start]) && !has_number(source, sentence + word.start, size))
			return referat_copy(call, sentence + word.start, size);
	}
	return NULL;
}

static bool is_place(const Referat__Place *one, const Referat__Place *other)
{
	return one && other && one->item == other->item && one->block == other->block && one->start == other->start;
}

/* Is it decided at the place, or by reference to it? */
static bool has_outcome_at(const Referat__Item *item, const Referat__Sentence *sentence)
{
	for (size_t i = 0; i < item->n_decisions; i++) {
		const Referat__Decision *decision = item->decisions[i];
		bool here =
		    is_place(decision->place, sentence->place) || is_place(decision->resolved_place, sentence->place);
		if (here && decision->outcome == sentence->outcome)
			return true;
	}
	return false;
}

static const char *sentence_missing(struct referat_call *call, const Referat__Item *from, unsigned index,
				    const Referat__Sentence *sentence)
{
	const char *source = place_text(call, from, index, sentence->place);
	if (!source)
		return "§";
	const char *missing = number_missing(call, sentence->text, source);
	if (!missing && sentence->has_outcome && !has_outcome_at(from, sentence))
		missing = referat_say(call, "summariser.decisions.outcome", NULL);
	return missing;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

static const char *say_missing(struct referat_call *call, const Referat__SummaryItem *item, const char *what)
{
	return referat_say(call, "summariser.decisions.ungrounded", "heading", item->heading ? item->heading : "",
			   "what", what, NULL);
}

/* Each matter of a group stands in its own item. */
static const char *group_missing(struct referat_call *call, const Referat__Document *document,
				 const Referat__SummaryItem *group)
{
	for (size_t i = 0; i < group->n_points; i++) {
		const Referat__Place *place = group->points[i]->place;
		bool known = place && place->has_item && place->item < document->n_items;
		const Referat__Item *from = known ? document->items[place->item] : NULL;
		const char *missing = from ? missing_in(call, group->points[i]->text, item_text(call, from), "") : "§";
		for (size_t k = 0; k < group->n_outcomes && !missing; k++)
			if (!has_outcome(from, group->outcomes[k]))
				missing = referat_say(call, "summariser.decisions.outcome", NULL);
		if (missing)
			return say_missing(call, group, missing);
	}
	return NULL;
}

static const char *item_missing(struct referat_call *call, const Referat__Document *document,
				const Referat__SummaryItem *item)
{
	if (!item->has_item)
		return group_missing(call, document, item);
	if (item->item >= document->n_items)
		return say_missing(call, item, "§");
	const Referat__Item *from = document->items[item->item];
	const char *known = document->board && document->board->name ? document->board->name : "";
	const char *source = item_text(call, from);
	const char *missing = item->heading ? missing_in(call, item->heading, source, known) : NULL;
	for (size_t i = 0; i < item->n_sentences + item->n_background && !missing; i++) {
		const Referat__Sentence *sentence =
		    i < item->n_sentences ? item->sentences[i] : item->background[i - item->n_sentences];
		missing = missing_in(call, sentence->text, source, known);
		missing = missing ? missing : sentence_missing(call, from, item->item, sentence);
	}
	for (size_t i = 0; i < item->n_outcomes && !missing; i++)
		if (!has_outcome(from, item->outcomes[i]))
			missing = referat_say(call, "summariser.decisions.outcome", NULL);
	return missing ? say_missing(call, item, missing) : NULL;
}

/* ---- title and lead --------------------------------------------------------------------------------------------- */

/* What the cover says of the meeting: board, municipality, day and paragraphs. */
static const char *cover_text(struct referat_call *call, const Referat__Document *document)
{
	const Referat__Meeting *meeting = document->meeting;
	const char *board = document->board && document->board->name ? document->board->name : "";
	const char *date = meeting && meeting->day && meeting->day->date ? meeting->day->date : "";
	const char *paragraphs = meeting && meeting->paragraphs ? meeting->paragraphs : "";
	return referat_format(call, "%s\n%s\n%s\n%s", board, document->municipality ? document->municipality : "",
			      referat_day(call, date, referat_say(call, "day.full", NULL)), paragraphs);
}

static const char *frame_missing(struct referat_call *call, const Referat__Document *document,
				 const Referat__Summary *summary)
{
	const char *cover = cover_text(call, document);
	const char *missing = summary->title ? missing_in(call, summary->title, cover, "") : NULL;
	if (missing)
		return referat_say(call, "summariser.decisions.ungrounded-title", "what", missing, NULL);
	const char *items = cover;
	for (size_t i = 0; i < summary->n_items && summary->n_lead > 0; i++)
		if (summary->items[i]->has_item && summary->items[i]->item < document->n_items)
			items = referat_format(call, "%s\n%s", items,
					       item_text(call, document->items[summary->items[i]->item]));
	for (size_t i = 0; i < summary->n_lead && !missing; i++)
		missing = missing_in(call, summary->lead[i]->text, items, "");
	return missing ? referat_say(call, "summariser.decisions.ungrounded-lead", "what", missing, NULL) : NULL;
}

const char *grounds_missing(struct referat_call *call, const Referat__Document *document,
			    const Referat__Summary *summary)
{
	for (size_t i = 0; i < summary->n_items; i++) {
		const char *missing = item_missing(call, document, summary->items[i]);
		if (missing)
			return missing;
	}
	return frame_missing(call, document, summary);
}
