#include "wire/frames.h"

#include "base/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { COPY_BELOW = 1024 }; /* a small copy is cheaper than the book-keeping of a shared frame */

static void release_received(void *owner)
{
	zmq_msg_close(owner);
	free(owner);
}

static void release_sent(void *data, void *hint)
{
	(void)data;
	rf_frame_deinit(hint);
	free(hint);
}

static int socket_error(const char *what, struct rf_error *error)
{
	return rf_error_set(error, "%s: %s", what, zmq_strerror(zmq_errno()));
}

int rf_frames_receive(void *zmq_socket, struct rf_frame *frames, size_t most, size_t *n_frames, struct rf_error *error)
{
	size_t n = 0;
	bool more = true;
	bool too_many = false;
	while (more) {
		zmq_msg_t *part = rf_alloc(sizeof *part);
		zmq_msg_init(part);
		if (zmq_msg_recv(part, zmq_socket, ZMQ_DONTWAIT) < 0) {
			int number = zmq_errno();
			release_received(part);
			if (number == EINTR)
				continue;
			while (n > 0)
				rf_frame_deinit(&frames[--n]);
			return number == EAGAIN ? RF_FRAMES_NONE : socket_error("receiving", error);
		}
		more = zmq_msg_more(part);
		if (n == most) {
			too_many = true;
			release_received(part);
			continue;
		}
		frames[n++] = (struct rf_frame){
		    .data = zmq_msg_data(part), .size = zmq_msg_size(part), .release = release_received, .owner = part};
	}
	*n_frames = n;
	return too_many ? RF_FRAMES_TOO_MANY : 0;
}

/* Turns a frame into a ZeroMQ message, which owns the bytes from then on. */
static void wrap(struct rf_frame *frame, zmq_msg_t *part)
{
	if (frame->size < COPY_BELOW) {
		if (zmq_msg_init_size(part, frame->size))
			abort(); /* out of memory, as in base/memory.h */
		if (frame->size)
			memcpy(zmq_msg_data(part), frame->data, frame->size);
		rf_frame_deinit(frame);
		return;
	}
	struct rf_frame *shared = rf_memdup(frame, sizeof *frame);
	if (zmq_msg_init_data(part, (void *)frame->data, frame->size, release_sent, shared))
		abort();
	*frame = (struct rf_frame){0};
}

static int send_frame(void *zmq_socket, struct rf_frame *frame, bool more, struct rf_error *error)
{
	zmq_msg_t part;
	wrap(frame, &part);
	int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
	int sent;
	do
		sent = zmq_msg_send(&part, zmq_socket, flags);
	while (sent < 0 && zmq_errno() == EINTR);
	if (sent >= 0)
		return 0;
	int number = zmq_errno();
	zmq_msg_close(&part);
	if (number == EAGAIN || number == EHOSTUNREACH)
		return RF_FRAMES_NONE;
	return rf_error_set(error, "sending: %s", zmq_strerror(number));
}

int rf_frames_send(void *zmq_socket, struct rf_frame *frames, size_t n_frames, bool more, struct rf_error *error)
{
	int result = 0;
	for (size_t i = 0; i < n_frames; i++) {
		if (result == 0)
			result = send_frame(zmq_socket, &frames[i], more || i + 1 < n_frames, error);
		else
			rf_frame_deinit(&frames[i]);
	}
	return result;
}

int rf_frames_send_message(void *zmq_socket, const struct rf_frame *routing_id, struct rf_message *message,
			   struct rf_error *error)
{
	struct rf_frame head[2];
	int result = rf_message_encode(message, head, error);
	if (result == 0) {
		struct rf_frame id = {0};
		if (routing_id)
			id = rf_frame_copy(routing_id->data, routing_id->size);
		result = routing_id ? rf_frames_send(zmq_socket, &id, 1, true, error) : 0;
		if (result == 0)
			result = rf_frames_send(zmq_socket, head, 2, message->n_frames > 0, error);
		if (result == 0)
			result = rf_frames_send(zmq_socket, message->frames, message->n_frames, false, error);
		rf_frame_deinit(&head[0]);
		rf_frame_deinit(&head[1]);
	}
	rf_message_deinit(message);
	return result;
}
