#include "stage/line.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/loop.h"
#include "stage/worker.h"
#include "wire/link.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sysexits.h>
#include <unistd.h>
#include <utlist.h>

enum { SILENT_HEARTBEATS = 5, MESSAGES_AT_ONCE = 32 };

struct rf_line {
	const struct rf_line_options *options;
	struct rf_handover *handover;
	struct rf_loop *loop;
	struct rf_link *link;
	char instance[33];

	bool connected; /* WELCOME came since the last HELLO */
	bool welcomed;  /* the work thread runs */
	bool stopping;
	bool said_caught_up;
	int64_t heartbeat_us, lease_us, max_runtime_us;
	uint64_t ticker;
	bool looks_again; /* a timer will call on_look */
	int64_t heard_us, extended_us;

	struct rf_parcel *unsettled; /* answers that the broker has not acknowledged */
	struct rf_hand begun;        /* what the last START named */
	int exit_status;
};

static int give_up(struct rf_line *line, int exit_status)
{
	line->exit_status = exit_status;
	return -1;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

/* 0: gone. RF_LINK_NONE: the queue is full, the next heartbeat tries again. */
static int send_message(struct rf_line *line, enum rf_verb verb, Referat__Wire__Header *header)
{
	struct rf_message message = {.verb = verb, .header = header};
	struct rf_error error;
	int result = rf_link_send(line->link, &message, &error);
	if (result < 0)
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
	return result;
}

static void add_token(Referat__Wire__Hello *hello, const Referat__Wire__Token *token)
{
	Referat__Wire__Token *copy = rf_token_copy(token);
	RF_WIRE_ADD(hello->held, hello->n_held, copy);
}

static Referat__Wire__Hello *make_hello(const struct rf_line *line, const struct rf_collected *collected)
{
	Referat__Wire__Hello *hello = rf_alloc(sizeof *hello);
	referat__wire__hello__init(hello);
	hello->has_version_min = hello->has_version_max = hello->has_pid = true;
	hello->version_min = hello->version_max = RF_WIRE_VERSION;
	hello->role = rf_strdup("stage");
	hello->stage = rf_strdup(line->options->stage);
	hello->instance = rf_strdup(line->instance);
	hello->pid = (uint32_t)getpid();
	for (size_t i = 0; i < line->options->n_needs; i++) {
		char *need = rf_strdup(line->options->needs[i]);
		RF_WIRE_ADD(hello->needs, hello->n_needs, need);
	}
	for (size_t i = 0; i < collected->hand.n; i++)
		add_token(hello, &collected->hand.tokens[i]);
	const struct rf_parcel *answer;
	DL_FOREACH(line->unsettled, answer)
	add_token(hello, rf_parcel_item(answer)->token);
	return hello;
}

static void collect(struct rf_line *line, struct rf_collected *collected)
{
	rf_handover_collect(line->handover, collected);
	DL_CONCAT(line->unsettled, collected->answers);
	collected->answers = NULL;
}

/* What was under way is to be said again, once the broker has said WELCOME. */
static void say_hello(struct rf_line *line)
{
	line->connected = false;
	line->said_caught_up = false;
	line->heard_us = rf_clock_monotonic(line->options->clock);
	line->begun.n = 0;
	rf_handover_reset(line->handover);
	struct rf_collected collected;
	collect(line, &collected);
	struct rf_parcel *answer;
	DL_FOREACH(line->unsettled, answer)
	answer->sent = false;
	Referat__Wire__Header *header = rf_message_make(RF_VERB_HELLO).header;
	header->hello = make_hello(line, &collected);
	send_message(line, RF_VERB_HELLO, header);
	rf_fault_point("after-hello");
}

/* As many answers of one verb as make a bundle, from the first that was not sent. */
static size_t next_bundle(const struct rf_line *line, struct rf_parcel *parcels[RF_WIRE_MOST_ITEMS])
{
	size_t n = 0;
	size_t bytes = 0;
	struct rf_parcel *answer;
	DL_FOREACH(line->unsettled, answer)
	{
		if (answer->sent)
			continue;
		bytes += rf_parcel_frame_size(answer);
		if (n > 0 && (n == RF_WIRE_MOST_ITEMS || bytes > RF_WIRE_BUNDLE ||
			      answer->message.verb != parcels[0]->message.verb))
			break;
		parcels[n++] = answer;
	}
	return n;
}

static int send_answers(struct rf_line *line, struct rf_error *error)
{
	struct rf_parcel *parcels[RF_WIRE_MOST_ITEMS];
	size_t n;
	while ((n = next_bundle(line, parcels)) > 0) {
		struct rf_message *messages[RF_WIRE_MOST_ITEMS];
		for (size_t i = 0; i < n; i++)
			messages[i] = &parcels[i]->message;
		int result = rf_link_send_bundle(line->link, messages, n, error);
		if (result != 0)
			return result < 0 ? -1 : 0;
		for (size_t i = 0; i < n; i++)
			parcels[i]->sent = true;
	}
	return 0;
}

static int send_question(struct rf_line *line, const struct rf_collected *collected, struct rf_error *error)
{
	struct rf_question *question = collected->question;
	if (!question || question->sent)
		return 0;
	struct rf_message *message = &question->message;
	bool once = question->kind == RF_QUESTION_ONE_WAY || question->kind == RF_QUESTION_BLOB;
	int result =
	    once ? rf_link_send(line->link, message, error) : rf_link_send_bundle(line->link, &message, 1, error);
	if (result == RF_LINK_NONE && once)
		rf_handover_lose(line->handover);
	if (result != 0)
		return result < 0 ? -1 : 0;
	if (question->kind == RF_QUESTION_START && message->header->n_items == collected->hand.n)
		line->begun = collected->hand;
	rf_handover_sent(line->handover, question);
	return 0;
}

static void add_hand(struct rf_message *message, const struct rf_hand *hand)
{
	for (size_t i = 0; i < hand->n; i++)
		rf_message_add_item(message)->token = rf_token_copy(&hand->tokens[i]);
}

/* A task that was done before this comes round is never started: its answer says it all. */
static void send_start(struct rf_line *line, const struct rf_collected *collected)
{
	if (collected->hand.n == 0 || !collected->started || rf_hand_equal(&collected->hand, &line->begun))
		return;
	struct rf_message start = rf_message_make(RF_VERB_START);
	add_hand(&start, &collected->hand);
	line->extended_us = rf_clock_monotonic(line->options->clock);
	if (send_message(line, RF_VERB_START, start.header) == 0)
		line->begun = collected->hand;
}

static void send_credit(struct rf_line *line, uint32_t tasks, uint64_t bytes)
{
	if (tasks == 0 || line->stopping)
		return;
	Referat__Wire__Credit *credit = rf_alloc(sizeof *credit);
	referat__wire__credit__init(credit);
	credit->has_tasks = credit->has_bytes = true;
	credit->tasks = tasks;
	credit->bytes = bytes;
	Referat__Wire__Header *header = rf_message_make(RF_VERB_CREDIT).header;
	header->credit = credit;
	send_message(line, RF_VERB_CREDIT, header);
}

static void send_ping(struct rf_line *line, bool caught_up)
{
	Referat__Wire__Header *header = rf_message_make(RF_VERB_PING).header;
	header->has_caught_up = caught_up;
	header->caught_up = caught_up;
	if (send_message(line, RF_VERB_PING, header) == 0)
		line->said_caught_up = caught_up;
}

/* Nothing more is to come, and what can be said has been said. */
static bool is_over(const struct rf_line *line, const struct rf_collected *collected)
{
	if (!line->welcomed)
		return line->stopping;
	return collected->ended && (!line->unsettled || !line->connected);
}

static int say_all(struct rf_line *line, const struct rf_collected *collected)
{
	struct rf_error error;
	if (send_answers(line, &error) || send_question(line, collected, &error)) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		return give_up(line, EX_SOFTWARE);
	}
	send_start(line, collected);
	send_credit(line, collected->credit_tasks, collected->credit_bytes);
	if (collected->caught_up && !line->said_caught_up)
		send_ping(line, true);
	return 0;
}

