#include "stage/handover.h"

#include "base/error.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

struct rf_handover {
	const struct rf_clock *clock;
	int wake; /* eventfd: the loop has something to collect */
	pthread_mutex_t mutex;
	pthread_cond_t changed; /* for the work thread */

	struct rf_parcel *tasks;
	size_t n_tasks;

	struct rf_hand hand;
	bool revoked[RF_HANDOVER_TOGETHER]; /* of those in hand: the broker wants it back */
	bool started;
	bool seen;         /* the loop knows what is in hand */
	size_t n_finished; /* up to RF_HANDOVER_CAREFUL, or a little more */
	int64_t busy_since_us;
	uint64_t last_ref;

	struct rf_parcel *answers;
	size_t n_answers;
	size_t n_unsettled;
	uint32_t credit_tasks;
	uint64_t credit_bytes;
	struct rf_question *question;

	bool caught_up, stopping, alone, ended; /* alone: stopping, and no broker to wait for */
};

struct rf_handover *rf_handover_new(const struct rf_clock *clock, struct rf_error *error)
{
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake < 0) {
		rf_error_errno(error, "eventfd");
		return NULL;
	}
	struct rf_handover *handover = rf_alloc(sizeof *handover);
	handover->clock = clock;
	handover->wake = wake;
	pthread_mutex_init(&handover->mutex, NULL);
	pthread_cond_init(&handover->changed, NULL);
	return handover;
}

void rf_handover_free(struct rf_handover *handover)
{
	if (!handover)
		return;
	rf_parcel_free_all(&handover->tasks);
	rf_parcel_free_all(&handover->answers);
	pthread_cond_destroy(&handover->changed);
	pthread_mutex_destroy(&handover->mutex);
	close(handover->wake);
	free(handover);
}

int rf_handover_fd(const struct rf_handover *handover)
{
	return handover->wake;
}

static void lock(struct rf_handover *handover)
{
	pthread_mutex_lock(&handover->mutex);
}

static void unlock(struct rf_handover *handover)
{
	pthread_mutex_unlock(&handover->mutex);
}

/* Unlocks, and lets the loop come and collect. */
static void unlock_and_wake(struct rf_handover *handover)
{
	unlock(handover);
	const uint64_t one = 1;
	while (write(handover->wake, &one, sizeof one) < 0 && errno == EINTR)
		;
}

static void unlock_and_wake_if(struct rf_handover *handover, bool wake)
{
	if (wake)
		unlock_and_wake(handover);
	else
		unlock(handover);
}

/* ---- the work thread ------------------------------------------------------------------------------------------- */

static struct timespec deadline_of(int64_t limit_us)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	int64_t ns = time.tv_nsec + limit_us % RF_SECOND * 1000;
	time.tv_sec += limit_us / RF_SECOND + ns / 1000000000;
	time.tv_nsec = ns % 1000000000;
	return time;
}

static bool is_alone(const struct rf_parcel *task)
{
	return rf_parcel_item(task)->alone;
}

static void take_one(struct rf_handover *handover, struct rf_parcel **taken)
{
	struct rf_parcel *task = handover->tasks;
	DL_DELETE(handover->tasks, task);
	handover->n_tasks--;
	handover->credit_tasks++;
	handover->credit_bytes += rf_parcel_part_size(task);
	struct rf_hand *hand = &handover->hand;
	handover->revoked[hand->n] = false;
	hand->tokens[hand->n] = *rf_parcel_item(task)->token;
	taken[hand->n++] = task;
}

static bool is_careful(const struct rf_handover *handover)
{
	return handover->n_finished < RF_HANDOVER_CAREFUL;
}

size_t rf_handover_take(struct rf_handover *handover, int64_t limit_us, size_t most,
			struct rf_parcel *tasks[RF_HANDOVER_TOGETHER])
{
	struct timespec deadline = deadline_of(limit_us);
	lock(handover);
	while (!handover->tasks && !handover->stopping)
		if (pthread_cond_clockwait(&handover->changed, &handover->mutex, CLOCK_MONOTONIC, &deadline))
			break;
	if (handover->stopping || !handover->tasks) {
		unlock(handover);
		return 0;
	}
	handover->started = handover->seen = false;
	handover->hand.n = 0;
	do
		take_one(handover, tasks);
	while (handover->hand.n < most && handover->tasks && !is_alone(tasks[0]) && !is_alone(handover->tasks));
	size_t n = handover->hand.n;
	unlock_and_wake_if(handover, is_careful(handover));
	return n;
}

