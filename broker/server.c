#include "broker/server.h"

#include "base/error.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/memory.h"
#include "wire/frames.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zmq.h>

enum {
	ROUND_MESSAGES = 256, /* a round ends here, or at about as many bytes as a group commit is worth */
	ROUND_BYTES = 1024 * 1024,
	QUEUE_MESSAGES = 4096, /* per peer, far above the credit that a stage can give */
	LINGER_MS = 500,
	MOST_ROUTING_ID = 7, /* bytes that fit a peer's number beside their count */
	BACKLOG = 128,
};

struct rf_server {
	struct rf_server_options options;
	void *context, *socket;
	uint64_t timer, limit;
	bool draining;
	rf_peer *lost; /* in this round's sends */
	size_t n_lost;
	struct rf_frame frames[RF_WIRE_MOST_FRAMES + 1];
	struct rf_error error;
};

/* ---- routing ids ----------------------------------------------------------------------------------------------------
 */

/* A peer's number is its routing id, read as a number: nothing is to be kept, or forgotten, for it. ZeroMQ's own ids
 * have five bytes. */
static bool number_of(const struct rf_frame *id, rf_peer *number)
{
	if (id->size == 0 || id->size > MOST_ROUTING_ID)
		return false;
	*number = id->size;
	for (size_t i = 0; i < id->size; i++)
		*number = *number << 8 | id->data[i];
	return true;
}

static size_t id_of(rf_peer number, uint8_t id[MOST_ROUTING_ID])
{
	uint8_t bytes[8];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(number >> (8 * (7 - i)));
	size_t first = 0;
	while (first < 7 && bytes[first] == 0)
		first++;
	memcpy(id, bytes + first + 1, 7 - first);
	return 7 - first;
}

/* ---- out ------------------------------------------------------------------------------------------------------------
 */

static void send_message(void *context, rf_peer peer, struct rf_message *message)
{
	struct rf_server *server = context;
	uint8_t bytes[MOST_ROUTING_ID];
	struct rf_frame id = {.data = bytes, .size = id_of(peer, bytes)};
	struct rf_error error = {""};
	int status = rf_frames_send_message(server->socket, &id, message, &error);
	if (status == 0)
		return;
	if (status < 0)
		rf_log(RF_LOG_ERROR, NULL, "%s", error.text);
	server->lost = rf_realloc_array(server->lost, server->n_lost + 1, sizeof *server->lost);
	server->lost[server->n_lost++] = peer;
}

static int end_round(struct rf_server *server)
{
	struct rf_core *core = server->options.core;
	if (rf_core_flush(core, send_message, server, &server->error) < 0)
		return -1;
	for (size_t i = 0; i < server->n_lost; i++)
		rf_core_lost(core, server->lost[i]);
	server->n_lost = 0;
	return server->draining && rf_core_is_idle(core) ? RF_LOOP_STOP : 0;
}

/* ---- time -----------------------------------------------------------------------------------------------------------
 */

static int on_time(void *context)
{
	struct rf_server *server = context;
	int64_t next_us;
	if (rf_core_tick(server->options.core, &next_us, &server->error) < 0)
		return -1;
	int64_t wait_us = next_us - rf_clock_monotonic(server->options.clock);
	server->timer = rf_loop_add_timer(server->options.loop, wait_us > RF_MILLISECOND ? wait_us : RF_MILLISECOND, 0,
					  on_time, server);
	return end_round(server);
}

/* ---- in -------------------------------------------------------------------------------------------------------------
 */

static size_t count_descriptors(void)
{
	size_t n = 0;
	DIR *folder = opendir("/proc/self/fd");
	while (folder && readdir(folder))
		n++;
	if (folder)
		closedir(folder);
	return n;
}

/* ZeroMQ ends the process when no descriptor is left: newcomers are refused before that. */
static bool is_crowded(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && count_descriptors() > limit.rlim_cur / 5 * 4;
}

