#include "plugin/exec_json.h"

#include "base/datetime.h"
#include "base/error.h"
#include "base/memory.h"
#include "plugin/call.h"
#include "plugin/language.h"
#include "plugin/part_json.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>

/* ---- the request ------------------------------------------------------------------------------------------------- */

static void add_value(void *context, const char *name, const char *value)
{
	json_object_object_add(context, name, json_object_new_string(value));
}

/* More than this is not put into the request, where it would be in memory several times. */
enum { MOST_INLINE = 64 * 1024 * 1024 };

static struct json_object *part_of(const struct rf_input *input)
{
	if (!input->path || input->bytes.size <= MOST_INLINE)
		return rf_part_to_json(input->type, input->bytes);
	struct json_object *part = json_object_new_object();
	json_object_object_add(part, "type", json_object_new_string(input->type));
	json_object_object_add(part, "file", json_object_new_string(input->path));
	return part;
}

static struct json_object *parts_of(const struct rf_call *call)
{
	struct json_object *parts = json_object_new_object();
	for (size_t i = 0; i < call->n_inputs; i++)
		json_object_object_add(parts, call->inputs[i].name, part_of(&call->inputs[i]));
	struct referat_bytes publisher = call->plugin->host->publisher;
	if (publisher.data && !rf_call_input(call, "publisher"))
		json_object_object_add(parts, "publisher", rf_part_to_json("referat.publisher/1", publisher));
	return parts;
}

struct json_object *rf_exec_request(struct rf_call *call, const char *function)
{
	struct json_object *request = json_object_new_object();
	json_object_object_add(request, "referat", json_object_new_int(1));
	json_object_object_add(request, "function", json_object_new_string(function));
	char now[RF_INSTANT_SIZE];
	rf_instant_format(rf_clock_wall(call->plugin->host->clock), now);
	json_object_object_add(request, "now", json_object_new_string(now));
	struct json_object *options = json_object_new_object();
	for (size_t i = 0; i < call->plugin->settings.n; i++) {
		const char *name = call->plugin->settings.list[i].name;
		add_value(options, name, rf_call_option(call, name));
	}
	json_object_object_add(request, "options", options);
	struct json_object *values = json_object_new_object();
	rf_call_each_value(call, add_value, values);
	json_object_object_add(request, "values", values);
	json_object_object_add(request, "parts", parts_of(call));
	return request;
}

/* ---- the result -------------------------------------------------------------------------------------------------- */

