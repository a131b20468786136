/* What was decided, told to residents: each decision as a sentence that stands alone. */
#include "summary.h"

#include <string.h>

const char *decided_by(struct referat_call *call, const Referat__Document *document)
{
	static const struct {
		const char *part, *word;
	} subjects[] = {{"utskott", "Utskottet"},
			{"fullmäktige", "Kommunfullmäktige"},
			{"kommunstyrelse", "Kommunstyrelsen"},
			{"styrelse", "Styrelsen"},
			{"nämnd", "Nämnden"}};
	const char *name = document->board && document->board->name ? document->board->name : "";
	const char *lower = referat_lower(call, name);
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++)
		if (strstr(lower, subjects[i].part))
			return subjects[i].word;
	return *name ? name : referat_say(call, "summariser.decisions.meeting", NULL);
}

/* "Enligt kommunstyrelsens förslag: Taxan höjs": whose proposal it was stands in the minutes. */
static const char *without_proposer(struct referat_call *call, const char *text)
{
	static const char start[] = "enligt ";
	const char *colon = strstr(text, ": ");
	bool proposer = colon && strncmp(referat_lower(call, text), start, strlen(start)) == 0;
	return proposer && referat_is_capital(colon + 2) ? colon + 2 : text;
}

/* `also`: it is not the item's first. */
static const char *decision_sentence(const struct writing *writing, const char *text, const char *target, bool also)
{
	struct referat_call *call = writing->call;
	const char *clause = clause_text(call, without_proposer(call, text));
	bool small = begins_small(clause);
	if (strncmp(clause, "att ", 4) == 0)
		clause += 4;
	if (small && target)
		return referat_say(call, "summariser.decisions.proposes", "board", writing->subject, "target", target,
				   "what", clause, NULL);
	if (small)
		return referat_say(call, also ? "summariser.decisions.also" : "summariser.decisions.decided", "board",
				   writing->subject, "what", clause, NULL);
	if (target && !strstr(referat_lower(call, clause), "föresl"))
		return referat_say(call, "summariser.decisions.proposal", "target", target, "what", clause, NULL);
	return referat_format(call, "%s.", clause);
}

static bool is_same(const char *one, const char *other)
{
	return one && other && strcmp(one, other) == 0;
}

/* What was decided, in the words of the minutes; of a decision by reference, what it refers to. */
static const char *words_of(const Referat__Decision *decision)
{
	return decision->by_reference && decision->resolved_text ? decision->resolved_text : decision->text;
}

static void add_decision(struct writing *writing, const Referat__Decision *decision, Referat__SummaryItem *item)
{
	const char *text = words_of(decision);
	bool referred = text != decision->text;
	reading_add(writing->call, &writing->before, text);
	const char *told = decision_sentence(writing, text, decision->target, item->n_sentences > 0);
	Referat__Sentence *sentence =
	    new_sentence(writing->call, plain_text(writing->call, writing->words, told, item->item, writing->summary),
			 referred ? decision->resolved_place : decision->place);
	sentence->has_outcome = decision->has_outcome;
	sentence->outcome = decision->outcome;
	item->sentences[item->n_sentences++] = sentence;
}

/* Who has the last word, where it was only proposed. */
static void add_final(struct writing *writing, const Referat__Decision *proposed, Referat__SummaryItem *item)
{
	if (!proposed || !strstr(proposed->target, "fullmäktige"))
		return;
	const char *text = referat_say(writing->call, "summariser.decisions.final", "target", proposed->target, NULL);
	item->sentences[item->n_sentences++] = new_sentence(writing->call, text, proposed->place);
}

void decided_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	const char *last = NULL;
	const Referat__Decision *proposed = NULL;
	for (size_t i = 0; i < from->n_decisions; i++) {
		const Referat__Decision *decision = from->decisions[i];
		const char *text = words_of(decision);
		if (!text || is_same(text, last)) /* one sentence may decide two things: it is told once */
			continue;
		last = text;
		if (item->n_sentences == MOST_DECISIONS) {
			const char *more = referat_say(writing->call, "summariser.decisions.more", NULL);
			item->sentences[item->n_sentences++] = new_sentence(writing->call, more, decision->place);
			break;
		}
		proposed = decision->target ? decision : proposed;
		add_decision(writing, decision, item);
	}
	add_final(writing, proposed, item);
}
