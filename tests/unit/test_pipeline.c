/* Definitions, good ones and wrong ones: what is printed for each file of tests/unit/definitions is in the file of that
 * name that ends in ".expected". */
#include "config/pipeline.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/support/folder.h"
#include "tests/support/golden.h"
#include "tests/support/registry.h"

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char folder[] = "tests/unit/definitions";

static char *work; /* for files that a test makes */

/* ---- what is seen of a pipeline -------------------------------------------------------------------------------- */

static void dump_stage(const struct rf_pipeline *pipeline, const struct rf_stage *stage, FILE *out)
{
	fprintf(out, "stage %s (%s)", stage->name, rf_stage_kind_name(stage->kind));
	for (size_t i = 0; i < stage->n_from; i++)
		fprintf(out, "%s %s", i ? "," : stage->join ? " all" : " from", pipeline->stages[stage->from[i]].name);
	for (size_t i = 0; i < stage->n_conditions; i++)
		fprintf(out, "%s %s = %s", i ? "," : " when", stage->conditions[i].name, stage->conditions[i].value);
	fprintf(out,
		"\n  workers %u, max_runtime %" PRId64 ", max_memory %" PRIu64 ", retry %" PRId64 "..%" PRId64
		" %u times %" PRId64 ", on_unknown %d, notify_within %" PRId64 "\n",
		stage->workers, stage->max_runtime_us, stage->max_memory, stage->retry_base_us, stage->retry_cap_us,
		stage->max_failures, stage->max_age_us, (int)stage->on_unknown, stage->notify_within_us);
	for (size_t i = 0; i < stage->n_plugins; i++) {
		const struct rf_plugin_use *use = &stage->plugins[i];
		fprintf(out, "  %s\n", use->name);
		for (size_t j = 0; j < use->n_settings; j++)
			fprintf(out, "    %s = %s%s\n", use->settings[j].name, use->settings[j].value,
				use->settings[j].secret ? " (secret)" : "");
	}
}

static void dump_name(const Referat__DatedName *name, FILE *out)
{
	fprintf(out, "    %s%s%s%s%s\n", name->name, name->from ? " from " : "", name->from ? name->from : "",
		name->to ? " to " : "", name->to ? name->to : "");
}

static void dump_publisher(const Referat__Publisher *publisher, FILE *out)
{
	fprintf(out, "publisher %s (%s), %s, %s, contact %s, home %s\n", publisher->name, publisher->short_name,
		publisher->time_zone, publisher->language, publisher->contact ? publisher->contact : "-",
		publisher->home ? publisher->home : "-");
	for (size_t i = 0; i < publisher->n_boards; i++) {
		const Referat__BoardEntry *board = publisher->boards[i];
		fprintf(out, "  board %s, members %s\n", board->id, board->members ? board->members : "-");
		for (size_t j = 0; j < board->n_names; j++)
			dump_name(board->names[j], out);
	}
}

static void dump_test(const struct rf_test *test, FILE *out)
{
	fprintf(out, "test %s: %s\n", test->name, test->input);
	fprintf(out,
		"  held %s, dead %s, title %s, kind %s, board %s, day %s, items %" PRId64 ", decisions %" PRId64 "\n",
		test->held ? test->held : "-", test->dead ? test->dead : "-", test->title ? test->title : "-",
		test->kind ? test->kind : "-", test->board ? test->board : "-", test->day ? test->day : "-",
		test->items, test->decisions);
	for (size_t i = 0; i < test->n_contains; i++)
		fprintf(out, "  contains %s\n", test->contains[i]);
	for (size_t i = 0; i < test->n_lacks; i++)
		fprintf(out, "  lacks %s\n", test->lacks[i]);
	for (size_t i = 0; i < test->n_equals; i++)
		fprintf(out, "  %s equals %s\n", test->equals[i].rendition, test->equals[i].path);
}

static void dump(const struct rf_pipeline *pipeline, FILE *out)
{
	fprintf(out, "pipeline %s, store %s, alerts %s %s, metrics at %u, at most %u per hour\n", pipeline->name,
		pipeline->store, pipeline->alert_operator ? pipeline->alert_operator : "-",
		pipeline->alert_publisher ? pipeline->alert_publisher : "-", pipeline->metrics_port,
		pipeline->max_documents_per_hour);
	if (pipeline->keep_superseded_us)
		fprintf(out, "keeps superseded parts %lld us\n", (long long)pipeline->keep_superseded_us);
	dump_publisher(pipeline->publisher, out);
	for (size_t i = 0; i < pipeline->n_stages; i++)
		dump_stage(pipeline, &pipeline->stages[i], out);
	for (size_t i = 0; i < pipeline->n_tests; i++)
		dump_test(&pipeline->tests[i], out);
}

