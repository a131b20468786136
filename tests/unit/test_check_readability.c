/* check.readability: the figures of a text, counted by hand, and that they are told once. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void start(struct test_plugin *check, const char *warn_above, const char *sentence_above,
		  const char *passive_above)
{
	const struct rf_plugin_setting settings[] = {
	    {.name = "warn_above", .value = warn_above},
	    {.name = "sentence_above", .value = sentence_above},
	    {.name = "passive_above", .value = passive_above},
	};
	test_plugin_init(check);
	test_plugin_load(check, "check.readability", settings, RF_COUNT(settings));
}

/* Five words, none long, no passive. */
#define EASY "Nu ska parken få ljus. "
/* Five words, three of them long, passive. */
#define HARD "Ansökningarna behandlas skyndsamt i nämnden. "

/* Ten easy sentences: 50 words. */
#define EASY_TEXT EASY EASY EASY EASY EASY EASY EASY EASY EASY EASY
/* Ten sentences of five words, five of them hard: LIX 5 + 100 * 20 / 50 = 45. */
#define MIXED_TEXT EASY HARD EASY HARD EASY HARD EASY HARD EASY HARD

static void an_easy_text_is_left_alone(void **state)
{
	(void)state;
	struct test_plugin check;
	start(&check, "45", "25", "50");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Parken", EASY_TEXT, NULL);
	assert_finds_nothing(&check, &sheet);
	sheet_init(&sheet, "Parken", MIXED_TEXT, NULL);
	assert_finds_nothing(&check, &sheet); /* 45 is not above 45 */
	test_plugin_unload(&check);
}

static void a_hard_text_is_told_once(void **state)
{
	(void)state;
	struct test_plugin check;
	start(&check, "44", "25", "50");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Parken", MIXED_TEXT, NULL);
	assert_finds(&check, &sheet, "readability", REFERAT__SEVERITY__WARNING,
		     "Texten kan bli lättare att läsa. Läsbarhetsindex (LIX) är 45, en mening har i snitt 5 ord, 40 "
		     "procent av orden är långa och 50 procent av meningarna har en passiv form. I avsnittet ”Parken”, "
		     "stycke 1, står den längsta meningen, med 5 ord. Texten är svår: skriv kortare meningar och byt "
		     "långa ord mot korta.");
	test_plugin_unload(&check);
}

static void passive_sentences_are_told(void **state)
{
	(void)state;
	struct test_plugin check;
	start(&check, "60", "25", "49");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Parken", MIXED_TEXT, NULL);
	assert_finds(
	    &check, &sheet, "readability", REFERAT__SEVERITY__WARNING,
	    "Texten kan bli lättare att läsa. Läsbarhetsindex (LIX) är 45, en mening har i snitt 5 ord, 40 "
	    "procent av orden är långa och 50 procent av meningarna har en passiv form. I avsnittet ”Parken”, "
	    "stycke 1, står den längsta meningen, med 5 ord. Skriv oftare vem som gör vad: ”nämnden beslutade” "
	    "i stället för ”det beslutades”.");
	test_plugin_unload(&check);
}

/* One long sentence is worth a note, with its place. */
static void the_longest_sentence_is_noted(void **state)
{
	(void)state;
	struct test_plugin check;
	start(&check, "60", "9", "50");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Parken", EASY, EASY "Den är öppen bl.a. kl. 9 till 17,5 varje dag nu. " EASY);
	assert_finds(&check, &sheet, "readability", REFERAT__SEVERITY__NOTE,
		     "Texten kan bli lättare att läsa. Läsbarhetsindex (LIX) är 7, en mening har i snitt 7 ord, 0 "
		     "procent av orden är långa och 0 procent av meningarna har en passiv form. I avsnittet ”Parken”, "
		     "stycke 2, står den längsta meningen, med 12 ord. Dela den längsta meningen i två eller flera.");
	Referat__Findings *findings = test_check(&check, &sheet.document);
	assert_non_null(findings);
	const Referat__Place *place = findings->findings[0]->place;
	assert_int_equal(place->block, 1);
	assert_int_equal(place->start, strlen(EASY));
	rf_unpack_free(&findings->base);
	test_plugin_unload(&check);
}

static void few_words_say_nothing_about_a_text(void **state)
{
	(void)state;
	struct test_plugin check;
	start(&check, "10", "25", "10");
	struct sheet sheet = {0};
	sheet_init(&sheet, "Parken", HARD HARD, NULL);
	assert_finds_nothing(&check, &sheet);
	sheet_init(&sheet, "Parken", "", " . ! ");
	assert_finds_nothing(&check, &sheet);
	test_plugin_unload(&check);
}

