/* What a plugin for Referat is. The only header (with referat/mustache.h and referat/document.pb-c.h, where needed)
 * that a plugin includes; docs/plugins.md is the guide, with a whole plugin to start from.
 *
 * A plugin is a shared object that exports one symbol, `referat_plugin`: a descriptor. It links libreferat-plugin.a
 * (pkg-config referat-plugin), whose helpers are declared in the second half of this file.
 *
 * Rules of the border
 *   - Only bytes, integers and NUL-ended UTF-8 strings cross it. Whoever allocated memory frees it.
 *   - What a function here returns lives until the call returns (its memory is the call's) and is never NULL, unless
 * the function says so.
 *   - Calls come one at a time, on one thread. A plugin may block; `max_runtime` of the stage bounds it.
 *   - Fields are only ever appended: struct_size says what the plugin knows, and a plugin built against 1.0 runs on
 * every 1.x. Arrays carry the size of their element for the same reason.
 *   - Never print: log with referat_log. Never log what a document says.
 */
#ifndef REFERAT_PLUGIN_H
#define REFERAT_PLUGIN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define REFERAT_ABI_MAJOR 1 /* differs: refused */
#define REFERAT_ABI_MINOR 2 /* what the header that you build with knows */

enum referat_kind {
	REFERAT_SOURCE = 1,     /* finds documents and submits them */
	REFERAT_READER = 2,     /* part source -> part document */
	REFERAT_CHECK = 3,      /* part document -> findings */
	REFERAT_SUMMARISER = 4, /* document, findings -> summary */
	REFERAT_WRITER = 5,     /* document, summary -> renditions, card */
	REFERAT_TARGET = 6,     /* renditions -> something published */
	REFERAT_CHANNEL = 7,    /* tells people */
};

/* What became of the call. The reason is set with referat_reason (or the helpers that return one of these). */
enum referat_result {
	REFERAT_OK = 0,
	REFERAT_RETRY = 1,     /* this document later again: the fault is passing */
	REFERAT_YIELD = 2,     /* the destination failed (down, credentials): the document is not charged */
	REFERAT_FAIL = 3,      /* never: dead, with the reason */
	REFERAT_HOLD = 4,      /* a person decides; the reason is for the publisher, in the publisher's language */
	REFERAT_NOT_FOUND = 5, /* lookup: nothing stands there; reader: not a format of mine, ask the next reader */
	REFERAT_UNKNOWN = 6,   /* it may have happened and may not have: looked up before anything else */
};

enum referat_option_type {
	REFERAT_STRING = 0,
	REFERAT_SECRET = 1, /* the definition names it: `!secret NAME`; the value is read in the stage */
	REFERAT_URL = 2,
	REFERAT_INTEGER = 3,  /* min and max apply */
	REFERAT_BOOLEAN = 4,  /* "true", "false" */
	REFERAT_DURATION = 5, /* "2s", "14d"; min and max in microseconds */
	REFERAT_SIZE = 6,     /* "64MiB"; min and max in bytes */
	REFERAT_PATH = 7,     /* relative to the pipeline file; the plugin gets it absolute */
	REFERAT_CHOICE = 8,   /* one of choices, which are separated by "|" */
};

/* The single source for the checks of a definition, the JSON Schema, `referat plugins show` and the manual. */
struct referat_option {
	const char *name;
	enum referat_option_type type;
	bool required;
	const char *fallback; /* the default, as it would be written; NULL: none (referat_option gives "") */
	int64_t min, max;     /* both 0: any */
	const char *choices;
	const char *help; /* what it is for; small start, no full stop */
};

/* Capabilities */
#define REFERAT_CAN_LOOKUP    UINT64_C(1) /* target, channel: lookup can tell whether an effect was made */
#define REFERAT_SERIAL        UINT64_C(2) /* one process at a time, whatever the definition says */
#define REFERAT_NEEDS_NETWORK UINT64_C(4)
#define REFERAT_GENERATES     UINT64_C(8)  /* summariser: may write text that no person wrote */
#define REFERAT_TAKES_SOURCE  UINT64_C(16) /* target: gets the part "source", the file as it came (since 1.2) */
#define REFERAT_CAN_PURGE     UINT64_C(32) /* target: keeps nothing of earlier versions when `purge` is set (since 1.2) */

struct referat_call; /* one call: options, document, memory; never kept */

typedef enum referat_result (*referat_function)(struct referat_call *call);

