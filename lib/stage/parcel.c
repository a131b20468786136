#include "stage/parcel.h"

#include <stdlib.h>
#include <utlist.h>

bool rf_token_equal(const Referat__Wire__Token *a, const Referat__Wire__Token *b)
{
	return a && b && a->task == b->task && a->lease == b->lease && a->epoch == b->epoch;
}

Referat__Wire__Token *rf_token_copy(const Referat__Wire__Token *token)
{
	Referat__Wire__Token *copy = rf_alloc(sizeof *copy);
	referat__wire__token__init(copy);
	copy->has_task = copy->has_lease = copy->has_epoch = true;
	copy->task = token->task;
	copy->lease = token->lease;
	copy->epoch = token->epoch;
	return copy;
}

struct rf_parcel *rf_parcel_new(enum rf_verb verb, const Referat__Wire__Token *token)
{
	struct rf_parcel *parcel = rf_alloc(sizeof *parcel);
	parcel->message = rf_message_make(verb);
	Referat__Wire__Item *item = rf_message_add_item(&parcel->message);
	if (token)
		item->token = rf_token_copy(token);
	return parcel;
}

void rf_parcel_free(struct rf_parcel *parcel)
{
	if (!parcel)
		return;
	rf_message_deinit(&parcel->message);
	free(parcel);
}

void rf_parcel_free_all(struct rf_parcel **list)
{
	struct rf_parcel *parcel;
	struct rf_parcel *next;
	DL_FOREACH_SAFE(*list, parcel, next)
	rf_parcel_free(parcel);
	*list = NULL;
}

uint64_t rf_parcel_part_size(const struct rf_parcel *parcel)
{
	uint64_t size = 0;
	const Referat__Wire__Item *item = rf_parcel_item(parcel);
	for (size_t i = 0; i < item->n_parts; i++)
		size += item->parts[i]->size;
	return size;
}

size_t rf_parcel_frame_size(const struct rf_parcel *parcel)
{
	size_t size = 0;
	for (size_t i = 0; i < parcel->message.n_frames; i++)
		size += parcel->message.frames[i].size;
	return size;
}

/* The next frames of the bundle, for each part of the item that has one. */
static void move_frames(struct rf_message *from, size_t *next, const Referat__Wire__Item *item, struct rf_message *to)
{
	for (size_t i = 0; i < item->n_parts; i++) {
		if (item->parts[i]->blob)
			continue;
		struct rf_frame *frame = &from->frames[(*next)++]; /* decoding has counted them */
		rf_message_add_frame(to, *frame);
		*frame = (struct rf_frame){0};
	}
}

void rf_parcels_from(struct rf_message *message, struct rf_parcel **list)
{
	*list = NULL;
	size_t frame = 0;
	for (size_t i = 0; i < message->header->n_items; i++) {
		struct rf_parcel *parcel = rf_alloc(sizeof *parcel);
		parcel->message = rf_message_make(message->verb);
		Referat__Wire__Item *item = message->header->items[i];
		RF_WIRE_ADD(parcel->message.header->items, parcel->message.header->n_items, item);
		move_frames(message, &frame, item, &parcel->message);
		DL_APPEND(*list, parcel);
	}
	message->header->n_items = 0;
	rf_message_deinit(message);
}
