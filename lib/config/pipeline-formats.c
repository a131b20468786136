/* Whether plugins are given something that they take: the media types and part types that they declare. */
#include "config/pipeline-reading.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <string.h>

/* One type of a list that is separated by spaces. */
struct type {
	const char *start;
	size_t length;
};

static bool next_type(const char **rest, struct type *type)
{
	*rest += strspn(*rest, " ");
	type->start = *rest;
	type->length = strcspn(*rest, " ");
	*rest += type->length;
	return type->length > 0;
}

/* Whether pattern is "text / *" or "* / *" (without the spaces) and covers the type. */
static bool covers(struct type pattern, struct type type)
{
	if (pattern.length < 2 || memcmp(pattern.start + pattern.length - 2, "/*", 2) != 0)
		return false;
	size_t family = pattern.length - 1;
	return pattern.start[0] == '*' || (type.length > family && memcmp(pattern.start, type.start, family) == 0);
}

static bool same_type(struct type a, struct type b)
{
	return (a.length == b.length && memcmp(a.start, b.start, a.length) == 0) || covers(a, b) || covers(b, a);
}

/* Whether the lists have a type in common. An empty list says nothing, and so meets everything. */
static bool types_meet(const char *a, const char *b)
{
	struct type left;
	struct type right;
	if (!a || !b || !*a || !*b)
		return true;
	for (const char *rest_a = a; next_type(&rest_a, &left);)
		for (const char *rest_b = b; next_type(&rest_b, &right);)
			if (same_type(left, right))
				return true;
	return false;
}

static const char *made_by(const struct rf_plugin_info *info)
{
	bool makes_parts = info->kind != REFERAT_SOURCE; /* a source's types are for the readers beside it */
	return makes_parts && info->produces ? info->produces : "";
}

/* Whether a plugin of the stage makes something that the other plugin (context) takes. */
static bool feeds(const struct rf_stage *stage, const void *context)
{
	const struct rf_plugin_info *taker = context;
	for (size_t i = 0; i < stage->n_plugins; i++) {
		const char *made = made_by(stage->plugins[i].info);
		if (*made && types_meet(made, taker->accepts))
			return true;
	}
	return false;
}

/* What is made before the stage: "; before it, reader.text makes referat.document/1". The caller frees. */
static char *what_is_made(const struct rf_reading *reading, const size_t *order, const struct rf_stage *stage)
{
	struct rf_buffer text = RF_BUFFER_INIT;
	for (size_t i = 0; i < reading->pipeline->n_stages; i++) {
		const struct rf_stage *maker = &reading->pipeline->stages[order[i]];
		if (maker == stage)
			break;
		for (size_t j = 0; j < maker->n_plugins; j++) {
			const struct rf_plugin_info *info = maker->plugins[j].info;
			if (*made_by(info))
				rf_buffer_format(&text, "%s%s makes %s", text.size ? ", " : "; before it, ", info->name,
						 made_by(info));
		}
	}
	return rf_buffer_take(&text);
}

/* Returns whether every plugin of the stage is given something that it takes. */
static bool check_stage(struct rf_reading *reading, const size_t *order, size_t index)
{
	const struct rf_stage *stage = &reading->pipeline->stages[index];
	bool good = true;
	for (size_t i = 0; i < stage->n_plugins; i++) {
		const struct rf_plugin_info *info = stage->plugins[i].info;
		bool done[RF_MOST_STAGES] = {false};
		if (!info->accepts || !*info->accepts)
			continue;
		rf_reading_follow(reading, order, feeds, info, done);
		if (rf_reading_comes(stage, done))
			continue;
		rf_autofree char *made = what_is_made(reading, order, stage);
		rf_yaml_error(reading->diagnostics, reading->sources[index].plugins[i], "formats",
			      "%s takes %s, which is not made on every way to '%s'%s", info->name, info->accepts,
			      stage->name, made);
		good = false;
	}
	return good;
}

/* Inside of ingest: what a source finds must be something that a reader of the same stage reads. */
static bool check_ingest(struct rf_reading *reading, size_t index)
{
	const struct rf_stage *stage = &reading->pipeline->stages[index];
	bool good = true;
	for (size_t i = 0; i < stage->n_plugins; i++) {
		const struct rf_plugin_info *source = stage->plugins[i].info;
		bool read = source->kind != REFERAT_SOURCE;
		for (size_t j = 0; j < stage->n_plugins && !read; j++) {
			const struct rf_plugin_info *reader = stage->plugins[j].info;
			read = reader->kind == REFERAT_READER && types_meet(source->produces, reader->accepts);
		}
		if (read)
			continue;
		rf_yaml_error(reading->diagnostics, reading->sources[index].plugins[i], "formats",
			      "%s finds %s, and no reader of this stage takes that", source->name, source->produces);
		good = false;
	}
	return good;
}

void rf_reading_formats(struct rf_reading *reading, const size_t *order)
{
	const struct rf_pipeline *pipeline = reading->pipeline;
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (reading->sources[i].unsure)
			return;
	/* What is wrong behind a stage that gets nothing it takes follows from that: it is said once. */
	bool wrong[RF_MOST_STAGES] = {false};
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		size_t index = order[i];
		const struct rf_stage *stage = &pipeline->stages[index];
		for (size_t j = 0; j < stage->n_from; j++)
			wrong[index] = wrong[index] || wrong[stage->from[j]];
		if (!wrong[index])
			wrong[index] = stage->kind == RF_STAGE_INGEST ? !check_ingest(reading, index)
								      : !check_stage(reading, order, index);
	}
}
