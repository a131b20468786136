/* Erasing a document, or what its earlier versions said: an operator's word, carried out everywhere, and told with what
 * was found afterwards.
 *
 * The rows go in the round's transaction. The files are written anew after its commit, and the answer is sent after
 * that; a broker that dies in between does the rest when it starts (setting "scrub_due"). A tombstone stays: that there
 * was a document, when it was erased, by whom and why. */
#include "base/error.h"
#include "base/log.h"
#include "broker/answers.h"
#include "broker/blobs.h"

#include <stdlib.h>
#include <string.h>

typedef struct json_object json;

/* An answer that waits for what is done after the commit. */
struct rf_erasing {
	struct rf_erasing *next;
	struct rf_reply_to to;
	json *answer;
	char **blobs;
	size_t n_blobs;
};

static const char scrub_due[] = "scrub_due";

/* ---- may it be? ------------------------------------------------------------------------------------------------- */

struct standing {
	struct rf_core *core;
	struct rf_error *error;
	bool found;
};

static int find_standing(void *context, const struct rf_effect *effect)
{
	struct standing *standing = context;
	if (!rf_stage_publishes(standing->core, effect->stage) ||
	    (effect->state == RF_EFFECT_DONE && !effect->standing))
		return 0;
	standing->found = true;
	if (effect->state == RF_EFFECT_INTENDED)
		rf_error_set(
		    standing->error,
		    "document %s is being published by %s: withdraw it first with `referat withdraw --purge`, and "
		    "erase it when that is done",
		    effect->document, effect->stage);
	else
		rf_error_set(
		    standing->error,
		    "document %s stands at %s: withdraw it first with `referat withdraw --purge`, and erase it when "
		    "that is done",
		    effect->document, effect->location ? effect->location : effect->stage);
	return 1;
}

static int find_document(struct rf_core *core, const char *document, uint32_t *newest, struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision revision;
	struct rf_erasure erasure;
	int status = rf_store_get_revision(store, document, 0, &revision, error);
	if (status == RF_STORE_NONE) {
		rf_error_set(error, "there is no document %s", document);
		return RF_REFUSED;
	}
	if (status < 0)
		return -1;
	*newest = revision.number;
	status = rf_store_get_erasure(store, document, &erasure, error);
	if (status != 0)
		return status < 0 ? -1 : 0;
	rf_error_set(error, "document %s was erased before", document);
	return RF_REFUSED;
}

static int may_erase(struct rf_core *core, const char *document, uint32_t newest, struct rf_error *error)
{
	struct standing standing = {.core = core, .error = error};
	bool owed;
	if (rf_store_each_effect(core->options.store, document, find_standing, &standing, error) < 0)
		return -1;
	if (standing.found)
		return RF_REFUSED;
	if (rf_purge_is_owed(core, document, newest, &owed, error) < 0)
		return -1;
	if (owed)
		rf_error_set(error,
			     "document %s was withdrawn, but its targets may have kept what it said: withdraw it once "
			     "more with `referat withdraw --purge`, and erase it when that is done",
			     document);
	return owed ? RF_REFUSED : 0;
}

/* ---- in the transaction ------------------------------------------------------------------------------------------ */

static int add_blob(void *context, const struct rf_part *part)
{
	struct rf_erasing *erasing = context;
	if (!part->blob)
		return 0;
	erasing->blobs = rf_realloc_array(erasing->blobs, erasing->n_blobs + 1, sizeof *erasing->blobs);
	erasing->blobs[erasing->n_blobs++] = rf_strdup(part->blob);
	return 0;
}

/* Of revisions before that number. */
static int gather_blobs(struct rf_core *core, const char *document, uint32_t before, struct rf_erasing *erasing,
			struct rf_error *error)
{
	for (uint32_t number = before - 1; number > 0; number--)
		if (rf_store_each_part(core->options.store, document, number, add_blob, erasing, error) < 0)
			return -1;
	return 0;
}

