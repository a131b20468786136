/* The title of a summary: "Socialnämnden – aktuella beslut april 2021", and how it has been written since 2017. */
#include "structure.h"

#include <stdio.h>
#include <string.h>

enum { MOST_TITLE = 250 };

/* What says that a line is the title of a summary. The weak ones need a board and a date beside them. */
static const struct keyword {
	const char *words;
	bool weak;
} keywords[] = {
    {"aktuella beslut", false}, {"beslut i korthet", false}, {"snabbprotokoll", false},
    {"snabbreferat", false},    {"referat från", true},      {"beslut från", true},
    {"information från", true}, {"ärenden", true},           {"beslut i ", true},
};

/* Words between keyword and date that are not the board's name. */
static const char fillers[] = " i korthet från vid den det ett extrainsatt extrainsatta extra ordinarie sammanträde "
			      "sammanträdet möte mötet måndagen tisdagen onsdagen torsdagen fredagen – — - : ";

static bool is_filler(const char *word, size_t size)
{
	char wanted[40];
	if (size + 3 > sizeof(wanted))
		return false;
	snprintf(wanted, sizeof(wanted), " %.*s ", (int)size, word);
	return strstr(fillers, wanted) != NULL;
}

bool rf_is_body(const char *word, size_t size)
{
	static const char *const ends[] = {"nämnden",     "nämnd",     "styrelsen", "styrelse",
					   "fullmäktige", "utskottet", "utskott",   "direktionen"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size >= end && memcmp(word + size - end, ends[i], end) == 0)
			return true;
	}
	return false;
}

/* "Socialnämndens" is the board's name in the genitive. */
static char *board_name(struct referat_call *call, const char *text, size_t size)
{
	static const char *const genitives[] = {"nämndens", "styrelsens", "fullmäktiges", "utskottets"};
	char *name = rf_text_copy(call, text, size);
	for (size_t i = 0; i < sizeof(genitives) / sizeof(*genitives); i++)
		if (rf_ends_with(name, genitives[i]))
			name[size - 1] = '\0';
	return name;
}

static size_t mark_at(const char *text)
{
	static const char *const marks[] = {"–", "—", "-", ":", "|", ",", " "};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (rf_starts_with(text, marks[i]))
			return strlen(marks[i]);
	return 0;
}

/* The board before the keyword: everything but the dash. */
static const char *board_before(struct referat_call *call, const char *text, size_t end)
{
	size_t name = 0; /* end of what is no mark */
	for (size_t at = 0; at < end;) {
		size_t mark = mark_at(text + at);
		at += mark ? mark : 1;
		if (!mark)
			name = at;
	}
	return name ? board_name(call, text, name) : NULL;
}

/* The board between keyword and date: what is left when the fillers are taken away and it names a body. */
static const char *board_after(struct referat_call *call, const struct referat_paragraph *paragraph, size_t at,
			       size_t end)
{
	const char *lower = paragraph->lower;
	size_t first = end;
	size_t last = at;
	bool body = false;
	while (at < end) {
		at += strspn(lower + at, " ,");
		size_t size = strcspn(lower + at, " ,");
		if (at + size > end || size == 0)
			break;
		const char *word = lower + at;
		size_t plain = size > 1 && word[size - 1] == 's' ? size - 1 : size;
		if (!is_filler(word, size)) {
			first = at < first ? at : first;
			last = at + size;
			body = body || rf_is_body(word, size) || rf_is_body(word, plain);
		}
		at += size;
	}
	if (!body || last <= first)
		return NULL;
	char *name = board_name(call, paragraph->text + first, last - first);
	if (name[0] >= 'a' && name[0] <= 'z')
		name[0] = (char)(name[0] - 'a' + 'A');
	return name;
}

/* The date of a title: the last one that says a month. */
static bool find_date(const char *lower, size_t from, struct referat_date *date)
{
	bool found = false;
	struct referat_date next;
	for (size_t at = from; referat_date_find(lower, at, &next); at = next.end) {
		*date = next;
		found = true;
	}
	return found;
}

static bool parse_keyword(struct referat_call *call, const struct referat_paragraph *paragraph,
			  const struct keyword *keyword, struct title *title)
{
	const char *lower = paragraph->lower;
	const char *at = strstr(lower, keyword->words);
	if (!at || (keyword->weak && at != lower))
		return false;
	size_t before = (size_t)(at - lower);
	size_t after = before + strlen(keyword->words);
	struct referat_date date = {0};
	bool dated = find_date(lower, after, &date);

	*title = (struct title){.kind = REFERAT__KIND__SUMMARY};
	title->board = board_before(call, paragraph->text, before);
	if (!title->board)
		title->board = board_after(call, paragraph, after, dated ? date.start : strlen(lower));
	if (dated) {
		title->year = date.year;
		title->month = date.month;
		title->day = date.day;
	}
	title->extra =
	    strstr(lower, "extrainsatt") || strstr(lower, "extra sammanträde") || strstr(lower, "extra möte");
	return keyword->weak ? title->board && dated : title->board || dated;
}

bool rf_title_parse(struct referat_call *call, const struct referat_paragraph *paragraph, struct title *title)
{
	size_t size = strlen(paragraph->text);
	if (paragraph->kind != REFERAT__BLOCK_KIND__PARAGRAPH || size > MOST_TITLE ||
	    rf_ends_with(paragraph->text, ".") || rf_starts_with(paragraph->lower, "protokoll ") ||
	    rf_notice_role(paragraph) != REFERAT__NOTICE_ROLE__NOTICE_UNSPECIFIED)
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (parse_keyword(call, paragraph, &keywords[i], title))
			return true;
	return false;
}
