/* The part of a page that a site with a frame of its own can take: the page's article, without what the site has
 * itself (the title) and without what only the page's script would show. */
#include <referat/difference.h>

#include <string.h>

/* What stands between the start tag of the first element of that name and its last end tag; NULL: there is none. */
static const char *find_inside(const char *html, const char *start_tag, const char *end_tag, const char **end)
{
	const char *start = strstr(html, start_tag);
	const char *open = start ? strchr(start, '>') : NULL;
	*end = NULL;
	for (const char *at = open; at && (at = strstr(at, end_tag)); at++)
		*end = at;
	return *end ? open + 1 : NULL;
}

/* The page's one heading of the first level, with the line's end after it. */
static void drop_title(char *text)
{
	char *from = strstr(text, "<h1"), *end = from ? strstr(from, "</h1>") : NULL;
	if (!end)
		return;
	end += strlen("</h1>");
	end += *end == '\n';
	memmove(from, end, strlen(end) + 1);
}

/* Paragraphs that are hidden. What is kept is moved once, however many there are. */
static void drop_hidden(char *text)
{
	char *out = text, *at = text, *end;
	for (char *mark; (mark = strstr(at, " hidden>")); at = end) {
		char *from = mark;
		while (from > at && *from != '<')
			from--;
		end = strncmp(from, "<p ", 3) == 0 ? strstr(mark, "</p>") : NULL;
		if (!end)
			break;
		memmove(out, at, (size_t)(from - at));
		out += from - at;
		end += strlen("</p>");
		end += *end == '\n';
	}
	memmove(out, at, strlen(at) + 1);
}

void referat_html_article(const char *page, char *article)
{
	const char *end, *start = find_inside(page, "<article", "</article>", &end);
	if (!start)
		start = find_inside(page, "<body", "</body>", &end);
	size_t size = start ? (size_t)(end - start) : strlen(page);
	memcpy(article, start ? start : page, size);
	article[size] = '\0';
	drop_title(article);
	drop_hidden(article);
	size_t empty = strspn(article, "\n");
	memmove(article, article + empty, strlen(article + empty) + 1);
}
