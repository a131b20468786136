/* What passes between the two threads of a stage. The loop thread speaks with the broker and never waits; the work
 * thread runs plugins and may wait long. Here is all that both touch, behind one lock:
 *
 *   tasks      loop -> work   those the broker sent, in order; bounded by the credit given
 *   hand       work -> loop   the task that is being worked on, or the several that are worked on together
 *   answers    work -> loop   what became of tasks; kept by the loop until the broker has them
 *   question   work -> loop   one that the work thread waits for the answer to
 *   stopping   loop -> work   finish what is in hand, take nothing more
 *
 * The lock is never held while something is sent, received or run.
 *
 * Waking the loop costs more than a short task does. So the work thread wakes it when there is nothing more to do, when
 * what it has said makes a bundle, and at the end of a task that the broker knows is in hand. In between the loop looks
 * by itself, RF_HANDOVER_LOOK_US after it has given tasks: a task that takes longer is started in the broker's eyes by
 * then. A process that has done little yet says START of each task at once: what ended the one before it, too quickly
 * to be named, is named now. */
#ifndef RF_STAGE_HANDOVER_H
#define RF_STAGE_HANDOVER_H

#include "base/clock.h"
#include "stage/parcel.h"

struct rf_handover;

enum {
	RF_HANDOVER_TASKS = 32,                    /* credit: tasks that may wait */
	RF_HANDOVER_TOGETHER = RF_WIRE_MOST_ITEMS, /* that may be in hand at once: one message begins them */
	RF_HANDOVER_ANSWERS = 64,                  /* that the broker does not have yet; then the work thread waits */
	RF_HANDOVER_CAREFUL = 64,                  /* tasks that are done before START of a task may wait */
	RF_HANDOVER_LOOK_US = 2000,
};
#define RF_HANDOVER_BYTES (UINT64_C(16) * 1024 * 1024) /* credit: bytes of tasks that may wait */

/* The clock is borrowed. */
struct rf_handover *rf_handover_new(const struct rf_clock *clock, struct rf_error *error);
void rf_handover_free(struct rf_handover *handover); /* when the work thread has ended */

/* ---- the work thread ------------------------------------------------------------------------------------------- */

/* Takes the next task in hand, and of those that wait behind it as many as there are up to `most`; one that crashed
 * before is taken alone. Waits for the first at most limit_us. Returns how many; 0: none came, or it is time to stop.
 */
size_t rf_handover_take(struct rf_handover *handover, int64_t limit_us, size_t most,
			struct rf_parcel *tasks[RF_HANDOVER_TOGETHER]);

/* Says to the broker, soon and without waiting, that the work on what is in hand begins. */
void rf_handover_start(struct rf_handover *handover);

/* Ends what is in hand. The n tasks are freed; their answers (NULL: the broker does not want one) are handed over.
 * Waits while the broker lags far behind. */
void rf_handover_finish(struct rf_handover *handover, struct rf_parcel *const *tasks, struct rf_parcel *const *answers,
			size_t n);

/* A question to the broker and what came back. */
struct rf_question {
	struct rf_message message; /* sent as often as the connection is lost; the asker's */
	enum rf_question_kind {
		RF_QUESTION_START,   /* each item is answered by GO, ALREADY, LOOKUP or ACK with its token */
		RF_QUESTION_REF,     /* answered by an ACK with `ref` */
		RF_QUESTION_BLOB,    /* answered by BLOB_DATA; lost with the connection */
		RF_QUESTION_ONE_WAY, /* part of a blob: done when it is sent */
	} kind;
	uint64_t ref;
	struct rf_message answer; /* of REF and BLOB; the asker's after 0 */
	size_t item;              /* which of its items is meant */
	/* Of START: what was answered to each item; the asker's after 0. NULL: nothing will be, the task was taken
	 * back. */
	struct rf_parcel *answers[RF_HANDOVER_TOGETHER];
	size_t n_open; /* items that have no answer yet; used inside, as are these */
	bool sent, done, lost;
};
enum { RF_QUESTION_LOST = 1 };
/* Asks and waits for the answer, or all of them. Returns 0, or RF_QUESTION_LOST: there will be none (every task was
 * taken back, the connection was lost with the blob, or it is time to stop and there is no broker). */
int rf_handover_ask(struct rf_handover *handover, struct rf_question *question);

/* Whether the work thread is in somebody else's code, whose time is limited. */
void rf_handover_set_busy(struct rf_handover *handover, bool busy);
void rf_handover_set_caught_up(struct rf_handover *handover, bool caught_up);
bool rf_handover_stopping(struct rf_handover *handover);
void rf_handover_end(struct rf_handover *handover); /* the work thread's last word */

/* ---- the loop thread ------------------------------------------------------------------------------------------- */

int rf_handover_fd(const struct rf_handover *handover); /* readable when there is something to collect at once */

/* The tasks in hand, by their tokens. */
struct rf_hand {
	Referat__Wire__Token tokens[RF_HANDOVER_TOGETHER];
	size_t n; /* 0: none */
};
bool rf_hand_equal(const struct rf_hand *a, const struct rf_hand *b);

/* What the work thread has said since the last time, and what it is doing. */
struct rf_collected {
	struct rf_parcel *answers; /* list; the loop's from now on; each is settled once */
	uint32_t credit_tasks;     /* came free */
	uint64_t credit_bytes;
	struct rf_question *question; /* waited for; NULL: none */
	struct rf_hand hand;
	bool started;
	bool look_again;       /* in RF_HANDOVER_LOOK_US: something is under way that the loop will not be woken for */
	int64_t busy_since_us; /* monotonic; 0: not in a plugin */
	bool caught_up;
	bool ended;
};
void rf_handover_collect(struct rf_handover *handover, struct rf_collected *collected);

/* A task from the broker, who owns no more of it. False, and it stays the caller's: more than credit was given for. */
bool rf_handover_give(struct rf_handover *handover, struct rf_parcel *task);
/* The broker wants it back: it is dropped if it was waiting; in hand, a START that waits is lost. */
void rf_handover_revoke(struct rf_handover *handover, const Referat__Wire__Token *token);
/* The connection is gone: waiting tasks are dropped, questions about blobs are lost, others are to be sent again. */
void rf_handover_reset(struct rf_handover *handover);
/* The question was sent; or it can't be sent now, nor again (blobs): it is lost. */
void rf_handover_sent(struct rf_handover *handover, struct rf_question *question);
void rf_handover_lose(struct rf_handover *handover);
/* If the question waits for something that this message says, it is consumed and true comes back. */
bool rf_handover_reply(struct rf_handover *handover, struct rf_message *message);
/* The broker has n answers more. */
void rf_handover_settle(struct rf_handover *handover, size_t n);
/* Time to stop. Without a broker nothing is waited for any more. */
void rf_handover_stop(struct rf_handover *handover, bool connected);

#endif
