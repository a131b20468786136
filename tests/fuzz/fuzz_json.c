/* JSON of another program: a document as people and exec plugins write it, and the result of an exec plugin. */
#include "base/error.h"
#include "document/unpack.h"
#include "plugin/exec_json.h"
#include "plugin/json.h"
#include "tests/fuzz/target.h"

#include <json.h>

static struct json_object *json;

/* Stands in for a plugin's function: the call takes the result as if an exec plugin had written it. */
static enum referat_result take_result(struct referat_call *face)
{
	struct rf_error error = {0};
	enum referat_result result = REFERAT_OK;
	FUZZ_ASSERT(rf_exec_result(face->data, json, &result, &error) == 0 || error.text[0] != '\0');
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rf_error error = {0};
	json = rf_json_parse((const char *)data, size, &error);
	if (!json) {
		FUZZ_ASSERT(error.text[0] != '\0');
		return 0;
	}
	ProtobufCMessage *message = NULL;
	if (rf_json_to_message(&referat__document__descriptor, json, &message, &error) == 0)
		rf_unpack_free(message);
	struct rf_call *call = rf_call_new();
	rf_call_run(call, fuzz_plugin("reader.text")->plugin, take_result);
	rf_call_free(call);
	json_object_put(json);
	return 0;
}