/* Takes one message. Returns 0, RF_FRAMES_NONE when there is none, < 0. */
static int take_message(struct rf_server *server, size_t *bytes)
{
	size_t n_frames = 0;
	int status =
	    rf_frames_receive(server->socket, server->frames, RF_WIRE_MOST_FRAMES + 1, &n_frames, &server->error);
	if (status < 0 || status == RF_FRAMES_NONE)
		return status;
	struct rf_core *core = server->options.core;
	rf_peer peer = 0;
	bool known = number_of(&server->frames[0], &peer);
	rf_frame_deinit(&server->frames[0]);
	for (size_t i = 1; i < n_frames; i++)
		*bytes += server->frames[i].size;
	if (!known || status == RF_FRAMES_TOO_MANY) {
		for (size_t i = 1; i < n_frames; i++)
			rf_frame_deinit(&server->frames[i]);
		if (known)
			rf_core_reject(core, peer, "malformed", "the message has too many frames");
		return 0;
	}
	struct rf_message message;
	struct rf_error reason = {""};
	if (rf_message_decode(server->frames + 1, n_frames - 1, &message, &reason) < 0) {
		rf_core_reject(core, peer, "malformed", reason.text);
	} else if (message.verb == RF_VERB_HELLO && is_crowded()) {
		rf_message_deinit(&message);
		rf_core_reject(core, peer, "crowded", "the broker has too many connections");
	} else {
		rf_core_receive(core, peer, &message);
	}
	return 0;
}

/* One round: what is there now is carried out with one commit. */
static int on_message(void *context)
{
	struct rf_server *server = context;
	size_t bytes = 0;
	int status = 0;
	for (size_t n = 0; n < ROUND_MESSAGES && bytes < ROUND_BYTES && status == 0; n++)
		status = take_message(server, &bytes);
	return status < 0 ? -1 : end_round(server);
}

/* ---- open and close
 * -------------------------------------------------------------------------------------------------- */

static void set_options(void *socket)
{
	const int yes = 1, linger = LINGER_MS, queue = QUEUE_MESSAGES, backlog = BACKLOG;
	const int64_t most = RF_WIRE_MOST_FRAME;
	zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &yes, sizeof yes);
	zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
	zmq_setsockopt(socket, ZMQ_SNDHWM, &queue, sizeof queue);
	zmq_setsockopt(socket, ZMQ_RCVHWM, &queue, sizeof queue);
	zmq_setsockopt(socket, ZMQ_BACKLOG, &backlog, sizeof backlog);
	zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most);
}

int rf_server_open(const struct rf_server_options *options, struct rf_server **server, struct rf_error *error)
{
	struct rf_server *opened = rf_alloc(sizeof *opened);
	opened->options = *options;
	opened->context = zmq_ctx_new();
	opened->socket = opened->context ? zmq_socket(opened->context, ZMQ_ROUTER) : NULL;
	if (opened->socket)
		set_options(opened->socket);
	if (!opened->socket || zmq_bind(opened->socket, options->endpoint)) {
		int result = rf_error_set(error, "%s: %s", options->endpoint, zmq_strerror(zmq_errno()));
		rf_server_close(opened);
		return result;
	}
	rf_loop_add_socket(options->loop, opened->socket, on_message, opened);
	opened->timer = rf_loop_add_timer(options->loop, 0, 0, on_time, opened);
	*server = opened;
	return 0;
}

void rf_server_close(struct rf_server *server)
{
	if (!server)
		return;
	if (server->timer) {
		rf_loop_cancel(server->options.loop, server->timer);
		rf_loop_cancel(server->options.loop, server->limit);
		rf_loop_remove_socket(server->options.loop, server->socket);
	}
	if (server->socket)
		zmq_close(server->socket);
	if (server->context)
		zmq_ctx_term(server->context);
	free(server->lost);
	free(server);
}

static int on_limit(void *context)
{
	(void)context;
	rf_log(RF_LOG_WARNING, NULL, "some stages did not finish in time");
	return RF_LOOP_STOP;
}

static int on_drain(void *context)
{
	return end_round(context);
}

void rf_server_drain(struct rf_server *server, int64_t limit_us)
{
	if (server->draining)
		return;
	server->draining = true;
	rf_core_drain(server->options.core);
	server->limit = rf_loop_add_timer(server->options.loop, limit_us, 0, on_limit, server);
	rf_loop_add_timer(server->options.loop, 0, 0, on_drain, server);
}

const struct rf_error *rf_server_error(const struct rf_server *server)
{
	return &server->error;
}