void rf_handover_start(struct rf_handover *handover)
{
	lock(handover);
	handover->started = true;
	unlock_and_wake_if(handover, is_careful(handover));
}

void rf_handover_finish(struct rf_handover *handover, struct rf_parcel *const *tasks, struct rf_parcel *const *answers,
			size_t n)
{
	for (size_t i = 0; i < n; i++)
		rf_parcel_free(tasks[i]);
	lock(handover);
	handover->hand.n = 0;
	handover->started = false;
	for (size_t i = 0; i < n; i++) {
		if (!answers[i])
			continue;
		struct rf_parcel *answer = answers[i];
		DL_APPEND(handover->answers, answer);
		handover->n_answers++;
		handover->n_unsettled++;
	}
	bool wake =
	    is_careful(handover) || handover->seen || !handover->tasks || handover->n_answers >= RF_WIRE_MOST_ITEMS;
	handover->n_finished += is_careful(handover) ? n : 0;
	unlock_and_wake_if(handover, wake);
	lock(handover);
	while (handover->n_unsettled >= RF_HANDOVER_ANSWERS && !handover->alone)
		pthread_cond_wait(&handover->changed, &handover->mutex);
	unlock(handover);
}

bool rf_hand_equal(const struct rf_hand *a, const struct rf_hand *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (!rf_token_equal(&a->tokens[i], &b->tokens[i]))
			return false;
	return a->n == b->n;
}

/* ---- questions ------------------------------------------------------------------------------------------------- */

/* Numbers are fresh each time: an answer that comes late is taken for no other question's. */
static void set_ref(struct rf_question *question, uint64_t ref)
{
	question->ref = ref;
	question->message.header->items[0]->has_ref = true;
	question->message.header->items[0]->ref = ref;
}

/* Whether the broker wants the task back. */
static bool is_revoked(const struct rf_handover *handover, const Referat__Wire__Token *token)
{
	for (size_t i = 0; i < handover->hand.n; i++)
		if (handover->revoked[i] && rf_token_equal(&handover->hand.tokens[i], token))
			return true;
	return false;
}

/* All that may be answered is to be answered (again). */
static void open_question(const struct rf_handover *handover, struct rf_question *question)
{
	question->sent = false;
	question->n_open = 1;
	if (question->kind != RF_QUESTION_START)
		return;
	const Referat__Wire__Header *header = question->message.header;
	question->n_open = 0;
	for (size_t i = 0; i < header->n_items; i++) {
		rf_parcel_free(question->answers[i]);
		question->answers[i] = NULL;
		question->n_open += !is_revoked(handover, header->items[i]->token);
	}
}

int rf_handover_ask(struct rf_handover *handover, struct rf_question *question)
{
	question->done = question->lost = false;
	lock(handover);
	open_question(handover, question);
	if (question->kind == RF_QUESTION_REF)
		set_ref(question, ++handover->last_ref);
	if (handover->alone || question->n_open == 0) {
		unlock(handover);
		return RF_QUESTION_LOST;
	}
	handover->question = question;
	unlock_and_wake(handover);
	lock(handover);
	while (!question->done && !question->lost)
		pthread_cond_wait(&handover->changed, &handover->mutex);
	handover->question = NULL;
	unlock(handover);
	return question->done ? 0 : RF_QUESTION_LOST;
}

void rf_handover_set_busy(struct rf_handover *handover, bool busy)
{
	int64_t now_us = busy ? rf_clock_monotonic(handover->clock) : 0;
	lock(handover);
	handover->busy_since_us = now_us;
	unlock(handover); /* the loop looks at it by itself, with each heartbeat */
}

void rf_handover_set_caught_up(struct rf_handover *handover, bool caught_up)
{
	lock(handover);
	bool news = handover->caught_up != caught_up;
	handover->caught_up = caught_up;
	if (news)
		unlock_and_wake(handover);
	else
		unlock(handover);
}

