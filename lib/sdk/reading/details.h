/* What minutes say of an item beside the decisions, sentence by sentence (details.c; votes.c). */
#ifndef REFERAT_SDK_DETAILS_H
#define REFERAT_SDK_DETAILS_H

#include "structure.h"

#define RF_NOT_COUNTED (-1)

struct details {
	struct referat_call *call;
	Referat__Item *item;
	unsigned index;
	struct list proposals, votes, remarks, dispatch;
	int yes;               /* counted in the passage before, without the noes; RF_NOT_COUNTED: none was */
	bool motions_labelled; /* they have a section of their own */
	bool remarked;         /* the section has a remark: what follows, unless it is another's, belongs to it */
};

/* A sentence of a block. */
struct passage {
	unsigned block;
	struct referat_range range;
	char *text;
	const char *lower;
	enum label label;
};

Referat__Place *rf_passage_place(const struct details *details, const struct passage *passage);

/* Adds the vote that the passage counts, or completes the one before. *meaning: the sentence that said what yes and no
 * mean; NULL: none did so far. */
void rf_vote_read(struct details *details, const struct passage *passage, const char **meaning);

/* Does it say what yes and no mean? */
bool rf_vote_tells_meaning(const char *lower);

#endif
