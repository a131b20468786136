/* A list of documents that the broker gives page by page: what to ask next, and what has come so far. */
#ifndef RF_CLI_LISTING_H
#define RF_CLI_LISTING_H

#include <json-c/json.h>
#include <stdbool.h>

struct rf_listing {
	const char *status;     /* "held" …; NULL: all; borrowed */
	json_object *documents; /* array, owned */
	char *next;             /* where the broker goes on; NULL: at the start */
};

void rf_listing_init(struct rf_listing *listing, const char *status);
void rf_listing_deinit(struct rf_listing *listing);

/* The arguments of the next "list" question. The caller puts them. */
json_object *rf_listing_arguments(const struct rf_listing *listing);

/* Takes the answer in. Returns whether there may be more. */
bool rf_listing_take(struct rf_listing *listing, json_object *answer);

#endif
