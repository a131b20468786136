#include "http.h"

#include <referat/files.h>
#include <referat/mustache.h>
#include <referat/remote.h>

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATE_MOST = 1024 * 1024 };

static const char *const names[] = {
    "id",       "revision", "digest",    "key",         "title",         "board",
    "board_id", "day",      "path",      "kind",        "short_text",    "outcomes",
    "received", "updated",  "remote_id", "change_note", "change_number", "remote_revision",
    "withdrawn"};
static const char *const publisher[] = {"name", "short_name", "home", "contact", "language"};

typedef const char *(*encoding)(struct referat_call *call, const char *text);

static const char *as_it_is(struct referat_call *call, const char *text)
{
	(void)call;
	return text;
}

static void add(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

/* The caller owns it. */
static struct json_object *context_of(struct referat_call *call, encoding encode)
{
	struct json_object *context = json_object_new_object();
	struct json_object *of_publisher = json_object_new_object();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		add(context, names[i], encode(call, referat_get(call, names[i])));
	for (size_t i = 0; i < sizeof publisher / sizeof *publisher; i++)
		add(of_publisher, publisher[i],
		    encode(call, referat_get(call, referat_format(call, "publisher.%s", publisher[i]))));
	json_object_object_add(context, "publisher", of_publisher);
	add(context, "html", encode(call, referat_rendition(call, "text/html")));
	add(context, "article", encode(call, referat_article(call)));
	add(context, "text", encode(call, referat_rendition(call, "text/plain")));
	return context;
}

static const char *render(struct referat_call *call, const char *template_text, struct json_object *context)
{
	char problem[256] = "";
	char *text = referat_mustache(template_text, context, NULL, NULL, problem, sizeof problem);
	const char *copy = text ? referat_copy(call, text, strlen(text)) : NULL;
	if (!text)
		referat_because(call, REFERAT_FAIL, "template: %s", problem);
	free(text);
	return copy;
}

static const char *render_with(struct referat_call *call, const char *template_text, encoding encode)
{
	struct json_object *context = context_of(call, encode);
	const char *text = render(call, template_text, context);
	json_object_put(context);
	return text;
}

const char *http_text(struct referat_call *call, const char *template_text)
{
	return render_with(call, template_text, as_it_is);
}

const char *http_address(struct referat_call *call, const char *template_text)
{
	return render_with(call, template_text, referat_percent);
}

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

/* The value with every text in it rendered; NULL when one is no template. json-c bounds its depth. */
static struct json_object *fill(struct referat_call *call, struct json_object *value, struct json_object *context,
				bool *good)
{
	struct json_object *filled = NULL;
	const char *text = NULL;
	switch (json_object_get_type(value)) {
	case json_type_string:
		text = render(call, json_object_get_string(value), context);
		*good = *good && text;
		return json_object_new_string(text ? text : "");
	case json_type_object:
		filled = json_object_new_object();
		json_object_object_foreach(value, name, member)
		    json_object_object_add(filled, name, fill(call, member, context, good));
		return filled;
	case json_type_array:
		filled = json_object_new_array();
		for (size_t i = 0; i < json_object_array_length(value); i++)
			json_object_array_add(filled, fill(call, json_object_array_get_idx(value, i), context, good));
		return filled;
	default:
		return json_object_get(value);
	}
}

static const char *print(struct referat_call *call, struct json_object *value)
{
	const char *text =
	    json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	return referat_copy(call, text, strlen(text));
}

static const char *json_body(struct referat_call *call, const char *path, struct referat_bytes file,
			     struct json_object *context)
{
	enum json_tokener_error problem = json_tokener_success;
	struct json_object *parsed = json_tokener_parse_verbose((const char *)file.data, &problem);
	bool good = problem == json_tokener_success;
	if (!good) {
		referat_because(call, REFERAT_FAIL, "%s: %s", path, json_tokener_error_desc(problem));
		return NULL;
	}
	struct json_object *filled = fill(call, parsed, context, &good);
	const char *text = good ? print(call, filled) : NULL;
	json_object_put(filled);
	json_object_put(parsed);
	return text;
}

static bool is_json(const char *path)
{
	size_t length = strlen(path);
	return length > 5 && !strcmp(path + length - 5, ".json");
}

const char *http_body(struct referat_call *call, const char *path)
{
	struct json_object *context = context_of(call, as_it_is);
	struct referat_bytes file = path[0] ? referat_file_read(call, path, TEMPLATE_MOST) : (struct referat_bytes){0};
	const char *body = NULL;
	if (!path[0])
		body = print(call, context);
	else if (!file.data)
		referat_because(call, REFERAT_FAIL, "can't read the template %s", path);
	else if (is_json(path))
		body = json_body(call, path, file, context);
	else
		body = render(call, (const char *)file.data, context);
	json_object_put(context);
	return body;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

const char *http_find(struct referat_call *call, struct referat_bytes json, const char *pointer)
{
	struct json_object *found = NULL;
	struct json_object *answer = pointer[0] && json.data ? json_tokener_parse((const char *)json.data) : NULL;
	const char *text = "";
	if (answer && !json_pointer_get(answer, pointer, &found) && found) {
		const char *value = json_object_get_string(found);
		text = referat_copy(call, value, strlen(value));
	}
	json_object_put(answer);
	return text;
}
