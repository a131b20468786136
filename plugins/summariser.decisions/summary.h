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

/* What was decided as a sentence that stands alone: a point of a list behind what opens the list, else as it stands. */
const char *decision_alone(struct referat_call *call, const Referat__Item *item, const Referat__Decision *decision);

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

/* ---- readability ------------------------------------------------------------------------------------------------ */

struct reading {
	uint64_t words, long_words, sentences;
};
void reading_add(struct referat_call *call, struct reading *reading, const char *text);
Referat__Readability *reading_result(struct referat_call *call, const struct reading *reading); /* NULL: no words */

#endif
