/* Parts as messages: unpacked into the memory of the call, packed from it. */
#include <referat/message.h>

static void *allocate(void *call, size_t size)
{
	return referat_alloc(call, size);
}

/* The call's memory goes when the call ends. */
static void release(void *call, void *pointer)
{
	(void)call;
	(void)pointer;
}

void *referat_unpack(struct referat_call *call, const char *part, const ProtobufCMessageDescriptor *type)
{
	struct referat_bytes bytes = referat_part(call, part);
	if (!bytes.data)
		return NULL;
	ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = call};
	return protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
}

void referat_add_message(struct referat_call *call, const char *part, const char *type, const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = referat_alloc(call, size + 1);
	protobuf_c_message_pack(message, packed);
	referat_add_part(call, part, type, packed, size);
}
