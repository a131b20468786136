#include "wire/message.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"
#include "document/unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_0_SIZE = 4 };

char *rf_attribute_own(const char *name, const char *stage)
{
	char *own = rf_format("%s.%s", name, stage);
	for (char *c = own; *c; c++)
		if (*c == '/')
			*c = '.';
	return own;
}

/* ---- frames ---------------------------------------------------------------------------------------------------- */

struct rf_frame rf_frame_adopt(void *data, size_t size)
{
	return (struct rf_frame){.data = data, .size = size, .release = free, .owner = data};
}

struct rf_frame rf_frame_copy(const void *data, size_t size)
{
	return rf_frame_adopt(rf_memdup(data, size), size);
}

void rf_frame_deinit(struct rf_frame *frame)
{
	if (frame->release)
		frame->release(frame->owner);
	*frame = (struct rf_frame){0};
}

static void frames_deinit(struct rf_frame *frames, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rf_frame_deinit(&frames[i]);
}

/* ---- messages -------------------------------------------------------------------------------------------------- */

void rf_message_deinit(struct rf_message *message)
{
	rf_unpack_free((ProtobufCMessage *)message->header);
	frames_deinit(message->frames, message->n_frames);
	free(message->frames);
	*message = (struct rf_message){0};
}

struct rf_message rf_message_make(enum rf_verb verb)
{
	struct rf_message message = {.verb = verb, .header = rf_alloc(sizeof *message.header)};
	referat__wire__header__init(message.header);
	return message;
}

Referat__Wire__Item *rf_message_add_item(struct rf_message *message)
{
	Referat__Wire__Item *item = rf_alloc(sizeof *item);
	referat__wire__item__init(item);
	RF_WIRE_ADD(message->header->items, message->header->n_items, item);
	return item;
}

void rf_message_add_frame(struct rf_message *message, struct rf_frame bytes)
{
	message->frames = rf_realloc_array(message->frames, message->n_frames + 1, sizeof bytes);
	message->frames[message->n_frames++] = bytes;
}

static Referat__Wire__Part *add_part(struct rf_message *message, const char *name, const char *type)
{
	Referat__Wire__Item *item = message->header->items[message->header->n_items - 1];
	Referat__Wire__Part *part = rf_alloc(sizeof *part);
	referat__wire__part__init(part);
	part->name = rf_strdup(name);
	part->type = rf_strdup(type);
	RF_WIRE_ADD(item->parts, item->n_parts, part);
	return part;
}

static void describe(Referat__Wire__Part *part, const struct rf_digest *digest, uint64_t size)
{
	part->has_size = part->has_sha256 = true;
	part->size = size;
	part->sha256 = (ProtobufCBinaryData){RF_DIGEST_SIZE, rf_memdup(digest->bytes, RF_DIGEST_SIZE)};
}

Referat__Wire__Part *rf_message_add_part(struct rf_message *message, const char *name, const char *type,
					 struct rf_frame bytes)
{
	rf_message_add_frame(message, bytes);
	return add_part(message, name, type);
}

