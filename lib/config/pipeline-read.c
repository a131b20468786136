/* The keys of a definition, from the tree into the struct. */
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "config/pipeline-reading.h"
#include "config/publisher.h"
#include "config/stage-keys.h"
#include "config/value.h"

#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {"referat",         "pipeline", "publisher", "store",
				   "stages",          "alerts",   "metrics",   "max_documents_per_hour",
				   "keep_superseded", "tests"};

const struct referat_option rf_per_hour_option = {
    .name = "max_documents_per_hour",
    .type = REFERAT_INTEGER,
    .fallback = "60",
    .max = 1000000,
    .help = "More documents than this that are told of in an hour wait for a person; 0: no limit."};

const struct referat_option rf_keep_superseded_option = {
    .name = "keep_superseded",
    .type = REFERAT_DURATION,
    .fallback = "0",
    .max = INT64_C(36525) * 86400 * RF_SECOND,
    .help = "How long parts of revisions are kept that newer ones took the place of; 0: for ever."};

/* ---- stages ------------------------------------------------------------------------------------------------------ */

/* "publish" or "publish/web". */
static bool read_stage_name(struct rf_reading *reading, const struct rf_yaml_node *key, enum rf_stage_kind *kind)
{
	size_t length = strcspn(key->text, "/");
	const char *names[RF_STAGE_KINDS];
	for (enum rf_stage_kind k = 0; k < RF_STAGE_KINDS; k++) {
		names[k] = rf_stage_kind_name(k);
		if (strlen(names[k]) != length || strncmp(names[k], key->text, length) != 0)
			continue;
		const char *wrong = key->text[length] ? rf_value_wrong_word(key->text + length + 1) : NULL;
		if (wrong)
			rf_yaml_error(reading->diagnostics, key, "bad-name", "the name behind '/' is wrong: %s", wrong);
		*kind = k;
		return !wrong;
	}
	rf_autofree char *word = rf_strndup(key->text, length);
	rf_autofree char *suggestion = rf_value_suggestion(word, names, RF_STAGE_KINDS);
	rf_yaml_error(reading->diagnostics, key, "unknown-stage-kind", "there is no kind of stage '%s'%s", word,
		      suggestion);
	return false;
}

static void read_stages(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	struct rf_pipeline *pipeline = reading->pipeline;
	const struct rf_yaml_node *map = rf_yaml_get(root, "stages");
	if (!map || !rf_value_is_map(map, reading->diagnostics))
		return;
	if (map->n == 0 || map->n > RF_MOST_STAGES) {
		rf_yaml_error(reading->diagnostics, map, "stages", "a pipeline has 1 to %d stages", RF_MOST_STAGES);
		return;
	}
	pipeline->stages = rf_alloc(map->n * sizeof(*pipeline->stages));
	reading->sources = rf_alloc(map->n * sizeof(*reading->sources));
	bool complete = true;
	for (const struct rf_yaml_node *node = map->first; node; node = node->next) {
		size_t index = pipeline->n_stages;
		struct rf_stage *stage = &pipeline->stages[index];
		if (!read_stage_name(reading, node->key, &stage->kind)) {
			complete = false;
			continue;
		}
		stage->name = rf_strdup(node->key->text);
		pipeline->n_stages++;
		reading->sources[index].value = node;
		rf_reading_stage(reading, stage, &reading->sources[index]);
	}
	if (!complete)
		return;
	rf_autofree size_t *order = rf_reading_routes(reading);
	if (order)
		rf_reading_formats(reading, order);
}

/* ---- the other keys ---------------------------------------------------------------------------------------------- */

static void read_name(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	const struct rf_yaml_node *node = rf_yaml_get(root, "pipeline");
	const char *name = node ? rf_value_text(node, reading->diagnostics) : NULL;
	const char *wrong = name ? rf_value_wrong_word(name) : NULL;
	if (wrong)
		rf_yaml_error(reading->diagnostics, node, "bad-name", "pipeline: %s", wrong);
	else
		reading->pipeline->name = rf_strdup(name);
}

static void read_store(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	static const struct referat_option option = {.name = "store", .type = REFERAT_CHOICE, .choices = "sqlite"};
	const struct rf_yaml_node *node = rf_yaml_get(root, "store");
	reading->pipeline->store =
	    node ? rf_value_read(node, &option, reading->folder, reading->diagnostics) : rf_strdup("sqlite");
}

static char *read_mail(struct rf_reading *reading, const struct rf_yaml_node *map, const char *key)
{
	const struct rf_yaml_node *node = rf_yaml_get(map, key);
	const char *address = node ? rf_value_text(node, reading->diagnostics) : NULL;
	const char *wrong = address ? rf_value_wrong_mail(address) : NULL;
	if (wrong)
		rf_yaml_error(reading->diagnostics, node, "bad-mail", "'%s': %s", address, wrong);
	return wrong ? NULL : rf_strdup(address);
}

static void read_alerts(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	static const char *const roles[] = {"operator", "publisher", "silent_after"};
	static const struct referat_option silence = {.name = "silent_after", .type = REFERAT_DURATION};
	const struct rf_yaml_node *map = rf_yaml_get(root, "alerts");
	if (!map || !rf_value_is_map(map, reading->diagnostics))
		return;
	rf_value_check_keys(map, roles, RF_COUNT(roles), reading->diagnostics);
	reading->pipeline->alert_operator = read_mail(reading, map, "operator");
	reading->pipeline->alert_publisher = read_mail(reading, map, "publisher");
	const struct rf_yaml_node *node = rf_yaml_get(map, silence.name);
	rf_autofree char *value = node ? rf_value_read(node, &silence, reading->folder, reading->diagnostics) : NULL;
	if (value)
		reading->pipeline->alert_silent_us = strtoll(value, NULL, 10);
}

