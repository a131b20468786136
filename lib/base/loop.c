#include "base/loop.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

struct source {
	void *socket; /* NULL: fd counts */
	int fd;
	rf_loop_callback callback; /* NULL: removed, until the next round takes it out of the list */
	void *context;
};

struct timer {
	uint64_t id; /* 0: cancelled or fired, likewise */
	int64_t due_us, every_us;
	rf_loop_callback callback;
	void *context;
};

/* New sources and timers are put at the end, old ones only marked: a callback can do both while a round walks through
 * the lists. Lists are closed up between rounds. */
struct rf_loop {
	const struct rf_clock *clock;
	struct source *sources;
	size_t n_sources;
	zmq_pollitem_t *items; /* what was polled in this round: the first sources */
	struct timer *timers;
	size_t n_timers;
	uint64_t last_timer;
	int signal_fd; /* -1: none */
	rf_loop_signal_callback signal_callback;
	void *signal_context;
};

struct rf_loop *rf_loop_new(const struct rf_clock *clock)
{
	struct rf_loop *loop = rf_alloc(sizeof *loop);
	loop->clock = clock;
	loop->signal_fd = -1;
	return loop;
}

void rf_loop_free(struct rf_loop *loop)
{
	if (!loop)
		return;
	if (loop->signal_fd >= 0)
		close(loop->signal_fd);
	free(loop->sources);
	free(loop->items);
	free(loop->timers);
	free(loop);
}

/* ---- sources ----------------------------------------------------------------------------------------------------- */

static void add_source(struct rf_loop *loop, struct source source)
{
	loop->sources = rf_realloc_array(loop->sources, loop->n_sources + 1, sizeof *loop->sources);
	loop->sources[loop->n_sources++] = source;
}

static void remove_source(struct rf_loop *loop, const void *socket, int fd)
{
	for (size_t i = 0; i < loop->n_sources; i++)
		if (loop->sources[i].socket == socket && loop->sources[i].fd == fd)
			loop->sources[i].callback = NULL;
}

void rf_loop_add_fd(struct rf_loop *loop, int fd, rf_loop_callback callback, void *context)
{
	add_source(loop, (struct source){.fd = fd, .callback = callback, .context = context});
}

void rf_loop_remove_fd(struct rf_loop *loop, int fd)
{
	remove_source(loop, NULL, fd);
}

void rf_loop_add_socket(struct rf_loop *loop, void *zmq_socket, rf_loop_callback callback, void *context)
{
	add_source(loop, (struct source){.socket = zmq_socket, .fd = -1, .callback = callback, .context = context});
}

void rf_loop_remove_socket(struct rf_loop *loop, void *zmq_socket)
{
	remove_source(loop, zmq_socket, -1);
}

/* ---- timers ------------------------------------------------------------------------------------------------------ */

uint64_t rf_loop_add_timer(struct rf_loop *loop, int64_t delay_us, int64_t every_us, rf_loop_callback callback,
			   void *context)
{
	struct timer timer = {.id = ++loop->last_timer,
			      .due_us = rf_clock_monotonic(loop->clock) + delay_us,
			      .every_us = every_us,
			      .callback = callback,
			      .context = context};
	loop->timers = rf_realloc_array(loop->timers, loop->n_timers + 1, sizeof *loop->timers);
	loop->timers[loop->n_timers++] = timer;
	return timer.id;
}

void rf_loop_cancel(struct rf_loop *loop, uint64_t timer)
{
	for (size_t i = 0; timer && i < loop->n_timers; i++)
		if (loop->timers[i].id == timer)
			loop->timers[i].id = 0;
}

/* The timer that has been due for the longest time, of those up to last: one that is added meanwhile waits for the next
 * round, so that a timer which adds itself anew does not shut out the sources. */
static struct timer *next_due(const struct rf_loop *loop, int64_t now_us, uint64_t last)
{
	struct timer *next = NULL;
	for (struct timer *timer = loop->timers; timer < loop->timers + loop->n_timers; timer++)
		if (timer->id && timer->id <= last && timer->due_us <= now_us &&
		    (!next || timer->due_us < next->due_us))
			next = timer;
	return next;
}

