/* Looks: what publish stages are asked to tell, and not to do. `referat drift` and `referat publish --dry-run` ask for
 * many at once, and are answered when all are over.
 *
 * A look is work for a stage that is no task: the stage gets the revision and what is known of the page, and says what
 * it found. Nothing of it is stored, and whoever dies over it leaves nothing behind. Looks go out behind all tasks, one
 * or two at a time in a stage. */
#ifndef RF_BROKER_LOOKS_H
#define RF_BROKER_LOOKS_H

#include "broker/state.h"

#include <json-c/json.h>

/* One question of the command line. */
struct rf_inquiry {
	struct rf_reply_to to; /* command owned */
	struct json_object *answer;
	size_t n_open;                    /* looks, and 1 while the question is being read */
	size_t n_shown;                   /* bytes of requests and texts in the answer */
	const struct rf_core_stage *only; /* NULL: every target */
	bool previews;                    /* what would go out now; else what stands there */
	struct rf_core_stage *from;       /* previews: made anew from there on; NULL: as it is stored */
	bool weighs;                      /* previews: only whether anything would go out */
	bool again;                       /* previews: as though nothing were known to stand there */
};

struct rf_draft;

struct rf_look {
	struct rf_look *next;
	struct rf_inquiry *inquiry;
	struct rf_core_stage *stage;
	struct rf_core_peer *peer; /* that has it in hand; NULL: it waits */
	uint32_t number;
	char *document;
	uint32_t revision;
	Referat__Wire__Effect *effect; /* what is known of the page; NULL: nothing, or it went with the work */
	struct rf_draft *draft;        /* what was made anew on the way here; NULL: it is as it is stored */
	struct json_object *entry;     /* its line of the answer; NULL: it makes the draft, and has none */
};

/* Takes the effect and a hold of the draft, both of which may be NULL. */
struct rf_look *rf_look_add(struct rf_core *core, struct rf_inquiry *inquiry, const char *document, uint32_t revision,
			    struct rf_core_stage *stage, Referat__Wire__Effect *effect, struct rf_draft *draft);
/* It goes to another stage, as though it were new. */
void rf_look_pass_on(struct rf_core *core, struct rf_look *look, struct rf_core_stage *stage);
/* Freed; after the last one of the inquiry the answer is sent. reason: NULL: none. */
void rf_look_finish(struct rf_core *core, struct rf_look *look, const char *found, const char *reason);
/* Whether the text still fits into the answer, and counts it. */
bool rf_inquiry_has_room(struct rf_inquiry *inquiry, size_t size);

struct rf_inquiry *rf_inquiry_new(struct rf_core *core, struct json_object *answer);
/* The question has been read. Returns RF_ANSWERED_LATER, or 0 when all is answered. */
int rf_inquiry_read(struct rf_inquiry *inquiry);
void rf_inquiry_drop(struct rf_core *core, struct rf_inquiry *inquiry); /* with its looks, unanswered */

/* Whether a process of the stage is there. */
bool rf_stage_runs(const struct rf_core *core, const struct rf_core_stage *stage);

/* comparisons.c: what a stage on the way made; the way goes on, or the targets are asked. */
void rf_preview_go_on(struct rf_core *core, struct rf_look *look, enum rf_verb verb, const Referat__Wire__Item *item,
		      struct rf_cursor *cursor);
/* The draft can't be made: so nothing can be told of the targets. */
void rf_preview_fail(struct rf_core *core, const struct rf_look *look, const char *found, const char *reason);

/* ---- drafts.c: what stages make of a document anew, kept from the store -------------------------------------------
 */

/* A draft of what comes of the newest revision when it runs again from that stage on; dropped by the last holder. */
struct rf_draft *rf_draft_new(const struct rf_core *core, const struct rf_core_stage *from);
struct rf_draft *rf_draft_hold(struct rf_draft *draft);
void rf_draft_drop(struct rf_draft *draft); /* NULL is fine */

/* The next stage that has to work on it; NULL: all have. */
int rf_draft_next(struct rf_core *core, struct rf_draft *draft, const char *document, uint32_t revision,
		  struct rf_core_stage **next, struct rf_error *error);
/* Whether what runs again comes to the stage in the end; and, once all have worked, whether this document does. */
bool rf_draft_concerns(const struct rf_draft *draft, const struct rf_core_stage *stage);
int rf_draft_reaches(struct rf_core *core, const struct rf_draft *draft, const char *document, uint32_t revision,
		     const struct rf_core_stage *stage, bool *reaches, struct rf_error *error);

/* Keeps what the stage answered with DONE or HOLD. RF_REFUSED with the reason when the answer breaks a rule. */
int rf_draft_take(struct rf_core *core, struct rf_draft *draft, const struct rf_core_stage *stage, enum rf_verb verb,
		  const Referat__Wire__Item *item, struct rf_cursor *cursor, struct rf_error *error);
/* Puts into the work for the peer what it needs of the draft, in the place of what is stored. */
void rf_draft_fill(const struct rf_draft *draft, const struct rf_core_peer *peer, struct rf_message *work);

/* Where and why it would wait for a person first; false: nowhere. Borrowed. */
bool rf_draft_is_held(const struct rf_draft *draft, const char **stage, const char **reason);

/* Adds to the list the parts that go out and differ from those stored: name, before, after; texts masked, or left out
 * where they are no texts or too long. */
int rf_draft_compare(struct rf_core *core, const struct rf_draft *draft, struct rf_inquiry *inquiry,
		     const char *document, uint32_t revision, struct json_object *list, struct rf_error *error);

#endif
