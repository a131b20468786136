/* What a reload finds different between two definitions. */
#include "config/compare.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"
#include "tests/support/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char publisher[] = "referat: 1\n"
				"name: Exempelby kommun\n"
				"short_name: Exempelby\n"
				"time_zone: Europe/Stockholm\n"
				"language: sv\n"
				"boards:\n"
				"  - {id: ks, name: Kommunstyrelsen}\n";

static const char definition[] =
    "referat: 1\n"
    "pipeline: example\n"
    "publisher: publisher.yaml\n"
    "stages:\n"
    "  ingest: [source.folder: {path: inbox}, reader.text]\n"
    "  validate: [check.structure, check.readability: {warn_above: 50}]\n"
    "  render: [writer.html]\n"
    "  publish/web: {target.site: {base_url: \"https://exempelby.se/\"}}\n"
    "  publish/copy: {from: render, target.site: {base_url: \"https://exempelby.se/\", path: copy}}\n";

static char *work;

static void write_text(const char *name, const char *text)
{
	rf_autofree char *path = rf_path_join(work, name);
	assert_int_equal(rf_file_write(path, text, strlen(text), false, NULL), 0);
}

/* The text with one word in place of another; NULL: as it is. The caller frees. */
static char *with(const char *text, const char *old, const char *new)
{
	const char *at = old ? strstr(text, old) : NULL;
	assert_true(!old || at);
	return old ? rf_format("%.*s%s%s", (int)(at - text), text, new, at + strlen(old)) : rf_strdup(text);
}

static struct rf_pipeline *load(const char *definition_text, const char *publisher_text)
{
	struct rf_pipeline *pipeline = NULL;
	struct rf_diagnostics diagnostics = {0};
	struct rf_error error = {0};
	write_text("pipeline.yaml", definition_text);
	write_text("publisher.yaml", publisher_text);
	rf_autofree char *path = rf_path_join(work, "pipeline.yaml");
	const struct rf_pipeline_options options = {.registry = test_registry()};
	int status = rf_pipeline_load(path, &options, &pipeline, &diagnostics, &error);
	rf_diagnostics_print(&diagnostics, stderr, false);
	rf_diagnostics_deinit(&diagnostics);
	assert_int_equal(status, 0);
	return pipeline;
}

/* Compares the definition with the one that has new in place of old. */
static struct rf_comparison compare_files(const char *old, const char *new, const char *old_publisher,
					  const char *new_publisher)
{
	struct rf_comparison comparison;
	rf_autofree char *changed = with(definition, old, new);
	rf_autofree char *changed_publisher = with(publisher, old_publisher, new_publisher);
	struct rf_pipeline *before = load(definition, publisher), *after = load(changed, changed_publisher);
	rf_pipeline_compare(before, after, &comparison);
	rf_pipeline_free(before);
	rf_pipeline_free(after);
	return comparison;
}

static void assert_stage(const struct rf_comparison *comparison, const char *name, enum rf_change change,
			 const char *what)
{
	for (size_t i = 0; i < comparison->n_stages; i++) {
		const struct rf_stage_change *stage = &comparison->stages[i];
		if (strcmp(stage->stage, name) != 0)
			continue;
		assert_string_equal(rf_change_name(stage->change), rf_change_name(change));
		assert_string_equal(stage->what, what);
		return;
	}
	fail_msg("nothing is said of %s", name);
}

static size_t count(const struct rf_comparison *comparison, enum rf_change change)
{
	size_t n = 0;
	for (size_t i = 0; i < comparison->n_stages; i++)
		n += comparison->stages[i].change == change;
	return n;
}

/* The one stage that differs, and in what. */
static void assert_only(const char *old, const char *new, const char *stage, enum rf_change change, const char *what)
{
	struct rf_comparison comparison = compare_files(old, new, NULL, NULL);
	assert_stage(&comparison, stage, change, what);
	assert_int_equal(count(&comparison, RF_CHANGE_NONE), comparison.n_stages - 1);
	assert_false(comparison.same);
	assert_null(comparison.refusal);
	assert_int_equal(rf_comparison_of(&comparison, stage), change);
	rf_comparison_deinit(&comparison);
}

static void the_same_files_are_the_same(void **state)
{
	(void)state;
	struct rf_comparison comparison = compare_files(NULL, NULL, NULL, NULL);
	assert_true(comparison.same);
	assert_int_equal(comparison.n_stages, 5);
	assert_int_equal(count(&comparison, RF_CHANGE_NONE), 5);
	rf_comparison_deinit(&comparison);
}

static void a_comment_changes_no_stage(void **state)
{
	(void)state;
	struct rf_comparison comparison = compare_files("stages:", "stages: # all of them", NULL, NULL);
	assert_false(comparison.same);
	assert_int_equal(count(&comparison, RF_CHANGE_NONE), 5);
	rf_comparison_deinit(&comparison);
}

static void a_changed_option_is_found(void **state)
{
	(void)state;
	assert_only("warn_above: 50", "warn_above: 40", "validate", RF_CHANGE_ALTERED, "options of check.readability");
}

static void an_option_that_is_written_as_its_default_is_no_change(void **state)
{
	(void)state;
	struct rf_comparison comparison = compare_files("{path: inbox}", "{path: inbox, settle: 2s}", NULL, NULL);
	assert_int_equal(count(&comparison, RF_CHANGE_NONE), 5);
	rf_comparison_deinit(&comparison);
}

