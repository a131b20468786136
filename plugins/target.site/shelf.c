/* Rows in an order. What a change costs is a search by halving and a move of pointers. */
#include "site.h"

#include <stdlib.h>
#include <string.h>

void shelf_append(struct shelf *shelf, struct row *row)
{
	if (shelf->n == shelf->room) {
		shelf->room = shelf->room ? 2 * shelf->room : 64;
		shelf->rows = site_kept(realloc(shelf->rows, shelf->room * sizeof(struct row *)));
	}
	shelf->rows[shelf->n++] = row;
}

static int compare_rows(const void *a, const void *b, void *context)
{
	const struct shelf *shelf = context;
	return shelf->compare(*(struct row *const *)a, *(struct row *const *)b);
}

void shelf_sort(struct shelf *shelf)
{
	if (shelf->n)
		qsort_r(shelf->rows, shelf->n, sizeof(struct row *), compare_rows, shelf);
}

/* The first row that does not come before this one. */
static size_t place_of(const struct shelf *shelf, const struct row *row)
{
	size_t from = 0;
	size_t to = shelf->n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (shelf->compare(shelf->rows[middle], row) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

void shelf_insert(struct shelf *shelf, struct row *row)
{
	size_t at = place_of(shelf, row);
	shelf_append(shelf, row);
	memmove(shelf->rows + at + 1, shelf->rows + at, (shelf->n - 1 - at) * sizeof(struct row *));
	shelf->rows[at] = row;
}

void shelf_remove(struct shelf *shelf, struct row *row)
{
	size_t at = place_of(shelf, row);
	shelf->n--;
	memmove(shelf->rows + at, shelf->rows + at + 1, (shelf->n - at) * sizeof(struct row *));
}

void shelf_deinit(struct shelf *shelf)
{
	free(shelf->rows);
	*shelf = (struct shelf){0};
}

size_t shelf_search(const struct shelf *shelf, int (*compare)(const struct row *, const char *key), const char *key,
		    int least)
{
	size_t from = 0;
	size_t to = shelf->n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (compare(shelf->rows[middle], key) < least)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static int compare_period(const struct row *row, const char *period)
{
	if (!period[0])
		return row->day[0] ? -1 : 0;
	return -strncmp(row->day, period, strlen(period)); /* newest first */
}

struct range archive_range(const struct archive *archive, const char *period)
{
	return (struct range){shelf_search(&archive->by_day, compare_period, period, 0),
			      shelf_search(&archive->by_day, compare_period, period, 1)};
}
