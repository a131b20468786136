/* The summary that is written of minutes: what it tells and leaves out, and that it says nothing that is not there. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char head[] = "Exempelby kommun\n\nKommunstyrelsen\n\nSammanträdesprotokoll\n\n"
			   "Sammanträdesdatum: 2024-05-07\n\n";

struct made {
	Referat__Document *document;
	Referat__Summary *summary;
};

static struct made summarise(const char *items)
{
	struct test_plugin reader;
	struct test_plugin summariser;
	test_plugin_start(&reader, "reader.text");
	test_plugin_start(&summariser, "summariser.decisions");
	rf_autofree char *text = rf_format("%s%s", head, items);
	struct made made = {.document = test_read(&reader, test_bytes(text))};
	assert_non_null(made.document);
	made.summary = test_summarise(&summariser, made.document, REFERAT_HOLD);
	test_plugin_unload(&reader);
	test_plugin_unload(&summariser);
	return made;
}

static void end(struct made *made)
{
	rf_unpack_free(&made->document->base);
	rf_unpack_free(&made->summary->base);
}

static void a_clause_becomes_a_sentence_that_stands_alone(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 5 Avtal om snöröjning\n\nBeslut\n\nKommunstyrelsen beslutar\n\n"
		      "att godkänna avtalet, samt\n\natt ge förvaltningen i uppdrag att följa upp det.\n");
	assert_int_equal(made.summary->n_items, 1);
	assert_string_equal(made.summary->items[0]->sentences[0]->text,
			    "Kommunstyrelsen beslutade att godkänna avtalet.");
	assert_string_equal(made.summary->items[0]->sentences[1]->text,
			    "Kommunstyrelsen beslutade också att ge förvaltningen i uppdrag att följa upp det.");
	end(&made);
}

static void what_is_only_proposed_to_the_council_is_said_to_be_so(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 6 Skattesats 2025\n\nBeslut\n\nKommunstyrelsen föreslår kommunfullmäktige besluta\n\n"
		      "att skattesatsen fastställs till 21,85 kronor.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->outcomes[0], REFERAT__OUTCOME__PROPOSED_TO_COUNCIL);
	assert_string_equal(item->sentences[0]->text, "Kommunstyrelsen föreslår att kommunfullmäktige beslutar att "
						      "skattesatsen fastställs till 21,85 kronor.");
	assert_string_equal(item->sentences[1]->text, "Det är kommunfullmäktige som fattar det slutliga beslutet.");
	end(&made);
}

static void routine_and_secret_items_are_left_out_with_the_reason(void **state)
{
	(void)state;
	struct made made = summarise("§ 7 Val av justerare\n\nBeslut\n\nBo Exempel (S) utses.\n\n"
				     "§ 8 Ansökan om vård enligt LVU\n\nÄrendet omfattas av sekretess.\n");
	assert_int_equal(made.summary->n_items, 0);
	assert_int_equal(made.summary->n_left_out, 2);
	assert_string_equal(made.summary->left_out[0]->reason, "Ärendet hör till sammanträdets rutiner.");
	assert_non_null(strstr(made.summary->left_out[1]->reason, "sekretess"));
	end(&made);
}

static void a_decision_that_names_a_private_person_is_left_out(void **state)
{
	(void)state;
	struct made made = summarise("§ 9 Dispens\n\nBeslut\n\nKommunstyrelsen beviljar Rut Exempelsson dispens.\n\n"
				     "§ 10 Klagomål\n\nBeslut\n\nSvaret lämnas på telefon 0565-160 00.\n");
	assert_int_equal(made.summary->n_items, 0);
	assert_non_null(strstr(made.summary->left_out[0]->reason, "privatperson"));
	assert_non_null(strstr(made.summary->left_out[1]->reason, "privatperson"));
	end(&made);
}

static void the_municipalitys_own_name_is_no_persons(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 9 Borgen\n\nBeslut\n\nExempelby Stads koncerns borgen fastställs till 6 kronor.\n");
	assert_int_equal(made.summary->n_items, 1);
	end(&made);
}

static void background_explains_without_names_and_paragraphs(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 11 Ny gångväg\n\nÄrendebeskrivning\n\nRut Exempelsson har klagat på vägen. "
		      "Vägen är 1,2 kilometer lång. Kommunstyrelsen behandlade frågan 2023-01-10, § 4.\n\n"
		      "Beslut\n\nKommunstyrelsen godkänner förslaget.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_background, 1);
	assert_string_equal(item->background[0]->text, "Vägen är 1,2 kilometer lång.");
	assert_int_equal(item->background[0]->place->item, 0);
	end(&made);
}

static void headings_lose_who_moved_and_words_of_the_office_become_plain(void **state)
{
	(void)state;
	struct made made = summarise("§ 12 Svar på motion från Eva Exempel (S) om belysning (KS 2024/12)\n\nBeslut\n\n"
				     "Motionen avslås i enlighet med förvaltningens bedömning.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_string_equal(item->heading, "Nej till motion om belysning");
	assert_string_equal(item->sentences[0]->text, "Motionen avslås enligt förvaltningens bedömning.");
	assert_int_equal(made.summary->n_replacements, 1);
	assert_string_equal(made.summary->replacements[0]->from, "i enlighet med");
	assert_string_equal(made.summary->replacements[0]->to, "enligt");
	end(&made);
}

static void title_and_lead_follow_the_municipalitys_pattern(void **state)
{
	(void)state;
	struct made made = summarise("§ 13 Budget 2025\n\nBeslut\n\nKommunstyrelsen fastställer budgeten.\n\n"
				     "§ 14 Delårsrapport\n\nBeslut\n\nRapporten godkänns.\n");
	assert_string_equal(made.summary->title, "Kommunstyrelsen – aktuella beslut 7 maj 2024");
	assert_int_equal(made.summary->n_lead, 1);
	assert_string_equal(made.summary->lead[0]->text,
			    "Budget 2025 och delårsrapport är några av de ärenden som kommunstyrelsen beslutade om "
			    "tisdagen den 7 maj 2024.");
	assert_non_null(made.summary->before);
	assert_non_null(made.summary->after);
	end(&made);
}

static void each_sentence_has_what_it_decides(void **state)
{
	(void)state;
	struct made made = summarise("§ 20 Simhallen\n\nBeslut\n\n1. Taxan för simhallen fastställs.\n\n"
				     "2. Kulturnämnden får i uppdrag att se över öppettiderna.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_sentences, 2);
	assert_int_equal(item->sentences[0]->outcome, REFERAT__OUTCOME__ADOPTED);
	assert_int_equal(item->sentences[1]->outcome, REFERAT__OUTCOME__ASSIGNED);
	end(&made);
}

static void of_many_decisions_the_first_are_told_and_that_there_are_more(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 21 Budget\n\nBeslut\n\n1. Skolan tilldelas 1 mnkr.\n\n2. Vägen tilldelas 2 mnkr.\n\n"
		      "3. Parken tilldelas 3 mnkr.\n\n4. Badet tilldelas 4 mnkr.\n\n5. Hamnen tilldelas 5 mnkr.\n\n"
		      "6. Torget tilldelas 6 mnkr.\n\n7. Bron tilldelas 7 mnkr.\n\n8. Kajen tilldelas 8 mnkr.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_sentences, 7);
	assert_string_equal(item->sentences[5]->text, "Torget tilldelas 6 miljoner kronor.");
	assert_string_equal(item->sentences[6]->text, "Beslutet har fler punkter, som står i protokollet.");
	end(&made);
}

static void votes_and_reservations_are_told_by_numbers_and_parties(void **state)
{
	(void)state;
	struct made made = summarise("§ 22 Arenan\n\nBeslut\n\nArenan byggs på torget.\n\n"
				     "Omröstning\n\nMed 7 ja-röster mot 4 nej-röster bifaller styrelsen förslaget.\n\n"
				     "Reservation\n\nEva Exempel (M), Bo Exempel (SD) och Ulla Exempel (M) reserverar "
				     "sig mot beslutet.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_sentences, 3);
	assert_string_equal(item->sentences[1]->text, "I omröstningen blev det 7 röster mot 4.");
	assert_string_equal(item->sentences[2]->text, "Ledamöter från M och SD reserverade sig mot beslutet.");
	end(&made);
}

static void what_is_put_off_or_only_noted_is_told_together(void **state)
{
	(void)state;
	struct made made = summarise("§ 23 Motion om bad\n\nBeslut\n\nÄrendet bordläggs.\n\n"
				     "§ 24 Ny skola\n\nBeslut\n\nSkolan byggs. Förslaget godkänns.\n\n"
				     "§ 25 Motion om bibliotek\n\nBeslut\n\nÄrendet bordläggs.\n");
	assert_int_equal(made.summary->n_items, 2);
	assert_string_equal(made.summary->items[0]->heading, "Ny skola");
	const Referat__SummaryItem *group = made.summary->items[1];
	assert_false(group->has_item);
	assert_string_equal(group->heading, "Ärenden som skjuts upp");
	assert_string_equal(group->sentences[0]->text, "Kommunstyrelsen skjuter upp (bordlägger) de här ärendena till "
						       "ett senare sammanträde:");
	assert_int_equal(group->n_points, 2);
	assert_string_equal(group->points[0]->text, "Motion om bad");
	assert_int_equal(group->points[1]->place->item, 2);
	end(&made);
}

static void elections_are_left_out(void **state)
{
	(void)state;
	struct made made = summarise("§ 26 Val av ersättare i valnämnden\n\nBeslut\n\nEva Exempel (S) väljs.\n");
	assert_int_equal(made.summary->n_items, 0);
	assert_int_equal(made.summary->n_left_out, 1);
	end(&made);
}

static void references_are_taken_out_of_the_text(void **state)
{
	(void)state;
	struct made made = summarise("§ 27 Uppdrag om bad\n\nBeslut\n\nUppdraget 2022-06-16 § 11 punkt 2 att bygga ett "
				     "bad, enligt bilaga 3 till utredningen, godkänns.\n");
	assert_string_equal(made.summary->items[0]->sentences[0]->text, "Uppdraget att bygga ett bad godkänns.");
	end(&made);
}

static void assignments_that_are_done_with_are_told_only_when_nothing_else_is(void **state)
{
	(void)state;
	struct made made = summarise(
	    "§ 46 Redovisning av uppdrag att utreda ett bad\n\nBeslut\n\n1. Badet byggs 2026 enligt bilaga 1 till "
	    "nämndens handlingar.\n\n2. Uppdraget §18 att utreda ett bad förklaras fullgjort.\n\n"
	    "§ 47 Redovisning av uppdrag att utreda en bro\n\nBeslut\n\nUppdraget förklaras fullgjort.\n");
	assert_int_equal(made.summary->items[0]->n_sentences, 1);
	assert_string_equal(made.summary->items[0]->heading, "Uppdrag att utreda ett bad");
	assert_string_equal(made.summary->items[0]->sentences[0]->text, "Badet byggs 2026.");
	assert_int_equal(made.summary->items[1]->n_sentences, 1);
	end(&made);
}

static void what_is_proposed_is_told_once(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 48 Avgift\n\nBeslut\n\nKommunstyrelsen beslutar att föreslå kommunfullmäktige att höja "
		      "avgiften till 600 kronor.\n\n"
		      "§ 49 Svar på motion - skyltar\n\nBeslut\n\nKommunstyrelsens förslag till kommunfullmäktige\n\n"
		      "Kommunfullmäktige avslår motionen.\n");
	assert_string_equal(
	    made.summary->items[0]->sentences[0]->text,
	    "Kommunstyrelsen föreslår att kommunfullmäktige beslutar att höja avgiften till 600 kronor.");
	assert_string_equal(made.summary->items[1]->heading, "Motion: skyltar");
	assert_string_equal(made.summary->items[1]->sentences[0]->text,
			    "Kommunstyrelsen föreslår att kommunfullmäktige säger nej till motionen.");
	end(&made);
}

static void points_with_capitals_are_clauses_too(void **state)
{
	(void)state;
	struct made made = summarise("§ 50 Kvarteret Smeden\n\nBeslut\n\nKommunstyrelsen beslutar\n\n"
				     "- Att återremittera ärendet till den 4 december 2024.\n");
	assert_int_equal(made.summary->n_items, 1);
	assert_string_equal(made.summary->items[0]->sentences[0]->text,
			    "Kommunstyrelsen beslutade att skicka tillbaka ärendet till den 4 december 2024.");
	end(&made);
}

static void what_explains_is_found_without_subheadings(void **state)
{
	(void)state;
	struct made made = summarise("§ 51 Markanvisning (KS/2015:230)\n\nKommunstyrelsen beslutar\n\n"
				     "att teckna avtal med bolaget.\n\nBolaget vill bygga 44 hyresrätter.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_background, 1);
	assert_string_equal(item->background[0]->text, "Bolaget vill bygga 44 hyresrätter.");
	end(&made);
}

static void a_long_decision_is_two_sentences(void **state)
{
	(void)state;
	struct made made = summarise(
	    "§ 52 Budget\n\nBeslut\n\nDe rödas och de grönas förslag till budget för 2025 fastställs i sin helhet "
	    "inklusive de mål, riktlinjer, uppdrag och ramar som anges samt att skattesatsen fastställs till "
	    "21:12 kronor per skattekrona.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_sentences, 2);
	assert_string_equal(item->sentences[1]->text,
			    "Kommunstyrelsen beslutade också att skattesatsen fastställs till "
			    "21:12 kronor per skattekrona.");
	end(&made);
}

static void letters_of_points_are_taken_out(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 53 Bron\n\nBeslut\n\nBron ska byggas som det står nedan: a. Bron ska vara av trä, "
		      "bl. a. av ek. b. Vägen ska vara bred.\n");
	const char *text = made.summary->items[0]->sentences[0]->text;
	assert_null(strstr(text, ": a."));
	assert_non_null(strstr(text, "bl. a. av ek"));
	end(&made);
}

static void the_lead_names_what_residents_ask_about(void **state)
{
	(void)state;
	struct made made = summarise("§ 28 Firmateckning\n\nBeslut\n\nFirman tecknas av ordföranden.\n\n"
				     "§ 29 Arkivplan\n\nBeslut\n\nPlanen godkänns.\n\n"
				     "§ 30 Ny förskola\n\nBeslut\n\nFörskolan byggs för 20 miljoner kronor.\n\n"
				     "§ 31 Avgift för bad\n\nBeslut\n\nAvgiften höjs till 60 kronor.\n\n"
				     "§ 32 Detaljplan för ängen\n\nBeslut\n\nPlanen antas.\n");
	assert_non_null(strstr(made.summary->lead[0]->text, "Ny förskola, avgift för bad och detaljplan för ängen är"));
	end(&made);
}

static void what_a_board_does_is_told_in_its_own_form(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 33 Belysning\n\nBeslut\n\nKommunstyrelsen\n\n1. godkänner planen för belysning\n\n"
		      "2. avsätter 3,2 mnkr, varav 1 mnkr för lampor.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_string_equal(item->sentences[0]->text, "Kommunstyrelsen godkänner planen för belysning.");
	assert_string_equal(item->sentences[1]->text,
			    "Kommunstyrelsen avsätter 3,2 miljoner kronor, varav 1 miljon kronor för lampor.");
	end(&made);
}

static void whose_proposal_was_followed_is_not_told(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 34 Lokaler\n\nBeslut\n\nKommunstyrelsen beslutar enligt Eva Exempels (S) förslag att "
		      "återremittera ärendet för ytterligare beredning.\n");
	assert_string_equal(made.summary->items[0]->sentences[0]->text,
			    "Kommunstyrelsen beslutade att skicka tillbaka ärendet för att utredas mer.");
	end(&made);
}

static void verdicts_are_told_as_yes_and_no(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 35 Motion (V) om odling\n\nBeslut\n\nMotionen avslås och anses därmed besvarad.\n\n"
		      "§ 36 Motion om bad, från Centerpartiet\n\nBeslut\n\nMotionen bifalls.\n");
	const Referat__SummaryItem *no = made.summary->items[0];
	const Referat__SummaryItem *yes = made.summary->items[1];
	assert_string_equal(no->heading, "Nej till motion om odling");
	assert_string_equal(no->sentences[0]->text, "Kommunstyrelsen säger nej till motionen.");
	assert_string_equal(yes->heading, "Ja till motion om bad");
	assert_string_equal(yes->sentences[0]->text, "Kommunstyrelsen säger ja till motionen.");
	end(&made);
}

static void headings_lose_what_kind_of_decision_it_is(void **state)
{
	(void)state;
	struct made made = summarise(
	    "§ 37 Genomförandebeslut för projekt Nya Skolan\n\nBeslut\n\nSkolan byggs. Förslaget godkänns.\n\n"
	    "§ 38 Ny förskola i Södra byn, investeringsbeslut\n\nBeslut\n\nFörskolan godkänns.\n\n"
	    "§ 39 Hemställan från kulturnämnden om förändrat ansvar\n\nBeslut\n\nAnsvaret flyttas.\n");
	assert_string_equal(made.summary->items[0]->heading, "Nya Skolan");
	assert_string_equal(made.summary->items[1]->heading, "Ny förskola i Södra byn");
	assert_string_equal(made.summary->items[2]->heading, "Förändrat ansvar");
	end(&made);
}

static void what_was_handed_in_withdrawn_or_reported_is_left_out(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 40 Inkommen motion om väg\n\nBeslut\n\nMotionen får lämnas in. Förslaget godkänns.\n\n"
		      "§ 41 Arrende\n\nBeslut\n\nÄrendet utgår.\n\n"
		      "§ 42 Regiondirektörens rapport\n\nBeslut\n\nRapporten noteras.\n");
	assert_int_equal(made.summary->n_items, 0);
	assert_int_equal(made.summary->n_left_out, 3);
	assert_string_equal(made.summary->left_out[1]->reason, "Ärendet togs bort från dagordningen.");
	end(&made);
}

static void background_tells_neither_who_moved_nor_how_it_was_handled(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 43 Motion om buss\n\nÄrendebeskrivning\n\nMotionen kom in i februari 2024. Eva Exempel "
		      "(V) föreslår i en motion att alla som fyllt 70 år får åka gratis.\n\n"
		      "Beslut\n\nMotionen avslås.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_background, 1);
	assert_string_equal(item->background[0]->text, "I motionen föreslås att alla som fyllt 70 år får åka gratis.");
	end(&made);
}

static void one_point_of_many_that_names_a_person_is_taken_out(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 44 Budget\n\nBeslut\n\n1. Skolan tilldelas 1 mnkr.\n\n2. Vägen tilldelas 2 mnkr.\n\n"
		      "3. Rut Exempelsson tilldelas ett pris.\n\n4. Badet tilldelas 4 mnkr.\n");
	assert_int_equal(made.summary->n_items, 1);
	assert_int_equal(made.summary->items[0]->n_sentences, 3);
	assert_int_equal(made.summary->n_left_out, 1);
	assert_non_null(strstr(made.summary->left_out[0]->reason, "En punkt i beslutet"));
	end(&made);
}

/* Of four points one is taken out, and the next one tells of the same person. */
static void a_point_that_points_back_to_a_person_takes_the_item_out(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 44 Priser\n\nBeslut\n\n1. Rut Exempelsson tilldelas ett pris.\n\n2. Hon får 10 000 kronor.\n\n"
		      "3. Skolan tilldelas 1 mnkr.\n\n4. Badet tilldelas 4 mnkr.\n\n5. Vägen tilldelas 2 mnkr.\n");
	assert_int_equal(made.summary->n_items, 0);
	assert_non_null(strstr(made.summary->left_out[0]->reason, "privatperson"));
	end(&made);
}

