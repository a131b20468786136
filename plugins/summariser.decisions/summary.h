/* The short form of a document: what lists, feeds and mail need. Nothing is written that does not stand in the
 * document: sentences are chosen, whole and unaltered, each with its place. */
#ifndef SUMMARISER_DECISIONS_SUMMARY_H
#define SUMMARISER_DECISIONS_SUMMARY_H

#include <referat/document.pb-c.h>
#include <referat/message.h>
#include <referat/plugin.h>
#include <referat/swedish.h>

enum { MOST_SHORT_TEXT = 280 }; /* characters */

/* Fills in short_text and its sources: the first sentences of the lead, else of the decisions, as many as fit. */
void short_text_make(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary);

/* Fills in an item per item of the document: heading, outcomes, and the sentences of its decisions. Of minutes, items
 * of procedure and secret ones are left out. */
void items_make(struct referat_call *call, const Referat__Document *document, Referat__Summary *summary);

Referat__Sentence *new_sentence(struct referat_call *call, const char *text, const Referat__Place *place);

#endif
