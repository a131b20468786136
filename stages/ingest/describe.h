/* What the pipeline needs to know of a document that was just read: which board it is of, its attributes, and the key
 * of the meeting that it is about. */
#ifndef RF_INGEST_DESCRIBE_H
#define RF_INGEST_DESCRIBE_H

#include "stage/stage.h"

/* Sets the board's id where the publisher file knows it. Returns whether that changed the document. */
bool resolve_board(const Referat__Publisher *publisher, Referat__Document *document);

/* Sets attributes and subject of the job. source: what was read from the part `source`, which is the document itself
 * unless it has other files beside. */
void describe(struct rf_job *job, const Referat__Document *document, const Referat__Document *source);

/* "socialnamnden/2024-04-17/minutes/1". NULL when a component is not known. The caller frees. */
char *meeting_key(const Referat__Document *document);

/* The id of the board that was called so on that day (ISO; NULL: not known), or NULL when none or several were. Upper
 * and lower case are the same. */
const char *find_board(const Referat__Publisher *publisher, const char *name, const char *day);

#endif