static void what_is_left_when_a_point_is_taken_out_reads_as_a_whole(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 44 Stöd\n\nBeslut\n\nKommunstyrelsen beslutar\n\natt neka Rut Exempelsson stöd,\n\n"
		      "att godkänna avtalet om snöröjning,\n\natt godkänna planen för parken,\n\n"
		      "att godkänna planen för badet.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_sentences, 3);
	assert_string_equal(item->sentences[0]->text, "Kommunstyrelsen beslutade att godkänna avtalet om snöröjning.");
	assert_int_equal(item->n_outcomes, 1);
	assert_int_equal(item->outcomes[0], REFERAT__OUTCOME__APPROVED);
	end(&made);
}

static void movers_of_a_motion_are_not_told(void **state)
{
	(void)state;
	struct made made = summarise(
	    "§ 45 Motion av Eva Exempel (S) och Bo Berg (M) om bad\n\nBeslut\n\nDen av Eva Exempel och Bo Berg "
	    "väckta motionen avslås.\n");
	assert_string_equal(made.summary->items[0]->heading, "Nej till motion om bad");
	assert_string_equal(made.summary->items[0]->sentences[0]->text, "Kommunstyrelsen säger nej till motionen.");
	end(&made);
}

static void what_is_general_of_health_and_care_is_told(void **state)
{
	(void)state;
	struct made made = summarise("§ 46 Handlingsplan mot missbruk\n\nBeslut\n\nHandlingsplanen antas.\n\n"
				     "§ 47 Riktlinjer för LSS\n\nBeslut\n\nRiktlinjerna för personer med "
				     "funktionsnedsättning antas.\n");
	assert_int_equal(made.summary->n_items, 2);
	end(&made);
}

