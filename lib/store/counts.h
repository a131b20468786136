/* How many tasks there are, by stage and state, and which ids they get: kept in memory, and written with each commit.
 *
 * A task that waits on the desk (store/desk.h) counts at once for whoever asks, but in the file with its row: there the
 * counts are those of the rows, at each commit. Ids are reserved ahead, so that one that was given to a task whose row
 * never came, because the process was killed, is given to no other. */
#ifndef RF_STORE_COUNTS_H
#define RF_STORE_COUNTS_H

#include "store/store.h"

struct rf_counts;

struct rf_counts *rf_counts_new(void);
void rf_counts_free(struct rf_counts *counts);

/* Reads what the file has, where that is not known: at the start, and after rf_counts_forget. */
int rf_counts_need(struct rf_counts *counts, struct rf_store *store, struct rf_error *error);
/* Something was undone. Ids that were given stay so. */
void rf_counts_forget(struct rf_counts *counts);

uint64_t rf_counts_give_id(struct rf_counts *counts);
/* A task went from one state to another; from 0: it is new. */
void rf_counts_move(struct rf_counts *counts, const char *stage, enum rf_task_state from, enum rf_task_state to);
/* So did its row. */
void rf_counts_move_row(struct rf_counts *counts, const char *stage, enum rf_task_state from, enum rf_task_state to);
/* All tasks of a stage are another's, which has none. */
void rf_counts_rename(struct rf_counts *counts, const char *from, const char *to);

uint64_t rf_counts_of(struct rf_counts *counts, const char *stage); /* in all states */
uint64_t rf_counts_made(const struct rf_counts *counts);
int rf_counts_each(const struct rf_counts *counts, int (*each)(void *context, const struct rf_count *count),
		   void *context);

/* Few reserved ids are left: the next commit is to write. */
bool rf_counts_are_short(const struct rf_counts *counts);
/* In a transaction: what has changed in the counts of rows; and, at the end of a process, that no id is reserved
 * any more. */
int rf_counts_write(struct rf_counts *counts, struct rf_store *store, struct rf_error *error);
bool rf_counts_have_ids(const struct rf_counts *counts);
int rf_counts_give_back_ids(struct rf_counts *counts, struct rf_store *store, struct rf_error *error);

#endif
