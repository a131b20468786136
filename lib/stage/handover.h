/* What passes between the two threads of a stage. The loop thread speaks with the broker and never waits; the work
 * thread runs plugins and may wait long. Here is all that both touch, behind one lock:
 *
 *   tasks      loop -> work   those the broker sent, in order; bounded by the credit given
 *   hand       work -> loop   the task that is being worked on
 *   answers    work -> loop   what became of tasks; kept by the loop until the broker has them
 *   question   work -> loop   one that the work thread waits for the answer to
 *   stopping   loop -> work   finish what is in hand, take nothing more
 *
 * The lock is never held while something is sent, received or run. */
#ifndef RF_STAGE_HANDOVER_H
#define RF_STAGE_HANDOVER_H

#include "base/clock.h"
#include "stage/parcel.h"

struct rf_handover;

enum {
	RF_HANDOVER_TASKS = 32,   /* credit: tasks that may wait */
	RF_HANDOVER_ANSWERS = 64, /* that the broker does not have yet; then the work thread waits */
};
#define RF_HANDOVER_BYTES (UINT64_C(16) * 1024 * 1024) /* credit: bytes of tasks that may wait */

/* The clock is borrowed. */
struct rf_handover *rf_handover_new(const struct rf_clock *clock, struct rf_error *error);
void rf_handover_free(struct rf_handover *handover); /* when the work thread has ended */

/* ---- the work thread ------------------------------------------------------------------------------------------- */

/* Takes the next task in hand; waits for one at most limit_us. NULL: none came, or it is time to stop. */
struct rf_parcel *rf_handover_take(struct rf_handover *handover, int64_t limit_us);

/* Says to the broker, soon and without waiting, that the work on the task in hand begins. */
void rf_handover_start(struct rf_handover *handover);

/* Ends the task in hand. task is freed; answer (NULL: the broker does not want one) is handed over. Waits while the
 * broker lags far behind. */
void rf_handover_finish(struct rf_handover *handover, struct rf_parcel *task, struct rf_parcel *answer);

/* A question to the broker and what came back. */
struct rf_question {
	struct rf_message message; /* sent as often as the connection is lost; the asker's */
	enum rf_question_kind {
		RF_QUESTION_START,   /* answered by GO, ALREADY, LOOKUP, ACK with the token */
		RF_QUESTION_REF,     /* answered by an ACK with `ref` */
		RF_QUESTION_BLOB,    /* answered by BLOB_DATA; lost with the connection */
		RF_QUESTION_ONE_WAY, /* part of a blob: done when it is sent */
	} kind;
	uint64_t ref;
	struct rf_message answer; /* the asker's after 0, but for one-way questions */
	size_t item;              /* which of its items is meant */
	bool sent, done, lost;    /* used inside */
};
enum { RF_QUESTION_LOST = 1 };
/* Asks and waits for the answer. Returns 0, or RF_QUESTION_LOST: there will be none (the task was taken back, the
 * connection was lost with the blob, or it is time to stop and there is no broker). */
int rf_handover_ask(struct rf_handover *handover, struct rf_question *question);

/* Whether the work thread is in somebody else's code, whose time is limited. */
void rf_handover_set_busy(struct rf_handover *handover, bool busy);
void rf_handover_set_caught_up(struct rf_handover *handover, bool caught_up);
bool rf_handover_stopping(struct rf_handover *handover);
void rf_handover_end(struct rf_handover *handover); /* the work thread's last word */

/* ---- the loop thread ------------------------------------------------------------------------------------------- */

int rf_handover_fd(const struct rf_handover *handover); /* readable when there is something new to collect */

/* What the work thread has said since the last time, and what it is doing. */
struct rf_collected {
	struct rf_parcel *answers; /* list; the loop's from now on; each is settled once */
	uint32_t credit_tasks;     /* came free */
	uint64_t credit_bytes;
	struct rf_question *question; /* waited for; NULL: none */
	bool in_hand, started;
	Referat__Wire__Token token; /* of the task in hand */
	int64_t busy_since_us;      /* monotonic; 0: not in a plugin */
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
/* If the question waits for this message, it is consumed and true comes back. */
bool rf_handover_reply(struct rf_handover *handover, struct rf_message *message);
/* The broker has n answers more. */
void rf_handover_settle(struct rf_handover *handover, size_t n);
/* Time to stop. Without a broker nothing is waited for any more. */
void rf_handover_stop(struct rf_handover *handover, bool connected);

#endif
