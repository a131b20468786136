/* An article that a target keeps in a content management system: what it says, and whose words these are.
 *
 * What Referat writes carries a mark, a comment with the document's id and a print of all that was written. An article
 * whose mark is right is as Referat left it, whatever the store remembers; so a lost answer or a restored store is
 * never taken for a person's edit, nor an edit for ours. A plugin that includes this links libcrypto. */
#ifndef REFERAT_ENTRY_H
#define REFERAT_ENTRY_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

struct referat_entry {
	const char *title, *excerpt; /* text */
	const char *content;         /* HTML */
};

/* What is to stand there, without a mark: the document, or in withdraw the word that is left of it. */
struct referat_entry referat_entry_wanted(struct referat_call *call);
struct referat_entry referat_entry_withdrawn(struct referat_call *call);

/* The same with its mark. The system keeps the text between `before` and `after`, which are HTML of its own, or "". */
struct referat_entry referat_entry_marked(struct referat_call *call, struct referat_entry entry, const char *before,
					  const char *after);

/* A digest of what it says. */
const char *referat_entry_print(struct referat_call *call, const struct referat_entry *entry);

/* Whether it is of this document; whether it is so, unchanged. */
bool referat_entry_is_marked(struct referat_call *call, const struct referat_entry *entry);
bool referat_entry_is_ours(struct referat_call *call, const struct referat_entry *entry);

/* Whether two say the same, whatever the markup. */
bool referat_entry_same_words(struct referat_call *call, const struct referat_entry *a, const struct referat_entry *b);

/* How what stands there differs from what is wanted, in words for the publisher. */
const char *referat_entry_difference(struct referat_call *call, const struct referat_entry *there,
				     const struct referat_entry *wanted);

/* The last part of the card's path, which is the article's in an address: "socialnamnden-2024-05-08"; "" when there is
 * none. */
const char *referat_entry_slug(struct referat_call *call);

#ifdef __cplusplus
}
#endif
#endif
