/* The summary of minutes: a title and a lead in the municipality's pattern; for each matter a plain heading, what was
 * decided, and what explains it. Routine, information, what is confidential and what names a person are left out, and
 * it is said so to the publisher. */
#include "summary.h"

#include <referat/people.h>
#include <referat/words.h>

#include <string.h>

enum {
	MOST_BACKGROUND = 2,        /* sentences */
	MOST_BACKGROUND_WORDS = 45, /* of one */
	MOST_DECISIONS = 6,         /* sentences of an item; a budget may have fifty */
	LEAD_MATTERS = 3,
};

/* May the text be about a person who holds no office? */
static bool names_person(struct referat_call *call, const char *text)
{
	return referat_has_private_name(call, text) || referat_has_telephone(text) || referat_is_sensitive(call, text);
}

struct writing {
	struct referat_call *call;
	const Referat__Document *document;
	Referat__Summary *summary;
	const struct plain_words *words;
	const char *subject; /* "Nämnden" */
	struct reading before, after;
};

static const char *say(const struct writing *writing, const char *name)
{
	return referat_say(writing->call, referat_format(writing->call, "summariser.decisions.%s", name), NULL);
}

/* ---- sentences -------------------------------------------------------------------------------------------------- */

/* Who decides, as a short word: "Nämnden", "Kommunstyrelsen". */
static const char *subject_of(struct referat_call *call, const Referat__Document *document)
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

/* What was decided as a sentence that stands alone. `also`: it is not the item's first. */
static const char *decision_sentence(const struct writing *writing, const Referat__Decision *decision, bool also)
{
	struct referat_call *call = writing->call;
	const char *text = decision->by_reference && decision->resolved_text ? decision->resolved_text : decision->text;
	const char *clause = clause_text(call, text);
	const char *target = decision->target;
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

static void add_decisions(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	const char *last = NULL;
	const char *target = NULL;
	const Referat__Place *proposed = NULL;
	for (size_t i = 0; i < from->n_decisions && item->n_sentences < MOST_DECISIONS; i++) {
		const Referat__Decision *decision = from->decisions[i];
		bool referred = decision->by_reference && decision->resolved_text;
		const char *text = referred ? decision->resolved_text : decision->text;
		if (!text || is_same(text, last)) /* one sentence may decide two things: it is told once */
			continue;
		last = text;
		target = decision->target ? decision->target : target;
		proposed = decision->target ? decision->place : proposed;
		reading_add(writing->call, &writing->before, text);
		const char *sentence = decision_sentence(writing, decision, item->n_sentences > 0);
		sentence = plain_text(writing->call, writing->words, sentence, item->item, writing->summary);
		item->sentences[item->n_sentences++] =
		    new_sentence(writing->call, sentence, referred ? decision->resolved_place : decision->place);
	}
	if (target && strstr(target, "fullmäktige"))
		item->sentences[item->n_sentences++] = new_sentence(
		    writing->call, referat_say(writing->call, "summariser.decisions.final", "target", target, NULL),
		    proposed);
}

/* ---- background ------------------------------------------------------------------------------------------------- */

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

static size_t count_words(const char *text)
{
	size_t n = 0;
	struct referat_range word = {0};
	while (referat_word_find(text, word.end, &word))
		n++;
	return n;
}

/* A sentence about the matter, not about its handling: without paragraphs, laws, or what an office writes to another.
 */
static bool explains(struct referat_call *call, const char *text)
{
	static const char *const others[] = {"§",     "tjänsteskrivelse", "arbetsutskottet", "remitter",   "bilaga",
					     "yrkar", "föredrar",         "redogör för",     "ordföranden"};
	const char *lower = referat_lower(call, text);
	size_t size = strlen(text);
	if (size < 20 || text[size - 1] != '.' || !referat_is_capital(text) ||
	    count_words(text) > MOST_BACKGROUND_WORDS)
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strstr(lower, others[i]))
			return false;
	return !names_person(call, text);
}

static Referat__Place *place_of(struct referat_call *call, unsigned item, size_t block,
				const struct referat_range *range)
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

