/* From text to paragraphs: blank lines part them, wrapped lines are joined, bullets and numbers make list items. */
#include "reader.h"

#include <stdio.h>
#include <string.h>

enum {
	WRAPPED_LEAST = 55, /* a line shorter than this is not wrapped: it ends where its writer ended it */
	WRAPPED_MOST = 110, /* a text with longer lines is not wrapped by hand */
	INDENT = 2,         /* spaces that a level of a list is moved in */
	DEEPEST = 6,
};

struct line {
	const char *text; /* without the space around it */
	size_t size;
	unsigned number;
	unsigned indent;
	Referat__BlockKind kind;
};

/* Takes a bullet off the line's front. A dash at the margin is none: so begins what somebody says. */
static bool take_bullet(struct line *line)
{
	static const char *const bullets[] = {"•", "·", "▪", "◦", "‣", "-", "*", "–", "—"};
	size_t n = sizeof(bullets) / sizeof(*bullets) - (line->indent == 0 ? 2 : 0);
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(bullets[i]);
		if (line->size <= size + 1 || memcmp(line->text, bullets[i], size) != 0 || line->text[size] != ' ')
			continue;
		size += strspn(line->text + size, " ");
		if (size >= line->size)
			return false;
		line->text += size;
		line->size -= size;
		line->kind = REFERAT__BLOCK_KIND__LIST_ITEM;
		return true;
	}
	return false;
}

/* Takes "3." or "3)" off the line's front when 3 is the next number. */
static bool take_number(struct line *line, unsigned next)
{
	char number[16];
	for (const char *mark = ".)"; *mark; mark++) {
		int size = snprintf(number, sizeof(number), "%u%c ", next, *mark);
		if (line->size <= (size_t)size || memcmp(line->text, number, (size_t)size) != 0)
			continue;
		line->text += size;
		line->size -= (size_t)size;
		while (line->size && *line->text == ' ') {
			line->text++;
			line->size--;
		}
		line->kind = REFERAT__BLOCK_KIND__NUMBERED_ITEM;
		return line->size > 0;
	}
	return false;
}

/* The next line of a text; its text is empty when it is blank. Returns what follows it. */
static const char *next_line(const char *text, struct line *line)
{
	size_t size = strcspn(text, "\n");
	const char *rest = text + size + (text[size] == '\n');
	size_t indent = strspn(text, " ");
	if (indent > size)
		indent = size;
	while (size > indent && text[size - 1] == ' ')
		size--;
	*line = (struct line){.text = text + indent,
			      .size = size - indent,
			      .number = line->number + 1,
			      .indent = (unsigned)indent,
			      .kind = REFERAT__BLOCK_KIND__PARAGRAPH};
	return rest;
}

static size_t count_characters(const char *text, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < size; i++)
		n += ((unsigned char)text[i] & 0xC0) != 0x80;
	return n;
}

static bool ends_sentence(const char *text)
{
	size_t size = strlen(text);
	return size > 0 && text[size - 1] == '.';
}

/* Does the line go on what the line before began? `previous` is the length of that line in characters. */
static bool is_continued(const struct referat_paragraph *open, size_t previous, const struct line *line)
{
	if (line->kind != REFERAT__BLOCK_KIND__PARAGRAPH || previous > WRAPPED_MOST || line->size > 2 * WRAPPED_MOST)
		return false;
	if (open->kind != REFERAT__BLOCK_KIND__PARAGRAPH && line->indent == 0 && referat_is_capital(line->text))
		return false; /* after a list, unless it is indented as its items are */
	if (previous >= WRAPPED_LEAST)
		return true;
	unsigned char first = (unsigned char)line->text[0];
	return first >= 'a' && first <= 'z' && !ends_sentence(open->text);
}

/* The text of a paragraph while lines are added to it. */
struct text {
	char *data;
	size_t size, capacity;
};

static void add_line(struct referat_call *call, struct text *text, const struct line *line)
{
	size_t needed = text->size + line->size + 2; /* a space and the NUL */
	if (!text->data || needed > text->capacity) {
		text->capacity = text->size ? 2 * needed : needed;
		char *data = referat_alloc(call, text->capacity);
		if (text->size)
			memcpy(data, text->data, text->size);
		text->data = data;
	}
	if (text->size)
		text->data[text->size++] = ' ';
	memcpy(text->data + text->size, line->text, line->size);
	text->size += line->size;
	text->data[text->size] = '\0';
}

struct parser {
	struct referat_page *page;
	struct referat_paragraph *open; /* the paragraph that the next line may go on; NULL: none */
	struct text text;               /* of that paragraph */
	size_t previous;                /* characters of the line before */
	unsigned numbered;              /* numbered items so far in this run */
};

static unsigned level_of(const struct line *line)
{
	unsigned level = line->indent / INDENT;
	if (line->kind == REFERAT__BLOCK_KIND__PARAGRAPH)
		return 0;
	if (level < 1)
		return 1;
	return level < DEEPEST ? level : DEEPEST;
}

static void open_paragraph(struct parser *parser, const struct line *line)
{
	if (line->kind == REFERAT__BLOCK_KIND__PARAGRAPH)
		parser->numbered = 0;
	parser->open = &parser->page->paragraphs[parser->page->n++];
	*parser->open = (struct referat_paragraph){.kind = line->kind, .level = level_of(line), .line = line->number};
	parser->text = (struct text){0};
}

static void take_line(struct parser *parser, struct line *line)
{
	struct referat_page *page = parser->page;
	if (!take_bullet(line))
		take_number(line, parser->numbered + 1);
	if (line->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM)
		parser->numbered++;

	if (!parser->open || parser->text.size > REFERAT_MOST_PARAGRAPH ||
	    !is_continued(parser->open, parser->previous, line))
		open_paragraph(parser, line);
	add_line(page->call, &parser->text, line);
	parser->open->text = parser->text.data;
	parser->open->last_line = line->number;
	parser->previous = count_characters(line->text, line->size);
}

static enum referat_result too_long(struct referat_call *call, unsigned line)
{
	return referat_because(
	    call, REFERAT_HOLD, "%s",
	    referat_say(call, "reader.text.line_too_long", "line", referat_format(call, "%u", line), NULL));
}

enum referat_result page_read(struct referat_call *call, const char *text, struct referat_page *page)
{
	size_t n = 0;
	struct line line = {0};
	for (const char *at = text; *at; n += line.size > 0) {
		if (strcspn(at, "\n") > REFERAT_MOST_PARAGRAPH)
			return too_long(call, line.number + 1);
		at = next_line(at, &line);
	}
	if (n > REFERAT_MOST_PARAGRAPHS)
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "reader.text.too_many_lines", NULL));

	*page = (struct referat_page){.call = call,
				      .paragraphs = referat_alloc(call, (n + 1) * sizeof(struct referat_paragraph))};
	struct parser parser = {.page = page};
	line = (struct line){0};
	for (const char *at = text; *at;) {
		at = next_line(at, &line);
		if (line.size > 0)
			take_line(&parser, &line);
		else
			parser.open = NULL;
	}
	for (size_t i = 0; i < page->n; i++)
		page->paragraphs[i].lower = referat_lower(call, page->paragraphs[i].text);
	return REFERAT_OK;
}
