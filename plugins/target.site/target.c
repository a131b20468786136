/* target.site: a web site in a folder: pages, archive, feeds.
 *
 * A page is written before the links to it; links go before a page does. The row in the index is written last: it says
 * that the document stands there, so what was interrupted is done again, to the same bytes. Put and withdraw do what
 * comes before the links, and flush, for all documents since the last one, the links and what comes behind them. */
#include "site.h"

#include <referat/difference.h>
#include <referat/files.h>
#include <referat/message.h>
#include <referat/notice.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PAGE_MOST = 64 * 1024 * 1024 };

static enum referat_result start(struct referat_call *call)
{
	call->state = calloc(1, sizeof(struct site));
	return call->state ? REFERAT_OK : referat_because(call, REFERAT_FAIL, "out of memory");
}

static enum referat_result end(struct referat_call *call)
{
	if (call->state)
		site_forget(call->state);
	free(call->state);
	call->state = NULL;
	return REFERAT_OK;
}

static const char *page_file(struct referat_call *call, const char *place)
{
	return referat_format(call, "%sindex.html", place);
}

/* From a page back to the root. */
static const char *root_of(struct referat_call *call, const char *place)
{
	const char *root = "";
	for (const char *c = place; *c; c++)
		if (*c == '/')
			root = referat_format(call, "../%s", root);
	return root;
}

static const char *url_of(struct referat_call *call, const char *place)
{
	return referat_format(call, "%s%s", site_base_url(call), place);
}

/* Where lists stand: "2024/", "2024/05/", "odaterat/", "namnd/" and all below it. */
static bool is_of_lists(const char *path)
{
	return !strncmp(path, "namnd/", 6) || !strcmp(path, "odaterat/") || !path[strspn(path, "0123456789/")];
}

/* The card, when it can be trusted with a place in the site. */
static const Referat__Card *card_of(struct referat_call *call)
{
	const Referat__Card *card = referat_unpack(call, "card", &referat__card__descriptor);
	const char *id = referat_get(call, "id");
	if (!card || !card->document || strcmp(card->document, id) != 0) {
		referat_because(call, REFERAT_FAIL,
				"there is no card of the document: the render stage needs writer.html");
		return NULL;
	}
	size_t length = card->path ? strlen(card->path) : 0;
	if (!length || !referat_path_is_inside(card->path) || card->path[length - 1] != '/' ||
	    is_of_lists(card->path) || !referat_path_is_inside(id) || strchr(id, '/')) {
		referat_because(call, REFERAT_FAIL, "the card's path is not one below the site");
		return NULL;
	}
	return card;
}

/* A page that was first at this path, and is no longer, goes to its own place before the new one is written there. It
 * happens when documents are published again in another order than they came. */
static enum referat_result make_room(struct referat_call *call, struct site *site, const struct row *row)
{
	const struct row *next = site_second_at(site, row->card->path);
	if (!next || site_first_at(site, row->card->path) != row)
		return REFERAT_OK;
	const char *old = referat_format(call, "%s/%s", site->root, page_file(call, next->card->path));
	const char *place = page_file(call, site_place(call, site, next));
	struct stat status;
	if (!stat(referat_format(call, "%s/%s", site->root, place), &status))
		return REFERAT_OK; /* it stood there already */
	struct referat_bytes page = referat_file_read(call, old, PAGE_MOST);
	return page.data ? site_write(call, site, place, (const char *)page.data, page.size) : REFERAT_OK;
}

/* A word where the page was, and the way to where it is. */
static enum referat_result leave_moved(struct referat_call *call, struct site *site, const char *from, const char *to)
{
	const struct notice moved = {.root = root_of(call, from),
				     .title = referat_say(call, "target.moved", NULL),
				     .text = referat_say(call, "target.moved-text", NULL),
				     .target = to};
	char *text = site_notice(call, site, &moved);
	if (!text)
		return REFERAT_YIELD;
	site_write_late(site, page_file(call, from), text, from);
	return REFERAT_OK;
}

