/* The inside of target.site.
 *
 * The site keeps a row for every document beside it (<path>.index/<id>.card: the digest of what stands there, and the
 * card) and derives archive, start page, feeds and sitemaps from these alone. The rows are a cache: publishing all
 * documents again makes the same bytes, in whatever order they come. A document that was withdrawn keeps a row with its
 * address, day and board, so that the address is given to no other and no list goes.
 *
 * A change costs the same however many documents there are: rows are found by halving, a document's entry in lists is
 * rendered once in a process, and the lists that hold it are put together from entries. Documents that come together
 * share their lists, and the waiting for the disk: a put writes the page, a flush all else (pending.c). */
#ifndef TARGET_SITE_H
#define TARGET_SITE_H

#include <referat/document.pb-c.h>
#include <referat/plugin.h>

struct json_object;

/* The lists that a document has an entry in. */
enum entry_kind { ENTRY_LIST, ENTRY_FEED, ENTRY_SITEMAP, ENTRY_KINDS };

enum { DIGEST_MOST = 128 };

struct row {
	Referat__Card *card; /* owned */
	const char *day;     /* the card's, "2024-05-08"; "" when it has none that is a date */
	char
	    digest[DIGEST_MOST + 1]; /* of what stands there, as the broker counts it; "" while it is being put there */
	bool withdrawn;
	char *entries[ENTRY_KINDS]; /* rendered; NULL: not yet */
};

/* ---- shelf.c: rows in an order ----------------------------------------------------------------------------------- */

struct shelf {
	struct row **rows; /* borrowed */
	size_t n, room;
	int (*compare)(const struct row *, const struct row *); /* 0: the same document */
};

void shelf_append(struct shelf *shelf, struct row *row); /* out of order: shelf_sort is called before anything else */
void shelf_sort(struct shelf *shelf);
void shelf_insert(struct shelf *shelf, struct row *row);
void shelf_remove(struct shelf *shelf, struct row *row); /* it is there */
void shelf_deinit(struct shelf *shelf);

/* Where the first row is that does not come before (least 0), that comes behind (least 1) what key stands for: compare
 * is below 0, 0, above 0 for a row before it, of it, behind it. shelf->n when there is none. */
size_t shelf_search(const struct shelf *shelf, int (*compare)(const struct row *, const char *key), const char *key,
		    int least);

/* What stands on the site of all, or of a board. */
struct archive {
	char *board;            /* id, owned; NULL: of all */
	struct shelf by_day;    /* newest day first, undated last */
	struct shelf by_update; /* what came or changed last first: a feed shows what is new */
};

struct range {
	size_t from, to;
};

/* The rows of by_day whose day begins so: "2024", "2024-05"; "": the undated. */
struct range archive_range(const struct archive *archive, const char *period);

/* ---- pending.c: what waits for the flush ------------------------------------------------------------------------- */

/* The lists that show such a document are to be written. */
struct touched {
	char *board; /* id; "": none */
	char day[sizeof "2024-05-08"];
};

/* A file that is written when no list leads to what stood there any more. */
struct late {
	char *path;
	char *text;
	char *unless_at; /* but not when a document stands there by then; NULL: in any case */
};

struct unsaved { /* a row */
	char *id;
	char *digest;
};

struct pending { /* all owned */
	struct touched *touched;
	size_t n_touched;
	struct late *late;
	size_t n_late;
	struct unsaved *rows;
	size_t n_rows;
};
void pending_deinit(struct pending *pending);

/* ---- index.c: the rows ------------------------------------------------------------------------------------------- */

struct site {
	char *root;  /* folder of the site */
	char *index; /* folder of the rows */
	struct shelf by_id, by_path;
	struct archive all;
	struct archive **boards;
	size_t n_boards;
	struct json_object *entry_context;   /* of entries, once one was rendered */
	const Referat__Publisher *publisher; /* of the call; never NULL in it */
	struct pending pending;
	bool loaded;
	bool lost;     /* what was pending was given up: the next flush has to say so */
	bool complete; /* every list was written since the start: from now on only what a change touches */
};

/* Finds the folders (options path, value state) and reads the rows once. OK; FAIL, YIELD with the reason. */
enum referat_result site_load(struct referat_call *call, struct site *site);
void site_forget(struct site *site); /* the rows are read again at the next call */

struct row *site_find(const struct site *site, const char *id); /* or NULL; until the next change */

