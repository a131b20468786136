/* Whether a file may be run as a plugin: nobody else can have written it, and it is what its name says. */
#ifndef RF_PLUGIN_SAFETY_H
#define RF_PLUGIN_SAFETY_H

#include <stdbool.h>

struct rf_error;

/* A regular file that belongs to root or to the user who runs us, which others can't write (the group neither, unless
 * file and group are the user's own), in a folder where others can't replace it. A .so is a shared object for this
 * processor; a .exec is executable. Follows links and checks what they lead to. Returns 0; < 0 with a sentence that
 * says what to do. */
int rf_safety_check(const char *path, struct rf_error *error);

/* The file's absolute path, its folder without links; the file's own name stays, for it names the plugin. NULL: there
 * is no such folder (errno). The caller frees. */
char *rf_safety_path(const char *path);

bool rf_safety_is_exec(const char *path); /* ends in ".exec" */

#endif
