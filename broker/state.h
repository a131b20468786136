/* What the files of the core share: the state in memory, and what each noun offers to the others.
 *
 * The store knows five things of a task; LEASED and STARTED are known here only (and STARTED in the journal): in the
 * store such a task is READY. So a lease is memory, and everything else is a row.
 *
 * Functions that return int: < 0 is a fault of the store, passed on unchanged. */
#ifndef RF_BROKER_STATE_H
#define RF_BROKER_STATE_H

#include "base/memory.h"
#include "broker/core.h"
#include "broker/passings.h"

#include <uthash.h>

enum {
	RF_READY_BATCH = 256,     /* tasks of a stage read from the store at a time */
	RF_READY_MOST = 16384,    /* listed in memory as they come */
	RF_MOST_CREDIT = 256,     /* tasks; below the high-water mark of the socket */
	RF_MOST_NAME = 128,       /* of parts, types, attributes */
	RF_MOST_KEY = 1024,       /* of sources, subjects, effects */
	RF_MOST_VALUE = 16384,    /* of attributes and reasons */
	RF_INSTANCE_SIZE = 65,    /* with its NUL */
	RF_SILENT_HEARTBEATS = 5, /* after which a peer is gone */
};

struct rf_token {
	uint64_t task;
	uint32_t lease;
	uint32_t epoch;
};

struct rf_core_stage;
struct rf_span;

/* ---- peers.c: who is connected ---------------------------------------------------------------------------------- */

enum rf_role { RF_ROLE_NONE, RF_ROLE_STAGE, RF_ROLE_CONTROL, RF_ROLE_SUPERVISOR };

struct rf_core_peer {
	rf_peer number;
	enum rf_role role; /* NONE: no HELLO yet, or ignored until a new one */
	bool told;         /* of role NONE: got its ERROR */
	bool draining;
	bool caught_up;
	struct rf_core_stage *stage;
	char instance[RF_INSTANCE_SIZE];
	uint32_t pid;
	char **needs;
	size_t n_needs;
	uint32_t credit_tasks;
	int64_t credit_bytes;
	size_t n_leases;
	bool alone; /* has a task that must be the only one */
	int64_t heard_us;
	size_t last_message; /* index in the outbox + 1; 0: none in this round */
	UT_hash_handle hh;
};

struct rf_core_peer *rf_peer_find(struct rf_core *core, rf_peer number);
struct rf_core_peer *rf_peer_meet(struct rf_core *core, rf_peer number); /* finds or makes; heard now */
void rf_peer_drop(struct rf_core *core, struct rf_core_peer *peer);      /* its leases go as in rf_core_lost */
void rf_peer_refuse(struct rf_core *core, struct rf_core_peer *peer, const char *code, const char *text);
int rf_peer_hello(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Hello *hello,
		  struct rf_error *error);
void rf_peer_credit(struct rf_core_peer *peer, const Referat__Wire__Credit *credit);
bool rf_peer_needs(const struct rf_core_peer *peer, const char *part);
bool rf_peers_caught_up(const struct rf_core *core); /* each ingest stage has looked through its sources once */
void rf_peers_expire(struct rf_core *core);          /* those without a word for five heartbeats */

/* ---- outbox.c: what is sent after the commit -------------------------------------------------------------------- */

struct rf_outbox {
	struct {
		rf_peer peer;
		struct rf_message message;
		size_t bytes;
	} * messages;
	size_t n, capacity;
};

/* A new message with an empty header. */
Referat__Wire__Header *rf_outbox_header(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb);
/* A new item: in the peer's last message when that has the same verb and room (bundles), else in a new one. */
Referat__Wire__Item *rf_outbox_item(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb);
/* Adds the items and frames of the message likewise; it is consumed. */
void rf_outbox_append(struct rf_core *core, struct rf_core_peer *peer, struct rf_message *message);
/* Adds a frame to the peer's last message. */
void rf_outbox_frame(struct rf_core *core, struct rf_core_peer *peer, struct rf_frame frame);
/* Adds an ACK for the item: its token and ref, the outcome, and the reason where there is one. */
Referat__Wire__Item *rf_outbox_ack(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
				   Referat__Wire__Outcome outcome, const char *code, const char *text);
