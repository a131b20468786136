/* What the parts of the reader of definitions hand to each other: pipeline-read.c reads the keys, pipeline-stages.c a
 * stage, pipeline-options.c the options of a plugin, pipeline-routes.c how documents go from stage to stage,
 * pipeline-tests.c the tests, pipeline-formats.c whether neighbours understand each other. Every mistake is added to
 * the diagnostics, and the reading goes on. */
#ifndef RF_CONFIG_PIPELINE_READING_H
#define RF_CONFIG_PIPELINE_READING_H

#include "config/pipeline.h"
#include "config/yaml.h"

enum { RF_MOST_PLUGINS = 64, RF_MOST_CONDITIONS = 16 };

/* Where a stage stands in the file. */
struct rf_stage_source {
	const struct rf_yaml_node *value; /* its key is value->key */
	const struct rf_yaml_node *from, *all, *when;
	const struct rf_yaml_node *plugins[RF_MOST_PLUGINS]; /* names, by the index in the stage */
	bool unsure; /* a plugin is not known, or there is none: nothing is said of what it takes and makes */
};

struct rf_reading {
	struct rf_pipeline *pipeline;
	const struct rf_pipeline_options *options;
	struct rf_diagnostics *diagnostics;
	const char *folder;              /* of the definition, absolute */
	struct rf_stage_source *sources; /* by the index of the stage */
};

/* Reads plugins and keys of the stage; routes are only noted in its source. */
void rf_reading_stage(struct rf_reading *reading, struct rf_stage *stage, struct rf_stage_source *source);

/* Reads the options of a plugin (NULL: none were written) into use->settings. */
void rf_reading_options(struct rf_reading *reading, const struct rf_yaml_node *name, const struct rf_yaml_node *options,
			struct rf_plugin_use *use);

/* Resolves from, all and when of every stage, and checks the routes. Returns the stages' indexes in an order in which
 * each comes after those it gets documents from, for the caller to free; NULL when there is none (a circle) or the
 * routes are not good enough to say more of them. */
size_t *rf_reading_routes(struct rf_reading *reading);

/* Whether plugins are given something that they take. order is that of rf_reading_routes. */
void rf_reading_formats(struct rf_reading *reading, const size_t *order);

/* Reads the tests of the definition. */
void rf_reading_tests(struct rf_reading *reading, const struct rf_yaml_node *root);

/* Something that a stage does to each document that passes. */
typedef bool (*rf_stage_does)(const struct rf_stage *stage, const void *context);

/* For each stage: whether it has been done on every way by which a document may leave the stage. */
void rf_reading_follow(const struct rf_reading *reading, const size_t *order, rf_stage_does does, const void *context,
		       bool done[RF_MOST_STAGES]);

/* Whether it has been done on every way by which a document may come to the stage. */
bool rf_reading_comes(const struct rf_stage *stage, const bool done[RF_MOST_STAGES]);

extern const struct referat_option rf_per_hour_option, rf_keep_superseded_option;

#endif
