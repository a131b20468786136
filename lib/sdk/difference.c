/* How two texts differ, in lines for a publisher. */
#include <referat/difference.h>

#include <string.h>

enum { LINES_SHOWN = 3, LINE_MOST = 200 };

const char *referat_lines(struct referat_call *call, const char *html)
{
	char *lines = referat_alloc(call, strlen(html) + 2);
	size_t size = referat_html_lines(html, lines);
	if (size > 0 && lines[size - 1] != '\n')
		lines[size] = '\n';
	return lines;
}

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

const char *referat_difference(struct referat_call *call, const char *there, const char *wanted)
{
	const char *a = there, *b = wanted;
	const char *a_end = a + strlen(a), *b_end = b + strlen(b);
	while (*a && *b) {
		size_t size = (size_t)(next_line(a) - a);
		if (size != (size_t)(next_line(b) - b) || memcmp(a, b, size) != 0)
			break;
		a += size;
		b += size;
	}
	if (!*a && !*b)
		return referat_say(call, "target.same-words", NULL);
	trim_ends(a, &a_end, b, &b_end);
	return referat_say(call, "target.difference", "there", some_lines(call, a, a_end), "wanted",
			   some_lines(call, b, b_end), NULL);
}
