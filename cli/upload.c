#include "cli/upload.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

/* ---- large ones, in pieces -----------------------------------------------------------------------------------------
 */

/* Asks with a blob verb; the frame (NULL: none) goes with it. *answer: the caller's. */
static int ask_blob(struct rf_client *client, enum rf_verb verb, const Referat__Wire__Blob *said,
		    const struct rf_frame *frame, struct rf_message *answer, struct rf_error *error)
{
	struct rf_message question = rf_message_make(verb);
	Referat__Wire__Blob *blob = rf_alloc(sizeof *blob);
	referat__wire__blob__init(blob);
	*blob = *said;
	blob->name = rf_strdup(said->name);
	blob->has_handle = blob->has_offset = blob->has_size = true;
	question.header->blob = blob;
	if (frame)
		rf_message_add_frame(&question, *frame);
	if (rf_client_exchange(client, &question, RF_VERB_BLOB_DATA, answer, error))
		return -1;
	if (answer->header->blob)
		return 0;
	rf_message_deinit(answer);
	return rf_error_set(error, "the broker's answer says nothing of the blob");
}

static int send_piece(struct rf_client *client, uint64_t handle, const struct rf_frame *bytes, size_t offset,
		      struct rf_error *error)
{
	size_t left = bytes->size - offset, size = left < RF_WIRE_MOST_PART ? left : RF_WIRE_MOST_PART;
	Referat__Wire__Blob said = REFERAT__WIRE__BLOB__INIT;
	said.handle = handle;
	said.offset = offset;
	said.size = size; /* asks for a word when it is written */
	struct rf_frame piece = rf_frame_copy(bytes->data + offset, size);
	struct rf_message answer;
	int result = ask_blob(client, RF_VERB_BLOB_CHUNK, &said, &piece, &answer, error);
	if (result == 0)
		rf_message_deinit(&answer);
	return result;
}

static int send_blob(struct rf_client *client, const struct rf_frame *bytes, char *name, struct rf_error *error)
{
	struct rf_message answer;
	Referat__Wire__Blob said = REFERAT__WIRE__BLOB__INIT;
	said.size = bytes->size;
	if (ask_blob(client, RF_VERB_BLOB_BEGIN, &said, NULL, &answer, error) < 0)
		return -1;
	said.handle = answer.header->blob->handle;
	rf_message_deinit(&answer);
	for (size_t offset = 0; offset < bytes->size; offset += RF_WIRE_MOST_PART)
		if (send_piece(client, said.handle, bytes, offset, error) < 0)
			return -1;
	said.name = name;
	if (ask_blob(client, RF_VERB_BLOB_END, &said, NULL, &answer, error) < 0)
		return -1;
	bool same = answer.header->blob->name && strcmp(answer.header->blob->name, name) == 0;
	rf_message_deinit(&answer);
	return same ? 0 : rf_error_set(error, "the broker wrote other bytes than it was sent");
}

/* ---- PUT -----------------------------------------------------------------------------------------------------------
 */

/* The bytes become the part of the message, or a blob that it names. */
static int add_source(struct rf_client *client, struct rf_message *put, const char *type, struct rf_frame *bytes,
		      struct rf_error *error)
{
	if (bytes->size <= RF_WIRE_MOST_PART) {
		rf_message_add_part(put, "source", type, *bytes);
		return 0;
	}
	char name[RF_DIGEST_TEXT_SIZE];
	struct rf_digest digest = rf_digest_of(bytes->data, bytes->size);
	rf_digest_format(&digest, name);
	int result = send_blob(client, bytes, name, error);
	if (result == 0)
		rf_message_add_blob(put, "source", type, &digest, bytes->size);
	rf_frame_deinit(bytes);
	return result;
}

static void fill(Referat__Wire__Item *item, const struct rf_upload *upload)
{
	item->source_key = rf_strdup(upload->source_key);
	item->has_ref = item->has_quiet = true;
	item->ref = 1;
	item->quiet = upload->quiet;
	item->has_due = upload->due_us != 0;
	item->due = upload->due_us;
	Referat__Wire__Attribute *name = rf_alloc(sizeof *name);
	referat__wire__attribute__init(name);
	name->name = rf_strdup("name");
	name->value = rf_strdup(upload->name);
	RF_WIRE_ADD(item->attributes, item->n_attributes, name);
}

static void read_answer(const Referat__Wire__Item *item, struct rf_upload_answer *answer)
{
	*answer = (struct rf_upload_answer){.outcome = RF_UPLOAD_REFUSED, .revision = item->revision};
	if (item->outcome == REFERAT__WIRE__OUTCOME__ACCEPTED)
		answer->outcome = RF_UPLOAD_ACCEPTED;
	else if (item->outcome == REFERAT__WIRE__OUTCOME__DUPLICATE)
		answer->outcome = RF_UPLOAD_DUPLICATE;
	else if (item->outcome == REFERAT__WIRE__OUTCOME__FULL)
		answer->outcome = RF_UPLOAD_FULL;
	snprintf(answer->document, sizeof answer->document, "%s", item->document ? item->document : "");
	snprintf(answer->reason, sizeof answer->reason, "%s",
		 item->reason && item->reason->text ? item->reason->text : "");
}

int rf_upload(struct rf_client *client, const struct rf_upload *upload, struct rf_frame *bytes,
	      struct rf_upload_answer *answer, struct rf_error *error)
{
	struct rf_message put = rf_message_make(RF_VERB_PUT), ack;
	fill(rf_message_add_item(&put), upload);
	if (add_source(client, &put, upload->type, bytes, error) < 0) {
		rf_message_deinit(&put);
		return -1;
	}
	if (rf_client_exchange(client, &put, RF_VERB_ACK, &ack, error))
		return -1;
	if (ack.header->n_items == 1)
		read_answer(ack.header->items[0], answer);
	else
		rf_error_set(error, "the broker's answer is about something else");
	int result = ack.header->n_items == 1 ? 0 : -1;
	rf_message_deinit(&ack);
	return result;
}
