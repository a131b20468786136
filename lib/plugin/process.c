#include "plugin/process.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ERRORS_MOST = 2048, ANSWER_FD = 3, PIECE = 64 * 1024 };

struct pipe_pair {
	int read, write;
};

struct child {
	pid_t pid;
	int process; /* pidfd */
	int input, output, errors;
	struct rf_buffer out, err;
	size_t written;
};

static void close_if_open(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- in the child ------------------------------------------------------------------------------------------------ */

static void reset_signals(void)
{
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Between fork and exec only what is safe in a signal handler: other threads may have held any lock. */
static _Noreturn void be_child(const struct rf_process *process, int input, int output, int errors, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	reset_signals();
	struct rlimit no_core = {0, 0};
	setrlimit(RLIMIT_CORE, &no_core);
	bool program = process->argv != NULL;
	if (dup2(input, STDIN_FILENO) < 0 || dup2(program ? output : errors, STDOUT_FILENO) < 0 ||
	    dup2(errors, STDERR_FILENO) < 0 || (!program && dup2(output, ANSWER_FD) < 0))
		_exit(1);
	close_range(program ? ANSWER_FD : ANSWER_FD + 1, ~0U, 0);
	if (!program)
		_exit(process->body(process->context, ANSWER_FD));
	execv(process->argv[0], (char *const *)process->argv);
	const char *problem = strerrordesc_np(errno);
	if (write(STDERR_FILENO, problem, strlen(problem)) < 0)
		_exit(126);
	_exit(127);
}

/* ---- in the parent ----------------------------------------------------------------------------------------------- */

/* The ends get numbers above those that the child's will have, so that dup2 never meets one of them. */
static int make_pipe(struct pipe_pair *ends, struct rf_error *error)
{
	int raw[2];
	if (pipe2(raw, O_CLOEXEC))
		return rf_error_errno(error, "pipe");
	ends->read = fcntl(raw[0], F_DUPFD_CLOEXEC, ANSWER_FD + 1);
	ends->write = fcntl(raw[1], F_DUPFD_CLOEXEC, ANSWER_FD + 1);
	close(raw[0]);
	close(raw[1]);
	if (ends->read < 0 || ends->write < 0)
		return rf_error_errno(error, "pipe");
	return 0;
}

/* Ends the group, so that nothing the child started is left behind. */
static void finish(struct child *child, struct rf_process_result *result)
{
	kill(-child->pid, SIGKILL);
	int status = 0;
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		result->signal = WTERMSIG(status);
	else
		result->exit_status = WEXITSTATUS(status);
	close_if_open(&child->process);
}

static int start(const struct rf_process *process, struct child *child, struct rf_error *error)
{
	struct pipe_pair pairs[3] = {{-1, -1}, {-1, -1}, {-1, -1}};
	int status = 0;
	for (size_t i = 0; i < RF_COUNT(pairs) && !status; i++)
		status = make_pipe(&pairs[i], error);
	pid_t parent = getpid();
	if (!status) {
		child->pid = fork();
		if (!child->pid)
			be_child(process, pairs[0].read, pairs[1].write, pairs[2].write, parent);
		if (child->pid < 0)
			status = rf_error_errno(error, "fork");
	}
	close_if_open(&pairs[0].read);
	close_if_open(&pairs[1].write);
	close_if_open(&pairs[2].write);
	child->input = pairs[0].write;
	child->output = pairs[1].read;
	child->errors = pairs[2].read;
	if (status)
		return status;
	setpgid(child->pid, child->pid); /* whoever comes first; so that ending the group always meets it */
	child->process = pidfd_open(child->pid, 0);
	if (child->process < 0) {
		rf_error_errno(error, "pidfd_open");
		struct rf_process_result ended = {0};
		finish(child, &ended);
		return -1;
	}
	fcntl(child->input, F_SETFL, O_NONBLOCK);
	fcntl(child->output, F_SETFL, O_NONBLOCK);
	fcntl(child->errors, F_SETFL, O_NONBLOCK);
	return 0;
}

static void give_input(const struct rf_process *process, struct child *child)
{
	size_t left = process->input_size - child->written;
	ssize_t n = left ? write(child->input, (const char *)process->input + child->written, left) : 0;
	if (n > 0)
		child->written += (size_t)n;
	bool wait = n < 0 && (errno == EAGAIN || errno == EINTR);
	if (child->written == process->input_size || (n < 0 && !wait))
		close_if_open(&child->input);
}

/* Reads what is there; closes at the end. */
static void take(int *fd, struct rf_buffer *into)
{
	static _Thread_local char piece[PIECE];
	ssize_t n = read(*fd, piece, sizeof piece);
	if (n > 0)
		rf_buffer_add(into, piece, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_if_open(fd);
}

static void keep_tail(struct rf_buffer *errors)
{
	if (errors->size <= (size_t)2 * ERRORS_MOST)
		return;
	rf_autofree char *tail = rf_memdup(errors->data + errors->size - ERRORS_MOST, ERRORS_MOST);
	rf_buffer_clear(errors);
	rf_buffer_add(errors, tail, ERRORS_MOST);
}

static int64_t now_us(void)
{
	struct rf_clock clock = rf_clock_system();
	return rf_clock_monotonic(&clock);
}

/* Carries bytes until the child has ended and what it wrote is read, or a bound is met. */
static void converse(const struct rf_process *process, struct child *child, struct rf_process_result *result)
{
	int64_t deadline = now_us() + process->limit_us;
	for (bool ended = false; !ended;) {
		int64_t left = deadline - now_us();
		struct pollfd fds[] = {{.fd = child->process, .events = POLLIN},
				       {.fd = child->output, .events = POLLIN},
				       {.fd = child->errors, .events = POLLIN},
				       {.fd = child->input, .events = POLLOUT}};
		int ready = left > 0 ? poll(fds, RF_COUNT(fds), (int)(left / 1000) + 1) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0) {
			result->timed_out = true;
			return;
		}
		if (fds[3].revents)
			give_input(process, child);
		if (fds[1].revents)
			take(&child->output, &child->out);
		if (fds[2].revents)
			take(&child->errors, &child->err);
		keep_tail(&child->err);
		if (child->out.size > process->output_most) {
			result->too_much = true;
			return;
		}
		ended = fds[0].revents && !fds[1].revents && !fds[2].revents;
	}
}

/* What a program said on standard error, as something that a reason can end with. */
static char *tail_text(const struct rf_buffer *errors)
{
	size_t size = errors->size < ERRORS_MOST ? errors->size : ERRORS_MOST;
	const char *tail = size ? errors->data + errors->size - size : "";
	while (size && ((unsigned char)*tail & 0xC0) == 0x80) {
		tail++;
		size--;
	}
	rf_autofree char *text = rf_strndup(tail, size);
	bool good = rf_text_is_utf8(text, strlen(text));
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7F || (!good && (unsigned char)*c > 0x7F))
			*c = *c == '\n' ? ' ' : '?';
	return rf_text_trim(text, strlen(text));
}

/* A child that closes its input early must not end us: SIGPIPE waits until it is taken away here. */
static void ignore_broken_pipe(const sigset_t *pipe_only, bool was_pending)
{
	struct timespec no_time = {0, 0};
	if (!was_pending)
		while (sigtimedwait(pipe_only, NULL, &no_time) == SIGPIPE)
			;
}

int rf_process_run(const struct rf_process *process, struct rf_process_result *result, struct rf_error *error)
{
	struct child child = {.pid = -1, .process = -1, .input = -1, .output = -1, .errors = -1};
	struct rf_process_result got = {0};
	sigset_t pipe_only;
	sigset_t before;
	sigset_t pending;
	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	int status = start(process, &child, error);
	if (!status) {
		converse(process, &child, &got);
		finish(&child, &got);
		got.output_size = child.out.size;
		got.output = rf_buffer_take(&child.out);
		got.errors = tail_text(&child.err);
		*result = got;
	}
	close_if_open(&child.input);
	close_if_open(&child.output);
	close_if_open(&child.errors);
	rf_buffer_deinit(&child.out);
	rf_buffer_deinit(&child.err);
	ignore_broken_pipe(&pipe_only, sigismember(&pending, SIGPIPE));
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return status;
}

void rf_process_result_deinit(struct rf_process_result *result)
{
	free(result->output);
	free(result->errors);
	*result = (struct rf_process_result){0};
}

const char *rf_process_ending(const struct rf_process_result *result, int64_t limit_us, char *text, size_t size)
{
	if (result->timed_out)
		snprintf(text, size, "did not end within %d s", (int)(limit_us / RF_SECOND));
	else if (result->too_much)
		snprintf(text, size, "wrote more than it may");
	else if (result->signal)
		snprintf(text, size, "crashed: %s (signal %d)", strsignal(result->signal), result->signal);
	else
		snprintf(text, size, "exited with %d", result->exit_status);
	return text;
}
