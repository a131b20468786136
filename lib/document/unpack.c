/* Two passes: the first reads the bytes as they came and checks every string, before anything is allocated; the second
 * is protobuf-c's, with an allocator that stops at a budget. The first pass can see what the second hides: protobuf-c
 * copies a string with a NUL inside and gives back a shorter text. */
#include "document/unpack.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>

enum {
	MOST_DEPTH = 16, /* our messages do not contain themselves; this holds for any type */
	MEMORY_FACTOR = 32,
	MEMORY_EXTRA = 64 * 1024,
	MEMORY_MOST = 512 * 1024 * 1024,
};

/* ---- first pass: the bytes ------------------------------------------------------------------------------------- */

struct reader {
	const uint8_t *at;
	const uint8_t *end;
};

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

static bool read_varint(struct reader *reader, uint64_t *value)
{
	uint64_t sum = 0;
	for (unsigned shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
		uint8_t byte = *reader->at++;
		sum |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*value = sum;
			return true;
		}
	}
	return false;
}

static bool skip(struct reader *reader, uint64_t size)
{
	if (size > (uint64_t)(reader->end - reader->at))
		return false;
	reader->at += size;
	return true;
}

/* Reads one field; *body is set to its bytes when it has a length, and to NULL else. */
static bool read_field(struct reader *reader, uint64_t *tag, struct reader *body)
{
	uint64_t number;
	if (!read_varint(reader, tag) || *tag >> 3 == 0) /* no field has number 0; protobuf-c takes it, written long */
		return false;
	*body = (struct reader){NULL, NULL};
	switch (*tag & 7) {
	case WIRE_VARINT:
		return read_varint(reader, &number);
	case WIRE_64:
		return skip(reader, 8);
	case WIRE_32:
		return skip(reader, 4);
	case WIRE_BYTES:
		if (!read_varint(reader, &number))
			return false;
		body->at = reader->at;
		if (!skip(reader, number))
			return false;
		body->end = reader->at;
		return true;
	default:
		return false;
	}
}

static int check_bytes(const ProtobufCMessageDescriptor *type, struct reader reader, int depth, struct rf_error *error)
{
	if (depth > MOST_DEPTH)
		return rf_error_set(error, "%s: nested deeper than %d", type->name, MOST_DEPTH);
	while (reader.at < reader.end) {
		uint64_t tag;
		struct reader body;
		if (!read_field(&reader, &tag, &body))
			return rf_error_set(error, "%s: the bytes are cut off or damaged", type->name);
		if (!body.at || tag >> 3 > UINT32_MAX >> 3)
			continue; /* protobuf-c refuses a tag that is too large */
		const ProtobufCFieldDescriptor *field =
		    protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
		if (!field)
			continue;
		if (field->type == PROTOBUF_C_TYPE_STRING &&
		    !rf_text_is_utf8((const char *)body.at, (size_t)(body.end - body.at)))
			return rf_error_set(error, "%s: field %s is not UTF-8 text, or has a NUL in it", type->name,
					    field->name);
		if (field->type == PROTOBUF_C_TYPE_MESSAGE && check_bytes(field->descriptor, body, depth + 1, error))
			return -1;
	}
	return 0;
}

/* ---- second pass: the message ---------------------------------------------------------------------------------- */

struct budget {
	size_t left; /* memory that was given back does not count: time is bounded too */
};

static void *budget_alloc(void *context, size_t size)
{
	struct budget *budget = context;
	if (size > budget->left)
		return NULL;
	budget->left -= size;
	return rf_alloc(size);
}

static void budget_free(void *context, void *memory)
{
	(void)context;
	free(memory);
}

int rf_unpack(const ProtobufCMessageDescriptor *type, const void *data, size_t size, ProtobufCMessage **message,
	      struct rf_error *error)
{
	if (size > RF_UNPACK_MOST)
		return rf_error_set(error, "%s: %zu bytes, more than %d", type->name, size, RF_UNPACK_MOST);
	struct reader reader = {data, size ? (const uint8_t *)data + size : data};
	if (check_bytes(type, reader, 1, error))
		return -1;
	struct budget budget = {size * MEMORY_FACTOR + MEMORY_EXTRA};
	if (budget.left > MEMORY_MOST)
		budget.left = MEMORY_MOST;
	ProtobufCAllocator allocator = {budget_alloc, budget_free, &budget};
	ProtobufCMessage *unpacked = protobuf_c_message_unpack(type, &allocator, size, data);
	if (!unpacked)
		return rf_error_set(error, "%s: %zu bytes are not such a message, or ask for too much memory",
				    type->name, size);
	*message = unpacked;
	return 0;
}

void rf_unpack_free(ProtobufCMessage *message)
{
	if (message)
		protobuf_c_message_free_unpacked(message, NULL);
}

size_t rf_pack(const ProtobufCMessage *message, uint8_t **data)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	*data = rf_alloc(size);
	protobuf_c_message_pack(message, *data);
	return size;
}
