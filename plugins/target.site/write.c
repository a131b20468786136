#include "site.h"

#include <referat/files.h>
#include <referat/message.h>
#include <referat/mustache.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const char *const texts[] = {"skip",     "latest",    "none", "years",     "boards",        "all",     "trail",
				    "outcomes", "corrected", "feed", "subscribe", "accessibility", "privacy", NULL};

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
			       size_t size, bool durable)
{
	return referat_file_replace(call, referat_format(call, "%s/%s", site->root, path),
				    referat_format(call, "%s/.writing", site->root), data, size, durable);
}

/* ---- contexts
 * -------------------------------------------------------------------------------------------------------- */

static void put_link(struct json_object *context, const char *name, const char *address)
{
	referat_put(context, name, referat_is_link(address) ? address : NULL);
}

struct json_object *site_context(struct referat_call *call, const char *root)
{
	static const Referat__Publisher none = REFERAT__PUBLISHER__INIT;
	const Referat__Publisher *publisher = referat_unpack(call, "publisher", &referat__publisher__descriptor);
	if (!publisher)
		publisher = &none;
	const char *name = publisher->name ? publisher->name : "";
	const char *title = referat_option(call, "title");
	struct json_object *context = json_object_new_object();
	struct json_object *said = referat_texts(call, "target.site", texts);
	referat_put(said, "home", referat_say(call, "target.site.home", "name", name, NULL));
	json_object_object_add(context, "t", said);
	referat_put(context, "language", publisher->language ? publisher->language : "sv");
	referat_put(context, "publisher", name);
	referat_put(context, "site_title",
		    title[0] ? title : referat_say(call, "target.site.title", "name", name, NULL));
	referat_put(context, "root", root);
	referat_put(context, "base_url", site_base_url(call));
	put_link(context, "home", publisher->home);
	put_link(context, "subscribe", publisher->subscribe);
	put_link(context, "accessibility", publisher->accessibility);
	put_link(context, "privacy", publisher->privacy);
	return context;
}

/* XML 1.0 has no way to write most control characters. */
static void put_clean(struct referat_call *call, struct json_object *object, const char *name, const char *text)
{
	char *clean = (char *)referat_copy(call, text ? text : "", text ? strlen(text) : 0);
	for (char *c = clean; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
		if (!memcmp(c, "\xef\xbf", 2) && ((unsigned char)c[2] == 0xbe || (unsigned char)c[2] == 0xbf))
			c[2] = (char)0xbd; /* U+FFFE and U+FFFF become U+FFFD */
	}
	referat_put(object, name, clean);
}

static const char *outcome_words(struct referat_call *call, const Referat__Card *card)
{
	const char *words = "";
	for (size_t i = 0; i < card->n_outcomes; i++) {
		const char *key = referat_outcome_key((int)card->outcomes[i]);
		if (key)
			words = referat_format(call, "%s%s%s", words, words[0] ? ", " : "",
					       referat_say(call, referat_format(call, "outcome.%s", key), NULL));
	}
	return words;
}

struct json_object *site_entry(struct referat_call *call, const struct site *site, const struct row *row)
{
	const Referat__Card *card = row->card;
	const char *midnight = referat_format(call, "%sT00:00:00Z", card->day ? card->day : "1970-01-01");
	struct json_object *entry = json_object_new_object();
	put_clean(call, entry, "title", card->title);
	put_clean(call, entry, "board", card->board_name);
	put_clean(call, entry, "board_id", card->board_id);
	put_clean(call, entry, "short_text", card->short_text);
	referat_put(entry, "id", card->document);
	referat_put(entry, "authority", site_authority(call));
	referat_put(entry, "place", site_place(call, site, row));
	referat_put(entry, "day", card->day);
	referat_put(entry, "day_words",
		    card->day ? referat_day(call, card->day, referat_say(call, "day.full", NULL)) : NULL);
	referat_put(entry, "outcomes", outcome_words(call, card));
	referat_put(entry, "received", card->received ? card->received : midnight);
	referat_put(entry, "updated", card->updated ? card->updated : midnight);
	json_object_object_add(entry, "is_corrected", json_object_new_boolean(card->change != NULL));
	return entry;
}

/* ---- rendering
 * ------------------------------------------------------------------------------------------------------- */

static const char *partial(void *context, const char *name)
{
	struct referat_call *call = context;
	return (const char *)referat_data_file(call, referat_format(call, "%s.mustache", name)).data;
}

enum referat_result site_render(struct referat_call *call, const struct site *site, const char *path,
				const char *template_name, struct json_object *context)
{
	char problem[256] = "";
	struct referat_bytes template_file = referat_data_file(call, template_name);
	char *text = template_file.data ? referat_mustache((const char *)template_file.data, context, partial, call,
							   problem, sizeof problem)
					: NULL;
	json_object_put(context);
	if (!text)
		return referat_because(call, REFERAT_YIELD, "template %s: %s", template_name,
				       problem[0] ? problem : "it is not installed");
	enum referat_result result = site_write(call, site, path, text, strlen(text), false);
	free(text);
	return result;
}

enum referat_result site_write_notice(struct referat_call *call, const struct site *site, const struct notice *notice)
{
	struct json_object *context = site_context(call, notice->root);
	const char *name = referat_get(call, "publisher.name");
	const char *title = referat_format(call, "target.site.%s", notice->title);
	const char *text = referat_format(call, "target.site.%s", notice->text);
	referat_put(context, "title", referat_say(call, title, NULL));
	referat_put(context, "text", referat_say(call, text, "name", name, NULL));
	referat_put(context, "target", notice->target);
	return site_render(call, site, notice->path, "notice.mustache", context);
}
