/* What is derived from the rows. Start page, year, board and feeds show the newest, a bounded number; a month and a
 * board's year show all, and stand from their first document on, whether or not the year or the board needs a link to
 * them: so no address comes and goes. */
#include "site.h"

#include <referat/words.h>

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LATEST = 20, FEED_ENTRIES = 30, LIST_MOST = 200, YEAR = 4, MONTH = 7 };

/* ---- years, months and what has no date -------------------------------------------------------------------------- */

/* The year or month of a day; "" of none. */
static const char *period_of(struct referat_call *call, const char *day, size_t length)
{
	return referat_copy(call, day, strnlen(day, length));
}

/* Where a year, a month ("2024-05") or what has no date ("") stands: below the root, or below a board. */
static const char *period_folder(struct referat_call *call, const char *period)
{
	if (!period[0])
		return "odaterat/";
	return strlen(period) == YEAR ? referat_format(call, "%s/", period)
				      : referat_format(call, "%.4s/%s/", period, period + YEAR + 1);
}

static const char *period_name(struct referat_call *call, const char *period)
{
	if (!period[0])
		return referat_say(call, "target.site.undated-short", NULL);
	return strlen(period) == YEAR
		   ? period
		   : referat_day(call, referat_format(call, "%s-01", period), referat_say(call, "day.month", NULL));
}

static const char *year_title(struct referat_call *call, const char *period)
{
	return period[0] ? referat_say(call, "target.site.year", "year", period_name(call, period), NULL)
			 : referat_say(call, "target.site.undated", NULL);
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

static void write_entry(FILE *out, const char *entry, const char *root)
{
	for (const char *mark; (mark = strchr(entry, ENTRY_ROOT)); entry = mark + 1) {
		fwrite(entry, 1, (size_t)(mark - entry), out);
		fputs(root, out);
	}
	fputs(entry, out);
}

/* Puts the entries of these rows, as they stand one behind the other, into the object, for a list that root leads to
 * the site's root from. Without the last line's end, which the template has. */
static enum referat_result put_entries(struct referat_call *call, struct site *site, struct json_object *object,
				       const struct shelf *shelf, struct range range, enum entry_kind kind,
				       const char *root)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = site_kept(open_memstream(&text, &size));
	const char *entry = "";
	for (size_t i = range.from; i < range.to && entry; i++) {
		entry = site_entry(call, site, shelf->rows[i], kind);
		if (entry)
			write_entry(out, entry, root);
	}
	if (fclose(out))
		abort(); /* no memory */
	size -= size && text[size - 1] == '\n';
	json_object_object_add(object, "entries", json_object_new_string_len(text, (int)size));
	free(text);
	return entry ? REFERAT_OK : REFERAT_YIELD;
}

/* The entries of these rows, the newest of by_day first, in groups: by YEAR, by MONTH, or (0) one without a name. */
static enum referat_result put_groups(struct referat_call *call, struct site *site, struct json_object *context,
				      const struct shelf *shelf, struct range range, size_t length)
{
	const char *root = json_object_get_string(json_object_object_get(context, "root"));
	struct json_object *groups = json_object_new_array();
	enum referat_result result = REFERAT_OK;
	json_object_object_add(context, "is_empty", json_object_new_boolean(range.from == range.to));
	json_object_object_add(context, "groups", groups);
	for (size_t end; range.from < range.to && result == REFERAT_OK; range.from = end) {
		const char *day = shelf->rows[range.from]->day;
		end = range.from + 1;
		while (end < range.to && !strncmp(shelf->rows[end]->day, day, length))
			end++;
		struct json_object *group = json_object_new_object();
		json_object_array_add(groups, group);
		referat_put(group, "name", length ? period_name(call, period_of(call, day, length)) : "");
		result = put_entries(call, site, group, shelf, (struct range){range.from, end}, ENTRY_LIST, root);
	}
	return result;
}

/* ---- ways on ----------------------------------------------------------------------------------------------------- */

static struct json_object *new_way(const char *name, const char *place)
{
	struct json_object *way = json_object_new_object();
	referat_put(way, "name", name);
	referat_put(way, "place", place);
	return way;
}

static const char *board_folder(struct referat_call *call, const struct archive *board)
{
	return referat_format(call, "namnd/%s/", referat_slug(call, board->board));
}

