/* writer.html and writer.mail: golden pages and mails; hostile text stays text. */
#include "base/memory.h"
#include "tests/support/golden.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"

#include <referat/document.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char april[] =
    "{\"kind\": \"SUMMARY\", \"language\": \"sv\","
    " \"title\": \"Arbetsmarknads- och socialnämnden – aktuella beslut april 2024\","
    " \"board\": {\"id\": \"socialnamnden\", \"name\": \"Arbetsmarknads- och socialnämnden\"},"
    " \"meeting\": {\"day\": {\"date\": \"2024-04-17\", \"sureness\": \"DERIVED\"}},"
    " \"lead\": [{\"kind\": \"PARAGRAPH\", \"text\": \"Kvalitet och boende stod på dagordningen.\"}],"
    " \"items\": ["
    "  {\"heading\": \"Statistiken antas\", \"blocks\": ["
    "    {\"kind\": \"PARAGRAPH\", \"text\": \"Nämnden beslutade att anta statistiken. Viktiga iakttagelser är:\"},"
    "    {\"kind\": \"LIST_ITEM\", \"level\": 1, \"text\": \"Fler ansökningar.\"},"
    "    {\"kind\": \"LIST_ITEM\", \"level\": 2, \"text\": \"Mest från unga.\"},"
    "    {\"kind\": \"LIST_ITEM\", \"level\": 1, \"text\": \"Färre insatser.\"},"
    "    {\"kind\": \"NUMBERED_ITEM\", \"level\": 1, \"text\": \"Först detta.\"},"
    "    {\"kind\": \"SUBHEADING\", \"level\": 1, \"text\": \"Beslut\"}],"
    "   \"decisions\": [{\"text\": \"Nämnden beslutade att anta statistiken.\", \"outcome\": \"ADOPTED\","
    "     \"place\": {\"block\": 0, \"start\": 0, \"end\": 40}}]},"
    "  {\"heading\": \"Nytt boende upphandlas\", \"number\": \"§ 54\", \"case_number\": \"SN 2024/14\", \"blocks\": ["
    "    {\"kind\": \"PARAGRAPH\", \"text\": \"Läs avtalet på webben.\","
    "     \"spans\": [{\"kind\": \"LINK\", \"start\": 5, \"end\": 12, \"href\": \"https://exempelby.example/a?b&c\"}]},"
    "    {\"kind\": \"SUBHEADING\", \"level\": 1, \"text\": \"Kostnad\"},"
    "    {\"kind\": \"TABLE_ROW\", \"text\": \"År\\tKronor\"}, {\"kind\": \"TABLE_ROW\", \"text\": \"2024\\t12\"},"
    "    {\"kind\": \"QUOTE\", \"text\": \"Det behövs.\"},"
    "    {\"kind\": \"PARAGRAPH\", \"text\": \"Förvaltningen föreslår det. Nämnden beslutade enligt förslaget.\"}],"
    "   \"decisions\": [{\"text\": \"Nämnden beslutade enligt förslaget.\", \"outcome\": \"APPROVED\","
    "     \"by_reference\": true, \"resolved_text\": \"Förvaltningen föreslår att driften upphandlas.\","
    "     \"place\": {\"block\": 5, \"start\": 31, \"end\": 68}}]}],"
    " \"notices\": [{\"role\": \"MINUTES_DELAY\", \"blocks\": [{\"kind\": \"PARAGRAPH\","
    "   \"text\": \"Det kan dröja upp till två veckor innan protokollet publiceras.\"}]},"
    "  {\"role\": \"DOCUMENTS\", \"blocks\": [{\"kind\": \"LINK_LINE\", \"text\": \"Här hittar du alla "
    "handlingar\"}]}]}";

static const char summary[] =
    "{\"short_text\": \"Nämnden antog statistiken och upphandlar ett nytt boende.\", \"items\": ["
    " {\"item\": 0, \"outcomes\": [\"ADOPTED\"], \"sentences\": [{\"text\": \"Statistiken antas.\"}]},"
    " {\"item\": 1, \"outcomes\": [\"APPROVED\"], \"sentences\": [{\"text\": \"Driften av boendet upphandlas.\"}]}]}";