bool rf_handover_stopping(struct rf_handover *handover)
{
	lock(handover);
	bool stopping = handover->stopping;
	unlock(handover);
	return stopping;
}

void rf_handover_end(struct rf_handover *handover)
{
	lock(handover);
	handover->ended = true;
	unlock_and_wake(handover);
}

/* ---- the loop thread ------------------------------------------------------------------------------------------- */

/* The question that still waits; one that is done or lost is there until the work thread has woken up. */
static struct rf_question *waiting_question(const struct rf_handover *handover)
{
	struct rf_question *question = handover->question;
	return question && !question->done && !question->lost ? question : NULL;
}

static bool is_waited_for(const struct rf_handover *handover, enum rf_question_kind kind)
{
	const struct rf_question *question = waiting_question(handover);
	return question && question->kind == kind;
}

void rf_handover_collect(struct rf_handover *handover, struct rf_collected *collected)
{
	uint64_t count;
	while (read(handover->wake, &count, sizeof count) < 0 && errno == EINTR)
		;
	lock(handover);
	*collected = (struct rf_collected){
	    .answers = handover->answers,
	    .credit_tasks = handover->credit_tasks,
	    .credit_bytes = handover->credit_bytes,
	    .question = waiting_question(handover),
	    .hand = handover->hand,
	    .started = handover->started,
	    .look_again = handover->hand.n > 0 ? !handover->started : handover->n_tasks > 0,
	    .busy_since_us = handover->busy_since_us,
	    .caught_up = handover->caught_up,
	    .ended = handover->ended,
	};
	handover->seen = handover->started;
	handover->answers = NULL;
	handover->n_answers = 0;
	handover->credit_tasks = 0;
	handover->credit_bytes = 0;
	unlock(handover);
}

bool rf_handover_give(struct rf_handover *handover, struct rf_parcel *task)
{
	lock(handover);
	bool room = handover->n_tasks < RF_HANDOVER_TASKS;
	if (room) {
		DL_APPEND(handover->tasks, task);
		handover->n_tasks++;
		pthread_cond_signal(&handover->changed);
	}
	unlock(handover);
	return room;
}

/* A task that nobody has begun leaves as if it had never come. */
static void drop_task(struct rf_handover *handover, struct rf_parcel *task)
{
	DL_DELETE(handover->tasks, task);
	handover->n_tasks--;
	handover->credit_tasks++;
	handover->credit_bytes += rf_parcel_part_size(task);
	rf_parcel_free(task);
}

static void lose_question(struct rf_handover *handover)
{
	handover->question->lost = true;
	pthread_cond_signal(&handover->changed);
}

static void answer_question(struct rf_handover *handover)
{
	handover->question->done = true;
	pthread_cond_signal(&handover->changed);
}

/* The item that waits for an answer under this token; the number of items when there is none. */
static size_t open_item(const struct rf_question *question, const Referat__Wire__Token *token)
{
	const Referat__Wire__Header *header = question->message.header;
	size_t i = 0;
	while (i < header->n_items && (question->answers[i] || !rf_token_equal(header->items[i]->token, token)))
		i++;
	return i;
}

/* A START that asks for it gets no answer for this task, and is lost when it asks for no other. */
static void close_item(struct rf_handover *handover, const Referat__Wire__Token *token)
{
	struct rf_question *question = handover->question;
	size_t n_items = question->message.header->n_items;
	if (open_item(question, token) == n_items || --question->n_open > 0)
		return;
	if (n_items == 1)
		lose_question(handover);
	else
		answer_question(handover);
}

void rf_handover_revoke(struct rf_handover *handover, const Referat__Wire__Token *token)
{
	lock(handover);
	struct rf_parcel *task;
	struct rf_parcel *next;
	DL_FOREACH_SAFE(handover->tasks, task, next)
	if (rf_token_equal(rf_parcel_item(task)->token, token))
		drop_task(handover, task);
	for (size_t i = 0; i < handover->hand.n; i++) {
		if (handover->revoked[i] || !rf_token_equal(&handover->hand.tokens[i], token))
			continue;
		handover->revoked[i] = true;
		if (is_waited_for(handover, RF_QUESTION_START))
			close_item(handover, token);
	}
	unlock_and_wake(handover);
}

