/* Which document a meeting's minutes are: bound when they have been read.
 *
 * A second source about the same meeting goes on as the next revision of the first when it has another piece of it,
 * when it says that it corrects it, or when the first got stuck (held or dead); it takes the place of one that a person
 * gave up; else a person decides. */
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

/* A file that came to a page which stands was counted as a major change. When it adds nothing to it, there is nothing
 * to tell of. */
static int discount_completion(struct rf_core *core, const struct rf_owned_task *task, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision before, read;
	rf_autofree char *completed = NULL;
	bool completes;
	if (rf_piece_completes(core, task->document, task->row.revision, &completes, error) < 0)
		return -1;
	if (!completes)
		return 0;
	if (rf_attribute_read(core, task->document, task->row.revision, "completed", &completed, error) < 0 ||
	    rf_store_get_revision(store, task->document, task->row.revision - 1, &before, error) != 0)
		return -1;
	uint32_t major = before.major;
	if (*completed || rf_store_get_revision(store, task->document, task->row.revision, &read, error) != 0)
		return *completed ? 0 : -1;
	return read.major > major ? rf_store_set_major(store, task->document, task->row.revision, major, error) : 0;
}

static int is_stuck(struct rf_core *core, const char *document, bool *stuck, struct rf_error *error)
{
	struct rf_task_filter filter = {
	    .states = 1U << RF_TASK_HELD | 1U << RF_TASK_DEAD, .document = document, .most = 1};
	*stuck = false;
	return rf_store_each_task(core->options.store, &filter, note_stuck, stuck, error) < 0 ? -1 : 0;
}

struct standing {
	struct rf_core *core;
	bool found;
};

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

static int find_standing(void *context, const struct rf_effect *effect)
{
	struct standing *standing = context;
	standing->found = rf_stage_publishes(standing->core, effect->stage) && (effect->standing || effect->intended);
	return standing->found;
}

/* Whether something of it stands at a target, or may stand there. */
static int stands(struct rf_core *core, const char *document, bool *found, struct rf_error *error)
{
	struct standing standing = {.core = core};
	if (rf_store_each_effect(core->options.store, document, find_standing, &standing, error) < 0)
		return -1;
	*found = standing.found;
	return 0;
}

/* ---- the source goes on as a revision of another document -------------------------------------------------------- */

