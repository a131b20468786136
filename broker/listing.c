/* Documents, listed and shown. */
#include "base/datetime.h"
#include "base/error.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 1000, LIST_BATCH = 128 };

typedef struct json_object json;

/* ---- list ----------------------------------------------------------------------------------------------------------
 */

/* What a document's tasks come to. The worst that any of them is decides. */
struct verdict {
	const struct rf_core *core;
	uint32_t revision;
	enum rf_task_state worst; /* 0: nothing yet */
	bool published;
	char *stage, *code, *reason;
};

static int rank(enum rf_task_state state)
{
	static const int ranks[RF_TASK_STATES] = {
	    [RF_TASK_DONE] = 1,    [RF_TASK_SUPERSEDED] = 2, [RF_TASK_ERASED] = 3, [RF_TASK_READY] = 4,
	    [RF_TASK_DELAYED] = 4, [RF_TASK_HELD] = 5,       [RF_TASK_DEAD] = 6,
	};
	return ranks[state];
}

static bool is_publication(const struct rf_core *core, const char *name)
{
	for (size_t i = 0; i < core->n_stages; i++)
		if (strcmp(core->stages[i].definition->name, name) == 0)
			return core->stages[i].definition->kind == RF_STAGE_PUBLISH;
	return false;
}

static int judge(void *context, const struct rf_task *task)
{
	struct verdict *verdict = context;
	if (task->revision != verdict->revision)
		return 0;
	if (task->state == RF_TASK_DONE && is_publication(verdict->core, task->stage))
		verdict->published = true;
	if (verdict->worst && rank(task->state) <= rank(verdict->worst))
		return 0;
	verdict->worst = task->state;
	free(verdict->stage);
	free(verdict->code);
	free(verdict->reason);
	verdict->stage = rf_strdup(task->stage);
	verdict->code = rf_strdup(task->code);
	verdict->reason = rf_strdup(task->reason);
	return 0;
}

static const char *verdict_name(const struct verdict *verdict)
{
	switch (verdict->worst) {
	case RF_TASK_READY:
	case RF_TASK_DELAYED:
		return "open";
	case RF_TASK_DONE:
		return verdict->published ? "published" : "done";
	default:
		return rf_task_state_name(verdict->worst);
	}
}

static int pick_attribute(void *context, const char *name, const char *value)
{
	static const char *const shown[] = {"title", "board", "day"};
	for (size_t i = 0; i < RF_COUNT(shown); i++)
		if (strcmp(name, shown[i]) == 0)
			rf_json_text(context, name, value);
	return 0;
}

struct url {
	const struct rf_core *core;
	json *entry;
};

static int pick_url(void *context, const struct rf_effect *effect)
{
	struct url *url = context;
	if (!is_publication(url->core, effect->stage) || !effect->location)
		return 0;
	rf_json_text(url->entry, "url", effect->location);
	return 1;
}

static int describe(struct rf_core *core, const char *document, const char *wanted, json *documents,
		    struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest;
	if (rf_store_get_revision(store, document, 0, &newest, error) != 0)
		return -1;
	json *entry = json_object_new_object();
	rf_json_text(entry, "document", document);
	rf_json_number(entry, "revision", newest.number);
	rf_json_text(entry, "name", newest.name);
	struct verdict verdict = {.core = core, .revision = newest.number};
	struct rf_task_filter filter = {.document = document};
	struct url url = {core, entry};
	int status = rf_store_each_task(store, &filter, judge, &verdict, error);
	bool fits = status == 0 && (!wanted || strcmp(wanted, verdict_name(&verdict)) == 0);
	if (fits)
		status = rf_store_each_attribute(store, document, newest.number, pick_attribute, entry, error);
	if (fits && status == 0)
		status = rf_store_each_effect(store, document, pick_url, &url, error);
	rf_json_text(entry, "status", verdict_name(&verdict));
	if (verdict.worst != RF_TASK_DONE)
		rf_json_text(entry, "stage", verdict.stage);
	rf_json_text(entry, "code", verdict.code);
	rf_json_text(entry, "reason", verdict.reason);
	free(verdict.stage);
	free(verdict.code);
	free(verdict.reason);
	if (fits && status == 0)
		json_object_array_add(documents, entry);
	else
		json_object_put(entry);
	return status < 0 ? -1 : 0;
}

struct page {
	char *ids[LIST_BATCH];
	size_t n;
};

static int add_document(void *context, const struct rf_revision *newest)
{
	struct page *page = context;
	page->ids[page->n++] = rf_strdup(newest->document);
	return 0;
}

static void page_deinit(struct page *page)
{
	for (size_t i = 0; i < page->n; i++)
		free(page->ids[i]);
	page->n = 0;
}

/* Documents from a page on, as far as there is room. Returns whether there may be more of both. */
static int list_page(struct rf_core *core, char **after, int64_t most, const char *wanted, json *documents, bool *more,
		     struct rf_error *error)
{
	__attribute__((cleanup(page_deinit))) struct page page = {.n = 0};
	if (rf_store_each_document(core->options.store, *after, LIST_BATCH, add_document, &page, error) < 0)
		return -1;
	for (size_t i = 0; i < page.n && (int64_t)json_object_array_length(documents) < most; i++)
		if (describe(core, page.ids[i], wanted, documents, error) < 0)
			return -1;
	*more = page.n == LIST_BATCH && (int64_t)json_object_array_length(documents) < most;
	if (*more) {
		free(*after);
		*after = rf_strdup(page.ids[page.n - 1]);
	}
	return 0;
}

