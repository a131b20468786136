#include "cli/listing.h"

#include "cli/question.h"

enum { PAGE = 200 };

void rf_listing_init(struct rf_listing *listing, const char *status)
{
	*listing = (struct rf_listing){.status = status, .documents = json_object_new_array()};
}

void rf_listing_deinit(struct rf_listing *listing)
{
	json_object_put(listing->documents);
	listing->documents = NULL;
}

json_object *rf_listing_arguments(const struct rf_listing *listing)
{
	size_t n = json_object_array_length(listing->documents);
	json_object *last = n ? json_object_array_get_idx(listing->documents, n - 1) : NULL;
	json_object *arguments = json_object_new_object();
	json_object_object_add(arguments, "after", json_object_new_string(rf_answer_text(last, "document")));
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
	return n >= PAGE;
}
