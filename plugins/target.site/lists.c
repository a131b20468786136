#include "site.h"

#include <referat/message.h>
#include <referat/words.h>

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

enum { LATEST = 20, FEED_ENTRIES = 30 };

const char *site_year(struct referat_call *call, const Referat__Card *card)
{
	return card->day ? referat_copy(call, card->day, strnlen(card->day, 4)) : "";
}

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* ---- which rows
 * ------------------------------------------------------------------------------------------------------- */

/* Rows of a year or of a board; NULL: whichever. */
struct choice {
	const char *year;
	const char *board;
};

static bool is_of_year(const Referat__Card *card, const char *year)
{
	return card->day ? !strncmp(card->day, year, 4) && year[0] : !year[0];
}

static bool is_chosen(const struct row *row, const struct choice *choice)
{
	if (row->withdrawn || (choice->board && !same(row->card->board_id, choice->board)))
		return false;
	return !choice->year || is_of_year(row->card, choice->year);
}

/* Those that came or changed last, which is not the order of their days: a feed shows what is new. */
static size_t find_newest(const struct site *site, const struct choice *choice, const struct row *newest[FEED_ENTRIES])
{
	size_t n = 0;
	for (size_t i = 0; i < site->n_rows; i++) {
		const struct row *row = &site->rows[i];
		const char *updated = row->card->updated ? row->card->updated : "";
		if (!is_chosen(row, choice))
			continue;
		size_t at = n;
		while (at && strcmp(newest[at - 1]->card->updated ? newest[at - 1]->card->updated : "", updated) < 0)
			at--;
		if (at == FEED_ENTRIES)
			continue;
		n += n < FEED_ENTRIES;
		memmove(newest + at + 1, newest + at, (n - at - 1) * sizeof(struct row *));
		newest[at] = row;
	}
	return n;
}

/* ---- lists
 * ------------------------------------------------------------------------------------------------------------ */

/* Entries in groups: a new one begins where the name of the row's group, by its day, differs. */
static void put_groups(struct referat_call *call, const struct site *site, struct json_object *context,
		       const struct choice *choice, const char *pattern, size_t most)
{
	struct json_object *groups = json_object_new_array();
	struct json_object *entries = NULL;
	const char *last = NULL;
	for (size_t i = 0; i < site->n_rows && most; i++) {
		const struct row *row = &site->rows[i];
		if (!is_chosen(row, choice))
			continue;
		const char *name = !pattern ? "" : row->card->day ? referat_day(call, row->card->day, pattern) : "";
		if (!same(last, name)) {
			struct json_object *group = json_object_new_object();
			entries = json_object_new_array();
			referat_put(group, "name", name);
			json_object_object_add(group, "entries", entries);
			json_object_array_add(groups, group);
			last = name;
		}
		json_object_array_add(entries, site_entry(call, site, row));
		most--;
	}
	json_object_object_add(context, "is_empty", json_object_new_boolean(!json_object_array_length(groups)));
	json_object_object_add(context, "groups", groups);
}

static void add_way(struct json_object *list, const char *name, const char *place)
{
	struct json_object *way = json_object_new_object();
	referat_put(way, "name", name);
	referat_put(way, "place", place);
	json_object_array_add(list, way);
}

static const char *year_folder(const char *year)
{
	return year[0] ? year : "odaterat";
}

static const char *year_name(struct referat_call *call, const char *year)
{
	return year[0] ? year : referat_say(call, "target.site.undated-short", NULL);
}

/* ---- boards
 * ----------------------------------------------------------------------------------------------------------- */

/* A board is called as the publisher calls it today, or called it last; one the publisher does not know, as its newest
 * document does. */
static const Referat__DatedName *name_today(const Referat__BoardEntry *board)
{
	const Referat__DatedName *name = NULL;
	for (size_t i = 0; i < board->n_names; i++)
		if (!name || !board->names[i]->to || (name->to && strcmp(name->to, board->names[i]->to) < 0))
			name = board->names[i];
	return name;
}

static const Referat__BoardEntry *entry_of(struct referat_call *call, const char *id)
{
	const Referat__Publisher *publisher = referat_unpack(call, "publisher", &referat__publisher__descriptor);
	for (size_t i = 0; publisher && i < publisher->n_boards; i++)
		if (same(publisher->boards[i]->id, id))
			return publisher->boards[i];
	return NULL;
}

static const char *board_name(struct referat_call *call, const struct site *site, const char *id)
{
	const Referat__BoardEntry *entry = entry_of(call, id);
	const Referat__DatedName *name = entry ? name_today(entry) : NULL;
	if (name && name->name)
		return name->name;
	for (size_t i = 0; i < site->n_rows; i++)
		if (same(site->rows[i].card->board_id, id) && site->rows[i].card->board_name)
			return site->rows[i].card->board_name;
	return id;
}

