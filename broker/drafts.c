/* What stages make of a document anew, for `referat publish --dry-run --from` and `referat replay --dry-run`.
 *
 * The document goes the way that a replay would send it, up to the stages that publish: as looks, so that no task runs,
 * nothing is stored and nothing is done outside. What the stages answer is kept here in memory, takes the place of what
 * is stored in the work for those behind them, and is forgotten with the answer. (A part that is too large for a
 * message lies among the blobs until the sweep finds that nothing names it.) */
#include "base/error.h"
#include "base/shared.h"
#include "base/text.h"
#include "broker/answers.h"
#include "broker/looks.h"
#include "plugin/part_json.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 128 * 1024 };

typedef struct json_object json;

enum leg { ELSEWHERE, WAITS, RAN, PASSED_BY };

struct rf_draft {
	unsigned n_holders;
	size_t from;                   /* index of the stage that it begins with */
	bool targets[RF_MOST_STAGES];  /* by index of the stage: it publishes what runs again */
	enum leg legs[RF_MOST_STAGES]; /* likewise: those that work on it */
	struct rf_message made;        /* one item: the parts and attributes so far, the newest of each name */
	char *held_at, *held_for;      /* NULL: nowhere yet */
};

struct rf_draft *rf_draft_new(const struct rf_core *core, const struct rf_core_stage *from)
{
	struct rf_draft *draft = rf_alloc(sizeof *draft);
	bool behind[RF_MOST_STAGES];
	*draft = (struct rf_draft){.n_holders = 1, .from = from->index, .made = rf_message_make(RF_VERB_DONE)};
	rf_message_add_item(&draft->made);
	rf_routes_behind(core, from, behind);
	for (size_t i = 0; i < core->n_stages; i++) {
		enum rf_stage_kind kind = core->stages[i].definition->kind;
		draft->targets[i] = behind[i] && kind == RF_STAGE_PUBLISH;
		if (i == draft->from || (behind[i] && kind < RF_STAGE_PUBLISH))
			draft->legs[i] = WAITS;
	}
	return draft;
}

struct rf_draft *rf_draft_hold(struct rf_draft *draft)
{
	draft->n_holders++;
	return draft;
}

void rf_draft_drop(struct rf_draft *draft)
{
	if (!draft || --draft->n_holders > 0)
		return;
	rf_message_deinit(&draft->made);
	free(draft->held_at);
	free(draft->held_for);
	free(draft);
}

static const Referat__Wire__Item *item_of(const struct rf_draft *draft)
{
	return draft->made.header->items[0];
}

/* ---- the way -------------------------------------------------------------------------------------------------------
 */

/* Whether a stage before it has worked on the draft; *waits: another one has still to. */
static bool is_led_to(const struct rf_draft *draft, const struct rf_stage *stage, bool *waits)
{
	bool led = false;
	*waits = false;
	for (size_t i = 0; i < stage->n_from; i++) {
		led |= draft->legs[stage->from[i]] == RAN;
		*waits |= draft->legs[stage->from[i]] == WAITS;
	}
	return led;
}

int rf_draft_next(struct rf_core *core, struct rf_draft *draft, const char *document, uint32_t revision,
		  struct rf_core_stage **next, struct rf_error *error)
{
	*next = NULL;
	for (size_t i = 0; i < core->n_stages; i++) {
		struct rf_core_stage *stage = &core->stages[i];
		bool waits, comes;
		if (draft->legs[i] != WAITS)
			continue;
		bool led = is_led_to(draft, stage->definition, &waits) || i == draft->from;
		if (waits)
			continue;
		if (rf_routes_admit(core, document, revision, item_of(draft), stage, &comes, error) < 0)
			return -1;
		if (led && comes) {
			*next = stage;
			return 0;
		}
		draft->legs[i] = PASSED_BY;
		return rf_draft_next(core, draft, document, revision, next, error);
	}
	return 0;
}

bool rf_draft_concerns(const struct rf_draft *draft, const struct rf_core_stage *stage)
{
	return draft->targets[stage->index];
}

int rf_draft_reaches(struct rf_core *core, const struct rf_draft *draft, const char *document, uint32_t revision,
		     const struct rf_core_stage *stage, bool *reaches, struct rf_error *error)
{
	bool waits;
	if (rf_routes_admit(core, document, revision, item_of(draft), stage, reaches, error) < 0)
		return -1;
	*reaches = *reaches && is_led_to(draft, stage->definition, &waits);
	return 0;
}

/* ---- what is made --------------------------------------------------------------------------------------------------
 */

static struct rf_frame share(struct rf_shared *bytes)
{
	return (struct rf_frame){
	    .data = bytes->data, .size = bytes->size, .release = rf_shared_drop, .owner = rf_shared_hold(bytes)};
}

static void keep_part(struct rf_draft *draft, const struct rf_part *part)
{
	rf_message_remove_part(&draft->made, part->name);
	if (part->blob) {
		rf_message_add_blob(&draft->made, part->name, part->type, &part->digest, part->size);
		return;
	}
	struct rf_shared *bytes = rf_shared_copy(part->data, part->size);
	rf_message_add_part(&draft->made, part->name, part->type, share(bytes));
	rf_shared_drop(bytes);
}

