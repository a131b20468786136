/* Parts that are too large for a frame and for the database: files in the blob folder, named by their SHA-256.
 *
 *   tmp/N     being written by a peer; removed at the start, and when the peer goes
 *   ab/abcd…  whole, never changed
 *
 * A blob is on the disk, name and bytes, before rf_blobs_end returns, and so before the row that names it. The same
 * bytes have one file, whoever brings them. Not thread-safe.
 *
 * Peers are numbered by the caller (rf_peer). Functions return 0; RF_BLOB_REFUSED when the peer asks for something that
 * is not to be had; < 0 when reading or writing failed; both with the reason, to be told to the peer. After either a
 * blob that was being written is dropped with its handle. All of them block for the disk, but never for more than a few
 * MiB. */
#ifndef RF_BROKER_BLOBS_H
#define RF_BROKER_BLOBS_H

#include "base/digest.h"

#include <stddef.h>
#include <stdint.h>

struct rf_blobs;
struct rf_error;

enum { RF_BLOB_REFUSED = 1 };

enum {
	RF_BLOB_MOST_OPEN = 4,           /* handles of one peer */
	RF_BLOB_MOST_READ = 1024 * 1024, /* bytes of one read */
};

/* Makes the folder where it is missing; removes what was left in tmp. */
int rf_blobs_open(const char *folder, uint64_t most_size, struct rf_blobs **blobs, struct rf_error *error);
void rf_blobs_close(struct rf_blobs *blobs); /* NULL is fine; drops what is being written */

/* Starts a blob of so many bytes. *handle: never 0, never given twice. */
int rf_blobs_begin(struct rf_blobs *blobs, uint64_t peer, uint64_t size, uint64_t *handle, struct rf_error *error);

/* Bytes come in order: offset is what was written so far. */
int rf_blobs_write(struct rf_blobs *blobs, uint64_t peer, uint64_t handle, uint64_t offset, const void *data,
		   size_t size, struct rf_error *error);

/* All bytes are there. Syncs, gives the blob its name. The handle is gone afterwards. */
int rf_blobs_end(struct rf_blobs *blobs, uint64_t peer, uint64_t handle, char name[RF_DIGEST_TEXT_SIZE],
		 struct rf_error *error);

/* The size of a whole blob; refused when there is none of that name. */
int rf_blobs_find(struct rf_blobs *blobs, const char *name, uint64_t *size, struct rf_error *error);

/* Reads up to most bytes (at most RF_BLOB_MOST_READ) from offset; *size: how many there were, 0 at the end. Who puts
 * the pieces together checks their SHA-256 against the name. */
int rf_blobs_read(struct rf_blobs *blobs, const char *name, uint64_t offset, void *data, size_t most, size_t *size,
		  struct rf_error *error);

/* Calls each for the whole blobs of a shelf: those whose name starts with the two digits of its number. */
enum { RF_BLOB_SHELVES = 256 };
int rf_blobs_each(struct rf_blobs *blobs, unsigned shelf, int (*each)(void *context, const char *name), void *context,
		  struct rf_error *error);

/* Nothing names it any more. Refused when there is none of that name. */
int rf_blobs_remove(struct rf_blobs *blobs, const char *name, struct rf_error *error);

/* The peer is gone: what it was writing is dropped. */
void rf_blobs_drop(struct rf_blobs *blobs, uint64_t peer);

#endif
