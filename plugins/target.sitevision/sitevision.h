/* The inside of target.sitevision.
 *
 * In Sitevision runs a RESTApp (integrations/sitevision) that keeps one page for each document, by the document's id.
 * What it promises is written down in docs/sitevision.md; here is the other end. Each change names the state that was
 * read (If-Match), so nothing is overwritten unseen, and any request may be sent again. */
#ifndef SITEVISION_H
#define SITEVISION_H

#include <referat/plugin.h>

struct json_object;

/* ---- api.c: requests -----------------------------------------------------------------------------------------------
 */

struct reply {
	int status;               /* HTTP; 0: no answer */
	struct json_object *json; /* NULL: the body is none */
	const char *code;         /* the RESTApp's word for what is wrong: "changed"; "" */
};

void reply_deinit(struct reply *reply);
#define REPLY __attribute__((cleanup(reply_deinit))) struct reply

struct request {
	const char *method; /* NULL: GET */
	const char *path;   /* below the RESTApp's address: "probe" */
	const char *query;  /* NULL: none */
	const char *etag;   /* If-Match; "": If-None-Match: *; NULL: no condition */
	const char *body;   /* JSON; NULL: none */
};

/* Returns OK and a reply with JSON of the RESTApp, or what the failure comes to, with the reason. NOT_FOUND: there is
 * no page of that document, or (code "removed") it has been deleted for good. */
enum referat_result sitevision_ask(struct referat_call *, struct request, struct reply *);

/* ---- article.c: what stands there, what is wanted ------------------------------------------------------------------
 */

struct article {
	const char *missing;      /* the code of the answer that there is none; NULL: there is one */
	const char *page, *url;   /* its identifier in Sitevision; its address */
	const char *state, *left; /* "published" …; the same as the RESTApp left it, or "draft", "withdrawn" */
	const char *at;           /* of what is scheduled: when it was to be shown, UTC; "": not known */
	const char *digest;       /* of what was written whole; "": nothing was */
	const char *etag;         /* of all that stands there */
	const char *title, *html;
	bool edited;     /* by a person */
	bool unfinished; /* nothing was ever written whole */
};

/* The article in a reply; its texts are the call's. */
struct article article_of(struct referat_call *, struct json_object *json);

struct wanted {
	const char *title, *html, *description;
	const char *digest;
	const char *publish; /* "now", "draft", an instant */
	bool withdrawn;      /* it is the word that is left of the document */
};

/* The document; there: what stands there, all NULL when nothing does. Then the word that is left of it. */
struct wanted wanted_document(struct referat_call *, const struct article *there);
struct wanted wanted_word(struct referat_call *);

/* The body of a PUT. */
const char *wanted_json(struct referat_call *, const struct wanted *wanted);

/* Whether a person has put it so that it does not show. */
bool article_is_hidden(const struct article *there);
bool article_is_binned(const struct article *there);

/* Whether just this stands there, unchanged, and shows as it should. */
bool article_stands(const struct article *there, const struct wanted *wanted);

bool article_same_words(struct referat_call *, const struct article *there, const struct wanted *wanted);
const char *article_difference(struct referat_call *, const struct article *there, const struct wanted *wanted);

#endif
