/* Parts in a test: made from JSON or messages, taken from what a call returned. What goes wrong fails the test. */
#ifndef TESTS_SUPPORT_PARTS_H
#define TESTS_SUPPORT_PARTS_H

#include "plugin/call.h"

#include <protobuf-c/protobuf-c.h>

struct referat_bytes test_bytes(const char *text); /* borrows the text */

/* The caller frees data. */
struct referat_bytes test_pack(const ProtobufCMessage *message);
struct referat_bytes test_message(const ProtobufCMessageDescriptor *type, const char *json);

/* rf_unpack_free frees it. */
void *test_unpack(const ProtobufCMessageDescriptor *type, struct referat_bytes bytes);

/* What the call returned under that name; lives as long as the call. */
struct referat_bytes test_output(const struct rf_call *call, const char *name);

#endif
