/* Headings that are printed in capitals, as a sentence has them: a word is written as the text of the minutes writes
 * it, else small, with a capital at the start. */
#include "summary.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

char *capitalised(struct referat_call *call, const char *text)
{
	int32_t at = 0;
	int32_t size = 0;
	UChar32 first = 0;
	char letter[U8_MAX_LENGTH + 1] = {0};
	if (*text)
		U8_NEXT(text, at, -1, first);
	if (first <= 0 || !u_islower(first))
		return (char *)referat_copy(call, text, strlen(text));
	first = u_toupper(first);
	U8_APPEND_UNSAFE(letter, size, first);
	return (char *)referat_format(call, "%s%s", letter, text + at);
}

static bool has_small(const char *text)
{
	UChar32 c = 0;
	for (int32_t at = 0; text[at];) {
		U8_NEXT(text, at, -1, c);
		if (c > 0 && u_islower(c))
			return true;
	}
	return false;
}

/* Stands the place of a text inside a sentence, so that a capital there means something? */
static bool is_inside(const char *text, size_t at)
{
	return at > 1 && text[at - 1] == ' ' && !strchr(".:!?", text[at - 2]);
}

/* How the text writes a word inside a sentence: NULL: it has it nowhere. Small letters win, for a name is never small.
 */
static const char *form_in(struct referat_call *call, const char *text, const char *lower, size_t size)
{
	const char *form = NULL;
	struct referat_range word = {0};
	if (!text || !has_small(text))
		return NULL;
	const char *small = referat_lower(call, text);
	while (referat_word_find(text, word.end, &word)) {
		if (word.end - word.start != size || memcmp(small + word.start, lower, size) != 0)
			continue;
		if (memcmp(text + word.start, lower, size) == 0)
			return text + word.start;
		if (is_inside(text, word.start))
			form = text + word.start;
	}
	return form;
}

static const char *form_of(const struct writing *writing, const Referat__Item *item, const char *lower, size_t size)
{
	const char *form = NULL;
	for (size_t i = 0; i < item->n_blocks && !form; i++)
		form = form_in(writing->call, item->blocks[i]->text, lower, size);
	return form;
}

/* "SJÖGATAN": a street that the text of the item does not mention. */
static bool is_street(const char *lower, size_t size)
{
	static const char end[] = "gatan";
	return size > strlen(end) && memcmp(lower + size - strlen(end), end, strlen(end)) == 0;
}

const char *without_capitals(const struct writing *writing, const char *heading, unsigned index)
{
	const Referat__Item *item = writing->document->items[index];
	if (has_small(heading) || !strchr(heading, ' '))
		return heading;
	char *text = referat_lower(writing->call, heading);
	struct referat_range word = {0};
	while (referat_word_find(text, word.end, &word)) {
		size_t size = word.end - word.start;
		const char *form = form_of(writing, item, text + word.start, size);
		if (form)
			memcpy(text + word.start, form, size);
		else if (is_street(text + word.start, size))
			memcpy(text + word.start, heading + word.start,
			       (unsigned char)heading[word.start] < 0x80 ? 1 : 2);
	}
	return capitalised(writing->call, text);
}
