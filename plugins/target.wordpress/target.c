/* target.wordpress: posts in WordPress as it comes, without a plugin of its own.
 *
 * remote_id is the post's number, remote_revision the print of what WordPress said it had stored ("withdrawn" when we
 * took it away). A post that says something else is a person's: it is held until one agrees to replace it. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/entry.h>
#include <referat/topics.h>

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char taken_away[] = "withdrawn";

#define CLOCKS_DIFFER_US INT64_C(60000000) /* as much as WordPress' clock may be behind ours */

static enum referat_result start(struct referat_call *call)
{
	struct wordpress *wordpress = calloc(1, sizeof *wordpress);
	if (!wordpress)
		return referat_because(call, REFERAT_FAIL, "out of memory");
	wordpress->terms = json_object_new_object();
	call->state = wordpress;
	return referat_topics_check(call);
}

static enum referat_result end(struct referat_call *call)
{
	struct wordpress *wordpress = call->state;
	if (wordpress) {
		json_object_put(wordpress->terms);
		free(wordpress->root);
		free(wordpress);
	}
	call->state = NULL;
	return REFERAT_OK;
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool is_shown(const struct post *post)
{
	return is(post->status, "publish") || is(post->status, "future");
}

/* ---- what a person did ---------------------------------------------------------------------------------------------
 */

static enum referat_result check_edits(struct referat_call *call, const struct post *there, const struct post *wanted)
{
	const char *known = referat_get(call, "remote_revision");
	const char *state = referat_format(call, "%s-%s", there->status, post_print(call, there));
	if (post_is_unfinished(call, there))
		return REFERAT_OK;
	if (is(there->status, "trash"))
		return is(known, taken_away) ? REFERAT_OK : referat_agreed(call, state, "target.wordpress.in-bin", "");
	if (is(referat_option(call, "status"), "publish") && !is_shown(there))
		return referat_agreed(call, state, "target.post-hidden", "");
	if (post_is_ours(call, there) || is(known, post_print(call, there)) || post_same_words(call, there, wanted))
		return REFERAT_OK;
	return referat_agreed(call, state, "target.post-edited", post_difference(call, there, wanted));
}

/* ---- put -----------------------------------------------------------------------------------------------------------
 */

/* The post that an attempt whose answer was lost has put into the place of the one with the number (renew.c). */
static enum referat_result find_renewed(struct referat_call *call, struct post *post)
{
	if (!referat_get(call, "purge")[0])
		return REFERAT_NOT_FOUND;
	enum referat_result result = claim_find(call, post);
	bool own = result == REFERAT_OK && (post_is_unfinished(call, post) || post_is_ours(call, post));
	return result == REFERAT_OK && !own ? REFERAT_NOT_FOUND : result;
}

static enum referat_result find(struct referat_call *call, struct post *post)
{
	long long id = strtoll(referat_get(call, "remote_id"), NULL, 10);
	if (id <= 0)
		return claim_find(call, post);
	REPLY reply = {.code = ""};
	enum referat_result result = wordpress_get(call, post_path(call, id), POST_FIELDS, &reply);
	if (result == REFERAT_OK)
		*post = post_of(call, reply.json);
	return result == REFERAT_NOT_FOUND ? find_renewed(call, post) : result;
}

/* By its number, where that is known; else by its claim, as a draft when it is new. */
static enum referat_result find_or_make(struct referat_call *call, const struct post *wanted, struct post *post)
{
	if (strtoll(referat_get(call, "remote_id"), NULL, 10) <= 0)
		return claim_make(call, wanted, post);
	enum referat_result result = find(call, post);
	if (result != REFERAT_NOT_FOUND)
		return result;
	result = is(referat_get(call, "remote_revision"), taken_away)
		     ? REFERAT_OK
		     : referat_agreed(call, "gone", "target.post-gone", "");
	return result == REFERAT_OK ? claim_make(call, wanted, post) : result;
}

/* WordPress shows a post whose time has come when its own timer runs: on a site that nobody visits, never. */
static bool is_overdue(struct referat_call *call, const struct post *post)
{
	return is(post->status, "future") && referat_instant_of(post->date) <= referat_now(call);
}

/* What makes a draft of ours, or what lies in the bin, is hidden or overdue, a post as it is to be. */
static void finish(struct referat_call *call, struct json_object *body, const struct post *post)
{
	const char *status = referat_option(call, "status");
	int64_t delay_us = referat_option_number(call, "delay");
	if (post_is_renewal(call, post)) {
		renewal_finish(call, body, post);
		return;
	}
	if (post_is_unfinished(call, post)) {
		json_object_object_add(body, "slug", json_object_new_string(claim_slug(call)));
		if (is(status, "publish") && delay_us > 0) {
			status = "future";
			json_object_object_add(body, "date_gmt",
					       json_object_new_string(referat_time_after(call, delay_us)));
		}
	}
	json_object_object_add(body, "status", json_object_new_string(status));
}

static void add_category(struct json_object *body, long long category)
{
	struct json_object *categories = json_object_new_array();
	json_object_array_add(categories, json_object_new_int64(category));
	json_object_object_add(body, "categories", categories);
}

/* A category that somebody has deleted since it was asked for is dropped without a word: another one is made. */
static enum referat_result check_category(struct referat_call *call, long long category, struct post *post)
{
	if (!category || post->category == category)
		return REFERAT_OK;
	terms_forget(call);
	enum referat_result result = term_category(call, &category);
	if (result != REFERAT_OK)
		return result;
	struct json_object *body = json_object_new_object();
	add_category(body, category);
	return post_send(call, body, post);
}

/* Only a new post gets a category: it is the editors' afterwards. */
static enum referat_result write_post(struct referat_call *call, const struct post *wanted, struct post *post)
{
	long long category = 0;
	bool is_new = post_is_unfinished(call, post) && !post_is_renewal(call, post);
	enum referat_result result = is_new ? term_category(call, &category) : REFERAT_OK;
	if (result != REFERAT_OK)
		return result;
	struct json_object *body = post_texts(wanted);
	if (category)
		add_category(body, category);
	bool hidden = !is_shown(post) && is(referat_option(call, "status"), "publish");
	if (post_is_unfinished(call, post) || hidden || is(post->status, "trash") || is_overdue(call, post))
		finish(call, body, post);
	result = post_send(call, body, post);
	return result == REFERAT_OK ? check_category(call, category, post) : result;
}

/* A draft says what it is to say before anybody can read it. It may be of an attempt at an older text. */
static enum referat_result prepare(struct referat_call *call, const struct post *wanted, struct post *post)
{
	if (post_same_words(call, post, wanted))
		return REFERAT_OK;
	enum referat_result result = post_send(call, post_texts(wanted), post);
	return result == REFERAT_OK ? post_check_words(call, post, wanted) : result;
}

/* It stands there; or it will, and is looked at again then. */
static enum referat_result published(struct referat_call *call, const struct post *post)
{
	if (is(post->status, "future")) {
		int64_t at_us = referat_instant_of(post->date), soon_us = referat_now(call) + CLOCKS_DIFFER_US;
		return referat_later(call, at_us > soon_us ? at_us : soon_us,
				     "WordPress has it, and shows it from %s UTC on", post->date);
	}
	return referat_published(call, referat_format(call, "%lld", post->id), post->link, post_print(call, post));
}

/* The file, then the text with a link to it; then what nothing leads to any more, and what may not be kept, goes. */
static enum referat_result put_whole(struct referat_call *call, struct post *post, struct attachment *file)
{
	enum referat_result result = media_put(call, post, file);
	if (result != REFERAT_OK)
		return result;
	struct post wanted = post_wanted(call, file);
	if (post_is_unfinished(call, post))
		result = prepare(call, &wanted, post);
	if (result == REFERAT_OK)
		result = write_post(call, &wanted, post);
	if (result == REFERAT_OK)
		result = post_check_words(call, post, &wanted);
	if (result == REFERAT_OK)
		result = media_remove(call, file->url);
	return result == REFERAT_OK ? renew(call, &wanted, post) : result;
}

static enum referat_result put(struct referat_call *call)
{
	if (!referat_rendition(call, "text/html")[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	struct attachment file;
	enum referat_result result = media_find(call, &file);
	if (result != REFERAT_OK)
		return result;
	struct post wanted = post_wanted(call, &file), post = {0};
	result = find_or_make(call, &wanted, &post);
	if (result == REFERAT_OK)
		result = check_edits(call, &post, &wanted);
	if (result == REFERAT_OK)
		result = put_whole(call, &post, &file);
	if (result == REFERAT_NOT_FOUND) /* it went while we were at it: the next attempt finds that */
		return REFERAT_RETRY;
	return result == REFERAT_OK ? published(call, &post) : result;
}

/* ---- lookup, withdraw ----------------------------------------------------------------------------------------------
 */

/* What is hidden, half made, overdue or says something else does not stand there; put sees to it. */
static bool stands(struct referat_call *call, const struct post *post, const struct attachment *file)
{
	struct post wanted = post_wanted(call, file);
	bool placed = !post_is_unfinished(call, post) && !is(post->status, "trash") && !is_overdue(call, post) &&
		      (is_shown(post) || !is(referat_option(call, "status"), "publish"));
	bool attached = file->size == 0 || (file->url[0] && strstr(post->content, file->url));
	return placed && attached && post_same_words(call, post, &wanted);
}

/* Files that nothing leads to any more, and what may not be kept. */
static enum referat_result find_remains(struct referat_call *call, const struct post *post,
					const struct attachment *file, bool *any)
{
	enum referat_result result = media_find_other(call, file->url, any);
	return result == REFERAT_OK && !*any && referat_get(call, "purge")[0] ? renew_find_past(call, post, any)
									      : result;
}

static enum referat_result lookup(struct referat_call *call)
{
	struct post post = {0};
	struct attachment file;
	bool remains = false;
	enum referat_result result = find(call, &post);
	if (result == REFERAT_OK)
		result = media_find(call, &file);
	if (result == REFERAT_OK && !stands(call, &post, &file))
		return REFERAT_NOT_FOUND;
	if (result == REFERAT_OK)
		result = find_remains(call, &post, &file, &remains);
	if (result != REFERAT_OK)
		return result;
	return remains ? REFERAT_NOT_FOUND : published(call, &post);
}

/* Into the bin; or for good, with what WordPress keeps of earlier texts. */
static enum referat_result take_away(struct referat_call *call, struct post *post)
{
	REPLY reply = {.code = ""};
	bool for_good = is(referat_option(call, "withdrawn"), "delete") || referat_get(call, "purge")[0];
	const char *query = for_good ? "force=true&_fields=deleted" : "_fields=id";
	enum referat_result result = wordpress_delete(call, post_path(call, post->id), query, &reply);
	if (result == REFERAT_OK)
		referat_published(call, referat_format(call, "%lld", post->id), post->link, taken_away);
	return result;
}

/* The word that is left, at the address where the document stood. A post that nobody could see needs none. */
static enum referat_result leave_word(struct referat_call *call, struct post *post)
{
	const struct post word = post_withdrawn(call);
	struct json_object *body = post_texts(&word);
	if (post_is_renewal(call, post))
		renewal_finish(call, body, post);
	enum referat_result result = post_send(call, body, post);
	if (result == REFERAT_OK)
		result = renew(call, &word, post);
	return result == REFERAT_OK ? published(call, post) : result;
}

/* The file goes for good, whatever stays of the post: WordPress has no bin for it. */
static enum referat_result withdraw(struct referat_call *call)
{
	struct post post = {0};
	bool for_good = is(referat_option(call, "withdrawn"), "delete") || referat_get(call, "purge")[0];
	enum referat_result result = find(call, &post);
	if (result == REFERAT_OK && (!is(post.status, "trash") || for_good)) {
		bool shown = is(post.status, "publish") || renewal_is_shown(call, &post);
		result = shown && is(referat_option(call, "withdrawn"), "word") ? leave_word(call, &post)
										: take_away(call, &post);
	}
	return result == REFERAT_NOT_FOUND || result == REFERAT_OK ? media_remove(call, "") : result;
}

/* ---- compare -------------------------------------------------------------------------------------------------------
 */

/* A post that is in the bin or hidden, where it was to be shown. */
static enum referat_result compare_shown(struct referat_call *call, const struct post *post)
{
	if (is(post->status, "trash"))
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.is-in-bin", NULL));
	if (is(referat_option(call, "status"), "publish") && !is_shown(post))
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.is-hidden", NULL));
	return REFERAT_OK;
}

static enum referat_result compare_withdrawn(struct referat_call *call, const struct post *post)
{
	const struct post word = post_withdrawn(call);
	if (!is_shown(post) || post_same_words(call, post, &word))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.still-there", "url", post->link, NULL));
}

static enum referat_result compare(struct referat_call *call)
{
	struct post post = {0};
	enum referat_result result = find(call, &post);
	if (result != REFERAT_OK)
		return result;
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, &post);
	struct attachment file;
	result = compare_shown(call, &post);
	if (result == REFERAT_OK)
		result = media_find(call, &file);
	if (result != REFERAT_OK)
		return result;
	struct post wanted = post_wanted(call, &file);
	if (post_same_words(call, &post, &wanted))
		return result;
	return referat_because(call, REFERAT_HOLD, "%s", post_difference(call, &post, &wanted));
}

/* ---- probe ---------------------------------------------------------------------------------------------------------
 */

static bool may(struct json_object *user, const char *right)
{
	struct json_object *rights = NULL, *value = NULL;
	return json_object_object_get_ex(user, "capabilities", &rights) &&
	       json_object_object_get_ex(rights, right, &value) && json_object_get_boolean(value);
}

static enum referat_result probe(struct referat_call *call)
{
	REPLY reply = {.code = ""};
	enum referat_result result =
	    wordpress_get(call, "wp/v2/users/me", "context=edit&_fields=id,capabilities", &reply);
	if (result != REFERAT_OK)
		return result == REFERAT_NOT_FOUND ? REFERAT_YIELD : result;
	const struct {
		const char *right;
		bool needed;
	} rights[] = {{"edit_posts", true},
		      {"edit_published_posts", true},
		      {"delete_published_posts", true},
		      {"publish_posts", is(referat_option(call, "status"), "publish")},
		      {"manage_categories", referat_option_flag(call, "categories")},
		      {"upload_files", !is(referat_option(call, "attach"), "none")}};
	for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
		if (rights[i].needed && !may(reply.json, rights[i].right))
			return referat_because(call, REFERAT_YIELD,
					       "the user %s has not the right %s in WordPress: give it the role Editor",
					       referat_option(call, "user"), rights[i].right);
	return REFERAT_OK;
}

static const struct referat_option options[] = {
    {.name = "url", .type = REFERAT_URL, .required = true, .help = "address of the site's start page"},
    {.name = "user", .type = REFERAT_STRING, .required = true, .help = "user in WordPress that writes the posts"},
    {.name = "password",
     .type = REFERAT_SECRET,
     .required = true,
     .help = "an application password of that user, not the one to log in with"},
    {.name = "status",
     .type = REFERAT_CHOICE,
     .fallback = "publish",
     .choices = "publish|draft|pending|private",
     .help = "what a new post becomes; a person may publish a draft"},
    {.name = "delay",
     .type = REFERAT_DURATION,
     .fallback = "0s",
     .max = INT64_C(30) * 86400 * 1000000,
     .help = "time between a new post and the moment when WordPress shows it"},
    {.name = "categories",
     .type = REFERAT_BOOLEAN,
     .fallback = "true",
     .help = "put new posts into a category with the board's name, made where there is none"},
    REFERAT_TOPICS_OPTION,
    {.name = "attach",
     .type = REFERAT_CHOICE,
     .fallback = "none",
     .choices = "none|pdf",
     .help = "put a document that came as a PDF into the media, with a link to it under the text"},
    {.name = "withdrawn",
     .type = REFERAT_CHOICE,
     .fallback = "word",
     .choices = "word|bin|delete",
     .help = "leave a word at the address of what is withdrawn, put it into the bin, or delete it for good"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.wordpress",
    .version = REFERAT_VERSION,
    .summary = "keeps posts in WordPress: drafts, publishes, corrects, withdraws",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK | REFERAT_TAKES_SOURCE | REFERAT_CAN_PURGE,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .open = start,
    .close = end,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
    .compare = compare,
};
