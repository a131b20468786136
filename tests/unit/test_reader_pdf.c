/* reader.pdf: that the text of a PDF reads as that of the document it was made of; heads and feet, rows of tables and
 * words that were parted; and that no file brings it down. The samples were saved as PDF by LibreOffice. */
#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/mutate.h"
#include "tests/support/parts.h"
#include "tests/support/record.h"
#include "tests/support/samples.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.pdf");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	return 0;
}

/* ---- a PDF made of lines ----------------------------------------------------------------------------------------- */

struct mark {
	const char *text; /* Latin-1; NULL: the next page begins */
	int x, y, size;
	bool bold;
};
#define NEXT_PAGE                                                                                                      \
	{                                                                                                              \
		NULL, 0, 0, 0, false                                                                                   \
	}

enum { FIRST_PAGE = 5 /* its object; the next one is what stands on it */, MOST_PAGES = 10 };

static void add_object(struct rf_buffer *pdf, size_t *offsets, int number, const char *content)
{
	offsets[number] = pdf->size;
	rf_buffer_format(pdf, "%d 0 obj\n%s\nendobj\n", number, content);
}

/* A page with those texts of the list that stand on it; of size 0: a picture that fills it. extra: what else is drawn
 * there; entries: what else the page's dictionary has. */
static void add_page(struct rf_buffer *pdf, size_t *offsets, int page, const struct mark *marks, size_t n,
		     const char *extra, const char *entries)
{
	rf_autobuffer struct rf_buffer content = RF_BUFFER_INIT;
	rf_buffer_add_text(&content, extra);
	int at = 0;
	for (size_t i = 0; i < n; i++) {
		at += !marks[i].text;
		if (marks[i].text && at == page && !marks[i].size)
			rf_buffer_add_text(&content, "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID a\nEI Q\n");
		else if (marks[i].text && at == page)
			rf_buffer_format(&content, "BT /%s %d Tf %d %d Td (%s) Tj ET\n", marks[i].bold ? "B" : "F",
					 marks[i].size, marks[i].x, marks[i].y, marks[i].text);
	}
	int object = FIRST_PAGE + 2 * page;
	rf_autofree char *dictionary =
	    rf_format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
		      "/Resources << /Font << /F 3 0 R /B 4 0 R >> >> %s>>",
		      object + 1, entries);
	rf_autofree char *stream =
	    rf_format("<< /Length %zu >>\nstream\n%s\nendstream", content.size, content.size ? content.data : "");
	add_object(pdf, offsets, object, dictionary);
	add_object(pdf, offsets, object + 1, stream);
}

static int count_pages(const struct mark *marks, size_t n)
{
	int pages = 1;
	for (size_t i = 0; i < n; i++)
		pages += !marks[i].text;
	return pages;
}

