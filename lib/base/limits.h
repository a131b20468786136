/* What a process may take of the machine. */
#ifndef RF_BASE_LIMITS_H
#define RF_BASE_LIMITS_H

#include "base/error.h"

#include <stdint.h>

/* Bounds the memory that this process, and those that it starts, can write to (RLIMIT_DATA, setrlimit(2)): what asks
 * for more gets none. 0: no bound. Under a sanitizer, which takes address space by the terabyte, it does nothing.
 * Returns -1 when the system does not let it. */
int rf_limit_memory(uint64_t bytes, struct rf_error *error);

#endif
