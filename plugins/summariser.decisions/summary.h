/* The short form of a document: what lists, feeds and mails need. What a person wrote is chosen from, whole and
 * unaltered; of minutes, a summary is written. Each sentence has the place that it comes from. */
#ifndef SUMMARISER_DECISIONS_SUMMARY_H
#define SUMMARISER_DECISIONS_SUMMARY_H

#include <referat/document.pb-c.h>
#include <referat/message.h>
#include <referat/plugin.h>
#include <referat/swedish.h>

enum { MOST_SHORT_TEXT = 280 }; /* characters */

/* Fills in short_text and its sources: the first sentences of the lead, else of the decisions, as many as fit. */
void short_text_make(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary);

/* Fills in an item per item of the document: heading, outcomes, and the sentences of its decisions. */
void items_make(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary);

/* Writes the summary of minutes: title, lead, the items that matter to residents, and why others are left out. Returns
 * OK, or the reason why the list of plain words can't be read. */
enum referat_result minutes_make(struct referat_call *call, const Referat__Document *document,
				 Referat__Summary *summary);

Referat__Sentence *new_sentence(struct referat_call *call, const char *text, const Referat__Place *place);

/* ---- clauses ---------------------------------------------------------------------------------------------------- */

/* A clause without its number in front, and without the "samt" that leads on to the next one. */
char *clause_text(struct referat_call *call, const char *text);

bool begins_small(const char *text);

/* Is one of the words in the text? Both in lower case. */
bool has_word(const char *lower, const char *const *words, size_t n);

/* What was decided as a sentence that stands alone: a point of a list behind what opens the list, else as it stands. */
const char *decision_alone(struct referat_call *call, const Referat__Item *item, const Referat__Decision *decision);

/* ---- the summary of minutes ---------------------------------------------------------------------------------------
 */

struct reading {
	uint64_t words, long_words, sentences;
};

struct writing {
	struct referat_call *call;
	const Referat__Document *document;
	Referat__Summary *summary;
	const struct plain_words *words;
	const struct referat_known *known;
	const char *subject;          /* who decides, as a short word: "Nämnden", "Kommunstyrelsen" */
	struct reading before, after; /* how hard the minutes were to read, and the summary is */
};

/* Who decides, as a short word. */
const char *decided_by(struct referat_call *call, const Referat__Document *document);

struct decided {
	size_t told;
	size_t taken_out; /* for they may name a private person */
};

/* Adds the item's decisions, each with its outcome; of many the first, and that there are more. */
enum { MOST_DECISIONS = 6, MOST_SENTENCES = MOST_DECISIONS + 5 }; /* of an item; a budget may have fifty */
struct decided decided_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item);

/* Adds how the votes fell, and which parties were against it: what residents ask first of what was disputed. */
void dissent_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item);

/* Adds the first sentences of the background that are about the matter, not about its handling. */
void background_add(struct writing *writing, const Referat__Item *from, Referat__SummaryItem *item);

/* "Svar på motion av Eva Exempel (S) om belysning (KS 2024/12)" as residents would put it: "Motion om belysning". */
const char *heading_make(struct writing *writing, const char *heading, unsigned item);

/* A text with a capital at its start. */
char *capitalised(struct referat_call *call, const char *text);

/* A heading that is printed in capitals, as a sentence has it. */
const char *without_capitals(const struct writing *writing, const char *heading, unsigned item);

/* "Nej till motion om belysning", where that is what became of it. Behind the lead, which names matters, not verdicts.
 */
void headings_tell_verdicts(struct writing *writing);

/* Puts matters of which there is little to say together, in an item of their own behind the others: those that were
 * put off, and those that were only noted. */
void groups_make(struct writing *writing);

void title_write(const struct writing *writing);
void lead_write(struct writing *writing); /* after the items */

/* May the text be about a person who holds no office, named or not? */
bool names_person(const struct writing *writing, const char *text);

Referat__Place *place_of(struct referat_call *call, unsigned item, size_t block, const struct referat_range *range);

/* ---- words ------------------------------------------------------------------------------------------------------ */

struct plain_words;

/* NULL: the list can't be read; the reason is set. */
const struct plain_words *plain_words_read(struct referat_call *call);

/* A text in plain words, without paragraphs, case numbers and law references. What was put for what is added to the
 * summary's replacements. */
char *plain_text(struct referat_call *call, const struct plain_words *words, const char *text, unsigned item,
		 Referat__Summary *summary);

/* ---- grounds ---------------------------------------------------------------------------------------------------- */

/* Proves that each number, date, name and outcome of the summary stands in the place that it points to. NULL: all do;
 * else what to tell the publisher. */
const char *grounds_missing(struct referat_call *call, const Referat__Document *document,
			    const Referat__Summary *summary);

/* ---- what a person reads before it is approved --------------------------------------------------------------------
 */

/* Fills in what a person should look at. */
void doubts_add(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary);

/* Adds the part `draft`: the summary as a text, with doubts, what is left out and why, replaced words, and LIX. */
void draft_add(struct referat_call *call, const Referat__Document *document, const Referat__Summary *summary);

/* ---- readability ------------------------------------------------------------------------------------------------ */

size_t count_words(const char *text);
void reading_add(struct referat_call *call, struct reading *reading, const char *text);
Referat__Readability *reading_result(struct referat_call *call, const struct reading *reading); /* NULL: no words */

#endif
