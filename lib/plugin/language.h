/* Texts for residents and publishers by key: a flat YAML map, `key: "text with {{name}}"`. */
#ifndef RF_PLUGIN_LANGUAGE_H
#define RF_PLUGIN_LANGUAGE_H

#include <stdarg.h>

struct rf_error;
struct rf_language;

struct rf_language *rf_language_new(void);
void rf_language_free(struct rf_language *language); /* NULL is fine */

/* Adds the file's texts to what is there; a key that is there keeps its text. Returns 0; 1 when there is no such file;
 * < 0 with the reason, which names file and line (what stood before that line was added). At most 4 MiB and 20 000
 * keys. */
int rf_language_read(struct rf_language *language, const char *path, struct rf_error *error);

const char *rf_language_text(const struct rf_language *language, const char *key); /* NULL: no such key */

/* The text with a value in the place of each {{name}}: pairs of name and value, then NULL. The key stands for a text
 * that is not there. The caller frees. */
char *rf_language_say(const struct rf_language *language, const char *key, ...) __attribute__((sentinel));
char *rf_language_vsay(const struct rf_language *language, const char *key, va_list pairs);

#endif