static void read_metrics(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	static const char *const metrics_keys[] = {"port"};
	static const struct referat_option option = {.name = "port", .type = REFERAT_INTEGER, .min = 1, .max = 65535};
	const struct rf_yaml_node *map = rf_yaml_get(root, "metrics");
	if (!map || !rf_value_is_map(map, reading->diagnostics))
		return;
	rf_value_check_keys(map, metrics_keys, RF_COUNT(metrics_keys), reading->diagnostics);
	const struct rf_yaml_node *node = rf_yaml_get(map, option.name);
	if (!node)
		rf_yaml_error(reading->diagnostics, map, "missing-key", "'port' is missing");
	rf_autofree char *value = node ? rf_value_read(node, &option, reading->folder, reading->diagnostics) : NULL;
	if (value)
		reading->pipeline->metrics_port = (uint16_t)strtoul(value, NULL, 10);
}

static void read_per_hour(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	const struct rf_yaml_node *node = rf_yaml_get(root, rf_per_hour_option.name);
	rf_autofree char *value = node ? rf_value_read(node, &rf_per_hour_option, reading->folder, reading->diagnostics)
				       : rf_strdup(rf_per_hour_option.fallback);
	if (value)
		reading->pipeline->max_documents_per_hour = (uint32_t)strtoul(value, NULL, 10);
}

static void read_keep_superseded(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	const struct rf_yaml_node *node = rf_yaml_get(root, rf_keep_superseded_option.name);
	rf_autofree char *value =
	    node ? rf_value_read(node, &rf_keep_superseded_option, reading->folder, reading->diagnostics) : NULL;
	if (value)
		reading->pipeline->keep_superseded_us = strtoll(value, NULL, 10);
}

static int read_publisher(struct rf_reading *reading, const struct rf_yaml_node *root, struct rf_error *error)
{
	const struct rf_yaml_node *node = rf_yaml_get(root, "publisher");
	const char *name = node ? rf_value_text(node, reading->diagnostics) : NULL;
	if (!name)
		return 0;
	rf_autofree char *folder = rf_path_folder(reading->pipeline->path);
	rf_autofree char *joined = rf_path_join(folder, name);
	const char *path = strncmp(joined, "./", 2) == 0 ? joined + 2 : joined;
	int status = rf_publisher_read(path, reading->options->publisher_copy, reading->diagnostics,
				       &reading->pipeline->publisher, &reading->pipeline->publisher_text, error);
	if (status == RF_PUBLISHER_MISSING)
		rf_yaml_error(reading->diagnostics, node, "no-publisher", "there is no file %s", path);
	return status < 0 ? status : 0;
}

static int read_definition(struct rf_reading *reading, const struct rf_yaml_node *root, struct rf_error *error)
{
	static const char *const required[] = {"pipeline", "publisher", "stages"};
	if (!rf_value_is_map(root, reading->diagnostics))
		return 0;
	rf_value_check_version(root, reading->diagnostics);
	rf_value_check_keys(root, keys, RF_COUNT(keys), reading->diagnostics);
	for (size_t i = 0; i < RF_COUNT(required); i++)
		if (!rf_yaml_get(root, required[i]))
			rf_yaml_error(reading->diagnostics, root, "missing-key", "'%s' is missing", required[i]);
	read_name(reading, root);
	read_store(reading, root);
	read_alerts(reading, root);
	read_metrics(reading, root);
	read_per_hour(reading, root);
	read_keep_superseded(reading, root);
	rf_reading_tests(reading, root);
	int status = read_publisher(reading, root, error);
	if (status == 0)
		read_stages(reading, root);
	return status;
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

/* The folder of the definition, absolute. The caller frees. */
static char *folder_of(const char *path, struct rf_error *error)
{
	rf_autofree char *folder = rf_path_folder(path);
	char *absolute = realpath(folder, NULL);
	if (!absolute)
		rf_error_errno(error, "can't find the folder of %s", path);
	return absolute;
}

static int load(struct rf_yaml *yaml, const struct rf_pipeline_options *options, struct rf_pipeline *pipeline,
		struct rf_diagnostics *diagnostics, struct rf_error *error)
{
	rf_autofree char *folder = folder_of(yaml->path, error);
	if (!folder)
		return -1;
	pipeline->path = rf_strdup(yaml->path);
	pipeline->secrets = rf_path_join(folder, "secrets");
	struct rf_reading reading = {
	    .pipeline = pipeline, .options = options, .diagnostics = diagnostics, .folder = folder};
	int status = read_definition(&reading, yaml->root, error);
	free(reading.sources);
	return status;
}

int rf_pipeline_load(const char *path, const struct rf_pipeline_options *options, struct rf_pipeline **pipeline,
		     struct rf_diagnostics *diagnostics, struct rf_error *error)
{
	struct rf_yaml *yaml = NULL;
	size_t before = diagnostics->n_errors;
	int status = rf_yaml_read_copy(path, options->copy, diagnostics, &yaml, error);
	if (status == RF_YAML_MISSING)
		return rf_error_set(error, "there is no file %s", path);
	if (status)
		return status;
	struct rf_pipeline *read = rf_alloc(sizeof(*read));
	status = load(yaml, options, read, diagnostics, error);
	read->text = rf_steal(yaml->text);
	rf_yaml_free(yaml);
	if (status == 0 && diagnostics->n_errors > before)
		status = 1;
	if (status)
		rf_pipeline_free(read);
	else
		*pipeline = read;
	return status;
}
