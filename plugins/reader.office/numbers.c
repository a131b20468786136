/* Numbers that are counted when a text is shown, and stand nowhere in it. */
#include "reader.h"

#include <stdio.h>
#include <string.h>

static void format_roman(long number, char *text, size_t size)
{
	static const struct {
		long value;
		const char *sign;
	} signs[] = {{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
		     {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
	size_t used = 0;
	text[0] = '\0';
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		for (; number >= signs[i].value && used + 3 < size; number -= signs[i].value)
			used += (size_t)snprintf(text + used, size - used, "%s", signs[i].sign);
}

void number_format(char kind, long number, char *text, size_t size)
{
	bool letter = kind == 'a' || kind == 'A';
	if (letter && number >= 1 && number <= 26)
		snprintf(text, size, "%c", (int)kind + (int)number - 1);
	else if ((kind == 'i' || kind == 'I') && number >= 1 && number < 4000)
		format_roman(number, text, size);
	else
		snprintf(text, size, "%ld", number);
}

bool number_says_something(const char *label)
{
	return strstr(label, "§") || strlen(label) > 6;
}
