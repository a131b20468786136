/* How documents go from stage to stage: from, all and when, and whether every way is a good one. */
#include "config/pipeline-reading.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "config/value.h"

#include <stdlib.h>
#include <string.h>

/* ---- from, all --------------------------------------------------------------------------------------------------- */

static size_t index_of(const struct rf_pipeline *pipeline, const char *name)
{
	size_t i = 0;
	while (i < pipeline->n_stages && strcmp(pipeline->stages[i].name, name) != 0)
		i++;
	return i;
}

static bool comes_from(const struct rf_stage *stage, size_t index)
{
	for (size_t i = 0; i < stage->n_from; i++)
		if (stage->from[i] == index)
			return true;
	return false;
}

static void add_from(struct rf_stage *stage, size_t index)
{
	stage->from = rf_realloc_array(stage->from, stage->n_from + 1, sizeof(*stage->from));
	stage->from[stage->n_from++] = index;
}

static void read_name(struct rf_reading *reading, struct rf_stage *stage, const struct rf_yaml_node *node)
{
	const struct rf_pipeline *pipeline = reading->pipeline;
	const char *name = rf_value_text(node, reading->diagnostics);
	if (!name)
		return;
	size_t index = index_of(pipeline, name);
	if (index == pipeline->n_stages) {
		const char *names[RF_MOST_STAGES];
		for (size_t i = 0; i < pipeline->n_stages; i++)
			names[i] = pipeline->stages[i].name;
		rf_autofree char *suggestion = rf_value_suggestion(name, names, pipeline->n_stages);
		rf_yaml_error(reading->diagnostics, node, "unknown-stage", "there is no stage '%s'%s", name,
			      suggestion);
		return;
	}
	if (comes_from(stage, index))
		rf_yaml_error(reading->diagnostics, node, "duplicate-stage", "'%s' stands here twice", name);
	else
		add_from(stage, index);
}

static void read_names(struct rf_reading *reading, struct rf_stage *stage, const struct rf_yaml_node *node)
{
	if (node->kind != RF_YAML_LIST) {
		read_name(reading, stage, node);
		return;
	}
	if (!node->n)
		rf_yaml_error(reading->diagnostics, node, "no-value", "the list of stages is empty");
	for (const struct rf_yaml_node *entry = node->first; entry; entry = entry->next)
		read_name(reading, stage, entry);
}

/* ---- when -------------------------------------------------------------------------------------------------------- */

/* Attributes that ingest sets, with values that are known beforehand: what can never hold is pointed out. */
static void check_known_values(struct rf_reading *reading, const struct rf_yaml_node *node)
{
	static const char *const kinds[] = {"minutes", "agenda", "summary", "board-notice", "announcement"};
	const Referat__Publisher *publisher = reading->pipeline->publisher;
	if (strcmp(node->key->text, "kind") == 0) {
		for (size_t i = 0; i < RF_COUNT(kinds); i++)
			if (strcmp(kinds[i], node->text) == 0)
				return;
		rf_autofree char *suggestion = rf_value_suggestion(node->text, kinds, RF_COUNT(kinds));
		rf_yaml_warning(reading->diagnostics, node, "never-holds", "no document is of the kind '%s'%s",
				node->text, suggestion);
	} else if (strcmp(node->key->text, "board_id") == 0 && publisher) {
		rf_autofree const char **ids = rf_realloc_array(NULL, publisher->n_boards, sizeof(*ids));
		for (size_t i = 0; i < publisher->n_boards; i++) {
			ids[i] = publisher->boards[i]->id;
			if (strcmp(ids[i], node->text) == 0)
				return;
		}
		rf_autofree char *suggestion = rf_value_suggestion(node->text, ids, publisher->n_boards);
		rf_yaml_warning(reading->diagnostics, node, "never-holds", "the publisher has no board '%s'%s",
				node->text, suggestion);
	}
}

static void read_condition(struct rf_reading *reading, struct rf_stage *stage, const struct rf_yaml_node *node)
{
	const char *name = node->key->text;
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-");
	if (!length || name[length]) {
		rf_yaml_error(reading->diagnostics, node->key, "bad-name",
			      "an attribute's name is made of a-z, 0-9, '_', '.' and '-'");
		return;
	}
	bool flag = node->plain && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0);
	const char *value = flag ? node->text : rf_value_text(node, reading->diagnostics);
	if (!value)
		return;
	check_known_values(reading, node);
	stage->conditions = rf_realloc_array(stage->conditions, stage->n_conditions + 1, sizeof(*stage->conditions));
	stage->conditions[stage->n_conditions++] =
	    (struct rf_condition){.name = rf_strdup(name), .value = rf_strdup(value)};
}

