/* Running a stage of a document again, and all that is behind it, from the parts that were there before it.
 *
 * A task is (document, revision, stage), so these are the same tasks once more: the first is opened again, those behind
 * it count as superseded until what is before them is done, and are opened by it then (routes.c). Nothing is made or
 * taken away, so the counts stay exact.
 *
 * Nobody is mailed: a revision that has been through is quiet from then on. One that was still on its way keeps its
 * promise to those who are to be told. Replays go in the bulk lane, behind all that is fresh, and leave room for it. */
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "broker/answers.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 64 };

typedef struct json_object json;

/* What was asked for. */
struct replay {
	json *arguments;
	struct rf_core_stage *from;
	bool behind[RF_MOST_STAGES]; /* by index of the stage; not `from` itself */
	bool dry_run;
	bool again;          /* publish even what stands there */
	bool quiet;          /* also what was still to be told */
	int64_t interval_us; /* between two of them; 0: as fast as it goes */
};

/* ---- the request ---------------------------------------------------------------------------------------------------
 */

static int find_stage(struct rf_core *core, const char *name, struct rf_core_stage **stage, struct rf_error *error)
{
	*stage = rf_stage_named(core, name);
	if (*stage && (*stage)->definition->kind == RF_STAGE_NOTIFY) {
		rf_error_set(error, "a replay tells nobody, so there is nothing to do from %s: name a stage before it",
			     name);
		return RF_REFUSED;
	}
	if (*stage)
		return 0;
	rf_stage_unknown(core, name, error);
	return RF_REFUSED;
}

static int read_request(struct rf_core *core, json *arguments, struct replay *replay, struct rf_error *error)
{
	json *interval;
	*replay = (struct replay){.arguments = arguments,
				  .dry_run = rf_json_is(arguments, "dry_run"),
				  .again = rf_json_is(arguments, "force"),
				  .quiet = rf_json_is(arguments, "quiet")};
	if (json_object_object_get_ex(arguments, "interval_us", &interval))
		replay->interval_us = json_object_get_int64(interval);
	int status = find_stage(core, rf_json_get(arguments, "from"), &replay->from, error);
	if (status == 0 && (replay->interval_us < 0 || replay->interval_us > 86400 * RF_SECOND)) {
		rf_error_set(error, "between two replays there is a day at most");
		status = RF_REFUSED;
	}
	if (status == 0)
		rf_routes_behind(core, replay->from, replay->behind);
	return status;
}

/* ---- a document ----------------------------------------------------------------------------------------------------
 */

/* Its tasks as they are, by index of the stage. */
struct subject {
	struct rf_core *core;
	const char *document;
	uint32_t revision;
	bool quiet;
	uint64_t tasks[RF_MOST_STAGES];
	enum rf_task_state states[RF_MOST_STAGES]; /* 0: none */
	bool erased, deleted, moved;
	bool waits; /* for a person's word before it runs */
};

static int add_task(void *context, const struct rf_task *task)
{
	struct subject *subject = context;
	subject->erased |= task->state == RF_TASK_ERASED;
	const struct rf_core_stage *stage = rf_stage_named(subject->core, task->stage);
	subject->deleted |=
	    task->revision == subject->revision && task->code && strcmp(task->code, RF_CODE_DELETED) == 0;
	subject->moved |= task->revision == subject->revision && task->code && strcmp(task->code, RF_CODE_MOVED) == 0;
	subject->waits |= task->revision == subject->revision && rf_task_is_unrun(task);
	if (task->revision == subject->revision && stage) {
		subject->tasks[stage->index] = task->id;
		subject->states[stage->index] = task->state;
	}
	return 0;
}

static int load_subject(struct rf_core *core, const char *document, struct subject *subject, struct rf_error *error)
{
	struct rf_revision newest;
	int status = rf_store_get_revision(core->options.store, document, 0, &newest, error);
	if (status != 0)
		return status;
	*subject =
	    (struct subject){.core = core, .document = document, .revision = newest.number, .quiet = newest.quiet};
	struct rf_task_filter filter = {.document = document};
	return rf_store_each_task(core->options.store, &filter, add_task, subject, error);
}

