/* The JSON mapping: there and back without loss; what a person gets wrong is named with its place. */
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"
#include "wire.pb-c.h"

#include <json.h>
#include <referat/document.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int read_json(const ProtobufCMessageDescriptor *type, const char *text, ProtobufCMessage **message,
		     struct rf_error *error)
{
	struct json_object *json = json_tokener_parse(text);
	int result = rf_json_to_message(type, json, message, error);
	json_object_put(json);
	return result;
}

static void there_and_back(const ProtobufCMessageDescriptor *type, const char *text)
{
	ProtobufCMessage *message = NULL;
	struct rf_error error = {{0}};
	if (read_json(type, text, &message, &error))
		fail_msg("%s", error.text);
	struct json_object *json = rf_json_from_message(message);
	assert_string_equal(
	    json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), text);
	json_object_put(json);
	rf_unpack_free(message);
}

static void refused(const char *text, const char *why)
{
	ProtobufCMessage *message = NULL;
	struct rf_error error = {{0}};
	assert_int_equal(read_json(&referat__document__descriptor, text, &message, &error), -1);
	assert_string_equal(error.text, why);
}

static void a_document_goes_there_and_back(void **state)
{
	(void)state;
	there_and_back(&referat__document__descriptor,
		       "{\"kind\":\"MINUTES\",\"title\":\"Protokoll\",\"meeting\":{\"sequence\":2,\"extra\":false},"
		       "\"items\":[{\"number\":\"54\",\"blocks\":[{\"text\":\"\"}]},{}]}");
	there_and_back(&referat__summary_item__descriptor, "{\"outcomes\":[\"APPROVED\",\"NOTED\"],\"item\":0}");
}

static void large_numbers_and_bytes_go_there_and_back(void **state)
{
	(void)state;
	there_and_back(&referat__wire__header__descriptor,
		       "{\"items\":[{\"token\":{\"task\":18446744073709551615,\"epoch\":4294967295},"
		       "\"parts\":[{\"name\":\"a\",\"sha256\":\"AA==\"},{\"sha256\":\"AAH/\"},{\"sha256\":\"/wA=\"},"
		       "{\"sha256\":\"\"}],\"due\":-5}]}");
}

static void null_is_the_same_as_absent(void **state)
{
	(void)state;
	ProtobufCMessage *message = NULL;
	assert_int_equal(read_json(&referat__document__descriptor, "{\"title\":null,\"items\":null}", &message, NULL),
			 0);
	assert_null(((Referat__Document *)message)->title);
	rf_unpack_free(message);
}

static void a_mistake_is_named_with_its_place(void **state)
{
	(void)state;
	refused("[]", "referat.Document: expected an object");
	refused("{\"titel\":\"x\"}", "titel: no such field in referat.Document; did you mean title?");
	refused("{\"items\":[{},{\"blocks\":[{\"text\":5}]}]}", "items[1].blocks[0].text: expected a text");
	refused("{\"items\":[null]}", "items[0]: expected an object");
	refused("{\"items\":{}}", "items: expected a list");
	refused("{\"kind\":\"PROTOKOLL\"}", "kind: expected a name of referat.Kind");
	refused("{\"kind\":1}", "kind: expected a name");
	refused("{\"meeting\":{\"extra\":1}}", "meeting.extra: expected true or false");
	refused("{\"meeting\":{\"sequence\":-1}}", "meeting.sequence: expected a number that fits the field");
	refused("{\"meeting\":{\"sequence\":4294967296}}", "meeting.sequence: expected a number that fits the field");
	refused("{\"meeting\":{\"sequence\":1.5}}", "meeting.sequence: expected a whole number");
	refused("{\"title\":\"a\\u0000b\"}", "title: expected UTF-8 text without NUL");
	refused("{\"title\":\"a\xff\"}", "title: expected UTF-8 text without NUL");
}

static void bytes_that_are_not_base64_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"{\"sha256\":\"A\"}", "{\"sha256\":\"A===\"}", "{\"sha256\":\"A*==\"}",
					    "{\"sha256\":5}", "{\"sha256\":\" AA=\"}"};
	for (size_t i = 0; i < RF_COUNT(texts); i++) {
		ProtobufCMessage *message = NULL;
		assert_int_equal(read_json(&referat__wire__part__descriptor, texts[i], &message, NULL), -1);
	}
}

static void a_name_that_only_a_newer_build_knows_goes_there_and_back_as_its_number(void **state)
{
	(void)state;
	static const uint8_t data[] = {0x08, 0x63};
	ProtobufCMessage *message = NULL;
	assert_int_equal(rf_unpack(&referat__document__descriptor, data, sizeof data, &message, NULL), 0);
	struct json_object *json = rf_json_from_message(message);
	assert_string_equal(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN), "{\"kind\":99}");
	rf_unpack_free(message);
	assert_int_equal(rf_json_to_message(&referat__document__descriptor, json, &message, NULL), 0);
	assert_int_equal(((Referat__Document *)message)->kind, 99);
	json_object_put(json);
	rf_unpack_free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_document_goes_there_and_back),
	    cmocka_unit_test(large_numbers_and_bytes_go_there_and_back),
	    cmocka_unit_test(null_is_the_same_as_absent),
	    cmocka_unit_test(a_mistake_is_named_with_its_place),
	    cmocka_unit_test(bytes_that_are_not_base64_are_refused),
	    cmocka_unit_test(a_name_that_only_a_newer_build_knows_goes_there_and_back_as_its_number),
	};
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