static int on_look(void *context);

/* Says to the broker what the work thread has said, and ends the loop when there is nothing more to come. */
static int forward(struct rf_line *line, struct rf_collected *collected)
{
	collect(line, collected);
	if (collected->look_again && !line->looks_again) {
		line->looks_again = true;
		rf_loop_add_timer(line->loop, RF_HANDOVER_LOOK_US, 0, on_look, line);
	}
	if (line->connected && say_all(line, collected))
		return -1;
	if (!is_over(line, collected))
		return 0;
	if (line->connected)
		send_message(line, RF_VERB_BYE, NULL);
	return RF_LOOP_STOP;
}

static int on_handover(void *context)
{
	struct rf_collected collected;
	return forward(context, &collected);
}

static int on_look(void *context)
{
	struct rf_line *line = context;
	line->looks_again = false;
	return on_handover(line);
}

/* ---- stopping ---------------------------------------------------------------------------------------------------- */

static int stop(struct rf_line *line)
{
	line->stopping = true;
	rf_handover_stop(line->handover, line->connected);
	return on_handover(line);
}

static int on_signal(void *context, int number)
{
	struct rf_line *line = context;
	rf_log(RF_LOG_INFO, NULL, "%s: finishing what is in hand", strsignal(number));
	if (line->connected)
		send_message(line, RF_VERB_DRAIN, NULL);
	return stop(line);
}

