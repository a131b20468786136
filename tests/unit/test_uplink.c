/* cli/uplink.h and cli/once.h against a ROUTER in the same process that plays the broker. */
#include "base/clock.h"
#include "base/error.h"
#include "base/loop.h"
#include "base/memory.h"
#include "cli/once.h"
#include "cli/uplink.h"
#include "tests/support/folder.h"
#include "wire/frames.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

/* The broker: answers as the script of the test says, and writes down what it got. */
struct fixture {
	char *folder;
	struct rf_clock clock;
	struct rf_loop *loop;
	void *context, *router;
	struct rf_uplink *uplink;
	int (*play)(struct fixture *f, const struct rf_frame *peer, const struct rf_message *message);
	char heard[256]; /* names of the verbs */
	int n_questions;
	struct rf_once *once;
	FILE *sink;
};

static int hear(void *context)
{
	struct fixture *f = context;
	struct rf_frame frames[8];
	struct rf_message message;
	size_t n;
	assert_int_equal(rf_frames_receive(f->router, frames, RF_COUNT(frames), &n, NULL), 0);
	assert_int_equal(rf_message_decode(frames + 1, n - 1, &message, NULL), 0);
	strncat(f->heard, rf_verb_name(message.verb), sizeof f->heard - strlen(f->heard) - 2);
	strcat(f->heard, " ");
	int result = f->play(f, &frames[0], &message);
	rf_message_deinit(&message);
	rf_frame_deinit(&frames[0]);
	return result;
}

static void say(struct fixture *f, const struct rf_frame *peer, struct rf_message message)
{
	assert_int_equal(rf_frames_send_message(f->router, peer, &message, NULL), 0);
}

static struct rf_message refusal(void)
{
	struct rf_message message = rf_message_make(RF_VERB_ERROR);
	Referat__Wire__Error *body = rf_alloc(sizeof *body);
	referat__wire__error__init(body);
	body->code = rf_strdup("hello-first");
	message.header->error = body;
	return message;
}

static struct rf_message reply(const char *json, uint64_t ref)
{
	struct rf_message message = rf_question_message("status", json, ref);
	message.verb = RF_VERB_REPLY;
	return message;
}

static struct rf_message acknowledgement(void)
{
	struct rf_message message = rf_message_make(RF_VERB_ACK);
	rf_message_add_item(&message);
	return message;
}

static int give_up(void *context)
{
	(void)context;
	return -9;
}

static int set_up(void **state)
{
	struct fixture *f = rf_alloc(sizeof *f);
	f->folder = test_folder_make();
	rf_autofree char *endpoint = rf_format("ipc://%s/s", f->folder);
	f->clock = rf_clock_system();
	f->loop = rf_loop_new(&f->clock);
	f->context = zmq_ctx_new();
	f->router = zmq_socket(f->context, ZMQ_ROUTER);
	assert_int_equal(zmq_bind(f->router, endpoint), 0);
	rf_loop_add_socket(f->loop, f->router, hear, f);
	rf_loop_add_timer(f->loop, 20 * RF_SECOND, 0, give_up, f);
	assert_int_equal(rf_uplink_open(f->loop, endpoint, &f->uplink, NULL), 0);
	f->sink = fopen("/dev/null", "w");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	rf_once_free(f->once);
	rf_uplink_close(f->uplink);
	zmq_close(f->router);
	zmq_ctx_term(f->context);
	rf_loop_free(f->loop);
	test_folder_remove(f->folder);
	fclose(f->sink);
	free(f);
	return 0;
}

static void report(struct fixture *f, uint32_t pid)
{
	rf_uplink_report(f->uplink,
			 &(struct rf_obituary){.pid = pid, .stage = "render", .wait_status = SIGSEGV, .tail = "x"});
}

static void run(struct fixture *f)
{
	struct rf_error error = {""};
	assert_int_equal(rf_loop_run(f->loop, &error), 0);
}

