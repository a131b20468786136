/* What comes in: a document is durable before anybody reads it, so that one that kills its reader is charged like any
 * other. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "broker/blobs.h"
#include "broker/state.h"
#include "plugin/language.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { ID_LENGTH = 12 };

/* ---- parts and attributes ------------------------------------------------------------------------------------------
 */

static const struct rf_frame *take_frame(struct rf_cursor *cursor)
{
	static const struct rf_frame none = {0};
	return cursor->next < cursor->message->n_frames ? &cursor->message->frames[cursor->next++] : &none;
}

void rf_cursor_skip(struct rf_cursor *cursor, const Referat__Wire__Item *item)
{
	for (size_t i = 0; i < item->n_parts; i++)
		if (!item->parts[i]->blob)
			take_frame(cursor);
}

static bool is_name(const char *text, const char *also)
{
	size_t length = text ? strlen(text) : 0;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr(also, text[i]))
			return false;
	return length > 0 && length <= RF_MOST_NAME;
}

static bool is_blob_name(const char *name)
{
	return strlen(name) == RF_DIGEST_TEXT_SIZE - 1 && strspn(name, "0123456789abcdef") == RF_DIGEST_TEXT_SIZE - 1;
}

/* Reads what the item says of a part, and its bytes. */
static int read_part(struct rf_core *core, const Referat__Wire__Part *wire, struct rf_cursor *cursor,
		     struct rf_part *part, struct rf_error *error)
{
	if (!is_name(wire->name, "-_./")) {
		rf_error_set(error, "a part is named with 1 to %d letters, digits, '-', '_', '.', '/'", RF_MOST_NAME);
		return RF_REFUSED;
	}
	if (!is_name(wire->type, "-_./+;= \"")) {
		rf_error_set(error, "part %s: a type has 1 to %d characters", wire->name, RF_MOST_NAME);
		return RF_REFUSED;
	}
	part->name = wire->name;
	part->type = wire->type;
	part->blob = wire->blob;
	if (!wire->blob) {
		const struct rf_frame *frame = take_frame(cursor);
		part->data = frame->data ? (const void *)frame->data : "";
		part->size = frame->size;
		if (wire->sha256.len != RF_DIGEST_SIZE)
			part->digest = rf_digest_of(part->data, part->size);
	} else if (!is_blob_name(wire->blob) || wire->sha256.len != RF_DIGEST_SIZE) {
		rf_error_set(error, "part %s: a blob is named by its SHA-256, which the part has too", wire->name);
		return RF_REFUSED;
	} else if (rf_blobs_find(core->blobs, wire->blob, &part->size, error) != 0) {
		return RF_REFUSED;
	} else {
		rf_sweep_spare(core, wire->blob);
	}
	if (wire->sha256.len == RF_DIGEST_SIZE)
		memcpy(part->digest.bytes, wire->sha256.data, RF_DIGEST_SIZE);
	return 0;
}

int rf_parts_read(struct rf_core *core, const Referat__Wire__Item *item, struct rf_cursor *cursor,
		  struct rf_part parts[RF_WIRE_MOST_PARTS], struct rf_error *error)
{
	for (size_t i = 0; i < item->n_parts; i++) {
		parts[i] = (struct rf_part){0};
		int status = read_part(core, item->parts[i], cursor, &parts[i], error);
		if (status != 0)
			return status;
		if (strcmp(parts[i].name, "source") == 0 || rf_text_starts(parts[i].name, "source/")) {
			rf_error_set(error, "part %s is what came in: no stage replaces it", parts[i].name);
			return RF_REFUSED;
		}
	}
	return 0;
}

/* What the broker itself says of a revision. */
static bool is_reserved(const char *name)
{
	static const char *const names[] = {RF_ATTRIBUTE_STOPPED, RF_ATTRIBUTE_PURGE, RF_ATTRIBUTE_PIECE};
	static const char *const starts[] = {RF_ATTRIBUTE_WITHDRAWN, RF_ATTRIBUTE_REPLACE ".", RF_ATTRIBUTE_PIECE ".",
					     "name."};
	bool is = false;
	for (size_t i = 0; i < RF_COUNT(names); i++)
		is = is || strcmp(name, names[i]) == 0;
	for (size_t i = 0; i < RF_COUNT(starts); i++)
		is = is || rf_text_starts(name, starts[i]);
	return is;
}

