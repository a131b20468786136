#include "plugin/part_json.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "document/unpack.h"
#include "plugin/base64.h"

#include <referat/document.pb-c.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Parts that have a JSON mapping. */
static const struct {
	const char *type;
	const ProtobufCMessageDescriptor *descriptor;
} mapped[] = {{"referat.document/1", &referat__document__descriptor},
	      {"referat.findings/1", &referat__findings__descriptor},
	      {"referat.summary/1", &referat__summary__descriptor},
	      {"referat.card/1", &referat__card__descriptor},
	      {"referat.publication/1", &referat__publication__descriptor},
	      {"referat.publisher/1", &referat__publisher__descriptor}};

static const ProtobufCMessageDescriptor *descriptor_of(const char *type)
{
	for (size_t i = 0; i < RF_COUNT(mapped); i++)
		if (!strcmp(mapped[i].type, type))
			return mapped[i].descriptor;
	return NULL;
}

struct json_object *rf_part_to_json(const char *type, struct referat_bytes bytes)
{
	struct json_object *part = json_object_new_object();
	json_object_object_add(part, "type", json_object_new_string(type));
	const ProtobufCMessageDescriptor *descriptor = descriptor_of(type);
	ProtobufCMessage *message = NULL;
	if (descriptor && !rf_unpack(descriptor, bytes.data, bytes.size, &message, NULL)) {
		json_object_object_add(part, "json", rf_json_from_message(message));
		rf_unpack_free(message);
	} else if (!strncasecmp(type, "text/", 5) && rf_text_is_utf8((const char *)bytes.data, bytes.size)) {
		json_object_object_add(part, "text",
				       json_object_new_string_len((const char *)bytes.data, (int)bytes.size));
	} else {
		rf_autofree char *text = rf_base64_encode(bytes.data, bytes.size);
		json_object_object_add(part, "base64", json_object_new_string(text));
	}
	return part;
}

static int from_mapping(struct rf_arena *arena, struct json_object *json, const char *type, struct referat_bytes *bytes,
			struct rf_error *error)
{
	const ProtobufCMessageDescriptor *descriptor = descriptor_of(type);
	ProtobufCMessage *message = NULL;
	if (!descriptor)
		return rf_error_set(error, "type '%s' has no JSON mapping; give text or base64", type);
	if (rf_json_to_message(descriptor, json, &message, error))
		return -1;
	uint8_t *packed = NULL;
	size_t size = rf_pack(message, &packed);
	rf_unpack_free(message);
	*bytes = (struct referat_bytes){(uint8_t *)rf_arena_copy(arena, packed, size), size};
	free(packed);
	return 0;
}

static int from_base64(struct rf_arena *arena, const char *text, struct referat_bytes *bytes, struct rf_error *error)
{
	size_t size = 0;
	rf_autofree uint8_t *data = rf_base64_decode(text, &size);
	if (!data)
		return rf_error_set(error, "'base64' is not base64");
	*bytes = (struct referat_bytes){(uint8_t *)rf_arena_copy(arena, data, size), size};
	return 0;
}

int rf_content_from_json(struct rf_arena *arena, struct json_object *json, const char *type,
			 struct referat_bytes *bytes, struct rf_error *error)
{
	struct json_object *mapping = json_object_object_get(json, "json");
	struct json_object *text = json_object_object_get(json, "text");
	struct json_object *base64 = json_object_object_get(json, "base64");
	if (mapping)
		return from_mapping(arena, mapping, type, bytes, error);
	if (json_object_is_type(base64, json_type_string))
		return from_base64(arena, json_object_get_string(base64), bytes, error);
	if (!json_object_is_type(text, json_type_string))
		return rf_error_set(error, "expected one of json, text and base64");
	size_t size = (size_t)json_object_get_string_len(text);
	*bytes = (struct referat_bytes){(uint8_t *)rf_arena_copy(arena, json_object_get_string(text), size), size};
	return 0;
}

int rf_part_from_json(struct rf_arena *arena, struct json_object *json, const char **type, struct referat_bytes *bytes,
		      struct rf_error *error)
{
	struct json_object *name = json_object_object_get(json, "type");
	if (!json_object_is_type(name, json_type_string))
		return rf_error_set(error, "it has no type");
	const char *copy = rf_arena_text(arena, json_object_get_string(name));
	if (rf_content_from_json(arena, json, copy, bytes, error))
		return -1;
	*type = copy;
	return 0;
}
