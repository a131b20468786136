/* The one post of a document: found by its tag, made as a draft that nobody sees.
 *
 * Two writers of one document are kept apart by the broker; but one that was given up may wake and go on. So whoever
 * has made a draft looks again, by the tag and by the draft's own name, which stands in the post from its first moment:
 * the lowest number stays, and the other takes its own draft away, before anything of it was public. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/entry.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

#define EVERY_STATUS "status=publish,future,draft,pending,private,trash"

const char *claim_name(struct referat_call *call)
{
	return referat_format(call, "referat-%s", referat_get(call, "id"));
}

const char *claim_slug(struct referat_call *call)
{
	const char *slug = referat_entry_slug(call);
	return slug[0] ? slug : claim_name(call);
}

/* ---- looking -------------------------------------------------------------------------------------------------------
 */

/* The first post of a list; its number is 0 where the list is empty. */
static enum referat_result first(struct referat_call *call, const char *query, struct post *post)
{
	REPLY reply = {.code = ""};
	enum referat_result result =
	    wordpress_get(call, post_path(call, 0),
			  referat_format(call, "%s&orderby=id&order=asc&per_page=1&" POST_FIELDS, query), &reply);
	*post = (struct post){0};
	if (result == REFERAT_OK && json_object_is_type(reply.json, json_type_array) &&
	    json_object_array_length(reply.json) > 0)
		*post = post_of(call, json_object_array_get_idx(reply.json, 0));
	return result;
}

static enum referat_result by_tag(struct referat_call *call, long long tag, struct post *post)
{
	return first(call, referat_format(call, "tags=%lld&" EVERY_STATUS, tag), post);
}

enum referat_result claim_find(struct referat_call *call, struct post *post)
{
	REPLY reply = {.code = ""};
	enum referat_result result =
	    wordpress_get(call, "wp/v2/tags", referat_format(call, "slug=%s&_fields=id", claim_name(call)), &reply);
	if (result != REFERAT_OK)
		return result;
	bool none = !json_object_is_type(reply.json, json_type_array) || json_object_array_length(reply.json) == 0;
	if (none)
		return REFERAT_NOT_FOUND;
	result = by_tag(call, referat_json_number(json_object_array_get_idx(reply.json, 0), "id"), post);
	return result == REFERAT_OK && !post->id ? REFERAT_NOT_FOUND : result;
}

/* ---- claiming ------------------------------------------------------------------------------------------------------
 */

static enum referat_result make_draft(struct referat_call *call, const struct post *wanted, long long tag,
				      struct post *post)
{
	REPLY reply = {.code = ""};
	struct json_object *tags = json_object_new_array();
	json_object_array_add(tags, json_object_new_int64(tag));
	enum referat_result result = terms_topics(call, tags);
	if (result != REFERAT_OK) {
		json_object_put(tags);
		return result;
	}
	struct json_object *body = json_object_new_object();
	json_object_object_add(body, "status", json_object_new_string("draft"));
	json_object_object_add(body, "slug", json_object_new_string(claim_name(call)));
	json_object_object_add(body, "title", json_object_new_string(wanted->title));
	json_object_object_add(body, "excerpt", json_object_new_string(wanted->excerpt));
	json_object_object_add(body, "content", json_object_new_string(wanted->content));
	json_object_object_add(body, "tags", tags);
	result = wordpress_post(call, post_path(call, 0), POST_FIELDS, body, &reply);
	if (result == REFERAT_OK)
		*post = post_of(call, reply.json);
	return result;
}

/* Of two drafts that were made at once, the one with the lower number stays. The name is asked for before the tag: a
 * post has its name from its first moment, and when it has lost it, for it is finished, it has the tag. */
static enum referat_result settle(struct referat_call *call, const char *name, const char *tagged, struct post *post)
{
	struct post other[2];
	enum referat_result result = first(call, referat_format(call, "slug=%s&" EVERY_STATUS, name), &other[0]);
	if (result == REFERAT_OK)
		result = first(call, tagged, &other[1]);
	for (int i = 0; i < 2 && result == REFERAT_OK; i++) {
		if (!other[i].id || other[i].id >= post->id)
			continue;
		REPLY reply = {.code = ""};
		result = wordpress_delete(call, post_path(call, post->id), "force=true&_fields=deleted", &reply);
		*post = other[i];
	}
	return result == REFERAT_NOT_FOUND ? REFERAT_OK : result;
}

enum referat_result claim_tag(struct referat_call *call, long long *tag, bool *is_new)
{
	return term_make(call, "wp/v2/tags", claim_name(call), claim_name(call),
			 referat_say(call, "target.wordpress.tag", NULL), tag, is_new);
}

/* A draft that is found may be another writer's, made a moment ago beside an earlier one. */
enum referat_result claim_make(struct referat_call *call, const struct post *wanted, struct post *post)
{
	long long tag;
	bool is_new;
	enum referat_result result = claim_tag(call, &tag, &is_new);
	*post = (struct post){0};
	if (result == REFERAT_OK && !is_new)
		result = by_tag(call, tag, post);
	if (result == REFERAT_OK && !post->id)
		result = make_draft(call, wanted, tag, post);
	if (result != REFERAT_OK || !post_is_unfinished(call, post) || post_is_renewal(call, post))
		return result;
	return settle(call, claim_name(call), referat_format(call, "tags=%lld&" EVERY_STATUS, tag), post);
}

/* ---- renewing (renew.c) --------------------------------------------------------------------------------------------
 */

enum referat_result claim_find_renewal(struct referat_call *call, const char *name, struct post *post)
{
	return first(call, referat_format(call, "slug=%s&status=draft", name), post);
}

/* The old post has the tag, too, and is no draft, or was one before. */
enum referat_result claim_settle_renewal(struct referat_call *call, const char *name, struct post *post)
{
	return settle(call, name, referat_format(call, "slug=%s&status=draft", name), post);
}
