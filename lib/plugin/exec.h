/* Any program as a plugin: an executable file "<plugin name>.exec" in a plugin folder.
 *
 *   FILE --describe   prints the descriptor as JSON on standard output
 *   FILE              reads one call as JSON on standard input, writes one result as JSON on standard output, exits
 *
 * docs/plugins.md specifies both. Secrets go by standard input only. */
#ifndef RF_PLUGIN_EXEC_H
#define RF_PLUGIN_EXEC_H

#include "plugin/info.h"

struct rf_error;
struct rf_exec;

/* Asks the program what it is. The descriptor's strings live as long as the result. Returns 0; < 0 with the reason. */
int rf_exec_open(const char *path, struct rf_exec **exec, struct rf_error *error);
void rf_exec_close(struct rf_exec *exec); /* NULL is fine */

const struct referat_plugin *rf_exec_descriptor(const struct rf_exec *exec);

#endif