/* As though the source had been put as the other document: it is read again there, and nothing of it is left here. */
static int move(struct rf_core *core, const struct rf_owned_task *task, const char *document, struct rf_arrival arrival,
		struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_part part;
	if (rf_store_get_part(store, task->document, task->row.revision, "source", &part, error) != 0)
		return -1;
	rf_autofree char *type = rf_strdup(part.type), *blob = rf_strdup(part.blob);
	rf_autofree void *data = part.data ? rf_memdup(part.data, part.size) : NULL;
	arrival.type = type;
	arrival.digest = part.digest;
	arrival.size = part.size;
	arrival.data = data;
	arrival.blob = blob;
	arrival.stage = rf_stage_named(core, task->stage);
	struct rf_revision revision;
	if (rf_store_get_revision(store, task->document, task->row.revision, &revision, error) != 0)
		return -1;
	rf_autofree char *source_key = rf_strdup(revision.source_key), *name = rf_strdup(revision.name);
	arrival.source_key = source_key;
	arrival.name = name;
	arrival.quiet = revision.quiet;
	uint32_t number;
	uint64_t removed;
	if (rf_intake_revise(core, document, &arrival, &number, error) < 0 ||
	    rf_store_remove_parts(store, task->document, task->row.revision, &removed, error) < 0)
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

/* key: of the note in the language file. */
static int write_note(struct rf_core *core, const struct rf_owned_task *task, const char *document, const char *key,
		      char **note, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest;
	rf_autofree char *mine = NULL, *other = NULL;
	if (rf_store_get_revision(store, document, 0, &newest, error) != 0 ||
	    rf_store_each_attribute(store, document, newest.number, find_title, &other, error) < 0 ||
	    rf_store_each_attribute(store, task->document, task->row.revision, find_title, &mine, error) < 0)
		return -1;
	*note = rf_language_say(core->options.language, key, "other", other ? other : document, "other_id", document,
				"this", mine ? mine : task->document, "this_id", task->document, NULL);
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

/* ---- another document is known of the meeting ----------------------------------------------------------------------
 */

struct meeting {
	struct rf_core *core;
	const struct rf_owned_task *task; /* of the document that was just read */
	const char *document;             /* the other one, which was known */
	const char *key, *piece;          /* piece: NULL: it does not say that it is one */
	bool correction;
	enum rf_subject_outcome *outcome;
	char **note;
};

static int give_way(const struct meeting *meeting, const struct rf_arrival *arrival, struct rf_error *error)
{
	*meeting->outcome = RF_SUBJECT_MOVED;
	*meeting->note = rf_format("goes on as a revision of document %s", meeting->document);
	return move(meeting->core, meeting->task, meeting->document, *arrival, error);
}

static int ask_person(const struct meeting *meeting, const char *key, struct rf_error *error)
{
	*meeting->outcome = RF_SUBJECT_TAKEN;
	return write_note(meeting->core, meeting->task, meeting->document, key, meeting->note, error);
}

/* Another piece of the meeting. A page of its own would be left behind: first a person takes that away. */
static int join(const struct meeting *meeting, struct rf_error *error)
{
	struct rf_arrival arrival = {.piece = meeting->piece};
	struct rf_pieces own;
	bool has_page;
	if (stands(meeting->core, meeting->task->document, &has_page, error) < 0 ||
	    rf_pieces_look(meeting->core, meeting->task->document, NULL, &own, error) < 0 ||
	    stands(meeting->core, meeting->document, &arrival.completes, error) < 0)
		return -1;
	if (has_page || own.n > 1)
		return ask_person(meeting, "stage.piece-published", error);
	return give_way(meeting, &arrival, error);
}

/* More than minutes ever come in, and fewer than a message may have. */
enum { MOST_FILES = 32 };

static int meet_living(const struct meeting *meeting, bool stuck, struct rf_error *error)
{
	struct rf_pieces pieces;
	if (rf_pieces_look(meeting->core, meeting->document, meeting->piece, &pieces, error) < 0)
		return -1;
	bool is_other = meeting->piece && pieces.known && !pieces.has;
	if (is_other && pieces.n < MOST_FILES)
		return join(meeting, error);
	/* One of them does not say which paragraphs it has: together they may be the meeting, or one twice. */
	bool unlike = (meeting->piece != NULL) != pieces.known;
	if (unlike ? meeting->correction && pieces.n <= 1 : !is_other && (meeting->correction || stuck)) {
		const struct rf_arrival arrival = {.piece = unlike ? NULL : meeting->piece};
		return give_way(meeting, &arrival, error);
	}
	return ask_person(meeting, unlike ? "stage.piece-unknown" : "stage.subject-taken", error);
}

static int meet_other(const struct meeting *meeting, struct rf_error *error)
{
	struct rf_core *core = meeting->core;
	bool stuck, given_up;
	uint32_t withdrawn;
	if (is_stuck(core, meeting->document, &stuck, error) < 0 ||
	    is_given_up(core, meeting->document, &given_up, error) < 0 ||
	    rf_withdrawal_find(core, meeting->document, &withdrawn, error) < 0)
		return -1;
	if (withdrawn && !meeting->correction) {
		*meeting->outcome = RF_SUBJECT_TAKEN;
		return write_withdrawn_note(core, meeting->document, withdrawn, meeting->note, error);
	}
	if (given_up && !stuck)
		return rf_store_bind_subject(core->options.store, meeting->key, meeting->task->document, error);
	return meet_living(meeting, stuck, error);
}

/* Before pieces were put together, each was a document of its own, with the piece in its key. Where a meeting has
 * several such, they stay what they are. *document: of the one with this piece; left as it is: there is none. */
static int find_former_piece(const struct meeting *meeting, char **document, struct rf_error *error)
{
	rf_autofree char *key = rf_format("%s/%s", meeting->key, meeting->piece);
	const char *known;
	int status = rf_store_find_subject(meeting->core->options.store, key, &known, error);
	if (status == 0) {
		char *former = rf_strdup(known);
		free(*document);
		*document = former;
	}
	return status < 0 ? -1 : 0;
}

static int bind(struct meeting *meeting, struct rf_error *error)
{
	struct rf_store *store = meeting->core->options.store;
	const char *own = meeting->task->document, *known;
	int status = rf_store_find_subject(store, meeting->key, &known, error);
	if (status < 0)
		return -1;
	if (status == RF_STORE_NONE)
		return rf_store_bind_subject(store, meeting->key, own, error);
	if (strcmp(known, own) == 0)
		return 0;
	rf_autofree char *document = rf_strdup(known);
	if (meeting->piece && find_former_piece(meeting, &document, error) < 0)
		return -1;
	if (strcmp(document, own) == 0)
		return 0;
	meeting->document = document;
	return meet_other(meeting, error);
}

int rf_subject_bind(struct rf_core *core, const struct rf_owned_task *task, const Referat__Wire__Item *read,
		    enum rf_subject_outcome *outcome, char **note, struct rf_error *error)
{
	*outcome = RF_SUBJECT_BOUND;
	struct meeting meeting = {.core = core,
				  .task = task,
				  .key = read->subject_key,
				  .piece = read->piece && *read->piece ? read->piece : NULL,
				  .outcome = outcome,
				  .note = note};
	if (rf_store_each_attribute(core->options.store, task->document, task->row.revision, find_correction,
				    &meeting.correction, error) < 0)
		return -1;
	if (task->row.revision > 1 &&
	    (meeting.correction ? count_major(core, task, error) : discount_completion(core, task, error)) < 0)
		return -1;
	if (!meeting.key || !*meeting.key || strlen(meeting.key) > RF_MOST_KEY)
		return 0;
	if (meeting.piece && rf_piece_read(core, task, meeting.piece, error) < 0)
		return -1;
	return bind(&meeting, error);
}
