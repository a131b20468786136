#include "tests/support/driver.h"

#include "base/datetime.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "document/unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_SAMPLE = 16 * 1024 * 1024 };

void driver_start(struct driver *driver, const char *name, const char *now, const struct rf_plugin_setting *settings,
		  size_t n_settings, struct referat_bytes publisher)
{
	int64_t now_us = 0;
	assert_true(rf_instant_parse(now, &now_us));
	driver->clock = rf_clock_fixed(now_us);
	driver->host = (struct rf_host){.clock = &driver->clock, .language = "sv", .publisher = publisher};
	rf_autofree char *path = rf_format("%s/lib/referat/plugins/%s.so", rf_install_prefix(), name);
	struct rf_error error = {0};
	if (rf_plugin_load(path, &driver->host, settings, n_settings, &driver->plugin, &error))
		fail_msg("%s", error.text);
}

void driver_stop(struct driver *driver)
{
	rf_plugin_unload(driver->plugin);
}

void driver_set_now(struct driver *driver, const char *now)
{
	int64_t now_us = 0;
	assert_true(rf_instant_parse(now, &now_us));
	driver->clock = rf_clock_fixed(now_us);
}

struct rf_call *driver_run(struct driver *driver, const char *part, const char *type, struct referat_bytes bytes,
			   enum referat_result *result)
{
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "type", "text/plain");
	rf_call_add_input(call, part, type, bytes);
	*result = rf_call_run(call, driver->plugin, rf_plugin_descriptor(driver->plugin)->run);
	return call;
}

struct referat_bytes text_bytes(const char *text)
{
	return (struct referat_bytes){(const uint8_t *)text, strlen(text)};
}

struct referat_bytes call_output(const struct rf_call *call, const char *name)
{
	const struct rf_part_view *parts;
	size_t n = rf_call_outputs(call, &parts);
	for (size_t i = 0; i < n; i++)
		if (strcmp(parts[i].name, name) == 0)
			return parts[i].bytes;
	return (struct referat_bytes){0};
}

void *unpack(const ProtobufCMessageDescriptor *type, struct referat_bytes bytes)
{
	ProtobufCMessage *message = NULL;
	struct rf_error error = {0};
	assert_non_null(bytes.data);
	if (rf_unpack(type, bytes.data, bytes.size, &message, &error))
		fail_msg("%s", error.text);
	return message;
}

/* Reads a whole text with reader.text; NULL when it was refused. */
Referat__Document *read_document(struct driver *reader, struct referat_bytes source)
{
	enum referat_result result;
	struct rf_call *call = driver_run(reader, "source", "text/plain", source, &result);
	Referat__Document *document = NULL;
	if (result == REFERAT_OK)
		document = unpack(&referat__document__descriptor, call_output(call, "document"));
	rf_call_free(call);
	return document;
}

struct referat_bytes pack_bytes(const ProtobufCMessage *message)
{
	uint8_t *data;
	size_t size = rf_pack(message, &data);
	return (struct referat_bytes){data, size};
}

char *read_sample(const char *folder, const char *name)
{
	rf_autofree char *path = rf_format("%s/%s", folder, name);
	char *data = NULL;
	size_t size = 0;
	struct rf_error error = {0};
	if (rf_file_read(path, MOST_SAMPLE, &data, &size, &error))
		fail_msg("%s: %s", path, error.text);
	return data;
}

char *write_document(struct driver *writer, const Referat__Document *document)
{
	struct referat_bytes packed = pack_bytes(&document->base);
	enum referat_result result;
	struct rf_call *call = driver_run(writer, "document", "referat.document/1", packed, &result);
	assert_int_equal(result, REFERAT_OK);
	struct referat_bytes text = call_output(call, "rendition/text");
	assert_non_null(text.data);
	char *own = rf_format("%.*s", (int)text.size, (const char *)text.data);
	rf_call_free(call);
	free((void *)packed.data);
	return own;
}
