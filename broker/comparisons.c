/* `referat drift`: what stands at the targets, compared with what was published; and `referat publish --dry-run`: which
 * requests would go out to them now.
 *
 * A look is work for a publish stage that is no task: the stage gets the revision and what is known of the page, asks
 * its target through the plugin, and says what it found. Nothing of it is stored, and whoever dies over it leaves
 * nothing behind. Looks go out behind all tasks, one or two at a time in a stage. */
#include "base/error.h"
#include "broker/answers.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAMED = 64, PAGE = 8, MOST_IN_HAND = 2, MOST_SHOWN = 600 * 1024 };

/* In the place of a task's number in a token. */
static const uint64_t no_task = UINT64_MAX;

typedef struct json_object json;

/* One question, answered when all its looks are over. */
struct comparison {
	struct rf_reply_to to; /* command owned */
	json *answer;
	size_t n_open;
	bool previews;
	size_t n_shown; /* bytes of requests in the answer */
};

struct rf_look {
	struct rf_look *next;
	struct comparison *comparison;
	struct rf_core_stage *stage;
	struct rf_core_peer *peer; /* that has it in hand; NULL: it waits */
	uint32_t number;
	char *document;
	uint32_t revision;
	Referat__Wire__Effect *effect; /* what is known of the page; NULL: nothing, or it went with the work */
	json *entry;                   /* its line of the answer */
};

/* ---- from beginning to end ----------------------------------------------------------------------------------------
 */

static void free_look(struct rf_look *look)
{
	if (look->effect)
		rf_unpack_free(&look->effect->base);
	free(look->document);
	free(look);
}

static void remove_look(struct rf_core *core, struct rf_look *look)
{
	struct rf_look **at = &core->looks;
	while (*at != look)
		at = &(*at)->next;
	*at = look->next;
}

static void free_comparison(struct comparison *comparison)
{
	free(comparison->to.command);
	json_object_put(comparison->answer);
	free(comparison);
}

static void finish(struct rf_core *core, struct rf_look *look, const char *found, const char *reason)
{
	struct comparison *comparison = look->comparison;
	rf_json_text(look->entry, "found", found);
	rf_json_words(look->entry, "reason", reason);
	remove_look(core, look);
	free_look(look);
	if (--comparison->n_open > 0)
		return;
	rf_control_reply(core, &comparison->to, 0, comparison->answer);
	free_comparison(comparison);
}

/* ---- what is asked ------------------------------------------------------------------------------------------------
 */

/* What there is to be looked at of a document. */
struct subject {
	struct rf_core *core;
	struct comparison *comparison;
	const char *document;
	uint32_t revision;
	const struct rf_core_stage *only; /* NULL: every target */
	bool withdrawn;
	enum rf_task_state states[RF_MOST_STAGES];    /* of the revision's tasks, by index of the stage; 0: none */
	Referat__Wire__Effect *known[RF_MOST_STAGES]; /* previews: what is known of its pages, likewise */
	const char *title, *url;
};

static int note_state(void *context, const struct rf_task *task)
{
	struct subject *subject = context;
	const struct rf_core_stage *stage = rf_stage_named(subject->core, task->stage);
	if (stage && task->revision == subject->revision)
		subject->states[stage->index] = task->state;
	return 0;
}

static Referat__Wire__Effect *copy_effect(const struct rf_effect *row)
{
	Referat__Wire__Effect *effect = rf_alloc(sizeof *effect);
	referat__wire__effect__init(effect);
	effect->key = rf_strdup(row->key);
	effect->digest = rf_strdup(row->standing);
	effect->remote_id = rf_strdup(row->remote_id);
	effect->location = rf_strdup(row->location);
	effect->remote_revision = rf_strdup(row->remote_revision);
	return effect;
}

