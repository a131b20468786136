/* A post of WordPress as an article of Referat's (referat/entry.h). The text stands in a block "Custom HTML", which
 * WordPress shows as it is. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/entry.h>

#include <json-c/json.h>
#include <string.h>

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

static const char *own_text(struct referat_call *call, struct json_object *json, const char *name)
{
	const char *text = referat_json_text(json, name);
	return referat_copy(call, text, strlen(text));
}

/* {"raw": text}: as it is stored; in a dry run the text itself, as it was to be written. */
static const char *raw_text(struct referat_call *call, struct json_object *json, const char *name)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(json, name, &value);
	return json_object_is_type(value, json_type_string) ? own_text(call, json, name) : own_text(call, value, "raw");
}

static long long first_category(struct json_object *json)
{
	struct json_object *all = NULL;
	json_object_object_get_ex(json, "categories", &all);
	bool any = json_object_is_type(all, json_type_array) && json_object_array_length(all) > 0;
	return any ? json_object_get_int64(json_object_array_get_idx(all, 0)) : 0;
}

struct post post_of(struct referat_call *call, struct json_object *json)
{
	return (struct post){.id = referat_json_number(json, "id"),
			     .slug = own_text(call, json, "slug"),
			     .status = own_text(call, json, "status"),
			     .link = own_text(call, json, "link"),
			     .date = own_text(call, json, "date_gmt"),
			     .title = raw_text(call, json, "title"),
			     .excerpt = raw_text(call, json, "excerpt"),
			     .content = raw_text(call, json, "content"),
			     .category = first_category(json)};
}

/* ---- whose words they are -------------------------------------------------------------------------------------------
 */

static struct referat_entry entry_of(const struct post *post)
{
	return (struct referat_entry){.title = post->title, .excerpt = post->excerpt, .content = post->content};
}

/* In WordPress' block for HTML, with its mark; `rest` is HTML behind it. */
static struct post post_with(struct referat_call *call, struct referat_entry entry, const char *rest)
{
	entry = referat_entry_marked(call, entry, "<!-- wp:html -->\n",
				     referat_format(call, "%s\n<!-- /wp:html -->", rest));
	return (struct post){.slug = "",
			     .status = "",
			     .link = "",
			     .date = "",
			     .title = entry.title,
			     .excerpt = entry.excerpt,
			     .content = entry.content};
}

/* "1,2 MB", "85 kB": decimal, as browsers show sizes. */
static const char *size_words(struct referat_call *call, size_t size)
{
	size_t kilobytes = (size + 999) / 1000;
	return kilobytes < 1000 ? referat_format(call, "%zu kB", kilobytes)
				: referat_format(call, "%zu,%zu MB", size / 1000000, size / 100000 % 10);
}

static const char *link_to(struct referat_call *call, const struct attachment *file)
{
	const char *words = referat_say(call, "target.wordpress.attached", "size", size_words(call, file->size), NULL);
	return referat_format(call, "\n<p><a href=\"%s\">%s</a></p>", file->url, words);
}

struct post post_wanted(struct referat_call *call, const struct attachment *file)
{
	const char *link = file->url[0] ? link_to(call, file) : "";
	return post_with(call, referat_entry_wanted(call), link);
}

struct post post_withdrawn(struct referat_call *call)
{
	return post_with(call, referat_entry_withdrawn(call), "");
}

bool post_is_unfinished(struct referat_call *call, const struct post *post)
{
	bool is_new = strcmp(post->status, "draft") == 0 && strcmp(post->slug, claim_name(call)) == 0;
	return is_new || post_is_renewal(call, post);
}

const char *post_print(struct referat_call *call, const struct post *post)
{
	const struct referat_entry entry = entry_of(post);
	return referat_entry_print(call, &entry);
}

bool post_is_ours(struct referat_call *call, const struct post *post)
{
	const struct referat_entry entry = entry_of(post);
	return referat_entry_is_ours(call, &entry);
}

bool post_same_words(struct referat_call *call, const struct post *a, const struct post *b)
{
	const struct referat_entry one = entry_of(a), other = entry_of(b);
	return referat_entry_same_words(call, &one, &other);
}

const char *post_difference(struct referat_call *call, const struct post *there, const struct post *wanted)
{
	const struct referat_entry one = entry_of(there), other = entry_of(wanted);
	return referat_entry_difference(call, &one, &other);
}
