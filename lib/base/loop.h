/* The one event loop: a single thread that waits for descriptors, ZeroMQ sockets, timers and signals, and calls back.
 *
 * Built on zmq_poll, which is level-triggered for both kinds of source: a callback may read one message and return.
 * Callbacks run one at a time, on the thread that runs the loop; they may add and remove any source, themselves
 * included. Time is the clock's monotonic time.
 *
 * A callback returns 0 to go on, RF_LOOP_STOP to end the loop in good order, or a negative number to end it as failed.
 */
#ifndef RF_BASE_LOOP_H
#define RF_BASE_LOOP_H

#include <signal.h>
#include <stdint.h>

struct rf_clock;
struct rf_error;
struct rf_loop;

enum { RF_LOOP_STOP = 1 };

typedef int (*rf_loop_callback)(void *context);
typedef int (*rf_loop_signal_callback)(void *context, int signal_number);

/* The clock is borrowed and must outlive the loop. */
struct rf_loop *rf_loop_new(const struct rf_clock *clock);
void rf_loop_free(struct rf_loop *loop); /* NULL is fine; closes nothing that was added but its own signalfd */

/* Calls back while the descriptor (or socket) can be read. Neither is consumed: remove it before closing it. */
void rf_loop_add_fd(struct rf_loop *loop, int fd, rf_loop_callback callback, void *context);
void rf_loop_remove_fd(struct rf_loop *loop, int fd);
void rf_loop_add_socket(struct rf_loop *loop, void *zmq_socket, rf_loop_callback callback, void *context);
void rf_loop_remove_socket(struct rf_loop *loop, void *zmq_socket);

/* Calls back once after delay_us, or, with every_us > 0, each every_us after that. Returns an id, never 0, for
 * rf_loop_cancel; cancelling an id that has fired or 0 does nothing. */
uint64_t rf_loop_add_timer(struct rf_loop *loop, int64_t delay_us, int64_t every_us, rf_loop_callback callback,
			   void *context);
void rf_loop_cancel(struct rf_loop *loop, uint64_t timer);

/* Blocks the signals for the process and delivers them as events (signalfd). Call once, before threads are started. */
int rf_loop_add_signals(struct rf_loop *loop, const sigset_t *signals, rf_loop_signal_callback callback, void *context,
			struct rf_error *error);

/* Runs until a callback ends it. Returns 0 after RF_LOOP_STOP, else the callback's negative number or -1. Blocks. */
int rf_loop_run(struct rf_loop *loop, struct rf_error *error);

#endif
