/* What a document is about, by the operator's own list:
 *
 *     Skola: skola, skolan, förskol, elev
 *
 * A document has the topic when a word of its title or text begins with one of those. A line is a topic; '#' starts a
 * comment. */
#ifndef REFERAT_TOPICS_H
#define REFERAT_TOPICS_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { REFERAT_TOPICS_MOST = 64 };

/* The option that names the list; a target puts it into its table. */
#define REFERAT_TOPICS_OPTION                                                                                          \
	{                                                                                                              \
		.name = "topics", .type = REFERAT_PATH,                                                                \
		.help = "file of topics, one a line ('Skola: skola, elev'): a new post with a word that begins so "    \
			"gets the tag"                                                                                 \
	}

/* The names of the document's topics, as the list writes them, in its order. Returns OK and how many; FAIL with the
 * reason and the line when the list can't be read. Without the option there are none. */
enum referat_result referat_topics(struct referat_call *call, const char *names[static REFERAT_TOPICS_MOST], size_t *n);

/* Whether the list can be read: for `open`. */
enum referat_result referat_topics_check(struct referat_call *call);

#ifdef __cplusplus
}
#endif
#endif