static bool is_unfinished(enum rf_task_state state)
{
	return state == RF_TASK_READY || state == RF_TASK_DELAYED || state == RF_TASK_HELD || state == RF_TASK_DEAD;
}

/* Whether something of it, at this stage or before it, is not finished. The definition has no cycles, so this ends. */
static bool is_on_its_way(const struct subject *subject, const struct rf_core_stage *stage)
{
	if (is_unfinished(subject->states[stage->index]))
		return true;
	for (size_t i = 0; i < stage->definition->n_from; i++)
		if (is_on_its_way(subject, &subject->core->stages[stage->definition->from[i]]))
			return true;
	return false;
}

/* Whether somebody is still to be told of it. */
static bool is_untold(const struct subject *subject)
{
	for (size_t i = 0; i < subject->core->n_stages; i++) {
		const struct rf_core_stage *stage = &subject->core->stages[i];
		if (stage->definition->kind == RF_STAGE_NOTIFY && subject->states[i] != RF_TASK_DONE &&
		    is_on_its_way(subject, stage))
			return true;
	}
	return false;
}

static const struct rf_lease *lease_in_hand(const struct subject *subject)
{
	for (const struct rf_lease *lease = subject->core->leases; lease; lease = lease->hh.next)
		if (lease->started && !lease->superseded && strcmp(lease->document, subject->document) == 0)
			return lease;
	return NULL;
}

/* Returns 0 when it may run again; RF_REFUSED with the reason, and whether it may be asked for again soon. */
static int find_hindrance(struct rf_core *core, const struct replay *replay, const struct subject *subject,
			  bool *passes, struct rf_error *error)
{
	const char *from = replay->from->definition->name;
	const struct rf_lease *lease = lease_in_hand(subject);
	*passes = !subject->erased && lease;
	if (subject->erased) {
		rf_error_set(error, "it is erased");
		return RF_REFUSED;
	}
	bool withdrawn;
	if (rf_withdrawal_is(core, subject->document, subject->revision, &withdrawn, error) < 0)
		return -1;
	if (withdrawn || subject->deleted) {
		rf_error_set(error, withdrawn ? "it is withdrawn" : "it was given up for good ('referat delete')");
		*passes = false;
		return RF_REFUSED;
	}
	if (subject->moved) {
		rf_error_set(error, "it went on as a revision of another document ('referat why %s' says which)",
			     subject->document);
		*passes = false;
		return RF_REFUSED;
	}
	if (subject->waits) {
		rf_error_set(error, "it waits for a person's word: 'referat release' lets it go on");
		*passes = false;
		return RF_REFUSED;
	}
	if (lease) {
		rf_error_set(error, "it is in hand at %s: ask again when that is done", lease->stage->definition->name);
		return RF_REFUSED;
	}
	bool reached;
	if (rf_routes_reach(core, subject->document, subject->revision, replay->from, &reached, error) < 0)
		return -1;
	if (!reached) {
		rf_error_set(error, "it has not come as far as %s, or does not go there", from);
		return RF_REFUSED;
	}
	return 0;
}

/* ---- doing it ------------------------------------------------------------------------------------------------------
 */

static int supersede(struct rf_core *core, uint64_t id, const char *from, struct rf_error *error)
{
	rf_autotask struct rf_owned_task task = {0};
	rf_autofree char *reason = rf_format("runs again, from %s on", from);
	if (rf_task_load(core, id, &task, error) != 0)
		return -1;
	return rf_task_move(core, &task, RF_TASK_SUPERSEDED, "replay", reason, error);
}

/* When the next one may begin: in the store, so that a rate holds across commands and restarts. */
static int take_slot(struct rf_core *core, const struct replay *replay, int64_t *due_us, struct rf_error *error)
{
	static const char next_slot[] = "replay-slot-us";
	int64_t now_us = rf_timer_now(core), slot_us = 0;
	*due_us = 0;
	if (replay->interval_us == 0)
		return 0;
	if (rf_store_get_setting(core->options.store, next_slot, &slot_us, error) < 0)
		return -1;
	*due_us = slot_us > now_us ? slot_us : now_us;
	return rf_store_set_setting(core->options.store, next_slot, *due_us + replay->interval_us, error);
}