static int fire_timers(struct rf_loop *loop)
{
	int64_t now_us = rf_clock_monotonic(loop->clock);
	uint64_t last = loop->last_timer;
	struct timer *timer;
	while ((timer = next_due(loop, now_us, last)) != NULL) {
		rf_loop_callback callback = timer->callback;
		void *context = timer->context;
		if (timer->every_us <= 0)
			timer->id = 0;
		else if (timer->due_us + timer->every_us > now_us)
			timer->due_us += timer->every_us;
		else
			timer->due_us = now_us + timer->every_us; /* those missed are not made up for */
		int result = callback(context);
		if (result)
			return result;
	}
	return 0;
}

static long poll_limit_ms(const struct rf_loop *loop)
{
	if (loop->n_timers == 0)
		return -1;
	int64_t first_us = loop->timers[0].due_us;
	for (size_t i = 1; i < loop->n_timers; i++)
		if (loop->timers[i].due_us < first_us)
			first_us = loop->timers[i].due_us;
	int64_t wait_us = first_us - rf_clock_monotonic(loop->clock);
	if (wait_us <= 0)
		return 0;
	int64_t wait_ms = (wait_us + RF_MILLISECOND - 1) / RF_MILLISECOND;
	return wait_ms < INT_MAX ? (long)wait_ms : INT_MAX;
}

/* ---- signals ----------------------------------------------------------------------------------------------------- */

static int deliver_signal(void *context)
{
	struct rf_loop *loop = context;
	struct signalfd_siginfo info;
	if (read(loop->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	return loop->signal_callback(loop->signal_context, (int)info.ssi_signo);
}

int rf_loop_add_signals(struct rf_loop *loop, const sigset_t *signals, rf_loop_signal_callback callback, void *context,
			struct rf_error *error)
{
	if (sigprocmask(SIG_BLOCK, signals, NULL) < 0)
		return rf_error_errno(error, "signals cannot be blocked");
	int fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return rf_error_errno(error, "signals cannot be waited for");
	loop->signal_fd = fd;
	loop->signal_callback = callback;
	loop->signal_context = context;
	rf_loop_add_fd(loop, fd, deliver_signal, loop);
	return 0;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

static void close_up(struct rf_loop *loop)
{
	size_t kept = 0;
	for (size_t i = 0; i < loop->n_sources; i++)
		if (loop->sources[i].callback)
			loop->sources[kept++] = loop->sources[i];
	loop->n_sources = kept;
	kept = 0;
	for (size_t i = 0; i < loop->n_timers; i++)
		if (loop->timers[i].id)
			loop->timers[kept++] = loop->timers[i];
	loop->n_timers = kept;
}

static int wait_for_sources(struct rf_loop *loop, struct rf_error *error)
{
	if (loop->n_sources == 0 && loop->n_timers == 0)
		return rf_error_set(error, "the event loop has nothing to wait for");
	loop->items = rf_realloc_array(loop->items, loop->n_sources, sizeof *loop->items);
	for (size_t i = 0; i < loop->n_sources; i++)
		loop->items[i] = (zmq_pollitem_t){
		    .socket = loop->sources[i].socket, .fd = loop->sources[i].fd, .events = ZMQ_POLLIN};
	if (zmq_poll(loop->items, (int)loop->n_sources, poll_limit_ms(loop)) >= 0)
		return 0;
	if (errno != EINTR)
		return rf_error_set(error, "waiting for events failed: %s", zmq_strerror(errno));
	for (size_t i = 0; i < loop->n_sources; i++)
		loop->items[i].revents = 0;
	return 0;
}

/* Errors and hang-ups count as readable: the callback's read sees them. */
static int call_sources(struct rf_loop *loop)
{
	size_t n_polled = loop->n_sources;
	for (size_t i = 0; i < n_polled; i++) {
		struct source source = loop->sources[i];
		if (!loop->items[i].revents || !source.callback)
			continue;
		int result = source.callback(source.context);
		if (result)
			return result;
	}
	return 0;
}

int rf_loop_run(struct rf_loop *loop, struct rf_error *error)
{
	for (;;) {
		close_up(loop);
		int result = wait_for_sources(loop, error);
		if (result == 0)
			result = call_sources(loop);
		if (result == 0)
			result = fire_timers(loop);
		if (result)
			return result == RF_LOOP_STOP ? 0 : result;
	}
}
