#include "tests/support/parts.h"

#include "base/error.h"
#include "document/unpack.h"

#include <json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct referat_bytes test_bytes(const char *text)
{
	return (struct referat_bytes){(const uint8_t *)text, strlen(text)};
}

struct referat_bytes test_pack(const ProtobufCMessage *message)
{
	uint8_t *data = NULL;
	size_t size = rf_pack(message, &data);
	return (struct referat_bytes){data, size};
}

struct referat_bytes test_message(const ProtobufCMessageDescriptor *type, const char *json)
{
	struct rf_error error = {0};
	ProtobufCMessage *message = NULL;
	struct json_object *object = json_tokener_parse(json);
	if (!object || rf_json_to_message(type, object, &message, &error))
		fail_msg("%s: %s", type->name, object ? error.text : "no JSON");
	json_object_put(object);
	struct referat_bytes bytes = test_pack(message);
	rf_unpack_free(message);
	return bytes;
}

void *test_unpack(const ProtobufCMessageDescriptor *type, struct referat_bytes bytes)
{
	struct rf_error error = {0};
	ProtobufCMessage *message = NULL;
	if (rf_unpack(type, bytes.data, bytes.size, &message, &error))
		fail_msg("%s", error.text);
	return message;
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
