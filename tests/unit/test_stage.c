/* A whole stage in a child process, with this test as its broker: what it says, in which order, and what it does when
 * the broker is silent, restarts, or sends nonsense. The stage's work is told by the bytes of the part `source`. */
#include "base/digest.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "stage/job.h"
#include "stage/stage.h"
#include "tests/support/folder.h"
#include "wire/frames.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

enum { PATIENCE_MS = 10000, HEARTBEAT_US = 200 * 1000, LARGE = 10 * 1024 * 1024, MOST_MESSAGES = 100 };

/* ---- the stage -----------------------------------------------------------------------------------------------------
 */

static void rest(int ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	nanosleep(&time, NULL);
}

static enum referat_result act(struct rf_job *job)
{
	struct rf_plugin *const *channels;
	if (rf_job_plugins(job, REFERAT_CHANNEL, &channels) != 1)
		return rf_job_because(job, REFERAT_FAIL, "no-channel", "the channel is not there");
	struct rf_job_effect effect = {.key = "notify:doc:0:1", .digest = "d1", .recipient = "a@example.org"};
	enum referat_result result = rf_job_act(job, channels[0], &effect);
	if (result == REFERAT_OK) {
		rf_job_report_now(job, &effect);
		rf_job_set_attribute(job, "remote_id", effect.remote_id);
	}
	return result;
}

static enum referat_result work(struct rf_job *job)
{
	const struct referat_bytes source = rf_job_part(job, "source");
	rf_autofree char *what = rf_strndup((const char *)source.data, source.size < 16 ? source.size : 16);
	if (strcmp(what, "slow") == 0)
		rest(600);
	if (strcmp(what, "very slow") == 0)
		rest(4000);
	if (strcmp(what, "retry") == 0)
		return rf_job_because(job, REFERAT_RETRY, "busy", "the %s is busy", "printer");
	if (strcmp(what, "yield") == 0)
		return rf_job_because(job, REFERAT_YIELD, "down", "the printer is down");
	if (strcmp(what, "fail") == 0)
		return rf_job_because(job, REFERAT_FAIL, "broken", "the printer is broken");
	if (strcmp(what, "hang") == 0) {
		rf_handover_set_busy(job->worker->handover, true);
		rest(60000);
	}
	if (strcmp(what, "crash") == 0)
		raise(SIGSEGV);
	if (strcmp(what, "act") == 0)
		return act(job);
	if (strcmp(what, "large") == 0) {
		rf_autofree void *large = rf_alloc(LARGE);
		rf_job_add_part(job, "rendition/large", "text/plain", large, LARGE);
		return REFERAT_OK;
	}
	rf_job_add_part(job, "document", "referat.document/1", "first", 5);
	rf_job_add_part(job, "document", "referat.document/1", source.data, source.size);
	rf_job_set_attribute(job, "title", rf_job_document(job));
	if (strcmp(what, "hold") == 0)
		return rf_job_because(job, REFERAT_HOLD, "approve", "släpp det");
	return REFERAT_OK;
}

static const char *const needs[] = {"source", "rendition/*"};
static const struct rf_stage_program program = {
    .name = "test", .description = "A stage.", .needs = needs, .n_needs = RF_COUNT(needs), .work = work};

/* ---- the broker ----------------------------------------------------------------------------------------------------
 */

struct broker {
	char *folder;
	char *endpoint;
	void *context, *socket;
	struct rf_frame peer; /* the routing id of who spoke last */
	pid_t child;
	bool deaf; /* does not answer PING */
	uint64_t credit;
};

static void start_stage(struct broker *broker)
{
	broker->child = fork();
	if (broker->child != 0)
		return;
	static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS};
	for (size_t i = 0; i < RF_COUNT(signals); i++)
		signal(signals[i], SIG_DFL); /* cmocka catches them */
	const struct rlimit no_core = {0, 0};
	setrlimit(RLIMIT_CORE, &no_core);
	int null = open("/dev/null", O_WRONLY);
	if (!getenv("STAGE_LOG"))
		dup2(null, STDERR_FILENO);
	close(null);
	char *argv[] = {"referat-test", "--broker", broker->endpoint, "--stage", "test/one", NULL};
	exit(rf_stage_main(&program, 5, argv));
}