Referat__Wire__Token *rf_token_wire(struct rf_token token);
void rf_outbox_deinit(struct rf_outbox *outbox);

/* ---- tasks.c: rows, owned and moved ----------------------------------------------------------------------------- */

/* A row of the store with strings of its own. */
struct rf_owned_task {
	struct rf_task row;
	char *document, *stage, *code, *reason;
};

void rf_owned_task_deinit(struct rf_owned_task *task);
#define rf_autotask __attribute__((cleanup(rf_owned_task_deinit)))

int rf_task_load(struct rf_core *core, uint64_t id, struct rf_owned_task *task, struct rf_error *error);
int rf_task_save(struct rf_core *core, struct rf_owned_task *task, struct rf_error *error);
/* Changes the state, with a reason (NULL: none), and saves. */
int rf_task_move(struct rf_core *core, struct rf_owned_task *task, enum rf_task_state state, const char *code,
		 const char *reason, struct rf_error *error);
/* When a task is to run, and before which others: what is in the bulk lane waits for all that is not. */
enum { RF_LANE_USUAL = 0, RF_LANE_BULK = -1 };
struct rf_turn {
	int32_t priority;
	int64_t due_us; /* 0: now */
};
/* Adds a READY task of the stage (DELAYED when it is due later). */
int rf_task_add(struct rf_core *core, const char *document, uint32_t revision, struct rf_core_stage *stage,
		struct rf_turn turn, struct rf_error *error);
/* What has ended, or is held, runs again: with a clean sheet, as though it were new. */
int rf_task_reopen(struct rf_core *core, struct rf_owned_task *task, struct rf_turn turn, struct rf_error *error);
int rf_task_note(struct rf_core *core, const struct rf_task *task, const char *what, const char *detail,
		 struct rf_error *error);

struct rf_lease;
/* An attempt is over: counts it, and keeps what it was done with and how long it took; who calls saves the task. */
void rf_task_attempted(const struct rf_core *core, const struct rf_lease *lease, struct rf_task *task);
/* What came of it. ready_us: since when the task had been ready. */
void rf_task_passed(struct rf_core *core, const struct rf_lease *lease, const struct rf_task *task, int64_t ready_us,
		    enum rf_passed passed);
/* Revisions of a document, both included. */
struct rf_span {
	uint32_t first, last;
};

/* Why a task is not done: it ended without that, or waits. */
struct rf_end {
	const char *code, *reason;
};

/* Holds a task that was just made, before it runs; a person's release lets it run (acts.c). about: its document,
 * revision and stage. */
int rf_task_hold_unrun(struct rf_core *core, const struct rf_task *about, const struct rf_end *why,
		       struct rf_error *error);

enum {
	RF_STATES_OPEN = 1 << RF_TASK_READY | 1 << RF_TASK_DELAYED,
	RF_STATES_STUCK = 1 << RF_TASK_HELD | 1 << RF_TASK_DEAD,
	RF_STATES_UNFINISHED = RF_STATES_OPEN | RF_STATES_STUCK
};

/* Ends whatever is unfinished of these revisions, held and dead tasks too; what is in hand ends as a late answer. */
int rf_tasks_supersede(struct rf_core *core, const char *document, const struct rf_span *span, const struct rf_end *end,
		       struct rf_error *error);

/* ---- leases.c: who has what in hand ----------------------------------------------------------------------------- */

struct rf_lease {
	struct rf_token token;
	struct rf_core_stage *stage;
	struct rf_core_peer *peer; /* NULL: an orphan; its obituary, or the return of its peer, is awaited */
	char instance[RF_INSTANCE_SIZE];
	uint32_t pid;
	char *document;
	uint32_t revision;
	bool started;
	bool alone;
	bool acting;        /* had GO, and no result yet */
	bool telling;       /* was counted as a document that is told of */
	bool looking;       /* had LOOKUP */
	bool outdated;      /* a lookup found an older digest: once more, to put the new one there */
	bool superseded;    /* the row is: what it answers is late, but its effect is recorded */
	int64_t started_us; /* monotonic: since when it is in hand */
	int64_t deadline_us;
	UT_hash_handle hh; /* by task */
};

