/* referat/swedish.h: dates, sentences and lower case in Swedish texts. */
#include <referat/swedish.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A host that only has memory, which the test frees when it ends. */
static void *blocks[256];
static size_t n_blocks;

static void *allocate(struct referat_call *call, size_t size)
{
	(void)call;
	assert_true(n_blocks < sizeof(blocks) / sizeof(*blocks));
	return blocks[n_blocks++] = calloc(1, size ? size : 1);
}

static const struct referat_host host = {.struct_size = sizeof(host), .alloc = allocate};
static struct referat_call call = {.struct_size = sizeof(call), .host = &host};

static int free_blocks(void **state)
{
	(void)state;
	while (n_blocks > 0)
		free(blocks[--n_blocks]);
	return 0;
}

static void assert_date(const char *text, int year, int month, int day)
{
	struct referat_date date;
	if (!referat_date_find(text, 0, &date))
		fail_msg("no date in: %s", text);
	assert_int_equal(date.year, year);
	assert_int_equal(date.month, month);
	assert_int_equal(date.day, day);
}

static void dates_are_found_as_they_are_written(void **state)
{
	(void)state;
	assert_date("under sammanträdet den 17 april.", 0, 4, 17);
	assert_date("tisdagen den 9 juni 2020 kl. 18", 2020, 6, 9);
	assert_date("aktuella beslut april 2021", 2021, 4, 0);
	assert_date("2024-04-17", 2024, 4, 17);
	assert_date("17 december, 2018", 2018, 12, 17);
	assert_date("den 3 sept 2022", 2022, 9, 3);
	assert_date("den 29 februari 2024", 2024, 2, 29);
}

static void what_is_no_date_is_not_found(void **state)
{
	(void)state;
	static const char *const texts[] = {"jan andersson", "den 31 april", "den 29 februari 2023",
					    "2024-13-01",    "12024-04-17",  "kvartersmars",
					    "§§ 142–148",    "den 0 maj",    "2023-02-29"};
	struct referat_date date;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (referat_date_find(texts[i], 0, &date))
			fail_msg("a date in: %s", texts[i]);
}

static void assert_written(const char *text, int year, int month, int day)
{
	struct referat_date date;
	if (!referat_date_find_written(text, 0, &date))
		fail_msg("no date in: %s", text);
	assert_int_equal(date.year, year);
	assert_int_equal(date.month, month);
	assert_int_equal(date.day, day);
	assert_false(referat_date_exists(&date));
}

static void a_date_is_found_as_written_though_no_calendar_has_it(void **state)
{
	(void)state;
	assert_written("den 31 april", 0, 4, 31);
	assert_written("den 30 februari 2024", 2024, 2, 30);
	assert_written("den 29 februari 2023", 2023, 2, 29);
	assert_written("2024-13-01", 2024, 13, 1);
	assert_written("2024-04-00", 2024, 4, -1);
	assert_written("den 0 maj", 0, 5, -1);
}

static void a_day_after_a_dash_is_found(void **state)
{
	(void)state;
	assert_date("den 22-23 april", 0, 4, 23);
	assert_date("den 22–23 april", 0, 4, 23);
	assert_date("den 22—23 april", 0, 4, 23);
}

static void assert_words(const char *text, const char *const *expected, size_t n)
{
	struct referat_range word = {0};
	for (size_t i = 0; i < n; i++) {
		assert_true(referat_word_find(text, word.end, &word));
		assert_int_equal(word.end - word.start, strlen(expected[i]));
		assert_memory_equal(text + word.start, expected[i], word.end - word.start);
	}
	assert_false(referat_word_find(text, word.end, &word));
}