static void changed_plugins_are_found(void **state)
{
	(void)state;
	assert_only("[check.structure, check", "[check", "validate", RF_CHANGE_ALTERED, "plugins");
	assert_only("render: [writer.html]", "render: [writer.html, writer.text]", "render", RF_CHANGE_ALTERED,
		    "plugins");
}

static void changed_workers_are_found(void **state)
{
	(void)state;
	assert_only("render: [writer.html]", "render: {writer.html: , workers: 3}", "render", RF_CHANGE_ALTERED,
		    "workers");
}

static void changed_routes_and_limits_are_found(void **state)
{
	(void)state;
	assert_only("{from: render, ", "{from: render, when: {kind: minutes}, ", "publish/copy", RF_CHANGE_ALTERED,
		    "routes");
	assert_only("{from: render, ", "{from: render, max_runtime: 10s, ", "publish/copy", RF_CHANGE_ALTERED,
		    "limits");
}

static void a_stage_that_moves_in_the_file_is_the_same(void **state)
{
	(void)state;
	struct rf_comparison comparison =
	    compare_files("  publish/web: {target.site",
			  "  publish/more: {from: render, target.site: {base_url: "
			  "\"https://a.se/\"}}\n  publish/web: {from: render, target.site",
			  NULL, NULL);
	assert_stage(&comparison, "publish/more", RF_CHANGE_ADDED, "");
	assert_int_equal(count(&comparison, RF_CHANGE_NONE), 5);
	rf_comparison_deinit(&comparison);
}

static void a_stage_that_is_added_or_removed_is_found(void **state)
{
	(void)state;
	static const char last[] =
	    "  publish/copy: {from: render, target.site: {base_url: \"https://exempelby.se/\", path: copy}}\n";
	assert_only("  publish/copy: {from",
		    "  publish/third: {from: render, target.site: {base_url: \"https://a.se/\"}}\n"
		    "  publish/copy: {from",
		    "publish/third", RF_CHANGE_ADDED, "");
	struct rf_comparison comparison = compare_files(last, "", NULL, NULL);
	assert_stage(&comparison, "publish/copy", RF_CHANGE_REMOVED, "");
	assert_int_equal(count(&comparison, RF_CHANGE_NONE), 4);
	rf_comparison_deinit(&comparison);
}

static void a_changed_publisher_changes_every_stage(void **state)
{
	(void)state;
	struct rf_comparison comparison = compare_files(NULL, NULL, "Exempelby kommun", "Exempelby stad");
	assert_false(comparison.same);
	assert_int_equal(count(&comparison, RF_CHANGE_ALTERED), 5);
	assert_stage(&comparison, "ingest", RF_CHANGE_ALTERED, "publisher file");
	rf_comparison_deinit(&comparison);
}

static void another_name_is_refused(void **state)
{
	(void)state;
	struct rf_comparison comparison = compare_files("pipeline: example", "pipeline: other", NULL, NULL);
	assert_string_equal(comparison.refusal, "the name of the pipeline is another");
	rf_comparison_deinit(&comparison);
}

/* The copy is read, and the file is named. */
static void a_copy_is_read_in_place_of_the_file(void **state)
{
	(void)state;
	struct rf_pipeline *before = load(definition, publisher), *after = NULL;
	write_text("copy", before->text);
	write_text("publisher-copy", before->publisher_text);
	write_text("pipeline.yaml", "spoilt");
	write_text("publisher.yaml", "spoilt");
	rf_autofree char *path = rf_path_join(work, "pipeline.yaml"), *copy = rf_path_join(work, "copy"),
			 *publisher_copy = rf_path_join(work, "publisher-copy");
	struct rf_diagnostics diagnostics = {0};
	const struct rf_pipeline_options options = {
	    .registry = test_registry(), .copy = copy, .publisher_copy = publisher_copy};
	assert_int_equal(rf_pipeline_load(path, &options, &after, &diagnostics, NULL), 0);
	struct rf_comparison comparison;
	rf_pipeline_compare(before, after, &comparison);
	assert_true(comparison.same);
	assert_string_equal(after->path, path);
	rf_comparison_deinit(&comparison);
	rf_pipeline_free(before);
	rf_pipeline_free(after);
	rf_diagnostics_deinit(&diagnostics);
}

static int set_up(void **state)
{
	(void)state;
	work = test_folder_make();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove(work);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_files_are_the_same),
	    cmocka_unit_test(a_comment_changes_no_stage),
	    cmocka_unit_test(a_changed_option_is_found),
	    cmocka_unit_test(an_option_that_is_written_as_its_default_is_no_change),
	    cmocka_unit_test(changed_plugins_are_found),
	    cmocka_unit_test(changed_workers_are_found),
	    cmocka_unit_test(changed_routes_and_limits_are_found),
	    cmocka_unit_test(a_stage_that_moves_in_the_file_is_the_same),
	    cmocka_unit_test(a_stage_that_is_added_or_removed_is_found),
	    cmocka_unit_test(a_changed_publisher_changes_every_stage),
	    cmocka_unit_test(another_name_is_refused),
	    cmocka_unit_test(a_copy_is_read_in_place_of_the_file),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