/* The lease that the token names, if it is the peer's; NULL: a late answer. */
struct rf_lease *rf_lease_of(const struct rf_core *core, uint64_t task); /* NULL: nobody has it */
struct rf_lease *rf_lease_find(struct rf_core *core, const struct rf_core_peer *peer,
			       const Referat__Wire__Token *token);
struct rf_lease *rf_lease_add(struct rf_core *core, struct rf_core_stage *stage, struct rf_token token,
			      const char *document, uint32_t revision);
void rf_lease_give(struct rf_lease *lease, struct rf_core_peer *peer);
void rf_lease_take(struct rf_lease *lease);                          /* from its peer */
void rf_lease_start(struct rf_core *core, struct rf_lease *lease);   /* in hand now; journalled */
void rf_lease_end(struct rf_core *core, struct rf_lease *lease);     /* freed; the stage looks for ready tasks again */
void rf_lease_close(struct rf_core *core, struct rf_lease *lease);   /* freed; its task is not ready again */
void rf_lease_abandon(struct rf_core *core, struct rf_lease *lease); /* its peer is gone */
void rf_lease_revoke(struct rf_core *core, struct rf_core_peer *peer, struct rf_token token);
int rf_lease_adopt(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Token *held,
		   struct rf_error *error);
int rf_leases_restore(struct rf_core *core, struct rf_error *error); /* from the journal */
int rf_leases_expire(struct rf_core *core, struct rf_error *error);
void rf_leases_call_back(struct rf_core *core, const struct rf_core_stage *stage); /* what the stage has not started */
void rf_leases_supersede(struct rf_core *core, const char *document, const struct rf_span *span); /* out of date */
void rf_leases_recall(struct rf_core *core, const char *document); /* the same of all; who has one in hand is told */
int64_t rf_lease_time(const struct rf_core *core, const struct rf_core_stage *stage);

/* ---- work.c: handing out against credit ------------------------------------------------------------------------- */

struct rf_breaker { /* of a destination */
	char *name;
	bool open;
	bool probing; /* one task is out to see whether it is back */
	uint64_t probe;
	uint32_t times;    /* in a row */
	int64_t opened_us; /* monotonic */
	char *why;         /* of the last failure; NULL: none yet */
	bool refused;      /* it does not take our credentials */
	int64_t until_us;
	bool asked; /* until then: it said so itself */
	UT_hash_handle hh;
};

struct rf_core_stage {
	const struct rf_stage *definition;
	size_t index;
	bool serial;
	uint64_t *ready; /* in order, from next_ready on */
	size_t n_ready, next_ready, ready_capacity;
	int32_t last_priority; /* of those read: of the last */
	bool stirred;          /* the store may have more */
	int64_t paused_us;     /* since when; 0: it is not */
	size_t n_leases, n_started, n_orphans;
	struct rf_breaker *breaker; /* of the destination that failed last; NULL: none did */
	uint32_t toolset;           /* number of its plugins and their versions in the store */
	struct rf_meter meter;
};

/* Says that there is no such stage, and which one is near. */
void rf_stage_unknown(const struct rf_core *core, const char *name, struct rf_error *error);
struct rf_core_stage *rf_stage_named(struct rf_core *core, const char *name);
bool rf_stage_publishes(struct rf_core *core, const char *name); /* also one that the definition no longer has */
bool rf_stage_can_look_up(const struct rf_core_stage *stage);    /* its plugin can be asked what stands there */
void rf_stage_stir(struct rf_core_stage *stage);                 /* tasks came back: look again, from the front */
bool rf_stage_may_have_ready(const struct rf_core_stage *stage);
void rf_stages_stir(struct rf_core *core); /* what was added was undone */
/* A new task is ready: it is in the list at once where the list is all there is, so that nothing need be read. */
void rf_stage_expect(struct rf_core_stage *stage, uint64_t task, int32_t priority);
int rf_work_hand_out(struct rf_core *core, struct rf_error *error);
/* Who takes the next task of the stage: whoever has least in hand, so that work is spread. NULL: nobody now. */
struct rf_core_peer *rf_work_peer(struct rf_core *core, const struct rf_core_stage *stage);
/* Adds an item with the revision's parts that the peer needs; it has no token yet. */
int rf_work_load(struct rf_core *core, const struct rf_core_peer *peer, const struct rf_owned_task *task,
		 struct rf_message *work, struct rf_error *error);
