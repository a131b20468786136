/* A small reference model of what the broker's core promises, beside a real core (tests/support/rig.h).
 *
 * A verb is something that a stage, a source, an operator or fate may do. It does two things: it says to the core what
 * such a peer would say, and it changes the model as the documentation says; model_round_trip and model_expect then
 * compare what the core answered, model_compare what it stored. A new verb is a function here and a row in the table of
 * test_core_model.c:
 *
 *   model.c            what comes back from the core; tasks and their states; what must hold after each step
 *   model_stages.c     sources and stages
 *   model_faults.c     deaths, lost connections, restarts and deaths of the broker, time
 *   model_operators.c  what people do through the command line to have it go on
 *   model_endings.c    and to have it stop, or be gone */
#ifndef TESTS_SUPPORT_MODEL_H
#define TESTS_SUPPORT_MODEL_H

#include "tests/support/rig.h"

/* Fits no variant: something stands there, and nobody knows what. */
enum { MODEL_ANYTHING = 1000 };

/* The word that a withdrawal leaves. */
enum { MODEL_WITHDRAWN = 500 };

/* Why a task is held before it ran. */
enum model_wait { MODEL_NO_WAIT, MODEL_STOPPED, MODEL_AFTER_WITHDRAWAL };

/* Each document comes from a source of its own at first. What the first two bring is minutes of one meeting, in two
 * pieces; the third is read as something that nobody can tell the meeting of. */
enum { MODEL_PIECES = 2, MODEL_NOBODY = 1000 };

enum { MODEL_DOCUMENTS = 3, MODEL_REVISIONS = 40, MODEL_PEERS = 6, MODEL_HANDS = 64, MODEL_ENDED = 8 };

struct model_task {
	enum rf_task_state state; /* 0: not made */
	unsigned crashes, kills, failures;
	enum model_wait wait; /* while it is held */
};

struct model_document {
	char id[16];
	unsigned revisions;
	unsigned variant[MODEL_REVISIONS];                /* of what it says, by revision from 1 */
	unsigned source[MODEL_REVISIONS];                 /* that it came from */
	unsigned bytes[MODEL_REVISIONS][MODEL_DOCUMENTS]; /* of each source, in the revision; 0: none */
	struct model_task tasks[MODEL_REVISIONS][RIG_STAGES];
	/* the effect, as the broker is to know it; 0: nothing */
	bool intended_open;
	unsigned intended, standing;
	unsigned outside;  /* what really stands there */
	unsigned released; /* revision whose publication a person let go as done */
	bool again;        /* it is put there once more, although it stands there */
	bool withdrawal[MODEL_REVISIONS], stopped[MODEL_REVISIONS];
	unsigned withdrawn; /* the revision that took it away, until a later one is released; 0: none */
	unsigned deleted;   /* the revision that was given up */
	unsigned moved;     /* the revision that went on as one of another document */
	bool erased;
};

struct model_peer {
	rf_peer number;
	unsigned stage, instance;
};

struct model_hand {
	bool used, started, superseded, acting, looking, orphan, alone;
	bool may_act;    /* it was started before a restart of the broker, which can not know whether it had GO */
	int64_t lost_us; /* of an orphan */
	struct rig_token token;
	unsigned instance, document, revision, stage;
	rf_peer peer;
};

struct model {
	struct rig *rig;
	struct model_document documents[MODEL_DOCUMENTS];
	unsigned home[MODEL_DOCUMENTS]; /* of each source: the document that its next bytes are of */
	unsigned owner;                 /* the document that the meeting is; MODEL_NOBODY: none yet */
	struct model_peer peers[MODEL_PEERS];
	struct model_hand hands[MODEL_HANDS];
	struct model_hand ended[MODEL_ENDED];
	unsigned n_ended, last_instance;
	rf_peer last_peer;
	/* the last answer */
	enum rf_verb verb;
	Referat__Wire__Outcome outcome;
	unsigned answered_revision;
	char problem[256];
};

/* Which document, hand or peer is chosen, and how it is done, follow from two numbers, so that a step means the same
 * when others before it are left out. What is not possible is not done. */
typedef void model_verb(struct model *model, unsigned choice, unsigned variant);

/* ---- model.c ----------------------------------------------------------------------------------------------------- */

struct model *model_new(void); /* with all stages connected */
void model_free(struct model *model);

/* The first thing that is not as it should be is kept as the problem. */
void model_wrong(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends the round, and takes what the core says: work, what it takes back, and its last answer. */
void model_round_trip(struct model *model);
void model_expect(struct model *model, const char *what, Referat__Wire__Outcome outcome);

struct model_task *model_task_of(struct model *model, const struct model_hand *hand);
void model_make_next(struct model *model, unsigned document, unsigned revision, unsigned stage);
void model_let_go(struct model *model, struct model_hand *hand);
void model_charge(struct model *model, struct model_hand *hand, bool crash);
/* Its unfinished tasks, of these revisions. */
void model_supersede(struct model *model, unsigned document, unsigned first, unsigned last);

void model_compare(struct model *model); /* every task, and the counts */
void model_finish(struct model *model);  /* all that can be is finished, and what stands outside is the newest */

/* ---- model_stages.c ---------------------------------------------------------------------------------------------- */

void model_join(struct model *model, unsigned peer, bool come_back);
void model_act_outside(struct model *model, struct model_hand *hand);       /* what an effect does */
struct model_hand *model_choose_hand(struct model *model, unsigned choice); /* NULL: nobody has one */

/* The newest revision that came from a source; 0: none did. */
unsigned model_base(const struct model_document *document);

model_verb model_put, model_start, model_done, model_retry, model_yield, model_fail, model_hold, model_answer_late;

/* ---- model_faults.c ---------------------------------------------------------------------------------------------- */

model_verb model_crash, model_kill, model_lose, model_restart, model_outage, model_pass;

/* ---- model_operators.c ------------------------------------------------------------------------------------------- */

/* Asks for a command about a document in the next round. Returns NULL when there is none yet, or it is erased. */
struct model_document *model_ask_about(struct model *model, unsigned choice, const char *command);
model_verb model_release, model_send_on, model_replay;

/* ---- model_endings.c --------------------------------------------------------------------------------------------- */

bool model_is_stuck(const struct model_document *document); /* something of it is held or dead */
model_verb model_stop, model_withdraw, model_delete, model_erase;

#endif
