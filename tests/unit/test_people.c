/* referat/people.h: signs of private persons, in the forms that minutes and hostile hands give them; and what looks
 * like one and is none. All names are invented. */
#include <referat/people.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* A host that only has memory, which the test frees when it ends. */
static void *blocks[4096];
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

#define ASSERT_NAMED(...)                                                                                              \
	assert_all(true, (const char *const[]){__VA_ARGS__},                                                           \
		   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define ASSERT_UNNAMED(...)                                                                                            \
	assert_all(false, (const char *const[]){__VA_ARGS__},                                                          \
		   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void assert_all(bool named, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (referat_has_private_name(&call, texts[i]) != named)
			fail_msg("%s in: %s", named ? "no name is found" : "a name is found", texts[i]);
}

static void names_are_found_however_they_are_written(void **state)
{
	(void)state;
	ASSERT_NAMED("Nämnden beviljar Rut Exempelsson dispens.", "Medborgarförslag från Rut-Marie Exempelsson",
		     "Rut Eva Exempelsson klagar.", "RUT EXEMPELSSON FÅR AVSLAG",
		     "Ansökan från rut exempelsson avslås.", "Exempelsson, Rut: ansökan", "Svar till R. Exempelsson",
		     "Svar till R E Exempelsson", "Rut von Exempel får dispens.", "Rut van der Exempel",
		     "Rut de la Exempel", "Rut \u201CRuttan\u201D Exempel", "Rut\u00A0Exempel", "Rut  Exempel",
		     "Rut\nExempel", "Łukasz Šimić beviljas dispens.", "Žana Đorđević", "Adaeze Okonkwo får svar.",
		     "Rut Exempelssons ansökan", "överklagat av Exempelsson", "Exempelssons staket");
}

static void words_behind_a_name_do_not_hide_it(void **state)
{
	(void)state;
	ASSERT_NAMED("Rut Exempelsson (sökande) får svar.", "Rut Exempelsson (mor)", "Rut Exempelsson, Bäcken 1:31",
		     "Rut Exempelsson Bäcken 1:31", "Anna Sjögården får svar.", "Sara Kaplan får svar.",
		     "Eva Stenhuset", "Rut Exempelsson (född 1950)");
}

static void a_name_behind_what_a_person_is_to_the_matter_is_found(void **state)
{
	(void)state;
	ASSERT_NAMED("eleven Rut får skolskjuts", "familjen Ek har klagat", "grannen Ek", "fru Ek", "makarna Ek",
		     "fastighetsägaren Ek ska ta bort bilen", "sökanden Ek", "dödsboet Ek");
}

static void elected_persons_have_their_party(void **state)
{
	(void)state;
	ASSERT_UNNAMED("Eva Exempel (S) yrkar bifall.", "Eva Exempel (KD) och Bo Berg (-)", "Eva Exempel (s)",
		       "Eva Exempel (Fi)", "Eva Exempel (S, ordförande)", "Eva Exempels (S) förslag",
		       "Eva Exempelsson (MP)", "Motion från Eva Maria Exempel (C) om vägen");
}

static void places_and_organisations_are_no_persons(void **state)
{
	(void)state;
	ASSERT_UNNAMED("Norra Skolan byggs om vid Storgatan.", "Exempelby Stads koncern", "Exempelby Idrottsförening",
		       "Region Mittkusten", "Karl Johans gata", "Detaljplan vid Doktor Allards Gata",
		       "Stiftelsen Wilhelm och Martina Exempels vetenskapsfond", "Göteborgs Hamn AB:s dotterbolag",
		       "Exempelby Energi AB", "AB Lund Skår 40:17", "Tolkförmedling Väst",
		       "Kommunalförbundet Sydarkivera Nord", "Citybuss Norra Kajen", "Barnens Dag", "Enligt Exempelby",
		       "Kvarteret Lilla Torget", "Socialnämnden Centrum");
}

static void those_who_have_a_party_somewhere_are_known_everywhere(void **state)
{
	(void)state;
	struct referat_known *known = referat_known_new(&call);
	referat_known_add(&call, known, "Motion av Eva Exempel Ek (S) och Bo Berg (M) om vägen");
	assert_false(referat_names_private(&call, known, "Den av Eva Exempel och Bo Berg väckta motionen"));
	assert_false(referat_names_private(&call, known, "Bo Bergs förslag"));
	assert_true(referat_names_private(&call, known, "Eva Exempelsson klagar."));
	assert_true(referat_names_private(&call, known, "Rut Berg klagar."));
	referat_known_place(&call, known, "Lunds kommun");
	assert_false(referat_names_private(&call, known, "Lunds Hamn byggs ut."));
	assert_true(referat_names_private(&call, known, "Rut Lund klagar."));
	referat_known_add(&call, known, "Rut Exempelsson (LSS) och Rut Exempelsson (LSS)");
	assert_true(referat_names_private(&call, known, "Rut Exempelsson (LSS) klagar."));
	static const char local[] =
	    "Motion av Mia Höj Ek (D), Lisbeth SundExempelsson (D) och Eva Blix (D) om hemtjänsten";
	assert_true(referat_names_private(&call, known, local));
	referat_known_add(&call, known, local);
	assert_false(referat_names_private(&call, known, local));
	referat_known_add(&call, known, "Rut Exempelsson (sökande)");
	assert_true(referat_names_private(&call, known, "Rut Exempelsson klagar."));
}

static void telephone_numbers_and_mail_addresses_are_found(void **state)
{
	(void)state;
	static const char *const found[] = {"ring 0565-160 00",
					    "070-123 45 67",
					    "070 123 45 67",
					    "0701234567",
					    "+46 70 123 45 67",
					    "+46701234567",
					    "0046 70 123 45 67",
					    "(0565) 160 00",
					    "0565/160 00",
					    "070\u2013123 45 67",
					    "070\u2011123 45 67",
					    "070\u00A0123\u00A045\u00A067",
					    "tel. 160 00",
					    "Tfn: 16 00 00",
					    "mobil 123456",
					    "\uFF10\uFF17\uFF10-1234567",
					    "rut@exempel.example",
					    "rut(at)exempel.example",
					    "rut\uFF20exempel.example",
					    "046:355847 tel 046-355847"};
	static const char *const absent[] = {"1 000 000 kronor",  "2024-05-07",   "kl 08-12",    "KS 0041 001",
					     "0414/23",           "0308/23 2023", "556012-1234", "0,5 procent",
					     "kl 08.00-12.00",    "08:00-16:00",  "§ 07 2024",   "2023-02-23 § 21",
					     "telefonen 2 gånger"};
	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++)
		if (!referat_has_telephone(found[i]))
			fail_msg("no number is found in: %s", found[i]);
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		if (referat_has_telephone(absent[i]))
			fail_msg("a number is found in: %s", absent[i]);
}

static void addresses_are_found(void **state)
{
	(void)state;
	static const char *const found[] = {"Storgatan 12",  "Lillvägen 3 A",  "Storgatan\u00A012", "Storgatan nr 12",
					    "Storgatan\n12", "Lilla gatan 12", "123 45 Exempelby",  "Ekbacken 7"};
	static const char *const absent[] = {"riksväg 40", "Längs väg 40", "100 00 kronor", "vägen är 3 kilometer",
					     "Storgatan byggs om"};
	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++)
		if (!referat_has_address(&call, found[i]))
			fail_msg("no address is found in: %s", found[i]);
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		if (referat_has_address(&call, absent[i]))
			fail_msg("an address is found in: %s", absent[i]);
}