int rf_work_start(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
		  struct rf_error *error);

/* ---- intake.c, routes.c, subjects.c, outcomes.c, effects.c ------------------------------------------------------ */

/* Bytes of items as they lie in the message's frames. */
struct rf_cursor {
	const struct rf_message *message;
	size_t next;
};

/* What was asked for can't be done as it was said: the reason goes to who asked. */
enum { RF_REFUSED = 1 };

/* Held before anybody read it: to release it is to let it be read. */
#define RF_CODE_UNREAD "erased-source"

/* The setting that knows when the last document or revision came. */
#define RF_LAST_ARRIVAL "last_arrival_us"

/* Whether the disk has less than its reserve: core->disk_short. */
void rf_intake_look_at_disk(struct rf_core *core);

/* Whether more than so many tasks are open, or the disk is short. */
int rf_intake_is_full(struct rf_core *core, uint64_t most_tasks, bool *full, struct rf_error *error);
/* Adds the new documents of this round to the number of all. */
int rf_intake_count(struct rf_core *core, struct rf_error *error);
int rf_intake_put(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
		  struct rf_cursor *cursor, struct rf_error *error);

/* A revision of a document, from bytes that have come in. */
struct rf_arrival {
	const char *source_key;
	const char *name;
	const char *type;
	struct rf_digest digest;
	uint64_t size;
	const void *data;
	const char *blob;
	bool quiet;
	int64_t due_us;
	struct rf_core_stage *stage; /* that reads it */
	const char
	    *piece;     /* of the meeting, as it was read in a document of its own; NULL: it was not, or is no piece */
	bool completes; /* it comes to a page that stands: a major change */
};
/* The next revision of the document: older ones are superseded, and the ingest task is made. */
int rf_intake_revise(struct rf_core *core, const char *document, const struct rf_arrival *arrival, uint32_t *revision,
		     struct rf_error *error);

/* ---- pieces.c: minutes of one meeting that come in several files --------------------------------------------------
 */

/* Attributes that the broker sets on revisions with several sources: the piece that part `source` has; the parts of
 * files that came when a page stood already; those of the others, the newest first. Their files are called "name." and
 * the piece. */
#define RF_ATTRIBUTE_PIECE "piece"
#define RF_ATTRIBUTE_ADDED "piece.added"
#define RF_ATTRIBUTE_ORDER "piece.order"

/* Gives the revision behind the newest the sources of the others, but for the one whose place the arrival takes.
 * Nothing is done for a document from one file, unless the arrival is another piece. */
int rf_pieces_carry(struct rf_core *core, const char *document, uint32_t newest, const struct rf_arrival *arrival,
		    struct rf_error *error);

struct rf_pieces {
	size_t n;   /* files that the newest revision is from */
	bool known; /* it is known which piece they have */
	bool has;   /* that one among them */
};
int rf_pieces_look(struct rf_core *core, const char *document, const char *piece, struct rf_pieces *pieces,
		   struct rf_error *error);

/* Whether what a stage says may be the name of a piece; RF_REFUSED with the reason. */
int rf_piece_check(const Referat__Wire__Item *item, struct rf_error *error);
/* The part `source` of the task's revision was read to have the piece. */
int rf_piece_read(struct rf_core *core, const struct rf_owned_task *task, const char *piece, struct rf_error *error);
/* The file that the revision brought came to a page that stood. */
int rf_piece_completes(struct rf_core *core, const char *document, uint32_t revision, bool *completes,
		       struct rf_error *error);

