/* What passes between the two threads of a stage. The last tests use two threads: run them with SANITIZE=thread too. */
#include "base/memory.h"
#include "stage/handover.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utlist.h>

struct pair {
	struct rf_clock clock;
	struct rf_handover *handover;
};

static int set_up(void **state)
{
	struct pair *pair = rf_alloc(sizeof *pair);
	pair->clock = rf_clock_system();
	pair->handover = rf_handover_new(&pair->clock, NULL);
	*state = pair;
	return pair->handover ? 0 : -1;
}

static int tear_down(void **state)
{
	struct pair *pair = *state;
	rf_handover_free(pair->handover);
	free(pair);
	return 0;
}

static struct rf_parcel *task(uint64_t number)
{
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = number;
	struct rf_parcel *parcel = rf_parcel_new(RF_VERB_WORK, &token);
	rf_message_add_part(&parcel->message, "source", "text/plain", rf_frame_copy("abc", 3))->size = 3;
	return parcel;
}

static struct rf_parcel *answer_to(const struct rf_parcel *done)
{
	return rf_parcel_new(RF_VERB_DONE, rf_parcel_item(done)->token);
}

/* The next task, by itself; NULL: none came. */
static struct rf_parcel *take(struct rf_handover *handover, int64_t limit_us)
{
	struct rf_parcel *tasks[RF_HANDOVER_TOGETHER];
	return rf_handover_take(handover, limit_us, 1, tasks) ? tasks[0] : NULL;
}

static void finish(struct rf_handover *handover, struct rf_parcel *done, struct rf_parcel *answer)
{
	rf_handover_finish(handover, &done, &answer, 1);
}

static struct rf_collected collect(struct rf_handover *handover)
{
	struct rf_collected collected;
	rf_handover_collect(handover, &collected);
	return collected;
}

static bool is_readable(const struct rf_handover *handover)
{
	struct pollfd poll_fd = {.fd = rf_handover_fd(handover), .events = POLLIN};
	return poll(&poll_fd, 1, 0) == 1;
}

static void tasks_are_taken_in_order_and_give_their_credit_back(void **state)
{
	struct pair *pair = *state;
	assert_true(rf_handover_give(pair->handover, task(1)));
	assert_true(rf_handover_give(pair->handover, task(2)));
	struct rf_parcel *first = take(pair->handover, 0);
	assert_int_equal(rf_parcel_item(first)->token->task, 1);
	assert_true(is_readable(pair->handover));
	struct rf_collected collected = collect(pair->handover);
	assert_false(is_readable(pair->handover));
	assert_int_equal(collected.hand.n, 1);
	assert_false(collected.started);
	assert_int_equal(collected.hand.tokens[0].task, 1);
	assert_int_equal(collected.credit_tasks, 1);
	assert_int_equal(collected.credit_bytes, 3);
	rf_handover_start(pair->handover);
	assert_true(collect(pair->handover).started);
	finish(pair->handover, first, NULL);
	assert_int_equal(collect(pair->handover).hand.n, 0);
}

static void what_waits_is_taken_together_but_for_what_crashed(void **state)
{
	struct pair *pair = *state;
	struct rf_parcel *tasks[RF_HANDOVER_TOGETHER];
	for (uint64_t i = 1; i <= 5; i++) {
		struct rf_parcel *given = task(i);
		rf_parcel_item(given)->alone = i == 3;
		assert_true(rf_handover_give(pair->handover, given));
	}
	static const size_t expected[] = {2, 1, 2};
	for (size_t i = 0; i < RF_COUNT(expected); i++) {
		size_t n = rf_handover_take(pair->handover, 0, RF_HANDOVER_TOGETHER, tasks);
		assert_int_equal(n, expected[i]);
		struct rf_collected collected = collect(pair->handover);
		assert_int_equal(collected.hand.n, n);
		assert_int_equal(collected.credit_tasks, n);
		rf_handover_finish(pair->handover, tasks, (struct rf_parcel *[2]){NULL}, n);
	}
}

/* Gives and does so many tasks, all of them collected and settled. */
static void do_tasks(struct rf_handover *handover, size_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		assert_true(rf_handover_give(handover, task(i)));
		struct rf_parcel *taken = take(handover, 0);
		rf_handover_start(handover);
		finish(handover, taken, NULL);
		collect(handover);
	}
}

