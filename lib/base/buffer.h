/* A growing run of bytes, for building texts and messages. Always followed by a NUL that does not count, so that data
 * can be read as a C string when it is text. */
#ifndef RF_BASE_BUFFER_H
#define RF_BASE_BUFFER_H

#include <stddef.h>

struct rf_buffer {
	char *data; /* owned; NULL until something is added */
	size_t size;
	size_t capacity;
};

#define RF_BUFFER_INIT                                                                                                 \
	{                                                                                                              \
		0                                                                                                      \
	}

void rf_buffer_deinit(struct rf_buffer *buffer); /* frees; the buffer is empty and may be used again */
#define rf_autobuffer __attribute__((cleanup(rf_buffer_deinit)))

void rf_buffer_clear(struct rf_buffer *buffer); /* empties, keeps the memory */
void rf_buffer_add(struct rf_buffer *buffer, const void *data, size_t size);
void rf_buffer_add_text(struct rf_buffer *buffer, const char *text);
void rf_buffer_add_char(struct rf_buffer *buffer, char c);
void rf_buffer_format(struct rf_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the bytes to the caller, who frees them; never NULL (an empty buffer gives ""). */
char *rf_buffer_take(struct rf_buffer *buffer);

#endif