/* The child comes first: it must not inherit ZeroMQ's threads. */
static int set_up(void **state)
{
	struct broker *broker = rf_alloc(sizeof *broker);
	broker->folder = test_folder_make();
	broker->endpoint = rf_format("ipc://%s/socket", broker->folder);
	start_stage(broker);
	broker->context = zmq_ctx_new();
	broker->socket = zmq_socket(broker->context, ZMQ_ROUTER);
	*state = broker;
	return zmq_bind(broker->socket, broker->endpoint);
}

static int tear_down(void **state)
{
	struct broker *broker = *state;
	const int linger = 0; /* what is meant for the child is not waited for */
	zmq_setsockopt(broker->socket, ZMQ_LINGER, &linger, sizeof linger);
	zmq_close(broker->socket);
	zmq_ctx_term(
	    broker->context); /* before the child dies: libzmq may wait for ever for a pipe that breaks meanwhile */
	if (broker->child > 0) {
		kill(broker->child, SIGKILL);
		waitpid(broker->child, NULL, 0);
	}
	rf_frame_deinit(&broker->peer);
	test_folder_remove(broker->folder);
	free(broker->endpoint);
	free(broker);
	return 0;
}

static void say(struct broker *broker, struct rf_message *message)
{
	struct rf_error error;
	if (rf_frames_send_message(broker->socket, &broker->peer, message, &error))
		fail_msg("%s", error.text);
}

static void receive(struct broker *broker, struct rf_message *message)
{
	zmq_pollitem_t item = {.socket = broker->socket, .events = ZMQ_POLLIN};
	if (zmq_poll(&item, 1, PATIENCE_MS) != 1)
		fail_msg("the stage says nothing");
	struct rf_frame frames[RF_WIRE_MOST_FRAMES];
	struct rf_error error;
	size_t n;
	assert_int_equal(rf_frames_receive(broker->socket, frames, RF_WIRE_MOST_FRAMES, &n, NULL), 0);
	rf_frame_deinit(&broker->peer);
	broker->peer = frames[0];
	if (rf_message_decode(frames + 1, n - 1, message, &error))
		fail_msg("%s", error.text);
}

/* The next message of the verb; heartbeats and credit are dealt with on the way, START may be left out. */
static struct rf_message hear(struct broker *broker, enum rf_verb verb)
{
	for (int n_messages = 0;; n_messages++) {
		struct rf_message message;
		receive(broker, &message);
		if (message.verb == verb)
			return message;
		if (n_messages == MOST_MESSAGES)
			fail_msg("heard no %s among %d messages", rf_verb_name(verb), MOST_MESSAGES);
		if (message.verb == RF_VERB_PING && !broker->deaf) {
			struct rf_message pong = rf_message_make(RF_VERB_PONG);
			say(broker, &pong);
		} else if (message.verb == RF_VERB_CREDIT) {
			broker->credit += message.header->credit->tasks;
		} else if (message.verb != RF_VERB_PING && message.verb != RF_VERB_START &&
			   message.verb != RF_VERB_EXTEND) {
			fail_msg("expected %s, heard %s", rf_verb_name(verb), rf_verb_name(message.verb));
		}
		rf_message_deinit(&message);
	}
}

static void hear_and_forget(struct broker *broker, enum rf_verb verb)
{
	struct rf_message message = hear(broker, verb);
	rf_message_deinit(&message);
}

static void add_option(Referat__Wire__PluginConfig *plugin, const char *name, char *value)
{
	Referat__Wire__PluginOption *option = rf_alloc(sizeof *option);
	referat__wire__plugin_option__init(option);
	option->name = rf_strdup(name);
	option->value = value;
	RF_WIRE_ADD(plugin->options, plugin->n_options, option);
}

static void add_channel(Referat__Wire__StageConfig *config, const char *folder)
{
	Referat__Wire__PluginConfig *plugin = rf_alloc(sizeof *plugin);
	referat__wire__plugin_config__init(plugin);
	plugin->name = rf_strdup("channel.maildir");
	add_option(plugin, "path", rf_format("%s/maildir", folder));
	add_option(plugin, "from", rf_strdup("b@example.org"));
	RF_WIRE_ADD(config->plugins, config->n_plugins, plugin);
}

