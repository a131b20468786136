/* plugin/option.h: what is written becomes what the plugin gets. */
#include "plugin/option.h"

#include "base/error.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void becomes(struct referat_option option, const char *written, const char *expected)
{
	rf_autofree char *value = NULL;
	struct rf_error error = {0};
	option.name = "option";
	if (rf_option_normalise(&option, written, "/etc/referat", &value, &error))
		fail_msg("%s: %s", written, error.text);
	assert_string_equal(value, expected);
}

static void is_wrong(struct referat_option option, const char *written, const char *expected)
{
	rf_autofree char *value = NULL;
	struct rf_error error = {0};
	option.name = "option";
	assert_int_equal(rf_option_normalise(&option, written, "/", &value, &error), -1);
	assert_string_equal(error.text, expected);
	assert_null(value);
}

static void numbers_durations_and_sizes_become_plain_numbers(void **state)
{
	(void)state;
	becomes((struct referat_option){.type = REFERAT_INTEGER}, "-17", "-17");
	becomes((struct referat_option){.type = REFERAT_DURATION}, "14d", "1209600000000");
	becomes((struct referat_option){.type = REFERAT_SIZE}, "64MiB", "67108864");
	becomes((struct referat_option){.type = REFERAT_SIZE}, "10 kB", "10000");
	is_wrong((struct referat_option){.type = REFERAT_INTEGER}, "1.5", "'1.5' is not a whole number");
	is_wrong((struct referat_option){.type = REFERAT_INTEGER}, "", "'' is not a whole number");
	is_wrong((struct referat_option){.type = REFERAT_DURATION}, "soon",
		 "'soon' is not a duration; expected a number with a unit (ms, s, m, h, d, w) such as 30s, 5m or 14d");
	is_wrong((struct referat_option){.type = REFERAT_SIZE}, "64mb",
		 "'64mb' is not a size; expected a number with a unit such as 512, 64KiB or 10MiB");
	is_wrong((struct referat_option){.type = REFERAT_SIZE}, "99999999999GiB",
		 "'99999999999GiB' is not a size; expected a number with a unit such as 512, 64KiB or 10MiB");
}

static void ranges_are_checked(void **state)
{
	(void)state;
	const struct referat_option option = {.type = REFERAT_INTEGER, .min = 0, .max = 100};
	becomes(option, "0", "0");
	becomes(option, "100", "100");
	is_wrong(option, "101", "'101' is out of range; expected 0 to 100");
	is_wrong(option, "-1", "'-1' is out of range; expected 0 to 100");
}

static void words_are_checked(void **state)
{
	(void)state;
	const struct referat_option choice = {.type = REFERAT_CHOICE, .choices = "always|never"};
	becomes(choice, "never", "never");
	is_wrong(choice, "alway", "'alway' is none of always|never; did you mean 'always'?");
	is_wrong(choice, "", "'' is none of always|never");
	is_wrong(choice, "always|never", "'always|never' is none of always|never");
	becomes((struct referat_option){.type = REFERAT_BOOLEAN}, "true", "true");
	is_wrong((struct referat_option){.type = REFERAT_BOOLEAN}, "yes",
		 "'yes' is neither true nor false; write one of these two");
}

static void addresses_and_paths_are_checked(void **state)
{
	(void)state;
	becomes((struct referat_option){.type = REFERAT_URL}, "smtp://localhost:25", "smtp://localhost:25");
	is_wrong((struct referat_option){.type = REFERAT_URL}, "example.org",
		 "'example.org' is not an address; expected one such as https://example.org/");
	is_wrong((struct referat_option){.type = REFERAT_URL}, "https://a b",
		 "'https://a b' is not an address; expected one such as https://example.org/");
	becomes((struct referat_option){.type = REFERAT_PATH}, "inbox", "/etc/referat/inbox");
	becomes((struct referat_option){.type = REFERAT_PATH}, "/srv/inbox", "/srv/inbox");
}

static void table_is_wrong(struct referat_option option, const char *expected)
{
	struct rf_error error = {0};
	assert_int_equal(rf_option_check(&option, &error), -1);
	assert_string_equal(error.text, expected);
}

static void a_table_that_makes_no_sense_is_refused(void **state)
{
	(void)state;
	table_is_wrong((struct referat_option){.name = "Name"},
		       "option 'Name': a name is lower-case letters, digits and _, at most 64");
	table_is_wrong((struct referat_option){.name = "a", .type = (enum referat_option_type)99},
		       "option 'a': type 99 is none of enum referat_option_type");
	table_is_wrong((struct referat_option){.name = "a", .type = REFERAT_CHOICE},
		       "option 'a': a choice needs choices");
	table_is_wrong((struct referat_option){.name = "a", .min = 2, .max = 1}, "option 'a': min is greater than max");
	table_is_wrong((struct referat_option){.name = "a", .type = REFERAT_SECRET, .fallback = "x"},
		       "option 'a': a secret can't have a default");
	table_is_wrong((struct referat_option){.name = "a", .type = REFERAT_CHOICE, .choices = "b|c", .fallback = "d"},
		       "option 'a': its default is no good: 'd' is none of b|c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_durations_and_sizes_become_plain_numbers),
	    cmocka_unit_test(ranges_are_checked),
	    cmocka_unit_test(words_are_checked),
	    cmocka_unit_test(addresses_and_paths_are_checked),
	    cmocka_unit_test(a_table_that_makes_no_sense_is_refused),
	};
	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
