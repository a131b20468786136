/* Pages on servers of others: their addresses, and a seal that tells whether a page is still as it was put there.
 *
 * The seal is a comment at the end of the page: the document's id, and the SHA-256 of all that stands before it. So a
 * page says of itself whose it is and whether anybody has changed it, and nothing about it need be remembered: not over
 * a crash, not over a restored backup. A plugin that includes this links libcrypto. */
#ifndef REFERAT_REMOTE_H
#define REFERAT_REMOTE_H

#include "referat/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

enum referat_seal {
	REFERAT_SEAL_WHOLE,   /* of this document, and as it was put there */
	REFERAT_SEAL_CHANGED, /* of this document, but changed since */
	REFERAT_SEAL_OTHER,   /* of another document, and as it was put there */
	REFERAT_SEAL_LEFT,    /* what was left of another document that is no longer there, as it was put there */
	REFERAT_SEAL_NONE,    /* not from here */
};

/* The document's page with its seal; and what is left where the document no longer is, with a seal that says so: any
 * document may take its place. */
struct referat_bytes referat_seal(struct referat_call *call, const char *page);
struct referat_bytes referat_seal_left(struct referat_call *call, const char *page);

/* What the seal of a page that was read back says. */
enum referat_seal referat_seal_of(struct referat_call *call, struct referat_bytes page);

/* A path below an address, with what can't stand in an address percent-encoded; exactly one slash between them. */
const char *referat_address(struct referat_call *call, const char *base, const char *path);

/* A text percent-encoded for one part of an address; slashes too. */
const char *referat_percent(struct referat_call *call, const char *text);

/* The size of an address up to its path: "https://host:443"; 0: it has none. Whether two are the same up to there. */
size_t referat_origin_size(const char *url);
bool referat_same_origin(const char *a, const char *b);

/* The SHA-256, and the HMAC with SHA-256 (RFC 2104), as 64 lower-case hexadecimal digits. */
const char *referat_sha256(struct referat_call *call, const void *data, size_t size);
const char *referat_hmac_sha256(struct referat_call *call, const char *key, const char *message);

#ifdef __cplusplus
}
#endif
#endif
