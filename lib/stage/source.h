/* Sources: plugins that find documents. What they submit is PUT, and durable before they hear yes. */
#ifndef RF_STAGE_SOURCE_H
#define RF_STAGE_SOURCE_H

#include "stage/worker.h"

/* Runs each source plugin once. Returns whether all that is there is submitted. */
bool rf_sources_look(struct rf_worker *worker);

/* What a source that is running hands over. Waits until the broker has it. */
enum referat_result rf_source_submit(struct rf_worker *worker, const struct referat_submission *submission);

#endif