/* What a stage adds: its parts, whose document is left open and whose strings and bytes are the message's, and whether
 * its attributes may be kept. Both change nothing; RF_REFUSED with the reason. */
int rf_parts_read(struct rf_core *core, const Referat__Wire__Item *item, struct rf_cursor *cursor,
		  struct rf_part parts[RF_WIRE_MOST_PARTS], struct rf_error *error);
int rf_attributes_check(const Referat__Wire__Item *item, struct rf_error *error);
/* *value: "" when there is none; the caller frees. */
int rf_attribute_read(struct rf_core *core, const char *document, uint32_t revision, const char *name, char **value,
		      struct rf_error *error);
void rf_cursor_skip(struct rf_cursor *cursor, const Referat__Wire__Item *item);

/* What a stage said at the end of a task. */
int rf_outcome_take(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb, const Referat__Wire__Item *item,
		    struct rf_cursor *cursor, struct rf_error *error);

/* Makes the tasks behind one that is done, in its lane. */
int rf_routes_follow(struct rf_core *core, const struct rf_task *task, const struct rf_core_stage *done,
		     struct rf_error *error);
/* Whether a task of the stage could be made now: what is before it is done, and `when` holds. */
int rf_routes_reach(struct rf_core *core, const char *document, uint32_t revision, const struct rf_core_stage *stage,
		    bool *reached, struct rf_error *error);
/* Whether the stage's conditions hold of the revision, with the attributes of `anew` in the place of those stored. */
int rf_routes_admit(struct rf_core *core, const char *document, uint32_t revision, const Referat__Wire__Item *anew,
		    const struct rf_core_stage *stage, bool *admitted, struct rf_error *error);
/* Which stages, by index, a document comes to after that one; not that one itself. */
void rf_routes_behind(const struct rf_core *core, const struct rf_core_stage *from, bool behind[RF_MOST_STAGES]);

/* Binds what was read to the meeting that it is about. */
enum rf_subject_outcome {
	RF_SUBJECT_BOUND,
	RF_SUBJECT_MOVED, /* it went on as a revision of another document */
	RF_SUBJECT_TAKEN, /* a person decides; *note says between what */
};
int rf_subject_bind(struct rf_core *core, const struct rf_owned_task *task, const Referat__Wire__Item *read,
		    enum rf_subject_outcome *outcome, char **note, struct rf_error *error);

int rf_effect_start(struct rf_core *core, struct rf_lease *lease, const Referat__Wire__Item *item,
		    struct rf_error *error);
/* The result of an effect that the lease began: whether it may be recorded (RF_REFUSED with the reason); and recording
 * it, where it may be. */
int rf_effect_check(struct rf_core *core, const struct rf_lease *lease, const Referat__Wire__Effect *effect,
		    struct rf_error *error);
int rf_effect_result(struct rf_core *core, struct rf_lease *lease, const Referat__Wire__Effect *effect,
		     struct rf_error *error);
/* The same from somebody whose lease is over: what was done outside is a fact all the same. */
int rf_effect_late(struct rf_core *core, const struct rf_core_peer *peer, const Referat__Wire__Item *item,
		   struct rf_error *error);
/* A person says of the open intents of the task's document and stage: they were made; or nothing was done. */
int rf_effects_settle(struct rf_core *core, const struct rf_task *task, bool made, struct rf_error *error);

/* ---- telling.c, pauses.c ----------------------------------------------------------------------------------------- */

/* One of the documents that together are one question. */
#define RF_CODE_MANY_DOCUMENTS "many-documents"

/* Whether the notify stage that has the lease may tell somebody now; else its task is held, and the lease is to end. */
int rf_telling_ask(struct rf_core *core, struct rf_lease *lease, bool *may, struct rf_error *error);
/* A person has said that this one is to be told of. */
int rf_telling_approve(struct rf_core *core, const struct rf_task *task, struct rf_error *error);

int rf_pauses_load(struct rf_core *core, struct rf_error *error);
/* What a stage was paused for holds of the one that takes its place. In a transaction. */
int rf_pauses_move(struct rf_store *store, const char *from, const char *to, struct rf_error *error);