int rf_draft_take(struct rf_core *core, struct rf_draft *draft, const struct rf_core_stage *stage, enum rf_verb verb,
		  const Referat__Wire__Item *item, struct rf_cursor *cursor, struct rf_error *error)
{
	struct rf_part parts[RF_WIRE_MOST_PARTS];
	int status = rf_parts_read(core, item, cursor, parts, error);
	if (status == 0)
		status = rf_attributes_check(item, error);
	if (status != 0)
		return status;
	for (size_t i = 0; i < item->n_parts; i++)
		keep_part(draft, &parts[i]);
	for (size_t i = 0; i < item->n_attributes; i++)
		rf_item_set_attribute(draft->made.header->items[0], item->attributes[i]->name,
				      item->attributes[i]->value);
	if (verb == RF_VERB_HOLD && !draft->held_at) {
		draft->held_at = rf_strdup(stage->definition->name);
		draft->held_for = rf_strdup(item->reason && item->reason->text ? item->reason->text : "");
	}
	draft->legs[stage->index] = RAN;
	return 0;
}

bool rf_draft_is_held(const struct rf_draft *draft, const char **stage, const char **reason)
{
	*stage = draft->held_at;
	*reason = draft->held_for;
	return draft->held_at;
}

void rf_draft_fill(const struct rf_draft *draft, const struct rf_core_peer *peer, struct rf_message *work)
{
	const Referat__Wire__Item *made = item_of(draft);
	for (size_t i = 0, frame = 0; i < made->n_parts; i++) {
		const Referat__Wire__Part *part = made->parts[i];
		const struct rf_frame *bytes = part->blob ? NULL : &draft->made.frames[frame++];
		struct rf_digest digest;
		if (!rf_peer_needs(peer, part->name))
			continue;
		rf_message_remove_part(work, part->name);
		if (bytes) {
			rf_message_add_part(work, part->name, part->type, share(bytes->owner));
			continue;
		}
		memcpy(digest.bytes, part->sha256.data, RF_DIGEST_SIZE);
		rf_message_add_blob(work, part->name, part->type, &digest, part->size);
	}
	for (size_t i = 0; i < made->n_attributes; i++)
		rf_item_set_attribute(work->header->items[0], made->attributes[i]->name, made->attributes[i]->value);
}

/* ---- how it differs ------------------------------------------------------------------------------------------------
 */

/* What people can read of it, masked; NULL: nothing. The caller frees. */
static char *read_text(const char *type, struct referat_bytes bytes)
{
	json *content = rf_part_to_json(type, bytes), *member;
	char *text = NULL;
	if (json_object_object_get_ex(content, "text", &member))
		text = rf_mask(json_object_get_string(member));
	else if (json_object_object_get_ex(content, "json", &member))
		text = rf_mask(
		    json_object_to_json_string_ext(member, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(content);
	return text;
}

static void add_text(struct rf_inquiry *inquiry, json *entry, const char *name, const char *type,
		     struct referat_bytes bytes)
{
	rf_autofree char *text = bytes.data && bytes.size <= MOST_TEXT ? read_text(type, bytes) : NULL;
	json *value = text ? json_object_new_string(text) : NULL;
	if (value && rf_inquiry_has_room(inquiry, strlen(json_object_to_json_string(value))))
		json_object_object_add(entry, name, value);
	else
		json_object_put(value);
}

/* bytes: NULL: they lie in a blob. */
static bool is_same(const struct rf_part *stored, const Referat__Wire__Part *part, const struct rf_frame *bytes)
{
	if (bytes)
		return stored->data && stored->size == bytes->size &&
		       (bytes->size == 0 || memcmp(stored->data, bytes->data, bytes->size) == 0);
	return stored->blob && part->blob && strcmp(stored->blob, part->blob) == 0;
}

static bool goes_out(const char *part)
{
	return strcmp(part, "card") == 0 || rf_text_starts(part, "rendition/");
}

int rf_draft_compare(struct rf_core *core, const struct rf_draft *draft, struct rf_inquiry *inquiry,
		     const char *document, uint32_t revision, json *list, struct rf_error *error)
{
	const Referat__Wire__Item *made = item_of(draft);
	for (size_t i = 0, frame = 0; i < made->n_parts; i++) {
		const Referat__Wire__Part *part = made->parts[i];
		const struct rf_frame *bytes = part->blob ? NULL : &draft->made.frames[frame++];
		struct rf_part stored = {0};
		if (!goes_out(part->name))
			continue;
		int status = rf_store_get_part(core->options.store, document, revision, part->name, &stored, error);
		if (status < 0)
			return -1;
		if (status == 0 && is_same(&stored, part, bytes))
			continue;
		json *entry = rf_json_append(list);
		rf_json_text(entry, "document", document);
		rf_json_text(entry, "name", part->name);
		add_text(inquiry, entry, "before", stored.type, (struct referat_bytes){stored.data, stored.size});
		if (bytes)
			add_text(inquiry, entry, "after", part->type, (struct referat_bytes){bytes->data, bytes->size});
	}
	return 0;
}
