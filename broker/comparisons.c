/* `referat drift`: what stands at the targets, compared with what was published; and `referat publish --dry-run`: which
 * requests would go out to them now, for what is stored, or for what the stages would make anew. */
#include "base/error.h"
#include "broker/answers.h"
#include "broker/looks.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAMED = 64, PAGE = 8 };

typedef struct json_object json;

/* ---- what is asked ------------------------------------------------------------------------------------------------
 */

/* What there is to be looked at of a document. */
struct subject {
	struct rf_core *core;
	struct rf_inquiry *inquiry;
	const char *document;
	uint32_t revision;
	bool withdrawn;
	bool moved;                                   /* it was merged into another document */
	enum rf_task_state states[RF_MOST_STAGES];    /* of the revision's tasks, by index of the stage; 0: none */
	Referat__Wire__Effect *known[RF_MOST_STAGES]; /* previews: what is known of its pages, likewise */
	const char *title;
};

static bool is_meant(const struct subject *subject, const struct rf_core_stage *stage)
{
	const struct rf_core_stage *only = subject->inquiry->only;
	return stage->definition->kind == RF_STAGE_PUBLISH && (!only || stage == only);
}

static int note_state(void *context, const struct rf_task *task)
{
	struct subject *subject = context;
	const struct rf_core_stage *stage = rf_stage_named(subject->core, task->stage);
	if (stage && task->revision == subject->revision)
		subject->states[stage->index] = task->state;
	subject->moved |= task->revision == subject->revision && task->state == RF_TASK_SUPERSEDED && task->code &&
			  strcmp(task->code, "moved") == 0;
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

static json *add_entry(const struct subject *subject, const struct rf_core_stage *stage, const char *url)
{
	json *results;
	json_object_object_get_ex(subject->inquiry->answer, "results", &results);
	json *entry = rf_json_append(results);
	rf_json_text(entry, "document", subject->document);
	rf_json_words(entry, "title", subject->title);
	rf_json_text(entry, "stage", stage->definition->name);
	rf_json_text(entry, "url", url);
	return entry;
}

/* Takes the effect and a hold of the draft, both of which may be NULL. */
static struct rf_look *add_look(const struct subject *subject, struct rf_core_stage *stage,
				Referat__Wire__Effect *effect, struct rf_draft *draft)
{
	json *entry = add_entry(subject, stage, effect ? effect->location : NULL);
	struct rf_look *look =
	    rf_look_add(subject->core, subject->inquiry, subject->document, subject->revision, stage, effect, draft);
	look->entry = entry;
	return look;
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
	return rf_stage_runs(subject->core, stage) ? NULL : "the stage is not running";
}

/* Of a document that is withdrawn, every place is looked at where it ever stood; else those where it stands. */
static int note_effect(void *context, const struct rf_effect *effect)
{
	struct subject *subject = context;
	struct rf_core_stage *stage = rf_stage_named(subject->core, effect->stage);
	if (!stage || !is_meant(subject, stage) || !subject->states[stage->index] ||
	    (!effect->standing && !subject->withdrawn))
		return 0;
	struct rf_look *look = add_look(subject, stage, copy_effect(effect), NULL);
	const char *why = find_hindrance(subject, stage);
	if (why)
		rf_look_finish(subject->core, look, "unknown", why);
	return 0;
}

/* ---- previews ------------------------------------------------------------------------------------------------------
 */

/* The newest revision is shown wherever it waits, also while a person has paused the stage. */
static const char *find_hindrance_to_preview(const struct subject *subject, const struct rf_core_stage *stage)
{
	return rf_stage_runs(subject->core, stage) ? NULL : "the stage is not running";
}

static int note_known(void *context, const struct rf_effect *effect)
{
	struct subject *subject = context;
	const struct rf_core_stage *stage = rf_stage_named(subject->core, effect->stage);
	if (stage && stage->definition->kind == RF_STAGE_PUBLISH && !subject->known[stage->index])
		subject->known[stage->index] = copy_effect(effect);
	return 0;
}

/* What would wait for a person on the way is shown as though he had let it go. */
static void tell_held(json *entry, const struct rf_draft *draft)
{
	const char *stage, *reason;
	if (!draft || !rf_draft_is_held(draft, &stage, &reason))
		return;
	rf_json_text(entry, "held_at", stage);
	rf_json_words(entry, "held_for", reason);
}

/* Takes the effect, which may be NULL. */
static void preview_target(struct subject *subject, struct rf_core_stage *stage, Referat__Wire__Effect *known,
			   struct rf_draft *draft, const char *hindrance)
{
	if (known && subject->inquiry->again && !subject->withdrawn) {
		free(known->digest);
		known->digest = NULL;
	}
	struct rf_look *look = add_look(subject, stage, known, draft ? rf_draft_hold(draft) : NULL);
	tell_held(look->entry, draft);
	if (!hindrance)
		hindrance = find_hindrance_to_preview(subject, stage);
	if (hindrance)
		rf_look_finish(subject->core, look, "unknown", hindrance);
}

/* Every target that is meant. draft: NULL: they get what is stored. */
static int preview_targets(struct subject *subject, struct rf_draft *draft, struct rf_error *error)
{
	static const char *const absent[] = {
	    "the document does not go there, or has not come so far: 'referat why' says where it is",
	    "it would not come here any more; what stands here stays until it is withdrawn",
	};
	struct rf_core *core = subject->core;
	memset(subject->known, 0, sizeof subject->known);
	int status = rf_store_each_effect(core->options.store, subject->document, note_known, subject, error);
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_core_stage *stage = &core->stages[i];
		Referat__Wire__Effect *known = rf_steal(subject->known[i]);
		bool meant = status >= 0 && is_meant(subject, stage) && (!draft || rf_draft_concerns(draft, stage));
		bool comes = subject->states[i];
		if (meant && draft)
			status =
			    rf_draft_reaches(core, draft, subject->document, subject->revision, stage, &comes, error);
		/* What is made anew and does not come here is no business of this target, unless it stands here. */
		if (meant && status >= 0 && (comes || !draft || (known && known->digest)))
			preview_target(subject, stage, rf_steal(known), draft, comes ? NULL : absent[draft != NULL]);
		if (known)
			rf_unpack_free(&known->base);
	}
	return status < 0 ? -1 : 0;
}

