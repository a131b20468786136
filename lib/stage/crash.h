/* A crash is charged to the task that was started. The word START leaves the process on other threads; so a plugin that
 * crashes at once must not be quicker than that word. */
#ifndef RF_STAGE_CRASH_H
#define RF_STAGE_CRASH_H

/* For the thread that calls it: a signal that ends the process writes to the eventfd and waits a moment first, while
 * the other threads go on. The thread's stack may be used up by then: the signal has its own. */
void rf_crash_prepare(int wake_fd);

#endif
