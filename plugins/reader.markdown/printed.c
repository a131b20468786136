/* A printed text that a program has made Markdown of: its lines matter, but tables, escapes and links to files of their
 * own are marked up. */
#include "reader.h"

#include <string.h>

struct out {
	char *text;
	size_t size;
};

static void put(struct out *out, const char *text, size_t size)
{
	memcpy(out->text + out->size, text, size);
	out->size += size;
}

/* "2026\." is "2026.": a backslash before a sign is not meant. */
static void put_line(struct out *out, const char *line, size_t size)
{
	static const char signs[] = "\\`*_{}[]()#+-.!|<>~";
	for (size_t i = 0; i < size; i++)
		if (line[i] != '\\' || i + 1 == size || !strchr(signs, line[i + 1]))
			put(out, &line[i], 1);
		else
			put(out, &line[++i], 1);
}

/* "| --- | --- |" */
static bool is_rule(const char *line, size_t size)
{
	return strspn(line, "|-: ") >= size && memchr(line, '-', size);
}

/* The cells of a row, with a gap between two as between columns; a line that ends within a cell is a space. */
static void put_row(struct out *out, const char *line, size_t size)
{
	static const char line_end[] = "<br>";
	bool gap = false;
	for (size_t at = 0; at < size;) {
		const char *bar = memchr(line + at, '|', size - at);
		size_t end = bar ? (size_t)(bar - line) : size;
		while (at < end && line[at] == ' ')
			at++;
		size_t last = end;
		while (last > at && line[last - 1] == ' ')
			last--;
		if (last > at && gap)
			put(out, "    ", 4);
		gap = gap || last > at;
		while (at < last) {
			bool ends = last - at >= strlen(line_end) && memcmp(line + at, line_end, strlen(line_end)) == 0;
			put(out, ends ? " " : line + at, 1);
			at += ends ? strlen(line_end) : 1;
		}
		at = end + 1;
	}
}

/* "[Tabell 12-1](protokoll.tabeller/12-1.csv)", alone on its line. */
static bool is_link(const char *line, size_t size)
{
	return size > 4 && line[0] == '[' && line[size - 1] == ')' && memmem(line, size, "](", 2);
}

const char *printed_text(struct referat_call *call, const char *text)
{
	enum { MOST_GROWTH = 4 }; /* a bar becomes a gap of four */
	struct out out = {.text = referat_alloc(call, MOST_GROWTH * strlen(text) + 1)};
	while (*text) {
		size_t size = strcspn(text, "\n");
		if (text[0] == '|' && !is_rule(text, size))
			put_row(&out, text, size);
		else if (text[0] != '|' && !is_link(text, size))
			put_line(&out, text, size);
		text += size;
		if (*text)
			put(&out, text++, 1);
	}
	out.text[out.size] = '\0';
	return out.text;
}