static int list(struct rf_core *core, json *arguments, const char *wanted, json *answer, struct rf_error *error)
{
	json *given;
	int64_t most = json_object_object_get_ex(arguments, "most", &given) ? json_object_get_int64(given) : LIST_MOST;
	rf_autofree char *after = rf_strdup(rf_json_get(arguments, "after"));
	json *documents = json_object_new_array();
	json_object_object_add(answer, "documents", documents);
	for (bool more = true; more;)
		if (list_page(core, &after, most, wanted, documents, &more, error) < 0)
			return -1;
	return 0;
}

int rf_answer_list(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	return list(core, arguments, rf_json_get(arguments, "status"), answer, error);
}

int rf_answer_held(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	return list(core, arguments, "held", answer, error);
}

int rf_answer_dead(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	return list(core, arguments, "dead", answer, error);
}

/* ---- show ----------------------------------------------------------------------------------------------------------
 */

static void add_instant(json *object, const char *name, int64_t instant_us)
{
	char text[RF_INSTANT_SIZE];
	rf_instant_format(instant_us, text);
	rf_json_text(object, name, text);
}

static json *append(json *array)
{
	json *object = json_object_new_object();
	json_object_array_add(array, object);
	return object;
}

static int show_attribute(void *context, const char *name, const char *value)
{
	rf_json_text(context, name, value);
	return 0;
}

static int show_part(void *context, const struct rf_part *part)
{
	char digest[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&part->digest, digest);
	json *object = append(context);
	rf_json_text(object, "name", part->name);
	rf_json_text(object, "type", part->type);
	rf_json_number(object, "size", part->size);
	rf_json_text(object, "sha256", digest);
	return 0;
}

static int show_task(void *context, const struct rf_task *task)
{
	json *object = append(context);
	rf_json_number(object, "revision", task->revision);
	rf_json_text(object, "stage", task->stage);
	rf_json_text(object, "state", rf_task_state_name(task->state));
	rf_json_number(object, "attempts", task->attempts);
	rf_json_number(object, "failures", task->failures);
	rf_json_number(object, "crashes", task->crashes);
	rf_json_text(object, "code", task->code);
	rf_json_text(object, "reason", task->reason);
	add_instant(object, "changed", task->changed_us);
	if (task->state == RF_TASK_DELAYED)
		add_instant(object, "due", task->due_us);
	return 0;
}

static int show_effect(void *context, const struct rf_effect *effect)
{
	json *object = append(context);
	rf_json_text(object, "key", effect->key);
	rf_json_text(object, "stage", effect->stage);
	rf_json_text(object, "state", effect->state == RF_EFFECT_DONE ? "done" : "intended");
	rf_json_text(object, "remote_id", effect->remote_id);
	rf_json_text(object, "url", effect->location);
	add_instant(object, "changed", effect->changed_us);
	return 0;
}

static int show_event(void *context, const struct rf_event *event)
{
	json *object = append(context);
	add_instant(object, "at", event->at_us);
	rf_json_number(object, "revision", event->revision);
	rf_json_text(object, "stage", event->stage);
	rf_json_text(object, "what", event->what);
	rf_json_text(object, "detail", event->detail);
	return 0;
}

static json *list_in(json *answer, const char *name)
{
	json *array = json_object_new_array();
	json_object_object_add(answer, name, array);
	return array;
}

static void show_revision(json *revisions, const struct rf_revision *revision)
{
	json *object = append(revisions);
	rf_json_number(object, "revision", revision->number);
	rf_json_number(object, "major", revision->major);
	rf_json_text(object, "name", revision->name);
	rf_json_text(object, "source_key", revision->source_key);
	add_instant(object, "received", revision->received_us);
}

static int show_records(struct rf_core *core, const char *document, uint32_t newest, json *answer,
			struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	json *attributes = json_object_new_object();
	json_object_object_add(answer, "attributes", attributes);
	struct rf_task_filter filter = {.document = document};
	if (rf_store_each_attribute(store, document, newest, show_attribute, attributes, error) < 0 ||
	    rf_store_each_part(store, document, newest, show_part, list_in(answer, "parts"), error) < 0 ||
	    rf_store_each_task(store, &filter, show_task, list_in(answer, "tasks"), error) < 0 ||
	    rf_store_each_effect(store, document, show_effect, list_in(answer, "effects"), error) < 0 ||
	    rf_store_each_event(store, document, show_event, list_in(answer, "events"), error) < 0)
		return -1;
	return 0;
}

int rf_answer_show(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	const char *document = rf_json_get(arguments, "document");
	struct rf_revision revision;
	int status =
	    document ? rf_store_get_revision(core->options.store, document, 0, &revision, error) : RF_STORE_NONE;
	if (status < 0)
		return -1;
	if (status == RF_STORE_NONE) {
		rf_error_set(error, "there is no document %s", document ? document : "without an id");
		return RF_REFUSED;
	}
	uint32_t newest = revision.number;
	rf_json_text(answer, "document", document);
	json *revisions = list_in(answer, "revisions");
	for (uint32_t number = 1; number <= newest; number++) {
		if (rf_store_get_revision(core->options.store, document, number, &revision, error) != 0)
			return -1;
		show_revision(revisions, &revision);
	}
	return show_records(core, document, newest, answer, error);
}
