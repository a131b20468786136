/* target.ghost: posts in Ghost, by its Admin API.
 *
 * remote_id is the post's id, remote_revision the print of what Ghost said it had stored ("withdrawn" when we took it
 * away). A post that says something else is a person's: it is held until one agrees to replace it. No mail is sent by
 * Ghost: that takes a newsletter in the request that publishes, and there is none. */
#include "ghost.h"

#include <referat/cms.h>
#include <referat/topics.h>

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>

enum { TRIES = 3 }; /* when somebody else writes to the same post at the same time */

#define CLOCKS_DIFFER_US INT64_C(60000000) /* as much as Ghost's clock may be behind ours */

static const char taken_away[] = "withdrawn";

static enum referat_result start(struct referat_call *call)
{
	call->state = calloc(1, sizeof(struct ghost));
	return call->state ? referat_topics_check(call) : referat_because(call, REFERAT_FAIL, "out of memory");
}

static enum referat_result end(struct referat_call *call)
{
	free(call->state);
	call->state = NULL;
	return REFERAT_OK;
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool shall_be_shown(struct referat_call *call)
{
	return is(referat_option(call, "status"), "publish");
}

/* ---- what a person did ---------------------------------------------------------------------------------------------
 */

static enum referat_result check_edits(struct referat_call *call, const struct post *there,
				       const struct referat_entry *wanted)
{
	const char *known = referat_get(call, "remote_revision");
	const char *print = referat_entry_print(call, &there->says);
	const char *state = referat_format(call, "%s-%s", there->status, print);
	if (post_is_unfinished(call, there))
		return REFERAT_OK;
	if (shall_be_shown(call) && !post_is_shown(there) && !is(known, taken_away))
		return referat_agreed(call, state, "target.post-hidden", "");
	if (referat_entry_is_ours(call, &there->says) || is(known, print) ||
	    referat_entry_same_words(call, &there->says, wanted))
		return REFERAT_OK;
	return referat_agreed(call, state, "target.post-edited", referat_entry_difference(call, &there->says, wanted));
}

/* ---- put -----------------------------------------------------------------------------------------------------------
 */

/* By its id, where that is known. One that was to be made anew may have another by now. */
static enum referat_result find(struct referat_call *call, struct post *post)
{
	const char *id = referat_get(call, "remote_id");
	enum referat_result result = id[0] ? post_read(call, id, post) : claim_find(call, post);
	return result == REFERAT_NOT_FOUND && id[0] && anew_is_wanted(call) ? claim_find(call, post) : result;
}

/* A new one begins as a draft. */
static enum referat_result find_or_make(struct referat_call *call, const struct referat_entry *wanted,
					struct post *post)
{
	if (!referat_get(call, "remote_id")[0])
		return claim_make(call, wanted, post);
	enum referat_result result = find(call, post);
	if (result != REFERAT_NOT_FOUND)
		return result;
	if (!is(referat_get(call, "remote_revision"), taken_away))
		result = referat_agreed(call, "gone", "target.post-gone", "");
	else
		result = REFERAT_OK;
	return result == REFERAT_OK ? claim_make(call, wanted, post) : result;
}

static void set_text(struct json_object *members, const char *name, const char *text)
{
	json_object_object_add(members, name, json_object_new_string(text));
}

/* What makes a draft of ours, or what was hidden, a post as it is to be. */
static void finish(struct referat_call *call, struct json_object *members, const struct post *post)
{
	const char *slug = anew_slug(call, post);
	if (!slug[0])
		slug = referat_entry_slug(call);
	int64_t delay_us = referat_option_number(call, "delay");
	if (!shall_be_shown(call)) {
		set_text(members, "status", "draft");
	} else if (delay_us > 0) {
		set_text(members, "status", "scheduled");
		set_text(members, "published_at", referat_format(call, "%s.000Z", referat_time_after(call, delay_us)));
	} else {
		set_text(members, "status", "published");
	}
	if (post_is_unfinished(call, post))
		set_text(members, "slug", slug[0] ? slug : referat_format(call, "d-%s", referat_get(call, "id")));
}

static enum referat_result check_words(struct referat_call *call, const struct post *stored,
				       const struct referat_entry *wanted)
{
	if (is(stored->says.content, wanted->content) || referat_entry_same_words(call, &stored->says, wanted))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.ghost.altered", "difference",
					   referat_entry_difference(call, &stored->says, wanted), NULL));
}

