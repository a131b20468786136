/* The part of a page that a site with a frame of its own can take: the page's article, without what the site has
 * itself (the title) and without what only the page's script would show. */
#include <referat/plugin.h>

#include <string.h>

/* What stands between the start tag of the first element of that name and its last end tag; all of it when there is no
 * such element. */
static struct referat_bytes inside(const char *html, const char *start_tag, const char *end_tag)
{
	const char *start = strstr(html, start_tag);
	const char *open = start ? strchr(start, '>') : NULL;
	const char *end = NULL;
	for (const char *at = open; at && (at = strstr(at, end_tag)); at++)
		end = at;
	if (!end)
		return (struct referat_bytes){(const uint8_t *)html, strlen(html)};
	return (struct referat_bytes){(const uint8_t *)open + 1, (size_t)(end - open - 1)};
}

/* The text without what stands from `from` up to `to`, and the line's end after it. */
static const char *without(struct referat_call *call, const char *text, const char *from, const char *to)
{
	to += *to == '\n';
	return referat_format(call, "%.*s%s", (int)(from - text), text, to);
}

/* The page's one heading of the first level. */
static const char *drop_title(struct referat_call *call, const char *text)
{
	const char *from = strstr(text, "<h1");
	const char *end = from ? strstr(from, "</h1>") : NULL;
	return end ? without(call, text, from, end + strlen("</h1>")) : text;
}

/* Paragraphs that are hidden. */
static const char *drop_hidden(struct referat_call *call, const char *text)
{
	const char *mark;
	while ((mark = strstr(text, " hidden>"))) {
		const char *from = mark;
		while (from > text && *from != '<')
			from--;
		const char *end = strncmp(from, "<p ", 3) == 0 ? strstr(mark, "</p>") : NULL;
		if (!end)
			return text;
		text = without(call, text, from, end + strlen("</p>"));
	}
	return text;
}

const char *referat_article(struct referat_call *call)
{
	const char *page = referat_rendition(call, "text/html");
	struct referat_bytes article = inside(page, "<article", "</article>");
	if ((const char *)article.data == page)
		article = inside(page, "<body", "</body>");
	const char *text = referat_copy(call, article.data, article.size);
	text = drop_hidden(call, drop_title(call, text));
	return text + strspn(text, "\n");
}
