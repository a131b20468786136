/* target.sitevision: pages in Sitevision, by way of a RESTApp of Referat's own that runs there.
 *
 * remote_id is the page's identifier, remote_revision the state in which it was left. What a person has changed there
 * is held until one agrees to replace just that. */
#include "sitevision.h"

#include <referat/cms.h>
#include <referat/remote.h>

#include <json-c/json.h>
#include <string.h>

enum { CONTRACT = 2, SKEW_MOST_S = 600 };

#define LOOK_AGAIN_US INT64_C(60000000)

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const char *article_path(struct referat_call *call)
{
	return referat_format(call, "articles/%s", referat_percent(call, referat_get(call, "id")));
}

static enum referat_result read_article(struct referat_call *call, struct article *there)
{
	REPLY reply = {.code = ""};
	enum referat_result result = sitevision_ask(call, (struct request){.path = article_path(call)}, &reply);
	if (result == REFERAT_OK)
		*there = article_of(call, reply.json);
	else
		there->missing = reply.code;
	return result;
}

/* It stands there; or it will, and is looked at again then, and once a minute where somebody has put it off. An
 * editor's draft is the editor's, whatever becomes of it. */
static enum referat_result published(struct referat_call *call, const struct article *there)
{
	bool is_ours_to_show = is(referat_option(call, "status"), "publish");
	if (is(there->state, "scheduled") && is_ours_to_show) {
		int64_t at_us = referat_instant_of(there->at), soon_us = referat_now(call) + LOOK_AGAIN_US;
		return referat_later(call, at_us > soon_us ? at_us : soon_us,
				     "Sitevision has it, and shows it from %s on",
				     there->at[0] ? there->at : "a later time");
	}
	return referat_published(call, there->page, there->url, there->etag);
}

/* ---- put -----------------------------------------------------------------------------------------------------------
 */

static enum referat_result check_edits(struct referat_call *call, const struct article *there,
				       const struct wanted *wanted)
{
	if (there->unfinished)
		return REFERAT_OK;
	if (article_is_binned(there))
		return referat_agreed(call, there->etag, "target.sitevision.in-bin", "");
	if (article_is_hidden(there) && !is(wanted->publish, "draft"))
		return referat_agreed(call, there->etag, "target.sitevision.hidden", "");
	if (!there->edited || article_same_words(call, there, wanted))
		return REFERAT_OK;
	return referat_agreed(call, there->etag, "target.sitevision.edited", article_difference(call, there, wanted));
}

/* The words that Sitevision has not kept, shown to a person; nothing of it is public. */
static enum referat_result show_loss(struct referat_call *call, const struct wanted *wanted)
{
	struct article there = {0};
	enum referat_result result = read_article(call, &there);
	if (result != REFERAT_OK)
		return result;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.sitevision.lost", "difference",
					   article_difference(call, &there, wanted), "id", referat_get(call, "id"),
					   NULL));
}

/* etag: of what was read; "" when nothing stands there. */
static enum referat_result write_article(struct referat_call *call, const char *etag, const struct wanted *wanted)
{
	REPLY reply = {.code = ""};
	struct request request = {
	    .method = "PUT", .path = article_path(call), .etag = etag, .body = wanted_json(call, wanted)};
	enum referat_result result = sitevision_ask(call, request, &reply);
	if (is(reply.code, "text-lost"))
		return show_loss(call, wanted);
	if (result == REFERAT_NOT_FOUND) /* it went while we were at it: the next attempt finds that */
		return REFERAT_RETRY;
	if (result != REFERAT_OK)
		return result;
	struct article there = article_of(call, reply.json);
	if (!is(there.digest, wanted->digest))
		return referat_because(call, REFERAT_UNKNOWN, "the answer is not about what was sent");
	return published(call, &there);
}

/* A page that was there and is gone for good is made anew only when a person agrees. */
static enum referat_result check_gone(struct referat_call *call, const struct article *there)
{
	return is(there->missing, "removed") ? referat_agreed(call, "gone", "target.sitevision.gone", "") : REFERAT_OK;
}

static bool purges(struct referat_call *call)
{
	return referat_get(call, "purge")[0];
}

