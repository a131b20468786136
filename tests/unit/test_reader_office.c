/* reader.office: that a document reads the same whoever saved it; what of Word's and OpenDocument's XML is text and
 * what is not; and that no file brings it down. */
#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/golden.h"
#include "tests/support/mutate.h"
#include "tests/support/record.h"
#include "tests/support/samples.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.office");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	return 0;
}

/* ---- packages made of pieces ------------------------------------------------------------------------------------- */

struct piece {
	const char *name, *text;
};

/* The caller frees data. password: NULL: none. */
static struct referat_bytes zip(const struct piece *pieces, size_t n, const char *password)
{
	size_t room = 1024 * 1024;
	size_t used = 0;
	for (size_t i = 0; i < n; i++)
		room += strlen(pieces[i].text);
	char *data = rf_alloc(room);
	struct archive *archive = archive_write_new();
	archive_write_set_format_zip(archive);
	if (password)
		assert_int_equal(archive_write_set_options(archive, "zip:encryption=traditional"), ARCHIVE_OK);
	if (password)
		archive_write_set_passphrase(archive, password);
	assert_int_equal(archive_write_open_memory(archive, data, room, &used), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *entry = archive_entry_new();
		archive_entry_set_pathname(entry, pieces[i].name);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_size(entry, (la_int64_t)strlen(pieces[i].text));
		assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
		archive_write_data(archive, pieces[i].text, strlen(pieces[i].text));
		archive_entry_free(entry);
	}
	archive_write_close(archive);
	archive_write_free(archive);
	return (struct referat_bytes){(uint8_t *)data, used};
}

static char *record_of(struct referat_bytes bytes)
{
	Referat__Document *document = test_read(&reader, bytes);
	assert_non_null(document);
	char *record = test_record(document);
	rf_unpack_free(&document->base);
	return record;
}

#define W(inner)                                                                                                       \
	"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' "                          \
	"xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' "                               \
	"xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><w:body>" inner                        \
	"</w:body></w:document>"
#define P(inner)       "<w:p>" inner "</w:p>"
#define T(text)        "<w:r><w:t>" text "</w:t></w:r>"
#define H(level, text) "<w:p><w:pPr><w:pStyle w:val='H" level "'/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define N(list, text)                                                                                                  \
	"<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='" list "'/></w:numPr></w:pPr>" T(text) "</w:p>"
#define SUMMARY                                                                                                        \
	H("1", "Miljönämnden – aktuella beslut maj 2024")                                                              \
	P(T("Nya träd är ett av de ärenden som nämnden behandlade den 7 maj."))
#define ITEM H("2", "Nya träd i Söderby") P(T("Nämnden godkände planen, som gäller från juni."))

static const char styles[] = "<w:styles xmlns:w='w'><w:style w:styleId='H1'><w:name w:val='heading 1'/></w:style>"
			     "<w:style w:styleId='H2'><w:name w:val='Egen rubrik'/><w:basedOn w:val='Base'/></w:style>"
			     "<w:style w:styleId='Base'><w:name w:val='Bas'/><w:basedOn "
			     "w:val='H2'/><w:pPr><w:outlineLvl w:val='1'/></w:pPr></w:style>"
			     "<w:style w:styleId='Dold'><w:name w:val='Dold'/><w:rPr><w:vanish/></w:rPr></w:style>"
			     "<w:style w:styleId='Dold2'><w:name w:val='Anvisning'/><w:basedOn w:val='Dold'/></w:style>"
			     "<w:style w:styleId='P'><w:name w:val='Paragrafrubrik'/></w:style>"
			     "<w:style w:styleId='TOC1'><w:name w:val='toc 1'/></w:style></w:styles>";
static const char numbering[] =
    "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='12'/>"
    "<w:numFmt w:val='decimal'/><w:lvlText w:val='§ %1'/></w:lvl></w:abstractNum>"
    "<w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/><w:lvlText w:val='•'/></w:lvl>"
    "</w:abstractNum><w:abstractNum w:abstractNumId='2'><w:lvl w:ilvl='0'><w:numFmt w:val='lowerLetter'/>"
    "<w:lvlText w:val='%1)'/></w:lvl></w:abstractNum>"
    "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>"
    "<w:num w:numId='3'><w:abstractNumId w:val='2'/></w:num></w:numbering>";
static const char relations[] = "<Relationships xmlns='x'>"
				"<Relationship Id='r1' Type='http://x/styles' Target='styles.xml'/>"
				"<Relationship Id='r2' Type='http://x/numbering' Target='numbering.xml'/>"
				"<Relationship Id='r3' Type='http://x/header' Target='header1.xml'/>"
				"<Relationship Id='r4' Type='http://x/hyperlink' "
				"Target='https://www.exempelby.example/plan' TargetMode='External'/>"
				"</Relationships>";
static const char header[] =
    "<w:hdr xmlns:w='w'>" P(T("Tekniska nämnden")) P(T("Sammanträdesdatum: 2024-03-12")) "</w:hdr>";

