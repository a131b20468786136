/* The one way to unpack protobuf: bounded, and checked. Every message that comes from outside the process goes through
 * here.
 *
 * protobuf-c allocates what the bytes ask for and stops strings at the first NUL; so the size and the memory of a
 * message are bounded, and every string in it is checked to be UTF-8 without NUL. */
#ifndef RF_DOCUMENT_UNPACK_H
#define RF_DOCUMENT_UNPACK_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

struct rf_error;

enum { RF_UNPACK_MOST = 64 * 1024 * 1024 };

/* Unpacks one message of the type. Memory of the result is at most 32 times the size plus 64 KiB, and never more than
 * 512 MiB. Returns 0 with the message, which the caller frees with rf_unpack_free; < 0 with the reason. */
int rf_unpack(const ProtobufCMessageDescriptor *type, const void *data, size_t size, ProtobufCMessage **message,
	      struct rf_error *error);
void rf_unpack_free(ProtobufCMessage *message); /* NULL is fine */

/* Packs a message. *data is the caller's (malloc). */
size_t rf_pack(const ProtobufCMessage *message, uint8_t **data);

/* The JSON mapping of any of our messages: field names as in the .proto, enums by name, bytes in base64; what is absent
 * is left out. People and `exec` plugins read and write it. */
struct json_object;
struct json_object *rf_json_from_message(const ProtobufCMessage *message); /* the caller puts it (json_object_put) */

/* Reads it back. A name that the message does not have, a value of the wrong type, and a text with NUL are refused,
 * with the place ("items[2].heading"); null is the same as absent. Returns 0 with the message (rf_unpack_free), or < 0.
 */
int rf_json_to_message(const ProtobufCMessageDescriptor *type, struct json_object *json, ProtobufCMessage **message,
		       struct rf_error *error);

#endif
