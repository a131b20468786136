#include "cli/snapshots.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "cli/question.h"
#include "store/snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { POLL_NS = 20 * 1000 * 1000 };

static int open_store(const char *state, struct rf_store **store, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(state, "referat.db"), *url = rf_format("sqlite:%s", path);
	return rf_store_open_existing(url, store, error);
}

int rf_snapshot_find_store(const struct rf_client_options *given, char **state, struct rf_error *error)
{
	rf_autofree char *found = NULL;
	struct rf_store *store = NULL;
	if (rf_client_find_state(given, &found, error) < 0)
		return -1;
	int status = open_store(found, &store, error);
	rf_store_close(store);
	*state = rf_steal(found);
	return status;
}

static int ask(struct rf_client *client, const char *question, json_object **answer, struct rf_error *error)
{
	return rf_client_ask(client, question, NULL, answer, error) == 0 ? 0 : -1;
}

static int have_it_made(const struct rf_client_options *given, struct rf_taken *taken, struct rf_error *error)
{
	json_object *answer = NULL;
	if (rf_client_open(given, &taken->client, error) < 0 || ask(taken->client, "snapshot", &answer, error) < 0)
		return -1;
	taken->folder = rf_strdup(rf_answer_text(answer, "folder"));
	json_object_put(answer);
	for (bool whole = false; !whole;) {
		const struct timespec pause = {.tv_nsec = POLL_NS};
		nanosleep(&pause, NULL);
		if (ask(taken->client, "snapshot-state", &answer, error) < 0)
			return -1;
		whole = rf_answer_number(answer, "whole") != 0;
		json_object_put(answer);
	}
	return 0;
}

static int make(struct rf_taken *taken, struct rf_error *error)
{
	rf_autofree char *blobs = rf_path_join(taken->state, "blobs");
	struct rf_store *store = NULL;
	struct rf_snapshot *snapshot = NULL;
	taken->folder = rf_path_join(taken->state, "snapshot");
	if (open_store(taken->state, &store, error) != 0)
		return -1;
	int status = rf_snapshot_begin(store, blobs, taken->folder, &snapshot, error);
	while (status == 0)
		status = rf_snapshot_step(snapshot, error);
	rf_snapshot_end(snapshot);
	rf_store_close(store);
	return status < 0 ? -1 : 0;
}

int rf_snapshot_take(const struct rf_client_options *given, struct rf_taken *taken, struct rf_error *error)
{
	*taken = (struct rf_taken){.client = NULL};
	int status = rf_snapshot_find_store(given, &taken->state, error);
	if (status == 0)
		status = make(taken, error);
	else if (status == RF_STORE_BUSY)
		status = have_it_made(given, taken, error);
	if (status == 0)
		return 0;
	rf_snapshot_give_back(taken);
	return -1;
}

void rf_snapshot_give_back(struct rf_taken *taken)
{
	struct rf_error ignored;
	json_object *answer = NULL;
	if (taken->client && taken->folder)
		ask(taken->client, "snapshot-drop", &answer, &ignored);
	else if (taken->folder)
		rf_snapshot_remove(taken->folder, &ignored);
	json_object_put(answer);
	rf_client_close(taken->client);
	free(taken->folder);
	free(taken->state);
}