static void matters_of_one_person_are_known_without_a_name(void **state)
{
	(void)state;
	static const char *const found[] = {"XXXX beviljas färdtjänst.",
					    "Student XX stängs av.",
					    "N.N. får avslag.",
					    "***** beviljas stöd.",
					    "[Maskerat] får avslag.",
					    "God man för en 84-årig man utses.",
					    "Faderskapet fastställs.",
					    "Bäcken 1:31 föreläggs vite.",
					    "Tillsyn av tomten Lillgården 1:4",
					    "Bostadsanpassning på Storgatan 12 beviljas."};
	static const char *const absent[] = {"Handlingsplan mot missbruk antas.", "Detaljplan för Bäcken 1:31 antas.",
					     "Riktlinjer för tillsyn antas.",     "Färdtjänsten blir dyrare.",
					     "Storgatan 12 byggs om till skola.", "Gustav XI:s väg"};
	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++)
		if (!referat_is_about_one(&call, found[i]))
			fail_msg("nobody is found in: %s", found[i]);
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		if (referat_is_about_one(&call, absent[i]))
			fail_msg("somebody is found in: %s", absent[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(names_are_found_however_they_are_written, free_blocks),
	    cmocka_unit_test_teardown(words_behind_a_name_do_not_hide_it, free_blocks),
	    cmocka_unit_test_teardown(a_name_behind_what_a_person_is_to_the_matter_is_found, free_blocks),
	    cmocka_unit_test_teardown(elected_persons_have_their_party, free_blocks),
	    cmocka_unit_test_teardown(places_and_organisations_are_no_persons, free_blocks),
	    cmocka_unit_test_teardown(those_who_have_a_party_somewhere_are_known_everywhere, free_blocks),
	    cmocka_unit_test_teardown(telephone_numbers_and_mail_addresses_are_found, free_blocks),
	    cmocka_unit_test_teardown(addresses_are_found, free_blocks),
	    cmocka_unit_test_teardown(matters_of_one_person_are_known_without_a_name, free_blocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
