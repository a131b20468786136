/* The board's name against those that the publisher knows, and those it had on the day of the meeting. */
#include "check.h"

#include <referat/passages.h>

#include <string.h>

enum { MOST_NAME = 200 }; /* bytes of a name that is compared */

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;
	return least < c ? least : c;
}

/* How many letters (bytes) must be put in, taken out or changed. Neither is longer than MOST_NAME. */
static size_t distance(const char *a, const char *b)
{
	size_t row[MOST_NAME + 1];
	size_t size = strlen(b);
	for (size_t j = 0; j <= size; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < size; j++) {
			size_t above = row[j + 1];
			row[j + 1] = smallest(above + 1, row[j] + 1, corner + (a[i] != b[j]));
			corner = above;
		}
	}
	return row[size];
}

/* The publisher's name that is the fewest changes of letters away; NULL when none is near. */
static const char *nearest_name(const struct check *check, const char *name)
{
	const char *nearest = NULL;
	const char *lower = referat_lower(check->call, name);
	size_t least = strlen(name) / 3 + 1; /* what is farther is another name */
	if (strlen(name) > MOST_NAME)
		return NULL;
	for (size_t i = 0; i < check->publisher->n_boards; i++) {
		const Referat__BoardEntry *board = check->publisher->boards[i];
		for (size_t k = 0; k < board->n_names; k++) {
			const char *known = board->names[k]->name;
			if (!known || strlen(known) > MOST_NAME)
				continue;
			size_t changes = distance(lower, referat_lower(check->call, known));
			if (changes < least) {
				least = changes;
				nearest = known;
			}
		}
	}
	return nearest;
}

enum known { UNKNOWN, OTHER_TIME, KNOWN };

/* Is the name one of the publisher's boards', on that day ("": any)? */
static enum known find_board(const struct check *check, const char *name, const char *day)
{
	enum known known = UNKNOWN;
	const char *lower = referat_lower(check->call, name);
	for (size_t i = 0; i < check->publisher->n_boards; i++) {
		const Referat__BoardEntry *board = check->publisher->boards[i];
		for (size_t k = 0; k < board->n_names; k++) {
			const Referat__DatedName *dated = board->names[k];
			if (!dated->name || strcmp(lower, referat_lower(check->call, dated->name)) != 0)
				continue;
			bool before = *day && dated->from && strcmp(day, dated->from) < 0;
			bool after = *day && dated->to && strcmp(day, dated->to) > 0;
			if (!before && !after)
				return KNOWN;
			known = OTHER_TIME;
		}
	}
	return known;
}

static struct referat_place place_of(const Referat__Board *board)
{
	struct referat_place place = nowhere;
	referat_place_source(&place, board->place);
	return place;
}

static void report_unknown(const struct check *check, const Referat__Board *board)
{
	const char *near = nearest_name(check, board->name);
	const char *text = near ? referat_say(check->call, "check.structure.board-unknown-near", "board", board->name,
					      "near", near, NULL)
				: referat_say(check->call, "check.structure.board-unknown", "board", board->name, NULL);
	referat_finding(check->call, "board-unknown", REFERAT_ERROR, place_of(board), text);
}

void check_board(const struct check *check)
{
	const Referat__Board *board = check->document->board;
	if (!board || !board->name || !*board->name) {
		report(check, "board-missing", REFERAT_WARNING, nowhere, NULL, NULL);
		return;
	}
	if (!check->publisher || check->publisher->n_boards == 0)
		return;
	const Referat__Meeting *meeting = check->document->meeting;
	const char *day = meeting && meeting->day && meeting->day->date ? meeting->day->date : "";
	enum known known = find_board(check, board->name, day);
	if (known == UNKNOWN)
		report_unknown(check, board);
	if (known == OTHER_TIME)
		referat_finding(
		    check->call, "board-name-old", REFERAT_NOTE, place_of(board),
		    referat_say(check->call, "check.structure.board-name-old", "board", board->name, "day", day, NULL));
}
