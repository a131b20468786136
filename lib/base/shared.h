/* Bytes that several hold: the last one who drops them frees them, on whichever thread. They are never changed. */
#ifndef RF_BASE_SHARED_H
#define RF_BASE_SHARED_H

#include <stdatomic.h>
#include <stddef.h>

struct rf_shared {
	atomic_uint holders;
	size_t size;
	unsigned char data[];
};

struct rf_shared *rf_shared_copy(const void *data, size_t size); /* held by who calls */
struct rf_shared *rf_shared_hold(struct rf_shared *shared);      /* once more; gives the same */
void rf_shared_drop(void *shared);                               /* NULL is fine */

#endif
