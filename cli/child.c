#include "cli/child.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/restart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <unicode/utf8.h>
#include <unistd.h>

enum { READ_SIZE = 4096, LONGEST_LINE = 64 * 1024 };

/* ---- the child's side of fork: only what is async-signal-safe ---------------------------------------------------- */

static void child_fails(const char *program, const char *what)
{
	const char *const words[] = {program, ": ", what, ": ", strerrordesc_np(errno), "\n"};
	for (size_t i = 0; i < RF_COUNT(words); i++)
		if (write(STDERR_FILENO, words[i], strlen(words[i])) < 0)
			break;
	_exit(RF_EXIT_REFUSED);
}

static void reset_signals(void)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL); /* fails for two of them, which can't be ignored anyway */
}

static void keep_open(int fd)
{
	fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) & ~FD_CLOEXEC);
}

static void become(const char *program, char *const *arguments, const struct rf_child_inherits *inherits, int output,
		   pid_t parent)
{
	reset_signals();
	setpgid(0, 0);
	int nothing = open("/dev/null", O_RDONLY);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(RF_EXIT_REFUSED);
	close(nothing);
	/* The parent may have died before it could be told to take us along. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(RF_EXIT_REFUSED);
	for (size_t i = 0; i < inherits->n_open; i++)
		keep_open(inherits->open[i]);
	if (inherits->ready == RF_CHILD_READY)
		keep_open(inherits->ready);
	else if (inherits->ready >= 0 && dup2(inherits->ready, RF_CHILD_READY) < 0)
		child_fails(program, "the descriptor for readiness cannot be given");
	execv(program, arguments);
	child_fails(program, "cannot be started");
}

/* ---- the parent's side ------------------------------------------------------------------------------------------- */

int rf_child_start(struct rf_child *child, const char *program, char *const *arguments,
		   const struct rf_child_inherits *inherits, struct rf_error *error)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return rf_error_errno(error, "%s: a pipe for its output cannot be made", program);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(program, arguments, inherits, ends[1], parent);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return rf_error_errno(error, "%s cannot be started", program);
	}
	rf_child_deinit(child);
	child->pid = pid;
	child->output = ends[0];
	return 0;
}

static void keep_tail(struct rf_buffer *tail, const char *data, size_t size)
{
	rf_buffer_add(tail, data, size);
	if (tail->size <= RF_CHILD_TAIL)
		return;
	size_t surplus = tail->size - RF_CHILD_TAIL;
	memmove(tail->data, tail->data + surplus, RF_CHILD_TAIL + 1);
	tail->size = RF_CHILD_TAIL;
}

static void flush_line(struct rf_child *child, rf_child_line line, void *context)
{
	line(context, child->line.data, child->line.size);
	rf_buffer_clear(&child->line);
}

static void take_output(struct rf_child *child, const char *data, size_t size, rf_child_line line, void *context)
{
	keep_tail(&child->tail, data, size);
	while (size > 0) {
		const char *end = memchr(data, '\n', size);
		size_t piece = end ? (size_t)(end - data) + 1 : size;
		rf_buffer_add(&child->line, data, piece);
		if (end || child->line.size >= LONGEST_LINE)
			flush_line(child, line, context);
		data += piece;
		size -= piece;
	}
}

/* Returns 1 for bytes, 0 for nothing now, -1 for the end. */
static int read_once(struct rf_child *child, rf_child_line line, void *context)
{
	char data[READ_SIZE];
	ssize_t got = read(child->output, data, sizeof data);
	if (got > 0) {
		take_output(child, data, (size_t)got, line, context);
		return 1;
	}
	return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

int rf_child_read(struct rf_child *child, rf_child_line line, void *context)
{
	return read_once(child, line, context) < 0;
}

void rf_child_finish(struct rf_child *child, rf_child_line line, void *context)
{
	/* A pipe holds so much; a grandchild that goes on writing must not keep us here. */
	enum { MOST_READS = 64 * 1024 / READ_SIZE + 1 };
	child->pid = 0;
	if (child->output < 0)
		return;
	for (int i = 0; i < MOST_READS && read_once(child, line, context) > 0; i++)
		;
	if (child->line.size > 0) {
		rf_buffer_add_char(&child->line, '\n');
		flush_line(child, line, context);
	}
	close(child->output);
	child->output = -1;
}

char *rf_child_tail(const struct rf_child *child)
{
	struct rf_buffer text = RF_BUFFER_INIT;
	const uint8_t *bytes = (const uint8_t *)child->tail.data;
	for (size_t i = 0; i < child->tail.size;) {
		size_t start = i;
		UChar32 c;
		U8_NEXT(bytes, i, child->tail.size, c);
		if (c > 0)
			rf_buffer_add(&text, bytes + start, i - start);
		else
			rf_buffer_add_char(&text, '?');
	}
	return rf_buffer_take(&text);
}

void rf_child_deinit(struct rf_child *child)
{
	if (child->output >= 0)
		close(child->output);
	rf_buffer_deinit(&child->line);
	rf_buffer_deinit(&child->tail);
	*child = (struct rf_child)RF_CHILD_INIT;
}
