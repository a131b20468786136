/* reader.html: what it reads out of saved pages, what of the page it leaves out, where links lead, which encodings it
 * knows, and that no page brings it down. */
#include "base/buffer.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/mutate.h"
#include "tests/support/parts.h"
#include "tests/support/record.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader;

static int set_up(void **state)
{
	(void)state;
	test_plugin_start(&reader, "reader.html");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	return 0;
}

/* ---- golden ----------------------------------------------------------------------------------------------------- */

static void a_saved_page_is_its_article(void **state)
{
	(void)state;
	test_record_golden(&reader, "sparad-sida-2024-05.html", "sparad-sida-2024-05.html.record");
}

static void ends_that_are_left_out_are_known(void **state)
{
	(void)state;
	test_record_golden(&reader, "kommunstyrelsen-2022-05.html", "kommunstyrelsen-2022-05.html.record");
}

static void tables_that_only_lay_out_are_taken_apart(void **state)
{
	(void)state;
	test_record_golden(&reader, "tabeller-2012-03.html", "tabeller-2012-03.html.record");
}

static void minutes_are_read(void **state)
{
	(void)state;
	test_record_golden(&reader, "protokoll-2024-03-12.html", "protokoll-2024-03-12.html.record");
}

/* ---- pages made of pieces --------------------------------------------------------------------------------------- */

#define TITLE "<h1>Miljönämnden – aktuella beslut maj 2024</h1>"
#define LEAD  "<p>Nya träd är ett av de ärenden som nämnden behandlade den 7 maj.</p>"
#define ITEM  "<h2>Nya träd i Söderby</h2><p>Nämnden godkände planen, som gäller från juni.</p>"

static char *record_of_bytes(const void *bytes, size_t size)
{
	Referat__Document *document = test_read(&reader, (struct referat_bytes){bytes, size});
	assert_non_null(document);
	char *record = test_record(document);
	rf_unpack_free(&document->base);
	return record;
}

static char *record_of_page(const char *page)
{
	return record_of_bytes(page, strlen(page));
}

static char *page_of(const char *head, const char *before, const char *inside, const char *behind)
{
	return rf_format("<html><head>%s</head><body>%s<main>" TITLE LEAD ITEM "%s</main>%s</body></html>", head,
			 before, inside, behind);
}

static void assert_no_trace(const char *before, const char *inside, const char *behind)
{
	rf_autofree char *plain = page_of("", "", "", "");
	rf_autofree char *expected = record_of_page(plain);
	rf_autofree char *page = page_of("", before, inside, behind);
	rf_autofree char *record = record_of_page(page);
	assert_string_equal(record, expected);
}

/* Meeting portals show each item as a panel that opens, with its files below, amid what every page of theirs has. */
static void minutes_in_a_portal_are_read(void **state)
{
	(void)state;
	static const char page[] =
	    "<!DOCTYPE html><html lang='sv'><head><title>Möte - Tekniska nämnden 2024-03-12</title></head><body>"
	    "<header><a href='/'>Hedby kommun</a><nav><ul><li><a href='/moten'>Möten</a></li></ul></nav></header>"
	    "<div class='breadcrumb'>Hem &gt; Möten</div>"
	    "<main><h1>Tekniska nämnden 2024-03-12</h1><div class='toolbar'><a href='/pdf'>Ladda ner allt som "
	    "PDF</a></div>"
	    "<h2>Protokoll</h2>"
	    "<dl><dt>Plats</dt><dd>Kommunhuset</dd><dt>Tid</dt><dd>13.00–15.10</dd></dl>"
	    "<ol class='agenda'><li><h3><button aria-expanded='false'>§ 12 Nya träd i parken</button></h3><div><p>Dnr "
	    "TN 2024/41</p>"
	    "<h4>Beslut</h4><p>Tekniska nämnden beslutar att godkänna planen för nya "
	    "träd.</p><h4>Bakgrund</h4><p>Träden är gamla.</p>"
	    "<ul class='attachments'><li><a href='/a/1.pdf'>Tjänsteskrivelse.pdf (120 kB)</a></li></ul></div></li>"
	    "<li><h3><button aria-expanded='false'>§ 13 Motion om bänkar</button></h3><div><p>Dnr TN 2024/52</p>"
	    "<h4>Beslut</h4><p>Tekniska nämnden avslår motionen.</p></div></li></ol></main>"
	    "<footer>Portalen levereras av ett företag</footer></body></html>";
	Referat__Document *document = test_read(&reader, (struct referat_bytes){(const uint8_t *)page, strlen(page)});
	assert_non_null(document);
	assert_int_equal(document->kind, REFERAT__KIND__MINUTES);
	assert_string_equal(document->board->name, "Tekniska nämnden");
	assert_string_equal(document->meeting->day->date, "2024-03-12");
	assert_int_equal(document->n_items, 2);
	assert_string_equal(document->items[0]->heading, "Nya träd i parken");
	assert_string_equal(document->items[0]->case_number, "TN 2024/41");
	assert_int_equal(document->items[0]->n_decisions, 1);
	assert_int_equal(document->items[0]->decisions[0]->outcome, REFERAT__OUTCOME__APPROVED);
	assert_string_equal(document->items[1]->case_number, "TN 2024/52");
	assert_int_equal(document->items[1]->decisions[0]->outcome, REFERAT__OUTCOME__REJECTED);
	rf_unpack_free(&document->base);
}