int rf_attributes_check(const Referat__Wire__Item *item, struct rf_error *error)
{
	for (size_t i = 0; i < item->n_attributes; i++) {
		const Referat__Wire__Attribute *attribute = item->attributes[i];
		if (!is_name(attribute->name, "-_.") || !attribute->value || strlen(attribute->value) > RF_MOST_VALUE) {
			rf_error_set(error,
				     "an attribute has a name of letters, digits, '-', '_', '.', and a value of"
				     " at most %d bytes",
				     RF_MOST_VALUE);
			return RF_REFUSED;
		}
		if (is_reserved(attribute->name)) {
			rf_error_set(error, "attribute %s is the broker's", attribute->name);
			return RF_REFUSED;
		}
	}
	return 0;
}

struct sought {
	const char *name;
	char *value;
};

static int take_sought(void *context, const char *name, const char *value)
{
	struct sought *sought = context;
	if (strcmp(name, sought->name) != 0)
		return 0;
	sought->value = rf_strdup(value);
	return 1;
}

int rf_attribute_read(struct rf_core *core, const char *document, uint32_t revision, const char *name, char **value,
		      struct rf_error *error)
{
	struct sought sought = {.name = name};
	if (rf_store_each_attribute(core->options.store, document, revision, take_sought, &sought, error) < 0)
		return -1;
	*value = sought.value ? sought.value : rf_strdup("");
	return 0;
}

static const char *attribute_value(const Referat__Wire__Item *item, const char *name)
{
	for (size_t i = 0; i < item->n_attributes; i++)
		if (item->attributes[i]->name && strcmp(item->attributes[i]->name, name) == 0)
			return item->attributes[i]->value;
	return NULL;
}

/* ---- revisions -----------------------------------------------------------------------------------------------------
 */

int rf_intake_revise(struct rf_core *core, const char *document, const struct rf_arrival *arrival, uint32_t *revision,
		     struct rf_error *error)
{
	struct rf_store *store = core->options.store;
	struct rf_revision newest = {.number = 0};
	int status = rf_store_get_revision(store, document, 0, &newest, error);
	if (status < 0)
		return -1;
	uint32_t number = status == RF_STORE_NONE ? 0 : newest.number, withdrawn = 0;
	struct rf_revision added = {.document = document,
				    .number = number + 1,
				    .major = number ? newest.major + arrival->completes : 0,
				    .quiet = arrival->quiet,
				    .source_key = arrival->source_key,
				    .name = arrival->name,
				    .source = arrival->digest,
				    .received_us = rf_clock_wall(core->options.clock)};
	struct rf_part source = {.document = document,
				 .revision = number + 1,
				 .name = "source",
				 .type = arrival->type,
				 .digest = arrival->digest,
				 .size = arrival->size,
				 .data = arrival->data,
				 .blob = arrival->blob};
	struct rf_task about = {
	    .document = document, .revision = number + 1, .stage = arrival->stage->definition->name};
	const struct rf_end newer = {"superseded", "a newer revision came"};
	core->wrote = true;
	if (number && rf_withdrawal_find(core, document, &withdrawn, error) < 0)
		return -1;
	/* Until a person lets the new revision go, what is still to be taken away is taken away. */
	if ((number &&
	     rf_tasks_supersede(core, document, &(struct rf_span){withdrawn + 1, number}, &newer, error) < 0) ||
	    rf_store_add_revision(store, &added, error) < 0 || rf_store_put_part(store, &source, error) < 0 ||
	    rf_store_set_attribute(store, document, number + 1, "name", arrival->name, error) < 0 ||
	    rf_purge_carry(core, document, number + 1, error) < 0 ||
	    rf_store_bind_source(store, arrival->source_key, document, error) < 0 ||
	    (number && rf_pieces_carry(core, document, number, arrival, error) < 0) ||
	    rf_task_add(core, document, number + 1, arrival->stage, (struct rf_turn){.due_us = arrival->due_us},
			error) < 0 ||
	    rf_task_note(core, &about, "received", arrival->name, error) < 0 ||
	    (withdrawn && rf_withdrawal_hold(core, &about, withdrawn, error) < 0))
		return -1;
	if (core->options.pipeline->alert_silent_us > 0 &&
	    rf_store_set_setting(store, RF_LAST_ARRIVAL, added.received_us, error) < 0)
		return -1;
	*revision = number + 1;
	return 0;
}

