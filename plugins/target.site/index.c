#include "site.h"

#include <referat/files.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_MOST = 1024 * 1024, DIGEST_MOST = 128 };

static const char withdrawn_word[] = "withdrawn";

/* The site's own memory lasts longer than a call. None left ends the process, as everywhere. */
static void *kept(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* ---- order
 * ----------------------------------------------------------------------------------------------------------- */

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Newest day first, undated last; then by path, and who came first. So those that share a path stand together. */
static int compare_cards(const Referat__Card *a, const Referat__Card *b)
{
	int order = compare_texts(b->day, a->day);
	if (!order)
		order = compare_texts(a->path, b->path);
	if (!order)
		order = compare_texts(a->received, b->received);
	return order ? order : compare_texts(a->document, b->document);
}

static int compare_rows(const void *a, const void *b)
{
	return compare_cards(((const struct row *)a)->card, ((const struct row *)b)->card);
}

/* ---- rows in memory
 * -------------------------------------------------------------------------------------------------- */

struct row *site_find(struct site *site, const char *id)
{
	for (size_t i = 0; i < site->n_rows; i++)
		if (!strcmp(site->rows[i].card->document, id))
			return &site->rows[i];
	return NULL;
}

static struct row *append(struct site *site, Referat__Card *card)
{
	if (site->n_rows == site->room) {
		site->room = site->room ? 2 * site->room : 64;
		site->rows = kept(realloc(site->rows, site->room * sizeof *site->rows));
	}
	struct row *row = &site->rows[site->n_rows++];
	*row = (struct row){.card = card};
	return row;
}

static Referat__Card *copy_card(const Referat__Card *card)
{
	size_t size = referat__card__get_packed_size(card);
	uint8_t *packed = kept(malloc(size + 1));
	referat__card__pack(card, packed);
	Referat__Card *copy = kept(referat__card__unpack(NULL, size, packed));
	free(packed);
	return copy;
}

struct row *site_insert(struct site *site, const Referat__Card *card)
{
	struct row *old = site_find(site, card->document);
	if (old) {
		referat__card__free_unpacked(old->card, NULL);
		site->n_rows--;
		memmove(old, old + 1, (size_t)(site->rows + site->n_rows - old) * sizeof *old);
	}
	struct row added = *append(site, copy_card(card));
	size_t at = --site->n_rows;
	while (at && compare_rows(&site->rows[at - 1], &added) > 0)
		at--;
	memmove(site->rows + at + 1, site->rows + at, (site->n_rows - at) * sizeof added);
	site->rows[at] = added;
	site->n_rows++;
	return &site->rows[at];
}

const char *site_place(struct referat_call *call, const struct site *site, const struct row *row)
{
	const char *path = row->card->path;
	if (row == site->rows || compare_texts(row[-1].card->path, path) != 0)
		return path;
	return referat_format(call, "%.*s-%s/", (int)strlen(path) - 1, path, row->card->document);
}

/* ---- rows on disk
 * ---------------------------------------------------------------------------------------------------- */

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
				    referat_format(call, "%s/writing", site->index), data, size, true);
}

static void read_row(struct referat_call *call, struct site *site, const char *name)
{
	struct referat_bytes file = referat_file_read(call, referat_format(call, "%s/%s", site->index, name), ROW_MOST);
	const uint8_t *end = file.data ? memchr(file.data, '\n', file.size) : NULL;
	size_t length = end ? (size_t)(end - file.data) : 0;
	Referat__Card *card =
	    end && length <= DIGEST_MOST ? referat__card__unpack(NULL, file.size - length - 1, end + 1) : NULL;
	if (!card || !card->document || !card->path || !referat_path_is_inside(card->path)) {
		if (card)
			referat__card__free_unpacked(card, NULL);
		referat_log(call, REFERAT_LOG_WARNING, "%s/%s is damaged: publish that document again", site->index,
			    name);
		return;
	}
	struct row *row = append(site, card);
	memcpy(row->digest, file.data, length);
	row->withdrawn = !strcmp(row->digest, withdrawn_word);
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
	if (site->n_rows)
		qsort(site->rows, site->n_rows, sizeof *site->rows, compare_rows);
	return REFERAT_OK;
}

void site_forget(struct site *site)
{
	for (size_t i = 0; i < site->n_rows; i++)
		referat__card__free_unpacked(site->rows[i].card, NULL);
	free(site->rows);
	free(site->root);
	free(site->index);
	*site = (struct site){0};
}

enum referat_result site_load(struct referat_call *call, struct site *site)
{
	if (site->loaded)
		return REFERAT_OK;
	const char *root = referat_option(call, "path");
	const char *index = referat_option(call, "index");
	const char *state = referat_get(call, "state");
	if (!root[0] && !state[0])
		return referat_because(call, REFERAT_FAIL, "the option `path` is not set and there is no state folder");
	if (!root[0])
		root = referat_format(call, "%s/site", state);
	site->root = kept(strdup(root));
	site->index = kept(strdup(index[0] ? index : referat_format(call, "%s.index", root)));
	enum referat_result result = read_rows(call, site);
	site->loaded = result == REFERAT_OK;
	if (!site->loaded)
		site_forget(site);
	return result;
}