static struct referat_bytes docx(const char *document)
{
	const struct piece pieces[] = {{"word/document.xml", document},
				       {"word/styles.xml", styles},
				       {"word/numbering.xml", numbering},
				       {"word/header1.xml", header},
				       {"word/_rels/document.xml.rels", relations}};
	return zip(pieces, RF_COUNT(pieces), NULL);
}

static char *record_of_word(const char *document)
{
	struct referat_bytes bytes = docx(document);
	char *record = record_of(bytes);
	free((void *)bytes.data);
	return record;
}

static void assert_no_trace(const char *document)
{
	rf_autofree char *plain = record_of_word(W(SUMMARY ITEM));
	rf_autofree char *record = record_of_word(document);
	assert_string_equal(record, plain);
}

static void assert_reads(const char *document, const char *part)
{
	rf_autofree char *record = record_of_word(document);
	if (!strstr(record, part))
		fail_msg("'%s' is not in\n%s", part, record);
}

/* ---- the same document, saved by several programs ---------------------------------------------------------------- */

static void whoever_saved_it_it_reads_the_same(void **state)
{
	(void)state;
	static const char *const samples[] = {"protokoll-2024-03-12.docx",         /* pandoc */
					      "protokoll-2024-03-12.odt",          /* pandoc */
					      "protokoll-2024-03-12.writer.docx"}; /* LibreOffice Writer */
	for (size_t i = 0; i < RF_COUNT(samples); i++)
		test_record_golden(&reader, samples[i], "protokoll-2024-03-12.md.record");
}

/* ---- tables that lay out ----------------------------------------------------------------------------------------- */

#define CELL(inner)      "<w:tc>" inner "</w:tc>"
#define ROW(left, right) "<w:tr>" CELL(P(T(left))) CELL(right) "</w:tr>"

/* Labels stand in the first column, what they label in the second. */
static void labels_beside_their_text_are_read_as_above_it(void **state)
{
	(void)state;
	static const char document[] =
	    W(P(T("Hedby kommun")) P(T("Tekniska nämnden"))
		  P(T("Sammanträdesprotokoll")) "<w:tbl>" ROW("Sammanträdesdatum", P(T("2024-03-12")))
		      ROW("Utses att justera", P(T("Bo Ek (S)"))) "</w:tbl>" H(
			  "1", "§ 12 Nya träd i parken") "<w:tbl>" ROW("Bakgrund", P(T("Träden är gamla.")))
			  ROW("Beslut",
			      P(T("Tekniska nämnden beslutar")) P(T("att godkänna planen för nya träd."))) "</w:tbl>");
	struct referat_bytes bytes = docx(document);
	Referat__Document *read = test_read(&reader, bytes);
	free((void *)bytes.data);
	assert_non_null(read);
	assert_string_equal(read->meeting->day->date, "2024-03-12");
	assert_int_equal(read->n_items, 1);
	assert_int_equal(read->items[0]->n_decisions, 1);
	assert_string_equal(read->items[0]->decisions[0]->text, "att godkänna planen för nya träd.");
	rf_unpack_free(&read->base);
}

/* ---- minutes where some lines have a style ----------------------------------------------------------------------- */

#define COVER                                                                                                          \
	P(T("Hedby kommun"))                                                                                           \
	P(T("Tekniska nämnden")) P(T("Sammanträdesprotokoll")) P(T("Sammanträdesdatum: 2024-03-12"))

static Referat__Document *read_word(const char *document)
{
	struct referat_bytes bytes = docx(document);
	Referat__Document *read = test_read(&reader, bytes);
	free((void *)bytes.data);
	assert_non_null(read);
	return read;
}

static void numbers_without_a_style_begin_items_where_the_others_have_one(void **state)
{
	(void)state;
	static const char document[] =
	    W(COVER H("1", "§ 12 Val av justerare") P(T("Beslut")) P(T("Bo Ek (S) väljs.")) P(T("§ 13 TN 2024/41"))
		  H("1", "Nya träd i parken") P(T("Beslut")) P(T("Tekniska nämnden godkänner planen."))
		      P(T("§ 61 i stadgan gäller.")) H("1", "§ 14 Rapporter")
			  P(T("Rapporterna läggs till handlingarna.")));
	Referat__Document *read = read_word(document);
	assert_int_equal(read->n_items, 3);
	assert_string_equal(read->items[1]->number, "§ 13");
	assert_string_equal(read->items[1]->case_number, "TN 2024/41");
	assert_string_equal(read->items[1]->heading, "Nya träd i parken");
	assert_string_equal(read->items[1]->decisions[0]->text, "Tekniska nämnden godkänner planen.");
	assert_int_equal(read->items[0]->n_decisions, 1);
	rf_unpack_free(&read->base);
}

