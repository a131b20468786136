/* The tests of a definition: an input file each, and what is to become of it (docs/pipelines.md, "Tests"). */
#include "config/pipeline-tests.h"
#include "base/files.h"
#include "base/memory.h"
#include "config/pipeline-reading.h"
#include "config/value.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_TESTS = 1000, MOST_COUNT = 100000 };

static const struct referat_option path_option = {.name = "input", .type = REFERAT_PATH};

/* Texts of a test, by their keys. */
static const struct {
	const char *key;
	size_t offset;
} text_keys[] = {
    {"name", offsetof(struct rf_test, name)}, {"held", offsetof(struct rf_test, held)},
    {"dead", offsetof(struct rf_test, dead)}, {"title", offsetof(struct rf_test, title)},
    {"kind", offsetof(struct rf_test, kind)}, {"board", offsetof(struct rf_test, board)},
    {"day", offsetof(struct rf_test, day)},
};

static void read_texts(struct rf_reading *reading, const struct rf_yaml_node *map, struct rf_test *test)
{
	for (size_t i = 0; i < RF_COUNT(text_keys); i++) {
		const struct rf_yaml_node *node = rf_yaml_get(map, text_keys[i].key);
		const char *text = node ? rf_value_text(node, reading->diagnostics) : NULL;
		if (text)
			*(char **)((char *)test + text_keys[i].offset) = rf_strdup(text);
	}
}

static int64_t read_count(struct rf_reading *reading, const struct rf_yaml_node *map, const char *key)
{
	const struct referat_option count_option = {.name = key, .type = REFERAT_INTEGER, .max = MOST_COUNT};
	const struct rf_yaml_node *node = rf_yaml_get(map, key);
	rf_autofree char *value =
	    node ? rf_value_read(node, &count_option, reading->folder, reading->diagnostics) : NULL;
	return value ? strtoll(value, NULL, 10) : RF_TEST_ANY;
}

/* A text, or a list of them. */
static void read_words(struct rf_reading *reading, const struct rf_yaml_node *map, const char *key, char ***words,
		       size_t *n_words)
{
	const struct rf_yaml_node *node = rf_yaml_get(map, key);
	if (!node)
		return;
	bool list = node->kind == RF_YAML_LIST;
	*words = rf_alloc((list ? node->n : 1) * sizeof(char *));
	for (const struct rf_yaml_node *one = list ? node->first : node; one; one = list ? one->next : NULL) {
		const char *text = rf_value_text(one, reading->diagnostics);
		if (text)
			(*words)[(*n_words)++] = rf_strdup(text);
	}
}

/* {page: expected.html}: renditions by name, and the files that they are to equal. */
static void read_equals(struct rf_reading *reading, const struct rf_yaml_node *map, struct rf_test *test)
{
	const struct rf_yaml_node *equals = rf_yaml_get(map, "equals");
	if (!equals || !rf_value_is_map(equals, reading->diagnostics))
		return;
	test->equals = rf_alloc(equals->n * sizeof(*test->equals));
	for (const struct rf_yaml_node *node = equals->first; node; node = node->next) {
		char *path = rf_value_read(node, &path_option, reading->folder, reading->diagnostics);
		if (path)
			test->equals[test->n_equals++] =
			    (struct rf_test_file){.rendition = rf_strdup(node->key->text), .path = path};
	}
}

static void read_input(struct rf_reading *reading, const struct rf_yaml_node *map, struct rf_test *test)
{
	const struct rf_yaml_node *node = rf_yaml_get(map, "input");
	if (!node) {
		rf_yaml_error(reading->diagnostics, map, "missing-key", "'input' is missing");
		return;
	}
	test->input = rf_value_read(node, &path_option, reading->folder, reading->diagnostics);
	if (test->input && reading->options->check_inputs && access(test->input, R_OK) != 0)
		rf_yaml_warning(reading->diagnostics, node, "no-input", "there is no file %s to be read", test->input);
	if (!test->name && test->input)
		test->name = rf_strdup(node->text);
}

static void read_test(struct rf_reading *reading, const struct rf_yaml_node *map, struct rf_test *test)
{
	static const char *const keys[] = {"name", "input", "held",      "dead",     "title", "kind",  "board",
					   "day",  "items", "decisions", "contains", "lacks", "equals"};
	test->items = test->decisions = RF_TEST_ANY;
	if (!rf_value_is_map(map, reading->diagnostics))
		return;
	rf_value_check_keys(map, keys, RF_COUNT(keys), reading->diagnostics);
	read_texts(reading, map, test);
	read_input(reading, map, test);
	test->items = read_count(reading, map, "items");
	test->decisions = read_count(reading, map, "decisions");
	read_words(reading, map, "contains", &test->contains, &test->n_contains);
	read_words(reading, map, "lacks", &test->lacks, &test->n_lacks);
	read_equals(reading, map, test);
	if (test->held && test->dead)
		rf_yaml_error(reading->diagnostics, rf_yaml_get(map, "dead"), "held-and-dead",
			      "a document can't be held and dead");
}

void rf_reading_tests(struct rf_reading *reading, const struct rf_yaml_node *root)
{
	struct rf_pipeline *pipeline = reading->pipeline;
	const struct rf_yaml_node *list = rf_yaml_get(root, "tests");
	if (!list)
		return;
	if (list->kind != RF_YAML_LIST || list->n > MOST_TESTS) {
		rf_yaml_error(reading->diagnostics, list, "tests", "tests: expected a list of at most %d tests, not %s",
			      MOST_TESTS, rf_yaml_kind_name(list));
		return;
	}
	pipeline->tests = rf_alloc(list->n * sizeof(*pipeline->tests));
	for (const struct rf_yaml_node *node = list->first; node; node = node->next)
		read_test(reading, node, &pipeline->tests[pipeline->n_tests++]);
}

static void free_words(char **words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(words[i]);
	free(words);
}

void rf_test_deinit(struct rf_test *test)
{
	for (size_t i = 0; i < RF_COUNT(text_keys); i++)
		free(*(char **)((char *)test + text_keys[i].offset));
	free(test->input);
	free_words(test->contains, test->n_contains);
	free_words(test->lacks, test->n_lacks);
	for (size_t i = 0; i < test->n_equals; i++) {
		free(test->equals[i].rendition);
		free(test->equals[i].path);
	}
	free(test->equals);
}