/* Pages with the texts at their places, and what is drawn on each. The caller frees it. */
static struct rf_buffer make_pages(const struct mark *marks, size_t n, const char *drawn, const char *entries)
{
	static const char font[] = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>";
	size_t offsets[FIRST_PAGE + 2 * MOST_PAGES] = {0};
	int pages = count_pages(marks, n);
	int objects = FIRST_PAGE + 2 * pages;
	rf_autofree char *plain = rf_format(font, "Helvetica");
	rf_autofree char *bold = rf_format(font, "Helvetica-Bold");
	rf_autobuffer struct rf_buffer kids = RF_BUFFER_INIT;
	struct rf_buffer pdf = RF_BUFFER_INIT;
	assert_in_range(pages, 1, MOST_PAGES);
	for (int i = 0; i < pages; i++)
		rf_buffer_format(&kids, "%d 0 R ", FIRST_PAGE + 2 * i);
	rf_autofree char *tree = rf_format("<< /Type /Pages /Kids [%s] /Count %d >>", kids.data, pages);
	rf_buffer_add_text(&pdf, "%PDF-1.4\n");
	add_object(&pdf, offsets, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	add_object(&pdf, offsets, 2, tree);
	add_object(&pdf, offsets, 3, plain);
	add_object(&pdf, offsets, 4, bold);
	for (int i = 0; i < pages; i++)
		add_page(&pdf, offsets, i, marks, n, drawn, entries);
	size_t table = pdf.size;
	rf_buffer_format(&pdf, "xref\n0 %d\n0000000000 65535 f \n", objects);
	for (int i = 1; i < objects; i++)
		rf_buffer_format(&pdf, "%010zu 00000 n \n", offsets[i]);
	rf_buffer_format(&pdf, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", objects, table);
	return pdf;
}

static struct rf_buffer make_pdf(const struct mark *marks, size_t n)
{
	return make_pages(marks, n, "", "");
}

static Referat__Document *read_marks(const struct mark *marks, size_t n)
{
	rf_autobuffer struct rf_buffer pdf = make_pdf(marks, n);
	Referat__Document *document = test_read(&reader, (struct referat_bytes){(const uint8_t *)pdf.data, pdf.size});
	assert_non_null(document);
	return document;
}

#define TITLE                                                                                                          \
	{                                                                                                              \
		"Milj\366n\344mnden - aktuella beslut maj 2024", 72, 780, 20, false                                    \
	}
#define LEAD                                                                                                           \
	{                                                                                                              \
		"Nya tr\344d \344r ett av de \344renden som n\344mnden behandlade den 7 maj.", 72, 750, 11, false      \
	}
#define ITEM                                                                                                           \
	{                                                                                                              \
		"Nya tr\344d i S\366derby", 72, 720, 14, true                                                          \
	}

/* ---- what is read ------------------------------------------------------------------------------------------------ */

static void a_pdf_reads_as_the_document_it_was_made_of(void **state)
{
	(void)state;
	test_record_golden(&reader, "protokoll-2024-03-12.pdf", "protokoll-2024-03-12.md.record");
}

static void heads_and_feet_of_pages_are_taken_off(void **state)
{
	(void)state;
	struct referat_bytes source = test_sample_bytes("sidhuvuden-2024-03.pdf");
	Referat__Document *document = test_read(&reader, source);
	free((void *)source.data);
	assert_non_null(document);
	assert_int_equal(document->n_items, 12);
	for (size_t i = 0; i < document->n_items; i++) {
		const Referat__Item *item = document->items[i];
		assert_true(item->blocks[0]->place->page >= (i ? document->items[i - 1]->blocks[0]->place->page : 1));
		assert_int_equal(item->decisions[0]->place->page,
				 item->blocks[item->decisions[0]->place->block]->place->page);
		assert_int_equal(item->n_blocks, 4);
		assert_int_equal(item->n_decisions, 1);
		for (size_t k = 0; k < item->n_blocks; k++) {
			assert_null(strstr(item->blocks[k]->text, "sida"));
			assert_null(strstr(item->blocks[k]->text, "signatur"));
		}
	}
	rf_unpack_free(&document->base);
}

/* Labels stand in the first column; what stands beside one goes on below in its column. */
static void labels_beside_their_text_are_read_as_above_it(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    {"Tekniska n\344mnden", 72, 790, 11, false},
	    {"Sammantr\344desprotokoll 2024-03-12", 72, 770, 11, false},
	    {"\247 12 Nya tr\344d i parken", 72, 730, 16, true},
	    {"Bakgrund", 72, 700, 11, false},
	    {"Tr\344den i parken \344r gamla och beh\366ver b\345de v\345rd och", 200, 700, 11, false},
	    {"ers\344ttare.", 200, 687, 11, false},
	    {"Beslut", 72, 650, 11, false},
	    {"Tekniska n\344mnden beslutar", 200, 650, 11, false},
	    {"att godk\344nna planen f\366r nya tr\344d.", 200, 637, 11, false},
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->n_items, 1);
	assert_string_equal(document->items[0]->blocks[1]->text,
			    "Träden i parken är gamla och behöver både vård och ersättare.");
	assert_int_equal(document->items[0]->n_decisions, 1);
	assert_string_equal(document->items[0]->decisions[0]->text, "att godkänna planen för nya träd.");
	rf_unpack_free(&document->base);
}

static void lines_that_were_wrapped_are_one_paragraph(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TITLE,
	    LEAD,
	    ITEM,
	    {"N\344mnden godk\344nde planen, som g\344ller fr\345n juni och omfattar fyra gator och provbryt-", 72, 700,
	     11, false},
	    {"ningen av den gamla vallen. Barn- och utbildningsn\344mnden har yttrat sig, liksom Gun-", 72, 687, 11,
	     false},
	    {"Brith Exempel.", 72, 674, 11, false},
	    {"Arbetet b\366rjar i h\366st.", 72, 648, 11, false}};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_blocks, 2);
	assert_string_equal(
	    item->blocks[0]->text,
	    "Nämnden godkände planen, som gäller från juni och omfattar fyra gator och provbrytningen av "
	    "den gamla vallen. Barn- och utbildningsnämnden har yttrat sig, liksom Gun-Brith Exempel.");
	assert_string_equal(item->blocks[1]->text, "Arbetet börjar i höst.");
	rf_unpack_free(&document->base);
}

