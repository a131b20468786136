/* The summary of minutes: a title and a lead in the municipality's pattern; for each matter a plain heading, what was
 * decided, and what explains it. Routine, information, what is confidential and what names a person are left out, and
 * it is said so to the publisher. */
#include "summary.h"

#include <referat/passages.h>
#include <referat/people.h>
#include <referat/words.h>

#include <string.h>

bool names_person(const struct writing *writing, const char *text)
{
	struct referat_call *call = writing->call;
	return referat_names_private(call, writing->known, text) || referat_has_telephone(text) ||
	       referat_is_about_one(call, text);
}

static void leave_out(struct writing *writing, unsigned item, const char *reason)
{
	Referat__LeftOut *left = referat_alloc(writing->call, sizeof(*left));
	referat__left_out__init(left);
	left->has_item = true;
	left->item = item;
	left->reason = (char *)referat_say(writing->call,
					   referat_format(writing->call, "summariser.decisions.left.%s", reason), NULL);
	writing->summary->left_out[writing->summary->n_left_out++] = left;
}

/* Who got which seat, and who left it: residents find those in the register of elected persons. */
static bool is_election(struct referat_call *call, const char *heading)
{
	static const char *const starts[] = {"val av ",
					     "val till ",
					     "fyllnadsval",
					     "avsägelse",
					     "entledigande",
					     "begäran om entledigande",
					     "anmälan av länsstyrelsens beslut att utse"};
	const char *lower = referat_lower(call, heading);
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(lower, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool has_one_of(const char *lower, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(lower, words[i]))
			return true;
	return false;
}

/* A motion that was handed in, and is decided another day. */
static bool is_handed_in(const char *lower)
{
	static const char *const starts[] = {"inkommen motion", "inkomna motioner",  "ny motion",
					     "nya motioner",    "anmälan av motion", "inlämnade motioner"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (strncmp(lower, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* "Regiondirektörens rapport", which was noted. */
static bool is_report_of_office(const char *lower, const Referat__Item *item)
{
	static const char *const offices[] = {"direktörens ", "chefens ", "direktören ", "chefen "};
	bool noted = item->n_decisions > 0;
	for (size_t i = 0; i < item->n_decisions; i++)
		noted = noted && item->decisions[i]->outcome == REFERAT__OUTCOME__NOTED;
	return noted && has_one_of(lower, offices, sizeof(offices) / sizeof(*offices));
}

/* "Ärendet utgår." */
static bool is_withdrawn(struct referat_call *call, const Referat__Item *item)
{
	static const char *const words[] = {"ärendet utgår", "ärendet dras tillbaka"};
	const char *text = item->n_decisions == 1 && item->decisions[0]->text ? item->decisions[0]->text : "";
	return has_one_of(referat_lower(call, text), words, sizeof(words) / sizeof(*words));
}

/* Why residents need not read of it, or must not; NULL: they should. */
static const char *reason_to_leave(struct referat_call *call, const Referat__Item *item)
{
	const char *lower = referat_lower(call, item->heading ? item->heading : "");
	switch (item->weight) {
	case REFERAT__WEIGHT__ROUTINE:
		return "routine";
	case REFERAT__WEIGHT__INFORMATION:
		return "information";
	case REFERAT__WEIGHT__CONFIDENTIAL:
		return "confidential";
	default:
		if (item->heading && is_election(call, item->heading))
			return "election";
		if (is_handed_in(lower))
			return "handed-in";
		if (is_report_of_office(lower, item))
			return "information";
		if (is_withdrawn(call, item))
			return "withdrawn";
		return item->n_decisions == 0 ? "no-decision" : NULL;
	}
}

/* Words that say of whom or what a point tells that stood before. */
static bool points_back(const char *lower)
{
	static const char *const words[] = {"hon",      "han",      "henne",        "honom",  "hennes",
					    "hans",     "denne",    "denna",        "dennes", "dessa",
					    "sökanden", "personen", "vederbörande", "nämnda"};
	return has_word(lower, words, sizeof(words) / sizeof(*words));
}

/* Is it about a private person? One point in many of a budget is taken out, when nothing that is left points back to
 * it; what else names a person is about that person. */
static bool tells_of_person(const struct writing *writing, const Referat__SummaryItem *item, struct decided decided)
{
	enum { MANY = 4 };
	if (item->heading && names_person(writing, item->heading))
		return true;
	for (size_t i = 0; i < item->n_sentences && decided.taken_out > 0; i++)
		if (points_back(referat_lower(writing->call, item->sentences[i]->text)))
			return true;
	return decided.taken_out * MANY > decided.told + decided.taken_out;
}

static void add_outcome(Referat__SummaryItem *item, Referat__Outcome outcome)
{
	for (size_t i = 0; i < item->n_outcomes; i++)
		if (item->outcomes[i] == outcome)
			return;
	item->outcomes[item->n_outcomes++] = outcome;
}

/* What became of the matter; where a point was taken out, only of what is told. */
static void add_outcomes(Referat__SummaryItem *item, const Referat__Item *from, bool taken_out)
{
	for (size_t i = 0; i < from->n_decisions && !taken_out; i++)
		if (from->decisions[i]->has_outcome)
			add_outcome(item, from->decisions[i]->outcome);
	for (size_t i = 0; i < item->n_sentences && taken_out; i++)
		if (item->sentences[i]->has_outcome)
			add_outcome(item, item->sentences[i]->outcome);
}

static void write_item(struct writing *writing, unsigned index)
{
	struct referat_call *call = writing->call;
	const Referat__Item *from = writing->document->items[index];
	const char *reason = reason_to_leave(call, from);
	if (reason) {
		leave_out(writing, index, reason);
		return;
	}
	Referat__SummaryItem *item = referat_alloc(call, sizeof(*item));
	referat__summary_item__init(item);
	item->has_item = true;
	item->item = index;
	item->outcomes = referat_alloc(call, (from->n_decisions + 1) * sizeof(*item->outcomes));
	item->sentences = referat_alloc(call, MOST_SENTENCES * sizeof(Referat__Sentence *));
	size_t replaced = writing->summary->n_replacements;
	item->heading = (char *)heading_make(writing, from->heading ? from->heading : "", index);
	struct decided decided = decided_add(writing, from, item);
	if (tells_of_person(writing, item, decided)) {
		writing->summary->n_replacements = replaced;
		leave_out(writing, index, "person");
		return;
	}
	add_outcomes(item, from, decided.taken_out > 0);
	if (decided.taken_out > 0)
		leave_out(writing, index, "point");
	dissent_add(writing, from, item);
	background_add(writing, from, item);
	for (size_t i = 0; i < item->n_sentences; i++)
		reading_add(call, &writing->after, item->sentences[i]->text);
	for (size_t i = 0; i < item->n_background; i++)
		reading_add(call, &writing->after, item->background[i]->text);
	writing->summary->items[writing->summary->n_items++] = item;
}

/* What only concerns how the municipality governs itself. */
static bool is_formal(struct referat_call *call, const Referat__SummaryItem *item)
{
	static const char *const words[] = {
	    "reglemente", "bolagsordning", "förbundsordning",   "stadgar",       "delegationsordning",    "firmateckn",
	    "attest",     "arkivplan",     "styrande dokument", "arbetsordning", "dokumenthanteringsplan"};
	return has_one_of(referat_lower(call, item->heading), words, sizeof(words) / sizeof(*words));
}

/* What residents ask about stands before what is formal; else the order is the meeting's. */
static void put_formal_last(const struct writing *writing)
{
	Referat__Summary *summary = writing->summary;
	Referat__SummaryItem **formal =
	    referat_alloc(writing->call, (summary->n_items + 1) * sizeof(Referat__SummaryItem *));
	size_t kept = 0, n = 0;
	for (size_t i = 0; i < summary->n_items; i++) {
		Referat__SummaryItem *item = summary->items[i];
		if (is_formal(writing->call, item))
			formal[n++] = item;
		else
			summary->items[kept++] = item;
	}
	for (size_t i = 0; i < n; i++)
		summary->items[kept + i] = formal[i];
}

enum referat_result minutes_make(struct referat_call *call, const Referat__Document *document,
				 Referat__Summary *summary)
{
	struct writing writing = {.call = call,
				  .document = document,
				  .summary = summary,
				  .words = plain_words_read(call),
				  .known = referat_known_of(call, document),
				  .subject = decided_by(call, document)};
	if (!writing.words)
		return REFERAT_FAIL;
	summary->items = referat_alloc(call, (document->n_items + 1) * sizeof(Referat__SummaryItem *));
	summary->left_out = referat_alloc(call, (document->n_items + 1) * sizeof(Referat__LeftOut *));
	for (size_t i = 0; i < document->n_items; i++)
		write_item(&writing, (unsigned)i);
	put_formal_last(&writing);
	groups_make(&writing);
	title_write(&writing);
	lead_write(&writing);
	headings_tell_verdicts(&writing);
	summary->before = reading_result(call, &writing.before);
	summary->after = reading_result(call, &writing.after);
	return REFERAT_OK;
}