static void add_background(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item)
{
	bool below = false;
	for (size_t i = 0; i < from->n_blocks && item->n_background < MOST_BACKGROUND; i++) {
		const Referat__Block *block = from->blocks[i];
		if (block->kind == REFERAT__BLOCK_KIND__SUBHEADING)
			below = is_background_label(referat_lower(writing->call, block->text));
		if (!below || block->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
			continue;
		const struct referat_range *ranges;
		size_t n = referat_sentences(writing->call, block->text, &ranges);
		for (size_t k = 0; k < n && item->n_background < MOST_BACKGROUND; k++) {
			const char *text =
			    referat_copy(writing->call, block->text + ranges[k].start, ranges[k].end - ranges[k].start);
			if (!explains(writing->call, text))
				continue;
			reading_add(writing->call, &writing->before, text);
			text = plain_text(writing->call, writing->words, text, item->item, writing->summary);
			item->background[item->n_background++] =
			    new_sentence(writing->call, text, place_of(writing->call, item->item, i, &ranges[k]));
		}
	}
}

/* ---- headings --------------------------------------------------------------------------------------------------- */

/* "Svar på motion av Eva Exempel (S) om belysning" is "Motion om belysning": who moved it stands in the minutes. */
static char *plain_heading(const struct writing *writing, const char *heading, unsigned item)
{
	struct referat_call *call = writing->call;
	const char *text = heading;
	if (strncmp(referat_lower(call, text), "svar på ", strlen("svar på ")) == 0)
		text += strlen("svar på ");
	const char *lower = referat_lower(call, text);
	static const char *const movers[] = {" av ", " från ", ", "};
	static const char *const subjects[] = {" om ", " angående ", " gällande ", " rörande "};
	for (size_t i = 0; i < sizeof(movers) / sizeof(*movers); i++)
		for (size_t k = 0; k < sizeof(subjects) / sizeof(*subjects); k++) {
			const char *from = strstr(lower, movers[i]);
			const char *to = from ? strstr(from, subjects[k]) : NULL;
			const char *person = from ? from + strlen(movers[i]) : NULL;
			if (to && to > person && referat_is_capital(text + (person - lower))) {
				text = referat_format(call, "%.*s%s", (int)(from - lower), text, text + (to - lower));
				lower = referat_lower(call, text);
			}
		}
	char *plain = plain_text(call, writing->words, text, item, writing->summary);
	if (begins_small(plain) && plain[0] >= 'a' && plain[0] <= 'z')
		plain[0] = (char)(plain[0] - 'a' + 'A');
	return plain;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

static void leave_out(struct writing *writing, unsigned item, const char *reason)
{
	Referat__LeftOut *left = referat_alloc(writing->call, sizeof(*left));
	referat__left_out__init(left);
	left->has_item = true;
	left->item = item;
	left->reason = (char *)say(writing, reason);
	writing->summary->left_out[writing->summary->n_left_out++] = left;
}

/* Why residents need not read of it, or must not; NULL: they should. */
static const char *reason_to_leave(const Referat__Item *item)
{
	switch (item->weight) {
	case REFERAT__WEIGHT__ROUTINE:
		return "left.routine";
	case REFERAT__WEIGHT__INFORMATION:
		return "left.information";
	case REFERAT__WEIGHT__CONFIDENTIAL:
		return "left.confidential";
	default:
		return item->n_decisions == 0 ? "left.no-decision" : NULL;
	}
}

static bool tells_of_person(struct referat_call *call, const Referat__SummaryItem *item)
{
	bool person = item->heading && names_person(call, item->heading);
	for (size_t i = 0; i < item->n_sentences; i++)
		person = person || names_person(call, item->sentences[i]->text);
	return person;
}

static void add_outcomes(Referat__SummaryItem *item, const Referat__Item *from)
{
	for (size_t i = 0; i < from->n_decisions; i++) {
		bool there = !from->decisions[i]->has_outcome;
		for (size_t k = 0; k < item->n_outcomes; k++)
			there = there || item->outcomes[k] == from->decisions[i]->outcome;
		if (!there)
			item->outcomes[item->n_outcomes++] = from->decisions[i]->outcome;
	}
}

static void write_item(struct writing *writing, unsigned index)
{
	struct referat_call *call = writing->call;
	const Referat__Item *from = writing->document->items[index];
	const char *reason = reason_to_leave(from);
	if (reason) {
		leave_out(writing, index, reason);
		return;
	}
	Referat__SummaryItem *item = referat_alloc(call, sizeof(*item));
	referat__summary_item__init(item);
	item->has_item = true;
	item->item = index;
	item->outcomes = referat_alloc(call, (from->n_decisions + 1) * sizeof(*item->outcomes));
	item->sentences = referat_alloc(call, (MOST_DECISIONS + 2) * sizeof(Referat__Sentence *));
	item->background = referat_alloc(call, (MOST_BACKGROUND + 1) * sizeof(Referat__Sentence *));
	size_t replaced = writing->summary->n_replacements;
	item->heading = plain_heading(writing, from->heading ? from->heading : "", index);
	add_outcomes(item, from);
	add_decisions(writing, from, item);
	if (tells_of_person(call, item)) {
		writing->summary->n_replacements = replaced;
		leave_out(writing, index, "left.person");
		return;
	}
	add_background(writing, from, item);
	for (size_t i = 0; i < item->n_sentences; i++)
		reading_add(call, &writing->after, item->sentences[i]->text);
	for (size_t i = 0; i < item->n_background; i++)
		reading_add(call, &writing->after, item->background[i]->text);
	writing->summary->items[writing->summary->n_items++] = item;
}

/* ---- title and lead --------------------------------------------------------------------------------------------- */

/* Words that begin headings and are no names. */
static bool is_common_word(const char *word)
{
	static const char *const ends[] = {
	    "ning",    "ing",         "tion",    "else",     "rapport",     "avtal",    "plan",       "budget",
	    "bidrag",  "isk",         "iskt",    "tider",    "sats",        "avgifter", "avgift",     "linjer",
	    "linje",   "policy",      "program", "regler",   "reglemente",  "köp",      "yttrande",   "begäran",
	    "ansökan", "antagande",   "remiss",  "ärende",   "redovisning", "taxa",     "taxor",      "motion",
	    "förslag", "redogörelse", "besked",  "strategi", "granskning",  "val",      "försäljning"};
	static const char *const words[] = {"ny", "nytt", "nya", "svar", "införande", "uppdrag", "frågan", "fråga"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	size_t size = strlen(word);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size >= end && strcmp(word + size - end, ends[i]) == 0)
			return true;
	}
	return false;
}

/* A heading in the middle of a sentence: its first word is small when it is no name, or the minutes write it so. */
static const char *inside_sentence(const struct writing *writing, const Referat__SummaryItem *item)
{
	const Referat__Item *from = writing->document->items[item->item];
	char *heading = (char *)referat_copy(writing->call, item->heading, strlen(item->heading));
	const char *lower = referat_lower(writing->call, heading);
	size_t word = strcspn(lower, " ");
	const char *first = referat_copy(writing->call, lower, word);
	bool common = is_common_word(first);
	for (size_t i = 0; i < from->n_blocks && !common; i++)
		common = strstr(from->blocks[i]->text ? from->blocks[i]->text : "", first) != NULL;
	if (common)
		memcpy(heading, lower, word);
	return heading;
}

static void write_lead(struct writing *writing)
{
	struct referat_call *call = writing->call;
	Referat__Summary *summary = writing->summary;
	const Referat__Document *document = writing->document;
	const char *board = document->board && document->board->name ? document->board->name : writing->subject;
	const char *date = document->meeting && document->meeting->day ? document->meeting->day->date : "";
	const char *day = referat_day(call, date, referat_say(call, "day.full", NULL));
	size_t n = summary->n_items < LEAD_MATTERS ? summary->n_items : LEAD_MATTERS;
	if (n == 0)
		return;
	const char *matters = summary->items[0]->heading;
	for (size_t i = 1; i < n; i++)
		matters = referat_format(call, i + 1 < n ? "%s, %s" : "%s och %s", matters,
					 inside_sentence(writing, summary->items[i]));
	char *name = (char *)referat_copy(call, board, strlen(board));
	memcpy(name, referat_lower(call, name), strcspn(name, " "));
	const char *key = n == 1 ? "summariser.decisions.lead-one" : "summariser.decisions.lead";
	const char *when = *day ? referat_format(call, " %s", day) : "";
	summary->lead = referat_alloc(call, sizeof(Referat__Sentence *));
	summary->lead[summary->n_lead++] =
	    new_sentence(call, referat_say(call, key, "matters", matters, "board", name, "day", when, NULL), NULL);
}

/* A meeting may have minutes in several documents: which paragraphs this one has tells it from the others. */
static const char *paragraphs_words(struct referat_call *call)
{
	const char *range = referat_get(call, "paragraphs");
	const char *hyphen = strchr(range, '-');
	if (!range[0])
		return "";
	if (!hyphen)
		return referat_say(call, "view.paragraph", "number", range, NULL);
	return referat_say(call, "view.paragraphs", "first", referat_copy(call, range, (size_t)(hyphen - range)),
			   "last", hyphen + 1, NULL);
}

static void write_title(const struct writing *writing)
{
	struct referat_call *call = writing->call;
	const Referat__Document *document = writing->document;
	const char *board = document->board && document->board->name ? document->board->name
								     : referat_say(call, "view.board-unknown", NULL);
	const char *date = document->meeting && document->meeting->day ? document->meeting->day->date : "";
	const char *day = referat_day(call, date, referat_say(call, "day.date", NULL));
	const char *title = *day ? referat_say(call, "view.untitled-day", "board", board, "day", day, NULL)
				 : referat_say(call, "view.untitled", "board", board, NULL);
	writing->summary->title = (char *)referat_format(call, "%s%s", title, paragraphs_words(call));
}

enum referat_result minutes_make(struct referat_call *call, const Referat__Document *document,
				 Referat__Summary *summary)
{
	struct writing writing = {.call = call,
				  .document = document,
				  .summary = summary,
				  .words = plain_words_read(call),
				  .subject = subject_of(call, document)};
	if (!writing.words)
		return REFERAT_FAIL;
	summary->items = referat_alloc(call, (document->n_items + 1) * sizeof(Referat__SummaryItem *));
	summary->left_out = referat_alloc(call, (document->n_items + 1) * sizeof(Referat__LeftOut *));
	for (size_t i = 0; i < document->n_items; i++)
		write_item(&writing, (unsigned)i);
	write_title(&writing);
	write_lead(&writing);
	summary->before = reading_result(call, &writing.before);
	summary->after = reading_result(call, &writing.after);
	return REFERAT_OK;
}