static void an_empty_cell_is_not_left_out(void **state)
{
	(void)state;
	static const struct mark marks[] = {TITLE,
					    LEAD,
					    ITEM,
					    {"N\344mnden godk\344nde planen.", 72, 700, 11, false},
					    {"Ledamot", 72, 680, 11, false},
					    {"Ja", 250, 680, 11, false},
					    {"Nej", 320, 680, 11, false},
					    {"Eva Exempel", 72, 665, 11, false},
					    {"X", 323, 665, 11, false}};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_blocks, 3);
	assert_string_equal(item->blocks[1]->text, "Ledamot\tJa\tNej");
	assert_string_equal(item->blocks[2]->text, "Eva Exempel\t\tX");
	rf_unpack_free(&document->base);
}

static void items_of_lists_begin_anew(void **state)
{
	(void)state;
	static const struct mark marks[] = {TITLE,
					    LEAD,
					    ITEM,
					    {"N\344mnden beslutade", 72, 700, 11, false},
					    {"1. att godk\344nna planen,", 72, 687, 11, false},
					    {"2. att b\366rja i juni.", 72, 674, 11, false},
					    {"\225", 72, 661, 11, false},
					    {"en punkt", 90, 661, 11, false}};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_blocks, 4);
	assert_int_equal(item->blocks[1]->kind, REFERAT__BLOCK_KIND__NUMBERED_ITEM);
	assert_int_equal(item->blocks[2]->kind, REFERAT__BLOCK_KIND__NUMBERED_ITEM);
	assert_string_equal(item->blocks[2]->text, "att börja i juni.");
	assert_int_equal(item->blocks[3]->kind, REFERAT__BLOCK_KIND__LIST_ITEM);
	assert_string_equal(item->blocks[3]->text, "en punkt");
	rf_unpack_free(&document->base);
}

/* ---- minutes on pages -------------------------------------------------------------------------------------------- */

#define TOP                                                                                                            \
	{"Tekniska n\344mnden", 72, 800, 11, false},                                                                   \
	{                                                                                                              \
		"Sammantr\344desprotokoll 2024-03-12", 72, 787, 11, false                                              \
	}

static void assert_paragraphs(const Referat__Item *item, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n && i < item->n_blocks; i++)
		assert_string_equal(item->blocks[i]->text, texts[i]);
	assert_int_equal(item->n_blocks, n);
}

/* Though the first clause fills its line. */
static void clauses_of_a_decision_are_parted(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"\247 12 Nya tr\344d i parken", 72, 740, 16, true},
	    {"Tekniska n\344mnden beslutar", 72, 715, 11, false},
	    {"att godk\344nna planen f\366r nya tr\344d i parken vid Kvarndammen i S\366derby, samt", 72, 702, 11,
	     false},
	    {"att avsl\345 f\366rslaget om h\344ckar.", 72, 689, 11, false},
	    {"F\366rvaltningen ska ber\344tta om arbetet f\366r de boende i kvarteren kring parken.", 72, 676, 11,
	     false},
	    {"Beslutet skickas till: parkenheten", 72, 663, 11, false},
	};
	static const char *const texts[] = {
	    "Tekniska nämnden beslutar",
	    "att godkänna planen för nya träd i parken vid Kvarndammen i Söderby, samt",
	    "att avslå förslaget om häckar.",
	    "Förvaltningen ska berätta om arbetet för de boende i kvarteren kring parken.",
	    "Beslutet skickas till",
	    "parkenheten",
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	rf_unpack_free(&document->base);
}