/* The ways to the years or months (by length of the period) that have something in the range. */
static void put_ways(struct referat_call *call, struct json_object *context, const char *name,
		     const struct archive *archive, struct range range, size_t length, const char *folder)
{
	struct json_object *ways = json_object_new_array();
	while (range.from < range.to) {
		const char *period = period_of(call, archive->by_day.rows[range.from]->day, length);
		json_object_array_add(ways, new_way(period_name(call, period),
						    referat_format(call, "%s%s", folder, period_folder(call, period))));
		range.from = archive_range(archive, period).to;
	}
	json_object_object_add(context, referat_format(call, "has_%s", name),
			       json_object_new_boolean(json_object_array_length(ways) > 0));
	json_object_object_add(context, name, ways);
}

static struct range everything(const struct archive *archive)
{
	return (struct range){0, archive->by_day.n};
}

static bool is_too_long(struct range range)
{
	return range.to - range.from > LIST_MOST;
}

static struct range first_of(struct range range, size_t most)
{
	return range.to - range.from > most ? (struct range){range.from, range.from + most} : range;
}

/* Says that the list shows the newest alone, and where the others are. */
static void put_cut(struct referat_call *call, struct json_object *context, const char *key)
{
	referat_put(context, "cut", referat_say(call, key, "number", referat_format(call, "%d", LIST_MOST), NULL));
}

/* ---- feeds and sitemaps ------------------------------------------------------------------------------------------ */

static enum referat_result write_feed(struct referat_call *call, struct site *site, const struct archive *archive,
				      const char *folder, const char *title)
{
	const struct shelf *shelf = &archive->by_update;
	struct json_object *context = site_context(call, site, "");
	const char *updated = shelf->n ? shelf->rows[0]->card->updated : NULL;
	referat_put(context, "title", title);
	json_object_object_add(context, "place", json_object_new_string(folder)); /* "" is the root */
	referat_put(context, "feed_id", archive->board ? referat_format(call, "board:%s", archive->board) : "all");
	referat_put(context, "authority", site_authority(call));
	referat_put(context, "updated", updated ? updated : "1970-01-01T00:00:00Z");
	enum referat_result result = put_entries(call, site, context, shelf,
						 first_of((struct range){0, shelf->n}, FEED_ENTRIES), ENTRY_FEED, "");
	if (result == REFERAT_OK)
		return site_render(call, site, referat_format(call, "%satom.xml", folder), "atom.mustache", context);
	json_object_put(context);
	return result;
}

static enum referat_result write_sitemap(struct referat_call *call, struct site *site, const char *month)
{
	const char *path = referat_format(call, "%ssitemap.xml", period_folder(call, month));
	struct json_object *context = site_context(call, site, "");
	enum referat_result result =
	    put_entries(call, site, context, &site->all.by_day, archive_range(&site->all, month), ENTRY_SITEMAP, "");
	if (result == REFERAT_OK)
		return site_render(call, site, path, "sitemap.mustache", context);
	json_object_put(context);
	return result;
}

static enum referat_result write_sitemap_index(struct referat_call *call, const struct site *site)
{
	struct json_object *context = site_context(call, site, "");
	put_ways(call, context, "months", &site->all, everything(&site->all), MONTH, "");
	return site_render(call, site, "sitemap.xml", "sitemap-index.mustache", context);
}

/* ---- pages of lists ---------------------------------------------------------------------------------------------- */

/* Renders the list of these rows into the folder, with the context, which it frees. */
static enum referat_result write_list(struct referat_call *call, struct site *site, const struct archive *archive,
				      struct range range, size_t grouping, const char *folder,
				      struct json_object *context)
{
	enum referat_result result = put_groups(call, site, context, &archive->by_day, range, grouping);
	if (result == REFERAT_OK)
		return site_render(call, site, referat_format(call, "%sindex.html", folder), "list.mustache", context);
	json_object_put(context);
	return result;
}

static enum referat_result write_month(struct referat_call *call, struct site *site, const char *month)
{
	const char *year = period_of(call, month, YEAR);
	struct json_object *context = site_context(call, site, "../../");
	referat_put(context, "title", year_title(call, month));
	json_object_object_add(context, "up", new_way(year_title(call, year), period_folder(call, year)));
	return write_list(call, site, &site->all, archive_range(&site->all, month), 0, period_folder(call, month),
			  context);
}

/* What has no date is few, and has no months to divide it by: its list shows all. */
static enum referat_result write_year(struct referat_call *call, struct site *site, const char *year)
{
	struct range range = archive_range(&site->all, year);
	struct json_object *context = site_context(call, site, "../");
	referat_put(context, "title", year_title(call, year));
	if (year[0] && is_too_long(range)) {
		put_cut(call, context, "target.site.cut-year");
		put_ways(call, context, "months", &site->all, range, MONTH, "");
		range = first_of(range, LIST_MOST);
	}
	return write_list(call, site, &site->all, range, year[0] ? MONTH : 0, period_folder(call, year), context);
}