/* Takes the effect, which may be NULL. */
static struct rf_look *add_look(const struct subject *subject, struct rf_core_stage *stage,
				Referat__Wire__Effect *effect)
{
	struct rf_core *core = subject->core;
	struct rf_look *look = rf_alloc(sizeof *look), **end = &core->looks;
	*look = (struct rf_look){.comparison = subject->comparison,
				 .stage = stage,
				 .number = ++core->last_lease,
				 .document = rf_strdup(subject->document),
				 .revision = subject->revision,
				 .effect = effect};
	json *results;
	json_object_object_get_ex(subject->comparison->answer, "results", &results);
	look->entry = rf_json_append(results);
	rf_json_text(look->entry, "document", subject->document);
	rf_json_words(look->entry, "title", subject->title);
	rf_json_text(look->entry, "stage", stage->definition->name);
	rf_json_text(look->entry, "url", effect ? effect->location : NULL);
	while (*end)
		end = &(*end)->next;
	*end = look;
	subject->comparison->n_open++;
	return look;
}

static bool has_stage(const struct rf_core *core, const struct rf_core_stage *stage)
{
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		if (peer->stage == stage && peer->role == RF_ROLE_STAGE && !peer->draining)
			return true;
	return false;
}

/* Why nobody can be sent to look now; NULL: somebody can. */
static const char *find_hindrance(const struct subject *subject, const struct rf_core_stage *stage)
{
	if (subject->states[stage->index] != RF_TASK_DONE)
		return "a newer version is on its way, or waits for a person";
	if (stage->paused_us)
		return "the stage is paused";
	if (stage->breaker && stage->breaker->open)
		return stage->breaker->why ? stage->breaker->why : "the destination does not work";
	return has_stage(subject->core, stage) ? NULL : "the stage is not running";
}

/* Of a document that is withdrawn, every place is looked at where it ever stood; else those where it stands. */
static int note_effect(void *context, const struct rf_effect *effect)
{
	struct subject *subject = context;
	struct rf_core_stage *stage = rf_stage_named(subject->core, effect->stage);
	if (!stage || stage->definition->kind != RF_STAGE_PUBLISH || (subject->only && stage != subject->only) ||
	    !subject->states[stage->index] || (!effect->standing && !subject->withdrawn))
		return 0;
	struct rf_look *look = add_look(subject, stage, copy_effect(effect));
	const char *why = find_hindrance(subject, stage);
	if (why)
		finish(subject->core, look, "unknown", why);
	return 0;
}

/* What holds for previews: the newest revision wherever it waits, also while a person has paused the stage. */
static const char *find_hindrance_to_preview(const struct subject *subject, const struct rf_core_stage *stage)
{
	if (!subject->states[stage->index])
		return "the document does not go there, or has not come so far: 'referat why' says where it is";
	return has_stage(subject->core, stage) ? NULL : "the stage is not running";
}

static int note_known(void *context, const struct rf_effect *effect)
{
	struct subject *subject = context;
	const struct rf_core_stage *stage = rf_stage_named(subject->core, effect->stage);
	if (stage && stage->definition->kind == RF_STAGE_PUBLISH && !subject->known[stage->index])
		subject->known[stage->index] = copy_effect(effect);
	return 0;
}

static int preview_stages(struct subject *subject, struct rf_error *error)
{
	struct rf_core *core = subject->core;
	int status = rf_store_each_effect(core->options.store, subject->document, note_known, subject, error);
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_core_stage *stage = &core->stages[i];
		Referat__Wire__Effect *known = rf_steal(subject->known[stage->index]);
		bool asked = stage->definition->kind == RF_STAGE_PUBLISH && (!subject->only || stage == subject->only);
		if (status < 0 || !asked) {
			if (known)
				rf_unpack_free(&known->base);
			continue;
		}
		struct rf_look *look = add_look(subject, stage, known);
		const char *why = find_hindrance_to_preview(subject, stage);
		if (why)
			finish(core, look, "unknown", why);
	}
	return status < 0 ? -1 : 0;
}

static int compare_document(struct subject *subject, const char *document, struct rf_error *error)
{
	struct rf_core *core = subject->core;
	struct rf_revision newest;
	rf_autofree char *title = NULL;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status != 0)
		return status;
	subject->document = document;
	subject->revision = newest.number;
	memset(subject->states, 0, sizeof subject->states);
	const struct rf_task_filter filter = {.document = document};
	if (rf_store_each_task(core->options.store, &filter, note_state, subject, error) < 0 ||
	    rf_withdrawal_is(core, document, subject->revision, &subject->withdrawn, error) < 0 ||
	    rf_attribute_read(core, document, subject->revision, "title", &title, error) < 0)
		return -1;
	subject->title = title;
	if (subject->comparison->previews)
		return preview_stages(subject, error);
	return rf_store_each_effect(core->options.store, document, note_effect, subject, error) < 0 ? -1 : 0;
}