/* The line counts on the page, heads with it; what goes on over the page is where it begins. */
static void places_have_their_page_and_the_line_on_it(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"\247 12 Nya tr\344d i parken", 72, 740, 16, true},
	    {"Tr\344den \344r gamla.", 72, 700, 11, false},
	    {"De st\345r", 72, 670, 11, false},
	    NEXT_PAGE,
	    {"Sammantr\344desprotokoll 2024-03-12", 72, 787, 11, false},
	    {"i parken.", 72, 740, 11, false},
	    {"Tekniska n\344mnden godk\344nner planen.", 72, 700, 11, false},
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_blocks, 3);
	const Referat__Place *places[] = {item->heading_place, item->blocks[0]->place, item->blocks[1]->place,
					  item->blocks[2]->place, item->decisions[0]->place};
	static const unsigned wanted[][2] = {{1, 3}, {1, 4}, {1, 5}, {2, 3}, {2, 3}};
	for (size_t i = 0; i < RF_COUNT(places); i++) {
		assert_int_equal(places[i]->page, wanted[i][0]);
		assert_int_equal(places[i]->line, wanted[i][1]);
	}
	assert_string_equal(item->blocks[1]->text, "De står i parken.");
	assert_int_equal(item->blocks[1]->place->last_line, 5);
	rf_unpack_free(&document->base);
}

/* A cell's text is wrapped at the cell's edge; names below each other are not. */
static void cells_have_edges_of_their_own(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"Beslutande", 72, 760, 11, false},
	    {"Eva Exempel (S), ordf\366rande", 200, 760, 11, false},
	    {"Bo Al (M)", 200, 747, 11, false},
	    {"\247 12 Nya tr\344d i parken", 72, 720, 16, true},
	    {"Beslut", 72, 690, 11, false},
	    {"Tekniska n\344mnden beslutar", 200, 690, 11, false},
	    {"att godk\344nna planen.", 200, 677, 11, false},
	    {"\247 13 Delegationsbeslut som har fattats av f\366rvaltningen under mars", 72, 640, 16, true},
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->meeting->n_participants, 2);
	assert_int_equal(document->items[0]->n_decisions, 1);
	assert_string_equal(document->items[0]->decisions[0]->text, "Tekniska nämnden beslutar att godkänna planen.");
	rf_unpack_free(&document->base);
}

#define HEAD(text)                                                                                                     \
	{                                                                                                              \
		text, 72, 810, 9, false                                                                                \
	}

/* Of a file of two pages, too; what is begun on the first goes on behind them. */
static void heads_of_two_pages_are_taken_off(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    {"Tekniska n\344mnden", 72, 810, 9, false},
	    {"Sammantr\344desprotokoll 2024-03-12", 72, 798, 9, false},
	    {"\247 12", 72, 740, 16, true},
	    {"Justerandes signatur", 72, 40, 9, false},
	    NEXT_PAGE,
	    {"Tekniska n\344mnden", 72, 810, 9, false},
	    {"Sammantr\344desprotokoll 2024-03-12", 72, 798, 9, false},
	    {"Nya tr\344d i parken", 72, 740, 16, true},
	    {"Tekniska n\344mnden beslutar", 72, 700, 11, false},
	    {"att godk\344nna planen.", 72, 687, 11, false},
	    {"Justerandes signatur", 72, 40, 9, false},
	};
	static const char *const texts[] = {"Tekniska nämnden beslutar att godkänna planen."};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->n_items, 1);
	assert_string_equal(document->items[0]->heading, "Nya träd i parken");
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	rf_unpack_free(&document->base);
}