/* ---- what the broker says ---------------------------------------------------------------------------------------- */

static void take_work(struct rf_line *line, struct rf_message *message)
{
	struct rf_parcel *tasks;
	struct rf_parcel *task;
	struct rf_parcel *next;
	rf_parcels_from(message, &tasks);
	DL_FOREACH_SAFE(tasks, task, next)
	{
		DL_DELETE(tasks, task);
		const Referat__Wire__Item *item = rf_parcel_item(task);
		if (item->token && item->document && !line->stopping && rf_handover_give(line->handover, task))
			continue;
		if (!line->stopping)
			rf_log(RF_LOG_WARNING, item->document, "the broker sent work that was not asked for");
		rf_parcel_free(task);
	}
}

static void take_back(struct rf_line *line, const struct rf_message *message)
{
	for (size_t i = 0; i < message->header->n_items; i++)
		if (message->header->items[i]->token)
			rf_handover_revoke(line->handover, message->header->items[i]->token);
}

static void settle(struct rf_line *line, const Referat__Wire__Item *ack)
{
	struct rf_parcel *answer;
	DL_FOREACH(line->unsettled, answer)
	if (answer->sent && rf_token_equal(rf_parcel_item(answer)->token, ack->token))
		break;
	if (!answer && ack->token && ack->outcome == REFERAT__WIRE__OUTCOME__STALE)
		rf_handover_revoke(line->handover, ack->token); /* to a START */
	if (!answer || ack->has_ref)
		return;
	if (ack->outcome == REFERAT__WIRE__OUTCOME__REFUSED)
		rf_log(RF_LOG_ERROR, NULL, "the broker refused %s: %s", rf_verb_name(answer->message.verb),
		       ack->reason && ack->reason->text ? ack->reason->text : "no reason");
	else if (ack->outcome == REFERAT__WIRE__OUTCOME__STALE)
		rf_log(RF_LOG_INFO, NULL, "an answer came too late: somebody else has the task");
	DL_DELETE(line->unsettled, answer);
	rf_parcel_free(answer);
	rf_handover_settle(line->handover, 1);
	rf_fault_point("after-settlement");
}