static enum referat_result write_board_year(struct referat_call *call, struct site *site, const struct archive *board,
					    const char *year)
{
	const char *folder = board_folder(call, board);
	const char *name = site_board_name(site, board);
	struct json_object *context = site_context(call, site, "../../../");
	referat_put(context, "title",
		    referat_say(call, "target.site.board-year", "board", name, "year", period_name(call, year), NULL));
	json_object_object_add(context, "up", new_way(name, folder));
	return write_list(call, site, board, archive_range(board, year), year[0] ? MONTH : 0,
			  referat_format(call, "%s%s", folder, period_folder(call, year)), context);
}

static enum referat_result write_board(struct referat_call *call, struct site *site, const struct archive *board)
{
	const char *folder = board_folder(call, board);
	const char *name = site_board_name(site, board);
	struct range range = everything(board);
	struct json_object *context = site_context(call, site, "../../");
	referat_put(context, "title", name);
	referat_put(context, "lead", referat_say(call, "target.site.board-lead", "board", name, NULL));
	referat_put(context, "former", site_former_names(call, site, board->board));
	referat_put(context, "feed", referat_format(call, "%satom.xml", folder));
	if (is_too_long(range)) {
		put_cut(call, context, "target.site.cut-board");
		put_ways(call, context, "years", board, range, YEAR, folder);
		range = first_of(range, LIST_MOST);
	}
	enum referat_result result = write_list(call, site, board, range, YEAR, folder, context);
	return result == REFERAT_OK ? write_feed(call, site, board, folder, name) : result;
}

static enum referat_result write_start(struct referat_call *call, struct site *site, const char *title)
{
	struct json_object *context = site_context(call, site, "./");
	struct json_object *board_ways = json_object_new_array();
	const struct archive *const *boards = site_boards_by_name(call, site);
	for (; *boards; boards++)
		json_object_array_add(board_ways, new_way(site_board_name(site, *boards), board_folder(call, *boards)));
	json_object_object_add(context, "has_boards", json_object_new_boolean(json_object_array_length(board_ways)));
	json_object_object_add(context, "boards", board_ways);
	put_ways(call, context, "years", &site->all, everything(&site->all), YEAR, "");
	json_object_object_add(context, "is_start", json_object_new_boolean(1));
	referat_put(context, "title", title);
	referat_put(context, "lead", referat_say(call, "target.site.lead", NULL));
	referat_put(context, "feed", "atom.xml");
	return write_list(call, site, &site->all, first_of(everything(&site->all), LATEST), 0, "", context);
}

static enum referat_result write_fixed(struct referat_call *call, const struct site *site)
{
	struct referat_bytes style = referat_data_file(call, "site.css");
	if (!style.data)
		return referat_because(call, REFERAT_YIELD, "site.css is not installed");
	enum referat_result result = site_write(call, site, "site.css", (const char *)style.data, style.size);
	const struct notice missing = {.root = site_base_url(call), /* it is shown at any depth */
				       .title = referat_say(call, "target.site.missing", NULL),
				       .text = referat_say(call, "target.site.missing-text", NULL)};
	char *page = result == REFERAT_OK ? site_notice(call, site, &missing) : NULL;
	if (!page)
		return result == REFERAT_OK ? REFERAT_YIELD : result;
	result = site_write(call, site, "404.html", page, strlen(page));
	free(page);
	return result;
}

/* ---- after a change ---------------------------------------------------------------------------------------------- */

/* The lists of a change, in an order in which no list leads to one that does not stand there. A month leads back to its
 * year, and a year that does not show all leads to its months: such a year stands there already, and is written after
 * them; any other before. Likewise with boards and their years. */

static const char *touched_period(struct referat_call *call, const struct site *site, size_t nth, size_t length)
{
	return period_of(call, site->pending.touched[nth].day, length);
}

/* Whether an earlier one has the same period, and (boards) the same board. */
static bool came_before(const struct site *site, size_t nth, size_t length, bool boards)
{
	const struct touched *touched = site->pending.touched;
	for (size_t i = 0; i < nth; i++)
		if (!strncmp(touched[i].day, touched[nth].day, length) &&
		    (!boards || !strcmp(touched[i].board, touched[nth].board)))
			return true;
	return false;
}

static enum referat_result write_years(struct referat_call *call, struct site *site, bool cut)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < site->pending.n_touched && result == REFERAT_OK; i++) {
		const char *year = touched_period(call, site, i, YEAR);
		if (!came_before(site, i, YEAR, false) && is_too_long(archive_range(&site->all, year)) == cut)
			result = write_year(call, site, year);
	}
	return result;
}

