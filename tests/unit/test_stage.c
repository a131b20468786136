/* What a stage says to its broker, in which order, and what it does when the broker is silent, restarts, or sends
 * nonsense. */
#include "base/error.h"
#include "base/memory.h"
#include "stage/job.h"
#include "tests/support/stand_in.h"
#include "tests/support/told_stage.h"
#include "wire/frames.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

#include <cmocka.h>
#include <zmq.h>

static void hello_says_who_it_is_and_credit_follows(void **state)
{
	struct stand_in *broker = *state;
	struct rf_message message = stand_in_hear(broker, RF_VERB_HELLO);
	const Referat__Wire__Hello *hello = message.header->hello;
	assert_string_equal(hello->role, "stage");
	assert_string_equal(hello->stage, "test/one");
	assert_int_equal(hello->version_max, RF_WIRE_VERSION);
	assert_int_equal(hello->pid, broker->child);
	assert_int_equal(hello->n_needs, 2);
	assert_string_equal(hello->needs[1], "rendition/*");
	assert_int_equal(hello->n_held, 0);
	rf_message_deinit(&message);
	stand_in_welcome(broker);
	message = stand_in_hear(broker, RF_VERB_CREDIT);
	assert_true(message.header->credit->tasks > 0);
	rf_message_deinit(&message);
}

static void a_task_is_started_extended_and_done(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 7, "slow");
	struct rf_message message = stand_in_hear(broker, RF_VERB_START);
	assert_int_equal(message.header->items[0]->token->task, 7);
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_EXTEND);
	assert_int_equal(message.header->items[0]->token->task, 7);
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_DONE);
	const Referat__Wire__Item *item = message.header->items[0];
	assert_int_equal(item->token->task, 7);
	assert_int_equal(item->n_parts, 1); /* the second of a name replaced the first */
	assert_string_equal(item->parts[0]->name, "document");
	assert_int_equal(message.frames[0].size, 4);
	assert_string_equal(item->attributes[0]->value, "doc");
	stand_in_answer(broker, RF_VERB_ACK, item, NULL);
	rf_message_deinit(&message);
}

static void each_end_has_its_verb_and_reason(void **state)
{
	struct stand_in *broker = *state;
	static const struct {
		const char *source, *code;
		size_t n_parts;
		enum rf_verb verb;
		bool yield;
	} ends[] = {
	    {"retry", "busy", 0, RF_VERB_RETRY, false},
	    {"yield", "down", 0, RF_VERB_RETRY, true},
	    {"fail", "broken", 0, RF_VERB_FAIL, false},
	    {"hold", "approve", 1, RF_VERB_HOLD, false},
	};
	stand_in_greet(broker);
	for (size_t i = 0; i < RF_COUNT(ends); i++) {
		stand_in_give(broker, i + 1, ends[i].source);
		struct rf_message message = stand_in_hear(broker, ends[i].verb);
		const Referat__Wire__Item *item = message.header->items[0];
		assert_string_equal(item->reason->code, ends[i].code);
		assert_int_equal(item->n_parts, ends[i].n_parts);
		assert_int_equal(item->yield, ends[i].yield);
		if (ends[i].yield)
			assert_string_equal(item->destination, "test/one");
		stand_in_answer(broker, RF_VERB_ACK, item, NULL);
		rf_message_deinit(&message);
	}
}

static void a_bundle_is_worked_off_and_its_credit_comes_back(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	struct rf_message message = rf_message_make(RF_VERB_WORK);
	for (uint64_t i = 1; i <= RF_WIRE_MOST_ITEMS; i++)
		stand_in_add_task(&message, i, "quick");
	stand_in_say(broker, &message);
	uint64_t expected = 1;
	while (expected <= RF_WIRE_MOST_ITEMS) {
		message = stand_in_hear(broker, RF_VERB_DONE);
		for (size_t i = 0; i < message.header->n_items; i++) {
			assert_int_equal(message.header->items[i]->token->task, expected++);
			stand_in_answer(broker, RF_VERB_ACK, message.header->items[i], NULL);
		}
		rf_message_deinit(&message);
	}
	stand_in_pass_over(broker, RF_VERB_PING);
	assert_int_equal(broker->credit, RF_HANDOVER_TASKS + RF_WIRE_MOST_ITEMS);
}