/* ---- PUT -----------------------------------------------------------------------------------------------------------
 */

/* The id of a new document: twelve characters of the digest of pipeline and source key, so that the same inbox gives
 * the same ids; hashed again while it is taken. */
static int new_id(struct rf_core *core, const char *source_key, char id[ID_LENGTH + 1], struct rf_error *error)
{
	rf_autobuffer struct rf_buffer text = RF_BUFFER_INIT;
	rf_buffer_format(&text, "%s\n%s", core->options.pipeline->name, source_key);
	struct rf_digest digest = rf_digest_of(text.data, text.size);
	for (;;) {
		for (size_t i = 0; i < ID_LENGTH; i++)
			id[i] = "abcdefghijklmnopqrstuvwxyz234567"[digest.bytes[i] & 31];
		id[ID_LENGTH] = '\0';
		struct rf_revision taken;
		int status = rf_store_get_revision(core->options.store, id, 0, &taken, error);
		if (status != 0)
			return status < 0 ? -1 : 0;
		digest = rf_digest_of(digest.bytes, sizeof digest.bytes);
	}
}

/* Whether the newest revision that came from this source has these bytes. A document may have several sources. */
static int find_same(struct rf_core *core, const char *document, const char *source_key,
		     const struct rf_arrival *arrival, uint32_t *revision, struct rf_error *error)
{
	struct rf_revision seen;
	int status = rf_store_get_revision(core->options.store, document, 0, &seen, error);
	while (status == 0 && strcmp(seen.source_key, source_key) != 0 && seen.number > 1)
		status = rf_store_get_revision(core->options.store, document, seen.number - 1, &seen, error);
	*revision = 0;
	if (status == 0 && strcmp(seen.source_key, source_key) == 0 &&
	    memcmp(seen.source.bytes, arrival->digest.bytes, RF_DIGEST_SIZE) == 0)
		*revision = seen.number;
	return status < 0 ? -1 : 0;
}

int rf_intake_count(struct rf_core *core, struct rf_error *error)
{
	int64_t documents = 0;
	if (core->new_documents == 0)
		return 0;
	if (rf_store_get_setting(core->options.store, "documents", &documents, error) < 0 ||
	    rf_store_set_setting(core->options.store, "documents", documents + core->new_documents, error) < 0)
		return -1;
	core->new_documents = 0;
	return 0;
}

/* Which document the bytes are of. */
struct acquaintance {
	char id[RF_MOST_NAME + 1];
	uint32_t revision;             /* that has these bytes; 0: none */
	char erased[RF_MOST_NAME + 1]; /* the document from this source that was erased; "": none was */
};

/* From a source of an erased document the same bytes are not taken again; others are another document. */
static int recognise_erased(struct rf_core *core, const struct rf_arrival *arrival, struct acquaintance *found,
			    struct rf_error *error)
{
	char key[RF_ERASED_KEY_SIZE];
	const char *known;
	rf_store_erased_key(arrival->source_key, key);
	int status = rf_store_find_source(core->options.store, key, &known, error);
	if (status != 0)
		return status;
	snprintf(found->erased, sizeof found->erased, "%s", known);
	if (find_same(core, found->erased, key, arrival, &found->revision, error) < 0)
		return -1;
	strcpy(found->id, found->erased);
	return found->revision ? 0 : RF_STORE_NONE;
}

