/* What boards are called: names come and go, a board stays. */
#include "site.h"

#include <referat/view.h>
#include <referat/words.h>

#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

static const Referat__DatedName *name_today(const Referat__BoardEntry *board)
{
	const Referat__DatedName *name = NULL;
	for (size_t i = 0; board && i < board->n_names; i++)
		if (!name || !board->names[i]->to || (name->to && strcmp(name->to, board->names[i]->to) < 0))
			name = board->names[i];
	return name;
}

const char *site_board_name(const struct site *site, const struct archive *board)
{
	const Referat__DatedName *name = name_today(referat_board(site->publisher, board->board));
	if (name && name->name)
		return name->name;
	for (size_t i = 0; i < board->by_day.n; i++)
		if (board->by_day.rows[i]->card->board_name)
			return board->by_day.rows[i]->card->board_name;
	return board->board;
}

const char *site_former_names(struct referat_call *call, const struct site *site, const char *id)
{
	const Referat__BoardEntry *entry = referat_board(site->publisher, id);
	const Referat__DatedName *today = name_today(entry);
	const char *said = "";
	for (size_t i = 0; entry && i < entry->n_names; i++) {
		const Referat__DatedName *name = entry->names[i];
		if (name == today || !name->name || !name->to)
			continue;
		const char *day = referat_day(call, name->to, referat_say(call, "day.date", NULL));
		said = referat_format(call, "%s%s%s", said, said[0] ? " " : "",
				      referat_say(call, "target.site.former", "name", name->name, "day", day, NULL));
	}
	return said;
}

struct named {
	const struct archive *board;
	const char *name;
};

static int compare_named(const void *a, const void *b, void *collator)
{
	const struct named *x = a;
	const struct named *y = b;
	UErrorCode status = U_ZERO_ERROR;
	int order = collator ? (int)ucol_strcollUTF8(collator, x->name, -1, y->name, -1, &status) : 0;
	return order ? order : strcmp(x->board->board, y->board->board);
}

const struct archive *const *site_boards_by_name(struct referat_call *call, const struct site *site)
{
	struct named *named = referat_alloc(call, (site->n_boards + 1) * sizeof *named);
	const struct archive **boards = referat_alloc(call, (site->n_boards + 1) * sizeof(struct archive *));
	size_t n = 0;
	for (size_t i = 0; i < site->n_boards; i++)
		if (site->boards[i]->by_day.n)
			named[n++] = (struct named){site->boards[i], site_board_name(site, site->boards[i])};
	const char *language = referat_get(call, "publisher.language");
	UErrorCode status = U_ZERO_ERROR;
	UCollator *collator = ucol_open(language[0] ? language : "sv", &status);
	qsort_r(named, n, sizeof *named, compare_named, U_SUCCESS(status) ? collator : NULL);
	ucol_close(collator);
	for (size_t i = 0; i < n; i++)
		boards[i] = named[i].board;
	return boards;
}