static void the_committees_number_beside_the_boards_is_no_heading(void **state)
{
	(void)state;
	static const char document[] =
	    W(COVER H("1", "TN § 12") P(T("Au § 34")) P(T("Dnr TN 2024/41")) H("1", "Nya träd i parken") P(T("Beslut"))
		  P(T("Tekniska nämnden godkänner planen.")) H("1", "TNAU § 35") P(T("TN 2024/52")) H("1", "TN § 13")
		      H("1", "Ny lekplats") P(T("Beslut")) P(T("Tekniska nämnden avslår förslaget.")));
	Referat__Document *read = read_word(document);
	assert_int_equal(read->n_items, 2);
	assert_string_equal(read->items[0]->heading, "Nya träd i parken");
	assert_string_equal(read->items[0]->case_number, "TN 2024/41");
	assert_string_equal(read->items[1]->number, "TN § 13");
	assert_string_equal(read->items[1]->heading, "Ny lekplats");
	assert_string_equal(read->items[1]->case_number, "TN 2024/52");
	rf_unpack_free(&read->base);
}

/* "att" in a column of its own, as many templates have it. */
static void clauses_beside_their_att_are_decided(void **state)
{
	(void)state;
	static const char document[] =
	    W(COVER H("1", "§ 12 Nya träd i parken") P(T("Beslut"))
		  P(T("Tekniska nämnden beslutar")) "<w:tbl>" ROW("att", P(T("godkänna planen för nya träd, och")))
		      ROW("att", P(T("avslå förslaget om häckar."))) "</w:tbl>");
	Referat__Document *read = read_word(document);
	assert_int_equal(read->items[0]->n_decisions, 2);
	assert_string_equal(read->items[0]->decisions[0]->text, "att godkänna planen för nya träd, och");
	assert_int_equal(read->items[0]->decisions[1]->outcome, REFERAT__OUTCOME__REJECTED);
	rf_unpack_free(&read->base);
}

static void a_heading_of_two_paragraphs_is_one(void **state)
{
	(void)state;
	static const char document[] = W(COVER H("1", "§ 12") P(T("Bäcken 1:31")) P(T("Förhandsbesked för ett hus"))
					     P(T("Beslut")) P(T("Tekniska nämnden godkänner planen.")));
	Referat__Document *read = read_word(document);
	assert_string_equal(read->items[0]->heading, "Bäcken 1:31 Förhandsbesked för ett hus");
	rf_unpack_free(&read->base);
}

/* "Justeringens" stands above "plats och tid …": that day is not the meeting's. */
static void a_label_over_two_lines_is_one(void **state)
{
	(void)state;
	static const char document[] =
	    W(P(T("Hedby kommun")) P(T("Tekniska nämnden")) P(T("Protokoll 2024-03-12")) P(T("Justeringens"))
		  P(T("plats och tid Kommunhuset 2024-03-19, kl 15.00")) H("1", "§ 12 Nya träd") P(T("Beslut"))
		      P(T("Tekniska nämnden godkänner planen.")));
	Referat__Document *read = read_word(document);
	assert_string_equal(read->meeting->day->date, "2024-03-12");
	assert_string_equal(read->meeting->posting->adjusted, "2024-03-19");
	rf_unpack_free(&read->base);
}

/* ---- what is text in Word ---------------------------------------------------------------------------------------- */

static void headings_come_from_styles_their_bases_and_outlines(void **state)
{
	(void)state;
	assert_reads(W(SUMMARY ITEM), "item Nya träd i Söderby");
	assert_reads(W(SUMMARY "<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr>" T("Ny park") "</w:p>" P(
			 T("Nämnden godkände parken."))),
		     "item Ny park");
}

static void numbers_that_word_counts_are_read(void **state)
{
	(void)state;
	static const char minutes[] =
	    W(P(T("Exempelby kommun")) P(T("Tekniska nämnden")) H("1", "Sammanträdesprotokoll")
		  P(T("Sammanträdesdatum: 2024-03-12")) N("1", "Avtal om snöröjning") P(T("Beslut"))
		      P(T("Nämnden godkänner avtalet.")) N("1", "Taxa för parkering") P(T("Beslut"))
			  P(T("Nämnden avslår förslaget.")));
	assert_reads(minutes, "item § 12 Avtal om snöröjning");
	assert_reads(minutes, "item § 13 Taxa för parkering");
}

static void lists_have_their_kind(void **state)
{
	(void)state;
	struct referat_bytes bytes = docx(W(SUMMARY ITEM N("2", "Punkt") N("3", "Bokstav")));
	Referat__Document *document = test_read(&reader, bytes);
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_blocks, 3);
	assert_int_equal(item->blocks[1]->kind, REFERAT__BLOCK_KIND__LIST_ITEM);
	assert_string_equal(item->blocks[1]->text, "Punkt");
	assert_int_equal(item->blocks[2]->kind, REFERAT__BLOCK_KIND__NUMBERED_ITEM);
	assert_string_equal(item->blocks[2]->text, "Bokstav");
	rf_unpack_free(&document->base);
	free((void *)bytes.data);
}