static int load(const char *path, struct rf_pipeline **pipeline, struct rf_diagnostics *diagnostics,
		struct rf_error *error)
{
	struct rf_pipeline_options options = {.registry = test_registry(), .check_secrets = true, .check_inputs = true};
	return rf_pipeline_load(path, &options, pipeline, diagnostics, error);
}

/* Puts "FOLDER" where the absolute name of the folder stands. The caller frees. */
static char *without_place(const char *text)
{
	rf_autofree char *place = realpath(folder, NULL);
	struct rf_buffer out = RF_BUFFER_INIT;
	for (const char *at = strstr(text, place); at; at = strstr(text, place)) {
		rf_buffer_add(&out, text, (size_t)(at - text));
		rf_buffer_add_text(&out, "FOLDER");
		text = at + strlen(place);
	}
	rf_buffer_add_text(&out, text);
	return rf_buffer_take(&out);
}

/* What `referat check` would say, and, of a good definition, what came of it. The caller frees. */
static char *outcome_of(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct rf_pipeline *pipeline = NULL;
	struct rf_diagnostics diagnostics = {0};
	struct rf_error error = {0};
	int status = load(path, &pipeline, &diagnostics, &error);
	rf_diagnostics_print(&diagnostics, out, false);
	if (status < 0)
		fprintf(out, "%s\n", error.text);
	if (status == 0)
		dump(pipeline, out);
	assert_true((status == 0) == (pipeline != NULL));
	rf_pipeline_free(pipeline);
	rf_diagnostics_deinit(&diagnostics);
	fclose(out);
	char *shown = without_place(text);
	free(text);
	return shown;
}

/* ---- golden files ------------------------------------------------------------------------------------------------ */

static int is_definition(const struct dirent *entry)
{
	return rf_text_ends(entry->d_name, ".yaml");
}

static bool matches_golden(const char *name)
{
	rf_autofree char *path = rf_format("%s/%s", folder, name);
	rf_autofree char *golden = rf_format("%.*sexpected", (int)(strlen(path) - strlen("yaml")), path);
	rf_autofree char *outcome = outcome_of(path);
	return test_golden_matches(golden, outcome, strlen(outcome));
}

static void each_definition_gives_what_is_expected(void **state)
{
	(void)state;
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_definition, alphasort);
	assert_true(n > 0);
	int wrong = 0;
	for (int i = 0; i < n; i++) {
		wrong += !matches_golden(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	assert_int_equal(wrong, 0);
}

/* ---- files that are made by the test ----------------------------------------------------------------------------- */

static void write_file(const char *name, const void *data, size_t size, mode_t mode)
{
	rf_autofree char *path = rf_path_join(work, name);
	rf_autofree char *parent = rf_path_folder(path);
	assert_int_equal(rf_folder_make(parent, NULL), 0);
	assert_int_equal(rf_file_write(path, data, size, false, NULL), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text), 0600);
}

static void copy_into_work(const char *name, const char *as)
{
	rf_autofree char *path = rf_format("%s/%s", folder, name);
	rf_autofree char *text = NULL;
	size_t size = 0;
	assert_int_equal(rf_file_read(path, 1 << 20, &text, &size, NULL), 0);
	write_text(as, text);
}

static void assert_finds(const char *name, const char *words)
{
	rf_autofree char *path = rf_path_join(work, name);
	rf_autofree char *outcome = outcome_of(path);
	if (!strstr(outcome, words))
		fail_msg("no '%s' in:\n%s", words, outcome);
}

static int set_up(void **state)
{
	(void)state;
	work = test_folder_make();
	copy_into_work("publishers/good.yaml", "publishers/good.yaml");
	copy_into_work("good-all-keys.yaml", "secret.yaml");
	write_text("credentials/cms", "open sesame\n");
	rf_autofree char *credentials = rf_path_join(work, "credentials");
	return setenv("CREDENTIALS_DIRECTORY", credentials, 1);
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove(work);
	return 0;
}

static void a_secret_of_mode_0600_is_good(void **state)
{
	(void)state;
	rf_autofree char *credentials = rf_strdup(getenv("CREDENTIALS_DIRECTORY"));
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_finds("secret.yaml", "missing-secret");
	write_file("secrets/cms", "x", 1, 0600);
	assert_finds("secret.yaml", "pipeline everything");
	write_file("secrets/cms", "x", 1, 0640);
	assert_finds("secret.yaml", "can be read by others (mode 0640)");
	setenv("CREDENTIALS_DIRECTORY", credentials, 1);
}