/* Everything a document can say, said with malice. */
static const char hostile[] =
    "{\"kind\": \"SUMMARY\", \"title\": \"<script>alert(\\\"1\\\")</script> & ]]> {{url}} '\","
    " \"board\": {\"name\": \"../../<b>\\\"Nämnden\\\"\"},"
    " \"meeting\": {\"day\": {\"date\": \"2024-13-99\\\"><script>\"}, \"location\": \"<img src=x onerror=y>\"},"
    " \"lead\": [{\"kind\": \"PARAGRAPH\", \"text\": \"a<b>c</b>\"}],"
    " \"items\": [{\"heading\": \"</h2><script>\", \"number\": \"<i>\", \"case_number\": \"\\\"<u>\", \"blocks\": ["
    "  {\"kind\": \"PARAGRAPH\", \"text\": \"åäö <a>\", \"spans\": ["
    "   {\"kind\": \"LINK\", \"start\": 1, \"end\": 4, \"href\": \"javascript:alert(1)\"},"
    "   {\"kind\": \"LINK\", \"start\": 4, \"end\": 4000000000, \"href\": \"https://x/\\\" onclick=\\\"y\"},"
    "   {\"kind\": \"STRONG\", \"start\": 9, \"end\": 2}]},"
    "  {\"kind\": \"LIST_ITEM\", \"level\": 4000000, \"text\": \"<li>\"}, {\"kind\": \"TABLE_ROW\", \"text\": "
    "\"<td>\"}],"
    "  \"decisions\": [{\"text\": \"<script>\", \"outcome\": \"OTHER\","
    "   \"place\": {\"block\": 77, \"start\": 5, \"end\": 1}}]}, {}],"
    " \"correction\": {\"note\": \"<script>\"}}";

/* Runs the writer over the document; the call is the caller's. */
static struct rf_call *write_with(const char *name, const char *json, const char *summary_json)
{
	struct test_plugin test;
	struct referat_bytes document = test_message(&referat__document__descriptor, json);
	struct referat_bytes short_form = {0};
	test_plugin_init(&test);
	test_plugin_load(&test, name, NULL, 0);
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "id", "abcdefghijkl");
	rf_call_set_value(call, "revision", "1");
	rf_call_set_value(call, "received", "2024-04-18T07:00:00Z");
	rf_call_set_value(call, "updated", "2024-04-19T07:00:00Z");
	rf_call_add_input(call, "document", "referat.document/1", document);
	if (summary_json) {
		short_form = test_message(&referat__summary__descriptor, summary_json);
		rf_call_add_input(call, "summary", "referat.summary/1", short_form);
	}
	enum referat_result result = rf_call_run(call, test.plugin, test.descriptor->run);
	if (result != REFERAT_OK)
		fail_msg("%s", rf_call_reason(call));
	test_plugin_unload(&test);
	free((void *)document.data);
	free((void *)short_form.data);
	return call;
}

static void assert_golden(const struct rf_call *call, const char *part, const char *name)
{
	struct referat_bytes bytes = test_output(call, part);
	test_golden(name, bytes.data, bytes.size);
}

static void a_page_is_as_agreed(void **state)
{
	(void)state;
	struct rf_call *call = write_with("writer.html", april, summary);
	assert_golden(call, "rendition/page", "page.html");
	rf_call_free(call);
}

static void a_card_says_what_lists_need(void **state)
{
	(void)state;
	struct rf_call *call = write_with("writer.html", april, summary);
	struct referat_bytes packed = test_output(call, "card");
	Referat__Card *card = referat__card__unpack(NULL, packed.size, packed.data);
	assert_non_null(card);
	assert_string_equal(card->path, "2024/arbetsmarknads-och-socialnamnden-2024-04-17/");
	assert_string_equal(card->day, "2024-04-17");
	assert_string_equal(card->document, "abcdefghijkl");
	assert_string_equal(card->received, "2024-04-18T07:00:00Z");
	assert_string_equal(card->updated, "2024-04-19T07:00:00Z");
	assert_string_equal(card->short_text, "Nämnden antog statistiken och upphandlar ett nytt boende.");
	assert_int_equal(card->n_outcomes, 2);
	assert_int_equal(card->outcomes[0], REFERAT__OUTCOME__APPROVED);
	assert_int_equal(card->n_headings, 2);
	referat__card__free_unpacked(card, NULL);
	rf_call_free(call);
}

static void a_mail_is_as_agreed(void **state)
{
	(void)state;
	struct rf_call *call = write_with("writer.mail", april, summary);
	assert_golden(call, "rendition/mail-text", "mail.txt");
	assert_golden(call, "rendition/mail-html", "mail.html");
	const char *const *names = NULL;
	const char *const *values = NULL;
	assert_int_equal(rf_call_attributes(call, &names, &values), 1);
	assert_string_equal(names[0], "mail_subject");
	assert_string_equal(values[0], "Arbetsmarknads- och socialnämnden – aktuella beslut april 2024");
	rf_call_free(call);
}

static void assert_harmless(const struct rf_call *call, const char *part, bool may_have_script)
{
	struct referat_bytes bytes = test_output(call, part);
	const char *text = (const char *)bytes.data;
	const char *script = strstr(text, "<script>");
	assert_true(!script || (may_have_script && !strstr(script + 1, "<script>")));
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "javascript:"));
	assert_null(strstr(text, "onclick=\"y"));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "<u>"));
}

static void hostile_text_stays_text(void **state)
{
	(void)state;
	struct rf_call *page = write_with("writer.html", hostile, NULL);
	assert_harmless(page, "rendition/page", true);
	rf_call_free(page);
	struct rf_call *mail = write_with("writer.mail", hostile, NULL);
	assert_harmless(mail, "rendition/mail-html", false);
	rf_call_free(mail);
}

