/* A post without a past. WordPress keeps what a post said before as revisions, for whoever may edit it, and lets nobody
 * delete one alone: they go with their post. So where earlier versions must go (`purge`) a fresh post takes its place,
 * at the same address and with the same date, author, terms and files.
 *
 * 1. The fresh post is made as a draft under a name that says which address and status it is to have.
 * 2. The old one is deleted for good.
 * 3. The fresh one gets its address and is shown.
 *
 * Whatever answer is lost, the next attempt finds the draft by the document's claim and goes on; there are never two
 * that anybody can see, and none for the time between the last two steps. */
#include "wordpress.h"

#include <referat/cms.h>

#include <json-c/json.h>
#include <string.h>

enum { REVISIONS_AT_ONCE = 2, PAGES_MOST = 100, SLUG_MOST = 160 };

/* What a fresh post takes over. */
static const char *const kept[] = {"author",         "comment_status", "ping_status", "format",
				   "featured_media", "categories",     "template",    "date_gmt"};

/* ---- what WordPress keeps ------------------------------------------------------------------------------------------
 */

/* The oldest ones first, for those are what differs; few at once, for each has the whole text twice. */
static enum referat_result list_revisions(struct referat_call *call, const struct post *post, int page,
					  struct reply *reply)
{
	const char *query =
	    referat_format(call, "context=edit&_fields=id,title,excerpt,content&order=asc&per_page=%d&page=%d",
			   REVISIONS_AT_ONCE, page);
	enum referat_result result =
	    wordpress_get(call, referat_format(call, "wp/v2/posts/%lld/revisions", post->id), query, reply);
	bool is_behind_the_last = strcmp(reply->code, "rest_revision_invalid_page_number") == 0;
	return result == REFERAT_FAIL && is_behind_the_last ? REFERAT_OK : result;
}

enum referat_result renew_find_past(struct referat_call *call, const struct post *post, bool *has)
{
	const char *print = post_print(call, post);
	size_t n = REVISIONS_AT_ONCE;
	*has = false;
	for (int page = 1; n == REVISIONS_AT_ONCE && !*has; page++) {
		REPLY reply = {.code = ""};
		enum referat_result result = list_revisions(call, post, page, &reply);
		if (result != REFERAT_OK)
			return result;
		n = json_object_is_type(reply.json, json_type_array) ? json_object_array_length(reply.json) : 0;
		*has = page == PAGES_MOST; /* nobody has so many that are alike */
		for (size_t i = 0; i < n && !*has; i++) {
			const struct post earlier = post_of(call, json_object_array_get_idx(reply.json, i));
			*has = strcmp(post_print(call, &earlier), print) != 0;
		}
	}
	return REFERAT_OK;
}

static const char *renewal_start(struct referat_call *call)
{
	return referat_format(call, "%s-renews-", claim_name(call));
}

/* "referat-<id>-renews-publish-namnden-ett": behind the status; NULL: it is no such name. */
static const char *place_in(struct referat_call *call, const char *slug, const char **status)
{
	const char *start = renewal_start(call);
	if (strncmp(slug, start, strlen(start)) != 0)
		return NULL;
	const char *word = slug + strlen(start);
	size_t size = strcspn(word, "-");
	*status = referat_copy(call, word, size);
	return word[size] ? word + size + 1 : NULL;
}

/* ---- the fresh post ------------------------------------------------------------------------------------------------
 */

static const char *name_of(struct referat_call *call, const struct post *old)
{
	const char *slug = strlen(old->slug) <= SLUG_MOST ? old->slug : claim_slug(call);
	return referat_format(call, "%s%s-%s", renewal_start(call), old->status, slug);
}

static void keep(struct json_object *body, struct json_object *old, const char *name)
{
	struct json_object *value = NULL;
	if (json_object_object_get_ex(old, name, &value) && value)
		json_object_object_add(body, name, json_object_get(value));
}

/* The old post's tags, with the claim, which an editor may have taken away. */
static struct json_object *tags_of(struct json_object *old, long long claim)
{
	struct json_object *had = NULL, *tags = json_object_new_array();
	json_object_object_get_ex(old, "tags", &had);
	size_t n = json_object_is_type(had, json_type_array) ? json_object_array_length(had) : 0;
	bool has = false;
	for (size_t i = 0; i < n; i++) {
		struct json_object *tag = json_object_array_get_idx(had, i);
		has |= json_object_get_int64(tag) == claim;
		json_object_array_add(tags, json_object_get(tag));
	}
	if (!has)
		json_object_array_add(tags, json_object_new_int64(claim));
	return tags;
}