static int compare_named(struct subject *subject, json *documents, struct rf_error *error)
{
	size_t n = json_object_is_type(documents, json_type_array) ? json_object_array_length(documents) : 0;
	if (n == 0 || n > MOST_NAMED) {
		rf_error_set(error, "which documents? a list of 1 to %d is expected", MOST_NAMED);
		return RF_REFUSED;
	}
	for (size_t i = 0; i < n; i++) {
		const char *document = json_object_get_string(json_object_array_get_idx(documents, i));
		int status = compare_document(subject, document ? document : "", error);
		if (status == RF_STORE_NONE) {
			rf_error_set(error, "there is no document %s", document ? document : "");
			return RF_REFUSED;
		}
		if (status < 0)
			return -1;
	}
	return 0;
}

struct page {
	char *ids[PAGE];
	size_t n;
};

static int add_document(void *context, const struct rf_revision *newest)
{
	struct page *page = context;
	page->ids[page->n++] = rf_strdup(newest->document);
	return 0;
}

static int compare_page(struct subject *subject, const char *after, struct rf_error *error)
{
	struct page page = {.n = 0};
	int status =
	    rf_store_each_document(subject->core->options.store, after, PAGE, add_document, &page, error) < 0 ? -1 : 0;
	for (size_t i = 0; i < page.n; i++)
		if (status == 0 && compare_document(subject, page.ids[i], error) < 0)
			status = -1;
	if (status == 0 && page.n == PAGE)
		rf_json_text(subject->comparison->answer, "after", page.ids[PAGE - 1]);
	for (size_t i = 0; i < page.n; i++)
		free(page.ids[i]);
	return status;
}

static int find_target(struct rf_core *core, const char *name, const struct rf_core_stage **stage,
		       struct rf_error *error)
{
	*stage = name ? rf_stage_named(core, name) : NULL;
	if (!name || (*stage && (*stage)->definition->kind == RF_STAGE_PUBLISH))
		return 0;
	if (*stage)
		rf_error_set(error, "%s publishes nothing: name a stage publish/NAME", name);
	else
		rf_stage_unknown(core, name, error);
	return RF_REFUSED;
}

static void drop_looks_of(struct rf_core *core, const struct comparison *comparison)
{
	for (struct rf_look *look = core->looks, *next; look; look = next) {
		next = look->next;
		if (look->comparison != comparison)
			continue;
		remove_look(core, look);
		free_look(look);
	}
}

static int read_question(struct subject *subject, json *arguments, struct rf_error *error)
{
	json *documents = NULL;
	if (json_object_object_get_ex(arguments, "documents", &documents))
		return compare_named(subject, documents, error);
	if (!subject->comparison->previews)
		return compare_page(subject, rf_json_get(arguments, "after"), error);
	rf_error_set(error, "which document is to be previewed?");
	return RF_REFUSED;
}

/* The question counts as one look of its own until it has been read to its end. */
static int answer_with_looks(struct rf_core *core, bool previews, json *arguments, json *answer, struct rf_error *error)
{
	struct subject subject = {.core = core};
	int status = find_target(core, rf_json_get(arguments, "target"), &subject.only, error);
	if (status != 0)
		return status;
	struct comparison *comparison = subject.comparison = rf_alloc(sizeof *comparison);
	*comparison = (struct comparison){
	    .to = *core->asked, .answer = json_object_get(answer), .n_open = 1, .previews = previews};
	comparison->to.command = rf_strdup(core->asked->command);
	rf_json_list(answer, "results");
	status = read_question(&subject, arguments, error);
	if (status != 0)
		drop_looks_of(core, comparison);
	else if (--comparison->n_open > 0)
		return RF_ANSWERED_LATER;
	free_comparison(comparison);
	return status;
}

