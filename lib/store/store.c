/* The store's interface: finds the implementation for a URL and keeps the rules that hold for all of them. */
#include "store/store-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static const struct rf_store_functions *const implementations[] = {&rf_store_sqlite};

static const char *const state_names[RF_TASK_STATES] = {
    [RF_TASK_READY] = "ready",   [RF_TASK_DELAYED] = "delayed", [RF_TASK_HELD] = "held",
    [RF_TASK_DEAD] = "dead",     [RF_TASK_DONE] = "done",       [RF_TASK_SUPERSEDED] = "superseded",
    [RF_TASK_ERASED] = "erased",
};

const char *rf_task_state_name(enum rf_task_state state)
{
	return state > 0 && state < RF_TASK_STATES ? state_names[state] : "?";
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static int may_read(const struct rf_store *store, struct rf_error *error)
{
	if (store->walking)
		return rf_error_set(error, "the store was called from inside a walk over it");
	if (store->broken)
		return rf_error_set(error, "syncing the store failed: what is on the disk is not known; start again");
	if (store->faulted)
		return rf_error_set(error, "the store had a fault in this transaction: it can only be rolled back");
	return 0;
}

static int may_write(const struct rf_store *store, struct rf_error *error)
{
	if (!store->in_transaction)
		return rf_error_set(error, "the store is written in a transaction only");
	return may_read(store, error);
}

/* A walk is a read during which its callback keeps out of the store. */
static int start_walk(struct rf_store *store, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	store->walking = true;
	return 0;
}

static int end_walk(struct rf_store *store, int result)
{
	store->walking = false;
	return result;
}

/* ---- open and transactions -------------------------------------------------------------------------------------- */

static int open_url(const char *url, bool existing, struct rf_store **store, struct rf_error *error)
{
	const char *colon = strchr(url, ':');
	size_t length = colon ? (size_t)(colon - url) : 0;
	for (size_t i = 0; i < RF_COUNT(implementations); i++) {
		const char *scheme = implementations[i]->scheme;
		if (length > 0 && strlen(scheme) == length && memcmp(url, scheme, length) == 0)
			return implementations[i]->open(colon + 1, existing, store, error);
	}
	return rf_error_set(error, "\"%s\" is not the URL of a store; expected sqlite:PATH", url);
}

int rf_store_open(const char *url, struct rf_store **store, struct rf_error *error)
{
	return open_url(url, false, store, error);
}

int rf_store_open_existing(const char *url, struct rf_store **store, struct rf_error *error)
{
	return open_url(url, true, store, error);
}

void rf_store_close(struct rf_store *store)
{
	if (!store)
		return;
	rf_store_rollback(store);
	store->functions->close(store);
}

int rf_store_begin(struct rf_store *store, enum rf_durability durability, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	if (store->in_transaction)
		return rf_error_set(error, "the store is in a transaction already");
	int result = store->functions->begin(store, durability, error);
	store->in_transaction = result == 0;
	return result;
}

int rf_store_commit(struct rf_store *store, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	int result = store->functions->commit(store, error);
	if (result < 0)
		return result;
	store->in_transaction = false;
	store->savepoints = 0;
	return 0;
}

void rf_store_rollback(struct rf_store *store)
{
	if (store->in_transaction)
		store->functions->rollback(store);
	store->in_transaction = false;
	store->faulted = false;
	store->savepoints = 0;
}

int rf_store_sync(struct rf_store *store, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	if (store->in_transaction)
		return rf_error_set(error, "the store is synced between transactions only");
	return store->functions->sync(store, error);
}

int rf_store_savepoint(struct rf_store *store, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	int result = store->functions->savepoint(store, error);
	if (result == 0)
		store->savepoints++;
	return result;
}

static int end_savepoint(struct rf_store *store, int (*end)(struct rf_store *store, struct rf_error *error),
			 struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	if (store->savepoints == 0)
		return rf_error_set(error, "the store has no savepoint to end");
	int result = end(store, error);
	if (result == 0)
		store->savepoints--;
	return result;
}

int rf_store_release(struct rf_store *store, struct rf_error *error)
{
	return end_savepoint(store, store->functions->release, error);
}

int rf_store_undo(struct rf_store *store, struct rf_error *error)
{
	return end_savepoint(store, store->functions->undo, error);
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

int rf_store_find_source(struct rf_store *store, const char *source_key, const char **document, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->find_source(store, source_key, document, error);
}

int rf_store_bind_source(struct rf_store *store, const char *source_key, const char *document, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->bind_source(store, source_key, document, error);
}

int rf_store_find_subject(struct rf_store *store, const char *subject_key, const char **document,
			  struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->find_subject(store, subject_key, document, error);
}

int rf_store_bind_subject(struct rf_store *store, const char *subject_key, const char *document, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->bind_subject(store, subject_key, document, error);
}

int rf_store_add_revision(struct rf_store *store, const struct rf_revision *revision, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->add_revision(store, revision, error);
}

int rf_store_get_revision(struct rf_store *store, const char *document, uint32_t number, struct rf_revision *revision,
			  struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_revision(store, document, number, revision, error);
}

int rf_store_set_major(struct rf_store *store, const char *document, uint32_t number, uint32_t major,
		       struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->set_major(store, document, number, major, error);
}

int rf_store_set_quiet(struct rf_store *store, const char *document, uint32_t number, bool quiet,
		       struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->set_quiet(store, document, number, quiet, error);
}

int rf_store_each_document(struct rf_store *store, const char *after, size_t most,
			   int (*each)(void *context, const struct rf_revision *newest), void *context,
			   struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_document(store, after, most, each, context, error));
}

int rf_store_set_attribute(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			   const char *value, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->set_attribute(store, document, revision, name, value, error);
}

int rf_store_each_attribute(struct rf_store *store, const char *document, uint32_t revision,
			    int (*each)(void *context, const char *name, const char *value), void *context,
			    struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_attribute(store, document, revision, each, context, error));
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

int rf_store_put_part(struct rf_store *store, const struct rf_part *part, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->put_part(store, part, error);
}

int rf_store_get_part(struct rf_store *store, const char *document, uint32_t revision, const char *name,
		      struct rf_part *part, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_part(store, document, revision, name, part, error);
}

int rf_store_each_part(struct rf_store *store, const char *document, uint32_t revision,
		       int (*each)(void *context, const struct rf_part *part), void *context, struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_part(store, document, revision, each, context, error));
}