static void heads_of_odd_and_even_pages_are_taken_off(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    HEAD("Tekniska n\344mnden, protokoll 2024-03-12"),
	    {"\247 12 Nya tr\344d i parken", 72, 740, 16, true},
	    {"Tr\344den \344r gamla.", 72, 700, 11, false},
	    NEXT_PAGE,
	    HEAD("Exempelby kommun"),
	    {"De beh\366ver v\345rd.", 72, 740, 11, false},
	    NEXT_PAGE,
	    HEAD("Tekniska n\344mnden, protokoll 2024-03-12"),
	    {"De beh\366ver ers\344ttas.", 72, 720, 11, false},
	    NEXT_PAGE,
	    HEAD("Exempelby kommun"),
	    {"Tekniska n\344mnden godk\344nner planen.", 72, 700, 11, false},
	};
	static const char *const texts[] = {"Träden är gamla.", "De behöver vård.", "De behöver ersättas.",
					    "Tekniska nämnden godkänner planen."};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	rf_unpack_free(&document->base);
}

/* Each begins its page, at the same height. */
static void items_at_the_top_of_pages_are_no_heads(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"\247 12", 72, 740, 11, true},
	    {"Nya tr\344d", 72, 720, 11, true},
	    {"Beslut", 72, 700, 11, true},
	    {"Tekniska n\344mnden godk\344nner planen.", 72, 680, 11, false},
	    NEXT_PAGE,
	    {"\247 13", 72, 740, 11, true},
	    {"Nya b\344nkar", 72, 720, 11, true},
	    {"Beslut", 72, 700, 11, true},
	    {"Tekniska n\344mnden avsl\345r f\366rslaget.", 72, 680, 11, false},
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->n_items, 2);
	assert_int_equal(document->items[1]->n_decisions, 1);
	assert_string_equal(document->items[1]->blocks[0]->text, "Beslut");
	rf_unpack_free(&document->base);
}

static void a_numbered_heading_is_no_item_of_a_list(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"1. M\366tet \366ppnas", 72, 740, 14, true},
	    {"Ordf\366randen \366ppnar m\366tet.", 72, 720, 11, false},
	    {"2. Nya tr\344d", 72, 690, 14, true},
	    {"Beslut", 72, 670, 11, true},
	    {"1.", 72, 650, 11, false},
	    {"Tekniska n\344mnden godk\344nner planen.", 90, 650, 11, false},
	    {"1.", 72, 630, 11, false},
	    {"Tekniska n\344mnden avsl\345r f\366rslaget om h\344ckar.", 90, 630, 11, false},
	    {"3. M\366tet avslutas", 72, 600, 14, true},
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->n_items, 3);
	assert_string_equal(document->items[0]->heading, "Mötet öppnas");
	assert_int_equal(document->items[1]->n_decisions, 2);
	assert_int_equal(document->items[1]->blocks[2]->kind, REFERAT__BLOCK_KIND__NUMBERED_ITEM);
	rf_unpack_free(&document->base);
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* The left one comes first, and the paragraph at its foot goes on at the top of the right one. */
static void two_columns_of_text_are_read_one_after_the_other(void **state)
{
	(void)state;
	static const char *const left[] = {
	    "Tr\344den i parken \344r gamla och beh\366ver",    "b\345de v\345rd och ers\344ttare. N\344mnden har",
	    "l\344nge v\344ntat p\345 en plan f\366r dem, och", "f\366rvaltningen har nu tagit fram en.",
	    "Planen omfattar alla tr\344d som st\345r",         "l\344ngs gatorna i S\366derby, och den g\344ller",
	    "till och med 2030. Den kostar n\344mnden"};
	static const char *const right[] = {
	    "f\366rh\345llandevis lite, eftersom plantor",      "finns i kommunens egen plantskola och",
	    "personal kan g\366ra arbetet p\345 vintern.",      "Boende har f\345tt l\344mna synpunkter, och de",
	    "flesta \344r positiva till planen. N\345gra vill", "ha fler tr\344d \344n vad planen rymmer, men",
	    "det har f\366rvaltningen inte f\366reslagit."};
	struct mark marks[4 + 2 * RF_COUNT(left)] = {TOP, {"\247 12 Nya tr\344d i parken", 72, 740, 16, true}};
	size_t n = 3;
	for (size_t i = 0; i < RF_COUNT(left); i++) {
		marks[n++] = (struct mark){left[i], 72, 710 - 13 * (int)i, 11, false};
		marks[n++] = (struct mark){right[i], 310, 710 - 13 * (int)i, 11, false};
	}
	marks[n++] = (struct mark){"Tekniska n\344mnden godk\344nner planen.", 72, 590, 11, false};
	static const char *const texts[] = {
	    "Träden i parken är gamla och behöver både vård och ersättare. Nämnden har länge väntat på en plan för "
	    "dem, och förvaltningen har nu tagit fram en. Planen omfattar alla träd som står längs gatorna i Söderby, "
	    "och den gäller till och med 2030. Den kostar nämnden förhållandevis lite, eftersom plantor finns i "
	    "kommunens egen plantskola och personal kan göra arbetet på vintern. Boende har fått lämna synpunkter, "
	    "och de flesta är positiva till planen. Några vill ha fler träd än vad planen rymmer, men det har "
	    "förvaltningen inte föreslagit.",
	    "Tekniska nämnden godkänner planen.",
	};
	Referat__Document *document = read_marks(marks, n);
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	rf_unpack_free(&document->base);
}