int rf_answer_compare(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	return answer_with_looks(core, false, arguments, answer, error);
}

int rf_answer_preview(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	return answer_with_looks(core, true, arguments, answer, error);
}

/* ---- sending and taking -------------------------------------------------------------------------------------------
 */

bool rf_look_is(const Referat__Wire__Token *token)
{
	return token && token->task == no_task;
}

static void send_look(struct rf_core *core, struct rf_look *look, struct rf_core_peer *peer)
{
	rf_autotask struct rf_owned_task task = {.document = rf_strdup(look->document)};
	struct rf_error reason = {""};
	struct rf_message work = rf_message_make(RF_VERB_WORK);
	task.row.revision = look->revision;
	if (rf_work_load(core, peer, &task, &work, &reason) < 0) {
		rf_message_deinit(&work);
		finish(core, look, "unknown", reason.text);
		return;
	}
	Referat__Wire__Item *item = work.header->items[0];
	item->token = rf_token_wire((struct rf_token){no_task, look->number, core->epoch});
	item->has_compare = item->compare = true;
	item->has_preview = item->preview = look->comparison->previews;
	if (look->effect)
		RF_WIRE_ADD(item->effects, item->n_effects, look->effect);
	look->effect = NULL;
	look->peer = peer;
	peer->credit_tasks--;
	rf_outbox_append(core, peer, &work);
}

void rf_looks_hand_out(struct rf_core *core)
{
	for (struct rf_look *look = core->looks, *next; look; look = next) {
		size_t n_in_hand = 0;
		next = look->next;
		for (const struct rf_look *other = core->looks; other; other = other->next)
			n_in_hand += other->peer && other->stage == look->stage;
		bool rests = look->stage->paused_us && !look->comparison->previews;
		struct rf_core_peer *peer =
		    look->peer || n_in_hand >= MOST_IN_HAND || rests ? NULL : rf_work_peer(core, look->stage);
		if (peer)
			send_look(core, look, peer);
	}
}

/* The stage's list, as long as the answer has room for it. */
static void take_requests(const struct rf_look *look, const char *text)
{
	struct comparison *comparison = look->comparison;
	size_t size = strlen(text);
	json *requests = comparison->n_shown + size <= MOST_SHOWN ? json_tokener_parse(text) : NULL;
	if (!requests)
		return;
	comparison->n_shown += size;
	json_object_object_add(look->entry, "requests", requests);
}

static const char *attribute_of(const Referat__Wire__Item *item, const char *name)
{
	for (size_t i = 0; i < item->n_attributes; i++)
		if (strcmp(item->attributes[i]->name, name) == 0)
			return item->attributes[i]->value;
	return NULL;
}

void rf_look_take(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item)
{
	struct rf_look *look = core->looks;
	bool is_ours = item->token->epoch == core->epoch;
	while (look && !(is_ours && look->peer == peer && look->number == item->token->lease))
		look = look->next;
	rf_outbox_ack(core, peer, item, look ? REFERAT__WIRE__OUTCOME__ACCEPTED : REFERAT__WIRE__OUTCOME__STALE, NULL,
		      NULL);
	if (!look)
		return;
	const char *found = attribute_of(item, RF_ATTRIBUTE_FOUND);
	const char *requests = attribute_of(item, RF_ATTRIBUTE_REQUESTS);
	if (requests && look->comparison->previews)
		take_requests(look, requests);
	finish(core, look, found ? found : "unknown", item->reason ? item->reason->text : NULL);
}

void rf_looks_abandon(struct rf_core *core, const struct rf_core_peer *peer)
{
	for (struct rf_look *look = core->looks, *next; look; look = next) {
		next = look->next;
		if (look->peer == peer)
			finish(core, look, "unknown", "the stage ended while it looked");
		else if (!look->peer && look->comparison->to.peer == peer->number)
			finish(core, look, "unknown", "nobody waits for it");
	}
}

void rf_looks_deinit(struct rf_core *core)
{
	while (core->looks) {
		struct rf_look *look = core->looks;
		core->looks = look->next;
		if (--look->comparison->n_open == 0)
			free_comparison(look->comparison);
		free_look(look);
	}
}
