/* The JSON mapping, made from the descriptors alone, so that it knows every message there is and will be.
 *
 * A field in memory (protobuf-c): repeated fields have a count at quantifier_offset and an array at offset; optional
 * numbers and bytes have a flag at quantifier_offset; optional texts and messages are NULL when absent. */
#include "document/unpack.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <json.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef const ProtobufCFieldDescriptor *field_type;

static size_t value_size(field_type field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM:
		return sizeof(int);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	default:
		return 4;
	}
}

/* ---- message to JSON ------------------------------------------------------------------------------------------- */

static struct json_object *json_from_bytes(const ProtobufCBinaryData *bytes)
{
	rf_autofree char *text = rf_alloc(bytes->len / 3 * 4 + 5);
	int length = EVP_EncodeBlock((unsigned char *)text, bytes->data, (int)bytes->len);
	return json_object_new_string_len(text, length);
}

static struct json_object *json_from_enum(const ProtobufCEnumDescriptor *type, int number)
{
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
	/* A number that this build has no name for comes from a newer one. */
	return value ? json_object_new_string(value->name) : json_object_new_int(number);
}

static struct json_object *json_from_value(field_type field, const void *value)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_BOOL:
		return json_object_new_boolean(*(const protobuf_c_boolean *)value);
	case PROTOBUF_C_TYPE_ENUM:
		return json_from_enum(field->descriptor, *(const int *)value);
	case PROTOBUF_C_TYPE_STRING:
		return json_object_new_string(*(char *const *)value);
	case PROTOBUF_C_TYPE_MESSAGE:
		return rf_json_from_message(*(ProtobufCMessage *const *)value);
	case PROTOBUF_C_TYPE_BYTES:
		return json_from_bytes(value);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return json_object_new_int64(*(const int64_t *)value);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return json_object_new_uint64(*(const uint64_t *)value);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return json_object_new_uint64(*(const uint32_t *)value);
	case PROTOBUF_C_TYPE_FLOAT:
		return json_object_new_double(*(const float *)value);
	case PROTOBUF_C_TYPE_DOUBLE:
		return json_object_new_double(*(const double *)value);
	default:
		return json_object_new_int64(*(const int32_t *)value);
	}
}

static struct json_object *json_from_list(field_type field, const void *list, size_t n)
{
	struct json_object *array = json_object_new_array_ext((int)n);
	for (size_t i = 0; i < n; i++)
		json_object_array_add(array, json_from_value(field, (const char *)list + i * value_size(field)));
	return array;
}

static bool is_present(const ProtobufCMessage *message, field_type field)
{
	const char *base = (const char *)message;
	if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE)
		return *(void *const *)(base + field->offset) != NULL;
	return *(const protobuf_c_boolean *)(base + field->quantifier_offset);
}

struct json_object *rf_json_from_message(const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *type = message->descriptor;
	struct json_object *json = json_object_new_object();
	for (unsigned i = 0; i < type->n_fields; i++) {
		field_type field = &type->fields[i];
		const char *place = (const char *)message + field->offset;
		if (field->label == PROTOBUF_C_LABEL_REPEATED) {
			size_t n = *(const size_t *)((const char *)message + field->quantifier_offset);
			if (n)
				json_object_object_add(json, field->name,
						       json_from_list(field, *(void *const *)place, n));
		} else if (is_present(message, field)) {
			json_object_object_add(json, field->name, json_from_value(field, place));
		}
	}
	return json;
}

/* ---- JSON to message ------------------------------------------------------------------------------------------- */

/* Where a value stands, for the person who wrote it: "items[2].heading". */
struct place {
	const struct place *above;
	const char *name;
	size_t index; /* SIZE_MAX: not in a list */
};

static void place_write(const struct place *place, struct rf_buffer *text)
{
	if (place->above && place->above->name) {
		place_write(place->above, text);
		rf_buffer_add_char(text, '.');
	}
	rf_buffer_add_text(text, place->name);
	if (place->index != SIZE_MAX)
		rf_buffer_format(text, "[%zu]", place->index);
}

