/* The inside of target.drupal.
 *
 * In JSON:API a node may be made with an id of the client's. So a document's node has an id that is made of the
 * document's: it is found whatever becomes of its title or address, and a second one can't be made (409). Drupal has no
 * precondition for a change: what stands there is read first, and a mark in the text tells what Referat wrote from what
 * a person has changed. */
#ifndef DRUPAL_H
#define DRUPAL_H

#include <referat/entry.h>
#include <referat/plugin.h>

struct json_object;

/* ---- api.c: requests -----------------------------------------------------------------------------------------------
 */

struct reply {
	int status;               /* HTTP; 0: no answer */
	struct json_object *json; /* a document of JSON:API; NULL: the body is none */
};

void reply_deinit(struct reply *reply);
#define REPLY __attribute__((cleanup(reply_deinit))) struct reply

/* One request, of a path below jsonapi/ ("node/article/UUID"). A body is given away. Returns OK and a reply with JSON
 * (of DELETE: none), or what the failure comes to, with the reason. NOT_FOUND: what the path names does not exist. */
enum referat_result drupal_ask(struct referat_call *, const char *method, const char *path, struct json_object *body,
			       struct reply *);

/* ---- node.c: a node ------------------------------------------------------------------------------------------------
 */

struct node {
	const char *id;  /* UUID; "": none */
	const char *url; /* its address for residents */
	bool is_published;
	struct referat_entry says;
	const char *processed; /* the text as residents get it, after the format's filters */
};

/* The document's id, as a UUID; "node/article/UUID", "node/article". */
const char *node_id(struct referat_call *);
const char *node_path(struct referat_call *);
const char *node_collection(struct referat_call *);

enum referat_result node_read(struct referat_call *, struct node *node);

/* What the entry says, as it is kept there; an unfinished node's begins with a word of that. */
struct referat_entry node_kept(struct referat_call *, struct referat_entry entry, bool is_finished);
bool node_is_unfinished(const struct node *node);

/* Makes the document's node, unpublished; changes its texts (NULL: not) and whether it is published. */
enum referat_result node_make(struct referat_call *, const struct referat_entry *entry, struct node *node);
enum referat_result node_change(struct referat_call *, const struct referat_entry *entry, bool publish,
				struct node *node);
enum referat_result node_delete(struct referat_call *);

#endif
