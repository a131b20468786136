/* The inside of target.site.
 *
 * The site keeps a row for every document beside it (<path>.index/<id>.card: the digest of what stands there, and the
 * card) and derives archive, start page, feeds and sitemap from these alone. The rows are a cache: publishing all
 * documents again makes the same bytes, in whatever order they come. A document that was withdrawn keeps its row, so
 * that its address is given to no other. */
#ifndef TARGET_SITE_H
#define TARGET_SITE_H

#include <referat/document.pb-c.h>
#include <referat/plugin.h>

struct json_object;

struct row {
	Referat__Card *card; /* owned */
	char digest[129];    /* of what stands there, as the broker counts it; "" while it is being put there */
	bool withdrawn;
};

struct site {
	char *root;  /* folder of the site */
	char *index; /* folder of the rows */
	struct row *rows;
	size_t n_rows; /* in the order of lists: newest day first */
	size_t room;
	bool loaded;
	bool complete; /* every list was written since the start: from now on only what a change touches */
};

/* ---- index.c: the rows ------------------------------------------------------------------------------------------- */

/* Finds the folders (options path, value state) and reads the rows once. OK; FAIL, YIELD with the reason. */
enum referat_result site_load(struct referat_call *call, struct site *site);
void site_forget(struct site *site); /* the rows are read again at the next call */

struct row *site_find(struct site *site, const char *id); /* or NULL; until the next change */

/* Puts the card into the rows in the place of the document's old one. The row's digest is "". */
struct row *site_insert(struct site *site, const Referat__Card *card);

/* Writes the row's file: it is what says that the document stands there. */
enum referat_result site_save(struct referat_call *call, struct site *site, const struct row *row);

/* Where the page stands below the root: the card's path, with the document's id where an older document has that path.
 * It ends in "/". */
const char *site_place(struct referat_call *call, const struct site *site, const struct row *row);

/* ---- lists.c: what is derived from the rows ------------------------------------------------------------------------
 */

/* What a change touched: years ("2024"; "" is undated) and boards (ids) before and after it; NULL: none. */
struct touched {
	const char *years[2];
	const char *boards[2];
};

/* Writes the lists that show these, the start page, the feed of all and the sitemap; or all there are, when the process
 * has not yet done so. */
enum referat_result site_write_lists(struct referat_call *call, struct site *site, const struct touched *touched);

const char *site_year(struct referat_call *call, const Referat__Card *card); /* "2024"; "" when there is no day */

/* ---- write.c: files and contexts ------------------------------------------------------------------------------------
 */

const char *site_base_url(struct referat_call *call); /* ends in "/" */

/* Whose name the ids of feeds have (RFC 4151): the host, which is why there is an option to keep it when a site moves.
 */
const char *site_authority(struct referat_call *call);

/* Below the root, by way of a file there: a site may be a file system of its own. */
enum referat_result site_write(struct referat_call *call, const struct site *site, const char *path, const char *data,
			       size_t size, bool durable);

/* A context with what every page has: texts, names, addresses; root leads from the page to the site's root. */
struct json_object *site_context(struct referat_call *call, const char *root);

/* Renders the template with the context, which it frees, and writes the result. */
enum referat_result site_render(struct referat_call *call, const struct site *site, const char *path,
				const char *template_name, struct json_object *context);

/* The short page that stands where none is (any more): keys of its title and text, and the way on. */
struct notice {
	const char *path;
	const char *root;
	const char *title, *text; /* "withdrawn", "withdrawn-text" */
	const char *target;       /* of a page that moved: from the root; NULL: none */
};
enum referat_result site_write_notice(struct referat_call *call, const struct site *site, const struct notice *notice);

/* The card for lists and feeds. Texts without what XML can't hold. */
struct json_object *site_entry(struct referat_call *call, const struct site *site, const struct row *row);

#endif