/* The steps of a put, in the order that keeps every link good. */
static enum referat_result put_card(struct referat_call *call, struct site *site, const Referat__Card *card)
{
	const char *page = referat_rendition(call, "text/html");
	const char *digest = referat_get(call, "digest");
	struct row *row = site_find(site, card->document);
	const char *old_place = row ? referat_format(call, "%s", site_place(call, site, row)) : NULL;
	bool again = row && strcmp(row->digest, digest) == 0;
	row = site_insert(site, card);
	if (again) /* by its row it stands there: what is to be repaired may be its lists */
		site_touch(site, row);
	const char *place = site_place(call, site, row);
	enum referat_result result = make_room(call, site, row);
	if (result == REFERAT_OK)
		result = site_write(call, site, page_file(call, place), page, strlen(page));
	if (result == REFERAT_OK && old_place && strcmp(old_place, place) != 0)
		result = leave_moved(call, site, old_place, place);
	if (result != REFERAT_OK)
		return result;
	site_save_late(site, row, digest);
	return referat_published(call, card->document, url_of(call, place), NULL);
}

/* The rows in memory may be ahead of the disk. What was put before, and not yet flushed, goes with them. */
static enum referat_result give_up(struct site *site, enum referat_result result)
{
	bool lost = site->lost || site_is_pending(site);
	site_forget(site);
	site->lost = lost;
	return result;
}

static enum referat_result put(struct referat_call *call)
{
	struct site *site = call->state;
	const Referat__Card *card = card_of(call);
	if (!card)
		return REFERAT_FAIL;
	if (!referat_rendition(call, "text/html")[0])
		return referat_because(call, REFERAT_FAIL, "there is no rendition of the type text/html");
	enum referat_result result = site_load(call, site);
	if (result == REFERAT_OK)
		result = put_card(call, site, card);
	return result == REFERAT_OK ? result : give_up(site, result);
}

static enum referat_result flush(struct referat_call *call)
{
	struct site *site = call->state;
	if (site->lost) {
		site_forget(site);
		return referat_because(call, REFERAT_RETRY,
				       "another document that was put with it could not be written");
	}
	enum referat_result result = site_load(call, site);
	if (result == REFERAT_OK)
		result = site_flush(call, site);
	if (result != REFERAT_OK)
		site_forget(site);
	return result;
}

static enum referat_result take_away(struct referat_call *call, struct site *site, struct row *row)
{
	const char *place = site_place(call, site, row);
	const char *file = page_file(call, place);
	const struct referat_notice word = referat_withdrawn(call);
	const struct notice gone = {.root = root_of(call, place), .title = word.title, .html = word.html};
	char *text = site_notice(call, site, &gone);
	if (!text)
		return REFERAT_YIELD;
	site_withdraw(site, row);
	site_write_late(site, file, text, NULL);
	site_save_late(site, row, "");
	return REFERAT_OK;
}

/* The index does not know the document: it was lost, or its row was never written. Its card tells where it stood. */
static enum referat_result find_and_take_away(struct referat_call *call, struct site *site)
{
	const Referat__Card *card = referat_part(call, "card").data ? card_of(call) : NULL;
	return card ? take_away(call, site, site_insert(site, card)) : REFERAT_OK;
}

static enum referat_result withdraw(struct referat_call *call)
{
	struct site *site = call->state;
	enum referat_result result = site_load(call, site);
	struct row *row = result == REFERAT_OK ? site_find(site, referat_get(call, "id")) : NULL;
	if (row)
		result = take_away(call, site, row);
	else if (result == REFERAT_OK)
		result = find_and_take_away(call, site);
	return result == REFERAT_OK ? result : give_up(site, result);
}

