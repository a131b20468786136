#include "base/buffer.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rf_buffer_deinit(struct rf_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct rf_buffer)RF_BUFFER_INIT;
}

void rf_buffer_clear(struct rf_buffer *buffer)
{
	buffer->size = 0;
	if (buffer->data)
		buffer->data[0] = '\0';
}

static void reserve(struct rf_buffer *buffer, size_t more)
{
	size_t needed = buffer->size + more + 1;
	if (needed <= buffer->capacity)
		return;
	size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
	if (capacity < needed)
		capacity = needed;
	buffer->data = rf_realloc(buffer->data, capacity);
	buffer->capacity = capacity;
}

void rf_buffer_add(struct rf_buffer *buffer, const void *data, size_t size)
{
	reserve(buffer, size);
	if (size)
		memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
	buffer->data[buffer->size] = '\0';
}

void rf_buffer_add_text(struct rf_buffer *buffer, const char *text)
{
	rf_buffer_add(buffer, text, strlen(text));
}

void rf_buffer_add_char(struct rf_buffer *buffer, char c)
{
	rf_buffer_add(buffer, &c, 1);
}

void rf_buffer_format(struct rf_buffer *buffer, const char *format, ...)
{
	va_list args;
	va_list again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	if (n > 0) {
		reserve(buffer, (size_t)n);
		vsnprintf(buffer->data + buffer->size, (size_t)n + 1, format, again);
		buffer->size += (size_t)n;
	}
	va_end(again);
	va_end(args);
}

char *rf_buffer_take(struct rf_buffer *buffer)
{
	reserve(buffer, 0);
	buffer->data[buffer->size] = '\0';
	char *data = buffer->data;
	*buffer = (struct rf_buffer)RF_BUFFER_INIT;
	return data;
}
