/* A copy of a whole store, database and blobs, at one moment, made while the store is used: a folder laid out as a
 * state folder is. Blobs never change, so they are linked and not copied; the folder lies on the same file system. */
#ifndef RF_STORE_SNAPSHOT_H
#define RF_STORE_SNAPSHOT_H

#include "store/store.h"

struct rf_snapshot;

/* Empties the folder, or makes it. blobs: the store's folder of blobs. */
int rf_snapshot_begin(struct rf_store *store, const char *blobs, const char *folder, struct rf_snapshot **snapshot,
		      struct rf_error *error);

/* Does a piece of the work, some milliseconds, between transactions. Returns 0 when there is more, RF_SNAPSHOT_WHOLE
 * when there is not, < 0 with the reason. */
enum { RF_SNAPSHOT_WHOLE = 1 };
int rf_snapshot_step(struct rf_snapshot *snapshot, struct rf_error *error);

/* Leaves the folder as it is. NULL is fine. */
void rf_snapshot_end(struct rf_snapshot *snapshot);

/* Removes what a snapshot made; what is not there is fine. */
int rf_snapshot_remove(const char *folder, struct rf_error *error);

#endif
