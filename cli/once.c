#include "cli/once.h"

#include "base/clock.h"
#include "base/loop.h"
#include "base/memory.h"
#include "cli/listing.h"
#include "cli/uplink.h"

#include <stdlib.h>

static const int64_t ask_every_us = 100 * RF_MILLISECOND;
static const int64_t patience_us = 2 * RF_SECOND; /* then the question is taken for lost */

enum phase { PHASE_WATCHING, PHASE_LISTING, PHASE_DONE };

struct rf_once {
	struct rf_loop *loop;
	const struct rf_clock *clock;
	struct rf_uplink *uplink;
	struct rf_progress *progress;
	int (*done)(void *context);
	void *context;
	enum phase phase;
	bool no_room;
	uint64_t timer;
	int64_t asked_us; /* 0: nothing is asked */
	struct rf_listing listing;
};

static int take_status(void *context, json_object *answer);
static int take_documents(void *context, json_object *answer);

static void ask(struct rf_once *once)
{
	once->asked_us = rf_clock_monotonic(once->clock);
	if (once->phase == PHASE_WATCHING) {
		rf_uplink_ask(once->uplink, "status", NULL, take_status, once);
		return;
	}
	json_object *arguments = rf_listing_arguments(&once->listing);
	rf_uplink_ask(once->uplink, "list", arguments, take_documents, once);
	json_object_put(arguments);
}

static int tick(void *context)
{
	struct rf_once *once = context;
	if (!once->asked_us || rf_clock_monotonic(once->clock) - once->asked_us >= patience_us)
		ask(once);
	return 0;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static struct rf_progress_counts read_counts(json_object *answer)
{
	struct rf_progress_counts counts = {.documents = rf_answer_number(answer, "documents"),
					    .open = rf_answer_number(answer, "open")};
	json_object *stages;
	if (!json_object_object_get_ex(answer, "stages", &stages) || !json_object_is_type(stages, json_type_array))
		return counts;
	size_t n_stages = json_object_array_length(stages);
	for (size_t i = 0; i < n_stages; i++) {
		json_object *stage = json_object_array_get_idx(stages, i);
		counts.held += rf_answer_number(stage, "held");
		counts.dead += rf_answer_number(stage, "dead");
		counts.ended += rf_answer_number(stage, "done") + rf_answer_number(stage, "superseded");
	}
	counts.expected = counts.open ? counts.documents * (int64_t)n_stages : counts.ended;
	return counts;
}

static bool is_finished(json_object *answer)
{
	json_object *caught_up;
	return json_object_object_get_ex(answer, "caught_up", &caught_up) && json_object_get_boolean(caught_up) &&
	       rf_answer_number(answer, "open") == 0;
}

/* Nothing is under way, and what lies in the inbox is not taken: it would have to be waited for. */
static bool is_stuck(json_object *answer)
{
	json_object *disk_short;
	return json_object_object_get_ex(answer, "disk_short", &disk_short) && json_object_get_boolean(disk_short) &&
	       rf_answer_number(answer, "open") == 0;
}

static int take_status(void *context, json_object *answer)
{
	struct rf_once *once = context;
	struct rf_progress_counts counts = read_counts(answer);
	once->asked_us = 0;
	rf_progress_show(once->progress, &counts, rf_clock_monotonic(once->clock));
	once->no_room = !is_finished(answer) && is_stuck(answer);
	if (!is_finished(answer) && !once->no_room)
		return 0;
	once->phase = PHASE_LISTING;
	ask(once);
	return 0;
}

static int take_documents(void *context, json_object *answer)
{
	struct rf_once *once = context;
	if (rf_listing_take(&once->listing, answer)) {
		ask(once);
		return 0;
	}
	once->phase = PHASE_DONE;
	rf_loop_cancel(once->loop, once->timer);
	rf_progress_hide(once->progress);
	return once->done(once->context);
}

/* --------------------------------------------------------------------------------------------------------------------
 */

struct rf_once *rf_once_new(struct rf_loop *loop, const struct rf_clock *clock, struct rf_uplink *uplink,
			    struct rf_progress *progress, int (*done)(void *context), void *context)
{
	struct rf_once *once = rf_alloc(sizeof *once);
	*once = (struct rf_once){
	    .loop = loop, .clock = clock, .uplink = uplink, .progress = progress, .done = done, .context = context};
	rf_listing_init(&once->listing, NULL);
	return once;
}

void rf_once_free(struct rf_once *once)
{
	if (!once)
		return;
	rf_listing_deinit(&once->listing);
	free(once);
}

void rf_once_start(struct rf_once *once)
{
	once->timer = rf_loop_add_timer(once->loop, ask_every_us, ask_every_us, tick, once);
}

json_object *rf_once_documents(const struct rf_once *once)
{
	return once->phase == PHASE_DONE ? once->listing.documents : NULL;
}

bool rf_once_had_no_room(const struct rf_once *once)
{
	return once->no_room;
}
