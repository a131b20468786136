/* The tree of a YAML file: what is read, and where it is said to stand. */
#include "config/yaml.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	char *folder;
	char *path;
	struct rf_yaml *yaml;
	struct rf_diagnostics diagnostics;
	int status;
};

static int set_up(void **state)
{
	struct fixture *fixture = rf_alloc(sizeof(*fixture));
	fixture->folder = test_folder_make();
	fixture->path = rf_path_join(fixture->folder, "file.yaml");
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	rf_yaml_free(fixture->yaml);
	rf_diagnostics_deinit(&fixture->diagnostics);
	free(fixture->path);
	test_folder_remove(fixture->folder);
	free(fixture);
	return 0;
}

static const struct rf_yaml_node *read_text(struct fixture *fixture, const char *text)
{
	struct rf_error error = {0};
	assert_int_equal(rf_file_write(fixture->path, text, strlen(text), false, &error), 0);
	fixture->status = rf_yaml_read(fixture->path, &fixture->diagnostics, &fixture->yaml, &error);
	return fixture->status == 0 ? fixture->yaml->root : NULL;
}

static void assert_at(const struct rf_yaml_node *node, size_t line, size_t column, size_t length)
{
	assert_non_null(node);
	assert_int_equal(node->line, line);
	assert_int_equal(node->column, column);
	assert_int_equal(node->length, length);
}

static void every_key_and_value_knows_its_place(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "a: one\nräv: [x, \"två ord\"]\n");
	assert_int_equal(root->kind, RF_YAML_MAP);
	assert_int_equal(root->n, 2);
	assert_at(rf_yaml_get(root, "a"), 1, 4, 3);
	const struct rf_yaml_node *list = rf_yaml_get(root, "räv");
	assert_at(list->key, 2, 1, 3);
	assert_at(list->first, 2, 7, 1);
	assert_at(list->first->next, 2, 10, 9);
	assert_string_equal(list->first->next->text, "två ord");
	assert_true(list->first->plain);
	assert_false(list->first->next->plain);
	assert_null(rf_yaml_get(root, "b"));
}

static void a_file_of_another_system_is_read_alike(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "\xef\xbb\xbf"
							    "a: one\r\nb: two\r\n");
	assert_string_equal(rf_yaml_get(root, "a")->text, "one");
	assert_at(rf_yaml_get(root, "b"), 2, 4, 3);
}

static void an_alias_is_a_copy_that_stands_where_it_was_written(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "a: &x {k: v}\nb: *x\nc: [*x, *x]\n");
	const struct rf_yaml_node *copy = rf_yaml_get(root, "b");
	assert_ptr_not_equal(copy, rf_yaml_get(root, "a"));
	assert_string_equal(copy->key->text, "b");
	assert_string_equal(rf_yaml_get(copy, "k")->text, "v");
	assert_at(rf_yaml_get(copy, "k"), 1, 11, 1);
	assert_int_equal(rf_yaml_get(root, "c")->n, 2);
}

static void a_later_anchor_takes_the_place_of_an_earlier(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "a: &x one\nb: &x two\nc: *x\n");
	assert_string_equal(rf_yaml_get(root, "c")->text, "two");
}

static void a_secret_is_marked(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "a: !secret cms\nb: cms\n");
	assert_true(rf_yaml_get(root, "a")->secret);
	assert_string_equal(rf_yaml_get(root, "a")->text, "cms");
	assert_false(rf_yaml_get(root, "b")->secret);
}

static void nothing_behind_a_key_is_empty_and_a_quoted_nothing_is_not(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "a:\nb: ''\nc: {}\n");
	assert_true(rf_yaml_is_empty(rf_yaml_get(root, "a")));
	assert_false(rf_yaml_is_empty(rf_yaml_get(root, "b")));
	assert_false(rf_yaml_is_empty(rf_yaml_get(root, "c")));
}

static void of_a_key_that_stands_twice_the_first_value_counts(void **state)
{
	struct fixture *fixture = *state;
	const struct rf_yaml_node *root = read_text(fixture, "a: one\na: {b: two}\nc: three\n");
	assert_string_equal(rf_yaml_get(root, "a")->text, "one");
	assert_int_equal(root->n, 2);
	assert_int_equal(fixture->diagnostics.n_errors, 1);
	assert_int_equal(fixture->diagnostics.list[0].line, 2);
}

