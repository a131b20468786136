/* A post's texts, and whose they are.
 *
 * What Referat writes carries a mark, a comment with the print of all that was written. A text whose mark is right is
 * as Referat left it, whatever the store remembers; so a lost answer or a restored store is never taken for a person's
 * edit, nor an edit for ours. The text stands in a block "Custom HTML", which WordPress shows as it is. */
#include "wordpress.h"

#include <referat/mustache.h>
#include <referat/remote.h>
#include <referat/view.h>
#include <referat/words.h>

#include <json-c/json.h>

#include <stdlib.h>
#include <string.h>

#define MARK "<!-- referat:"
enum { PRINT_SIZE = 64, LINES_SHOWN = 3, LINE_MOST = 200 };

/* ---- reading -------------------------------------------------------------------------------------------------------
 */

/* {"raw": text}: as it is stored. */
static const char *raw_text(struct referat_call *call, struct json_object *json, const char *name)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(json, name, &value);
	const char *text = json_text(value, "raw");
	return referat_copy(call, text, strlen(text));
}

static const char *own_text(struct referat_call *call, struct json_object *json, const char *name)
{
	const char *text = json_text(json, name);
	return referat_copy(call, text, strlen(text));
}

struct post post_of(struct referat_call *call, struct json_object *json)
{
	return (struct post){.id = json_number(json, "id"),
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

/* Who took it away, when, and why; that is known of a withdrawal, and not when the plugin is tried alone. */
struct post post_withdrawn(struct referat_call *call)
{
	struct json_object *context = json_object_new_object();
	const char *name = referat_get(call, "publisher.name");
	const char *day = referat_day(call, referat_get(call, "withdrawn"), referat_say(call, "day.date", NULL));
	const char *reason = referat_get(call, "withdrawn.reason");
	const char *instead = referat_get(call, "withdrawn.replacement");
	referat_put(context, "text",
		    day[0] ? referat_say(call, "target.wordpress.withdrawn-day", "name", name, "day", day, NULL)
			   : referat_say(call, "target.wordpress.withdrawn-text", "name", name, NULL));
	referat_put(context, "more",
		    reason[0] ? referat_say(call, "target.wordpress.withdrawn-reason", "reason", reason, NULL)
			      : referat_say(call, "target.wordpress.withdrawn-neutral", NULL));
	referat_put(context, "instead", referat_is_link(instead) ? instead : NULL);
	referat_put(context, "instead_text", referat_say(call, "target.wordpress.withdrawn-replacement", NULL));
	const char *html = referat_render(call, "withdrawn.mustache", context);
	json_object_put(context);
	struct post post = {.slug = "", .status = "", .link = "", .excerpt = ""};
	post.title = referat_say(call, "target.wordpress.withdrawn", NULL);
	set_content(call, &post, html ? html : "");
	return post;
}

/* ---- comparing what people read ------------------------------------------------------------------------------------
 */

static const struct {
	const char *entity, *text;
} entities[] = {{"&amp;", "&"},  {"&lt;", "<"},  {"&gt;", ">"},          {"&quot;", "\""},
		{"&#039;", "'"}, {"&#39;", "'"}, {"&nbsp;", "\xc2\xa0"}, {"&#x27;", "'"}};

/* Copies what stands for one character, decoded; returns how much was read. */
static size_t take_character(const char *at, char **out)
{
	for (size_t i = 0; *at == '&' && i < sizeof entities / sizeof *entities; i++) {
		size_t size = strlen(entities[i].entity);
		if (strncmp(at, entities[i].entity, size) == 0) {
			*out = stpcpy(*out, entities[i].text);
			return size;
		}
	}
	*(*out)++ = *at;
	return 1;
}

/* Past a tag or a comment that begins here; whether it parts what stands around it. */
static const char *skip_tag(const char *at, bool *parts)
{
	static const char *const within[] = {"a", "span", "strong", "em", "b", "i", "time"};
	bool comment = strncmp(at, "<!--", 4) == 0;
	const char *end = strstr(at, comment ? "-->" : ">");
	const char *name = at + 1 + (at[1] == '/');
	size_t size = strcspn(name, " \t\n/>");
	*parts = true;
	for (size_t i = 0; i < sizeof within / sizeof *within; i++)
		if (size == strlen(within[i]) && strncmp(name, within[i], size) == 0)
			*parts = false;
	return end ? end + (comment ? 3 : 1) : at + strlen(at);
}

/* The text of HTML: a line for each paragraph, heading or cell, with single spaces, and no empty lines. */
static char *append_lines(char *out, const char *start, const char *html)
{
	while (*html) {
		bool parts = false;
		if (*html == '<') {
			html = skip_tag(html, &parts);
		} else if (strchr(" \t\r\n", *html)) {
			html++;
			if (out > start && out[-1] != ' ' && out[-1] != '\n')
				*out++ = ' ';
		} else {
			html += take_character(html, &out);
		}
		if (parts && out > start && out[-1] == ' ')
			out--;
		if (parts && out > start && out[-1] != '\n')
			*out++ = '\n';
	}
	return out;
}

/* Title, excerpt and text, each line ended by '\n'. No entity is shorter than what it stands for. */
static const char *lines_of(struct referat_call *call, const struct post *post)
{
	const char *html = referat_format(call, "<p>%s</p><p>%s</p>%s<p>", post->title, post->excerpt, post->content);
	char *lines = referat_alloc(call, strlen(html) + 1);
	*append_lines(lines, lines, html) = '\0';
	return lines;
}

bool post_same_words(struct referat_call *call, const struct post *a, const struct post *b)
{
	return strcmp(lines_of(call, a), lines_of(call, b)) == 0;
}

/* ---- how they differ -----------------------------------------------------------------------------------------------
 */

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');
	return end ? end + 1 : line + strlen(line);
}

/* The first lines of a text, indented and each cut on a character's border. */
static const char *some_lines(struct referat_call *call, const char *text, const char *end)
{
	const char *shown = "";
	int n = 0;
	for (const char *line = text; line < end; line = next_line(line)) {
		size_t size = strcspn(line, "\n");
		bool cut = size > LINE_MOST;
		for (size = cut ? LINE_MOST : size; cut && ((unsigned char)line[size] & 0xc0) == 0x80;)
			size--;
		if (n++ == LINES_SHOWN)
			return referat_format(call, "%s    …\n", shown);
		shown = referat_format(call, "%s    %.*s%s\n", shown, (int)size, line, cut ? " …" : "");
	}
	return *shown ? shown : "    –\n";
}

/* Back over the lines at the ends that are alike, not past the starts. */
static void trim_ends(const char *a, const char **a_end, const char *b, const char **b_end)
{
	while (*a_end > a && *b_end > b) {
		const char *a_line = *a_end - 1, *b_line = *b_end - 1;
		while (a_line > a && a_line[-1] != '\n')
			a_line--;
		while (b_line > b && b_line[-1] != '\n')
			b_line--;
		if (*a_end - a_line != *b_end - b_line || memcmp(a_line, b_line, (size_t)(*a_end - a_line)) != 0)
			return;
		*a_end = a_line;
		*b_end = b_line;
	}
}

const char *post_difference(struct referat_call *call, const struct post *there, const struct post *wanted)
{
	const char *a = lines_of(call, there), *b = lines_of(call, wanted);
	const char *a_end = a + strlen(a), *b_end = b + strlen(b);
	while (*a && *b) {
		size_t size = (size_t)(next_line(a) - a);
		if (size != (size_t)(next_line(b) - b) || memcmp(a, b, size) != 0)
			break;
		a += size;
		b += size;
	}
	if (!*a && !*b)
		return referat_say(call, "target.wordpress.same-words", NULL);
	trim_ends(a, &a_end, b, &b_end);
	return referat_say(call, "target.wordpress.difference", "there", some_lines(call, a, a_end), "wanted",
			   some_lines(call, b, b_end), NULL);
}
