#include "tests/support/stand_in.h"

#include "base/error.h"
#include "base/memory.h"
#include "stage/parcel.h"
#include "tests/support/folder.h"
#include "tests/support/told_stage.h"
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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

enum { MOST_MESSAGES = 100 };

static void start_stage(struct stand_in *broker)
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
	exit(rf_stage_main(&told_stage, 5, argv));
}

/* The child comes first: it must not inherit ZeroMQ's threads. */
int stand_in_set_up(void **state)
{
	struct stand_in *broker = rf_alloc(sizeof *broker);
	broker->folder = test_folder_make();
	broker->endpoint = rf_format("ipc://%s/socket", broker->folder);
	start_stage(broker);
	broker->context = zmq_ctx_new();
	broker->socket = zmq_socket(broker->context, ZMQ_ROUTER);
	*state = broker;
	return zmq_bind(broker->socket, broker->endpoint);
}

int stand_in_tear_down(void **state)
{
	struct stand_in *broker = *state;
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

void stand_in_say(struct stand_in *broker, struct rf_message *message)
{
	struct rf_error error;
	if (rf_frames_send_message(broker->socket, &broker->peer, message, &error))
		fail_msg("%s", error.text);
}

static void receive(struct stand_in *broker, struct rf_message *message)
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
struct rf_message stand_in_hear(struct stand_in *broker, enum rf_verb verb)
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
			stand_in_say(broker, &pong);
		} else if (message.verb == RF_VERB_CREDIT) {
			broker->credit += message.header->credit->tasks;
		} else if (message.verb != RF_VERB_PING && message.verb != RF_VERB_START &&
			   message.verb != RF_VERB_EXTEND) {
			fail_msg("expected %s, heard %s", rf_verb_name(verb), rf_verb_name(message.verb));
		}
		rf_message_deinit(&message);
	}
}

void stand_in_pass_over(struct stand_in *broker, enum rf_verb verb)
{
	struct rf_message message = stand_in_hear(broker, verb);
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

void stand_in_add_channel(Referat__Wire__StageConfig *config, const char *folder)
{
	Referat__Wire__PluginConfig *plugin = rf_alloc(sizeof *plugin);
	referat__wire__plugin_config__init(plugin);
	plugin->name = rf_strdup("channel.maildir");
	add_option(plugin, "path", rf_format("%s/maildir", folder));
	add_option(plugin, "from", rf_strdup("b@example.org"));
	RF_WIRE_ADD(config->plugins, config->n_plugins, plugin);
}

Referat__Wire__Welcome *stand_in_make_welcome(struct rf_message *message)
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

void stand_in_welcome(struct stand_in *broker)
{
	struct rf_message message;
	stand_in_make_welcome(&message)->blobs = rf_strdup(broker->folder);
	stand_in_say(broker, &message);
}

void stand_in_greet(struct stand_in *broker)
{
	stand_in_pass_over(broker, RF_VERB_HELLO);
	stand_in_welcome(broker);
}

void stand_in_add_task(struct rf_message *work_message, uint64_t number, const char *source)
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

void stand_in_give(struct stand_in *broker, uint64_t number, const char *source)
{
	struct rf_message message = rf_message_make(RF_VERB_WORK);
	stand_in_add_task(&message, number, source);
	stand_in_say(broker, &message);
}

/* Answers with the item's token and ref: ACK, GO, ... The effect, where there is one, comes back with a remote id. */
void stand_in_answer(struct stand_in *broker, enum rf_verb verb, const Referat__Wire__Item *to, const char *remote_id)
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
	stand_in_say(broker, &message);
}

int stand_in_status(struct stand_in *broker)
{
	int status = 0;
	for (int i = 0; i < PATIENCE_MS / 10; i++, test_rest(10))
		if (waitpid(broker->child, &status, WNOHANG) == broker->child) {
			broker->child = 0;
			return status;
		}
	fail_msg("the stage does not end");
	return status;
}
