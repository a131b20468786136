/* Texts in the memory of the call. */
#include <referat/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAY_VALUES_MOST = 16 };

void *referat_alloc(struct referat_call *call, size_t size)
{
	return call->host->alloc(call, size);
}

const char *referat_copy(struct referat_call *call, const void *data, size_t size)
{
	char *copy = referat_alloc(call, size + 1);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

const char *referat_format(struct referat_call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = referat_alloc(call, size > 0 ? (size_t)size + 1 : 1);
	if (size > 0)
		vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	return text;
}

struct value {
	const char *name;
	const char *text;
};

/* The value whose "{{name}}" stands at the place, and how long that is. */
static const struct value *value_at(const char *at, const struct value *values, size_t n, size_t *size)
{
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(values[i].name);
		if (!strncmp(at + 2, values[i].name, length) && !strncmp(at + 2 + length, "}}", 2)) {
			*size = length + 4;
			return &values[i];
		}
	}
	return NULL;
}

/* Writes the text with its values to out, or only measures it when out is NULL. */
static size_t replace(const char *text, const struct value *values, size_t n, char *out)
{
	size_t total = 0;
	while (*text) {
		const char *piece = text;
		size_t size = 1;
		size_t taken = 1;
		const struct value *value = !strncmp(text, "{{", 2) ? value_at(text, values, n, &taken) : NULL;
		if (value) {
			piece = value->text;
			size = strlen(piece);
		}
		if (out)
			memcpy(out + total, piece, size);
		total += size;
		text += taken;
	}
	return total;
}

const char *referat_say(struct referat_call *call, const char *key, ...)
{
	struct value values[SAY_VALUES_MOST];
	size_t n = 0;
	va_list args;
	va_start(args, key);
	const char *name = NULL;
	while (n < SAY_VALUES_MOST && (name = va_arg(args, const char *))) {
		const char *text = va_arg(args, const char *);
		values[n++] = (struct value){name, text ? text : ""};
	}
	va_end(args);
	const char *text = call->host->text(call, key);
	char *said = referat_alloc(call, replace(text, values, n, NULL) + 1);
	replace(text, values, n, said);
	return said;
}
