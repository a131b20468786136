/* The terms of a post: its board's category, and tags for what it is about, by the operator's list of topics:
 *
 *     Skola: skola, skolan, förskol, elev
 *
 * A document gets the tag when a word of it begins with one of those. Terms are made where there are none; the numbers
 * of those that were found are kept, for they are asked for with each post. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/difference.h>
#include <referat/files.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

enum { TOPICS_MOST = 64, BEGINNINGS_MOST = 64, FILE_MOST = 64 * 1024 };

/* ---- making terms --------------------------------------------------------------------------------------------------
 */

enum referat_result term_make(struct referat_call *call, const char *path, const char *name, const char *slug,
			      long long *id, bool *is_new)
{
	REPLY reply = {.code = ""};
	struct json_object *body = json_object_new_object();
	json_object_object_add(body, "name", json_object_new_string(name));
	json_object_object_add(body, "slug", json_object_new_string(slug));
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
		result = term_make(call, path, name, slug, id, &is_new);
	if (result == REFERAT_OK)
		json_object_object_add(wordpress->terms, key, json_object_new_int64(*id));
	return result;
}

enum referat_result term_category(struct referat_call *call, long long *id)
{
	*id = 0;
	if (!referat_option_flag(call, "categories"))
		return REFERAT_OK;
	return find_or_make(call, "wp/v2/categories", referat_get(call, "board"), id);
}

/* ---- topics --------------------------------------------------------------------------------------------------------
 */

struct topic {
	const char *name;
	const char *beginnings[BEGINNINGS_MOST]; /* of words, as slugs */
	size_t n;
	bool found;
};

struct topics {
	struct topic all[TOPICS_MOST];
	size_t n;
};

static const char *trimmed(struct referat_call *call, const char *text)
{
	text += strspn(text, " \t\r");
	size_t size = strlen(text);
	while (size > 0 && strchr(" \t\r", text[size - 1]))
		size--;
	return referat_copy(call, text, size);
}

/* "Skola: skola, elev". */
static bool read_line(struct referat_call *call, char *line, struct topic *topic)
{
	char *words = strchr(line, ':');
	if (!words)
		return false;
	*words++ = '\0';
	topic->name = trimmed(call, line);
	for (char *word; topic->n < BEGINNINGS_MOST && (word = strsep(&words, ","));) {
		const char *slug = referat_slug(call, word);
		if (slug[0])
			topic->beginnings[topic->n++] = slug;
	}
	return topic->name[0] && topic->n > 0;
}

static enum referat_result read_topics(struct referat_call *call, struct topics *topics)
{
	const char *path = referat_option(call, "topics");
	if (!path[0])
		return REFERAT_OK;
	struct referat_bytes file = referat_file_read(call, path, FILE_MOST);
	if (!file.data)
		return referat_because(call, REFERAT_FAIL, "can't read the topics in %s (at most 64 KiB)", path);
	char *rest = (char *)referat_copy(call, file.data, file.size);
	int number = 0;
	for (char *line; (line = strsep(&rest, "\n"));) {
		number++;
		const char *text = trimmed(call, line);
		if (!text[0] || text[0] == '#')
			continue;
		if (topics->n == TOPICS_MOST || !read_line(call, (char *)text, &topics->all[topics->n]))
			return referat_because(call, REFERAT_FAIL,
					       "%s:%d: expected a topic and words ('Skola: skola, elev'), at most %d "
					       "topics",
					       path, number, TOPICS_MOST);
		topics->n++;
	}
	return REFERAT_OK;
}

static struct topics *new_topics(struct referat_call *call)
{
	return referat_alloc(call, sizeof(struct topics));
}

enum referat_result terms_check(struct referat_call *call)
{
	return read_topics(call, new_topics(call));
}

static void mark(struct topics *topics, const char *word)
{
	for (size_t i = 0; i < topics->n; i++) {
		struct topic *topic = &topics->all[i];
		for (size_t j = 0; j < topic->n && !topic->found; j++)
			topic->found = strncmp(word, topic->beginnings[j], strlen(topic->beginnings[j])) == 0;
	}
}

enum referat_result terms_topics(struct referat_call *call, struct json_object *tags)
{
	struct topics *topics = new_topics(call);
	enum referat_result result = read_topics(call, topics);
	if (result != REFERAT_OK || topics->n == 0)
		return result;
	const char *text = referat_lines(call, referat_article(call));
	char *rest = (char *)referat_format(call, "%s %s", referat_get(call, "title"), text);
	for (char *word; (word = strsep(&rest, " \n"));)
		mark(topics, referat_slug(call, word));
	for (size_t i = 0; i < topics->n && result == REFERAT_OK; i++) {
		long long id = 0;
		if (topics->all[i].found)
			result = find_or_make(call, "wp/v2/tags", topics->all[i].name, &id);
		if (result == REFERAT_OK && id)
			json_object_array_add(tags, json_object_new_int64(id));
	}
	return result;
}