static void what_was_deleted_or_is_hidden_leaves_no_trace(void **state)
{
	(void)state;
	assert_no_trace(W(SUMMARY H("2", "Nya träd i Söderby") P(
	    T("Nämnden godkände planen") "<w:del><w:r><w:delText> inte</w:delText></w:r></w:del>"
					 "<w:moveFrom>" T(
					     " och mer") "</w:moveFrom>"
							 "<w:r><w:rPr><w:vanish/></w:rPr><w:t> dolt</w:t></w:r>"
							 "<w:ins>" T(", som gäller") "</w:ins>" T(" från juni."))));
}

#define CONTROL(properties, inner)                                                                                     \
	"<w:sdt><w:sdtPr>" properties "</w:sdtPr><w:sdtContent>" inner "</w:sdtContent></w:sdt>"
#define FIELD(mark) "<w:r><w:fldChar w:fldCharType='" mark "'/></w:r>"

static void text_that_a_style_hides_leaves_no_trace(void **state)
{
	(void)state;
	assert_no_trace(W(SUMMARY H("2", "Nya träd i Söderby") P(
	    T("Nämnden godkände planen") "<w:r><w:rPr><w:rStyle w:val='Dold2'/></w:rPr><w:t> om "
					 "Eva</w:t></w:r>" T(", som gäller från juni.")) "<w:p><w:pPr><w:pStyle "
											 "w:val='Dold2'/></"
											 "w:pPr>" T("Skriv beslutet "
												    "här.") "</w:p>"));
	assert_no_trace(W(SUMMARY H("2", "Nya träd i Söderby") "<w:p><w:pPr><w:pStyle w:val='Dold'/></w:pPr>"
							       "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>"
							       "Nämnden godkände planen, som gäller från juni."
							       "</w:t></w:r></w:p>"));
}

static void what_a_content_control_holds_is_read_and_its_prompt_is_not(void **state)
{
	(void)state;
	assert_no_trace(W(SUMMARY CONTROL("", H("2", "Nya träd i Söderby"))
			      P(T("Nämnden ") CONTROL("", T("godkände planen")) T(", som gäller från juni.")
				    CONTROL("<w:showingPlcHdr/>", T(" Klicka här och skriv.")))
				  CONTROL("<w:showingPlcHdr/>", P(T("Ange beslutet.")))));
}

/* Word keeps the rows and cells of a repeated section so. */
static void rows_and_cells_in_content_controls_are_read(void **state)
{
	(void)state;
	struct referat_bytes bytes =
	    docx(W(SUMMARY ITEM "<w:tbl><w:tr>" CELL(P(T("Ledamot"))) CELL(P(T("Ja"))) "</w:tr>" CONTROL(
		"", "<w:tr>" CONTROL("", CELL(CONTROL("", P(T("Eva Ek (S)")))))
			CELL(P(T("X"))) "</w:tr>") "<w:tr><w:trPr><w:del/></w:trPr>" CELL(P(T("Bo Al (M)")))
		       CELL(P(T("X"))) "</w:tr></w:tbl>"));
	Referat__Document *document = test_read(&reader, bytes);
	free((void *)bytes.data);
	const Referat__Item *item = document->items[0];
	assert_int_equal(item->n_blocks, 3);
	assert_string_equal(item->blocks[1]->text, "Ledamot\tJa");
	assert_string_equal(item->blocks[2]->text, "Eva Ek (S)\tX");
	rf_unpack_free(&document->base);
}

static void a_paragraph_whose_end_was_deleted_goes_on(void **state)
{
	(void)state;
	assert_no_trace(W(SUMMARY H("2", "Nya träd i Söderby") "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" T(
	    "Nämnden godkände planen, ") "</w:p>" P(T("som gäller från juni.")) "<w:p><w:pPr><w:rPr><w:del/></w:rPr>"
										"</w:pPr><w:del><w:r><w:delText>"
										"Nej.</w:delText></w:r></w:del></"
										"w:p>"));
}

/* Numbers of paragraphs that were deleted are not counted. */
static void a_deleted_item_has_no_number(void **state)
{
	(void)state;
	assert_reads(W(COVER "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr><w:rPr><w:del/>"
			     "</w:rPr></w:pPr><w:del><w:r><w:delText>Struket</w:delText></w:r></w:del></w:p>" N(
				 "1", "Avtal om snöröjning") P(T("Beslut")) P(T("Nämnden godkänner avtalet."))),
		     "item § 12 Avtal om snöröjning");
}