static void a_young_process_says_start_at_once_an_old_one_when_the_loop_looks(void **state)
{
	struct pair *pair = *state;
	struct rf_handover *handover = pair->handover;
	for (size_t done = 0; done <= RF_HANDOVER_CAREFUL; done += RF_HANDOVER_CAREFUL) {
		do_tasks(handover, done);
		assert_true(rf_handover_give(handover, task(100)));
		assert_true(rf_handover_give(handover, task(101)));
		assert_true(collect(handover).look_again);
		struct rf_parcel *first = take(handover, 0);
		rf_handover_start(handover);
		assert_int_equal(is_readable(handover), done == 0);
		finish(handover, first, NULL);
		assert_int_equal(is_readable(handover), done == 0); /* there is more to do */
		struct rf_parcel *second = take(handover, 0);
		rf_handover_start(handover);
		struct rf_collected collected = collect(handover);
		assert_true(collected.started);
		assert_false(collected.look_again);
		assert_false(is_readable(handover));
		finish(handover, second, NULL);
		assert_true(is_readable(handover));
		collect(handover);
	}
}

static void answers_that_make_a_bundle_wake_the_loop(void **state)
{
	struct pair *pair = *state;
	do_tasks(pair->handover, RF_HANDOVER_CAREFUL);
	for (uint64_t i = 0; i <= RF_WIRE_MOST_ITEMS; i++)
		assert_true(rf_handover_give(pair->handover, task(i)));
	for (size_t i = 1; i <= RF_WIRE_MOST_ITEMS; i++) {
		struct rf_parcel *taken = take(pair->handover, 0);
		rf_handover_start(pair->handover);
		finish(pair->handover, taken, answer_to(taken));
		assert_int_equal(is_readable(pair->handover), i == RF_WIRE_MOST_ITEMS);
	}
	struct rf_collected collected = collect(pair->handover);
	rf_parcel_free_all(&collected.answers);
	rf_handover_settle(pair->handover, RF_WIRE_MOST_ITEMS);
}

static void an_answer_is_collected_once(void **state)
{
	struct pair *pair = *state;
	rf_handover_give(pair->handover, task(1));
	struct rf_parcel *taken = take(pair->handover, 0);
	finish(pair->handover, taken, answer_to(taken));
	struct rf_collected collected = collect(pair->handover);
	assert_non_null(collected.answers);
	assert_int_equal(rf_parcel_item(collected.answers)->token->task, 1);
	rf_parcel_free_all(&collected.answers);
	rf_handover_settle(pair->handover, 1);
	assert_null(collect(pair->handover).answers);
}

static void no_more_tasks_wait_than_there_is_credit_for(void **state)
{
	struct pair *pair = *state;
	for (uint64_t i = 0; i < RF_HANDOVER_TASKS; i++)
		assert_true(rf_handover_give(pair->handover, task(i)));
	struct rf_parcel *over = task(99);
	assert_false(rf_handover_give(pair->handover, over));
	rf_parcel_free(over);
}

static void waiting_for_a_task_ends_at_its_limit(void **state)
{
	struct pair *pair = *state;
	assert_null(take(pair->handover, 1000));
}

static void a_task_that_is_taken_back_is_not_begun(void **state)
{
	struct pair *pair = *state;
	rf_handover_give(pair->handover, task(1));
	rf_handover_give(pair->handover, task(2));
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = 1;
	rf_handover_revoke(pair->handover, &token);
	struct rf_parcel *taken = take(pair->handover, 0);
	assert_int_equal(rf_parcel_item(taken)->token->task, 2);
	assert_int_equal(collect(pair->handover).credit_tasks, 2);
	finish(pair->handover, taken, NULL);
}

static void a_lost_connection_drops_what_was_not_begun(void **state)
{
	struct pair *pair = *state;
	rf_handover_give(pair->handover, task(1));
	rf_handover_give(pair->handover, task(2));
	struct rf_parcel *taken = take(pair->handover, 0);
	rf_handover_reset(pair->handover);
	struct rf_collected collected = collect(pair->handover);
	assert_int_equal(collected.hand.n, 1);
	assert_int_equal(collected.credit_tasks, 0); /* the new connection gives all of it */
	finish(pair->handover, taken, NULL);
	assert_null(take(pair->handover, 0));
}

static void after_stop_nothing_is_taken(void **state)
{
	struct pair *pair = *state;
	rf_handover_give(pair->handover, task(1));
	rf_handover_stop(pair->handover, true);
	assert_true(rf_handover_stopping(pair->handover));
	assert_null(take(pair->handover, RF_SECOND));
}

static void a_question_is_lost_when_there_is_no_broker_to_wait_for(void **state)
{
	struct pair *pair = *state;
	struct rf_question question = {.kind = RF_QUESTION_REF, .message = rf_message_make(RF_VERB_PUT)};
	rf_message_add_item(&question.message);
	rf_handover_stop(pair->handover, false);
	assert_int_equal(rf_handover_ask(pair->handover, &question), RF_QUESTION_LOST);
	rf_message_deinit(&question.message);
}

