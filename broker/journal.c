#include "broker/journal.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

enum { MOST_BYTES = 64 * 1024 * 1024, WORTH_REWRITING = 256 * 1024 };

struct line {
	struct rf_journal_entry entry; /* first: entries are handed out as lines */
	UT_hash_handle hh;
};

struct rf_journal {
	char *path, *boot_id;
	int fd;
	size_t size; /* of the file */
	struct line *lines;
	struct rf_buffer unwritten;
};

/* A number and what stands behind it; there are lines for each hop, so printf is too slow. */
static void add_number(struct rf_buffer *text, uint64_t number, char after)
{
	char digits[24];
	size_t at = sizeof digits;
	digits[--at] = after;
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	rf_buffer_add(text, digits + at, sizeof digits - at);
}

static void format(struct rf_buffer *text, const struct rf_journal_entry *entry)
{
	rf_buffer_add_char(text, '+');
	add_number(text, entry->task, ' ');
	add_number(text, entry->lease, ' ');
	add_number(text, entry->epoch, ' ');
	add_number(text, entry->pid, ' ');
	rf_buffer_add_text(text, entry->instance);
	rf_buffer_add_char(text, '\n');
}

static void keep(struct rf_journal *journal, const struct rf_journal_entry *entry)
{
	struct line *line;
	HASH_FIND(hh, journal->lines, &entry->task, sizeof entry->task, line);
	if (!line) {
		line = rf_alloc(sizeof *line);
		line->entry.task = entry->task;
		HASH_ADD(hh, journal->lines, entry.task, sizeof line->entry.task, line);
	}
	line->entry = *entry;
}

static bool forget(struct rf_journal *journal, uint64_t task)
{
	struct line *line;
	HASH_FIND(hh, journal->lines, &task, sizeof task, line);
	if (!line)
		return false;
	HASH_DEL(journal->lines, line);
	free(line);
	return true;
}

/* A decimal number of at most `most`, and the character behind it (a blank, or the end). */
static bool read_number(const char **text, uint64_t most, uint64_t *number)
{
	const char *at = *text;
	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*at - '0'), number))
			return false;
	if (at == *text || *number > most || (*at != ' ' && *at != '\0'))
		return false;
	*text = *at ? at + 1 : at;
	return true;
}

static bool read_entry(const char *text, struct rf_journal_entry *entry)
{
	uint64_t lease, epoch, pid;
	if (!read_number(&text, UINT64_MAX, &entry->task) || !read_number(&text, UINT32_MAX, &lease) ||
	    !read_number(&text, UINT32_MAX, &epoch) || !read_number(&text, UINT32_MAX, &pid) ||
	    strlen(text) >= sizeof entry->instance)
		return false;
	entry->lease = (uint32_t)lease;
	entry->epoch = (uint32_t)epoch;
	entry->pid = (uint32_t)pid;
	strcpy(entry->instance, text);
	return true;
}

/* A line that does not read as one was torn by a crash of the machine: it is passed over. */
static void read_line(struct rf_journal *journal, const char *text)
{
	struct rf_journal_entry entry = {0};
	const char *number = text + 1;
	uint64_t task;
	if (*text == '+' && read_entry(number, &entry))
		keep(journal, &entry);
	else if (*text == '-' && read_number(&number, UINT64_MAX, &task))
		forget(journal, task);
}

/* Returns whether the lines were written under the same boot. */
static bool read_lines(struct rf_journal *journal, char *text)
{
	bool same_boot = true;
	char *end;
	for (char *line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (strncmp(line, "boot ", 5) == 0)
			same_boot = strcmp(line + 5, journal->boot_id) == 0;
		else
			read_line(journal, line);
	}
	return same_boot;
}

static int reopen(struct rf_journal *journal, struct rf_error *error)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = open(journal->path, O_WRONLY | O_APPEND | O_CLOEXEC);
	return journal->fd < 0 ? rf_error_errno(error, "%s", journal->path) : 0;
}

static int rewrite(struct rf_journal *journal, struct rf_error *error)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	rf_buffer_format(&text, "boot %s\n", journal->boot_id);
	for (struct line *line = journal->lines; line; line = line->hh.next)
		format(&text, &line->entry);
	if (rf_file_write(journal->path, text.data, text.size, false, error) < 0)
		return -1;
	journal->size = text.size;
	rf_buffer_clear(&journal->unwritten);
	return reopen(journal, error);
}

int rf_journal_open(const char *path, const char *boot_id, struct rf_journal **journal, struct rf_error *error)
{
	struct rf_journal *opened = rf_alloc(sizeof *opened);
	opened->fd = -1;
	opened->path = rf_strdup(path);
	opened->boot_id = rf_strdup(boot_id);
	rf_autofree char *text = NULL;
	size_t size;
	int status = rf_file_read(path, MOST_BYTES, &text, &size, error);
	bool same_boot = true;
	if (status == 0)
		same_boot = read_lines(opened, text);
	if (status < 0 || rewrite(opened, error) < 0) {
		rf_journal_close(opened);
		return -1;
	}
	*journal = opened;
	return same_boot ? 0 : RF_JOURNAL_REBOOTED;
}

void rf_journal_close(struct rf_journal *journal)
{
	if (!journal)
		return;
	struct line *line, *next;
	HASH_ITER (hh, journal->lines, line, next) {
		HASH_DEL(journal->lines, line); /* NOLINT(clang-analyzer-unix.Malloc): as in peers.c */
		free(line);
	}
	if (journal->fd >= 0)
		close(journal->fd);
	rf_buffer_deinit(&journal->unwritten);
	free(journal->path);
	free(journal->boot_id);
	free(journal);
}

const struct rf_journal_entry *rf_journal_next(const struct rf_journal *journal, const struct rf_journal_entry *entry)
{
	const struct line *line = entry ? ((const struct line *)entry)->hh.next : journal->lines;
	return line ? &line->entry : NULL;
}

void rf_journal_add(struct rf_journal *journal, const struct rf_journal_entry *entry)
{
	keep(journal, entry);
	format(&journal->unwritten, entry);
}

void rf_journal_remove(struct rf_journal *journal, uint64_t task)
{
	if (!forget(journal, task))
		return;
	rf_buffer_add_char(&journal->unwritten, '-');
	add_number(&journal->unwritten, task, '\n');
}

int rf_journal_write(struct rf_journal *journal, struct rf_error *error)
{
	if (journal->unwritten.size == 0)
		return 0;
	rf_fault_point("before-journal");
	if (journal->size > WORTH_REWRITING)
		return rewrite(journal, error);
	ssize_t written = write(journal->fd, journal->unwritten.data, journal->unwritten.size);
	if (written != (ssize_t)journal->unwritten.size)
		return rf_error_errno(error, "%s", journal->path);
	journal->size += journal->unwritten.size;
	rf_buffer_clear(&journal->unwritten);
	rf_fault_point("after-journal");
	return 0;
}

int rf_journal_sync(struct rf_journal *journal, struct rf_error *error)
{
	return fdatasync(journal->fd) < 0 ? rf_error_errno(error, "%s", journal->path) : 0;
}
