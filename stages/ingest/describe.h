/* What the pipeline needs to know of a document that was just read: which board it is of, its attributes, and the key
 * of the meeting that it is about. */
#ifndef RF_INGEST_DESCRIBE_H
#define RF_INGEST_DESCRIBE_H

#include "stage/stage.h"

/* Sets the board's id in the document, and attributes and subject key in the job. Returns whether the document changed.
 */
bool describe(struct rf_job *job, Referat__Document *document);

/* The id of the board that was called so on that day (ISO; NULL: not known), or NULL when none or several were. Upper
 * and lower case are the same. */
const char *find_board(const Referat__Publisher *publisher, const char *name, const char *day);

#endif