static enum referat_result write_months(struct referat_call *call, struct site *site)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < site->pending.n_touched && result == REFERAT_OK; i++) {
		const char *month = touched_period(call, site, i, MONTH);
		if (came_before(site, i, MONTH, false))
			continue;
		if (month[0])
			result = write_month(call, site, month);
		if (result == REFERAT_OK)
			result = write_sitemap(call, site, month);
	}
	return result;
}

static enum referat_result write_boards(struct referat_call *call, struct site *site, bool cut)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < site->pending.n_touched && result == REFERAT_OK; i++) {
		const char *id = site->pending.touched[i].board;
		if (!id[0] || came_before(site, i, 0, true))
			continue;
		const struct archive *board = site_board(site, id);
		if (is_too_long(everything(board)) == cut)
			result = write_board(call, site, board);
	}
	return result;
}

static enum referat_result write_board_years(struct referat_call *call, struct site *site)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < site->pending.n_touched && result == REFERAT_OK; i++) {
		const char *id = site->pending.touched[i].board;
		if (id[0] && !came_before(site, i, YEAR, true))
			result =
			    write_board_year(call, site, site_board(site, id), touched_period(call, site, i, YEAR));
	}
	return result;
}

static enum referat_result write_touched(struct referat_call *call, struct site *site)
{
	enum referat_result result = write_years(call, site, false);
	if (result == REFERAT_OK)
		result = write_months(call, site);
	if (result == REFERAT_OK)
		result = write_years(call, site, true);
	if (result == REFERAT_OK)
		result = write_boards(call, site, false);
	if (result == REFERAT_OK)
		result = write_board_years(call, site);
	return result == REFERAT_OK ? write_boards(call, site, true) : result;
}

static enum referat_result write_lists_of_month(struct referat_call *call, struct site *site, const char *month)
{
	enum referat_result result = write_year(call, site, period_of(call, month, YEAR));
	if (result == REFERAT_OK && month[0])
		result = write_month(call, site, month);
	return result == REFERAT_OK ? write_sitemap(call, site, month) : result;
}

/* Every list there is. A year is put together again with each of its months, and written once: a file that has its
 * bytes is left alone. */
static enum referat_result write_all(struct referat_call *call, struct site *site)
{
	enum referat_result result = write_fixed(call, site);
	const struct shelf *shelf = &site->all.by_day;
	for (size_t i = 0; i < shelf->n && result == REFERAT_OK; referat_progress(call)) {
		const char *month = period_of(call, shelf->rows[i]->day, MONTH);
		result = write_lists_of_month(call, site, month);
		i = archive_range(&site->all, month).to;
	}
	for (size_t b = 0; b < site->n_boards && result == REFERAT_OK; b++) {
		const struct archive *board = site->boards[b];
		for (size_t i = 0; i < board->by_day.n && result == REFERAT_OK; referat_progress(call)) {
			const char *year = period_of(call, board->by_day.rows[i]->day, YEAR);
			result = write_board_year(call, site, board, year);
			i = archive_range(board, year).to;
		}
		if (result == REFERAT_OK && board->by_day.n)
			result = write_board(call, site, board);
	}
	return result;
}

/* Whether a month may have come or gone: it has no more documents than have changed. */
static bool is_month_new(struct referat_call *call, const struct site *site)
{
	for (size_t i = 0; i < site->pending.n_touched; i++) {
		struct range range = archive_range(&site->all, touched_period(call, site, i, MONTH));
		if (range.to - range.from <= site->pending.n_rows)
			return true;
	}
	return false;
}

bool site_is_whole(struct referat_call *call, const struct site *site)
{
	static const char *const always[] = {"index.html", "404.html", "site.css", "atom.xml", "sitemap.xml"};
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (access(referat_format(call, "%s/%s", site->root, always[i]), F_OK))
			return false;
	return true;
}

enum referat_result site_write_lists(struct referat_call *call, struct site *site)
{
	site->complete = site->complete && site_is_whole(call, site);
	if (site->complete && !site->pending.n_touched)
		return REFERAT_OK;
	const char *title = referat_option(call, "title");
	if (!title[0])
		title = referat_say(call, "target.site.title", "name", referat_get(call, "publisher.name"), NULL);
	enum referat_result result = write_touched(call, site);
	if (result == REFERAT_OK && !site->complete)
		result = write_all(call, site);
	if (result == REFERAT_OK)
		result = write_feed(call, site, &site->all, "", title);
	if (result == REFERAT_OK)
		result = write_start(call, site, title);
	if (result == REFERAT_OK && (!site->complete || is_month_new(call, site)))
		result = write_sitemap_index(call, site);
	site->complete = site->complete || result == REFERAT_OK;
	return result;
}
