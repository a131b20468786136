/* What a monitor reads: the state of the pipeline in the text format of Prometheus (version 0.0.4). Numbers, and names
 * that stand in the definition or are those of destinations; nothing of documents. */
#ifndef RF_BROKER_METRICS_H
#define RF_BROKER_METRICS_H

#include "base/buffer.h"

struct rf_core;
struct rf_error;

/* Between rounds. < 0 on a fault of the store. */
int rf_metrics_write(struct rf_core *core, struct rf_buffer *text, struct rf_error *error);

#endif
