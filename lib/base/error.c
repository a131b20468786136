#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef rf_error_set
#undef rf_error_prefix
#undef rf_error_errno

/* vsnprintf cuts anywhere; a half character would make the log line invalid UTF-8. */
static void drop_half_character(char *text, size_t capacity)
{
	size_t length = strlen(text);
	if (length + 1 < capacity)
		return;
	while (length > 0 && ((unsigned char)text[length - 1] & 0xc0) == 0x80)
		length--;
	if (length > 0 && ((unsigned char)text[length - 1] & 0x80))
		length--;
	text[length] = '\0';
}

int rf_error_set(struct rf_error *error, const char *format, ...)
{
	if (!error)
		return -1;
	va_list args;
	va_start(args, format);
	vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	drop_half_character(error->text, sizeof error->text);
	return -1;
}

int rf_error_prefix(struct rf_error *error, const char *format, ...)
{
	if (!error)
		return -1;
	struct rf_error reason = *error;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof error->text)
		snprintf(error->text + n, sizeof error->text - (size_t)n, ": %s", reason.text);
	drop_half_character(error->text, sizeof error->text);
	return -1;
}

int rf_error_errno(struct rf_error *error, const char *format, ...)
{
	int number = errno;
	if (!error)
		return -1;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof error->text)
		snprintf(error->text + n, sizeof error->text - (size_t)n, ": %s", strerror(number));
	drop_half_character(error->text, sizeof error->text);
	return -1;
}
