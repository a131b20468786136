#include "config/moves.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int add(struct rf_stage_moves *moves, const char *text, size_t size, struct rf_error *error)
{
	const char *equals = memchr(text, '=', size);
	size_t from = equals ? (size_t)(equals - text) : 0, to = equals ? size - from - 1 : 0;
	if (!from || !to || memchr(equals + 1, '=', to))
		return rf_error_set(error, "'%.*s' is no move: expected OLD=NEW, two names of stages", (int)size, text);
	if (moves->n == RF_MOVES_MOST)
		return rf_error_set(error, "more than %d moves at once", RF_MOVES_MOST);
	moves->list[moves->n++] =
	    (struct rf_stage_move){.from = rf_strndup(text, from), .to = rf_strndup(equals + 1, to)};
	return 0;
}

int rf_stage_moves_read(const char *text, struct rf_stage_moves *moves, struct rf_error *error)
{
	struct rf_stage_moves read = {.n = 0};
	while (text && *text) {
		size_t size = strcspn(text, ",");
		if (add(&read, text, size, error) < 0) {
			rf_stage_moves_deinit(&read);
			return -1;
		}
		text += size + (text[size] == ',');
	}
	*moves = read;
	return 0;
}

void rf_stage_moves_deinit(struct rf_stage_moves *moves)
{
	for (size_t i = 0; i < moves->n; i++) {
		free(moves->list[i].from);
		free(moves->list[i].to);
	}
	moves->n = 0;
}

static bool same_kind(const char *a, const char *b)
{
	size_t size = strcspn(a, "/");
	return size == strcspn(b, "/") && strncmp(a, b, size) == 0;
}

static int count_of(const struct rf_stage_moves *moves, const struct rf_stage_move *move)
{
	int n = 0;
	for (size_t i = 0; i < moves->n; i++)
		n += strcmp(moves->list[i].from, move->from) == 0 || strcmp(moves->list[i].to, move->to) == 0;
	return n;
}

int rf_stage_moves_check(const struct rf_stage_moves *moves, const struct rf_pipeline *new, struct rf_error *error)
{
	for (size_t i = 0; i < moves->n; i++) {
		const struct rf_stage_move *move = &moves->list[i];
		if (rf_pipeline_stage(new, move->from))
			return rf_error_set(error, "move %s=%s: the definition still has the stage %s", move->from,
					    move->to, move->from);
		if (!rf_pipeline_stage(new, move->to))
			return rf_error_set(error, "move %s=%s: the definition has no stage %s", move->from, move->to,
					    move->to);
		if (!same_kind(move->from, move->to))
			return rf_error_set(error, "move %s=%s: the two do not do the same work", move->from, move->to);
		if (count_of(moves, move) > 1)
			return rf_error_set(error, "move %s=%s: a stage is moved once, and takes over from one",
					    move->from, move->to);
	}
	return 0;
}

char *rf_stage_moves_write(const struct rf_stage_moves *moves, bool back)
{
	if (moves->n == 0)
		return NULL;
	struct rf_buffer text = RF_BUFFER_INIT;
	for (size_t i = 0; i < moves->n; i++) {
		const struct rf_stage_move *move = &moves->list[i];
		rf_buffer_format(&text, "%s%s=%s", i > 0 ? "," : "", back ? move->to : move->from,
				 back ? move->from : move->to);
	}
	return rf_buffer_take(&text);
}

bool rf_stage_moves_has(const struct rf_stage_moves *moves, const char *stage)
{
	for (size_t i = 0; i < moves->n; i++)
		if (strcmp(moves->list[i].from, stage) == 0)
			return true;
	return false;
}
