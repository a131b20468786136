/* A peer's end of the line to the broker: a DEALER socket that sends and receives messages. For stages, the supervisor
 * and the command line. All calls on one thread; only rf_link_wait blocks. */
#ifndef RF_WIRE_LINK_H
#define RF_WIRE_LINK_H

#include "wire/message.h"

struct rf_link;

enum { RF_LINK_NONE = 1 };

/* endpoint: "ipc:///run/…/broker" or "tcp://…". Connecting does not wait for the broker. */
int rf_link_open(const char *endpoint, struct rf_link **link, struct rf_error *error);
void rf_link_close(struct rf_link *link); /* NULL is fine; drops what was not sent within 200 ms */

void *rf_link_socket(struct rf_link *link); /* for rf_loop_add_socket; borrowed */

/* Sends; the message is consumed (deinit) in every case. Returns 0; RF_LINK_NONE when the queue to the broker is full
 * (the broker is away for long); < 0 on error. Never blocks. */
int rf_link_send(struct rf_link *link, struct rf_message *message, struct rf_error *error);

/* Sends messages of one verb, items only, as one, in order. They stay the caller's, frames are copied: for what may
 * have to be sent again. Returns as rf_link_send. */
int rf_link_send_bundle(struct rf_link *link, struct rf_message *const *messages, size_t n_messages,
			struct rf_error *error);

/* Takes the next message. Returns 0; RF_LINK_NONE when there is none now; < 0 when what came is not a message. */
int rf_link_receive(struct rf_link *link, struct rf_message *message, struct rf_error *error);

/* Waits until there is something to receive. Returns 0, RF_LINK_NONE after the time limit. */
int rf_link_wait(struct rf_link *link, int64_t limit_us, struct rf_error *error);

/* The socket address for a pipeline's state folder: "ipc://" + a short path in the run folder ($RUNTIME_DIRECTORY, else
 * $XDG_RUNTIME_DIR/referat, else /tmp/referat-UID), made from the digest of the folder's real path, because a socket's
 * path may have 107 bytes only. Where a service has its socket in /run/referat (deploy/systemd), that one is meant.
 * Makes the run folder (0700; refused when somebody else owns it). Caller frees. */
int rf_link_endpoint(const char *state_folder, char **endpoint, struct rf_error *error);

#endif
