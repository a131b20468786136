/* Stages whose tasks another stage takes over when the definition changes: "publish/web=publish/site". */
#ifndef RF_CONFIG_MOVES_H
#define RF_CONFIG_MOVES_H

#include "config/pipeline.h"

enum { RF_MOVES_MOST = 16 };

struct rf_stage_move {
	char *from, *to;
};

struct rf_stage_moves {
	struct rf_stage_move list[RF_MOVES_MOST];
	size_t n;
};

/* Reads "OLD=NEW,OLD=NEW"; NULL and "" are none. Returns 0, < 0 with what is wrong. */
int rf_stage_moves_read(const char *text, struct rf_stage_moves *moves, struct rf_error *error);
void rf_stage_moves_deinit(struct rf_stage_moves *moves);

/* Whether they make sense for a pipeline that is to become the other: the one is gone, the other there and of the same
 * kind. Returns 0, < 0 with the reason. */
int rf_stage_moves_check(const struct rf_stage_moves *moves, const struct rf_pipeline *new, struct rf_error *error);

/* The text of them; back: from the new stages to the old. NULL: there are none. The caller frees. */
char *rf_stage_moves_write(const struct rf_stage_moves *moves, bool back);

/* Whether a stage's tasks go to another one. */
bool rf_stage_moves_has(const struct rf_stage_moves *moves, const char *stage);

#endif
