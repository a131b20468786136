/* What has become of documents that ran again: for `referat replay --wait`, at its end. */
#include "base/error.h"
#include "broker/answers.h"

#include <string.h>

enum { MOST_NAMED = 64 };

typedef struct json_object json;

struct counting {
	struct rf_core *core;
	int64_t since_us;
	uint64_t put;
};

static int count_put(void *context, const struct rf_effect *effect)
{
	struct counting *counting = context;
	const struct rf_core_stage *stage = rf_stage_named(counting->core, effect->stage);
	counting->put += stage && stage->definition->kind == RF_STAGE_PUBLISH && effect->state == RF_EFFECT_DONE &&
			 effect->standing && effect->changed_us > counting->since_us;
	return 0;
}

static int tell(struct rf_core *core, const char *document, int64_t since_us, json *entry, struct rf_error *error)
{
	struct counting counting = {.core = core, .since_us = since_us};
	struct rf_verdict verdict = {.stage = NULL};
	struct rf_revision newest;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status == RF_STORE_NONE) {
		rf_error_set(error, "there is no document %s", document);
		return RF_REFUSED;
	}
	uint32_t revision = newest.number;
	if (status == 0)
		status = rf_store_each_effect(core->options.store, document, count_put, &counting, error);
	if (status >= 0)
		status = rf_verdict_reach(core, document, revision, &verdict, error);
	if (status >= 0) {
		rf_json_text(entry, "document", document);
		rf_json_text(entry, "status", rf_verdict_name(&verdict));
		rf_json_number(entry, "put", counting.put);
	}
	rf_verdict_deinit(&verdict);
	return status < 0 ? -1 : 0;
}

int rf_answer_replayed(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	json *documents = NULL, *since = NULL, *list = rf_json_list(answer, "documents");
	json_object_object_get_ex(arguments, "documents", &documents);
	json_object_object_get_ex(arguments, "since_us", &since);
	size_t n = json_object_is_type(documents, json_type_array) ? json_object_array_length(documents) : 0;
	if (n == 0 || n > MOST_NAMED) {
		rf_error_set(error, "which documents? a list of 1 to %d is expected", MOST_NAMED);
		return RF_REFUSED;
	}
	for (size_t i = 0; i < n; i++) {
		const char *document = json_object_get_string(json_object_array_get_idx(documents, i));
		int status =
		    tell(core, document ? document : "", json_object_get_int64(since), rf_json_append(list), error);
		if (status != 0)
			return status;
	}
	return 0;
}
