/* What explains a decision: the first sentences of the background that are about the matter. */
#include "summary.h"

#include <referat/people.h>
#include <referat/words.h>

#include <string.h>

enum {
	MOST_BACKGROUND = 2,        /* sentences */
	MOST_BACKGROUND_WORDS = 45, /* of one */
};

/* "Hon anser att …": of whom it tells stands in a sentence that was not told. */
static bool points_to_person(const char *lower)
{
	static const char *const words[] = {"hon", "han", "henne", "honom", "hennes", "hans", "denne", "dennes"};
	return has_word(lower, words, sizeof(words) / sizeof(*words));
}

/* "Detta kostar …": it tells of what the sentence before it says. */
static bool points_back(const char *lower)
{
	static const char *const words[] = {"den",     "det",         "de",        "detta",   "denna",    "dessa",
					    "därför",  "därmed",      "även",      "vidare",  "dessutom", "dock",
					    "däremot", "samtidigt",   "denne",     "sådana",  "båda",     "där",
					    "då",      "efter detta", "i stället", "således", "på så"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t size = strlen(words[i]);
		if (strncmp(lower, words[i], size) == 0 && (lower[size] == ' ' || lower[size] == ','))
			return true;
	}
	return false;
}

static bool is_background_label(const char *lower)
{
	static const char *const labels[] = {"ärende",
					     "ärendet",
					     "ärendebeskrivning",
					     "beskrivning av ärendet",
					     "bakgrund",
					     "sammanfattning",
					     "sammanfattning av ärendet",
					     "ärendet i korthet",
					     "redogörelse för ärendet"};
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (strcmp(labels[i], lower) == 0)
			return true;
	return false;
}

/* A sentence about the matter, not about its handling: without paragraphs, laws, or what an office writes to another.
 */
static bool explains(const struct writing *writing, const char *text)
{
	static const char *const others[] = {"§",
					     "tjänsteskrivelse",
					     "arbetsutskottet",
					     "remitter",
					     "bilaga",
					     "yrkar",
					     "föredrar",
					     "redogör för",
					     "ordföranden",
					     "kom in ",
					     "kommit in",
					     "behandlade ärendet",
					     "behandlat ärendet",
					     "beretts",
					     "inkom",
					     "har lämnat",
					     "har överlämnat",
					     "förvaltningen har tagit fram",
					     "har arbetat fram",
					     "reserverar sig",
					     "beslutar",
					     "kontoret har tagit fram"};
	const char *lower = referat_lower(writing->call, text);
	size_t size = strlen(text);
	if (size < 20 || text[size - 1] != '.' || !referat_is_capital(text) ||
	    count_words(text) > MOST_BACKGROUND_WORDS)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strstr(lower, others[i]))
			return false;
	return !points_to_person(lower) && !referat_has_private_name(writing->call, text) &&
	       !names_person(writing, text);
}

/* A person's name, not "Vänsterpartiet". */
static bool is_name(struct referat_call *call, const char *text, size_t size)
{
	return referat_has_private_name(call, referat_copy(call, text, size));
}

/* "Eva Exempel (V) föreslår i en motion att skolan byggs": who moved it stands in the minutes. */
static const char *without_mover(struct referat_call *call, const char *text)
{
	static const char *const movers[] = {") föreslår i en motion att ",     ") yrkar i en motion att ",
					     ") föreslår i motionen att ",      ") har i en motion föreslagit att ",
					     " föreslår i en motion att ",      " föreslår i motionen att ",
					     " har i en motion föreslagit att "};
	for (size_t i = 0; i < sizeof(movers) / sizeof(*movers); i++) {
		const char *at = strstr(text, movers[i]);
		if (at && (movers[i][0] == ')' || is_name(call, text, (size_t)(at - text))))
			return referat_say(call, "summariser.decisions.motion", "what", at + strlen(movers[i]), NULL);
	}
	return text;
}

Referat__Place *place_of(struct referat_call *call, unsigned item, size_t block, const struct referat_range *range)
{
	Referat__Place *place = referat_alloc(call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"document";
	place->has_item = place->has_block = place->has_start = place->has_end = true;
	place->item = item;
	place->block = (uint32_t)block;
	place->start = (uint32_t)range->start;
	place->end = (uint32_t)range->end;
	return place;
}

static bool has_subheadings(const Referat__Item *item)
{
	for (size_t i = 0; i < item->n_blocks; i++)
		if (item->blocks[i]->kind == REFERAT__BLOCK_KIND__SUBHEADING)
			return true;
	return false;
}

static bool is_in(const Referat__Place *place, size_t block)
{
	return place && place->has_block && place->block == block;
}

/* Is the block what was decided, proposed or remarked? The others explain, where no subheading tells which do. */
static bool is_pointed_to(const Referat__Item *item, size_t block)
{
	bool is = false;
	for (size_t i = 0; i < item->n_decisions; i++)
		is = is || is_in(item->decisions[i]->place, block);
	for (size_t i = 0; i < item->n_proposals; i++)
		is = is || is_in(item->proposals[i]->place, block);
	for (size_t i = 0; i < item->n_remarks; i++)
		is = is || is_in(item->remarks[i]->place, block);
	return is;
}

static bool is_told(const Referat__SummaryItem *item, const char *text)
{
	for (size_t i = 0; i < item->n_sentences; i++)
		if (strcmp(item->sentences[i]->text, text) == 0)
			return true;
	return false;
}

static bool is_in_resolved(const Referat__Item *item, size_t block)
{
	for (size_t i = 0; i < item->n_decisions; i++)
		if (is_in(item->decisions[i]->resolved_place, block))
			return true;
	return false;
}

void background_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	item->background = referat_alloc(writing->call, MOST_BACKGROUND * sizeof(Referat__Sentence *));
	bool plain = !has_subheadings(from);
	bool below = false;
	for (size_t i = 0; i < from->n_blocks && item->n_background < MOST_BACKGROUND; i++) {
		const Referat__Block *block = from->blocks[i];
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING)
			below = is_background_label(referat_lower(writing->call, block->text));
		if (plain)
			below = !is_pointed_to(from, i);
		if (!below || block->kind != REFERAT__BLOCK_KIND__PARAGRAPH || is_in_resolved(from, i))
			continue;
		const struct referat_range *ranges;
		size_t n = referat_sentences(writing->call, block->text, &ranges);
		bool told = false; /* the sentence before */
		for (size_t k = 0; k < n && item->n_background < MOST_BACKGROUND; k++) {
			const char *source =
			    referat_copy(writing->call, block->text + ranges[k].start, ranges[k].end - ranges[k].start);
			const char *text = without_mover(writing->call, source);
			told = explains(writing, text) && !is_told(item, text) &&
			       (told || !points_back(referat_lower(writing->call, text)));
			if (!told)
				continue;
			reading_add(writing->call, &writing->before, source);
			text = plain_text(writing->call, writing->words, text, item->item, writing->summary);
			item->background[item->n_background++] =
			    new_sentence(writing->call, text, place_of(writing->call, item->item, i, &ranges[k]));
		}
	}
}
