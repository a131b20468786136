/* writer.html: an accessible page of the document, and its card.
 *
 * The same document gives the same bytes whenever it is written. So what depends on the day the page is read, the line
 * that says it is old, stands hidden in the page with the day it counts from, and a line of script shows it; without
 * script the meeting's day stands plainly at the top. */
#include "card.h"

#include <referat/mustache.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <string.h>

static const char *const texts[] = {"skip",  "all",         "trail",     "meeting",       "contents", "proposal",
				    "item",  "case",        "about",     "documents",     "meetings", "members",
				    "table", "not-minutes", "subscribe", "accessibility", "privacy",  NULL};

/* Texts that have a value in them. */
static void put_said(struct referat_call *call, struct json_object *view)
{
	struct json_object *said = referat_texts(call, "writer.html", texts);
	const char *day = json_object_get_string(json_object_object_get(view, "day_words"));
	const char *contact = referat_get(call, "publisher.contact");
	referat_put(said, "old", referat_say(call, "writer.html.old", "day", day, NULL));
	referat_put(said, "contact",
		    contact[0] ? referat_say(call, "writer.html.contact", "contact", contact, NULL) : "");
	json_object_object_add(view, "t", said);
}

/* The way from the page back to the site's root: "../../" */
static const char *root_of(struct referat_call *call, const char *path)
{
	size_t depth = 0;
	for (const char *c = path; *c; c++)
		depth += *c == '/';
	char *root = referat_alloc(call, depth * 3 + 1);
	for (size_t i = 0; i < depth; i++)
		memcpy(root + 3 * i, "../", 4);
	return root;
}

/* Where target.site keeps the archive of the board. */
static const char *board_place(struct referat_call *call, struct json_object *view)
{
	struct json_object *id = json_object_object_get(view, "board_id");
	if (!json_object_is_type(id, json_type_string))
		return NULL;
	return referat_format(call, "namnd/%s/", referat_slug(call, json_object_get_string(id)));
}

/* Whether the publisher gives any of these: an empty list is read out as one. */
static void put_has(struct json_object *view, const char *flag, const char *const *ways)
{
	struct json_object *publisher = json_object_object_get(view, "publisher");
	bool has = false;
	for (; *ways && !has; ways++)
		has = json_object_get_boolean(json_object_object_get(publisher, *ways));
	json_object_object_add(view, flag, json_object_new_boolean(has));
}

/* A page that stands alone has the style of target.site's pages in it; NULL: it is one of these. */
static const char *style_of(struct referat_call *call)
{
	return referat_option_flag(call, "alone") ? (const char *)referat_data_file(call, "site.css").data : NULL;
}

static enum referat_result run(struct referat_call *call)
{
	struct json_object *view = referat_view(call);
	if (!view)
		return REFERAT_FAIL;
	put_said(call, view);
	put_has(view, "has_ways", (const char *const[]){"documents", "meetings", "members", "subscribe", NULL});
	put_has(view, "has_statements", (const char *const[]){"accessibility", "privacy", NULL});
	put_has(view, "has_foot", (const char *const[]){"contact", "accessibility", "privacy", NULL});
	referat_put(view, "root", root_of(call, card_path(call)));
	referat_put(view, "board_place", board_place(call, view));
	referat_put(view, "style", style_of(call));
	const char *page = referat_render(call, "page.mustache", view);
	if (page) {
		referat_add_part(call, "rendition/page", "text/html", page, strlen(page));
		card_add(call, view);
	}
	json_object_put(view);
	return page ? REFERAT_OK : REFERAT_FAIL;
}

static const struct referat_option options[] = {
    {.name = "alone",
     .type = REFERAT_BOOLEAN,
     .fallback = "false",
     .help = "pages have their style in them and lead to no list, for targets that keep pages without target.site"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_WRITER,
    .name = "writer.html",
    .version = REFERAT_VERSION,
    .summary = "writes an accessible page, and the card for lists and feeds",
    .accepts = "referat.document/1",
    .produces = "text/html referat.card/1",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
