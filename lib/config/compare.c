#include "config/compare.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

const char *rf_change_name(enum rf_change change)
{
	static const char *const names[] = {"unchanged", "changed", "new", "removed"};
	return names[change];
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* ---- a stage ----------------------------------------------------------------------------------------------------- */

/* The shared object that was checked is the one that the running process has loaded. */
static bool same_object(const struct rf_plugin_info *a, const struct rf_plugin_info *b)
{
	return same_text(a->path, b->path) && same_text(a->version, b->version) && a->changed_us == b->changed_us;
}

static bool same_settings(const struct rf_plugin_use *a, const struct rf_plugin_use *b)
{
	if (a->n_settings != b->n_settings)
		return false;
	for (size_t i = 0; i < a->n_settings; i++) {
		const struct rf_setting *x = &a->settings[i], *y = &b->settings[i];
		if (!same_text(x->name, y->name) || !same_text(x->value, y->value) || x->secret != y->secret)
			return false;
	}
	return true;
}

/* Where documents come from: by name, for the indexes are those of another list. */
static bool same_routes(const struct rf_pipeline *old, const struct rf_stage *a, const struct rf_pipeline *new,
			const struct rf_stage *b)
{
	if (a->n_from != b->n_from || a->join != b->join || a->n_conditions != b->n_conditions)
		return false;
	for (size_t i = 0; i < a->n_from; i++)
		if (!same_text(old->stages[a->from[i]].name, new->stages[b->from[i]].name))
			return false;
	for (size_t i = 0; i < a->n_conditions; i++)
		if (!same_text(a->conditions[i].name, b->conditions[i].name) ||
		    !same_text(a->conditions[i].value, b->conditions[i].value))
			return false;
	return true;
}

static bool same_limits(const struct rf_stage *a, const struct rf_stage *b)
{
	return a->max_runtime_us == b->max_runtime_us && a->max_memory == b->max_memory &&
	       a->max_failures == b->max_failures && a->max_age_us == b->max_age_us &&
	       a->retry_base_us == b->retry_base_us && a->retry_cap_us == b->retry_cap_us &&
	       a->on_unknown == b->on_unknown && a->notify_within_us == b->notify_within_us && a->verify == b->verify;
}

static void add_word(struct rf_buffer *words, const char *word, const char *plugin)
{
	if (words->size > 0)
		rf_buffer_add_text(words, ", ");
	rf_buffer_add_text(words, word);
	if (plugin)
		rf_buffer_add_text(words, plugin);
}

static void compare_plugins(const struct rf_stage *a, const struct rf_stage *b, struct rf_buffer *words)
{
	bool same = a->n_plugins == b->n_plugins;
	for (size_t i = 0; same && i < a->n_plugins; i++)
		same = same_text(a->plugins[i].name, b->plugins[i].name);
	if (!same) {
		add_word(words, "plugins", NULL);
		return;
	}
	for (size_t i = 0; i < a->n_plugins; i++) {
		if (!same_object(a->plugins[i].info, b->plugins[i].info))
			add_word(words, "file of ", a->plugins[i].name);
		if (a->plugins[i].info->texts_us != b->plugins[i].info->texts_us)
			add_word(words, "texts of ", a->plugins[i].name);
		if (!same_settings(&a->plugins[i], &b->plugins[i]))
			add_word(words, "options of ", a->plugins[i].name);
	}
}

/* ---- publisher --------------------------------------------------------------------------------------------------- */

/* As it stands in the WELCOME of every stage. */
static bool same_publisher(const Referat__Publisher *a, const Referat__Publisher *b)
{
	rf_autofree uint8_t *packed_a = NULL, *packed_b = NULL;
	size_t size_a = rf_pack(&a->base, &packed_a), size_b = rf_pack(&b->base, &packed_b);
	return size_a == size_b && memcmp(packed_a, packed_b, size_a) == 0;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* The differences of two stages in words; "": there are none. The caller frees. */
static char *compare_stages(const struct rf_pipeline *old, const struct rf_stage *a, const struct rf_pipeline *new,
			    const struct rf_stage *b)
{
	struct rf_buffer words = RF_BUFFER_INIT;
	compare_plugins(a, b, &words);
	if (a->workers != b->workers)
		add_word(&words, "workers", NULL);
	if (!same_routes(old, a, new, b))
		add_word(&words, "routes", NULL);
	if (!same_limits(a, b))
		add_word(&words, "limits", NULL);
	if (!same_publisher(old->publisher, new->publisher))
		add_word(&words, "publisher file", NULL);
	return rf_buffer_take(&words);
}

static void add_change(struct rf_comparison *comparison, const char *stage, enum rf_change change, const char *what)
{
	comparison->stages[comparison->n_stages++] =
	    (struct rf_stage_change){.stage = rf_strdup(stage), .change = change, .what = rf_strdup(what)};
	comparison->same &= change == RF_CHANGE_NONE;
}

void rf_pipeline_compare(const struct rf_pipeline *old, const struct rf_pipeline *new, struct rf_comparison *comparison)
{
	*comparison = (struct rf_comparison){
	    .stages = rf_alloc((old->n_stages + new->n_stages) * sizeof *comparison->stages),
	    .same = same_text(old->text, new->text) && same_text(old->publisher_text, new->publisher_text)};
	if (!same_text(old->name, new->name))
		comparison->refusal = "the name of the pipeline is another";
	else if (!same_text(old->store, new->store))
		comparison->refusal = "the store is another";
	for (size_t i = 0; i < new->n_stages; i++) {
		const struct rf_stage *now = &new->stages[i], *before = rf_pipeline_stage(old, now->name);
		rf_autofree char *what = before ? compare_stages(old, before, new, now) : rf_strdup("");
		enum rf_change change = !before ? RF_CHANGE_ADDED : *what ? RF_CHANGE_ALTERED : RF_CHANGE_NONE;
		add_change(comparison, now->name, change, what);
	}
	for (size_t i = 0; i < old->n_stages; i++)
		if (!rf_pipeline_stage(new, old->stages[i].name))
			add_change(comparison, old->stages[i].name, RF_CHANGE_REMOVED, "");
}

void rf_comparison_deinit(struct rf_comparison *comparison)
{
	for (size_t i = 0; i < comparison->n_stages; i++) {
		free(comparison->stages[i].stage);
		free(comparison->stages[i].what);
	}
	free(comparison->stages);
	*comparison = (struct rf_comparison){0};
}

enum rf_change rf_comparison_of(const struct rf_comparison *comparison, const char *stage)
{
	for (size_t i = 0; i < comparison->n_stages; i++)
		if (strcmp(comparison->stages[i].stage, stage) == 0)
			return comparison->stages[i].change;
	return RF_CHANGE_REMOVED;
}