/* The text of that key; NULL when there is none or it is no text. */
static const char *text_at(struct json_object *object, const char *name)
{
	struct json_object *value = json_object_object_get(object, name);
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

/* An object that may be absent. Returns false when something else stands there. */
static bool is_absent_or(struct json_object *object, const char *name, enum json_type type, struct json_object **value)
{
	*value = json_object_object_get(object, name);
	return !*value || json_object_is_type(*value, type);
}

static int take_parts(struct rf_call *call, struct json_object *parts, struct rf_error *error)
{
	json_object_object_foreach(parts, name, part)
	{
		const char *type = NULL;
		struct referat_bytes bytes;
		if (rf_part_from_json(&call->arena, part, &type, &bytes, error))
			return rf_error_prefix(error, "part '%s'", name);
		rf_call_add_output(call, name, type, bytes.data, bytes.size);
	}
	return 0;
}

static int32_t number_at(struct json_object *object, const char *name)
{
	struct json_object *value = json_object_object_get(object, name);
	return json_object_is_type(value, json_type_int) ? json_object_get_int(value) : -1;
}

static int take_finding(struct rf_call *call, struct json_object *finding, struct rf_error *error)
{
	static const char *const severities[] = {"", "note", "warning", "error", "forbidden"};
	const char *word = text_at(finding, "severity");
	int severity = 0;
	for (int i = REFERAT_NOTE; i <= REFERAT_FORBIDDEN; i++)
		if (word && !strcmp(word, severities[i]))
			severity = i;
	if (!severity)
		return rf_error_set(error, "severity '%s'; expected note, warning, error or forbidden",
				    word ? word : "");
	struct referat_place place = {.item = number_at(finding, "item"),
				      .block = number_at(finding, "block"),
				      .line = number_at(finding, "line"),
				      .start = number_at(finding, "start"),
				      .end = number_at(finding, "end"),
				      .page = number_at(finding, "page")};
	rf_call_add_finding(call, text_at(finding, "rule"), (enum referat_severity)severity, place,
			    text_at(finding, "text"));
	return 0;
}

static int take_submission(struct rf_call *call, struct json_object *entry, struct rf_error *error)
{
	struct referat_submission submission = {.key = text_at(entry, "key"),
						.name = text_at(entry, "name"),
						.type = text_at(entry, "type"),
						.path = text_at(entry, "path")};
	if (!submission.path && rf_content_from_json(&call->arena, entry, "", &submission.data, error))
		return -1;
	rf_call_submit(call, &submission);
	return 0;
}

typedef int (*take_entry)(struct rf_call *call, struct json_object *entry, struct rf_error *error);

static int take_list(struct rf_call *call, struct json_object *json, const char *name, take_entry take,
		     struct rf_error *error)
{
	struct json_object *list = NULL;
	if (!is_absent_or(json, name, json_type_array, &list))
		return rf_error_set(error, "'%s' is not a list", name);
	size_t n = list ? json_object_array_length(list) : 0;
	for (size_t i = 0; i < n; i++)
		if (take(call, json_object_array_get_idx(list, i), error))
			return rf_error_prefix(error, "%s, entry %zu", name, i + 1);
	return 0;
}

static int take_recipient(struct rf_call *call, struct json_object *entry, struct rf_error *error)
{
	if (!json_object_is_type(entry, json_type_string))
		return rf_error_set(error, "not a text");
	rf_call_add_recipient(call, json_object_get_string(entry));
	return 0;
}

static int take_attributes(struct rf_call *call, struct json_object *attributes, struct rf_error *error)
{
	json_object_object_foreach(attributes, name, value)
	{
		if (!json_object_is_type(value, json_type_string))
			return rf_error_set(error, "attribute '%s' is not a text", name);
		rf_call_add_attribute(call, name, json_object_get_string(value));
	}
	return 0;
}

static int take_result(const char *word, enum referat_result *result, struct rf_error *error)
{
	static const char *const words[] = {"ok", "retry", "yield", "fail", "hold", "not-found", "unknown"};
	for (size_t i = 0; word && i < RF_COUNT(words); i++) {
		if (!strcmp(word, words[i])) {
			*result = (enum referat_result)i;
			return 0;
		}
	}
	return rf_error_set(error, "'result' is not one of ok, retry, yield, fail, hold, not-found, unknown");
}

static void take_retry_after(struct rf_call *call, struct json_object *json)
{
	struct json_object *value = json_object_object_get(json, "retry_after");
	double seconds = value ? json_object_get_double(value) : 0;
	if (isfinite(seconds) && seconds > 0 && seconds < 1e9)
		call->retry_after_us = (int64_t)(seconds * 1e6);
}

/* A reason for the publisher: a text of the language file with values in it. {"key": "reader.ocr.empty", "pages": "12"}
 */
static int take_words(struct rf_call *call, struct json_object *words, struct rf_error *error)
{
	enum { MOST = 4 };
	const char *key = text_at(words, "key");
	const char *names[MOST + 1] = {0};
	const char *values[MOST + 1] = {0};
	size_t n = 0;
	json_object_object_foreach(words, name, value)
	{
		if (!strcmp(name, "key"))
			continue;
		if (n == MOST || !json_object_is_type(value, json_type_string))
			return rf_error_set(error, "'say' has a key, and at most %d values that are texts", MOST);
		names[n] = name;
		values[n++] = json_object_get_string(value);
	}
	if (!key)
		return rf_error_set(error, "'say' has no key");
	rf_call_text(call, key); /* the texts are read when they are first asked for */
	rf_autofree char *text = rf_language_say(call->plugin->language, key, names[0], values[0], names[1], values[1],
						 names[2], values[2], names[3], values[3], NULL);
	rf_call_set_reason(call, text);
	return 0;
}

int rf_exec_result(struct rf_call *call, struct json_object *json, enum referat_result *result, struct rf_error *error)
{
	if (!json_object_is_type(json, json_type_object))
		return rf_error_set(error, "the result is not an object");
	struct json_object *parts = NULL;
	struct json_object *attributes = NULL;
	struct json_object *published = NULL;
	struct json_object *words = NULL;
	if (!is_absent_or(json, "parts", json_type_object, &parts) ||
	    !is_absent_or(json, "attributes", json_type_object, &attributes) ||
	    !is_absent_or(json, "published", json_type_object, &published) ||
	    !is_absent_or(json, "say", json_type_object, &words))
		return rf_error_set(error, "'parts', 'attributes', 'published' and 'say' are objects");
	if ((parts && take_parts(call, parts, error)) || (attributes && take_attributes(call, attributes, error)) ||
	    take_list(call, json, "findings", take_finding, error) ||
	    take_list(call, json, "recipients", take_recipient, error) ||
	    take_list(call, json, "submissions", take_submission, error))
		return -1;
	if (published)
		rf_call_set_published(call, text_at(published, "remote_id"), text_at(published, "url"),
				      text_at(published, "remote_revision"));
	take_retry_after(call, json);
	const char *reason = text_at(json, "reason");
	if (reason)
		rf_call_set_reason(call, reason);
	if (words && take_words(call, words, error))
		return -1;
	return json_object_object_get(json, "result") ? take_result(text_at(json, "result"), result, error) : 0;
}
