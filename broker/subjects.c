/* Which document a meeting's minutes are: bound when they have been read.
 *
 * A second source about the same meeting goes on as the next revision of the first when it says that it corrects it, or
 * when the first got stuck (held or dead); it takes the place of one that a person gave up; else a person decides. */
#include "base/error.h"
#include "base/log.h"
#include "broker/state.h"
#include "plugin/language.h"

#include <stdlib.h>
#include <string.h>

static int find_correction(void *context, const char *name, const char *value)
{
	bool *correction = context;
	if (strcmp(name, "correction") == 0)
		*correction = strcmp(value, "true") == 0;
	return 0;
}

static int note_stuck(void *context, const struct rf_task *task)
{
	(void)task;
	*(bool *)context = true;
	return 1;
}

/* Whether an earlier revision said the same correction: a file keeps its line when something else is changed in it. */
static int was_told(struct rf_core *core, const struct rf_owned_task *task, bool *told, struct rf_error *error)
{
	rf_autofree char *mine = NULL;
	if (rf_attribute_read(core, task->document, task->row.revision, "correction_id", &mine, error) < 0)
		return -1;
	*told = false;
	for (uint32_t number = task->row.revision - 1; number > 0 && *mine && !*told; number--) {
		rf_autofree char *other = NULL;
		if (rf_attribute_read(core, task->document, number, "correction_id", &other, error) < 0)
			return -1;
		*told = strcmp(mine, other) == 0;
	}
	return 0;
}

/* A new correction tells the readers again: the number of the major change grows. */
static int count_major(struct rf_core *core, const struct rf_owned_task *task, struct rf_error *error)
{
	struct rf_revision before;
	bool told;
	if (was_told(core, task, &told, error) < 0)
		return -1;
	if (told)
		return 0;
	int status = rf_store_get_revision(core->options.store, task->document, task->row.revision - 1, &before, error);
	if (status != 0)
		return status < 0 ? -1 : 0;
	return rf_store_set_major(core->options.store, task->document, task->row.revision, before.major + 1, error);
}

static int is_stuck(struct rf_core *core, const char *document, bool *stuck, struct rf_error *error)
{
	struct rf_task_filter filter = {
	    .states = 1U << RF_TASK_HELD | 1U << RF_TASK_DEAD, .document = document, .most = 1};
	*stuck = false;
	return rf_store_each_task(core->options.store, &filter, note_stuck, stuck, error) < 0 ? -1 : 0;
}

struct giving_up {
	uint32_t revision;
	bool found;
};

static int find_deleted(void *context, const struct rf_task *task)
{
	struct giving_up *giving_up = context;
	giving_up->found =
	    task->revision == giving_up->revision && task->code && strcmp(task->code, RF_CODE_DELETED) == 0;
	return giving_up->found;
}

/* Nothing of it stands anywhere: that is how one is given up. */
static int is_given_up(struct rf_core *core, const char *document, bool *given_up, struct rf_error *error)
{
	struct rf_task_filter filter = {.states = 1U << RF_TASK_SUPERSEDED, .document = document};
	struct rf_revision newest;
	if (rf_store_get_revision(core->options.store, document, 0, &newest, error) != 0)
		return -1;
	struct giving_up giving_up = {.revision = newest.number};
	if (rf_store_each_task(core->options.store, &filter, find_deleted, &giving_up, error) < 0)
		return -1;
	*given_up = giving_up.found;
	return 0;
}

/* As though the source had been put as the other document: it is read again there. */
static int move(struct rf_core *core, const struct rf_owned_task *task, const char *document, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_part part;
	if (rf_store_get_part(store, task->document, task->row.revision, "source", &part, error) != 0)
		return -1;
	rf_autofree char *type = rf_strdup(part.type), *blob = rf_strdup(part.blob);
	rf_autofree void *data = part.data ? rf_memdup(part.data, part.size) : NULL;
	struct rf_arrival arrival = {.type = type,
				     .digest = part.digest,
				     .size = part.size,
				     .data = data,
				     .blob = blob,
				     .stage = rf_stage_named(core, task->stage)};
	struct rf_revision revision;
	if (rf_store_get_revision(store, task->document, task->row.revision, &revision, error) != 0)
		return -1;
	rf_autofree char *source_key = rf_strdup(revision.source_key), *name = rf_strdup(revision.name);
	arrival.source_key = source_key;
	arrival.name = name;
	arrival.quiet = revision.quiet;
	uint32_t number;
	if (rf_intake_revise(core, document, &arrival, &number, error) < 0)
		return -1;
	rf_log(RF_LOG_INFO, task->document, "goes on as revision %u of %s", number, document);
	return 0;
}

