/* Parts as they come from the store or from another process: the input is a letter for the type, then the packed
 * message. What can be unpacked goes to JSON and back, and is packed to bytes that can be unpacked again. */
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/fuzz/target.h"

#include <json.h>
#include <string.h>

static const ProtobufCMessageDescriptor *type_of(uint8_t letter)
{
	switch (letter) {
	case 'd':
		return &referat__document__descriptor;
	case 'f':
		return &referat__findings__descriptor;
	case 's':
		return &referat__summary__descriptor;
	case 'c':
		return &referat__card__descriptor;
	case 'p':
		return &referat__publisher__descriptor;
	default:
		return &referat__publication__descriptor;
	}
}

static void go_to_json_and_back(const ProtobufCMessage *message)
{
	struct rf_error error = {0};
	struct json_object *one = rf_json_from_message(message);
	ProtobufCMessage *again = NULL;
	FUZZ_ASSERT(rf_json_to_message(message->descriptor, one, &again, &error) == 0);
	struct json_object *other = rf_json_from_message(again);
	FUZZ_ASSERT(strcmp(json_object_to_json_string(one), json_object_to_json_string(other)) == 0);
	rf_unpack_free(again);
	json_object_put(other);
	json_object_put(one);
}

static void pack_and_unpack(const ProtobufCMessage *message)
{
	struct rf_error error = {0};
	rf_autofree uint8_t *bytes = NULL;
	size_t size = rf_pack(message, &bytes);
	ProtobufCMessage *again = NULL;
	FUZZ_ASSERT(rf_unpack(message->descriptor, bytes, size, &again, &error) == 0);
	rf_unpack_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct rf_error error = {0};
	ProtobufCMessage *message = NULL;
	if (rf_unpack(type_of(data[0]), data + 1, size - 1, &message, &error)) {
		FUZZ_ASSERT(error.text[0] != '\0');
		return 0;
	}
	go_to_json_and_back(message);
	pack_and_unpack(message);
	rf_unpack_free(message);
	return 0;
}
