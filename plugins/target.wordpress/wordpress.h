/* The inside of target.wordpress.
 *
 * WordPress has no upsert, no idempotency keys and no compare-and-set, so they are made of what it has (docs/
 * publishing.md): names of tags are unique, so a tag `referat-<id>` finds a document's post whatever becomes of its
 * title, address or status; a post is made as a draft under that name and published by its number, so that nothing that
 * is done twice is seen twice; and a mark in the text tells what Referat wrote from what a person has changed. */
#ifndef WORDPRESS_H
#define WORDPRESS_H

#include <referat/plugin.h>

struct json_object;

/* ---- api.c: requests -----------------------------------------------------------------------------------------------
 */

struct wordpress {                 /* call->state: what holds from call to call */
	char *root;                /* of the API, as the site told it; NULL: not known */
	struct json_object *terms; /* "wp/v2/tags/skola": numbers of categories and tags */
};

struct reply {
	int status;               /* HTTP; 0: no answer */
	struct json_object *json; /* NULL: the body is none */
	const char *code;         /* WordPress' word for what is wrong: "rest_post_invalid_id"; "" */
};

void reply_deinit(struct reply *reply);
#define REPLY __attribute__((cleanup(reply_deinit))) struct reply

/* What the plugin sees of a post: texts as they are stored, not as they are shown. */
#define POST_FIELDS "_fields=id,slug,status,link,date_gmt,categories,title.raw,excerpt.raw,content.raw&context=edit"

/* One request, of a path below the API's root ("wp/v2/posts/5") with a query, "" when there is none. A body is POSTed
 * and given away. Returns OK and a reply with JSON, or what the failure comes to, with the reason. NOT_FOUND: what the
 * path names does not exist or lies in the bin. */
enum referat_result wordpress_get(struct referat_call *, const char *path, const char *query, struct reply *);
enum referat_result wordpress_post(struct referat_call *, const char *path, const char *query, struct json_object *body,
				   struct reply *);
enum referat_result wordpress_delete(struct referat_call *, const char *path, const char *query, struct reply *);
enum referat_result wordpress_upload(struct referat_call *, const char *path, const char *query, const char *name,
				     struct referat_bytes pdf, struct reply *);

/* ---- post.c: a post, and whose words are in it ---------------------------------------------------------------------
 */

struct post {
	long long id; /* 0: none */
	const char *slug, *status, *link;
	const char *date; /* UTC, "2024-05-08T09:00:00": when it is shown, or was */
	const char *title, *excerpt, *content;
	long long category; /* the first one; 0: none */
};

struct attachment {      /* the document's file in WordPress' media */
	const char *url; /* "": there is none */
	size_t size;
};

/* The post in an answer; its texts are the call's. */
struct post post_of(struct referat_call *, struct json_object *json);

/* What is to stand there: the document, or the word that is left of it. Number, slug, status and link are empty. */
struct post post_wanted(struct referat_call *, const struct attachment *file);
struct post post_withdrawn(struct referat_call *);

/* A digest of what a post says: title, excerpt, content. */
const char *post_print(struct referat_call *, const struct post *post);

/* Whether it holds, unchanged, what Referat wrote; whether it says the same, whatever the markup. */
bool post_is_ours(struct referat_call *, const struct post *post);
bool post_same_words(struct referat_call *, const struct post *a, const struct post *b);

/* A draft of ours that was never finished: it still has its first name, or that of one that is to take another's place
 * (renew.c). */
bool post_is_unfinished(struct referat_call *, const struct post *post);

/* How two posts differ, in lines for the publisher. */
const char *post_difference(struct referat_call *, const struct post *there, const struct post *wanted);

/* ---- write.c: writing to a post ------------------------------------------------------------------------------------
 */

const char *post_path(struct referat_call *, long long id); /* of the post, 0: of all */

/* Its title, excerpt and text, as the body of a request. */
struct json_object *post_texts(const struct post *post);

/* Writes the body, which is given away, and reads what WordPress says it has stored. */
enum referat_result post_send(struct referat_call *, struct json_object *body, struct post *post);

/* Roles without the right unfiltered_html have their HTML cleaned. Markup may go; HOLD: words have gone. */
enum referat_result post_check_words(struct referat_call *, const struct post *stored, const struct post *wanted);

/* ---- claim.c: the one post of a document ----------------------------------------------------------------------------
 */

const char *claim_name(struct referat_call *); /* "referat-<id>": of the tag, and of a draft that is not finished */
const char *claim_slug(struct referat_call *); /* the last part of the card's path, as in every site of ours */

/* The tag of that name, made where there is none. */
enum referat_result claim_tag(struct referat_call *, long long *tag, bool *is_new);

/* The document's post. NOT_FOUND: there is none. */
enum referat_result claim_find(struct referat_call *, struct post *post);

/* The same, made as a draft where there is none; tag is the claim's. */
enum referat_result claim_make(struct referat_call *, const struct post *wanted, struct post *post);

/* The draft of that name; its number is 0 where there is none. And of two of that name, the one that stays. */
enum referat_result claim_find_renewal(struct referat_call *, const char *name, struct post *post);
enum referat_result claim_settle_renewal(struct referat_call *, const char *name, struct post *post);

/* ---- renew.c: a post without a past ---------------------------------------------------------------------------------
 */

/* Whether WordPress keeps anything for editors that the post does not say. */
enum referat_result renew_find_past(struct referat_call *, const struct post *post, bool *has);

/* Where that may not be (`purge`): a fresh post says what is wanted in its place. NOT_FOUND: it went meanwhile. */
enum referat_result renew(struct referat_call *, const struct post *wanted, struct post *post);

/* A draft that is to take a post's place, and whether that was shown; what makes it take it, added to a request. */
bool post_is_renewal(struct referat_call *, const struct post *post);
bool renewal_is_shown(struct referat_call *, const struct post *post);
void renewal_finish(struct referat_call *, struct json_object *body, const struct post *fresh);

/* ---- terms.c: categories and tags ----------------------------------------------------------------------------------
 */

/* A term, made where there is none: WordPress says which number the one has that is there already. The description, ""
 * or for editors, is of a new one. */
enum referat_result term_make(struct referat_call *, const char *path, const char *name, const char *slug,
			      const char *description, long long *id, bool *is_new);

/* The category of the document's board; 0: no board, or none is wanted. */
enum referat_result term_category(struct referat_call *, long long *id);

/* Nothing that was asked for before is known any more: somebody may have deleted it. */
void terms_forget(struct referat_call *);

/* Adds the numbers of the tags of what the document is about. */
enum referat_result terms_topics(struct referat_call *, struct json_object *tags);

/* ---- media.c: the document's file ----------------------------------------------------------------------------------
 */

/* Where the file stands, if one is wanted; put uploads it where it was not found. */
enum referat_result media_find(struct referat_call *, struct attachment *file);
enum referat_result media_put(struct referat_call *, const struct post *post, struct attachment *file);

/* Deletes the document's files for good, but the one at that address; "": all. Whether there are any of them. */
enum referat_result media_remove(struct referat_call *, const char *kept_url);
enum referat_result media_find_other(struct referat_call *, const char *kept_url, bool *any);

/* What is attached to a post, by whomever, is another post's. */
enum referat_result media_move(struct referat_call *, const struct post *from, const struct post *to);

#endif