static int on_heartbeat(void *context);

static int take_welcome(struct rf_line *line, struct rf_message *message)
{
	Referat__Wire__Welcome *welcome = message->header->welcome;
	if (!welcome || !welcome->stage) {
		rf_log(RF_LOG_ERROR, NULL, "the broker's WELCOME says nothing of the stage");
		return give_up(line, EX_PROTOCOL);
	}
	line->connected = true;
	if (welcome->heartbeat_us > 0)
		line->heartbeat_us = welcome->heartbeat_us;
	line->lease_us = welcome->lease_us;
	line->max_runtime_us = welcome->stage->max_runtime_us;
	rf_loop_cancel(line->loop, line->ticker);
	line->ticker = rf_loop_add_timer(line->loop, line->heartbeat_us, line->heartbeat_us, on_heartbeat, line);
	if (!line->welcomed) {
		struct rf_error error;
		message->header->welcome = NULL;
		if (line->options->welcomed(line->options->context, welcome, &error)) {
			rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
			return give_up(line, EX_SOFTWARE);
		}
		line->welcomed = true;
	}
	send_credit(line, RF_HANDOVER_TASKS, RF_HANDOVER_BYTES);
	return 0;
}

static int take_error(struct rf_line *line, const Referat__Wire__Error *said)
{
	const char *code = said && said->code ? said->code : "unknown";
	const char *text = said && said->text ? said->text : "";
	if (strcmp(code, "hello-first") == 0) {
		say_hello(line);
		return 0;
	}
	rf_log(RF_LOG_ERROR, NULL, "the broker refuses this stage (%s): %s", code, text);
	if (strcmp(code, "blob") == 0) {
		say_hello(line); /* the question about the blob is lost, and its task tried again later */
		return 0;
	}
	if (strcmp(code, "version") == 0 || strcmp(code, "unknown-stage") == 0)
		return give_up(line, RF_EXIT_GIVE_UP);
	return give_up(line, EX_PROTOCOL);
}

static int handle(struct rf_line *line, struct rf_message *message)
{
	switch (message->verb) {
	case RF_VERB_WELCOME:
		return take_welcome(line, message);
	case RF_VERB_ERROR:
		return take_error(line, message->header->error);
	case RF_VERB_WORK:
		take_work(line, message);
		return 0;
	case RF_VERB_REVOKE:
		take_back(line, message);
		return 0;
	case RF_VERB_DRAIN:
		return line->stopping ? 0 : stop(line);
	case RF_VERB_ACK:
		for (size_t i = 0; i < message->header->n_items; i++)
			settle(line, message->header->items[i]);
		rf_handover_reply(line->handover, message);
		return 0;
	case RF_VERB_GO:
	case RF_VERB_ALREADY:
	case RF_VERB_LOOKUP:
	case RF_VERB_BLOB_DATA:
		rf_handover_reply(line->handover, message);
		return 0;
	default:
		return 0; /* PONG, and what a later version may say */
	}
}

/* Returns as a callback of the loop does; *more: whether there was one. */
static int take_message(struct rf_line *line, bool *more)
{
	struct rf_message message = {0};
	struct rf_error error;
	int result = rf_link_receive(line->link, &message, &error);
	*more = result != RF_LINK_NONE;
	if (!*more)
		return 0;
	if (result < 0) {
		rf_log(RF_LOG_WARNING, NULL, "from the broker: %s", error.text);
		return 0;
	}
	line->heard_us = rf_clock_monotonic(line->options->clock);
	result = handle(line, &message);
	if (message.header)
		rf_message_deinit(&message);
	return result;
}

/* All that has come, and then what there is to say to all of it. */
static int on_message(void *context)
{
	struct rf_line *line = context;
	bool more = true;
	int result = 0;
	for (int i = 0; i < MESSAGES_AT_ONCE && more && result == 0; i++)
		result = take_message(line, &more);
	return result ? result : on_handover(line);
}