Referat__Wire__Part *rf_message_add_blob(struct rf_message *message, const char *name, const char *type,
					 const struct rf_digest *digest, uint64_t size)
{
	char blob[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(digest, blob);
	Referat__Wire__Part *part = add_part(message, name, type);
	describe(part, digest, size);
	part->blob = rf_strdup(blob);
	return part;
}

void rf_message_remove_part(struct rf_message *message, const char *name)
{
	Referat__Wire__Item *item = message->header->items[0];
	size_t frame = 0;
	for (size_t i = 0; i < item->n_parts; i++) {
		Referat__Wire__Part *part = item->parts[i];
		bool blob = part->blob != NULL;
		if (strcmp(part->name, name) == 0) {
			rf_unpack_free(&part->base);
			memmove(&item->parts[i], &item->parts[i + 1], (--item->n_parts - i) * sizeof(void *));
			if (!blob) {
				rf_frame_deinit(&message->frames[frame]);
				memmove(&message->frames[frame], &message->frames[frame + 1],
					(--message->n_frames - frame) * sizeof *message->frames);
			}
			return;
		}
		frame += !blob;
	}
}

static Referat__Wire__Attribute *find_attribute(const Referat__Wire__Item *item, const char *name)
{
	for (size_t i = 0; i < item->n_attributes; i++)
		if (item->attributes[i]->name && strcmp(item->attributes[i]->name, name) == 0)
			return item->attributes[i];
	return NULL;
}

const char *rf_item_attribute(const Referat__Wire__Item *item, const char *name)
{
	const Referat__Wire__Attribute *attribute = find_attribute(item, name);
	return attribute ? attribute->value : NULL;
}

void rf_item_set_attribute(Referat__Wire__Item *item, const char *name, const char *value)
{
	Referat__Wire__Attribute *attribute = find_attribute(item, name);
	if (!attribute) {
		attribute = rf_alloc(sizeof *attribute);
		referat__wire__attribute__init(attribute);
		attribute->name = rf_strdup(name);
		RF_WIRE_ADD(item->attributes, item->n_attributes, attribute);
	}
	free(attribute->value);
	attribute->value = rf_strdup(value);
}

static const char *const verb_names[RF_VERB_LAST + 1] = {
    [RF_VERB_HELLO] = "HELLO",
    [RF_VERB_WELCOME] = "WELCOME",
    [RF_VERB_ERROR] = "ERROR",
    [RF_VERB_CREDIT] = "CREDIT",
    [RF_VERB_WORK] = "WORK",
    [RF_VERB_START] = "START",
    [RF_VERB_GO] = "GO",
    [RF_VERB_ALREADY] = "ALREADY",
    [RF_VERB_LOOKUP] = "LOOKUP",
    [RF_VERB_RESULT] = "RESULT",
    [RF_VERB_EXTEND] = "EXTEND",
    [RF_VERB_DONE] = "DONE",
    [RF_VERB_RETRY] = "RETRY",
    [RF_VERB_FAIL] = "FAIL",
    [RF_VERB_HOLD] = "HOLD",
    [RF_VERB_PUT] = "PUT",
    [RF_VERB_ACK] = "ACK",
    [RF_VERB_BLOB_BEGIN] = "BLOB_BEGIN",
    [RF_VERB_BLOB_CHUNK] = "BLOB_CHUNK",
    [RF_VERB_BLOB_END] = "BLOB_END",
    [RF_VERB_BLOB_READ] = "BLOB_READ",
    [RF_VERB_BLOB_DATA] = "BLOB_DATA",
    [RF_VERB_REVOKE] = "REVOKE",
    [RF_VERB_OBITUARY] = "OBITUARY",
    [RF_VERB_PING] = "PING",
    [RF_VERB_PONG] = "PONG",
    [RF_VERB_DRAIN] = "DRAIN",
    [RF_VERB_BYE] = "BYE",
    [RF_VERB_CONTROL] = "CONTROL",
    [RF_VERB_REPLY] = "REPLY",
};

const char *rf_verb_name(enum rf_verb verb)
{
	const char *name = (unsigned)verb <= RF_VERB_LAST ? verb_names[verb] : NULL;
	return name ? name : "?";
}

/* ---- decoding -------------------------------------------------------------------------------------------------- */

static int read_verb(const struct rf_frame *frame, enum rf_verb *verb, struct rf_error *error)
{
	if (frame->size != FRAME_0_SIZE || memcmp(frame->data, "RF", 2) != 0)
		return rf_error_set(error, "frame 0 is not one of this protocol");
	if (frame->data[2] != RF_WIRE_VERSION)
		return rf_error_set(error, "protocol version %u, expected %d", frame->data[2], RF_WIRE_VERSION);
	if (frame->data[3] == RF_VERB_NONE || frame->data[3] > RF_VERB_LAST)
		return rf_error_set(error, "no verb has number %u", frame->data[3]);
	*verb = (enum rf_verb)frame->data[3];
	return 0;
}

static Referat__Wire__Header *read_header(const struct rf_frame *frame, struct rf_error *error)
{
	ProtobufCMessage *header = NULL;
	if (frame->size > RF_WIRE_MOST_HEADER)
		rf_error_set(error, "the header has %zu bytes, more than %d", frame->size, RF_WIRE_MOST_HEADER);
	else
		rf_unpack(&referat__wire__header__descriptor, frame->data, frame->size, &header, error);
	return (Referat__Wire__Header *)header;
}

/* Whether digests are looked at: of what came they are checked, of what goes they were just made, or come from the
 * store, which checked them. */
enum trust { CHECK_DIGESTS, TRUST_DIGESTS };

static int check_part_frame(const Referat__Wire__Part *part, const struct rf_frame *frame, enum trust trust,
			    struct rf_error *error)
{
	if (frame->size > RF_WIRE_MOST_PART)
		return rf_error_set(error, "part '%s' has %zu bytes, more than %d", part->name, frame->size,
				    RF_WIRE_MOST_PART);
	if (part->has_size && part->size != frame->size)
		return rf_error_set(error, "part '%s' has %zu bytes, its header says %llu", part->name, frame->size,
				    (unsigned long long)part->size);
	if (!part->has_sha256 || trust == TRUST_DIGESTS)
		return 0;
	struct rf_digest digest = rf_digest_of(frame->data, frame->size);
	if (part->sha256.len != RF_DIGEST_SIZE || memcmp(part->sha256.data, digest.bytes, RF_DIGEST_SIZE) != 0)
		return rf_error_set(error, "the SHA-256 of part '%s' does not fit its bytes", part->name);
	return 0;
}

/* Walks the parts and their frames side by side. */
static int check_parts(const struct rf_message *message, enum trust trust, struct rf_error *error)
{
	size_t frame = 0;
	for (size_t i = 0; i < message->header->n_items; i++) {
		const Referat__Wire__Item *item = message->header->items[i];
		if (item->n_parts > RF_WIRE_MOST_PARTS)
			return rf_error_set(error, "an item has %zu parts, more than %d", item->n_parts,
					    RF_WIRE_MOST_PARTS);
		for (size_t j = 0; j < item->n_parts; j++) {
			const Referat__Wire__Part *part = item->parts[j];
			if (!part->name || !*part->name)
				return rf_error_set(error, "a part has no name");
			if (part->blob)
				continue;
			if (frame == message->n_frames)
				return rf_error_set(error, "the frame of part '%s' is missing", part->name);
			if (check_part_frame(part, &message->frames[frame++], trust, error))
				return -1;
		}
	}
	bool blob = message->verb == RF_VERB_BLOB_CHUNK || message->verb == RF_VERB_BLOB_DATA;
	if (blob && message->header->n_items == 0 && message->n_frames == 1)
		return 0;
	if (frame != message->n_frames)
		return rf_error_set(error, "%zu frames belong to no part", message->n_frames - frame);
	return 0;
}

static int check(const struct rf_message *message, enum trust trust, struct rf_error *error)
{
	if (message->header->n_items > RF_WIRE_MOST_ITEMS)
		return rf_error_set(error, "%zu items, more than %d", message->header->n_items, RF_WIRE_MOST_ITEMS);
	if (message->verb == RF_VERB_BLOB_CHUNK && message->n_frames != 1)
		return rf_error_set(error, "BLOB_CHUNK without its bytes");
	return check_parts(message, trust, error);
}

static int check_frames(const struct rf_frame *frames, size_t n_frames, struct rf_error *error)
{
	if (n_frames < 2)
		return rf_error_set(error, "%zu frames, at least 2 make a message", n_frames);
	if (n_frames > RF_WIRE_MOST_FRAMES)
		return rf_error_set(error, "%zu frames, more than %d", n_frames, RF_WIRE_MOST_FRAMES);
	for (size_t i = 0; i < n_frames; i++)
		if (frames[i].size > RF_WIRE_MOST_FRAME)
			return rf_error_set(error, "frame %zu has %zu bytes, more than %d", i, frames[i].size,
					    RF_WIRE_MOST_FRAME);
	return 0;
}

int rf_message_decode(struct rf_frame *frames, size_t n_frames, struct rf_message *message, struct rf_error *error)
{
	struct rf_message decoded = {0};
	if (check_frames(frames, n_frames, error) || read_verb(&frames[0], &decoded.verb, error) ||
	    !(decoded.header = read_header(&frames[1], error))) {
		frames_deinit(frames, n_frames);
		return -1;
	}
	frames_deinit(frames, 2);
	decoded.n_frames = n_frames - 2;
	if (decoded.n_frames) {
		decoded.frames = rf_realloc_array(NULL, decoded.n_frames, sizeof *frames);
		memcpy(decoded.frames, frames + 2, decoded.n_frames * sizeof *frames);
		memset(frames + 2, 0, decoded.n_frames * sizeof *frames);
	}
	if (check(&decoded, CHECK_DIGESTS, error)) {
		rf_error_prefix(error, "%s", rf_verb_name(decoded.verb));
		rf_message_deinit(&decoded);
		return -1;
	}
	*message = decoded;
	return 0;
}

/* ---- encoding -------------------------------------------------------------------------------------------------- */

static void describe_part(Referat__Wire__Part *part, const struct rf_frame *frame)
{
	part->has_size = true;
	part->size = frame->size;
	if (part->has_sha256)
		return;
	struct rf_digest digest = rf_digest_of(frame->data, frame->size);
	describe(part, &digest, frame->size);
}

static void describe_parts(struct rf_message *message)
{
	size_t frame = 0;
	for (size_t i = 0; i < message->header->n_items; i++) {
		Referat__Wire__Item *item = message->header->items[i];
		for (size_t j = 0; j < item->n_parts && frame < message->n_frames; j++)
			if (!item->parts[j]->blob)
				describe_part(item->parts[j], &message->frames[frame++]);
	}
}

int rf_message_encode(struct rf_message *message, struct rf_frame head[2], struct rf_error *error)
{
	if (!message->header)
		message->header = rf_message_make(message->verb).header;
	describe_parts(message);
	if (check(message, TRUST_DIGESTS, error))
		return rf_error_prefix(error, "%s can't be sent", rf_verb_name(message->verb));
	uint8_t *header;
	size_t size = rf_pack((const ProtobufCMessage *)message->header, &header);
	if (size > RF_WIRE_MOST_HEADER) {
		free(header);
		return rf_error_set(error, "%s can't be sent: its header has %zu bytes, more than %d",
				    rf_verb_name(message->verb), size, RF_WIRE_MOST_HEADER);
	}
	const uint8_t frame_0[FRAME_0_SIZE] = {'R', 'F', RF_WIRE_VERSION, (uint8_t)message->verb};
	head[0] = rf_frame_copy(frame_0, sizeof frame_0);
	head[1] = rf_frame_adopt(header, size);
	return 0;
}
