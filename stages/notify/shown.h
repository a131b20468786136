/* Whether residents who follow the link see the document: asked before anybody is told. */
#ifndef RF_NOTIFY_SHOWN_H
#define RF_NOTIFY_SHOWN_H

#include "stage/stage.h"

/* Asks for the page at the address that recipients get. REFERAT_OK: it is shown, or it has no address on the web, or
 * the definition does not want it verified; else the reason of the task is set. Blocks, for half a minute at most. */
enum referat_result look_whether_shown(struct rf_job *job, struct rf_call *call);

#endif