static const char *former_names(struct referat_call *call, const char *id)
{
	const Referat__BoardEntry *entry = entry_of(call, id);
	const Referat__DatedName *today = entry ? name_today(entry) : NULL;
	const char *names = "";
	for (size_t i = 0; entry && i < entry->n_names; i++)
		if (entry->names[i] != today && entry->names[i]->name)
			names = referat_format(call, "%s%s%s", names, names[0] ? ", " : "", entry->names[i]->name);
	return names[0] ? referat_say(call, "target.site.former", "names", names, NULL) : "";
}

static const char *board_folder(struct referat_call *call, const char *id)
{
	return referat_format(call, "namnd/%s/", referat_slug(call, id));
}

/* ---- every year and every board that has something
 * -------------------------------------------------------------------- */

struct names {
	const char **list;
	size_t n;
};

static void note(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->list[i], name))
			return;
	names->list[names->n++] = name;
}

/* Rows come by day, so years do too: newest first. */
static struct names find_years(struct referat_call *call, const struct site *site)
{
	struct names years = {referat_alloc(call, (site->n_rows + 1) * sizeof(char *)), 0};
	for (size_t i = 0; i < site->n_rows; i++) {
		const struct row *row = &site->rows[i];
		if (!row->withdrawn && (!years.n || !is_of_year(row->card, years.list[years.n - 1])))
			years.list[years.n++] = site_year(call, row->card);
	}
	return years;
}

struct board {
	const char *id;
	const char *name;
};

static int compare_boards(const void *a, const void *b, void *collator)
{
	const struct board *x = a;
	const struct board *y = b;
	UErrorCode status = U_ZERO_ERROR;
	int order = collator ? (int)ucol_strcollUTF8(collator, x->name, -1, y->name, -1, &status) : 0;
	return order ? order : strcmp(x->id, y->id);
}

/* By name, as the language sorts: å, ä and ö come last in Swedish. */
static struct names find_boards(struct referat_call *call, const struct site *site)
{
	struct names ids = {referat_alloc(call, (site->n_rows + 1) * sizeof(char *)), 0};
	for (size_t i = 0; i < site->n_rows; i++)
		if (!site->rows[i].withdrawn && site->rows[i].card->board_id)
			note(&ids, site->rows[i].card->board_id);
	struct board *boards = referat_alloc(call, (ids.n + 1) * sizeof *boards);
	for (size_t i = 0; i < ids.n; i++)
		boards[i] = (struct board){ids.list[i], board_name(call, site, ids.list[i])};
	const char *language = referat_get(call, "publisher.language");
	UErrorCode status = U_ZERO_ERROR;
	UCollator *collator = ucol_open(language[0] ? language : "sv", &status);
	qsort_r(boards, ids.n, sizeof *boards, compare_boards, U_SUCCESS(status) ? collator : NULL);
	ucol_close(collator);
	for (size_t i = 0; i < ids.n; i++)
		ids.list[i] = boards[i].id;
	return ids;
}

/* ---- pages of lists
 * ---------------------------------------------------------------------------------------------------- */

static enum referat_result write_start(struct referat_call *call, const struct site *site, const struct names *years,
				       const struct names *boards)
{
	struct json_object *context = site_context(call, "./");
	struct json_object *year_ways = json_object_new_array();
	struct json_object *board_ways = json_object_new_array();
	for (size_t i = 0; i < years->n; i++)
		add_way(year_ways, year_name(call, years->list[i]),
			referat_format(call, "%s/", year_folder(years->list[i])));
	for (size_t i = 0; i < boards->n; i++)
		add_way(board_ways, board_name(call, site, boards->list[i]), board_folder(call, boards->list[i]));
	json_object_object_add(context, "has_years", json_object_new_boolean(years->n > 0));
	json_object_object_add(context, "has_boards", json_object_new_boolean(boards->n > 0));
	json_object_object_add(context, "years", year_ways);
	json_object_object_add(context, "boards", board_ways);
	json_object_object_add(context, "is_start", json_object_new_boolean(1));
	referat_put(context, "title", json_object_get_string(json_object_object_get(context, "site_title")));
	referat_put(context, "lead", referat_say(call, "target.site.lead", NULL));
	referat_put(context, "feed", "atom.xml");
	put_groups(call, site, context, &(struct choice){0}, NULL, LATEST);
	return site_render(call, site, "index.html", "list.mustache", context);
}

static enum referat_result write_sitemap(struct referat_call *call, const struct site *site, const char *year)
{
	struct json_object *context = site_context(call, "../");
	put_groups(call, site, context, &(struct choice){.year = year}, NULL, SIZE_MAX);
	return site_render(call, site, referat_format(call, "%s/sitemap.xml", year_folder(year)), "sitemap.mustache",
			   context);
}

static enum referat_result write_year(struct referat_call *call, const struct site *site, const char *year)
{
	struct json_object *context = site_context(call, "../");
	referat_put(context, "title",
		    year[0] ? referat_say(call, "target.site.year", "year", year, NULL)
			    : referat_say(call, "target.site.undated", NULL));
	put_groups(call, site, context, &(struct choice){.year = year}, referat_say(call, "day.month", NULL), SIZE_MAX);
	enum referat_result result =
	    site_render(call, site, referat_format(call, "%s/index.html", year_folder(year)), "list.mustache", context);
	return result == REFERAT_OK ? write_sitemap(call, site, year) : result;
}

