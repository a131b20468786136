/* Clauses of a list of decisions ("att godkänna taxan, samt"), and the sentences that they are with what opens the
 * list. */
#include "summary.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

char *clause_text(struct referat_call *call, const char *text)
{
	static const char *const ends[] = {", samt", ", och", " samt", " och", ",", ";", "."};
	size_t number = 0;
	while (is_digit(text[number]))
		number++;
	if (number && (text[number] == '.' || text[number] == ')') && text[number + 1] == ' ')
		text += number + 2;
	else if (text[0] && (text[1] == ')' || (text[1] == '.' && referat_is_capital(text + 3))) && text[2] == ' ')
		text += 3;
	while (*text == '-' || *text == ' ')
		text++;
	size_t size = strlen(text);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t end = strlen(ends[i]);
		if (size > end && memcmp(text + size - end, ends[i], end) == 0) {
			size -= end;
			i = (size_t)-1;
		}
	}
	return (char *)referat_copy(call, text, size);
}

bool begins_small(const char *text)
{
	return (text[0] >= 'a' && text[0] <= 'z') || (strncmp(text, "å", 1) == 0 && !referat_is_capital(text));
}

bool has_word(const char *lower, const char *const *words, size_t n)
{
	struct referat_range word = {0};
	while (referat_word_find(lower, word.end, &word))
		for (size_t i = 0; i < n; i++)
			if (strlen(words[i]) == word.end - word.start &&
			    memcmp(lower + word.start, words[i], word.end - word.start) == 0)
				return true;
	return false;
}

static bool is_point(const Referat__Block *block)
{
	return block->kind == REFERAT__BLOCK_KIND__LIST_ITEM || block->kind == REFERAT__BLOCK_KIND__NUMBERED_ITEM;
}

/* What opens the list that the place is a point of, without its colon: "Kommunstyrelsen beslutade att"; NULL: none. */
static const char *opening_of(struct referat_call *call, const Referat__Item *item, const Referat__Place *place)
{
	if (!place || !place->has_block || place->block >= item->n_blocks || !is_point(item->blocks[place->block]))
		return NULL;
	size_t first = place->block;
	while (first > 0 && is_point(item->blocks[first - 1]))
		first--;
	const Referat__Block *before = first > 0 ? item->blocks[first - 1] : NULL;
	if (!before || !before->text || before->kind != REFERAT__BLOCK_KIND__PARAGRAPH)
		return NULL;
	const struct referat_range *ranges;
	size_t n = referat_sentences(call, before->text, &ranges);
	if (n == 0 || before->text[ranges[n - 1].end - 1] != ':')
		return NULL;
	return referat_copy(call, before->text + ranges[n - 1].start, ranges[n - 1].end - 1 - ranges[n - 1].start);
}

const char *decision_alone(struct referat_call *call, const Referat__Item *item, const Referat__Decision *decision)
{
	const char *opening = decision->text ? opening_of(call, item, decision->place) : NULL;
	const char *clause = opening ? clause_text(call, decision->text) : NULL;
	if (!clause || !begins_small(clause))
		return decision->text;
	size_t size = strlen(opening);
	bool that = size > 4 && strcmp(opening + size - 4, " att") == 0;
	if (that && strncmp(clause, "att ", 4) == 0)
		clause += 4;
	return referat_format(call, "%s %s.", opening, clause);
}
