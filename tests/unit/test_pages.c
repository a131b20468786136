/* What residents read of each sample: the page between its head and its foot, and the mail as text. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/golden.h"
#include "tests/support/parts.h"
#include "tests/support/plugin.h"
#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_plugin reader, summariser, page_writer, mail_writer;

static int set_up(void **state)
{
	(void)state;
	const struct rf_plugin_setting trust = {"approve", "never", false};
	test_plugin_start(&reader, "reader.text");
	test_plugin_init(&summariser);
	test_plugin_load(&summariser, "summariser.decisions", &trust, 1);
	test_plugin_start(&page_writer, "writer.html");
	test_plugin_start(&mail_writer, "writer.mail");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_plugin_unload(&reader);
	test_plugin_unload(&summariser);
	test_plugin_unload(&page_writer);
	test_plugin_unload(&mail_writer);
	return 0;
}

static struct rf_call *write_with(struct test_plugin *writer, struct referat_bytes document,
				  struct referat_bytes summary)
{
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "id", "abcdefghijkl");
	rf_call_add_input(call, "document", "referat.document/1", document);
	rf_call_add_input(call, "summary", "referat.summary/1", summary);
	assert_int_equal(rf_call_run(call, writer->plugin, writer->descriptor->run), REFERAT_OK);
	return call;
}

static void check_page(const char *name, struct referat_bytes document, struct referat_bytes summary)
{
	struct rf_call *call = write_with(&page_writer, document, summary);
	struct referat_bytes page = test_output(call, "rendition/page");
	rf_autofree char *html = rf_format("%.*s", (int)page.size, (const char *)page.data);
	const char *from = strstr(html, "<h1>");
	const char *to = strstr(html, "</article>");
	assert_non_null(from);
	assert_non_null(to);
	rf_autofree char *file = rf_format("%s.page", name);
	test_golden(file, from, (size_t)(to - from));
	rf_call_free(call);
}

static void check_mail(const char *name, struct referat_bytes document, struct referat_bytes summary)
{
	struct rf_call *call = write_with(&mail_writer, document, summary);
	struct referat_bytes mail = test_output(call, "rendition/mail-text");
	rf_autofree char *file = rf_format("%s.mail", name);
	test_golden(file, mail.data, mail.size);
	rf_call_free(call);
}

static void every_sample_makes_a_page_and_a_mail_that_a_person_has_read(void **state)
{
	(void)state;
	static const char *const names[] = {
	    "arenden-2017-12-06",         "bakgrund-2024-02",      "bibehallna-ord-2020-03",
	    "bildtexter-2023-05-31",      "extra-2022-11",         "byggnadsnamnden-2023-03-07",
	    "kommunstyrelsen-2022-05",    "olika-manader-2023-09", "radbruten-2021-09",
	    "rattelse-2024-04",           "utan-namnd-2018-12",    "skiftande-2022-06",
	    "namnden-i-full-form-2024-04"};
	for (size_t i = 0; i < RF_COUNT(names); i++) {
		rf_autofree char *file = rf_format("%s.txt", names[i]);
		rf_autofree char *source = test_sample(file);
		Referat__Document *document = test_read(&reader, test_bytes(source));
		assert_non_null(document);
		Referat__Summary *summary = test_summarise(&summariser, document, REFERAT_OK);
		struct referat_bytes packed_document = test_pack(&document->base);
		struct referat_bytes packed_summary = test_pack(&summary->base);
		check_page(names[i], packed_document, packed_summary);
		check_mail(names[i], packed_document, packed_summary);
		free((void *)packed_document.data);
		free((void *)packed_summary.data);
		rf_unpack_free(&summary->base);
		rf_unpack_free(&document->base);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_sample_makes_a_page_and_a_mail_that_a_person_has_read),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
