#include "stages/ingest/pieces.h"

#include "base/memory.h"
#include "base/text.h"
#include "stages/ingest/describe.h"
#include "stages/ingest/paragraphs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- places ------------------------------------------------------------------------------------------------------ */

static void mark(ProtobufCMessage *message, const char *part);

static void mark_place(Referat__Place *place, const char *part)
{
	if (!place->part || strcmp(place->part, "source") != 0)
		return;
	free(place->part);
	place->part = rf_strdup(part);
}

/* No message contains itself: this ends. */
static void mark_field(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char *part)
{
	void *value = (uint8_t *)message + field->offset;
	size_t n = 1;
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return;
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		memcpy(&n, (uint8_t *)message + field->quantifier_offset, sizeof n);
	ProtobufCMessage **messages =
	    field->label == PROTOBUF_C_LABEL_REPEATED ? *(ProtobufCMessage ***)value : (ProtobufCMessage **)value;
	for (size_t i = 0; i < n; i++)
		if (messages[i])
			mark(messages[i], part);
}

static void mark(ProtobufCMessage *message, const char *part)
{
	if (message->descriptor == &referat__place__descriptor)
		mark_place((Referat__Place *)message, part);
	for (unsigned i = 0; i < message->descriptor->n_fields; i++)
		mark_field(message, &message->descriptor->fields[i], part);
}

void piece_mark(const struct piece *piece)
{
	mark(&piece->document->base, piece->part);
}

const char *item_part(const Referat__Item *item)
{
	const Referat__Place *place = item->heading_place ? item->heading_place
				      : item->n_blocks    ? item->blocks[0]->place
							  : NULL;
	return place && place->part ? place->part : "source";
}

/* ---- do they belong together? ------------------------------------------------------------------------------------ */

size_t pieces_stranger(const struct piece *pieces, size_t n)
{
	rf_autofree char *meeting = meeting_key(pieces[0].document);
	if (!meeting || pieces[0].document->kind != REFERAT__KIND__MINUTES)
		return 0;
	for (size_t i = 1; i < n; i++) {
		rf_autofree char *other = meeting_key(pieces[i].document);
		if (!other || strcmp(other, meeting) != 0)
			return i;
	}
	return SIZE_MAX;
}

/* ---- what came to a page that stood ------------------------------------------------------------------------------ */

static bool is_among(const char *names, const char *name)
{
	return rf_text_find_word(names, name) != SIZE_MAX;
}

static bool has_rank(const Referat__Document *document, unsigned rank)
{
	for (size_t i = 0; i < document->n_items; i++)
		if (referat_item_rank(document->items[i]) == rank)
			return true;
	return false;
}

/* Whether one that was there from the start tells of the paragraph, too. */
static bool was_there(const struct piece *pieces, size_t n, const char *added, const Referat__Item *item)
{
	for (size_t i = 0; i < n; i++)
		if (!is_among(added, pieces[i].part) && has_rank(pieces[i].document, referat_item_rank(item)))
			return true;
	return false;
}

/* When the last of it was adjusted; NULL: that is not known of all. */
static char *adjusted(const struct piece *pieces, size_t n, const char *added)
{
	char *last = NULL;
	for (size_t i = 0; i < n; i++) {
		const Referat__Meeting *meeting = pieces[i].document->meeting;
		char *day = meeting && meeting->posting ? meeting->posting->adjusted : NULL;
		if (!is_among(added, pieces[i].part))
			continue;
		if (!day)
			return NULL;
		last = last && strcmp(last, day) > 0 ? last : day;
	}
	return last;
}

static void complete(const struct piece *pieces, size_t n, const char *added, struct rf_arena *arena,
		     Referat__Document *together)
{
	enum { LETTERS = 32 }; /* ranks of one number */
	unsigned *numbers = rf_arena_alloc(arena, (together->n_items + 1) * sizeof *numbers);
	size_t n_numbers = 0;
	for (size_t i = 0; i < together->n_items; i++) {
		const Referat__Item *item = together->items[i];
		unsigned number = referat_item_rank(item) / LETTERS;
		bool again = n_numbers > 0 && numbers[n_numbers - 1] == number;
		if (number && !again && is_among(added, item_part(item)) && !was_there(pieces, n, added, item))
			numbers[n_numbers++] = number;
	}
	if (n_numbers == 0)
		return;
	rf_autofree char *words = paragraphs_words(numbers, n_numbers);
	Referat__Completion *completion = rf_arena_alloc(arena, sizeof *completion);
	referat__completion__init(completion);
	completion->paragraphs = rf_arena_text(arena, words);
	completion->date = adjusted(pieces, n, added);
	together->completion = completion;
}

/* ---- one document ------------------------------------------------------------------------------------------------ */

static void *take_memory(void *context, size_t size)
{
	return rf_arena_alloc(context, size);
}

/* The piece that most of the meeting stands in. */
static size_t largest(const struct piece *pieces, size_t n)
{
	size_t found = 0;
	for (size_t i = 1; i < n; i++)
		if (pieces[i].document->n_items > pieces[found].document->n_items)
			found = i;
	return found;
}

static bool is_corrected(const struct piece *last, const struct referat_difference *difference)
{
	return last->document->correction && (strcmp(item_part(difference->kept), last->part) == 0 ||
					      strcmp(item_part(difference->other), last->part) == 0);
}

bool pieces_merge(const struct piece *pieces, size_t n, const char *added, struct rf_arena *arena,
		  struct referat_merge *merge)
{
	Referat__Document **documents = rf_arena_alloc(arena, n * sizeof(Referat__Document *));
	for (size_t i = 0; i < n; i++)
		documents[i] = pieces[i].document;
	*merge = (struct referat_merge){.documents = documents,
					.n = n,
					.first_is_right = true,
					.cover = largest(pieces, n),
					.alloc = take_memory,
					.context = arena};
	referat_merge(merge);
	complete(pieces, n, added, arena, &merge->together);
	return !merge->difference.kept || is_corrected(&pieces[0], &merge->difference);
}