static void a_matter_of_one_person_is_left_out_though_the_name_is_masked(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 48 Färdtjänst\n\nBeslut\n\nXXXX beviljas resor.\n\n"
		      "§ 49 Vite\n\nBeslut\n\nÄgaren till Bäcken 1:31 föreläggs vid vite att städa tomten.\n\n"
		      "§ 50 Avstängning\n\nBeslut\n\nEleven Rut stängs av i två veckor.\n");
	assert_int_equal(made.summary->n_items, 0);
	assert_int_equal(made.summary->n_left_out, 3);
	end(&made);
}

static void headings_in_capitals_are_written_as_the_text_writes_them(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 51 FÖRSÄLJNING AV STATIONEN I NORRBY\n\nBeslut\n\nStationen i Norrby säljs. Förslaget "
		      "godkänns.\n\n§ 52 HASTIGHETEN PÅ SJÖGATAN\n\nBeslut\n\nHastigheten sänks.\n\n"
		      "§ 53 ökade anslag till skolan\n\nBeslut\n\nAnslaget godkänns.\n");
	assert_string_equal(made.summary->items[0]->heading, "Försäljning av stationen i Norrby");
	assert_string_equal(made.summary->items[1]->heading, "Hastigheten på Sjögatan");
	assert_string_equal(made.summary->items[2]->heading, "Ökade anslag till skolan");
	end(&made);
}

