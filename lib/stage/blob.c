#include "stage/blob.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"
#include "document/unpack.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024 * 1024, UNHEARD = 8 /* chunks that may be on their way */, ATTEMPTS = 3 };

static Referat__Wire__Blob *make_question(struct rf_question *question, enum rf_verb verb, uint64_t handle,
					  uint64_t offset, uint64_t size)
{
	Referat__Wire__Blob *blob = rf_alloc(sizeof *blob);
	referat__wire__blob__init(blob);
	blob->has_handle = blob->has_offset = blob->has_size = true;
	blob->handle = handle;
	blob->offset = offset;
	blob->size = size;
	*question = (struct rf_question){.kind = RF_QUESTION_BLOB, .message = rf_message_make(verb)};
	question->message.header->blob = blob;
	return blob;
}

static void question_deinit(struct rf_question *question)
{
	rf_message_deinit(&question->message);
	rf_message_deinit(&question->answer);
}
#define autoquestion __attribute__((cleanup(question_deinit)))

/* Returns 0; RF_QUESTION_LOST; < 0 when the broker can't. */
static int ask(struct rf_worker *worker, struct rf_question *question, struct rf_error *error)
{
	if (rf_handover_ask(worker->handover, question)) {
		rf_error_set(error, "the broker refused the blob, or the connection was lost");
		return RF_QUESTION_LOST;
	}
	if (question->kind == RF_QUESTION_ONE_WAY)
		return 0;
	if (!question->answer.header->blob)
		return rf_error_set(error, "the broker's answer says nothing of the blob");
	return 0;
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

static int begin(struct rf_worker *worker, uint64_t size, uint64_t *handle, struct rf_error *error)
{
	autoquestion struct rf_question question;
	make_question(&question, RF_VERB_BLOB_BEGIN, 0, 0, size);
	int result = ask(worker, &question, error);
	if (result == 0)
		*handle = question.answer.header->blob->handle;
	return result;
}

static int send_chunks(struct rf_worker *worker, uint64_t handle, const struct rf_frame *bytes, struct rf_error *error)
{
	for (size_t offset = 0; offset < bytes->size; offset += CHUNK) {
		size_t size = bytes->size - offset < CHUNK ? bytes->size - offset : CHUNK;
		bool waits = offset / CHUNK % UNHEARD == UNHEARD - 1;
		autoquestion struct rf_question question;
		make_question(&question, RF_VERB_BLOB_CHUNK, handle, offset, waits ? size : 0);
		if (!waits)
			question.kind = RF_QUESTION_ONE_WAY;
		rf_message_add_frame(&question.message, rf_frame_copy(bytes->data + offset, size));
		int result = ask(worker, &question, error);
		if (result)
			return result;
	}
	return 0;
}

static int end(struct rf_worker *worker, uint64_t handle, uint64_t size, const char *name, struct rf_error *error)
{
	autoquestion struct rf_question question;
	make_question(&question, RF_VERB_BLOB_END, handle, 0, size)->name = rf_strdup(name);
	int result = ask(worker, &question, error);
	if (result)
		return result;
	const char *written = question.answer.header->blob->name;
	if (!written || strcmp(written, name) != 0)
		return rf_error_set(error, "the broker wrote other bytes than it was sent");
	return 0;
}

/* A connection that is lost takes the half-written blob with it: from the beginning, a few times. */
static int write_blob(struct rf_worker *worker, const struct rf_frame *bytes, const char *name, struct rf_error *error)
{
	int result = RF_QUESTION_LOST;
	for (int attempt = 0; attempt < ATTEMPTS && result == RF_QUESTION_LOST; attempt++) {
		uint64_t handle = 0;
		result = begin(worker, bytes->size, &handle, error);
		if (result == 0)
			result = send_chunks(worker, handle, bytes, error);
		if (result == 0) {
			rf_fault_point("before-blob-end");
			result = end(worker, handle, bytes->size, name, error);
		}
	}
	rf_fault_point("after-blob-end");
	return result ? -1 : 0;
}

int rf_blob_add_part(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type,
		     struct rf_frame bytes, struct rf_error *error)
{
	uint64_t most = worker->welcome->has_max_part ? worker->welcome->max_part : RF_WIRE_MOST_PART;
	if (bytes.size <= most && bytes.size <= RF_WIRE_MOST_PART) {
		rf_message_add_part(message, name, type, bytes);
		return 0;
	}
	struct rf_digest digest = rf_digest_of(bytes.data, bytes.size);
	char blob[RF_DIGEST_TEXT_SIZE];
	rf_digest_format(&digest, blob);
	int result = write_blob(worker, &bytes, blob, error);
	if (result == 0)
		rf_message_add_blob(message, name, type, &digest, bytes.size);
	else
		rf_error_prefix(error, "part %s (%zu bytes)", name, bytes.size);
	rf_frame_deinit(&bytes);
	return result;
}

/* ---- reading --------------------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	return strlen(name) == RF_DIGEST_TEXT_SIZE - 1 && strspn(name, "0123456789abcdef") == RF_DIGEST_TEXT_SIZE - 1;
}

static int read_file(const char *folder, const Referat__Wire__Part *part, uint8_t **data, struct rf_error *error)
{
	rf_autofree char *path = rf_format("%s/%.2s/%s", folder, part->blob, part->blob);
	char *bytes;
	size_t size;
	int result = rf_file_read(path, part->size, &bytes, &size, error);
	if (result < 0)
		return -1;
	if (result == 0 && size == part->size) {
		*data = (uint8_t *)bytes;
		return 0;
	}
	if (result == 0)
		free(bytes);
	return rf_error_set(error, "the file %s is missing, or has another size", path);
}

static int read_through_broker(struct rf_worker *worker, const Referat__Wire__Part *part, uint8_t **data,
			       struct rf_error *error)
{
	rf_autofree uint8_t *bytes = rf_alloc(part->size + 1);
	for (uint64_t offset = 0; offset < part->size;) {
		uint64_t left = part->size - offset;
		autoquestion struct rf_question question;
		make_question(&question, RF_VERB_BLOB_READ, 0, offset, left < CHUNK ? left : CHUNK)->name =
		    rf_strdup(part->blob);
		if (ask(worker, &question, error))
			return -1;
		const struct rf_message *answer = &question.answer;
		if (answer->n_frames != 1 || answer->frames[0].size == 0 || answer->frames[0].size > left)
			return rf_error_set(error, "the broker sent other bytes than it was asked for");
		memcpy(bytes + offset, answer->frames[0].data, answer->frames[0].size);
		offset += answer->frames[0].size;
	}
	*data = rf_steal(bytes);
	return 0;
}

int rf_blob_read(struct rf_worker *worker, const Referat__Wire__Part *part, uint8_t **data, struct rf_error *error)
{
	if (!is_name(part->blob) || part->size > RF_UNPACK_MOST)
		return rf_error_set(error, "part %s: not the name of a blob, or too large", part->name);
	const char *folder = worker->welcome->blobs;
	uint8_t *bytes;
	int result = folder ? read_file(folder, part, &bytes, error) : read_through_broker(worker, part, &bytes, error);
	if (result)
		return rf_error_prefix(error, "part %s", part->name);
	struct rf_digest digest = rf_digest_of(bytes, part->size);
	if (part->sha256.len != RF_DIGEST_SIZE || memcmp(part->sha256.data, digest.bytes, RF_DIGEST_SIZE) != 0) {
		free(bytes);
		return rf_error_set(error, "part %s: the blob's SHA-256 does not fit its bytes", part->name);
	}
	*data = bytes;
	return 0;
}
