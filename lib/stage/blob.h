/* Large parts: those over the broker's max_part go as blobs beside the database. */
#ifndef RF_STAGE_BLOB_H
#define RF_STAGE_BLOB_H

#include "stage/worker.h"

struct rf_error;

/* Adds a part to the message's last item: in a frame, or, when it is large, sent ahead as a blob (waits for the
 * broker). The bytes are consumed in every case. Returns 0; < 0 with the reason. */
int rf_blob_add_part(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type,
		     struct rf_frame bytes, struct rf_error *error);

/* The bytes of a part that came as a blob: from the blob folder, or, on another machine, through the broker; checked
 * against size and SHA-256. *data is the caller's, a NUL follows. Returns 0; < 0 with the reason. */
int rf_blob_read(struct rf_worker *worker, const Referat__Wire__Part *part, uint8_t **data, struct rf_error *error);

#endif
