/* base/loop.h: descriptors, sockets, timers and signals, and changes to them from within callbacks. */
#include "base/clock.h"
#include "base/error.h"
#include "base/loop.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

/* What a test's callbacks work on. The clock stands still until a callback moves it. */
struct fixture {
	struct rf_clock clock;
	struct rf_loop *loop;
	int first[2], second[2]; /* pipes */
	uint64_t timer;
	void *context, *sender, *receiver;
	char log[64]; /* a letter per callback */
	int signal;
};

static int set_up(void **state)
{
	struct fixture *f = rf_alloc(sizeof *f);
	f->clock = rf_clock_manual(0, 0);
	f->loop = rf_loop_new(&f->clock);
	*state = f;
	return pipe(f->first) + pipe(f->second);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	rf_loop_free(f->loop);
	for (int i = 0; i < 2; i++) {
		close(f->first[i]);
		close(f->second[i]);
	}
	free(f);
	return 0;
}

static void note(struct fixture *f, char letter)
{
	f->log[strlen(f->log)] = letter;
}

static void run(struct fixture *f)
{
	struct rf_error error;
	assert_int_equal(rf_loop_run(f->loop, &error), 0);
}

static void make_readable(const int pipe_ends[2])
{
	assert_int_equal(write(pipe_ends[1], "x", 1), 1);
}

static int stop(void *context)
{
	note(context, '.');
	return RF_LOOP_STOP;
}

static int read_first(void *context)
{
	struct fixture *f = context;
	char byte;
	assert_int_equal(read(f->first[0], &byte, 1), 1);
	note(f, 'a');
	return 0;
}

static void a_callback_is_called_while_there_is_something_to_read(void **state)
{
	struct fixture *f = *state;
	make_readable(f->first);
	make_readable(f->first);
	rf_loop_add_fd(f->loop, f->first[0], read_first, f);
	rf_loop_add_timer(f->loop, 0, 0, stop, f);
	run(f);
	assert_string_equal(f->log, "a.");
	rf_loop_add_timer(f->loop, 0, 0, stop, f);
	run(f);
	assert_string_equal(f->log, "a.a.");
}

static void a_closed_writer_is_seen(void **state)
{
	struct fixture *f = *state;
	close(f->first[1]);
	f->first[1] = dup(f->first[0]);
	rf_loop_add_fd(f->loop, f->first[0], stop, f);
	run(f);
	assert_string_equal(f->log, ".");
}

/* Both pipes are readable, whichever is called first takes the other away. */
static int remove_both(void *context)
{
	struct fixture *f = context;
	note(f, 'r');
	rf_loop_remove_fd(f->loop, f->first[0]);
	rf_loop_remove_fd(f->loop, f->second[0]);
	return 0;
}

static void a_source_that_was_removed_is_not_called_any_more(void **state)
{
	struct fixture *f = *state;
	make_readable(f->first);
	make_readable(f->second);
	rf_loop_add_fd(f->loop, f->first[0], remove_both, f);
	rf_loop_add_fd(f->loop, f->second[0], remove_both, f);
	rf_loop_add_timer(f->loop, 0, 0, stop, f);
	run(f);
	assert_string_equal(f->log, "r.");
}

/* Adds so many that the list must move in memory. */
static int add_many(void *context)
{
	struct fixture *f = context;
	note(f, 'm');
	rf_loop_remove_fd(f->loop, f->first[0]);
	for (int i = 0; i < 100; i++)
		rf_loop_add_timer(f->loop, 1000, 0, stop, f);
	for (int i = 0; i < 100; i++)
		rf_loop_add_fd(f->loop, f->second[0], stop, f);
	rf_loop_add_fd(f->loop, f->first[0], stop, f);
	return 0;
}

static void sources_may_be_added_from_a_callback(void **state)
{
	struct fixture *f = *state;
	make_readable(f->first);
	rf_loop_add_fd(f->loop, f->first[0], add_many, f);
	run(f);
	assert_string_equal(f->log, "m.");
}

static int count_to_three(void *context)
{
	struct fixture *f = context;
	note(f, 't');
	f->clock.monotonic_us += 10;
	return strlen(f->log) == 3 ? RF_LOOP_STOP : 0;
}

static void a_timer_repeats_until_it_is_cancelled(void **state)
{
	struct fixture *f = *state;
	uint64_t timer = rf_loop_add_timer(f->loop, 0, 10, count_to_three, f);
	run(f);
	assert_string_equal(f->log, "ttt");
	rf_loop_cancel(f->loop, timer);
	rf_loop_add_timer(f->loop, 0, 0, stop, f);
	run(f);
	assert_string_equal(f->log, "ttt.");
}

static int note_late(void *context)
{
	note(context, 'l');
	return 0;
}

