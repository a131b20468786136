/* base/digest.h: SHA-256. */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_digest(struct rf_digest digest, const char *expected)
{
	char text[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&digest, text);
	assert_string_equal(text, expected);
}

static void known_answers_are_given(void **state)
{
	(void)state;
	assert_digest(rf_digest_of(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_digest(rf_digest_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void pieces_give_the_digest_of_the_whole(void **state)
{
	(void)state;
	char data[1000];
	memset(data, 'x', sizeof data);
	struct rf_digest_state *pieces = rf_digest_begin();
	for (size_t i = 0; i < sizeof data; i += 125)
		rf_digest_add(pieces, data + i, 125);
	struct rf_digest digest = rf_digest_end(pieces);
	struct rf_digest whole = rf_digest_of(data, sizeof data);
	assert_memory_equal(digest.bytes, whole.bytes, RF_DIGEST_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_answers_are_given),
	    cmocka_unit_test(pieces_give_the_digest_of_the_whole),
	};
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
