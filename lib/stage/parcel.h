/* One item with its frames, by itself: a message with a single item. What comes in a bundle is taken apart into
 * parcels; what goes out is put together from them. */
#ifndef RF_STAGE_PARCEL_H
#define RF_STAGE_PARCEL_H

#include "wire/message.h"

#include <stdbool.h>

struct rf_parcel {
	struct rf_message message; /* one item; owned, with its frames */
	bool sent;                 /* for whoever has it in a list */
	struct rf_parcel *prev, *next;
};

/* A parcel whose item has this token (copied); token may be NULL. */
struct rf_parcel *rf_parcel_new(enum rf_verb verb, const Referat__Wire__Token *token);
void rf_parcel_free(struct rf_parcel *parcel); /* NULL is fine */
void rf_parcel_free_all(struct rf_parcel **list);

static inline Referat__Wire__Item *rf_parcel_item(const struct rf_parcel *parcel)
{
	return parcel->message.header->items[0];
}

/* What its parts hold, in frames or as blobs: what it takes of the credit. */
uint64_t rf_parcel_part_size(const struct rf_parcel *parcel);
size_t rf_parcel_frame_size(const struct rf_parcel *parcel); /* bytes that travel, but for the header */

/* Takes the message apart; it is consumed. *list is a list (utlist.h) in the order of the items; the caller owns it. */
void rf_parcels_from(struct rf_message *message, struct rf_parcel **list);

bool rf_token_equal(const Referat__Wire__Token *a, const Referat__Wire__Token *b); /* NULL equals nothing */
Referat__Wire__Token *rf_token_copy(const Referat__Wire__Token *token);            /* rf_unpack_free, or a header */

#endif