static void a_field_shows_what_it_comes_to(void **state)
{
	(void)state;
	assert_no_trace(W(SUMMARY H("2", "Nya träd i Söderby") P(
	    T("Nämnden godkände planen, som ") FIELD("begin") "<w:r><w:instrText>IF </w:instrText></w:r>" FIELD(
		"begin") "<w:r><w:instrText>REF utfall</w:instrText></w:r>" FIELD("separate") T("avslag")
		FIELD("end") "<w:r><w:instrText> = 1</w:instrText></w:r>" FIELD("separate") T("gäller") FIELD("end")
		    T(" från juni."))));
	assert_reads(W(SUMMARY H("2", "Ny park") P(FIELD("begin")) P(T("Nämnden godkände parken."))),
		     "Nämnden godkände parken.");
}

static void symbols_are_read(void **state)
{
	(void)state;
	assert_reads(W(SUMMARY H("2", "Ny park")
			   P(T("Nämnden godkände parken enligt ") "<w:r><w:sym w:font='Arial' w:char='F0A7'/></w:r>" T(
			       " 4 och ") "<w:r><w:sym w:font='Cambria' w:char='00E5'/></w:r>" T("r 2025"))),
		     "enligt § 4 och år 2025");
	assert_reads(W(SUMMARY ITEM "<w:tbl><w:tr>" CELL(P(T("Eva Ek (S)")))
			   CELL(P("<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>")) "</w:tr></w:tbl>"),
		     "Eva Ek (S)\tX");
}

static void styles_that_a_municipality_made_are_headings(void **state)
{
	(void)state;
	assert_reads(W(SUMMARY "<w:p><w:pPr><w:pStyle w:val='P'/></w:pPr>" T("Ny park") "</w:p>" P(
			 T("Nämnden godkände parken."))),
		     "item Ny park");
}

static void numbers_in_cells_are_read(void **state)
{
	(void)state;
	assert_reads(W(COVER "<w:tbl><w:tr>" CELL(N("1", "Avtal om snöröjning")) CELL(
			 P(T("Dnr TN 2024/41"))) "</w:tr></w:tbl>" P(T("Beslut")) P(T("Nämnden godkänner avtalet."))),
		     "item § 12 Avtal om snöröjning");
}

/* Its own head is empty there, and the day stands in the others'. */
static void a_first_page_without_a_head_has_that_of_the_others(void **state)
{
	(void)state;
	static const char minutes[] =
	    W(H("1", "Sammanträdesprotokoll") P(T("§ 12 Avtal")) P(T("Beslut"))
		  P(T("Nämnden godkänner avtalet.")) "<w:sectPr><w:headerReference w:type='first' "
						     "r:id='r9'/><w:headerReference w:type='default' "
						     "r:id='r3'/><w:titlePg/></w:sectPr>");
	assert_reads(minutes, "day 2024-03-12 READ");
}

static void a_list_of_contents_leaves_no_trace(void **state)
{
	(void)state;
	assert_no_trace(W(
	    "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
	    "</w:sdtPr><w:sdtContent>" P(T("Nya träd i Söderby 3")) "</w:sdtContent></w:sdt>"
								    "<w:p><w:pPr><w:pStyle w:val='TOC1'/></w:pPr>" T(
									"Nya träd i Söderby 3") "</w:p>" SUMMARY ITEM));
}

static void links_keep_their_address(void **state)
{
	(void)state;
	assert_reads(W(SUMMARY ITEM P("<w:hyperlink r:id='r4'>" T("Läs planen") "</w:hyperlink>")),
		     "https://www.exempelby.example/plan");
}

static void a_frame_is_read_once(void **state)
{
	(void)state;
	rf_autofree char *record =
	    record_of_word(W(SUMMARY H("2", "Ny park") P("<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" P(
		T("Nämnden godkände parken.")) "</w:txbxContent>"
					       "</mc:Choice><mc:Fallback><w:txbxContent>" P(
						   T("Nämnden godkände parken.")) "</w:txbxContent>"
										  "</mc:Fallback></"
										  "mc:AlternateContent></w:r>")));
	const char *first = strstr(record, "Nämnden godkände parken.");
	assert_non_null(first);
	assert_null(strstr(first + 1, "Nämnden godkände parken."));
}

/* In minutes it has the board and the day. */
static void the_head_of_the_first_page_comes_first(void **state)
{
	(void)state;
	static const char minutes[] = W(H("1", "Sammanträdesprotokoll") P(T("§ 12 Avtal")) P(T("Beslut")) P(
	    T("Nämnden godkänner avtalet.")) "<w:sectPr><w:headerReference w:type='default' r:id='r3'/></w:sectPr>");
	assert_reads(minutes, "board Tekniska nämnden");
	assert_reads(minutes, "day 2024-03-12 READ");
}

static void a_table_of_data_stays_and_one_for_looks_is_taken_apart(void **state)
{
	(void)state;
	rf_autofree char *data = record_of_word(
	    W(SUMMARY ITEM "<w:tbl><w:tr>" CELL(P(T("Ja"))) CELL(P(T("7")) P(T("röster"))) "</w:tr></w:tbl>"));
	assert_non_null(strstr(data, "2 blocks"));
	assert_no_trace(W("<w:tbl><w:tr>" CELL(SUMMARY) "</w:tr><w:tr>" CELL(ITEM) "</w:tr></w:tbl>"));
}

