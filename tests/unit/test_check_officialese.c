/* check.officialese: Referat's word list and the publisher's own, and what is wrong with a list. */
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/findings.h"
#include "tests/support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *folder;
static char *list_path;

static int set_up(void **state)
{
	(void)state;
	folder = test_folder_make();
	list_path = rf_format("%s/words", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove(folder);
	free(list_path);
	return 0;
}

static void write_list(const char *text, size_t size)
{
	FILE *file = fopen(list_path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* Loads the check with a list of that path. */
static int load(struct test_plugin *check, const char *path, struct rf_error *error)
{
	const struct rf_plugin_setting settings[] = {{.name = "words", .value = path}};
	test_plugin_init(check);
	return test_plugin_try(check, "check.officialese", settings, RF_COUNT(settings), error);
}

static void assert_path_refused(const char *path, const char *why)
{
	struct test_plugin check;
	struct rf_error error = {0};
	assert_true(load(&check, path, &error) < 0);
	if (!strstr(error.text, why))
		fail_msg("said: %s", error.text);
}

static void assert_refused(const char *list, size_t size, const char *why)
{
	write_list(list, size);
	assert_path_refused(list_path, why);
}

static void a_word_of_the_list_is_told_with_what_to_write(void **state)
{
	(void)state;
	struct test_plugin check;
	test_plugin_start(&check, "check.officialese");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Avgifter", "Den som söker ska erlägga en avgift.", NULL);
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I avsnittet ”Avgifter”, stycke 1, står ”erlägga”. Skriv hellre: betala.");
	sheet_init(&sheet, "Avgifter", "Den som söker betalar en avgift.", "Det är bra.");
	assert_finds_nothing(&check, &sheet);
	test_plugin_unload(&check);
}

static void forms_of_a_word_are_told_once_with_how_many(void **state)
{
	(void)state;
	struct test_plugin check;
	test_plugin_start(&check, "check.officialese");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Avgifter", "Avgiften är 3 kronor.", "Erlagd? ERLÄGGER du avgiften? Den erlades.");
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I avsnittet ”Avgifter”, stycke 2, står ”ERLÄGGER”, och på ett ställe till i dokumentet. Skriv "
		     "hellre: betala.");
	sheet_init(&sheet, "Att erlägga avgifter", "Den erlades.", "Han erlade, hon erlägger.");
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I rubriken ”Att erlägga avgifter” står ”erlägga”, och på 3 ställen till i dokumentet. Skriv "
		     "hellre: betala.");
	test_plugin_unload(&check);
}

static void a_phrase_is_told_with_its_place(void **state)
{
	(void)state;
	struct test_plugin check;
	test_plugin_start(&check, "check.officialese");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Avgifter", "Nämnden beslutar i enlighet med förslaget.", NULL);
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I avsnittet ”Avgifter”, stycke 1, står ”i enlighet med”. Skriv hellre: enligt.");
	Referat__Findings *findings = test_check(&check, &sheet.document);
	assert_non_null(findings);
	assert_int_equal(findings->findings[0]->place->start, strlen("Nämnden beslutar "));
	assert_int_equal(findings->findings[0]->place->end, strlen("Nämnden beslutar i enlighet med"));
	rf_unpack_free(&findings->base);
	test_plugin_unload(&check);
}

static void the_publishers_list_stands_instead(void **state)
{
	(void)state;
	static const char list[] = "\xEF\xBB\xBF# Vår lista\r\n\r\n"
				   "  Tjänsteskrivelse ,  tjänsteskrivelsen = underlag  # ett ord av vårt kontor\n"
				   "tjänsteskrivelsen från oss = vårt underlag\n"
				   "SIP:s=plan";
	struct test_plugin check;
	struct rf_error error = {0};
	write_list(list, sizeof(list) - 1);
	assert_int_equal(load(&check, list_path, &error), 0);
	struct sheet sheet = {0};
	sheet_init(&sheet, "Avgifter", "Erlägga? Se (tjänsteskrivelsen) och e-tjänsteskrivelse.", NULL);
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I avsnittet ”Avgifter”, stycke 1, står ”tjänsteskrivelsen”. Skriv hellre: underlag.");
	sheet_init(&sheet, "Avgifter", "Läs tjänsteskrivelsen från oss.", NULL); /* the longest wins */
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I avsnittet ”Avgifter”, stycke 1, står ”tjänsteskrivelsen från oss”. Skriv hellre: vårt "
		     "underlag.");
	sheet_init(&sheet, "Avgifter", "Läs SIP:s text.", NULL);
	assert_finds(&check, &sheet, "officialese", REFERAT__SEVERITY__NOTE,
		     "I avsnittet ”Avgifter”, stycke 1, står ”SIP:s”. Skriv hellre: plan.");
	test_plugin_unload(&check);
}

static void a_bad_list_is_refused_by_its_line(void **state)
{
	(void)state;
#define ASSERT_REFUSED(list, why) assert_refused(list, sizeof(list) - 1, why)
	ASSERT_REFUSED("a = b\n\nerlägga betala\n", "words, line 3: there is no = in it");
	ASSERT_REFUSED("a = b\nerlägga =\n", "words, line 2: after the = stands what to write instead");
	ASSERT_REFUSED("= b\n", "words, line 1: before the = stand words");
	ASSERT_REFUSED("a,, c = b\n", "words, line 1: before the = stand words");
	ASSERT_REFUSED("i  enlighet = b\n", "words, line 1: before the = stand words");
	ASSERT_REFUSED("m.m. = b\n", "words, line 1: before the = stand words");
	ASSERT_REFUSED("a b c d e f g h i = b\n", "words, line 1: before the = stand words");
	ASSERT_REFUSED("Ett = b\n# \ntvå, ett = c\n", "words, line 3: \"ett\" stands on line 1 already");
	ASSERT_REFUSED("# nothing\n", "the list is empty");
	ASSERT_REFUSED("a = \xE5\n", "not UTF-8");
	ASSERT_REFUSED("a = b\0\n", "not UTF-8");
#undef ASSERT_REFUSED
}

static void a_large_or_missing_list_is_refused(void **state)
{
	(void)state;
	enum { SIZE = 256 * 1024 + 1 };
	rf_autofree char *list = rf_alloc(SIZE);
	memset(list, '#', SIZE);
	assert_refused(list, SIZE, "words is missing, larger than 256 KiB or can't be read");
	assert_path_refused(folder, "is missing, larger than 256 KiB or can't be read");
}

static void work_is_bounded(void **state)
{
	(void)state;
	enum { SIZE = 4 << 20 };
	struct test_plugin check;
	test_plugin_start(&check, "check.officialese");
	rf_autofree char *text = rf_alloc(SIZE + 1);
	struct sheet sheet = {0};
	for (size_t i = 0; i < SIZE; i++)
		text[i] = i % 2 ? ' ' : 'i';
	sheet_init(&sheet, "Avgifter", text, NULL);
	assert_finds_nothing(&check, &sheet);
	memset(text, '-', SIZE);
	sheet_init(&sheet, "Avgifter", text, NULL);
	assert_finds_nothing(&check, &sheet);
	test_plugin_unload(&check);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_of_the_list_is_told_with_what_to_write),
	    cmocka_unit_test(forms_of_a_word_are_told_once_with_how_many),
	    cmocka_unit_test(a_phrase_is_told_with_its_place),
	    cmocka_unit_test(the_publishers_list_stands_instead),
	    cmocka_unit_test(a_bad_list_is_refused_by_its_line),
	    cmocka_unit_test(a_large_or_missing_list_is_refused),
	    cmocka_unit_test(work_is_bounded),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