static Referat__Wire__Welcome *make_welcome(struct rf_message *message)
{
	*message = rf_message_make(RF_VERB_WELCOME);
	Referat__Wire__Welcome *welcome = message->header->welcome = rf_alloc(sizeof *welcome);
	referat__wire__welcome__init(welcome);
	welcome->has_version = welcome->has_epoch = welcome->has_heartbeat_us = welcome->has_lease_us = true;
	welcome->version = welcome->epoch = 1;
	welcome->heartbeat_us = HEARTBEAT_US;
	welcome->lease_us = 3 * HEARTBEAT_US;
	welcome->stage = rf_alloc(sizeof *welcome->stage);
	referat__wire__stage_config__init(welcome->stage);
	welcome->stage->name = rf_strdup("test/one");
	welcome->stage->has_max_runtime_us = true;
	welcome->stage->max_runtime_us = 2 * HEARTBEAT_US;
	return welcome;
}

static void welcome_stage(struct broker *broker)
{
	struct rf_message message;
	make_welcome(&message)->blobs = rf_strdup(broker->folder);
	say(broker, &message);
}

static void greet(struct broker *broker)
{
	hear_and_forget(broker, RF_VERB_HELLO);
	welcome_stage(broker);
}

static void add_task(struct rf_message *work_message, uint64_t number, const char *source)
{
	Referat__Wire__Item *item = rf_message_add_item(work_message);
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = number;
	token.lease = token.epoch = 1;
	item->token = rf_token_copy(&token);
	item->document = rf_strdup("doc");
	item->has_revision = true;
	item->revision = 1;
	rf_message_add_part(work_message, "source", "text/plain", rf_frame_copy(source, strlen(source)));
}

static void give(struct broker *broker, uint64_t number, const char *source)
{
	struct rf_message message = rf_message_make(RF_VERB_WORK);
	add_task(&message, number, source);
	say(broker, &message);
}

/* Answers with the item's token and ref: ACK, GO, ... The effect, where there is one, comes back with a remote id. */
static void answer(struct broker *broker, enum rf_verb verb, const Referat__Wire__Item *to, const char *remote_id)
{
	struct rf_message message = rf_message_make(verb);
	Referat__Wire__Item *item = rf_message_add_item(&message);
	item->token = rf_token_copy(to->token);
	item->has_ref = to->has_ref;
	item->ref = to->ref;
	item->has_outcome = true;
	item->outcome = REFERAT__WIRE__OUTCOME__ACCEPTED;
	if (remote_id) {
		Referat__Wire__Effect *effect = rf_alloc(sizeof *effect);
		referat__wire__effect__init(effect);
		effect->key = rf_strdup(to->effects[0]->key);
		effect->remote_id = rf_strdup(remote_id);
		RF_WIRE_ADD(item->effects, item->n_effects, effect);
	}
	say(broker, &message);
}

static int status_of(struct broker *broker)
{
	int status = 0;
	for (int i = 0; i < PATIENCE_MS / 10; i++, rest(10))
		if (waitpid(broker->child, &status, WNOHANG) == broker->child) {
			broker->child = 0;
			return status;
		}
	fail_msg("the stage does not end");
	return status;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------
 */

static void hello_says_who_it_is_and_credit_follows(void **state)
{
	struct broker *broker = *state;
	struct rf_message message = hear(broker, RF_VERB_HELLO);
	const Referat__Wire__Hello *hello = message.header->hello;
	assert_string_equal(hello->role, "stage");
	assert_string_equal(hello->stage, "test/one");
	assert_int_equal(hello->version_max, RF_WIRE_VERSION);
	assert_int_equal(hello->pid, broker->child);
	assert_int_equal(hello->n_needs, 2);
	assert_string_equal(hello->needs[1], "rendition/*");
	assert_int_equal(hello->n_held, 0);
	rf_message_deinit(&message);
	welcome_stage(broker);
	message = hear(broker, RF_VERB_CREDIT);
	assert_true(message.header->credit->tasks > 0);
	rf_message_deinit(&message);
}

static void a_task_is_started_extended_and_done(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 7, "slow");
	struct rf_message message = hear(broker, RF_VERB_START);
	assert_int_equal(message.header->items[0]->token->task, 7);
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_EXTEND);
	assert_int_equal(message.header->items[0]->token->task, 7);
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_DONE);
	const Referat__Wire__Item *item = message.header->items[0];
	assert_int_equal(item->token->task, 7);
	assert_int_equal(item->n_parts, 1); /* the second of a name replaced the first */
	assert_string_equal(item->parts[0]->name, "document");
	assert_int_equal(message.frames[0].size, 4);
	assert_string_equal(item->attributes[0]->value, "doc");
	answer(broker, RF_VERB_ACK, item, NULL);
	rf_message_deinit(&message);
}

