#include "store/verify.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

struct look {
	rf_store_fault each;
	void *context;
	char *blobs;
	struct rf_verified found;
};

static int tell(void *context, const char *fault)
{
	struct look *look = context;
	look->found.faults++;
	return look->each(look->context, fault);
}

/* The digest of the bytes is the blob's name. */
static int look_at_blob(void *context, const char *name)
{
	struct look *look = context;
	rf_autofree char *path = rf_format("%s/%.2s/%s", look->blobs, name, name);
	char digest[RF_DIGEST_TEXT_SIZE], piece[PIECE];
	FILE *file = fopen(path, "re");
	struct rf_digest_state *state = rf_digest_begin();
	bool read = file != NULL;
	for (size_t n; read && (n = fread(piece, 1, sizeof piece, file)) > 0;) {
		rf_digest_add(state, piece, n);
		look->found.blob_bytes += n;
	}
	rf_autofree char *reason = rf_strdup(file && !ferror(file) ? NULL : strerror(errno));
	if (file)
		fclose(file);
	struct rf_digest sum = rf_digest_end(state);
	rf_digest_format(&sum, digest);
	look->found.blobs++;
	if (!reason && strcmp(digest, name) == 0)
		return 0;
	rf_autofree char *fault =
	    rf_format("blob %s: %s", name, reason ? reason : "the bytes do not fit the SHA-256 that is its name");
	return tell(look, fault);
}

int rf_store_verify(const char *state, rf_store_fault each, void *context, struct rf_verified *verified,
		    struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state, "referat.db"), *blobs = rf_path_join(state, "blobs");
	rf_autofree char *url = rf_format("sqlite:%s", path);
	struct look look = {.each = each, .context = context, .blobs = blobs};
	struct rf_store *store = NULL;
	int status = rf_store_open_existing(url, &store, error);
	if (status != 0)
		return status;
	if (rf_store_check(store, tell, &look, error) < 0 ||
	    rf_store_each_blob(store, NULL, 0, look_at_blob, &look, error) < 0)
		status = -1;
	rf_store_close(store);
	if (status == 0)
		*verified = look.found;
	return status;
}