static void furniture_leaves_no_trace(void **state)
{
	(void)state;
	static const char *const pieces[] = {
	    "<nav><h2>Meny</h2><ul><li><a href='/a'>Skola</a></li></ul></nav>",
	    "<div role='navigation'><p>Skola och omsorg</p></div>",
	    "<footer><h2>Kontakt</h2><p>Nämnden beslutade att ha öppet.</p></footer>",
	    "<script>document.write('<h2>Nämnden avslog</h2>')</script>",
	    "<style>p { color: red }</style>",
	    "<noscript><p>Slå på skript.</p></noscript>",
	    "<div class='lp-cookie-consent'><h2>Kakor</h2><p>Nämnden godkände kakor.</p></div>",
	    "<div title='footer'><p>Justerandes signatur</p></div>", /* LibreOffice's */
	    "<a class='sdfootnoteanc' href='#sdfootnote1sym'><sup>1</sup></a>",
	    "<div id='sdfootnote1'><p class='sdfootnote'>1Se bilagan.</p></div>",
	    "<div id='ftn1'><p class='MsoFootnoteText'>[1] Se bilagan.</p></div>",
	    "<div id='cookieBanner'><p>Vi använder kakor.</p></div>",
	    "<div role='dialog'><p>Vi använder kakor.</p></div>",
	    "<ol class='breadcrumb'><li><a href='/'>Start</a></li><li>Miljönämnden</li></ol>",
	    "<div class='sv-share-links'><h2>Dela</h2><p>Dela med andra.</p></div>",
	    "<ul><li><a href='https://www.facebook.com/sharer.php?u=1'>Facebook</a></li></ul>",
	    "<aside><h2>Relaterat</h2><p>Läs om annat.</p></aside>",
	    "<form action='/sok'><label>Sök</label><input value='Sök'><button>Sök</button></form>",
	    "<figure><img alt='Träd'><figcaption>Träd i Söderby</figcaption></figure>",
	    "<p hidden>Nämnden avslog planen.</p>",
	    "<p style='color: red; display: none'>Nämnden avslog planen.</p>",
	    "<p aria-hidden='true'>Nämnden avslog planen.</p>",
	    "<p><del>Nämnden avslog planen.</del></p>",
	    "<!-- <h2>Utkast</h2><p>Nämnden avslog planen.</p> -->",
	    "<template><p>Nämnden avslog planen.</p></template>",
	    "<ul><li><a href='#trad'>Nya träd</a></li></ul>",
	    "<span class='sr-only'>Öppnas i nytt fönster</span>",
	    "<iframe src='https://annan.example/'>Nämnden</iframe><object><p>Nämnden</p></object>",
	};
	for (size_t i = 0; i < RF_COUNT(pieces); i++) {
		assert_no_trace(pieces[i], "", "");
		assert_no_trace("", pieces[i], "");
		assert_no_trace("", "", pieces[i]);
	}
	assert_no_trace("<header><h1>Exempelby kommun</h1><p>Sök</p></header>", "", "");
}

static void numbers_that_were_typed_make_a_list_of_decisions(void **state)
{
	(void)state;
	static const char text[] =
	    "<p>Norrviks kommun</p><p>Tekniska nämnden</p><p>Protokoll 2025-01-22</p><p>§ 3 Gatlampor</p>"
	    "<p>Beslut</p><p>Tekniska nämnden beslutar att:</p><p>1. godkänna planen,</p>"
	    "<p>2. ge förvaltningen i uppdrag att köpa lampor.</p>";
	Referat__Document *document = test_read(&reader, test_bytes(text));
	assert_non_null(document);
	assert_int_equal(document->items[0]->n_decisions, 2);
	assert_string_equal(document->items[0]->decisions[0]->text, "godkänna planen,");
	assert_int_equal(document->items[0]->decisions[1]->outcome, REFERAT__OUTCOME__ASSIGNED);
	rf_unpack_free(&document->base);
}

