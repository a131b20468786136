/* Large parts: those over the broker's max_part go as blobs beside the database. */
#ifndef RF_STAGE_BLOB_H
#define RF_STAGE_BLOB_H

#include "base/mapping.h"
#include "stage/worker.h"

struct rf_error;

/* Adds a part to the message's last item: in a frame, or, when it is large, sent ahead as a blob (waits for the
 * broker). The bytes are consumed in every case. Returns 0; < 0 with the reason. */
int rf_blob_add_part(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type,
		     struct rf_frame bytes, struct rf_error *error);

/* The same of an open file with more than max_part bytes, which is read twice, a piece at a time: first for its
 * SHA-256. One that changes meanwhile is not added. The caller closes it. */
int rf_blob_add_file(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type, int fd,
		     uint64_t size, struct rf_error *error);

/* The bytes of a part that came as a blob. */
struct rf_blob {
	struct rf_mapping bytes;
	char *path; /* where a program of the same user can read them until the blob is closed */
	int fd;     /* what the path leads to, where it is no file with a name; else -1 */
};

/* Checks size and SHA-256. The bytes are those of the file in the blob folder; on another machine they come through the
 * broker, and lie in a file that has no name any more. Returns 0; < 0 with the reason. */
int rf_blob_open(struct rf_worker *worker, const Referat__Wire__Part *part, struct rf_blob *blob,
		 struct rf_error *error);
void rf_blob_close(struct rf_blob *blob);

/* The bytes that a part may have before it must be a blob. */
uint64_t rf_blob_threshold(const struct rf_worker *worker);

#endif
