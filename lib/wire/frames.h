/* Frames through a ZeroMQ socket, without a copy where it pays. Shared by the broker's ROUTER and the peers' DEALER. */
#ifndef RF_WIRE_FRAMES_H
#define RF_WIRE_FRAMES_H

#include "wire/message.h"

#include <stdbool.h>

enum { RF_FRAMES_NONE = 1, RF_FRAMES_TOO_MANY = 2 };

/* Takes the next message off the socket, all its frames. Never blocks. Returns 0 with frames[0 .. *n_frames - 1], the
 * caller's; RF_FRAMES_NONE when there is none now; RF_FRAMES_TOO_MANY when it had more than most: the first `most` are
 * given (a ROUTER's caller can tell whom it came from), the rest is dropped; < 0 when the socket failed. */
int rf_frames_receive(void *zmq_socket, struct rf_frame *frames, size_t most, size_t *n_frames, struct rf_error *error);

/* Sends the frames, with `more` as the first of a message that goes on. Never blocks; the frames are consumed in every
 * case. Returns 0; RF_FRAMES_NONE when the queue is full or the peer is gone (only at the start of a message; nothing
 * was sent); < 0 when the socket failed. */
int rf_frames_send(void *zmq_socket, struct rf_frame *frames, size_t n_frames, bool more, struct rf_error *error);

/* A whole message: head, then its frames; on a ROUTER after the routing id (NULL on a DEALER), which is borrowed. The
 * message is consumed (deinit) in every case. Returns as rf_frames_send; < 0 also when it can't be encoded. */
int rf_frames_send_message(void *zmq_socket, const struct rf_frame *routing_id, struct rf_message *message,
			   struct rf_error *error);

#endif
