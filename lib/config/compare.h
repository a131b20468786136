/* What is different between two definitions: the plan of a reload (cli/reload.h), stage by stage. */
#ifndef RF_CONFIG_COMPARE_H
#define RF_CONFIG_COMPARE_H

#include "config/pipeline.h"

enum rf_change {
	RF_CHANGE_NONE,
	RF_CHANGE_ALTERED,
	RF_CHANGE_ADDED,
	RF_CHANGE_REMOVED,
};

const char *rf_change_name(enum rf_change change); /* "unchanged", "changed", "new", "removed" */

struct rf_stage_change {
	char *stage; /* instance */
	enum rf_change change;
	char *what; /* "options of check.structure, workers"; "" unless it is altered */
};

struct rf_comparison {
	struct rf_stage_change *stages; /* those of the new definition in its order, then those removed */
	size_t n_stages;
	bool same;           /* the files are the same, and so are the plugins */
	const char *refusal; /* why a pipeline can't become the other while it runs; NULL: it can */
};

void rf_pipeline_compare(const struct rf_pipeline *old, const struct rf_pipeline *new,
			 struct rf_comparison *comparison);
void rf_comparison_deinit(struct rf_comparison *comparison);

/* How the stage of that name fares. */
enum rf_change rf_comparison_of(const struct rf_comparison *comparison, const char *stage);

#endif
