/* Sources: plugins that find documents. What they submit is PUT, and durable before they hear yes. */
#ifndef RF_STAGE_SOURCE_H
#define RF_STAGE_SOURCE_H

#include "stage/worker.h"

enum rf_look {
	RF_LOOK_ALL,  /* all that is there is submitted */
	RF_LOOK_SOME, /* the rest comes with a later look */
	RF_LOOK_SHUT, /* a source can't be looked into: the folder is not there, the server refuses */
};

/* Runs each source plugin once. What keeps a source from its work is logged when it is new, not at every look. */
enum rf_look rf_sources_look(struct rf_worker *worker);

/* What a source that is running hands over. Waits until the broker has it. */
enum referat_result rf_source_submit(struct rf_worker *worker, const struct referat_submission *submission);

#endif