/* before: 0: the whole document. */
static int remove_rows(struct rf_core *core, const struct rf_erasure *erasure, uint32_t before, json *answer,
		       struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	rf_autofree char *detail = rf_format("%sby %.64s: %.512s", before ? "what earlier versions said, " : "",
					     erasure->who, erasure->reason);
	struct rf_task about = {.document = erasure->document};
	struct rf_erased erased;
	core->wrote = true;
	int status = before ? rf_store_erase_before(store, erasure->document, before, &erased, error)
			    : rf_store_erase(store, erasure, &erased, error);
	if (status < 0 || rf_task_note(core, &about, "erased", detail, error) < 0 ||
	    rf_store_set_setting(store, scrub_due, 1, error) < 0)
		return -1;
	if (!before)
		rf_leases_recall(core, erasure->document);
	rf_json_text(answer, "document", erasure->document);
	rf_json_number(answer, "revisions", erased.revisions);
	rf_json_number(answer, "parts", erased.parts);
	rf_json_number(answer, "bytes", erased.bytes);
	rf_json_number(answer, "attributes", erased.attributes);
	return 0;
}

static void erasing_free(struct rf_erasing *erasing)
{
	for (size_t i = 0; i < erasing->n_blobs; i++)
		free(erasing->blobs[i]);
	free(erasing->blobs);
	free(erasing->to.command);
	json_object_put(erasing->answer);
	free(erasing);
}

int rf_act_erase(struct rf_core *core, json *arguments, json *answer, struct rf_error *error)
{
	const char *document = rf_json_get(arguments, "document"), *who = rf_json_get(arguments, "who"),
		   *reason = rf_json_get(arguments, "reason");
	if (!document || !reason || !*reason) {
		rf_error_set(error, "erasing takes a document and a reason");
		return RF_REFUSED;
	}
	const struct rf_erasure erasure = {.document = document,
					   .at_us = rf_clock_wall(core->options.clock),
					   .who = who ? who : "somebody",
					   .reason = reason};
	bool earlier = rf_json_is(arguments, "earlier");
	uint32_t newest = 0;
	int status = find_document(core, document, &newest, error);
	if (status == 0)
		status = earlier ? rf_purge_begin(core, document, newest, answer, error)
				 : may_erase(core, document, newest, error);
	if (status != 0)
		return status;
	struct rf_erasing *erasing = rf_alloc(sizeof *erasing);
	erasing->to = *core->asked;
	erasing->to.command = rf_strdup(core->asked->command);
	erasing->answer = json_object_get(answer);
	if (gather_blobs(core, document, newest + !earlier, erasing, error) < 0 ||
	    remove_rows(core, &erasure, earlier ? newest : 0, answer, error) < 0) {
		erasing_free(erasing);
		return -1;
	}
	erasing->next = core->erasing;
	core->erasing = erasing;
	rf_log(RF_LOG_INFO, document, earlier ? "earlier versions erased" : "erased");
	return RF_ANSWERED_LATER;
}

/* ---- after the commit -------------------------------------------------------------------------------------------- */

/* What else names the same bytes keeps them. */
static int remove_blobs(struct rf_core *core, const struct rf_erasing *erasing, uint64_t *removed,
			struct rf_error *error)
{
	*removed = 0;
	for (size_t i = 0; i < erasing->n_blobs; i++) {
		int status = rf_store_find_blob(core->options.store, erasing->blobs[i], error);
		if (status == RF_STORE_NONE)
			status = rf_blobs_remove(core->blobs, erasing->blobs[i], error);
		else if (status == 0)
			status = RF_BLOB_REFUSED;
		if (status < 0)
			return -1;
		*removed += status == 0;
	}
	return 0;
}

/* Writing the files anew takes as long as the store is large, and nobody is answered meanwhile. Those who would take
 * the broker for dead hear of it. */
struct hearers {
	struct rf_core *core;
	rf_core_send send;
	void *context;
	int64_t told_us; /* monotonic */
};

