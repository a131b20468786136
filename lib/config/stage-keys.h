/* The keys of a stage in a definition, besides its plugins: what the reader checks, the JSON Schema says and the manual
 * lists. from, all and when are read by hand: they are no plain values. */
#ifndef RF_CONFIG_STAGE_KEYS_H
#define RF_CONFIG_STAGE_KEYS_H

#include "config/pipeline.h"

struct rf_stage_key {
	struct referat_option option; /* always with a default */
	unsigned kinds;               /* stages that take it: bits of 1 << enum rf_stage_kind */
	void (*set)(struct rf_stage *stage, const char *value);
};

enum { RF_STAGE_KEYS = 6, RF_RETRY_KEYS = 4 };

extern const struct rf_stage_key rf_stage_keys[RF_STAGE_KEYS]; /* directly under the stage */
extern const struct rf_stage_key rf_retry_keys[RF_RETRY_KEYS]; /* under "retry" */

/* The kind of plugin that a stage runs: what each of its plugins must be. */
bool rf_stage_takes(enum rf_stage_kind stage, enum referat_kind plugin);

/* Whether it runs exactly one plugin of that kind (else at least one). */
bool rf_stage_takes_one(enum referat_kind plugin);

#endif
