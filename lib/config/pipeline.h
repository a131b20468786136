/* A pipeline definition that has been read and found good (docs/pipelines.md). Nothing here can be wrong any more:
 * names are resolved, options are checked against the plugins' tables and normalised, routes go to stages that exist.
 */
#ifndef RF_CONFIG_PIPELINE_H
#define RF_CONFIG_PIPELINE_H

#include "config/diagnostics.h"
#include "config/pipeline-tests.h"
#include "plugin/registry.h"

#include <referat/document.pb-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RF_MOST_STAGES = 64 };

enum rf_stage_kind {
	RF_STAGE_INGEST,
	RF_STAGE_VALIDATE,
	RF_STAGE_SUMMARISE,
	RF_STAGE_RENDER,
	RF_STAGE_PUBLISH,
	RF_STAGE_NOTIFY,
	RF_STAGE_KINDS,
};

const char *rf_stage_kind_name(enum rf_stage_kind kind); /* "ingest": also the program "referat-ingest" */

struct rf_setting {
	char *name;
	char *value; /* normalised: durations in us, sizes in bytes, paths absolute, "true"/"false"; a secret's name */
	bool secret;
};

struct rf_plugin_use {
	char *name;
	const struct rf_plugin_info *info; /* in the registry that the definition was checked with */
	struct rf_setting *settings;       /* those written and those with a default */
	size_t n_settings;
};

struct rf_condition { /* when: attribute name = value */
	char *name;
	char *value;
};

/* What must stand at a page's address before anybody is told. */
enum rf_verify { RF_VERIFY_TEXT, RF_VERIFY_TITLE, RF_VERIFY_NEVER };
enum rf_on_unknown { RF_UNKNOWN_HOLD, RF_UNKNOWN_RESEND, RF_UNKNOWN_SKIP };

struct rf_stage {
	char *name; /* instance: "ingest", "publish/web" */
	enum rf_stage_kind kind;
	bool join; /* all: of those it is fed from; else any */
	struct rf_plugin_use *plugins;
	size_t n_plugins;
	size_t *from; /* indexes of stages; empty for ingest */
	size_t n_from;
	struct rf_condition *conditions; /* all must hold */
	size_t n_conditions;
	uint32_t workers;       /* processes, from 1 */
	uint32_t max_failures;  /* retries before dead */
	int64_t max_age_us;     /* of a task before dead */
	int64_t max_runtime_us; /* of one task */
	uint64_t max_memory;    /* bytes that a process of it may take */
	int64_t retry_base_us, retry_cap_us;
	int64_t notify_within_us; /* notify: older meetings tell nobody; 0: all are told */
	enum rf_on_unknown on_unknown;
	enum rf_verify verify; /* notify */
};

struct rf_pipeline {
	char *path; /* of the definition */
	char *name;
	char *store; /* "sqlite" */
	Referat__Publisher *publisher;
	struct rf_stage *stages; /* in the order of the file */
	size_t n_stages;
	char *alert_operator, *alert_publisher; /* or NULL */
	int64_t alert_silent_us;                /* without a new document before they are told; 0: never */
	uint16_t metrics_port;                  /* of 127.0.0.1; 0: none */
	uint32_t max_documents_per_hour;        /* notifications; 0: no limit */
	int64_t keep_superseded_us;             /* parts of revisions that newer ones took the place of; 0: for ever */
	struct rf_test *tests;                  /* in the order of the file */
	size_t n_tests;
	char *secrets;               /* folder "secrets" beside the definition */
	char *text, *publisher_text; /* what the two files held when they were read */
};

struct rf_pipeline_options {
	const struct rf_registry *registry; /* must outlive the pipeline */
	bool check_secrets;                 /* whether each named secret is there */
	bool check_inputs;                  /* whether the input of each test is there */
	const char *copy, *publisher_copy;  /* files that are read in place of the two; NULL: these themselves */
};

/* Reads and checks the file and the publisher file it names. Returns 0 with a pipeline that the caller frees; 1 when
 * there are errors (all of them in diagnostics, warnings too); < 0 when the file can't be read. Opens nothing else. */
int rf_pipeline_load(const char *path, const struct rf_pipeline_options *options, struct rf_pipeline **pipeline,
		     struct rf_diagnostics *diagnostics, struct rf_error *error);
void rf_pipeline_free(struct rf_pipeline *pipeline); /* NULL is fine */

/* The stage of that name, or NULL. */
const struct rf_stage *rf_pipeline_stage(const struct rf_pipeline *pipeline, const char *name);

#endif