struct referat_plugin {
	uint32_t struct_size; /* sizeof(struct referat_plugin); REFERAT_PLUGIN sets these four */
	uint16_t abi_major;
	uint16_t abi_minor;
	uint32_t option_size;

	enum referat_kind kind;
	const char *name; /* "target.site": kind, dot, name; the file is called so too: target.site.so */
	const char *version;
	const char *summary;  /* what it does: "puts …", no full stop */
	const char *accepts;  /* media types or part types, separated by spaces: "text/plain text/markdown" */
	const char *produces; /* likewise: "referat.document/1" */
	uint64_t capabilities;
	const struct referat_option *options;
	uint32_t n_options;

	/* NULL where the kind has no such function. */
	referat_function open;     /* any kind: once, before the first call; what it fails with stops the stage */
	referat_function close;    /* any kind: once, at the end */
	referat_function run;      /* source: look for documents; reader, check, summariser, writer: the work */
	referat_function put;      /* target: make it stand there (create or replace; key = document id); channel: tell
				      the recipient referat_get(call, "recipient") */
	referat_function withdraw; /* target: take it away; may be called again, and for what is not there */
	referat_function lookup;   /* target, channel: does the effect stand there? OK (then report it), NOT_FOUND */
	referat_function recipients; /* channel: name them with referat_recipient */
	referat_function probe;   /* target, channel: can it be reached, are the credentials right? changes nothing */
	referat_function compare; /* target (since 1.2): does there stand what was published? changes nothing. OK: just
				     that (where it is withdrawn: nothing of it); NOT_FOUND: nothing; HOLD: something
				     else, and the reason tells the publisher how it differs */
	referat_function flush; /* target (since 1.2): makes durable, and visible in what is derived from all documents,
				   what put and withdraw have done since the last flush, which may leave both to it.
				   Only then does anything count as done. It has no document. When it fails, none of
				   them counts, and each is looked up or put again */
};

/* Starts a descriptor: `const struct referat_plugin referat_plugin = {REFERAT_PLUGIN, .kind = …};` */
#define REFERAT_PLUGIN                                                                                                 \
	.struct_size = sizeof(struct referat_plugin), .abi_major = REFERAT_ABI_MAJOR, .abi_minor = REFERAT_ABI_MINOR,  \
	.option_size = sizeof(struct referat_option)

#define REFERAT_EXPORT __attribute__((visibility("default")))
REFERAT_EXPORT extern const struct referat_plugin referat_plugin;

/* ---- values ---------------------------------------------------------------------------------------------------- */

struct referat_bytes {
	const uint8_t *data; /* NULL: there is none; else one NUL byte follows */
	size_t size;
};

/* One HTTP request. The host does TLS, time limits, redirects, sizes and classes of error. */
struct referat_http {
	const char *method; /* NULL: GET */
	const char *url;
	const char *type; /* Content-Type of the body */
	const char *body; /* NUL-ended; NULL: none, or data below */
	struct referat_bytes data;
	const char *bearer;          /* Authorization: Bearer …; sent to the url's host only */
	const char *user, *password; /* Basic */
	const char *const *headers;  /* "Name: value", NULL-ended; NULL: none */
	uint64_t most;               /* bytes of the answer's body; 0: 1 MiB */
	const char *s3_region; /* signed as Amazon S3 wants it (since 1.1): user is the key's id, password its secret */
};

struct referat_answer {
	int status;           /* HTTP status; 0: there was no answer */
	const char *location; /* header Location, else the url asked; "" when none */
	const char *etag;     /* "" when none */
	const char *type;
	struct referat_bytes body;
	int64_t retry_after_us; /* 0: not said */
	bool sent; /* status 0: a request that changes something had been sent: it may have been carried out */
	const char *problem; /* what went wrong, in words, when there was no answer or its status is not 200-299 */
	const char *link;    /* all headers Link, separated by ", "; "" when there is none (NULL from a host of 1.0) */
	bool unreachable; /* status 0: nobody could be spoken to at the address: not found, no connection, no TLS that
			   * is trusted. The destination's fault, whatever was to be sent (since 1.2) */
};

/* The media type of a submission for a document that is there but can't be had (too large, not allowed to be read): the
 * data is the reason, in the publisher's language, and the document is held with it. */
#define REFERAT_UNREADABLE "application/x-referat-unreadable"

