/* The one post of a document: found by its tag, made as a draft that nobody sees.
 *
 * Two writers of one document are kept apart by the broker; but one that was given up may wake and go on. Ghost refuses
 * a second draft of the same name at the same moment, and gives a later one another name. So whoever has made a draft
 * looks again: what is finished stays, then what has the name; a draft too many goes before anything of it was public.
 */
#include "ghost.h"

#include <referat/remote.h>
#include <referat/topics.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

enum { FOUND_MOST = 15 };

const char *claim_name(struct referat_call *call)
{
	return referat_format(call, "referat-%s", referat_get(call, "id"));
}

/* ---- looking -------------------------------------------------------------------------------------------------------
 */

/* All posts with the tag or the name of the claim, and what stands at the document's own address, the oldest first. */
static enum referat_result find_all(struct referat_call *call, struct post found[static FOUND_MOST], size_t *n)
{
	REPLY reply = {.code = ""};
	const char *name = claim_name(call), *slug = referat_entry_slug(call);
	const char *filter = referat_format(call, "tag:'hash-%s',slug:['%s'%s%s%s]", name, name, slug[0] ? ",'" : "",
					    slug, slug[0] ? "'" : "");
	const char *path = referat_format(call, "posts/?filter=%s&order=%s&limit=%d&include=tags&" POST_FIELDS,
					  referat_percent(call, filter), referat_percent(call, "id asc"), FOUND_MOST);
	enum referat_result result = ghost_ask(call, "GET", path, NULL, &reply);
	*n = 0;
	for (size_t i = 0; result == REFERAT_OK && i < FOUND_MOST; i++) {
		struct post post = post_of(call, reply.json, i);
		if (post.id[0] &&
		    (post.is_tagged || post_is_unfinished(call, &post) || referat_entry_is_marked(call, &post.says)))
			found[(*n)++] = post;
	}
	return result;
}

static int rank_of(struct referat_call *call, const struct post *post)
{
	if (post_is_shown(post))
		return 3;
	if (!post_is_unfinished(call, post))
		return 2;
	return strcmp(post->slug, claim_name(call)) == 0 ? 1 : 0;
}

static size_t best_of(struct referat_call *call, const struct post *found, size_t n)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (rank_of(call, &found[i]) > rank_of(call, &found[best]))
			best = i;
	return best;
}

enum referat_result claim_find(struct referat_call *call, struct post *post)
{
	struct post found[FOUND_MOST];
	size_t n;
	enum referat_result result = find_all(call, found, &n);
	if (result != REFERAT_OK)
		return result;
	if (n == 0)
		return REFERAT_NOT_FOUND;
	*post = found[best_of(call, found, n)];
	return REFERAT_OK;
}

/* ---- claiming ------------------------------------------------------------------------------------------------------
 */

static void add_tag(struct json_object *tags, const char *name, const char *slug)
{
	struct json_object *tag = json_object_new_object();
	json_object_object_add(tag, "name", json_object_new_string(name));
	json_object_object_add(tag, "slug", json_object_new_string(slug));
	json_object_array_add(tags, tag);
}

void claim_add_tag(struct referat_call *call, struct json_object *tags)
{
	const char *name = claim_name(call);
	add_tag(tags, referat_format(call, "#%s", name), referat_format(call, "hash-%s", name));
}

static enum referat_result add_topics(struct referat_call *call, struct json_object *tags)
{
	const char *names[REFERAT_TOPICS_MOST];
	size_t n;
	enum referat_result result = referat_topics(call, names, &n);
	for (size_t i = 0; i < n; i++)
		add_tag(tags, names[i], referat_slug(call, names[i]));
	return result;
}

/* The board's comes first: themes show the first one. */
static enum referat_result add_tags(struct referat_call *call, struct json_object *members)
{
	struct json_object *tags = json_object_new_array();
	const char *board = referat_get(call, "board");
	const char *slug = referat_slug(call, board);
	json_object_object_add(members, "tags", tags);
	if (slug[0] && referat_option_flag(call, "tags"))
		add_tag(tags, board, slug);
	claim_add_tag(call, tags);
	return add_topics(call, tags);
}

enum referat_result claim_draft(struct referat_call *call, struct json_object *members)
{
	REPLY reply = {.code = ""};
	json_object_object_add(members, "status", json_object_new_string("draft"));
	json_object_object_add(members, "slug", json_object_new_string(claim_name(call)));
	return ghost_ask(call, "POST", "posts/", post_body(members), &reply);
}

static enum referat_result make_draft(struct referat_call *call, const struct referat_entry *wanted)
{
	struct json_object *members = post_texts(wanted);
	enum referat_result result = add_tags(call, members);
	if (result == REFERAT_OK)
		return claim_draft(call, members);
	json_object_put(members);
	return result;
}

static enum referat_result remove_post(struct referat_call *call, const struct post *post)
{
	enum referat_result result = post_delete(call, post);
	return result == REFERAT_NOT_FOUND ? REFERAT_OK : result;
}

/* Takes away drafts too many; the best one is the document's. */
static enum referat_result settle(struct referat_call *call, const struct post *found, size_t n, struct post *post)
{
	size_t best = best_of(call, found, n);
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < n && result == REFERAT_OK; i++) {
		if (i == best || !post_is_unfinished(call, &found[i]))
			continue;
		result = remove_post(call, &found[i]);
	}
	*post = found[best];
	return result;
}

enum referat_result claim_make(struct referat_call *call, const struct referat_entry *wanted, struct post *post)
{
	struct post found[FOUND_MOST];
	size_t n;
	enum referat_result result = find_all(call, found, &n);
	if (result == REFERAT_OK && n == 0) {
		result = make_draft(call, wanted);
		if (result == REFERAT_OK)
			result = find_all(call, found, &n);
	}
	if (result != REFERAT_OK)
		return result;
	if (n == 0)
		return referat_because(call, REFERAT_RETRY, "Ghost does not find the draft that it has just made");
	return settle(call, found, n, post);
}

/* ---- made anew -----------------------------------------------------------------------------------------------------
 */

enum referat_result claim_find_anew(struct referat_call *call, struct post *draft)
{
	struct post found[FOUND_MOST];
	size_t n;
	enum referat_result result = find_all(call, found, &n);
	for (size_t i = 0; result == REFERAT_OK && i < n; i++) {
		if (!found[i].anew[0] || !post_is_unfinished(call, &found[i]))
			continue;
		*draft = found[i];
		return REFERAT_OK;
	}
	return result == REFERAT_OK ? REFERAT_NOT_FOUND : result;
}

enum referat_result claim_remove(struct referat_call *call, const struct post *post, const char *kept)
{
	struct post found[FOUND_MOST];
	size_t n;
	enum referat_result result = find_all(call, found, &n);
	for (size_t i = 0; result == REFERAT_OK && i < n; i++)
		if (post_is_unfinished(call, &found[i]) && strcmp(found[i].id, kept) != 0)
			result = remove_post(call, &found[i]);
	return result == REFERAT_OK ? remove_post(call, post) : result;
}
