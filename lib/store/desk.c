#include "store/desk.h"

#include "base/memory.h"
#include "store/store-private.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum { EACH = 128 /* about what a name with its place takes */ };

static void set_text(char **owned, const char **seen, const char *text)
{
	char *copy = rf_strdup(text);
	free(*owned);
	*seen = *owned = copy;
}

/* ---- the desk -----------------------------------------------------------------------------------------------------
 */

struct rf_desk *rf_desk_new(void)
{
	return rf_alloc(sizeof(struct rf_desk));
}

void rf_desk_clear(struct rf_desk *desk)
{
	struct rf_dossier *dossier, *next;
	HASH_ITER (hh, desk->dossiers, dossier, next)
		rf_desk_close(desk, dossier);
}

void rf_desk_free(struct rf_desk *desk)
{
	rf_desk_clear(desk);
	free(desk);
}

struct rf_dossier *rf_desk_find(const struct rf_desk *desk, const char *document)
{
	struct rf_dossier *dossier;
	HASH_FIND_STR(desk->dossiers, document, dossier);
	return dossier;
}

struct rf_dossier *rf_desk_find_revision(const struct rf_desk *desk, const char *document, uint32_t revision)
{
	struct rf_dossier *dossier = rf_desk_find(desk, document);
	if (!dossier || dossier->row.number != revision)
		return NULL;
	dossier->used = true;
	return dossier;
}

struct rf_desk_task *rf_desk_find_task(const struct rf_desk *desk, uint64_t id)
{
	struct rf_desk_task *task;
	HASH_FIND(hh, desk->tasks, &id, sizeof id, task);
	return task;
}

void rf_desk_look_through(struct rf_desk *desk)
{
	struct rf_dossier *dossier, *next;
	HASH_ITER (hh, desk->dossiers, dossier, next) {
		if (dossier->list == RF_DESK_CLEAN && !dossier->used)
			rf_desk_close(desk, dossier);
		else
			dossier->used = false;
	}
}

static void grow(struct rf_desk *desk, struct rf_dossier *dossier, size_t bytes)
{
	dossier->bytes += bytes;
	desk->bytes += bytes;
	if (dossier->list == RF_DESK_WAITING)
		desk->waiting_bytes += bytes;
}

static void shrink(struct rf_desk *desk, struct rf_dossier *dossier, size_t bytes)
{
	dossier->bytes -= bytes;
	desk->bytes -= bytes;
	if (dossier->list == RF_DESK_WAITING)
		desk->waiting_bytes -= bytes;
}

struct rf_dossier *rf_desk_open(struct rf_desk *desk, const char *document, uint32_t revision)
{
	struct rf_dossier *dossier = rf_alloc(sizeof *dossier);
	dossier->document = rf_strdup(document);
	dossier->row = (struct rf_revision){.document = dossier->document, .number = revision};
	HASH_ADD_KEYPTR(hh, desk->dossiers, dossier->document, strlen(dossier->document), dossier);
	grow(desk, dossier, sizeof *dossier + EACH);
	return dossier;
}

static void take_off_list(struct rf_desk *desk, struct rf_dossier *dossier)
{
	if (dossier->list != RF_DESK_CLEAN)
		DL_DELETE(desk->lists[dossier->list], dossier);
	if (dossier->list == RF_DESK_WAITING) {
		desk->n_waiting--;
		desk->waiting_bytes -= dossier->bytes;
	}
	dossier->list = RF_DESK_CLEAN;
}

void rf_desk_settle(struct rf_desk *desk, struct rf_dossier *dossier)
{
	take_off_list(desk, dossier);
	if (!desk->lists[RF_DESK_WAITING] && !desk->lists[RF_DESK_DUE])
		desk->unwritten = 0;
}

void rf_desk_list(struct rf_desk *desk, struct rf_dossier *dossier, enum rf_desk_list list)
{
	if (dossier->list >= list)
		return;
	take_off_list(desk, dossier);
	DL_APPEND(desk->lists[list], dossier);
	dossier->list = list;
	if (list == RF_DESK_WAITING) {
		desk->n_waiting++;
		desk->waiting_bytes += dossier->bytes;
	}
}

static void free_part(struct rf_desk_part *part)
{
	free(part->name);
	free(part->type);
	free(part->blob);
	rf_shared_drop(part->data);
}