/* Who stands behind an opinion on a motion says neither yes nor no to it. */
static void a_verdict_is_told_of_the_proposal_alone(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 54 Motion om fler barnmorskor\n\nBeslut\n\nKommunstyrelsen ställer sig bakom yttrandet.\n\n"
		      "§ 55 Medborgarförslag om bad\n\nBeslut\n\nKommunstyrelsen beslutar\n\natt ställa sig bakom "
		      "upprättat svar, samt\n\natt medborgarförslaget därmed avslås.\n");
	assert_string_equal(made.summary->items[0]->heading, "Motion om fler barnmorskor");
	assert_string_equal(made.summary->items[1]->heading, "Nej till medborgarförslag om bad");
	end(&made);
}

static void what_is_formal_stands_behind_what_residents_ask_about(void **state)
{
	(void)state;
	struct made made = summarise("§ 56 Reglemente för valnämnden\n\nBeslut\n\nReglementet antas.\n\n"
				     "§ 57 Ny skola\n\nBeslut\n\nSkolan byggs. Förslaget godkänns.\n");
	assert_string_equal(made.summary->items[0]->heading, "Ny skola");
	assert_string_equal(made.summary->items[1]->heading, "Reglemente för valnämnden");
	end(&made);
}

static void background_does_not_begin_with_what_points_to_a_sentence_that_is_not_told(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 58 Ny väg\n\nÄrendebeskrivning\n\nRut Exempelsson har klagat på vägen. Hon anser att "
		      "den är för smal. Detta gäller hela vägen. Vägen är 1,2 kilometer lång. Den är från "
		      "1960, som bron.\n\nBeslut\n\nVägen byggs. Förslaget godkänns.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_int_equal(item->n_background, 2);
	assert_string_equal(item->background[0]->text, "Vägen är 1,2 kilometer lång.");
	assert_string_equal(item->background[1]->text, "Den är från 1960, som bron.");
	end(&made);
}