static enum referat_result lookup(struct referat_call *call)
{
	struct site *site = call->state;
	enum referat_result result = site_load(call, site);
	if (result != REFERAT_OK)
		return result;
	const struct row *row = site_find(site, referat_get(call, "id"));
	const char *digest = referat_get(call, "digest");
	struct stat status;
	if (!row || row->withdrawn || !digest[0] || strcmp(row->digest, digest) != 0)
		return REFERAT_NOT_FOUND;
	const char *place = site_place(call, site, row);
	if (stat(referat_format(call, "%s/%s", site->root, page_file(call, place)), &status) ||
	    !site_is_whole(call, site))
		return REFERAT_NOT_FOUND;
	return referat_published(call, row->card->document, url_of(call, place), NULL);
}

/* The page as it lies in the folder; data is NULL when there is none. */
static struct referat_bytes read_page(struct referat_call *call, const struct site *site, const char *place)
{
	return referat_file_read(call, referat_format(call, "%s/%s", site->root, page_file(call, place)), PAGE_MOST);
}

static enum referat_result compare_page(struct referat_call *call, const struct site *site, const char *place)
{
	const char *wanted = referat_rendition(call, "text/html");
	struct referat_bytes there = read_page(call, site, place);
	if (!there.data)
		return REFERAT_NOT_FOUND;
	if (there.size != strlen(wanted) || memcmp(there.data, wanted, there.size) != 0)
		return referat_because(call, REFERAT_HOLD, "%s",
				       referat_difference(call, referat_lines(call, (const char *)there.data),
							  referat_lines(call, wanted)));
	return site_is_whole(call, site)
		   ? REFERAT_OK
		   : referat_because(call, REFERAT_HOLD, "%s", referat_say(call, "target.site.lists-missing", NULL));
}

/* The word that is left has no article; somebody may have put the old page back. */
static enum referat_result compare_withdrawn(struct referat_call *call, const struct site *site, const struct row *row)
{
	if (!row)
		return REFERAT_OK;
	const char *place = site_place(call, site, row);
	struct referat_bytes there = read_page(call, site, place);
	if (row->withdrawn && !(there.data && strstr((const char *)there.data, "<article")))
		return REFERAT_OK;
	return referat_because(call, REFERAT_HOLD, "%s",
			       referat_say(call, "target.still-there", "url", url_of(call, place), NULL));
}

static enum referat_result compare(struct referat_call *call)
{
	struct site *site = call->state;
	enum referat_result result = site_load(call, site);
	if (result != REFERAT_OK)
		return result;
	const struct row *row = site_find(site, referat_get(call, "id"));
	if (referat_get(call, "withdrawn")[0])
		return compare_withdrawn(call, site, row);
	return row && !row->withdrawn ? compare_page(call, site, site_place(call, site, row)) : REFERAT_NOT_FOUND;
}

static const struct referat_option options[] = {
    {.name = "path", .type = REFERAT_PATH, .help = "folder of the site; \"site\" in the state folder when not given"},
    {.name = "index",
     .type = REFERAT_PATH,
     .help = "folder of the site's index, not to be served; beside the site when not given"},
    {.name = "base_url", .type = REFERAT_URL, .required = true, .help = "address that the folder is served at"},
    {.name = "title", .type = REFERAT_STRING, .help = "title of the start page and of the feed"},
    {.name = "feed_authority",
     .type = REFERAT_STRING,
     .fallback = "",
     .help = "host name in the ids of the feeds, which must never change; that of base_url when not given"},
};

const struct referat_plugin referat_plugin = {
    REFERAT_PLUGIN,
    .kind = REFERAT_TARGET,
    .name = "target.site",
    .version = REFERAT_VERSION,
    .summary = "keeps a web site in a folder: pages, archive by year and board, feeds",
    .accepts = "text/html referat.card/1",
    .capabilities = REFERAT_CAN_LOOKUP | REFERAT_SERIAL | REFERAT_CAN_PURGE,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .open = start,
    .close = end,
    .put = put,
    .withdraw = withdraw,
    .lookup = lookup,
    .compare = compare,
    .flush = flush,
};
