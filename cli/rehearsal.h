/* One file on its way through a pipeline, up to what is rendered: with the stages and plugins of the definition, a
 * broker and a state folder of its own, and nothing that is published or mailed. */
#ifndef RF_CLI_REHEARSAL_H
#define RF_CLI_REHEARSAL_H

#include "config/pipeline.h"

#include <referat/document.pb-c.h>
#include <stdint.h>

struct rf_error;

struct rf_rendition {
	char *name; /* "page" */
	char *data; /* followed by a NUL */
	size_t size;
};

struct rf_rehearsal {
	char *status;                /* "done", "held", "dead" */
	char *code, *reason;         /* of held and dead; "" when there is none */
	Referat__Document *document; /* NULL: it was not read */
	char *board_id;              /* "" when not known */
	struct rf_rendition *renditions;
	size_t n_renditions;
};

/* plugins: folders looked at before those of the installation, or NULL. Blocks, at most limit_us. Returns 0; < 0 with
 * the reason when the pipeline could not run. */
int rf_rehearse(const struct rf_pipeline *pipeline, const char *input, const char *plugins, int64_t limit_us,
		struct rf_rehearsal *rehearsal, struct rf_error *error);
void rf_rehearsal_deinit(struct rf_rehearsal *rehearsal);

/* The definition that is run: what stands before publishing, with the inbox as its only source. The caller frees. */
char *rf_rehearsal_definition(const struct rf_pipeline *pipeline, const char *publisher, const char *inbox);

#endif
