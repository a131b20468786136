/* The terms of a post: its board's category, and tags for what it is about (referat/topics.h). Terms are made where
 * there are none; the numbers of those that were found are kept, for they are asked for with each post. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/topics.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

/* ---- making terms --------------------------------------------------------------------------------------------------
 */

enum referat_result term_make(struct referat_call *call, const char *path, const char *name, const char *slug,
			      const char *description, long long *id, bool *is_new)
{
	REPLY reply = {.code = ""};
	struct json_object *body = json_object_new_object();
	json_object_object_add(body, "name", json_object_new_string(name));
	json_object_object_add(body, "slug", json_object_new_string(slug));
	if (description[0])
		json_object_object_add(body, "description", json_object_new_string(description));
	enum referat_result result = wordpress_post(call, path, "_fields=id", body, &reply);
	struct json_object *data = NULL;
	*is_new = result == REFERAT_OK;
	*id = referat_json_number(reply.json, "id");
	if (strcmp(reply.code, "term_exists") == 0 && json_object_object_get_ex(reply.json, "data", &data)) {
		*id = referat_json_number(data, "term_id");
		result = REFERAT_OK;
	}
	if (reply.status == 403 && strcmp(reply.code, "rest_cannot_create") == 0)
		return referat_because(call, REFERAT_YIELD,
				       "the user %s may not make '%s' in WordPress: make it there by hand, or give the "
				       "user the role Editor, or leave the option out",
				       referat_option(call, "user"), name);
	if (result == REFERAT_OK && *id <= 0)
		return referat_because(call, REFERAT_RETRY, "WordPress gives no number of the term %s", slug);
	return result;
}

/* One that was asked for before, is there, or is made now. */
static enum referat_result find_or_make(struct referat_call *call, const char *path, const char *name, long long *id)
{
	struct wordpress *wordpress = call->state;
	const char *slug = referat_slug(call, name);
	const char *key = referat_format(call, "%s/%s", path, slug);
	*id = referat_json_number(wordpress->terms, key);
	if (*id || !slug[0])
		return REFERAT_OK;
	REPLY reply = {.code = ""};
	enum referat_result result =
	    wordpress_get(call, path, referat_format(call, "slug=%s&_fields=id", slug), &reply);
	if (result != REFERAT_OK)
		return result;
	bool is_new;
	if (json_object_is_type(reply.json, json_type_array) && json_object_array_length(reply.json) > 0)
		*id = referat_json_number(json_object_array_get_idx(reply.json, 0), "id");
	else
		result = term_make(call, path, name, slug, "", id, &is_new);
	if (result == REFERAT_OK)
		json_object_object_add(wordpress->terms, key, json_object_new_int64(*id));
	return result;
}

void terms_forget(struct referat_call *call)
{
	struct wordpress *wordpress = call->state;
	json_object_put(wordpress->terms);
	wordpress->terms = json_object_new_object();
}

enum referat_result term_category(struct referat_call *call, long long *id)
{
	*id = 0;
	if (!referat_option_flag(call, "categories"))
		return REFERAT_OK;
	return find_or_make(call, "wp/v2/categories", referat_get(call, "board"), id);
}

enum referat_result terms_topics(struct referat_call *call, struct json_object *tags)
{
	const char *names[REFERAT_TOPICS_MOST];
	size_t n;
	enum referat_result result = referat_topics(call, names, &n);
	for (size_t i = 0; i < n && result == REFERAT_OK; i++) {
		long long id;
		result = find_or_make(call, "wp/v2/tags", names[i], &id);
		if (result == REFERAT_OK && id)
			json_object_array_add(tags, json_object_new_int64(id));
	}
	return result;
}