/* A document that a source found. Either data or path. */
struct referat_submission {
	const char *key;  /* what names it at the source, for ever: the path in the inbox */
	const char *name; /* for people: the file's name */
	const char *type; /* media type; NULL: by the name's ending, else application/octet-stream */
	struct referat_bytes data;
	const char *path; /* a file to be read; it stays */
};

enum referat_level { REFERAT_LOG_ERROR = 0, REFERAT_LOG_WARNING = 1, REFERAT_LOG_INFO = 2, REFERAT_LOG_DEBUG = 3 };

enum referat_severity { REFERAT_NOTE = 1, REFERAT_WARNING = 2, REFERAT_ERROR = 3, REFERAT_FORBIDDEN = 4 };

/* Where a finding is; 0-based, -1: not known (REFERAT_NOWHERE: nothing is). The host turns it into words for the
 * publisher. */
struct referat_place {
	int32_t item;       /* index in the document's items */
	int32_t block;      /* index in the item's (or, without item, the lead's) blocks */
	int32_t line;       /* of the source, or of its page, from 1 */
	int32_t start, end; /* bytes into the block's text */
	int32_t page;       /* from 1, where the source has pages (since 1.2) */
};
#define REFERAT_NOWHERE ((struct referat_place){-1, -1, -1, -1, -1, -1})

/* What the host does for a plugin. Plugins use the helpers below, which call through this table. */
struct referat_host {
	uint32_t struct_size;
	uint16_t abi_major, abi_minor;
	void *(*alloc)(struct referat_call *, size_t);
	const char *(*option)(struct referat_call *, const char *name);
	const char *(*get)(struct referat_call *, const char *name);
	void (*set)(struct referat_call *, const char *name, const char *value);
	struct referat_bytes (*part)(struct referat_call *, const char *name);
	void (*add_part)(struct referat_call *, const char *name, const char *type, const void *data, size_t size);
	struct referat_bytes (*rendition)(struct referat_call *, const char *type);
	const char *(*text)(struct referat_call *, const char *key);
	struct referat_bytes (*data_file)(struct referat_call *, const char *name);
	void (*reason)(struct referat_call *, const char *text);
	void (*finding)(struct referat_call *, const char *rule, enum referat_severity, const struct referat_place *,
			size_t place_size, const char *text);
	void (*published)(struct referat_call *, const char *remote_id, const char *url, const char *remote_revision);
	void (*recipient)(struct referat_call *, const char *address);
	enum referat_result (*submit)(struct referat_call *, const struct referat_submission *, size_t size);
	void (*http)(struct referat_call *, const struct referat_http *, size_t size, struct referat_answer *,
		     size_t answer_size);
	int64_t (*now)(struct referat_call *);
	int64_t (*monotonic)(struct referat_call *);
	void (*progress)(struct referat_call *);
	bool (*stopping)(struct referat_call *);
	void (*log)(struct referat_call *, enum referat_level, const char *message);
	void (*refused)(struct referat_call *);              /* since 1.2 */
	void (*later)(struct referat_call *, int64_t at_us); /* since 1.2 */
};

struct referat_call {
	uint32_t struct_size;
	const struct referat_host *host;
	void *state; /* the plugin's own, from open to close; NULL at first */
	void *data;  /* the host's */
};

/* ---- helpers: what a plugin calls ------------------------------------------------------------------------------ */

/* The option's value as text ("" when not set and without default), as a number (integer; a duration in microseconds; a
 * size in bytes; 0 when not set), as a flag. A secret's value is read when it is asked for, so a new one takes effect.
 */
const char *referat_option(struct referat_call *, const char *name);
int64_t referat_option_number(struct referat_call *, const char *name);
bool referat_option_flag(struct referat_call *, const char *name);

/* A flat value of the document or the call, "" when there is none. Always: id, revision, stage. With a source: key,
 * name, type. With a card: title, board, board_id, day, path, short_text, outcomes, change_note, kind. After
 * publishing: url. In effects: key, digest, recipient, target, remote_id, remote_revision; in put also replace: what a
 * person agreed to replace (docs/plugins.md, "When somebody else has changed it"). In withdraw: withdrawn (the day),
 * withdrawn.reason, withdrawn.replacement (an address). In put, withdraw and lookup of a target: purge, not "" when
 * nothing may be kept of earlier versions (docs/plugins.md, "When earlier versions must go"). Of the publisher:
 * publisher.name, publisher.short_name, publisher.home, publisher.contact, publisher.language, publisher.time_zone.
 * Else: the document's attributes. */
