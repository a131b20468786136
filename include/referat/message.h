/* The parts of a document as messages of referat/document.proto, for plugins that read or write structure. A plugin
 * that includes this links protobuf-c. */
#ifndef REFERAT_MESSAGE_H
#define REFERAT_MESSAGE_H

#include <protobuf-c/protobuf-c.h>

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A part unpacked: `const Referat__Document *d = referat_unpack(call, "document", &referat__document__descriptor)`.
 * NULL when there is no such part or it can't be unpacked. The message is the call's: never free it. */
void *referat_unpack(struct referat_call *, const char *part, const ProtobufCMessageDescriptor *type);

/* Packs the message and returns it as a part. */
void referat_add_message(struct referat_call *, const char *part, const char *type, const ProtobufCMessage *message);

#ifdef __cplusplus
}
#endif
#endif
