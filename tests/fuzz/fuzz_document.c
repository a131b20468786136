/* What stages do with a document that any program may have made: the input is a packed document, which goes through
 * every check, the summariser and the writers. */
#include "base/memory.h"
#include "document/unpack.h"
#include "tests/fuzz/target.h"
#include "tests/support/parts.h"

#include <stdlib.h>

static const char *const checks[] = {"check.dates",       "check.identity-numbers", "check.links",
				     "check.officialese", "check.readability",      "check.structure"};
static const char *const writers[] = {"writer.html", "writer.mail", "writer.text"};

static struct rf_call *new_call(struct referat_bytes document)
{
	struct rf_call *call = rf_call_new();
	rf_call_set_value(call, "id", "abcdefghij23");
	rf_call_add_input(call, "document", "referat.document/1", document);
	return call;
}

static void check(const char *name, struct referat_bytes document)
{
	struct test_plugin *plugin = fuzz_plugin(name);
	struct rf_call *call = new_call(document);
	FUZZ_ASSERT(rf_call_run(call, plugin->plugin, plugin->descriptor->run) == REFERAT_OK ||
		    rf_call_reason(call)[0] != '\0');
	struct referat_bytes findings = rf_call_findings(call);
	if (findings.data)
		rf_unpack_free(test_unpack(&referat__findings__descriptor, findings));
	rf_call_free(call);
}

/* NULL: there is none. The caller frees data. */
static struct referat_bytes summarise(struct referat_bytes document)
{
	struct test_plugin *plugin = fuzz_plugin("summariser.decisions");
	struct rf_call *call = new_call(document);
	struct referat_bytes summary = {0};
	enum referat_result result = rf_call_run(call, plugin->plugin, plugin->descriptor->run);
	FUZZ_ASSERT(result == REFERAT_OK || rf_call_reason(call)[0] != '\0');
	if (result == REFERAT_OK || result == REFERAT_HOLD) {
		struct referat_bytes output = test_output(call, "summary");
		rf_unpack_free(test_unpack(&referat__summary__descriptor, output));
		summary = (struct referat_bytes){rf_memdup(output.data, output.size), output.size};
	}
	rf_call_free(call);
	return summary;
}

static void write_out(const char *name, struct referat_bytes document, struct referat_bytes summary)
{
	struct test_plugin *plugin = fuzz_plugin(name);
	struct rf_call *call = new_call(document);
	if (summary.data)
		rf_call_add_input(call, "summary", "referat.summary/1", summary);
	FUZZ_ASSERT(rf_call_run(call, plugin->plugin, plugin->descriptor->run) == REFERAT_OK ||
		    rf_call_reason(call)[0] != '\0');
	rf_call_free(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ProtobufCMessage *message = NULL;
	if (rf_unpack(&referat__document__descriptor, data, size, &message, NULL))
		return 0;
	rf_unpack_free(message);
	rf_autofree uint8_t *copy = rf_memdup(data, size);
	struct referat_bytes document = {copy, size};
	for (size_t i = 0; i < RF_COUNT(checks); i++)
		check(checks[i], document);
	struct referat_bytes summary = summarise(document);
	for (size_t i = 0; i < RF_COUNT(writers); i++)
		write_out(writers[i], document, summary);
	free((void *)summary.data);
	return 0;
}
