/* When a process that died is started again, and when not. Plain rules: no processes in here. */
#ifndef RF_CLI_RESTART_H
#define RF_CLI_RESTART_H

#include <stdbool.h>
#include <stdint.h>

struct rf_restart_policy {
	int64_t base_us; /* the first delay; each further one is twice as long */
	int64_t cap_us;  /* the longest */
};

struct rf_restart {
	int64_t delay_us; /* the last delay; 0: none so far */
};

/* How long to wait before the next start of a process that lived for lived_us. One that lived twice as long as the
 * longest delay counts as healthy: it starts from the base again. */
int64_t rf_restart_delay(struct rf_restart *restart, const struct rf_restart_policy *policy, int64_t lived_us);

/* "Do not start me again": the definition is wrong, a plugin doesn't fit. It would end the same way each time. */
enum { RF_EXIT_REFUSED = 125 };
bool rf_exit_is_refusal(int wait_status);

/* How a process ended, in words: "ended with status 1", "was killed by signal 9 (Killed)". wait_status as waitpid gives
 * it. The caller frees. */
char *rf_exit_describe(int wait_status);

#endif