static void half_a_year_later_is_a_day_that_there_is(void **state)
{
	(void)state;
	struct rf_call *call = write_with("writer.html", "{\"meeting\": {\"day\": {\"date\": \"2023-08-31\"}}}", NULL);
	const char *page = (const char *)test_output(call, "rendition/page").data;
	assert_non_null(strstr(page, "data-from=\"2024-02-29\""));
	assert_non_null(strstr(page, "<h1>Okänd nämnd – aktuella beslut 31 augusti 2023</h1>"));
	rf_call_free(call);
}

static void what_names_no_meeting_has_the_documents_id_in_its_path(void **state)
{
	(void)state;
	struct rf_call *call = write_with("writer.html", hostile, NULL);
	struct referat_bytes packed = test_output(call, "card");
	Referat__Card *card = referat__card__unpack(NULL, packed.size, packed.data);
	assert_non_null(card);
	assert_string_equal(card->path, "odaterat/b-namnden-abcdefghijkl/");
	assert_null(card->day);
	referat__card__free_unpacked(card, NULL);
	rf_call_free(call);
}

static void a_meeting_has_one_path_whichever_paragraphs_its_minutes_have(void **state)
{
	(void)state;
	const char *minutes = "{\"kind\": \"MINUTES\", \"board\": {\"id\": \"ks\", \"name\": \"Kommunstyrelsen\"},"
			      " \"meeting\": {\"day\": {\"date\": \"2024-05-08\"}, \"sequence\": 2}}";
	struct test_plugin test;
	struct referat_bytes document = test_message(&referat__document__descriptor, minutes);
	test_plugin_init(&test);
	test_plugin_load(&test, "writer.html", NULL, 0);
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "paragraphs", "20-22");
	rf_call_add_input(call, "document", "referat.document/1", document);
	assert_int_equal(rf_call_run(call, test.plugin, test.descriptor->run), REFERAT_OK);
	struct referat_bytes packed = test_output(call, "card");
	Referat__Card *card = referat__card__unpack(NULL, packed.size, packed.data);
	assert_string_equal(card->path, "2024/kommunstyrelsen-2024-05-08-protokoll-2/");
	referat__card__free_unpacked(card, NULL);
	rf_call_free(call);
	test_plugin_unload(&test);
	free((void *)document.data);
}

static void a_page_without_links_at_its_foot_has_no_empty_list(void **state)
{
	(void)state;
	struct test_plugin test;
	struct referat_bytes document = test_message(&referat__document__descriptor, "{\"title\": \"Nämnden\"}");
	test_plugin_init(&test);
	free((void *)test.host.publisher.data);
	test.host.publisher = test_message(&referat__publisher__descriptor, "{\"name\": \"Exempelby kommun\"}");
	test_plugin_load(&test, "writer.html", NULL, 0);
	enum referat_result result;
	struct rf_call *call = test_plugin_run(&test, "document", "referat.document/1", document, &result);
	assert_int_equal(result, REFERAT_OK);
	struct referat_bytes page = test_output(call, "rendition/page");
	assert_null(memmem(page.data, page.size, "<ul>", 4));
	rf_call_free(call);
	test_plugin_unload(&test);
	free((void *)document.data);
}

static void a_page_that_stands_alone_has_its_style_and_leads_to_no_list(void **state)
{
	(void)state;
	static const struct rf_plugin_setting alone = {"alone", "true", false};
	struct test_plugin test;
	struct referat_bytes document = test_message(&referat__document__descriptor, april);
	enum referat_result result;
	test_plugin_init(&test);
	test_plugin_load(&test, "writer.html", &alone, 1);
	struct rf_call *call = test_plugin_run(&test, "document", "referat.document/1", document, &result);
	assert_int_equal(result, REFERAT_OK);
	struct referat_bytes bytes = test_output(call, "rendition/page");
	rf_autofree char *page = rf_format("%.*s", (int)bytes.size, (const char *)bytes.data);
	assert_non_null(strstr(page, "<style>"));
	assert_non_null(strstr(page, ".skip:focus"));
	assert_null(strstr(page, "../"));
	rf_call_free(call);
	test_plugin_unload(&test);
	free((void *)document.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_page_is_as_agreed),
	    cmocka_unit_test(a_page_that_stands_alone_has_its_style_and_leads_to_no_list),
	    cmocka_unit_test(a_card_says_what_lists_need),
	    cmocka_unit_test(a_mail_is_as_agreed),
	    cmocka_unit_test(hostile_text_stays_text),
	    cmocka_unit_test(half_a_year_later_is_a_day_that_there_is),
	    cmocka_unit_test(what_names_no_meeting_has_the_documents_id_in_its_path),
	    cmocka_unit_test(a_meeting_has_one_path_whichever_paragraphs_its_minutes_have),
	    cmocka_unit_test(a_page_without_links_at_its_foot_has_no_empty_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
