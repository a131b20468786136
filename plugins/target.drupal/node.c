/* A node of Drupal as an article of Referat's (referat/entry.h). */
#include "drupal.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>

static const char unfinished[] = "<!-- referat-unfinished -->\n";

/* ---- places --------------------------------------------------------------------------------------------------------
 */

/* RFC 9562 has version 5 for ids that are made of names. Digits of SHA-256 stand for those of SHA-1. */
const char *node_id(struct referat_call *call)
{
	const char *name = referat_format(call, "referat:%s", referat_get(call, "id"));
	const char *digits = referat_sha256(call, name, strlen(name));
	return referat_format(call, "%.8s-%.4s-5%.3s-8%.3s-%.12s", digits, digits + 8, digits + 12, digits + 15,
			      digits + 18);
}

const char *node_collection(struct referat_call *call)
{
	return referat_format(call, "node/%s", referat_percent(call, referat_option(call, "type")));
}

const char *node_path(struct referat_call *call)
{
	return referat_format(call, "%s/%s", node_collection(call), node_id(call));
}

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;
	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, name, &value);
	return value;
}

static const char *own_text(struct referat_call *call, struct json_object *object, const char *name)
{
	const char *text = referat_json_text(object, name);
	return referat_copy(call, text, strlen(text));
}

/* By its alias, where Drupal or a person has given it one. */
static const char *address_of(struct referat_call *call, struct json_object *attributes)
{
	const char *alias = referat_json_text(member(attributes, "path"), "alias");
	long long number = referat_json_number(attributes, "drupal_internal__nid");
	const char *path = alias[0] == '/' ? alias + 1 : referat_format(call, "node/%lld", number);
	return referat_address(call, referat_option(call, "url"), path);
}

static bool is_published(struct referat_call *call, struct json_object *attributes)
{
	if (referat_option_flag(call, "moderated"))
		return strcmp(referat_json_text(attributes, "moderation_state"), "published") == 0;
	return referat_json_flag(attributes, "status");
}

static enum referat_result node_of(struct referat_call *call, struct json_object *json, struct node *node)
{
	struct json_object *data = member(json, "data"), *attributes = member(data, "attributes");
	struct json_object *body = member(attributes, "body");
	if (strcmp(referat_json_text(data, "id"), node_id(call)) != 0)
		return referat_because(call, REFERAT_UNKNOWN, "the answer is not about the document's page");
	*node = (struct node){.id = own_text(call, data, "id"),
			      .url = address_of(call, attributes),
			      .is_published = is_published(call, attributes),
			      .processed = own_text(call, body, "processed"),
			      .says = {.title = own_text(call, attributes, "title"),
				       .excerpt = own_text(call, body, "summary"),
				       .content = own_text(call, body, "value")}};
	return REFERAT_OK;
}

enum referat_result node_read(struct referat_call *call, struct node *node)
{
	REPLY reply = {0};
	enum referat_result result = drupal_ask(call, "GET", node_path(call), NULL, &reply);
	return result == REFERAT_OK ? node_of(call, reply.json, node) : result;
}

bool node_is_unfinished(const struct node *node)
{
	return !node->is_published && strncmp(node->says.content, unfinished, strlen(unfinished)) == 0;
}

/* ---- writing -------------------------------------------------------------------------------------------------------
 */

struct referat_entry node_kept(struct referat_call *call, struct referat_entry entry, bool is_finished)
{
	return referat_entry_marked(call, entry, is_finished ? "" : unfinished, "");
}

static void add(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

/* In a workflow, a published page that becomes a draft stays published beside its draft; archived, it goes. */
static const char *state_of(bool publish, bool is_new)
{
	return publish ? "published" : is_new ? "draft" : "archived";
}

static void add_state(struct referat_call *call, struct json_object *attributes, bool publish, bool is_new)
{
	if (referat_option_flag(call, "moderated"))
		add(attributes, "moderation_state", state_of(publish, is_new));
	else
		json_object_object_add(attributes, "status", json_object_new_boolean(publish));
}

static void add_texts(struct referat_call *call, struct json_object *attributes, const struct referat_entry *entry)
{
	struct json_object *body = json_object_new_object();
	add(body, "value", entry->content);
	add(body, "summary", entry->excerpt);
	add(body, "format", referat_option(call, "format"));
	add(attributes, "title", entry->title);
	json_object_object_add(attributes, "body", body);
}

/* {"data": {"type": "node--article", "id": UUID, "attributes": {…}}}; the attributes are given away. */
static struct json_object *document_of(struct referat_call *call, struct json_object *attributes)
{
	struct json_object *document = json_object_new_object(), *data = json_object_new_object();
	add(data, "type", referat_format(call, "node--%s", referat_option(call, "type")));
	add(data, "id", node_id(call));
	json_object_object_add(data, "attributes", attributes);
	json_object_object_add(document, "data", data);
	return document;
}

static enum referat_result send(struct referat_call *call, const char *method, const char *path,
				const struct referat_entry *entry, bool publish, struct node *node)
{
	REPLY reply = {0};
	struct json_object *attributes = json_object_new_object();
	if (entry)
		add_texts(call, attributes, entry);
	add_state(call, attributes, publish, entry && !publish);
	enum referat_result result = drupal_ask(call, method, path, document_of(call, attributes), &reply);
	return result == REFERAT_OK ? node_of(call, reply.json, node) : result;
}

enum referat_result node_make(struct referat_call *call, const struct referat_entry *entry, struct node *node)
{
	return send(call, "POST", node_collection(call), entry, false, node);
}

enum referat_result node_change(struct referat_call *call, const struct referat_entry *entry, bool publish,
				struct node *node)
{
	return send(call, "PATCH", node_path(call), entry, publish, node);
}

enum referat_result node_delete(struct referat_call *call)
{
	REPLY reply = {0};
	return drupal_ask(call, "DELETE", node_path(call), NULL, &reply);
}