int rf_store_each_superseded(struct rf_store *store, int64_t from_us, int64_t by_us,
			     int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us),
			     void *context, struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_superseded(store, from_us, by_us, each, context, error));
}

int rf_store_remove_parts(struct rf_store *store, const char *document, uint32_t revision, uint64_t *removed,
			  struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->remove_parts(store, document, revision, removed, error);
}

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

int rf_store_add_task(struct rf_store *store, const struct rf_task *task, uint64_t *id, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->add_task(store, task, id, error);
}

int rf_store_update_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->update_task(store, task, error);
}

int rf_store_get_task(struct rf_store *store, uint64_t id, struct rf_task *task, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_task(store, id, task, error);
}

int rf_store_find_task(struct rf_store *store, const char *document, uint32_t revision, const char *stage,
		       struct rf_task *task, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->find_task(store, document, revision, stage, task, error);
}

int rf_store_each_task(struct rf_store *store, const struct rf_task_filter *filter,
		       int (*each)(void *context, const struct rf_task *task), void *context, struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_task(store, filter, each, context, error));
}

int rf_store_oldest_task(struct rf_store *store, enum rf_task_state state, const char *stage, int64_t *created_us,
			 struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->oldest_task(store, state, stage, created_us, error);
}

int rf_store_next_due(struct rf_store *store, int64_t *due_us, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->next_due(store, due_us, error);
}

int rf_store_each_count(struct rf_store *store, int (*each)(void *context, const struct rf_count *count), void *context,
			struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_count(store, each, context, error));
}

int rf_store_rename_stage(struct rf_store *store, const char *from, const char *to, uint64_t *moved,
			  struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->rename_stage(store, from, to, moved, error);
}

