/* plugin/language.h: flat maps of texts. */
#include "plugin/language.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char *folder;
static struct rf_language *language;

static int set_up(void **state)
{
	(void)state;
	folder = test_folder_make();
	language = rf_language_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	rf_language_free(language);
	test_folder_remove(folder);
	return 0;
}

static int read_text(const char *text, struct rf_error *error)
{
	rf_autofree char *path = rf_path_join(folder, "sv.yaml");
	assert_int_equal(rf_file_write(path, text, strlen(text), false, NULL), 0);
	return rf_language_read(language, path, error);
}

static void texts_are_found_by_key(void **state)
{
	(void)state;
	assert_int_equal(read_text("# comment\ncheck.a: \"Fel på {{line}}\"\nb: |\n  Två\n  rader\n", NULL), 0);
	assert_string_equal(rf_language_text(language, "check.a"), "Fel på {{line}}");
	assert_string_equal(rf_language_text(language, "b"), "Två\nrader\n");
	assert_null(rf_language_text(language, "c"));
}

static void what_was_read_first_stands(void **state)
{
	(void)state;
	assert_int_equal(read_text("a: own\n", NULL), 0);
	assert_int_equal(read_text("a: common\nb: common\n", NULL), 0);
	assert_string_equal(rf_language_text(language, "a"), "own");
	assert_string_equal(rf_language_text(language, "b"), "common");
}

static void a_missing_or_empty_file_has_no_texts(void **state)
{
	(void)state;
	assert_int_equal(rf_language_read(language, "/nonexistent/sv.yaml", NULL), 1);
	assert_int_equal(read_text("", NULL), 0);
	assert_null(rf_language_text(language, "a"));
}

static void is_refused(const char *text, const char *part)
{
	struct rf_error error = {0};
	assert_int_equal(read_text(text, &error), -1);
	if (!strstr(error.text, part))
		fail_msg("%s", error.text);
}

static void what_is_not_flat_is_refused_with_its_line(void **state)
{
	(void)state;
	is_refused("a: x\nb:\n  c: y\n", "sv.yaml:3: expected a text, found a map");
	is_refused("a: [x]\n", "sv.yaml:1: expected a text, found a list or an alias");
	is_refused("- x\n", "found a list");
	is_refused("just text\n", "expected a map");
	is_refused("a: &x b\nc: *x\n", "sv.yaml:2: expected a text, found a list or an alias");
	is_refused("a: \"x\nb", "sv.yaml:");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(texts_are_found_by_key),
	    TEST(what_was_read_first_stands),
	    TEST(a_missing_or_empty_file_has_no_texts),
	    TEST(what_is_not_flat_is_refused_with_its_line),
	};
	return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
