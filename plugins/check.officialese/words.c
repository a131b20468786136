#include "words.h"

#include <referat/swedish.h>

#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

/* What is being read, for the reasons. */
struct reading {
	struct referat_call *call;
	const char *name;
	unsigned line;
	struct words *words;
	size_t room_forms, room_entries;
};

static bool refuse(const struct reading *reading, const char *why)
{
	referat_because(reading->call, REFERAT_FAIL, "%s, line %u: %s", reading->name, reading->line, why);
	return false;
}

/* An array with room for one more: it doubles. NULL: there is no memory, and the old one stays. */
static void *grown(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	size_t more = *room ? 2 * *room : 64;
	void *larger = realloc(array, more * size);
	if (larger)
		*room = more;
	return larger;
}

static bool add_entry(struct reading *reading, const char *instead)
{
	struct words *words = reading->words;
	char **larger = grown(words->instead, words->n_entries, &reading->room_entries, sizeof(*larger));
	if (!larger)
		return refuse(reading, "out of memory");
	words->instead = larger;
	words->instead[words->n_entries] = strdup(instead);
	if (!words->instead[words->n_entries])
		return refuse(reading, "out of memory");
	words->n_entries++;
	return true;
}

/* How many words a form has, with one space between them; 0: it is none. */
static size_t count_words(const char *text)
{
	struct referat_range word = {0};
	size_t end = 0;
	size_t n = 0;
	for (; referat_word_find(text, end, &word) && n <= MOST_WORDS; n++) {
		bool joined = n == 0 ? word.start == 0 : word.start == end + 1 && text[end] == ' ';
		if (!joined)
			return 0;
		end = word.end;
	}
	return n <= MOST_WORDS && text[end] == '\0' ? n : 0;
}

static bool add_form(struct reading *reading, const char *text)
{
	struct words *words = reading->words;
	size_t n = strlen(text) <= MOST_FORM ? count_words(text) : 0;
	if (n == 0)
		return refuse(reading, "before the = stand words of letters and digits, with one space between them "
				       "and commas between forms");
	struct form *larger = grown(words->forms, words->n_forms, &reading->room_forms, sizeof(*larger));
	if (!larger)
		return refuse(reading, "out of memory");
	words->forms = larger;
	struct form *form = &words->forms[words->n_forms];
	*form = (struct form){strdup(referat_lower(reading->call, text)), words->n_entries, reading->line};
	if (!form->text)
		return refuse(reading, "out of memory");
	words->n_forms++;
	if (n > words->most_words)
		words->most_words = n;
	return true;
}

static char *trimmed(char *text)
{
	text += strspn(text, " \t");
	size_t size = strlen(text);
	while (size > 0 && strchr(" \t\r", text[size - 1]))
		text[--size] = '\0';
	return text;
}

/* Takes a line apart; it is changed. */
static bool read_line(struct reading *reading, char *line)
{
	line[strcspn(line, "#")] = '\0';
	line = trimmed(line);
	if (!*line)
		return true;
	char *equals = strchr(line, '=');
	if (!equals)
		return refuse(reading, "there is no = in it; write \"word = what to write instead\"");
	*equals = '\0';
	char *instead = trimmed(equals + 1);
	if (!*instead || strlen(instead) > MOST_INSTEAD)
		return refuse(reading, "after the = stands what to write instead, at most 300 bytes");
	for (char *form = line; form;) {
		char *comma = strchr(form, ',');
		if (comma)
			*comma = '\0';
		if (!add_form(reading, trimmed(form)))
			return false;
		form = comma ? comma + 1 : NULL;
	}
	return add_entry(reading, instead);
}

static bool is_utf8(struct referat_bytes list)
{
	for (size_t at = 0; at < list.size;) {
		UChar32 c;
		U8_NEXT(list.data, at, list.size, c);
		if (c <= 0)
			return false;
	}
	return true;
}

static int compare_forms(const void *left, const void *right)
{
	const struct form *a = left;
	const struct form *b = right;
	int order = strcmp(a->text, b->text);
	return order ? order : (a->line > b->line) - (a->line < b->line);
}

static bool sort(struct reading *reading)
{
	struct words *words = reading->words;
	if (words->n_forms == 0)
		return refuse(reading, "the list is empty");
	qsort(words->forms, words->n_forms, sizeof(*words->forms), compare_forms);
	for (size_t i = 1; i < words->n_forms; i++)
		if (strcmp(words->forms[i].text, words->forms[i - 1].text) == 0) {
			reading->line = words->forms[i].line;
			return refuse(reading, referat_format(reading->call, "\"%s\" stands on line %u already",
							      words->forms[i].text, words->forms[i - 1].line));
		}
	return true;
}

static bool read_lines(struct reading *reading, struct referat_bytes list)
{
	size_t mark = list.size >= 3 && memcmp(list.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	char *line = (char *)referat_copy(reading->call, list.data + mark, list.size - mark);
	while (line) {
		char *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		reading->line++;
		if (!read_line(reading, line))
			return false;
		line = end ? end + 1 : NULL;
	}
	return true;
}

struct words *words_read(struct referat_call *call, const char *name, struct referat_bytes list)
{
	struct reading reading = {.call = call, .name = name, .words = calloc(1, sizeof(struct words))};
	if (!reading.words) {
		refuse(&reading, "out of memory");
		return NULL;
	}
	bool good = list.size <= MOST_LIST && is_utf8(list);
	if (!good)
		referat_because(call, REFERAT_FAIL, "%s is larger than 256 KiB or not UTF-8", name);
	if (good && read_lines(&reading, list) && sort(&reading))
		return reading.words;
	words_free(reading.words);
	return NULL;
}

void words_free(struct words *words)
{
	if (!words)
		return;
	for (size_t i = 0; i < words->n_forms; i++)
		free(words->forms[i].text);
	for (size_t i = 0; i < words->n_entries; i++)
		free(words->instead[i]);
	free(words->forms);
	free(words->instead);
	free(words);
}

const struct form *words_find(const struct words *words, const char *text, size_t size)
{
	size_t from = 0;
	size_t to = words->n_forms;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct form *form = &words->forms[middle];
		int order = strncmp(form->text, text, size);
		if (order == 0 && form->text[size] == '\0')
			return form;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
