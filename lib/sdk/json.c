/* Small JSON texts without a library's types in the plugin. */
#include <referat/plugin.h>

#include <json-c/json.h>

const char *referat_json(struct referat_call *call, ...)
{
	struct json_object *object = json_object_new_object();
	va_list args;
	va_start(args, call);
	const char *name = NULL;
	while ((name = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);
		json_object_object_add(object, name, json_object_new_string(value ? value : ""));
	}
	va_end(args);
	size_t size = 0;
	const char *text =
	    json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	const char *copy = referat_copy(call, text, size);
	json_object_put(object);
	return copy;
}
