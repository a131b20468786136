/* A program's manual page, in mdoc(7), from the table that its options are read with: what `--manual` prints, and
 * `make` puts into share/man. So page, help and checks can't disagree. */
#ifndef RF_BASE_MANUAL_H
#define RF_BASE_MANUAL_H

#include "base/options.h"

#include <stdio.h>

/* common: the options that every program has. "referat run" becomes the page referat-run(1); the programs that are not
 * commands of referat, the daemons, are in section 8. */
void rf_manual_print(const struct rf_program *program, const struct rf_option *common, size_t n_common, FILE *out);

#endif
