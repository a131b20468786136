/* The one logger: a line per event on standard error, for the journal or a terminal.
 *
 *   error    a document is dead or held because of a fault, or the process cannot do its work
 *   warning  an operator may want to act
 *   info     something happened that belongs to the story of a document or a process
 *   debug    for developers; off by default
 *
 * A line: time, level, program[pid], then "doc=ID: " where there is a document, then the message. Where standard error
 * is systemd's journal, it is an entry with these as fields instead (base/service.h). Below a supervisor that has the
 * journal, the time is left out and the level is a priority prefix (sd-daemon(3)): rf_log_pass_on makes the entry.
 * Never log what a document says: texts of documents may hold personal data. Names of files are logged, and may hold an
 * identity number: its digits are masked in every message. */
#ifndef RF_BASE_LOG_H
#define RF_BASE_LOG_H

#include <stddef.h>

enum rf_log_level { RF_LOG_ERROR, RF_LOG_WARNING, RF_LOG_INFO, RF_LOG_DEBUG };

/* Once, at the start of main. program is borrowed for the life of the process. */
void rf_log_open(const char *program, enum rf_log_level least_severe);

/* Reads "error", "warning", "info", "debug". Returns 0, or 1 when the word is none of them. */
int rf_log_level_parse(const char *word, enum rf_log_level *level);

/* document may be NULL. Control characters in the message are written as \xNN: one event stays one line.
 * Thread-safe. */
void rf_log(enum rf_log_level level, const char *document, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Hands on a line that a child process wrote to its standard error, newline included. */
void rf_log_pass_on(const char *line, size_t size);

#endif
