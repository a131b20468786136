/* Words as Swedish texts have them. */
#include <referat/swedish.h>

#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

static bool is_letter(UChar32 c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return u_isalpha(c) || u_getCombiningClass(c) > 0;
}

static bool is_digit(UChar32 c)
{
	return c >= '0' && c <= '9';
}

/* May it stand inside a word, between two characters of the word? "SIP:s", "t-shirt", "17,5". */
static bool joins(UChar32 joint, UChar32 before, UChar32 after)
{
	if (is_digit(before) && is_digit(after))
		return strchr("-:.,", (int)joint) != NULL;
	return joint == '-' || joint == ':' || joint == '\'';
}

/* The character at a position, and the next position; 0 at the end. */
static UChar32 character(const char *text, size_t *at)
{
	size_t next = *at;
	UChar32 c = (uint8_t)text[next];
	if (c >= 0x80)
		U8_NEXT(text, next, SIZE_MAX, c);
	else if (c)
		next++;
	*at = next;
	return c;
}

bool referat_word_find(const char *text, size_t from, struct referat_range *word)
{
	size_t at = from;
	size_t start = from;
	UChar32 c = character(text, &at);
	while (c && !is_letter(c) && !is_digit(c)) {
		start = at;
		c = character(text, &at);
	}
	if (!c)
		return false;
	*word = (struct referat_range){start, at};
	for (UChar32 last = c; (c = character(text, &at)) != 0; last = c) {
		if (c > 0 && c < 0x80 && !is_letter(c) && !is_digit(c)) {
			UChar32 joint = c;
			c = character(text, &at);
			if (!joins(joint, last, c))
				break;
		}
		if (!is_letter(c) && !is_digit(c))
			break;
		word->end = at;
	}
	return true;
}
