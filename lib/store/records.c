/* What the store is asked beside one revision (revisions.c): keys, walks, effects, history, erasure, copies, settings.
 * It lies in the file alone; where an answer goes over what lies on the desk too, that is written first. */
#include "store/desk.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static const char *const state_names[RF_TASK_STATES] = {
    [RF_TASK_READY] = "ready",   [RF_TASK_DELAYED] = "delayed", [RF_TASK_HELD] = "held",
    [RF_TASK_DEAD] = "dead",     [RF_TASK_DONE] = "done",       [RF_TASK_SUPERSEDED] = "superseded",
    [RF_TASK_ERASED] = "erased",
};

const char *rf_task_state_name(enum rf_task_state state)
{
	return state > 0 && state < RF_TASK_STATES ? state_names[state] : "?";
}

/* Tasks are asked for by their state. */
static int file_states(struct rf_store *store, uint32_t states, struct rf_error *error)
{
	return store->desk->unwritten & states ? rf_store_file(store, NULL, error) : 0;
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

int rf_store_find_source(struct rf_store *store, const char *source_key, const char **document, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	return store->functions->find_source(store, source_key, document, error);
}

int rf_store_bind_source(struct rf_store *store, const char *source_key, const char *document, struct rf_error *error)
{
	if (rf_store_may_write(store, document, error) < 0)
		return -1;
	return store->functions->bind_source(store, source_key, document, error);
}

int rf_store_find_subject(struct rf_store *store, const char *subject_key, const char **document,
			  struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	return store->functions->find_subject(store, subject_key, document, error);
}

int rf_store_bind_subject(struct rf_store *store, const char *subject_key, const char *document, struct rf_error *error)
{
	if (rf_store_may_write(store, document, error) < 0)
		return -1;
	return store->functions->bind_subject(store, subject_key, document, error);
}

int rf_store_each_document(struct rf_store *store, const char *after, size_t most,
			   int (*each)(void *context, const struct rf_revision *newest), void *context,
			   struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->each_document(store, after, most, each, context, error));
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

int rf_store_each_superseded(struct rf_store *store, int64_t from_us, int64_t by_us,
			     int (*each)(void *context, const char *document, uint32_t number, int64_t superseded_us),
			     void *context, struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->each_superseded(store, from_us, by_us, each, context, error));
}

int rf_store_remove_parts(struct rf_store *store, const char *document, uint32_t revision, uint64_t *removed,
			  struct rf_error *error)
{
	if (rf_store_may_write(store, document, error) < 0 || rf_store_file(store, document, error) < 0 ||
	    store->functions->remove_parts(store, document, revision, removed, error) < 0)
		return -1;
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, revision);
	if (dossier)
		rf_desk_close(store->desk, dossier);
	return 0;
}

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

int rf_store_each_task(struct rf_store *store, const struct rf_task_filter *filter,
		       int (*each)(void *context, const struct rf_task *task), void *context, struct rf_error *error)
{
	uint32_t states = filter->states ? filter->states : UINT32_MAX;
	if (rf_store_may_read(store, error) < 0 ||
	    (filter->document ? rf_store_file(store, filter->document, error) : file_states(store, states, error)) < 0)
		return -1;
	store->walking = true;
	return rf_store_end_walk(store, store->functions->each_task(store, filter, each, context, error));
}

int rf_store_oldest_task(struct rf_store *store, enum rf_task_state state, const char *stage, int64_t *created_us,
			 struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0 || file_states(store, 1U << state, error) < 0)
		return -1;
	return store->functions->oldest_task(store, state, stage, created_us, error);
}

int rf_store_next_due(struct rf_store *store, int64_t *due_us, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0 || file_states(store, 1U << RF_TASK_DELAYED, error) < 0)
		return -1;
	return store->functions->next_due(store, due_us, error);
}

int rf_store_each_count(struct rf_store *store, int (*each)(void *context, const struct rf_count *count), void *context,
			struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0 || rf_counts_need(store->counts, store, error) < 0)
		return -1;
	store->walking = true;
	return rf_store_end_walk(store, rf_counts_each(store->counts, each, context));
}

int rf_store_rename_stage(struct rf_store *store, const char *from, const char *to, uint64_t *moved,
			  struct rf_error *error)
{
	if (rf_store_may_write(store, NULL, error) < 0 || rf_store_file(store, NULL, error) < 0 ||
	    rf_counts_need(store->counts, store, error) < 0)
		return -1;
	uint64_t n = rf_counts_of(store->counts, from);
	if (n > 0 && rf_counts_of(store->counts, to) > 0)
		return RF_STORE_TAKEN;
	if (n > 0 && store->functions->rename_stage(store, from, to, error) < 0)
		return -1;
	rf_counts_rename(store->counts, from, to);
	rf_desk_clear(store->desk);
	*moved = n;
	return 0;
}

int rf_store_need_toolset(struct rf_store *store, const char *plugins, uint32_t *number, struct rf_error *error)
{
	if (rf_store_may_write(store, NULL, error) < 0)
		return -1;
	return store->functions->need_toolset(store, plugins, number, error);
}

int rf_store_get_toolset(struct rf_store *store, uint32_t number, const char **plugins, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	return store->functions->get_toolset(store, number, plugins, error);
}

int rf_store_put_alert(struct rf_store *store, const struct rf_alert *alert, struct rf_error *error)
{
	if (rf_store_may_write(store, NULL, error) < 0)
		return -1;
	return store->functions->put_alert(store, alert, error);
}

int rf_store_drop_alert(struct rf_store *store, const char *cause, struct rf_error *error)
{
	if (rf_store_may_write(store, NULL, error) < 0)
		return -1;
	return store->functions->drop_alert(store, cause, error);
}

