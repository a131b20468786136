/* Rows of the store as `show` and `trace` both show them. */
#include "broker/answers.h"

typedef struct json_object json;

int rf_answer_add_part(void *list, const struct rf_part *part)
{
	char digest[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&part->digest, digest);
	json *object = rf_json_append(list);
	rf_json_number(object, "revision", part->revision);
	rf_json_words(object, "name", part->name);
	rf_json_text(object, "type", part->type);
	rf_json_number(object, "size", part->size);
	rf_json_text(object, "sha256", digest);
	return 0;
}

int rf_answer_add_event(void *list, const struct rf_event *event)
{
	json *object = rf_json_append(list);
	rf_json_instant(object, "at", event->at_us);
	rf_json_number(object, "revision", event->revision);
	rf_json_text(object, "stage", event->stage);
	rf_json_text(object, "what", event->what);
	rf_json_words(object, "detail", event->detail);
	return 0;
}
