/* Checking a store that nobody uses: the database and the blobs that it names. */
#ifndef RF_STORE_VERIFY_H
#define RF_STORE_VERIFY_H

#include "store/store.h"

struct rf_verified {
	uint64_t faults;
	uint64_t blobs, blob_bytes;
};

/* state: a folder with referat.db and blobs. Calls each for every fault, in words. Returns 0 when it could look (and
 * faults says what it found), RF_STORE_BUSY, RF_STORE_NEWER, RF_STORE_OLDER, or < 0. */
int rf_store_verify(const char *state, rf_store_fault each, void *context, struct rf_verified *verified,
		    struct rf_error *error);

#endif
