/* One child process: started, its standard error read line by line and its end kept as evidence. Nothing here waits or
 * restarts: that is the supervisor's. */
#ifndef RF_CLI_CHILD_H
#define RF_CLI_CHILD_H

#include "base/buffer.h"

#include <sys/types.h>

struct rf_error;

enum { RF_CHILD_TAIL = 8 * 1024 }; /* bytes of standard error that are kept */

struct rf_child {
	pid_t pid;             /* 0: none */
	int output;            /* what it writes to standard output and error; -1: none */
	struct rf_buffer line; /* begun, not ended */
	struct rf_buffer tail; /* the last of all it wrote */
};

#define RF_CHILD_INIT                                                                                                  \
	{                                                                                                              \
		.output = -1                                                                                           \
	}

struct rf_child_inherits {
	int ready;       /* becomes descriptor RF_CHILD_READY in the child; -1: none */
	const int *open; /* stay open in the child; above RF_CHILD_READY */
	size_t n_open;
};

enum { RF_CHILD_READY = 3 };

/* Starts the program with arguments (the first names it, the last is NULL). It dies with this process, has a process
 * group of its own (a Ctrl-C is the supervisor's), no signals blocked, and nothing on standard input. A program that
 * cannot be executed ends with status 125. */
int rf_child_start(struct rf_child *child, const char *program, char *const *arguments,
		   const struct rf_child_inherits *inherits, struct rf_error *error);

/* Reads what there is, without blocking, and hands over each whole line (with its newline). Returns 0, or 1 when the
 * other end is closed. A line that is too long is handed over in pieces. */
typedef void (*rf_child_line)(void *context, const char *line, size_t size);
int rf_child_read(struct rf_child *child, rf_child_line line, void *context);

/* The process is gone: reads the rest, hands over a last line without newline (one is added), and closes. */
void rf_child_finish(struct rf_child *child, rf_child_line line, void *context);

/* The last of what it wrote, made valid UTF-8. The caller frees. */
char *rf_child_tail(const struct rf_child *child);

void rf_child_deinit(struct rf_child *child); /* closes and frees; the process is not touched */

#endif
