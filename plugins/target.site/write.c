/* Files below the root, and what the templates of pages get. */
#include "site.h"

#include <referat/files.h>
#include <referat/mustache.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const char *const texts[] = {"skip",  "latest",   "none", "years",     "months",        "boards",  "all",
				    "trail", "outcomes", "feed", "subscribe", "accessibility", "privacy", NULL};

const char *site_base_url(struct referat_call *call)
{
	const char *url = referat_option(call, "base_url");
	size_t length = strlen(url);
	return length && url[length - 1] == '/' ? url : referat_format(call, "%s/", url);
}

const char *site_authority(struct referat_call *call)
{
	const char *given = referat_option(call, "feed_authority");
	const char *host = strstr(referat_option(call, "base_url"), "//");
	if (given[0] || !host)
		return given;
	return referat_copy(call, host + 2, strcspn(host + 2, "/:?#"));
}

enum referat_result site_write(struct referat_call *call, const struct site *site, const char *path, const char *data,
			       size_t size)
{
	return referat_file_replace(call, referat_format(call, "%s/%s", site->root, path),
				    referat_format(call, "%s/.writing", site->root), data, size, false);
}

/* ---- contexts ---------------------------------------------------------------------------------------------------- */

static void put_link(struct json_object *context, const char *name, const char *address)
{
	referat_put(context, name, referat_is_link(address) ? address : NULL);
}

struct json_object *site_context(struct referat_call *call, const struct site *site, const char *root)
{
	const Referat__Publisher *publisher = site->publisher;
	const char *name = publisher->name ? publisher->name : "";
	const char *title = referat_option(call, "title");
	struct json_object *context = json_object_new_object();
	struct json_object *said = referat_texts(call, "target.site", texts);
	json_object_object_add(context, "t", said);
	referat_put(context, "language", publisher->language ? publisher->language : "sv");
	referat_put(context, "publisher", name);
	referat_put(context, "site_title",
		    title[0] ? title : referat_say(call, "target.site.title", "name", name, NULL));
	referat_put(context, "root", root);
	referat_put(context, "base_url", site_base_url(call));
	const char *contact = publisher->contact ? publisher->contact : "";
	referat_put(context, "contact", contact);
	referat_put(context, "contact_words", referat_say(call, "target.site.contact", "contact", contact, NULL));
	put_link(context, "home", publisher->home);
	put_link(context, "subscribe", publisher->subscribe);
	put_link(context, "accessibility", publisher->accessibility);
	put_link(context, "privacy", publisher->privacy);
	return context;
}

/* ---- rendering --------------------------------------------------------------------------------------------------- */

static const char *partial(void *context, const char *name)
{
	struct referat_call *call = context;
	return (const char *)referat_data_file(call, referat_format(call, "%s.mustache", name)).data;
}

char *site_template(struct referat_call *call, const char *template_name, struct json_object *context)
{
	char problem[256] = "";
	struct referat_bytes template_file = referat_data_file(call, template_name);
	char *text = template_file.data ? referat_mustache((const char *)template_file.data, context, partial, call,
							   problem, sizeof problem)
					: NULL;
	if (!text)
		referat_because(call, REFERAT_YIELD, "template %s: %s", template_name,
				problem[0] ? problem : "it is not installed");
	return text;
}

enum referat_result site_render(struct referat_call *call, const struct site *site, const char *path,
				const char *template_name, struct json_object *context)
{
	char *text = site_template(call, template_name, context);
	json_object_put(context);
	if (!text)
		return REFERAT_YIELD;
	enum referat_result result = site_write(call, site, path, text, strlen(text));
	free(text);
	return result;
}

char *site_notice(struct referat_call *call, const struct site *site, const struct notice *notice)
{
	struct json_object *context = site_context(call, site, notice->root);
	referat_put(context, "title", notice->title);
	referat_put(context, "text", notice->text);
	referat_put(context, "html", notice->html);
	referat_put(context, "target", notice->target);
	char *text = site_template(call, "notice.mustache", context);
	json_object_put(context);
	return text;
}
