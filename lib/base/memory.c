#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
	if (!memory) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return memory;
}

/* glibc's calloc passes by the cache that each thread has for small pieces; malloc does not. */
void *rf_alloc(size_t size)
{
	enum { SMALL = 1024 };
	if (size > SMALL)
		return must(calloc(1, size));
	return memset(must(malloc(size ? size : 1)), 0, size);
}

void *rf_realloc(void *memory, size_t size)
{
	return must(realloc(memory, size ? size : 1));
}

void *rf_realloc_array(void *memory, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total))
		must(NULL);
	return rf_realloc(memory, total);
}

char *rf_strdup(const char *text)
{
	return text ? must(strdup(text)) : NULL;
}

char *rf_strndup(const char *text, size_t length)
{
	return must(strndup(text, length));
}

void *rf_memdup(const void *data, size_t size)
{
	char *copy = must(malloc(size + 1));
	if (size)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

char *rf_vformat(const char *format, va_list args)
{
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		must(NULL);
	return text;
}

char *rf_format(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = rf_vformat(format, args);
	va_end(args);
	return text;
}

void rf_free_at(void *pointer_address)
{
	free(*(void **)pointer_address);
}