/* Forgets the peer at its first obituary; takes the second, and ends. */
static int forget_once(struct fixture *f, const struct rf_frame *peer, const struct rf_message *message)
{
	if (message->verb == RF_VERB_HELLO) {
		assert_string_equal(message->header->hello->role, "supervisor");
		say(f, peer, rf_message_make(RF_VERB_WELCOME));
		return 0;
	}
	assert_int_equal(message->verb, RF_VERB_OBITUARY);
	assert_int_equal(message->header->obituary->signal, SIGSEGV);
	assert_false(message->header->obituary->has_exit_status);
	if (f->n_questions++ > 0)
		return RF_LOOP_STOP;
	say(f, peer, refusal());
	return 0;
}

static void an_obituary_is_told_until_it_is_acknowledged(void **state)
{
	struct fixture *f = *state;
	f->play = forget_once;
	report(f, 77);
	rf_uplink_hello(f->uplink);
	run(f);
	assert_string_equal(f->heard, "HELLO OBITUARY HELLO OBITUARY ");
}

static int acknowledge(struct fixture *f, const struct rf_frame *peer, const struct rf_message *message)
{
	if (message->verb == RF_VERB_HELLO)
		say(f, peer, rf_message_make(RF_VERB_WELCOME));
	else if (message->verb == RF_VERB_OBITUARY)
		say(f, peer, acknowledgement());
	/* A PING, a second later: by then the acknowledgements have come. */
	if (message->verb != RF_VERB_PING)
		return 0;
	if (f->n_questions++ > 0)
		return RF_LOOP_STOP;
	rf_uplink_hello(f->uplink);
	return 0;
}

static void an_acknowledged_obituary_is_not_told_to_the_next_broker(void **state)
{
	struct fixture *f = *state;
	f->play = acknowledge;
	report(f, 77);
	report(f, 78);
	rf_uplink_hello(f->uplink);
	run(f);
	assert_string_equal(f->heard, "HELLO OBITUARY OBITUARY PING HELLO PING ");
}

/* First not caught up, then open, then done; two documents. */
static int answer(struct fixture *f, const struct rf_frame *peer, const struct rf_message *message)
{
	static const char *const answers[] = {
	    "{\"caught_up\":false,\"open\":0,\"documents\":0,\"stages\":[]}",
	    "{\"caught_up\":true,\"open\":1,\"documents\":2,\"stages\":[{\"name\":\"ingest\",\"done\":1}]}",
	    "not json",
	    "{\"caught_up\":true,\"open\":0,\"documents\":2,\"stages\":[{\"name\":\"ingest\",\"done\":2}]}",
	    "{\"documents\":[{\"document\":\"a\",\"status\":\"published\"},{\"document\":\"b\",\"status\":\"held\"}]}",
	};
	if (message->verb == RF_VERB_HELLO)
		say(f, peer, rf_message_make(RF_VERB_WELCOME));
	if (message->verb == RF_VERB_CONTROL) {
		assert_string_equal(message->header->control->command, f->n_questions == 4 ? "list" : "status");
		uint64_t ref = message->header->control->ref;
		say(f, peer, reply("{\"caught_up\":true,\"open\":0}", ref - 1)); /* late: to the one before */
		say(f, peer, reply(answers[f->n_questions++], ref));
	}
	return 0;
}

static int stop(void *context)
{
	(void)context;
	return RF_LOOP_STOP;
}

static void a_run_is_done_when_all_was_seen_and_nothing_is_open(void **state)
{
	struct fixture *f = *state;
	struct rf_progress progress;
	f->play = answer;
	rf_progress_init(&progress, f->sink);
	f->once = rf_once_new(f->loop, &f->clock, f->uplink, &progress, stop, f);
	rf_uplink_hello(f->uplink);
	rf_once_start(f->once);
	assert_null(rf_once_documents(f->once));
	run(f);
	assert_int_equal(json_object_array_length(rf_once_documents(f->once)), 2);
}

#define WITH_BROKER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_BROKER(an_obituary_is_told_until_it_is_acknowledged),
	    WITH_BROKER(an_acknowledged_obituary_is_not_told_to_the_next_broker),
	    WITH_BROKER(a_run_is_done_when_all_was_seen_and_nothing_is_open),
	};
	return cmocka_run_group_tests_name("uplink", tests, NULL, NULL);
}
