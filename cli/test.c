/* `referat test`: puts the files of a definition's tests through its stages, and says what came out otherwise. */
#include "base/clock.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/definition.h"
#include "cli/verdict.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { NOT_OK = 1 };

static struct {
	const char *plugins, *only;
	int64_t limit_us;
	bool json, update;
} given;

static struct json_object *results; /* with --json */
static size_t n_ok, n_not_ok, n_written;

static void print_verdict(const struct rf_test *test, const struct rf_verdict *verdict)
{
	printf("%s  %s\n", verdict->n_differences ? "not ok" : "ok    ", test->name);
	for (size_t i = 0; i < verdict->n_differences; i++) {
		const struct rf_difference *difference = &verdict->differences[i];
		printf("        %s\n          expected: %s\n          got:      %s\n", difference->what,
		       difference->expected, difference->got);
	}
}

static void add_text(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

static void note_verdict(const struct rf_test *test, const struct rf_verdict *verdict)
{
	struct json_object *result = json_object_new_object();
	struct json_object *list = json_object_new_array();
	add_text(result, "name", test->name);
	json_object_object_add(result, "ok", json_object_new_boolean(verdict->n_differences == 0));
	for (size_t i = 0; i < verdict->n_differences; i++) {
		struct json_object *difference = json_object_new_object();
		add_text(difference, "what", verdict->differences[i].what);
		add_text(difference, "expected", verdict->differences[i].expected);
		add_text(difference, "got", verdict->differences[i].got);
		json_object_array_add(list, difference);
	}
	json_object_object_add(result, "differences", list);
	json_object_array_add(results, result);
}

static int try_test(const struct rf_pipeline *pipeline, const struct rf_test *test, struct rf_error *error)
{
	struct rf_rehearsal rehearsal;
	struct rf_verdict verdict;
	if (rf_rehearse(pipeline, test->input, given.plugins, given.limit_us, &rehearsal, error))
		return rf_error_prefix(error, "%s", test->name);
	int status = rf_judge(test, &rehearsal, given.update, &verdict, error);
	rf_rehearsal_deinit(&rehearsal);
	if (status)
		return status;
	if (given.json)
		note_verdict(test, &verdict);
	else
		print_verdict(test, &verdict);
	*(verdict.n_differences ? &n_not_ok : &n_ok) += 1;
	n_written += verdict.n_written;
	rf_verdict_deinit(&verdict);
	return 0;
}

static void print_sum(void)
{
	if (given.json) {
		struct json_object *whole = json_object_new_object();
		json_object_object_add(whole, "ok", json_object_new_int64((int64_t)n_ok));
		json_object_object_add(whole, "not_ok", json_object_new_int64((int64_t)n_not_ok));
		json_object_object_add(whole, "written", json_object_new_int64((int64_t)n_written));
		json_object_object_add(whole, "tests", results);
		printf("%s\n", json_object_to_json_string_ext(whole, JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(whole);
		return;
	}
	printf("%zu ok, %zu not ok", n_ok, n_not_ok);
	if (n_written)
		printf(", %zu file%s written", n_written, n_written == 1 ? "" : "s");
	putchar('\n');
}

static int try_all(const struct rf_pipeline *pipeline)
{
	struct rf_error error;
	results = given.json ? json_object_new_array() : NULL;
	for (size_t i = 0; i < pipeline->n_tests; i++) {
		const struct rf_test *test = &pipeline->tests[i];
		if (given.only && !strstr(test->name, given.only))
			continue;
		if (try_test(pipeline, test, &error)) {
			json_object_put(results);
			return rf_command_fail("test", EX_SOFTWARE, &error);
		}
		fflush(stdout);
	}
	print_sum();
	return n_not_ok ? NOT_OK : EX_OK;
}

static const struct rf_option options[] = {
    {"only", 0, RF_OPTION_TEXT, "WORDS", "only tests whose name has these words", &given.only},
    {"update", 0, RF_OPTION_FLAG, NULL, "write the files of 'equals' anew; read the difference before you keep them",
     &given.update},
    {"limit", 0, RF_OPTION_DURATION, "D", "how long one test may take; default: 60s", &given.limit_us},
    {"json", 0, RF_OPTION_FLAG, NULL, "write JSON", &given.json},
    RF_COMMAND_PLUGINS(given.plugins),
};

static const struct rf_program program = {
    .name = "referat test",
    .synopsis = "referat test PIPELINE [options]",
    .description = "Runs the tests of a definition: puts each one's input through the stages up to rendering, and "
		   "compares what comes out with what the test says. Each runs in a temporary folder with a broker of "
		   "its own; nothing is published, and nobody is told.\n\n"
		   "Exit status: 0 all came out as they say; 1 some did not; 70 the pipeline could not run; 78 the "
		   "definition is not good; 66 it can't be read.",
    .examples = "referat test pipelines/demo/pipeline.yaml\n"
		"referat test pipelines/demo/pipeline.yaml --only kommunstyrelsen",
    .options = options,
    .n_options = RF_COUNT(options),
    .least_operands = 1,
    .most_operands = 1,
};

int rf_command_test(int argc, char **argv)
{
	given.limit_us = 60 * RF_SECOND;
	int status = rf_command_read(&program, argc, argv);
	if (status != RF_COMMAND_GO)
		return status;
	struct rf_error error;
	struct rf_definition definition;
	status = rf_definition_load(argv[1], given.plugins, true, &definition, &error);
	if (status)
		return rf_command_fail("test", status, &error);
	if (definition.pipeline) {
		status = try_all(definition.pipeline);
	} else {
		rf_diagnostics_print(&definition.diagnostics, stderr, isatty(STDERR_FILENO));
		status = EX_CONFIG;
	}
	rf_definition_deinit(&definition);
	return status;
}