static void a_table_of_two_columns_stays_one(void **state)
{
	(void)state;
	struct mark marks[20] = {TOP, {"\247 12 Delegationsbeslut i mars", 72, 740, 16, true}};
	size_t n = 3;
	for (int i = 0; i < 7; i++) {
		marks[n++] =
		    (struct mark){"Bygglov f\366r garage p\345 en tomt i S\366derby", 72, 710 - 20 * i, 11, false};
		marks[n++] = (struct mark){"Beviljat av handl\344ggaren den 4 mars", 310, 710 - 20 * i, 11, false};
	}
	Referat__Document *document = read_marks(marks, n);
	assert_int_equal(document->items[0]->n_blocks, 7);
	assert_string_equal(document->items[0]->blocks[6]->text,
			    "Bygglov för garage på en tomt i Söderby\tBeviljat av handläggaren den 4 mars");
	rf_unpack_free(&document->base);
}

static void a_label_in_the_margin_may_take_two_lines(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"\247 12 Nya tr\344d i parken", 72, 740, 16, true},
	    {"F\366rslag till", 72, 700, 11, true},
	    {"F\366rvaltningen f\366resl\345r att n\344mnden avsl\345r planen f\366r nya tr\344d i", 170, 700, 11,
	     false},
	    {"beslut", 72, 687, 11, true},
	    {"parken.", 170, 687, 11, false},
	    {"Beslutet", 72, 650, 11, true},
	    {"Parkenheten", 170, 650, 11, false},
	    {"skickas till", 72, 637, 11, true},
	    {"Beslut", 72, 600, 11, true},
	    {"Tekniska n\344mnden godk\344nner planen.", 170, 600, 11, false},
	};
	static const char *const texts[] = {"Förslag till beslut",
					    "Förvaltningen föreslår att nämnden avslår planen för nya träd i parken.",
					    "Beslutet skickas till",
					    "Parkenheten",
					    "Beslut",
					    "Tekniska nämnden godkänner planen."};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	assert_int_equal(document->items[0]->n_decisions, 1);
	rf_unpack_free(&document->base);
}

static void a_case_number_beside_a_heading_of_two_lines_is_none_of_it(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"\247 12 Nya tr\344d i parken vid Kvarndammen samt", 72, 740, 14, true},
	    {"TN 2024/41", 450, 740, 11, false},
	    {"Eva Ekmans gata i S\366derby", 72, 724, 14, true},
	    {"Tekniska n\344mnden godk\344nner planen.", 72, 700, 11, false},
	    {"\247 13 Nya b\344nkar i parken vid den gamla kvarnen,", 72, 660, 14, true},
	    {"med bord", 72, 644, 14, true},
	    {"TN 2024/52", 450, 644, 11, false},
	    {"Tekniska n\344mnden avsl\345r f\366rslaget.", 72, 620, 11, false},
	};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->n_items, 2);
	assert_string_equal(document->items[0]->heading,
			    "Nya träd i parken vid Kvarndammen samt Eva Ekmans gata i Söderby");
	assert_string_equal(document->items[0]->case_number, "TN 2024/41");
	assert_string_equal(document->items[1]->heading, "Nya bänkar i parken vid den gamla kvarnen, med bord");
	assert_string_equal(document->items[1]->case_number, "TN 2024/52");
	rf_unpack_free(&document->base);
}