static void read_conditions(struct rf_reading *reading, struct rf_stage *stage, const struct rf_yaml_node *map)
{
	if (!rf_value_is_map(map, reading->diagnostics))
		return;
	if (map->n > RF_MOST_CONDITIONS) {
		rf_yaml_error(reading->diagnostics, map, "too-many", "a stage has at most %d conditions",
			      RF_MOST_CONDITIONS);
		return;
	}
	for (const struct rf_yaml_node *node = map->first; node; node = node->next)
		read_condition(reading, stage, node);
}

/* ---- one stage --------------------------------------------------------------------------------------------------- */

static void refuse_for_ingest(struct rf_reading *reading, const struct rf_yaml_node *node)
{
	if (node)
		rf_yaml_error(reading->diagnostics, node->key, "wrong-stage",
			      "'%s' means nothing in a stage 'ingest': its documents come from outside",
			      node->key->text);
}

static void read_routes(struct rf_reading *reading, size_t index)
{
	struct rf_stage *stage = &reading->pipeline->stages[index];
	const struct rf_stage_source *source = &reading->sources[index];
	if (stage->kind == RF_STAGE_INGEST) {
		refuse_for_ingest(reading, source->from);
		refuse_for_ingest(reading, source->all);
		refuse_for_ingest(reading, source->when);
		return;
	}
	if (source->from && source->all)
		rf_yaml_error(reading->diagnostics, source->all->key, "from-and-all",
			      "a stage has either 'from' (any of them) or 'all' (when all are done)");
	if (source->from || source->all)
		read_names(reading, stage, source->from ? source->from : source->all);
	else if (index > 0)
		add_from(stage, index - 1);
	else
		rf_yaml_error(reading->diagnostics, source->value->key, "unreachable-stage",
			      "nothing comes to '%s': no stage stands before it, and it has no 'from'", stage->name);
	stage->join = source->all && !source->from && stage->n_from > 1;
	if (source->when)
		read_conditions(reading, stage, source->when);
}

/* ---- circles ----------------------------------------------------------------------------------------------------- */

/* Takes stage after stage all of whose predecessors were taken. Returns how many could be. */
static size_t sort_stages(const struct rf_pipeline *pipeline, size_t *order, bool taken[RF_MOST_STAGES])
{
	size_t n = 0;
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < pipeline->n_stages; i++) {
			const struct rf_stage *stage = &pipeline->stages[i];
			bool ready = !taken[i];
			for (size_t j = 0; j < stage->n_from && ready; j++)
				ready = taken[stage->from[j]];
			if (!ready)
				continue;
			taken[i] = again = true;
			order[n++] = i;
		}
	}
	return n;
}

/* The first predecessor that is not in the set: of a stage that is not in it itself there is always one. */
static size_t predecessor_outside(const struct rf_stage *stage, const bool set[RF_MOST_STAGES])
{
	for (size_t i = 0; i < stage->n_from; i++)
		if (!set[stage->from[i]])
			return stage->from[i];
	return stage->from[0];
}

static void report_circle(struct rf_reading *reading, const bool taken[RF_MOST_STAGES])
{
	const struct rf_stage *stages = reading->pipeline->stages;
	size_t at = 0;
	while (taken[at])
		at++;
	/* After as many steps as there are stages, the walk is inside of the circle. */
	for (size_t i = 0; i < reading->pipeline->n_stages; i++)
		at = predecessor_outside(&stages[at], taken);

	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	size_t start = at;
	rf_buffer_add_text(&text, stages[start].name);
	do {
		at = predecessor_outside(&stages[at], taken);
		rf_buffer_format(&text, " ← %s", stages[at].name);
	} while (at != start);
	rf_yaml_error(reading->diagnostics, reading->sources[start].value->key, "circle",
		      "documents would go in a circle: %s", text.data);
}

/* ---- what is done on the way ------------------------------------------------------------------------------------- */

bool rf_reading_comes(const struct rf_stage *stage, const bool done[RF_MOST_STAGES])
{
	size_t n = 0;
	for (size_t i = 0; i < stage->n_from; i++)
		n += done[stage->from[i]];
	return stage->join ? n > 0 : n > 0 && n == stage->n_from;
}

void rf_reading_follow(const struct rf_reading *reading, const size_t *order, rf_stage_does does, const void *context,
		       bool done[RF_MOST_STAGES])
{
	for (size_t i = 0; i < reading->pipeline->n_stages; i++) {
		const struct rf_stage *stage = &reading->pipeline->stages[order[i]];
		done[order[i]] = does(stage, context) || rf_reading_comes(stage, done);
	}
}

