/* What a program can't decide about a draft, and a person should look at: a sentence that stayed long, a figure that
 * may be a misprint, a board or a day that the minutes do not tell. Figures are kept as they stand. */
#include "summary.h"

#include <string.h>

enum { MOST_DOUBTS = 100, MOST_WORDS = 35 };

static void add(struct referat_call *call, Referat__Summary *summary, const Referat__SummaryItem *item,
		const char *text)
{
	if (summary->n_doubts == MOST_DOUBTS)
		return;
	if (!summary->doubts)
		summary->doubts = referat_alloc(call, MOST_DOUBTS * sizeof(Referat__Doubt *));
	Referat__Doubt *doubt = referat_alloc(call, sizeof(*doubt));
	referat__doubt__init(doubt);
	doubt->has_item = item && item->has_item;
	doubt->item = doubt->has_item ? item->item : 0;
	doubt->text = (char *)text;
	summary->doubts[summary->n_doubts++] = doubt;
}

/* The first words of a sentence, by which a person finds it. */
static const char *beginning(struct referat_call *call, const char *text)
{
	enum { WORDS = 6 };
	struct referat_range word = {0};
	for (int i = 0; i < WORDS && referat_word_find(text, word.end, &word); i++)
		;
	return referat_copy(call, text, word.end);
}

/* "31 000 tkr", "31 000 tusen kronor": thousands of thousands, which are hard to read and may be a misprint. The figure
 * as it stands; NULL: there is none. */
static const char *thousands_of_thousands(struct referat_call *call, const char *text)
{
	enum { HUNDREDS = 3 }; /* digits */
	static const char *const units[] = {" tusen kronor", " tkr", " kkr", " tsek"};
	const char *lower = referat_lower(call, text);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		for (const char *at = strstr(lower, units[i]); at; at = strstr(at + 1, units[i])) {
			const char *start = at;
			size_t digits = 0;
			while (start > lower && strchr("0123456789 ", start[-1]))
				digits += *--start != ' ';
			start += strspn(start, " ");
			size_t size = (size_t)(at - start) + strlen(units[i]);
			if (digits > HUNDREDS)
				return referat_copy(call, text + (start - lower), size);
		}
	return NULL;
}

static void look_at_length(struct referat_call *call, Referat__Summary *summary, const Referat__SummaryItem *item,
			   const char *text)
{
	const struct referat_range *ranges;
	size_t n = referat_sentences(call, text, &ranges);
	for (size_t i = 0; i < n; i++) {
		const char *one = referat_copy(call, text + ranges[i].start, ranges[i].end - ranges[i].start);
		size_t words = count_words(one);
		if (words > MOST_WORDS)
			add(call, summary, item,
			    referat_say(call, "summariser.decisions.doubt.long", "words",
					referat_format(call, "%zu", words), "start", beginning(call, one), NULL));
	}
}

static void look_at_item(struct referat_call *call, Referat__Summary *summary, const Referat__SummaryItem *item)
{
	const char *figure = NULL;
	for (size_t i = 0; i < item->n_sentences + item->n_background; i++) {
		const Referat__Sentence *sentence =
		    i < item->n_sentences ? item->sentences[i] : item->background[i - item->n_sentences];
		look_at_length(call, summary, item, sentence->text);
		figure = figure ? figure : thousands_of_thousands(call, sentence->text);
	}
	if (figure)
		add(call, summary, item,
		    referat_say(call, "summariser.decisions.doubt.figure", "figure", figure, NULL));
}

void doubts_add(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary)
{
	if (!document->board || !document->board->name)
		add(call, summary, NULL, referat_say(call, "summariser.decisions.doubt.board", NULL));
	if (!document->meeting || !document->meeting->day || !document->meeting->day->date)
		add(call, summary, NULL, referat_say(call, "summariser.decisions.doubt.day", NULL));
	for (size_t i = 0; i < summary->n_items; i++)
		look_at_item(call, summary, summary->items[i]);
}
