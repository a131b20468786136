/* Small things that all of the reading needs. */
#include "structure.h"

#include <string.h>

void rf_list_add(struct referat_call *call, struct list *list, void *item)
{
	if (list->n == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 8;
		void **items = referat_alloc(call, capacity * sizeof(*items));
		if (list->n)
			memcpy(items, list->items, list->n * sizeof(*items));
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->n++] = item;
}

bool rf_starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool rf_ends_with(const char *text, const char *end)
{
	size_t size = strlen(text);
	size_t tail = strlen(end);
	return size >= tail && memcmp(text + size - tail, end, tail) == 0;
}

char *rf_text_copy(struct referat_call *call, const char *text, size_t size)
{
	char *own = referat_alloc(call, size + 1);
	memcpy(own, text, size);
	return own;
}

size_t rf_count_words(const char *text)
{
	size_t n = 0;
	for (const char *at = text; *at; n++) {
		at += strspn(at, " ");
		if (!*at)
			break;
		at += strcspn(at, " ");
	}
	return n;
}
