/* What a plugin is tried with: one document's parts and values, made from a file with the help of the plugins that are
 * installed. */
#ifndef RF_CLI_TRIAL_H
#define RF_CLI_TRIAL_H

#include "plugin/arena.h"
#include "plugin/host.h"
#include "plugin/registry.h"

struct rf_trial {
	struct rf_arena arena; /* holds names, types and bytes */
	struct rf_part_view *parts;
	size_t n_parts;
	const char **names, **values;
	size_t n_values;
};

/* Reads the file: a call as JSON ({"values": {…}, "parts": {…}}, ending .json), a page (.html: rendition and card of
 * it), or minutes, which installed readers, summarisers and writers bring to where a plugin of that kind starts.
 * Returns 0; < 0 with the reason. */
int rf_trial_prepare(struct rf_trial *trial, const char *path, enum referat_kind kind, const struct rf_host *host,
		     const struct rf_registry *installed, struct rf_error *error);
void rf_trial_deinit(struct rf_trial *trial);

/* A call that has all of it. The caller frees it before the trial ends. */
struct rf_call *rf_trial_call(const struct rf_trial *trial);

void rf_trial_set(struct rf_trial *trial, const char *name, const char *value); /* replaces */

#endif
