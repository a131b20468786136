/* What waits for the next flush: whose lists are to be written, files that come after the lists, and rows that may say
 * that their document stands there. A flush is what many documents share: lists are written once, and the disk is
 * waited for twice. */
#include "site.h"

#include <referat/files.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void *grow(void *list, size_t n, size_t size)
{
	return n & (n - 1) ? list : site_kept(realloc(list, (n ? 2 * n : 1) * size));
}

void site_touch(struct site *site, const struct row *row)
{
	struct pending *pending = &site->pending;
	const char *board = row->card->board_id ? row->card->board_id : "";
	for (size_t i = 0; i < pending->n_touched; i++)
		if (!strcmp(pending->touched[i].day, row->day) && !strcmp(pending->touched[i].board, board))
			return;
	pending->touched = grow(pending->touched, pending->n_touched, sizeof *pending->touched);
	struct touched *touched = &pending->touched[pending->n_touched++];
	touched->board = site_kept(strdup(board));
	memcpy(touched->day, row->day, strlen(row->day) + 1); /* a date, or "" */
}

void site_write_late(struct site *site, const char *path, char *text, const char *unless_at)
{
	struct pending *pending = &site->pending;
	pending->late = grow(pending->late, pending->n_late, sizeof *pending->late);
	struct late *late = &pending->late[pending->n_late++];
	late->path = site_kept(strdup(path));
	late->text = text;
	late->unless_at = unless_at ? site_kept(strdup(unless_at)) : NULL;
}

void site_save_late(struct site *site, const struct row *row, const char *digest)
{
	struct pending *pending = &site->pending;
	pending->rows = grow(pending->rows, pending->n_rows, sizeof *pending->rows);
	pending->rows[pending->n_rows++] = (struct unsaved){.id = site_kept(strdup(row->card->document)),
							    .digest = site_kept(strndup(digest, DIGEST_MOST))};
}

bool site_is_pending(const struct site *site)
{
	return site->pending.n_rows > 0;
}

void pending_deinit(struct pending *pending)
{
	for (size_t i = 0; i < pending->n_touched; i++)
		free(pending->touched[i].board);
	for (size_t i = 0; i < pending->n_late; i++) {
		free(pending->late[i].path);
		free(pending->late[i].text);
		free(pending->late[i].unless_at);
	}
	for (size_t i = 0; i < pending->n_rows; i++) {
		free(pending->rows[i].id);
		free(pending->rows[i].digest);
	}
	free(pending->touched);
	free(pending->late);
	free(pending->rows);
	*pending = (struct pending){0};
}

/* ---- flush ------------------------------------------------------------------------------------------------------- */

static enum referat_result write_late(struct referat_call *call, struct site *site)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < site->pending.n_late && result == REFERAT_OK; i++) {
		const struct late *late = &site->pending.late[i];
		if (!late->unless_at || !site_first_at(site, late->unless_at))
			result = site_write(call, site, late->path, late->text, strlen(late->text));
	}
	return result;
}

static enum referat_result save_rows(struct referat_call *call, struct site *site)
{
	enum referat_result result = REFERAT_OK;
	for (size_t i = 0; i < site->pending.n_rows && result == REFERAT_OK; i++) {
		struct row *row = site_find(site, site->pending.rows[i].id);
		if (row && !row->withdrawn)
			strcpy(row->digest, site->pending.rows[i].digest);
		if (row)
			result = site_save(call, site, row);
	}
	return result;
}

/* The rows, and the pages with them; they may lie on two file systems. */
static enum referat_result sync_all(struct referat_call *call, const struct site *site)
{
	struct stat root;
	struct stat index;
	enum referat_result result = referat_folder_sync(call, site->index);
	bool apart = !stat(site->root, &root) && (stat(site->index, &index) || root.st_dev != index.st_dev);
	return result == REFERAT_OK && apart ? referat_folder_sync(call, site->root) : result;
}

/* Pages are on the disk before a row says that they stand there, rows before the broker hears of it. */
enum referat_result site_flush(struct referat_call *call, struct site *site)
{
	enum referat_result result = REFERAT_OK;
	if (site_is_pending(site))
		result = referat_folder_sync(call, site->root);
	if (result == REFERAT_OK && site_is_pending(site))
		result = site_write_lists(call, site);
	if (result == REFERAT_OK)
		result = write_late(call, site);
	if (result == REFERAT_OK)
		result = save_rows(call, site);
	if (result == REFERAT_OK)
		result = sync_all(call, site);
	pending_deinit(&site->pending);
	return result;
}
