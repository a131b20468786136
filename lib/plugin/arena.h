/* Memory with one end: what is taken from an arena is freed all at once. A call of a plugin has one. */
#ifndef RF_PLUGIN_ARENA_H
#define RF_PLUGIN_ARENA_H

#include <stddef.h>

struct rf_arena_block;

struct rf_arena {
	struct rf_arena_block *blocks; /* the newest first */
};

/* Zeroed and aligned for anything. Ends the process when memory is missing. */
void *rf_arena_alloc(struct rf_arena *arena, size_t size);
char *rf_arena_copy(struct rf_arena *arena, const void *data, size_t size); /* one NUL byte is added */
char *rf_arena_text(struct rf_arena *arena, const char *text);              /* NULL gives "" */
char *rf_arena_format(struct rf_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

void rf_arena_clear(struct rf_arena *arena);

#endif
