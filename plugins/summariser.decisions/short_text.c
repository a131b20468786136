/* The short text of the whole: sentences of the lead, or the first decisions, as many as fit. */
#include "summary.h"

#include <string.h>

static size_t count_characters(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

/* Sentences about the page say nothing to somebody who isn't on it. */
static bool is_about_page(const char *lower)
{
	static const char *const starts[] = {"här kan du läsa",   "här är en sammanfattning",
					     "nedan kan du läsa", "nedan följer",
					     "uppdatering ",      "läs mer",
					     "här hittar du",     "i referatet kan du"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(lower, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

Referat__Sentence *new_sentence(struct referat_call *call, const char *text, const Referat__Place *place)
{
	Referat__Sentence *sentence = referat_alloc(call, sizeof(*sentence));
	referat__sentence__init(sentence);
	sentence->text = (char *)text;
	sentence->place = (Referat__Place *)place;
	return sentence;
}

static Referat__Place *place_in_lead(struct referat_call *call, size_t block, const struct referat_range *range,
				     const Referat__Block *from)
{
	Referat__Place *place = referat_alloc(call, sizeof(*place));
	referat__place__init(place);
	place->part = (char *)"document";
	place->has_block = place->has_start = place->has_end = true;
	place->block = (uint32_t)block;
	place->start = (uint32_t)range->start;
	place->end = (uint32_t)range->end;
	place->has_line = from->place && from->place->has_line;
	place->line = place->has_line ? from->place->line : 0;
	place->has_page = from->place && from->place->has_page;
	place->page = place->has_page ? from->place->page : 0;
	return place;
}

/* What has been chosen so far. */
struct choice {
	struct referat_call *call;
	Referat__Summary *summary;
	size_t capacity;   /* of sources */
	size_t characters; /* with a space between sentences */
	bool full;         /* a sentence did not fit: what follows it would stand beside what it does not belong to */
};

static void choose(struct choice *choice, const char *text, const Referat__Place *place)
{
	size_t size = count_characters(text) + (choice->summary->n_short_sources > 0);
	if (choice->full || choice->summary->n_short_sources == choice->capacity ||
	    choice->characters + size > MOST_SHORT_TEXT) {
		choice->full = true;
		return;
	}
	choice->characters += size;
	const char *before = choice->summary->short_text;
	choice->summary->short_text = (char *)(before ? referat_format(choice->call, "%s %s", before, text)
						      : referat_copy(choice->call, text, strlen(text)));
	choice->summary->short_sources[choice->summary->n_short_sources++] = new_sentence(choice->call, text, place);
}

static void choose_from_lead(struct choice *choice, const Referat__Document *document)
{
	for (size_t i = 0; i < document->n_lead && !choice->full; i++) {
		const Referat__Block *block = document->lead[i];
		if (!block->text || block->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
			continue;
		const struct referat_range *ranges;
		size_t n = referat_sentences(choice->call, block->text, &ranges);
		for (size_t k = 0; k < n && !choice->full; k++) {
			const char *text =
			    referat_copy(choice->call, block->text + ranges[k].start, ranges[k].end - ranges[k].start);
			if (!is_about_page(referat_lower(choice->call, text)))
				choose(choice, text, place_in_lead(choice->call, i, &ranges[k], block));
		}
	}
}

/* Is it a whole sentence, and no "att godkänna avtalet, och"? */
static bool stands_alone(const char *text)
{
	return (text[0] < 'a' || text[0] > 'z') && text[strlen(text) - 1] == '.';
}

/* Of what a person wrote all decisions of an item, so that what a proposal was stands beside "enligt förslaget". */
static void choose_from_decisions(struct choice *choice)
{
	for (size_t i = 0; i < choice->summary->n_items && !choice->full; i++) {
		const Referat__SummaryItem *item = choice->summary->items[i];
		size_t n = choice->summary->generated && item->n_sentences > 1 ? 1 : item->n_sentences;
		for (size_t k = 0; k < n; k++)
			if (stands_alone(item->sentences[k]->text))
				choose(choice, item->sentences[k]->text, item->sentences[k]->place);
	}
}

void short_text_make(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary)
{
	enum { MOST_SOURCES = 8 };
	struct choice choice = {.call = call, .summary = summary, .capacity = MOST_SOURCES};
	summary->short_sources = referat_alloc(call, MOST_SOURCES * sizeof(Referat__Sentence *));
	choose_from_lead(&choice, document);
	for (size_t i = 0; i < summary->n_lead; i++)
		choose(&choice, summary->lead[i]->text, summary->lead[i]->place);
	if (summary->n_short_sources == 0) {
		choice.full = false;
		choose_from_decisions(&choice);
	}
}