static void laws_organisation_numbers_and_attachments_are_taken_out(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 59 Bygglov\n\nBeslut\n\nBygglov beviljas med stöd av 9 kap. 30 § plan- och bygglagen "
		      "(2010:900), PBL.\n\n§ 60 Lån\n\nBeslut\n\nExempelby Hamn AB (556012-1234) får "
		      "låna 2 mnkr.\n\n§ 61 Plan\n\nBeslut\n\nPlanen antas enligt nämndens förslag, bilaga "
		      "3 till kontorets skrivelse daterad 2024-01-02.\n");
	assert_string_equal(made.summary->items[0]->sentences[0]->text, "Bygglov beviljas.");
	assert_string_equal(made.summary->items[1]->sentences[0]->text,
			    "Exempelby Hamn AB får låna 2 miljoner kronor.");
	assert_string_equal(made.summary->items[2]->sentences[0]->text, "Planen antas enligt nämndens förslag.");
	end(&made);
}

static void how_the_votes_fell_is_told_once(void **state)
{
	(void)state;
	struct made made =
	    summarise("§ 62 Budget\n\nBeslut\n\nEfter votering beslutar kommunstyrelsen med 7 röster mot 4 att "
		      "godkänna budgeten.\n\nOmröstning\n\nMed 7 ja-röster mot 4 nej-röster bifaller "
		      "styrelsen förslaget.\n");
	const Referat__SummaryItem *item = made.summary->items[0];
	assert_string_equal(item->sentences[0]->text, "Kommunstyrelsen beslutade att godkänna budgeten.");
	assert_string_equal(item->sentences[1]->text, "I omröstningen blev det 7 röster mot 4.");
	end(&made);
}

