/* The YAML of a definition and of a publisher file, up to the last check. What is refused has a diagnostic. */
#include "base/error.h"
#include "config/pipeline.h"
#include "config/publisher.h"
#include "tests/fuzz/target.h"
#include "tests/support/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_publisher(const char *path)
{
	struct rf_diagnostics diagnostics = {0};
	struct rf_error error = {0};
	Referat__Publisher *publisher = NULL;
	char *text = NULL;
	int status = rf_publisher_read("publisher.yaml", path, &diagnostics, &publisher, &text, &error);
	FUZZ_ASSERT(status >= 0 && (status == 0) == (diagnostics.n_errors == 0));
	rf_publisher_free(publisher);
	free(text);
	rf_diagnostics_deinit(&diagnostics);
}

static void read_definition(const char *path)
{
	static const char publisher[] = "referat: 1\nname: Exempelby kommun\nboards: []\n";
	struct rf_pipeline_options options = {
	    .registry = test_registry(),
	    .copy = path,
	    .publisher_copy = fuzz_file(1, (const uint8_t *)publisher, sizeof publisher - 1),
	};
	struct rf_diagnostics diagnostics = {0};
	struct rf_error error = {0};
	struct rf_pipeline *pipeline = NULL;
	int status = rf_pipeline_load("pipeline.yaml", &options, &pipeline, &diagnostics, &error);
	FUZZ_ASSERT(status >= 0 && (status == 0) == (diagnostics.n_errors == 0));
	rf_pipeline_free(pipeline);
	rf_diagnostics_deinit(&diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(0, data, size);
	read_publisher(path);
	read_definition(path);
	return 0;
}
