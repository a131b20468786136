/* For tests of plugins: loads the built shared object through the host, and calls it with parts in memory. What goes
 * wrong fails the test. */
#ifndef TESTS_SUPPORT_DRIVER_H
#define TESTS_SUPPORT_DRIVER_H

#include "base/clock.h"
#include "plugin/host.h"

#include <referat/document.pb-c.h>

/* A loaded plugin and its surroundings. Stays where it is from start to stop. */
struct driver {
	struct rf_clock clock;
	struct rf_host host;
	struct rf_plugin *plugin;
};

/* now: RFC 3339; the clock stands still. publisher: packed, borrowed until the stop; no data: there is none. */
void driver_start(struct driver *driver, const char *name, const char *now, const struct rf_plugin_setting *settings,
		  size_t n_settings, struct referat_bytes publisher);
void driver_stop(struct driver *driver);
void driver_set_now(struct driver *driver, const char *now);

/* Calls `run` with one part (and the media type text/plain); the caller frees the call. */
struct rf_call *driver_run(struct driver *driver, const char *part, const char *type, struct referat_bytes bytes,
			   enum referat_result *result);

/* Reads a text with reader.text; NULL when it was refused. rf_unpack_free frees it. */
Referat__Document *read_document(struct driver *reader, struct referat_bytes source);

/* Writes a document with writer.text; the caller frees the text. */
char *write_document(struct driver *writer, const Referat__Document *document);

/* The part that a call returned; data is NULL when it returned none. Lives as long as the call. */
struct referat_bytes call_output(const struct rf_call *call, const char *name);

struct referat_bytes text_bytes(const char *text);                                /* borrows the text */
struct referat_bytes pack_bytes(const ProtobufCMessage *message);                 /* the caller frees data */
void *unpack(const ProtobufCMessageDescriptor *type, struct referat_bytes bytes); /* rf_unpack_free frees it */
char *read_sample(const char *folder, const char *name); /* a whole file; the caller frees it */

#endif