static bool is_of_kind(const struct rf_stage *stage, const void *kind)
{
	return stage->kind == *(const enum rf_stage_kind *)kind;
}

/* The way back from the stage on which it was not done: "ingest → render". */
static char *way_without(const struct rf_pipeline *pipeline, const struct rf_stage *stage,
			 const bool done[RF_MOST_STAGES])
{
	char *way = rf_strdup(stage->name);
	while (stage->n_from) {
		stage = &pipeline->stages[predecessor_outside(stage, done)];
		char *longer = rf_format("%s → %s", stage->name, way);
		free(way);
		way = longer;
	}
	return way;
}

/* Every document that comes to a stage of the one kind must have been at one of the other. */
static void check_order(struct rf_reading *reading, const size_t *order, enum rf_stage_kind after,
			enum rf_stage_kind before, const char *code, const char *why)
{
	bool done[RF_MOST_STAGES] = {false};
	rf_reading_follow(reading, order, is_of_kind, &before, done);
	for (size_t i = 0; i < reading->pipeline->n_stages; i++) {
		const struct rf_stage *stage = &reading->pipeline->stages[i];
		if (stage->kind != after || rf_reading_comes(stage, done))
			continue;
		rf_autofree char *way = way_without(reading->pipeline, stage, done);
		rf_yaml_error(reading->diagnostics, reading->sources[i].value->key, code,
			      "%s: %s; a stage '%s' belongs on this way", why, way, rf_stage_kind_name(before));
	}
}

/* ---- ways that never open ---------------------------------------------------------------------------------------- */

static const struct rf_condition *opposite(const struct rf_stage *stage, const struct rf_condition *condition)
{
	for (size_t i = 0; i < stage->n_conditions; i++)
		if (strcmp(stage->conditions[i].name, condition->name) == 0 &&
		    strcmp(stage->conditions[i].value, condition->value) != 0)
			return &stage->conditions[i];
	return NULL;
}

/* A join of stages whose conditions exclude each other waits for ever. */
static void check_joins(struct rf_reading *reading)
{
	const struct rf_pipeline *pipeline = reading->pipeline;
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		if (!stage->join)
			continue;
		const struct rf_stage *first = &pipeline->stages[stage->from[0]];
		for (size_t j = 1; j < stage->n_from; j++) {
			const struct rf_stage *other = &pipeline->stages[stage->from[j]];
			for (size_t c = 0; c < first->n_conditions; c++)
				if (opposite(other, &first->conditions[c]))
					rf_yaml_error(reading->diagnostics, reading->sources[i].all, "never-joins",
						      "'%s' and '%s' never both take a document: their 'when' "
						      "conditions on '%s' exclude each other",
						      first->name, other->name, first->conditions[c].name);
		}
	}
}

static void check_ends(struct rf_reading *reading)
{
	const struct rf_pipeline *pipeline = reading->pipeline;
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		bool goes_on = stage->kind == RF_STAGE_PUBLISH || stage->kind == RF_STAGE_NOTIFY;
		for (size_t j = 0; j < pipeline->n_stages && !goes_on; j++)
			goes_on = comes_from(&pipeline->stages[j], i);
		if (!goes_on)
			rf_yaml_warning(reading->diagnostics, reading->sources[i].value->key, "dead-end",
					"nothing comes after '%s': its documents end there", stage->name);
	}
}

size_t *rf_reading_routes(struct rf_reading *reading)
{
	const struct rf_pipeline *pipeline = reading->pipeline;
	size_t before = reading->diagnostics->n_errors;
	for (size_t i = 0; i < pipeline->n_stages; i++)
		read_routes(reading, i);
	if (reading->diagnostics->n_errors != before)
		return NULL;

	bool taken[RF_MOST_STAGES] = {false};
	size_t *order = rf_realloc_array(NULL, pipeline->n_stages, sizeof(*order));
	if (sort_stages(pipeline, order, taken) < pipeline->n_stages) {
		report_circle(reading, taken);
		free(order);
		return NULL;
	}
	check_order(reading, order, RF_STAGE_PUBLISH, RF_STAGE_VALIDATE, "unchecked",
		    "documents would be published unchecked");
	check_order(reading, order, RF_STAGE_NOTIFY, RF_STAGE_PUBLISH, "nothing-published",
		    "people would be told of a page that is not there");
	check_joins(reading);
	check_ends(reading);
	return order;
}
