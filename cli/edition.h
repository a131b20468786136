/* A definition that was found good, and the very bytes that were: the broker is given these, so that what was checked
 * is what runs, whatever becomes of the files. */
#ifndef RF_CLI_EDITION_H
#define RF_CLI_EDITION_H

#include "config/pipeline.h"
#include "plugin/registry.h"

struct rf_edition {
	struct rf_registry registry;
	struct rf_pipeline *pipeline;
	int copy, publisher_copy; /* files in memory, for a child to inherit (cli/child.h) */
};

/* Reads and checks the definition with the plugins that are installed and those of the folders (NULL: none). Mistakes
 * are shown on standard error. Returns 0, or an exit status; error has a reason ("" when all is shown). Blocks: a child
 * looks at each plugin. */
int rf_edition_load(const char *path, const char *plugins, struct rf_edition **edition, struct rf_error *error);
void rf_edition_free(struct rf_edition *edition); /* NULL is fine */

#endif
