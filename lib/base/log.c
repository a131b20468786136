#include "base/log.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	const char *program;
	enum rf_log_level least_severe;
	bool journal;
} logger = {.program = "referat", .least_severe = RF_LOG_INFO};

static const char *const names[] = {"error", "warning", "info", "debug"};
static const int priorities[] = {3, 4, 6, 7}; /* syslog(3) */

void rf_log_open(const char *program, enum rf_log_level least_severe)
{
	logger.program = program;
	logger.least_severe = least_severe;
	logger.journal = getenv("JOURNAL_STREAM") != NULL;
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
static void add_prefix(struct rf_buffer *line, enum rf_log_level level)
{
	if (logger.journal) {
		rf_buffer_format(line, "<%d>", priorities[level]);
		return;
	}
	struct timespec now;
	struct tm utc;
	char stamp[32];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
	rf_buffer_format(line, "%s.%03ldZ %s %s[%d] ", stamp, now.tv_nsec / 1000000, names[level], logger.program,
			 (int)getpid());
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
	rf_autofree char *message = rf_vformat(format, args);
	va_end(args);
	rf_autobuffer struct rf_buffer line = RF_BUFFER_INIT;
	add_prefix(&line, level);
	if (document && *document)
		rf_buffer_format(&line, "doc=%s: ", document);
	add_escaped(&line, message);
	rf_buffer_add_char(&line, '\n');
	/* One write per line: lines of several threads or processes do not mix. Nobody can be told if it fails. */
	if (write(STDERR_FILENO, line.data, line.size) < 0)
		return;
}
