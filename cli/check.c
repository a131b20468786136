/* `referat check PIPELINE`: whether a definition and the publisher file it names are good. */
#include "base/memory.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/definition.h"
#include "cli/probe.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static size_t count_secrets(const struct rf_plugin_use *use)
{
	size_t n = 0;
	for (size_t i = 0; i < use->n_settings; i++)
		n += use->settings[i].secret;
	return n;
}

/* One line that says what was checked, so that nobody believes it was something else. */
static void print_good(const struct rf_pipeline *pipeline, size_t n_warnings)
{
	size_t plugins = 0;
	size_t secrets = 0;
	for (size_t i = 0; i < pipeline->n_stages; i++) {
		const struct rf_stage *stage = &pipeline->stages[i];
		plugins += stage->n_plugins;
		for (size_t j = 0; j < stage->n_plugins; j++)
			secrets += count_secrets(&stage->plugins[j]);
	}
	size_t boards = pipeline->publisher->n_boards;
	printf(
	    "%s: good: pipeline '%s' for %s, %zu stage%s, %zu plugin%s with their options, %zu secret%s, %zu board%s",
	    pipeline->path, pipeline->name, pipeline->publisher->name, pipeline->n_stages, plural(pipeline->n_stages),
	    plugins, plural(plugins), secrets, plural(secrets), boards, plural(boards));
	if (n_warnings)
		printf("; %zu warning%s", n_warnings, plural(n_warnings));
	printf("\n");
}

static void print_text(const char *path, const struct rf_definition *definition, size_t n_warnings)
{
	const struct rf_diagnostics *diagnostics = &definition->diagnostics;
	rf_diagnostics_print(diagnostics, stderr, rf_text_colours(STDERR_FILENO));
	if (definition->pipeline)
		print_good(definition->pipeline, n_warnings);
	else
		fprintf(stderr, "%s: %zu error%s, %zu warning%s\n", path, diagnostics->n_errors,
			plural(diagnostics->n_errors), n_warnings, plural(n_warnings));
}

static size_t count_warnings(const struct rf_diagnostics *diagnostics)
{
	size_t n = 0;
	for (size_t i = 0; i < diagnostics->n; i++)
		n += diagnostics->list[i].warning;
	return n;
}

int rf_command_check(int argc, char **argv)
{
	bool json = false;
	bool strict = false;
	bool environment = false;
	const char *plugins = NULL;
	const struct rf_option options[] = {
	    {"json", 0, RF_OPTION_FLAG, NULL, "write the mistakes as JSON, for editors and CI", &json},
	    {"warnings-as-errors", 0, RF_OPTION_FLAG, NULL, "exit with 78 for warnings as well", &strict},
	    {"environment", 0, RF_OPTION_FLAG, NULL,
	     "ask servers too whether they can be reached and take the credentials; changes nothing there",
	     &environment},
	    RF_COMMAND_PLUGINS(plugins),
	};
	const struct rf_program program = {
	    .name = "referat check",
	    .synopsis = "referat check PIPELINE [options]",
	    .description =
		"Reads a definition and the publisher file it names, with the plugins that are installed, and "
		"shows every mistake at once: where it stands, what is wrong, and what was expected. Whether "
		"the secrets are there is checked too. Nothing is started, and without --environment no address is "
		"asked.\n\n"
		"Exit status: 0 the definition is good; 78 it is not; 66 it can't be read; 69 with --environment: a "
		"server does not answer well.",
	    .examples = "referat check pipelines/demo/pipeline.yaml\n"
			"referat check /etc/referat/exempelby.yaml --environment",
	    .options = options,
	    .n_options = RF_COUNT(options),
	    .least_operands = 1,
	    .most_operands = 1,
	};
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	struct rf_definition definition;
	status = rf_definition_load(argv[1], plugins, true, &definition, &error);
	if (status)
		return rf_command_fail("check", status, &error);
	size_t n_warnings = count_warnings(&definition.diagnostics);
	if (json)
		rf_diagnostics_print_json(&definition.diagnostics, stdout);
	else
		print_text(argv[1], &definition, n_warnings);
	status = definition.pipeline && !(strict && n_warnings) ? EX_OK : EX_CONFIG;
	if (status == EX_OK && environment && rf_probe(definition.pipeline, NULL, json ? stderr : stdout))
		status = EX_UNAVAILABLE;
	rf_definition_deinit(&definition);
	return status;
}