/* ---- one question about several tasks ---------------------------------------------------------------------------- */

struct asker {
	struct rf_handover *handover;
	struct rf_question question;
	int result;
};

/* Takes three tasks, and asks whether it may act for each. */
static void *ask_for_three(void *context)
{
	struct asker *asker = context;
	struct rf_parcel *tasks[RF_HANDOVER_TOGETHER];
	size_t n = rf_handover_take(asker->handover, RF_SECOND, 3, tasks);
	asker->question = (struct rf_question){.kind = RF_QUESTION_START, .message = rf_message_make(RF_VERB_START)};
	for (size_t i = 0; i < n; i++)
		rf_message_add_item(&asker->question.message)->token = rf_token_copy(rf_parcel_item(tasks[i])->token);
	asker->result = rf_handover_ask(asker->handover, &asker->question);
	rf_handover_finish(asker->handover, tasks, (struct rf_parcel *[3]){NULL}, n);
	return NULL;
}

static void start_asker(const struct pair *pair, struct asker *asker, pthread_t *thread)
{
	asker->handover = pair->handover;
	for (uint64_t i = 1; i <= 3; i++)
		assert_true(rf_handover_give(pair->handover, task(i)));
	assert_int_equal(pthread_create(thread, NULL, ask_for_three, asker), 0);
	struct pollfd poll_fd = {.fd = rf_handover_fd(pair->handover), .events = POLLIN};
	for (struct rf_collected collected = {0}; !collected.question; collected = collect(pair->handover))
		assert_int_equal(poll(&poll_fd, 1, 5000), 1);
	rf_handover_sent(pair->handover, &asker->question);
}

static bool say(const struct pair *pair, enum rf_verb verb, uint64_t number)
{
	struct rf_message message = rf_message_make(verb);
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = number;
	rf_message_add_item(&message)->token = rf_token_copy(&token);
	bool answered = rf_handover_reply(pair->handover, &message);
	rf_message_deinit(&message);
	return answered;
}

static void asker_deinit(struct asker *asker)
{
	for (size_t i = 0; i < RF_HANDOVER_TOGETHER; i++)
		rf_parcel_free(asker->question.answers[i]);
	rf_message_deinit(&asker->question.message);
}

static void each_task_of_a_question_has_its_answer(void **state)
{
	const struct pair *pair = *state;
	struct asker asker;
	pthread_t thread;
	start_asker(pair, &asker, &thread);
	assert_true(say(pair, RF_VERB_LOOKUP, 2));
	assert_false(say(pair, RF_VERB_GO, 2)); /* it has one */
	assert_true(say(pair, RF_VERB_GO, 3));
	assert_true(say(pair, RF_VERB_GO, 1));
	pthread_join(thread, NULL);
	assert_int_equal(asker.result, 0);
	assert_int_equal(asker.question.answers[0]->message.verb, RF_VERB_GO);
	assert_int_equal(asker.question.answers[1]->message.verb, RF_VERB_LOOKUP);
	assert_int_equal(asker.question.answers[2]->message.verb, RF_VERB_GO);
	asker_deinit(&asker);
}

static void a_task_that_is_taken_back_is_not_waited_for(void **state)
{
	const struct pair *pair = *state;
	struct asker asker;
	pthread_t thread;
	start_asker(pair, &asker, &thread);
	assert_true(say(pair, RF_VERB_GO, 1));
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = 2;
	rf_handover_revoke(pair->handover, &token);
	assert_true(say(pair, RF_VERB_GO, 3));
	pthread_join(thread, NULL);
	assert_int_equal(asker.result, 0);
	assert_non_null(asker.question.answers[0]);
	assert_null(asker.question.answers[1]);
	asker_deinit(&asker);
}

/* What was answered on a connection that is gone may not be so any more. */
static void all_is_asked_again_on_another_connection(void **state)
{
	const struct pair *pair = *state;
	struct asker asker;
	pthread_t thread;
	start_asker(pair, &asker, &thread);
	assert_true(say(pair, RF_VERB_GO, 1));
	rf_handover_reset(pair->handover);
	assert_false(collect(pair->handover).question->sent);
	for (uint64_t i = 1; i <= 3; i++)
		assert_true(say(pair, RF_VERB_LOOKUP, i));
	pthread_join(thread, NULL);
	assert_int_equal(asker.question.answers[0]->message.verb, RF_VERB_LOOKUP);
	asker_deinit(&asker);
}

/* ---- two threads ------------------------------------------------------------------------------------------------- */