static int wrong(const struct place *place, const char *expected, struct rf_error *error)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	place_write(place, &text);
	return rf_error_set(error, "%s: expected %s", text.data, expected);
}

static int message_from_json(const ProtobufCMessageDescriptor *type, struct json_object *json,
			     const struct place *place, ProtobufCMessage **message, struct rf_error *error);

static int integer_from_json(struct json_object *json, int64_t least, uint64_t most, const struct place *place,
			     uint64_t *number, struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_int))
		return wrong(place, "a whole number", error);
	int64_t as_signed = json_object_get_int64(json); /* cut at the ends of its range, as the next */
	uint64_t as_unsigned = json_object_get_uint64(json);
	if (as_signed < least || (as_signed >= 0 && as_unsigned > most))
		return wrong(place, "a number that fits the field", error);
	*number = as_signed < 0 ? (uint64_t)as_signed : as_unsigned;
	return 0;
}

static int text_from_json(struct json_object *json, const struct place *place, char **text, struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_string))
		return wrong(place, "a text", error);
	const char *string = json_object_get_string(json);
	size_t length = (size_t)json_object_get_string_len(json);
	if (!rf_text_is_utf8(string, length))
		return wrong(place, "UTF-8 text without NUL", error);
	*text = rf_strndup(string, length);
	return 0;
}

/* A number is read where json_from_enum writes one: where there is no name for it. */
static int enum_from_json(const ProtobufCEnumDescriptor *type, struct json_object *json, const struct place *place,
			  int *number, struct rf_error *error)
{
	uint64_t bare;
	if (json_object_is_type(json, json_type_int) &&
	    integer_from_json(json, INT32_MIN, INT32_MAX, place, &bare, NULL) == 0 &&
	    !protobuf_c_enum_descriptor_get_value(type, (int)(int64_t)bare)) {
		*number = (int)(int64_t)bare;
		return 0;
	}
	if (!json_object_is_type(json, json_type_string))
		return wrong(place, "a name", error);
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value_by_name(type, json_object_get_string(json));
	if (!value) {
		rf_autofree char *expected = rf_format("a name of %s", type->name);
		return wrong(place, expected, error);
	}
	*number = value->value;
	return 0;
}

/* Decodes what encoding would have written, and nothing else: OpenSSL takes "=" in any place and counts it as a byte.
 */
static bool decode_base64(const char *text, size_t length, ProtobufCBinaryData *bytes)
{
	if (length % 4 != 0 || length > RF_UNPACK_MOST)
		return false;
	rf_autofree uint8_t *data = rf_alloc(length);
	int size = EVP_DecodeBlock(data, (const unsigned char *)text, (int)length);
	if (size < 0)
		return false;
	for (size_t i = length; i > 0 && length - i < 2 && text[i - 1] == '='; i--)
		size--;
	rf_autofree char *again = rf_alloc(length + 5);
	if (EVP_EncodeBlock((unsigned char *)again, data, size) != (int)length || memcmp(again, text, length) != 0)
		return false;
	*bytes = (ProtobufCBinaryData){.len = (size_t)size, .data = rf_steal(data)};
	return true;
}

static int bytes_from_json(struct json_object *json, const struct place *place, ProtobufCBinaryData *bytes,
			   struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_string) ||
	    !decode_base64(json_object_get_string(json), (size_t)json_object_get_string_len(json), bytes))
		return wrong(place, "bytes in base64", error);
	return 0;
}

static int number_from_json(field_type field, struct json_object *json, const struct place *place, void *value,
			    struct rf_error *error)
{
	uint64_t number;
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return integer_from_json(json, INT64_MIN, INT64_MAX, place, value, error);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return integer_from_json(json, 0, UINT64_MAX, place, value, error);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		if (integer_from_json(json, 0, UINT32_MAX, place, &number, error))
			return -1;
		*(uint32_t *)value = (uint32_t)number;
		return 0;
	default:
		if (integer_from_json(json, INT32_MIN, INT32_MAX, place, &number, error))
			return -1;
		*(int32_t *)value = (int32_t)(int64_t)number;
		return 0;
	}
}

