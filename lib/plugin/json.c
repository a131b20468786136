#include "plugin/json.h"

#include "base/error.h"

#include <json-c/json.h>
#include <limits.h>

enum { DEPTH_MOST = 32 };

struct json_object *rf_json_parse(const char *text, size_t size, struct rf_error *error)
{
	if (!size || size > INT_MAX) {
		rf_error_set(error, size ? "more than 2 GiB of JSON" : "nothing; expected JSON");
		return NULL;
	}
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MOST);
	json_tokener_set_flags(tokener,
			       JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS | JSON_TOKENER_VALIDATE_UTF8);
	struct json_object *json = json_tokener_parse_ex(tokener, text, (int)size);
	enum json_tokener_error problem = json_tokener_get_error(tokener);
	size_t end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	while (problem == json_tokener_success && end < size &&
	       (text[end] == '\n' || text[end] == ' ' || text[end] == '\r' || text[end] == '\t'))
		end++;
	if (json && problem == json_tokener_success && end == size)
		return json;
	json_object_put(json);
	if (problem == json_tokener_success)
		rf_error_set(error, "not one JSON value alone: something follows at byte %zu", end);
	else
		rf_error_set(error, "not JSON: %s at byte %zu", json_tokener_error_desc(problem), end);
	return NULL;
}
