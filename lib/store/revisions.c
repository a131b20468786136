/* What the store is asked of one revision: its row, attributes, parts and tasks. By the desk, where it has a dossier;
 * else by the file. */
#include "store/desk.h"
#include "store/store-private.h"

#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

enum { MOST_DATA = 256 * 1024 /* of a part that is read: larger ones do not come onto the desk */ };

/* ---- onto the desk ------------------------------------------------------------------------------------------------
 */

/* In a savepoint everything goes into the file, so that it can be undone there. When the desk is full, a new revision
 * comes onto it when it is taken up. */
static bool takes_more(const struct rf_store *store)
{
	return store->savepoints == 0 && store->desk->bytes < RF_DESK_MOST_BYTES;
}

int rf_store_add_revision(struct rf_store *store, const struct rf_revision *revision, struct rf_error *error)
{
	if (rf_store_may_write(store, revision->document, error) < 0 ||
	    rf_store_file(store, revision->document, error) < 0 ||
	    store->functions->add_revision(store, revision, error) < 0)
		return -1;
	struct rf_dossier *before = rf_desk_find(store->desk, revision->document);
	if (before)
		rf_desk_close(store->desk, before); /* nothing of it is in the hands of this function any more */
	if (takes_more(store)) {
		struct rf_dossier *dossier = rf_desk_open(store->desk, revision->document, revision->number);
		rf_dossier_set_row(store->desk, dossier, revision);
	}
	return 0;
}

struct reading {
	struct rf_desk *desk;
	struct rf_dossier *dossier;
};

static int read_attribute(void *context, const char *name, const char *value)
{
	struct reading *reading = context;
	rf_dossier_put_attribute(reading->desk, reading->dossier, name, value, false);
	return 0;
}

static int read_part(void *context, const struct rf_part *part)
{
	struct reading *reading = context;
	rf_dossier_put_part(reading->desk, reading->dossier, part, false);
	return 0;
}

static int read_task(void *context, const struct rf_task *task)
{
	struct reading *reading = context;
	if (task->revision == reading->dossier->row.number)
		rf_dossier_add_task(reading->desk, reading->dossier, task, task->state);
	return 0;
}

static int read_dossier(struct rf_store *store, struct rf_dossier *dossier, struct rf_error *error)
{
	const struct rf_store_functions *functions = store->functions;
	const char *document = dossier->document;
	uint32_t number = dossier->row.number;
	struct reading reading = {store->desk, dossier};
	struct rf_task_filter filter = {.document = document};
	struct rf_revision row;
	int found = functions->get_revision(store, document, number, &row, error);
	if (found == 0)
		rf_dossier_set_row(store->desk, dossier, &row);
	if (found < 0 || functions->each_attribute(store, document, number, read_attribute, &reading, error) < 0 ||
	    functions->each_part(store, document, number, read_part, &reading, error) < 0)
		return -1;
	return functions->each_task(store, &filter, read_task, &reading, error);
}

int rf_store_take_up(struct rf_store *store, const char *document, uint32_t revision, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	struct rf_dossier *other = rf_desk_find(store->desk, document);
	if (store->savepoints > 0 || (other && other->row.number == revision))
		return 0;
	if (other) {
		if (rf_store_file(store, document, error) < 0)
			return -1;
		rf_desk_close(store->desk, other);
	}
	struct rf_dossier *dossier = rf_desk_open(store->desk, document, revision);
	if (read_dossier(store, dossier, error) == 0)
		return 0;
	rf_desk_close(store->desk, dossier);
	return -1;
}

/* ---- the row ------------------------------------------------------------------------------------------------------
 */

int rf_store_get_revision(struct rf_store *store, const char *document, uint32_t number, struct rf_revision *revision,
			  struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	const struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, number);
	if (!dossier || !dossier->has_row)
		return store->functions->get_revision(store, document, number, revision, error);
	*revision = dossier->row;
	return 0;
}