static enum referat_result make_fresh(struct referat_call *call, const struct post *wanted, const struct post *old,
				      struct post *fresh)
{
	REPLY reply = {.code = ""}, made = {.code = ""};
	long long claim;
	bool is_new;
	enum referat_result result = claim_tag(call, &claim, &is_new);
	if (result == REFERAT_OK)
		result = wordpress_get(call, post_path(call, old->id), "context=edit", &reply);
	if (result != REFERAT_OK)
		return result;
	struct json_object *body = post_texts(wanted);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		keep(body, reply.json, kept[i]);
	if (referat_json_flag(reply.json, "sticky"))
		keep(body, reply.json, "sticky");
	json_object_object_add(body, "tags", tags_of(reply.json, claim));
	json_object_object_add(body, "status", json_object_new_string("draft"));
	json_object_object_add(body, "slug", json_object_new_string(name_of(call, old)));
	result = wordpress_post(call, post_path(call, 0), POST_FIELDS, body, &made);
	if (result != REFERAT_OK)
		return result;
	*fresh = post_of(call, made.json);
	return claim_settle_renewal(call, name_of(call, old), fresh);
}

/* One of an earlier attempt, which may have had another text, or a new one. */
static enum referat_result find_or_make_fresh(struct referat_call *call, const struct post *wanted,
					      const struct post *old, struct post *fresh)
{
	enum referat_result result = claim_find_renewal(call, name_of(call, old), fresh);
	if (result == REFERAT_OK && fresh->id)
		return post_send(call, post_texts(wanted), fresh);
	return result == REFERAT_OK ? make_fresh(call, wanted, old, fresh) : result;
}

static enum referat_result delete_post(struct referat_call *call, long long id)
{
	REPLY reply = {.code = ""};
	return wordpress_delete(call, post_path(call, id), "force=true&_fields=deleted", &reply);
}

/* Where it is gone, another writer was faster. Its post may be the same draft, which it is about to finish; where it is
 * finished, and another one, ours is one too many. The next attempt finds what is there. */
static enum referat_result take_place(struct referat_call *call, const struct post *old, const struct post *fresh)
{
	struct post other = {0};
	enum referat_result result = delete_post(call, old->id);
	if (result != REFERAT_NOT_FOUND)
		return result;
	result = claim_find(call, &other);
	bool is_too_many = result == REFERAT_OK && other.id != fresh->id && !post_is_unfinished(call, &other);
	if (is_too_many)
		result = delete_post(call, fresh->id);
	return result == REFERAT_OK ? REFERAT_NOT_FOUND : result;
}

enum referat_result renew(struct referat_call *call, const struct post *wanted, struct post *post)
{
	bool has = false;
	struct post fresh = {0};
	if (!referat_get(call, "purge")[0])
		return REFERAT_OK;
	enum referat_result result = renew_find_past(call, post, &has);
	if (result != REFERAT_OK || !has)
		return result;
	result = find_or_make_fresh(call, wanted, post, &fresh);
	if (result == REFERAT_OK)
		result = post_check_words(call, &fresh, wanted);
	if (result == REFERAT_OK)
		result = media_move(call, post, &fresh);
	if (result == REFERAT_OK)
		result = take_place(call, post, &fresh);
	if (result != REFERAT_OK)
		return result;
	struct json_object *body = post_texts(wanted);
	renewal_finish(call, body, &fresh);
	*post = fresh;
	return post_send(call, body, post);
}

/* ---- its name ------------------------------------------------------------------------------------------------------
 */

bool post_is_renewal(struct referat_call *call, const struct post *post)
{
	const char *status;
	return strcmp(post->status, "draft") == 0 && place_in(call, post->slug, &status);
}

bool renewal_is_shown(struct referat_call *call, const struct post *post)
{
	const char *status = "";
	return post_is_renewal(call, post) && place_in(call, post->slug, &status) && strcmp(status, "publish") == 0;
}

void renewal_finish(struct referat_call *call, struct json_object *body, const struct post *fresh)
{
	const char *status = "", *slug = place_in(call, fresh->slug, &status);
	json_object_object_add(body, "slug", json_object_new_string(slug ? slug : claim_slug(call)));
	json_object_object_add(body, "status", json_object_new_string(status));
}