static void the_article_s_own_header_is_read(void **state)
{
	(void)state;
	rf_autofree char *plain = page_of("", "", "", "");
	rf_autofree char *expected = record_of_page(plain);
	static const char *const pages[] = {
	    "<body class='has-menu cookie-ok'><article><header>" TITLE LEAD "</header>" ITEM "</article></body>",
	    "<form class='login'><div class='menu'>" TITLE LEAD ITEM "</div></form>",
	    "<div><div>" TITLE "<div>" LEAD ITEM "</div></div></div><div><p><a href='/'>Start</a></p></div>",
	};
	for (size_t i = 0; i < RF_COUNT(pages); i++) {
		rf_autofree char *record = record_of_page(pages[i]);
		assert_string_equal(record, expected);
	}
}

static void a_heading_may_open_its_text(void **state)
{
	(void)state;
	rf_autofree char *record = record_of_page(
	    TITLE LEAD "<details><summary>Nya träd</summary><p>Nämnden godkände planen.</p></details>"
		       "<details><summary>Nya bänkar</summary><p>Nämnden avslog förslaget.</p></details>");
	assert_non_null(strstr(record, "item Nya träd: 1 blocks\n    APPROVED"));
	assert_non_null(strstr(record, "item Nya bänkar: 1 blocks\n    REJECTED"));
}

static void headings_in_a_list_are_headings(void **state)
{
	(void)state;
	rf_autofree char *record =
	    record_of_page(TITLE LEAD "<ul><li><h3>Nya träd</h3><p>Nämnden godkände planen.</p></li>"
				      "<li><h3>Nya bänkar</h3><p>Nämnden avslog förslaget.</p></li></ul>");
	assert_non_null(strstr(record, "item Nya träd: 1 blocks\n    APPROVED"));
	assert_non_null(strstr(record, "item Nya bänkar: 1 blocks\n    REJECTED"));
}

static void headings_that_only_group_are_no_items(void **state)
{
	(void)state;
	rf_autofree char *record = record_of_page(TITLE LEAD "<h2>Park</h2><h3>Nya träd</h3><p>Nämnden godkände "
							     "planen.</p><h4>Varför</h4><p>Det är varmt.</p>");
	assert_non_null(strstr(record, "\n  item Nya träd: 3 blocks\n    SUBHEADING Varför\n"));
	assert_null(strstr(record, "Park"));
}

/* ---- links ------------------------------------------------------------------------------------------------------ */

static void assert_link(const char *head, const char *href, const char *address)
{
	rf_autofree char *inside = rf_format("<p>Läs <a href=\"%s\">planen</a> i dess helhet.</p>", href);
	rf_autofree char *page = page_of(head, "", inside, "");
	rf_autofree char *record = record_of_page(page);
	rf_autofree char *line = rf_format("    LINK \"planen\" %s\n", address ? address : "");
	if (address)
		assert_non_null(strstr(record, line));
	else
		assert_null(strstr(record, "LINK"));
}

static void links_keep_their_address(void **state)
{
	(void)state;
	static const char base[] = "<base href='https://www.exempelby.example/a/b'>";
	static const char canonical[] = "<link rel='canonical' href='https://www.exempelby.example/c/'>";
	assert_link("", "https://www.exempelby.example/plan", "https://www.exempelby.example/plan");
	assert_link("", "mailto:a@exempelby.example", "mailto:a@exempelby.example");
	assert_link("", " https://www.exempelby.example/en plan.pdf ", "https://www.exempelby.example/en%20plan.pdf");
	assert_link(base, "plan.pdf", "https://www.exempelby.example/a/plan.pdf");
	assert_link(base, "../plan?a=1&amp;b=2", "https://www.exempelby.example/plan?a=1&b=2");
	assert_link(base, "//cdn.exempelby.example/plan", "https://cdn.exempelby.example/plan");
	assert_link(canonical, "plan", "https://www.exempelby.example/c/plan");
	assert_link("<base href='d/'><meta property='og:url' content='https://www.exempelby.example/e'>", "plan",
		    "https://www.exempelby.example/d/plan");
}