void rf_handover_reset(struct rf_handover *handover)
{
	lock(handover);
	while (handover->tasks)
		drop_task(handover, handover->tasks);
	handover->credit_tasks = 0; /* a new connection starts with all of it */
	handover->credit_bytes = 0;
	if (is_waited_for(handover, RF_QUESTION_BLOB) || is_waited_for(handover, RF_QUESTION_ONE_WAY))
		lose_question(handover);
	else if (waiting_question(handover))
		open_question(handover, handover->question);
	unlock(handover);
}

void rf_handover_sent(struct rf_handover *handover, struct rf_question *question)
{
	lock(handover);
	question->sent = true;
	if (question->kind == RF_QUESTION_ONE_WAY) {
		question->done = true;
		pthread_cond_signal(&handover->changed);
	}
	unlock(handover);
}

void rf_handover_lose(struct rf_handover *handover)
{
	lock(handover);
	lose_question(handover);
	unlock(handover);
}

/* Which item of the message the question waits for; n_items when it waits for none. */
static size_t find_ref(const struct rf_question *question, const struct rf_message *message)
{
	const Referat__Wire__Header *header = message->header;
	size_t i = 0;
	while (i < header->n_items && !(header->items[i]->has_ref && header->items[i]->ref == question->ref))
		i++;
	return i;
}

static bool reply_whole(struct rf_handover *handover, struct rf_message *message, size_t item)
{
	handover->question->answer = *message;
	handover->question->item = item;
	*message = (struct rf_message){0};
	answer_question(handover);
	return true;
}

/* Takes what it says to the items of a START; the answers to several come in several messages, a verb each. */
static bool reply_to_items(struct rf_handover *handover, struct rf_message *message)
{
	struct rf_question *question = handover->question;
	size_t n_items = question->message.header->n_items;
	bool answered = false;
	for (size_t i = 0; i < message->header->n_items && !answered; i++)
		answered = open_item(question, message->header->items[i]->token) < n_items;
	if (!answered)
		return false;
	struct rf_parcel *parcels;
	struct rf_parcel *parcel;
	struct rf_parcel *next;
	rf_parcels_from(message, &parcels);
	DL_FOREACH_SAFE(parcels, parcel, next)
	{
		DL_DELETE(parcels, parcel);
		const Referat__Wire__Token *token = rf_parcel_item(parcel)->token;
		size_t item = open_item(question, token);
		if (item < n_items && !is_revoked(handover, token)) {
			question->answers[item] = parcel;
			question->n_open--;
		} else {
			rf_parcel_free(parcel);
		}
	}
	if (question->n_open == 0)
		answer_question(handover);
	return true;
}

static bool reply(struct rf_handover *handover, struct rf_message *message)
{
	const struct rf_question *question = waiting_question(handover);
	if (!question)
		return false;
	size_t item;
	switch (message->verb) {
	case RF_VERB_BLOB_DATA:
		return question->kind == RF_QUESTION_BLOB && reply_whole(handover, message, 0);
	case RF_VERB_ACK:
		if (question->kind == RF_QUESTION_REF) {
			item = find_ref(question, message);
			return item < message->header->n_items && reply_whole(handover, message, item);
		}
		return question->kind == RF_QUESTION_START && reply_to_items(handover, message);
	case RF_VERB_GO:
	case RF_VERB_ALREADY:
	case RF_VERB_LOOKUP:
		return question->kind == RF_QUESTION_START && reply_to_items(handover, message);
	default:
		return false;
	}
}

bool rf_handover_reply(struct rf_handover *handover, struct rf_message *message)
{
	lock(handover);
	bool answered = reply(handover, message);
	unlock(handover);
	return answered;
}

void rf_handover_settle(struct rf_handover *handover, size_t n)
{
	lock(handover);
	handover->n_unsettled -= n;
	pthread_cond_signal(&handover->changed);
	unlock(handover);
}

void rf_handover_stop(struct rf_handover *handover, bool connected)
{
	lock(handover);
	handover->stopping = true;
	if (!connected) {
		handover->alone = true;
		if (waiting_question(handover))
			lose_question(handover);
	}
	pthread_cond_signal(&handover->changed);
	unlock(handover);
}
