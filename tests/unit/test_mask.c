/* base/mask.h: identity numbers in what is shown and logged. */
#include "base/mask.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_masked(const char *text, const char *expected)
{
	rf_autofree char *masked = rf_mask(text);
	assert_string_equal(masked, expected);
}

static void the_digits_of_an_identity_number_are_masked(void **state)
{
	(void)state;
	assert_masked("beslut 19570428-1234.txt", "beslut 19570428-1234.txt"); /* its check digit is wrong */
	assert_masked("beslut 811218-9876.txt", "beslut XXXXXX-XXXX.txt");
	assert_masked("received 19811218-9876.pdf, revision 2", "received XXXXXXXX-XXXX.pdf, revision 2");
	assert_masked("8112189876 och 811218 9876", "XXXXXXXXXX och XXXXXX XXXX");
	assert_masked("beslut_8112189876.txt", "beslut_XXXXXXXXXX.txt");
}

static void other_texts_stay_as_they_are(void **state)
{
	(void)state;
	assert_masked("", "");
	assert_masked("kommunstyrelsen-2024-05-08.txt", "kommunstyrelsen-2024-05-08.txt");
	assert_masked("orgnr 212000-0142, tel 08-508 290 00", "orgnr 212000-0142, tel 08-508 290 00");
	assert_masked("dnr 811218-9876", "dnr 811218-9876");
	assert_masked("åäö \xff\xfe", "åäö \xff\xfe");
	assert_null(rf_mask(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_digits_of_an_identity_number_are_masked),
	    cmocka_unit_test(other_texts_stay_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
