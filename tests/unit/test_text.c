/* base/text.h: UTF-8, likeness, white space. */
#include "base/memory.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void only_well_formed_text_is_utf8(void **state)
{
	(void)state;
	static const char *const bad[] = {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"};
	for (size_t i = 0; i < RF_COUNT(bad); i++)
		assert_false(rf_text_is_utf8(bad[i], strlen(bad[i])));
	assert_false(rf_text_is_utf8("a\0b", 3));
	assert_true(rf_text_is_utf8("§ 45 Å \xf0\x9f\x8c\xb2", strlen("§ 45 Å \xf0\x9f\x8c\xb2")));
	assert_true(rf_text_is_utf8("", 0));
	assert_false(rf_text_is_utf8("å", 1));
}

static void the_nearest_name_is_found(void **state)
{
	(void)state;
	static const char *const names[] = {"pipeline", "publisher", "store", "stages", "alerts"};
	assert_string_equal(rf_text_nearest("stagse", names, RF_COUNT(names)), "stages");
	assert_string_equal(rf_text_nearest("piepline", names, RF_COUNT(names)), "pipeline");
	assert_string_equal(rf_text_nearest("publishers", names, RF_COUNT(names)), "publisher");
	assert_string_equal(rf_text_nearest("alert", names, RF_COUNT(names)), "alerts");
}

static void nothing_is_near_when_a_third_differs(void **state)
{
	(void)state;
	static const char *const names[] = {"store", "stages"};
	rf_autofree char *endless = rf_alloc(100000);
	memset(endless, 's', 99999);
	assert_null(rf_text_nearest("colour", names, RF_COUNT(names)));
	assert_null(rf_text_nearest("", names, RF_COUNT(names)));
	assert_null(rf_text_nearest(endless, names, RF_COUNT(names)));
	assert_null(rf_text_nearest("store", NULL, 0));
}

static void starts_and_ends_are_seen(void **state)
{
	(void)state;
	assert_true(rf_text_starts("rendition/page", "rendition/"));
	assert_false(rf_text_starts("rend", "rendition/"));
	assert_true(rf_text_ends("page.html", ".html"));
	assert_false(rf_text_ends("html", ".html"));
	assert_true(rf_text_starts("", ""));
	assert_true(rf_text_ends("", ""));
}

static void assert_trimmed(const char *text, const char *expected)
{
	rf_autofree char *trimmed = rf_text_trim(text, strlen(text));
	assert_string_equal(trimmed, expected);
}

static void white_space_of_every_kind_is_trimmed(void **state)
{
	(void)state;
	assert_trimmed(" \t\r\n\u00a0\u2003§ 45\u00a0Nämnden \u2028\u3000", "§ 45\u00a0Nämnden");
	assert_trimmed(" \n", "");
	assert_trimmed("", "");
	assert_trimmed(" \xff ", "\xff");
	assert_trimmed("x", "x");
}

static void folded_names_are_equal_whatever_their_capitals(void **state)
{
	(void)state;
	rf_autofree char *name = rf_text_fold(" Äldrenämnden\n");
	rf_autofree char *other = rf_text_fold("ÄLDRENÄMNDEN");
	assert_string_equal(name, "äldrenämnden");
	assert_string_equal(name, other);
}

static void a_word_is_found_in_a_list_by_its_place(void **state)
{
	(void)state;
	assert_int_equal(rf_text_find_word("source source/20  source/1-19", "source"), 0);
	assert_int_equal(rf_text_find_word("source source/20  source/1-19", "source/1-19"), 2);
	assert_true(rf_text_find_word("source/20", "source") == SIZE_MAX);
	assert_true(rf_text_find_word("", "source") == SIZE_MAX);
	assert_true(rf_text_find_word(" ", "") == SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_is_found_in_a_list_by_its_place),
	    cmocka_unit_test(only_well_formed_text_is_utf8),
	    cmocka_unit_test(the_nearest_name_is_found),
	    cmocka_unit_test(nothing_is_near_when_a_third_differs),
	    cmocka_unit_test(starts_and_ends_are_seen),
	    cmocka_unit_test(white_space_of_every_kind_is_trimmed),
	    cmocka_unit_test(folded_names_are_equal_whatever_their_capitals),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