/* Why nothing can be made anew; NULL: it can. */
static int find_hindrance_to_draft(const struct subject *subject, const char **why, struct rf_error *error)
{
	const struct rf_core_stage *from = subject->inquiry->from;
	bool reached;
	if (rf_routes_reach(subject->core, subject->document, subject->revision, from, &reached, error) < 0)
		return -1;
	*why = !reached         ? "it has not come as far as that stage, or does not go there: 'referat why' says more"
	       : subject->moved ? "it is part of another document: 'referat trace' says of which"
				: NULL;
	return 0;
}

/* Sends the draft to the next stage that has to work on it; after the last one the targets are asked. */
static int go_on(struct subject *subject, struct rf_look *look, struct rf_error *error)
{
	struct rf_core *core = subject->core;
	struct rf_inquiry *inquiry = subject->inquiry;
	struct rf_core_stage *next;
	if (rf_draft_next(core, look->draft, subject->document, subject->revision, &next, error) < 0)
		return -1;
	if (next && !rf_stage_runs(core, next)) {
		rf_autofree char *reason = rf_format("%s is not running", next->definition->name);
		rf_look_finish(core, look, "unknown", reason);
	} else if (next) {
		rf_look_pass_on(core, look, next);
	} else {
		json *differences;
		if (preview_targets(subject, look->draft, error) < 0 ||
		    (json_object_object_get_ex(inquiry->answer, "differences", &differences) &&
		     rf_draft_compare(core, look->draft, inquiry, subject->document, subject->revision, differences,
				      error) < 0))
			return -1;
		rf_look_finish(core, look, NULL, NULL);
	}
	return 0;
}

static int begin_draft(struct subject *subject, struct rf_error *error)
{
	struct rf_inquiry *inquiry = subject->inquiry;
	const char *why;
	if (find_hindrance_to_draft(subject, &why, error) < 0)
		return -1;
	struct rf_look *look = rf_look_add(subject->core, inquiry, subject->document, subject->revision, inquiry->from,
					   NULL, rf_draft_new(subject->core, inquiry->from));
	if (!why)
		return go_on(subject, look, error);
	rf_look_finish(subject->core, look, "unknown", why);
	return 0;
}

/* What is withdrawn is not made anew. */
static int preview(struct subject *subject, struct rf_error *error)
{
	const struct rf_core_stage *from = subject->inquiry->from;
	if (!from || subject->withdrawn)
		return preview_targets(subject, NULL, error);
	return begin_draft(subject, error);
}

/* ---- reading the question ------------------------------------------------------------------------------------------
 */

/* title: the caller frees it after the subject. RF_STORE_NONE: there is no such document. */
static int load_subject(struct subject *subject, const char *document, char **title, struct rf_error *error)
{
	struct rf_core *core = subject->core;
	struct rf_revision newest;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status != 0)
		return status;
	subject->document = document;
	subject->revision = newest.number;
	subject->moved = false;
	memset(subject->states, 0, sizeof subject->states);
	const struct rf_task_filter filter = {.document = document};
	if (rf_store_each_task(core->options.store, &filter, note_state, subject, error) < 0 ||
	    rf_withdrawal_is(core, document, subject->revision, &subject->withdrawn, error) < 0 ||
	    rf_attribute_read(core, document, subject->revision, "title", title, error) < 0)
		return -1;
	subject->title = *title;
	return 0;
}