/* Puts the card into the rows in the place of the document's old one, and touches the lists of the document before and
 * after it, and of others whose address it changed. The row's digest is "". */
struct row *site_insert(struct site *site, const Referat__Card *card);

void site_withdraw(struct site *site, struct row *row);

/* The lists that show the row are to be written. */
void site_touch(struct site *site, const struct row *row);

/* The file is to be written after the lists. Takes the text over. */
void site_write_late(struct site *site, const char *path, char *text, const char *unless_at);

/* The row is to be saved with this digest, last of all. */
void site_save_late(struct site *site, const struct row *row, const char *digest);

bool site_is_pending(const struct site *site);

/* Does all that, and waits for the disk. When it fails, the site is to be forgotten. */
enum referat_result site_flush(struct referat_call *call, struct site *site);

/* Writes the row's file: it is what says that the document stands there. */
enum referat_result site_save(struct referat_call *call, struct site *site, const struct row *row);

/* The oldest document with that path, and the one after it, which has it no longer since the oldest came; or NULL. */
const struct row *site_first_at(const struct site *site, const char *path);
const struct row *site_second_at(const struct site *site, const char *path);

/* Where the page stands below the root: the card's path, with the document's id where an older document has that path.
 * It ends in "/". */
const char *site_place(struct referat_call *call, const struct site *site, const struct row *row);

struct archive *site_board(struct site *site, const char *id); /* made when there is none */

/* ---- boards.c: what boards are called ---------------------------------------------------------------------------- */

/* As the publisher calls it today, or called it last; one that the publisher does not know, as its newest document
 * does. */
const char *site_board_name(const struct site *site, const struct archive *board);

/* A sentence with the names it had before; "": none. */
const char *site_former_names(struct referat_call *call, const struct site *site, const char *id);

/* Those that something stands there of, by name as the language sorts: å, ä and ö come last in Swedish. NULL-ended. */
const struct archive *const *site_boards_by_name(struct referat_call *call, const struct site *site);

/* ---- lists.c: what is derived from the rows ---------------------------------------------------------------------- */

/* Writes the lists that were touched, the start page, the feed of all and the sitemap; or all there are, when the
 * process has not yet done so. */
enum referat_result site_write_lists(struct referat_call *call, struct site *site);

/* Whether what every site has is there: else somebody took it away, and it is written anew. */
bool site_is_whole(struct referat_call *call, const struct site *site);

/* ---- entry.c: a document in lists -------------------------------------------------------------------------------- */

/* Stands in an entry where the way from its list to the site's root belongs. No text from outside holds it. */
#define ENTRY_ROOT '\1'

/* The entry of that kind, which is rendered once; NULL with the reason. It lives until the row changes. */
const char *site_entry(struct referat_call *call, struct site *site, struct row *row, enum entry_kind kind);

/* ---- write.c: files and contexts --------------------------------------------------------------------------------- */

const char *site_base_url(struct referat_call *call); /* ends in "/" */

/* Whose name the ids of feeds have (RFC 4151): the host, which is why there is an option to keep it when a site moves.
 */
const char *site_authority(struct referat_call *call);

/* Below the root, by way of a file there: a site may be a file system of its own. */
enum referat_result site_write(struct referat_call *call, const struct site *site, const char *path, const char *data,
			       size_t size);

/* A context with what every page has: texts, names, addresses; root leads from the page to the site's root. */
struct json_object *site_context(struct referat_call *call, const struct site *site, const char *root);

/* Renders the plugin's template; the caller frees. NULL with the reason. */
char *site_template(struct referat_call *call, const char *template_name, struct json_object *context);

/* Renders the template with the context, which it frees, and writes the result. */
enum referat_result site_render(struct referat_call *call, const struct site *site, const char *path,
				const char *template_name, struct json_object *context);

/* The short page that stands where none is (any more), and the way on; the caller frees. NULL with the reason. */
struct notice {
	const char *root;   /* from it to the root of the site */
	const char *title;  /* text */
	const char *text;   /* what it says */
	const char *html;   /* or that in paragraphs */
	const char *target; /* of a page that moved: from the root; NULL: none */
};
char *site_notice(struct referat_call *call, const struct site *site, const struct notice *notice);

/* The site's own memory lasts longer than a call. None left ends the process, as everywhere. */
void *site_kept(void *memory);

#endif
