/* A post of Ghost as an article of Referat's (referat/entry.h).
 *
 * Ghost keeps texts in a format of its own ("lexical") and makes HTML of it. What is sent as HTML it would take apart
 * and put together anew, without tables, languages and identifiers; so the text goes into a card of HTML, which stays
 * as it is, and which editors see as one block. */
#include "ghost.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <json-c/json.h>
#include <string.h>

enum { TITLE_MOST = 255, EXCERPT_MOST = 300 }; /* characters that Ghost takes */

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

static const char card_start[] = "<!--kg-card-begin: html-->\n", card_end[] = "\n<!--kg-card-end: html-->";

static const char *own_text(struct referat_call *call, struct json_object *json, const char *name)
{
	const char *text = referat_json_text(json, name);
	return referat_copy(call, text, strlen(text));
}

/* What a card holds when it is all that there is; else all of it. */
static const char *content_of(struct referat_call *call, const char *html)
{
	const char *start = html + strspn(html, " \t\r\n");
	const char *end = start + strlen(start);
	while (end > start && strchr(" \t\r\n", end[-1]))
		end--;
	size_t size = (size_t)(end - start), first = strlen(card_start), last = strlen(card_end);
	bool is_card = size >= first + last && memcmp(start, card_start, first) == 0 &&
		       memcmp(end - last, card_end, last) == 0 && strstr(start, card_end) == end - last;
	return is_card ? referat_copy(call, start + first, size - first - last) : referat_copy(call, start, size);
}