/* A draft says what it is to say before anybody can read it. It may be of an attempt at an older text. */
static enum referat_result prepare(struct referat_call *call, const struct referat_entry *wanted, struct post *post,
				   bool *collided)
{
	if (is(post->says.content, wanted->content))
		return REFERAT_OK;
	enum referat_result result = post_write(call, post_texts(wanted), post, collided);
	return result == REFERAT_OK ? check_words(call, post, wanted) : result;
}

static enum referat_result write_post(struct referat_call *call, const struct referat_entry *wanted, struct post *post,
				      bool *collided)
{
	struct json_object *members = post_texts(wanted);
	if (post_is_unfinished(call, post) || (shall_be_shown(call) && !post_is_shown(post)))
		finish(call, members, post);
	enum referat_result result = post_write(call, members, post, collided);
	return result == REFERAT_OK ? check_words(call, post, wanted) : result;
}

/* It stands there; or it will, and is looked at again then. A draft has no address but one for those who may see it. */
static enum referat_result published(struct referat_call *call, const struct post *post)
{
	if (is(post->status, "scheduled")) {
		int64_t at_us = referat_instant_of(post->shown), soon_us = referat_now(call) + CLOCKS_DIFFER_US;
		return referat_later(call, at_us > soon_us ? at_us : soon_us, "Ghost has it, and shows it from %s on",
				     post->shown);
	}
	return referat_published(call, post->id, is(post->status, "draft") ? NULL : post->url,
				 referat_entry_print(call, &post->says));
}

static enum referat_result write_all(struct referat_call *call, struct post *post, bool *collided)
{
	const struct referat_entry wanted = post_wanted(call, post->anew);
	enum referat_result result = REFERAT_OK;
	if (post_is_unfinished(call, post))
		result = prepare(call, &wanted, post, collided);
	return result == REFERAT_OK ? write_post(call, &wanted, post, collided) : result;
}

static enum referat_result try_put(struct referat_call *call, bool *collided)
{
	const struct referat_entry wanted = post_wanted(call, "");
	struct post post;
	*collided = false;
	enum referat_result result = find_or_make(call, &wanted, &post);
	if (result == REFERAT_OK)
		result = check_edits(call, &post, &wanted);
	if (result == REFERAT_OK && anew_is_wanted(call) && !post.anew[0])
		result = anew_make(call, referat_entry_wanted(call), &post);
	if (result == REFERAT_OK)
		result = write_all(call, &post, collided);
	if (result == REFERAT_NOT_FOUND) /* it went while we were at it: the next attempt finds that */
		return REFERAT_RETRY;
	return result == REFERAT_OK ? published(call, &post) : result;
}

