/* Labels: what a part of an item is called ("Beslut", "Kommunstyrelsens förslag till kommunfullmäktige"). */
#ifndef REFERAT_SDK_LABELS_H
#define REFERAT_SDK_LABELS_H

#include <referat/plugin.h>

enum label {
	LABEL_NONE,
	LABEL_DECISION,
	LABEL_PROPOSAL, /* what somebody proposes before the meeting */
	LABEL_MOTION,   /* what is proposed at the meeting */
	LABEL_BACKGROUND,
	LABEL_BASIS,     /* documents, earlier handling: no text about the matter */
	LABEL_PROCEDURE, /* how it came to the decision */
	LABEL_VOTE,
	LABEL_RESERVATION,
	LABEL_STATEMENT,
	LABEL_CONFLICT,
	LABEL_NO_PART,
	LABEL_DISPATCH,
	LABEL_ADJUSTMENT,
	LABEL_OTHER,
};

/* The label that a text in lower case begins with. It is the whole text, or a colon or a gap as between columns parts
 * it from what follows; *label_size is then where that begins (NULL: not wanted). */
enum label rf_label_at(const char *lower, size_t size, size_t *label_size);

/* Labels that name a body mean different things in its own minutes and in others': "Kommunstyrelsens förslag till
 * kommunfullmäktige" is what the board decided, or what the council was proposed. */
struct owned_label {
	enum label label;
	bool proposes;      /* LABEL_DECISION: what was decided is a proposal */
	const char *target; /* to whom: in lower case; NULL: not said */
};

/* board: in lower case; NULL: not known. */
struct owned_label rf_label_in(struct referat_call *call, const char *lower, const char *board);

#endif