static void what_an_office_proposed_is_told_as_what_the_board_decided(void **state)
{
	(void)state;
	struct made made = summarise("§ 63 Bidrag\n\nFörslag till beslut\n\nFörvaltningen föreslår att kommunstyrelsen "
				     "godkänner fördelningen.\n\nBeslut\n\nKommunstyrelsen beslutar enligt "
				     "förvaltningens förslag.\n");
	assert_string_equal(made.summary->items[0]->sentences[0]->text, "Kommunstyrelsen godkänner fördelningen.");
	assert_int_equal(made.summary->items[0]->n_background, 0);
	end(&made);
}

static void the_lead_of_a_single_item_says_so(void **state)
{
	(void)state;
	struct made made = summarise("§ 45 Budget 2025\n\nBeslut\n\nBudgeten fastställs.\n");
	assert_string_equal(made.summary->lead[0]->text, "Budget 2025 är det ärende som kommunstyrelsen beslutade om "
							 "tisdagen den 7 maj 2024.");
	end(&made);
}

/* A word list that changes more than words is found out. */
static void what_does_not_stand_in_the_minutes_holds_the_summary(void **state)
{
	(void)state;
	char path[] = "/tmp/referat-words-XXXXXX";
	int file = mkstemp(path);
	assert_true(file >= 0);
	static const char list[] = "tolv = 12\n";
	assert_int_equal(write(file, list, strlen(list)), (ssize_t)strlen(list));
	close(file);
	struct test_plugin reader;
	struct test_plugin summariser;
	test_plugin_start(&reader, "reader.text");
	test_plugin_init(&summariser);
	struct rf_plugin_setting settings[] = {{"words", path, false}, {"approve", "never", false}};
	test_plugin_load(&summariser, "summariser.decisions", settings, 2);
	rf_autofree char *text = rf_format("%s§ 15 Hyra\n\nBeslut\n\nAvtalet förlängs med tolv år.\n", head);
	Referat__Document *document = test_read(&reader, test_bytes(text));
	struct referat_bytes packed = test_pack(&document->base);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&summariser, "document", "referat.document/1", packed, &result);
	assert_int_equal(result, REFERAT_HOLD);
	assert_non_null(strstr(rf_call_reason(call), "inte finns i protokollet: 12"));
	rf_call_free(call);
	free((void *)packed.data);
	rf_unpack_free(&document->base);
	test_plugin_unload(&reader);
	test_plugin_unload(&summariser);
	unlink(path);
}