static enum referat_result put(struct referat_call *call)
{
	if (!referat_rendition(call, "text/html")[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	enum referat_result result = REFERAT_RETRY;
	bool collided = true;
	for (int i = 0; i < TRIES && collided; i++)
		result = try_put(call, &collided);
	return result;
}

/* ---- lookup, withdraw ----------------------------------------------------------------------------------------------
 */

/* What is hidden, half made or says something else does not stand there; put sees to it. */
static enum referat_result lookup(struct referat_call *call)
{
	const struct referat_entry wanted = post_wanted(call, "");
	struct post post;
	enum referat_result result = find(call, &post);
	if (result != REFERAT_OK)
		return result;
	bool there = !post_is_unfinished(call, &post) && (post_is_shown(&post) || !shall_be_shown(call));
	bool same = referat_entry_same_words(call, &post.says, &wanted);
	bool has_no_past = !anew_is_wanted(call) || post.anew[0];
	return there && same && has_no_past ? published(call, &post) : REFERAT_NOT_FOUND;
}

/* At the address where the document stood. What nobody has seen yet is not shown at its time. */
static enum referat_result leave_word(struct referat_call *call, struct post *post, bool *collided)
{
	const struct referat_entry word = post_withdrawn(call, post->anew);
	struct json_object *members = post_texts(&word);
	if (post->anew[0] && post_is_unfinished(call, post))
		finish(call, members, post);
	else if (is(post->status, "scheduled"))
		set_text(members, "status", "draft");
	enum referat_result result = post_write(call, members, post, collided);
	return result == REFERAT_OK ? published(call, post) : result;
}

static enum referat_result make_draft(struct referat_call *call, struct post *post, bool *collided)
{
	struct json_object *members = json_object_new_object();
	set_text(members, "status", "draft");
	return post_write(call, members, post, collided);
}

/* That it was us is remembered, so that nobody is asked when it is published again. */
static enum referat_result gone(struct referat_call *call, const struct post *post, enum referat_result result)
{
	return result == REFERAT_OK ? referat_published(call, post->id, NULL, taken_away) : result;
}

/* Nothing is kept of what it said: a word of its own takes its place, where anybody has seen it, or nothing. */
static enum referat_result purge(struct referat_call *call, struct post *post, bool *collided)
{
	bool was_seen = is(post->status, "published") || is(post->status, "sent");
	bool leaves_word = is(referat_option(call, "withdrawn"), "word") && (was_seen || post->anew[0]);
	if (!leaves_word)
		return gone(call, post, claim_remove(call, post, ""));
	enum referat_result result = post->anew[0] ? REFERAT_OK : anew_make(call, referat_entry_withdrawn(call), post);
	return result == REFERAT_OK ? leave_word(call, post, collided) : result;
}

static enum referat_result take_away(struct referat_call *call, struct post *post, bool *collided)
{
	const char *way = referat_option(call, "withdrawn");
	if (anew_is_wanted(call))
		return purge(call, post, collided);
	if (is(way, "word"))
		return leave_word(call, post, collided);
	return gone(call, post, is(way, "draft") ? make_draft(call, post, collided) : post_delete(call, post));
}

static enum referat_result withdraw(struct referat_call *call)
{
	enum referat_result result = REFERAT_RETRY;
	bool collided = true;
	for (int i = 0; i < TRIES && collided; i++) {
		struct post post;
		collided = false;
		result = find(call, &post);
		if (result == REFERAT_OK)
			result = take_away(call, &post, &collided);
	}
	return result == REFERAT_NOT_FOUND ? REFERAT_OK : result;
}

/* ---- compare -------------------------------------------------------------------------------------------------------
 */

static enum referat_result compare_withdrawn(struct referat_call *call, const struct post *post)
{
	const struct referat_entry word = post_withdrawn(call, "");
	if (!post_is_shown(post) || referat_entry_same_words(call, &post->says, &word))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.still-there", "url", post->url, NULL));
}

static enum referat_result compare(struct referat_call *call)
{
	struct post post;
	enum referat_result result = find(call, &post);
	if (result != REFERAT_OK)
		return result;
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, &post);
	if (shall_be_shown(call) && !post_is_shown(&post))
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.is-hidden", NULL));
	const struct referat_entry wanted = post_wanted(call, "");
	if (referat_entry_same_words(call, &post.says, &wanted))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s", referat_entry_difference(call, &post.says, &wanted));
}

/* ---- probe ---------------------------------------------------------------------------------------------------------
 */

static enum referat_result probe(struct referat_call *call)
{
	REPLY reply = {.code = ""};
	enum referat_result result = ghost_ask(call, "GET", "posts/?limit=1&fields=id", NULL, &reply);
	return result == REFERAT_NOT_FOUND ? REFERAT_YIELD : result;
}

static const struct referat_option options[] = {
    {.name = "url", .type = REFERAT_URL, .required = true, .help = "address of the site's start page"},
    {.name = "key",
     .type = REFERAT_SECRET,
     .required = true,
     .help = "the Admin API key of a custom integration in Ghost"},
    {.name = "status",
     .type = REFERAT_CHOICE,
     .fallback = "publish",
     .choices = "publish|draft",
     .help = "what a new post becomes; a person may publish a draft"},
    {.name = "delay",
     .type = REFERAT_DURATION,
     .fallback = "0s",
     .max = INT64_C(30) * 86400 * 1000000,
     .help = "time between a new post and the moment when Ghost shows it"},
    {.name = "tags", .type = REFERAT_BOOLEAN, .fallback = "true", .help = "give new posts a tag with the board's name"},
    REFERAT_TOPICS_OPTION,
    {.name = "withdrawn",
     .type = REFERAT_CHOICE,
     .fallback = "word",
     .choices = "word|draft|delete",
     .help = "leave a word at the address of what is withdrawn, make it a draft again, or delete it for good"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.ghost",
    .version = REFERAT_VERSION,
    .summary = "keeps posts in Ghost: drafts, publishes, corrects, withdraws",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK | REFERAT_CAN_PURGE,
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