static void timers_fire_in_the_order_of_their_time(void **state)
{
	struct fixture *f = *state;
	rf_loop_add_timer(f->loop, 30, 0, stop, f);
	rf_loop_add_timer(f->loop, 20, 0, note_late, f);
	rf_loop_add_timer(f->loop, 10, 0, count_to_three, f);
	f->clock.monotonic_us = 50;
	run(f);
	assert_string_equal(f->log, "tl.");
}

static int cancel_the_other(void *context)
{
	struct fixture *f = context;
	note(f, 'c');
	rf_loop_cancel(f->loop, f->timer);
	rf_loop_cancel(f->loop, 0);
	return 0;
}

static void a_timer_can_be_cancelled_by_one_that_is_due_with_it(void **state)
{
	struct fixture *f = *state;
	rf_loop_add_timer(f->loop, 0, 0, cancel_the_other, f);
	f->timer = rf_loop_add_timer(f->loop, 0, 0, note_late, f);
	rf_loop_add_timer(f->loop, 0, 0, stop, f);
	run(f);
	assert_string_equal(f->log, "c.");
}

static int add_itself(void *context)
{
	struct fixture *f = context;
	rf_loop_add_timer(f->loop, 0, 0, add_itself, f);
	return 0;
}

static void a_timer_that_adds_itself_does_not_shut_out_sources(void **state)
{
	struct fixture *f = *state;
	make_readable(f->first);
	rf_loop_add_timer(f->loop, 0, 0, add_itself, f);
	rf_loop_add_fd(f->loop, f->first[0], stop, f);
	run(f);
	assert_string_equal(f->log, ".");
}

static int receive(void *context)
{
	struct fixture *f = context;
	char text[8] = "";
	assert_int_equal(zmq_recv(f->receiver, text, sizeof text, ZMQ_DONTWAIT), 1);
	note(f, text[0]);
	if (text[0] != 'z')
		return 0;
	rf_loop_remove_socket(f->loop, f->receiver);
	return RF_LOOP_STOP;
}

static void each_message_of_a_socket_is_seen(void **state)
{
	struct fixture *f = *state;
	f->context = zmq_ctx_new();
	f->receiver = zmq_socket(f->context, ZMQ_PAIR);
	f->sender = zmq_socket(f->context, ZMQ_PAIR);
	assert_int_equal(zmq_bind(f->receiver, "inproc://loop"), 0);
	assert_int_equal(zmq_connect(f->sender, "inproc://loop"), 0);
	for (const char *c = "xyz"; *c; c++)
		assert_int_equal(zmq_send(f->sender, c, 1, 0), 1);
	rf_loop_add_socket(f->loop, f->receiver, receive, f);
	run(f);
	assert_string_equal(f->log, "xyz");
	zmq_close(f->sender);
	zmq_close(f->receiver);
	zmq_ctx_term(f->context);
}

static int take_signal(void *context, int signal_number)
{
	struct fixture *f = context;
	f->signal = signal_number;
	return RF_LOOP_STOP;
}

static void a_signal_is_an_event(void **state)
{
	struct fixture *f = *state;
	struct rf_error error;
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	assert_int_equal(rf_loop_add_signals(f->loop, &signals, take_signal, f, &error), 0);
	assert_int_equal(kill(getpid(), SIGUSR1), 0);
	run(f);
	assert_int_equal(f->signal, SIGUSR1);
}

static int give_seven(void *context)
{
	(void)context;
	return -7;
}

static void a_failing_callback_ends_the_loop_with_its_number(void **state)
{
	struct fixture *f = *state;
	struct rf_error error;
	rf_loop_add_timer(f->loop, 0, 0, give_seven, f);
	assert_int_equal(rf_loop_run(f->loop, &error), -7);
}

static void a_loop_without_anything_to_wait_for_fails(void **state)
{
	struct fixture *f = *state;
	struct rf_error error;
	assert_int_equal(rf_loop_run(f->loop, &error), -1);
	assert_string_equal(error.text, "the event loop has nothing to wait for");
	rf_loop_free(NULL);
}

#define IN_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_LOOP(a_callback_is_called_while_there_is_something_to_read),
	    IN_LOOP(a_closed_writer_is_seen),
	    IN_LOOP(a_source_that_was_removed_is_not_called_any_more),
	    IN_LOOP(sources_may_be_added_from_a_callback),
	    IN_LOOP(a_timer_repeats_until_it_is_cancelled),
	    IN_LOOP(timers_fire_in_the_order_of_their_time),
	    IN_LOOP(a_timer_can_be_cancelled_by_one_that_is_due_with_it),
	    IN_LOOP(a_timer_that_adds_itself_does_not_shut_out_sources),
	    IN_LOOP(each_message_of_a_socket_is_seen),
	    IN_LOOP(a_signal_is_an_event),
	    IN_LOOP(a_failing_callback_ends_the_loop_with_its_number),
	    IN_LOOP(a_loop_without_anything_to_wait_for_fails),
	};
	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
