#include "base/shared.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct rf_shared *rf_shared_copy(const void *data, size_t size)
{
	struct rf_shared *shared = rf_realloc(NULL, sizeof *shared + size);
	atomic_init(&shared->holders, 1);
	shared->size = size;
	if (size)
		memcpy(shared->data, data, size);
	return shared;
}

struct rf_shared *rf_shared_hold(struct rf_shared *shared)
{
	atomic_fetch_add_explicit(&shared->holders, 1, memory_order_relaxed);
	return shared;
}

void rf_shared_drop(void *dropped)
{
	struct rf_shared *shared = dropped;
	if (shared && atomic_fetch_sub_explicit(&shared->holders, 1, memory_order_acq_rel) == 1)
		free(shared);
}