static void a_plugin_that_hangs_ends_the_process(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "hang");
	stand_in_pass_over(broker, RF_VERB_START);
	while (broker->child) {
		int status;
		if (waitpid(broker->child, &status, WNOHANG) == broker->child) {
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), SIGABRT);
			broker->child = 0;
		}
		struct rf_message pong = rf_message_make(RF_VERB_PONG);
		rf_frames_send_message(broker->socket, &broker->peer, &pong, NULL);
		test_rest(10);
	}
}

static void a_crash_comes_after_the_word_that_the_task_was_started(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "crash");
	stand_in_pass_over(broker, RF_VERB_START);
	int status = stand_in_status(broker);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}

static void a_silent_broker_is_left_and_told_what_is_held(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "very slow");
	stand_in_give(broker, 2, "quick");
	stand_in_pass_over(broker, RF_VERB_START);
	broker->deaf = true;
	struct rf_message message = stand_in_hear(broker, RF_VERB_HELLO);
	assert_int_equal(message.header->hello->n_held, 1); /* what was not begun goes back */
	assert_int_equal(message.header->hello->held[0]->task, 1);
	rf_message_deinit(&message);
	broker->deaf = false;
	stand_in_welcome(broker);
	message = stand_in_hear(broker, RF_VERB_START);
	assert_int_equal(message.header->items[0]->token->task, 1);
	rf_message_deinit(&message);
	message = stand_in_hear(broker, RF_VERB_DONE);
	assert_int_equal(message.header->items[0]->token->task, 1);
	rf_message_deinit(&message);
}

static void what_was_not_acknowledged_is_said_again(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "quick");
	stand_in_pass_over(broker, RF_VERB_DONE);
	struct rf_message message = rf_message_make(RF_VERB_ERROR);
	message.header->error = rf_alloc(sizeof *message.header->error);
	referat__wire__error__init(message.header->error);
	message.header->error->code = rf_strdup("hello-first");
	stand_in_say(broker, &message);
	message = stand_in_hear(broker, RF_VERB_HELLO);
	assert_int_equal(message.header->hello->n_held, 1);
	rf_message_deinit(&message);
	stand_in_welcome(broker);
	message = stand_in_hear(broker, RF_VERB_DONE);
	assert_int_equal(message.header->items[0]->token->task, 1);
	assert_int_equal(message.frames[0].size, 5);
	stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
}

static void bad_frames_are_passed_over(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_pass_over(broker, RF_VERB_CREDIT);
	static const char *const nonsense[] = {"", "RF", "RF\1\5", "RF\1\377", "GET / HTTP/1.1"};
	for (size_t i = 0; i < RF_COUNT(nonsense); i++) {
		zmq_send(broker->socket, broker->peer.data, broker->peer.size, ZMQ_SNDMORE);
		zmq_send(broker->socket, nonsense[i], strlen(nonsense[i]), ZMQ_SNDMORE);
		zmq_send(broker->socket, "\x0a\xff\xff", 3, 0);
	}
	struct rf_message empty = rf_message_make(RF_VERB_WORK);
	rf_message_add_item(&empty); /* without token and document */
	stand_in_say(broker, &empty);
	struct rf_message stray = rf_message_make(RF_VERB_GO);
	rf_message_add_item(&stray);
	stand_in_say(broker, &stray);
	stand_in_give(broker, 1, "quick");
	stand_in_pass_over(broker, RF_VERB_DONE);
}