/* What the broker knows of the pages of this document at the stage is doubted: who publishes it next looks whether they
 * stand there, or, with again set or at a target that can't be looked at, puts them once more. */
int rf_effects_doubt(struct rf_core *core, const char *document, const char *stage, bool again, struct rf_error *error);

/* A person has looked, and keeps what stands there: what was doubted is doubted no more. */
int rf_effects_believe(struct rf_core *core, const char *document, const char *stage, struct rf_error *error);
/* Nothing stands at the stage any more: a person has seen to it. */
int rf_effects_forget(struct rf_core *core, const char *document, const char *stage, struct rf_error *error);

/* ---- withdrawals.c: what is taken away again ----------------------------------------------------------------------
 */

/* Attributes that the broker sets on revisions, and no stage. A revision with RF_ATTRIBUTE_WITHDRAWN is a withdrawal;
 * its value is the day. The others tell more of one, and their names begin so. */
#define RF_ATTRIBUTE_WITHDRAWN    "withdrawn"
#define RF_ATTRIBUTE_WHY          "withdrawn.reason"
#define RF_ATTRIBUTE_REPLACEMENT  "withdrawn.replacement"
#define RF_ATTRIBUTE_WITHDRAWN_IN "withdrawn.in" /* of a revision that came after it: the number of the withdrawal */

/* The revision in which the document was withdrawn; 0: it was not, or a person has let a later one go. */
int rf_withdrawal_find(struct rf_core *core, const char *document, uint32_t *revision, struct rf_error *error);
/* Whether the revision itself is a withdrawal. */
int rf_withdrawal_is(struct rf_core *core, const char *document, uint32_t revision, bool *is, struct rf_error *error);
/* Holds the task of a revision that came after the document was withdrawn. */
int rf_withdrawal_hold(struct rf_core *core, const struct rf_task *task, uint32_t withdrawn, struct rf_error *error);
/* A person lets it go: what was still to be taken away stays, to be replaced. */
int rf_withdrawal_lift(struct rf_core *core, const struct rf_task *task, struct rf_error *error);

/* ---- purges.c: nothing is kept of earlier versions -----------------------------------------------------------------
 */

/* From now on, of this revision. */
int rf_purge_set(struct rf_core *core, const char *document, uint32_t revision, struct rf_error *error);
/* What the revision before this one has not finished. */
int rf_purge_carry(struct rf_core *core, const char *document, uint32_t revision, struct rf_error *error);
/* Whether it was last withdrawn without that, and a target may have kept something. */
int rf_purge_is_owed(struct rf_core *core, const char *document, uint32_t newest, bool *owed, struct rf_error *error);

/* ---- acts.c: what a person decides about a document ----------------------------------------------------------------
 */

/* Codes of held tasks that have not run: released, they run. */
#define RF_CODE_STOPPED   "stopped"   /* referat hold */
#define RF_CODE_WITHDRAWN "withdrawn" /* saved again after it was withdrawn */
#define RF_CODE_DELETED   "deleted"   /* of SUPERSEDED ones: referat delete */
#define RF_CODE_GIVEN_UP  "given-up"  /* of SUPERSEDED ones: referat delete of a stage alone */
#define RF_CODE_MOVED     "moved"     /* of SUPERSEDED ones: what it had goes on as a revision of another document */

/* Held before it ran: released, it runs; nothing else makes it run. */
bool rf_task_is_unrun(const struct rf_task *task);

/* The newest revision's, while a person has stopped it: the reason for the publisher; "" when released. */
#define RF_ATTRIBUTE_STOPPED "stopped"

/* ---- crashes.c: what a task is charged with ---------------------------------------------------------------------- */

enum rf_charge { RF_CHARGE_CRASH, RF_CHARGE_KILL, RF_CHARGE_TIMEOUT, RF_CHARGE_LOST };

/* Ends the lease and charges its task. */
int rf_crash_charge(struct rf_core *core, struct rf_lease *lease, enum rf_charge charge, const char *code,
		    const char *reason, struct rf_error *error);
int rf_crash_obituary(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Header *header,
		      struct rf_error *error);

