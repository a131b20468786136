/* A post that takes the place of another, so that Ghost keeps nothing of what that one ever said: it lets nobody delete
 * the history of a post alone.
 *
 * The new one is a draft until the old one is gone, so residents never see two; and what it says begins with a comment
 * that names the purge and the address, so that whoever goes on after a crash knows it, wherever the first one stopped.
 */
#include "ghost.h"

#include <referat/remote.h>

#include <json-c/json.h>
#include <string.h>

enum { DIGITS_SHOWN = 16 };

static const char comment_end[] = " -->\n";

/* ---- the comment ---------------------------------------------------------------------------------------------------
 */

bool anew_is_wanted(struct referat_call *call)
{
	return referat_get(call, "purge")[0];
}

static const char *comment_start(struct referat_call *call)
{
	const char *purge = referat_get(call, "purge");
	return referat_format(call, "<!-- referat-anew %.*s ", DIGITS_SHOWN,
			      referat_sha256(call, purge, strlen(purge)));
}

static size_t slug_size(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");
}

const char *anew_comment(struct referat_call *call, const char *content)
{
	if (!anew_is_wanted(call))
		return "";
	const char *start = comment_start(call);
	size_t size = strlen(start);
	if (strncmp(content, start, size) != 0)
		return "";
	size += slug_size(content + size);
	if (strncmp(content + size, comment_end, strlen(comment_end)) != 0)
		return "";
	return referat_copy(call, content, size + strlen(comment_end));
}

const char *anew_slug(struct referat_call *call, const struct post *post)
{
	if (!post->anew[0])
		return "";
	const char *slug = post->anew + strlen(comment_start(call));
	return referat_copy(call, slug, slug_size(slug));
}

/* ---- the draft -----------------------------------------------------------------------------------------------------
 */

static void copy_members(struct json_object *from, struct json_object *to)
{
	static const char *const names[] = {"featured",   "feature_image", "feature_image_alt", "feature_image_caption",
					    "visibility", "published_at"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct json_object *value = NULL;
		if (json_object_object_get_ex(from, names[i], &value) && value)
			json_object_object_add(to, names[i], json_object_get(value));
	}
}

/* Tags or authors, by their ids. */
static void copy_relations(struct json_object *from, struct json_object *to, const char *name)
{
	struct json_object *list = NULL, *copies = json_object_new_array();
	json_object_object_get_ex(from, name, &list);
	for (size_t i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++) {
		struct json_object *copy = json_object_new_object(), *id = NULL;
		json_object_object_get_ex(json_object_array_get_idx(list, i), "id", &id);
		json_object_object_add(copy, "id", json_object_get(id));
		json_object_array_add(copies, copy);
	}
	json_object_object_add(to, name, copies);
}

/* What editors chose for the old post, and the texts; the claim's tag is among its tags, or is added. */
static enum referat_result members_of(struct referat_call *call, const struct post *old,
				      const struct referat_entry *wanted, struct json_object **members)
{
	REPLY reply = {.code = ""};
	const char *path = referat_format(call, "posts/%s/?include=tags,authors", referat_percent(call, old->id));
	enum referat_result result = ghost_ask(call, "GET", path, NULL, &reply);
	if (result != REFERAT_OK)
		return result;
	struct json_object *posts = NULL, *post = NULL;
	if (json_object_object_get_ex(reply.json, "posts", &posts) && json_object_is_type(posts, json_type_array))
		post = json_object_array_get_idx(posts, 0);
	if (!json_object_is_type(post, json_type_object))
		return referat_because(call, REFERAT_RETRY, "Ghost shows a post in a way that is not known");
	*members = post_texts(wanted);
	copy_members(post, *members);
	copy_relations(post, *members, "authors");
	copy_relations(post, *members, "tags");
	if (!post_of(call, reply.json, 0).is_tagged)
		claim_add_tag(call, json_object_object_get(*members, "tags"));
	return REFERAT_OK;
}

/* One that a first attempt has made, or a new one. */
static enum referat_result make_draft(struct referat_call *call, const struct post *old,
				      const struct referat_entry *wanted, struct post *draft)
{
	struct json_object *members = NULL;
	enum referat_result result = claim_find_anew(call, draft);
	if (result != REFERAT_NOT_FOUND)
		return result;
	result = members_of(call, old, wanted, &members);
	if (result == REFERAT_OK)
		result = claim_draft(call, members);
	return result == REFERAT_OK ? claim_find_anew(call, draft) : result;
}

enum referat_result anew_make(struct referat_call *call, struct referat_entry entry, struct post *post)
{
	struct post draft;
	const char *slug = post_is_unfinished(call, post) ? referat_entry_slug(call) : post->slug;
	const char *comment =
	    referat_format(call, "%s%.*s%s", comment_start(call), (int)slug_size(slug), slug, comment_end);
	const struct referat_entry wanted = post_kept(call, entry, comment);
	enum referat_result result = make_draft(call, post, &wanted, &draft);
	if (result == REFERAT_NOT_FOUND)
		return referat_because(call, REFERAT_RETRY, "Ghost does not find the draft that it has just made");
	if (result == REFERAT_OK)
		result = claim_remove(call, post, draft.id);
	if (result == REFERAT_OK)
		*post = draft;
	return result;
}
