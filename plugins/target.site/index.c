/* The rows: in memory in the orders they are asked for, on disk a file each. */
#include "site.h"

#include <referat/files.h>
#include <referat/message.h>

#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_MOST = 1024 * 1024 };

static const char withdrawn_word[] = "withdrawn";

void *site_kept(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* ---- orders ------------------------------------------------------------------------------------------------------ */

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_ids(const struct row *a, const struct row *b)
{
	return strcmp(a->card->document, b->card->document);
}

/* Those that share a path stand together: who came first, first. */
static int compare_paths(const struct row *a, const struct row *b)
{
	int order = strcmp(a->card->path, b->card->path);
	if (!order)
		order = compare_texts(a->card->received, b->card->received);
	return order ? order : compare_ids(a, b);
}

static int compare_days(const struct row *a, const struct row *b)
{
	int order = strcmp(b->day, a->day);
	return order ? order : compare_paths(a, b);
}

static int compare_updates(const struct row *a, const struct row *b)
{
	int order = compare_texts(b->card->updated, a->card->updated);
	return order ? order : compare_days(a, b);
}

static int compare_id(const struct row *row, const char *id)
{
	return strcmp(row->card->document, id);
}

static int compare_path(const struct row *row, const char *path)
{
	return strcmp(row->card->path, path);
}

/* ---- a row ------------------------------------------------------------------------------------------------------- */

static const char *day_of(const Referat__Card *card)
{
	static const char form[] = "0000-00-00";
	const char *day = card->day ? card->day : "";
	size_t i = 0;
	while (form[i] && (form[i] == '-' ? day[i] == '-' : day[i] >= '0' && day[i] <= '9'))
		i++;
	return form[i] || day[i] ? "" : day;
}

static const char *board_of(const struct row *row)
{
	const char *board = row->card->board_id;
	return board && board[0] ? board : NULL;
}

/* Takes the card over. */
static struct row *make_row(Referat__Card *card)
{
	struct row *row = site_kept(calloc(1, sizeof *row));
	row->card = card;
	row->day = day_of(card);
	return row;
}

static void drop_entries(struct row *row)
{
	for (size_t i = 0; i < ENTRY_KINDS; i++) {
		free(row->entries[i]);
		row->entries[i] = NULL;
	}
}

static void free_row(struct row *row)
{
	drop_entries(row);
	referat__card__free_unpacked(row->card, NULL);
	free(row);
}

static uint8_t *pack_card(const Referat__Card *card, size_t *size)
{
	*size = referat__card__get_packed_size(card);
	uint8_t *packed = site_kept(malloc(*size + 1));
	referat__card__pack(card, packed);
	return packed;
}

static Referat__Card *copy_card(const Referat__Card *card)
{
	size_t size = 0;
	uint8_t *packed = pack_card(card, &size);
	Referat__Card *copy = site_kept(referat__card__unpack(NULL, size, packed));
	free(packed);
	return copy;
}

/* All that is kept of a document that is withdrawn: its address, and what lists there are because of it. */
static Referat__Card *copy_address(const Referat__Card *card)
{
	Referat__Card address = REFERAT__CARD__INIT;
	address.document = card->document;
	address.path = card->path;
	address.received = card->received;
	address.day = card->day;
	address.board_id = card->board_id;
	address.board_name = card->board_name;
	return copy_card(&address);
}

static bool is_same_card(const Referat__Card *a, const Referat__Card *b)
{
	size_t size_a = 0;
	size_t size_b = 0;
	uint8_t *packed_a = pack_card(a, &size_a);
	uint8_t *packed_b = pack_card(b, &size_b);
	bool same = size_a == size_b && !memcmp(packed_a, packed_b, size_a);
	free(packed_a);
	free(packed_b);
	return same;
}

/* ---- archives ---------------------------------------------------------------------------------------------------- */

static void open_archive(struct archive *archive, const char *board)
{
	*archive = (struct archive){.board = board ? site_kept(strdup(board)) : NULL,
				    .by_day.compare = compare_days,
				    .by_update.compare = compare_updates};
}

static void close_archive(struct archive *archive)
{
	free(archive->board);
	shelf_deinit(&archive->by_day);
	shelf_deinit(&archive->by_update);
}

struct archive *site_board(struct site *site, const char *id)
{
	for (size_t i = 0; i < site->n_boards; i++)
		if (!strcmp(site->boards[i]->board, id))
			return site->boards[i];
	site->boards = site_kept(realloc(site->boards, (site->n_boards + 1) * sizeof(struct archive *)));
	struct archive *board = site_kept(malloc(sizeof *board));
	open_archive(board, id);
	site->boards[site->n_boards++] = board;
	return board;
}

/* Does so with each shelf of what stands on the site. */
static void shelve(struct site *site, struct row *row, void (*place)(struct shelf *, struct row *))
{
	if (row->withdrawn)
		return;
	place(&site->all.by_day, row);
	place(&site->all.by_update, row);
	const char *id = board_of(row);
	if (!id)
		return;
	struct archive *board = site_board(site, id);
	place(&board->by_day, row);
	place(&board->by_update, row);
}

/* ---- rows in memory ---------------------------------------------------------------------------------------------- */

struct row *site_find(const struct site *site, const char *id)
{
	size_t at = shelf_search(&site->by_id, compare_id, id, 0);
	return at < site->by_id.n && !compare_id(site->by_id.rows[at], id) ? site->by_id.rows[at] : NULL;
}

static struct row *at_path(const struct site *site, const char *path, size_t nth)
{
	size_t at = shelf_search(&site->by_path, compare_path, path, 0) + nth;
	return at < site->by_path.n && !compare_path(site->by_path.rows[at], path) ? site->by_path.rows[at] : NULL;
}

const struct row *site_first_at(const struct site *site, const char *path)
{
	return at_path(site, path, 0);
}

const struct row *site_second_at(const struct site *site, const char *path)
{
	return at_path(site, path, 1);
}

const char *site_place(struct referat_call *call, const struct site *site, const struct row *row)
{
	const char *path = row->card->path;
	if (site_first_at(site, path) == row)
		return path;
	return referat_format(call, "%.*s-%s/", (int)strlen(path) - 1, path, row->card->document);
}

/* Who was first at a path and is no longer, and who is now, have new addresses. */
static void touch_places(struct site *site, struct row *before, struct row *after)
{
	struct row *const moved[] = {before, after};
	for (size_t i = 0; i < 2 && before != after; i++)
		if (moved[i]) {
			drop_entries(moved[i]);
			site_touch(site, moved[i]);
		}
}

struct row *site_insert(struct site *site, const Referat__Card *card)
{
	struct row *old = site_find(site, card->document);
	if (old && !old->withdrawn && is_same_card(old->card, card)) {
		old->digest[0] = '\0';
		return old;
	}
	struct row *row = make_row(copy_card(card));
	const char *left = old ? old->card->path : card->path;
	struct row *first_left = at_path(site, left, 0);
	struct row *first = at_path(site, card->path, 0);
	if (old) {
		site_touch(site, old);
		shelve(site, old, shelf_remove);
		shelf_remove(&site->by_id, old);
		shelf_remove(&site->by_path, old);
	}
	site_touch(site, row);
	shelve(site, row, shelf_insert);
	shelf_insert(&site->by_id, row);
	shelf_insert(&site->by_path, row);
	touch_places(site, first_left, at_path(site, left, 0));
	touch_places(site, first, at_path(site, card->path, 0));
	if (old)
		free_row(old);
	return row;
}

void site_withdraw(struct site *site, struct row *row)
{
	site_touch(site, row);
	shelve(site, row, shelf_remove);
	row->withdrawn = true;
	drop_entries(row);
	Referat__Card *whole = row->card;
	row->card = copy_address(whole);
	row->day = day_of(row->card);
	referat__card__free_unpacked(whole, NULL);
}

/* ---- rows on disk ------------------------------------------------------------------------------------------------ */

static const char *row_path(struct referat_call *call, const struct site *site, const char *id)
{
	return referat_format(call, "%s/%s.card", site->index, id);
}

/* The file: a line with the digest, or the word that says that the page is withdrawn; then the packed card. */
enum referat_result site_save(struct referat_call *call, struct site *site, const struct row *row)
{
	const char *line = row->withdrawn ? withdrawn_word : row->digest;
	size_t head = strlen(line) + 1;
	size_t size = head + referat__card__get_packed_size(row->card);
	uint8_t *data = referat_alloc(call, size);
	memcpy(data, line, head - 1);
	data[head - 1] = '\n';
	referat__card__pack(row->card, data + head);
	return referat_file_replace(call, row_path(call, site, row->card->document),
				    referat_format(call, "%s/writing", site->index), data, size, false);
}

static void read_row(struct referat_call *call, struct site *site, const char *name)
{
	struct referat_bytes file = referat_file_read(call, referat_format(call, "%s/%s", site->index, name), ROW_MOST);
	const uint8_t *end = file.data ? memchr(file.data, '\n', file.size) : NULL;
	size_t length = end ? (size_t)(end - file.data) : 0;
	Referat__Card *card =
	    end && length <= DIGEST_MOST ? referat__card__unpack(NULL, file.size - length - 1, end + 1) : NULL;
	const char *id = card && card->document ? card->document : "";
	bool is_named_so = strlen(id) + 5 == strlen(name) && !strncmp(id, name, strlen(id));
	if (!card || !is_named_so || !card->path || !referat_path_is_inside(card->path)) {
		if (card)
			referat__card__free_unpacked(card, NULL);
		referat_log(call, REFERAT_LOG_WARNING, "%s/%s is damaged: publish that document again", site->index,
			    name);
		return;
	}
	struct row *row = make_row(card);
	memcpy(row->digest, file.data, length);
	row->withdrawn = !strcmp(row->digest, withdrawn_word);
	shelf_append(&site->by_id, row);
	shelf_append(&site->by_path, row);
	shelve(site, row, shelf_append);
}

static void sort_archive(struct archive *archive)
{
	shelf_sort(&archive->by_day);
	shelf_sort(&archive->by_update);
}

static enum referat_result read_rows(struct referat_call *call, struct site *site)
{
	DIR *folder = opendir(site->index);
	if (!folder && errno == ENOENT)
		return REFERAT_OK;
	if (!folder)
		return referat_because(call, REFERAT_YIELD, "can't read %s: %s", site->index, strerror(errno));
	for (const struct dirent *entry; (entry = readdir(folder));) {
		size_t length = strlen(entry->d_name);
		if (length > 5 && !strcmp(entry->d_name + length - 5, ".card"))
			read_row(call, site, entry->d_name);
	}
	closedir(folder);
	shelf_sort(&site->by_id);
	shelf_sort(&site->by_path);
	sort_archive(&site->all);
	for (size_t i = 0; i < site->n_boards; i++)
		sort_archive(site->boards[i]);
	return REFERAT_OK;
}

void site_forget(struct site *site)
{
	for (size_t i = 0; i < site->by_id.n; i++)
		free_row(site->by_id.rows[i]);
	for (size_t i = 0; i < site->n_boards; i++) {
		close_archive(site->boards[i]);
		free(site->boards[i]);
	}
	free(site->boards);
	close_archive(&site->all);
	shelf_deinit(&site->by_id);
	shelf_deinit(&site->by_path);
	json_object_put(site->entry_context);
	pending_deinit(&site->pending);
	free(site->root);
	free(site->index);
	*site = (struct site){0};
}

enum referat_result site_load(struct referat_call *call, struct site *site)
{
	static const Referat__Publisher none = REFERAT__PUBLISHER__INIT;
	const Referat__Publisher *publisher = referat_unpack(call, "publisher", &referat__publisher__descriptor);
	site->publisher = publisher ? publisher : &none;
	if (site->loaded)
		return REFERAT_OK;
	const char *root = referat_option(call, "path");
	const char *index = referat_option(call, "index");
	const char *state = referat_get(call, "state");
	if (!root[0] && !state[0])
		return referat_because(call, REFERAT_FAIL, "the option `path` is not set and there is no state folder");
	if (!root[0])
		root = referat_format(call, "%s/site", state);
	site->root = site_kept(strdup(root));
	site->index = site_kept(strdup(index[0] ? index : referat_format(call, "%s.index", root)));
	site->by_id.compare = compare_ids;
	site->by_path.compare = compare_paths;
	open_archive(&site->all, NULL);
	enum referat_result result = read_rows(call, site);
	site->loaded = result == REFERAT_OK;
	if (!site->loaded)
		site_forget(site);
	return result;
}