/* ---- OpenDocument ------------------------------------------------------------------------------------------------ */

static void what_is_no_text_in_opendocument_leaves_no_trace(void **state)
{
	(void)state;
	static const char content[] =
	    "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:style='s' xmlns:draw='d'>"
	    "<office:automatic-styles><style:style style:name='X'><style:text-properties text:display='none'/>"
	    "</style:style></office:automatic-styles><office:body><office:text>"
	    "<text:tracked-changes><text:changed-region><text:deletion><text:p>Struket.</text:p></text:deletion>"
	    "</text:changed-region></text:tracked-changes><text:table-of-content><text:index-body>"
	    "<text:p>Nya träd 1</text:p></text:index-body></text:table-of-content>"
	    "<text:h text:outline-level='1'>Miljönämnden – aktuella beslut maj 2024</text:h>"
	    "<text:p>Nya träd är ett av de ärenden<text:note><text:note-body><text:p>Not.</text:p></text:note-body>"
	    "</text:note> som nämnden behandlade den<text:s/>7 maj.</text:p>"
	    "<text:section><text:h text:outline-level='2'>Nya träd i Söderby</text:h>"
	    "<text:p>Nämnden godkände planen,<text:span text:style-name='X'> dolt</text:span> som gäller från "
	    "juni.</text:p>"
	    "</text:section></office:text></office:body></office:document-content>";
	const struct piece pieces[] = {{"content.xml", content}};
	struct referat_bytes bytes = zip(pieces, 1, NULL);
	rf_autofree char *record = record_of(bytes);
	rf_autofree char *expected = record_of_word(W(SUMMARY ITEM));
	assert_string_equal(record, expected);
	free((void *)bytes.data);
}

#define ODT(automatic, text)                                                                                           \
	"<office:document-content xmlns:office='o' xmlns:text='t' xmlns:style='s' xmlns:draw='d' xmlns:table='tb'>"    \
	"<office:automatic-styles>" automatic "</office:automatic-styles><office:body><office:text>" text              \
	"</office:text></office:body></office:document-content>"
#define TP(text) "<text:p>" text "</text:p>"

static const char odt_styles[] =
    "<office:document-styles xmlns:office='o' xmlns:text='t' xmlns:style='s'><office:styles>"
    "<style:style style:name='Dold'><style:text-properties text:display='none'/></style:style>"
    "<text:outline-style style:name='Outline'><text:outline-level-style text:level='1' style:num-prefix='§ ' "
    "style:num-format='1' text:start-value='12'/><text:outline-level-style text:level='2' style:num-format=''/>"
    "</text:outline-style><text:list-style style:name='Ärende'><text:list-level-style-number text:level='1' "
    "style:num-prefix='§ ' style:num-format='1' text:start-value='40'/><text:list-level-style-number text:level='2' "
    "style:num-format='a' style:num-suffix=')'/></text:list-style></office:styles></office:document-styles>";

static char *record_of_opendocument(const char *content)
{
	const struct piece pieces[] = {{"content.xml", content}, {"styles.xml", odt_styles}};
	struct referat_bytes bytes = zip(pieces, RF_COUNT(pieces), NULL);
	char *record = record_of(bytes);
	free((void *)bytes.data);
	return record;
}

static void what_opendocument_hides_by_style_or_section_leaves_no_trace(void **state)
{
	(void)state;
	rf_autofree char *plain = record_of_opendocument(
	    ODT("", TP("Hedby kommun") TP("Tekniska nämnden") TP("Sammanträdesprotokoll 2024-03-12") TP("§ 12 Avtal")
			TP("Beslut") TP("Nämnden godkänner avtalet.")));
	rf_autofree char *record = record_of_opendocument(ODT(
	    "<style:style style:name='P1' style:parent-style-name='Dold'/>",
	    TP("Hedby kommun") TP("Tekniska nämnden") TP("Sammanträdesprotokoll 2024-03-12") TP("§ 12 Avtal")
		TP("Beslut") TP(
		    "Nämnden godkänner<text:span text:style-name='P1'> Evas</text:span> avtalet"
		    "<text:placeholder>&lt;skriv här&gt;</text:placeholder>"
		    "<office:annotation><text:p>Fråga Eva.</text:p></office:annotation>.") "<text:p "
											   "text:style-name='P1'>"
											   "Anvisning.</text:p>"
											   "<text:p>Borta.<text:hidden-"
											   "paragraph "
											   "text:is-hidden='true'/></"
											   "text:p>"
											   "<text:section "
											   "text:display='none'><text:"
											   "p>Utkast.</text:p></"
											   "text:section>"));
	assert_string_equal(record, plain);
}