/* The page with every version that Sitevision has of it. */
static enum referat_result erase(struct referat_call *call)
{
	REPLY reply = {.code = ""};
	const struct request request = {.method = "DELETE", .path = article_path(call), .query = "how=erase"};
	enum referat_result result = sitevision_ask(call, request, &reply);
	if (is(reply.code, "has-pages"))
		return referat_because(
		    call, REFERAT_HOLD, "%s",
		    referat_say(call, "target.sitevision.has-pages", "id", referat_get(call, "id"), NULL));
	if (is(reply.code, "erased") || is(reply.code, "unknown-article"))
		return REFERAT_OK;
	return result;
}

/* In the place of the page, which is erased before when nothing may be left of it. */
static enum referat_result replace_article(struct referat_call *call, const struct article *there,
					   const struct wanted *wanted)
{
	bool is_new = there->missing || there->unfinished;
	if (!purges(call))
		return write_article(call, is_new ? "" : there->etag, wanted);
	enum referat_result result = there->missing ? REFERAT_OK : erase(call);
	return result == REFERAT_OK ? write_article(call, "", wanted) : result;
}

static enum referat_result put(struct referat_call *call)
{
	if (!referat_rendition(call, "text/html")[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	struct article there = {0};
	enum referat_result result = read_article(call, &there);
	const struct wanted wanted = wanted_document(call, &there);
	if (result == REFERAT_OK && article_stands(&there, &wanted))
		return published(call, &there);
	if (result == REFERAT_OK)
		result = check_edits(call, &there, &wanted);
	else if (result == REFERAT_NOT_FOUND)
		result = check_gone(call, &there);
	return result == REFERAT_OK ? replace_article(call, &there, &wanted) : result;
}

/* What is hidden, half made or says something else does not stand there; put sees to it. */
static enum referat_result lookup(struct referat_call *call)
{
	struct article there = {0};
	enum referat_result result = read_article(call, &there);
	if (result != REFERAT_OK)
		return result;
	const struct wanted wanted = wanted_document(call, &there);
	return article_stands(&there, &wanted) ? published(call, &there) : REFERAT_NOT_FOUND;
}

/* ---- withdraw ------------------------------------------------------------------------------------------------------
 */

static enum referat_result take_away(struct referat_call *call, const char *how)
{
	REPLY reply = {.code = ""};
	const char *instead = referat_percent(call, referat_get(call, "withdrawn.replacement"));
	struct request request = {.method = "DELETE",
				  .path = article_path(call),
				  .query = referat_format(call, "how=%s&redirect=%s", how, instead)};
	enum referat_result result = sitevision_ask(call, request, &reply);
	if (result != REFERAT_OK)
		return result;
	const struct article left = article_of(call, reply.json);
	return published(call, &left);
}

static enum referat_result leave_word(struct referat_call *call, const struct article *there)
{
	const struct wanted word = wanted_word(call);
	bool stands = !there->missing && article_stands(there, &word);
	return stands ? published(call, there) : replace_article(call, there, &word);
}

/* A person's changes do not hinder it. A page that nobody could see needs no word; one that was erased, and was seen,
 * gets it. */
static enum referat_result withdraw(struct referat_call *call)
{
	struct article there = {0};
	enum referat_result result = read_article(call, &there);
	const char *how = referat_option(call, "withdrawn");
	bool was_seen = result == REFERAT_OK ? is(there.state, "published") : is(there.missing, "erased");
	if (is(how, "word") && was_seen && (result == REFERAT_OK || purges(call)))
		result = leave_word(call, &there);
	else if (result == REFERAT_OK)
		result = purges(call) ? erase(call) : take_away(call, is(how, "unpublish") ? "unpublish" : "bin");
	if (result != REFERAT_NOT_FOUND)
		return result;
	return there.missing && !there.missing[0] ? REFERAT_YIELD : REFERAT_OK;
}

/* ---- compare -------------------------------------------------------------------------------------------------------
 */

static enum referat_result compare_withdrawn(struct referat_call *call, const struct article *there)
{
	const struct wanted word = wanted_word(call);
	if (!is(there->state, "published") || article_same_words(call, there, &word))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.still-there", "url", there->url, NULL));
}

/* An answer without a code is not the RESTApp's: nobody knows whether the page is there. */
static enum referat_result compare(struct referat_call *call)
{
	struct article there = {0};
	enum referat_result result = read_article(call, &there);
	if (result == REFERAT_NOT_FOUND)
		return there.missing[0] ? REFERAT_NOT_FOUND : REFERAT_YIELD;
	if (result != REFERAT_OK)
		return result;
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, &there);
	const struct wanted wanted = wanted_document(call, &there);
	if (article_is_binned(&there))
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.is-in-bin", NULL));
	if (article_is_hidden(&there) && !is(wanted.publish, "draft"))
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.is-hidden", NULL));
	if (article_same_words(call, &there, &wanted))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s", article_difference(call, &there, &wanted));
}

/* ---- probe ---------------------------------------------------------------------------------------------------------
 */

static enum referat_result check_rights(struct referat_call *call, struct json_object *answer)
{
	struct json_object *rights = NULL;
	json_object_object_get_ex(answer, "rights", &rights);
	const struct {
		const char *right;
		bool needed;
	} needed[] = {{"create", true},
		      {"write", true},
		      {"publish", is(referat_option(call, "status"), "publish")},
		      {"delete", !is(referat_option(call, "withdrawn"), "unpublish")}};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (needed[i].needed && !referat_json_flag(rights, needed[i].right))
			return referat_because(call, REFERAT_YIELD,
					       "the user %s may not %s pages below the one that the RESTApp is set to",
					       referat_option(call, "user"), needed[i].right);
	return REFERAT_OK;
}

/* What is to be shown later is shown by Sitevision's clock. */
static enum referat_result check_clock(struct referat_call *call, struct json_object *answer)
{
	long long skew_s = referat_json_number(answer, "now") / 1000 - referat_now(call) / 1000000;
	bool matters = referat_option_number(call, "delay") > 0;
	if (matters && (skew_s > SKEW_MOST_S || skew_s < -SKEW_MOST_S))
		return referat_because(call, REFERAT_YIELD, "Sitevision's clock differs from ours by %lld s", skew_s);
	return REFERAT_OK;
}

static enum referat_result probe(struct referat_call *call)
{
	REPLY reply = {.code = ""};
	enum referat_result result = sitevision_ask(call, (struct request){.path = "probe"}, &reply);
	if (result != REFERAT_OK)
		return result;
	if (referat_json_number(reply.json, "contract") != CONTRACT)
		return referat_because(
		    call, REFERAT_YIELD,
		    "the RESTApp is of another version: upload the one that belongs to this Referat");
	result = check_rights(call, reply.json);
	return result == REFERAT_OK ? check_clock(call, reply.json) : result;
}

static const struct referat_option options[] = {
    {.name = "url",
     .type = REFERAT_URL,
     .required = true,
     .help = "address of the RESTApp: https://HOST/rest-api/NAME OF THE ADD-ON"},
    {.name = "user", .type = REFERAT_STRING, .required = true, .help = "user name in Sitevision"},
    {.name = "password", .type = REFERAT_SECRET, .required = true, .help = "the user's password"},
    {.name = "status",
     .type = REFERAT_CHOICE,
     .fallback = "publish",
     .choices = "publish|draft",
     .help = "publish pages, or leave them to an editor who does"},
    {.name = "delay",
     .type = REFERAT_DURATION,
     .fallback = "0s",
     .max = INT64_C(365) * 24 * 3600 * 1000000,
     .help = "show new pages so much later"},
    {.name = "withdrawn",
     .type = REFERAT_CHOICE,
     .fallback = "word",
     .choices = "word|unpublish|bin",
     .help = "leave a word at the address of what is withdrawn, take the page from the site, or put it into the bin"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.sitevision",
    .version = REFERAT_VERSION,
    .summary = "keeps pages in Sitevision: drafts, publishes, corrects, withdraws",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_NEEDS_NETWORK | REFERAT_CAN_PURGE,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .probe = probe,
    .compare = compare,
};
