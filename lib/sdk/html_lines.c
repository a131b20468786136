/* What people read of HTML, whatever its markup: tags, comments and entities are gone, and each paragraph is a line. */
#include <referat/difference.h>

#include <string.h>

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

size_t referat_html_lines(const char *html, char *lines)
{
	char *out = lines;
	while (*html) {
		bool parts = false;
		if (*html == '<') {
			html = skip_tag(html, &parts);
		} else if (strchr(" \t\r\n", *html)) {
			html++;
			if (out > lines && out[-1] != ' ' && out[-1] != '\n')
				*out++ = ' ';
		} else {
			html += take_character(html, &out);
		}
		if (parts && out > lines && out[-1] == ' ')
			out--;
		if (parts && out > lines && out[-1] != '\n')
			*out++ = '\n';
	}
	*out = '\0';
	return (size_t)(out - lines);
}
