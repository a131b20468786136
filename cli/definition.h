/* A definition, read with the plugins that are installed: what `check`, `graph` and `run` start from. */
#ifndef RF_CLI_DEFINITION_H
#define RF_CLI_DEFINITION_H

#include "base/error.h"
#include "config/pipeline.h"
#include "plugin/registry.h"

struct rf_definition {
	struct rf_registry registry;
	struct rf_pipeline *pipeline; /* NULL: there are errors in diagnostics */
	struct rf_diagnostics diagnostics;
};

/* plugins: folders looked at before those of the installation, or NULL. check_files: whether secrets, and the inputs of
 * tests, are there. Returns 0 (whether it is good is seen by
 * pipeline), or an exit status with the reason: the file or the plugins can't be read. */
int rf_definition_load(const char *path, const char *plugins, bool check_files, struct rf_definition *definition,
		       struct rf_error *error);
void rf_definition_deinit(struct rf_definition *definition);

#endif
