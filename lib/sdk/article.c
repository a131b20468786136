#include <referat/difference.h>

#include <string.h>

const char *referat_article(struct referat_call *call)
{
	const char *page = referat_rendition(call, "text/html");
	char *article = referat_alloc(call, strlen(page) + 1);
	referat_html_article(page, article);
	return article;
}
