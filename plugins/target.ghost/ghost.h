/* The inside of target.ghost.
 *
 * Ghost numbers its posts itself and knows no upsert, but three things make one (docs/publishing.md): an internal tag
 * `#referat-<id>`, which residents don't see, finds a document's post whatever becomes of its title or address; no two
 * posts have the same slug, so that a draft `referat-<id>` is made once, however many try; and a change names the
 * moment of the last one, so that Ghost refuses it when somebody was faster. */
#ifndef GHOST_H
#define GHOST_H

#include <referat/entry.h>
#include <referat/plugin.h>

struct json_object;

struct ghost {           /* call->state: what holds from call to call */
	bool is_checked; /* that there is a Ghost at the address */
};

/* ---- token.c: who we are -------------------------------------------------------------------------------------------
 */

/* The header that proves it for a few minutes, made of the Admin API key; NULL: the key is none. */
const char *token_header(struct referat_call *);

/* ---- api.c: requests -----------------------------------------------------------------------------------------------
 */

struct reply {
	int status;               /* HTTP; 0: no answer */
	struct json_object *json; /* NULL: the body is none */
	const char *code;         /* Ghost's word for what is wrong: "UPDATE_COLLISION", else "NotFoundError"; "" */
};

void reply_deinit(struct reply *reply);
#define REPLY __attribute__((cleanup(reply_deinit))) struct reply

/* One request, of a path below the Admin API ("posts/?limit=1"). A body is given away. Returns OK and a reply with JSON
 * (of DELETE: none), or what the failure comes to, with the reason. NOT_FOUND: what the path names does not exist. */
enum referat_result ghost_ask(struct referat_call *, const char *method, const char *path, struct json_object *body,
			      struct reply *);

/* Somebody has changed the post since it was read. */
bool reply_is_collision(const struct reply *reply);

/* ---- post.c: a post ------------------------------------------------------------------------------------------------
 */

struct post {
	const char *id;                                    /* "": none */
	const char *slug, *status, *url, *updated, *shown; /* the last two: moments, UTC */
	bool is_tagged;   /* with the document's claim; known where it was found by that */
	const char *anew; /* the comment that it begins with when it was made anew for this purge; "": it was not */
	struct referat_entry says;
};

/* What the plugin asks of a post, behind "posts/?" or "posts/ID/?". */
#define POST_FIELDS "fields=id,uuid,slug,status,url,updated_at,published_at,title,custom_excerpt&formats=html"

/* The n-th post of an answer; its texts are the call's. Its id is "" when there is none. */
struct post post_of(struct referat_call *, struct json_object *answer, size_t n);

/* As Ghost keeps an article: cut to what it takes, marked, behind a comment, "". What is to stand there: the document,
 * or the word that is left of it. */
struct referat_entry post_kept(struct referat_call *, struct referat_entry entry, const char *comment);
struct referat_entry post_wanted(struct referat_call *, const char *comment);
struct referat_entry post_withdrawn(struct referat_call *, const char *comment);

/* {"title", "custom_excerpt", "lexical"}: these texts, the last as a card of HTML, which Ghost leaves as it is. */
struct json_object *post_texts(const struct referat_entry *entry);
struct json_object *post_body(struct json_object *members); /* {"posts": [members]}; members are given away */

bool post_is_unfinished(struct referat_call *, const struct post *post); /* a draft of ours that never was more */
bool post_is_shown(const struct post *post);                             /* now, or at its time */

/* One post by its id; writes these members of it, unless somebody was faster. */
enum referat_result post_read(struct referat_call *, const char *id, struct post *post);
enum referat_result post_write(struct referat_call *, struct json_object *members, struct post *post, bool *collided);

enum referat_result post_delete(struct referat_call *, const struct post *post);

/* ---- claim.c: the one post of a document ---------------------------------------------------------------------------
 */

const char *claim_name(struct referat_call *); /* "referat-<id>": of the tag, and of a draft that is not finished */

/* The document's post. NOT_FOUND: there is none. */
enum referat_result claim_find(struct referat_call *, struct post *post);

/* The same, made as a draft where there is none. */
enum referat_result claim_make(struct referat_call *, const struct referat_entry *wanted, struct post *post);

/* Adds the claim's tag; makes a draft with these members, which are given away, under the claim's name. */
void claim_add_tag(struct referat_call *, struct json_object *tags);
enum referat_result claim_draft(struct referat_call *, struct json_object *members);

/* The draft that was begun to take a post's place in this purge. NOT_FOUND: there is none. */
enum referat_result claim_find_anew(struct referat_call *, struct post *draft);

/* Takes away for good the drafts that were never finished, but the one with that id ("": none), and then the post. */
enum referat_result claim_remove(struct referat_call *, const struct post *post, const char *kept);

/* ---- anew.c: a post without a history ------------------------------------------------------------------------------
 */

/* Whether nothing may be kept of earlier versions. */
bool anew_is_wanted(struct referat_call *);

/* What the content begins with when it was made anew for this purge; "": it was not. */
const char *anew_comment(struct referat_call *, const char *content);

/* The address of the post whose place it takes; "": none. */
const char *anew_slug(struct referat_call *, const struct post *post);

/* A draft that says the same as the entry takes the post's place, which is gone then. */
enum referat_result anew_make(struct referat_call *, struct referat_entry entry, struct post *post);

#endif