/* The reason why a summary of the document is held, when the decision is said to stand at the block. */
static char *reason_with_place(unsigned block)
{
	struct test_plugin reader;
	struct test_plugin summariser;
	test_plugin_start(&reader, "reader.text");
	test_plugin_init(&summariser);
	struct rf_plugin_setting never = {"approve", "never", false};
	test_plugin_load(&summariser, "summariser.decisions", &never, 1);
	rf_autofree char *text =
	    rf_format("%s§ 15 Avgift\n\nÄrendebeskrivning\n\nAvgiften har varit länge densamma.\n\n"
		      "Beslut\n\nAvgiften fastställs till 800 kronor.\n",
		      head);
	Referat__Document *document = test_read(&reader, test_bytes(text));
	Referat__Place *place = document->items[0]->decisions[0]->place;
	place->end = block == place->block ? place->end : 5;
	place->block = block;
	struct referat_bytes packed = test_pack(&document->base);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&summariser, "document", "referat.document/1", packed, &result);
	char *reason = result == REFERAT_HOLD ? rf_strdup(rf_call_reason(call)) : NULL;
	rf_call_free(call);
	free((void *)packed.data);
	rf_unpack_free(&document->base);
	test_plugin_unload(&reader);
	test_plugin_unload(&summariser);
	return reason;
}

