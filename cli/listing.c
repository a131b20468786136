#include "cli/listing.h"

#include "base/memory.h"
#include "cli/question.h"

#include <stdlib.h>

enum { PAGE = 200 };

void rf_listing_init(struct rf_listing *listing, const char *status)
{
	*listing = (struct rf_listing){.status = status, .documents = json_object_new_array()};
}

void rf_listing_deinit(struct rf_listing *listing)
{
	json_object_put(listing->documents);
	free(listing->next);
	listing->documents = NULL;
	listing->next = NULL;
}

json_object *rf_listing_arguments(const struct rf_listing *listing)
{
	json_object *arguments = json_object_new_object();
	if (listing->next)
		json_object_object_add(arguments, "after", json_object_new_string(listing->next));
	json_object_object_add(arguments, "most", json_object_new_int(PAGE));
	if (listing->status)
		json_object_object_add(arguments, "status", json_object_new_string(listing->status));
	return arguments;
}

bool rf_listing_take(struct rf_listing *listing, json_object *answer)
{
	json_object *page;
	if (!json_object_object_get_ex(answer, "documents", &page) || !json_object_is_type(page, json_type_array))
		return false;
	size_t n = json_object_array_length(page);
	for (size_t i = 0; i < n; i++)
		json_object_array_add(listing->documents, json_object_get(json_object_array_get_idx(page, i)));
	free(listing->next);
	listing->next = rf_strdup(rf_answer_text(answer, "next"));
	return *listing->next != '\0';
}
