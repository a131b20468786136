/* What is no longer wanted goes by itself: blobs that no part names (after a crash, an erasure, the end of retention),
 * and the parts of revisions that were superseded long ago (`keep_superseded` of the definition).
 *
 * A blob that no part names may be on its way: its row comes with the next message of whoever brought it. So one goes
 * only when two looks, a while apart, found it unnamed, and nobody brought or named it in between. What was suspected
 * is in memory: a new broker looks twice again.
 *
 * How long ago a revision was superseded is judged by its instants and by a clock that runs no faster than time passes,
 * so that a clock set forward removes nothing early, and one set back, or weeks switched off, only delays. Instants
 * know no daylight saving. */
#include "base/error.h"
#include "base/log.h"
#include "broker/blobs.h"
#include "broker/state.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY (15 * 60 * RF_SECOND)

enum { NAMES_AT_A_TIME = 256, REVISIONS_AT_A_TIME = 64 };

struct suspect {
	char name[RF_DIGEST_TEXT_SIZE];
	unsigned look; /* in which it was found unnamed */
	UT_hash_handle hh;
};

struct rf_sweep {
	struct suspect *suspects; /* by name */
	unsigned look;
	unsigned shelf; /* the next one in this look; RF_BLOB_SHELVES: the look is over */
	int64_t due_us; /* of the next look; monotonic */
};

struct rf_sweep *rf_sweep_new(void)
{
	return rf_alloc(sizeof(struct rf_sweep));
}

static void forget(struct rf_sweep *sweep, struct suspect *suspect)
{
	HASH_DEL(sweep->suspects, suspect); /* NOLINT(clang-analyzer-unix.Malloc): as in peers.c */
	free(suspect);
}

void rf_sweep_free(struct rf_sweep *sweep)
{
	if (!sweep)
		return;
	struct suspect *suspect, *next;
	HASH_ITER (hh, sweep->suspects, suspect, next)
		forget(sweep, suspect);
	free(sweep);
}

void rf_sweep_spare(struct rf_core *core, const char *blob)
{
	struct suspect *suspect;
	HASH_FIND_STR(core->sweep->suspects, blob, suspect);
	if (suspect)
		forget(core->sweep, suspect);
}

/* ---- blobs ------------------------------------------------------------------------------------------------------- */

struct names {
	char (*all)[RF_DIGEST_TEXT_SIZE];
	size_t n;
};

static int add_name(void *context, const char *name)
{
	struct names *names = context;
	names->all = rf_realloc_array(names->all, names->n + 1, sizeof *names->all);
	memcpy(names->all[names->n++], name, RF_DIGEST_TEXT_SIZE);
	return 0;
}

/* A file that can't be removed is left: nothing is wrong but the room that it takes. */
static void remove_blob(struct rf_core *core, const char *name)
{
	struct rf_error reason;
	int status = rf_blobs_remove(core->blobs, name, &reason);
	rf_log(status == 0 ? RF_LOG_INFO : RF_LOG_WARNING, NULL, "blob %.12s… that nothing names: %s", name,
	       status == 0 ? "removed" : reason.text);
}

static int look_at(struct rf_core *core, const char *name, struct rf_error *error)
{
	struct rf_sweep *sweep = core->sweep;
	int status = rf_store_find_blob(core->options.store, name, error);
	if (status < 0)
		return -1;
	struct suspect *suspect;
	HASH_FIND_STR(sweep->suspects, name, suspect);
	if (status == RF_STORE_NONE && !suspect) {
		suspect = rf_alloc(sizeof *suspect);
		memcpy(suspect->name, name, RF_DIGEST_TEXT_SIZE);
		suspect->look = sweep->look;
		HASH_ADD_STR(sweep->suspects, name, suspect);
	} else if (suspect && suspect->look < sweep->look) {
		forget(sweep, suspect);
		if (status == RF_STORE_NONE)
			remove_blob(core, name);
	}
	return 0;
}

/* Goes on with the look, shelf by shelf, as far as one round should. */
static int go_on_looking(struct rf_core *core, struct rf_error *error)
{
	struct rf_sweep *sweep = core->sweep;
	struct names names = {0};
	int status = 0;
	while (status == 0 && sweep->shelf < RF_BLOB_SHELVES && names.n < NAMES_AT_A_TIME)
		status = rf_blobs_each(core->blobs, sweep->shelf++, add_name, &names, error);
	if (status < 0) { /* a folder that can't be read now: perhaps the next time */
		rf_log(RF_LOG_WARNING, NULL, "%s", error->text);
		status = 0;
	}
	for (size_t i = 0; i < names.n && status == 0; i++)
		status = look_at(core, names.all[i], error);
	free(names.all);
	return status;
}

/* ---- superseded revisions ---------------------------------------------------------------------------------------- */

struct revision {
	char *document;
	uint32_t number;
};

struct outdated {
	struct revision *all;
	size_t n;
	int64_t until_us; /* all that were superseded up to then are here */
};

/* Ends between two instants: the next round goes on behind. */
static int add_outdated(void *context, const char *document, uint32_t number, int64_t superseded_us)
{
	struct outdated *outdated = context;
	if (outdated->n >= REVISIONS_AT_A_TIME && superseded_us > outdated->until_us)
		return 1;
	outdated->all = rf_realloc_array(outdated->all, outdated->n + 1, sizeof *outdated->all);
	outdated->all[outdated->n++] = (struct revision){rf_strdup(document), number};
	outdated->until_us = superseded_us;
	return 0;
}

static int remove_parts(struct rf_core *core, const struct revision *revision, struct rf_error *error)
{
	uint64_t removed = 0;
	if (rf_store_remove_parts(core->options.store, revision->document, revision->number, &removed, error) < 0)
		return -1;
	if (removed == 0)
		return 0;
	struct rf_task about = {.document = revision->document, .revision = revision->number};
	rf_log(RF_LOG_INFO, revision->document, "revision %u: parts removed, it was superseded long ago",
	       revision->number);
	return rf_task_note(core, &about, "parts-removed", "superseded longer ago than keep_superseded says", error);
}

static const char retained_until[] = "retention_us";

static int remove_outdated(struct rf_core *core, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	int64_t from_us = 0, by_us = rf_timer_slowest(core) - core->options.pipeline->keep_superseded_us;
	if (rf_store_get_setting(store, retained_until, &from_us, error) < 0)
		return -1;
	struct outdated outdated = {.until_us = from_us};
	int status = rf_store_each_superseded(store, from_us, by_us, add_outdated, &outdated, error);
	for (size_t i = 0; i < outdated.n; i++) {
		if (status == 0)
			status = remove_parts(core, &outdated.all[i], error);
		free(outdated.all[i].document);
	}
	free(outdated.all);
	if (status == 0 && outdated.until_us > from_us) {
		core->wrote = true;
		status = rf_store_set_setting(store, retained_until, outdated.until_us, error);
	}
	return status;
}

/* ---- when -------------------------------------------------------------------------------------------------------- */

int rf_sweep_run(struct rf_core *core, struct rf_error *error)
{
	struct rf_sweep *sweep = core->sweep;
	if (core->now_us >= sweep->due_us) {
		sweep->look++;
		sweep->shelf = 0;
		sweep->due_us = core->now_us + LOOK_EVERY;
		if (core->options.pipeline->keep_superseded_us && remove_outdated(core, error) < 0)
			return -1;
	}
	return sweep->shelf < RF_BLOB_SHELVES ? go_on_looking(core, error) : 0;
}
