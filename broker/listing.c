/* Documents, listed and shown. */
#include "base/error.h"
#include "broker/answers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 1000 };

typedef struct json_object json;

/* ---- list ----------------------------------------------------------------------------------------------------------
 */

static int rank(enum rf_task_state state)
{
	static const int ranks[RF_TASK_STATES] = {
	    [RF_TASK_SUPERSEDED] = 1, [RF_TASK_DONE] = 2, [RF_TASK_ERASED] = 3, [RF_TASK_READY] = 4,
	    [RF_TASK_DELAYED] = 4,    [RF_TASK_HELD] = 5, [RF_TASK_DEAD] = 6,
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

struct judging {
	const struct rf_core *core;
	uint32_t revision;
	struct rf_verdict *verdict;
};

/* Tasks come in the order of their ids, so that of several that are as bad the first one stays. */
static int judge(void *context, const struct rf_task *task)
{
	const struct judging *judging = context;
	struct rf_verdict *verdict = judging->verdict;
	bool ended = !(1U << task->state & RF_STATES_UNFINISHED);
	if (task->revision != judging->revision && ended) /* an older one may be a withdrawal that is not finished */
		return 0;
	if (task->state == RF_TASK_DONE && is_publication(judging->core, task->stage))
		verdict->published = true;
	if (verdict->task && rank(task->state) <= rank(verdict->worst))
		return 0;
	rf_verdict_deinit(verdict);
	verdict->worst = task->state;
	verdict->task = task->id;
	verdict->stage = rf_strdup(task->stage);
	verdict->code = rf_strdup(task->code);
	verdict->reason = rf_strdup(task->reason);
	return 0;
}

int rf_verdict_reach(struct rf_core *core, const char *document, uint32_t revision, struct rf_verdict *verdict,
		     struct rf_error *error)
{
	struct judging judging = {core, revision, verdict};
	struct rf_task_filter filter = {.document = document};
	*verdict = (struct rf_verdict){0};
	if (rf_withdrawal_is(core, document, revision, &verdict->withdrawn, error) < 0)
		return -1;
	return rf_store_each_task(core->options.store, &filter, judge, &judging, error);
}

void rf_verdict_deinit(struct rf_verdict *verdict)
{
	free(verdict->stage);
	free(verdict->code);
	free(verdict->reason);
	verdict->stage = verdict->code = verdict->reason = NULL;
}

/* Nothing more is done for it: what was given up counts as done. */
static const char *name_of_end(const struct rf_verdict *verdict)
{
	return verdict->withdrawn ? "withdrawn" : verdict->published ? "published" : "done";
}

static bool has_code(const struct rf_verdict *verdict, const char *code)
{
	return verdict->code && strcmp(verdict->code, code) == 0;
}

const char *rf_verdict_name(const struct rf_verdict *verdict)
{
	switch ((int)verdict->worst) {
	case RF_TASK_READY:
	case RF_TASK_DELAYED:
		return "open";
	case RF_TASK_DONE:
		return name_of_end(verdict);
	case RF_TASK_SUPERSEDED:
		if (has_code(verdict, RF_CODE_GIVEN_UP))
			return name_of_end(verdict);
		return has_code(verdict, RF_CODE_DELETED) ? "deleted" : "superseded";
	case 0:
		return "withdrawn"; /* before it stood anywhere: there was nothing to do */
	default:
		return rf_task_state_name(verdict->worst);
	}
}

static int pick_attribute(void *context, const char *name, const char *value)
{
	static const char *const shown[] = {"title", "board", "day", RF_ATTRIBUTE_WITHDRAWN};
	for (size_t i = 0; i < RF_COUNT(shown); i++)
		if (strcmp(name, shown[i]) == 0)
			rf_json_words(context, name, value);
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

/* What is to be listed: documents of a status, from a place on. */
struct wanted {
	const char *status; /* NULL: all */
	uint64_t task;      /* only the document whose verdict is by this task; 0: whichever */
};

static int describe(struct rf_core *core, const char *document, const struct wanted *wanted, json *documents,
		    struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest;
	if (rf_store_get_revision(store, document, 0, &newest, error) != 0)
		return -1;
	json *entry = json_object_new_object();
	rf_json_text(entry, "document", document);
	rf_json_number(entry, "revision", newest.number);
	rf_json_words(entry, "name", newest.name);
	__attribute__((cleanup(rf_verdict_deinit))) struct rf_verdict verdict;
	struct url url = {core, entry};
	int status = rf_verdict_reach(core, document, newest.number, &verdict, error);
	bool fits = status == 0 && (!wanted->status || strcmp(wanted->status, rf_verdict_name(&verdict)) == 0) &&
		    (!wanted->task || wanted->task == verdict.task);
	if (fits)
		status = rf_store_each_attribute(store, document, newest.number, pick_attribute, entry, error);
	if (fits && status == 0)
		status = rf_store_each_effect(store, document, pick_url, &url, error);
	rf_json_text(entry, "status", rf_verdict_name(&verdict));
	if (verdict.worst != RF_TASK_DONE)
		rf_json_text(entry, "stage", verdict.stage);
	rf_json_text(entry, "code", verdict.code);
	rf_json_words(entry, "reason", verdict.reason);
	if (fits && status == 0)
		json_object_array_add(documents, entry);
	else
		json_object_put(entry);
	return status < 0 ? -1 : 0;
}

/* What a walk found; it may not ask the store itself. */
struct page {
	char *documents[LIST_MOST];
	uint64_t tasks[LIST_MOST]; /* 0: documents were walked */
	size_t n;
};

static int add_document(void *context, const struct rf_revision *newest)
{
	struct page *page = context;
	page->documents[page->n++] = rf_strdup(newest->document);
	return 0;
}

static int add_task(void *context, const struct rf_task *task)
{
	struct page *page = context;
	page->tasks[page->n] = task->id;
	page->documents[page->n++] = rf_strdup(task->document);
	return 0;
}

static void page_free(struct page **page)
{
	for (size_t i = 0; i < (*page)->n; i++)
		free((*page)->documents[i]);
	free(*page);
}

/* Documents that are held, dead or open are found by their tasks, which are few; others by their ids. */
static int find_page(struct rf_core *core, const char *status, const char *after, size_t most, struct page *page,
		     struct rf_error *error)
{
	static const struct {
		const char *status;
		uint32_t states;
	} by_tasks[] = {{"held", 1U << RF_TASK_HELD},
			{"dead", 1U << RF_TASK_DEAD},
			{"open", 1U << RF_TASK_READY | 1U << RF_TASK_DELAYED}};
	for (size_t i = 0; status && i < RF_COUNT(by_tasks); i++) {
		if (strcmp(by_tasks[i].status, status) != 0)
			continue;
		struct rf_task_filter filter = {
		    .states = by_tasks[i].states, .after_id = after ? strtoull(after, NULL, 10) : 0, .most = most};
		return rf_store_each_task(core->options.store, &filter, add_task, page, error);
	}
	return rf_store_each_document(core->options.store, after, most, add_document, page, error);
}

/* A page: of `most` that were looked at, those of the status. Where there may be more, `next` says how to go on. */
static int list(struct rf_core *core, json *arguments, const char *status, json *answer, struct rf_error *error)
{
	json *given, *documents = json_object_new_array();
	int64_t most = json_object_object_get_ex(arguments, "most", &given) ? json_object_get_int64(given) : LIST_MOST;
	json_object_object_add(answer, "documents", documents);
	most = most < 1 ? 1 : most > LIST_MOST ? LIST_MOST : most;
	__attribute__((cleanup(page_free))) struct page *page = rf_alloc(sizeof *page);
	if (find_page(core, status, rf_json_get(arguments, "after"), (size_t)most, page, error) < 0)
		return -1;
	for (size_t i = 0; i < page->n; i++) {
		struct wanted wanted = {status, page->tasks[i]};
		if (describe(core, page->documents[i], &wanted, documents, error) < 0)
			return -1;
	}
	if (page->n < (size_t)most)
		return 0;
	rf_autofree char *task = rf_format("%" PRIu64, page->tasks[page->n - 1]);
	rf_json_text(answer, "next", page->tasks[page->n - 1] ? task : page->documents[page->n - 1]);
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

static int show_attribute(void *context, const char *name, const char *value)
{
	rf_json_words(context, name, *value ? value : NULL);
	return 0;
}

static int show_task(void *context, const struct rf_task *task)
{
	json *object = rf_json_append(context);
	rf_json_number(object, "revision", task->revision);
	rf_json_text(object, "stage", task->stage);
	rf_json_text(object, "state", rf_task_state_name(task->state));
	rf_json_number(object, "attempts", task->attempts);
	rf_json_number(object, "failures", task->failures);
	rf_json_number(object, "crashes", task->crashes);
	rf_json_text(object, "code", task->code);
	rf_json_words(object, "reason", task->reason);
	rf_json_instant(object, "changed", task->changed_us);
	if (task->state == RF_TASK_DELAYED)
		rf_json_instant(object, "due", task->due_us);
	return 0;
}

static int show_effect(void *context, const struct rf_effect *effect)
{
	json *object = rf_json_append(context);
	rf_json_text(object, "key", effect->key);
	rf_json_text(object, "stage", effect->stage);
	rf_json_text(object, "state", effect->state == RF_EFFECT_DONE ? "done" : "intended");
	rf_json_text(object, "remote_id", effect->remote_id);
	rf_json_text(object, "url", effect->location);
	rf_json_instant(object, "changed", effect->changed_us);
	return 0;
}

static void show_revision(json *revisions, const struct rf_revision *revision)
{
	json *object = rf_json_append(revisions);
	rf_json_number(object, "revision", revision->number);
	rf_json_number(object, "major", revision->major);
	rf_json_words(object, "name", revision->name);
	rf_json_words(object, "source_key", revision->source_key);
	rf_json_instant(object, "received", revision->received_us);
}

static int show_records(struct rf_core *core, const char *document, uint32_t newest, json *answer,
			struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	json *attributes = json_object_new_object();
	json_object_object_add(answer, "attributes", attributes);
	struct rf_task_filter filter = {.document = document};
	if (rf_store_each_attribute(store, document, newest, show_attribute, attributes, error) < 0 ||
	    rf_store_each_part(store, document, newest, rf_answer_add_part, rf_json_list(answer, "parts"), error) < 0 ||
	    rf_store_each_task(store, &filter, show_task, rf_json_list(answer, "tasks"), error) < 0 ||
	    rf_store_each_effect(store, document, show_effect, rf_json_list(answer, "effects"), error) < 0 ||
	    rf_store_each_event(store, document, rf_answer_add_event, rf_json_list(answer, "events"), error) < 0)
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
	json *revisions = rf_json_list(answer, "revisions");
	for (uint32_t number = 1; number <= newest; number++) {
		if (rf_store_get_revision(core->options.store, document, number, &revision, error) != 0)
			return -1;
		show_revision(revisions, &revision);
	}
	return show_records(core, document, newest, answer, error);
}
