/* A post's texts, and whose they are.
 *
 * What Referat writes carries a mark, a comment with the print of all that was written. A text whose mark is right is
 * as Referat left it, whatever the store remembers; so a lost answer or a restored store is never taken for a person's
 * edit, nor an edit for ours. The text stands in a block "Custom HTML", which WordPress shows as it is. */
#include "wordpress.h"

#include <referat/cms.h>
#include <referat/difference.h>
#include <referat/remote.h>

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>

#define MARK "<!-- referat:"
enum { PRINT_SIZE = 64 };

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

/* {"raw": text}: as it is stored. */
static const char *raw_text(struct referat_call *call, struct json_object *json, const char *name)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(json, name, &value);
	const char *text = referat_json_text(value, "raw");
	return referat_copy(call, text, strlen(text));
}

static const char *own_text(struct referat_call *call, struct json_object *json, const char *name)
{
	const char *text = referat_json_text(json, name);
	return referat_copy(call, text, strlen(text));
}

struct post post_of(struct referat_call *call, struct json_object *json)
{
	return (struct post){.id = referat_json_number(json, "id"),
			     .slug = own_text(call, json, "slug"),
			     .status = own_text(call, json, "status"),
			     .link = own_text(call, json, "link"),
			     .title = raw_text(call, json, "title"),
			     .excerpt = raw_text(call, json, "excerpt"),
			     .content = raw_text(call, json, "content")};
}

/* ---- prints --------------------------------------------------------------------------------------------------------
 */

/* Texts that are joined by a character which none of them has. */
static const char *print_of(struct referat_call *call, const struct post *post, const char *head, size_t head_size,
			    const char *tail)
{
	const char *all =
	    referat_format(call, "%s\1%s\1%.*s\1%s", post->title, post->excerpt, (int)head_size, head, tail);
	return referat_sha256(call, all, strlen(all));
}

const char *post_print(struct referat_call *call, const struct post *post)
{
	return print_of(call, post, post->content, strlen(post->content), "");
}

bool post_is_ours(struct referat_call *call, const struct post *post)
{
	const char *mark = strstr(post->content, MARK);
	if (!mark)
		return false;
	const char *print = mark + strlen(MARK);
	if (strspn(print, "0123456789abcdef") != PRINT_SIZE)
		return false;
	const char *right = print_of(call, post, post->content, (size_t)(print - post->content), print + PRINT_SIZE);
	return strncmp(print, right, PRINT_SIZE) == 0;
}

bool post_is_unfinished(struct referat_call *call, const struct post *post)
{
	return strcmp(post->status, "draft") == 0 && strcmp(post->slug, claim_name(call)) == 0;
}

/* ---- writing -------------------------------------------------------------------------------------------------------
 */

static void set_content(struct referat_call *call, struct post *post, const char *html)
{
	const char *language = referat_get(call, "publisher.language");
	const char *head = "<!-- wp:html -->\n" MARK;
	const char *tail =
	    referat_format(call, " -->\n<div class=\"referat\" lang=\"%s\">\n%s\n</div>\n<!-- /wp:html -->",
			   language[0] ? language : "sv", html);
	const char *print = print_of(call, post, head, strlen(head), tail);
	post->content = referat_format(call, "%s%s%s", head, print, tail);
}

struct post post_wanted(struct referat_call *call)
{
	struct post post = {.slug = "", .status = "", .link = ""};
	post.title = referat_get(call, "title");
	post.excerpt = referat_get(call, "short_text");
	set_content(call, &post, referat_article(call));
	return post;
}

struct post post_withdrawn(struct referat_call *call)
{
	const struct referat_notice notice = referat_withdrawn(call);
	struct post post = {.slug = "", .status = "", .link = "", .title = notice.title, .excerpt = ""};
	set_content(call, &post, notice.html);
	return post;
}

/* ---- comparing what people read ------------------------------------------------------------------------------------
 */

/* Title, excerpt and text. */
static const char *lines_of(struct referat_call *call, const struct post *post)
{
	return referat_lines(
	    call, referat_format(call, "<p>%s</p><p>%s</p>%s<p>", post->title, post->excerpt, post->content));
}

bool post_same_words(struct referat_call *call, const struct post *a, const struct post *b)
{
	return strcmp(lines_of(call, a), lines_of(call, b)) == 0;
}

const char *post_difference(struct referat_call *call, const struct post *there, const struct post *wanted)
{
	return referat_difference(call, lines_of(call, there), lines_of(call, wanted));
}
