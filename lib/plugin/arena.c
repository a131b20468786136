#include "plugin/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct rf_arena_block {
	struct rf_arena_block *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

static size_t aligned(size_t size)
{
	return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

/* Large runs get a block of their own, behind the newest, so that the room left there goes on being used. */
static void *alloc_alone(struct rf_arena *arena, size_t size)
{
	struct rf_arena_block *block = rf_alloc(sizeof *block + size);
	block->size = block->used = size;
	if (arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		arena->blocks = block;
	}
	return block->bytes;
}

void *rf_arena_alloc(struct rf_arena *arena, size_t size)
{
	if (size > BLOCK_SIZE / 4)
		return alloc_alone(arena, size);
	size_t needed = aligned(size ? size : 1);
	struct rf_arena_block *block = arena->blocks;
	if (!block || block->size - block->used < needed) {
		block = rf_alloc(sizeof *block + BLOCK_SIZE);
		block->size = BLOCK_SIZE;
		block->next = arena->blocks;
		arena->blocks = block;
	}
	void *memory = block->bytes + block->used;
	block->used += needed;
	return memory;
}

char *rf_arena_copy(struct rf_arena *arena, const void *data, size_t size)
{
	char *copy = rf_arena_alloc(arena, size + 1);
	if (size)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

char *rf_arena_text(struct rf_arena *arena, const char *text)
{
	return text ? rf_arena_copy(arena, text, strlen(text)) : rf_arena_copy(arena, "", 0);
}

char *rf_arena_format(struct rf_arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	rf_autofree char *text = rf_vformat(format, args);
	va_end(args);
	return rf_arena_text(arena, text);
}

void rf_arena_clear(struct rf_arena *arena)
{
	while (arena->blocks) {
		struct rf_arena_block *block = arena->blocks;
		arena->blocks = block->next;
		free(block);
	}
}
