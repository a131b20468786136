/* One part of a document, as people and programs read it. */
#include "base/error.h"
#include "broker/answers.h"
#include "plugin/part_json.h"

#include <string.h>

enum { MOST_SHOWN = 1024 * 1024 }; /* bytes: an answer is one message */

typedef struct json_object json;

static json *masked(json *value);

static json *masked_list(json *list)
{
	json *copy = json_object_new_array();
	for (size_t i = 0; i < json_object_array_length(list); i++)
		json_object_array_add(copy, masked(json_object_array_get_idx(list, i)));
	return copy;
}

static json *masked_object(json *object)
{
	json *copy = json_object_new_object();
	json_object_object_foreach(object, name, value)
	{
		json_object_object_add(copy, name, masked(value));
	}
	return copy;
}

/* A copy with every text masked. Our messages do not contain themselves, so it is never deep. */
static json *masked(json *value)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		return masked_object(value);
	case json_type_array:
		return masked_list(value);
	case json_type_string: {
		rf_autofree char *text = rf_mask(json_object_get_string(value));
		return json_object_new_string(text);
	}
	default:
		return json_object_get(value);
	}
}

static int show_part(const struct rf_part *part, json *answer, struct rf_error *error)
{
	if (!part->data || part->size > MOST_SHOWN) {
		rf_error_set(error, "part %s has %llu bytes, more than can be shown", part->name,
			     (unsigned long long)part->size);
		return RF_REFUSED;
	}
	rf_json_number(answer, "revision", part->revision);
	json *content = rf_part_to_json(part->type, (struct referat_bytes){part->data, part->size});
	json_object_object_foreach(content, name, value)
	{
		bool bytes = strcmp(name, "base64") == 0;
		json_object_object_add(answer, name, bytes ? json_object_get(value) : masked(value));
	}
	json_object_put(content);
	return 0;
}

/* That of the newest revision that has it. */
int rf_answer_part(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	const char *document = rf_json_get(arguments, "document"), *name = rf_json_get(arguments, "part");
	struct rf_revision newest;
	int status =
	    document && name ? rf_store_get_revision(core->options.store, document, 0, &newest, error) : RF_STORE_NONE;
	if (status == RF_STORE_NONE)
		rf_error_set(error, "there is no document %s", document ? document : "without an id");
	if (status != 0)
		return status == RF_STORE_NONE ? RF_REFUSED : -1;
	rf_json_text(answer, "document", document);
	rf_json_text(answer, "name", name);
	for (uint32_t number = newest.number; number > 0; number--) {
		struct rf_part part;
		status = rf_store_get_part(core->options.store, document, number, name, &part, error);
		if (status < 0)
			return -1;
		if (status == 0)
			return show_part(&part, answer, error);
	}
	rf_error_set(error, "document %s has no part '%s'; 'referat show %s' lists those it has", document, name,
		     document);
	return RF_REFUSED;
}