static void what_is_not_running_text_does_not_count(void **state)
{
	(void)state;
	static const Referat__BlockKind kinds[] = {REFERAT__BLOCK_KIND__TABLE_ROW, REFERAT__BLOCK_KIND__LINK_LINE,
						   REFERAT__BLOCK_KIND__SUBHEADING};
	struct test_plugin check;
	start(&check, "10", "4", "10");
	for (size_t i = 0; i < RF_COUNT(kinds); i++) {
		struct sheet sheet = {0};
		sheet_init(&sheet, "Parken", MIXED_TEXT, NULL);
		sheet.blocks[0].kind = kinds[i];
		assert_finds_nothing(&check, &sheet);
	}
	test_plugin_unload(&check);
}

/* ---- passive verbs ---------------------------------------------------------------------------------------------- */

/* Every sentence has five words or more and is repeated until the text is long enough. */
static bool is_passive(struct test_plugin *check, const char *sentence)
{
	char text[4096] = "";
	for (int i = 0; i < 15; i++) {
		strcat(text, sentence);
		strcat(text, " ");
	}
	struct sheet sheet = {0};
	sheet_init(&sheet, "Parken", text, NULL);
	Referat__Findings *findings = test_check(check, &sheet.document);
	if (findings)
		rf_unpack_free(&findings->base);
	return findings != NULL;
}

static void passive_verbs_are_seen(void **state)
{
	(void)state;
	static const char *const sentences[] = {
	    "Det beslutades att ärendet får vänta.",      "Ansökan ska prövas av en annan nämnd.",
	    "Rapporten har godkänts av den nya nämnden.", "Arbetet genomförs av ett litet företag.",
	    "Taxan fastställs av nämnden varje år.",      "Planen antogs på mötet i går.",
	    "Bron byggdes av staten för länge sedan.",    "Förslag som lämnats in för sent.",
	    "Medel ska tas ur en annan budget.",          "Motionen avslås av alla i nämnden.",
	    "Beslut har tagits av en annan nämnd.",       "Pengarna användes till en ny park.",
	};
	struct test_plugin check;
	start(&check, "200", "100", "50");
	for (size_t i = 0; i < RF_COUNT(sentences); i++)
		if (!is_passive(&check, sentences[i]))
			fail_msg("not passive: %s", sentences[i]);
	test_plugin_unload(&check);
}

static void what_only_ends_so_is_not_passive(void **state)
{
	(void)state;
	static const char *const sentences[] = {
	    "Nämnden beslutade att anta den nya planen.", "Kommunernas och elevernas plats finns här nu.",
	    "De hoppas att arbetet lyckas i år.",         "Det saknas en plats för deras insats.",
	    "Nu har Jonas och Tomas fått plats.",         "Ordförandes och skolans plats på torget finns.",
	    "Trots det kändes parken trygg i går.",       "Områdenas och ärendenas ordning är en annan.",
	};
	struct test_plugin check;
	start(&check, "200", "100", "0");
	for (size_t i = 0; i < RF_COUNT(sentences); i++)
		if (is_passive(&check, sentences[i]))
			fail_msg("passive: %s", sentences[i]);
	test_plugin_unload(&check);
}

/* Sentences without words, and words without an end. */
static void work_is_bounded(void **state)
{
	(void)state;
	enum { SIZE = 4 << 20 };
	struct test_plugin check;
	start(&check, "60", "25", "50");
	rf_autofree char *text = rf_alloc(SIZE + 1);
	struct sheet sheet = {0};
	for (size_t i = 0; i < SIZE; i++)
		text[i] = i % 2 ? ' ' : '!';
	sheet_init(&sheet, "Parken", text, NULL);
	assert_finds_nothing(&check, &sheet);
	memset(text, 's', SIZE);
	sheet_init(&sheet, "Parken", text, NULL);
	assert_finds_nothing(&check, &sheet);
	test_plugin_unload(&check);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_easy_text_is_left_alone),
	    cmocka_unit_test(a_hard_text_is_told_once),
	    cmocka_unit_test(passive_sentences_are_told),
	    cmocka_unit_test(the_longest_sentence_is_noted),
	    cmocka_unit_test(few_words_say_nothing_about_a_text),
	    cmocka_unit_test(what_is_not_running_text_does_not_count),
	    cmocka_unit_test(passive_verbs_are_seen),
	    cmocka_unit_test(what_only_ends_so_is_not_passive),
	    cmocka_unit_test(work_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
