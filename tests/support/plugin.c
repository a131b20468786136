#include "tests/support/plugin.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"

#include <json.h>
#include <referat/document.pb-c.h>
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
    "  {\"id\": \"kommunstyrelsen\", \"names\": [{\"name\": \"Kommunstyrelsen\"}]}]}";

void test_plugin_init(struct test_plugin *test)
{
	*test = (struct test_plugin){.clock = rf_clock_manual(INT64_C(1713423600000000), 0)};
	test->host =
	    (struct rf_host){.language = "sv", .publisher = test_message(&referat__publisher__descriptor, publisher)};
}

void test_plugin_load(struct test_plugin *test, const char *name, const struct rf_plugin_setting *settings,
		      size_t n_settings)
{
	struct rf_error error = {{0}};
	rf_autofree char *path = rf_format("%s/lib/referat/plugins/%s.so", rf_install_prefix(), name);
	test->host.clock = &test->clock;
	if (rf_plugin_load(path, &test->host, settings, n_settings, &test->plugin, &error))
		fail_msg("%s", error.text);
	test->descriptor = rf_plugin_descriptor(test->plugin);
}

void test_plugin_unload(struct test_plugin *test)
{
	rf_plugin_unload(test->plugin);
	free((void *)test->host.publisher.data);
}

struct referat_bytes test_message(const ProtobufCMessageDescriptor *type, const char *json)
{
	struct rf_error error = {{0}};
	ProtobufCMessage *message = NULL;
	struct json_object *object = json_tokener_parse(json);
	if (!object || rf_json_to_message(type, object, &message, &error))
		fail_msg("%s: %s", type->name, object ? error.text : "no JSON");
	json_object_put(object);
	uint8_t *data = NULL;
	size_t size = rf_pack(message, &data);
	rf_unpack_free(message);
	return (struct referat_bytes){data, size};
}

struct referat_bytes test_output(const struct rf_call *call, const char *name)
{
	const struct rf_part_view *parts = NULL;
	size_t n = rf_call_outputs(call, &parts);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(parts[i].name, name))
			return parts[i].bytes;
	fail_msg("there is no %s", name);
	return (struct referat_bytes){0};
}

void test_golden(const char *name, const void *data, size_t size)
{
	struct rf_error error = {{0}};
	rf_autofree char *path = rf_format("tests/unit/golden/%s", name);
	rf_autofree char *expected = NULL;
	size_t expected_size = 0;
	if (getenv("REFERAT_UPDATE_GOLDEN")) {
		if (rf_file_write(path, data, size, false, &error))
			fail_msg("%s", error.text);
		return;
	}
	if (rf_file_read(path, 16 * 1024 * 1024, &expected, &expected_size, &error))
		fail_msg("%s is missing or can't be read: run with REFERAT_UPDATE_GOLDEN=1 and look at it", path);
	size_t at = 0;
	while (at < size && at < expected_size && expected[at] == ((const char *)data)[at])
		at++;
	if (at == size && at == expected_size)
		return;
	size_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += expected[i] == '\n';
	fail_msg("%s:%zu differs: expected \"%.60s\", got \"%.60s\"", path, line, expected + at,
		 at < size ? (const char *)data + at : "");
}