int rf_store_need_toolset(struct rf_store *store, const char *plugins, uint32_t *number, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->need_toolset(store, plugins, number, error);
}

int rf_store_get_toolset(struct rf_store *store, uint32_t number, const char **plugins, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_toolset(store, number, plugins, error);
}

int rf_store_put_alert(struct rf_store *store, const struct rf_alert *alert, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->put_alert(store, alert, error);
}

int rf_store_drop_alert(struct rf_store *store, const char *cause, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->drop_alert(store, cause, error);
}

int rf_store_each_alert(struct rf_store *store, int (*each)(void *context, const struct rf_alert *alert), void *context,
			struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_alert(store, each, context, error));
}

int rf_store_get_usage(struct rf_store *store, struct rf_usage *usage, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_usage(store, usage, error);
}

/* ---- effects, history --------------------------------------------------------------------------------- */

int rf_store_get_effect(struct rf_store *store, const char *key, struct rf_effect *effect, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_effect(store, key, effect, error);
}

int rf_store_put_effect(struct rf_store *store, const struct rf_effect *effect, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->put_effect(store, effect, error);
}

int rf_store_each_effect(struct rf_store *store, const char *document,
			 int (*each)(void *context, const struct rf_effect *effect), void *context,
			 struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_effect(store, document, each, context, error));
}

int rf_store_add_event(struct rf_store *store, const struct rf_event *event, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->add_event(store, event, error);
}

int rf_store_each_event(struct rf_store *store, const char *document,
			int (*each)(void *context, const struct rf_event *event), void *context, struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_event(store, document, each, context, error));
}

/* ---- erasure ---------------------------------------------------------------------------------------------------- */

int rf_store_erase(struct rf_store *store, const struct rf_erasure *erasure, struct rf_erased *erased,
		   struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->erase(store, erasure, erased, error);
}

int rf_store_get_erasure(struct rf_store *store, const char *document, struct rf_erasure *erasure,
			 struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_erasure(store, document, erasure, error);
}

void rf_store_erased_key(const char *source_key, char text[RF_ERASED_KEY_SIZE])
{
	static const char mark[] = "erased:";
	struct rf_digest digest = rf_digest_of(source_key, strlen(source_key));
	memcpy(text, mark, sizeof mark);
	rf_digest_format(&digest, text + sizeof mark - 1);
}

int rf_store_scrub(struct rf_store *store, struct rf_scrubbed *scrubbed, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	if (store->in_transaction)
		return rf_error_set(error, "the store is written anew between transactions only");
	return store->functions->scrub(store, scrubbed, error);
}

int rf_store_find_blob(struct rf_store *store, const char *blob, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->find_blob(store, blob, error);
}

int rf_store_each_blob(struct rf_store *store, const char *after, size_t most,
		       int (*each)(void *context, const char *blob), void *context, struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->each_blob(store, after, most, each, context, error));
}

/* ---- copies and checks --------------------------------------------------------------------------------------------
 */

int rf_store_copy_begin(struct rf_store *store, const char *path, struct rf_store_copy **copy, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->copy_begin(store, path, copy, error);
}

int rf_store_copy_step(struct rf_store_copy *copy, struct rf_error *error)
{
	return copy->functions->copy_step(copy, error);
}

void rf_store_copy_end(struct rf_store_copy *copy)
{
	copy->functions->copy_end(copy);
}

int rf_store_check(struct rf_store *store, rf_store_fault each, void *context, struct rf_error *error)
{
	if (start_walk(store, error) < 0)
		return -1;
	return end_walk(store, store->functions->check(store, each, context, error));
}

/* ---- settings ---------------------------------------------------------------------------------------------------- */

int rf_store_set_setting(struct rf_store *store, const char *name, int64_t value, struct rf_error *error)
{
	if (may_write(store, error) < 0)
		return -1;
	return store->functions->set_setting(store, name, value, error);
}

int rf_store_get_setting(struct rf_store *store, const char *name, int64_t *value, struct rf_error *error)
{
	if (may_read(store, error) < 0)
		return -1;
	return store->functions->get_setting(store, name, value, error);
}
