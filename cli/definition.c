#include "cli/definition.h"

#include <string.h>
#include <sysexits.h>

int rf_definition_load(const char *path, const char *plugins, bool check_files, struct rf_definition *definition,
		       struct rf_error *error)
{
	memset(definition, 0, sizeof(*definition));
	if (rf_registry_scan(plugins, &definition->registry, error) < 0)
		return EX_UNAVAILABLE;
	struct rf_pipeline_options options = {
	    .registry = &definition->registry, .check_secrets = check_files, .check_inputs = check_files};
	int status = rf_pipeline_load(path, &options, &definition->pipeline, &definition->diagnostics, error);
	if (status >= 0)
		return EX_OK;
	rf_definition_deinit(definition);
	return EX_NOINPUT;
}

void rf_definition_deinit(struct rf_definition *definition)
{
	rf_pipeline_free(definition->pipeline);
	rf_diagnostics_deinit(&definition->diagnostics);
	rf_registry_deinit(&definition->registry);
	memset(definition, 0, sizeof(*definition));
}