static void a_file_beyond_1_mib_is_refused(void **state)
{
	(void)state;
	size_t size = (1 << 20) + 1;
	rf_autofree char *text = rf_alloc(size + 1);
	memset(text, '#', size);
	write_text("large.yaml", text);
	assert_finds("large.yaml", "larger than 1 MiB");
}

static void a_file_that_is_not_there_is_said_so(void **state)
{
	(void)state;
	assert_finds("nowhere.yaml", "there is no file");
}

static void at_most_100_mistakes_are_shown(void **state)
{
	(void)state;
	struct rf_buffer text = RF_BUFFER_INIT;
	for (int i = 0; i < 500; i++)
		rf_buffer_format(&text, "key%d: 1\n", i);
	write_text("many.yaml", text.data);
	rf_buffer_deinit(&text);
	assert_finds("many.yaml", "only the first 100 are shown");
}

static void diagnostics_are_json_too(void **state)
{
	(void)state;
	struct rf_diagnostics diagnostics = {0};
	struct rf_pipeline *pipeline = NULL;
	rf_autofree char *path = rf_format("%s/unknown-key.yaml", folder);
	assert_int_equal(load(path, &pipeline, &diagnostics, NULL), 1);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	rf_diagnostics_print_json(&diagnostics, out);
	fclose(out);
	assert_non_null(strstr(text, "\"code\":\"unknown-key\""));
	assert_non_null(strstr(text, "\"severity\":\"error\""));
	free(text);
	rf_diagnostics_deinit(&diagnostics);
}

/* ---- damaged files ----------------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Changes a few places of the text: other bytes, bytes and pieces taken out, pieces doubled. */
static void damage(struct rf_buffer *text, uint32_t *seed)
{
	static const char bytes[] = "{}[]:,-&*!|>'\"#%@`\t\n \x80\xff~?0aZ<";
	for (uint32_t n = next_random(seed) % 6 + 1; n > 0 && text->size > 1; n--) {
		size_t at = next_random(seed) % text->size;
		size_t length = next_random(seed) % (text->size - at) % 40 + 1;
		if (length > text->size - at)
			length = text->size - at;
		rf_autofree char *piece = rf_memdup(text->data + at, length);
		switch (next_random(seed) % 4) {
		case 0:
			text->data[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
			break;
		case 1:
			memmove(text->data + at, text->data + at + length, text->size - at - length);
			text->size -= length;
			break;
		case 2:
			rf_buffer_add(text, piece, length);
			break;
		default:
			memcpy(text->data + next_random(seed) % (text->size - length + 1), piece, length);
			break;
		}
	}
}

static void damaged_definitions_never_crash(void **state)
{
	(void)state;
	static const char *const names[] = {"good-all-keys.yaml", "good-short.yaml", "publishers/good.yaml"};
	uint32_t seed = 20240417;
	for (size_t i = 0; i < 1500; i++) {
		size_t which = i % RF_COUNT(names);
		rf_autofree char *path = rf_format("%s/%s", folder, names[which]);
		struct rf_buffer text = RF_BUFFER_INIT;
		size_t size = 0;
		rf_autofree char *original = NULL;
		assert_int_equal(rf_file_read(path, 1 << 20, &original, &size, NULL), 0);
		rf_buffer_add(&text, original, size);
		damage(&text, &seed);
		bool publisher = which == 2;
		write_file(publisher ? "publishers/good.yaml" : "damaged.yaml", text.data, text.size, 0600);
		rf_buffer_deinit(&text);
		rf_autofree char *damaged = rf_path_join(work, publisher ? "secret.yaml" : "damaged.yaml");
		rf_autofree char *outcome = outcome_of(damaged);
		assert_true(*outcome);
		if (publisher)
			copy_into_work("publishers/good.yaml", "publishers/good.yaml");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_definition_gives_what_is_expected),
	    cmocka_unit_test(a_secret_of_mode_0600_is_good),
	    cmocka_unit_test(a_file_beyond_1_mib_is_refused),
	    cmocka_unit_test(a_file_that_is_not_there_is_said_so),
	    cmocka_unit_test(at_most_100_mistakes_are_shown),
	    cmocka_unit_test(diagnostics_are_json_too),
	    cmocka_unit_test(damaged_definitions_never_crash),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