static bool has_tag(struct json_object *post, const char *slug)
{
	struct json_object *tags = NULL;
	if (!json_object_is_type(post, json_type_object) || !json_object_object_get_ex(post, "tags", &tags) ||
	    !json_object_is_type(tags, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(tags); i++)
		if (strcmp(referat_json_text(json_object_array_get_idx(tags, i), "slug"), slug) == 0)
			return true;
	return false;
}

struct post post_of(struct referat_call *call, struct json_object *answer, size_t n)
{
	struct json_object *posts = NULL, *json = NULL;
	if (json_object_is_type(answer, json_type_object) && json_object_object_get_ex(answer, "posts", &posts) &&
	    json_object_is_type(posts, json_type_array))
		json = json_object_array_get_idx(posts, n);
	const char *content = content_of(call, referat_json_text(json, "html"));
	return (struct post){.id = own_text(call, json, "id"),
			     .slug = own_text(call, json, "slug"),
			     .status = own_text(call, json, "status"),
			     .url = own_text(call, json, "url"),
			     .updated = own_text(call, json, "updated_at"),
			     .shown = own_text(call, json, "published_at"),
			     .is_tagged = has_tag(json, referat_format(call, "hash-%s", claim_name(call))),
			     .anew = anew_comment(call, content),
			     .says = {.title = own_text(call, json, "title"),
				      .excerpt = own_text(call, json, "custom_excerpt"),
				      .content = content}};
}

/* Ghost puts "-2" behind a slug that is taken. */
bool post_is_unfinished(struct referat_call *call, const struct post *post)
{
	const char *name = claim_name(call);
	size_t size = strlen(name);
	if (strcmp(post->status, "draft") != 0 || strncmp(post->slug, name, size) != 0)
		return false;
	const char *rest = post->slug + size;
	return !*rest || (*rest == '-' && rest[1 + strspn(rest + 1, "0123456789")] == '\0');
}

bool post_is_shown(const struct post *post)
{
	return strcmp(post->status, "published") == 0 || strcmp(post->status, "sent") == 0 ||
	       strcmp(post->status, "scheduled") == 0;
}

/* ---- what is wanted ------------------------------------------------------------------------------------------------
 */

/* A text of at most so many characters, cut between words. */
static const char *cut(struct referat_call *call, const char *text, size_t most)
{
	static const char dots[] = " …";
	size_t n = 0, end = 0;
	for (const char *c = text; *c; c++) {
		if (((unsigned char)*c & 0xc0) == 0x80)
			continue;
		if (n++ == most - 2)
			end = (size_t)(c - text);
	}
	if (n <= most)
		return text;
	size_t word = end;
	while (word > 0 && text[word] != ' ')
		word--;
	return referat_format(call, "%.*s%s", (int)(word ? word : end), text, dots);
}

struct referat_entry post_kept(struct referat_call *call, struct referat_entry entry, const char *comment)
{
	entry.title = cut(call, entry.title, TITLE_MOST);
	entry.excerpt = cut(call, entry.excerpt, EXCERPT_MOST);
	return referat_entry_marked(call, entry, comment, "");
}

struct referat_entry post_wanted(struct referat_call *call, const char *comment)
{
	return post_kept(call, referat_entry_wanted(call), comment);
}

struct referat_entry post_withdrawn(struct referat_call *call, const char *comment)
{
	return post_kept(call, referat_entry_withdrawn(call), comment);
}

/* ---- writing -------------------------------------------------------------------------------------------------------
 */

/* {"root": {"type": "root", "children": [{"type": "html", "html": …}]}}, as text. */
static struct json_object *lexical(const char *html)
{
	struct json_object *card = json_object_new_object(), *root = json_object_new_object();
	struct json_object *children = json_object_new_array(), *all = json_object_new_object();
	json_object_object_add(card, "type", json_object_new_string("html"));
	json_object_object_add(card, "version", json_object_new_int(1));
	json_object_object_add(card, "html", json_object_new_string(html));
	json_object_array_add(children, card);
	json_object_object_add(root, "children", children);
	json_object_object_add(root, "direction", NULL);
	json_object_object_add(root, "format", json_object_new_string(""));
	json_object_object_add(root, "indent", json_object_new_int(0));
	json_object_object_add(root, "type", json_object_new_string("root"));
	json_object_object_add(root, "version", json_object_new_int(1));
	json_object_object_add(all, "root", root);
	struct json_object *text = json_object_new_string(
	    json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(all);
	return text;
}

struct json_object *post_texts(const struct referat_entry *entry)
{
	struct json_object *members = json_object_new_object();
	json_object_object_add(members, "title", json_object_new_string(entry->title));
	json_object_object_add(members, "custom_excerpt",
			       entry->excerpt[0] ? json_object_new_string(entry->excerpt) : NULL);
	json_object_object_add(members, "lexical", lexical(entry->content));
	return members;
}

struct json_object *post_body(struct json_object *members)
{
	struct json_object *body = json_object_new_object(), *posts = json_object_new_array();
	json_object_array_add(posts, members);
	json_object_object_add(body, "posts", posts);
	return body;
}

/* ---- one post ------------------------------------------------------------------------------------------------------
 */

enum referat_result post_read(struct referat_call *call, const char *id, struct post *post)
{
	REPLY reply = {.code = ""};
	enum referat_result result = ghost_ask(
	    call, "GET", referat_format(call, "posts/%s/?" POST_FIELDS, referat_percent(call, id)), NULL, &reply);
	*post = post_of(call, reply.json, 0);
	return result;
}

enum referat_result post_write(struct referat_call *call, struct json_object *members, struct post *post,
			       bool *collided)
{
	REPLY reply = {.code = ""};
	json_object_object_add(members, "updated_at", json_object_new_string(post->updated));
	enum referat_result result =
	    ghost_ask(call, "PUT", referat_format(call, "posts/%s/?formats=html", referat_percent(call, post->id)),
		      post_body(members), &reply);
	*collided = reply_is_collision(&reply);
	if (result == REFERAT_OK)
		*post = post_of(call, reply.json, 0);
	return result;
}

enum referat_result post_delete(struct referat_call *call, const struct post *post)
{
	REPLY reply = {.code = ""};
	return ghost_ask(call, "DELETE", referat_format(call, "posts/%s/", referat_percent(call, post->id)), NULL,
			 &reply);
}