/* ---- what belongs to the page ------------------------------------------------------------------------------------ */

static Referat__Document *read_drawn(const struct mark *marks, size_t n, const char *drawn, const char *page)
{
	rf_autobuffer struct rf_buffer pdf = make_pages(marks, n, drawn, page);
	Referat__Document *document = test_read(&reader, (struct referat_bytes){(const uint8_t *)pdf.data, pdf.size});
	assert_non_null(document);
	return document;
}

#define MINUTES                                                                                                        \
	TOP, {"\247 12 Nya tr\344d i parken", 72, 740, 16, true},                                                      \
	{                                                                                                              \
		"Tekniska n\344mnden godk\344nner planen.", 72, 700, 11, false                                         \
	}

/* As stamps of archives and signatures stand. */
static void words_that_run_up_the_margin_are_left_out(void **state)
{
	(void)state;
	static const struct mark marks[] = {MINUTES};
	static const char *const texts[] = {"Tekniska nämnden godkänner planen."};
	Referat__Document *document = read_drawn(
	    marks, RF_COUNT(marks), "BT /F 9 Tf 0 1 -1 0 40 690 Tm (Signerat av Eva Exempel 2024-03-19) Tj ET\n", "");
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	assert_int_equal(document->n_unread_pages, 0);
	rf_unpack_free(&document->base);
}

static void a_page_that_is_turned_is_read(void **state)
{
	(void)state;
	static const struct mark marks[] = {{"", 0, 0, 1, false}};
	static const char turned[] =
	    "q 0 1 -1 0 595 0 cm BT /F 11 Tf 72 500 Td (Tekniska n\344mnden) Tj 0 -13 Td (Sammantr\344desprotokoll "
	    "2024-03-12) Tj 0 -40 Td (\247 12 Nya tr\344d) Tj 0 -20 Td (Tekniska n\344mnden godk\344nner planen.) Tj "
	    "ET Q\n";
	Referat__Document *document = read_drawn(marks, RF_COUNT(marks), turned, "/Rotate 90 ");
	assert_int_equal(document->n_items, 1);
	assert_int_equal(document->items[0]->n_decisions, 1);
	rf_unpack_free(&document->base);
}

static void numbers_of_notes_are_none_of_the_text_and_squares_are(void **state)
{
	(void)state;
	static const struct mark marks[] = {MINUTES};
	static const char drawn[] = "BT /F 11 Tf 72 680 Td (Den g\344ller 250 m) Tj /F 6 Tf 5 Ts (2) Tj /F 11 Tf 0 Ts "
				    "( mark) Tj /F 6 Tf 5 Ts (1) Tj /F 11 Tf 0 Ts ( vid dammen.) Tj ET\n";
	Referat__Document *document = read_drawn(marks, RF_COUNT(marks), drawn, "");
	assert_string_equal(document->items[0]->blocks[1]->text, "Den gäller 250 m2 mark vid dammen.");
	rf_unpack_free(&document->base);
}

static void notes_at_the_foot_of_a_page_are_left_out(void **state)
{
	(void)state;
	static const struct mark marks[] = {
	    TOP,
	    {"\247 12 Nya tr\344d i parken", 72, 740, 16, true},
	    {"Tekniska n\344mnden beslutar att godk\344nna planen f\366r parken vid Kvarndammen och att", 72, 700, 11,
	     false},
	    {"1 Planen finns hos", 72, 90, 8, false},
	    {"parkenheten.", 72, 80, 8, false},
	    {"2 Se bilaga 2.", 72, 70, 8, false},
	    NEXT_PAGE,
	    {"beg\344ra in anbud.", 72, 740, 11, false},
	};
	static const char *const texts[] = {
	    "Tekniska nämnden beslutar att godkänna planen för parken vid Kvarndammen och att begära in anbud."};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_paragraphs(document->items[0], texts, RF_COUNT(texts));
	rf_unpack_free(&document->base);
}