/* ---- timers.c -----------------------------------------------------------------------------------------------------
 */

/* The wall time that durable timers go by: where the wall clock stands still (--clock) or is set back, time passes all
 * the same. */
int64_t rf_timer_now(const struct rf_core *core);
/* The same by whichever clock says less: for what must not happen early, such as removing. */
int64_t rf_timer_slowest(const struct rf_core *core);
/* base * 2^n, at most cap, with full jitter: anywhere between 0 and that. */
int64_t rf_timer_back_off(struct rf_core *core, int64_t base_us, int64_t cap_us, uint32_t n);
int rf_timers_run(struct rf_core *core, struct rf_error *error);
int64_t rf_timers_next(const struct rf_core *core); /* monotonic */
/* At the start: what was put off while the clock ran ahead waits no longer than was meant, now that it was set back. */
int rf_timers_set_right(struct rf_core *core, struct rf_error *error);

/* ---- breakers.c ---------------------------------------------------------------------------------------------------
 */

/* The destination failed: no work for stages that go there until a probe says that it is back. */
struct rf_breakdown {
	const char *destination, *code, *why;
	int64_t due_us; /* wall time before which it wants to be left alone; 0: not said */
};
void rf_breaker_trip(struct rf_core *core, struct rf_lease *lease, const struct rf_breakdown *breakdown);
/* One that was open when the last broker ended, for so long: one task is let through. */
void rf_breaker_restore(struct rf_core *core, struct rf_core_stage *stage, const char *destination, bool refused,
			int64_t open_us);
void rf_breaker_mend(struct rf_lease *lease); /* the task got through */
/* A person knows more than its pauses: the next task is let through at once. False: it works, as far as is known. */
bool rf_breaker_try_now(struct rf_core *core, struct rf_core_stage *stage);
bool rf_breaker_lets_through(struct rf_core *core, struct rf_core_stage *stage);

/* ---- transfers.c: BLOB verbs ------------------------------------------------------------------------------------- */

void rf_transfer_take(struct rf_core *core, struct rf_core_peer *peer, const struct rf_message *message);

/* ---- alerts.c -----------------------------------------------------------------------------------------------------
 */

struct rf_unsent {
	char *cause;
	int64_t until_us; /* monotonic: not tried before */
	UT_hash_handle hh;
};

void rf_unsent_forget(struct rf_core *core, struct rf_unsent *unsent);

/* ---- control.c ----------------------------------------------------------------------------------------------------
 */

/* Who asked what. */
struct rf_reply_to {
	rf_peer peer;
	char *command;
	uint64_t ref;
};

int rf_control_answer(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Control *control,
		      struct rf_error *error);
bool rf_control_acts(const Referat__Wire__Control *control); /* changes something: a promise */

/* ---- sweep.c ------------------------------------------------------------------------------------------------------
 */

struct rf_sweep *rf_sweep_new(void);
void rf_sweep_free(struct rf_sweep *sweep); /* NULL is fine */
int rf_sweep_run(struct rf_core *core, struct rf_error *error);
void rf_sweep_spare(struct rf_core *core, const char *blob); /* somebody brought or named it just now */

/* ---- snapshots.c --------------------------------------------------------------------------------------------------
 */

int rf_snapshots_open(struct rf_core *core, struct rf_error *error); /* removes one that was left */
void rf_snapshots_close(struct rf_core *core);
void rf_snapshots_go_on(struct rf_core *core); /* between transactions */
bool rf_snapshots_busy(const struct rf_core *core);
int rf_snapshots_drop(struct rf_core *core, struct rf_error *error);

/* ---- freeze.c -----------------------------------------------------------------------------------------------------
 */

enum rf_freeze { RF_THAWED, RF_FROZEN, RF_RECONCILING, RF_RECONCILED };

/* Why something waits for the thaw: nobody can tell whether it was done; it is to stand there, and does not; it stood
 * there when the backup was taken, and does not any more. */
enum rf_doubt { RF_DOUBT_UNPROVED, RF_DOUBT_NOT_THERE, RF_DOUBT_CHANGED };