/* Targets are looked at when it is they that are to be brought up to date; else what has not changed is left alone. */
static int doubt_pages(struct rf_core *core, const struct replay *replay, const struct subject *subject,
		       struct rf_error *error)
{
	for (size_t i = 0; i < core->n_stages; i++) {
		const struct rf_stage *stage = core->stages[i].definition;
		bool is_first = i == replay->from->index;
		bool is_concerned = is_first || (replay->again && replay->behind[i]);
		if (stage->kind == RF_STAGE_PUBLISH && is_concerned &&
		    rf_effects_doubt(core, subject->document, stage->name, replay->again, error) < 0)
			return -1;
	}
	return 0;
}

static int open_first(struct rf_core *core, const struct replay *replay, const struct subject *subject,
		      struct rf_error *error)
{
	struct rf_turn turn = {.priority = RF_LANE_BULK};
	if (take_slot(core, replay, &turn.due_us, error) < 0)
		return -1;
	core->open_tasks++;
	uint64_t id = subject->tasks[replay->from->index];
	if (id == 0) {
		struct rf_task made = {.document = subject->document,
				       .revision = subject->revision,
				       .stage = replay->from->definition->name};
		if (rf_task_add(core, subject->document, subject->revision, replay->from, turn, error) < 0)
			return -1;
		return rf_control_note(core, &made, "replayed", replay->arguments, error);
	}
	rf_autotask struct rf_owned_task task = {0};
	if (rf_task_load(core, id, &task, error) != 0 ||
	    rf_control_note(core, &task.row, "replayed", replay->arguments, error) < 0)
		return -1;
	return rf_task_reopen(core, &task, turn, error);
}

static int run_again(struct rf_core *core, const struct replay *replay, const struct subject *subject,
		     struct rf_error *error)
{
	bool quiet = replay->quiet || !is_untold(subject);
	const struct rf_span all = {0, UINT32_MAX};
	rf_leases_supersede(core, subject->document,
			    &all); /* nothing is in hand: those that wait in a stage come back */
	for (size_t i = 0; i < core->n_stages; i++)
		if (replay->behind[i] && subject->states[i] && subject->states[i] != RF_TASK_SUPERSEDED &&
		    supersede(core, subject->tasks[i], replay->from->definition->name, error) < 0)
			return -1;
	if (quiet && !subject->quiet &&
	    rf_store_set_quiet(core->options.store, subject->document, subject->revision, true, error) < 0)
		return -1;
	if (doubt_pages(core, replay, subject, error) < 0)
		return -1;
	return open_first(core, replay, subject, error);
}

struct counting {
	struct rf_core *core;
	const struct replay *replay;
	uint64_t pages;
};

static int count_page(void *context, const struct rf_effect *effect)
{
	struct counting *counting = context;
	const struct rf_core_stage *stage = rf_stage_named(counting->core, effect->stage);
	counting->pages += stage && stage->definition->kind == RF_STAGE_PUBLISH && effect->standing &&
			   (stage == counting->replay->from || counting->replay->behind[stage->index]);
	return 0;
}

static int replay_document(struct rf_core *core, const struct replay *replay, const char *document, json *answers,
			   struct rf_error *error)
{
	struct subject subject;
	struct rf_error reason = {"there is no such document"};
	bool passes = false;
	struct counting counting = {.core = core, .replay = replay};
	int status = load_subject(core, document, &subject, error);
	if (status == 0)
		status = find_hindrance(core, replay, &subject, &passes, &reason);
	if (status == 0)
		status = rf_store_each_effect(core->options.store, document, count_page, &counting, &reason);
	if (status == 0 && !replay->dry_run)
		status = run_again(core, replay, &subject, &reason);
	if (status < 0)
		return rf_error_set(error, "%s", reason.text);
	json *entry = json_object_new_object();
	rf_json_text(entry, "document", document);
	rf_json_text(entry, "outcome", status == 0 ? "replayed" : passes ? "in-hand" : "refused");
	if (status != 0)
		rf_json_text(entry, "reason", reason.text);
	else
		rf_json_number(entry, "pages", counting.pages);
	json_object_array_add(answers, entry);
	return 0;
}

