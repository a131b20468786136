/* A backup: a folder with a store, laid out as a state folder is, and a manifest that says what it is. */
#ifndef RF_STORE_BACKUP_H
#define RF_STORE_BACKUP_H

#include "base/digest.h"

#include <stdbool.h>
#include <stdint.h>

struct rf_error;

struct rf_manifest {
	int64_t made_us;
	uint64_t database_bytes;
	char database[RF_DIGEST_TEXT_SIZE]; /* SHA-256 */
	uint64_t blobs, blob_bytes;
};

/* Copies database and blobs from one folder to another, which is empty or not there; everything is synced. Fills what
 * was copied. */
int rf_backup_copy(const char *from, const char *to, struct rf_manifest *manifest, struct rf_error *error);

/* `manifest.json`. Writing it is the last thing that is done: a folder without it is no backup. */
int rf_manifest_write(const char *folder, const struct rf_manifest *manifest, struct rf_error *error);
int rf_manifest_read(const char *folder, struct rf_manifest *manifest, struct rf_error *error);

#endif