int rf_store_each_alert(struct rf_store *store, int (*each)(void *context, const struct rf_alert *alert), void *context,
			struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->each_alert(store, each, context, error));
}

int rf_store_get_usage(struct rf_store *store, struct rf_usage *usage, struct rf_error *error)
{
	uint64_t bytes;
	if (rf_store_may_read(store, error) < 0 || rf_counts_need(store->counts, store, error) < 0 ||
	    store->functions->get_bytes(store, &bytes, error) < 0)
		return -1;
	*usage = (struct rf_usage){.tasks_made = rf_counts_made(store->counts), .bytes = bytes};
	return 0;
}

/* ---- effects, history --------------------------------------------------------------------------------- */

int rf_store_get_effect(struct rf_store *store, const char *key, struct rf_effect *effect, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	return store->functions->get_effect(store, key, effect, error);
}

int rf_store_put_effect(struct rf_store *store, const struct rf_effect *effect, struct rf_error *error)
{
	if (rf_store_may_write(store, effect->document, error) < 0)
		return -1;
	return store->functions->put_effect(store, effect, error);
}

int rf_store_each_effect(struct rf_store *store, const char *document,
			 int (*each)(void *context, const struct rf_effect *effect), void *context,
			 struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->each_effect(store, document, each, context, error));
}

int rf_store_add_event(struct rf_store *store, const struct rf_event *event, struct rf_error *error)
{
	if (rf_store_may_write(store, event->document, error) < 0)
		return -1;
	return store->functions->add_event(store, event, error);
}

int rf_store_each_event(struct rf_store *store, const char *document,
			int (*each)(void *context, const struct rf_event *event), void *context, struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->each_event(store, document, each, context, error));
}

/* ---- erasure ---------------------------------------------------------------------------------------------------- */

static int count_erased(void *context, const struct rf_task *task)
{
	rf_counts_move(context, task->stage, task->state, RF_TASK_ERASED);
	rf_counts_move_row(context, task->stage, task->state, RF_TASK_ERASED);
	return 0;
}

static void forget_dossier(struct rf_store *store, const char *document)
{
	struct rf_dossier *dossier = rf_desk_find(store->desk, document);
	if (dossier)
		rf_desk_close(store->desk, dossier);
}

int rf_store_erase(struct rf_store *store, const struct rf_erasure *erasure, struct rf_erased *erased,
		   struct rf_error *error)
{
	struct rf_task_filter filter = {.document = erasure->document};
	if (rf_store_may_write(store, erasure->document, error) < 0 ||
	    rf_store_file(store, erasure->document, error) < 0 || rf_counts_need(store->counts, store, error) < 0 ||
	    store->functions->each_task(store, &filter, count_erased, store->counts, error) < 0 ||
	    store->functions->erase(store, erasure, erased, error) < 0)
		return -1;
	forget_dossier(store, erasure->document);
	return 0;
}

int rf_store_erase_before(struct rf_store *store, const char *document, uint32_t number, struct rf_erased *erased,
			  struct rf_error *error)
{
	if (rf_store_may_write(store, document, error) < 0 || rf_store_file(store, document, error) < 0 ||
	    store->functions->erase_before(store, document, number, erased, error) < 0)
		return -1;
	forget_dossier(store, document);
	return 0;
}

int rf_store_get_erasure(struct rf_store *store, const char *document, struct rf_erasure *erasure,
			 struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
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

int rf_store_scrub(struct rf_store *store, const struct rf_store_alive *alive, struct rf_scrubbed *scrubbed,
		   struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	if (store->in_transaction)
		return rf_error_set(error, "the store is written anew between transactions only");
	if (rf_store_file(store, NULL, error) < 0)
		return -1;
	return store->functions->scrub(store, alive, scrubbed, error);
}

int rf_store_find_blob(struct rf_store *store, const char *blob, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0 || rf_store_file(store, NULL, error) < 0)
		return -1;
	return store->functions->find_blob(store, blob, error);
}

int rf_store_each_blob(struct rf_store *store, const char *after, size_t most,
		       int (*each)(void *context, const char *blob), void *context, struct rf_error *error)
{
	if (rf_store_file(store, NULL, error) < 0 || rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->each_blob(store, after, most, each, context, error));
}

/* ---- copies and checks --------------------------------------------------------------------------------------------
 */

int rf_store_copy_begin(struct rf_store *store, const char *path, struct rf_store_copy **copy, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0 || store->functions->copy_begin(store, path, copy, error) < 0)
		return -1;
	(*copy)->functions = store->functions;
	(*copy)->store = store;
	return 0;
}

int rf_store_copy_step(struct rf_store_copy *copy, struct rf_error *error)
{
	return rf_store_file(copy->store, NULL, error) < 0 ? -1 : copy->functions->copy_step(copy, error);
}

void rf_store_copy_end(struct rf_store_copy *copy)
{
	copy->functions->copy_end(copy);
}

int rf_store_check(struct rf_store *store, rf_store_fault each, void *context, struct rf_error *error)
{
	if (rf_store_file(store, NULL, error) < 0 || rf_store_start_walk(store, error) < 0)
		return -1;
	return rf_store_end_walk(store, store->functions->check(store, each, context, error));
}

/* ---- settings ---------------------------------------------------------------------------------------------------- */

int rf_store_set_setting(struct rf_store *store, const char *name, int64_t value, struct rf_error *error)
{
	if (rf_store_may_write(store, NULL, error) < 0)
		return -1;
	return store->functions->set_setting(store, name, value, error);
}

int rf_store_get_setting(struct rf_store *store, const char *name, int64_t *value, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	return store->functions->get_setting(store, name, value, error);
}
