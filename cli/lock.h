/* The locks of a pipeline's state folder: one supervisor, and no broker of an earlier one. */
#ifndef RF_CLI_LOCK_H
#define RF_CLI_LOCK_H

#include <stdint.h>
#include <sys/types.h>

struct rf_error;

/* Both are held for as long as the descriptor is open in any process; the broker inherits the second one, so whoever
 * gets it knows that no old broker lives. */
struct rf_lock {
	int supervisor;
	int broker;
};

#define RF_LOCK_INIT                                                                                                   \
	{                                                                                                              \
		.supervisor = -1, .broker = -1                                                                         \
	}

enum { RF_LOCK_TAKEN = 1 };

/* Takes both. Waits for the second one, at most patience_us: the broker of a supervisor that was killed is about to
 * end. Returns 0; RF_LOCK_TAKEN, the reason says by whom; < 0 on error. */
int rf_lock_take(const char *state_folder, int64_t patience_us, struct rf_lock *lock, struct rf_error *error);
/* The process that runs the pipeline of this folder. Returns 0, < 0 with the reason: nothing runs there. */
int rf_lock_find_owner(const char *state_folder, pid_t *owner, struct rf_error *error);

void rf_lock_release(struct rf_lock *lock);

#endif
