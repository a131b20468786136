/* Targets that keep each page as a file at the card's path, on a server of others: what is the same for all of them.
 *
 * What stands there is read first, and is replaced only when its seal (referat/remote.h) says that it came from here
 * and nobody has changed it, or when a person has agreed. Where a page was, a word is left for those who come back. A
 * plugin that includes this links libcrypto. */
#ifndef REFERAT_PAGES_H
#define REFERAT_PAGES_H

#include "referat/remote.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a server needs of its own. */
struct referat_pages {
	/* The request with the credentials. */
	struct referat_answer (*ask)(struct referat_call *call, struct referat_http request);
	/* Writes a page at that path below the option `url`; there: what was read at the address before. */
	struct referat_answer (*write)(struct referat_call *call, const char *path, struct referat_bytes page,
				       struct referat_answer there);
	/* Whether its answer, which is ok, says that it was written: a page of something before the server is no such
	 * answer. */
	bool (*wrote)(struct referat_answer answer);
	/* Takes away for good what the server keeps of the page at that path beside what stands there: a document's
	 * earlier versions must go (docs/plugins.md). */
	enum referat_result (*forget)(struct referat_call *call, const char *path);
	/* What an answer that is not ok comes to. */
	enum referat_result (*error)(struct referat_call *call, struct referat_answer answer);
};

/* The options that they read; a target puts them into its table. */
#define REFERAT_PAGES_OPTIONS                                                                                          \
	{.name = "url", .type = REFERAT_URL, .required = true, .help = "address that pages are written below"},        \
	    {.name = "public_url",                                                                                     \
	     .type = REFERAT_URL,                                                                                      \
	     .help = "address that residents read the same pages at; `url` when not given"},                           \
	{                                                                                                              \
		.name = "withdrawn", .type = REFERAT_CHOICE, .fallback = "word", .choices = "word|delete",             \
		.help = "leave a word at the address of what is withdrawn or has moved, or delete the page"            \
	}

enum { REFERAT_PAGE_MOST = 64 * 1024 * 1024 }; /* bytes of a page, for `most` of a request */

enum referat_result referat_pages_put(struct referat_call *call, const struct referat_pages *pages);

/* What is withdrawn goes even where a person has changed it, and a word takes its place, or nothing; a page that did
 * not come from here stays. */
enum referat_result referat_pages_withdraw(struct referat_call *call, const struct referat_pages *pages);

enum referat_result referat_pages_lookup(struct referat_call *call, const struct referat_pages *pages);

/* What stands there, against what was put there: for `compare`. */
enum referat_result referat_pages_compare(struct referat_call *call, const struct referat_pages *pages);

/* Whether pages may be written below `url`, for `probe`: asks for a write that the server must refuse, for nothing
 * there has the tag that it names. *keeps_conditions: the server did so. One that does not gets its file taken away
 * again. */
enum referat_result referat_pages_may_write(struct referat_call *call, const struct referat_pages *pages,
					    bool *keeps_conditions);

/* Whether the answer says that nothing stands there. */
bool referat_is_absent(struct referat_answer answer);

#ifdef __cplusplus
}
#endif
#endif
