/* Large parts of a rig's documents: files in its blob folder, as a stage on the same machine leaves them. */
#ifndef TESTS_SUPPORT_RIG_BLOB_H
#define TESTS_SUPPORT_RIG_BLOB_H

#include "tests/support/rig.h"

/* Writes the bytes under their name, and returns it; the caller frees, as of the others. */
char *rig_blob_make(const struct rig *rig, const char *bytes);
char *rig_blob_path(const struct rig *rig, const char *name);

/* Puts a document whose source is the blob; returns its id. */
char *rig_blob_put(struct rig *rig, const char *key, const char *name);

#endif