int rf_freeze_load(struct rf_core *core, struct rf_error *error);
int rf_freeze_set(struct rf_core *core, enum rf_freeze frozen, struct rf_error *error);
/* Whether the stage is handed nothing. Holds what can't be looked up. */
int rf_freeze_withholds(struct rf_core *core, struct rf_core_stage *stage, bool *withheld, struct rf_error *error);
/* Until the thaw. */
int rf_freeze_hold(struct rf_core *core, struct rf_owned_task *task, enum rf_doubt doubt, struct rf_error *error);

/* reconcile.c: while RECONCILING, has the next pages asked for; nothing else. */
int rf_reconcile_go_on(struct rf_core *core, struct rf_error *error);

/* ---- looks.c: what stages are asked to tell, and not to do (broker/looks.h) ---------------------------------------
 */

struct rf_look;
/* Sends what waits to be looked at, behind all else, a few at a time. */
void rf_looks_hand_out(struct rf_core *core);
/* Whether the token is that of a look, and no task's. */
bool rf_look_is(const Referat__Wire__Token *token);
/* What a stage says it found. */
void rf_look_take(struct rf_core *core, struct rf_core_peer *peer, enum rf_verb verb, const Referat__Wire__Item *item,
		  struct rf_cursor *cursor);
/* The peer is gone: what it looked at is not known, and what it asked for nobody waits for. */
void rf_looks_abandon(struct rf_core *core, const struct rf_core_peer *peer);
void rf_looks_deinit(struct rf_core *core);

/* ---- erase.c ------------------------------------------------------------------------------------------------------
 */

struct rf_erasing;
/* After the commit: the files; adds the answers to the outbox. Says meanwhile to who waits that the broker is alive. */
void rf_erase_finish(struct rf_core *core, rf_core_send send, void *context);
/* At the start: what a broker that died had left to do. */
int rf_erase_resume(struct rf_core *core, struct rf_error *error);
void rf_erase_deinit(struct rf_core *core);

/* ---- core.c -------------------------------------------------------------------------------------------------------
 */

struct rf_core {
	struct rf_core_options options;
	uint32_t epoch;
	uint32_t last_lease;
	uint64_t random;
	int64_t wall_at_start_us, monotonic_at_start_us;
	int64_t now_us; /* monotonic, of this round */

	struct rf_core_stage *stages;
	size_t n_stages;
	struct rf_core_peer *peers;  /* by number */
	struct rf_lease *leases;     /* by task */
	size_t n_superseded;         /* among the leases */
	struct rf_breaker *breakers; /* by name */
	struct rf_journal *journal;
	struct rf_blobs *blobs;
	struct rf_passings *passings;
	const struct rf_reply_to *asked; /* the command that is being carried out */
	struct rf_erasing *erasing;      /* in this round */
	struct rf_sweep *sweep;
	struct rf_snapshots *snapshots;
	enum rf_freeze frozen;
	char *asked_to;        /* while RECONCILING: the last document that was looked at; NULL: none yet */
	struct rf_look *looks; /* asked for, in this order */

	struct {
		rf_peer peer;
		struct rf_message message;
	} * inbox;
	size_t n_inbox, inbox_capacity;
	struct rf_outbox outbox;

	uint64_t n_durable, n_relaxed, n_syncs; /* commits, and syncs of what was relaxed */
	bool draining;
	bool batch_read;          /* with options.once: all that the sources had has been read */
	bool ticked;              /* time passed since the last flush */
	bool wrote;               /* in this round */
	bool open_counted;        /* in this round: */
	uint64_t open_tasks;      /* ready and delayed */
	int64_t new_documents;    /* not counted in the store yet */
	bool alerts_taken_up;     /* what the last broker had left */
	struct rf_unsent *unsent; /* alerts that could not be mailed, by cause */
	bool disk_short;
	int64_t unsynced_us;      /* since when there are relaxed commits; 0: none */
	int64_t careful_until_us; /* monotonic: before that no step waits in memory */
	int64_t due_us;           /* of the earliest delayed task; INT64_MAX: none */
};

#endif