static int recognise(struct rf_core *core, const struct rf_arrival *arrival, struct acquaintance *found,
		     struct rf_error *error)
{
	*found = (struct acquaintance){.revision = 0};
	const char *known;
	int status = rf_store_find_source(core->options.store, arrival->source_key, &known, error);
	if (status == 0) {
		snprintf(found->id, sizeof found->id, "%s", known);
		return find_same(core, found->id, arrival->source_key, arrival, &found->revision, error);
	}
	if (status == RF_STORE_NONE)
		status = recognise_erased(core, arrival, found, error);
	if (status == RF_STORE_NONE)
		status = new_id(core, arrival->source_key, found->id, error);
	return status;
}

/* Whether just these bytes were an earlier revision of the document, and were erased (rf_store_erase_before). */
static int was_erased(struct rf_core *core, const struct acquaintance *found, const struct rf_arrival *arrival,
		      bool *was, struct rf_error *error)
{
	*was = false;
	for (uint32_t number = found->revision - 1; number > 0 && !*was; number--) {
		struct rf_revision earlier;
		if (rf_store_get_revision(core->options.store, found->id, number, &earlier, error) != 0)
			return -1;
		*was = !*earlier.name && memcmp(earlier.source.bytes, arrival->digest.bytes, RF_DIGEST_SIZE) == 0;
	}
	return 0;
}

/* What was erased came in anew: whether it may is for a person to say. */
static int hold_unread(struct rf_core *core, const struct acquaintance *new, const struct rf_arrival *arrival,
		       const char *text, struct rf_error *error)
{
	const struct rf_task about = {
	    .document = new->id, .revision = new->revision, .stage = arrival->stage->definition->name};
	rf_autofree char *note = rf_language_say(core->options.language, text, "erased", new->erased, NULL);
	return rf_task_hold_unrun(core, &about, &(struct rf_end){RF_CODE_UNREAD, note}, error);
}

static int take_in(struct rf_core *core, struct acquaintance *found, const struct rf_arrival *arrival,
		   struct rf_error *error)
{
	if (rf_intake_revise(core, found->id, arrival, &found->revision, error) < 0)
		return -1;
	core->new_documents += found->revision == 1;
	core->open_tasks++;
	rf_log(RF_LOG_INFO, found->id, "received %s, revision %u", arrival->name, found->revision);
	bool again;
	if (was_erased(core, found, arrival, &again, error) < 0)
		return -1;
	if (!*found->erased && !again)
		return 0;
	return hold_unread(core, found, arrival, again ? "stage.erased-version" : "stage.erased-source", error);
}

/* The bytes of something that was erased came as a blob again. */
static int drop_unnamed(struct rf_core *core, const struct rf_arrival *arrival, struct rf_error *error)
{
	int status = arrival->blob ? rf_store_find_blob(core->options.store, arrival->blob, error) : 0;
	if (status == RF_STORE_NONE)
		status = rf_blobs_remove(core->blobs, arrival->blob, error);
	return status < 0 ? -1 : 0;
}

static int accept(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
		  const struct rf_arrival *arrival, struct rf_error *error)
{
	struct acquaintance found;
	if (recognise(core, arrival, &found, error) < 0)
		return -1;
	bool seen = found.revision != 0;
	if ((seen ? drop_unnamed(core, arrival, error) : take_in(core, &found, arrival, error)) < 0)
		return -1;
	Referat__Wire__Item *ack = rf_outbox_ack(
	    core, peer, item, seen ? REFERAT__WIRE__OUTCOME__DUPLICATE : REFERAT__WIRE__OUTCOME__ACCEPTED, NULL, NULL);
	ack->document = rf_strdup(found.id);
	ack->has_revision = true;
	ack->revision = found.revision;
	return 0;
}