static int value_from_json(field_type field, struct json_object *json, const struct place *place, void *value,
			   struct rf_error *error)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_BOOL:
		if (!json_object_is_type(json, json_type_boolean))
			return wrong(place, "true or false", error);
		*(protobuf_c_boolean *)value = json_object_get_boolean(json);
		return 0;
	case PROTOBUF_C_TYPE_ENUM:
		return enum_from_json(field->descriptor, json, place, value, error);
	case PROTOBUF_C_TYPE_STRING:
		return text_from_json(json, place, value, error);
	case PROTOBUF_C_TYPE_MESSAGE:
		return message_from_json(field->descriptor, json, place, value, error);
	case PROTOBUF_C_TYPE_BYTES:
		return bytes_from_json(json, place, value, error);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		if (!json_object_is_type(json, json_type_double) && !json_object_is_type(json, json_type_int))
			return wrong(place, "a number", error);
		if (field->type == PROTOBUF_C_TYPE_FLOAT)
			*(float *)value = (float)json_object_get_double(json);
		else
			*(double *)value = json_object_get_double(json);
		return 0;
	default:
		return number_from_json(field, json, place, value, error);
	}
}

static int list_from_json(field_type field, struct json_object *json, struct place *place, ProtobufCMessage *message,
			  struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_array))
		return wrong(place, "a list", error);
	size_t n = json_object_array_length(json);
	if (n == 0)
		return 0;
	char *list = rf_alloc(n * value_size(field));
	*(void **)((char *)message + field->offset) = list;
	size_t *count = (size_t *)((char *)message + field->quantifier_offset);
	for (size_t i = 0; i < n; i++) {
		place->index = i;
		if (value_from_json(field, json_object_array_get_idx(json, i), place, list + i * value_size(field),
				    error))
			return -1;
		*count = i + 1; /* so that what is there is freed when a later one is wrong */
	}
	return 0;
}

static int field_from_json(field_type field, struct json_object *json, struct place *place, ProtobufCMessage *message,
			   struct rf_error *error)
{
	if (!json)
		return 0; /* null */
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return list_from_json(field, json, place, message, error);
	if (value_from_json(field, json, place, (char *)message + field->offset, error))
		return -1;
	if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
		*(protobuf_c_boolean *)((char *)message + field->quantifier_offset) = true;
	return 0;
}

static int unknown_name(const ProtobufCMessageDescriptor *type, const struct place *place, struct rf_error *error)
{
	rf_autofree const char **names = rf_realloc_array(NULL, type->n_fields, sizeof *names);
	for (unsigned i = 0; i < type->n_fields; i++)
		names[i] = type->fields[i].name;
	const char *nearest = rf_text_nearest(place->name, names, type->n_fields);
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	place_write(place, &text);
	if (nearest)
		return rf_error_set(error, "%s: no such field in %s; did you mean %s?", text.data, type->name, nearest);
	return rf_error_set(error, "%s: no such field in %s", text.data, type->name);
}

static int message_from_json(const ProtobufCMessageDescriptor *type, struct json_object *json,
			     const struct place *place, ProtobufCMessage **message, struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_object))
		return wrong(place, "an object", error);
	ProtobufCMessage *filled = rf_alloc(type->sizeof_message);
	protobuf_c_message_init(type, filled);
	json_object_object_foreach(json, name, value)
	{
		struct place below = {place, name, SIZE_MAX};
		field_type field = protobuf_c_message_descriptor_get_field_by_name(type, name);
		if (field ? field_from_json(field, value, &below, filled, error) : unknown_name(type, &below, error)) {
			rf_unpack_free(filled);
			return -1;
		}
	}
	*message = filled;
	return 0;
}

int rf_json_to_message(const ProtobufCMessageDescriptor *type, struct json_object *json, ProtobufCMessage **message,
		       struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_object))
		return rf_error_set(error, "%s: expected an object", type->name);
	const struct place top = {NULL, NULL, SIZE_MAX};
	return message_from_json(type, json, &top, message, error);
}