static void tell_alive(void *context)
{
	struct hearers *hearers = context;
	struct rf_core *core = hearers->core;
	int64_t now_us = rf_clock_monotonic(core->options.clock);
	if (hearers->told_us && now_us - hearers->told_us < core->options.heartbeat_us)
		return;
	hearers->told_us = now_us;
	for (const struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next) {
		if (peer->role != RF_ROLE_SUPERVISOR && peer->role != RF_ROLE_STAGE)
			continue;
		struct rf_message pong = rf_message_make(RF_VERB_PONG);
		hearers->send(hearers->context, peer->number, &pong);
	}
}

static int scrub(struct rf_core *core, const struct rf_store_alive *alive, struct rf_scrubbed *scrubbed,
		 struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	if (rf_snapshots_drop(core, error) < 0 || rf_store_scrub(store, alive, scrubbed, error) < 0 ||
	    rf_store_begin(store, RF_DURABLE, error) < 0 || rf_store_set_setting(store, scrub_due, 0, error) < 0)
		return -1;
	return rf_store_commit(store, error);
}

static void tell_scrubbed(json *answer, const struct rf_scrubbed *scrubbed)
{
	json *files = json_object_new_object();
	json_object_object_add(answer, "files", files);
	rf_json_number(files, "database_bytes", scrubbed->bytes);
	rf_json_number(files, "free_pages", scrubbed->free_pages);
	rf_json_number(files, "log_bytes", scrubbed->log_bytes);
	rf_json_number(files, "copies_removed", scrubbed->copies);
}

/* The rows are gone whatever happens to the files; what is left to be done is said, and done at the next start. */
static void finish(struct rf_core *core, struct rf_erasing *erasing, const struct rf_scrubbed *scrubbed,
		   const struct rf_error *failure)
{
	uint64_t removed = 0;
	struct rf_error reason = {""};
	if (!failure && remove_blobs(core, erasing, &removed, &reason) < 0)
		failure = &reason;
	rf_json_number(erasing->answer, "blobs", removed);
	if (failure)
		rf_json_text(erasing->answer, "unfinished", failure->text);
	else
		tell_scrubbed(erasing->answer, scrubbed);
	rf_control_reply(core, &erasing->to, 0, erasing->answer);
}

/* What they said meanwhile lies in the socket: nobody is gone because nobody listened. */
static void forgive_silence(struct rf_core *core)
{
	core->now_us = rf_clock_monotonic(core->options.clock);
	for (struct rf_core_peer *peer = core->peers; peer; peer = peer->hh.next)
		peer->heard_us = core->now_us;
}

void rf_erase_finish(struct rf_core *core, rf_core_send send, void *context)
{
	if (!core->erasing)
		return;
	struct hearers hearers = {.core = core, .send = send, .context = context};
	const struct rf_store_alive alive = {tell_alive, &hearers};
	struct rf_error failure = {""};
	struct rf_scrubbed scrubbed;
	bool failed = scrub(core, &alive, &scrubbed, &failure) < 0;
	forgive_silence(core);
	if (failed)
		rf_log(RF_LOG_ERROR, NULL, "erased from the rows, but not from the files yet: %s", failure.text);
	while (core->erasing) {
		struct rf_erasing *erasing = core->erasing;
		core->erasing = erasing->next;
		finish(core, erasing, &scrubbed, failed ? &failure : NULL);
		erasing_free(erasing);
	}
}

int rf_erase_resume(struct rf_core *core, struct rf_error *error)
{
	int64_t due = 0;
	struct rf_scrubbed scrubbed;
	if (rf_store_get_setting(core->options.store, scrub_due, &due, error) < 0)
		return -1;
	return due ? scrub(core, NULL, &scrubbed, error) : 0; /* nobody waits for a broker that is not ready */
}

void rf_erase_deinit(struct rf_core *core)
{
	while (core->erasing) {
		struct rf_erasing *erasing = core->erasing;
		core->erasing = erasing->next;
		erasing_free(erasing);
	}
}
