/* How often at most something is done: "30/min". */
#ifndef RF_CLI_RATE_H
#define RF_CLI_RATE_H

#include <stdint.h>

struct rf_error;

/* A number from 1 to 100000 and a unit: /s, /min, /h. *interval_us: the time between two. Returns 0, or < 0 with the
 * reason. */
int rf_rate_read(const char *rate, int64_t *interval_us, struct rf_error *error);

#endif