void rf_desk_close(struct rf_desk *desk, struct rf_dossier *dossier)
{
	rf_desk_settle(desk, dossier);
	desk->bytes -= dossier->bytes;
	HASH_DEL(desk->dossiers, dossier); /* NOLINT(clang-analyzer-unix.Malloc): as in broker/peers.c */
	for (size_t i = 0; i < dossier->n_attributes; i++) {
		free(dossier->attributes[i].name);
		free(dossier->attributes[i].value);
	}
	for (size_t i = 0; i < dossier->n_parts; i++)
		free_part(&dossier->parts[i]);
	for (size_t i = 0; i < dossier->n_tasks; i++) {
		struct rf_desk_task *task = dossier->tasks[i];
		HASH_DEL(desk->tasks, task); /* NOLINT(clang-analyzer-core.NullDereference): as above */
		free(task->stage);
		free(task->code);
		free(task->reason);
		free(task);
	}
	free(dossier->attributes);
	free(dossier->parts);
	free(dossier->tasks);
	free(dossier->source_key);
	free(dossier->name);
	free(dossier->document);
	free(dossier);
}

/* ---- the row, attributes ------------------------------------------------------------------------------------------
 */

void rf_dossier_set_row(struct rf_desk *desk, struct rf_dossier *dossier, const struct rf_revision *row)
{
	dossier->row = *row;
	dossier->row.document = dossier->document;
	set_text(&dossier->source_key, &dossier->row.source_key, row->source_key);
	set_text(&dossier->name, &dossier->row.name, row->name);
	dossier->has_row = true;
	grow(desk, dossier, EACH);
}

/* Where the name stands, or would stand. */
static size_t place_of_attribute(const struct rf_dossier *dossier, const char *name, bool *found)
{
	size_t at = 0;
	int order = 1;
	while (at < dossier->n_attributes && (order = strcmp(dossier->attributes[at].name, name)) < 0)
		at++;
	*found = at < dossier->n_attributes && order == 0;
	return at;
}

void rf_dossier_put_attribute(struct rf_desk *desk, struct rf_dossier *dossier, const char *name, const char *value,
			      bool changed)
{
	bool found;
	size_t at = place_of_attribute(dossier, name, &found);
	if (!found) {
		dossier->attributes =
		    rf_realloc_array(dossier->attributes, dossier->n_attributes + 1, sizeof *dossier->attributes);
		memmove(&dossier->attributes[at + 1], &dossier->attributes[at],
			(dossier->n_attributes++ - at) * sizeof *dossier->attributes);
		dossier->attributes[at] = (struct rf_desk_attribute){.name = rf_strdup(name)};
		grow(desk, dossier, EACH);
	} else {
		shrink(desk, dossier, strlen(dossier->attributes[at].value));
	}
	struct rf_desk_attribute *attribute = &dossier->attributes[at];
	char *copy = rf_strdup(value);
	free(attribute->value);
	attribute->value = copy;
	attribute->changed = changed;
	grow(desk, dossier, strlen(value));
}

/* ---- parts --------------------------------------------------------------------------------------------------------
 */

static size_t place_of_part(const struct rf_dossier *dossier, const char *name, bool *found)
{
	size_t at = 0;
	int order = 1;
	while (at < dossier->n_parts && (order = strcmp(dossier->parts[at].name, name)) < 0)
		at++;
	*found = at < dossier->n_parts && order == 0;
	return at;
}

struct rf_desk_part *rf_dossier_part(const struct rf_dossier *dossier, const char *name)
{
	bool found;
	size_t at = place_of_part(dossier, name, &found);
	return found ? &dossier->parts[at] : NULL;
}

static size_t data_bytes(const struct rf_desk_part *part)
{
	return part->data ? part->row.size : 0;
}

static void show_data(struct rf_desk_part *part)
{
	part->row.shared = part->data;
	part->row.data = part->data ? part->data->data : NULL;
}

void rf_dossier_put_part(struct rf_desk *desk, struct rf_dossier *dossier, const struct rf_part *part, bool changed)
{
	struct rf_desk_part put = {.row = *part, .changed = changed};
	put.row.document = dossier->document;
	set_text(&put.name, &put.row.name, part->name);
	set_text(&put.type, &put.row.type, part->type);
	set_text(&put.blob, &put.row.blob, part->blob);
	bool is_here = !part->blob && (part->data || changed);
	put.data = is_here ? rf_shared_copy(part->data, part->size) : NULL;
	show_data(&put);
	bool found;
	size_t at = place_of_part(dossier, part->name, &found);
	if (found) {
		shrink(desk, dossier, data_bytes(&dossier->parts[at]));
		free_part(&dossier->parts[at]);
	} else {
		dossier->parts = rf_realloc_array(dossier->parts, dossier->n_parts + 1, sizeof *dossier->parts);
		memmove(&dossier->parts[at + 1], &dossier->parts[at],
			(dossier->n_parts++ - at) * sizeof *dossier->parts);
		grow(desk, dossier, sizeof put + EACH);
	}
	dossier->parts[at] = put;
	grow(desk, dossier, data_bytes(&put));
}