static void each_end_has_its_verb_and_reason(void **state)
{
	struct broker *broker = *state;
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
	greet(broker);
	for (size_t i = 0; i < RF_COUNT(ends); i++) {
		give(broker, i + 1, ends[i].source);
		struct rf_message message = hear(broker, ends[i].verb);
		const Referat__Wire__Item *item = message.header->items[0];
		assert_string_equal(item->reason->code, ends[i].code);
		assert_int_equal(item->n_parts, ends[i].n_parts);
		assert_int_equal(item->yield, ends[i].yield);
		if (ends[i].yield)
			assert_string_equal(item->destination, "test/one");
		answer(broker, RF_VERB_ACK, item, NULL);
		rf_message_deinit(&message);
	}
}

static void a_bundle_is_worked_off_and_its_credit_comes_back(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	struct rf_message message = rf_message_make(RF_VERB_WORK);
	for (uint64_t i = 1; i <= RF_WIRE_MOST_ITEMS; i++)
		add_task(&message, i, "quick");
	say(broker, &message);
	uint64_t expected = 1;
	while (expected <= RF_WIRE_MOST_ITEMS) {
		message = hear(broker, RF_VERB_DONE);
		for (size_t i = 0; i < message.header->n_items; i++) {
			assert_int_equal(message.header->items[i]->token->task, expected++);
			answer(broker, RF_VERB_ACK, message.header->items[i], NULL);
		}
		rf_message_deinit(&message);
	}
	hear_and_forget(broker, RF_VERB_PING);
	assert_int_equal(broker->credit, RF_HANDOVER_TASKS + RF_WIRE_MOST_ITEMS);
}

static void a_plugin_that_hangs_ends_the_process(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "hang");
	hear_and_forget(broker, RF_VERB_START);
	while (broker->child) {
		int status;
		if (waitpid(broker->child, &status, WNOHANG) == broker->child) {
			assert_true(WIFSIGNALED(status));
			assert_int_equal(WTERMSIG(status), SIGABRT);
			broker->child = 0;
		}
		struct rf_message pong = rf_message_make(RF_VERB_PONG);
		rf_frames_send_message(broker->socket, &broker->peer, &pong, NULL);
		rest(10);
	}
}

static void a_crash_comes_after_the_word_that_the_task_was_started(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "crash");
	hear_and_forget(broker, RF_VERB_START);
	int status = status_of(broker);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}

static void a_silent_broker_is_left_and_told_what_is_held(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "very slow");
	give(broker, 2, "quick");
	hear_and_forget(broker, RF_VERB_START);
	broker->deaf = true;
	struct rf_message message = hear(broker, RF_VERB_HELLO);
	assert_int_equal(message.header->hello->n_held, 1); /* what was not begun goes back */
	assert_int_equal(message.header->hello->held[0]->task, 1);
	rf_message_deinit(&message);
	broker->deaf = false;
	welcome_stage(broker);
	message = hear(broker, RF_VERB_START);
	assert_int_equal(message.header->items[0]->token->task, 1);
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_DONE);
	assert_int_equal(message.header->items[0]->token->task, 1);
	rf_message_deinit(&message);
}

static void what_was_not_acknowledged_is_said_again(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "quick");
	hear_and_forget(broker, RF_VERB_DONE);
	struct rf_message message = rf_message_make(RF_VERB_ERROR);
	message.header->error = rf_alloc(sizeof *message.header->error);
	referat__wire__error__init(message.header->error);
	message.header->error->code = rf_strdup("hello-first");
	say(broker, &message);
	message = hear(broker, RF_VERB_HELLO);
	assert_int_equal(message.header->hello->n_held, 1);
	rf_message_deinit(&message);
	welcome_stage(broker);
	message = hear(broker, RF_VERB_DONE);
	assert_int_equal(message.header->items[0]->token->task, 1);
	assert_int_equal(message.frames[0].size, 5);
	answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
}