const char *referat_get(struct referat_call *, const char *name);

/* Returns an attribute with the result: a flat string that `when:` in a definition, and later stages, can see. */
void referat_set(struct referat_call *, const char *name, const char *value);

/* A part: "source", "document", "findings", "summary", "card", "rendition/NAME", "publisher". data is NULL when there
 * is none. */
struct referat_bytes referat_part(struct referat_call *, const char *name);

/* Returns a part with the result. The bytes are copied. Readers add "document", summarisers "summary", writers
 * "rendition/NAME" with a media type, and "card". */
void referat_add_part(struct referat_call *, const char *name, const char *type, const void *data, size_t size);

/* The rendition with that media type ("text/html"), as text; "" when there is none. One that is written for mails
 * ("rendition/mail-html") is given only when there is no other. */
const char *referat_rendition(struct referat_call *, const char *type);

/* The text/html rendition for a site that has a frame and a title of its own: what the page's <article> holds (or its
 * <body>, or all of it), without the <h1> and without hidden paragraphs. "" when there is no such rendition. */
const char *referat_article(struct referat_call *);

/* Text for residents and publishers by key from the language file, with every {{name}} replaced by the value given for
 * it: referat_say(call, "check.board-missing", "name", name, NULL). An unknown key gives the key itself. */
const char *referat_say(struct referat_call *, const char *key, ...) __attribute__((sentinel));

/* A file that was installed with the plugin: share/referat/<plugin name>/<name>. data is NULL when there is none. */
struct referat_bytes referat_data_file(struct referat_call *, const char *name);

/* Memory of the call (zeroed), and texts in it. */
void *referat_alloc(struct referat_call *, size_t size);
const char *referat_format(struct referat_call *, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *referat_copy(struct referat_call *, const void *data, size_t size);

/* A JSON object of strings from pairs: referat_json(call, "title", title, "html", html, NULL). */
const char *referat_json(struct referat_call *, ...) __attribute__((sentinel));

/* Says why, and returns the result: `return referat_because(call, REFERAT_FAIL, "…")`. */
enum referat_result referat_because(struct referat_call *, enum referat_result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The destination does not take our credentials: says so, and returns REFERAT_YIELD. The operator is told at once, not
 * after half an hour as of one that is down. The host knows it by itself of an answer 401 or 403 (since 1.2). */
enum referat_result referat_refused(struct referat_call *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Targets: it was taken, and will stand there by itself at that instant: says so, and returns REFERAT_UNKNOWN. The task
 * waits until then, which is no failure, and lookup tells what became of it (since 1.2). */
enum referat_result referat_later(struct referat_call *, int64_t at_us, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Checks: reports a finding. text comes from referat_say and never holds the personal data it is about. */
void referat_finding(struct referat_call *, const char *rule, enum referat_severity, struct referat_place,
		     const char *text);

/* Targets, channels: it stands there. Any of the three may be NULL. Returns REFERAT_OK. */
enum referat_result referat_published(struct referat_call *, const char *remote_id, const char *url,
				      const char *remote_revision);

/* Channels, in recipients: one address each. */
void referat_recipient(struct referat_call *, const char *address);

/* Sources: hands a document over. Returns when it is durable: OK; RETRY when the store is full (the document stays at
 * the source); FAIL when it can't be read, with the reason logged. The same bytes again do nothing. */
enum referat_result referat_submit(struct referat_call *, struct referat_submission);

struct referat_answer referat_http(struct referat_call *, struct referat_http);
bool referat_http_ok(struct referat_answer); /* 200-299 */
/* The result that fits an answer that is not ok, with its reason: no answer, not sent, 408, 429, 5xx: RETRY; sent
 * without an answer: UNKNOWN; unreachable, 401, 403: YIELD; 404, 410: NOT_FOUND; 409, 412: HOLD; other 4xx: FAIL. */
enum referat_result referat_http_error(struct referat_call *, struct referat_answer);

int64_t referat_now(struct referat_call *);       /* instant, microseconds since 1970 UTC */
int64_t referat_monotonic(struct referat_call *); /* microseconds, never set back */
void referat_progress(struct referat_call *);     /* "still at it": extends the lease, not max_runtime */
bool referat_stopping(struct referat_call *);     /* the process is asked to end: return soon */
void referat_log(struct referat_call *, enum referat_level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