static void a_sentence_must_stand_where_its_place_points_to(void **state)
{
	(void)state;
	enum { BACKGROUND = 1, DECISION = 3, NOWHERE = 99 };
	rf_autofree char *true_place = reason_with_place(DECISION);
	rf_autofree char *elsewhere = reason_with_place(BACKGROUND);
	rf_autofree char *nowhere = reason_with_place(NOWHERE);
	assert_null(true_place);
	assert_non_null(strstr(elsewhere, "inte finns i protokollet: 800"));
	assert_non_null(strstr(nowhere, "inte finns i protokollet: §"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_clause_becomes_a_sentence_that_stands_alone),
	    cmocka_unit_test(what_is_only_proposed_to_the_council_is_said_to_be_so),
	    cmocka_unit_test(routine_and_secret_items_are_left_out_with_the_reason),
	    cmocka_unit_test(a_decision_that_names_a_private_person_is_left_out),
	    cmocka_unit_test(the_municipalitys_own_name_is_no_persons),
	    cmocka_unit_test(background_explains_without_names_and_paragraphs),
	    cmocka_unit_test(headings_lose_who_moved_and_words_of_the_office_become_plain),
	    cmocka_unit_test(title_and_lead_follow_the_municipalitys_pattern),
	    cmocka_unit_test(each_sentence_has_what_it_decides),
	    cmocka_unit_test(of_many_decisions_the_first_are_told_and_that_there_are_more),
	    cmocka_unit_test(votes_and_reservations_are_told_by_numbers_and_parties),
	    cmocka_unit_test(what_is_put_off_or_only_noted_is_told_together),
	    cmocka_unit_test(elections_are_left_out),
	    cmocka_unit_test(references_are_taken_out_of_the_text),
	    cmocka_unit_test(assignments_that_are_done_with_are_told_only_when_nothing_else_is),
	    cmocka_unit_test(what_is_proposed_is_told_once),
	    cmocka_unit_test(points_with_capitals_are_clauses_too),
	    cmocka_unit_test(what_explains_is_found_without_subheadings),
	    cmocka_unit_test(a_long_decision_is_two_sentences),
	    cmocka_unit_test(letters_of_points_are_taken_out),
	    cmocka_unit_test(the_lead_names_what_residents_ask_about),
	    cmocka_unit_test(what_a_board_does_is_told_in_its_own_form),
	    cmocka_unit_test(whose_proposal_was_followed_is_not_told),
	    cmocka_unit_test(verdicts_are_told_as_yes_and_no),
	    cmocka_unit_test(headings_lose_what_kind_of_decision_it_is),
	    cmocka_unit_test(what_was_handed_in_withdrawn_or_reported_is_left_out),
	    cmocka_unit_test(background_tells_neither_who_moved_nor_how_it_was_handled),
	    cmocka_unit_test(one_point_of_many_that_names_a_person_is_taken_out),
	    cmocka_unit_test(a_point_that_points_back_to_a_person_takes_the_item_out),
	    cmocka_unit_test(what_is_left_when_a_point_is_taken_out_reads_as_a_whole),
	    cmocka_unit_test(movers_of_a_motion_are_not_told),
	    cmocka_unit_test(what_is_general_of_health_and_care_is_told),
	    cmocka_unit_test(a_matter_of_one_person_is_left_out_though_the_name_is_masked),
	    cmocka_unit_test(headings_in_capitals_are_written_as_the_text_writes_them),
	    cmocka_unit_test(a_verdict_is_told_of_the_proposal_alone),
	    cmocka_unit_test(what_is_formal_stands_behind_what_residents_ask_about),
	    cmocka_unit_test(background_does_not_begin_with_what_points_to_a_sentence_that_is_not_told),
	    cmocka_unit_test(laws_organisation_numbers_and_attachments_are_taken_out),
	    cmocka_unit_test(how_the_votes_fell_is_told_once),
	    cmocka_unit_test(what_an_office_proposed_is_told_as_what_the_board_decided),
	    cmocka_unit_test(the_lead_of_a_single_item_says_so),
	    cmocka_unit_test(what_does_not_stand_in_the_minutes_holds_the_summary),
	    cmocka_unit_test(a_sentence_must_stand_where_its_place_points_to),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
