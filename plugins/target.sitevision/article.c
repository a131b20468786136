/* An article as it stands in Sitevision, and as it is wanted there. */
#include "sitevision.h"

#include <referat/cms.h>
#include <referat/difference.h>
#include <referat/notice.h>
#include <referat/remote.h>

#include <json-c/json.h>
#include <string.h>

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* ---- what stands there ---------------------------------------------------------------------------------------------
 */

/* An address or an etag goes into headers and pages: it is one line. */
static const char *text(struct referat_call *call, struct json_object *json, const char *name)
{
	const char *value = referat_json_text(json, name);
	return referat_copy(call, value, strlen(value));
}

static const char *line(struct referat_call *call, struct json_object *json, const char *name)
{
	const char *value = referat_json_text(json, name);
	return referat_copy(call, value, strcspn(value, "\r\n"));
}

struct article article_of(struct referat_call *call, struct json_object *json)
{
	return (struct article){.page = line(call, json, "page"),
				.url = line(call, json, "url"),
				.state = line(call, json, "state"),
				.left = line(call, json, "left"),
				.at = line(call, json, "at"),
				.digest = line(call, json, "digest"),
				.etag = line(call, json, "etag"),
				.title = text(call, json, "title"),
				.html = text(call, json, "html"),
				.edited = referat_json_flag(json, "edited"),
				.unfinished = referat_json_flag(json, "unfinished")};
}

bool article_is_binned(const struct article *there)
{
	return is(there->state, "binned") && !is(there->left, "binned");
}

bool article_is_hidden(const struct article *there)
{
	return is(there->state, "unpublished") && (is(there->left, "published") || is(there->left, "withdrawn"));
}

bool article_stands(const struct article *there, const struct wanted *wanted)
{
	if (there->edited || !is(there->digest, wanted->digest) || is(there->state, "binned"))
		return false;
	bool shows = is(there->state, "published") || (is(there->state, "scheduled") && !is(wanted->publish, "now"));
	return shows || is(wanted->publish, "draft");
}

/* ---- what is wanted ------------------------------------------------------------------------------------------------
 */

/* What the RESTApp remembers of what it was given, so that the same again is known at once. What is written when
 * earlier versions must go is not the same as what stood there before. */
static struct wanted with_digest(struct referat_call *call, struct wanted wanted, const char *kind)
{
	const char *all = referat_format(call, "%s\1%s\1%s\1%s%s", kind, wanted.title, wanted.description, wanted.html,
					 referat_get(call, "purge"));
	wanted.digest = referat_sha256(call, all, strlen(all));
	return wanted;
}

/* The title as the name of a page, which has no slash. */
static const char *title_of(struct referat_call *call)
{
	const char *title = referat_get(call, "title");
	const char *slash;
	while ((slash = strchr(title, '/')))
		title = referat_format(call, "%.*s\u2013%s", (int)(slash - title), title, slash + 1);
	return title;
}

/* A page that people see already is corrected at once. */
static const char *when(struct referat_call *call, const struct article *there)
{
	int64_t delay_us = referat_option_number(call, "delay");
	if (is(referat_option(call, "status"), "draft"))
		return "draft";
	if (delay_us <= 0 || (there->state && is(there->state, "published")))
		return "now";
	return referat_format(call, "%sZ", referat_time_after(call, delay_us));
}

struct wanted wanted_document(struct referat_call *call, const struct article *there)
{
	struct wanted wanted = {.title = title_of(call),
				.html = referat_article(call),
				.description = referat_get(call, "short_text"),
				.publish = when(call, there)};
	return with_digest(call, wanted, referat_option(call, "status"));
}

struct wanted wanted_word(struct referat_call *call)
{
	const struct referat_notice notice = referat_withdrawn(call);
	struct wanted wanted = {
	    .title = notice.title, .html = notice.html, .description = "", .publish = "now", .withdrawn = true};
	return with_digest(call, wanted, "withdrawn");
}

const char *wanted_json(struct referat_call *call, const struct wanted *wanted)
{
	return referat_json(call, "title", wanted->title, "html", wanted->html, "description", wanted->description,
			    "digest", wanted->digest, "publish", wanted->publish, "withdrawn",
			    wanted->withdrawn ? "true" : "false", NULL);
}

/* ---- how they differ -----------------------------------------------------------------------------------------------
 */

/* All that people read of it. */
static const char *lines_of(struct referat_call *call, const char *title, const char *html)
{
	return referat_lines(call, referat_format(call, "<p>%s</p>%s", title, html));
}

bool article_same_words(struct referat_call *call, const struct article *there, const struct wanted *wanted)
{
	return is(lines_of(call, there->title, there->html), lines_of(call, wanted->title, wanted->html));
}

const char *article_difference(struct referat_call *call, const struct article *there, const struct wanted *wanted)
{
	return referat_difference(call, lines_of(call, there->title, there->html),
				  lines_of(call, wanted->title, wanted->html));
}