/* What people call a document: its title, else the name of its source. */
static int find_title(void *context, const char *name, const char *value)
{
	char **title = context;
	if (strcmp(name, "title") == 0 || (strcmp(name, "name") == 0 && !*title)) {
		free(*title);
		*title = rf_strdup(value);
	}
	return 0;
}

static int write_note(struct rf_core *core, const struct rf_owned_task *task, const char *document, char **note,
		      struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest;
	rf_autofree char *mine = NULL, *other = NULL;
	if (rf_store_get_revision(store, document, 0, &newest, error) != 0 ||
	    rf_store_each_attribute(store, document, newest.number, find_title, &other, error) < 0 ||
	    rf_store_each_attribute(store, task->document, task->row.revision, find_title, &mine, error) < 0)
		return -1;
	*note = rf_language_say(core->options.language, "stage.subject-taken", "other", other ? other : document,
				"other_id", document, "this", mine ? mine : task->document, "this_id", task->document,
				NULL);
	return 0;
}

static int write_withdrawn_note(struct rf_core *core, const char *document, uint32_t withdrawn, char **note,
				struct rf_error *error)
{
	rf_autofree char *day = NULL;
	if (rf_attribute_read(core, document, withdrawn, RF_ATTRIBUTE_WITHDRAWN, &day, error) < 0)
		return -1;
	*note =
	    rf_language_say(core->options.language, "stage.subject-withdrawn", "day", day, "other_id", document, NULL);
	return 0;
}

static int meet_other(struct rf_core *core, const struct rf_owned_task *task, const char *document,
		      const char *subject_key, bool correction, enum rf_subject_outcome *outcome, char **note,
		      struct rf_error *error)
{
	bool stuck, given_up;
	uint32_t withdrawn;
	if (is_stuck(core, document, &stuck, error) < 0 || is_given_up(core, document, &given_up, error) < 0 ||
	    rf_withdrawal_find(core, document, &withdrawn, error) < 0)
		return -1;
	if (withdrawn && !correction) {
		*outcome = RF_SUBJECT_TAKEN;
		return write_withdrawn_note(core, document, withdrawn, note, error);
	}
	if (given_up && !stuck)
		return rf_store_bind_subject(core->options.store, subject_key, task->document, error);
	if (correction || stuck) {
		*outcome = RF_SUBJECT_MOVED;
		*note = rf_format("goes on as a revision of document %s", document);
		return move(core, task, document, error);
	}
	*outcome = RF_SUBJECT_TAKEN;
	return write_note(core, task, document, note, error);
}

int rf_subject_bind(struct rf_core *core, const struct rf_owned_task *task, const char *subject_key,
		    enum rf_subject_outcome *outcome, char **note, struct rf_error *error)
{
	*outcome = RF_SUBJECT_BOUND;
	bool correction = false;
	if (rf_store_each_attribute(core->options.store, task->document, task->row.revision, find_correction,
				    &correction, error) < 0)
		return -1;
	if (correction && task->row.revision > 1 && count_major(core, task, error) < 0)
		return -1;
	if (!subject_key || !*subject_key || strlen(subject_key) > RF_MOST_KEY)
		return 0;
	const char *known;
	int status = rf_store_find_subject(core->options.store, subject_key, &known, error);
	if (status < 0)
		return -1;
	if (status == RF_STORE_NONE)
		return rf_store_bind_subject(core->options.store, subject_key, task->document, error);
	if (strcmp(known, task->document) == 0)
		return 0;
	rf_autofree char *document = rf_strdup(known);
	return meet_other(core, task, document, subject_key, correction, outcome, note, error);
}