static void work_that_is_taken_back_is_not_done(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "slow");
	stand_in_give(broker, 2, "quick");
	stand_in_pass_over(broker, RF_VERB_START);
	struct rf_message message = rf_message_make(RF_VERB_REVOKE);
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = 2;
	token.lease = token.epoch = 1;
	rf_message_add_item(&message)->token = rf_token_copy(&token);
	stand_in_say(broker, &message);
	stand_in_give(broker, 3, "quick");
	for (uint64_t expected = 1; expected <= 3;) {
		message = stand_in_hear(broker, RF_VERB_DONE);
		for (size_t i = 0; i < message.header->n_items; i++, expected += 2) {
			assert_int_equal(message.header->items[i]->token->task, expected);
			stand_in_answer(broker, RF_VERB_ACK, message.header->items[i], NULL);
		}
		rf_message_deinit(&message);
	}
}

static void sigterm_finishes_what_is_in_hand(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	stand_in_give(broker, 1, "slow");
	stand_in_give(broker, 2, "quick");
	stand_in_pass_over(broker, RF_VERB_START);
	kill(broker->child, SIGTERM);
	stand_in_pass_over(broker, RF_VERB_DRAIN);
	struct rf_message message = stand_in_hear(broker, RF_VERB_DONE);
	assert_int_equal(message.header->items[0]->token->task, 1);
	stand_in_answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	stand_in_pass_over(broker, RF_VERB_BYE);
	int status = stand_in_status(broker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void sigterm_without_a_broker_ends_at_once(void **state)
{
	struct stand_in *broker = *state;
	stand_in_pass_over(broker, RF_VERB_HELLO);
	kill(broker->child, SIGTERM);
	int status = stand_in_status(broker);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void the_broker_may_send_it_away(void **state)
{
	struct stand_in *broker = *state;
	stand_in_greet(broker);
	struct rf_message message = rf_message_make(RF_VERB_DRAIN);
	stand_in_say(broker, &message);
	stand_in_pass_over(broker, RF_VERB_BYE);
	int status = stand_in_status(broker);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_stage_that_nobody_knows_does_not_come_back(void **state)
{
	struct stand_in *broker = *state;
	stand_in_pass_over(broker, RF_VERB_HELLO);
	struct rf_message message = rf_message_make(RF_VERB_ERROR);
	message.header->error = rf_alloc(sizeof *message.header->error);
	referat__wire__error__init(message.header->error);
	message.header->error->code = rf_strdup("unknown-stage");
	stand_in_say(broker, &message);
	int status = stand_in_status(broker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), RF_EXIT_GIVE_UP);
}

static void a_plugin_that_is_not_there_does_not_come_back(void **state)
{
	struct stand_in *broker = *state;
	stand_in_pass_over(broker, RF_VERB_HELLO);
	struct rf_message message;
	Referat__Wire__Welcome *welcome = stand_in_make_welcome(&message);
	stand_in_add_channel(welcome->stage, broker->folder);
	free(welcome->stage->plugins[0]->name);
	welcome->stage->plugins[0]->name = rf_strdup("channel.pigeon");
	stand_in_say(broker, &message);
	int status = stand_in_status(broker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), RF_EXIT_GIVE_UP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STAND_IN_TEST(hello_says_who_it_is_and_credit_follows),
	    STAND_IN_TEST(a_task_is_started_extended_and_done),
	    STAND_IN_TEST(each_end_has_its_verb_and_reason),
	    STAND_IN_TEST(a_bundle_is_worked_off_and_its_credit_comes_back),
	    STAND_IN_TEST(a_plugin_that_hangs_ends_the_process),
	    STAND_IN_TEST(a_crash_comes_after_the_word_that_the_task_was_started),
	    STAND_IN_TEST(a_silent_broker_is_left_and_told_what_is_held),
	    STAND_IN_TEST(what_was_not_acknowledged_is_said_again),
	    STAND_IN_TEST(bad_frames_are_passed_over),
	    STAND_IN_TEST(work_that_is_taken_back_is_not_done),
	    STAND_IN_TEST(sigterm_finishes_what_is_in_hand),
	    STAND_IN_TEST(sigterm_without_a_broker_ends_at_once),
	    STAND_IN_TEST(the_broker_may_send_it_away),
	    STAND_IN_TEST(a_stage_that_nobody_knows_does_not_come_back),
	    STAND_IN_TEST(a_plugin_that_is_not_there_does_not_come_back),
	};
	return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