static void a_tab_between_values_is_no_indentation(void **state)
{
	const struct rf_yaml_node *root = read_text(*state, "a:\tone\t# remark\n");
	assert_non_null(root);
	assert_string_equal(rf_yaml_get(root, "a")->text, "one");
}

static void a_tab_where_no_space_may_stand_is_named(void **state)
{
	struct fixture *fixture = *state;
	assert_null(read_text(fixture, "å: x\nb:\n-\t- x\n"));
	assert_string_equal(fixture->diagnostics.list[0].code, "tab");
	assert_int_equal(fixture->diagnostics.list[0].line, 3);
}

static void a_long_line_is_not_shown(void **state)
{
	struct fixture *fixture = *state;
	rf_autofree char *wrong = rf_format("a: %0*d: x\n", 500, 0);
	assert_null(read_text(fixture, wrong));
	assert_null(fixture->diagnostics.list[0].source_line);
}

static void a_file_that_is_not_there_is_an_outcome(void **state)
{
	struct fixture *fixture = *state;
	struct rf_error error;
	assert_int_equal(rf_yaml_read(fixture->path, &fixture->diagnostics, &fixture->yaml, &error), RF_YAML_MISSING);
	assert_int_equal(fixture->diagnostics.n, 0);
}

/* ---- diagnostics ----------------------------------------------------------------------------------------------- */

static char *printed(const struct rf_diagnostics *diagnostics)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	rf_diagnostics_print(diagnostics, out, false);
	fclose(out);
	return text;
}

static void add(struct fixture *fixture, size_t line, size_t column, const char *text)
{
	struct rf_diagnostic diagnostic = {.file = "f", .line = line, .column = column, .code = "c"};
	rf_autofree char *copy = rf_strdup(text);
	diagnostic.text = copy;
	rf_diagnostics_add(&fixture->diagnostics, &diagnostic);
}

static void diagnostics_stand_in_the_order_of_the_file_each_once(void **state)
{
	struct fixture *fixture = *state;
	add(fixture, 3, 1, "third");
	add(fixture, 1, 9, "second");
	add(fixture, 1, 2, "first");
	add(fixture, 3, 1, "third");
	rf_autofree char *text = printed(&fixture->diagnostics);
	assert_string_equal(text, "f:1:2: error: first [c]\nf:1:9: error: second [c]\nf:3:1: error: third [c]\n");
	assert_int_equal(fixture->diagnostics.n_errors, 3);
}

static void what_is_printed_can_not_steer_a_terminal(void **state)
{
	struct fixture *fixture = *state;
	add(fixture, 1, 1,
	    "a\033[31mb\nc\xc2\x9b"
	    "d");
	rf_autofree char *text = printed(&fixture->diagnostics);
	assert_string_equal(text, "f:1:1: error: a\xef\xbf\xbd[31mb\xef\xbf\xbd"
				  "c\xef\xbf\xbd"
				  "d [c]\n");
}

static void the_mark_stands_under_the_place_where_letters_have_two_bytes(void **state)
{
	struct fixture *fixture = *state;
	assert_non_null(read_text(fixture, "åäö: räv\n"));
	rf_yaml_error(&fixture->diagnostics, fixture->yaml->root->first, "c", "here");
	rf_autofree char *text = printed(&fixture->diagnostics);
	assert_non_null(strstr(text, ":1:6: error: here [c]\n    1 | åäö: räv\n      |      ^~~\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_key_and_value_knows_its_place, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_of_another_system_is_read_alike, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_alias_is_a_copy_that_stands_where_it_was_written, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_later_anchor_takes_the_place_of_an_earlier, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_secret_is_marked, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(nothing_behind_a_key_is_empty_and_a_quoted_nothing_is_not, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(of_a_key_that_stands_twice_the_first_value_counts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_tab_between_values_is_no_indentation, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_tab_where_no_space_may_stand_is_named, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_long_line_is_not_shown, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_an_outcome, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(diagnostics_stand_in_the_order_of_the_file_each_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_printed_can_not_steer_a_terminal, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_mark_stands_under_the_place_where_letters_have_two_bytes, set_up,
					    tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
