#include "store/backup.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 256 * 1024, MANIFEST_VERSION = 1, MOST_MANIFEST = 64 * 1024 };

/* ---- copying ----------------------------------------------------------------------------------------------------- */

static int write_piece(int fd, const char *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, data + done, size - done);
		if (n < 0 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int copy_bytes(int from, int to, uint64_t *bytes, char digest[RF_DIGEST_TEXT_SIZE])
{
	rf_autofree char *piece = rf_alloc(PIECE);
	struct rf_digest_state *state = rf_digest_begin();
	ssize_t n;
	*bytes = 0;
	while ((n = read(from, piece, PIECE)) > 0 && write_piece(to, piece, (size_t)n) == 0) {
		rf_digest_add(state, piece, (size_t)n);
		*bytes += (uint64_t)n;
	}
	struct rf_digest sum = rf_digest_end(state);
	rf_digest_format(&sum, digest);
	return n == 0 && fsync(to) == 0 ? 0 : -1;
}

static int copy_file(const char *from, const char *to, uint64_t *bytes, char digest[RF_DIGEST_TEXT_SIZE],
		     struct rf_error *error)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int status = 0;
	if (in < 0)
		status = rf_error_errno(error, "%s", from);
	else if (out < 0 || copy_bytes(in, out, bytes, digest) < 0)
		status = rf_error_errno(error, "%s can't be copied to %s", from, to);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return status;
}

static int copy_shelf(const char *from, const char *to, struct rf_manifest *manifest, struct rf_error *error)
{
	DIR *shelf = opendir(from);
	if (!shelf)
		return errno == ENOENT ? 0 : rf_error_errno(error, "%s", from);
	int status = rf_folder_make(to, error);
	for (const struct dirent *entry; status == 0 && (entry = readdir(shelf));) {
		if (entry->d_name[0] == '.')
			continue;
		rf_autofree char *source = rf_path_join(from, entry->d_name), *target = rf_path_join(to, entry->d_name);
		char digest[RF_DIGEST_TEXT_SIZE];
		uint64_t bytes;
		status = copy_file(source, target, &bytes, digest, error);
		if (status == 0 && strcmp(digest, entry->d_name) != 0)
			status =
			    rf_error_set(error, "blob %s: the bytes do not fit the SHA-256 that is its name", source);
		manifest->blobs++;
		manifest->blob_bytes += status == 0 ? bytes : 0;
	}
	closedir(shelf);
	return status < 0 ? -1 : rf_folder_sync(to, error);
}

int rf_backup_copy(const char *from, const char *to, struct rf_manifest *manifest, struct rf_error *error)
{
	rf_autofree char *source = rf_path_join(from, "referat.db"), *target = rf_path_join(to, "referat.db");
	rf_autofree char *blobs = rf_path_join(to, "blobs");
	struct rf_manifest copied = {0};
	if (rf_folder_make(blobs, error) < 0)
		return -1;
	for (unsigned shelf = 0; shelf < 256; shelf++) {
		rf_autofree char *one = rf_format("%s/blobs/%02x", from, shelf);
		rf_autofree char *other = rf_format("%s/%02x", blobs, shelf);
		if (copy_shelf(one, other, &copied, error) < 0)
			return -1;
	}
	if (rf_folder_sync(blobs, error) < 0 ||
	    copy_file(source, target, &copied.database_bytes, copied.database, error) < 0 ||
	    rf_folder_sync(to, error) < 0)
		return -1;
	copied.made_us = manifest->made_us;
	*manifest = copied;
	return 0;
}

/* ---- manifest ---------------------------------------------------------------------------------------------------- */

int rf_manifest_write(const char *folder, const struct rf_manifest *manifest, struct rf_error *error)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	rf_autofree char *path = rf_path_join(folder, "manifest.json");
	rf_buffer_format(&text,
			 "{\"referat_backup\": %d, \"made_us\": %" PRId64 ",\n \"database\": \"%s\","
			 " \"database_bytes\": %" PRIu64 ",\n \"blobs\": %" PRIu64 ", \"blob_bytes\": %" PRIu64 "}\n",
			 MANIFEST_VERSION, manifest->made_us, manifest->database, manifest->database_bytes,
			 manifest->blobs, manifest->blob_bytes);
	return rf_file_write(path, text.data, text.size, true, error);
}

static int64_t number(json_object *manifest, const char *name)
{
	json_object *value = NULL;
	return json_object_object_get_ex(manifest, name, &value) ? json_object_get_int64(value) : -1;
}

int rf_manifest_read(const char *folder, struct rf_manifest *manifest, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(folder, "manifest.json"), *text = NULL;
	size_t size;
	int status = rf_file_read(path, MOST_MANIFEST, &text, &size, error);
	if (status != 0)
		return rf_error_set(error, "%s is no whole backup: it has no manifest.json", folder);
	json_object *read = json_tokener_parse(text), *digest = NULL;
	bool good = json_object_is_type(read, json_type_object) && number(read, "referat_backup") == MANIFEST_VERSION &&
		    json_object_object_get_ex(read, "database", &digest) &&
		    json_object_get_string_len(digest) == RF_DIGEST_TEXT_SIZE - 1;
	if (good) {
		*manifest = (struct rf_manifest){.made_us = number(read, "made_us"),
						 .database_bytes = (uint64_t)number(read, "database_bytes"),
						 .blobs = (uint64_t)number(read, "blobs"),
						 .blob_bytes = (uint64_t)number(read, "blob_bytes")};
		strcpy(manifest->database, json_object_get_string(digest));
	}
	json_object_put(read);
	return good ? 0 : rf_error_set(error, "%s: not a manifest of a backup that this Referat can read", path);
}