static void bad_frames_are_passed_over(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	hear_and_forget(broker, RF_VERB_CREDIT);
	static const char *const nonsense[] = {"", "RF", "RF\1\5", "RF\1\377", "GET / HTTP/1.1"};
	for (size_t i = 0; i < RF_COUNT(nonsense); i++) {
		zmq_send(broker->socket, broker->peer.data, broker->peer.size, ZMQ_SNDMORE);
		zmq_send(broker->socket, nonsense[i], strlen(nonsense[i]), ZMQ_SNDMORE);
		zmq_send(broker->socket, "\x0a\xff\xff", 3, 0);
	}
	struct rf_message empty = rf_message_make(RF_VERB_WORK);
	rf_message_add_item(&empty); /* without token and document */
	say(broker, &empty);
	struct rf_message stray = rf_message_make(RF_VERB_GO);
	rf_message_add_item(&stray);
	say(broker, &stray);
	give(broker, 1, "quick");
	hear_and_forget(broker, RF_VERB_DONE);
}

static void work_that_is_taken_back_is_not_done(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "slow");
	give(broker, 2, "quick");
	hear_and_forget(broker, RF_VERB_START);
	struct rf_message message = rf_message_make(RF_VERB_REVOKE);
	Referat__Wire__Token token = REFERAT__WIRE__TOKEN__INIT;
	token.task = 2;
	token.lease = token.epoch = 1;
	rf_message_add_item(&message)->token = rf_token_copy(&token);
	say(broker, &message);
	give(broker, 3, "quick");
	for (uint64_t expected = 1; expected <= 3;) {
		message = hear(broker, RF_VERB_DONE);
		for (size_t i = 0; i < message.header->n_items; i++, expected += 2) {
			assert_int_equal(message.header->items[i]->token->task, expected);
			answer(broker, RF_VERB_ACK, message.header->items[i], NULL);
		}
		rf_message_deinit(&message);
	}
}

