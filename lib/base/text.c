#include "base/text.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

bool rf_text_is_utf8(const char *text, size_t size)
{
	const uint8_t *bytes = (const uint8_t *)text;
	for (size_t i = 0; i < size;) {
		UChar32 c;
		U8_NEXT(bytes, i, size, c);
		if (c <= 0) /* NUL, or U_SENTINEL for what is not UTF-8 */
			return false;
	}
	return true;
}

/* ---- nearest ----------------------------------------------------------------------------------------------------- */

enum { LONGEST_WORD = 64 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be put in, taken out, changed, or swapped with their neighbour to make a into b. Three rows of
 * the usual table are enough: the one being filled, the one before, and, for swaps, the one before that. */
static size_t distance(const char *a, size_t size_a, const char *b, size_t size_b)
{
	size_t rows[3][LONGEST_WORD + 1];
	for (size_t j = 0; j <= size_b; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= size_a; i++) {
		size_t *row = rows[i % 3];
		const size_t *before = rows[(i + 2) % 3];
		const size_t *before_that = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= size_b; j++) {
			row[j] = least(least(row[j - 1], before[j]) + 1, before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before_that[j - 2] + 1);
		}
	}
	return rows[size_a % 3][size_b];
}

const char *rf_text_nearest(const char *word, const char *const *names, size_t n_names)
{
	const char *nearest = NULL;
	size_t size = strlen(word);
	size_t limit = size / 3;
	if (size > LONGEST_WORD)
		return NULL;
	for (size_t i = 0; i < n_names; i++) {
		size_t name_size = strlen(names[i]);
		if (name_size > LONGEST_WORD)
			continue;
		size_t off = distance(word, size, names[i], name_size);
		if (off > limit || (nearest && off == limit))
			continue;
		nearest = names[i];
		limit = off;
	}
	return nearest;
}

/* --------------------------------------------------------------------------------------------------------------------
 */

bool rf_text_starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

size_t rf_text_find_word(const char *list, const char *word)
{
	size_t place = 0, size = strlen(word);
	for (const char *at = list + strspn(list, " "); *at; at += strcspn(at, " "), at += strspn(at, " "), place++)
		if (strcspn(at, " ") == size && memcmp(at, word, size) == 0)
			return place;
	return SIZE_MAX;
}

bool rf_text_ends(const char *text, const char *end)
{
	size_t size = strlen(text), end_size = strlen(end);
	return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

char *rf_text_trim(const char *text, size_t size)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t start = 0, end = 0;
	for (size_t i = 0; i < size;) {
		size_t at = i;
		UChar32 c;
		U8_NEXT(bytes, i, size, c);
		if (c >= 0 && u_isUWhiteSpace(c))
			continue;
		if (end == 0)
			start = at;
		end = i;
	}
	return rf_memdup(text + start, end - start);
}

char *rf_text_fold(const char *text)
{
	rf_autofree char *trimmed = rf_text_trim(text, strlen(text));
	UErrorCode status = U_ZERO_ERROR;
	UCaseMap *map = ucasemap_open("", 0, &status);
	int32_t room = (int32_t)strlen(trimmed) * 3 + 1;
	char *folded = rf_alloc((size_t)room);
	if (U_SUCCESS(status))
		ucasemap_utf8FoldCase(map, folded, room, trimmed, -1, &status);
	ucasemap_close(map);
	if (U_SUCCESS(status))
		return folded;
	free(folded);
	return rf_steal(trimmed);
}

bool rf_text_colours(int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");
	return isatty(fd) && !(no_colour && *no_colour) && !(terminal && strcmp(terminal, "dumb") == 0);
}