int rf_store_set_major(struct rf_store *store, const char *document, uint32_t number, uint32_t major,
		       struct rf_error *error)
{
	if (rf_store_may_write(store, document, error) < 0 ||
	    store->functions->set_major(store, document, number, major, error) < 0)
		return -1;
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, number);
	if (dossier)
		dossier->row.major = major;
	return 0;
}

int rf_store_set_quiet(struct rf_store *store, const char *document, uint32_t number, bool quiet,
		       struct rf_error *error)
{
	if (rf_store_may_write(store, document, error) < 0 ||
	    store->functions->set_quiet(store, document, number, quiet, error) < 0)
		return -1;
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, number);
	if (dossier)
		dossier->row.quiet = quiet;
	return 0;
}

/* ---- attributes ---------------------------------------------------------------------------------------------------
 */

int rf_store_set_attribute(struct rf_store *store, const char *document, uint32_t revision, const char *name,
			   const char *value, struct rf_error *error)
{
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, revision);
	if (!dossier)
		return rf_store_may_write(store, document, error) < 0
			   ? -1
			   : store->functions->set_attribute(store, document, revision, name, value, error);
	if (rf_store_may_change(store, dossier, error) < 0)
		return -1;
	rf_dossier_put_attribute(store->desk, dossier, name, value, true);
	return 0;
}

static int visit_attributes(const struct rf_dossier *dossier,
			    int (*each)(void *context, const char *name, const char *value), void *context)
{
	int answer = 0;
	for (size_t i = 0; i < dossier->n_attributes && answer == 0; i++)
		answer = each(context, dossier->attributes[i].name, dossier->attributes[i].value);
	return answer < 0 ? answer : 0;
}

int rf_store_each_attribute(struct rf_store *store, const char *document, uint32_t revision,
			    int (*each)(void *context, const char *name, const char *value), void *context,
			    struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	const struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, revision);
	return rf_store_end_walk(
	    store, dossier ? visit_attributes(dossier, each, context)
			   : store->functions->each_attribute(store, document, revision, each, context, error));
}

/* ---- parts --------------------------------------------------------------------------------------------------------
 */

int rf_store_put_part(struct rf_store *store, const struct rf_part *part, struct rf_error *error)
{
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, part->document, part->revision);
	if (!dossier)
		return rf_store_may_write(store, part->document, error) < 0
			   ? -1
			   : store->functions->put_part(store, part, error);
	if (rf_store_may_change(store, dossier, error) < 0)
		return -1;
	rf_dossier_put_part(store->desk, dossier, part, true);
	return 0;
}

int rf_store_get_part(struct rf_store *store, const char *document, uint32_t revision, const char *name,
		      struct rf_part *part, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, revision);
	struct rf_desk_part *known = dossier ? rf_dossier_part(dossier, name) : NULL;
	if (dossier && !known)
		return RF_STORE_NONE;
	if (!known || (!known->data && !known->blob)) {
		int status = store->functions->get_part(store, document, revision, name, part, error);
		if (status == 0 && known && part->data && part->size <= MOST_DATA)
			rf_desk_keep_data(store->desk, dossier, known, part->data);
		return status;
	}
	*part = known->row;
	return 0;
}

static int visit_parts(const struct rf_dossier *dossier, int (*each)(void *context, const struct rf_part *part),
		       void *context)
{
	int answer = 0;
	for (size_t i = 0; i < dossier->n_parts && answer == 0; i++) {
		struct rf_part part = dossier->parts[i].row;
		part.data = NULL;
		part.shared = NULL;
		answer = each(context, &part);
	}
	return answer < 0 ? answer : 0;
}

int rf_store_each_part(struct rf_store *store, const char *document, uint32_t revision,
		       int (*each)(void *context, const struct rf_part *part), void *context, struct rf_error *error)
{
	if (rf_store_start_walk(store, error) < 0)
		return -1;
	const struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, revision);
	return rf_store_end_walk(
	    store, dossier ? visit_parts(dossier, each, context)
			   : store->functions->each_part(store, document, revision, each, context, error));
}

/* ---- tasks --------------------------------------------------------------------------------------------------------
 */

