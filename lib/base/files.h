/* Files and folders, bounded and durable. Paths are UTF-8. */
#ifndef RF_BASE_FILES_H
#define RF_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rf_error;

enum { RF_FILE_MISSING = 1, RF_FILE_TOO_LARGE = 2 };

/* Opens a regular file to read (never a FIFO, device or folder: those are errors). *fd is the caller's to close.
 * Returns 0, RF_FILE_MISSING. */
int rf_file_open(const char *path, int *fd, uint64_t *size, struct rf_error *error);

/* Reads a regular file whole. *data is the caller's, with a NUL behind the last byte. Returns 0, RF_FILE_MISSING,
 * RF_FILE_TOO_LARGE (more than most bytes; nothing is read). */
int rf_file_read(const char *path, size_t most, char **data, size_t *size, struct rf_error *error);

/* Writes to a temporary name beside path and renames: a reader sees the old bytes or the new ones. With durable, file
 * and folder are synced before it returns. */
int rf_file_write(const char *path, const void *data, size_t size, bool durable, struct rf_error *error);

/* The same, durable, and from its first byte readable for its user alone (0600). */
int rf_file_write_private(const char *path, const void *data, size_t size, struct rf_error *error);

/* Makes the folder and those above it (0755 less umask); an existing one is fine. */
int rf_folder_make(const char *path, struct rf_error *error);
/* 0 when there is no such folder, or nothing in it; else < 0 with the reason. */
int rf_folder_is_free(const char *path, struct rf_error *error);
int rf_folder_sync(const char *path, struct rf_error *error);

/* "a" + "b/c" = "a/b/c"; a rest that starts with "/" stands alone. The caller frees. */
char *rf_path_join(const char *folder, const char *rest);
char *rf_path_folder(const char *path); /* of "a/b/c": "a/b"; of "c": "."; the caller frees */

/* The folder that the running program was installed under: of /usr/bin/referat it is /usr. Everything else of the
 * installation (lib/referat/plugins, share/referat) is found from there, in the build folder as well. Owned by the
 * module, lives as long as the process. */
const char *rf_install_prefix(void);

/* Whether a path given by somebody else stays inside a folder: relative, no ".", "..", or empty part, at most 1024
 * bytes. */
bool rf_path_is_inside(const char *path);

/* Whether two paths lead to the same file. */
bool rf_path_is_same(const char *a, const char *b);

#endif
