/* Asks what a definition sends to whether it can be reached and takes the credentials: targets and channels that can be
 * probed. Changes nothing there. */
#ifndef RF_CLI_PROBE_H
#define RF_CLI_PROBE_H

#include "config/pipeline.h"

#include <stdio.h>

/* Probes one after the other and writes a line for each. secret: only those that use it; NULL: all. Blocks as long as
 * the plugins' time limits say. Returns how many did not answer well. */
size_t rf_probe(const struct rf_pipeline *pipeline, const char *secret, FILE *out);

#endif
