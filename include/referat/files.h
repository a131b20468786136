/* Files that a target or channel keeps: replaced whole, so that a reader sees the old bytes or the new ones. */
#ifndef REFERAT_FILES_H
#define REFERAT_FILES_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes to `temporary` (same file system; what an interrupted call left there is overwritten) and renames. Makes the
 * folders above both. A file that has these bytes already is left alone. durable: synced, with its folder, before it
 * returns. OK; YIELD with the reason (disk full, no permission). */
enum referat_result referat_file_replace(struct referat_call *call, const char *path, const char *temporary,
					 const void *data, size_t size, bool durable);

/* Makes durable whatever was written on the file system of the folder, as far as it is there: for many files at once
 * (since 1.2). OK; YIELD with the reason. */
enum referat_result referat_folder_sync(struct referat_call *call, const char *folder);

/* The regular file's bytes, which live as long as the call; data is NULL when it is missing, larger than most or can't
 * be read. */
struct referat_bytes referat_file_read(struct referat_call *call, const char *path, size_t most);

/* Whether a path that came with a document stays below a folder: relative, no "." or "..", no empty part but a last
 * one, no backslash or control characters, at most 512 bytes. */
bool referat_path_is_inside(const char *path);

#ifdef __cplusplus
}
#endif
#endif