enum { ROUNDS = 2000 };

/* A work thread that asks a question in every task, and answers it. */
static void *work(void *context)
{
	struct rf_handover *handover = context;
	while (!rf_handover_stopping(handover)) {
		struct rf_parcel *taken = take(handover, 10 * RF_MILLISECOND);
		if (!taken)
			continue;
		rf_handover_start(handover);
		rf_handover_set_busy(handover, true);
		rf_handover_set_busy(handover, false);
		struct rf_question question = {.kind = RF_QUESTION_REF, .message = rf_message_make(RF_VERB_RESULT)};
		rf_message_add_item(&question.message);
		rf_handover_ask(handover, &question);
		rf_message_deinit(&question.message);
		rf_message_deinit(&question.answer);
		finish(handover, taken, answer_to(taken));
	}
	rf_handover_end(handover);
	return NULL;
}

static void reply_to(struct rf_handover *handover, struct rf_question *question)
{
	rf_handover_sent(handover, question);
	struct rf_message ack = rf_message_make(RF_VERB_ACK);
	Referat__Wire__Item *item = rf_message_add_item(&ack);
	item->has_ref = true;
	item->ref = question->ref;
	assert_true(rf_handover_reply(handover, &ack));
}

static size_t settle_all(struct rf_handover *handover, struct rf_parcel *answers)
{
	struct rf_parcel *answer;
	size_t n = 0;
	DL_FOREACH(answers, answer)
	n++;
	rf_parcel_free_all(&answers);
	if (n)
		rf_handover_settle(handover, n);
	return n;
}

static void two_threads_pass_everything_once(void **state)
{
	struct pair *pair = *state;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, work, pair->handover), 0);
	size_t answered = 0;
	size_t credit = RF_HANDOVER_TASKS;
	for (uint64_t given = 0; answered < ROUNDS;) {
		for (; credit > 0 && given < ROUNDS; credit--)
			assert_true(rf_handover_give(pair->handover, task(given++)));
		struct pollfd poll_fd = {.fd = rf_handover_fd(pair->handover), .events = POLLIN};
		assert_int_equal(poll(&poll_fd, 1, 5000), 1);
		struct rf_collected collected = collect(pair->handover);
		credit += collected.credit_tasks;
		if (collected.question && !collected.question->sent)
			reply_to(pair->handover, collected.question);
		answered += settle_all(pair->handover, collected.answers);
	}
	rf_handover_stop(pair->handover, true);
	pthread_join(thread, NULL);
	assert_true(collect(pair->handover).ended);
}

static void connections_lost_at_any_time_do_not_lose_an_answer(void **state)
{
	struct pair *pair = *state;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, work, pair->handover), 0);
	size_t answered = 0;
	uint32_t random = 11;
	for (uint64_t given = 0; answered < ROUNDS / 4;) {
		random = random * 1664525 + 1013904223;
		struct rf_parcel *next = task(given);
		if (rf_handover_give(pair->handover, next))
			given++;
		else
			rf_parcel_free(next);
		if (random >> 28 == 0)
			rf_handover_reset(pair->handover);
		struct rf_collected collected = collect(pair->handover);
		if (collected.question && !collected.question->sent)
			reply_to(pair->handover, collected.question);
		answered += settle_all(pair->handover, collected.answers);
	}
	rf_handover_stop(pair->handover, false);
	pthread_join(thread, NULL);
	struct rf_collected rest = collect(pair->handover);
	settle_all(pair->handover, rest.answers);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tasks_are_taken_in_order_and_give_their_credit_back),
	    TEST(what_waits_is_taken_together_but_for_what_crashed),
	    TEST(a_young_process_says_start_at_once_an_old_one_when_the_loop_looks),
	    TEST(answers_that_make_a_bundle_wake_the_loop),
	    TEST(an_answer_is_collected_once),
	    TEST(each_task_of_a_question_has_its_answer),
	    TEST(a_task_that_is_taken_back_is_not_waited_for),
	    TEST(all_is_asked_again_on_another_connection),
	    TEST(no_more_tasks_wait_than_there_is_credit_for),
	    TEST(waiting_for_a_task_ends_at_its_limit),
	    TEST(a_task_that_is_taken_back_is_not_begun),
	    TEST(a_lost_connection_drops_what_was_not_begun),
	    TEST(after_stop_nothing_is_taken),
	    TEST(a_question_is_lost_when_there_is_no_broker_to_wait_for),
	    TEST(two_threads_pass_everything_once),
	    TEST(connections_lost_at_any_time_do_not_lose_an_answer),
	};
	return cmocka_run_group_tests_name("handover", tests, NULL, NULL);
}