static enum referat_result write_feed(struct referat_call *call, const struct site *site, const char *folder,
				      const char *title, const struct choice *choice)
{
	const struct row *newest[FEED_ENTRIES + 1];
	size_t n = find_newest(site, choice, newest);
	struct json_object *context = site_context(call, "");
	struct json_object *entries = json_object_new_array();
	for (size_t i = 0; i < n; i++)
		json_object_array_add(entries, site_entry(call, site, newest[i]));
	json_object_object_add(context, "entries", entries);
	referat_put(context, "title", title);
	json_object_object_add(context, "place", json_object_new_string(folder)); /* "" is the root */
	referat_put(context, "feed_id", choice->board ? referat_format(call, "board:%s", choice->board) : "all");
	referat_put(context, "authority", site_authority(call));
	referat_put(context, "updated",
		    n && newest[0]->card->updated ? newest[0]->card->updated : "1970-01-01T00:00:00Z");
	return site_render(call, site, referat_format(call, "%satom.xml", folder), "atom.mustache", context);
}

static enum referat_result write_board(struct referat_call *call, const struct site *site, const char *id)
{
	const char *folder = board_folder(call, id);
	const char *name = board_name(call, site, id);
	const struct choice choice = {.board = id};
	struct json_object *context = site_context(call, "../../");
	referat_put(context, "title", name);
	referat_put(context, "lead", referat_say(call, "target.site.board-lead", "board", name, NULL));
	referat_put(context, "former", former_names(call, id));
	referat_put(context, "feed", referat_format(call, "%satom.xml", folder));
	put_groups(call, site, context, &choice, "y", SIZE_MAX);
	enum referat_result result =
	    site_render(call, site, referat_format(call, "%sindex.html", folder), "list.mustache", context);
	return result == REFERAT_OK ? write_feed(call, site, folder, name, &choice) : result;
}

static enum referat_result write_sitemap_index(struct referat_call *call, const struct site *site,
					       const struct names *years)
{
	struct json_object *context = site_context(call, "");
	struct json_object *ways = json_object_new_array();
	for (size_t i = 0; i < years->n; i++)
		add_way(ways, years->list[i], referat_format(call, "%s/", year_folder(years->list[i])));
	json_object_object_add(context, "years", ways);
	return site_render(call, site, "sitemap.xml", "sitemap-index.mustache", context);
}

static enum referat_result write_fixed(struct referat_call *call, const struct site *site)
{
	struct referat_bytes style = referat_data_file(call, "site.css");
	if (!style.data)
		return referat_because(call, REFERAT_YIELD, "site.css is not installed");
	enum referat_result result = site_write(call, site, "site.css", (const char *)style.data, style.size, false);
	const struct notice missing = {.path = "404.html",
				       .root = site_base_url(call), /* it is shown at any depth */
				       .title = "missing",
				       .text = "missing-text"};
	return result == REFERAT_OK ? site_write_notice(call, site, &missing) : result;
}

/* ---- after a change
 * ---------------------------------------------------------------------------------------------------- */

/* Lists of those that are touched; and of those that were never written since the start. */
static enum referat_result write_years_and_boards(struct referat_call *call, const struct site *site,
						  const struct names *years, const struct names *boards)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < years->n && result == REFERAT_OK; i++)
		result = write_year(call, site, years->list[i]);
	for (size_t i = 0; i < boards->n && result == REFERAT_OK; i++)
		result = write_board(call, site, boards->list[i]);
	return result;
}

enum referat_result site_write_lists(struct referat_call *call, struct site *site, const struct touched *touched)
{
	struct names years = find_years(call, site);
	struct names boards = find_boards(call, site);
	const char *touched_years[2];
	const char *touched_boards[2];
	struct names some_years = {touched_years, 0};
	struct names some_boards = {touched_boards, 0};
	for (size_t i = 0; i < 2; i++) {
		if (touched->years[i])
			note(&some_years, touched->years[i]);
		if (touched->boards[i])
			note(&some_boards, touched->boards[i]);
	}
	enum referat_result result = write_years_and_boards(call, site, &some_years, &some_boards);
	if (result == REFERAT_OK && !site->complete)
		result = write_years_and_boards(call, site, &years, &boards);
	if (result == REFERAT_OK && !site->complete)
		result = write_fixed(call, site);
	const char *title = referat_option(call, "title");
	if (!title[0])
		title = referat_say(call, "target.site.title", "name", referat_get(call, "publisher.name"), NULL);
	if (result == REFERAT_OK)
		result = write_feed(call, site, "", title, &(struct choice){0});
	if (result == REFERAT_OK)
		result = write_start(call, site, &years, &boards);
	if (result == REFERAT_OK)
		result = write_sitemap_index(call, site, &years);
	site->complete = site->complete || result == REFERAT_OK;
	return result;
}
