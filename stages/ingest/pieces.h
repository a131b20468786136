/* Minutes that came in several files: what was read from each, made one document. */
#ifndef RF_INGEST_PIECES_H
#define RF_INGEST_PIECES_H

#include "plugin/arena.h"

#include <referat/merge.h>
#include <stdbool.h>

/* The part that the bytes lie in, and what was read from them. */
struct piece {
	const char *part; /* "source", or "source/20-22" */
	Referat__Document *document;
};

/* Whose places say "source" say the part from now on. */
void piece_mark(const struct piece *piece);

/* Where the file that came last (pieces[0], the part `source`) belongs: SIZE_MAX with all others, which are minutes of
 * one meeting; else the index of one that is of another meeting, or does not say which. */
size_t pieces_stranger(const struct piece *pieces, size_t n);

/* Makes one document, in the memory of the arena and of the pieces. What the file that came last says goes before the
 * others where it says that it corrects them. added: names of the parts that came when the page stood already,
 * separated by spaces. Returns false when two of them tell of a paragraph in other words, and which is right is for a
 * person to say: the difference says which. */
bool pieces_merge(const struct piece *pieces, size_t n, const char *added, struct rf_arena *arena,
		  struct referat_merge *merge);

/* The part that an item was read from: "source/20-22". */
const char *item_part(const Referat__Item *item);

#endif