static void what_leads_nowhere_is_text(void **state)
{
	(void)state;
	static const char *const hrefs[] = {
	    "",     "#",     "plan.pdf", "/plan",        "javascript:alert(1)", "data:text/html,x",
	    "  ",   "#plan", "//x/y",    "file:///c:/x", "\tjava\nscript:x",    "vbscript:x",
	    "http:"};
	for (size_t i = 0; i < RF_COUNT(hrefs); i++)
		assert_link("", hrefs[i], NULL);
	assert_link("<base href='file:///c:/sida.html'>", "plan.pdf", NULL);
	assert_link("<base href='javascript:x'>", "plan.pdf", NULL);
}

/* ---- encodings -------------------------------------------------------------------------------------------------- */

static char *to_windows_1252(const char *text, size_t *size)
{
	rf_autobuffer struct rf_buffer out = RF_BUFFER_INIT;
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		char c = (char)*at;
		if (*at == 0xC3) /* å, ä, ö */
			c = (char)(*++at + 0x40);
		else if (*at == 0xE2) { /* – */
			c = (char)0x96;
			at += 2;
		}
		rf_buffer_add(&out, &c, 1);
	}
	*size = out.size;
	return rf_memdup(out.data, out.size);
}

static void the_bytes_tell_their_encoding(void **state)
{
	(void)state;
	static const char *const heads[] = {"", "<meta charset=utf-8>", "<meta charset='iso-8859-1'>",
					    "<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=windows-1252'>"};
	rf_autofree char *plain = page_of("", "", "", "");
	rf_autofree char *expected = record_of_page(plain);
	for (size_t i = 0; i < RF_COUNT(heads); i++) {
		rf_autofree char *page = page_of(heads[i], "", "", "");
		rf_autofree char *utf8 = record_of_page(page);
		assert_string_equal(utf8, expected);
		size_t size;
		rf_autofree char *bytes = to_windows_1252(page, &size);
		rf_autofree char *converted = record_of_bytes(bytes, size);
		assert_string_equal(converted, expected);
	}
	rf_autofree char *marked = rf_format("\xEF\xBB\xBF%s", plain);
	rf_autofree char *record = record_of_page(marked);
	assert_string_equal(record, expected);
}