void rf_preview_go_on(struct rf_core *core, struct rf_look *look, enum rf_verb verb, const Referat__Wire__Item *item,
		      struct rf_cursor *cursor)
{
	struct subject subject = {.core = core, .inquiry = look->inquiry};
	struct rf_error error = {""};
	rf_autofree char *title = NULL;
	const char *stage = look->stage->definition->name;
	const char *text = item->reason && item->reason->text ? item->reason->text : "no reason was given";
	bool made = verb == RF_VERB_DONE || verb == RF_VERB_HOLD;
	rf_autofree char *reason = rf_format("%s: %s", stage, text);
	if (!made) {
		rf_look_finish(core, look, verb == RF_VERB_FAIL ? "fails" : "unknown", reason);
	} else if (rf_draft_take(core, look->draft, look->stage, verb, item, cursor, &error) != 0 ||
		   load_subject(&subject, look->document, &title, &error) != 0 || go_on(&subject, look, &error) < 0) {
		rf_look_finish(core, look, "unknown", error.text);
	}
}

void rf_preview_fail(struct rf_core *core, const struct rf_look *look, const char *found, const char *reason)
{
	struct subject subject = {
	    .core = core, .inquiry = look->inquiry, .document = look->document, .revision = look->revision};
	struct rf_error error;
	rf_autofree char *title = NULL;
	if (rf_attribute_read(core, look->document, look->revision, "title", &title, &error) == 0)
		subject.title = title;
	for (size_t i = 0; i < core->n_stages; i++) {
		if (!is_meant(&subject, &core->stages[i]) || !rf_draft_concerns(look->draft, &core->stages[i]))
			continue;
		json *entry = add_entry(&subject, &core->stages[i], NULL);
		rf_json_text(entry, "found", found);
		rf_json_words(entry, "reason", reason);
	}
}

static int ask_about(struct subject *subject, const char *document, struct rf_error *error)
{
	rf_autofree char *title = NULL;
	int status = load_subject(subject, document, &title, error);
	if (status != 0)
		return status;
	if (subject->inquiry->previews)
		return preview(subject, error);
	return rf_store_each_effect(subject->core->options.store, document, note_effect, subject, error) < 0 ? -1 : 0;
}

static int ask_about_named(struct subject *subject, json *documents, struct rf_error *error)
{
	size_t n = json_object_is_type(documents, json_type_array) ? json_object_array_length(documents) : 0;
	if (n == 0 || n > MOST_NAMED) {
		rf_error_set(error, "which documents? a list of 1 to %d is expected", MOST_NAMED);
		return RF_REFUSED;
	}
	for (size_t i = 0; i < n; i++) {
		const char *document = json_object_get_string(json_object_array_get_idx(documents, i));
		int status = ask_about(subject, document ? document : "", error);
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

static int ask_about_page(struct subject *subject, const char *after, struct rf_error *error)
{
	struct page page = {.n = 0};
	int status =
	    rf_store_each_document(subject->core->options.store, after, PAGE, add_document, &page, error) < 0 ? -1 : 0;
	for (size_t i = 0; i < page.n; i++)
		if (status == 0 && ask_about(subject, page.ids[i], error) < 0)
			status = -1;
	if (status == 0 && page.n == PAGE)
		rf_json_text(subject->inquiry->answer, "after", page.ids[PAGE - 1]);
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

/* From where on documents are made anew: a stage before those that publish. */
static int find_from(struct rf_core *core, const char *name, struct rf_core_stage **stage, struct rf_error *error)
{
	*stage = name ? rf_stage_named(core, name) : NULL;
	if (!name || (*stage && (*stage)->definition->kind < RF_STAGE_PUBLISH))
		return 0;
	if (*stage)
		rf_error_set(error, "%s makes nothing of a document: name a stage before those that publish", name);
	else
		rf_stage_unknown(core, name, error);
	return RF_REFUSED;
}

static int read_question(struct subject *subject, json *arguments, struct rf_error *error)
{
	json *documents = NULL;
	if (json_object_object_get_ex(arguments, "documents", &documents))
		return ask_about_named(subject, documents, error);
	if (!subject->inquiry->previews)
		return ask_about_page(subject, rf_json_get(arguments, "after"), error);
	rf_error_set(error, "which document is to be previewed?");
	return RF_REFUSED;
}

static int answer_with_looks(struct rf_core *core, bool previews, json *arguments, json *answer, struct rf_error *error)
{
	const struct rf_core_stage *only;
	struct rf_core_stage *from;
	int status = find_target(core, rf_json_get(arguments, "target"), &only, error);
	if (status == 0)
		status = find_from(core, rf_json_get(arguments, "from"), &from, error);
	if (status != 0)
		return status;
	struct rf_inquiry *inquiry = rf_inquiry_new(core, answer);
	inquiry->only = only;
	inquiry->from = from;
	inquiry->previews = previews;
	inquiry->weighs = rf_json_is(arguments, "weigh");
	inquiry->again = rf_json_is(arguments, "force");
	rf_json_list(answer, "results");
	if (from && rf_json_is(arguments, "differences"))
		rf_json_list(answer, "differences");
	status = read_question(&(struct subject){.core = core, .inquiry = inquiry}, arguments, error);
	if (status == 0)
		return rf_inquiry_read(inquiry);
	rf_inquiry_drop(core, inquiry);
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
