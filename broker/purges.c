/* Purging: of what earlier versions of a document said nothing is to be kept, at any target.
 *
 * A revision with the attribute RF_ATTRIBUTE_PURGE is put, or withdrawn, with more to it (docs/plugins.md): the target
 * also takes away what its server keeps of earlier ones. The attribute is part of the digest of what is to stand there,
 * so that it is done where the same words stand already; the rest is that of any other effect. It is owed until it is
 * done: a revision that comes before that has it, too. */
#include "base/datetime.h"
#include "base/error.h"
#include "base/text.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

/* Where something of a document stands, or may stand. */
struct places {
	struct rf_core *core;
	bool ever; /* also where it once did */
	struct rf_core_stage *stages[RF_MOST_STAGES];
	size_t n;
	json *left; /* names of stages that the definition no longer has; NULL: nobody asks */
};

static int find_place(void *context, const struct rf_effect *effect)
{
	struct places *places = context;
	struct rf_core_stage *stage = rf_stage_named(places->core, effect->stage);
	bool is_there = effect->standing || effect->intended;
	if (!stage && is_there && places->left && rf_text_starts(effect->stage, "publish"))
		json_object_array_add(places->left, json_object_new_string(effect->stage));
	if (!stage || stage->definition->kind != RF_STAGE_PUBLISH)
		return 0;
	bool was_there = effect->location || effect->remote_id;
	if ((is_there || (places->ever && was_there)) && places->n < RF_MOST_STAGES)
		places->stages[places->n++] = stage;
	return 0;
}

/* The first of the places where the revision has not been put yet; NULL: there is none. */
static int find_undone(struct rf_core *core, const char *document, uint32_t revision, const struct places *places,
		       const char **undone, struct rf_error *error)
{
	*undone = NULL;
	for (size_t i = 0; i < places->n && !*undone; i++) {
		struct rf_task task;
		int status = rf_store_find_task(core->options.store, document, revision,
						places->stages[i]->definition->name, &task, error);
		if (status < 0)
			return -1;
		if (status == RF_STORE_NONE || task.state != RF_TASK_DONE)
			*undone = places->stages[i]->definition->name;
	}
	return 0;
}

int rf_purge_set(struct rf_core *core, const char *document, uint32_t revision, struct rf_error *error)
{
	char now[RF_INSTANT_SIZE];
	rf_instant_format(rf_clock_wall(core->options.clock), now);
	core->wrote = true;
	return rf_store_set_attribute(core->options.store, document, revision, RF_ATTRIBUTE_PURGE, now, error);
}

int rf_purge_carry(struct rf_core *core, const char *document, uint32_t revision, struct rf_error *error)
{
	rf_autofree char *since = NULL;
	struct rf_store *store = core->options.store;
	struct places places = {.core = core};
	const char *undone;
	if (revision < 2)
		return 0;
	if (rf_attribute_read(core, document, revision - 1, RF_ATTRIBUTE_PURGE, &since, error) < 0)
		return -1;
	if (!*since)
		return 0;
	if (rf_store_each_effect(store, document, find_place, &places, error) < 0 ||
	    find_undone(core, document, revision - 1, &places, &undone, error) < 0)
		return -1;
	return undone ? rf_store_set_attribute(store, document, revision, RF_ATTRIBUTE_PURGE, since, error) : 0;
}

int rf_purge_is_owed(struct rf_core *core, const char *document, uint32_t newest, bool *owed, struct rf_error *error)
{
	struct places places = {.core = core, .ever = true};
	bool withdrawn = false;
	*owed = false;
	uint32_t number = newest + 1;
	while (number > 1 && !withdrawn)
		if (rf_withdrawal_is(core, document, --number, &withdrawn, error) < 0)
			return -1;
	if (!withdrawn)
		return 0;
	rf_autofree char *since = NULL;
	const char *undone;
	if (rf_attribute_read(core, document, number, RF_ATTRIBUTE_PURGE, &since, error) < 0 ||
	    rf_store_each_effect(core->options.store, document, find_place, &places, error) < 0 ||
	    find_undone(core, document, number, &places, &undone, error) < 0)
		return -1;
	*owed = places.n > 0 && (!*since || undone);
	return 0;
}

/* ---- of a document that is published ------------------------------------------------------------------------------
 */

static int find_hindrance(struct rf_core *core, const char *document, uint32_t revision, const struct places *places,
			  struct rf_error *error)
{
	const char *undone;
	bool withdrawn;
	if (rf_withdrawal_is(core, document, revision, &withdrawn, error) < 0 ||
	    find_undone(core, document, revision, places, &undone, error) < 0)
		return -1;
	if (withdrawn)
		rf_error_set(error,
			     "document %s is withdrawn: `referat withdraw --purge` takes away what is left of it, then "
			     "erase it all",
			     document);
	else if (undone)
		rf_error_set(
		    error,
		    "the newest version of document %s does not stand at %s: publish it first, or withdraw the "
		    "document with `referat withdraw --purge`",
		    document, undone);
	return withdrawn || undone ? RF_REFUSED : 0;
}

static int open_again(struct rf_core *core, const char *document, uint32_t revision, const char *stage,
		      struct rf_error *error)
{
	struct rf_task known;
	rf_autotask struct rf_owned_task task = {0};
	if (rf_store_find_task(core->options.store, document, revision, stage, &known, error) != 0 ||
	    rf_task_load(core, known.id, &task, error) != 0)
		return -1;
	core->open_tasks++;
	return rf_task_reopen(core, &task, (struct rf_turn){0}, error);
}

int rf_purge_begin(struct rf_core *core, const char *document, uint32_t revision, json *answer, struct rf_error *error)
{
	struct places places = {.core = core, .left = json_object_new_array()};
	json_object_object_add(answer, "left", places.left);
	int status = rf_store_each_effect(core->options.store, document, find_place, &places, error);
	if (status == 0)
		status = find_hindrance(core, document, revision, &places, error);
	if (status == 0)
		status = rf_purge_set(core, document, revision, error);
	for (size_t i = 0; i < places.n && status == 0; i++)
		status = open_again(core, document, revision, places.stages[i]->definition->name, error);
	rf_json_number(answer, "tasks", places.n);
	return status;
}