static bool is_state(enum rf_task_state state)
{
	return state > 0 && state < RF_TASK_STATES;
}

/* The row goes into the file at once. */
static int add_row(struct rf_store *store, const struct rf_task *task, struct rf_error *error)
{
	if (rf_store_may_write(store, task->document, error) < 0 || store->functions->add_task(store, task, error) < 0)
		return -1;
	rf_counts_move_row(store->counts, task->stage, 0, task->state);
	return 0;
}

int rf_store_add_task(struct rf_store *store, const struct rf_task *task, uint64_t *id, struct rf_error *error)
{
	if (!is_state(task->state))
		return rf_error_set(error, "a task has no state %d", (int)task->state);
	if (rf_store_may_read(store, error) < 0 || rf_counts_need(store->counts, store, error) < 0)
		return -1;
	struct rf_dossier *dossier = rf_desk_find_revision(store->desk, task->document, task->revision);
	struct rf_task added = *task;
	added.id = rf_counts_give_id(store->counts);
	if (dossier && rf_dossier_task(dossier, task->stage))
		return rf_error_set(error, "there is a task of %s for document %s revision %u already", task->stage,
				    task->document, task->revision);
	if ((dossier ? rf_store_may_change(store, dossier, error) : add_row(store, &added, error)) < 0)
		return -1;
	if (dossier)
		rf_dossier_add_task(store->desk, dossier, &added, 0);
	rf_counts_move(store->counts, task->stage, 0, task->state);
	*id = added.id;
	return 0;
}

struct old_task {
	char *document, *stage;
	enum rf_task_state state;
};

static int note_old(void *context, const struct rf_task *task)
{
	struct old_task *old = context;
	*old = (struct old_task){rf_strdup(task->document), rf_strdup(task->stage), task->state};
	return 0;
}

/* What it was is asked for, because it is counted. */
static int update_row(struct rf_store *store, const struct rf_task *task, struct rf_error *error)
{
	struct old_task old = {0};
	if (store->functions->visit_task(store, task->id, note_old, &old, error) < 0)
		return -1;
	rf_autofree char *document = old.document, *stage = old.stage;
	if (!document)
		return rf_error_set(error, "there is no task %" PRIu64, task->id);
	if (rf_store_may_write(store, document, error) < 0 || store->functions->update_task(store, task, error) < 0)
		return -1;
	rf_counts_move(store->counts, stage, old.state, task->state);
	rf_counts_move_row(store->counts, stage, old.state, task->state);
	return 0;
}

int rf_store_update_task(struct rf_store *store, const struct rf_task *task, struct rf_error *error)
{
	if (!is_state(task->state))
		return rf_error_set(error, "a task has no state %d", (int)task->state);
	if (rf_store_may_read(store, error) < 0 || rf_counts_need(store->counts, store, error) < 0)
		return -1;
	struct rf_desk_task *known = rf_desk_find_task(store->desk, task->id);
	if (!known)
		return update_row(store, task, error);
	if (rf_store_may_change(store, known->dossier, error) < 0)
		return -1;
	rf_counts_move(store->counts, known->stage, known->row.state, task->state);
	rf_desk_change_task(store->desk, known, task);
	return 0;
}

int rf_store_get_task(struct rf_store *store, uint64_t id, struct rf_task *task, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	const struct rf_desk_task *known = rf_desk_find_task(store->desk, id);
	if (!known)
		return store->functions->get_task(store, id, task, error);
	*task = known->row;
	return 0;
}

int rf_store_find_task(struct rf_store *store, const char *document, uint32_t revision, const char *stage,
		       struct rf_task *task, struct rf_error *error)
{
	if (rf_store_may_read(store, error) < 0)
		return -1;
	const struct rf_dossier *dossier = rf_desk_find_revision(store->desk, document, revision);
	if (!dossier)
		return store->functions->find_task(store, document, revision, stage, task, error);
	const struct rf_desk_task *known = rf_dossier_task(dossier, stage);
	if (known)
		*task = known->row;
	return known ? 0 : RF_STORE_NONE;
}