/* ---- which ---------------------------------------------------------------------------------------------------------
 */

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

static void page_deinit(struct page *page)
{
	for (size_t i = 0; i < page->n; i++)
		free(page->ids[i]);
}

struct choice {
	const char *board, *since; /* NULL: all */
	bool is_board, is_since;
};

static int compare_attribute(void *context, const char *name, const char *value)
{
	struct choice *choice = context;
	if (choice->board && (strcmp(name, "board_id") == 0 || strcmp(name, "board") == 0))
		choice->is_board |= strcmp(value, choice->board) == 0;
	if (choice->since && strcmp(name, "day") == 0)
		choice->is_since = strcmp(value, choice->since) >= 0;
	return 0;
}

static int is_chosen(struct rf_core *core, json *arguments, const char *document, bool *chosen, struct rf_error *error)
{
	struct choice choice = {.board = rf_json_get(arguments, "board"), .since = rf_json_get(arguments, "since")};
	struct rf_revision newest;
	if (rf_store_get_revision(core->options.store, document, 0, &newest, error) != 0 ||
	    rf_store_each_attribute(core->options.store, document, newest.number, compare_attribute, &choice, error) <
		0)
		return -1;
	*chosen = (!choice.board || choice.is_board) && (!choice.since || choice.is_since);
	return 0;
}

/* A page of all documents; `after` in the answer says where the next one begins, and is not there when none does. */
static int replay_page(struct rf_core *core, const struct replay *replay, json *answer, json *answers,
		       struct rf_error *error)
{
	__attribute__((cleanup(page_deinit))) struct page page = {.n = 0};
	const char *after = rf_json_get(replay->arguments, "after");
	if (rf_store_each_document(core->options.store, after, PAGE, add_document, &page, error) < 0)
		return -1;
	for (size_t i = 0; i < page.n; i++) {
		bool chosen;
		if (is_chosen(core, replay->arguments, page.ids[i], &chosen, error) < 0 ||
		    (chosen && replay_document(core, replay, page.ids[i], answers, error) < 0))
			return -1;
	}
	if (page.n == PAGE)
		rf_json_text(answer, "after", page.ids[PAGE - 1]);
	return 0;
}

static int replay_named(struct rf_core *core, const struct replay *replay, json *documents, json *answers,
			struct rf_error *error)
{
	size_t n = json_object_is_type(documents, json_type_array) ? json_object_array_length(documents) : 0;
	if (n == 0 || n > PAGE) {
		rf_error_set(error, "which documents? a list of 1 to %d is expected", PAGE);
		return RF_REFUSED;
	}
	for (size_t i = 0; i < n; i++) {
		const char *document = json_object_get_string(json_object_array_get_idx(documents, i));
		if (replay_document(core, replay, document ? document : "", answers, error) < 0)
			return -1;
	}
	return 0;
}

int rf_act_replay(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	struct replay replay;
	json *documents = NULL, *answers = json_object_new_array();
	json_object_object_add(answer, "documents", answers);
	int status = read_request(core, arguments, &replay, error);
	if (status != 0)
		return status;
	bool full;
	if (rf_intake_is_full(core, core->options.most_tasks / 2, &full, error) < 0)
		return -1;
	rf_json_number(answer, "now_us", (uint64_t)rf_clock_wall(core->options.clock));
	json_object_object_add(answer, "full", json_object_new_boolean(full));
	if (full)
		return 0;
	if (json_object_object_get_ex(arguments, "documents", &documents))
		return replay_named(core, &replay, documents, answers, error);
	if (rf_json_is(arguments, "all"))
		return replay_page(core, &replay, answer, answers, error);
	rf_error_set(error, "which documents? name them, or say all");
	return RF_REFUSED;
}