static int read_arrival(struct rf_core *core, const Referat__Wire__Item *item, struct rf_cursor *cursor,
			struct rf_arrival *arrival, struct rf_error *error)
{
	struct rf_part part = {0};
	if (!item->source_key || !*item->source_key || strlen(item->source_key) > RF_MOST_KEY) {
		rf_error_set(error, "PUT names its source_key, of at most %d bytes", RF_MOST_KEY);
		return RF_REFUSED;
	}
	if (item->n_parts != 1) {
		rf_error_set(error, "PUT has one part, source");
		return RF_REFUSED;
	}
	int status = read_part(core, item->parts[0], cursor, &part, error);
	if (status != 0)
		return status;
	if (strcmp(part.name, "source") != 0) {
		rf_error_set(error, "PUT has one part, source");
		return RF_REFUSED;
	}
	const char *name = attribute_value(item, "name");
	*arrival = (struct rf_arrival){.source_key = item->source_key,
				       .name = name && strlen(name) <= RF_MOST_KEY ? name : item->source_key,
				       .type = part.type,
				       .digest = part.digest,
				       .size = part.size,
				       .data = part.data,
				       .blob = part.blob,
				       .quiet = item->quiet,
				       .due_us = item->due};
	return 0;
}

static int add_open(void *context, const struct rf_count *count)
{
	if (count->state == RF_TASK_READY || count->state == RF_TASK_DELAYED)
		*(uint64_t *)context += count->n;
	return 0;
}

/* What is left is kept for the answers of stages, which are always taken. Says when it comes and goes. */
void rf_intake_look_at_disk(struct rf_core *core)
{
	struct statvfs disk;
	bool is_short = statvfs(core->options.state, &disk) == 0 &&
			(uint64_t)disk.f_bavail * disk.f_frsize < core->options.least_free;
	if (is_short && !core->disk_short)
		rf_log(RF_LOG_ERROR, NULL,
		       "no new documents: less than %" PRIu64 " MiB are free on the disk of the state folder %s",
		       core->options.least_free >> 20, core->options.state);
	else if (!is_short && core->disk_short)
		rf_log(RF_LOG_INFO, NULL, "documents are taken again: there is room on the disk");
	core->disk_short = is_short;
}

int rf_intake_is_full(struct rf_core *core, uint64_t most_tasks, bool *full, struct rf_error *error)
{
	if (!core->open_counted) {
		core->open_tasks = 0;
		if (rf_store_each_count(core->options.store, add_open, &core->open_tasks, error) < 0)
			return -1;
		rf_intake_look_at_disk(core);
		core->open_counted = true;
	}
	*full = core->draining || core->disk_short || core->open_tasks >= most_tasks;
	return 0;
}

/* The stage that reads what the peer puts: of a source its own, of the command line the first; NULL: none. */
static struct rf_core_stage *reader_for(const struct rf_core *core, const struct rf_core_peer *peer)
{
	for (size_t i = 0; i < core->n_stages; i++)
		if (core->stages[i].definition->kind == RF_STAGE_INGEST &&
		    (!peer->stage || peer->stage == &core->stages[i]))
			return &core->stages[i];
	return NULL;
}

int rf_intake_put(struct rf_core *core, struct rf_core_peer *peer, const Referat__Wire__Item *item,
		  struct rf_cursor *cursor, struct rf_error *error)
{
	struct rf_arrival arrival;
	struct rf_error reason = {""};
	size_t first_frame = cursor->next;
	int status = read_arrival(core, item, cursor, &arrival, &reason);
	arrival.stage = reader_for(core, peer);
	if (status == 0 && !arrival.stage)
		status = rf_error_set(&reason, "only an ingest stage puts documents in");
	if (status != 0) {
		cursor->next = first_frame;
		rf_cursor_skip(cursor, item);
		rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__REFUSED, "put", reason.text);
		return 0;
	}
	bool full;
	if (rf_intake_is_full(core, core->options.most_tasks, &full, error) < 0)
		return -1;
	if (full) {
		Referat__Wire__Item *ack = rf_outbox_ack(core, peer, item, REFERAT__WIRE__OUTCOME__FULL, NULL, NULL);
		ack->has_due = true;
		ack->due = rf_timer_now(core) + RF_SECOND;
		return 0;
	}
	return accept(core, peer, item, &arrival, error);
}
