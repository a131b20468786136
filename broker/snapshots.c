/* A snapshot of the store, for a backup or a check: made in the state folder a piece at a time between rounds, so that
 * nobody waits for it. Who asked for it reads it there and says when it may go; a new broker, and an erasure, remove
 * it. */
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "broker/answers.h"
#include "store/snapshot.h"

#include <stdlib.h>

typedef struct json_object json;

struct rf_snapshots {
	char *folder;
	struct rf_snapshot *making; /* NULL: none is */
	bool whole;
	struct rf_error failure;
};

int rf_snapshots_open(struct rf_core *core, struct rf_error *error)
{
	core->snapshots = rf_alloc(sizeof *core->snapshots);
	rf_autofree char *state = realpath(core->options.state, NULL);
	core->snapshots->folder = rf_path_join(state ? state : core->options.state, "snapshot");
	return rf_snapshot_remove(core->snapshots->folder, error);
}

void rf_snapshots_close(struct rf_core *core)
{
	if (!core->snapshots)
		return;
	rf_snapshot_end(core->snapshots->making);
	free(core->snapshots->folder);
	free(rf_steal(core->snapshots));
}

bool rf_snapshots_busy(const struct rf_core *core)
{
	return core->snapshots->making != NULL;
}

int rf_snapshots_drop(struct rf_core *core, struct rf_error *error)
{
	struct rf_snapshots *snapshots = core->snapshots;
	rf_snapshot_end(rf_steal(snapshots->making));
	snapshots->whole = false;
	rf_error_set(&snapshots->failure, "it was dropped");
	return rf_snapshot_remove(snapshots->folder, error);
}

/* A snapshot that fails (the disk is full) harms nothing else. */
void rf_snapshots_go_on(struct rf_core *core)
{
	struct rf_snapshots *snapshots = core->snapshots;
	if (!snapshots->making)
		return;
	struct rf_error reason;
	int status = rf_snapshot_step(snapshots->making, &reason);
	if (status == 0)
		return;
	snapshots->whole = status == RF_SNAPSHOT_WHOLE;
	rf_snapshot_end(rf_steal(snapshots->making));
	if (snapshots->whole)
		return;
	snapshots->failure = reason;
	rf_log(RF_LOG_WARNING, NULL, "the snapshot of the store failed: %s", reason.text);
	rf_snapshot_remove(snapshots->folder, &reason);
}

int rf_answer_snapshot(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)arguments;
	struct rf_snapshots *snapshots = core->snapshots;
	if (snapshots->making) {
		rf_error_set(error, "another snapshot of the store is being made; try again when it is done");
		return RF_REFUSED;
	}
	snapshots->whole = false;
	if (rf_snapshot_begin(core->options.store, core->options.blobs, snapshots->folder, &snapshots->making, error) <
	    0)
		return RF_REFUSED;
	rf_json_text(answer, "folder", snapshots->folder);
	return 0;
}

int rf_answer_snapshot_state(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)arguments;
	const struct rf_snapshots *snapshots = core->snapshots;
	if (!snapshots->making && !snapshots->whole) {
		rf_error_set(error, "there is no snapshot: %s", snapshots->failure.text);
		return RF_REFUSED;
	}
	json_object_object_add(answer, "whole", json_object_new_boolean(snapshots->whole));
	return 0;
}

int rf_answer_snapshot_drop(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	(void)arguments;
	(void)answer;
	return rf_snapshots_drop(core, error) < 0 ? RF_REFUSED : 0;
}
