#include "tests/support/plugin.h"

#include "base/datetime.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/support/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char publisher[] =
    "{\"name\": \"Exempelby kommun\", \"short_name\": \"Exempelby\", \"time_zone\": \"Europe/Stockholm\","
    " \"language\": \"sv\", \"home\": \"https://www.exempelby.example/\","
    " \"documents\": \"https://www.exempelby.example/handlingar\","
    " \"subscribe\": \"https://www.exempelby.example/prenumerera\","
    " \"accessibility\": \"https://www.exempelby.example/tillganglighet\","
    " \"contact\": \"kommunikation@exempelby.example\","
    " \"boards\": [{\"id\": \"socialnamnden\", \"names\": [{\"name\": \"Socialnämnden\", \"to\": \"2021-12-31\"},"
    "   {\"name\": \"Arbetsmarknads- och socialnämnden\", \"from\": \"2022-01-01\"}],"
    "   \"meetings\": \"https://www.exempelby.example/moten\", \"members\": \"https://www.exempelby.example/led\"},"
    "  {\"id\": \"kommunstyrelsen\", \"names\": [{\"name\": \"Kommunstyrelsen\"}]},"
    "  {\"id\": \"byggnadsnamnden\", \"names\": [{\"name\": \"Byggnadsnämnden\"}]}]}";

void test_plugin_init(struct test_plugin *test)
{
	*test = (struct test_plugin){.clock = rf_clock_manual(0, 0)};
	test->host =
	    (struct rf_host){.language = "sv", .publisher = test_message(&referat__publisher__descriptor, publisher)};
	test_plugin_set_now(test, "2024-04-18T07:00:00Z");
}

void test_plugin_load(struct test_plugin *test, const char *name, const struct rf_plugin_setting *settings,
		      size_t n_settings)
{
	struct rf_error error = {0};
	if (test_plugin_try(test, name, settings, n_settings, &error))
		fail_msg("%s", error.text);
}

void test_plugin_unload(struct test_plugin *test)
{
	rf_plugin_unload(test->plugin);
	free((void *)test->host.publisher.data);
}

int test_plugin_try(struct test_plugin *test, const char *name, const struct rf_plugin_setting *settings,
		    size_t n_settings, struct rf_error *error)
{
	rf_autofree char *path = rf_format("%s/lib/referat/plugins/%s.so", rf_install_prefix(), name);
	test->host.clock = &test->clock;
	if (rf_plugin_load(path, &test->host, settings, n_settings, &test->plugin, error)) {
		free((void *)test->host.publisher.data);
		return -1;
	}
	test->descriptor = rf_plugin_descriptor(test->plugin);
	return 0;
}

void test_plugin_start(struct test_plugin *test, const char *name)
{
	test_plugin_init(test);
	test_plugin_load(test, name, NULL, 0);
}

void test_plugin_set_now(struct test_plugin *test, const char *now)
{
	assert_true(rf_instant_parse(now, &test->clock.wall_us));
}

struct rf_call *test_plugin_run(struct test_plugin *test, const char *part, const char *type,
				struct referat_bytes bytes, enum referat_result *result)
{
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "type",
			  test->descriptor->kind == REFERAT_READER ? test->descriptor->accepts : "text/plain");
	rf_call_add_input(call, part, type, bytes);
	*result = rf_call_run(call, test->plugin, test->descriptor->run);
	return call;
}

Referat__Document *test_read(struct test_plugin *reader, struct referat_bytes source)
{
	enum referat_result result;
	struct rf_call *call = test_plugin_run(reader, "source", reader->descriptor->accepts, source, &result);
	Referat__Document *document = NULL;
	if (result == REFERAT_OK)
		document = test_unpack(&referat__document__descriptor, test_output(call, "document"));
	rf_call_free(call);
	return document;
}

/* Calls `run` with a packed document; it is to give that result. */
static struct rf_call *run_on_document(struct test_plugin *test, struct referat_bytes packed,
				       enum referat_result wanted)
{
	enum referat_result result;
	struct rf_call *call = test_plugin_run(test, "document", "referat.document/1", packed, &result);
	assert_int_equal(result, wanted);
	return call;
}

Referat__Findings *test_check(struct test_plugin *check, const Referat__Document *document)
{
	struct referat_bytes packed = test_pack(&document->base);
	struct rf_call *call = run_on_document(check, packed, REFERAT_OK);
	struct referat_bytes findings = rf_call_findings(call);
	Referat__Findings *message = findings.data ? test_unpack(&referat__findings__descriptor, findings) : NULL;
	rf_call_free(call);
	free((void *)packed.data);
	return message;
}

Referat__Summary *test_summarise(struct test_plugin *summariser, const Referat__Document *document,
				 enum referat_result wanted)
{
	struct referat_bytes packed = test_pack(&document->base);
	struct rf_call *call = run_on_document(summariser, packed, wanted);
	if (wanted == REFERAT_HOLD)
		assert_non_null(strstr(rf_call_reason(call), "Sammanfattningen"));
	Referat__Summary *summary = test_unpack(&referat__summary__descriptor, test_output(call, "summary"));
	rf_call_free(call);
	free((void *)packed.data);
	return summary;
}

char *test_write(struct test_plugin *writer, const Referat__Document *document)
{
	struct referat_bytes packed = test_pack(&document->base);
	struct rf_call *call = run_on_document(writer, packed, REFERAT_OK);
	struct referat_bytes text = test_output(call, "rendition/text");
	char *own = rf_format("%.*s", (int)text.size, (const char *)text.data);
	rf_call_free(call);
	free((void *)packed.data);
	return own;
}
