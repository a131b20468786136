/* A descriptor as a plugin gives it: checked and copied, whatever its age. */
#ifndef RF_PLUGIN_DESCRIPTOR_H
#define RF_PLUGIN_DESCRIPTOR_H

#include <referat/plugin.h>

struct rf_error;

/* What the file's name says the plugin is called: of "a/target.x.so" and "a/target.x.exec" it is "target.x". The
 * caller frees. */
char *rf_descriptor_expected_name(const char *path);

/* Checks what the symbol points to and copies it; fields that it lacks are zero, options have our element size. Strings
 * stay the plugin's. *options is the caller's (free). Returns 0; < 0 with a sentence that says what to do. */
int rf_descriptor_read(const void *symbol, const char *path, struct referat_plugin *descriptor,
		       struct referat_option **options, struct rf_error *error);

/* The checks that do not depend on memory layout: name, kind, functions, options. */
int rf_descriptor_check(const struct referat_plugin *descriptor, const char *path, struct rf_error *error);

#endif
