/* The word list: lines "kanslisvenska = klarspråk". Several forms are separated by commas, # starts a comment:
 *
 *   erlägga, erlägger, erlade, erlagt = betala
 *   i enlighet med = enligt */
#ifndef OFFICIALESE_WORDS_H
#define OFFICIALESE_WORDS_H

#include <referat/plugin.h>

enum {
	MOST_LIST = 256 * 1024, /* bytes of a list */
	MOST_FORM = 100,        /* bytes of a form */
	MOST_WORDS = 8,         /* in a form */
	MOST_INSTEAD = 300,     /* bytes of what to write instead */
};

struct form {
	char *text;   /* in lower case, one space between words */
	size_t entry; /* which line it stands on, counted without comments */
	unsigned line;
};

struct words {
	struct form *forms; /* sorted by text */
	size_t n_forms;
	size_t most_words; /* in a form */
	char **instead;    /* of each entry */
	size_t n_entries;
};

/* Reads a list. Returns NULL with the reason, which names the line, set on the call. The caller frees it. */
struct words *words_read(struct referat_call *call, const char *name, struct referat_bytes list);
void words_free(struct words *words); /* NULL is fine */

/* The form that a text is, or NULL. */
const struct form *words_find(const struct words *words, const char *text, size_t size);

#endif
