/* What the service manager is told, and what its journal is given: datagrams to sockets, in the protocols that systemd
 * documents as stable (sd_notify(3); the journal's native protocol). Nothing here ever blocks. */
#ifndef RF_BASE_SERVICE_H
#define RF_BASE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

/* Sends the state ("READY=1", "STOPPING=1") to $NOTIFY_SOCKET. Does nothing when there is none. */
void rf_service_notify(const char *state);

/* How often the service manager wants to hear WATCHDOG=1 from this process, in us, at the latest; 0: not at all. */
int64_t rf_service_watchdog_us(void);

/* Whether standard error is a stream of the journal ($JOURNAL_STREAM names it). */
bool rf_service_has_journal(void);

/* A line of the journal. Fields that are NULL or 0 are left out. Texts are without newlines. */
struct rf_service_entry {
	int priority;         /* 0 to 7, as syslog(3) has them */
	const char *program;  /* SYSLOG_IDENTIFIER */
	int pid;              /* SYSLOG_PID: who wrote it, where that is not the sender */
	const char *document; /* REFERAT_DOCUMENT: `journalctl REFERAT_DOCUMENT=…` finds its story */
	const char *message;
};

/* Returns 0; < 0 when the journal did not take it: the caller writes it to standard error. */
int rf_service_write(const struct rf_service_entry *entry);

/* For tests: the journal's socket is here instead. Borrowed. */
void rf_service_use_journal(const char *path);

#endif