/* ---- time -------------------------------------------------------------------------------------------------------- */

static int connect_again(struct rf_line *line)
{
	struct rf_error error;
	if (line->link) {
		rf_log(RF_LOG_WARNING, NULL, "the broker is silent: connecting again");
		rf_loop_remove_socket(line->loop, rf_link_socket(line->link));
		rf_link_close(rf_steal(line->link));
	}
	if (rf_link_open(line->options->endpoint, &line->link, &error)) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		return give_up(line, EX_USAGE);
	}
	rf_loop_add_socket(line->loop, rf_link_socket(line->link), on_message, line);
	say_hello(line);
	return 0;
}

/* The plugin's frames stay in the core that abort leaves, and whoever waits for the process charges the task. */
static void end_if_hung(const struct rf_line *line, const struct rf_collected *collected, int64_t now_us)
{
	if (collected->busy_since_us == 0 || line->max_runtime_us <= 0 ||
	    now_us - collected->busy_since_us <= line->max_runtime_us)
		return;
	rf_log(RF_LOG_ERROR, NULL, "a plugin took longer than max_runtime (%lld s): ending the process",
	       (long long)(line->max_runtime_us / RF_SECOND));
	abort();
}

static void extend(struct rf_line *line, const struct rf_collected *collected, int64_t now_us)
{
	if (collected->hand.n == 0 || !rf_hand_equal(&collected->hand, &line->begun) ||
	    now_us - line->extended_us < line->lease_us / 3)
		return;
	struct rf_message message = rf_message_make(RF_VERB_EXTEND);
	add_hand(&message, &collected->hand);
	if (send_message(line, RF_VERB_EXTEND, message.header) == 0)
		line->extended_us = now_us;
}

static int on_heartbeat(void *context)
{
	struct rf_line *line = context;
	struct rf_collected collected;
	int result = forward(line, &collected);
	if (result)
		return result;
	int64_t now_us = rf_clock_monotonic(line->options->clock);
	end_if_hung(line, &collected, now_us);
	if (now_us - line->heard_us > SILENT_HEARTBEATS * line->heartbeat_us) {
		if (!line->stopping)
			return connect_again(line);
		line->connected = false;
		return stop(line);
	}
	if (line->connected) {
		send_ping(line, collected.caught_up);
		extend(line, &collected, now_us);
	}
	return 0;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static void make_instance(char text[33])
{
	uint8_t random[16];
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		abort(); /* as if out of memory: the kernel has it by the time anything runs */
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(text + 2 * i, 3, "%02x", random[i]);
}

static int run(struct rf_line *line, struct rf_error *error)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	if (rf_loop_add_signals(line->loop, &signals, on_signal, line, error))
		return -1;
	rf_loop_add_fd(line->loop, rf_handover_fd(line->handover), on_handover, line);
	line->ticker = rf_loop_add_timer(line->loop, line->heartbeat_us, line->heartbeat_us, on_heartbeat, line);
	if (connect_again(line))
		return rf_error_set(error, "there is no line to the broker");
	return rf_loop_run(line->loop, error);
}

int rf_line_run(const struct rf_line_options *options)
{
	struct rf_line line = {
	    .options = options,
	    .handover = options->handover,
	    .loop = rf_loop_new(options->clock),
	    .heartbeat_us = RF_SECOND,
	    .lease_us = 30 * RF_SECOND,
	};
	make_instance(line.instance);
	struct rf_error error = {{0}};
	if (run(&line, &error) && line.exit_status == 0) {
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
		line.exit_status = EX_SOFTWARE;
	}
	rf_handover_stop(line.handover, false);
	rf_parcel_free_all(&line.unsettled);
	rf_link_close(line.link);
	rf_loop_free(line.loop);
	return line.exit_status;
}
