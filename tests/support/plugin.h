/* A plugin of this build in a test, driven as a stage does it; and texts that are compared with files. */
#ifndef TESTS_SUPPORT_PLUGIN_H
#define TESTS_SUPPORT_PLUGIN_H

#include "base/clock.h"
#include "plugin/host.h"

#include <protobuf-c/protobuf-c.h>

struct test_plugin {
	struct rf_clock clock; /* manual; 2024-04-18 07:00 UTC at first */
	struct rf_host host;   /* the publisher is Exempelby, of tests/support/plugin.c */
	struct rf_plugin *plugin;
	const struct referat_plugin *descriptor;
};

/* Loads build/<variant>/lib/referat/plugins/<name>.so; the test fails when it can't. Fields of host and clock may be
 * set before. */
void test_plugin_init(struct test_plugin *test);
void test_plugin_load(struct test_plugin *test, const char *name, const struct rf_plugin_setting *settings,
		      size_t n_settings);
void test_plugin_unload(struct test_plugin *test);

/* A message from its JSON, packed; the caller frees data. The test fails when the JSON is wrong. */
struct referat_bytes test_message(const ProtobufCMessageDescriptor *type, const char *json);

/* What the call returned under that name; the test fails when there is none. */
struct referat_bytes test_output(const struct rf_call *call, const char *name);

/* Compares with tests/unit/golden/<name>; with REFERAT_UPDATE_GOLDEN=1 writes it instead. */
void test_golden(const char *name, const void *data, size_t size);

#endif
