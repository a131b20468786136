/* The journal of started tasks: a small file beside the store, so that a broker that comes back knows which tasks were
 * in whose hands.
 *
 * Rows in the store for it would halve the throughput, and the loss of a line harms nobody: it only decides whether a
 * task is charged with a crash. So lines are written once a round and synced once a second.
 *
 * Text, a line each: "boot ID" first; "+TASK LEASE EPOCH PID INSTANCE" started, "-TASK" no longer. A last line without
 * its end is ignored. */
#ifndef RF_BROKER_JOURNAL_H
#define RF_BROKER_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rf_error;
struct rf_journal;

enum { RF_JOURNAL_REBOOTED = 1, RF_JOURNAL_INSTANCE = 65 };

struct rf_journal_entry {
	uint64_t task;
	uint32_t lease, epoch, pid;
	char instance[RF_JOURNAL_INSTANCE];
};

/* Reads what an earlier broker left. Returns 0, or RF_JOURNAL_REBOOTED when the machine was started anew since: what
 * was in hand then went down with it. */
int rf_journal_open(const char *path, const char *boot_id, struct rf_journal **journal, struct rf_error *error);
void rf_journal_close(struct rf_journal *journal); /* NULL is fine */

/* The tasks in hand, by task; borrowed until the next call that changes the journal. */
const struct rf_journal_entry *rf_journal_next(const struct rf_journal *journal, const struct rf_journal_entry *entry);

void rf_journal_add(struct rf_journal *journal, const struct rf_journal_entry *entry);
void rf_journal_remove(struct rf_journal *journal, uint64_t task); /* one that is not there is fine */

/* Writes what has changed since the last call: one write, or the file anew when it has grown much. */
int rf_journal_write(struct rf_journal *journal, struct rf_error *error);
int rf_journal_sync(struct rf_journal *journal, struct rf_error *error);

#endif
