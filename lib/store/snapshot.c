#include "store/snapshot.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINKS_AT_A_TIME = 256, MOST_OPEN = 16 };

struct rf_snapshot {
	struct rf_store *store;
	char *blobs, *folder;
	struct rf_store_copy *copy; /* NULL: the database is whole */
	char **names;               /* of the blobs that it names */
	size_t n_names, next;
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

int rf_snapshot_remove(const char *folder, struct rf_error *error)
{
	if (nftw(folder, remove_one, MOST_OPEN, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		return rf_error_errno(error, "%s can't be removed", folder);
	return 0;
}

int rf_snapshot_begin(struct rf_store *store, const char *blobs, const char *folder, struct rf_snapshot **snapshot,
		      struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(folder, "referat.db"), *linked = rf_path_join(folder, "blobs");
	struct rf_store_copy *copy = NULL;
	if (rf_snapshot_remove(folder, error) < 0 || rf_folder_make(linked, error) < 0 ||
	    rf_store_copy_begin(store, path, &copy, error) < 0)
		return -1;
	struct rf_snapshot *begun = rf_alloc(sizeof *begun);
	*begun =
	    (struct rf_snapshot){.store = store, .blobs = rf_strdup(blobs), .folder = rf_strdup(folder), .copy = copy};
	*snapshot = begun;
	return 0;
}

static int add_name(void *context, const char *blob)
{
	struct rf_snapshot *snapshot = context;
	snapshot->names = rf_realloc_array(snapshot->names, snapshot->n_names + 1, sizeof *snapshot->names);
	snapshot->names[snapshot->n_names++] = rf_strdup(blob);
	return 0;
}

/* At the moment of the last piece the store names what the copy names. */
static int copy_piece(struct rf_snapshot *snapshot, struct rf_error *error)
{
	int status = rf_store_copy_step(snapshot->copy, error);
	if (status != RF_STORE_COPIED)
		return status;
	rf_store_copy_end(rf_steal(snapshot->copy));
	return rf_store_each_blob(snapshot->store, NULL, 0, add_name, snapshot, error);
}

static int link_blob(const struct rf_snapshot *snapshot, const char *name, struct rf_error *error)
{
	rf_autofree char *from = rf_format("%s/%.2s/%s", snapshot->blobs, name, name);
	rf_autofree char *shelf = rf_format("%s/blobs/%.2s", snapshot->folder, name);
	rf_autofree char *to = rf_path_join(shelf, name);
	if (rf_folder_make(shelf, error) < 0)
		return -1;
	return link(from, to) < 0 ? rf_error_errno(error, "blob %s can't be linked", from) : 0;
}

int rf_snapshot_step(struct rf_snapshot *snapshot, struct rf_error *error)
{
	if (snapshot->copy)
		return copy_piece(snapshot, error);
	for (size_t i = 0; i < LINKS_AT_A_TIME && snapshot->next < snapshot->n_names; i++)
		if (link_blob(snapshot, snapshot->names[snapshot->next++], error) < 0)
			return -1;
	return snapshot->next == snapshot->n_names ? RF_SNAPSHOT_WHOLE : 0;
}

void rf_snapshot_end(struct rf_snapshot *snapshot)
{
	if (!snapshot)
		return;
	if (snapshot->copy)
		rf_store_copy_end(snapshot->copy);
	for (size_t i = 0; i < snapshot->n_names; i++)
		free(snapshot->names[i]);
	free(snapshot->names);
	free(snapshot->blobs);
	free(snapshot->folder);
	free(snapshot);
}