static void sigterm_finishes_what_is_in_hand(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "slow");
	give(broker, 2, "quick");
	hear_and_forget(broker, RF_VERB_START);
	kill(broker->child, SIGTERM);
	hear_and_forget(broker, RF_VERB_DRAIN);
	struct rf_message message = hear(broker, RF_VERB_DONE);
	assert_int_equal(message.header->items[0]->token->task, 1);
	answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	hear_and_forget(broker, RF_VERB_BYE);
	int status = status_of(broker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void sigterm_without_a_broker_ends_at_once(void **state)
{
	struct broker *broker = *state;
	hear_and_forget(broker, RF_VERB_HELLO);
	kill(broker->child, SIGTERM);
	int status = status_of(broker);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void the_broker_may_send_it_away(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	struct rf_message message = rf_message_make(RF_VERB_DRAIN);
	say(broker, &message);
	hear_and_forget(broker, RF_VERB_BYE);
	int status = status_of(broker);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_stage_that_nobody_knows_does_not_come_back(void **state)
{
	struct broker *broker = *state;
	hear_and_forget(broker, RF_VERB_HELLO);
	struct rf_message message = rf_message_make(RF_VERB_ERROR);
	message.header->error = rf_alloc(sizeof *message.header->error);
	referat__wire__error__init(message.header->error);
	message.header->error->code = rf_strdup("unknown-stage");
	say(broker, &message);
	int status = status_of(broker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), RF_EXIT_GIVE_UP);
}

static void a_plugin_that_is_not_there_does_not_come_back(void **state)
{
	struct broker *broker = *state;
	hear_and_forget(broker, RF_VERB_HELLO);
	struct rf_message message;
	Referat__Wire__Welcome *welcome = make_welcome(&message);
	add_channel(welcome->stage, broker->folder);
	free(welcome->stage->plugins[0]->name);
	welcome->stage->plugins[0]->name = rf_strdup("channel.pigeon");
	say(broker, &message);
	int status = status_of(broker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), RF_EXIT_GIVE_UP);
}

static void say_blob(struct broker *broker)
{
	struct rf_message message = rf_message_make(RF_VERB_BLOB_DATA);
	message.header->blob = rf_alloc(sizeof *message.header->blob);
	referat__wire__blob__init(message.header->blob);
	message.header->blob->has_handle = true;
	message.header->blob->handle = 5;
	say(broker, &message);
}

/* Returns the size of the chunk. One that is waited for is answered. */
static size_t hear_chunk(struct broker *broker, size_t offset, bool *waits)
{
	struct rf_message message = hear(broker, RF_VERB_BLOB_CHUNK);
	assert_int_equal(message.header->blob->handle, 5);
	assert_int_equal(message.header->blob->offset, offset);
	size_t size = message.frames[0].size;
	*waits = message.header->blob->size > 0;
	rf_message_deinit(&message);
	if (*waits)
		say_blob(broker);
	return size;
}

static void a_large_part_goes_ahead_as_a_blob(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	give(broker, 1, "large");
	struct rf_message message = hear(broker, RF_VERB_BLOB_BEGIN);
	assert_int_equal(message.header->blob->size, LARGE);
	rf_message_deinit(&message);
	say_blob(broker);
	size_t unheard = 0;
	for (size_t offset = 0; offset < LARGE;) {
		bool waits;
		size_t size = hear_chunk(broker, offset, &waits);
		offset += size;
		unheard = waits ? 0 : unheard + size;
		assert_in_range(unheard, 0, 8 * 1024 * 1024);
	}
	message = hear(broker, RF_VERB_BLOB_END);
	rf_autofree char *name = rf_strdup(message.header->blob->name);
	message.verb = RF_VERB_BLOB_DATA;
	say(broker, &message);
	message = hear(broker, RF_VERB_DONE);
	const Referat__Wire__Part *part = message.header->items[0]->parts[0];
	assert_string_equal(part->blob, name);
	assert_int_equal(part->size, LARGE);
	assert_int_equal(message.n_frames, 0);
	rf_message_deinit(&message);
}

static void a_part_that_is_a_blob_is_read_from_its_file(void **state)
{
	struct broker *broker = *state;
	greet(broker);
	struct rf_digest digest = rf_digest_of("slow", 4);
	char name[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&digest, name);
	rf_autofree char *folder = rf_format("%s/%.2s", broker->folder, name);
	rf_autofree char *path = rf_format("%s/%s", folder, name);
	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(rf_file_write(path, "slow", 4, false, NULL), 0);
	static const char *const texts[] = {"good", "damaged"};
	for (size_t i = 0; i < RF_COUNT(texts); i++) {
		struct rf_message message = rf_message_make(RF_VERB_WORK);
		add_task(&message, i + 1, "");
		Referat__Wire__Item *item = message.header->items[0];
		rf_unpack_free(&item->parts[0]->base);
		item->n_parts = 0;
		rf_frame_deinit(&message.frames[0]);
		message.n_frames = 0;
		rf_message_add_blob(&message, "source", "text/plain", &digest, 4);
		if (i > 0)
			assert_int_equal(rf_file_write(path, "fast", 4, false, NULL), 0);
		say(broker, &message);
		message = hear(broker, i == 0 ? RF_VERB_DONE : RF_VERB_RETRY);
		if (i > 0)
			assert_string_equal(message.header->items[0]->reason->code, "blob");
		answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
		rf_message_deinit(&message);
	}
	unlink(path);
	rmdir(folder);
}

/* ---- effects, with a real channel ----------------------------------------------------------------------------------
 */

/* Gives a task that acts, and hears the START that asks. The channel is not there when only this test was built. */
static struct rf_message begin_to_act(struct broker *broker)
{
	rf_autofree char *path = rf_path_join(rf_install_prefix(), "lib/referat/plugins/channel.maildir.so");
	if (access(path, R_OK))
		skip();
	hear_and_forget(broker, RF_VERB_HELLO);
	struct rf_message message;
	Referat__Wire__Welcome *welcome = make_welcome(&message);
	welcome->stage->max_runtime_us = PATIENCE_MS * RF_MILLISECOND;
	add_channel(welcome->stage, broker->folder);
	say(broker, &message);
	give(broker, 1, "act");
	for (;;) {
		message = hear(broker, RF_VERB_START);
		if (message.header->items[0]->n_effects > 0)
			return message;
		rf_message_deinit(&message);
	}
}

/* The channel has no rendition to send: it fails for certain, and the stage says so. */
static void after_go_the_plugin_acts_and_nothing_done_is_withdrawn(void **state)
{
	struct broker *broker = *state;
	struct rf_message message = begin_to_act(broker);
	assert_string_equal(message.header->items[0]->effects[0]->key, "notify:doc:0:1");
	assert_string_equal(message.header->items[0]->effects[0]->digest, "d1");
	answer(broker, RF_VERB_GO, message.header->items[0], NULL);
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_RESULT);
	assert_true(message.header->items[0]->effects[0]->looked_up);
	answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	hear_and_forget(broker, RF_VERB_FAIL);
}

