/* A DOCX file while it is read: blocks (word), lines (word_line) and tables (word_table). */
#ifndef READER_OFFICE_WORD_H
#define READER_OFFICE_WORD_H

#include "reader.h"

enum { MOST_FIELDS = 32 /* in each other */ };

struct word {
	struct referat_call *call;
	const struct package *package;
	struct referat_flow *flow;
	const char *folder; /* of the main part: "word/" */
	xmlDoc *document, *relations, *style_tree, *number_tree;
	xmlHashTable *targets; /* of the relations, by their id */
	xmlHashTable *styles;
	struct word_numbers *numbers;
	bool hidden;                      /* the style of the open paragraph hides its text */
	bool in_instruction[MOST_FIELDS]; /* of the open fields, from the outermost on */
	size_t n_fields;
	bool goes_on; /* the end of the open paragraph was deleted: the next one goes on with it */
};

/* The value of a property that is on or off; absent: off. */
bool word_is_on(const xmlNode *property);

/* What an element names with r:id; NULL: nothing. */
const char *word_target(const struct word *word, const xmlNode *node);

/* Does what stands in the element stand in its place: in a content control, inserted while changes were tracked …? Not
 * so for a list of contents, and for what a control only shows until somebody fills it in. */
bool word_is_through(const xmlNode *node);

/* Adds what a paragraph (or what is through in it) shows to the flow. */
void word_line_walk(struct word *word, const xmlNode *parent);

/* Does a paragraph show nothing since its text was deleted, with its end, while changes were tracked? */
bool word_line_is_gone(const xmlNode *paragraph);

/* Reads the frames of text that are anchored in a paragraph. */
void word_frames_walk(struct word *word, const xmlNode *parent);

void word_blocks_walk(struct word *word, const xmlNode *parent);
void word_table_walk(struct word *word, const xmlNode *table);

/* What Word counts before a paragraph and belongs to its text ("§ 12 "); NULL: nothing. *mark: what it counts there and
 * only marks an item of a list ("3.", "" for a bullet); NULL: nothing. */
const char *word_label(struct word *word, const struct word_style *style, const char **mark);

#endif
