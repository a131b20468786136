#include "base/log.h"

#include "base/buffer.h"
#include "base/mask.h"
#include "base/memory.h"
#include "base/service.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	const char *program;
	enum rf_log_level least_severe;
	bool has_journal;   /* standard error is the journal */
	bool below_journal; /* it is somebody's who has */
} logger = {.program = "referat", .least_severe = RF_LOG_INFO};

static const char *const names[] = {"error", "warning", "info", "debug"};
static const int priorities[] = {3, 4, 6, 7}; /* syslog(3) */

void rf_log_open(const char *program, enum rf_log_level least_severe)
{
	logger.program = program;
	logger.least_severe = least_severe;
	logger.has_journal = rf_service_has_journal();
	logger.below_journal = !logger.has_journal && getenv("JOURNAL_STREAM");
}

int rf_log_level_parse(const char *word, enum rf_log_level *level)
{
	for (size_t i = 0; i < RF_COUNT(names); i++)
		if (strcmp(word, names[i]) == 0) {
			*level = (enum rf_log_level)i;
			return 0;
		}
	return 1;
}

/* The log's own time stamp is for people who read along: it is always the system's. */
static void add_time(struct rf_buffer *line)
{
	struct timespec now;
	struct tm utc;
	char stamp[32];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
	rf_buffer_format(line, "%s.%03ldZ ", stamp, now.tv_nsec / 1000000);
}

static void add_prefix(struct rf_buffer *line, enum rf_log_level level)
{
	if (logger.below_journal) {
		rf_buffer_format(line, "<%d>", priorities[level]);
	} else {
		add_time(line);
		rf_buffer_format(line, "%s ", names[level]);
	}
	rf_buffer_format(line, "%s[%d] ", logger.program, (int)getpid());
}

/* One write per line: lines of several threads or processes do not mix. Nobody can be told if it fails. */
static void write_line(const char *line, size_t size)
{
	if (write(STDERR_FILENO, line, size) < 0)
		return;
}

static void add_escaped(struct rf_buffer *line, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7f)
			rf_buffer_format(line, "\\x%02x", c);
		else
			rf_buffer_add_char(line, *text);
	}
}

void rf_log(enum rf_log_level level, const char *document, const char *format, ...)
{
	if (level > logger.least_severe)
		return;
	va_list args;
	va_start(args, format);
	rf_autofree char *said = rf_vformat(format, args);
	va_end(args);
	rf_autofree char *message = rf_mask(said);
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	add_escaped(&text, message);
	const struct rf_service_entry entry = {.priority = priorities[level],
					       .program = logger.program,
					       .document = document,
					       .message = text.size ? text.data : ""};
	if (logger.has_journal && rf_service_write(&entry) == 0)
		return;
	rf_autobuffer struct rf_buffer line = RF_BUFFER_INIT;
	add_prefix(&line, level);
	if (document && *document)
		rf_buffer_format(&line, "doc=%s: ", document);
	rf_buffer_format(&line, "%s\n", entry.message);
	write_line(line.data, line.size);
}

/* ---- the lines of children --------------------------------------------------------------------------------------- */

/* Reads "<4>program[123] doc=ID: message", the form of below_journal; it is cut into its pieces in place. */
static bool parse(char *line, struct rf_service_entry *entry)
{
	char *program_end = strchr(line, '[');
	if (line[0] != '<' || line[1] < '0' || line[1] > '7' || line[2] != '>' || !program_end)
		return false;
	char *pid_end;
	long pid = strtol(program_end + 1, &pid_end, 10);
	if (pid <= 0 || pid > INT_MAX || strncmp(pid_end, "] ", 2) != 0)
		return false;
	entry->pid = (int)pid;
	entry->priority = line[1] - '0';
	entry->program = line + 3;
	*program_end = '\0';
	char *rest = pid_end + 2;
	char *document_end = strncmp(rest, "doc=", 4) == 0 ? strstr(rest, ": ") : NULL;
	if (document_end) {
		*document_end = '\0';
		entry->document = rest + 4;
		rest = document_end + 2;
	}
	entry->message = rest;
	return true;
}

void rf_log_pass_on(const char *line, size_t size)
{
	struct rf_service_entry entry = {0};
	rf_autofree char *copy = rf_strndup(line, size);
	copy[strcspn(copy, "\n")] = '\0';
	if (!logger.has_journal || !parse(copy, &entry) || rf_service_write(&entry) < 0)
		write_line(line, size);
}
