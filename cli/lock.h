/* The lock of a pipeline's state folder: one supervisor, and no broker of an earlier one. */
#ifndef RF_CLI_LOCK_H
#define RF_CLI_LOCK_H

#include <stdint.h>

struct rf_error;

enum { RF_LOCK_TAKEN = 1 };

/* Takes the lock for as long as *fd is open in any process: the broker inherits it, so that whoever gets the lock knows
 * that no old broker lives. When the supervisor that wrote its number into the lock is gone, its broker is about to
 * end: waits for it, at most patience_us. Returns 0; RF_LOCK_TAKEN, the reason names the process; < 0 on error. */
int rf_lock_take(const char *state_folder, int64_t patience_us, int *fd, struct rf_error *error);

#endif