static void numbers_that_opendocument_counts_are_read(void **state)
{
	(void)state;
	rf_autofree char *outline = record_of_opendocument(ODT(
	    "", TP("Hedby kommun") TP("Tekniska nämnden") TP(
		    "Sammanträdesprotokoll 2024-03-12") "<text:h text:outline-level='1'>Avtal</text:h>"
							"<text:h text:outline-level='2'>Beslut</text:h>" TP(
							    "Nämnden godkänner avtalet.") "<text:h "
											  "text:outline-level='1'>Taxa<"
											  "/text:h>" TP("Beslut")
											      TP("Nämnden avslår "
												 "förslaget.")));
	assert_non_null(strstr(outline, "item § 12 Avtal"));
	assert_non_null(strstr(outline, "item § 13 Taxa"));
	rf_autofree char *lists = record_of_opendocument(ODT(
	    "", TP("Hedby kommun") TP("Tekniska nämnden") TP(
		    "Sammanträdesprotokoll 2024-03-12") "<text:list "
							"text:style-name='Ärende'><text:list-item><text:p>Avtal</"
							"text:p></text:list-item></text:list>" TP(
							    "Beslut") "<text:list text:style-name='Ärende' "
								      "text:continue-numbering='true'><text:list-item>"
								      "<text:list><text:list-item><text:p>Nämnden "
								      "godkänner avtalet.</text:p></text:list-item>"
								      "</text:list></text:list-item></text:list>"
								      "<text:list text:style-name='Ärende' "
								      "text:continue-numbering='true'><text:list-item>"
								      "<text:p>Taxa</text:p></text:list-item></"
								      "text:list>" TP("Beslut")
									  TP("Nämnden avslår förslaget.")));
	assert_non_null(strstr(lists, "item § 40 Avtal"));
	assert_non_null(strstr(lists, "item § 41 Taxa"));
}

/* ---- files that are refused -------------------------------------------------------------------------------------- */

static void assert_held(struct referat_bytes bytes, const char *part)
{
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&reader, "source", "x", bytes, &result);
	assert_int_equal(result, REFERAT_HOLD);
	if (!strstr(rf_call_reason(call), part))
		fail_msg("'%s' is not in '%s'", part, rf_call_reason(call));
	rf_call_free(call);
}

static void assert_pieces_held(const struct piece *pieces, size_t n, const char *password, const char *part)
{
	struct referat_bytes bytes = zip(pieces, n, password);
	assert_held(bytes, part);
	free((void *)bytes.data);
}

