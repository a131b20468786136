/* A plugin of this build in a test, driven as a stage does it: loaded by the host, called with parts in memory. What
 * goes wrong fails the test. */
#ifndef TESTS_SUPPORT_PLUGIN_H
#define TESTS_SUPPORT_PLUGIN_H

#include "base/clock.h"
#include "plugin/host.h"

#include <referat/document.pb-c.h>

struct test_plugin {
	struct rf_clock clock; /* manual; 2024-04-18 07:00 UTC at first */
	struct rf_host host;   /* the publisher is Exempelby, of tests/support/plugin.c */
	struct rf_plugin *plugin;
	const struct referat_plugin *descriptor;
};

/* Loads build/<variant>/lib/referat/plugins/<name>.so. Fields of host and clock may be set before. It stays where it is
 * until it is unloaded. */
void test_plugin_init(struct test_plugin *test);
void test_plugin_load(struct test_plugin *test, const char *name, const struct rf_plugin_setting *settings,
		      size_t n_settings);
void test_plugin_unload(struct test_plugin *test);

/* As load, for a plugin that may refuse its settings: then < 0 with the reason, and there is nothing to unload. */
int test_plugin_try(struct test_plugin *test, const char *name, const struct rf_plugin_setting *settings,
		    size_t n_settings, struct rf_error *error);

/* Both, with no settings. */
void test_plugin_start(struct test_plugin *test, const char *name);

void test_plugin_set_now(struct test_plugin *test, const char *now); /* RFC 3339 */

/* Calls `run` with one part, of a source whose media type is what a reader accepts, else text/plain; the caller frees
 * the call. */
struct rf_call *test_plugin_run(struct test_plugin *test, const char *part, const char *type,
				struct referat_bytes bytes, enum referat_result *result);

/* Reads a text with a reader; NULL when it was refused. rf_unpack_free frees it. */
Referat__Document *test_read(struct test_plugin *reader, struct referat_bytes source);

/* What a check finds in a document; NULL when that is nothing. rf_unpack_free frees it. */
Referat__Findings *test_check(struct test_plugin *check, const Referat__Document *document);

/* The summary of a document; wanted: whether the summariser lets it through (OK) or holds it. rf_unpack_free frees it.
 */
Referat__Summary *test_summarise(struct test_plugin *summariser, const Referat__Document *document,
				 enum referat_result wanted);

/* Writes a document with writer.text; the caller frees the text. */
char *test_write(struct test_plugin *writer, const Referat__Document *document);

#endif