static void references_are_characters(void **state)
{
	(void)state;
	rf_autofree char *plain = page_of("", "", "", "");
	rf_autofree char *expected = record_of_page(plain);
	rf_autofree char *record = record_of_page(
	    "<h1>Milj&ouml;n&auml;mn&shy;den &#150;&nbsp;aktuella beslut maj 2024</h1>" LEAD
	    "<h2>Nya tr&#228;d i So&#x308;der&#x200B;by</h2><p>N&#xE4;mnden godk&auml;nde planen, som g&auml;ller "
	    "fr&aring;n&#10;juni.</p>");
	assert_string_equal(record, expected);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

static enum referat_result result_of(const void *bytes, size_t size, char **reason)
{
	enum referat_result result;
	struct rf_call *call =
	    test_plugin_run(&reader, "source", "text/html", (struct referat_bytes){bytes, size}, &result);
	*reason = rf_format("%s", rf_call_reason(call));
	rf_call_free(call);
	return result;
}

static void assert_refused(const void *bytes, size_t size, enum referat_result wanted, const char *words)
{
	rf_autofree char *reason = NULL;
	assert_int_equal(result_of(bytes, size, &reason), wanted);
	assert_non_null(strstr(reason, words));
}

static void what_says_nothing_is_refused(void **state)
{
	(void)state;
	static const char empty[] = "<html><body><script>x</script></body></html>";
	static const char news[] = "<main><h1>Nyheter</h1><p>Biblioteket har nya stolar.</p></main>";
	static const char russian[] = "<meta charset=koi8-r><p>\xF0\xD2\xC9</p>";
	assert_refused("", 0, REFERAT_FAIL, "Filen är tom");
	assert_refused(empty, sizeof(empty) - 1, REFERAT_FAIL, "Filen är tom");
	assert_refused(news, sizeof(news) - 1, REFERAT_FAIL, "handlar om ett möte");
	assert_refused(russian, sizeof(russian) - 1, REFERAT_FAIL, "koi8-r");
	assert_refused("<p>\0</p>", 8, REFERAT_FAIL, "ingen textfil");
	assert_refused("\xFE\xFF\0<\0p", 6, REFERAT_FAIL, "UTF-16");
}

static void another_media_type_is_left_to_the_next_reader(void **state)
{
	(void)state;
	static const char *const types[] = {"text/markdown", "text/plain", "", "text/htmlx"};
	for (size_t i = 0; i < RF_COUNT(types); i++) {
		struct rf_call *call = rf_call_new();
		rf_call_set_value(call, "type", types[i]);
		rf_call_add_input(call, "source", types[i], test_bytes(TITLE LEAD ITEM));
		assert_int_equal(rf_call_run(call, reader.plugin, reader.descriptor->run), REFERAT_NOT_FOUND);
		rf_call_free(call);
	}
}

/* ---- any bytes -------------------------------------------------------------------------------------------------- */

/* The piece again and again, between a head and a tail. */
static void repeat(struct rf_buffer *page, const char *piece, size_t times)
{
	rf_buffer_add_text(page, TITLE);
	for (size_t i = 0; i < times; i++)
		rf_buffer_add_text(page, piece);
	rf_buffer_add_text(page, LEAD ITEM);
}

static void a_page_nested_too_deep_is_held(void **state)
{
	(void)state;
	static const char *const pieces[] = {"<div>",           "<b>",           "<ul><li>",
					     "<table><tr><td>", "<a href=x><i>", "<blockquote>"};
	enum { TIMES = 100000 };
	for (size_t i = 0; i < RF_COUNT(pieces); i++) {
		rf_autobuffer struct rf_buffer page = RF_BUFFER_INIT;
		repeat(&page, pieces[i], TIMES);
		assert_refused(page.data, page.size, REFERAT_HOLD, "för djupt nästlad");
	}
}

/* The library's time grows with the square of their number. */
static void an_element_of_a_hundred_thousand_attributes_is_held(void **state)
{
	(void)state;
	rf_autobuffer struct rf_buffer page = RF_BUFFER_INIT;
	rf_buffer_add_text(&page, TITLE "<p");
	for (size_t i = 0; i < 100000; i++)
		rf_buffer_format(&page, " a%zu=\"1\"", i);
	rf_buffer_add_text(&page, ">" LEAD ITEM);
	assert_refused(page.data, page.size, REFERAT_HOLD, "för många element");
}

static void a_long_comment_is_no_element(void **state)
{
	(void)state;
	rf_autobuffer struct rf_buffer page = RF_BUFFER_INIT;
	rf_buffer_add_text(&page, TITLE "<!-- ");
	for (size_t i = 0; i < 100000; i++)
		rf_buffer_add_text(&page, "ord ");
	rf_buffer_add_text(&page, "-->" LEAD ITEM);
	Referat__Document *document = test_read(&reader, (struct referat_bytes){(const uint8_t *)page.data, page.size});
	assert_non_null(document);
	rf_unpack_free(&document->base);
}

static void a_page_of_too_many_elements_is_held(void **state)
{
	(void)state;
	rf_autobuffer struct rf_buffer page = RF_BUFFER_INIT;
	repeat(&page, "<br>", 250000);
	assert_refused(page.data, page.size, REFERAT_HOLD, "för många element");
	rf_autobuffer struct rf_buffer paragraphs = RF_BUFFER_INIT;
	repeat(&paragraphs, "<p>a", 25000);
	assert_refused(paragraphs.data, paragraphs.size, REFERAT_HOLD, "för många stycken");
	rf_autobuffer struct rf_buffer paragraph = RF_BUFFER_INIT;
	repeat(&paragraph, "åäö ", 25000);
	assert_refused(paragraph.data, paragraph.size, REFERAT_HOLD, "för långt");
}

static void repetition_is_survived(void **state)
{
	(void)state;
	static const char *const pieces[] = {
	    "<",    "&",         "&amp",     "<!--",    "</div>",     "<p x=\"",           "<a href='#'>x</a>",
	    "<?",   "<![CDATA[", "\"",       "&#1;",    "&#x110000;", "<h2></h2>",         "<tr><td>",
	    "</p>", "<li>",      "<option>", "<frame>", "<!x>",       "<script></script>", "\t"};
	enum { SIZE = 1024 * 1024 };
	for (size_t i = 0; i < RF_COUNT(pieces); i++) {
		rf_autobuffer struct rf_buffer page = RF_BUFFER_INIT;
		repeat(&page, pieces[i], SIZE / strlen(pieces[i]) / (i ? 8 : 1));
		rf_autofree char *reason = NULL;
		if (result_of(page.data, page.size, &reason) != REFERAT_OK)
			assert_true(reason[0] != '\0');
	}
}

static void an_attribute_of_a_megabyte_is_survived(void **state)
{
	(void)state;
	enum { SIZE = 1024 * 1024 };
	static const char *const starts[] = {
	    "<p class=\"",      "<a href=\"https://x.example/", "<p x",
	    "<meta charset=\"", "<base href=\"http://",         "<!-- saved from url=(1)http://"};
	rf_autofree char *filling = rf_alloc(SIZE + 1);
	memset(filling, 'a', SIZE);
	for (size_t i = 0; i < RF_COUNT(starts); i++) {
		rf_autofree char *start = rf_format("%s%s\">x</a> -->", starts[i], filling);
		rf_autofree char *page = rf_format("%s" TITLE LEAD ITEM, start);
		rf_autofree char *reason = NULL;
		result_of(page, strlen(page), &reason);
	}
}

static void entities_are_not_expanded(void **state)
{
	(void)state;
	rf_autofree char *record = record_of_page(
	    "<!DOCTYPE html [<!ENTITY a \"Nämnden avslog.\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY f SYSTEM "
	    "\"file:///etc/hostname\">]>" TITLE LEAD ITEM "<p>&b; &f;</p>");
	assert_null(strstr(record, "REJECTED"));
}

static void a_page_that_is_cut_off_is_survived(void **state)
{
	(void)state;
	rf_autofree char *page = test_sample("sparad-sida-2024-05.html");
	size_t size = strlen(page);
	for (size_t end = 1; end < size; end += 37) {
		rf_autofree char *reason = NULL;
		rf_autofree char *part = rf_memdup(page, end);
		if (result_of(part, end, &reason) != REFERAT_OK)
			assert_true(reason[0] != '\0');
	}
}

static void no_page_brings_the_reader_down(void **state)
{
	(void)state;
	static const char *const names[] = {"sparad-sida-2024-05.html", "kommunstyrelsen-2022-05.html",
					    "tabeller-2012-03.html", "protokoll-2024-03-12.html"};
	static const char *const pieces[] = {
	    "<p>",        "</p>",      "<table>", "<tr>", "<td>", "</table>", "<li>",     "<ul>",
	    "<a href=\"", "\"",        "<!--",    "-->",  "<h2>", "<",        ">",        "&",
	    "<main>",     "<article>", "<br>",    "</a>", "\xC3", "&#150;",   "<script>", "<base href='http://a/'>"};
	enum { ROUNDS = 150 };
	struct test_mutator mutator = {.seed = 20240508, .pieces = pieces, .n_pieces = RF_COUNT(pieces)};
	for (size_t i = 0; i < RF_COUNT(names); i++)
		test_mutated(&reader, &mutator, names[i], ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_saved_page_is_its_article),
	    cmocka_unit_test(minutes_in_a_portal_are_read),
	    cmocka_unit_test(ends_that_are_left_out_are_known),
	    cmocka_unit_test(tables_that_only_lay_out_are_taken_apart),
	    cmocka_unit_test(minutes_are_read),
	    cmocka_unit_test(numbers_that_were_typed_make_a_list_of_decisions),
	    cmocka_unit_test(furniture_leaves_no_trace),
	    cmocka_unit_test(the_article_s_own_header_is_read),
	    cmocka_unit_test(a_heading_may_open_its_text),
	    cmocka_unit_test(headings_in_a_list_are_headings),
	    cmocka_unit_test(headings_that_only_group_are_no_items),
	    cmocka_unit_test(links_keep_their_address),
	    cmocka_unit_test(what_leads_nowhere_is_text),
	    cmocka_unit_test(the_bytes_tell_their_encoding),
	    cmocka_unit_test(references_are_characters),
	    cmocka_unit_test(what_says_nothing_is_refused),
	    cmocka_unit_test(another_media_type_is_left_to_the_next_reader),
	    cmocka_unit_test(a_page_nested_too_deep_is_held),
	    cmocka_unit_test(a_long_comment_is_no_element),
	    cmocka_unit_test(an_element_of_a_hundred_thousand_attributes_is_held),
	    cmocka_unit_test(a_page_of_too_many_elements_is_held),
	    cmocka_unit_test(repetition_is_survived),
	    cmocka_unit_test(an_attribute_of_a_megabyte_is_survived),
	    cmocka_unit_test(entities_are_not_expanded),
	    cmocka_unit_test(a_page_that_is_cut_off_is_survived),
	    cmocka_unit_test(no_page_brings_the_reader_down),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
