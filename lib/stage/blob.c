#include "stage/blob.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1024 * 1024, UNHEARD = 8 /* chunks that may be on their way */, ATTEMPTS = 3 };

/* What is sent: bytes in memory, or those of an open file. */
struct supply {
	const uint8_t *data; /* NULL: the file's */
	int fd;
	uint64_t size;
};

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

/* The next piece of what is sent, from memory or from a file. */
static int take_piece(const struct supply *supply, uint64_t offset, struct rf_frame *piece, struct rf_error *error)
{
	size_t size = supply->size - offset < CHUNK ? (size_t)(supply->size - offset) : CHUNK;
	if (supply->data) {
		*piece = rf_frame_copy(supply->data + offset, size);
		return 0;
	}
	rf_autofree char *bytes = rf_alloc(size);
	for (size_t done = 0; done < size;) {
		ssize_t n = pread(supply->fd, bytes + done, size - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rf_error_errno(error, "reading");
		if (n == 0)
			return rf_error_set(error, "the file has become shorter while it was read");
		done += (size_t)n;
	}
	*piece = rf_frame_adopt(rf_steal(bytes), size);
	return 0;
}

static int digest_of(const struct supply *supply, struct rf_digest *digest, struct rf_error *error)
{
	struct rf_digest_state *state = rf_digest_begin();
	int result = 0;
	for (uint64_t offset = 0; result == 0 && offset < supply->size; offset += CHUNK) {
		struct rf_frame piece;
		result = take_piece(supply, offset, &piece, error);
		if (result)
			break;
		rf_digest_add(state, piece.data, piece.size);
		rf_frame_deinit(&piece);
	}
	*digest = rf_digest_end(state);
	return result;
}

static int send_chunks(struct rf_worker *worker, uint64_t handle, const struct supply *supply, struct rf_error *error)
{
	for (uint64_t offset = 0; offset < supply->size; offset += CHUNK) {
		bool waits = offset / CHUNK % UNHEARD == UNHEARD - 1;
		struct rf_frame piece;
		if (take_piece(supply, offset, &piece, error))
			return -1;
		autoquestion struct rf_question question;
		make_question(&question, RF_VERB_BLOB_CHUNK, handle, offset, waits ? piece.size : 0);
		if (!waits)
			question.kind = RF_QUESTION_ONE_WAY;
		rf_message_add_frame(&question.message, piece);
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
static int write_blob(struct rf_worker *worker, const struct supply *supply, const char *name, struct rf_error *error)
{
	int result = RF_QUESTION_LOST;
	for (int attempt = 0; attempt < ATTEMPTS && result == RF_QUESTION_LOST; attempt++) {
		uint64_t handle = 0;
		result = begin(worker, supply->size, &handle, error);
		if (result == 0)
			result = send_chunks(worker, handle, supply, error);
		if (result == 0) {
			rf_fault_point("before-blob-end");
			result = end(worker, handle, supply->size, name, error);
		}
	}
	rf_fault_point("after-blob-end");
	return result ? -1 : 0;
}

static int add_blob(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type,
		    const struct supply *supply, struct rf_error *error)
{
	struct rf_digest digest;
	char blob[RF_DIGEST_TEXT_SIZE];
	int result = digest_of(supply, &digest, error);
	if (result == 0) {
		rf_digest_format(&digest, blob);
		result = write_blob(worker, supply, blob, error);
	}
	if (result)
		return rf_error_prefix(error, "part %s (%llu bytes)", name, (unsigned long long)supply->size);
	rf_message_add_blob(message, name, type, &digest, supply->size);
	return 0;
}

uint64_t rf_blob_threshold(const struct rf_worker *worker)
{
	uint64_t most = worker->welcome->has_max_part ? worker->welcome->max_part : RF_WIRE_MOST_PART;
	return most < RF_WIRE_MOST_PART ? most : RF_WIRE_MOST_PART;
}

int rf_blob_add_part(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type,
		     struct rf_frame bytes, struct rf_error *error)
{
	if (bytes.size <= rf_blob_threshold(worker)) {
		rf_message_add_part(message, name, type, bytes);
		return 0;
	}
	const struct supply supply = {.data = bytes.data, .fd = -1, .size = bytes.size};
	int result = add_blob(worker, message, name, type, &supply, error);
	rf_frame_deinit(&bytes);
	return result;
}

int rf_blob_add_file(struct rf_worker *worker, struct rf_message *message, const char *name, const char *type, int fd,
		     uint64_t size, struct rf_error *error)
{
	return add_blob(worker, message, name, type, &(struct supply){.fd = fd, .size = size}, error);
}

/* ---- reading --------------------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	return strlen(name) == RF_DIGEST_TEXT_SIZE - 1 && strspn(name, "0123456789abcdef") == RF_DIGEST_TEXT_SIZE - 1;
}

/* Into a file that nobody else sees, and that is gone with its descriptor. */
static int open_nameless(struct rf_error *error)
{
	const char *folder = getenv("TMPDIR");
	rf_autofree char *path = rf_format("%s/referat-XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return rf_error_errno(error, "%s", path);
	unlink(path);
	return fd;
}

static int write_piece(int fd, const struct rf_frame *piece, struct rf_error *error)
{
	for (size_t done = 0; done < piece->size;) {
		ssize_t n = write(fd, piece->data + done, piece->size - done);
		if (n < 0 && errno != EINTR)
			return rf_error_errno(error, "writing to a temporary file");
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int fetch_piece(struct rf_worker *worker, const Referat__Wire__Part *part, uint64_t offset, int fd,
		       uint64_t *fetched, struct rf_error *error)
{
	uint64_t left = part->size - offset;
	autoquestion struct rf_question question;
	make_question(&question, RF_VERB_BLOB_READ, 0, offset, left < CHUNK ? left : CHUNK)->name =
	    rf_strdup(part->blob);
	if (ask(worker, &question, error))
		return -1;
	const struct rf_message *answer = &question.answer;
	if (answer->n_frames != 1 || answer->frames[0].size == 0 || answer->frames[0].size > left)
		return rf_error_set(error, "the broker sent other bytes than it was asked for");
	*fetched = answer->frames[0].size;
	return write_piece(fd, &answer->frames[0], error);
}

static int fetch(struct rf_worker *worker, const Referat__Wire__Part *part, struct rf_blob *blob,
		 struct rf_error *error)
{
	blob->fd = open_nameless(error);
	if (blob->fd < 0)
		return -1;
	for (uint64_t offset = 0, fetched; offset < part->size; offset += fetched)
		if (fetch_piece(worker, part, offset, blob->fd, &fetched, error))
			return -1;
	blob->path = rf_format("/proc/%ld/fd/%d", (long)getpid(), blob->fd);
	return rf_mapping_open(blob->fd, part->size, &blob->bytes, error);
}

static int open_file(const char *folder, const Referat__Wire__Part *part, struct rf_blob *blob, struct rf_error *error)
{
	blob->path = rf_format("%s/%.2s/%s", folder, part->blob, part->blob);
	int fd;
	uint64_t size;
	if (rf_file_open(blob->path, &fd, &size, error))
		return -1;
	int result = size == part->size ? rf_mapping_open(fd, size, &blob->bytes, error)
					: rf_error_set(error, "the file %s has another size", blob->path);
	close(fd);
	return result;
}

static int check(const Referat__Wire__Part *part, const struct rf_blob *blob, struct rf_error *error)
{
	struct rf_digest digest = rf_digest_of(blob->bytes.data, blob->bytes.size);
	if (part->sha256.len != RF_DIGEST_SIZE || memcmp(part->sha256.data, digest.bytes, RF_DIGEST_SIZE) != 0)
		return rf_error_set(error, "the blob's SHA-256 does not fit its bytes");
	return 0;
}

int rf_blob_open(struct rf_worker *worker, const Referat__Wire__Part *part, struct rf_blob *blob,
		 struct rf_error *error)
{
	if (!is_name(part->blob) || part->size > RF_WIRE_MOST_BLOB)
		return rf_error_set(error, "part %s: not the name of a blob, or too large", part->name);
	struct rf_blob opened = {.fd = -1};
	const char *folder = worker->welcome->blobs;
	int result = folder ? open_file(folder, part, &opened, error) : fetch(worker, part, &opened, error);
	if (result == 0)
		result = check(part, &opened, error);
	if (result) {
		rf_blob_close(&opened);
		return rf_error_prefix(error, "part %s", part->name);
	}
	*blob = opened;
	return 0;
}

void rf_blob_close(struct rf_blob *blob)
{
	rf_mapping_close(&blob->bytes);
	if (blob->fd >= 0)
		close(blob->fd);
	free(blob->path);
}