static void what_is_there_already_is_not_done_again(void **state)
{
	struct broker *broker = *state;
	struct rf_message message = begin_to_act(broker);
	answer(broker, RF_VERB_ALREADY, message.header->items[0], "mail-7");
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_RESULT);
	assert_string_equal(message.header->items[0]->effects[0]->remote_id, "mail-7");
	answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_DONE);
	assert_string_equal(message.header->items[0]->attributes[0]->value, "mail-7");
	rf_message_deinit(&message);
}

static void what_is_looked_up_and_not_found_is_asked_for_again(void **state)
{
	struct broker *broker = *state;
	struct rf_message message = begin_to_act(broker);
	assert_false(message.header->items[0]->effects[0]->looked_up);
	answer(broker, RF_VERB_LOOKUP, message.header->items[0], NULL);
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_START);
	assert_true(message.header->items[0]->effects[0]->looked_up);
	answer(broker, RF_VERB_GO, message.header->items[0], NULL);
	rf_message_deinit(&message);
	hear_and_forget(broker, RF_VERB_RESULT);
}

static void an_act_waits_through_a_lost_connection(void **state)
{
	struct broker *broker = *state;
	struct rf_message message = begin_to_act(broker);
	rf_message_deinit(&message);
	broker->deaf = true;
	hear_and_forget(broker, RF_VERB_HELLO);
	broker->deaf = false;
	welcome_stage(broker);
	message = hear(broker, RF_VERB_START);
	assert_int_equal(message.header->items[0]->n_effects, 1);
	answer(broker, RF_VERB_ALREADY, message.header->items[0], "mail-7");
	rf_message_deinit(&message);
	message = hear(broker, RF_VERB_RESULT);
	answer(broker, RF_VERB_ACK, message.header->items[0], NULL);
	rf_message_deinit(&message);
	hear_and_forget(broker, RF_VERB_DONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(hello_says_who_it_is_and_credit_follows),
	    TEST(a_task_is_started_extended_and_done),
	    TEST(each_end_has_its_verb_and_reason),
	    TEST(a_bundle_is_worked_off_and_its_credit_comes_back),
	    TEST(a_plugin_that_hangs_ends_the_process),
	    TEST(a_crash_comes_after_the_word_that_the_task_was_started),
	    TEST(a_silent_broker_is_left_and_told_what_is_held),
	    TEST(what_was_not_acknowledged_is_said_again),
	    TEST(bad_frames_are_passed_over),
	    TEST(work_that_is_taken_back_is_not_done),
	    TEST(sigterm_finishes_what_is_in_hand),
	    TEST(sigterm_without_a_broker_ends_at_once),
	    TEST(the_broker_may_send_it_away),
	    TEST(a_stage_that_nobody_knows_does_not_come_back),
	    TEST(a_plugin_that_is_not_there_does_not_come_back),
	    TEST(a_large_part_goes_ahead_as_a_blob),
	    TEST(a_part_that_is_a_blob_is_read_from_its_file),
	    TEST(after_go_the_plugin_acts_and_nothing_done_is_withdrawn),
	    TEST(what_is_there_already_is_not_done_again),
	    TEST(what_is_looked_up_and_not_found_is_asked_for_again),
	    TEST(an_act_waits_through_a_lost_connection),
	};
	return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
