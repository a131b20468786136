#include "store/counts.h"

#include "base/memory.h"
#include "store/store-private.h"

#include <stdlib.h>
#include <string.h>

enum { RESERVED = 1 << 20, FEW_LEFT = 1 << 19 /* more than are made in one transaction */ };

static const char setting_made[] = "tasks_made", setting_ids[] = "task_ids";

struct stage_counts {
	char *stage;
	int64_t tasks[RF_TASK_STATES], rows[RF_TASK_STATES];
	bool changed[RF_TASK_STATES]; /* the count of rows, since it was written */
};

struct rf_counts {
	struct stage_counts *stages; /* by name */
	size_t n;
	bool known;
	int64_t made, made_rows;
	bool made_changed;
	uint64_t next_id, reserved; /* ids below are this process's to give */
	bool ending;                /* and no more are wanted */
};

struct rf_counts *rf_counts_new(void)
{
	return rf_alloc(sizeof(struct rf_counts));
}

void rf_counts_forget(struct rf_counts *counts)
{
	for (size_t i = 0; i < counts->n; i++)
		free(counts->stages[i].stage);
	free(rf_steal(counts->stages));
	counts->n = 0;
	counts->known = counts->made_changed = false;
}

void rf_counts_free(struct rf_counts *counts)
{
	rf_counts_forget(counts);
	free(counts);
}

static struct stage_counts *counts_of(struct rf_counts *counts, const char *stage)
{
	size_t at = 0;
	int order = 1;
	while (at < counts->n && (order = strcmp(counts->stages[at].stage, stage)) < 0)
		at++;
	if (at < counts->n && order == 0)
		return &counts->stages[at];
	counts->stages = rf_realloc_array(counts->stages, counts->n + 1, sizeof *counts->stages);
	memmove(&counts->stages[at + 1], &counts->stages[at], (counts->n - at) * sizeof *counts->stages);
	counts->stages[at] = (struct stage_counts){.stage = rf_strdup(stage)};
	counts->n++;
	return &counts->stages[at];
}

/* ---- from the file ------------------------------------------------------------------------------------------------
 */

static int take_count(void *context, const struct rf_count *count)
{
	struct stage_counts *stage = counts_of(context, count->stage);
	stage->tasks[count->state] = stage->rows[count->state] = (int64_t)count->n;
	return 0;
}

static int read_ids(struct rf_counts *counts, struct rf_store *store, struct rf_error *error)
{
	uint64_t last;
	int64_t reserved = 1;
	if (store->functions->last_task(store, &last, error) < 0 ||
	    store->functions->get_setting(store, setting_ids, &reserved, error) < 0)
		return -1;
	counts->next_id = last + 1 > (uint64_t)reserved ? last + 1 : (uint64_t)reserved;
	counts->reserved = counts->next_id;
	return 0;
}

int rf_counts_need(struct rf_counts *counts, struct rf_store *store, struct rf_error *error)
{
	if (counts->known)
		return 0;
	counts->made = 0;
	if (store->functions->each_count(store, take_count, counts, error) < 0 ||
	    store->functions->get_setting(store, setting_made, &counts->made, error) < 0 ||
	    (!counts->next_id && read_ids(counts, store, error) < 0))
		return -1;
	counts->made_rows = counts->made;
	counts->known = true;
	return 0;
}

/* ---- counting -----------------------------------------------------------------------------------------------------
 */

uint64_t rf_counts_give_id(struct rf_counts *counts)
{
	return counts->next_id++;
}

void rf_counts_move(struct rf_counts *counts, const char *stage, enum rf_task_state from, enum rf_task_state to)
{
	struct stage_counts *of = counts_of(counts, stage);
	of->tasks[to]++;
	if (from)
		of->tasks[from]--;
	else
		counts->made++;
}

void rf_counts_move_row(struct rf_counts *counts, const char *stage, enum rf_task_state from, enum rf_task_state to)
{
	struct stage_counts *of = counts_of(counts, stage);
	of->rows[to]++;
	of->changed[to] = true;
	if (from) {
		of->rows[from]--;
		of->changed[from] = true;
	} else {
		counts->made_rows++;
		counts->made_changed = true;
	}
}

void rf_counts_rename(struct rf_counts *counts, const char *from, const char *to)
{
	counts_of(counts, to);
	struct stage_counts *old = counts_of(counts, from), *new = counts_of(counts, to);
	for (int state = 1; state < RF_TASK_STATES; state++) {
		new->tasks[state] = old->tasks[state];
		new->rows[state] = old->rows[state];
		old->tasks[state] = old->rows[state] = 0;
		old->changed[state] = new->changed[state] = true;
	}
}

uint64_t rf_counts_of(struct rf_counts *counts, const char *stage)
{
	const struct stage_counts *of = counts_of(counts, stage);
	int64_t n = 0;
	for (int state = 1; state < RF_TASK_STATES; state++)
		n += of->tasks[state];
	return (uint64_t)n;
}

uint64_t rf_counts_made(const struct rf_counts *counts)
{
	return (uint64_t)counts->made;
}

int rf_counts_each(const struct rf_counts *counts, int (*each)(void *context, const struct rf_count *count),
		   void *context)
{
	int answer = 0;
	for (size_t i = 0; i < counts->n && answer == 0; i++)
		for (int state = 1; state < RF_TASK_STATES && answer == 0; state++) {
			const struct rf_count count = {.stage = counts->stages[i].stage,
						       .state = (enum rf_task_state)state,
						       .n = (uint64_t)counts->stages[i].tasks[state]};
			if (count.n > 0)
				answer = each(context, &count);
		}
	return answer < 0 ? answer : 0;
}

/* ---- to the file --------------------------------------------------------------------------------------------------
 */

bool rf_counts_are_short(const struct rf_counts *counts)
{
	return counts->known && !counts->ending && counts->next_id + FEW_LEFT > counts->reserved;
}

static int reserve(struct rf_counts *counts, struct rf_store *store, uint64_t reserved, struct rf_error *error)
{
	if (store->functions->set_setting(store, setting_ids, (int64_t)reserved, error) < 0)
		return -1;
	counts->reserved = reserved;
	return 0;
}

static int write_stage(struct stage_counts *stage, struct rf_store *store, struct rf_error *error)
{
	for (int state = 1; state < RF_TASK_STATES; state++) {
		const struct rf_count count = {
		    .stage = stage->stage, .state = (enum rf_task_state)state, .n = (uint64_t)stage->rows[state]};
		if (stage->changed[state] && store->functions->set_count(store, &count, error) < 0)
			return -1;
		stage->changed[state] = false;
	}
	return 0;
}

int rf_counts_write(struct rf_counts *counts, struct rf_store *store, struct rf_error *error)
{
	for (size_t i = 0; i < counts->n; i++)
		if (write_stage(&counts->stages[i], store, error) < 0)
			return -1;
	if (counts->made_changed && store->functions->set_setting(store, setting_made, counts->made_rows, error) < 0)
		return -1;
	counts->made_changed = false;
	return rf_counts_are_short(counts) ? reserve(counts, store, counts->next_id + RESERVED, error) : 0;
}

bool rf_counts_have_ids(const struct rf_counts *counts)
{
	return counts->next_id < counts->reserved;
}

int rf_counts_give_back_ids(struct rf_counts *counts, struct rf_store *store, struct rf_error *error)
{
	counts->ending = true;
	return reserve(counts, store, counts->next_id, error);
}