static void words_are_letters_and_digits_and_what_joins_them(void **state)
{
	(void)state;
	static const char *const plain[] = {"Här", "är", "tre", "ord"};
	assert_words("”Här” (är) tre\n ord…", plain, 4);
	static const char *const joined[] = {"SIP:s", "e-tjänst", "17,5", "1.2.3", "2024-04-17"};
	assert_words("SIP:s e-tjänst 17,5 1.2.3 2024-04-17.", joined, 5);
	static const char *const apart[] = {"barn", "och", "ungdom", "ja", "nej", "kl", "9", "a", "b"};
	assert_words("barn- och ungdom: ja,nej kl.9 a--b-", apart, 9);
	static const char *const composed[] = {"a\u030Ar"}; /* å as a and a ring */
	assert_words("a\u030Ar", composed, 1);
	assert_words("… – !\xC3", NULL, 0);
	assert_words("", NULL, 0);
}

static void the_next_date_is_found_from_the_end_of_the_last(void **state)
{
	(void)state;
	static const char text[] = "från den 1 maj till den 2 juni 2024";
	struct referat_date date;
	assert_true(referat_date_find(text, 0, &date));
	assert_true(referat_date_find(text, date.end, &date));
	assert_int_equal(date.month, 6);
	assert_int_equal(date.end, strlen(text));
	assert_false(referat_date_find(text, date.end, &date));
}

static void lower_case_keeps_every_letter_in_its_place(void **state)
{
	(void)state;
	assert_string_equal(referat_lower(&call, "ÅÄÖ ÉÜ × ß – NÄMNDEN 1"), "åäö éü × ß – nämnden 1");
}

static void assert_sentences(const char *text, const char *const *expected, size_t n)
{
	const struct referat_range *ranges;
	assert_int_equal(referat_sentences(&call, text, &ranges), n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ranges[i].end - ranges[i].start, strlen(expected[i]));
		assert_memory_equal(text + ranges[i].start, expected[i], strlen(expected[i]));
	}
}

static void sentences_end_where_they_end(void **state)
{
	(void)state;
	assert_sentences(" Nämnden sade ja. Varför? Det kostar 17,7 procent! ",
			 (const char *const[]){"Nämnden sade ja.", "Varför?", "Det kostar 17,7 procent!"}, 3);
	assert_sentences("Avsnittet gäller m.m. Nämnden sade ja.",
			 (const char *const[]){"Avsnittet gäller m.m.", "Nämnden sade ja."}, 2);
	assert_sentences("", NULL, 0);
	assert_sentences("  ", NULL, 0);
}

static void abbreviations_initials_and_ordinals_end_none(void **state)
{
	(void)state;
	static const char *const texts[] = {"Det gäller bl.a. Norrby och t.ex. Söderby.",
					    "Mötet börjar kl. 18 enligt nr. 5 i dnr. KS 1.", "A. Ek valdes.",
					    "1. Nämnden sade ja.", "Se kap. 3 (jfr. Norrby)."};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_sentences(texts[i], &texts[i], 1);
}

static void a_line_that_nothing_closes_goes_on_in_the_next(void **state)
{
	(void)state;
	static const char *const broken[] = {"Nämnden avslår överklagandet från Rut\nExempelsson i dag."};
	assert_sentences(broken[0], broken, 1);
	static const char *const parts[] = {"Beslut", "Nämnden sade ja."};
	assert_sentences("Beslut\n\nNämnden sade ja.", parts, 2);
	static const char *const list[] = {"Nämnden beslutar:", "att säga ja,", "att gå hem."};
	assert_sentences("Nämnden beslutar:\natt säga ja,\natt gå hem.", list, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates_are_found_as_they_are_written),
	    cmocka_unit_test(what_is_no_date_is_not_found),
	    cmocka_unit_test(a_date_is_found_as_written_though_no_calendar_has_it),
	    cmocka_unit_test(a_day_after_a_dash_is_found),
	    cmocka_unit_test(words_are_letters_and_digits_and_what_joins_them),
	    cmocka_unit_test(the_next_date_is_found_from_the_end_of_the_last),
	    cmocka_unit_test_teardown(lower_case_keeps_every_letter_in_its_place, free_blocks),
	    cmocka_unit_test_teardown(sentences_end_where_they_end, free_blocks),
	    cmocka_unit_test_teardown(a_line_that_nothing_closes_goes_on_in_the_next, free_blocks),
	    cmocka_unit_test_teardown(abbreviations_initials_and_ordinals_end_none, free_blocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