void rf_desk_keep_data(struct rf_desk *desk, struct rf_dossier *dossier, struct rf_desk_part *part, const void *data)
{
	part->data = rf_shared_copy(data, part->row.size);
	show_data(part);
	grow(desk, dossier, data_bytes(part));
}

void rf_desk_drop_data(struct rf_desk *desk, struct rf_dossier *dossier)
{
	for (size_t i = 0; i < dossier->n_parts; i++) {
		struct rf_desk_part *part = &dossier->parts[i];
		if (part->changed)
			continue;
		shrink(desk, dossier, data_bytes(part));
		rf_shared_drop(rf_steal(part->data));
		show_data(part);
	}
}

/* ---- tasks --------------------------------------------------------------------------------------------------------
 */

struct rf_desk_task *rf_dossier_task(const struct rf_dossier *dossier, const char *stage)
{
	for (size_t i = 0; i < dossier->n_tasks; i++)
		if (strcmp(dossier->tasks[i]->stage, stage) == 0)
			return dossier->tasks[i];
	return NULL;
}

static size_t words_of(const struct rf_desk_task *task)
{
	return (task->code ? strlen(task->code) : 0) + (task->reason ? strlen(task->reason) : 0);
}

static void fill_task(struct rf_desk *desk, struct rf_desk_task *task, const struct rf_task *row)
{
	uint64_t id = task->row.id;
	shrink(desk, task->dossier, words_of(task));
	task->row = *row;
	task->row.id = id;
	task->row.document = task->dossier->document;
	task->row.revision = task->dossier->row.number;
	task->row.stage = task->stage;
	set_text(&task->code, &task->row.code, row->code);
	set_text(&task->reason, &task->row.reason, row->reason);
	grow(desk, task->dossier, words_of(task));
}

void rf_dossier_add_task(struct rf_desk *desk, struct rf_dossier *dossier, const struct rf_task *row,
			 enum rf_task_state filed)
{
	struct rf_desk_task *task = rf_alloc(sizeof *task);
	task->dossier = dossier;
	task->row.id = row->id;
	task->stage = rf_strdup(row->stage);
	task->filed = filed;
	task->changed = !filed;
	fill_task(desk, task, row);
	dossier->tasks = rf_realloc_array(dossier->tasks, dossier->n_tasks + 1, sizeof(void *));
	dossier->tasks[dossier->n_tasks++] = task;
	HASH_ADD(hh, desk->tasks, row.id, sizeof task->row.id, task);
	if (task->changed)
		desk->unwritten |= 1U << row->state;
	grow(desk, dossier, sizeof *task + EACH);
}

void rf_desk_change_task(struct rf_desk *desk, struct rf_desk_task *task, const struct rf_task *row)
{
	fill_task(desk, task, row);
	task->changed = true;
	desk->unwritten |= 1U << task->filed | 1U << row->state;
}

bool rf_dossier_is_open(const struct rf_dossier *dossier)
{
	for (size_t i = 0; i < dossier->n_tasks; i++)
		if (dossier->tasks[i]->row.state == RF_TASK_READY || dossier->tasks[i]->row.state == RF_TASK_DELAYED)
			return true;
	return false;
}

/* ---- writing ------------------------------------------------------------------------------------------------------
 */

static int write_task(struct rf_desk_task *task, struct rf_store *store, struct rf_counts *counts,
		      struct rf_error *error)
{
	if (!task->changed)
		return 0;
	if ((task->filed ? store->functions->update_task(store, &task->row, error)
			 : store->functions->add_task(store, &task->row, error)) < 0)
		return -1;
	rf_counts_move_row(counts, task->stage, task->filed, task->row.state);
	task->filed = task->row.state;
	task->changed = false;
	return 0;
}

int rf_dossier_write(struct rf_desk *desk, struct rf_dossier *dossier, struct rf_store *store, struct rf_counts *counts,
		     struct rf_error *error)
{
	for (size_t i = 0; i < dossier->n_parts; i++) {
		struct rf_desk_part *part = &dossier->parts[i];
		if (part->changed && store->functions->put_part(store, &part->row, error) < 0)
			return -1;
		part->changed = false;
	}
	for (size_t i = 0; i < dossier->n_attributes; i++) {
		struct rf_desk_attribute *attribute = &dossier->attributes[i];
		if (attribute->changed && store->functions->set_attribute(store, dossier->document, dossier->row.number,
									  attribute->name, attribute->value, error) < 0)
			return -1;
		attribute->changed = false;
	}
	for (size_t i = 0; i < dossier->n_tasks; i++)
		if (write_task(dossier->tasks[i], store, counts, error) < 0)
			return -1;
	rf_desk_settle(desk, dossier);
	rf_desk_list(desk, dossier, RF_DESK_WRITTEN);
	return 0;
}
