/* From text to paragraphs: blank lines part them, wrapped lines are joined, bullets and numbers make list items. */
#include "lines.h"

#include <referat/swedish.h>

#include <stdio.h>
#include <string.h>

enum {
	WRAPPED_LEAST = 55, /* where no width can be told, a shorter line ends where its writer ended it */
	WRAPPED_MOST = 110, /* a text with longer lines is not wrapped by hand */
	INDENT = 2,         /* spaces that a level of a list is moved in */
	DEEPEST = 6,
};

/* Takes a bullet off the line's front. A dash at the margin is none: so begins what somebody says. */
static bool take_bullet(struct line *line)
{
	static const char *const bullets[] = {"•", "·", "▪", "◦", "‣", "−", "-", "*", "–", "—"};
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

static const char line_ends[] = {'\n', RF_SOFT_BREAK, RF_ITEM_BREAK, '\0'};

/* The next line of a text; its text is empty when it is blank. Returns what follows it. */
static const char *next_line(const char *text, const struct line *before, struct line *line)
{
	bool page_begins = *text == '\f';
	text += page_begins;
	size_t size = strcspn(text, line_ends);
	const char *rest = text + size + (text[size] != '\0');
	char end = before ? text[page_begins ? -2 : -1] : '\n';
	bool broken = end != '\n'; /* by us: it is the same line */
	size_t indent = strspn(text, " ");
	if (indent > size)
		indent = size;
	while (size > indent && text[size - 1] == ' ')
		size--;
	*line = (struct line){.text = text + indent,
			      .size = size - indent,
			      .number = before ? before->number + !broken : 1,
			      .indent = (unsigned)indent,
			      .page = before ? before->page + page_begins : 1,
			      .page_begins = page_begins,
			      .broken = broken,
			      .item = end == RF_ITEM_BREAK,
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

/* The text of a paragraph while lines are added to it. */
struct text {
	char *data;
	size_t size, capacity;
};

static bool ends_with_mark(const struct text *text, const char *marks)
{
	return text->size > 0 && strchr(marks, text->data[text->size - 1]);
}

/* ---- what goes on ------------------------------------------------------------------------------------------------ */

struct parser {
	struct referat_page *page;
	struct referat_paragraph *open; /* the paragraph that the next line may go on; NULL: none */
	struct text text;               /* of that paragraph */
	size_t previous;                /* characters of the line before */
	size_t width;                   /* characters that a full line of this text has */
	unsigned numbered;              /* numbered items so far in this run */
	size_t end;                     /* the column in which it ended */
	unsigned gap;                   /* the column behind the wide gap in the line before; 0: it had none */
	unsigned column;                /* in which running text stands beside its label; 0: none */
	unsigned at_page;               /* of the line before */
	bool blank;                     /* a blank line came since */
	bool closed;                    /* the line before stands alone: a label, a case number */
};

enum part { PART_TEXT, PART_NUMBER, PART_NUMBER_ALONE, PART_LABEL, PART_WHOLE };

/* Is the line the beginning of a part: an item's number, a label before its text, a label or case number alone? */
static enum part part_of(struct referat_call *call, const struct line *line, size_t *label_size)
{
	const char *text = rf_text_copy(call, line->text, line->size);
	const char *lower = referat_lower(call, text);
	if (rf_label_at(lower, line->size, label_size))
		return *label_size == line->size ? PART_WHOLE : PART_LABEL;
	if (rf_is_case_line(text, lower))
		return PART_WHOLE;
	if (rf_is_number_line(text, lower))
		return PART_NUMBER_ALONE;
	return rf_number_at(text, NULL) > 0 ? PART_NUMBER : PART_TEXT;
}

/* "Valnämnden beslutar", on a line of its own: clauses follow. */
static bool is_opening(const struct line *line)
{
	static const char *const ends[] = {" beslutar",      " beslutade", " beslutar att",
					   " beslutade att", " beslutar:", " beslutar således"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t size = strlen(ends[i]);
		if (line->size > size && memcmp(line->text + line->size - size, ends[i], size) == 0)
			return line->size <= WRAPPED_LEAST && referat_is_capital(line->text);
	}
	return false;
}

static bool begins_clause(const struct line *line)
{
	return line->size > 4 && memcmp(line->text, "att ", 4) == 0;
}

static bool begins_small(const struct line *line)
{
	unsigned char first = (unsigned char)line->text[0];
	return (first >= 'a' && first <= 'z') || (first == 0xC3 && !referat_is_capital(line->text));
}

/* Does a text end as one clause of several does? */
static bool ends_listed_clause(const char *text, size_t size)
{
	return size > 0 &&
	       (strchr(",.:;", text[size - 1]) || rf_ends_with(text, " samt") || rf_ends_with(text, " och"));
}

/* "att ge förvaltningen i uppdrag …": a clause that decides. */
static bool begins_ruling(struct referat_call *call, const struct line *line)
{
	const char *lower = referat_lower(call, rf_text_copy(call, line->text, line->size));
	struct token tokens[MOST_TOKENS];
	size_t n = rf_tokens_read(lower, line->size, tokens);
	Referat__Outcome outcome;
	return n > 1 && rf_verb_at(tokens, n, 1, FORM_INFINITIVE, &outcome);
}

/* May a clause ("att …") end where the line before ends? Where the first did not begin its line, "och" joins them. */
static bool ends_clause(const struct parser *parser, const struct line *line)
{
	const char *text = parser->text.data;
	bool listed = rf_starts_with(text, "att ") || !strstr(text, " att ");
	bool joined = rf_ends_with(text, " samt") || rf_ends_with(text, " och");
	if (joined && !listed)
		return false;
	if (rf_starts_with(text, "att ") && begins_ruling(parser->page->call, line))
		return true;
	return ends_listed_clause(text, parser->text.size) || rf_ends_with(text, " besluta") ||
	       rf_ends_with(text, " beslutar") || parser->previous < WRAPPED_LEAST;
}

/* Was there room for the line's first word on the line before? Then its writer ended that line. */
static bool had_room(const struct parser *parser, const struct line *line)
{
	size_t word = 0;
	while (word < line->size && line->text[word] != ' ')
		word++;
	return parser->end + 1 + count_characters(line->text, word) < parser->width;
}

/* "… i stället för" can't be the end of anything. */
static bool ends_open(const char *text)
{
	static const char *const ends[] = {" för",  " mellan", " och", " av",    " till", " i",   " med",    " om",
					   " samt", " från",   " på",  " eller", " vid",  " att", " enligt", ","};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (strlen(text) > strlen(ends[i]) && rf_ends_with(text, ends[i]))
			return true;
	return false;
}

/* The column behind the first wide gap in a line: it stands in columns, and is no running text. 0: there is none. */
static unsigned gap_of(const struct line *line)
{
	enum { WIDE = 4 };
	for (size_t i = 0, spaces = 0; i < line->size; i++) {
		if (line->text[i] != ' ' && spaces >= WIDE)
			return line->indent + (unsigned)count_characters(line->text, i);
		spaces = line->text[i] == ' ' ? spaces + 1 : 0;
	}
	return 0;
}

/* "b) att uppdra …" */
static bool begins_letter(const struct line *line)
{
	return line->size > 3 && line->text[0] >= 'a' && line->text[0] <= 'z' && memcmp(line->text + 1, ") ", 2) == 0;
}

enum referat_join referat_join_of(struct referat_call *call, const char *before, const char *text)
{
	const struct line line = {.text = text, .size = strlen(text), .kind = REFERAT__BLOCK_KIND__PARAGRAPH};
	size_t size = strlen(before);
	size_t label_size = 0;
	enum part part = part_of(call, &line, &label_size);
	bool stopped = size == 0 || strchr(".:?!", before[size - 1]);
	bool clause = begins_letter(&line) || (begins_clause(&line) && ends_listed_clause(before, size));
	bool label = part >= PART_LABEL && (stopped || !begins_small(&line));
	if (label || clause || (stopped && (part != PART_TEXT || is_opening(&line))))
		return REFERAT_JOIN_BEGINS;
	return ends_open(before) ? REFERAT_JOIN_GOES_ON : REFERAT_JOIN_BY_PLACE;
}

/* Does the line go on what the line before began? */
static bool is_continued(const struct parser *parser, const struct line *line)
{
	if (line->kind != REFERAT__BLOCK_KIND__PARAGRAPH || parser->previous > WRAPPED_MOST ||
	    line->size > 2 * WRAPPED_MOST)
		return false;
	if (parser->gap && line->indent + 1 < parser->gap)
		return false;
	if (begins_clause(line) && ends_clause(parser, line))
		return false;
	if (is_opening(line) && ends_with_mark(&parser->text, ".:"))
		return false;
	if (parser->column && line->indent == parser->column && !ends_with_mark(&parser->text, ".:;?!"))
		return true;
	if (ends_open(parser->text.data))
		return true;
	bool room = had_room(parser, line);
	bool full = parser->previous >= WRAPPED_LEAST || (!room && parser->width > 0);
	bool list = parser->open->kind != REFERAT__BLOCK_KIND__PARAGRAPH;
	if (list && line->indent == 0 && referat_is_capital(line->text) && (room || !full))
		return false; /* after a list, unless it is indented as its items are */
	if (full && room && ends_with_mark(&parser->text, ".:?!") && referat_is_capital(line->text))
		return false;
	if (full)
		return true;
	return begins_small(line) && !ends_with_mark(&parser->text, ".");
}

/* Does the line go on, below a blank one, what was begun above: on a new page, or where a program put one between two
 * lines of a sentence? */
static bool spans_blank(const struct parser *parser, const struct line *line)
{
	bool same_page = line->page == parser->at_page;
	if (same_page && ends_listed_clause(parser->text.data, parser->text.size))
		return false;
	return line->kind == REFERAT__BLOCK_KIND__PARAGRAPH && begins_small(line) && !begins_clause(line) &&
	       !begins_letter(line) && !ends_with_mark(&parser->text, ".:;?!") &&
	       parser->previous >= (same_page ? WRAPPED_LEAST : WRAPPED_LEAST / 2);
}

/* "stadsbyggnads-" and "nämnden" are one word, "barn-" and "och" are two. */
static bool joins_word(const struct text *text, const struct line *line)
{
	static const char *const links[] = {"och ", "eller ", "samt ", "respektive ", "till ", "men "};
	if (text->size < 2 || text->data[text->size - 1] != '-' || text->data[text->size - 2] == ' ')
		return false;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (line->size >= strlen(links[i]) && memcmp(line->text, links[i], strlen(links[i])) == 0)
			return false;
	return true;
}

/* The hyphen is the word's own before a capital or a digit ("Gun-Brith"), and after a capital ("SFI-undervisning"). */
static bool drops_hyphen(const struct text *text, const struct line *line)
{
	unsigned char before = (unsigned char)text->data[text->size - 2];
	bool small = (before >= 'a' && before <= 'z') || before >= 0xA0; /* last byte of a small å, ä, ö */
	bool single = text->size < 3 || text->data[text->size - 3] == ' ';
	return small && !single && begins_small(line);
}

static void add_line(struct referat_call *call, struct text *text, const struct line *line)
{
	size_t needed = text->size + line->size + 2; /* a space and the NUL */
	if (!text->data || needed > text->capacity) {
		text->capacity = text->size ? 2 * needed : needed;
		char *data = referat_alloc(call, text->capacity);
		if (text->data)
			memcpy(data, text->data, text->size);
		text->data = data;
	}
	if (joins_word(text, line))
		text->size -= drops_hyphen(text, line);
	else if (text->size)
		text->data[text->size++] = ' ';
	for (size_t i = 0; i < line->size; i++) /* gaps between columns become spaces */
		if (line->text[i] != ' ' || text->size == 0 || text->data[text->size - 1] != ' ')
			text->data[text->size++] = line->text[i];
	text->data[text->size] = '\0';
}

static unsigned level_of(const struct line *line)
{
	unsigned level = line->indent / INDENT;
	if (line->kind == REFERAT__BLOCK_KIND__PARAGRAPH)
		return 0;
	if (level < 1)
		return 1;
	return level < DEEPEST ? level : DEEPEST;
}

static void open_paragraph(struct parser *parser, const struct line *line, enum part part)
{
	if (part >= PART_NUMBER)
		parser->numbered = 0;
	parser->open = &parser->page->paragraphs[parser->page->n++];
	*parser->open = (struct referat_paragraph){.kind = line->kind, .level = level_of(line), .line = line->number};
	if (line->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM)
		parser->open->number = parser->numbered;
	parser->open->heading = line->item;
	parser->text = (struct text){0};
}

/* Takes the number of a list off the line: the next one, though text stands between, or the first of another list. */
static void take_next_number(struct parser *parser, struct line *line)
{
	if (parser->numbered && take_number(line, parser->numbered + 1))
		parser->numbered++;
	else if (take_number(line, 1))
		parser->numbered = 1;
}

/* "Beslut: 1. Avgiften höjs.": the list goes on below. */
static bool begins_list(const struct line *line, size_t label_size)
{
	return line->size > label_size + 3 && memcmp(line->text + label_size, "1. ", 3) == 0;
}

static void take_line(struct parser *parser, struct line *line);

/* A label in a column of its own stands on the line of what it labels. True: both were taken. */
static bool take_columns(struct parser *parser, const struct line *line, size_t label_size)
{
	if (label_size < 2 || line->text[label_size - 2] != ' ')
		return false; /* a colon parts them */
	struct line label = *line;
	struct line rest = *line;
	label.size = label_size;
	while (label.size > 0 && label.text[label.size - 1] == ' ')
		label.size--;
	rest.text += label_size;
	rest.size -= label_size;
	rest.indent += (unsigned)label_size;
	const char *lower = referat_lower(parser->page->call, rf_text_copy(parser->page->call, label.text, label.size));
	enum label kind = rf_label_at(lower, label.size, NULL);
	take_line(parser, &label);
	take_line(parser, &rest);
	parser->column = kind == LABEL_DISPATCH || kind == LABEL_BASIS ? 0 : rest.indent;
	return true;
}

static void take_line(struct parser *parser, struct line *line)
{
	struct referat_page *page = parser->page;
	size_t label_size = 0;
	enum part part = part_of(page->call, line, &label_size);
	if (part == PART_LABEL && take_columns(parser, line, label_size))
		return;
	if (part == PART_TEXT && !line->item && !take_bullet(line))
		take_next_number(parser, line);

	bool ended = !parser->open || parser->closed || line->broken || parser->text.size > REFERAT_MOST_PARAGRAPH;
	if (part >= PART_LABEL)
		parser->column = 0;
	bool listed = part == PART_LABEL && begins_list(line, label_size);
	if (ended || part >= PART_LABEL || (parser->blank ? !spans_blank(parser, line) : !is_continued(parser, line)))
		open_paragraph(parser, line, part);
	if (listed)
		parser->numbered = 1;
	add_line(page->call, &parser->text, line);
	parser->open->text = parser->text.data;
	parser->open->last_line = line->number;
	parser->previous = count_characters(line->text, line->size);
	parser->end = line->indent + parser->previous;
	parser->gap = gap_of(line);
	parser->at_page = line->page;
	parser->blank = false;
	parser->closed = part == PART_WHOLE || part == PART_NUMBER_ALONE;
}

/* ---- the whole text ---------------------------------------------------------------------------------------------- */

static enum referat_result too_long(struct referat_call *call, unsigned line)
{
	return referat_because(
	    call, REFERAT_HOLD, "%s",
	    referat_say(call, "reader.text.line_too_long", "line", referat_format(call, "%u", line), NULL));
}

static enum referat_result split(struct lines *lines, const char *text)
{
	size_t n = 0;
	for (const char *at = text; *at; n++) {
		at += strcspn(at, line_ends);
		at += *at != '\0';
	}
	lines->list = referat_alloc(lines->call, (n + 1) * sizeof(*lines->list));
	for (const char *at = text; *at; lines->n++) {
		if (strcspn(at, line_ends) > REFERAT_MOST_PARAGRAPH)
			return too_long(lines->call, (unsigned)lines->n + 1);
		at = next_line(at, lines->n ? &lines->list[lines->n - 1] : NULL, &lines->list[lines->n]);
	}
	return REFERAT_OK;
}

/* What nine of ten lines of running text are no longer than; 0: there are too few to tell. */
static size_t width_of(const struct lines *lines)
{
	enum { SHORTEST = 30, LONGEST = 160, FEW = 12 };
	size_t counts[LONGEST + 1] = {0};
	size_t n = 0;
	for (size_t i = 0; i < lines->n; i++) {
		size_t length = lines->list[i].indent + count_characters(lines->list[i].text, lines->list[i].size);
		if (length >= SHORTEST && length <= LONGEST) {
			counts[length]++;
			n++;
		}
	}
	if (n < FEW)
		return 0;
	size_t above = n / 10;
	size_t width = LONGEST;
	while (width > SHORTEST && counts[width] <= above)
		above -= counts[width--];
	return width <= WRAPPED_MOST ? width : 0;
}

enum referat_result referat_lines_page(struct referat_call *call, const char *text, struct referat_page *page)
{
	struct lines lines = {.call = call};
	struct list heads = {0};
	enum referat_result result = split(&lines, rf_transcript_break(call, text));
	if (result != REFERAT_OK)
		return result;
	rf_furniture_take(&lines, &heads);
	size_t n = 0;
	for (size_t i = 0; i < lines.n; i++)
		n += lines.list[i].size > 0;
	if (n > REFERAT_MOST_PARAGRAPHS)
		return referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "reader.text.too_many_lines", NULL));

	*page = (struct referat_page){.call = call,
				      .paragraphs = referat_alloc(call, (2 * n + 1) * sizeof(struct referat_paragraph)),
				      .heads = referat_alloc(call, (heads.n + 1) * sizeof(struct referat_paragraph)),
				      .n_heads = heads.n};
	for (size_t i = 0; i < heads.n; i++)
		page->heads[i] = *(const struct referat_paragraph *)heads.items[i];
	struct parser parser = {.page = page, .width = width_of(&lines)};
	for (size_t i = 0; i < lines.n; i++) {
		if (lines.list[i].size > 0)
			take_line(&parser, &lines.list[i]);
		else
			parser.blank = true;
	}
	for (size_t i = 0; i < page->n; i++)
		page->paragraphs[i].lower = referat_lower(call, page->paragraphs[i].text);
	return REFERAT_OK;
}