/* A picture among pages with text may be what was decided, signed by hand. */
static void a_page_without_text_is_told_of(void **state)
{
	(void)state;
	static const struct mark marks[] = {MINUTES, NEXT_PAGE, {"I", 0, 0, 0, false}, NEXT_PAGE, NEXT_PAGE};
	Referat__Document *document = read_marks(marks, RF_COUNT(marks));
	assert_int_equal(document->n_unread_pages, 1); /* the others are blank */
	assert_int_equal(document->unread_pages[0], 2);
	rf_unpack_free(&document->base);
}

/* ---- files that are refused -------------------------------------------------------------------------------------- */

static void assert_held(struct referat_bytes bytes, const char *part)
{
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&reader, "source", "application/pdf", bytes, &result);
	assert_int_equal(result, REFERAT_HOLD);
	if (!strstr(rf_call_reason(call), part))
		fail_msg("'%s' is not in '%s'", part, rf_call_reason(call));
	rf_call_free(call);
}

static void pages_that_are_pictures_are_told_of(void **state)
{
	(void)state;
	rf_autobuffer struct rf_buffer pdf = make_pdf(NULL, 0);
	assert_held((struct referat_bytes){(const uint8_t *)pdf.data, pdf.size}, "Sidorna är bilder av text");
}

static void a_locked_file_says_so(void **state)
{
	(void)state;
	struct referat_bytes source = test_sample_bytes("losenord-2024-03-12.pdf");
	assert_held(source, "lösenord");
	free((void *)source.data);
}

static void what_is_no_pdf_says_so(void **state)
{
	(void)state;
	assert_held(test_bytes("hej"), "går inte att öppna");
	assert_held(test_bytes(""), "går inte att öppna");
	assert_held(test_bytes("%PDF-1.7\n"), "går inte att öppna");
}

static void a_file_that_is_nearly_right_gives_a_document_or_a_reason(void **state)
{
	(void)state;
	static const char *const pieces[] = {"endobj", "<<", ">>", "stream", "0 R", "9999999999", "/Kids [2 0 R]"};
	struct test_mutator mutator = {.seed = 20240312, .pieces = pieces, .n_pieces = RF_COUNT(pieces)};
	test_mutated(&reader, &mutator, "protokoll-2024-03-12.pdf", 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pdf_reads_as_the_document_it_was_made_of),
	    cmocka_unit_test(heads_and_feet_of_pages_are_taken_off),
	    cmocka_unit_test(labels_beside_their_text_are_read_as_above_it),
	    cmocka_unit_test(lines_that_were_wrapped_are_one_paragraph),
	    cmocka_unit_test(an_empty_cell_is_not_left_out),
	    cmocka_unit_test(items_of_lists_begin_anew),
	    cmocka_unit_test(clauses_of_a_decision_are_parted),
	    cmocka_unit_test(places_have_their_page_and_the_line_on_it),
	    cmocka_unit_test(cells_have_edges_of_their_own),
	    cmocka_unit_test(heads_of_two_pages_are_taken_off),
	    cmocka_unit_test(heads_of_odd_and_even_pages_are_taken_off),
	    cmocka_unit_test(items_at_the_top_of_pages_are_no_heads),
	    cmocka_unit_test(a_numbered_heading_is_no_item_of_a_list),
	    cmocka_unit_test(two_columns_of_text_are_read_one_after_the_other),
	    cmocka_unit_test(a_table_of_two_columns_stays_one),
	    cmocka_unit_test(a_label_in_the_margin_may_take_two_lines),
	    cmocka_unit_test(a_case_number_beside_a_heading_of_two_lines_is_none_of_it),
	    cmocka_unit_test(words_that_run_up_the_margin_are_left_out),
	    cmocka_unit_test(a_page_that_is_turned_is_read),
	    cmocka_unit_test(numbers_of_notes_are_none_of_the_text_and_squares_are),
	    cmocka_unit_test(notes_at_the_foot_of_a_page_are_left_out),
	    cmocka_unit_test(a_page_without_text_is_told_of),
	    cmocka_unit_test(pages_that_are_pictures_are_told_of),
	    cmocka_unit_test(a_locked_file_says_so),
	    cmocka_unit_test(what_is_no_pdf_says_so),
	    cmocka_unit_test(a_file_that_is_nearly_right_gives_a_document_or_a_reason),
	};
	return cmocka_run_group_tests_name("reader.pdf", tests, set_up, tear_down);
}