static void what_is_no_package_says_so(void **state)
{
	(void)state;
	static const char old[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Word.Document.8";
	static const char locked[] =
	    "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
	assert_held((struct referat_bytes){(const uint8_t *)old, sizeof old}, "äldre format");
	assert_held((struct referat_bytes){(const uint8_t *)locked, sizeof locked}, "lösenord");
	assert_held((struct referat_bytes){(const uint8_t *)"hej", 3}, "går inte att öppna");
	assert_held((struct referat_bytes){(const uint8_t *)"", 0}, "går inte att öppna");
	assert_held((struct referat_bytes){(const uint8_t *)"PK\3\4", 4}, "går inte att öppna");
}

static void a_locked_package_says_so(void **state)
{
	(void)state;
	const struct piece word[] = {{"word/document.xml", W(SUMMARY ITEM)}};
	const struct piece odt[] = {{"META-INF/manifest.xml", "<manifest><encryption-data/></manifest>"},
				    {"content.xml", "\x01\x02"}};
	assert_pieces_held(word, 1, "hemligt", "lösenord");
	assert_pieces_held(odt, 2, NULL, "lösenord");
}

static void macros_are_not_taken(void **state)
{
	(void)state;
	const struct piece pieces[] = {{"word/document.xml", W(SUMMARY ITEM)}, {"word/vbaProject.bin", "x"}};
	assert_pieces_held(pieces, 2, NULL, "makron");
}

#define ENTITY                                                                                                         \
	"<!DOCTYPE d [<!ENTITY a 'x'>]><w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body>"  \
	"</w:document>"
#define OUTSIDE "<!DOCTYPE d SYSTEM 'file:///etc/passwd'><w:document xmlns:w='w'><w:body/></w:document>"

static void xml_that_is_broken_or_hostile_is_refused(void **state)
{
	(void)state;
	static const struct piece documents[] = {{"word/document.xml", ""},
						 {"word/document.xml", "<w:document>"},
						 {"word/document.xml", "hej"},
						 {"word/document.xml", ENTITY},
						 {"word/document.xml", OUTSIDE}};
	for (size_t i = 0; i < RF_COUNT(documents); i++)
		assert_pieces_held(&documents[i], 1, NULL, "går inte att öppna");
	const struct piece twice[] = {{"word/document.xml", W(ITEM)}, {"word/document.xml", W(SUMMARY)}};
	assert_pieces_held(twice, 2, NULL, "går inte att öppna");
}

static void nesting_has_an_end(void **state)
{
	(void)state;
	rf_autobuffer struct rf_buffer document = RF_BUFFER_INIT;
	rf_buffer_add_text(&document, "<w:document xmlns:w='w'><w:body>");
	for (int i = 0; i < 100000; i++)
		rf_buffer_add_text(&document, "<w:ins>");
	const struct piece pieces[] = {{"word/document.xml", document.data}};
	assert_pieces_held(pieces, 1, NULL, "går inte att öppna");
}

/* 64 MiB of spaces pack into 64 KB. */
static void a_bomb_is_not_unpacked(void **state)
{
	(void)state;
	enum { SIZE = 64 * 1024 * 1024 };
	char *spaces = rf_alloc(SIZE + 1);
	memset(spaces, ' ', SIZE);
	const struct piece pieces[] = {{"word/document.xml", spaces}};
	assert_pieces_held(pieces, 1, NULL, "mer text");
	free(spaces);
}

static void many_entries_are_refused(void **state)
{
	(void)state;
	enum { N = 600 };
	struct piece *pieces = rf_alloc(N * sizeof *pieces);
	for (size_t i = 0; i < N; i++)
		pieces[i] = (struct piece){rf_format("word/part%zu.xml", i), "<x/>"};
	assert_pieces_held(pieces, N, NULL, "mer text");
	for (size_t i = 0; i < N; i++)
		free((char *)pieces[i].name);
	free(pieces);
}

static void a_file_that_is_nearly_right_gives_a_document_or_a_reason(void **state)
{
	(void)state;
	static const char *const pieces[] = {"PK\1\2", "PK\5\6", "\xFF\xFF\xFF\xFF", "word/", "<w:p", "\x08"};
	struct test_mutator mutator = {.seed = 20240312, .pieces = pieces, .n_pieces = RF_COUNT(pieces)};
	test_mutated(&reader, &mutator, "protokoll-2024-03-12.docx", 400);
	test_mutated(&reader, &mutator, "protokoll-2024-03-12.odt", 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whoever_saved_it_it_reads_the_same),
	    cmocka_unit_test(labels_beside_their_text_are_read_as_above_it),
	    cmocka_unit_test(numbers_without_a_style_begin_items_where_the_others_have_one),
	    cmocka_unit_test(the_committees_number_beside_the_boards_is_no_heading),
	    cmocka_unit_test(clauses_beside_their_att_are_decided),
	    cmocka_unit_test(a_heading_of_two_paragraphs_is_one),
	    cmocka_unit_test(a_label_over_two_lines_is_one),
	    cmocka_unit_test(headings_come_from_styles_their_bases_and_outlines),
	    cmocka_unit_test(numbers_that_word_counts_are_read),
	    cmocka_unit_test(lists_have_their_kind),
	    cmocka_unit_test(what_was_deleted_or_is_hidden_leaves_no_trace),
	    cmocka_unit_test(text_that_a_style_hides_leaves_no_trace),
	    cmocka_unit_test(what_a_content_control_holds_is_read_and_its_prompt_is_not),
	    cmocka_unit_test(rows_and_cells_in_content_controls_are_read),
	    cmocka_unit_test(a_paragraph_whose_end_was_deleted_goes_on),
	    cmocka_unit_test(a_deleted_item_has_no_number),
	    cmocka_unit_test(a_field_shows_what_it_comes_to),
	    cmocka_unit_test(symbols_are_read),
	    cmocka_unit_test(styles_that_a_municipality_made_are_headings),
	    cmocka_unit_test(numbers_in_cells_are_read),
	    cmocka_unit_test(a_first_page_without_a_head_has_that_of_the_others),
	    cmocka_unit_test(a_list_of_contents_leaves_no_trace),
	    cmocka_unit_test(links_keep_their_address),
	    cmocka_unit_test(a_frame_is_read_once),
	    cmocka_unit_test(the_head_of_the_first_page_comes_first),
	    cmocka_unit_test(a_table_of_data_stays_and_one_for_looks_is_taken_apart),
	    cmocka_unit_test(what_is_no_text_in_opendocument_leaves_no_trace),
	    cmocka_unit_test(what_opendocument_hides_by_style_or_section_leaves_no_trace),
	    cmocka_unit_test(numbers_that_opendocument_counts_are_read),
	    cmocka_unit_test(what_is_no_package_says_so),
	    cmocka_unit_test(a_locked_package_says_so),
	    cmocka_unit_test(macros_are_not_taken),
	    cmocka_unit_test(xml_that_is_broken_or_hostile_is_refused),
	    cmocka_unit_test(nesting_has_an_end),
	    cmocka_unit_test(a_bomb_is_not_unpacked),
	    cmocka_unit_test(many_entries_are_refused),
	    cmocka_unit_test(a_file_that_is_nearly_right_gives_a_document_or_a_reason),
	};
	return cmocka_run_group_tests_name("reader.office", tests, set_up, tear_down);
}
